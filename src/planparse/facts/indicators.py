"""Indicator tables → indicators: one row, one fact."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import regex

from planparse.document import BLANKS, Document
from planparse.facts.agencies import split_agencies
from planparse.facts.indicator_blocks import table_to_blocks
from planparse.facts.indicator_columns import Column, Role, nature_of, table_to_columns
from planparse.facts.indicator_notes import (
    header_notes,
    marks_in,
    marks_used,
    naming_notes,
    notes_of,
    unmarked_name,
    with_dated,
)
from planparse.facts.indicator_rows import Row, table_to_rows
from planparse.facts.indicator_values import Name, bare_unit, cells_to_values, read_name, unspace, values_unit
from planparse.facts.quantities import is_unit
from planparse.grammar import Grammar
from planparse.models import Agency, FactNote, Indicator, Period, Table, TableCell
from planparse.models.facts import Nature
from planparse.structure.functions import LOOKING_BACK
from planparse.structure.spans import span_of
from planparse.structure.tables import caption_unit, is_indicator_table
from planparse.structure.walk import Tree, Visit

HAN = regex.compile(r"\p{Han}")
ARABIC = regex.compile(r"\d{1,3}(?:[.．]\d{1,2})*$")


def collect_indicators(tree: Tree, document: Document, grammar: Grammar, *, period: Period | None = None) -> list[Indicator]:
    """The indicators of every indicator table, in document order; the plan's `period` holds where it does not look back.

    1. `span` covers the words of the whole row; every value's `raw` is what its span cuts out.
    2. `table` is the box's id where the table stands in one, else the table's.
    3. A blank cell gives no value; a printed — gives one without quantities.
    4. A row under 其中 or under a merged name has that name as `parent`; a category is the `group`.
    """
    found: list[Indicator] = []
    for visit in tree.visits:
        if isinstance(visit.node, Table) and is_indicator_table(visit.node, grammar):
            ahead = visit.section is None or visit.section.function not in LOOKING_BACK
            for row in table_to_indicators(visit.node, document, grammar, visit=visit, period=period if ahead else None):
                found.append(_numbered(row, len(found) + 1))
    return found


def table_to_indicators(
    table: Table, document: Document, grammar: Grammar, *, visit: Visit | None = None, period: Period | None = None
) -> list[Indicator]:
    """The indicators of one table, ids counted from 1; `visit` tells where it stands, `period` for which years it plans."""
    box = visit.box if visit else None
    captions = "\n".join(text for text in ((box.caption if box else ""), table.caption) if text)
    found: list[Indicator] = []
    for block in table_to_blocks(table, grammar):
        columns = table_to_columns(block, grammar, caption=captions, period=period)
        rows = table_to_rows(block, columns, grammar)
        reader = _Reader(
            block, document, grammar, columns,
            place=visit.place if visit else None, owner=box.id if box else table.id,
            unit=table.unit or caption_unit(captions, grammar),
            spaced=_names_are_spaced(rows, columns, grammar),
        )  # fmt: skip
        found += reader.read(rows)
    return [_numbered(row, n) for n, row in enumerate(found, 1)]


def _numbered(row: Indicator, number: int) -> Indicator:
    name = f"ind-{number}"
    return row if row.id == name else row.model_copy(update={"id": name})


def _names_are_spaced(rows: Sequence[Row], columns: Sequence[Column], grammar: Grammar) -> bool:
    """Whether most names open with a number and a blank, and no column of numbers stands before them."""
    if any(c.role == "sequence" for c in columns):
        return False
    name = next((c for c in columns if c.role == "name"), None)
    texts = [" ".join(t.split()) for t in (row.text(name) for row in rows if row.single is None) if t]
    return bool(texts) and sum(grammar.match("indicators", t, gives="spaced_name") is not None for t in texts) * 2 > len(texts)


@dataclass
class _Reader:
    """Reads rows one after another and keeps what they stand under."""

    table: Table
    document: Document
    grammar: Grammar
    columns: Sequence[Column]
    place: str | None
    owner: str
    unit: str | None
    spaced: bool
    group: str | None = None
    parent: Name | None = None
    last: Name | None = None
    held: dict[int, str] = field(default_factory=dict)

    def column(self, role: Role) -> Column | None:
        """The first column of a role."""
        return self.first_columns.get(role)

    @cached_property
    def first_columns(self) -> dict[Role, Column]:
        """The first column of each role that there is."""
        return {column.role: column for column in reversed(self.columns)}

    def read(self, rows: Sequence[Row]) -> Iterator[Indicator]:
        """The indicators of the rows, in order."""
        number = 0
        for at, row in enumerate(rows):
            if row.single is not None:
                self.open_group(row, numbered_below=self._next_is_numbered(rows, at))
                continue
            made = self.row_to_indicator(row, f"ind-{number + 1}", heads=self._heads(rows, at))
            if made is not None:
                number += 1
                yield made

    def open_group(self, row: Row, *, numbered_below: bool) -> None:
        """A one-cell row: a name over sub-rows where it is numbered and they are not; else a group."""
        assert row.single is not None
        words = unspace(row.single.text)
        name = self.name_of(words)
        if name.sequence and ARABIC.fullmatch(name.sequence) and not numbered_below:
            self.parent = self.last = name
            return
        found = self.grammar.match("indicators", words, gives="group")
        self.group = (found.fields["group"] if found else words).strip(BLANKS + "：:")
        self.parent = self.last = None

    def name_of(self, words: str) -> Name:
        """A name cell taken apart, as this table writes names."""
        column = self.column("name")
        any_unit = column is not None and "(单位)" in column.header
        return read_name(words, self.grammar, spaced=self.spaced, any_unit=any_unit)

    def row_to_indicator(self, row: Row, name_id: str, *, heads: bool) -> Indicator | None:
        """One row; None where it has no name or only heads the sub-rows below it."""
        words = "\t".join(c.text for c in row.own)
        taken = self.grammar.match("indicators", words, gives="row")
        name_column, upper = self.column("name"), self.column("upper")
        cell = row.text(name_column)
        if not cell and upper is not None and row.cells.get(upper.index) in row.own:
            # A dump lost that the name fills both columns.
            cell = row.text(upper)
            row = Row({n: c for n, c in row.cells.items() if n != upper.index}, row.own)
        if not cell or taken is None or self.grammar.match("quantities", cell, gives="blank"):
            return None
        words, plain = unmarked_name(cell, self.table, self.grammar)
        name = self.name_of(words)
        sequence = row.text(self.column("sequence")).strip("（）()").rstrip(".．、,，") or name.sequence
        pairs = [(c, row.cells[c.index]) for c in self.columns if c.role == "value" and c.index in row.cells]
        raws = [row.text(c) for c, _ in pairs]
        unit = bare_unit(row.text(self.column("unit")), self.grammar) or name.unit
        named = row.cells.get(name_column.index) if name_column else None
        leaf = self.leaf_of(row, named)
        if leaf is not None:
            # A name over several rows, and its leaves where the unit should stand: 化学需氧量, 氨氮.
            self.parent = self.last = name
            name, unit = leaf, leaf.unit or name.unit
        if heads:
            self.parent = self.last = replace(name, unit=unit)
            return None
        if leaf is None:
            self.settle_parent(row, name, sequence, unit)
        unit = unit or values_unit(raws, self.grammar) or (self.parent.unit if self.parent else None) or self.unit
        nature = nature_of(row.text(self.column("nature")), self.grammar)
        marked = notes_of(plain | marks_in(name.mark), self.table)
        noted = with_dated(self.head_notes, marked, self.columns, self.grammar)
        # A name merged over several rows begins above.
        starts = [c.span.start for c in (*row.own, *([named] if named else []))]
        return Indicator(
            id=name_id,
            section=self.place,
            rule=taken.rule,
            span=span_of(self.document, min(starts), max(c.span.end for c in row.own)),
            table=self.owner,
            sequence=sequence,
            name=name.name,
            parent=self.parent.name if self.parent else None,
            unit=unit,
            group=self.held_text(row, "group") or self.group,
            nature=_nature(nature),
            values=cells_to_values(pairs, name, unit, self.document, self.table, self.grammar, heads=noted),
            definition=row.text(self.column("definition")) or None,
            data_source=row.text(self.column("source")) or None,
            agencies=self.row_to_agencies(row),
            notes=[
                *marked,
                *naming_notes(name.name, self.table, self.used_marks),
                *self.row_to_notes(row),
            ],
        )

    def leaf_of(self, row: Row, named: TableCell | None) -> Name | None:
        """The measure that stands in the unit's column beside a name merged over several rows; None where a unit does."""
        words = row.text(self.column("unit"))
        if named is None or named.rows < 2 or len(words) < 2 or not HAN.match(words):
            return None
        return None if is_unit(bare_unit(words, self.grammar) or "", self.grammar) else self.name_of(words)

    def settle_parent(self, row: Row, name: Name, sequence: str | None, unit: str | None) -> None:
        """What the row stands under: the merged name beside it, or the row that 其中 takes apart."""
        upper = self.held_text(row, "upper")
        if upper is not None:
            self.parent = read_name(upper, self.grammar)
            self.last = name
        elif name.sub:
            self.parent = self.last
        elif sequence or not self.numbered:
            self.parent, self.last = None, replace(name, unit=unit)

    @cached_property
    def head_notes(self) -> dict[int, list[FactNote]]:
        """The notes that qualify whole columns."""
        return header_notes(self.columns, self.table, self.grammar)

    @cached_property
    def used_marks(self) -> set[str]:
        """The notes' marks that stand in cells."""
        return marks_used(self.table)

    @cached_property
    def numbered(self) -> bool:
        """Whether the table's rows are numbered: then a row without a number goes on with the sub-rows before it."""
        if self.column("sequence") is not None or self.spaced:
            return True
        name = self.column("name")
        if name is None:
            return False
        texts = [c.text for row in self.table.rows[self.table.header_rows :] for c in row if c.column == name.index]
        return sum(self.name_of(t).sequence is not None for t in texts if t.strip(BLANKS)) * 2 > len(texts)

    def held_text(self, row: Row, role: Role) -> str | None:
        """The words of a column that holds on, from this row or from the last that had some."""
        columns = [c for c in self.columns if c.role == role]
        parts = []
        for column in columns:
            words = row.text(column)
            if words:
                found = self.grammar.match("indicators", unspace(words), gives="group") if role == "group" else None
                self.held[column.index] = found.fields["group"].strip(BLANKS) if found else unspace(words)
            elif role == "upper" and column.index not in row.cells:
                # A name that fills both columns stands under nothing.
                self.held.pop(column.index, None)
            if column.index in self.held:
                parts.append(self.held[column.index])
        return " ".join(parts) or None

    def row_to_agencies(self, row: Row) -> list[Agency]:
        """The bodies named in the row's agency columns."""
        found: list[Agency] = []
        for column in self.columns:
            cell = row.cells.get(column.index)
            if column.role == "agencies" and cell is not None and cell.text.strip(BLANKS):
                if self.grammar.match("quantities", cell.text.strip(BLANKS), gives="blank"):
                    continue
                span_at = lambda a, b: span_of(self.document, a, b)  # noqa: E731
                role = unspace(column.label) or None
                found += split_agencies(cell.text, cell.span.start, span_at, self.grammar, role=role).agencies
        return found

    def row_to_notes(self, row: Row) -> list[FactNote]:
        """What the notes column says of the row."""
        column = self.column("notes")
        cell = row.cells.get(column.index) if column else None
        if cell is None or self.grammar.match("quantities", cell.text.strip(BLANKS), gives="blank"):
            return []
        return [FactNote(mark=None, text=cell.text.strip(BLANKS), span=cell.span)]

    def _sequence(self, row: Row) -> str | None:
        return row.text(self.column("sequence")) or self.name_of(row.text(self.column("name"))).sequence

    def _next_is_numbered(self, rows: Sequence[Row], at: int) -> bool:
        below = rows[at + 1] if at + 1 < len(rows) else None
        return below is None or below.single is not None or bool(self._sequence(below))

    def _heads(self, rows: Sequence[Row], at: int) -> bool:
        """Whether a row without values, numbered, stands over rows without numbers."""
        row = rows[at]
        below = rows[at + 1] if at + 1 < len(rows) else None
        if below is None or below.single is not None or any(row.text(c) for c in self.columns if c.role == "value"):
            return False
        name = self.name_of(below.text(self.column("name")))
        return name.sub or (bool(self._sequence(row)) and not self._sequence(below))


def _nature(word: str | None) -> Nature | None:
    return "binding" if word == "binding" else "anticipatory" if word == "anticipatory" else None
