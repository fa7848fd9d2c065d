"""Cells of indicator tables, printed form → meaning; the cells stand in quantity_cells.txt."""

from decimal import Decimal
from pathlib import Path

import pytest

from planparse.facts.quantities import parse_quantities
from planparse.grammar import Grammar, load_grammar
from planparse.models import Quantity, Span

FILE = Path(__file__).parent / "quantity_cells.txt"
CELLS = [tuple(line.split(" | ")) for line in FILE.read_text("utf-8").splitlines() if line and not line.startswith("# ")]


@pytest.fixture(scope="module")
def grammar() -> Grammar:
    return load_grammar()


def plain(value: Decimal | None) -> str:
    return "" if value is None else format(value.normalize(), "f")


def said(quantity: Quantity) -> str:
    upper = f"..{plain(quantity.upper)}" if quantity.upper is not None else ""
    unit = f" {quantity.unit}" if quantity.unit and quantity.value is not None else ""
    return f"{quantity.comparator}{plain(quantity.value)}{upper}{unit}"


@pytest.mark.parametrize(("raw", "unit", "want"), CELLS, ids=[f"{n}-{c[0]}" for n, c in enumerate(CELLS)])
def test_cell(raw: str, unit: str, want: str, grammar: Grammar) -> None:
    made = parse_quantities(
        raw, start=0, span_at=lambda a, b: Span(start=a, end=b), unit=None if unit == "-" else unit, grammar=grammar
    )
    assert ("; ".join(said(q) for q in made) or "nothing") == want
    for quantity in made:
        assert quantity.span is not None
        assert raw[quantity.span.start : quantity.span.end] == quantity.raw


def test_there_are_many() -> None:
    assert len(CELLS) >= 300
    assert len({cell[:2] for cell in CELLS}) == len(CELLS)
