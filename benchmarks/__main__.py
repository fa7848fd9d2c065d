"""Speed as ratios of medians in one run: `make bench`. Exit status 1 when a bar is missed.

usage: python -m benchmarks [--rounds N]

The files are the samples, so that anyone can run it; the long documents are made from them.
"""

import argparse
import gc
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import docx
import pdfplumber
import pypdfium2

from planparse.balance import balance
from planparse.checks import collect_diagnostics
from planparse.extractors import read
from planparse.facts.collect import collect_facts
from planparse.grammar import load_grammar
from planparse.pipeline import document_to_plan, parse
from planparse.structure.front_matter import collect_front_matter
from planparse.structure.tree import build_tree

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
GRAMMAR = load_grammar()


def word_ratios(word: Path, rounds: int) -> tuple[float, float]:
    """Reading a Word file, and structure + facts + checks of it, as multiples of python-docx's reading.

    The more facts a plan is dense with, the more the second is: the bars are held on the largest, every plan is told.
    """
    python, ours, later = medians(rounds, lambda: python_docx(word), lambda: read(word, grammar=GRAMMAR), later_stages(word))
    return ours / python, later / python


def longest_pdf() -> Path:
    """The sample PDF of the most characters: a city's plan at the length and density at which plans are published."""
    return max(SAMPLES.glob("*/*.pdf"), key=characters)


def characters(path: Path) -> int:
    """The characters on a PDF's pages."""
    with pypdfium2.PdfDocument(path) as pdf:
        return sum(page.get_textpage().count_chars() for page in pdf)


def medians(rounds: int, *works: Callable[[], object]) -> list[float]:
    """Median seconds of each work; they take turns, so that a noisy machine is noisy for all."""
    for work in works:
        work()
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, taken in zip(works, times, strict=True):
            gc.collect()
            began = time.perf_counter()
            work()
            taken.append(time.perf_counter() - began)
    return [statistics.median(t) for t in times]


def pdfium_text(path: Path) -> None:
    """pdfium's bare text of every page."""
    with pypdfium2.PdfDocument(path) as pdf:
        for page in pdf:
            page.get_textpage().get_text_range()


def pdfplumber_text(path: Path) -> None:
    """pdfplumber's extract_text of every page."""
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_text()


def python_docx(path: Path) -> None:
    """python-docx over the same paragraphs and cells."""
    document = docx.Document(str(path))
    for paragraph in document.paragraphs:
        _ = paragraph.text
    for table in document.tables:
        for row in table.rows:
            for cell in row.cells:
                _ = cell.text


def later_stages(path: Path) -> Callable[[], object]:
    """Structure, facts and checks of a document that is read already."""
    document = read(path, grammar=GRAMMAR)

    def work() -> None:
        tree = build_tree(document, GRAMMAR)
        front = collect_front_matter(tree, document, GRAMMAR)
        facts = collect_facts(tree, document, front, GRAMMAR)
        balance(document, tree)
        collect_diagnostics(document, tree, front, facts, GRAMMAR)

    return work


def lengthened(path: Path, times: int, folder: Path) -> Path:
    """A text plan `times` as long: its body again and again, as the chapters of one plan."""
    text = path.read_text(encoding="utf-8")
    made = folder / f"{times}.txt"
    made.write_text("\n\n".join(text for _ in range(times)), encoding="utf-8")
    return made


def cost(path: Path, rounds: int) -> tuple[float, float]:
    """Seconds and peak bytes per character of a whole parse."""
    document = read(path, grammar=GRAMMAR)
    size = len(document.text)
    (seconds,) = medians(rounds, lambda: parse(path, grammar=GRAMMAR))
    gc.collect()
    tracemalloc.start()
    document_to_plan(read(path, grammar=GRAMMAR), GRAMMAR)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return seconds / size, peak / size


def command(*arguments: str) -> Callable[[], object]:
    """A process of its own."""
    return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


def main() -> int:
    """Measure, print a line a bar, and tell whether all hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    words = sorted(SAMPLES.glob("*/*.docx"))
    rows: list[tuple[str, float, float, bool]] = []
    pdf = longest_pdf()
    bare, reading, whole, plumber = medians(
        rounds,
        lambda: pdfium_text(pdf),
        lambda: read(pdf, grammar=GRAMMAR),
        lambda: parse(pdf, grammar=GRAMMAR),
        lambda: pdfplumber_text(pdf),
    )
    rows.append(("PDF → Document, × pdfium's bare text", reading / bare, 5.0, True))
    rows.append(("pdfplumber's extract_text, × whole parse of the PDF", plumber / whole, 5.0, False))
    reads, stages = zip(*(word_ratios(word, rounds) for word in words), strict=True)
    longest = words.index(max(words, key=lambda p: p.stat().st_size))
    rows.append(("DOCX → Document, × python-docx", reads[longest], 1.5, True))
    rows.append(("structure + facts + checks, × python-docx's reading", stages[longest], 3.0, True))
    with tempfile.TemporaryDirectory() as folder:
        text = next(p for p in sorted(SAMPLES.glob("*/*.txt")) if _is_utf8(p))
        short, long = (cost(lengthened(text, times, Path(folder)), n) for times, n in ((1, rounds), (100, 1)))
    rows.append(("time per character at 100 ×, × that at 1 ×", long[0] / short[0], 1.3, True))
    rows.append(("peak memory per character at 100 ×, × that at 1 ×", long[1] / short[1], 1.3, True))
    typer, ours = medians(rounds, command("-c", "import typer"), command("-m", "planparse.cli", "--help"))
    rows.append(("planparse --help, × import typer", ours / typer, 2.5, True))
    failed = 0
    for name, value, bar, at_most in rows:
        holds = value <= bar if at_most else value >= bar
        failed += not holds
        print(f"{'ok  ' if holds else 'MISS'} {name}: {value:.2f} ({'at most' if at_most else 'at least'} {bar})")
    print(f"stages of each plan: {', '.join(f'{w.stem} {s:.1f}' for w, s in zip(words, stages, strict=True))}")
    print(f"on {pdf.name} and {words[longest].name}; {rounds} rounds; {failed} missed")
    return 1 if failed else 0


def _is_utf8(path: Path) -> bool:
    try:
        path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
