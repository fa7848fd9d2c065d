"""A plan and its earlier result → what was gained, lost and changed, per plan and per grammar rule."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import get_args

from planparse.models import Agency, Deadline, Indicator, IndicatorValue, Plan, Quantity, Section, Span
from planparse.models.policy import ComparedKind, Finding, RuleChange
from planparse.policy.sentences import Part, finding
from planparse.structure.contents import fold
from planparse.structure.walk import walk

KINDS: tuple[ComparedKind, ...] = get_args(ComparedKind)


@dataclass(frozen=True, slots=True)
class Row:
    """A section or a fact without its place: `head` says what it is, `body` what is said of it, `name` it for people.

    `anchor` is what it still has when its own words changed: where a tag stands, a promise without its figure.
    """

    kind: ComparedKind
    rule: str
    head: tuple[str, ...]
    body: tuple[Part, ...]
    name: str
    span: Span
    anchor: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanRows:
    """What is compared of a plan, and by what it finds its earlier self: id (same bytes), file name, work."""

    id: str
    name: str
    work: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """The findings, losses first, and (kind, rule, gained|lost|changed) of each row that is not as it was."""

    findings: list[Finding]
    changes: list[tuple[ComparedKind, str, str]]

    def counts(self, what: str) -> dict[ComparedKind, int]:
        """How many of each kind were `gained`, `lost` or `changed`; only what is not 0, in a fixed order."""
        counted = Counter(kind for kind, _, change in self.changes if change == what)
        return {kind: counted[kind] for kind in KINDS if counted[kind]}


def plan_to_rows(plan: Plan) -> PlanRows:
    """The sections, indicators, responsibilities, tasks and commitments of a plan, without ids and places."""
    rows = (*_sections(plan), *map(_indicator, plan.indicators), *_duties(plan), *_commitments(plan))
    return PlanRows(plan.id, plan.source.name, plan.work, rows)


def find_earlier(now: PlanRows, earlier: Sequence[PlanRows], *, alone: bool = True) -> PlanRows | None:
    """The earlier result of a plan: the same bytes, else the only one of its file name, else the only one of its work.

    `alone` tells that no other file checked has the same work; the work is asked only then.
    """
    same = [e for e in earlier if e.id == now.id]
    if same:
        return next((e for e in same if e.name == now.name), same[0])
    for found in ([e for e in earlier if e.name == now.name], [e for e in earlier if e.work == now.work] if alone else []):
        if len(found) == 1:
            return found[0]
    return None


def compare_rows(now: PlanRows, earlier: PlanRows, *, allow_losses: bool = False) -> Compared:
    """What is not as it was. A row with the same head and another body is changed, which is a loss too; so is one whose own
    words changed, where as many with its anchor were lost as gained.

    Places do not count: the same facts further down are the same facts. Linear in the number of rows.
    """
    pairs = _pair(_without(earlier.rows, now.rows), gained := _without(now.rows, earlier.rows))
    taken = {id(new) for _, new in pairs if new is not None}
    findings, changes = [], []
    for old, new in pairs:
        if new:
            findings.append(_changed(old, new, fails=not allow_losses))
        else:
            said = "lost {kind} {name} ({rule})"
            findings.append(finding("check.lost", said, fails=not allow_losses, kind=old.kind, name=old.name, rule=old.rule))
        changes.append((old.kind, old.rule, "changed" if new else "lost"))
    for row in (r for r in gained if id(r) not in taken):
        said = "gained {kind} {name} ({rule})"
        findings.append(finding("check.gained", said, row.span, fails=False, kind=row.kind, name=row.name, rule=row.rule))
        changes.append((row.kind, row.rule, "gained"))
    return Compared(findings, changes)


def _pair(lost: Sequence[Row], gained: Sequence[Row]) -> list[tuple[Row, Row | None]]:
    """Each row that is not there any more, with what it became."""
    became: dict[int, Row] = {}
    for key in (_head, _anchor):
        taken = {id(row) for row in became.values()}
        olds, news = _by(key, (r for r in lost if id(r) not in became)), _by(key, (r for r in gained if id(r) not in taken))
        for told, rows in olds.items():
            others = news.get(told, [])
            if key is _head or len(rows) == len(others):
                became |= {id(old): new for old, new in zip(rows, others)}
    return [(row, became.get(id(row))) for row in lost]


def _head(row: Row) -> tuple[str, ...]:
    return (row.kind, *row.head)


def _anchor(row: Row) -> tuple[str, ...]:
    return (row.kind, *row.anchor)


def _by(key: Callable[[Row], tuple[str, ...]], rows: Iterable[Row]) -> dict[tuple[str, ...], list[Row]]:
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def sum_by_rule(compared: Iterable[Compared]) -> list[RuleChange]:
    """The gains, losses and changes of every rule over all plans, by kind and rule."""
    counts = Counter(change for one in compared for change in one.changes)
    rules = sorted({(KINDS.index(kind), rule) for kind, rule, _ in counts})
    return [
        RuleChange(kind=KINDS[k], rule=r, **{what: counts[KINDS[k], r, what] for what in ("gained", "lost", "changed")})
        for k, r in rules
    ]


def _without(rows: Sequence[Row], others: Sequence[Row]) -> list[Row]:
    """The rows that `others` do not have, each as often as it is missing there."""
    left = Counter((o.kind, o.head, o.body) for o in others)
    missing = []
    for row in rows:
        if left[row.kind, row.head, row.body] > 0:
            left[row.kind, row.head, row.body] -= 1
        else:
            missing.append(row)
    return missing


def _changed(old: Row, new: Row, *, fails: bool) -> Finding:
    was, now = _apart(old.body, new.body), _apart(new.body, old.body)
    if not was and not now:
        was, now = [("printed", old.name)], [("printed", new.name)]
    return finding(
        "check.changed", "changed {kind} {name}: was {was}, is {now} ({rule})", new.span,
        fails=fails, kind=old.kind, name=old.name, was=was, now=now, rule=new.rule,
    )  # fmt: skip


def _apart(body: tuple[Part, ...], other: tuple[Part, ...]) -> list[Part]:
    """What is said in the one and not, in the same place, in the other."""
    return [part for part, at_its_place in zip_longest(body, other[: len(body)]) if part != at_its_place]


def _sections(plan: Plan) -> Iterator[Row]:
    for visit in walk(plan.body):
        node = visit.node
        if isinstance(node, Section):
            above = visit.section or visit.annex
            body = (("under", _short(fold(above.title)) if above else "no section"), ("level", str(node.level)))
            name = f"{node.number} {_short(node.title)}".strip()
            head = fold(node.number), fold(node.title)
            yield Row("section", node.rule or "headings", head, body, name, node.span, anchor=head[1:])


def _indicator(fact: Indicator) -> Row:
    body = (("unit", str(fact.unit)), ("nature", str(fact.nature)), *map(_value, fact.values))
    head = (fold(fact.sequence or ""), fold(fact.parent or ""), fold(fact.name))
    name = " ".join(p for p in (fact.sequence, fact.name) if p)
    return Row("indicator", fact.rule, head, body, name, fact.span, anchor=head[1:])


def _value(value: IndicatorValue) -> Part:
    meant = (value.role, value.year, value.statistic, value.status, _quantities(value.quantities))
    return (fold(value.label), fold(value.raw), "(", *(str(m) for m in meant if m), ")")


def _duties(plan: Plan) -> Iterator[Row]:
    titles = {v.node.id: v.node.title for v in walk(plan.body) if isinstance(v.node, Section)}
    for tag in plan.responsibilities:
        body = (_bodies("lead", tag.lead), _bodies("participating", tag.participating), _deadline(tag.deadline))
        head = (fold(titles.get(tag.section or "", "")), fold(tag.raw))
        yield Row("responsibility", tag.rule, head, body, _short(tag.raw), tag.span, anchor=head[:1])
    for task in plan.tasks:
        body = (_bodies("lead", task.lead), _bodies("participating", task.participating), _deadline(task.deadline))
        head = fold(task.sequence or ""), fold(task.text)
        anchor = fold(task.group or ""), fold(task.sequence or task.title or task.text)
        yield Row("task", task.rule, head, body, _short(task.title or task.text), task.span, anchor)


def _commitments(plan: Plan) -> Iterator[Row]:
    for fact in plan.commitments:
        body = (
            ("value", _quantities([fact.quantity])), ("measure", str(fact.measure)), ("action", str(fact.action)),
            ("year", str(fact.year)), ("frequency", str(fact.frequency)), (fact.kind,),
        )  # fmt: skip
        name = f"{fact.quantity.raw}（{_short(fact.text)}）"
        raw = fold(fact.quantity.raw)
        head = fold(fact.text), raw
        anchor = fold(fact.text).replace(raw, "")
        yield Row("commitment", fact.rule, head, body, name, fact.span, (anchor,))


def _quantities(quantities: Sequence[Quantity]) -> str:
    told = ((q.comparator, q.value, q.upper, q.unit) for q in quantities)
    return "; ".join(" ".join(str(part) for part in parts if part is not None) for parts in told)


def _bodies(side: str, bodies: Sequence[Agency]) -> Part:
    return side, "、".join(a.name for a in bodies) or "nobody"


def _deadline(deadline: Deadline | None) -> Part:
    return "deadline", str((deadline.date or deadline.raw) if deadline else None)


def _short(text: str) -> str:
    clean = " ".join(text.split())
    return clean if len(clean) <= 40 else clean[:39] + "…"
