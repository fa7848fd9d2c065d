"""What stage 1 gives and stage 2 takes: the text of a file, and where and how each piece of it stood.

A `Document` guarantees, however it was made:

1. `text` has no empty line and no line with blanks at its ends (but a table row keeps its outer TABs); one paragraph is
   one line (GB/T 9704 paragraphs, not printed lines), a table row with several cells is one line with TAB between the
   cells, line breaks inside a cell are U+2028; a row with one cell is written as its paragraphs.
2. `lines` holds one `Line` for each line of `text`, in order; together they tile it (the line feeds stand between).
3. The cells of a `Grid` come row by row; each cuts its words out of `text`; grids do not overlap.
4. As multisets of non-blank characters: source + generated + recognised = text + discarded + lost, where `lost` is what
   the reader dropped (`balance` counts it).
"""

import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

CELL_BREAK = "\u2028"
WIDE = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"
BLANKS = " \t\r\n\f\v\u00a0\u3000\u2028\u2029\ufeff\u200b\u2002\u2003\u2009\u0085"

Box = tuple[float, float, float, float]


class Line(NamedTuple):
    """One line of `Document.text`: a paragraph, or a table row. What the format does not know is None.

    `page` is 1-based; `box` is (left, top, right, bottom) in points from the page's upper left corner; `indent` and
    `size` are points; `style` is the paragraph style's name (Heading 1) or the HTML element (h2); `outline_level` is
    0-based as in Word; `list_label` the number that Word generated, as it stands at the head of the line; `confidence`
    0..1 from OCR.
    """

    start: int
    end: int
    page: int | None = None
    box: Box | None = None
    source_line: int | None = None
    indent: float | None = None
    centred: bool | None = None
    size: float | None = None
    bold: bool | None = None
    font: str | None = None
    style: str | None = None
    outline_level: int | None = None
    list_label: str | None = None
    confidence: float | None = None


class Cell(NamedTuple):
    """A cell of a grid: its 0-based place, how many rows and columns it spans, and its words in the text."""

    row: int
    column: int
    rows: int
    columns: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as stage 1 found it; a frame round running text is a grid with one cell."""

    cells: tuple[Cell, ...]
    pages: tuple[int, ...] = ()
    ruled: bool = True

    @property
    def start(self) -> int:
        """Offset of the first cell."""
        return self.cells[0].start

    @property
    def end(self) -> int:
        """Offset behind the last cell."""
        return max(cell.end for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Discarded:
    """Words of the source that are not in the text, and why (`page_number`, `running_head`, `markup` …)."""

    text: str
    reason: str
    page: int | None = None
    line: int | None = None


PictureState = Literal["read", "wordless", "unread", "unreadable", "too-large", "absent"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture or chart in the source; what was read in it is `text[start:end]`, and without words it stands at `start`.

    `state`: `read`, or `wordless` (a photo, a map, a chart: its labels are put aside), `unread` (OCR is not installed),
    `unreadable` (damaged, or a format without pixels), `too-large` (over a limit), `absent` (not in the file). `name` is the
    part or address that holds it; `page` and `box` (points from the page's upper left corner) where the format has pages;
    `whole` where it is the page and no picture among text.
    """

    start: int
    end: int
    state: PictureState
    name: str | None = None
    page: int | None = None
    box: Box | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that a document was read from."""

    name: str
    format: str
    sha256: str
    bytes: int
    extractor: str
    pages: int | None = None
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a file with its layout; see the module's docstring for what is guaranteed.

    `pages` holds the offset in `text` at which each page begins; `source_lines` pairs (offset, 1-based line of the
    source file), ascending, for text formats. `source_count` counts the source's non-blank characters by a second,
    simpler reading; `repaired` how many code points were put right one for one. `metadata` is what the file says of
    itself (Word properties, HTML meta), keys lower-case.
    """

    text: str
    lines: tuple[Line, ...]
    origin: Origin
    grids: tuple[Grid, ...] = ()
    pictures: tuple[Picture, ...] = ()
    pages: tuple[int, ...] = ()
    source_lines: tuple[tuple[int, int], ...] = ()
    discarded: tuple[Discarded, ...] = ()
    source_count: Mapping[str, int] = field(default_factory=Counter)
    generated: Mapping[str, int] = field(default_factory=Counter)
    recognised: Mapping[str, int] = field(default_factory=Counter)
    repaired: int = 0
    metadata: Mapping[str, str] = field(default_factory=dict)

    def page_at(self, offset: int) -> int | None:
        """The 1-based page on which the character at `offset` stands; None where the format has no pages."""
        return bisect_right(self.pages, offset) or 1 if self.pages else None

    def lines_within(self, start: int, end: int) -> tuple[Line, ...]:
        """The lines that stand whole in `text[start:end]`."""
        first = bisect_right(self.lines, start - 1, key=lambda line: line.start)
        last = bisect_right(self.lines, end, key=lambda line: line.end)
        return self.lines[first:last]

    def source_line_at(self, offset: int) -> int | None:
        """The 1-based line of the source file that the character at `offset` was read from; None without lines."""
        at = bisect_right(self.source_lines, offset, key=lambda pair: pair[0]) - 1
        return self.source_lines[at][1] if at >= 0 else None


def count_characters(text: str) -> Counter[str]:
    """The non-blank characters of `text`, as a multiset."""
    # Code points are hashed sooner than strings of one character.
    points = Counter(memoryview(text.encode(WIDE, "surrogatepass")).cast("I"))
    return Counter({char: n for point, n in points.items() if not (char := chr(point)).isspace() and char not in BLANKS})


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
    pieces: Iterable[str] = text.replace("\r", "\n").replace(CELL_BREAK, "\n").split("\n")
    return CELL_BREAK.join(p for p in (piece.replace("\t", " ").strip(BLANKS) for piece in pieces) if p)
