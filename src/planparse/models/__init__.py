"""The result, as strict pydantic models, split by what they describe. No input, no output, no behaviour."""

from planparse.models.facts import (
    Agency,
    Base,
    Citation,
    Commitment,
    Deadline,
    FactNote,
    GlossaryEntry,
    Indicator,
    IndicatorValue,
    Project,
    Quantity,
    Responsibility,
    Task,
    Unclaimed,
)
from planparse.models.front import Attachment, BackMatter, DocumentNumber, FrontMatter
from planparse.models.nodes import (
    Annex,
    BoxItem,
    Box,
    Contents,
    ContentsEntry,
    Figure,
    Node,
    Note,
    Paragraph,
    Section,
    Table,
    TableCell,
    TableNote,
)
from planparse.models.plan import Coverage, Diagnostic, DiscardedText, Plan, Source
from planparse.models.spans import Period, Span

__all__ = [
    "Agency", "Annex", "Attachment", "BackMatter", "Base", "BoxItem", "Box", "Citation", "Commitment", "Contents",
    "ContentsEntry", "Coverage", "Deadline", "Diagnostic", "DiscardedText", "DocumentNumber", "FactNote", "Figure",
    "FrontMatter", "GlossaryEntry", "Indicator", "IndicatorValue", "Node", "Note", "Paragraph", "Period", "Plan", "Project",
    "Quantity", "Responsibility", "Section", "Source", "Span", "Table", "TableCell", "TableNote", "Task", "Unclaimed",
]  # fmt: skip
