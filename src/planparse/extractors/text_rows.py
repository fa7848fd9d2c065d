r"""Rows of cells as a text dump gives them → a table: rows of differing length laid over its columns.

A table's rows hold cells (text, column, rows spanned, columns spanned) as `DocumentBuilder.grid` takes them; lines in a
cell are parted by \n.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import regex

from planparse.document import BLANKS
from planparse.extractors.printed_lines import PrintedLine
from planparse.grammar import Grammar

Cell = tuple[str, int, int, int]
FIGURE = regex.compile(r"[＞>≥<＜≤=＝约〔\[]*[0-9０-９][0-9０-９.,，]*.{0,4}")
SEQUENCE = regex.compile(r"[0-9０-９]{1,3}[.．、]?")
ENDS = BLANKS.replace("\t", "")
MAX_COLUMNS = 30


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table: its rows, the printed lines of each row, what is not in them (text, reason, line), and what no line holds."""

    rows: tuple[tuple[Cell, ...], ...]
    lines: tuple[tuple[PrintedLine, ...], ...]
    aside: tuple[tuple[str, str, int | None], ...] = ()
    generated: str = ""


Block = TableBlock | list[PrintedLine]


def is_blank(line: PrintedLine) -> bool:
    """Whether a line holds nothing, not even a cell."""
    return not line.text.strip(BLANKS) and not is_cell(line)


def is_cell(line: PrintedLine) -> bool:
    """A cell of a cell-a-line dump: one TAB, at the head of the line."""
    text = line.text.strip(ENDS)
    return text.startswith("\t") and "\t" not in text[1:].rstrip("\t")


def next_worded(lines: Sequence[PrintedLine], at: int) -> int:
    """The place of the first line from `at` on that is not blank."""
    while at < len(lines) and is_blank(lines[at]):
        at += 1
    return at


def is_caption(text: str, grammar: Grammar) -> bool:
    """Whether a line or a row of one cell is the caption of a box or table."""
    return grammar.match("boxes", text.strip(BLANKS), gives="caption") is not None


def texts_to_block(texts: list[list[str]], lines: list[tuple[PrintedLine, ...]], columns: int) -> TableBlock:
    """Rows of differing length laid over `columns` columns."""
    seen = [Counter(row[c] for row in texts if len(row) == columns) for c in range(columns)]
    merged: list[list[str]] = []
    places: list[tuple[PrintedLine, ...]] = []
    for row, where in zip(texts, lines, strict=True):
        before = merged[-1] if merged else []
        if 1 < len(before) < columns and len(before) + len(row) == columns and _fits(row, len(before), seen):
            merged[-1] = before + row
            places[-1] += where
        else:
            merged.append(row)
            places.append(where)
    full = False
    rows: list[tuple[Cell, ...]] = []
    for row in merged:
        full = full or len(row) == columns
        rows.append(_row_to_cells(row, columns, seen, header=not full))
    wide = max(row[-1][1] + row[-1][3] for row in rows)
    rows = [((r[0][0], 0, 1, wide),) if len(r) == 1 else r for r in rows]
    return TableBlock(tuple(rows), tuple(places))


def _row_to_cells(row: list[str], columns: int, seen: list[Counter[str]], *, header: bool) -> tuple[Cell, ...]:
    if len(row) == 1:
        return ((row[0], 0, 1, columns),)
    if len(row) >= columns:
        return tuple((text, c, 1, 1) for c, text in enumerate(row))
    if header:
        # 指标 stands over the running number and the name: the first cell of a short header is the wide one.
        wide = columns - len(row) + 1
        return ((row[0], 0, 1, wide), *((text, c, 1, 1) for c, text in enumerate(row[1:], wide)))
    cells = [("", c, 1, 1) for c in range(columns)]
    for text, column in zip(row, _row_to_columns(row, columns, seen), strict=True):
        cells[column] = (text, column, 1, 1)
    return tuple(cells)


def _row_to_columns(row: list[str], columns: int, seen: list[Counter[str]]) -> list[int]:
    """The columns that the cells of a short row fit best, in order, leftmost on a tie; the others are empty."""
    spare = columns - len(row)
    # best[i][s]: score of the cells from i on when s columns were skipped before cell i, and the skips that give it.
    best: list[list[tuple[float, int]]] = [[(0.0, 0)] * (spare + 1) for _ in range(len(row) + 1)]
    for i in reversed(range(len(row))):
        for skipped in range(spare + 1):
            options = [(_fit(row[i], seen[i + s]) + best[i + 1][s][0], -s) for s in range(skipped, spare + 1)]
            score, skip = max(options)
            best[i][skipped] = (score, -skip)
    found, skipped = [], 0
    for i in range(len(row)):
        skipped = best[i][skipped][1]
        found.append(i + skipped)
    return found


def _fit(text: str, column: Counter[str]) -> float:
    if column[text]:
        return 3.0
    total = max(1, sum(column.values()))
    for shape in (SEQUENCE, FIGURE):
        like = sum(n for other, n in column.items() if shape.fullmatch(other)) / total
        if shape.fullmatch(text):
            return 2.0 * like
    # Words do not belong where figures stand.
    return 0.5 - like


def _fits(row: list[str], first: int, seen: list[Counter[str]]) -> bool:
    return all(_fit(text, seen[first + i]) >= 1 for i, text in enumerate(row))
