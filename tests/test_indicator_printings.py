"""Indicator tables in every printing → what each row means; the tables and their readings stand in indicator_printings.txt."""

from pathlib import Path

import pytest

from planparse.document import Document, Origin
from planparse.document_builder import DocumentBuilder
from planparse.facts.indicators import table_to_indicators
from planparse.grammar import Grammar, load_grammar
from planparse.models import Indicator, Quantity
from planparse.structure.tables import grid_to_table, is_indicator_table

FILE = Path(__file__).parent / "indicator_printings.txt"
Cells = list[tuple[str, int, int, int]]


def cases() -> dict[str, tuple[list[str], list[str]]]:
    found: dict[str, tuple[list[str], list[str]]] = {}
    for line in FILE.read_text("utf-8").split("\n"):
        if line.startswith("## "):
            table, rows = found[line[3:]] = ([], [])
        elif line and not line.startswith("# "):
            (rows if line.startswith(">") else table).append(line)
    return found


def to_rows(lines: list[str]) -> list[Cells]:
    """The drawn table as cells (text, column, rows, columns)."""
    table = [line.split("|") for line in lines if not line.startswith("!")]
    rows: list[Cells] = []
    for r, row in enumerate(table):
        cells: Cells = []
        for c, text in enumerate(row):
            if text in ("<", "^"):
                continue
            wide = high = 1
            while c + wide < len(row) and row[c + wide] == "<":
                wide += 1
            while r + high < len(table) and table[r + high][c] == "^":
                high += 1
            cells.append((text, c, high, wide))
        rows.append(cells)
    return rows + [[(line[1:], 0, 1, len(table[0]))] for line in lines if line.startswith("!")]


def to_document(rows: list[Cells]) -> Document:
    builder = DocumentBuilder()
    builder.grid(rows)
    return builder.build(Origin("a.txt", "txt", "0" * 64, 1, "text"), source_count={})


def said(quantity: Quantity) -> str:
    upper = f"..{quantity.upper}" if quantity.upper is not None else ""
    value = "" if quantity.value is None else str(quantity.value)
    return f"{quantity.comparator}{value}{upper}" + (f" {quantity.unit}" if quantity.unit else "")


def described(row: Indicator) -> list[str]:
    """An indicator as the file writes it."""
    lines = ["> " + " / ".join(str(x or "-") for x in (row.sequence, row.name, row.parent, row.unit, row.group, row.nature))]
    for v in row.values:
        when = "/".join([str(v.year)] * bool(v.year) + [f"{v.period.start}-{v.period.end}" for _ in (1,) if v.period]) or "-"
        quantities = "[" + ", ".join(said(q) for q in v.quantities) + "]"
        words = [v.label.replace(" ", "·"), when, v.role, v.statistic or "-", v.status or "-", quantities]
        lines.append(">   " + " ".join([*words, *(n.mark or "" for n in v.notes)]))
    if row.agencies:
        lines.append(">   agencies " + ",".join(a.name for a in row.agencies))
    if row.notes:
        lines.append(">   notes " + ",".join(n.mark or n.text for n in row.notes))
    return lines


@pytest.fixture(scope="module")
def grammar() -> Grammar:
    return load_grammar()


@pytest.mark.parametrize("name", cases())
def test_printing(name: str, grammar: Grammar) -> None:
    lines, want = cases()[name]
    document = to_document(to_rows(lines))
    table = grid_to_table(document, document.grids[0], grammar, id="table-1")
    made = table_to_indicators(table, document, grammar)
    assert is_indicator_table(table, grammar)
    assert [line for row in made for line in described(row)] == want
    for row in made:
        for value in row.values:
            assert document.text[value.span.start : value.span.end] == value.raw
            for quantity in value.quantities:
                assert quantity.span is not None
                assert document.text[quantity.span.start : quantity.span.end] == quantity.raw


def test_there_are_many() -> None:
    assert len(cases()) >= 40
