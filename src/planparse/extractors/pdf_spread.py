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


def padding(part: TablePart) -> float:
    """The room between a cell's edge and its words, in points: the least that any line leaves."""
    room = [min(line.x0 - c.x0, c.x1 - line.x1) for c in part.cells for line in c.lines]
    return min(max(min(room, default=0.0), 0.0), MAX_PADDING)


def join_parts(upper: TablePart, lower: TablePart, grammar: Grammar) -> tuple[TablePart, list[CellPart]] | None:
    """Both as one table, and the cells of the header that the lower one repeats; None where they are two tables.

    They are one when their column edges agree (those of one may all be among the other's) and the lower one has no
    caption of its own.
    """
    xs = _common_edges(upper, lower)
    if xs is None or _has_own_caption(upper, lower):
        return None
    above = _onto_edges(upper, xs, 0.0)
    below = _onto_edges(lower, xs, upper.xs[0] - lower.xs[0])
    count = _repeated_rows(above, below)
    header = [cell for cell in below.cells if cell.row < count]
    below = _without_rows(below, count)
    if not below.pages:
        return above, header
    return _stack(above, below, _continues(above, below, grammar)), header


def _common_edges(upper: TablePart, lower: TablePart) -> tuple[float, ...] | None:
    shift = upper.xs[0] - lower.xs[0]
    moved = [x + shift for x in lower.xs]
    if abs(upper.xs[-1] - moved[-1]) > SAME_EDGE:
        return None
    more, less = (upper.xs, moved) if len(upper.xs) >= len(moved) else (moved, upper.xs)
    if all(any(abs(x - y) <= SAME_EDGE for y in more) for x in less):
        return tuple(more)
    return None


def _has_own_caption(upper: TablePart, lower: TablePart) -> bool:
    first = next((cell for cell in lower.cells if cell.lines), None)
    if first is None:
        return False
    words = first.lines[0].text
    repeated = any(cell.words == first.words for cell in upper.cells if cell.row == 0)
    return bool(OWN_CAPTION.match(words)) and not CONTINUED.search(words) and not repeated


def _onto_edges(part: TablePart, xs: Sequence[float], shift: float) -> TablePart:
    def place(x: float) -> int:
        return min(range(len(xs)), key=lambda i: abs(xs[i] - x))

    cells = []
    for cell in part.cells:
        x0, x1 = cell.x0 + shift, cell.x1 + shift
        column = place(x0)
        lines = cell.lines
        if abs(shift) > 1:
            lines = tuple(line._replace(x0=line.x0 + shift, x1=line.x1 + shift) for line in lines)
        cells.append(replace(cell, column=column, columns=max(1, place(x1) - column), x0=x0, x1=x1, lines=lines))
    return replace(part, xs=tuple(xs), cells=tuple(cells))


def _row_words(part: TablePart, row: int) -> list[tuple[int, str]]:
    return [(cell.column, cell.words) for cell in part.cells if cell.row == row]


def _repeated_rows(upper: TablePart, lower: TablePart) -> int:
    """How many rows at the head of the lower part say again what rows at the head of the upper one say."""
    if len(upper.xs) == 2:
        return 0
    head = [_row_words(upper, row) for row in range(min(len(upper.pages), MAX_HEADER_ROWS))]
    for start in range(len(head)):
        count = 0
        while count < len(lower.pages) and start + count < len(head) and _row_words(lower, count) == head[start + count]:
            count += 1
        if count and any(words for row in head[start : start + count] for _, words in row):
            # A cell that reaches into the rows below the header is none of it.
            return count if all(c.row + c.rows <= count for c in lower.cells if c.row < count) else 0
    return 0


def _without_rows(part: TablePart, count: int) -> TablePart:
    cells = tuple(replace(cell, row=cell.row - count) for cell in part.cells if cell.row >= count)
    return replace(part, cells=cells, pages=part.pages[count:])


def _continues(upper: TablePart, lower: TablePart, grammar: Grammar) -> bool:
    """Whether the first row of the lower part is the rest of the last row of the upper one."""
    if len(upper.xs) == 2:
        return True
    last = len(upper.pages) - 1
    above = {cell.column: cell for cell in upper.cells if cell.row <= last < cell.row + cell.rows}
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
    pad = padding(upper)
    return all(_runs_on(above[cell.column], cell, pad, grammar) for cell in (filled[0], longest))


def _runs_on(upper: CellPart, lower: CellPart, pad: float, grammar: Grammar) -> bool:
    if ends_paragraph(upper.lines[-1].text):
        return False
    setting = cell_to_setting((*upper.lines, *lower.lines), upper.x0 + pad, upper.x1 - pad, grammar)
    return goes_on(upper.lines, lower.lines[0], setting)


def _stack(upper: TablePart, lower: TablePart, continues: bool) -> TablePart:
    last = len(upper.pages) - 1
    shift = last if continues else last + 1
    cells = list(upper.cells)
    reach = {c.column: i for i, c in enumerate(cells) if c.row <= last < c.row + c.rows}
    for cell in lower.cells:
        index = reach.get(cell.column) if cell.row == 0 else None
        whole = index is not None and cells[index].columns == cell.columns
        spans_on = not cell.lines and cell.rows > 1 and not continues
        if index is not None and whole and (continues or spans_on):
            old = cells[index]
            rows = shift + cell.rows - old.row
            cells[index] = replace(old, rows=max(old.rows, rows), lines=(*old.lines, *cell.lines))
        else:
            cells.append(replace(cell, row=cell.row + shift))
    cells.sort(key=lambda c: (c.row, c.column))
    pages = (*upper.pages, *(lower.pages[1:] if continues else lower.pages))
    return TablePart(upper.top, lower.bottom, upper.xs, tuple(cells), pages)
