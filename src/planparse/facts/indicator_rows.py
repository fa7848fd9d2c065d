"""The rows of an indicator table → cells under their columns: merged cells carried down, cells that a dump lost found out."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import regex

from planparse.document import BLANKS
from planparse.facts.indicator_columns import Column, looks_like_sequence, looks_like_value, nature_of
from planparse.facts.quantities import is_unit
from planparse.grammar import Grammar
from planparse.models import Table, TableCell

NEVER = -1000.0
COUNTED = regex.compile(r"[一二三四五六七八九十]{1,3}|[IVXⅠ-Ⅻ]{1,4}")
CARRIED = ("group", "upper")
"""Columns whose words hold on until new ones are printed (a dump loses the merging)."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its cells under their columns: `cells` by column index, `own` those that begin in it."""

    cells: dict[int, TableCell]
    own: tuple[TableCell, ...]
    single: TableCell | None = None

    def text(self, column: Column | None) -> str:
        """The words under a column, without blanks at the ends."""
        cell = self.cells.get(column.index) if column else None
        return cell.text.strip(BLANKS) if cell else ""


@dataclass
class _Carry:
    """Merged cells that reach into the rows below, and the last words of columns that hold on."""

    merged: dict[int, TableCell] = field(default_factory=dict)

    def over(self, row: int) -> dict[int, TableCell]:
        self.merged = {n: c for n, c in self.merged.items() if c.row + c.rows > row}
        return dict(self.merged)


def table_to_rows(table: Table, columns: Sequence[Column], grammar: Grammar) -> list[Row]:
    """The rows under the header, in order.

    1. A row whose only words stand in one cell is `single`: a group's line, or a name over its sub-rows.
    2. A cell merged over several rows stands in each of them.
    3. Where cells are missing or do not fit the column they stand in (属性 pulled up), the row is laid out anew so that
       natures, units, numbers and names stand where they belong; of two places that fit alike the left one is taken.
    4. Repeated headers and rows without words are left out.
    """
    rows: list[Row] = []
    carry = _Carry()
    headers = [_folded(row) for row in table.rows[: table.header_rows]]
    names_above = [c.index for c in columns if c.role == "name"]
    for number in range(table.header_rows, len(table.rows)):
        cells = table.rows[number]
        above = carry.over(number)
        for cell in cells:
            if cell.rows > 1:
                carry.merged.update(dict.fromkeys(range(cell.column, cell.column + cell.columns), cell))
        worded = [c for c in cells if c.text.strip(BLANKS)]
        if not worded or _folded(cells) in headers:
            continue
        if _heads_group(worded, columns):
            rows.append(Row({worded[1].column: worded[1]}, tuple(worded), worded[1]))
            continue
        if len(worded) == 1 and not any(index in above for index in names_above):
            only = worded[0]
            # A merged first column whose leaf has no value yet is a row of its own.
            if not (above and _stands_at_name(only, columns)):
                rows.append(Row({only.column: only}, (only,), only))
                continue
        rows.append(Row(_lay_out(cells, above, columns, grammar), tuple(worded)))
    return rows


def _heads_group(worded: Sequence[TableCell], columns: Sequence[Column]) -> bool:
    """一 | 经济发展 over all the other columns, or with nothing else in the row, where the rows are numbered 1, 2 …"""
    if len(worded) != 2 or columns[0].role != "sequence" or worded[0].column != 0:
        return False
    number, name = worded[0].text.strip(BLANKS + "（）()、.．"), worded[1]
    over_all = name.columns > 1 and name.column + name.columns >= len(columns)
    above = COUNTED.fullmatch(number) is not None and _stands_at_name(name, columns)
    return (over_all or above) and len(columns) > 2


def _folded(row: Sequence[TableCell]) -> str:
    return "\t".join("".join(c.text.split()) for c in row)


def _stands_at_name(cell: TableCell, columns: Sequence[Column]) -> bool:
    return cell.column < len(columns) and columns[cell.column].role == "name"


def _lay_out(
    cells: Sequence[TableCell], above: dict[int, TableCell], columns: Sequence[Column], grammar: Grammar
) -> dict[int, TableCell]:
    """Cells by column: as the grid has them where they fit, else by what they hold."""
    placed = dict(above)
    for cell in cells:
        covered = [n for n in range(cell.column, cell.column + cell.columns) if n < len(columns)]
        if len(covered) > 1 and all(columns[n].role == "value" for n in covered):
            # One figure for two years.
            placed.update(dict.fromkeys(covered, cell))
        elif covered:
            names = [n for n in covered if columns[n].role == "name"]
            placed[names[0] if names else covered[0]] = cell
    if _fits_all(cells, placed, columns, grammar):
        return placed
    free = [c for c in columns if c.index not in above]
    worded = [c for c in cells if c.text.strip(BLANKS)]
    aligned = align(worded, free, grammar)
    return placed if aligned is None else {**above, **aligned}


def _fits_all(cells: Sequence[TableCell], placed: dict[int, TableCell], columns: Sequence[Column], grammar: Grammar) -> bool:
    standing = {id(c) for c in placed.values()}
    if any(id(c) not in standing for c in cells):
        return False
    return all(fit(cell.text, columns[n], grammar) > -3 for n, cell in placed.items() if cell.text.strip(BLANKS))


def align(cells: Sequence[TableCell], columns: Sequence[Column], grammar: Grammar) -> dict[int, TableCell] | None:
    """Cells laid under columns in their order, each under another, so that they fit best; None where there are too many."""
    if len(cells) > len(columns):
        return None
    best = [[0.0] * (len(columns) + 1)] + [[NEVER] * (len(columns) + 1) for _ in cells]
    for i, cell in enumerate(cells, 1):
        for j, column in enumerate(columns, 1):
            best[i][j] = max(best[i][j - 1], best[i - 1][j - 1] + fit(cell.text, column, grammar))
    placed: dict[int, TableCell] = {}
    j = len(columns)
    for i in range(len(cells), 0, -1):
        while j > 1 and best[i][j - 1] >= best[i][j]:
            j -= 1
        placed[columns[j - 1].index] = cells[i - 1]
        j -= 1
    return placed


def fit(text: str, column: Column, grammar: Grammar) -> float:
    """How well a cell's words suit a column: 4 and less; -3 and below where they cannot stand there."""
    words = text.strip(BLANKS)
    if column.role == "sequence":
        return 3.0 if looks_like_sequence(words) else -4.0
    if column.role == "unit":
        dash = looks_like_value(words) and not words[0].isdecimal()
        return 3.0 if is_unit(words, grammar) else 0.5 if dash else -2.0
    nature = nature_of(words, grammar) in ("binding", "anticipatory")
    match column.role:
        case "nature":
            return 4.0 if nature else -4.0 if looks_like_value(words) and words[-1].isdecimal() else -1.0
        case "name":
            return -3.0 if nature else -2.0 if looks_like_value(words) and words[-1].isdecimal() else 2.0
        case "value":
            if nature:
                return -5.0
            return 2.0 if looks_like_value(words) else 0.5
        case _:
            return -3.0 if nature else 0.2
