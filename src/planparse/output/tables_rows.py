"""A plan → the rows of every table, in document order."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from planparse.models import (
    Agency,
    Annex,
    Box,
    Figure,
    Indicator,
    Note,
    Paragraph,
    Plan,
    Project,
    Quantity,
    Responsibility,
    Section,
    Span,
    Task,
)
from planparse.models.facts import Fact, IndicatorValue
from planparse.output.tables_columns import Cell, iso_date
from planparse.output.tables_shape import FACTS, table_shapes
from planparse.structure.walk import Visit, walk

Row = dict[str, Cell]
Flags = Callable[[Span], list[str]]


@dataclass(frozen=True, slots=True)
class _Printed:
    """What a row of indicator_values is made from."""

    value: IndicatorValue
    quantity: Quantity | None


def plan_to_rows(plan: Plan, file: str = "", *, duplicates: bool = False) -> Iterator[tuple[str, Row]]:
    """Every row of a plan as (table, row); a row has all columns of its table, in their order.

    `file` is what `plans.file` says. What is printed a second time (`duplicate_of`) is left out unless `duplicates`.
    """
    for table, row in _rows(plan, file):
        if duplicates or not row.get("duplicate_of"):
            yield table, row


def _rows(plan: Plan, file: str) -> Iterator[tuple[str, Row]]:
    flags = _flags_of(plan)
    every = sorted({d.code for d in plan.diagnostics})
    yield "plans", table_shapes()["plans"].row(plan, plan=plan.id, work=plan.work, file=file, flags=list(every))
    yield from _node_rows(plan, flags)
    yield from _fact_rows(plan)
    yield from _doubt_rows(plan, flags)
    yield from _agency_rows(plan, flags)
    for row in assignment_rows(plan):
        yield "assignments", row


def plan_nodes(plan: Plan) -> Iterator[Visit]:
    """Every node of a plan in the order of the text, with what it stands in."""
    return walk([*plan.front_matter.content, *plan.body, *plan.back_matter.content])


def _flags_of(plan: Plan) -> Flags:
    """Span → the codes of the diagnostics that stand within it, as `checks` gives them to facts."""
    places = sorted((d.span.start, d.span.end, d.code) for d in plan.diagnostics if d.span)

    def flags(span: Span) -> list[str]:
        within = places[bisect_left(places, (span.start,)) : bisect_left(places, (span.end + 1,))]
        return sorted({code for _, end, code in within if end <= span.end})

    return flags


def _node_rows(plan: Plan, flags: Flags) -> Iterator[tuple[str, Row]]:
    shapes, position = table_shapes(), 0
    twice: dict[str | None, str] = {}
    for visit in plan_nodes(plan):
        node = visit.node
        kind = node.type
        if isinstance(node, Figure) and node.caption:
            node = Note(text=node.caption, span=node.span)
        if not isinstance(node, Section | Annex | Box | Paragraph | Note):
            continue
        # What stands in a passage printed twice was printed twice itself.
        again = getattr(node, "duplicate_of", None) or twice.get(visit.place) or (visit.box.duplicate_of if visit.box else None)
        more: Row = {"plan": plan.id, "flags": list(flags(node.span)), "duplicate_of": again}
        match node:
            case Section() | Annex():
                if again:
                    twice[node.id] = again
                annex = node.id if isinstance(node, Annex) else visit.annex.id if visit.annex else None
                more |= {"section": node.id, "type": node.type, "parent": visit.place, "annex": annex}
                yield "sections", shapes["sections"].row(node, **more)
            case Box():
                more |= {"section": visit.place, "box": node.id, "items": len(node.items)}
                yield "boxes", shapes["boxes"].row(node, **more)
                for number, item in enumerate(node.items, 1):
                    more |= {"position": number, "flags": list(flags(item.span))}
                    yield "box_items", shapes["box_items"].row(item, **more)
            case _:
                position += 1
                box = visit.box.id if visit.box else None
                more |= {"section": visit.place, "position": position, "type": kind, "box": box}
                yield "paragraphs", shapes["paragraphs"].row(node, **more)


def _fact_rows(plan: Plan) -> Iterator[tuple[str, Row]]:
    shapes = table_shapes()
    for kind in FACTS:
        for fact in getattr(plan, kind):
            more: Row = {"plan": plan.id, "section": fact.section, "id": fact.id}
            more |= {"flags": list(fact.flags), "duplicate_of": fact.duplicate_of}
            if isinstance(fact, Responsibility):
                more["handed_out"] = _handed_out(plan, fact)
            yield kind, shapes[kind].row(fact, **more)
            if isinstance(fact, Indicator):
                for row in _value_rows(plan, fact):
                    yield "indicator_values", row


def _value_rows(plan: Plan, fact: Indicator) -> Iterator[Row]:
    shape = table_shapes()["indicator_values"]
    keys: Row = {"plan": plan.id, "section": fact.section, "indicator": fact.id, "name": fact.name}
    keys |= {"flags": list(fact.flags), "duplicate_of": fact.duplicate_of}
    for position, value in enumerate(fact.values, 1):
        for part, quantity in enumerate(value.quantities or [None], 1):
            yield shape.row(_Printed(value, quantity), **keys, position=position, part=part)


def _doubt_rows(plan: Plan, flags: Flags) -> Iterator[tuple[str, Row]]:
    shapes = table_shapes()
    for position, one in enumerate(plan.unclaimed, 1):
        more: Row = {"plan": plan.id, "section": one.section, "position": position, "flags": list(flags(one.span))}
        yield "unclaimed", shapes["unclaimed"].row(one, **more, duplicate_of=None)
    section_at = owner_finder(plan)
    for position, doubt in enumerate(plan.diagnostics, 1):
        owner = section_at(doubt.span.start) if doubt.span else None
        more = {"plan": plan.id, "section": owner.place if owner else None, "position": position, "flags": [doubt.code]}
        yield "diagnostics", shapes["diagnostics"].row(doubt, **more, duplicate_of=None)


def owner_finder(plan: Plan) -> Callable[[int], Visit | None]:
    """Offset in the text → the node that stands there, with its section; None before the first node."""
    visits = list(plan_nodes(plan))
    starts = [v.node.span.start for v in visits]

    def owner(offset: int) -> Visit | None:
        at = bisect_left(starts, offset + 1) - 1
        if at < 0:
            return None
        visit = visits[at]
        # A heading stands in itself.
        match visit.node:
            case Section() as section:
                return Visit(section, section, visit.annex, visit.box)
            case Annex() as annex:
                return Visit(annex, None, annex, visit.box)
        return visit

    return owner


def _agency_rows(plan: Plan, flags: Flags) -> Iterator[tuple[str, Row]]:
    shape = table_shapes()["agencies"]
    for fact, kind, part, agencies in _named(plan):
        more: Row = {"plan": plan.id, "section": fact.section if fact else None, "fact": fact.id if fact else None}
        more |= {"fact_kind": kind, "part": part, "duplicate_of": fact.duplicate_of if fact else None}
        for position, agency in enumerate(agencies, 1):
            yield "agencies", shape.row(agency, **more, position=position, flags=list(flags(agency.span)))
    for one in plan.unclaimed:
        more = {"plan": plan.id, "section": one.section, "fact": None, "fact_kind": "unclaimed", "part": "roles"}
        for position, agency in enumerate(one.agencies, 1):
            yield "agencies", shape.row(agency, **more, position=position, duplicate_of=None, flags=list(flags(agency.span)))


def _named(plan: Plan) -> Iterator[tuple[Fact | None, str, str, Sequence[Agency]]]:
    yield None, "front_matter", "issuer", plan.front_matter.issuers
    for kind in FACTS:
        for fact in getattr(plan, kind):
            match fact:
                case Responsibility() | Task():
                    yield fact, kind, "lead", fact.lead
                    yield fact, kind, "participating", fact.participating
                case Indicator() | Project():
                    yield fact, kind, "agencies", fact.agencies


def assignment_rows(plan: Plan) -> Iterator[Row]:
    """Who does what, a row a body: tags first, then the rows of task tables."""
    shape = table_shapes()["assignments"]
    titles = {v.node.id: v.node.title for v in plan_nodes(plan) if isinstance(v.node, Section | Annex)}
    facts: list[Responsibility | Task] = [*plan.responsibilities, *plan.tasks]
    for fact in facts:
        title = titles.get(fact.section or "")
        due = fact.deadline
        keys: Row = {
            "plan": plan.id,
            "section": fact.section,
            "section_title": title,
            "fact": fact.id,
            "fact_kind": "tasks" if isinstance(fact, Task) else "responsibilities",
            "basis": None if isinstance(fact, Task) else fact.basis,
            "text": fact.text if isinstance(fact, Task) else _handed_out(plan, fact) or title,
            "deadline": due.raw if due else None,
            "deadline_date": iso_date(due.date) if due and due.date else None,
            "flags": list(fact.flags),
            "duplicate_of": fact.duplicate_of,
        }
        for role, agencies in (("lead", fact.lead), ("participating", fact.participating)):
            for one in agencies:
                own = {"agency": one.name, "canonical": one.canonical, "level": one.level, "kind": one.kind, "role": role}
                yield shape.row(fact, **keys, **own)


def _handed_out(plan: Plan, tag: Responsibility) -> str | None:
    """The words of the tag's own line before it; None for a tag that has its line to itself: it is its section's."""
    start = plan.text.rfind("\n", 0, tag.span.start) + 1
    return plan.text[start : tag.span.start].strip().rstrip("（([【〔［") or None
