"""plans.csv → what a collector knows of each file and the file does not say: its address, when it was fetched, its region."""

import csv
import io
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from planparse.batch.inputs import Found
from planparse.errors import WrongUsage

if TYPE_CHECKING:
    from planparse.models import Plan

COLUMNS = {"file": "file", "url": "url", "date": "retrieved_at", "retrieved_at": "retrieved_at", "region": "region"}
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


@dataclass(frozen=True, slots=True)
class Given:
    """What a manifest says of one file."""

    url: str | None = None
    retrieved_at: str | None = None
    region: str | None = None


def read_manifest(path: Path) -> dict[str, Given]:
    """The manifest's rows by their `file`, as written there; UTF-8 with or without a BOM, else GB18030.

    Raises WrongUsage, with one sentence, where it cannot be read, has no column `file`, names a file twice or has a date
    that is none.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WrongUsage(f"{path}: cannot be read ({error.strerror}); name a CSV file") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    head = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",\t;", key=head.count))
    columns = [COLUMNS.get(cell.strip().lower()) for cell in next(rows, [])]
    if "file" not in columns:
        raise WrongUsage(f"{path}: has no column `file`; its first line names the columns: file,url,date,region")
    found: dict[str, Given] = {}
    for cells in rows:
        row = {column: cell.strip() for column, cell in zip(columns, cells, strict=False) if column and cell.strip()}
        name = row.pop("file", None)
        if name is None:
            continue
        if name in found:
            raise WrongUsage(f"{path}: line {rows.line_num}: names {name} a second time")
        if "retrieved_at" in row:
            row["retrieved_at"] = _iso(row["retrieved_at"], f"{path}: line {rows.line_num}")
        found[name] = Given(**row)
    return found


def match_manifest(rows: Mapping[str, Given], found: Sequence[Found], folder: Path) -> tuple[dict[str, Given], list[str]]:
    """What is given for each source, and the rows that mean no input of this run, or several.

    A row's file is a path from the manifest's own `folder` or the working directory, an address in a store, or the last
    parts of an input's path.
    """
    sources = {f.source for f in found}
    tails: dict[str, list[str]] = {}
    for source in sources:
        tails.setdefault(Path(source).name, []).append(source)
    given: dict[str, Given] = {}
    unused: list[str] = []
    for name, row in rows.items():
        written = name.replace("\\", "/")
        exact = [p for p in (written, os.path.abspath(folder / written), os.path.abspath(written)) if p in sources]
        ends = "/" + written.removeprefix("./").lstrip("/")
        meant = exact[:1] or [s for s in tails.get(Path(written).name, ()) if s.endswith(ends)]
        if len(meant) == 1:
            given[meant[0]] = row
        else:
            unused.append(name)
    return given, unused


def lay_given(plan: "Plan", given: Given | None) -> "Plan":
    """The plan with its address and date; with its region, and a diagnostic that says so, only where it names none."""
    from planparse.checks import diagnostic

    if given is None or given == Given():
        return plan
    changed: dict[str, object] = {}
    known = {k: v for k, v in asdict(given).items() if k != "region" and v is not None}
    if known:
        changed["source"] = plan.source.model_copy(update=known)
    if given.region and plan.front_matter.region is None:
        changed["front_matter"] = plan.front_matter.model_copy(update={"region": given.region})
        told = diagnostic("front.region-from-manifest", region=given.region)
        changed["diagnostics"] = [*plan.diagnostics, told]
    return plan.model_copy(update=changed)


def _iso(written: str, where: str) -> str:
    try:
        found = DAY.fullmatch(written)
        if found:
            return date(*map(int, found.groups())).isoformat()
        datetime.fromisoformat(written)
    except ValueError:
        raise WrongUsage(f"{where}: {written} is no date; write it like 2022-06-08") from None
    return written
