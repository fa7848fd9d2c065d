"""Tags that say who answers → responsibilities: （牵头部门：A；参与部门：B）, （A牵头，B、C按职责分工负责）, 责任单位：A.

`passage → tags (places of brackets and lines) → duties (roles and names)`; a passage is a paragraph, a heading or a line
of a cell.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from planparse.document import BLANKS, CELL_BREAK, Document
from planparse.facts.agency_cuts import BRACKETS
from planparse.facts.agency_names import OPENERS
from planparse.facts.duties import Duty, DutySite, document_to_site, place_to_bare, place_to_duty
from planparse.grammar import Grammar
from planparse.models import Paragraph, Period, Responsibility, Section, Table
from planparse.models.facts import AgencyLevel
from planparse.structure.spans import span_of
from planparse.structure.walk import Tree, Visit

TAG_OPENERS = "（([【〔［{｛"
ENDS = "。！？!?；;"
LABEL_ENDS = "：:】］〕"
OPENS_TAG = re.compile(f"[{re.escape(TAG_OPENERS)}]")
ENDS_LABEL = re.compile(f"[{re.escape(LABEL_ENDS)}]")
SIGN = re.compile(f"[{re.escape(TAG_OPENERS + LABEL_ENDS)}]")
"""A passage without one holds no tag."""
BODY_ENDS = tuple("门位构局委办厅部室心会司团院校班组关者方企业等")
"""成员单位（市水务局、市财政局）。: what such words end explains who is meant, and is no task."""
LONGEST_TAG = 2000

Bracket = tuple[int, int, bool]
"""Where a bracket opens, where it ends, and whether it is closed there."""


class _Tag(NamedTuple):
    start: int
    end: int
    duty: Duty
    alone: bool
    place: str | None = None
    duplicate_of: str | None = None


def collect_responsibilities(
    tree: Tree,
    document: Document,
    grammar: Grammar,
    *,
    region_level: AgencyLevel | None = None,
    region: str | None = None,
    period: Period | None = None,
) -> list[Responsibility]:
    """Every tag in the body, in document order; `section` is the section that the tag's paragraph stands in.

    Guarantees:
    1. `raw` is `document.text[span.start:span.end]`, brackets included; tags do not overlap.
    2. Roles that the page prints have basis `stated`; only 责任单位, or all 负责 jointly: every name in `lead`, basis
       `joint` (one name: `sole`), unless the document says that the first body named has the lead (`rule`).
    3. A bracket in running text is a tag only where every name in it has an agency's make.
    4. A tag on a line of its own below the last of several run-in items, of which none has a tag, is that of the whole
       list: `section` is the heading over the items.
    """
    site = document_to_site(document, grammar, level=region_level, region=region, period=period)
    tags: list[_Tag] = []
    for visit in tree.body_visits:
        for start, end, place in visit_to_passages(visit, document):
            for tag in passage_to_tags(start, end, site, named=place is not None):
                made = tag._replace(place=place, duplicate_of=_first_printing(visit))
                joined = _join(tags[-1], made, document.text) if tags else None
                if joined:
                    tags[-1] = joined
                else:
                    tags.append(made)
    tags = _for_whole_lists([tag for tag in tags if tag.duty.lead or tag.duty.participating], tree)
    return [
        Responsibility(
            id=f"resp-{number}",
            section=tag.place,
            rule=tag.duty.rule,
            span=span_of(document, tag.start, tag.end),
            duplicate_of=tag.duplicate_of,
            lead=list(tag.duty.lead),
            participating=list(tag.duty.participating),
            open_ended=tag.duty.open_ended,
            basis=tag.duty.basis,
            deadline=tag.duty.deadline,
            persons=list(tag.duty.persons),
            raw=document.text[tag.start : tag.end],
        )
        for number, tag in enumerate(tags, 1)
    ]


def _for_whole_lists(tags: list[_Tag], tree: Tree) -> list[_Tag]:
    """The tags, those that close a list of items moved from the last item to the heading over all."""
    if not any(tag.alone for tag in tags):
        return tags
    above: dict[str, str] = {}
    items: dict[str, list[str]] = {}
    for visit in tree.body_visits:
        if isinstance(visit.node, Section) and visit.node.run_in and visit.section:
            above[visit.node.id] = visit.section.id
            items.setdefault(visit.section.id, []).append(visit.node.id)
    places = Counter(tag.place for tag in tags)
    made = []
    for tag in tags:
        heading = above.get(tag.place or "") if tag.alone else None
        series = items[heading] if heading else []
        whole = len(series) > 1 and series[-1] == tag.place and sum(places[item] for item in series) == 1
        made.append(tag._replace(place=heading) if whole else tag)
    return made


def visit_to_passages(visit: Visit, document: Document) -> Iterator[tuple[int, int, str | None]]:
    """The stretches of text in which tags may stand: paragraphs, headings on a line of their own, lines of cells."""
    node = visit.node
    if isinstance(node, Paragraph):
        yield node.span.start, node.span.end, visit.place
    elif isinstance(node, Section) and not node.run_in:
        yield node.span.start, node.span.end, node.id
    elif isinstance(node, Table):
        place = visit.place
        for cell in (cell for row in node.rows for cell in row):
            at = cell.span.start
            for line in document.text[at : cell.span.end].replace(CELL_BREAK, "\n").split("\n"):
                yield at, at + len(line), place
                at += len(line) + 1


def passage_to_tags(start: int, end: int, site: DutySite, *, named: bool = True) -> list[_Tag]:
    """The tags of one passage: brackets first, then role words with a colon outside brackets."""
    text = site.text[start:end]
    tags: list[_Tag] = []
    if not SIGN.search(text):
        return tags
    brackets = top_brackets(text)
    for a, b, closed in brackets:
        inner = (start + a + 1, start + b - closed)
        if b - a > LONGEST_TAG:
            continue
        before, after = text[:a].rstrip(BLANKS)[-1:], text[b:].lstrip(BLANKS + "。；;.、")
        alone = not before and not after
        closing = not after or text[b : b + 1] in ENDS or before in ENDS
        duty = place_to_duty(*inner, site)
        if duty and not duty.labelled and not (closing and (_all_bodies(duty))):
            duty = None
        ends = closed and before not in BODY_ENDS and (not after or text[b : b + 1] in ENDS)
        if not duty and named and (alone or ends or (not after and before in ENDS)):
            duty = place_to_bare(*inner, site)
        if duty:
            tags.append(_Tag(start + a, start + b, duty, alone))
    if not tags:
        tags = [tag for tag in (_line_to_tag(start, text, brackets, site),) if tag]
    return tags


def top_brackets(text: str) -> list[Bracket]:
    """The outermost brackets that a tag may stand in, kinds mixed; one that is never closed runs to the end if last."""
    found: list[Bracket] = []
    if not OPENS_TAG.search(text):
        return found
    stack: list[int] = []
    for mark in BRACKETS.finditer(text):
        i = mark.start()
        if text[i] in OPENERS:
            stack.append(i)
        elif stack:
            opened = stack.pop()
            if not stack and text[opened] in TAG_OPENERS:
                found.append((opened, i + 1, True))
    if stack:
        opened = stack[0]
        if text[opened] in TAG_OPENERS and len(stack) <= 3:
            found.append((opened, len(text), False))
        elif len(stack) <= 3:
            found += [(opened + 1 + a, opened + 1 + b, closed) for a, b, closed in top_brackets(text[opened + 1 :])]
    return found


def _line_to_tag(start: int, text: str, brackets: Sequence[Bracket], site: DutySite) -> _Tag | None:
    """A role word with a colon outside brackets, at the head of the passage or behind a sentence's end."""
    if not ENDS_LABEL.search(text):
        return None
    for label in site.grammar.find("responsibilities", text, gives="label"):
        before = text[: label.start].rstrip(BLANKS)
        inside = any(a < label.start < b for a, b, _ in brackets)
        if inside or (before and before[-1] not in ENDS):
            continue
        if site.grammar.canonical("bracket_only_roles", label.fields["word"]):
            return None
        end = len(text.rstrip(BLANKS))
        if end - label.start > LONGEST_TAG:
            return None
        duty = place_to_duty(start + label.start, start + end, site)
        if duty and all(a.kind for a in (*duty.lead, *duty.participating)):
            closed = end - 1 if text[end - 1] in ENDS else end
            return _Tag(start + label.start, start + closed, duty, not before)
        return None
    return None


def _join(before: _Tag, tag: _Tag, text: str) -> _Tag | None:
    """牵头单位：… on one line and 责任单位：…, 配合单位：… or 完成时限：… on the next are one tag, 牵头领导：… too."""
    here, there = before.duty, tag.duty
    near = before.place == tag.place and not text[before.end : tag.start].strip(BLANKS + "。；;")
    # A bracket that says no more than when stands right behind the one that says who.
    alone = (before.alone and tag.alone) or not (there.lead or there.participating)
    if not (near and alone and here.labelled and there.labelled):
        return None
    # 责任单位 below 牵头单位 takes part; below a person or a deadline it leads.
    second = there.lead if here.lead and here.basis == "stated" and there.basis in ("joint", "sole") else ()
    if here.lead and there.lead and not second:
        return None
    if (here.deadline and there.deadline) or (here.persons and there.persons and here.lead):
        return None
    first = here if here.lead else there
    duty = first._replace(
        participating=(*here.participating, *second, *there.participating),
        basis="stated" if here.lead and (second or there.participating) else first.basis,
        open_ended=here.open_ended or there.open_ended,
        deadline=here.deadline or there.deadline,
        persons=(*here.persons, *there.persons),
    )
    return before._replace(end=tag.end, duty=duty)


def _all_bodies(duty: Duty) -> bool:
    agencies = (*duty.lead, *duty.participating)
    return (
        bool(duty.lead)
        and all(agency.kind for agency in agencies)
        and any(a.canonical or a.level or a.kind in ("lower_government", "group") for a in agencies)
    )


def _first_printing(visit: Visit) -> str | None:
    """The id of the node that a repeated passage repeats."""
    own = getattr(visit.node, "duplicate_of", None)
    return own or (visit.section.duplicate_of if visit.section else None)
