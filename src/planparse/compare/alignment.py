"""Plans → a comparison: their facts read, grouped by what they count, and written as rows."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from planparse.compare.concepts import (
    COVERAGES,
    MOVEMENTS,
    Reading,
    fold_name,
    grammar_to_lexicon,
    read_name,
    region_to_words,
    split_measures,
)
from planparse.compare.groups import THRESHOLD, Group, Item, items_to_groups
from planparse.compare.labels import plan_to_compared
from planparse.compare.members import commitment_to_members, indicator_to_members, members_in_one_unit
from planparse.compare.units import unit_to_meaning
from planparse.errors import WrongUsage
from planparse.grammar import Grammar
from planparse.models import Apart, Comparison, ComparisonRow, Member, Plan
from planparse.models.comparison import StatisticKind

BUCKET = 40
"""Rows that share all but their scopes and are told apart from each other; in larger families the note says nothing."""
FACTS = ("indicators", "commitments")


def compare_plans(
    plans: Sequence[Plan], *, labels: Sequence[str], grammar: Grammar, facts: Iterable[str] = ("indicators",)
) -> Comparison:
    """Figures of `plans` side by side, aligned by what they count.

    1. Every indicator (and with `commitments` every promise that says its measure) is in a row; a name that holds two
       measures is in the rows of both. Repeated passages (`duplicate_of`) are left out.
    2. One row has one statistic (level, growth, change, cumulative), one kind of unit and one scope.
    3. Rows stand in the order in which their first member is met; `missing` names the plans without one.
    4. The same plans in the same order give the same value.

    `labels` are distinct names, one a plan (`paths_to_labels`). Raises WrongUsage for unknown `facts` or unequal lengths.
    """
    wanted = tuple(facts)
    unknown = [f for f in wanted if f not in FACTS]
    if unknown or not wanted:
        raise WrongUsage(f"--facts takes {', '.join(FACTS)}, parted by commas, not {','.join(wanted)!r}")
    if len(labels) != len(plans) or len(set(labels)) != len(labels):
        raise WrongUsage("each plan in a comparison needs a name of its own")
    rows: list[ComparisonRow] = []
    for kind in (k for k in FACTS if k in wanted):
        items = [item for i, plan in enumerate(plans) for item in plan_to_items(plan, i, labels[i], kind, grammar)]
        rows += groups_to_rows(items_to_groups(items), labels)
    compared = [plan_to_compared(plan, label) for plan, label in zip(plans, labels)]
    return Comparison(threshold=Decimal(str(THRESHOLD)), plans=compared, rows=rows)


def plan_to_items(plan: Plan, number: int, label: str, kind: str, grammar: Grammar, *, split: bool = True) -> Iterator[Item]:
    """The facts of one plan, read; repeated passages left out; with `split` one item a measure of a name."""
    front = plan.front_matter
    regions = region_to_words(front.region)
    title = fold_name(front.title or "")
    implied = frozenset(f for f, words in grammar_to_lexicon(grammar).fields.items() if any(w in title for w in words))
    for parent, member in _members(plan, label, kind, grammar, split):
        reading = read_name(member.part or member.name, grammar, parent=parent, regions=regions)
        yield Item(
            number, member, reading, _statistic(member, reading), _dimension(member, reading), implied, _each(member, reading)
        )


def _members(plan: Plan, label: str, kind: str, grammar: Grammar, split: bool) -> Iterator[tuple[str | None, Member]]:
    if kind == "indicators":
        for row in (i for i in plan.indicators if not i.duplicate_of):
            names = split_measures(row.name, grammar) if split else [row.name]
            yield from ((row.parent, member) for member in indicator_to_members(row, label, names))
    else:
        for promise in (c for c in plan.commitments if not c.duplicate_of and c.measure):
            names = split_measures(promise.measure or "", grammar)
            yield from ((None, member) for member in commitment_to_members(promise, label, names))


def _statistic(member: Member, reading: Reading) -> StatisticKind | None:
    """What its figures are: told by the name, else by the targets' own statistic, else by the kind of unit."""
    if reading.movement:
        return reading.movement
    values = [v for v in member.values if v.role == "target"] or member.values
    told = {v.statistic for v in values if v.statistic}
    plain = any(v.quantities and v.statistic in (None, "level") for v in values)
    for statistic, means in (("growth_rate", "growth"), ("change", "change"), ("cumulative", "cumulative")):
        if statistic in told:
            # 2010年 1270, 增减 -10%: the figure of the year is what the row is about.
            return "level" if plain else means  # type: ignore[return-value]
    if reading.flow and not reading.ratio:
        return "average" if "average" in told else "cumulative"
    return "level" if told or reading.ratio else None


def _dimension(member: Member, reading: Reading) -> str | None:
    """What kind of thing is counted: by the unit, where that says none by the name; of a count its noun (count:户)."""
    units = [member.unit] if member.unit else [q.unit for v in member.values for q in v.quantities if q.unit]
    kind = unit_to_meaning(_per_people(units[0])[0]).kind if units and units[0] else None
    if kind is None and (reading.ratio or reading.movement == "growth"):
        return "ratio"
    return f"count:{reading.counted}" if reading.counted and kind in (None, "count") else kind


def _each(member: Member, reading: Reading) -> bool:
    """Whether its figures count against people (人均, 每千人口, 件/万人)."""
    return reading.each or _per_people(member.unit or "")[1]


def _per_people(unit: str) -> tuple[str, bool]:
    """A unit without what it counts against, if that is people: 件/万人 → 件."""
    head, parted, below = unit.replace("／", "/").partition("/")
    people = bool(parted) and below.removeprefix("每").lstrip("0123456789十百千万亿") in ("人", "人口", "名")
    return (head, True) if people and head else (unit, False)


def groups_to_rows(groups: Sequence[Group], labels: Sequence[str]) -> list[ComparisonRow]:
    """Groups as rows: named by their commonest wording, figures in one unit, what is missing, what looks alike."""
    names = [_concept(group) for group in groups]
    apart = _rows_apart(groups, names)
    rows = []
    for i, group in enumerate(groups):
        unit, members = members_in_one_unit([(item.member, item.reading.base) for item in group.items])
        have = group.plans
        rows.append(
            ComparisonRow(
                concept=names[i],
                kind=members[0].kind,
                statistic=group.statistic,
                unit=unit,
                score=Decimal(str(round(group.score, 1))),
                members=members,
                missing=[label for number, label in enumerate(labels) if number not in have],
                apart=apart[i],
            )
        )
    return rows


def _concept(group: Group) -> str:
    names = Counter(item.member.part or item.member.name for item in group.items)
    first: Mapping[str, int] = {n: i for i, n in reversed(list(enumerate(names)))}
    return min(names, key=lambda n: (-names[n], first[n]))


def _rows_apart(groups: Sequence[Group], names: Sequence[str]) -> list[list[Apart]]:
    """For each row the rows that count the same in another way: another statistic, scope or kind of unit."""
    families: dict[frozenset[str], list[int]] = defaultdict(list)
    for i, group in enumerate(groups):
        reading = group.reading
        families[reading.tokens - reading.scopes - frozenset(MOVEMENTS) - COVERAGES].append(i)
    found: list[list[Apart]] = [[] for _ in groups]
    for core, family in families.items():
        if not core or not 1 < len(family) <= BUCKET:
            continue
        for i in family:
            found[i] = [_apart(groups[i], groups[j], names[j]) for j in family if j != i]
    return found


def _apart(one: Group, other: Group, name: str) -> Apart:
    words = sorted(one.reading.scopes ^ other.reading.scopes)
    if words:
        return Apart(concept=name, reason="scope", words=words)
    if one.statistic != other.statistic:
        return Apart(concept=name, reason="statistic", words=[s for s in (one.statistic, other.statistic) if s])
    return Apart(concept=name, reason="unit", words=[d for d in (one.dimension, other.dimension) if d])
