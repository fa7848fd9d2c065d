"""Paragraphs, tables and pictures laid one after another into a `Document`: what every extractor builds with."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from planparse.document import BLANKS, CELL_BREAK, Cell, Discarded, Document, Grid, Line, Origin, Picture, PictureState


class DocumentBuilder:
    """Lays paragraphs and tables one after another into a `Document` and keeps its guarantees.

    Each extractor uses it: it strips blanks at the ends, drops empty paragraphs, turns line breaks in cells into U+2028
    and keeps the offsets. Empty paragraphs leave no trace, since blanks do not count.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._lines: list[Line] = []
        self._grids: list[Grid] = []
        self._pages: list[int] = []
        self._source_lines: list[tuple[int, int]] = []
        self._pictures: list[Picture] = []
        self.discarded: list[Discarded] = []
        self.generated: Counter[str] = Counter()
        self.recognised: Counter[str] = Counter()

    @property
    def offset(self) -> int:
        """Where the next line will begin."""
        return self._length + 1 if self._parts else 0

    def page(self, number: int) -> None:
        """Page `number` (1-based) begins at what is added next; pages that bring nothing begin at the same place."""
        while len(self._pages) < number:
            self._pages.append(self.offset)

    def page_within(self, number: int, offset: int) -> None:
        """Page `number` begins at `offset`, inside a paragraph that was added already."""
        while len(self._pages) < number:
            self._pages.append(offset)

    def paragraph(self, text: str, *, source_lines: Sequence[tuple[int, int]] = (), line: Line | None = None) -> Line | None:
        """Add one paragraph; `source_lines` pairs (offset in `text`, source line); `line` lends its layout fields.

        Returns the line as it stands now, or None where `text` is blank.
        """
        head = len(text) - len(text.lstrip(BLANKS))
        clean = text.strip(BLANKS).replace("\r", "").replace("\n", CELL_BREAK)
        if not clean:
            return None
        start = self.offset
        self._parts.append(clean)
        self._length = start + len(clean)
        for at, number in source_lines:
            self._source_lines.append((start + max(0, at - head), number))
        made = _placed(line, start, self._length, source_lines[0][1] if source_lines else None)
        self._lines.append(made)
        return made

    def grid(
        self,
        rows: Sequence[Sequence[tuple[str, int, int, int]]],
        *,
        ruled: bool = True,
        line: Line | None = None,
        layouts: Mapping[tuple[int, int], Line] | None = None,
        source_lines: Sequence[int] = (),
        page_of_row: Sequence[int] = (),
    ) -> Grid | None:
        r"""Add a table: `rows` of cells (text, column, rows spanned, columns spanned), merged cells once.

        Paragraphs in a cell are parted by \n. A row with one cell is written as its paragraphs; a row without words
        stays in the grid as empty cells. `layouts` gives the layout of the cell at (row, column); `source_lines` the
        source line of each row; `page_of_row` the page of each row. Returns None for a table without words.
        """
        if not any(text.strip(BLANKS) for row in rows for text, *_ in row):
            return None
        cells: list[Cell] = []
        pages: list[int] = []
        for number, row in enumerate(rows):
            if page_of_row:
                self.page(page_of_row[number])
                pages.append(page_of_row[number])
            marks = [(0, source_lines[number])] if source_lines else []
            layout = (layouts or {}).get((number, row[0][1]), line) if row else line
            parts = [_clean_cell(text) for text, *_ in row]
            if not any(parts):
                cells += [Cell(number, column, high, wide, self.offset, self.offset) for _, column, high, wide in row]
                continue
            if len(row) == 1:
                start = self.offset
                for part in parts[0].split(CELL_BREAK):
                    self.paragraph(part, source_lines=marks, line=layout)
                _, column, high, wide = row[0]
                cells.append(Cell(number, column, high, wide, start, self._length))
                continue
            start = self.offset
            joined = "\t".join(parts)
            # An outer cell may be empty: the row keeps its tabs, so strip nothing here.
            self._parts.append(joined)
            self._length = start + len(joined)
            self._source_lines += [(start, n) for _, n in marks]
            self._lines.append(_placed(layout, start, self._length, marks[0][1] if marks else None))
            for part, (_, column, high, wide) in zip(parts, row, strict=True):
                cells.append(Cell(number, column, high, wide, start, start + len(part)))
                start += len(part) + 1
        # Empty rows at the very end would point past the text.
        past = self._length
        cells = [c._replace(start=min(c.start, past), end=min(c.end, past)) if c.end > past else c for c in cells]
        made_grid = Grid(tuple(cells), tuple(dict.fromkeys(pages)), ruled)
        self._grids.append(made_grid)
        return made_grid

    def picture(
        self, start: int, state: PictureState, *, end: int | None = None, name: str | None = None, whole: bool = False
    ) -> None:
        """A picture whose words are what was laid from `start` on, or `start` to `end`; it stands at `start` where it has none."""
        stop = self._length if end is None else end
        self._pictures.append(Picture(start, max(start, stop), state, name, whole=whole))

    def take(self, document: Document, *, places: bool = False) -> None:
        """Add a whole document that stands in this one, as it is; pages and places on them fall away unless `places`.

        With `places` it has to be the first that is added.
        """
        for piece in document.discarded:
            self.discard(piece.text, piece.reason, page=piece.page if places else None)
        self.generated += Counter(document.generated)
        self.recognised += Counter(document.recognised)
        if not document.text:
            return
        by = self.offset
        self._parts.append(document.text)
        self._length = by + len(document.text)
        for line in document.lines:
            kept = line if places else line._replace(page=None, box=None, source_line=None)
            self._lines.append(kept._replace(start=line.start + by, end=line.end + by))
        for grid in document.grids:
            cells = tuple(cell._replace(start=cell.start + by, end=cell.end + by) for cell in grid.cells)
            self._grids.append(Grid(cells, grid.pages if places else (), grid.ruled))
        self._pages += document.pages if places else ()

    def discard(self, text: str, reason: str, *, page: int | None = None, line: int | None = None) -> None:
        """Put words aside with the reason; blanks alone leave no trace."""
        if text.strip(BLANKS):
            self.discarded.append(Discarded(text, reason, page, line))

    def build(
        self,
        origin: Origin,
        *,
        source_count: Mapping[str, int],
        repaired: int = 0,
        metadata: Mapping[str, str] | None = None,
    ) -> Document:
        """The finished document."""
        return Document(
            text="\n".join(self._parts),
            lines=tuple(self._lines),
            origin=origin,
            grids=tuple(self._grids),
            pictures=tuple(_within(picture, self._length) for picture in self._pictures),
            pages=tuple(self._pages),
            source_lines=tuple(sorted(self._source_lines)),
            discarded=tuple(self.discarded),
            source_count=source_count,
            generated=self.generated,
            recognised=self.recognised,
            repaired=repaired,
            metadata=dict(metadata or {}),
        )


def _within(picture: Picture, length: int) -> Picture:
    """The picture with its place in a text of this length: at the very end the next line would begin past it."""
    return picture if picture.end <= length else replace(picture, start=min(picture.start, length), end=length)


def _placed(line: Line | None, start: int, end: int, source_line: int | None) -> Line:
    """The layout of `line` at a place in the text; a tenth of `dataclasses.replace`'s time, once a line."""
    if line is None:
        return Line(start, end, source_line=source_line)
    known = line.source_line if line.source_line is not None else source_line
    return Line(
        start, end, line.page, line.box, known, line.indent, line.centred, line.size, line.bold, line.font, line.style,
        line.outline_level, line.list_label, line.confidence,
    )  # fmt: skip


def _clean_cell(text: str) -> str:
    """One cell's words: paragraphs trimmed, blank ones dropped, U+2028 between them, no TAB inside."""
    if not ("\n" in text or "\r" in text or "\t" in text or CELL_BREAK in text):
        return text.strip(BLANKS)
    pieces: Iterable[str] = text.replace("\r", "\n").replace(CELL_BREAK, "\n").split("\n")
    return CELL_BREAK.join(p for p in (piece.replace("\t", " ").strip(BLANKS) for piece in pieces) if p)
