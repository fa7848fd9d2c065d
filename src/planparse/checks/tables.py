"""The total row of a table against its columns."""

from collections.abc import Iterator
from decimal import Decimal

from planparse.checks.codes import diagnostic
from planparse.checks.site import FILE, Site
from planparse.models import Diagnostic, Table, TableCell
from planparse.numerals import to_decimal

LEAST = 2
ROUNDING = Decimal("0.5")
"""Printed figures are rounded: this much of the last place for each row."""


def check_tables(site: Site) -> Iterator[Diagnostic]:
    """Columns of plain figures that do not add up to their 合计; tables with subtotals are passed over."""
    for visit in site.visits:
        node = visit.node
        if isinstance(node, Table) and node.duplicate_of is None:
            yield from _table(node, site)


def _table(table: Table, site: Site) -> Iterator[Diagnostic]:
    rows = table.rows[table.header_rows :]
    totals = [n for n, row in enumerate(rows) if any(site.grammar.match(FILE, c.text.strip(), gives="total") for c in row[:2])]
    if len(totals) != 1 or totals[0] not in (0, len(rows) - 1) or len(rows) <= LEAST:
        return
    others = [row for n, row in enumerate(rows) if n != totals[0]]
    if any(site.grammar.has(FILE, c.text, gives="subtotal") for row in others for c in row[:2]):
        return
    width = len(rows[totals[0]])
    if any(len(row) != width or any(c.rows > 1 or c.columns > 1 for c in row) for row in others):
        return
    for place, cell in enumerate(rows[totals[0]]):
        whole = _number(cell)
        column = [_number(row[place]) for row in others]
        if whole is None or any(number is None for number in column) or place == 0:
            continue
        numbers = [n for n in column if n is not None]
        places = max((-int(n.as_tuple().exponent) for n in [*numbers, whole]), default=0)
        added = sum(numbers, Decimal(0))
        # A column of shares or of years does not add up, nor does a running number.
        header = table.rows[0][place].text if table.header_rows and place < len(table.rows[0]) else ""
        if any(word in header for word in ("%", "率", "比", "年", "序号", "均")):
            continue
        slack = ROUNDING * len(numbers) * Decimal(10) ** -places if places > 0 else Decimal(0)
        if abs(added - whole) > slack:
            yield diagnostic(
                "table.sum", cell.span, label=header or str(place + 1), sum=format(added, "f"), whole=cell.text.strip()
            )


def _number(cell: TableCell) -> Decimal | None:
    words = cell.text.strip()
    plain = words.replace(",", "").replace("，", "").replace(".", "", 1)
    return to_decimal(words) if plain.isdecimal() and len(plain) < 16 else None
