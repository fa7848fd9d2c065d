"""Tree + facts → diagnostics: what is wrong with the plan, or with the reading of it. Every code stands in CODES."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

from planparse.document import Document
from planparse.facts.collect import Facts
from planparse.grammar import Grammar
from planparse.models import Agency, Box, Diagnostic, FrontMatter, Node, Section, Span
from planparse.models.facts import Fact
from planparse.models.plan import Severity
from planparse.numerals import to_int
from planparse.structure.walk import Tree, walk

CODES: Mapping[str, tuple[Severity, str]] = {
    "numbering.missing": ("warning", "{number}{title} comes after {before}: a number between them is missing"),
    "numbering.doubled": ("warning", "{number}{title} has the number of the heading before it"),
    "numbering.order": ("warning", "{number}{title} comes after {before}: the numbers do not rise"),
    "numbering.late-start": ("warning", "{number}{title} opens its series, and not at 1"),
    "numbering.implied": ("warning", "{title} lost its number; its neighbours say {number}"),
    "paragraph.break-lost": ("warning", "{title} opens in the middle of a paragraph: a paragraph break was lost"),
    "contents.no-section": ("warning", "the contents name {title}, and no heading has that number and title"),
    "contents.unlisted": ("info", "{title} stands in the body and not in the contents"),
    "title.not-printed": ("warning", "no title is printed; {title} is what the plan calls itself"),
    "title.none": ("warning", "no title was found"),
    "document.no-sections": ("warning", "no heading was found; this may be no plan"),
    "box.number-skipped": ("warning", "box {number} comes after box {before}"),
    "indicator.no-target": ("warning", "{name} has no target"),
    "agency.unknown": ("info", "{name} is in no list of agencies"),
    "agency.separator-lost": ("info", "the separator between {first} and {second} was lost"),
    "front.region-from-manifest": ("info", "the plan names no region; {region} is the manifest's word"),
    "text.repaired": ("info", "{count} code points that a font left behind were put right one for one"),
    "pages.without-text": ("warning", "pages {pages} are pictures without text; they were not read"),
}


def collect_diagnostics(document: Document, tree: Tree, front: FrontMatter, facts: Facts, grammar: Grammar) -> list[Diagnostic]:
    """The doubts about a plan, in the order of their places; those of the whole document first."""
    del grammar
    found = [
        *_whole(document, tree, front),
        *(d for nodes in _siblings(tree.nodes) for d in _numbering(nodes)),
        *_lost_breaks(document, tree),
        *_contents(tree),
        *_boxes(tree),
        *_facts(document, facts),
    ]
    return sorted(found, key=lambda d: (d.span.start if d.span else -1, d.code))


def diagnostic(code: str, span: Span | None = None, **values: str | int | float) -> Diagnostic:
    """A diagnostic by its code, its template filled with `values`."""
    severity, template = CODES[code]
    return Diagnostic(code=code, severity=severity, values=values, message=template.format(**values), span=span)


def _whole(document: Document, tree: Tree, front: FrontMatter) -> Iterator[Diagnostic]:
    if not any(isinstance(v.node, Section) for v in walk(tree.body)):
        yield diagnostic("document.no-sections")
    if front.title is None:
        yield diagnostic("title.none")
    elif front.spans.get("title") and all(s.start >= _front_end(tree) for s in front.spans["title"]):
        yield diagnostic("title.not-printed", front.spans["title"][0], title=front.title)
    if document.repaired:
        yield diagnostic("text.repaired", count=document.repaired)
    pages = document.metadata.get("pages_without_text")
    if pages:
        yield diagnostic("pages.without-text", pages=pages)


def _front_end(tree: Tree) -> int:
    return tree.front[-1].span.end if tree.front else 0


def _siblings(nodes: Sequence[Node]) -> Iterator[list[Section]]:
    """The sections under each parent, parents before children."""
    own = [n for n in nodes if isinstance(n, Section)]
    if own:
        yield own
    for node in nodes:
        if not isinstance(node, Section):
            content = getattr(node, "content", None)
            if content:
                yield from _siblings(content)
        else:
            yield from _siblings(node.content)


def _numbering(sections: Sequence[Section]) -> Iterator[Diagnostic]:
    """Breaks in the numbers of siblings; series of one rule are held against each other."""
    last: dict[str, Section] = {}
    for section in sections:
        if section.implied_number:
            yield diagnostic("numbering.implied", section.span, title=section.title, number=section.implied_number)
        if section.ordinal is None or section.rule is None:
            continue
        before = last.get(section.rule)
        last[section.rule] = section
        about = {"number": section.number or section.implied_number or "", "title": section.title}
        if before is None or before.ordinal is None:
            continue
        printed = before.number or before.implied_number or ""
        step = section.ordinal - before.ordinal
        if step > 1:
            yield diagnostic("numbering.missing", section.span, **about, before=printed)
        elif step == 0:
            yield diagnostic("numbering.doubled", section.span, **about)
        elif step < 0:
            yield diagnostic("numbering.order", section.span, **about, before=printed)


def _lost_breaks(document: Document, tree: Tree) -> Iterator[Diagnostic]:
    starts = {line.start for line in document.lines}
    for visit in walk(tree.body):
        node = visit.node
        if isinstance(node, Section) and node.run_in and node.span.start not in starts:
            yield diagnostic("paragraph.break-lost", node.span, title=node.title)


def _contents(tree: Tree) -> Iterator[Diagnostic]:
    entries = tree.contents
    if not entries:
        return
    for entry in entries:
        if entry.section is None and entry.number:
            yield diagnostic("contents.no-section", entry.span, title=f"{entry.number}{entry.title}")
    named = {e.section for e in entries}
    levels = {e.level for e in entries if e.section}
    for visit in walk(tree.body):
        node = visit.node
        if isinstance(node, Section) and not node.run_in and node.level in levels and node.id not in named and not visit.annex:
            yield diagnostic("contents.unlisted", node.span, title=f"{node.number}{node.title}")


def _boxes(tree: Tree) -> Iterator[Diagnostic]:
    before = 0
    for visit in walk(tree.body):
        node = visit.node
        number = to_int(node.number) if isinstance(node, Box) and node.number else None
        if number is None:
            continue
        if before and number > before + 1:
            yield diagnostic("box.number-skipped", node.span, number=number, before=before)
        before = number


def _facts(document: Document, facts: Facts) -> Iterator[Diagnostic]:
    for indicator in facts.indicators:
        roles = {v.role for v in indicator.values}
        if "target" not in roles and "actual" not in roles:
            yield diagnostic("indicator.no-target", indicator.span, name=indicator.name)
    groups: list[list[Agency]] = [[*r.lead, *r.participating] for r in facts.responsibilities]
    groups += [[*t.lead, *t.participating] for t in facts.tasks]
    for agencies in groups:
        ordered = sorted(agencies, key=lambda a: a.span.start)
        for agency in ordered:
            if agency.canonical is None and agency.kind is None:
                yield diagnostic("agency.unknown", agency.span, name=agency.name)
        for first, second in pairwise(ordered):
            if not document.text[first.span.end : second.span.start] and first.span.end == second.span.start:
                yield diagnostic("agency.separator-lost", second.span, first=first.name, second=second.name)


F = TypeVar("F", bound=Fact)


def flag_facts(facts: Facts, diagnostics: Sequence[Diagnostic]) -> Facts:
    """The facts, each with the codes of the diagnostics that stand within its span."""
    places = sorted((d.span.start, d.span.end, d.code) for d in diagnostics if d.span is not None)

    def flagged(rows: list[F]) -> list[F]:
        made = []
        for row in rows:
            first = bisect_left(places, (row.span.start,))
            last = bisect_left(places, (row.span.end + 1,))
            codes = sorted({c for _, end, c in places[first:last] if end <= row.span.end})
            made.append(row.model_copy(update={"flags": codes}) if codes else row)
        return made

    return replace(
        facts,
        indicators=flagged(facts.indicators),
        responsibilities=flagged(facts.responsibilities),
        tasks=flagged(facts.tasks),
        commitments=flagged(facts.commitments),
        projects=flagged(facts.projects),
        citations=flagged(facts.citations),
        glossary=flagged(facts.glossary),
    )
