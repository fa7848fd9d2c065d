"""Bodies in tags and task rows: unknown, under a former name, run together, or not there at all."""

from collections.abc import Iterator
from itertools import pairwise

from planparse.checks.codes import diagnostic
from planparse.checks.site import FILE, Site
from planparse.models import Agency, Diagnostic, Paragraph
from planparse.structure.spans import span_of

GRACE = 1
"""Years in which a place may still follow a national reform."""


def check_agencies(site: Site) -> Iterator[Diagnostic]:
    """Names that no vocabulary has, or that went out of use, lost separators, tags and rows that name nobody."""
    facts = site.facts
    signed = site.front.signed_on or site.front.published_on
    year = int(signed[:4]) if signed else site.front.period.start if site.front.period else None
    groups: list[list[Agency]] = [[*r.lead, *r.participating] for r in facts.responsibilities]
    groups += [[*t.lead, *t.participating] for t in facts.tasks]
    for agencies in groups:
        ordered = sorted(agencies, key=lambda a: a.span.start)
        for agency in ordered:
            if agency.canonical is None and agency.kind is None:
                yield diagnostic("agency.unknown", agency.span, name=agency.name)
            if agency.renamed and year and year > agency.renamed + GRACE:
                yield diagnostic("agency.former-name", agency.span, name=agency.name, renamed=agency.renamed, year=year)
        for first, second in pairwise(ordered):
            if first.span.end == second.span.start:
                yield diagnostic("agency.separator-lost", second.span, first=first.name, second=second.name)
    for task in facts.tasks:
        if not task.lead and not task.participating and task.duplicate_of is None:
            yield diagnostic("task.no-agency", task.span, title=(task.title or task.text)[:30])
    yield from _tags(site)


def _tags(site: Site) -> Iterator[Diagnostic]:
    """Role words with a colon: those with nothing behind them, and the first where the whole text gave no tag."""
    taken = {r.span.start for r in site.facts.responsibilities}
    first: Diagnostic | None = None
    for visit in site.visits:
        node = visit.node
        if not isinstance(node, Paragraph) or visit.box or "：" not in node.text.replace(":", "：") or node.span.start in taken:
            continue
        empty = site.grammar.match(FILE, node.text, gives="empty_tag") if len(node.text) < 40 else None
        if empty:
            yield diagnostic("responsibility.no-agency", node.span, raw=node.text)
            continue
        found = next(site.grammar.find(FILE, node.text, gives="tag_word"), None) if first is None else None
        if found:
            start = node.span.start + found.start
            first = diagnostic(
                "responsibility.none", span_of(site.document, start, node.span.start + found.end), word=found.fields["word"]
            )
    if first and not site.facts.responsibilities and not site.facts.tasks:
        yield first
