"""A run of `ingest`: inputs in, outcomes out, with a progress bar on a terminal and plain lines elsewhere."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from planparse.batch.inputs import Input
from planparse.batch.worker import Job, Outcome, Worker

COLUMNS = ("sections", "boxes", "indicators", "responsibilities", "tasks", "commitments", "diagnostics")


def run(
    inputs: Sequence[Input],
    out: Path,
    *,
    formats: tuple[str, ...],
    grammars: tuple[str, ...],
    seconds: float,
    memory: int,
) -> Iterator[Outcome]:
    """Read each input in a killable child, in order, and give what became of it as it is done."""
    with Worker(seconds=seconds, memory=memory) as worker:
        for one in inputs:
            yield worker.run(Job(str(one.path), str(out / one.folder), one.name, formats, grammars))


def watch(outcomes: Iterator[Outcome], total: int, console: Console) -> list[Outcome]:
    """Go through a run and show how far it is, on stderr."""
    done: list[Outcome] = []
    if not console.is_terminal:
        for outcome in outcomes:
            done.append(outcome)
            state = "failed" if outcome.error else "ok"
            console.print(
                f"{len(done)}/{total} {outcome.path} {state} {outcome.seconds:.1f} s",
                highlight=False,
                markup=False,
                soft_wrap=True,
            )
        return done
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("reading", total=total)
        for outcome in outcomes:
            done.append(outcome)
            progress.update(task, advance=1, description=escape(Path(outcome.path).name[:40]))
    return done


def outcomes_to_table(outcomes: Sequence[Outcome]) -> Table:
    """What a run gave: a line a file, counts and the share of the source's characters that are accounted for."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("file", overflow="fold")
    for column in (*COLUMNS, "coverage"):
        table.add_column(column, justify="right")
    for outcome in outcomes:
        counts = outcome.counts or {}
        cells = [str(counts[c]) if c in counts else "" for c in COLUMNS]
        covered = "" if outcome.coverage is None else f"{outcome.coverage:.1%}"
        table.add_row(escape(Path(outcome.path).name), *cells, covered if not outcome.error else outcome.code or "failed")
    return table
