"""How far a run is, on stderr: a bar on a terminal and plain lines elsewhere; and the table at its end."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from planparse.batch.worker import Outcome
from planparse.output.language import ENGLISH, Words
from planparse.output.sentences import printable

COLUMNS = ("sections", "boxes", "indicators", "responsibilities", "tasks", "commitments", "diagnostics")
PLAIN = 500
"""Rows from which on the table is plain text with TABs: it is for programs, not for eyes."""
GAP = 2


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
            progress.update(task, advance=1, description=escape(printable(Path(outcome.path).name[:40])), pace=escape(pace()))
            yield outcome


def say(console: Console, line: str) -> None:
    """A line as it is: no markup, no wrapping."""
    line = printable(line)
    if console.is_terminal:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
        return
    # Where nothing is drawn rich only takes its time, three milliseconds a line.
    console.file.write(f"{line}\n")
    console.file.flush()


def show_table(outcomes: Sequence[Outcome], console: Console, *, words: Words = ENGLISH) -> None:
    """What a run gave: a line a file, counts and the share of the source's characters that are accounted for."""
    rows = [tuple(words.pgettext("column", head) for head in ("file", *COLUMNS, "coverage"))]
    rows += (_cells(outcome, words) for outcome in outcomes)
    if len(outcomes) > PLAIN:
        console.file.writelines("\t".join(cells) + "\n" for cells in rows)
        return
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    if console.is_terminal and sum(widths) + GAP * len(COLUMNS) + GAP > console.width:
        console.print(_folded(rows))
        return
    lines = [
        (" " * GAP).join((name + " " * (widths[0] - cell_len(name)), *map(_right, counts, widths[1:])))
        for name, *counts in rows
    ]
    # Not with rich's table, which takes two milliseconds a row to lay it out.
    if console.is_terminal:
        console.print(Text.assemble((lines[0], "dim"), *(f"\n{line}" for line in lines[1:])), soft_wrap=True)
    else:
        console.file.writelines(f"{line}\n" for line in lines)


def _right(word: str, width: int) -> str:
    return " " * (width - cell_len(word)) + word


def _folded(rows: Sequence[Sequence[str]]) -> Table:
    """The table for a terminal that is narrower than it: names are folded."""
    (first, *heads), *body = rows
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(first, overflow="fold")
    for head in heads:
        table.add_column(head, justify="right")
    for name, *counts in body:
        table.add_row(escape(name), *counts)
    return table


def _cells(outcome: Outcome, words: Words) -> tuple[str, ...]:
    counts = outcome.counts or {}
    covered = "" if outcome.coverage is None else f"{outcome.coverage:.1%}"
    last = outcome.code or words.gettext("failed") if outcome.error else covered
    return (printable(Path(outcome.path).name), *(str(counts[c]) if c in counts else "" for c in COLUMNS), last)


def _time(seconds: float, words: Words = ENGLISH) -> str:
    if seconds < 60:
        return words.gettext("{seconds} s").format(seconds=f"{seconds:.0f}")
    minutes = round(seconds / 60)
    said = words.gettext("{minutes} min" if minutes < 60 else "{hours} h {minutes} min")
    return said.format(hours=minutes // 60, minutes=minutes % 60)
