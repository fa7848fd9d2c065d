"""Tables of the plans in a folder, here or in a store; those of a run are made as `planparse export` makes them."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from planparse.batch.fetch import fetch_all, put, to_fill
from planparse.batch.ledger import Ledger
from planparse.places import Place, Url, to_place

FOLDER = "tables"


def write_tables(ledger: Ledger, kinds: Sequence[str]) -> Iterator[Place]:
    """Write OUT/tables; gives the paths or addresses. Raises PlanparseError where there is no plan or it cannot be written.

    All plans that stand in the folder are in the tables, whichever run read them.
    """
    out = ledger.out
    if isinstance(out, Path):
        yield from export_folder(out, out / FOLDER, to=",".join(kinds))
        return
    with tempfile.TemporaryDirectory(prefix="planparse-tables-") as folder:
        plans = Path(folder, "plans")
        plans.mkdir()
        names = [name for row in ledger.rows().values() for name in ledger.stands(row) if name.endswith(".json")]
        fetch_all({plans / name: out / name for name in names})
        yield from export_folder(plans, out / FOLDER, to=",".join(kinds))


def export_folder(folder: str | Path, out: str | Path | Url, *, to: str, duplicates: bool = False) -> Iterator[Place]:
    """`export_tables`, with the tables put into a store where `out` is in one. Raises PlanparseError."""
    from planparse.output.tables import export_tables

    place = to_place(out)
    with to_fill(place) as made:
        for path in export_tables(folder, made, to=to, duplicates=duplicates):
            yield put(path, made, place)
