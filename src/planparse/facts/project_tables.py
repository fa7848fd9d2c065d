"""Rows of a project table (项目名称, 建设内容, 建设性质, 总投资, 建设年限, 责任单位) → names with what the columns say."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from planparse.document import BLANKS, Document
from planparse.facts.agencies import split_agencies
from planparse.facts.agency_names import squeeze
from planparse.facts.quantities import parse_quantities
from planparse.facts.tasks import table_to_grid
from planparse.grammar import Grammar
from planparse.models import Agency, Quantity, Table, TableCell
from planparse.numerals import to_decimal, to_int
from planparse.structure.spans import span_of
from planparse.structure.tables import caption_unit, folded_header

FILE = "projects"
HEADER_TRIES = 3
SCALED = {"元": 1, "百元": 100, "千元": 1000, "万元": 10**4, "百万元": 10**6, "千万元": 10**7, "亿元": 10**8, "万亿元": 10**12}
DECISIVE = {"investment", "content", "stage", "deadline"}


class Named(NamedTuple):
    """A project's name and the place of its whole entry, with what columns or lists say of it.

    `due` is the place of the deadline's words; `table` tells that the columns have said all there is.
    """

    name: str
    start: int
    end: int
    rule: str
    category: str | None = None
    stage: str | None = None
    agencies: tuple[Agency, ...] = ()
    investment: Quantity | None = None
    due: tuple[int, int] | None = None
    table: bool = False


@dataclass(frozen=True, slots=True)
class _Columns:
    roles: Mapping[int, str]
    headers: Mapping[int, str]
    units: Mapping[int, str]
    rule: str
    rows: int
    unit: str | None = None

    def of(self, role: str) -> list[int]:
        return [c for c, r in sorted(self.roles.items()) if r == role]


def table_to_named(table: Table, document: Document, grammar: Grammar) -> Iterator[Named]:
    """The rows of a project table; none where no header names projects.

    Rows that add up (合计) are left out; a row with one cell, or with 一、 in its first column and names below, is the
    category of what follows; a merged cell holds for all its rows.
    """
    grid = table_to_grid(table)
    columns = _columns(grid, table, grammar)
    if columns is None:
        return
    category: str | None = None
    for row in grid[columns.rows :]:
        own = list({id(c): c for c in row.values() if c.text.strip(BLANKS)}.values())
        if not own or any(grammar.match(FILE, squeeze(c.text), gives="total") for c in own[:2]):
            continue
        name = _first(row, columns, "name")
        heading = own[0] if len(own) == 1 else name if _heads(row, columns) else None
        if heading is not None:
            found = grammar.match(FILE, squeeze(heading.text), gives="group")
            category = found.fields["group"] if found else category
            continue
        if name is None or squeeze(name.text) == columns.headers.get(name.column):
            continue
        group = _first(row, columns, "group")
        yield _row(row, own, name, group, columns, document, grammar, category)


def money(quantity: Quantity) -> Quantity:
    """A sum with 万元 or 亿元 as its unit, in 元; other units stay."""
    scale = SCALED.get(quantity.unit or "")
    if scale is None or scale == 1:
        return quantity
    return quantity.model_copy(
        update={
            "value": None if quantity.value is None else _times(quantity.value, scale),
            "upper": None if quantity.upper is None else _times(quantity.upper, scale),
            "unit": "元",
        }
    )


def _times(value: Decimal, scale: int) -> Decimal:
    product = value * scale
    return to_decimal(format(product, "f")) or product


def _columns(grid: list[dict[int, TableCell]], table: Table, grammar: Grammar) -> _Columns | None:
    for rows in [table.header_rows] if table.header_rows else range(1, HEADER_TRIES + 1):
        roles: dict[int, str] = {}
        headers: dict[int, str] = {}
        units: dict[int, str] = {}
        rule = ""
        for row in grid[:rows]:
            for column, cell in row.items():
                folded = folded_header(cell.text)
                found = grammar.match(FILE, folded, gives="column") if folded and len(folded) <= 40 else None
                headers[column] = squeeze(cell.text)
                if found is None:
                    continue
                roles[column] = found.fields["role"]
                if found.get("unit"):
                    units[column] = found.fields["unit"]
                rule = (
                    found.rule if found.fields["role"] == "name" or (not rule and found.fields["role"] == "weak_name") else rule
                )
        held = set(roles.values())
        # 名称 or 项目 heads a column of projects only beside what projects alone have.
        if "name" not in held and "weak_name" in held and len(DECISIVE & held) >= 2:
            first = min(c for c, r in roles.items() if r == "weak_name")
            roles = {c: "name" if c == first else r for c, r in roles.items() if c == first or r != "weak_name"}
            held.add("name")
        if "name" in held and (held & (DECISIVE | {"agencies"})):
            return _Columns(roles, headers, units, rule, rows, table.unit or caption_unit(table.caption, grammar))
    return None


def _first(row: Mapping[int, TableCell], columns: _Columns, role: str) -> TableCell | None:
    return next((row[c] for c in columns.of(role) if c in row and row[c].text.strip(BLANKS)), None)


def _heads(row: Mapping[int, TableCell], columns: _Columns) -> bool:
    """Whether a row is numbered 一, 二 … in a table whose rows have digits, and so heads those below it."""
    sequence = _first(row, columns, "sequence")
    words = squeeze(sequence.text).strip("（）()、.．") if sequence else ""
    plain = bool(words) and not words.isdecimal() and to_int(words) is not None
    return plain and _first(row, columns, "content") is None and _first(row, columns, "agencies") is None


def _row(
    row: Mapping[int, TableCell],
    own: list[TableCell],
    name: TableCell,
    group: TableCell | None,
    columns: _Columns,
    document: Document,
    grammar: Grammar,
    category: str | None,
) -> Named:
    starts = [c.span.start for c in own if c.rows == 1 or c is name] or [name.span.start]
    ends = [c.span.end for c in own if c.rows == 1 or c is name] or [name.span.end]
    stage, due = _first(row, columns, "stage"), _first(row, columns, "deadline")
    made = Named(
        squeeze(name.text),
        min(starts),
        max(ends),
        columns.rule,
        category=squeeze(group.text) if group else category,
        stage=squeeze(stage.text) if stage else None,
        due=(due.span.start, due.span.end) if due else None,
        table=True,
    )
    bodies: list[Agency] = []
    for column in columns.of("agencies"):
        cell = row.get(column)
        if cell is not None and cell.text.strip(BLANKS):
            start = cell.span.start
            bodies += split_agencies(
                document.text[start : cell.span.end], start, lambda a, b: span_of(document, a, b), grammar,
                role=columns.headers.get(column),
            ).agencies  # fmt: skip
    return made._replace(agencies=tuple(bodies), investment=_investment(row, columns, document, grammar))


def _investment(row: Mapping[int, TableCell], columns: _Columns, document: Document, grammar: Grammar) -> Quantity | None:
    for column in columns.of("investment"):
        cell = row.get(column)
        if cell is None or not cell.text.strip(BLANKS):
            continue
        start = cell.span.start
        unit = columns.units.get(column) or columns.unit
        found = parse_quantities(
            document.text[start : cell.span.end],
            start=start,
            span_at=lambda a, b: span_of(document, a, b),
            unit=unit,
            grammar=grammar,
        )
        if found and found[0].value is not None:
            return money(found[0])
    return None
