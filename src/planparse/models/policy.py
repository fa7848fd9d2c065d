"""What `planparse check` demands, what a person knows to be true of a plan, and what a check found."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from planparse.models.facts import Comparator, Nature, ValueRole
from planparse.models.plan import Severity
from planparse.models.spans import Digest, Model, Number, Span, Year

Told = str | int | float | list[list[str]]
FindingLevel = Literal["error", "warning", "note"]
PlanState = Literal["ok", "failed", "unreadable"]
Counted = Literal[
    "sections", "boxes", "tables", "annexes", "contents", "indicators", "tags", "responsibilities", "tasks", "commitments",
    "projects", "citations", "glossary", "unclaimed",
]  # fmt: skip
ComparedKind = Literal["section", "indicator", "responsibility", "task", "commitment"]

CHECK_CODES = {
    "check.changed": "A fact of the earlier result stands in the new one with other values.",
    "check.expected-absent": "The hand-verified facts name something that the plan as read does not have.",
    "check.expected-count": "A count differs from the hand-verified one.",
    "check.expected-differs": "A value differs from the hand-verified one.",
    "check.expected-no-plan": "The hand-verified facts name a plan that is not among the files checked, or name two.",
    "check.gained": "A fact stands in the new result and not in the earlier one.",
    "check.lost": "A fact of the earlier result is not in the new one.",
    "check.unclaimed": "More of what looks like a fact became none than the policy allows.",
    "check.unreadable": "The file could not be read.",
}
"""Codes that a check adds to those of the diagnostics, and what each tells."""


def _kebab(name: str) -> str:
    return name.replace("_", "-")


class Policy(Model):
    """`[tool.planparse.check]`: which diagnostics fail a plan. Codes may be families (`numbering.*`).

    A code in `ignore` is as if it had not been said; `severity` gives a code another severity before the rest is asked.
    """

    model_config = ConfigDict(alias_generator=_kebab)

    fail_on_errors: bool = True
    fail_on_lost_characters: bool = True
    fail_on_no_plan: bool = True
    fail_on: list[str] = []
    max_unclaimed_percent: float | None = Field(default=None, ge=0, le=100)
    ignore: list[str] = []
    severity: dict[str, Severity] = {}


class ExpectedIndicator(Model):
    """One figure of an indicator, as a person read it; what is not given is not asked.

    `value` is a number, or the words of a text target; without `year` and `role` it is asked of the target values.
    """

    name: str | None = None
    sequence: str | None = None
    year: Year | None = None
    role: ValueRole | None = None
    value: Number | str | None = None
    upper: Number | None = None
    comparator: Comparator | None = None
    unit: str | None = None
    nature: Nature | None = None

    @model_validator(mode="after")
    def _is_named(self) -> "ExpectedIndicator":
        if self.name is None and self.sequence is None:
            raise ValueError("an indicator is named by its name or its sequence")
        return self


class ExpectedSection(Model):
    """A section that must be there: by its id, its printed number, its title, or any of them together."""

    id: str | None = None
    number: str | None = None
    title: str | None = None

    @model_validator(mode="after")
    def _is_named(self) -> "ExpectedSection":
        if self.id is None and self.number is None and self.title is None:
            raise ValueError("a section is named by its id, number or title")
        return self


class ExpectedTag(Model):
    """Who answers for a section (its id, its title, or number and title); names as printed or canonical, in any order."""

    section: str
    lead: list[str] | None = None
    participating: list[str] | None = None


class ExpectedPlan(Model):
    """What a person knows of one plan: named by its file, its `work` or its `id`."""

    file: str | None = None
    work: Digest | None = None
    id: Digest | None = None
    title: str | None = None
    counts: dict[Counted, Annotated[int, Field(ge=0)]] = {}
    indicators: list[ExpectedIndicator] = []
    sections: list[ExpectedSection] = []
    tags: list[ExpectedTag] = []

    @model_validator(mode="after")
    def _is_named(self) -> "ExpectedPlan":
        if sum(name is not None for name in (self.file, self.work, self.id)) != 1:
            raise ValueError("a plan is named by one of file, work and id")
        return self


class Expectations(Model):
    """The file behind `--expect`."""

    plans: list[ExpectedPlan] = Field(min_length=1)


class Finding(Model):
    """One thing that a check found; `fails` tells whether it fails its plan. `line` is the source's, from 1.

    `message` is the English `template` filled with `values`; a value that is a list has words of ours and of the plan.
    """

    code: str
    level: FindingLevel
    fails: bool
    message: str
    template: str = ""
    values: dict[str, Told] = {}
    line: int | None = None
    page: int | None = None
    span: Span | None = None


class RuleChange(Model):
    """What a grammar rule gained, lost and changed against earlier results, over all plans checked."""

    kind: ComparedKind
    rule: str
    gained: int = 0
    lost: int = 0
    changed: int = 0


class CheckedPlan(Model):
    """What became of one file; `file` is the path as named, with slashes; the rest is null where it was not read."""

    file: str
    state: PlanState
    id: Digest | None = None
    work: Digest | None = None
    title: str | None = None
    earlier: bool = False
    gained: dict[ComparedKind, int] = {}
    lost: dict[ComparedKind, int] = {}
    changed: dict[ComparedKind, int] = {}
    findings: list[Finding] = []


class CheckReport(Model):
    """The result of `planparse check`; `findings` are those that belong to no file, `rules` the gains and losses."""

    schema_version: Literal["1"] = "1"
    planparse: str
    ok: bool
    plans: list[CheckedPlan]
    findings: list[Finding] = []
    rules: list[RuleChange] = []
