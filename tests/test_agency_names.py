"""Names of bodies, printed form → meaning; the names stand in agency_names.txt."""

from pathlib import Path

import pytest

from planparse.facts.agencies import split_agencies
from planparse.grammar import Grammar, load_grammar
from planparse.models import Span

FILE = Path(__file__).parent / "agency_names.txt"
NAMES = [tuple(line.split(" | ")) for line in FILE.read_text("utf-8").splitlines() if line and not line.startswith("# ")]


@pytest.fixture(scope="module")
def grammar() -> Grammar:
    return load_grammar()


@pytest.mark.parametrize("row", NAMES, ids=[f"{n}-{row[0]}" for n, row in enumerate(NAMES)])
def test_name(row: tuple[str, ...], grammar: Grammar) -> None:
    name, *_, plan = row
    level = None if plan == "-" else plan
    (agency,) = split_agencies(name, 0, lambda a, b: Span(start=a, end=b), grammar, region_level=level).agencies  # type: ignore[arg-type]
    said = (agency.name, agency.canonical, agency.kind, agency.level, agency.renamed)
    assert tuple("-" if value is None else str(value) for value in said) == row[:-1]


def test_there_are_many() -> None:
    assert len(NAMES) >= 300
    assert len({(row[0], row[-1]) for row in NAMES}) == len(NAMES)
