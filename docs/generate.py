"""Writes docs/data-model.md and the limits in docs/formats.md from the models; with --check only tells whether they are current."""

import inspect
import re
import sys
import types
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from planparse import models
from planparse.models.facts import Fact
from planparse.models.limits import Limits
from planparse.models.spans import Model
from planparse.output.tables_words import meaning_of

PAGE = Path(__file__).with_name("data-model.md")
FORMATS = Path(__file__).with_name("formats.md")
LIMITS_BEGIN, LIMITS_END = "<!-- limits: begin -->\n", "<!-- limits: end -->"
COMMAND = "python docs/generate.py"

HEAD = f"""# The data model

What `planparse ingest` writes for a plan: one JSON file, and the same as YAML. This page is made from the models in
`src/planparse/models/` by `{COMMAND}`; a test holds it current.
[plan.schema.json](../schemas/plan.schema.json) says the same for machines, and [stability.md](stability.md) what may change.

Every model is strict: unknown keys are refused, nothing is coerced. Enumerations are English words; what the document
prints stands verbatim beside them. A field that the document does not give is null or `[]`, never guessed. Figures are
plain JSON numbers, dates ISO strings; ids are `3.1.2` for sections and `box-3`, `table-2`, `ind-7` … for the rest, counted
in the order of the document.

## Four ideas

**One text, and everything points into it.** `text` is the whole document in reading order, exactly as printed: one
paragraph a line, a table row a line with TAB between its cells. A `span` names a place in it: `text[start:end]` is what a
value was read from. In Python that is a slice; a language whose strings are UTF-16 must count code points.

**Nothing is lost.** Every non-blank character of the source is either in `text` or in `discarded`, with a reason.
`coverage` is the sum: source + generated + recognised = text + discarded + lost. `source` is counted by a second, simpler
reading; `lost` is 0, or the plan carries an error.

**A tree for the reader, flat facts for the researcher.** `front_matter`, `body` and `back_matter` hold the text exactly
once: read aloud, the tree is the text. Facts are flat rows, each with the section that it stands in, the grammar rule that
took it, its place, and in `flags` the codes of the [diagnostics](diagnostics.md) that touch it.

**What no fact claims is shown.** `unclaimed` lists what looks like a fact and became none.
"""

GROUPS: Mapping[str, tuple[str, ...]] = {
    "The plan": ("Plan", "Source", "Coverage", "Diagnostic", "DiscardedText", "AppliedCorrection"),
    "Front and back matter": ("FrontMatter", "DocumentNumber", "Attachment", "BackMatter"),
    "The tree": (
        "Section", "Annex", "Paragraph", "Note", "Box", "BoxItem", "Table", "TableCell", "TableNote", "Figure", "Contents",
        "ContentsEntry",
    ),
    "Facts": (
        "Fact", "Indicator", "IndicatorValue", "Responsibility", "Task", "Commitment", "Project", "Citation", "GlossaryEntry",
        "Unclaimed",
    ),
    "What they are made of": ("Span", "Period", "Quantity", "Base", "Agency", "Person", "Deadline", "FactNote"),
}  # fmt: skip

TABLES: Mapping[str, str] = {
    "FrontMatter": "plans", "Section": "sections", "Annex": "sections", "Box": "boxes", "BoxItem": "box_items",
    "Indicator": "indicators", "IndicatorValue": "indicator_values", "Responsibility": "responsibilities", "Task": "tasks",
    "Commitment": "commitments", "Project": "projects", "Citation": "citations", "GlossaryEntry": "glossary",
    "Diagnostic": "diagnostics", "Unclaimed": "unclaimed", "Agency": "agencies",
}  # fmt: skip
"""Where the data dictionary has a table for a model, its words for a column are the field's."""

WORDS: Mapping[str, str] = {
    "AppliedCorrection.fact": "id of the fact; null in the front matter",
    "AppliedCorrection.field": "path of the field: `unit`, `values.1.role`",
    "AppliedCorrection.kind": "the list that holds the fact",
    "AppliedCorrection.new": "what stands now",
    "AppliedCorrection.old": "what was read",
    "Attachment.href": "the link, on a web page",
    "Attachment.included": "it stands in the file",
    "Base.unit": "unit of what a rate counts against",
    "Base.value": "what a rate counts against",
    "bbox": "(left, top, right, bottom) in points",
    "box": "id of the box that it stands in",
    "caption": "caption, as printed",
    "caption_span": "where the caption stands",
    "content": "the nodes inside, in order",
    "Contents.entries": "its lines",
    "ContentsEntry.level": "depth in the printed contents",
    "ContentsEntry.page": "page number, as printed",
    "ContentsEntry.section": "id of the section that it means",
    "Coverage.discarded": "characters set aside with a reason",
    "Coverage.generated": "characters of automatic numbers",
    "Coverage.lost": "characters that the reading lost",
    "Coverage.recognised": "characters that OCR gave",
    "Coverage.repaired": "code points put right one for one (⼀ for 一)",
    "Coverage.source": "characters of the source, by the second reading",
    "Coverage.text": "characters of `text`",
    "Agency.renamed": "year of the reform that ended the printed name; null while it is in use",
    "Person.name": "as printed, with rank or office where that stands in the same piece",
    "Person.role": "the word printed before it (牵头领导, 责任人)",
    "Deadline.date": "the last day that is meant",
    "Deadline.kind": "which sort of deadline",
    "deadline": "until when",
    "Diagnostic.span": "the place, where it has one",
    "DiscardedText.line": "line of the source file",
    "DiscardedText.reason": "`page_number`, `running_head`, `markup`, `page_chrome`, `repeated_header` …",
    "DocumentNumber.agency": "the agency's code",
    "DocumentNumber.serial": "the serial",
    "DocumentNumber.year": "the year",
    "Figure.name": "the part or address that holds the picture; null for a PDF",
    "Figure.recognised": "where the words stand that OCR read in it",
    "Figure.span": "the caption's place; empty where there is none, at the picture's place",
    "Figure.state": "what was read in it, or why nothing was",
    "FrontMatter.attachments": "附件 that the plan names",
    "FrontMatter.document_number": "发文字号",
    "FrontMatter.issuers": "the issuing bodies, one by one",
    "FrontMatter.level": "administrative level of the plan",
    "FrontMatter.spans": "field → the places that it was read from",
    "FrontMatter.title": "the plan's title, joined where it is broken over lines, without （征求意见稿）",
    "GlossaryEntry.references": "where the term is used",
    "group": "the group heading that it stands under",
    "Indicator.agencies": "bodies that the row names",
    "Indicator.values": "its figures, one a column",
    "items": "what it lists: a view of the content",
    "mark": "the mark in the text (①, 注)",
    "period": "first and last year",
    "Period.end": "last year, included",
    "Period.start": "first year, included",
    "Plan.back_matter": "抄送, 印发 lines and what follows the last section or annex",
    "Plan.body": "the sections, in order",
    "Plan.citations": "every 《…》",
    "Plan.commitments": "promises with a figure",
    "Plan.contents": "the printed 目录: a view",
    "Plan.corrections": "a reader's corrections that were laid over",
    "Plan.coverage": "the balance",
    "Plan.diagnostics": "doubts about the plan or its reading",
    "Plan.discarded": "what is not in the text, and why",
    "Plan.front_matter": "what stands before the first section, and what it says",
    "Plan.glossary": "terms and what they mean",
    "Plan.id": "the first 16 digits of the source's sha256",
    "Plan.indicators": "rows of the indicator tables",
    "Plan.projects": "named projects and programmes",
    "Plan.responsibilities": "tags: who leads, who takes part",
    "Plan.schema_version": "version of this model",
    "Plan.source": "the file, and what read it",
    "Plan.tasks": "rows of the 任务分工表",
    "Plan.text": "the whole text",
    "Plan.unclaimed": "what looks like a fact and became none",
    "Plan.work": "hash of title, period and chapter titles: the same plan in two files has the same",
    "Project.investment": "what it costs",
    "Source.bytes": "size",
    "Source.encoding": "character encoding (text formats)",
    "Source.extractor": "the reader that took it",
    "Source.format": "format, by content",
    "Source.grammar": "digest of the rules",
    "Source.name": "name of the file",
    "Source.pages": "pages, where the format has them",
    "Source.planparse": "version that read it",
    "Source.retrieved_at": "when it was fetched, if the file or a manifest says so",
    "Source.sha256": "sha256 of the file",
    "Source.url": "where it came from, if the file or a manifest says so",
    "quantities": "the figures in it",
    "quantity": "the figure",
    "Quantity.base": "what a rate counts against",
    "raw": "as printed",
    "role": "what it is here, or the word printed before it",
    "Section.content": "paragraphs, tables, boxes, figures and sub-sections, in order",
    "Section.rule": "the heading's grammar rule",
    "Span.end": "where it ends, in code points",
    "Span.line": "line of the source file (text formats)",
    "Span.start": "where it begins, in code points",
    "span": "its place in the text",
    "Table.header_rows": "rows that head the columns",
    "Table.rows": "its cells, a merged one once",
    "table": "id of the table or box",
    "TableCell.column": "0-based column",
    "TableCell.columns": "columns that it spans",
    "TableCell.row": "0-based row",
    "TableCell.rows": "rows that it spans",
    "statistic": "what the figure measures, null if not certain",
    "status": "what the notes say of the figure",
}
FACT = frozenset(Fact.model_fields)


def words_of(model: str, field: str) -> str:
    """What a field holds; blank where nobody has said so (a test forbids that)."""
    own = WORDS.get(f"{model}.{field}")
    return own or meaning_of(TABLES.get(model, ""), field) or WORDS.get(field, "")


def type_words(annotation: Any) -> str:
    """A type as the page says it: `string or null`, `list of Indicator`, the words of an enumeration."""
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        schema = str(annotation)
        return "node" if "discriminator" in schema else "number" if "PlainSerializer" in schema else type_words(parts[0])
    if origin in (typing.Union, types.UnionType):
        return " or ".join(type_words(part) for part in parts)
    if origin is typing.Literal:
        return " ".join(f"`{part}`" for part in parts)
    if origin in (list, tuple):
        return f"list of {type_words(parts[0])}"
    if origin is dict:
        return f"{type_words(parts[0])} → {type_words(parts[1])}"
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    names = {str: "string", int: "integer", float: "number", bool: "true or false", type(None): "null"}
    return names.get(annotation, "number" if "Decimal" in str(annotation) else "any value")


def field_rows(model: type[BaseModel]) -> Iterator[str]:
    """A row of the page for each field; what every fact has is said once, under Fact."""
    for name, field in model.model_fields.items():
        if name == "type" or (model is not Fact and issubclass(model, Fact) and name in FACT):
            continue
        told = type_words(field.annotation)
        if any("PlainSerializer" in type(part).__name__ for part in field.metadata):
            told = "number"
        default = "" if field.default in (PydanticUndefined, None, [], {}, "") else f"; `{field.default}` unless said"
        yield f"| `{name}` | {told} | {words_of(model.__name__, name)}{default} |\n"


def page_text() -> str:
    """The page."""
    parts = [HEAD]
    for group, names in GROUPS.items():
        parts.append(f"\n## {group}\n")
        for name in names:
            model: type[Model] = Fact if name == "Fact" else getattr(models, name)
            kind = model.model_fields.get("type")
            about = re.sub(r"\s+", " ", inspect.getdoc(model) or "")
            parts.append(f"\n### {name}\n\n{about}" + (f" `type` is `{kind.default}`." if kind else ""))
            parts.append("\n\n| field | type | what |\n| --- | --- | --- |\n")
            parts += field_rows(model)
    return "".join(parts)


def formats_text(text: str) -> str:
    """docs/formats.md with the table of limits as the model has them."""
    before, _, rest = text.partition(LIMITS_BEGIN)
    _, _, after = rest.partition(LIMITS_END)
    rows = [
        f"| `{field.alias}` | {field.default:,.12g} | {field.description} |\n" for field in Limits.model_fields.values()
    ]  # fmt: skip
    return "".join(
        (before, LIMITS_BEGIN, "| limit | default | what it counts |\n| --- | ---: | --- |\n", *rows, LIMITS_END, after)
    )


def main() -> int:
    """Write the pages, or with --check tell whether they are current."""
    made = {PAGE: page_text(), FORMATS: formats_text(FORMATS.read_text(encoding="utf-8"))}
    stale = [path for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"docs/{path.name} is not current: {COMMAND}", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        path.write_text(made[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
