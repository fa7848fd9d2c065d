"""What the commands of the command line do, apart from their arguments."""

import os
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from planparse.batch.inputs import Found, find_inputs
from planparse.batch.ledger import Ledger, open_ledger, sweep, view_ledger
from planparse.batch.manifest import Given, match_manifest, read_manifest
from planparse.batch.patches import Patch, let_go, read_patches, unlaid
from planparse.batch.pool import Pool
from planparse.batch.progress import say, show_table, watch
from planparse.batch.report import first, ledger_to_lines, orphans, same_works, stale
from planparse.batch.run import carry_out, plan_run, prepare, swept_folders
from planparse.batch.worker import MEMORY, READER, RECYCLE, SECONDS, Outcome
from planparse.errors import WrongUsage
from planparse.output.language import ENGLISH, Words

if TYPE_CHECKING:
    from planparse.models import Plan

# The parent reads nothing itself, so it loads no reader, no grammar and no model: the first child is up the sooner.
INTERRUPTED = 130
POLL_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run reads; `jobs` is the number of cores where it is None, `reader` is for tests (worker.py)."""

    formats: tuple[str, ...] = ("json", "yaml")
    grammars: tuple[str, ...] = ()
    seconds: float = SECONDS
    memory: int = MEMORY
    jobs: int | None = None
    force: bool = False
    watch: bool = False
    manifest: Path | None = None
    corrections: Path | None = None
    words: Words = ENGLISH
    reader: str = READER
    recycle: int = RECYCLE


@dataclass(slots=True)
class _Tally:
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    total: int = 0
    problems: list[str] = field(default_factory=list)


def formats_of(written: str) -> tuple[str, ...]:
    """json,yaml → ("json", "yaml"). Raises WrongUsage."""
    kinds = tuple(dict.fromkeys(k.strip() for k in written.split(",") if k.strip()))
    if not kinds or any(k not in Settings().formats for k in kinds):
        raise WrongUsage(f"--format takes {' and '.join(Settings().formats)}, parted by a comma, not {written!r}")
    return kinds


def ingest_files(paths: Sequence[Path], out: Path, settings: Settings, *, console: Console, table: Console) -> int:
    """Read files and write their data; talk to `console`, the table to `table`; gives the exit status.

    0 where all went well, 1 where an input failed, 130 where Ctrl-C stopped it; the ledger then knows where to go on.
    """
    rows = read_manifest(settings.manifest) if settings.manifest else {}
    patches = read_patches(settings.corrections) if settings.corrections else {}
    folder = settings.manifest.parent if settings.manifest else Path()
    tally, interrupted = _Tally(), False
    try:
        found, tally.problems = find_inputs(paths, out=out)
        given, unused = match_manifest(rows, found, folder)
        if unused:
            say(
                console,
                f"{settings.manifest}: not among the files of this run: {', '.join(unused[:5])}{_more(len(unused) - 5)}",
            )
        if found or settings.watch:
            _ingest(found, given, patches, paths, out, settings, tally, console)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        interrupted = True
    order = sorted(tally.outcomes.values(), key=lambda o: o.path) if settings.watch else list(tally.outcomes.values())
    if order:
        show_table(order, table, words=settings.words)
    problems = [*tally.problems, *(o.error for o in order if o.error)]
    for problem in problems:
        say(console, problem)
    if interrupted:
        say(console, f"stopped after {len(order)} of {tally.total} files; the same command goes on where it stopped")
        return INTERRUPTED
    return 1 if problems else 0


def _ingest(
    found: list[Found],
    given: dict[str, Given],
    patches: dict[str, Patch],
    paths: Sequence[Path],
    out: Path,
    settings: Settings,
    tally: _Tally,
    console: Console,
) -> None:
    jobs = settings.jobs or len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1))
    pool = Pool(
        jobs,
        seconds=settings.seconds,
        memory=settings.memory,
        grammars=settings.grammars,
        reader=settings.reader,
        recycle=settings.recycle,
    )
    with open_ledger(out) as ledger:
        try:
            with pool:
                pool.start(1)
                _pass(found, given, patches, ledger, pool, settings, tally, console)
                for new in _arrivals(paths, out, found) if settings.watch else ():
                    _pass(new, given, patches, ledger, pool, settings, tally, console)
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            sweep(swept_folders(ledger, (), ledger.rows()))
            raise


def _pass(
    found: list[Found],
    given: dict[str, Given],
    patches: dict[str, Patch],
    ledger: Ledger,
    pool: Pool,
    settings: Settings,
    tally: _Tally,
    console: Console,
) -> None:
    inputs, rows = prepare(ledger, found)
    tally.total = len({*tally.outcomes, *(i.source for i in inputs)})
    run = plan_run(
        ledger, inputs, rows,
        formats=settings.formats, grammar=pool.digest(), given=given, patches=patches, force=settings.force,
    )  # fmt: skip
    pool.start(len(run.jobs))
    sources = {str(i.path): i.source for i in inputs}
    tally.outcomes |= {sources[o.path]: o for o in run.current}
    if run.current:
        say(console, f"{len(run.current)}/{len(inputs)} current, not read again (--force reads them)")
    try:
        for outcome in watch(carry_out(run, pool, ledger), len(run.jobs), console):
            tally.outcomes[sources[outcome.path]] = outcome
    finally:  # In the order of the inputs, not of their ends.
        tally.outcomes |= {i.source: tally.outcomes.pop(i.source) for i in inputs if i.source in tally.outcomes}
    before, rows = rows, ledger.rows()
    told = (let_go(before, rows), unlaid(patches, rows))
    for lines in (orphans(ledger, rows), stale(ledger, rows), same_works(rows, set(sources.values())), *told):
        for line in first(lines):
            say(console, line)


def _arrivals(paths: Sequence[Path], out: Path, found: Sequence[Found]) -> Iterator[list[Found]]:
    """Files that are new or changed, looked for again and again; one that still grows is left for the next look."""
    known = {f.source: _stamp(f.path) for f in found}
    before: dict[str, tuple[int, int]] = {}
    while True:
        time.sleep(POLL_SECONDS)
        seen = {f.source: (f, _stamp(f.path)) for f in find_inputs(paths, out=out)[0]}
        settled = [f for source, (f, stamp) in seen.items() if known.get(source) != stamp == before.get(source)]
        before = {source: stamp for source, (_, stamp) in seen.items()}
        known |= {f.source: before[f.source] for f in settled}
        if settled:
            yield settled


def _stamp(path: Path) -> tuple[int, int]:
    try:
        told = path.stat()
    except OSError:
        return (0, 0)
    return (told.st_mtime_ns, told.st_size)


def _more(count: int) -> str:
    return f" and {count} more" if count > 0 else ""


def status_lines(out: Path) -> Iterator[str]:
    """How the outputs in a folder stand, by its ledger."""
    with view_ledger(out) as ledger:
        yield from ledger_to_lines(ledger)


def open_plan(file: Path, grammars: Sequence[Path], *, password: str | None = None) -> "Plan":
    """A plan from its JSON, or read from a source."""
    from planparse.grammar import load_grammar
    from planparse.output.json_yaml import load
    from planparse.pipeline import parse

    if file.suffix.lower() == ".json":
        return load(file)
    return parse(file, grammar=load_grammar(*grammars), password=password)
