"""The figures of docs/scale.md: what a page costs, what the ledger of a large collection costs, and what follows for 10 million.

usage: python -m benchmarks.scale [--plans 24] [--rows 400000] [--pages 10000000]

Seconds are those of the processor, so that a machine that is used by others too tells nearly the same.
"""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

import pypdfium2

from benchmarks.variants import make_plans
from planparse.batch.inputs import Found
from planparse.batch.ledger import LEDGER, Row, finish, open_ledger
from planparse.batch.pool import Pool
from planparse.batch.run import plan_run, prepare
from planparse.batch.worker import Job
from planparse.places import Url
from planparse.version import __version__

MEGABYTE, GIGABYTE = 1 << 20, 1 << 30
LARGE = 100_000
COUNTS = dict.fromkeys(("sections", "boxes", "indicators", "responsibilities", "tasks", "commitments", "diagnostics"), 20)


def processor() -> float:
    """Processor seconds of the ended children so far."""
    told = resource.getrusage(resource.RUSAGE_CHILDREN)
    return told.ru_utime + told.ru_stime


def page_costs(work: Path, plans: int) -> tuple[float, float, float, int]:
    """Processor seconds a page, megabytes of JSON a page, pages a plan, and a child's most bytes; of PDFs, after a warm-up."""
    files = make_plans(work / "plans", plans, formats=("pdf",), characters=LARGE // 5)
    pages = 0
    for file in files:
        with pypdfium2.PdfDocument(file) as pdf:
            pages += len(pdf)
    seconds = []
    for times in (1, 3):  # the difference is the reading alone: starting the child is in both
        began = processor()
        with Pool(1) as pool:
            outcomes = list(pool.run(Job(str(f), str(work / "out"), f.name, ("json",)) for f in files * times))
        seconds.append(processor() - began)
        failed = [o.error for o in outcomes if o.error]
        assert not failed, failed
    written = sum(p.stat().st_size for p in (work / "out").glob("*.json"))
    return (
        (seconds[1] - seconds[0]) / 2 / pages,
        written / MEGABYTE / pages,
        pages / len(files),
        max(o.peak or 0 for o in outcomes),
    )


def ledger_costs(work: Path, rows: int) -> tuple[float, float, float]:
    """Megabytes of the ledger, seconds until a run knows that all is current, and gigabytes of its process then."""
    found = [Found(Url(f"s3://bucket/plans/{n // 1000}/{n:07d}.pdf"), Path(str(n // 1000)), f"{n:032x}:1") for n in range(rows)]
    with open_ledger(work / "ledger") as ledger:
        ledger.put(
            finish(
                Row(f.source, str(f.folder), f.path.stem), status="done", sha256=f"{n:064x}", grammar="g" * 16, work="w" * 16,
                planparse=__version__, formats=("json",), outputs=(f"{f.folder}/{f.path.stem}.json",), seconds=0.5,
                peak=200 * MEGABYTE, counts=COUNTS, coverage=1.0, tag=f.tag,
            )
            for n, f in enumerate(found)
        )  # fmt: skip
        size = (work / "ledger" / LEDGER).stat().st_size / MEGABYTE
        ledger.shelf._sizes, ledger.shelf.out = {f"{f.folder}/{f.path.stem}.json": 1 for f in found}, Url("s3://bucket/out")
        ledger.shelf.forget = lambda: None  # type: ignore[method-assign]  # the listing is the store's time, not ours
        began = time.process_time()
        inputs, held = prepare(ledger, found)
        run = plan_run(ledger, inputs, held, formats=("json",), grammar="g" * 16, given={})
        assert not run.jobs
        seconds = time.process_time() - began
    return size, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / GIGABYTE


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plans", type=int, default=24)
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--pages", type=int, default=10_000_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        seconds, megabytes, pages, peak = page_costs(Path(made), asked.plans)
        print(f"a page of a PDF: {seconds * 1000:.0f} ms of a processor, {megabytes * 1024:.0f} KB of JSON")
        print(f"a plan: {pages:.0f} pages, {seconds * pages:.2f} s; a child's most memory: {peak / MEGABYTE:.0f} MB")
        size, known, memory = ledger_costs(Path(made), asked.rows)
        print(
            f"a ledger of {asked.rows:,} files: {size:.0f} MB; all known to be current after {known:.0f} s, with {memory:.1f} GB"
        )
    hours = asked.pages * seconds / 3600
    print(f"{asked.pages:,} pages: {hours:.0f} hours of a processor, {hours / 64:.1f} h on 64, {hours / 512:.2f} h on 512")
    print(f"  {asked.pages * megabytes / 1024:.0f} GB of JSON, {asked.pages / pages:,.0f} files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
