"""How far a run is, on stderr: a bar on a terminal and plain lines elsewhere; and the table at its end."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from planparse.batch.worker import Outcome
from planparse.output.language import ENGLISH, Words

COLUMNS = ("sections", "boxes", "indicators", "responsibilities", "tasks", "commitments", "diagnostics")
PLAIN = 500
"""Rows from which on the table is plain text with TABs: rich would take seconds to measure it."""


def watch(
    outcomes: Iterable[Outcome],
    total: int,
    console: Console,
    *,
    clock: Callable[[], float] = time.monotonic,
    words: Words = ENGLISH,
) -> Iterator[Outcome]:
    """Pass outcomes on, and show the rate, the time that remains and the failures."""
    began, done, failed = clock(), 0, 0

    def pace() -> str:
        rate = done / max(clock() - began, 1e-6)
        said = words.gettext("{rate}/s, {time} left, {failed} failed" if failed else "{rate}/s, {time} left")
        return said.format(rate=f"{rate:.1f}", time=_time((total - done) / rate, words), failed=failed)

    if not console.is_terminal:
        for outcome in outcomes:
            done, failed = done + 1, failed + bool(outcome.error)
            state = words.gettext("failed ({code})" if outcome.error else "ok").format(code=outcome.code)
            took = words.gettext("{seconds} s").format(seconds=f"{outcome.seconds:.1f}")
            after = words.gettext(" ({what})").format(what=pace()) if done < total else ""
            say(console, f"{done}/{total} {outcome.path} {state} {took}{after}")
            yield outcome
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[pace]}"))
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(words.gettext("reading"), total=total, pace="")
        for outcome in outcomes:
            done, failed = done + 1, failed + bool(outcome.error)
            progress.update(task, advance=1, description=escape(Path(outcome.path).name[:40]), pace=escape(pace()))
            yield outcome


def say(console: Console, line: str) -> None:
    """A line as it is: no markup, no wrapping."""
    if console.is_terminal:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
        return
    # Where nothing is drawn rich only takes its time, three milliseconds a line.
    console.file.write(f"{line}\n")
    console.file.flush()


def show_table(outcomes: Sequence[Outcome], console: Console, *, words: Words = ENGLISH) -> None:
    """What a run gave: a line a file, counts and the share of the source's characters that are accounted for."""
    heads = [words.pgettext("column", head) for head in ("file", *COLUMNS, "coverage")]
    if len(outcomes) > PLAIN:
        for cells in (heads, *(_cells(outcome, words) for outcome in outcomes)):
            console.file.write("\t".join(cells) + "\n")
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(heads[0], overflow="fold")
    for head in heads[1:]:
        table.add_column(head, justify="right")
    for outcome in outcomes:
        name, *counts = _cells(outcome, words)
        table.add_row(escape(name), *counts)
    console.print(table)


def _cells(outcome: Outcome, words: Words) -> tuple[str, ...]:
    counts = outcome.counts or {}
    covered = "" if outcome.coverage is None else f"{outcome.coverage:.1%}"
    last = outcome.code or words.gettext("failed") if outcome.error else covered
    return (Path(outcome.path).name, *(str(counts[c]) if c in counts else "" for c in COLUMNS), last)


def _time(seconds: float, words: Words = ENGLISH) -> str:
    if seconds < 60:
        return words.gettext("{seconds} s").format(seconds=f"{seconds:.0f}")
    minutes = round(seconds / 60)
    said = words.gettext("{minutes} min" if minutes < 60 else "{hours} h {minutes} min")
    return said.format(hours=minutes // 60, minutes=minutes % 60)
