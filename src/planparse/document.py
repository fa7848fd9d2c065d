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
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

CELL_BREAK = "\u2028"
WIDE = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"
BLANKS = " \t\r\n\f\v\u00a0\u3000\u2028\u2029\ufeff\u200b\u2002\u2003\u2009\u0085"
# U+3000 is the last that Unicode calls white.
BLANK_POINTS = frozenset(n for n in range(0x3001) if chr(n).isspace()) | set(map(ord, BLANKS))

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
    for blank in BLANK_POINTS:
        points.pop(blank, None)
    return Counter(dict(zip(map(chr, points), points.values(), strict=True)))
