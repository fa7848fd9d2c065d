"""planparse: published Chinese policy plans in, checked structured data out.

`parse` reads one file into a `Plan`; `read` gives only its text (stage 1); `read_aloud` says a plan's tree, which is its
text; `load` takes a plan back from the JSON that `planparse ingest` wrote, `load_all` those of a folder, `tables` as a DuckDB
connection. The models of a plan (`Plan`, `Section`, `Indicator` …) are here too. Names are imported when they are used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from planparse.version import __version__

if TYPE_CHECKING:
    from planparse.balance import read_aloud
    from planparse.document import Document
    from planparse.errors import BadGrammar, BadPlanFile, MissingTool, PlanparseError, UnreadableFile
    from planparse.extractors import read
    from planparse.grammar import Grammar, load_grammar
    from planparse.models import (
        Agency,
        Annex,
        AppliedCorrection,
        Attachment,
        BackMatter,
        Base,
        Box,
        BoxItem,
        Change,
        Citation,
        Commitment,
        Contents,
        ContentsEntry,
        Corrections,
        Coverage,
        Deadline,
        Diagnostic,
        DiscardedText,
        DocumentNumber,
        FactNote,
        Figure,
        FrontMatter,
        GlossaryEntry,
        Indicator,
        IndicatorValue,
        Node,
        Note,
        Paragraph,
        Period,
        Person,
        Plan,
        Project,
        Quantity,
        Responsibility,
        Section,
        Source,
        Span,
        Table,
        TableCell,
        TableNote,
        Task,
        Unclaimed,
    )
    from planparse.models.limits import Limits
    from planparse.output.json_yaml import load
    from planparse.output.stored import load_all
    from planparse.output.tables import tables
    from planparse.pipeline import parse

_HOMES = {  # of what is no model of a plan
    "BadGrammar": "errors",
    "BadPlanFile": "errors",
    "Document": "document",
    "Grammar": "grammar",
    "Limits": "models.limits",
    "MissingTool": "errors",
    "PlanparseError": "errors",
    "UnreadableFile": "errors",
    "load": "output.json_yaml",
    "load_all": "output.stored",
    "load_grammar": "grammar",
    "parse": "pipeline",
    "read": "extractors",
    "read_aloud": "balance",
    "tables": "output.tables",
}

__all__ = [
    "Agency", "Annex", "AppliedCorrection", "Attachment", "BackMatter", "BadGrammar", "BadPlanFile", "Base", "Box",
    "BoxItem", "Change", "Citation", "Commitment", "Contents", "ContentsEntry", "Corrections", "Coverage", "Deadline",
    "Diagnostic", "DiscardedText", "Document", "DocumentNumber", "FactNote", "Figure", "FrontMatter", "GlossaryEntry",
    "Grammar", "Indicator", "IndicatorValue", "Limits", "MissingTool", "Node", "Note", "Paragraph", "Period", "Person", "Plan",
    "PlanparseError", "Project", "Quantity", "Responsibility", "Section", "Source", "Span", "Table", "TableCell",
    "TableNote", "Task", "Unclaimed", "UnreadableFile", "__version__", "load", "load_all", "load_grammar", "parse",
    "read", "read_aloud", "tables",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in __all__:
        value = getattr(import_module(f"planparse.{_HOMES.get(name, 'models')}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'planparse' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
