"""The tree for the reader: sections, paragraphs, tables, boxes, figures, notes, annexes and the printed contents."""

from typing import Annotated, Literal

from pydantic import Field

from planparse.models.spans import Level, Model, Ordinal, Span

Function = Literal["review", "situation", "principles", "goals", "tasks", "safeguards", "monitoring", "other"]
FigureState = Literal["read", "wordless", "unread", "unreadable", "too-large", "absent"]
BoxKind = Literal["indicators", "projects", "tasks", "other"]


class Paragraph(Model):
    """Running text; `text` is the slice of the plan's text that `span` names."""

    type: Literal["paragraph"] = "paragraph"
    text: str
    span: Span
    duplicate_of: str | None = None


class Note(Model):
    """A foot- or endnote, with the mark that stands in the text."""

    type: Literal["note"] = "note"
    mark: str | None = None
    text: str
    span: Span


class TableCell(Model):
    """A cell: its words, its 0-based place and how many rows and columns it spans."""

    text: str
    row: int = Field(ge=0)
    column: int = Field(ge=0)
    rows: int = Field(default=1, ge=1)
    columns: int = Field(default=1, ge=1)
    span: Span


class TableNote(Model):
    """A note under a table or beside a value (注：…, ①)."""

    mark: str | None = None
    text: str
    span: Span


class Table(Model):
    """A table; one over several pages is one. `header_rows` counts the rows that head the columns."""

    type: Literal["table"] = "table"
    id: str
    caption: str = ""
    caption_span: Span | None = None
    unit: str | None = None
    header_rows: int = Field(default=0, ge=0)
    rows: list[list[TableCell]]
    notes: list[TableNote] = Field(default_factory=list)
    span: Span
    duplicate_of: str | None = None


class Figure(Model):
    """A picture or chart with its caption; `bbox` is (left, top, right, bottom) in points on `page`.

    `span` is the caption's; without one it is empty and says where the picture stands. `recognised` is what OCR read in it,
    which stands in nodes of its own. `state`: `read`, `wordless` (a photo, a map, a chart), or why nothing was read: `unread`
    (no OCR), `unreadable`, `too-large`, `absent` (not in the file). `name` is the file's part or address that holds it.
    """

    type: Literal["figure"] = "figure"
    caption: str = ""
    name: str | None = None
    state: FigureState = "wordless"
    page: int | None = None
    bbox: tuple[float, float, float, float] | None = None
    recognised: Span | None = None
    span: Span


class BoxItem(Model):
    """One entry of a box: its name, printed number, the group heading it stands under, and its description."""

    name: str
    number: str = ""
    group: str | None = None
    text: str
    span: Span


class Box(Model):
    """A 专栏, or an indicator table that stands like one. `items` are a view of the content."""

    type: Literal["box"] = "box"
    id: str
    caption: str
    caption_span: Span | None = None
    number: str | None = None
    title: str
    kind: BoxKind = "other"
    items: list[BoxItem] = Field(default_factory=list)
    content: list["Node"] = Field(default_factory=list)
    rule: str | None = None
    span: Span
    duplicate_of: str | None = None


class ContentsEntry(Model):
    """A line of the printed 目录; `section` is the id of the section that it means."""

    number: str = ""
    title: str
    level: Level = 1
    page: str | None = None
    raw: str
    span: Span
    section: str | None = None


class Contents(Model):
    """The printed 目录, where it stands."""

    type: Literal["contents"] = "contents"
    caption: str = ""
    caption_span: Span | None = None
    entries: list[ContentsEntry]
    span: Span


class Section(Model):
    """A heading and what it owns. In a run-in section the heading is the first sentence of its first paragraph."""

    type: Literal["section"] = "section"
    id: str
    heading: str
    number: str = ""
    ordinal: Ordinal | None = None
    implied_number: str | None = None
    title: str
    level: Level
    run_in: bool = False
    function: Function = "other"
    rule: str | None = None
    span: Span
    content: list["Node"] = Field(default_factory=list)
    duplicate_of: str | None = None


class Annex(Model):
    """A 附件 with its own text and tables; its headings are sections inside it, not the plan's."""

    type: Literal["annex"] = "annex"
    id: str
    number: str = ""
    title: str
    heading: str
    span: Span
    content: list["Node"] = Field(default_factory=list)
    duplicate_of: str | None = None


Node = Annotated[
    Section | Annex | Contents | Paragraph | Note | Table | Box | Figure,
    Field(discriminator="type"),
]

for _model in (Box, Section, Annex):
    _model.model_rebuild()
