"""kill -9 at random moments: a run is killed and resumed, and what it leaves is held against an undisturbed run's.

usage: python -m benchmarks.kill9 [--rounds 50] [--plans 16] [--seed 1]

Each round kills the parent or one of its children with SIGKILL after a random time, until the run has been disturbed
three times; then it runs to its end. Exit status 1 where an output differs, is missing, doubled or left half-done.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.variants import make_plans
from planparse.batch.ledger import view_ledger


def start(plans: Path, out: Path) -> subprocess.Popen[bytes]:
    """A run with two workers."""
    command = [
        sys.executable,
        "-m",
        "planparse.cli",
        "ingest",
        str(plans),
        "--out",
        str(out),
        "--format",
        "json",
        "--jobs",
        "2",
    ]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def children(process: int) -> list[int]:
    """The children of a process (Linux)."""
    try:
        return [int(c) for c in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def disturb(run: subprocess.Popen[bytes], dice: random.Random, longest: float) -> str:
    """Wait a random time, then kill the parent or a child; tells which."""
    time.sleep(dice.uniform(0, longest))
    below = children(run.pid)
    if below and dice.random() < 0.4:
        os.kill(dice.choice(below), signal.SIGKILL)
        return "child"
    run.kill()
    run.wait()
    return "parent"


def outputs(out: Path) -> dict[str, bytes]:
    """Every file below `out` but the ledger."""
    return {
        str(p.relative_to(out)): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file() and p.name != "ledger.sqlite"
    }


def one_round(plans: Path, out: Path, expected: dict[str, bytes], dice: random.Random, longest: float) -> str | None:
    """One killed and resumed run; what is wrong with what it left, or None."""
    for _ in range(3):
        run = start(plans, out)
        disturb(run, dice, longest)
        if run.poll() is None and dice.random() < 0.5:
            run.kill()
        run.wait()
    status = start(plans, out).wait()
    if status:
        return f"the last run ended with {status}"
    if outputs(out) != expected:
        return f"outputs differ: {sorted(set(outputs(out)) ^ set(expected)) or 'in bytes'}"
    with view_ledger(out) as ledger:
        rows = ledger.rows().values()
    if sorted(o for r in rows for o in r.outputs) != sorted(expected) or any(r.status != "done" for r in rows):
        return "the ledger does not say what stands there"
    return None


def run_rounds(work: Path, *, rounds: int, plans: int, seed: int, characters: int = 10_000) -> list[str]:
    """What was wrong in each round, in a folder of one's own."""
    made = make_plans(work / "plans", plans, formats=("txt", "docx", "html"), characters=characters)
    began = time.monotonic()
    if start(work / "plans", work / "undisturbed").wait():
        return ["the undisturbed run failed"]
    longest = time.monotonic() - began
    expected = outputs(work / "undisturbed")
    if len(expected) != len(made):
        return ["the undisturbed run is not whole"]
    dice = random.Random(seed)
    said = (one_round(work / "plans", work / f"round-{n}", expected, dice, longest) for n in range(rounds))
    return [f"round {n}: {wrong}" for n, wrong in enumerate(said) if wrong]


def main() -> int:
    """Run, and print what was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--plans", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        wrong = run_rounds(Path(work), rounds=asked.rounds, plans=asked.plans, seed=asked.seed)
    print("\n".join([*wrong, f"{asked.rounds} rounds, {len(wrong)} wrong"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
