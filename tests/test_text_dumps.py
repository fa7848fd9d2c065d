"""Each sample as a text dump of every kind (dumps.py) gives the plan that was written."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import planparse
from tests.dumps import STYLES, dumped
from tests.test_samples import FACTS, NAMES, folded, truth

GONE = {
    ("a cell a line, no mark", "indicators"), ("a cell a line, blank lines between", "indicators"),
    ("one line", "indicators"), ("one line", "boxes"), ("one line", "tasks"), ("one line", "contents"),
    ("blanks for line ends", "indicators"), ("blanks for line ends", "boxes"), ("blanks for line ends", "tasks"),
    ("blanks for line ends", "contents"),
}  # fmt: skip
"""What the dump itself lost: which cell was empty, where a cell, a row or an entry ends."""
TORN = {
    # A page ends behind a full stop; a heading runs into its own second line; a line is full and its sentence ends.
    ("jichuan", "torn by pages", "tags"),
    ("yunxi", "line ends lost, indents left", "sections"),
    # An annex's line runs into the first of its terms, which then count on as headings.
    ("tinglan", "line ends lost, indents left", "sections"),
    ("qixiawan", "wrapped, no indent", "boxes"),
    # Merged cells and headers of three rows, a cell a line: nothing tells what stands under what.
    ("baiyu", "a cell a line", "tasks"),
    ("baiyu", "a cell a line, no mark", "tasks"),
    ("baiyu", "a cell a line, blank lines between", "tasks"),
    ("yunxiu", "a cell a line", "indicators"),
    ("yunxiu", "a cell a line, no mark", "boxes"),
    ("yunxiu", "a cell a line, blank lines between", "boxes"),
}
RUN_TOGETHER = ("one line", "blanks for line ends")
WHOLE = [style for style in STYLES if style not in RUN_TOGETHER]


@cache
def read(name: str, style: str, folder: Path) -> dict[str, Any]:
    path = folder / f"{name}.txt"
    path.write_bytes(dumped(name, style))
    made: dict[str, Any] = json.loads(planparse.parse(path).model_dump_json())
    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dumps")


@pytest.mark.parametrize("style", WHOLE)
@pytest.mark.parametrize("name", NAMES)
def test_truth(name: str, style: str, folder: Path) -> None:
    plan = read(name, style, folder)
    for fact, (reader, meant) in FACTS.items():
        if (style, fact) not in GONE and (name, style, fact) not in TORN:
            assert reader(plan) == meant(truth(name)), fact
    assert folded(plan["front_matter"]["title"]) == folded(truth(name)["front"]["title"])
    assert plan["coverage"]["lost"] == 0


@pytest.mark.parametrize("style", ["a cell a line, no mark", "a cell a line, blank lines between"])
@pytest.mark.parametrize("name", NAMES)
def test_full_rows_of_tables_without_marks(name: str, style: str, folder: Path) -> None:
    """A row that lost an empty cell may be read wrong; the others may not, and no row is lost."""
    if (name, style, "boxes") in TORN:
        pytest.skip("its header has three rows")
    reader, meant = FACTS["indicators"]
    found, rows = reader(read(name, style, folder)), meant(truth(name))
    assert [row[:2] for row in found] == [row[:2] for row in rows]
    years = max((len(row[5]) for row in rows), default=0)
    assert [row for row in rows if len(row[5]) == years and row not in found] == []


@pytest.mark.parametrize("style", RUN_TOGETHER)
@pytest.mark.parametrize("name", NAMES)
def test_a_plan_without_line_ends(name: str, style: str, folder: Path) -> None:
    """Where the numbers count, the line is cut: most of the headings are headings again."""
    plan = read(name, style, folder)
    assert plan["coverage"]["lost"] == 0
    reader, meant = FACTS["sections"]
    found, headings = {(n, t) for n, t, *_ in reader(plan)}, {(n, t) for n, t, *_ in meant(truth(name))}
    assert len(found & headings) >= 0.6 * len(headings), headings - found
