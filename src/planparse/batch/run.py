"""A run of `ingest`: what is current is skipped, the rest is read side by side, and each outcome is in the ledger at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from planparse.batch.executor import Executor
from planparse.batch.inputs import Found, Input, name_inputs
from planparse.batch.ledger import Ledger, Row, finish
from planparse.batch.manifest import Given
from planparse.batch.patches import Patch, patch_digest
from planparse.batch.worker import Job, Outcome
from planparse.places import digest, to_place
from planparse.version import __version__


@dataclass(frozen=True, slots=True)
class Run:
    """The files of a run, named: those whose outputs are current, with what the ledger holds of them, and those to read."""

    current: tuple[Outcome, ...]
    jobs: tuple[Job, ...]
    rows: Mapping[str, Row]
    formats: tuple[str, ...]


def prepare(ledger: Ledger, found: Sequence[Found]) -> tuple[list[Input], dict[str, Row]]:
    """Fix the names of all files, before the first is read, and clear away what killed runs left.

    A file that stands elsewhere now, same name and same bytes, keeps its row. Rows of files that are gone and left
    nothing are dropped. Gives the inputs and all rows by source.
    """
    ledger.look(one.source for one in found)
    rows = ledger.rows()
    gone = {source: row for source, row in rows.items() if ledger.gone(row)}
    named = {(Path(s).name, row.sha256): s for s, row in gone.items() if row.sha256}
    known = {name for name, _ in named}
    for one in (f for f in found if f.path.name in known and f.source not in rows):
        if before := named.pop((one.path.name, digest(one.path) or ""), None):
            ledger.move(before, one.source)
            gone.pop(before)
    ledger.forget(source for source, row in gone.items() if not ledger.stands(row))
    rows = ledger.rows()
    inputs = name_inputs(found, held={s: (r.folder, r.name) for s, r in rows.items()})
    ledger.reserve(inputs, rows)
    rows = ledger.rows()
    ledger.shelf.sweep({row.folder for row in rows.values()})
    return inputs, rows


def plan_run(
    ledger: Ledger,
    inputs: Sequence[Input],
    rows: Mapping[str, Row],
    *,
    formats: tuple[str, ...],
    grammar: str,
    given: Mapping[str, Given],
    patches: Mapping[str, Patch] | None = None,
    force: bool = False,
) -> Run:
    """Tell the files that are to be read from those whose outputs are current.

    Current: read well, by this grammar and this version, with the same words of the manifest and the same corrections
    (`patches`, by the sha256 of the source), from the same bytes, and all outputs that are asked for stand. What a
    manifest once gave holds until another says otherwise; corrections hold only in the runs that name them.
    """
    current: list[Outcome] = []
    jobs: list[Job] = []
    for one in inputs:
        row = rows[one.source]
        told = asdict(given[one.source]) if one.source in given else row.given
        sha256 = _digest(one, row) if patches or row.corrections else None
        patch = patches.get(sha256) if patches and sha256 else None
        made = (row.status, row.grammar, row.planparse, row.given, row.corrections)
        stands = ledger.stands(row)
        wanted = {str(one.folder / f"{one.name}.{kind}") for kind in formats}
        if (
            not force
            and made == ("done", grammar, __version__, told, patch and patch.digest)
            and wanted <= set(stands)
            and row.sha256 == (sha256 or _digest(one, row))
        ):
            current.append(_row_to_outcome(str(one.path), row))
            continue
        # An output in a format that is not asked for now is written anew too: the files of one plan never disagree.
        kinds = (*formats, *(k for k in row.formats if k not in formats and f"{one.folder / one.name}.{k}" in stands))
        said = patch.corrections if patch else None
        jobs.append(Job(str(one.path), str(ledger.out / one.folder), one.name, kinds, told or None, said, one.tag))
    return Run(tuple(current), tuple(jobs), {str(i.path): rows[i.source] for i in inputs}, formats)


def carry_out(run: Run, executor: Executor, ledger: Ledger) -> Iterator[Outcome]:
    """Read what is to be read; each outcome is given after it is in the ledger, and that after its outputs stand."""
    jobs = {job.path: job for job in run.jobs}
    for outcome in executor.run(run.jobs):
        row = outcome_to_row(outcome, run.rows[outcome.path], jobs[outcome.path])
        ledger.shelf.note(row.outputs)
        ledger.put([row])
        yield outcome


def outcome_to_row(outcome: Outcome, row: Row, job: Job) -> Row:
    """The row of a file after it was read. Where that failed, the outputs of an earlier reading stay named in it."""
    seconds = round(outcome.seconds, 3)
    if outcome.error:
        return finish(
            row, status="failed", code=outcome.code, message=outcome.error, seconds=seconds, peak=outcome.peak,
            sha256=digest(place) if isinstance(place := to_place(job.path), Path) else None, tag=job.tag, grammar=outcome.grammar, planparse=__version__, work=None, counts={}, coverage=None,
        )  # fmt: skip
    return finish(
        row, status="done", code=None, message=None, seconds=seconds, peak=outcome.peak, sha256=outcome.sha256, tag=job.tag,
        grammar=outcome.grammar, planparse=outcome.planparse, work=outcome.work, counts=outcome.counts or {},
        coverage=outcome.coverage, formats=job.formats, given=job.given or {},
        outputs=tuple(str(Path(row.folder) / f"{row.name}.{kind}") for kind in job.formats),
        corrections=patch_digest(job.corrections) if job.corrections else None,
    )  # fmt: skip


def _digest(one: Input, row: Row) -> str | None:
    """The sha256 of an input; what its row says where its store gives its bytes the same tag still."""
    return row.sha256 if one.tag is not None and one.tag == row.tag else digest(one.path)


def _row_to_outcome(path: str, row: Row) -> Outcome:
    return Outcome(
        path, counts=dict(row.counts), coverage=row.coverage, sha256=row.sha256, grammar=row.grammar,
        planparse=row.planparse, work=row.work, skipped=True,
    )  # fmt: skip
