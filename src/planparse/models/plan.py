"""The whole result of reading one file."""

from typing import Literal

from pydantic import Field

from planparse.models.corrections import AppliedCorrection
from planparse.models.facts import (
    Citation,
    Commitment,
    GlossaryEntry,
    Indicator,
    Project,
    Responsibility,
    Task,
    Unclaimed,
)
from planparse.models.front import BackMatter, FrontMatter
from planparse.models.nodes import ContentsEntry, Node
from planparse.models.spans import Digest, Model, Span

Severity = Literal["error", "warning", "info"]


class Source(Model):
    """The file that was read, and what read it."""

    name: str
    format: str
    sha256: Digest
    bytes: int = Field(ge=0)
    pages: int | None = None
    encoding: str | None = None
    extractor: str
    grammar: Digest
    planparse: str
    url: str | None = None
    retrieved_at: str | None = None


class Diagnostic(Model):
    """A doubt about the plan or about the reading of it; `message` is the English template filled with `values`."""

    code: str = Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$")
    severity: Severity
    values: dict[str, str | int | float] = {}
    message: str
    span: Span | None = None


class DiscardedText(Model):
    """Words of the source that are not in the text, and why."""

    text: str
    reason: str
    page: int | None = None
    line: int | None = None


class Coverage(Model):
    """The balance in non-blank characters: source + generated + recognised = text + discarded + lost."""

    source: int
    generated: int = 0
    recognised: int = 0
    text: int
    discarded: int
    lost: int
    repaired: int = 0


class Plan(Model):
    """A published plan as data: the tree, the facts, the doubts, and the text that they all point into."""

    schema_version: Literal["1"] = "1"
    id: Digest
    work: Digest
    source: Source
    front_matter: FrontMatter
    body: list[Node]
    back_matter: BackMatter
    contents: list[ContentsEntry] = []
    indicators: list[Indicator] = []
    responsibilities: list[Responsibility] = []
    tasks: list[Task] = []
    commitments: list[Commitment] = []
    projects: list[Project] = []
    citations: list[Citation] = []
    glossary: list[GlossaryEntry] = []
    unclaimed: list[Unclaimed] = []
    diagnostics: list[Diagnostic] = []
    corrections: list[AppliedCorrection] = []
    discarded: list[DiscardedText] = []
    coverage: Coverage
    text: str
