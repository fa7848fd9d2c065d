"""Plans beside each other, and what changed between two: the results of planparse.compare, printed by planparse.output."""

from typing import Literal

from planparse.models.facts import Nature, Quantity, Statistic, ValueRole, ValueStatus
from planparse.models.spans import Model, Number, Period, Span, Year

FactKind = Literal["indicator", "commitment"]
StatisticKind = Literal["level", "average", "growth", "change", "cumulative"]
ApartReason = Literal["statistic", "scope", "unit"]
WordOp = Literal["equal", "insert", "delete"]
SectionChangeKind = Literal["added", "removed", "moved", "renumbered", "reworded"]
IndicatorChangeKind = Literal[
    "added", "dropped", "raised", "lowered", "reworded", "nature", "unit", "baseline", "comparator", "target", "statistic"
]
DutyChangeKind = Literal["added", "removed", "agencies", "deadline", "reworded", "moved"]


class ComparedPlan(Model):
    """A plan in a comparison; `plan` is its file's stem, lengthened where two files share one."""

    plan: str
    id: str
    title: str | None = None
    region: str | None = None
    period: Period | None = None
    status: Literal["draft", "final"] | None = None
    source: str


class Converted(Model):
    """A figure in the unit of its row: `value` = printed value × `factor`."""

    raw: str
    value: Number
    upper: Number | None = None
    unit: str | None = None
    factor: Number


class ComparedValue(Model):
    """One printed figure of a member, and what it is in the row's unit where the units differ."""

    label: str | None = None
    year: Year | None = None
    period: Period | None = None
    role: ValueRole = "other"
    statistic: Statistic | None = None
    status: ValueStatus | None = None
    raw: str
    quantities: list[Quantity] = []
    converted: list[Converted] = []
    span: Span


class Member(Model):
    """A fact of one plan in a row; `part` is the measure meant where the printed name holds several (A和B覆盖率)."""

    plan: str
    kind: FactKind = "indicator"
    sequence: str | None = None
    id: str
    name: str
    part: str | None = None
    parent: str | None = None
    group: str | None = None
    unit: str | None = None
    nature: Nature | None = None
    values: list[ComparedValue]
    flags: list[str] = []
    span: Span


class Apart(Model):
    """A row that looks like this one and is not: another statistic, another scope, a unit of another kind."""

    concept: str
    reason: ApartReason
    words: list[str] = []


class ComparisonRow(Model):
    """What is counted, by whom; `statistic` is null where no member tells; `score` (0..100) of the least alike wording."""

    concept: str
    kind: FactKind = "indicator"
    statistic: StatisticKind | None = None
    unit: str | None = None
    score: Number
    members: list[Member]
    missing: list[str] = []
    apart: list[Apart] = []


class Comparison(Model):
    """Facts of many plans side by side, aligned by meaning; `threshold` is the least similarity that joins two wordings."""

    threshold: Number
    plans: list[ComparedPlan]
    rows: list[ComparisonRow]


class Word(Model):
    """A run of words that both texts have, or only the new one (insert), or only the old one (delete)."""

    op: WordOp
    text: str


class SectionChange(Model):
    """What became of a section; ids and headings are null on the side that lacks it. `words` covers its own paragraphs."""

    kinds: list[SectionChangeKind]
    old: str | None = None
    new: str | None = None
    old_heading: str | None = None
    new_heading: str | None = None
    old_parent: str | None = None
    new_parent: str | None = None
    words: list[Word] = []


class IndicatorChange(Model):
    """What became of an indicator; figures as printed, nature and unit of both sides."""

    kinds: list[IndicatorChangeKind]
    concept: str
    old: Member | None = None
    new: Member | None = None
    old_target: str | None = None
    new_target: str | None = None
    outcome: Literal["reached", "missed"] | None = None
    """For the next period: whether the new plan's baseline for the old target's year reaches that target."""
    words: list[Word] = []


class DutyChange(Model):
    """What became of a responsibility or a task: agencies by name, deadlines as printed."""

    kinds: list[DutyChangeKind]
    fact: Literal["responsibility", "task"]
    old: str | None = None
    new: str | None = None
    place: str | None = None
    text: str
    lead_added: list[str] = []
    lead_removed: list[str] = []
    participating_added: list[str] = []
    participating_removed: list[str] = []
    old_deadline: str | None = None
    new_deadline: str | None = None
    words: list[Word] = []


class PlanDiff(Model):
    """What changed from `old` to `new`: sections, indicators, duties; what stayed is counted in `unchanged`."""

    old: ComparedPlan
    new: ComparedPlan
    sections: list[SectionChange]
    indicators: list[IndicatorChange]
    duties: list[DutyChange]
    unchanged: dict[Literal["sections", "indicators", "responsibilities", "tasks"], int]
