"""Word documents (.docx .docm .dotx, ECMA-376 transitional and strict) → Document, on lxml alone."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from lxml import etree

from planparse.document import BLANKS, Document, Grid, Line, Origin
from planparse.document_builder import DocumentBuilder
from planparse.errors import UnreadableFile
from planparse.extractors.docx_breaks import breaks_to_lines
from planparse.extractors.docx_chunks import chunk_to_document, document_to_story
from planparse.extractors.docx_count import count_source
from planparse.extractors.docx_notes import NOTE_STYLES, Notes
from planparse.extractors.docx_numbering import Numbering
from planparse.extractors.docx_package import DGM, A, Package, R, W
from planparse.extractors.docx_pictures import element_to_placed, read_shown, room_for_text
from planparse.extractors.docx_runs import BREAK, ParagraphReader, words
from planparse.extractors.docx_story import Block, Paragraph, Shown, StoryReader, Table, TableCell, paragraphs
from planparse.extractors.docx_styles import Styles
from planparse.extractors.limits import DEFAULT_LIMITS, Limits
from planparse.extractors.picture_places import Placed, Told
from planparse.grammar import Grammar

PROPERTIES = ("title", "subject", "creator", "keywords", "description", "created", "modified")
# A frame this long is the page's layout and no box.
LAYOUT_PARAGRAPHS = 60
PAGE_NUMBER = re.compile(r"[\d\s\u3000第共页頁/／\-－–—―·.ivxlcIVXLC\x00]+")
NOT_BLANKS = re.compile(r"[\t\n\r\v\f\x85\u2028\u2029]")
Rows = list[list[TableCell]]


def read_docx(data: bytes, origin: Origin, *, grammar: Grammar, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read a Word document.

    1. Paragraphs, tables and what is anchored in them stand in the document's order; a text box or a bordered run of
       paragraphs is a grid with one cell; foot- and endnotes follow the body, each with its mark (style
       "footnote text", "endnote text").
    2. Deleted revisions, hidden words, comments, headers and footers are in `discarded`.
    3. Automatic numbers, note marks and characters that no w:t holds (symbols, formulas, WordArt, diagrams, pages and
       texts taken in whole by w:altChunk) are in the text and counted in `generated`; `source_count` counts every w:t and w:delText outside mc:Fallback.

    Raises UnreadableFile (`encrypted`, `damaged`, `too-large`, `not-a-document`, `no-text`).
    """
    try:
        return _Reading(Package(data, origin.name, limits), origin, grammar).document()
    except RecursionError:
        raise UnreadableFile(f"{origin.name}: is nested too deeply", code="too-large") from None


class _Reading:
    """One file on its way through; used once."""

    def __init__(self, package: Package, origin: Origin, grammar: Grammar) -> None:
        self._package, self._origin, self._grammar = package, origin, grammar
        root = package.tree(package.main)
        body = None if root is None else root.find(W + "body")
        if root is None or body is None:
            raise UnreadableFile(f"{origin.name}: is an Office file but no Word document", code="not-a-document")
        self._root, self._body = root, body
        self._stories = [(kind, part, package.tree(part)) for kind, part in package.stories()]
        self._part = package.main
        self._build = DocumentBuilder()
        self._looks: dict[int, Line] = {}
        self._notes = Notes(root, package.aside("settings"), [(kind, tree) for kind, _, tree in self._stories])
        styles = Styles(package.aside("styles"))
        self._runs = ParagraphReader(
            styles,
            Numbering(package.aside("numbering"), styles),
            discard=self._discard,
            generated=self._build.generated,
            diagram=self._diagram,
            note_mark=self._notes.mark,
        )
        self._reader = StoryReader(self._runs, self._discard, self._chunk, self._placed)
        self._scan: Told | None = None
        self._unread: list[str] = []

    def document(self) -> Document:
        blocks = self._reader.read(self._body)
        self._scan = read_shown(blocks, room_for_text(self._body), self._grammar)
        self._lay(blocks)
        for note in self._notes.referenced():
            self._runs.own_mark = note.mark
            blocks = self._reader.read(note.element)
            read_shown(blocks, room_for_text(self._body), self._grammar)
            if self._runs.own_mark:
                self._mark_first(blocks, note.mark)
            self._lay(self._styled(blocks, NOTE_STYLES[note.kind], note.mark))
        for text, reason in self._notes.unprinted():
            self._discard(text, reason)
        for kind, part, tree in self._stories:
            if tree is not None and kind in ("header", "footer"):
                self._part = part
                self._put_aside(self._reader.read(tree))
            elif tree is not None and kind == "comments":
                for comment in tree:
                    self._discard(words(comment), "comment")
        counted = count_source([self._root, *(tree for _, _, tree in self._stories if tree is not None)])
        document = self._build.build(self._origin, source_count=counted, metadata=self._properties())
        if self._scan is not None:
            from planparse.extractors.pictures import as_scan

            document = as_scan(document, self._scan)
        if not document.text:
            raise UnreadableFile(f"{self._origin.name}: holds no text", code="no-text")
        # A row with one cell is several paragraphs, each with its own look.
        lines = tuple(self._looked(line) for line in document.lines)
        return replace(document, lines=lines)

    def _looked(self, line: Line) -> Line:
        look = self._looks.get(line.start)
        return line if look is None else look._replace(start=line.start, end=line.end)

    def _discard(self, text: str, reason: str) -> None:
        self._build.discard(NOT_BLANKS.sub(" ", text), reason)

    def _lay(self, blocks: Iterable[Block]) -> None:
        """Blocks → the text, in order; bordered paragraphs that follow each other share one frame."""
        framed: list[Block] = []
        for block in blocks:
            if isinstance(block, Paragraph) and block.framed:
                framed.append(block)
                continue
            self._lay_frame(framed)
            framed = []
            if isinstance(block, Table):
                self._lay_table(block)
            elif isinstance(block, Shown):
                self._lay_picture(block)
            else:
                self._lay_paragraph(block)
        self._lay_frame(framed)

    def _lay_paragraph(self, paragraph: Paragraph) -> None:
        for text, line in self._lines(paragraph):
            self._build.paragraph(text, line=line)
        for box in paragraph.boxes:
            if isinstance(box[0], Shown):
                self._lay_picture(box[0])
            else:
                self._lay_frame(box)

    def _lay_picture(self, shown: Shown) -> None:
        start = self._build.offset
        if shown.told is None:
            return
        if shown.inside:
            self._lay(shown.blocks)
            self._told(shown, start, None)
            return
        shown.told.lay(self._build, places=self._scan is not None)

    def _told(self, shown: Shown, start: int, end: int | None) -> None:
        """A picture in a cell or a frame, whose words were laid as the cell's."""
        if shown.told is not None:
            state = shown.told.states[0]
            self._build.picture(start, state, end=end if state == "read" else start, name=shown.told.names[0])
            self._build.take(replace(shown.told.document, text=""))

    def _lay_frame(self, blocks: Sequence[Block]) -> None:
        if blocks:
            self._lay_table(Table([[TableCell(0, 1, blocks=list(blocks))]]))

    def _lay_table(self, table: Table) -> None:
        if len(table.rows) == 1 == len(table.rows[0]) and _is_layout(table.rows[0][0].blocks):
            self._lay(replace(b, framed=False) if isinstance(b, Paragraph) else b for b in table.rows[0][0].blocks)
            return
        if all(len(row) <= 1 for row in table.rows):
            for part in _frame_parts(table.rows):
                if isinstance(part, Table):
                    self._lay_table(part)
                else:
                    self._lay_rows(part)
        else:
            self._lay_rows(table.rows)

    def _lay_rows(self, rows: Rows) -> Grid | None:
        layouts: dict[tuple[int, int], Line] = {}
        own: dict[int, list[tuple[str, Line]]] = {}
        made: list[list[tuple[str, int, int, int]]] = []
        for number, row in enumerate(rows):
            cells = []
            for cell in row:
                inside = list(paragraphs(cell.blocks))
                if len(row) == 1:
                    lines = own[number] = [pair for p in inside for pair in self._lines(p)]
                    text = "\n".join(text for text, _ in lines)
                else:
                    text = "\n".join(NOT_BLANKS.sub(" ", p.text).replace(BREAK, "\n") for p in inside)
                if cell is row[0]:
                    layouts[number, cell.column] = next((p.line for p in inside if p.text.strip(BLANKS)), Line(0, 0))
                read = min((p.line.confidence for p in inside if p.line.confidence is not None), default=None)
                if read is not None and len(row) > 1:
                    first = row[0].column
                    layouts[number, first] = layouts[number, first]._replace(confidence=read)
                cells.append((text, cell.column, cell.rows, cell.columns))
            made.append(cells)
        grid = self._build.grid(made, layouts=layouts)
        for cell_made in grid.cells if grid is not None else ():
            at = cell_made.start
            for text, line in own.get(cell_made.row, ()):
                self._looks[at] = line
                at += len(text) + 1
        flat = [cell for row in rows for cell in row]
        for cell, laid in zip(flat, grid.cells if grid is not None else [None] * len(flat), strict=True):
            for shown in _pictures_in(cell.blocks):
                self._told(shown, *((laid.start, laid.end) if laid is not None else (self._build.offset, None)))
        return grid

    def _lines(self, paragraph: Paragraph) -> list[tuple[str, Line]]:
        """The lines of text that a paragraph makes, without blanks at their ends, each with its look."""
        text, line = NOT_BLANKS.sub(" ", paragraph.text), paragraph.line
        if BREAK not in text:
            clean = text.strip(BLANKS)
            return [(clean, line)] if clean else []
        heading = line.outline_level is not None
        found = breaks_to_lines(text, heading=heading, centred=bool(line.centred), grammar=self._grammar)
        clean_lines = [clean for clean in (piece.strip(BLANKS) for piece in found) if clean]
        rest = line._replace(list_label=None)
        return [(clean, rest if i else line) for i, clean in enumerate(clean_lines)]

    def _mark_first(self, blocks: Sequence[Block], mark: str) -> None:
        first = next((p for p in paragraphs(blocks) if p.text.strip(BLANKS)), None)
        if first is not None and not isinstance(blocks[0], Table):
            self._runs.generate(mark)
            first.text = mark + first.text

    def _styled(self, blocks: Iterable[Block], style: str, mark: str) -> Iterator[Block]:
        for number, block in enumerate(blocks):
            if isinstance(block, Paragraph):
                label = mark or None if not number else block.line.list_label
                block.line = block.line._replace(style=style, list_label=label)
            yield block

    def _put_aside(self, blocks: Iterable[Block]) -> None:
        for paragraph in paragraphs(blocks):
            text = paragraph.text.replace(BREAK, " ")
            self._discard(text, "page_number" if PAGE_NUMBER.fullmatch(text) else "running_head")

    def _diagram(self, relation: "etree._Element") -> list[str]:
        """The words of a SmartArt diagram, a paragraph each; they stand in a part of their own."""
        part = self._package.target(self._part, relation.get(R + "dm", ""))
        root = self._package.tolerant(part)
        found = [p for t in root.iter(DGM + "t") for p in t.iter(A + "p")] if root is not None else []
        return [text for text in ("".join(t.text or "" for t in p.iter(A + "t")) for p in found) if text.strip()]

    def _chunk(self, element: "etree._Element") -> list[Block]:
        """The words of a document taken in whole; no w:t holds them. One that cannot be read is named."""
        part = self._package.target(self._part, element.get(R + "id", "")) or ""
        try:
            document = chunk_to_document(self._package.raw(part), part.rpartition("/")[2], self._grammar, self._package.limits)
        except UnreadableFile as error:
            # A limit tells whether a file is read, not how much of it.
            if error.code == "too-large":
                raise UnreadableFile(f"{self._origin.name}: its part {error}", code=error.code) from None
            self._unread.append(part.rpartition("/")[2] or "altChunk")
            return []
        self._runs.generate(document.text)
        return document_to_story(document)

    def _placed(self, element: "etree._Element") -> Placed | None:
        return element_to_placed(element, self._package, self._part)

    def _properties(self) -> dict[str, str]:
        found: dict[str, str] = {"unread_parts": ",".join(self._unread)} if self._unread else {}
        root = self._package.aside("core-properties", of="")
        for child in () if root is None else root:
            name = etree.QName(child).localname.lower()
            if name in PROPERTIES and child.text and child.text.strip():
                found[name] = child.text.strip()
        return found


def _pictures_in(blocks: Iterable[Block]) -> Iterator[Shown]:
    for block in blocks:
        if isinstance(block, Shown):
            yield block
        elif isinstance(block, Table):
            yield from (shown for row in block.rows for cell in row for shown in _pictures_in(cell.blocks))
        else:
            yield from (shown for box in block.boxes for shown in _pictures_in(box))


def _is_layout(blocks: Sequence[Block]) -> bool:
    return sum(1 for p in paragraphs(blocks) if p.text.strip(BLANKS)) > LAYOUT_PARAGRAPHS


def _frame_parts(rows: Rows) -> Iterator[Rows | Table]:
    """A frame of single cells, cut where a table stands inside it, so that the inner table keeps its cells."""
    waiting: Rows = []
    for row in rows:
        held: list[Block] = []
        for block in row[0].blocks if row else ():
            if isinstance(block, Table) and any(len(inner) > 1 for inner in block.rows):
                yield [*waiting, [replace(row[0], blocks=held)]] if held else waiting
                yield block
                waiting, held = [], []
            else:
                held.append(block)
        waiting.append([replace(row[0], blocks=held)] if row else [])
    yield waiting
