"""A reader's corrections of a plan's facts: the file that the review page saves, and what a plan keeps of each."""

from typing import Literal

from pydantic import Field, JsonValue

from planparse.models.spans import Digest, Model, Span

CorrectedKind = Literal[
    "front_matter", "indicators", "responsibilities", "tasks", "commitments", "projects", "citations", "glossary"
]

NEVER_CORRECTED = frozenset(
    {
        "id", "section", "rule", "span", "spans", "flags", "duplicate_of", "raw", "text", "content", "columns", "notes",
        "references", "refers_to", "same_as", "table", "box", "attachments",
    }
)  # fmt: skip
"""Fields that a correction leaves alone: what is printed, where it stands, and what points elsewhere."""

AGENCY_LISTS = frozenset({"lead", "participating", "agencies", "issuers"})
"""Fields whose old and new value are lists of names as printed; each name keeps the place where the plan prints it."""


class Change(Model):
    """One value put right: the fact is found by its kind and its place, never by its id.

    `field` is a path (`unit`, `quantity.value`, `values.1.role`). `nth` (from 0) tells facts of one kind and one place
    apart; `words` are what the plan prints at the place. The span of a front-matter field is its first, or null.
    """

    kind: CorrectedKind
    span: Span | None = None
    field: str = Field(min_length=1)
    old: JsonValue = None
    new: JsonValue = None
    nth: int | None = Field(default=None, ge=0)
    words: str | None = None


class Corrections(Model):
    """The file NAME.corrections.json: `sha256` is the source's, whole; the changes apply to readings of that file only."""

    schema_version: Literal["1"] = "1"
    sha256: Digest
    name: str | None = None
    changes: list[Change]


class AppliedCorrection(Model):
    """A change that a plan carries: the fact (null in the front matter), the field, what was read and what stands now."""

    kind: CorrectedKind
    fact: str | None = None
    span: Span | None = None
    field: str
    old: JsonValue = None
    new: JsonValue = None
