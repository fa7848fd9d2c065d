"""The bars of `planparse ingest` over many files, as ratios measured in one run. Exit status 1 when a bar is missed.

usage: python -m benchmarks.batch [--plans N] [--keep DIR]

The plans are made of the samples (variants.py): text, Word, PDF and web pages of 10,000 characters and more.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks.variants import make_plans
from planparse.batch.pool import Pool
from planparse.batch.worker import Job

DOCX_LOOP = """
import sys, time, docx
began = time.perf_counter()
for path in sys.argv[1:]:
    document = docx.Document(path)
    for paragraph in document.paragraphs:
        paragraph.text
    for table in document.tables:
        for row in table.rows:
            for cell in row.cells:
                cell.text
print(time.perf_counter() - began)
"""
PDF_LOOP = """
import sys, time, pdfplumber
began = time.perf_counter()
for path in sys.argv[1:]:
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_text()
print(time.perf_counter() - began)
"""


def processor() -> float:
    """Processor seconds of the ended children so far: what is told beside the clock, for a machine that others use too."""
    told = resource.getrusage(resource.RUSAGE_CHILDREN)
    return told.ru_utime + told.ru_stime


def spend(work: Callable[[], float]) -> tuple[float, float]:
    """The seconds that a piece of work tells, and those of processors that its children took."""
    began = processor()
    seconds = work()
    return seconds, processor() - began


def loops(script: str, files: list[Path], count: int) -> float:
    """Seconds of the slowest of `count` processes that share the files; what they import is not counted."""
    shares = [files[n::count] for n in range(count)]
    running = [
        subprocess.Popen([sys.executable, "-c", script, *map(str, share)], stdout=subprocess.PIPE, text=True)
        for share in shares
    ]
    return max(float(process.communicate()[0]) for process in running)


def ingest(folder: Path, out: Path, jobs: int) -> float:
    """Seconds of the whole command, its start included."""
    command = [sys.executable, "-m", "planparse.cli", "ingest", str(folder), "--out", str(out), "--format", "json"]
    began = time.perf_counter()
    subprocess.run([*command, "--jobs", str(jobs)], check=True, capture_output=True)
    return time.perf_counter() - began


def growth(files: list[Path], out: Path) -> float:
    """Bytes that one worker holds after its last file, × those after its hundredth (or after the half of fewer)."""
    with Pool(1, recycle=10**9) as pool:
        outcomes = pool.run(Job(str(f), str(out), f.name, ("json",)) for f in files)
        held = [o.resident or 0 for o in outcomes]
    return held[-1] / held[min(99, len(held) // 2)]


def main() -> int:
    """Measure, print a line a bar, and tell whether all hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plans", type=int, default=200)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        work = asked.keep or Path(made)
        half = max(2, asked.plans // 2)
        words = make_plans(work / "words", half, formats=("txt", "docx"))
        pdfs = make_plans(work / "pdfs", max(2, asked.plans // 4), formats=("pdf",))
        documents = [f for f in words if f.suffix == ".docx"]
        bare_one = loops(DOCX_LOOP, documents * 4, 1) / 4
        bare_two, docx = spend(lambda: loops(DOCX_LOOP, documents * 4, 2) / 4)
        one = ingest(work / "words", work / "one", 1)
        two, ours = spend(lambda: ingest(work / "words", work / "two", 2))
        # The machine becomes slower and quicker meanwhile: ours before, between and behind the halves of theirs.
        runs, theirs = [], []
        for turn, some in enumerate((pdfs[::2], pdfs[1::2], [])):
            runs.append(spend(lambda: ingest(work / "pdfs", work / f"two-pdfs-{turn}", 2)))  # noqa: B023
            if some:
                theirs.append(spend(lambda: loops(PDF_LOOP, some, 2)))  # noqa: B023
        pdf_two = median(seconds for seconds, _ in runs)
        plumber = sum(seconds for seconds, _ in theirs)
        # In the order of one run over all of them: format after format, so that the hundredth has seen each.
        grown = growth(make_plans(work / "all", asked.plans), work / "grown")
        rows = [
            ("text and Word, files/s × python-docx's", (len(words) / two) / (len(documents) / bare_two), 0.18, False),
            ("PDF, files/s × pdfplumber's extract_text", plumber / pdf_two, 5.0, False),
            ("two workers, × the speed-up of two bare loops", (one / two) / (bare_one / bare_two), 0.9, False),
            ("memory after the last file, × after the hundredth", grown, 1.2, True),
        ]
        print(
            f"{len(words)} text and Word: {len(words) / two:.1f}/s, {len(pdfs)} PDF: {len(pdfs) / pdf_two:.1f}/s, with two workers"
        )
        by_processor = sum(spent for _, spent in theirs) / median(spent for _, spent in runs)
        print(
            f"by processor time: {docx / 4 / len(documents) * len(words) / ours:.2f} × python-docx's, {by_processor:.2f} × pdfplumber's"
        )
        print(f"PDF runs: {', '.join(f'{seconds:.1f}' for seconds, _ in runs)} s; pdfplumber's loops: {plumber:.1f} s")
        print(f"speed-up: {one / two:.2f}, of bare loops {bare_one / bare_two:.2f}")
    failed = 0
    for name, value, bar, at_most in rows:
        holds = value <= bar if at_most else value >= bar
        failed += not holds
        print(f"{'ok  ' if holds else 'MISS'} {name}: {value:.2f} ({'at most' if at_most else 'at least'} {bar})")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
