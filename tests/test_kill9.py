"""kill -9 of parent or child at random moments loses nothing and doubles nothing; benchmarks/kill9.py does many more."""

import sys
from pathlib import Path

import pytest
from benchmarks.kill9 import run_rounds


@pytest.mark.skipif(sys.platform != "linux", reason="children are found in /proc")
def test_a_killed_run_goes_on_as_if_nothing_had_been(tmp_path: Path) -> None:
    # Three rounds of three kills each: nine moments.
    assert run_rounds(tmp_path, rounds=3, plans=5, seed=9, characters=1000) == []
