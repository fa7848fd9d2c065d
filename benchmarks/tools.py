"""planparse beside what one would take instead, on the same files in one run: `make bench-tools`.

usage: python -m benchmarks.tools [--rounds N] [--python TOOL=PYTHON]… [--write]

Each tool reads the samples of each format in a process of its own, with the Python that is named for it (default: this
one). A tool that its Python does not have is left out, with the reason. `--write` lays the table into docs/comparison.md.
How the figures are counted stands in that page.
"""

import argparse
import json
import platform
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pypdfium2

from benchmarks.tools_score import score_files

ROOT = Path(__file__).resolve().parent.parent
CHILD = Path(__file__).with_name("tools_child.py")
PAGE = ROOT / "docs" / "comparison.md"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"
FORMATS = ("pdf", "docx", "html")
TOOLS = ("planparse", "regexes", "pdfplumber", "markitdown", "kreuzberg", "xberg", "docling")
ONLY = {"pdfplumber": ("pdf",), "docling": ("docx", "html")}
COLUMNS = ("headings", "titles", "parents", "run-in", "boxes", "rows", "tags")
HEAD = ("format", "tool", "CPU s a page", "MB at most", *COLUMNS)


def pages_of(names: list[str]) -> int:
    """Pages of the samples' PDFs: the measure of length for their other formats too."""
    return sum(len(pypdfium2.PdfDocument(ROOT / "samples" / name / f"{name}.pdf")) for name in names)


def run_tool(tool: str, python: str, suffix: str, names: list[str], rounds: int) -> dict[str, Any] | str:
    """What the child gave, or in one sentence why there is nothing."""
    files = [str(ROOT / "samples" / name / f"{name}.{suffix}") for name in names]
    try:
        done = subprocess.run(
            [python, str(CHILD), tool, str(rounds), *files], capture_output=True, text=True, timeout=900, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{type(error).__name__}: {error}"
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["ended without a word"])[-1]
    made: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return made


def to_row(suffix: str, tool: str, made: Mapping[str, Any], pages: int) -> list[str]:
    """A row of the table; a dash where the tool gives no such thing."""
    seconds = sum(file["seconds"] for file in made["files"])
    scores = score_files(made["files"])
    figures = ["–" if scores[name] is None else f"{scores[name]:.2f}" for name in COLUMNS]
    return [suffix, tool, f"{seconds / pages:.3f}", f"{made['peak'] / 1e6:.0f}", *figures]


def to_table(rows: list[list[str]]) -> str:
    """Rows as Markdown."""
    return "".join(f"| {' | '.join(row)} |\n" for row in [list(HEAD), ["---"] * len(HEAD), *rows])


def main() -> int:
    """Measure and print; exit status 1 when planparse itself could not be run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--python", action="append", default=[], metavar="TOOL=PYTHON")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    pythons = dict(pair.split("=", 1) for pair in options.python)
    names = sorted(path.parent.name for path in ROOT.glob("samples/*/truth.json"))
    pages = pages_of(names)
    rows, versions, missing = [], {}, {}
    for suffix in FORMATS:
        for tool in TOOLS:
            if suffix not in ONLY.get(tool, FORMATS) or tool in missing:
                continue
            made = run_tool(tool, pythons.get(tool, sys.executable), suffix, names, options.rounds)
            if isinstance(made, str):
                missing[tool] = made
                continue
            versions[tool] = made["version"]
            rows.append(to_row(suffix, tool, made, pages))
    said = ", ".join(f"{tool} {version}" for tool, version in versions.items() if tool != "regexes")
    text = (
        f"{to_table(rows)}\n{said}; Python {platform.python_version()}, {platform.machine()}; {len(names)} plans of {pages} "
        f"pages in all, median of {options.rounds} rounds.\n"
    )
    text += "".join(f"\nLeft out: {tool} ({reason}).\n" for tool, reason in missing.items())
    print(text, end="")
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        before, rest = page.split(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}", encoding="utf-8")
    return 1 if "planparse" in missing else 0


if __name__ == "__main__":
    sys.exit(main())
