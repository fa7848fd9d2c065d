"""What the commands of the command line do, apart from their arguments."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from planparse.batch.inputs import collect_inputs
from planparse.batch.run import outcomes_to_table, run, watch
from planparse.errors import WrongUsage
from planparse.grammar import load_grammar
from planparse.models import Plan
from planparse.output.json_yaml import FORMATS, load
from planparse.pipeline import parse


def ingest_files(
    paths: Sequence[Path],
    out: Path,
    formats: str,
    grammars: tuple[str, ...],
    *,
    seconds: float,
    memory: int,
    console: Console,
    table: Console,
) -> int:
    """Read files and write their data; talk to `console`, the table to `table`; gives how many inputs failed."""
    kinds = tuple(dict.fromkeys(k.strip() for k in formats.split(",") if k.strip()))
    unknown = [k for k in kinds if k not in FORMATS]
    if unknown or not kinds:
        raise WrongUsage(f"--format takes {' and '.join(FORMATS)}, parted by a comma, not {formats!r}")
    load_grammar(*grammars)
    inputs, problems = collect_inputs(paths)
    outcomes = watch(run(inputs, out, formats=kinds, grammars=grammars, seconds=seconds, memory=memory), len(inputs), console)
    if outcomes:
        table.print(outcomes_to_table(outcomes))
    problems += [o.error for o in outcomes if o.error]
    for problem in problems:
        console.print(problem, highlight=False, markup=False, soft_wrap=True)
    return len(problems)


def open_plan(file: Path, grammars: Sequence[Path]) -> Plan:
    """A plan from its JSON, or read from a source."""
    if file.suffix.lower() == ".json":
        return load(file)
    return parse(file, grammar=load_grammar(*grammars))
