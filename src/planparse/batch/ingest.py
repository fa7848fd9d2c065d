"""`planparse ingest`: files in, data out, one run or one after another."""

import signal
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from rich.console import Console

from planparse.batch.executor import Executor
from planparse.batch.inputs import Found
from planparse.batch.ledger import Ledger, open_ledger
from planparse.batch.lookout import Lookout
from planparse.batch.manifest import Given, match_manifest, read_manifest
from planparse.batch.patches import Patch, let_go, read_patches, unlaid
from planparse.batch.progress import say, show_table, watch
from planparse.batch.report import first, orphans, same_works, stale
from planparse.batch.research import write_tables
from planparse.batch.run import carry_out, plan_run, prepare
from planparse.batch.settings import Settings, settings_to_executor
from planparse.batch.worker import Outcome
from planparse.errors import PlanparseError
from planparse.output.sentences import sentence_of
from planparse.places import Place, Url, is_shared, source_of, to_place

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
    lookout: Lookout
    rows: dict[str, Given] = field(default_factory=dict)
    given: dict[str, Given] = field(default_factory=dict)
    patches: dict[str, Patch] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    total: int = 0
    problems: list[str] = field(default_factory=list)


def ingest_files(paths: Sequence[str | Path], out: str | Path, settings: Settings, *, console: Console, table: Console) -> int:
    """Read files and write their data; talk to `console`, the table to `table`; gives the exit status.

    0 where all went well, 1 where an input failed, 130 where Ctrl-C stopped it; the ledger then knows where to go on.
    """
    places, to = [to_place(path) for path in paths], to_place(out)
    lookout = Lookout(places, to, manifest=settings.manifest, corrections=settings.corrections)
    work = _Work(places, to, settings, console, lookout)
    _read_said(work)
    shared = [p for p, told in zip([*work.places, work.out], [*paths, out]) if isinstance(p, Path) and is_shared(told)]
    executor = settings_to_executor(settings, [*work.places, work.out], shared)
    interrupted = False
    try:
        work.problems = lookout.look()
        if unused := _match(work):
            say(console, _unused_to_line(unused, settings))
        if lookout.found or settings.watch:
            _ingest(work, lookout.found, executor)
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
            rows = ledger.rows()
            unread = [f for f in found if work.settings.force or f.source not in rows or rows[f.source].status != "done"]
            with executor:
                # One is needed to tell the grammar; where files are surely to be read, their readers come up beside it.
                executor.start(max(1, len(unread)))
                _pass(work, found, ledger, executor, force=work.settings.force)
                for new, said in work.lookout.changes(POLL_SECONDS) if work.settings.watch else ():
                    if said:
                        _read_again(work)
                    _match(work)
                    _pass(work, new, ledger, executor)
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            ledger.shelf.sweep({row.folder for row in ledger.rows().values()})
            raise


def _read_said(work: _Work) -> None:
    """What is said of the files: the manifest's rows and the corrections. With --watch the latter may come later."""
    settings = work.settings
    rows = read_manifest(settings.manifest) if settings.manifest else {}
    patches = read_patches(settings.corrections, later=settings.watch) if settings.corrections else {}
    work.rows, work.patches = rows, patches


def _read_again(work: _Work) -> None:
    """The same while watching: where they cannot be used now, that is told, and what was said before holds."""
    try:
        _read_said(work)
    except PlanparseError as error:
        say(work.console, sentence_of(str(error), work.settings.words))


def _match(work: _Work) -> list[str]:
    """Which of the manifest's rows is for which of the files that are there; gives those that are for none."""
    manifest = work.settings.manifest
    work.given, unused = match_manifest(work.rows, work.lookout.found, manifest.parent if manifest else Path())
    return unused


def _pass(work: _Work, found: list[Found], ledger: Ledger, executor: Executor, *, force: bool = False) -> None:
    settings, console = work.settings, work.console
    inputs, before = prepare(ledger, found)
    work.total = len({*work.outcomes, *(i.source for i in inputs)})
    run = plan_run(
        ledger, inputs, before, formats=settings.formats, grammar=executor.digest(), given=work.given, patches=work.patches,
        force=force,
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
                say(console, str(path))
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


def _is_below(one: Found, folder: Url) -> bool:
    return source_of(one.path).startswith(f"{folder}/")
