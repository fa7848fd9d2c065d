"""What a ledger tells a person: orphans, stale outputs, the same plan twice, and how a folder stands."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from planparse.batch.ledger import Ledger, Row

MOST = 20
"""Lines that one kind of finding takes at the end of a run; `planparse status` gives all."""


def orphans(ledger: Ledger, rows: Mapping[str, Row]) -> Iterator[str]:
    """Outputs whose source is gone: reported, never deleted."""
    for source, row in rows.items():
        if ledger.gone(row) and (left := ledger.stands(row)):
            yield f"{' and '.join(left)}: the source {source} is gone; delete the output, or bring the source back"


def stale(ledger: Ledger, rows: Mapping[str, Row]) -> Iterator[str]:
    """Outputs of an earlier reading whose source has failed since."""
    for source, row in rows.items():
        if row.status == "failed" and not ledger.gone(row) and (left := ledger.stands(row)):
            yield f"{' and '.join(left)}: from an earlier reading; {source} could not be read since ({row.code})"


def same_works(ledger: Ledger, rows: Mapping[str, Row], among: Collection[str] | None = None) -> Iterator[str]:
    """Files that hold the same plan; only groups with one of the sources `among`, where that is given."""
    works: dict[str, list[str]] = {}
    for source, row in rows.items():
        if row.status == "done" and row.work and not ledger.gone(row):
            works.setdefault(row.work, []).append(source)
    for work, sources in works.items():
        if len(sources) > 1 and (among is None or not set(sources).isdisjoint(among)):
            yield f"the same plan (work {work}): {', '.join(sources)}"


def first(lines: Iterator[str]) -> Iterator[str]:
    """The first lines, and how many more there are."""
    told = list(lines)
    yield from told[:MOST]
    if len(told) > MOST:
        yield f"… and {len(told) - MOST} more; planparse status names all"


def ledger_to_lines(ledger: Ledger) -> Iterator[str]:
    """How an output folder stands: counts, failures with their codes and sentences, and what needs a look."""
    rows = ledger.rows()
    states = Counter(row.status for row in rows.values())
    yield f"{len(rows)} files: " + ", ".join(f"{states[s]} {s}" for s in ("done", "failed", "waiting"))
    codes = Counter(row.code for row in rows.values() if row.status == "failed")
    for code, count in sorted(codes.items(), key=lambda c: (-c[1], str(c[0]))):
        yield f"{code}: {count}"
    for source, row in rows.items():
        if row.status == "failed":
            yield f"failed: {source} [{row.code}] {row.message}"
    for source, row in rows.items():
        if row.status == "done" and (lost := sorted(set(row.outputs) - set(ledger.stands(row)))):
            yield f"missing: {', '.join(lost)}; ingest {source} again"
    yield from (f"orphan: {line}" for line in orphans(ledger, rows))
    yield from (f"stale: {line}" for line in stale(ledger, rows))
    yield from same_works(ledger, rows)
