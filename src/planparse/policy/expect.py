"""A plan and what a person read in it → findings: each says what differs, what was expected, and where it stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePosixPath

from planparse.models import Agency, Annex, Box, Indicator, IndicatorValue, Plan, Quantity, Section, Span, Table
from planparse.models.policy import Expectations, ExpectedIndicator, ExpectedPlan, ExpectedSection, ExpectedTag, Finding
from planparse.policy.sentences import finding
from planparse.structure.contents import fold
from planparse.structure.walk import walk

ABSENT, COUNT, DIFFERS, NO_PLAN = (
    "check.expected-absent", "check.expected-count", "check.expected-differs", "check.expected-no-plan",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """How a checked plan can be named by expectations: its path with slashes, its source's name, its id and its work."""

    file: str
    source: str
    id: str
    work: str


def match_expected(expectations: Expectations, plans: Sequence[Named]) -> tuple[dict[str, list[ExpectedPlan]], list[Finding]]:
    """What is expected of each file, and a finding for each expectation whose plan was not checked.

    A file is named by its name, by the end of its path, or by its stem alone, which means it in every format; where the
    plan's JSON was checked, also by the name of its source. An id or a work means every file that has it.
    """
    meant: dict[str, list[ExpectedPlan]] = {}
    missing = []
    for number, expected in enumerate(expectations.plans, start=1):
        files = [named.file for named in plans if _is_meant(expected, named)]
        for file in files:
            meant.setdefault(file, []).append(expected)
        if not files:
            name = expected.file or expected.work or expected.id
            missing.append(
                finding(
                    NO_PLAN,
                    "plan {number} of the expected facts, {name}, is not among the files that were read",
                    number=number,
                    name=name or "",
                )
            )
    return meant, missing


def plan_to_differences(plan: Plan, expected: ExpectedPlan) -> list[Finding]:
    """One finding for each expectation that the plan as read does not meet, in the order of the expectations."""
    findings = []
    if expected.title is not None and fold(expected.title) != fold(plan.front_matter.title or ""):
        findings.append(_differs("the title", plan.front_matter.title, expected.title, _first(plan, "title")))
    counts = plan_to_counts(plan)
    for what, count in expected.counts.items():
        if counts[what] != count:
            findings.append(
                finding(
                    COUNT, "{counted} {what} where {count} were counted by hand", counted=counts[what], what=what, count=count
                )
            )
    sections = [v.node for v in walk(plan.body) if isinstance(v.node, Section)]
    findings += [f for s in expected.sections for f in _section_to_findings(s, sections)]
    for indicator in expected.indicators:
        findings += _indicator_to_findings(indicator, plan.indicators)
    return [*findings, *(f for t in expected.tags for f in _tag_to_findings(t, plan, sections))]


def plan_to_counts(plan: Plan) -> Mapping[str, int]:
    """How many of each there are; a passage that the document prints twice counts once."""
    nodes = [v.node for v in walk([*plan.front_matter.content, *plan.body, *plan.back_matter.content])]
    kinds = {"sections": Section, "boxes": Box, "tables": Table, "annexes": Annex}
    counts = {name: sum(isinstance(n, kind) and not n.duplicate_of for n in nodes) for name, kind in kinds.items()}
    for name in ("indicators", "responsibilities", "tasks", "commitments", "projects", "citations", "glossary"):
        counts[name] = sum(not fact.duplicate_of for fact in getattr(plan, name))
    return counts | {"tags": counts["responsibilities"], "contents": len(plan.contents), "unclaimed": len(plan.unclaimed)}


def _is_meant(expected: ExpectedPlan, named: Named) -> bool:
    if expected.file is None:
        return expected.id == named.id or expected.work == named.work
    wanted = PurePosixPath(expected.file).parts
    paths = [PurePosixPath(name) for name in (named.file, named.source) if name]
    return any(p.parts[-len(wanted) :] == wanted for path in paths for p in (path, path.with_suffix("")))


def _section_to_findings(wanted: ExpectedSection, sections: Sequence[Section]) -> list[Finding]:
    def agrees(section: Section) -> bool:
        return (
            wanted.id in (None, section.id)
            and (wanted.number is None or fold(wanted.number) == fold(section.number))
            and (wanted.title is None or fold(wanted.title) == fold(section.title))
        )

    if any(map(agrees, sections)):
        return []
    name = " ".join(p for p in (wanted.id, wanted.number, wanted.title) if p)
    near = [
        s for s in sections
        if s.id == wanted.id or (wanted.title is not None and fold(wanted.title) == fold(s.title))
        or (wanted.title is None and wanted.number is not None and fold(wanted.number) == fold(s.number))
    ]  # fmt: skip
    if not near:
        return [finding(ABSENT, "there is no section {name}", name=name)]
    told = f"{near[0].id} {near[0].number} {near[0].title}"
    return [finding(ABSENT, "there is no section {name}; the nearest is {nearest}", near[0].span, name=name, nearest=told)]


def _indicator_to_findings(wanted: ExpectedIndicator, indicators: Sequence[Indicator]) -> list[Finding]:
    name = " ".join(p for p in (wanted.sequence, wanted.name) if p)
    rows = [
        i for i in indicators
        if (wanted.name is None or fold(wanted.name) in (fold(i.name), fold(f"{i.parent or ''}{i.name}")))
        and wanted.sequence in (None, i.sequence)
    ]  # fmt: skip
    if not rows:
        return [finding(ABSENT, "there is no indicator {name}", name=name)]
    # A name may stand in several rows (city and county): the row that agrees best is the one meant.
    return min((list(_row_to_findings(wanted, name, row)) for row in rows), key=len)


def _row_to_findings(wanted: ExpectedIndicator, name: str, row: Indicator) -> Iterator[Finding]:
    if wanted.nature is not None and wanted.nature != row.nature:
        yield _differs("the nature of the indicator {name}", row.nature, wanted.nature, row.span, name=name)
    asks_value = wanted.value is not None or wanted.upper is not None or wanted.comparator is not None
    values = [v for v in row.values if _is_asked(wanted, v)] if asks_value or wanted.year or wanted.role else []
    if not values and (asks_value or wanted.year or wanted.role):
        if wanted.year:
            yield finding(ABSENT, "the indicator {name} has no value for {year}", row.span, name=name, year=str(wanted.year))
        else:
            role = wanted.role or "target"
            yield finding(ABSENT, "the indicator {name} has no value as {role}", row.span, name=name, role=role)
    elif asks_value and not any(_value_agrees(wanted, v) for v in values):
        expected = " ".join(str(p) for p in (wanted.comparator, wanted.value, wanted.upper) if p is not None)
        raw, span = values[0].raw, values[0].span
        if wanted.year:
            yield _differs(
                "the value of the indicator {name} for {year}", raw, expected, span, name=name, year=str(wanted.year)
            )
        else:
            yield _differs("the value of the indicator {name}", raw, expected, span, name=name)
    units = [row.unit, *(q.unit for v in values for q in v.quantities)]
    if wanted.unit is not None and fold(wanted.unit) not in {fold(u) for u in units if u is not None}:
        yield _differs("the unit of the indicator {name}", row.unit, wanted.unit, row.span, name=name)


def _is_asked(wanted: ExpectedIndicator, value: IndicatorValue) -> bool:
    role = wanted.role or ("target" if wanted.year is None else None)
    in_period = value.period is not None and value.year is None and value.period.end == wanted.year
    return role in (None, value.role) and (wanted.year in (None, value.year) or in_period)


def _value_agrees(wanted: ExpectedIndicator, value: IndicatorValue) -> bool:
    if isinstance(wanted.value, str):
        return fold(wanted.value) == fold(value.raw) and (
            wanted.comparator is None or any(q.comparator == wanted.comparator for q in value.quantities)
        )
    return any(_quantity_agrees(wanted, wanted.value, q) for q in value.quantities)


def _quantity_agrees(wanted: ExpectedIndicator, number: Decimal | None, quantity: Quantity) -> bool:
    return (
        number in (None, quantity.value)
        and wanted.upper in (None, quantity.upper)
        and wanted.comparator in (None, quantity.comparator)
    )


def _tag_to_findings(wanted: ExpectedTag, plan: Plan, sections: Sequence[Section]) -> list[Finding]:
    said = fold(wanted.section)
    meant = [s for s in sections if wanted.section == s.id] or [
        s for s in sections if said in (fold(s.title), fold(f"{s.number}{s.title}"), fold(s.heading))
    ]
    if not meant:
        return [finding(ABSENT, "there is no section {name} that a tag could belong to", name=wanted.section)]
    ids = {s.id for s in meant}
    tags = [r for r in plan.responsibilities if r.section in ids]
    if not tags:
        return [finding(ABSENT, "the section {name} has no tag", meant[0].span, name=wanted.section)]
    tries = []
    for tag in tags:
        sides = (("lead", tag.lead, wanted.lead), ("participating", tag.participating, wanted.participating))
        tries.append([
            _differs(
                "{side} of {name}", "、".join(a.name for a in read) or None, "、".join(names) or "nobody", tag.span,
                side=side, name=wanted.section,
            )
            for side, read, names in sides
            if names is not None and not _same_bodies(read, names)
        ])  # fmt: skip
    return min(tries, key=len)


def _same_bodies(read: Sequence[Agency], names: Sequence[str]) -> bool:
    """Each name is one body's, printed or canonical, and no body is left over."""
    left = [{fold(n) for n in (body.name, body.canonical) if n} for body in read]
    for name in names:
        at = next((i for i, own in enumerate(left) if fold(name) in own), None)
        if at is None:
            return False
        del left[at]
    return not left


def _first(plan: Plan, field: str) -> Span | None:
    return next(iter(plan.front_matter.spans.get(field, [])), None)


def _differs(template: str, read: object, expected: object, span: Span | None, **values: str) -> Finding:
    """A value that is not as expected; the template says of what, the rest of the sentence is always the same."""
    said = "not given" if read is None else str(read)
    whole = f"{template} is {{read}} where {{expected}} was expected"
    return finding(DIFFERS, whole, span, fails=True, read=said, expected=str(expected), **values)
