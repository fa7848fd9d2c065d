"""Flat facts for the researcher: indicators, responsibilities, tasks, commitments, projects, citations, glossary."""

from typing import Literal

from pydantic import Field

from planparse.models.spans import IsoDate, Model, Number, Period, Span, Year

Comparator = Literal["=", ">", ">=", "<", "<=", "~", "range", "text"]
Nature = Literal["binding", "anticipatory"]
ValueRole = Literal["baseline", "target", "actual", "other"]
Statistic = Literal["level", "average", "growth_rate", "change", "cumulative"]
ValueStatus = Literal["actual", "estimated", "unpublished", "delegated"]
AgencyLevel = Literal["national", "province", "city", "county", "township"]
AgencyKind = Literal["party", "government", "lower_government", "enterprise", "park", "association", "group"]
LeadBasis = Literal["stated", "rule", "sole", "joint"]
CommitmentKind = Literal["target", "incentive"]
CitationKind = Literal["law", "plan", "notice", "standard", "other"]
DeadlineKind = Literal["date", "year", "period", "annual", "ongoing", "long_term", "other"]


class Fact(Model):
    """What every row carries: its id, the section it stands in, the grammar rule that took it, its place, its doubts."""

    id: str
    section: str | None = None
    rule: str
    span: Span
    flags: list[str] = Field(default_factory=list)
    duplicate_of: str | None = None


class Base(Model):
    """What a rate counts against: 人/百亿元 → value 10000000000, unit 元."""

    value: Number
    unit: str | None = None


class Quantity(Model):
    """A printed figure and what it means; text targets (应托尽托) have comparator `text` and no value."""

    raw: str
    comparator: Comparator
    value: Number | None = None
    upper: Number | None = None
    unit: str | None = None
    base: Base | None = None
    span: Span | None = None


class Agency(Model):
    """A body as printed, with the name that the vocabulary knows it by.

    `renamed` is the year of the reform that ended the printed name (市环保局: 2018); null while it is in use.
    """

    name: str
    canonical: str | None = None
    level: AgencyLevel | None = None
    kind: AgencyKind | None = None
    role: str | None = None
    renamed: Year | None = None
    span: Span


class Deadline(Model):
    """When something is due: as printed, as an ISO date where one is meant (the last day), and of which kind."""

    raw: str
    date: IsoDate | None = None
    kind: DeadlineKind
    span: Span | None = None


class FactNote(Model):
    """A note that touches a fact (① 2019年数)."""

    mark: str | None = None
    text: str
    span: Span


class IndicatorValue(Model):
    """One figure of an indicator: the header cell over it, its year or period, and what it means."""

    label: str
    year: Year | None = None
    period: Period | None = None
    role: ValueRole = "other"
    statistic: Statistic | None = None
    status: ValueStatus | None = None
    raw: str
    quantities: list[Quantity] = Field(default_factory=list)
    notes: list[FactNote] = Field(default_factory=list)
    span: Span


class Indicator(Fact):
    """A row of an indicator table."""

    table: str
    sequence: str | None = None
    name: str
    parent: str | None = None
    unit: str | None = None
    group: str | None = None
    nature: Nature | None = None
    values: list[IndicatorValue]
    definition: str | None = None
    data_source: str | None = None
    agencies: list[Agency] = Field(default_factory=list)
    notes: list[FactNote] = Field(default_factory=list)


class Person(Model):
    """Somebody named in a tag (牵头领导, 责任人), as printed with rank, and the role word before the name."""

    name: str
    role: str
    span: Span


class Responsibility(Fact):
    """Who answers for a section, a paragraph or an item; `basis` tells how lead was told from participating."""

    lead: list[Agency]
    participating: list[Agency] = Field(default_factory=list)
    open_ended: bool = False
    basis: LeadBasis
    deadline: Deadline | None = None
    persons: list[Person] = Field(default_factory=list)
    raw: str


class Task(Fact):
    """A row of a 任务分工表; `group` is the category (类别) or the row of one cell (一、供水保障) that it stands under."""

    table: str
    sequence: str | None = None
    group: str | None = None
    title: str | None = None
    text: str
    lead: list[Agency] = Field(default_factory=list)
    participating: list[Agency] = Field(default_factory=list)
    open_ended: bool = False
    deadline: Deadline | None = None
    refers_to: list[str] = Field(default_factory=list)
    columns: dict[str, str] = Field(default_factory=dict)


class Commitment(Fact):
    """A promise with a figure for the plan's period."""

    text: str
    measure: str | None = None
    action: str | None = None
    quantity: Quantity
    year: Year | None = None
    frequency: str | None = None
    kind: CommitmentKind = "target"
    same_as: list[str] = Field(default_factory=list)


class Project(Fact):
    """A named project or programme."""

    name: str
    category: str | None = None
    stage: str | None = None
    agencies: list[Agency] = Field(default_factory=list)
    investment: Quantity | None = None
    deadline: Deadline | None = None
    box: str | None = None


class Citation(Fact):
    """A document named in 《》; `basis` tells that the plan's preamble gives it as one of its grounds."""

    title: str
    document_number: str | None = None
    kind: CitationKind = "other"
    basis: bool = False


class GlossaryEntry(Fact):
    """A term and what the plan says it means."""

    number: str | None = None
    term: str
    text: str
    references: list[Span] = Field(default_factory=list)


class Unclaimed(Model):
    """What looks like a fact and became none; of kind `roles` a sentence that gives the bodies in `agencies` a part."""

    kind: Literal["figure", "agencies", "roles", "table", "box"]
    text: str
    section: str | None = None
    agencies: list[Agency] = Field(default_factory=list)
    span: Span
