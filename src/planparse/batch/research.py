"""The tables of a run: made of the JSON that stands in the output folder, as `planparse export` makes them."""

import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from planparse.batch.ledger import Ledger
from planparse.batch.places import Url, read_bytes, write_bytes

FOLDER = "tables"
THREADS = 16


def write_tables(ledger: Ledger, kinds: Sequence[str]) -> Iterator[str]:
    """Write OUT/tables; gives the paths or addresses. Raises PlanparseError where there is no plan or it cannot be written.

    All plans that stand in the folder are in the tables, whichever run read them.
    """
    from planparse.output.tables import export_tables

    if isinstance(ledger.out, Path):
        yield from map(str, export_tables(ledger.out, ledger.out / FOLDER, to=",".join(kinds)))
        return
    with tempfile.TemporaryDirectory(prefix="planparse-tables-") as folder:
        plans, made = Path(folder, "plans"), Path(folder, FOLDER)
        plans.mkdir()
        _fetch(ledger, ledger.out, plans)
        for path in export_tables(plans, made, to=",".join(kinds)):
            url = ledger.out / FOLDER / path.name
            write_bytes(url, path.read_bytes())
            yield str(url)


def _fetch(ledger: Ledger, out: Url, folder: Path) -> None:
    names = [name for row in ledger.rows().values() for name in ledger.stands(row) if name.endswith(".json")]

    def fetch(name: str) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(read_bytes(out / name))

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(fetch, names))
