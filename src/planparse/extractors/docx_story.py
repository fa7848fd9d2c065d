"""A story (body, note, header, text box) → its blocks in order: paragraphs and tables, wrappers taken off."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from planparse.document import Line
from planparse.extractors.docx_package import W
from planparse.extractors.docx_runs import ALTERNATE, BREAK, PICTURES, SKIPPED, TEXTBOX, ParagraphReader, words
from planparse.extractors.docx_styles import to_int
from planparse.extractors.picture_places import Placed, Told

MAX_SPAN = 1000
GONE = {W + "del", W + "moveFrom"}
RUNS = {W + "r", W + "hyperlink", W + "fldSimple", W + "t"}


@dataclass(slots=True)
class Paragraph:
    """A paragraph with what is anchored in it: text boxes and pictures, each a list of blocks. `text` may hold BREAK."""

    text: str
    line: Line
    framed: bool = False
    boxes: "list[list[Block]]" = field(default_factory=list)


@dataclass(slots=True)
class TableCell:
    """A cell by its 0-based column; `rows` grows as cells below turn out to be merged with it."""

    column: int
    columns: int
    rows: int = 1
    blocks: "list[Block]" = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """A table; a merged cell stands once, in its first row."""

    rows: list[list[TableCell]]


@dataclass(slots=True)
class Shown:
    """A picture: how it is placed, and once pictures were read what the group says that begins with it.

    `inside`: it stands in a cell or a frame, where `blocks` are its words.
    """

    placed: Placed
    told: Told | None = None
    inside: bool = False
    blocks: "list[Block]" = field(default_factory=list)


Block = Paragraph | Table | Shown
ToPlaced = Callable[["etree._Element"], Placed | None]
Chunk = Callable[["etree._Element"], list[Block]]


class StoryReader:
    """Reads stories in document order."""

    def __init__(
        self, paragraphs: ParagraphReader, discard: Callable[[str, str], None], chunk: "Chunk", placed: "ToPlaced"
    ) -> None:
        self._paragraphs, self._discard, self._chunk, self._placed = paragraphs, discard, chunk, placed

    def read(self, story: "Iterable[etree._Element]") -> list[Block]:
        """The blocks of a story, given its elements; paragraphs whose mark is deleted or hidden are joined."""
        blocks: list[Block] = []
        open_paragraph: Paragraph | None = None
        for block, goes_on in self._blocks(story):
            if open_paragraph is not None and isinstance(block, Paragraph):
                layout = open_paragraph.line if open_paragraph.text.strip() else block.line
                open_paragraph.line = layout
                open_paragraph.framed = open_paragraph.framed or block.framed
                open_paragraph.text += block.text
                open_paragraph.boxes += block.boxes
            else:
                blocks.append(block)
            last = blocks[-1]
            open_paragraph = last if goes_on and isinstance(last, Paragraph) else None
        return blocks

    def _blocks(self, elements: "Iterable[etree._Element]") -> Iterator[tuple[Block, bool]]:
        for element in elements:
            tag = element.tag
            if tag == W + "p":
                yield self._paragraph(element)
            elif tag == W + "tbl":
                yield self._table(element), False
            elif tag in SKIPPED:
                continue
            elif tag in GONE:
                self._discard(words(element), "deleted_revision")
            elif tag == W + "altChunk":
                yield from ((block, False) for block in self._chunk(element))
            elif tag == ALTERNATE:
                chosen = self._paragraphs.choice(element)
                yield from self._blocks(() if chosen is None else chosen)
            elif tag in RUNS:
                # A run outside a paragraph is no valid Word, but its words are words.
                stray = etree.Element(W + "p")
                stray.append(_copy(element))
                yield self._paragraph(stray)
            elif len(element):
                yield from self._blocks(element)

    def _paragraph(self, element: "etree._Element") -> tuple[Paragraph, bool]:
        piece = self._paragraphs.read(element)
        boxes: list[list[Block]] = []
        for box in piece.boxes:
            if isinstance(box, list):
                boxes.append([Paragraph(text, Line(0, 0)) for text in box])
            elif box.tag in PICTURES:
                placed = self._placed(box)
                boxes += [[Shown(placed)]] if placed is not None else []
            else:
                boxes.append(self.read(box if box.tag == TEXTBOX else (box,)))
        return Paragraph(piece.text, piece.line, piece.framed, boxes), piece.open

    def _table(self, element: "etree._Element") -> Table:
        rows: list[list[TableCell]] = []
        above: dict[int, TableCell] = {}
        # Words that stand in a table or row without a cell are a cell of their own.
        for row in [*_inner(element, W + "tr")] or [element]:
            properties = row.find(W + "trPr")
            if properties is not None and properties.find(W + "del") is not None:
                self._discard(words(row), "deleted_revision")
                continue
            made, above = self._row(row, properties, above)
            rows.append(made)
        return Table(rows)

    def _row(
        self, row: "etree._Element", properties: "etree._Element | None", above: dict[int, TableCell]
    ) -> tuple[list[TableCell], dict[int, TableCell]]:
        made: list[TableCell] = []
        reached: dict[int, TableCell] = {}
        column = 0 if properties is None else _span(properties, "gridBefore", least=0)
        for element in [*_inner(row, W + "tc")] or [row]:
            about = element.find(W + "tcPr")
            wide = 1 if about is None else _span(about, "gridSpan")
            blocks = self.read(element)
            upper = above.get(column)
            if made and _merged(about, "hMerge"):
                made[-1].columns += wide
                made[-1].blocks += blocks
            elif upper is not None and _merged(about, "vMerge"):
                upper.rows += 1
                upper.blocks += blocks
                reached[column] = upper
            else:
                made.append(TableCell(column, wide, blocks=blocks))
                reached[column] = made[-1]
            column += wide
        return made, reached


def paragraphs(blocks: Iterable[Block]) -> Iterator[Paragraph]:
    """The blocks as paragraphs: text boxes after what they are anchored in, a table's row as one, cells parted by blanks."""
    for block in blocks:
        if isinstance(block, Table):
            for row in block.rows:
                cells = [list(paragraphs(cell.blocks)) for cell in row]
                flat = " ".join(p.text.replace(BREAK, " ").strip() for cell in cells for p in cell if p.text.strip())
                first = next((p.line for cell in cells for p in cell), Line(0, 0))
                yield Paragraph(flat, first._replace(list_label=None))
        elif isinstance(block, Shown):
            yield from paragraphs(block.blocks)
        else:
            yield block
            for box in block.boxes:
                yield from paragraphs(box)


def _inner(element: "etree._Element", wanted: str) -> "Iterator[etree._Element]":
    """The rows of a table or the cells of a row, out of content controls and the like."""
    for child in element:
        if child.tag == wanted:
            yield child
        elif len(child) and child.tag not in SKIPPED:
            yield from _inner(child, wanted)


def _span(properties: "etree._Element", name: str, *, least: int = 1) -> int:
    said = properties.find(W + name)
    number = None if said is None else to_int(said.get(W + "val"))
    return least if number is None else min(MAX_SPAN, max(least, number))


def _merged(properties: "etree._Element | None", name: str) -> bool:
    """Whether a cell goes on with the one above (vMerge) or before it (hMerge); no value says so too."""
    said = None if properties is None else properties.find(W + name)
    return said is not None and said.get(W + "val", "continue") == "continue"


def _copy(element: "etree._Element") -> "etree._Element":
    return etree.fromstring(etree.tostring(element, with_tail=False))
