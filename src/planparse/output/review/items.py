"""Plan → items: everything on the page that has a place on both sides, numbered in one row."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from planparse.models import Annex, Box, Diagnostic, Figure, Node, Plan, Section, Span, Table, Unclaimed
from planparse.models.facts import Fact
from planparse.models.plan import Severity
from planparse.structure.walk import walk

FACTS = ("indicators", "responsibilities", "tasks", "commitments", "projects", "citations", "glossary")
KINDS = ("sections", "boxes", "tables", "front_matter", *FACTS, "unclaimed", "diagnostics")
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
NO_DOUBT = "none"
ASKED = ("title", "document_type", "issuer", "region", "level", "status")
"""Fields of the front matter that have a row even where the plan does not give them, so that a reader can."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to click: `number` joins both sides, `anchor` is its name in an address, `start` is -1 without a place.

    `end` is where the mark on the source ends; `severity` is the worst of the doubts that touch it.
    """

    number: int
    anchor: str
    kind: str
    what: Node | Fact | Unclaimed | Diagnostic | str
    span: Span | None
    start: int
    end: int
    severity: str = NO_DOUBT


def plan_to_items(plan: Plan) -> list[Item]:
    """Sections, boxes and tables, the fields of the front matter, the facts, what no fact claims, and the doubts."""
    worst = _code_severities(plan)
    items: list[Item] = []
    for anchor, kind, what, span, place, severity in _found(plan, worst):
        start, end = (place.start, min(place.end, len(plan.text))) if place else (-1, -1)
        if start > end:
            start = end = -1
        items.append(Item(len(items), anchor, kind, what, span, start, end, severity))
    return items


def plan_to_nodes(plan: Plan) -> list[Node]:
    """The top-level nodes in document order."""
    return [*plan.front_matter.content, *plan.body, *plan.back_matter.content]


_Found = tuple[str, str, Node | Fact | Unclaimed | Diagnostic | str, Span | None, Span | None, str]


def _found(plan: Plan, worst: dict[str, str]) -> Iterator[_Found]:
    for visit in walk(plan_to_nodes(plan)):
        match visit.node:
            case Section() | Annex() as node:
                yield node.id, "sections", node, node.span, node.span, NO_DOUBT
            case Box() | Table() as node:
                place = node.caption_span or _head(plan.text, node.span)
                yield node.id, "boxes" if isinstance(node, Box) else "tables", node, node.span, place, NO_DOUBT
            case Figure() as node:
                yield "", "tables", node, node.span, node.span, NO_DOUBT
            case _:
                pass
    front = plan.front_matter
    for field in type(front).model_fields:
        if field not in ("spans", "content", "attachments") and (field in ASKED or getattr(front, field) not in (None, [])):
            spans = front.spans.get(field, [])
            first = spans[0] if spans else None
            whole = Span(start=spans[0].start, end=spans[-1].end) if _close(spans) else first
            yield field, "front_matter", field, first, whole, NO_DOUBT
    for kind in FACTS:
        for fact in getattr(plan, kind):
            severity = min((worst.get(flag, "info") for flag in fact.flags), key=SEVERITIES.index, default=NO_DOUBT)
            yield fact.id, kind, fact, fact.span, fact.span, severity
    for unclaimed in plan.unclaimed:
        yield "", "unclaimed", unclaimed, unclaimed.span, unclaimed.span, NO_DOUBT
    for number, said in enumerate(plan.diagnostics, 1):
        yield f"doubt-{number}", "diagnostics", said, said.span, said.span, said.severity


def _code_severities(plan: Plan) -> dict[str, str]:
    return {said.code: said.severity for said in plan.diagnostics}


def _head(text: str, span: Span) -> Span:
    """The first line of what has no caption."""
    end = text.find("\n", span.start, span.end)
    return Span(start=span.start, end=span.end if end < 0 else end)


def _close(spans: list[Span]) -> bool:
    """Whether spans stand one behind another (a title over two lines, a list), so that one mark covers them."""
    return bool(spans) and all(0 <= b.start - a.end <= 3 for a, b in pairwise(spans))
