"""`planparse ingest`: files in, data out, one run or one after another."""

import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from planparse.batch.executor import Executor
from planparse.batch.inputs import Found, find_inputs
from planparse.batch.ledger import Ledger, open_ledger
from planparse.batch.manifest import Given, match_manifest, read_manifest
from planparse.batch.patches import Patch, let_go, read_patches, unlaid
from planparse.batch.places import Place, Url, is_shared, source_of, stat, to_place
from planparse.batch.progress import say, show_table, watch
from planparse.batch.report import first, orphans, same_works, stale
from planparse.batch.research import write_tables
from planparse.batch.run import carry_out, plan_run, prepare
from planparse.batch.settings import Settings, settings_to_executor
from planparse.batch.worker import Outcome
from planparse.errors import PlanparseError
from planparse.output.sentences import sentence_of

# The parent reads nothing itself, so it loads no reader, no grammar and no model: the first child is up the sooner.
INTERRUPTED = 130
POLL_SECONDS = 1.0


@dataclass(slots=True)
class _Work:
    """What a run is told, and what has become of its files so far."""

    places: list[Place]
    out: Place
    settings: Settings
    console: Console
    given: dict[str, Given] = field(default_factory=dict)
    patches: dict[str, Patch] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    total: int = 0
    problems: list[str] = field(default_factory=list)


def ingest_files(paths: Sequence[str | Path], out: str | Path, settings: Settings, *, console: Console, table: Console) -> int:
    """Read files and write their data; talk to `console`, the table to `table`; gives the exit status.

    0 where all went well, 1 where an input failed, 130 where Ctrl-C stopped it; the ledger then knows where to go on.
    """
    work = _Work([to_place(path) for path in paths], to_place(out), settings, console)
    rows = read_manifest(settings.manifest) if settings.manifest else {}
    work.patches = read_patches(settings.corrections) if settings.corrections else {}
    shared = [p for p, told in zip([*work.places, work.out], [*paths, out]) if isinstance(p, Path) and is_shared(told)]
    executor = settings_to_executor(settings, [*work.places, work.out], shared)
    interrupted = False
    try:
        found, work.problems = find_inputs(work.places, out=work.out)
        work.given, unused = match_manifest(rows, found, settings.manifest.parent if settings.manifest else Path())
        if unused:
            say(console, _unused_to_line(unused, settings))
        if found or settings.watch:
            _ingest(work, found, executor)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        interrupted = True
    order = sorted(work.outcomes.values(), key=lambda o: o.path) if settings.watch else list(work.outcomes.values())
    if order:
        show_table(order, table, words=settings.words)
    problems = [*work.problems, *(o.error for o in order if o.error)]
    for problem in problems:
        say(console, sentence_of(problem, settings.words))
    if interrupted:
        stopped = settings.words.gettext("stopped after {count} of {all} files; the same command goes on where it stopped")
        say(console, stopped.format(count=len(order), all=work.total))
        return INTERRUPTED
    return 1 if problems else 0


def _ingest(work: _Work, found: list[Found], executor: Executor) -> None:
    with open_ledger(work.out, file=work.settings.ledger) as ledger:
        ledger.look((), listed=[p for p in work.places if isinstance(p, Url) and any(_is_below(f, p) for f in found)])
        try:
            with executor:
                executor.start(1)
                _pass(work, found, ledger, executor)
                for new in _arrivals(work, found) if work.settings.watch else ():
                    _pass(work, new, ledger, executor)
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            ledger.shelf.sweep({row.folder for row in ledger.rows().values()})
            raise


def _pass(work: _Work, found: list[Found], ledger: Ledger, executor: Executor) -> None:
    settings, console = work.settings, work.console
    inputs, before = prepare(ledger, found)
    work.total = len({*work.outcomes, *(i.source for i in inputs)})
    run = plan_run(
        ledger, inputs, before, formats=settings.formats, grammar=executor.digest(), given=work.given, patches=work.patches,
        force=settings.force,
    )  # fmt: skip
    if settings.password is not None:
        run = replace(run, jobs=tuple(replace(job, password=settings.password) for job in run.jobs))
    executor.start(len(run.jobs))
    sources = {str(i.path): i.source for i in inputs}
    work.outcomes |= {sources[o.path]: o for o in run.current}
    if run.current:
        current = settings.words.gettext("{count}/{all} current, not read again (--force reads them)")
        say(console, current.format(count=len(run.current), all=len(inputs)))
    try:
        for outcome in watch(carry_out(run, executor, ledger), len(run.jobs), console, words=settings.words):
            work.outcomes[sources[outcome.path]] = outcome
    finally:  # In the order of the inputs, not of their ends.
        work.outcomes |= {i.source: work.outcomes.pop(i.source) for i in inputs if i.source in work.outcomes}
    rows = ledger.rows()
    words = settings.words
    told = (let_go(before, rows, words), unlaid(work.patches, rows, words))
    twice = same_works(ledger, rows, set(sources.values()), words=words)
    for lines in (orphans(ledger, rows, words), stale(ledger, rows, words), twice, *told):
        for line in first(lines, words):
            say(console, line)
    if settings.tables:
        try:
            for path in write_tables(ledger, settings.tables):
                say(console, path)
        except PlanparseError as error:
            work.problems.append(f"no tables: {error}")


def _unused_to_line(unused: Sequence[str], settings: Settings) -> str:
    """The rows of a manifest that are for none of the files."""
    words, named = settings.words, ", ".join(unused[:5])
    if len(unused) <= 5:
        said = words.gettext("{manifest}: not among the files of this run: {names}")
    else:
        said = words.gettext("{manifest}: not among the files of this run: {names} and {count} more")
    return said.format(manifest=settings.manifest, names=named, count=len(unused) - 5)


def _arrivals(work: _Work, found: Sequence[Found]) -> Iterator[list[Found]]:
    """Files that are new or changed, looked for again and again; one that still grows is left for the next look."""
    known = {f.source: _stamp(f) for f in found}
    before: dict[str, Any] = {}
    while True:
        time.sleep(POLL_SECONDS)
        seen = {f.source: (f, _stamp(f)) for f in find_inputs(work.places, out=work.out)[0]}
        settled = [f for source, (f, stamp) in seen.items() if known.get(source) != stamp == before.get(source)]
        before = {source: stamp for source, (_, stamp) in seen.items()}
        known |= {f.source: before[f.source] for f in settled}
        if settled:
            yield settled


def _stamp(one: Found) -> Any:
    """What changes when a file does."""
    if isinstance(one.path, Url):
        told = None if one.tag else stat(one.path)
        return one.tag or (told and (told.get("size"), str(told.get("mtime") or told.get("created"))))
    try:
        seen = one.path.stat()
    except OSError:
        return (0, 0)
    return (seen.st_mtime_ns, seen.st_size)


def _is_below(one: Found, folder: Url) -> bool:
    return source_of(one.path).startswith(f"{folder}/")
