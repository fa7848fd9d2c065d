"""A few seeded mutations of every format; `make fuzz` reads thousands (fuzz.py)."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from planparse.batch.worker import Outcome, Worker
from tests.fuzz import FORMATS, MEMORY, SECONDS, SLOW, fault_of, fuzz, fuzz_shared, mutated, seeds, settled_fault

COUNT = 20


@pytest.fixture(scope="module")
def child() -> Iterator[Worker]:
    with Worker(seconds=3 * SECONDS) as worker:
        yield worker


@pytest.mark.parametrize("form", [form for form in FORMATS if form not in SLOW])
def test_mutated_files_are_read_or_refused(form: str, child: Worker, tmp_path: Path) -> None:
    first = 100_000
    if form == "pdf":  # one of them with OCR
        outcomes = fuzz_shared(form, COUNT, tmp_path, first=first)
    else:
        outcomes = fuzz(form, COUNT, tmp_path, child, first=first)
    found = {seed: settled_fault(outcome, tmp_path / f"{form}-{seed}.{form}") for seed, outcome in outcomes}
    assert {seed: fault for seed, fault in found.items() if fault} == {}
    assert len(found) == COUNT


@pytest.mark.parametrize("form", ["txt", "docx", "pdf"])
def test_a_seed_always_makes_the_same_file(form: str) -> None:
    whole = seeds(form)[0]
    made = [[mutated(whole, form, random.Random(seed)) for seed in range(5)] for _ in range(2)]
    assert made[0] == made[1]
    assert len(set(made[0])) > 1


def test_what_counts_as_a_fault() -> None:
    assert fault_of(Outcome("a", counts={})) is None
    assert fault_of(Outcome("a", "a: is empty", "empty")) is None
    for outcome in (
        Outcome("a", "a: failed", "internal"),
        Outcome("a", "a: two\nlines", "damaged"),
        Outcome("a", "a: no code"),
        Outcome("a", seconds=SECONDS + 1),
        Outcome("a", peak=MEMORY + 1),
    ):
        assert fault_of(outcome)
