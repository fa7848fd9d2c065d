"""A table's parts on several pages → one table: column edges matched, repeated headers dropped, broken rows joined."""

from collections.abc import Sequence
from dataclasses import replace

import regex

from planparse.extractors.pdf_paragraphs import cell_to_setting, goes_on
from planparse.extractors.pdf_tables import CellPart, TablePart
from planparse.extractors.reflow import ends_paragraph
from planparse.grammar import Grammar

# Column edges of one table on two pages differ by rounding and by the width of a rule.
SAME_EDGE = 4.0
MAX_HEADER_ROWS = 4
MAX_PADDING = 8.0
OWN_CAPTION = regex.compile(r"^(?:专[\s　]*栏|[图表][\s　]*[0-9０-９一二三四五六七八九十])")
CONTINUED = regex.compile(r"[（(]?[\s　]*(?:续|接上[页表])")

Words = list[tuple[int, str]]


def padding(cells: Sequence[CellPart]) -> float:
    """The room between a cell's edge and its words, in points: the least that any line leaves."""
    room = [min(line.x0 - c.x0, c.x1 - line.x1) for c in cells for line in c.lines]
    return min(max(min(room, default=0.0), 0.0), MAX_PADDING)


class Spread:
    """A table that grows page by page; `take` adds a part where it is the same table, `table` gives the whole.

    Each part costs its own cells only, however long the table has become.
    """

    def __init__(self, first: TablePart, grammar: Grammar) -> None:
        self.top, self.bottom, self.xs = first.top, first.bottom, first.xs
        self.pages = list(first.pages)
        self._cells = list(first.cells)
        self._grammar = grammar
        self._head = [_row_words(first, row) for row in range(min(len(first.pages), MAX_HEADER_ROWS))]
        self._reach: dict[int, int] = {}
        self._note_reach(0)

    def table(self) -> TablePart:
        """The whole table as it stands now."""
        cells = sorted(self._cells, key=lambda c: (c.row, c.column))
        return TablePart(self.top, self.bottom, self.xs, tuple(cells), tuple(self.pages))

    def take(self, lower: TablePart) -> list[CellPart] | None:
        """Add the part on the next page: the cells of the header that it repeats; None where it is another table.

        It is the same when the column edges agree (those of one may all be among the other's) and it has no caption of
        its own.
        """
        xs = self._common_edges(lower)
        if xs is None or self._has_own_caption(lower):
            return None
        if len(xs) > len(self.xs):
            self._cells = [_onto_edges(cell, xs, 0.0) for cell in self._cells]
            self._head = []
            self._note_reach(0)
        shift = self.xs[0] - lower.xs[0]
        self.xs = xs
        cells = lower.cells
        if len(lower.xs) != len(xs) or abs(shift) > 1:
            cells = tuple(_onto_edges(cell, xs, shift) for cell in cells)
        below = replace(lower, cells=cells)
        count = self._repeated_rows(below)
        header = [cell for cell in cells if cell.row < count]
        below = _without_rows(below, count)
        self.bottom = lower.bottom
        if below.pages:
            self._stack(below)
        return header

    def _common_edges(self, lower: TablePart) -> tuple[float, ...] | None:
        shift = self.xs[0] - lower.xs[0]
        moved = tuple(x + shift for x in lower.xs)
        if abs(self.xs[-1] - moved[-1]) > SAME_EDGE:
            return None
        more, less = (self.xs, moved) if len(self.xs) >= len(moved) else (moved, self.xs)
        return more if all(any(abs(x - y) <= SAME_EDGE for y in more) for x in less) else None

    def _has_own_caption(self, lower: TablePart) -> bool:
        first = next((cell for cell in lower.cells if cell.lines), None)
        if first is None:
            return False
        words = first.lines[0].text
        repeated = bool(self._head) and any(first.words == word for _, word in self._head[0])
        return bool(OWN_CAPTION.match(words)) and not CONTINUED.search(words) and not repeated

    def _repeated_rows(self, lower: TablePart) -> int:
        """How many rows at the head of the part say again what rows at the head of the table say."""
        if len(self.xs) == 2:
            return 0
        for start in range(len(self._head)):
            count = 0
            while start + count < len(self._head) and count < len(lower.pages):
                if _row_words(lower, count) != self._head[start + count]:
                    break
                count += 1
            if count and any(words for row in self._head[start : start + count] for _, words in row):
                # A cell that reaches into the rows below the header is none of it.
                return count if all(c.row + c.rows <= count for c in lower.cells if c.row < count) else 0
        return 0

    def _continues(self, lower: TablePart) -> bool:
        """Whether the first row of the part is the rest of the table's last row."""
        if len(self.xs) == 2:
            return True
        above = {column: self._cells[index] for column, index in self._reach.items()}
        first = [cell for cell in lower.cells if cell.row == 0]
        if any(cell.column not in above or above[cell.column].columns != cell.columns for cell in first):
            return False
        if any(cell.lines and not above[cell.column].lines for cell in first):
            return False
        filled = [cell for cell in first if cell.lines]
        if not filled:
            return False
        empty = [cell for cell in first if not cell.lines and above[cell.column].lines and above[cell.column].rows == 1]
        longest = max(filled, key=lambda cell: len(cell.words))
        if len(filled) == 1 and empty:
            # A sequence number and a department that are not said again: the cell between them goes on.
            return len(empty) > 1 or not ends_paragraph(above[longest.column].lines[-1].text)
        pad = padding(lower.cells)
        return all(_runs_on(above[cell.column], cell, pad, self._grammar) for cell in (filled[0], longest))

    def _stack(self, lower: TablePart) -> None:
        continues = self._continues(lower)
        last = len(self.pages) - 1
        shift = last if continues else last + 1
        fresh = len(self._cells)
        for cell in lower.cells:
            index = self._reach.get(cell.column) if cell.row == 0 else None
            spans_on = continues or (not cell.lines and cell.rows > 1)
            if index is not None and spans_on and self._cells[index].columns == cell.columns:
                old = self._cells[index]
                rows = max(old.rows, shift + cell.rows - old.row)
                self._cells[index] = old._replace(rows=rows, lines=(*old.lines, *cell.lines))
            else:
                place = cell.row + shift, cell.column, cell.rows, cell.columns
                self._cells.append(CellPart(*place, cell.x0, cell.x1, cell.lines))
        self.pages += lower.pages[1:] if continues else lower.pages
        self._note_reach(fresh)

    def _note_reach(self, fresh: int) -> None:
        """Which cells reach the last row: those that did before, and the new ones."""
        last = len(self.pages) - 1
        ours = {*self._reach.values(), *range(fresh, len(self._cells))}
        reaching = (i for i in sorted(ours) if self._cells[i].row <= last < self._cells[i].row + self._cells[i].rows)
        self._reach = {self._cells[i].column: i for i in reaching}


def _row_words(part: TablePart, row: int) -> Words:
    return [(cell.column, cell.words) for cell in part.cells if cell.row == row]


def _onto_edges(cell: CellPart, xs: Sequence[float], shift: float) -> CellPart:
    def place(x: float) -> int:
        return min(range(len(xs)), key=lambda i: abs(xs[i] - x))

    x0, x1 = cell.x0 + shift, cell.x1 + shift
    column = place(x0)
    lines = cell.lines
    if abs(shift) > 1:
        lines = tuple(line._replace(x0=line.x0 + shift, x1=line.x1 + shift) for line in lines)
    return cell._replace(column=column, columns=max(1, place(x1) - column), x0=x0, x1=x1, lines=lines)


def _without_rows(part: TablePart, count: int) -> TablePart:
    if not count:
        return part
    cells = tuple(cell._replace(row=cell.row - count) for cell in part.cells if cell.row >= count)
    return replace(part, cells=cells, pages=part.pages[count:])


def _runs_on(upper: CellPart, lower: CellPart, pad: float, grammar: Grammar) -> bool:
    if ends_paragraph(upper.lines[-1].text):
        return False
    setting = cell_to_setting((*upper.lines, *lower.lines), upper.x0 + pad, upper.x1 - pad, grammar)
    return goes_on(upper.lines, lower.lines[0], setting)
