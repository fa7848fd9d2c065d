"""Pairs of indicators' names, held against the concept vocabulary; the pairs stand in concept_pairs.txt."""

from pathlib import Path

import pytest

from tests.test_compare import compared, indicator, plan

FILE = Path(__file__).parent / "concept_pairs.txt"
PAIRS = [tuple(line.split(" | ")) for line in FILE.read_text("utf-8").splitlines() if line and not line.startswith("# ")]
RATES = ("率", "强度", "比重", "降低", "比例", "占比", "下降", "增长", "增速")


@pytest.mark.parametrize(("want", "one", "other"), PAIRS)
def test_pair(want: str, one: str, other: str) -> None:
    made = [plan(indicator(name, unit="%" if name.endswith(RATES) else None)) for name in (one, other)]
    rows = compared(*made).rows
    assert ("same" if len(rows) == 1 else "different") == want


def test_there_are_many() -> None:
    assert sum(p[0] == "same" for p in PAIRS) >= 100
    assert sum(p[0] == "different" for p in PAIRS) >= 100
