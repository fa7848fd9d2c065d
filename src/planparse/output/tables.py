"""Plans as tables for research: Parquet, CSV, one Excel workbook, one DuckDB file, or a DuckDB connection.

What the tables and columns are stands in docs/data-dictionary.md (tables_shape.py, tables_words.py). CSV needs nothing
but Python; the others need the packages of `planparse[tables]`.
"""

import csv
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planparse.errors import MissingTool, UnreadableOutput, WrongUsage
from planparse.models import Plan
from planparse.output.stored import named_plans, stored_plans
from planparse.output.tables_columns import Cell, Shape
from planparse.output.tables_rows import Row, plan_to_rows
from planparse.output.tables_shape import table_shapes
from planparse.places import Place, Url, to_place

if TYPE_CHECKING:
    import duckdb

Rows = Iterable[tuple[str, Row]]
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A cell that begins so is a formula to a spreadsheet (OWASP, CSV injection; the full-width forms in CJK locales)."""
OBJECT_SIZE = 1 << 24


def tables(folder: str | os.PathLike[str], *, duplicates: bool = False) -> "duckdb.DuckDBPyConnection":
    """A DuckDB connection, in memory, over the plans whose JSON stands in `folder` and below it, here or in a store.

    The tables are those of docs/data-dictionary.md: `con.sql("from indicators")` gives a relation, and its `.df()`,
    `.pl()`, `.arrow()` or `.fetchall()` what the reader works with. Passages printed twice count once unless
    `duplicates`. Raises BadPlanFile where there is no plan, MissingTool without DuckDB.
    """
    connection: duckdb.DuckDBPyConnection = _duckdb().connect(config=_OFFLINE)
    _fill(connection, folder_to_rows(folder, duplicates=duplicates))
    return connection


def export_tables(
    folder: str | os.PathLike[str], out: str | os.PathLike[str], *, to: str, duplicates: bool = False
) -> list[Path]:
    """Write the plans in `folder` as tables into `out`; gives the paths.

    `to` is one or more of `parquet`, `csv` (a file a table), `xlsx` (plans.xlsx, a sheet a table), `duckdb`
    (plans.duckdb), parted by commas. Raises WrongUsage for another word, BadPlanFile where there is no plan,
    UnreadableOutput where `out` cannot be written, MissingTool without the packages of `planparse[tables]`.
    """
    kinds = list(dict.fromkeys(k.strip() for k in to.split(",") if k.strip()))
    unknown = [k for k in kinds if k not in _WRITERS]
    if unknown or not kinds:
        raise WrongUsage(f"--to takes {', '.join(_WRITERS)}, parted by commas, not {to!r}")
    place = to_place(folder)
    named_plans(folder)  # said before anything is written
    written: list[Path] = []
    for kind in kinds:
        with _staged(Path(out), written) as stage:
            _WRITERS[kind](folder_to_rows(folder, duplicates=duplicates), stage, place, Path(out))
    return written


def folder_to_rows(folder: str | os.PathLike[str], *, duplicates: bool = False) -> Iterator[tuple[str, Row]]:
    """The rows of all plans of a folder, plan by plan; no more than one plan is held at a time."""
    for name, plan in stored_plans(folder):
        yield from plan_to_rows(plan, name, duplicates=duplicates)


def plans_to_rows(plans: Mapping[str, Plan], *, duplicates: bool = False) -> Iterator[tuple[str, Row]]:
    """The rows of plans at hand; the keys are what `plans.file` says."""
    for name, plan in plans.items():
        yield from plan_to_rows(plan, name, duplicates=duplicates)


def write_csv(rows: Rows, folder: Path) -> None:
    """A CSV file a table: UTF-8 with a byte order mark, CRLF, a list's items joined by `; `.

    A text that a spreadsheet would take for a formula gets an apostrophe before it. The same rows give the same bytes.
    """
    with ExitStack() as stack:
        writers = {}
        for name, shape in table_shapes().items():
            file = stack.enter_context((folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline=""))
            writers[name] = csv.writer(file)
            writers[name].writerow(shape.names)
        for name, row in rows:
            writers[name].writerow([_csv_cell(value) for value in row.values()])


def cell_to_text(value: Cell) -> str | int | float | None:
    """A cell of a sheet: lists joined by `; `, truth as true and false, whole numbers without a point."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def _csv_cell(value: Cell) -> str | int | float | None:
    text = cell_to_text(value)
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA) else text


_OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def _duckdb() -> Any:
    try:
        import duckdb
    except ImportError:
        raise MissingTool("Parquet and DuckDB need the package duckdb: pip install 'planparse[tables]'") from None
    return duckdb


def _fill(connection: Any, rows: Rows) -> None:
    """Create the tables, with their words as comments, and put the rows in; then the views over them."""
    tables = [shape for shape in table_shapes().values() if shape.view is None]
    with tempfile.TemporaryDirectory(prefix="planparse-") as folder, ExitStack() as stack:
        files = {
            shape.name: stack.enter_context(Path(folder, f"{shape.name}.ndjson").open("w", encoding="ascii"))
            for shape in tables
        }
        longest = OBJECT_SIZE
        for name, row in ((n, r) for n, r in rows if n in files):
            said = json.dumps(row)
            longest = max(longest, 2 * len(said))
            files[name].write(said + "\n")
        connection.execute("BEGIN")
        for shape in tables:
            name = shape.name
            files[name].close()
            _create(connection, shape)
            columns = ", ".join(f"{c.name}: '{c.type}'" for c in shape.columns)
            connection.execute(
                f"INSERT INTO {name} SELECT * FROM read_json({_quoted(files[name].name)}, format='newline_delimited', "
                f"columns={{{columns}}}, maximum_object_size={longest})"
            )
        for shape in (s for s in table_shapes().values() if s.view is not None):
            _create(connection, shape)
        connection.execute("COMMIT")


def _create(connection: Any, shape: Shape) -> None:
    kind = "TABLE" if shape.view is None else "VIEW"
    columns = ", ".join(f"{c.name} {c.type}" for c in shape.columns)
    connection.execute(f"CREATE {kind} {shape.name} " + (f"({columns})" if shape.view is None else f"AS {shape.view}"))
    connection.execute(f"COMMENT ON {kind} {shape.name} IS {_quoted(shape.about)}")
    for column in shape.columns:
        connection.execute(f"COMMENT ON COLUMN {shape.name}.{column.name} IS {_quoted(column.about)}")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _write_csv(rows: Rows, stage: Path, folder: Place, out: Path) -> None:
    write_csv(rows, stage)


def _write_duckdb(rows: Rows, stage: Path, folder: Place, out: Path) -> None:
    with _duckdb().connect(str(stage / "plans.duckdb"), config=_OFFLINE) as connection:
        _fill(connection, rows)


def _write_parquet(rows: Rows, stage: Path, folder: Place, out: Path) -> None:
    with _duckdb().connect(config=_OFFLINE) as connection:
        _fill(connection, rows)
        for name in table_shapes():
            connection.execute(f"COPY {name} TO {_quoted(str(stage / f'{name}.parquet'))} (FORMAT parquet, COMPRESSION zstd)")


def _write_xlsx(rows: Rows, stage: Path, folder: Place, out: Path) -> None:
    from planparse.output.workbook import write_workbook

    write_workbook(rows, stage / "plans.xlsx", review=link_between(out, reviews_of(folder)))


def reviews_of(folder: Place) -> Path | None:
    """Where the review pages of plans lie: beside them; None for plans in a store."""
    if isinstance(folder, Url):
        return None
    return folder.parent if folder.is_file() else folder


def link_between(start: Path, target: Path | None) -> str:
    """The relative address of a folder as seen from another, with / between and at its end; blank for the same and for none."""
    if target is None:
        return ""
    try:
        path = Path(os.path.relpath(target.resolve(), start.resolve())).as_posix()
    except ValueError:  # another drive
        return target.resolve().as_uri() + "/"
    return "" if path == "." else f"{path}/"


_Writer = Callable[[Rows, Path, Place, Path], None]
_WRITERS: Mapping[str, _Writer] = {
    "parquet": _write_parquet,
    "csv": _write_csv,
    "xlsx": _write_xlsx,
    "duckdb": _write_duckdb,
}


@contextmanager
def _staged(out: Path, written: list[Path]) -> Iterator[Path]:
    """A folder beside the targets; what is in it at the end takes its place: there is never half a file."""
    stage = None
    try:
        out.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=".planparse-", dir=out))
        yield stage
        for path in sorted(stage.iterdir()):
            os.replace(path, out / path.name)
            written.append(out / path.name)
    except OSError as error:
        raise UnreadableOutput(f"{out}: cannot be written ({error.strerror or error}); choose another --out") from None
    finally:
        if stage is not None:
            shutil.rmtree(stage, ignore_errors=True)
