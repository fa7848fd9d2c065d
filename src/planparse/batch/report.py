"""What a ledger tells a person: orphans, stale outputs, the same plan twice, and how a folder stands."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from planparse.batch.ledger import Ledger, Row
from planparse.output.language import ENGLISH, Words
from planparse.output.sentences import sentence_of

MOST = 20
"""Lines that one kind of finding takes at the end of a run; `planparse status` gives all."""
NAMED = 5
"""Files of one plan that such a line names."""


def orphans(ledger: Ledger, rows: Mapping[str, Row], words: Words = ENGLISH) -> Iterator[str]:
    """Outputs whose source is gone: reported, never deleted."""
    said = words.gettext("{outputs}: the source {source} is gone; delete the output, or bring the source back")
    for source, row in rows.items():
        if ledger.gone(row) and (left := ledger.stands(row)):
            yield said.format(outputs=_all_of(left, words), source=source)


def stale(ledger: Ledger, rows: Mapping[str, Row], words: Words = ENGLISH) -> Iterator[str]:
    """Outputs of an earlier reading whose source has failed since."""
    said = words.gettext("{outputs}: from an earlier reading; {source} could not be read since ({code})")
    for source, row in rows.items():
        if row.status == "failed" and not ledger.gone(row) and (left := ledger.stands(row)):
            yield said.format(outputs=_all_of(left, words), source=source, code=row.code)


def same_works(
    ledger: Ledger, rows: Mapping[str, Row], among: Collection[str] | None = None, *, words: Words = ENGLISH
) -> Iterator[str]:
    """Files that hold the same plan; only groups with one of the sources `among`, where that is given."""
    works: dict[str, list[str]] = {}
    for source, row in rows.items():
        if row.status == "done" and row.work and not ledger.gone(row):
            works.setdefault(row.work, []).append(source)
    all_of, most = (
        words.gettext("the same plan (work {work}): {sources}"),
        words.gettext("the same plan (work {work}): {sources} and {count} more"),
    )
    for work, sources in works.items():
        if len(sources) > 1 and (among is None or not set(sources).isdisjoint(among)):
            # At the end of a run it is one line of a few names; `planparse status` names all.
            named = sources if among is None or len(sources) <= NAMED else sources[:NAMED]
            said = all_of if len(named) == len(sources) else most
            yield said.format(work=work, sources=words.pgettext("between", ", ").join(named), count=len(sources) - len(named))


def first(lines: Iterator[str], words: Words = ENGLISH) -> Iterator[str]:
    """The first lines, and how many more there are."""
    told = list(lines)
    yield from told[:MOST]
    if len(told) > MOST:
        yield words.gettext("… and {count} more; planparse status names all").format(count=len(told) - MOST)


def ledger_to_lines(ledger: Ledger, words: Words = ENGLISH) -> Iterator[str]:
    """How an output folder stands: counts, failures with their codes and sentences, and what needs a look."""
    rows = ledger.rows()
    states = Counter(row.status for row in rows.values())
    head = words.gettext("{count} files: {done} done, {failed} failed, {waiting} waiting")
    yield head.format(count=len(rows), **{state: states[state] for state in ("done", "failed", "waiting")})
    codes = Counter(row.code for row in rows.values() if row.status == "failed")
    colon = words.pgettext("between", ": ")
    for code, count in sorted(codes.items(), key=lambda c: (-c[1], str(c[0]))):
        yield f"{code}{colon}{count}"
    failed, missing = (
        words.gettext("failed: {source} [{code}] {message}"),
        words.gettext("missing: {outputs}; ingest {source} again"),
    )
    for source, row in rows.items():
        if row.status == "failed":
            yield failed.format(source=source, code=row.code, message=sentence_of(row.message or "", words))
    for source, row in rows.items():
        if row.status == "done" and (lost := sorted(set(row.outputs) - set(ledger.stands(row)))):
            yield missing.format(outputs=words.pgettext("between", ", ").join(lost), source=source)
    yield from (words.gettext("orphan: {line}").format(line=line) for line in orphans(ledger, rows, words))
    yield from (words.gettext("stale: {line}").format(line=line) for line in stale(ledger, rows, words))
    yield from same_works(ledger, rows, words=words)


def _all_of(names: Sequence[str], words: Words) -> str:
    return words.pgettext("between", " and ").join(names)
