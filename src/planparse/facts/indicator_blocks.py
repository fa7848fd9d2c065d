"""Indicator tables printed in another way than a row a measure → tables with a row a measure, over the same cells."""

from collections.abc import Sequence

from planparse.document import BLANKS
from planparse.grammar import Grammar
from planparse.models import Table, TableCell
from planparse.structure.tables import folded_header, years_down


def table_to_blocks(table: Table, grammar: Grammar) -> list[Table]:
    """The tables that a table holds: one, or each of two or three blocks of columns that stand side by side.

    Blocks are known by a header that says the same again (序号 指标 2025年 序号 指标 2025年). Where years stand in the rows
    and the measures in the header, the table is turned. Cells keep their words and spans; only their places change.
    """
    if years_down(table, grammar):
        return [_turned(table)]
    width = max((c.column + c.columns for row in table.rows for c in row), default=0)
    labels = _labels(table, width)
    for count in (2, 3):
        size = width // count
        if size > 1 and size * count == width and len(set(labels[:size])) == size and labels[:size] * count == labels:
            return [_block(table, n * size, size) for n in range(count)]
    return [table]


def _labels(table: Table, width: int) -> list[str]:
    labels = [""] * width
    for row in table.rows[: table.header_rows]:
        for cell in row:
            for column in range(cell.column, min(width, cell.column + cell.columns)):
                labels[column] += folded_header(cell.text) + "\n"
    return labels


def _block(table: Table, first: int, size: int) -> Table:
    rows = []
    for row in table.rows:
        # A cell over all blocks (a group's line) stands in each.
        cells = [c for c in row if c.column < first + size and c.column + c.columns > first]
        rows.append([_moved(c, column=max(0, c.column - first), columns=min(c.columns, size)) for c in cells])
    return table.model_copy(update={"rows": rows})


def _turned(table: Table) -> Table:
    """Columns as rows: the header's cells are the names, the first column's the header."""
    columns: dict[int, list[TableCell]] = {}
    for row in table.rows:
        for cell in row:
            columns.setdefault(cell.column, []).append(_moved(cell, row=cell.column, column=cell.row))
    rows: Sequence[list[TableCell]] = [columns[n] for n in sorted(columns) if any(c.text.strip(BLANKS) for c in columns[n])]
    made = [[_moved(c, row=n) for c in row] for n, row in enumerate(rows)]
    return table.model_copy(update={"rows": made, "header_rows": 1})


def _moved(cell: TableCell, **places: int) -> TableCell:
    return cell.model_copy(update=places)
