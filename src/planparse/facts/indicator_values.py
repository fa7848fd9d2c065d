"""Cells of an indicator's row → its name, its unit and its values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import regex

from planparse.document import BLANKS, Document
from planparse.facts.indicator_columns import Column
from planparse.facts.indicator_notes import marked_notes, notes_of, unmarked
from planparse.facts.quantities import cell_figures, is_unit, parse_quantities
from planparse.grammar import Grammar
from planparse.models import FactNote, IndicatorValue, Table, TableCell
from planparse.models.facts import Statistic
from planparse.structure.spans import span_of

WIDE = regex.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
ROUND = regex.compile(r"[（(][^（）()]*[0-9][^（）()]*[）)]")
"""（14） under 年均（累计）."""
TWO_UNITS = regex.compile(r"([^（(]{1,8})[（(]([^（()）]{1,8})[）)]")
TWO_BRACKETED = regex.compile(r"([^（(）)]*[0-9][^（(）)]*)[（(]([^（()）]*[0-9][^（()）]*)[）)]")
TWO_SLASHED = regex.compile(r"([^/／]*[0-9][^/／]*)[/／]([^/／]*[0-9][^/／]*)")
PLAIN_PAIR = regex.compile(r"\d{2,}(?:\.\d+)?%?\s?[/／]\s?\d{2,}(?:\.\d+)?%?")
"""97/95: two figures and no fraction."""
BARE_FIGURE = regex.compile(r"[0-9][0-9.]*")
TWO_NAMES = regex.compile(r"[/／、与和及]")
POINT_SHARE = "个百分点"


@dataclass(frozen=True, slots=True)
class Name:
    """A name cell taken apart: the name proper, its number, its unit, whether it opens with 其中, its note's mark."""

    name: str
    sequence: str | None = None
    unit: str | None = None
    remark: str | None = None
    sub: bool = False
    mark: str | None = None


def read_name(text: str, grammar: Grammar, *, spaced: bool = False, any_unit: bool = False) -> Name:
    """The parts of a name cell: 1.水网覆盖率（%）① → 水网覆盖率, 1, %, ①.

    A bracket at the end is the unit only if the vocabulary has it, or if the header says 指标（单位） (`any_unit`).
    `spaced` lets a blank part number and name.
    """
    words = unspace(text)
    sequence = None
    numbered = grammar.match("indicators", words, gives="name")
    if numbered is None and spaced:
        numbered = grammar.match("indicators", " ".join(text.split()), gives="spaced_name")
    if numbered is not None:
        sequence, words = numbered.fields["sequence"].strip("（）()"), unspace(numbered.fields["name"])
    below = grammar.match("indicators", words, gives="sub_name")
    if below is not None:
        words = below.fields["name"]
    mark = grammar.first("indicators", words, gives="mark")
    if mark is not None:
        words = words[: mark.start].strip(BLANKS)
    tail = grammar.match("indicators", words, gives="tail")
    unit = remark = None
    if tail is not None:
        inside = (tail.get("unit") or "").strip(BLANKS)
        remarked = grammar.match("quantities", inside, gives="unit")
        if remarked is not None or (any_unit and 0 < len(inside) <= 8):
            unit = remarked.get("unit") or inside if remarked is not None and "remark" in remarked.fields else inside
            remark = remarked.get("remark") if remarked is not None else None
            words = tail.fields["name"].strip(BLANKS)
        elif (tail.get("square") or "").strip(BLANKS) and is_unit(tail.fields["square"], grammar):
            unit, words = tail.fields["square"].strip(BLANKS), tail.fields["name"].strip(BLANKS)
    inner = grammar.first("indicators", words, gives="mark") if mark is None and unit else None
    if inner is not None:
        # 受教育年限①（年）
        mark, words = inner, words[: inner.start].strip(BLANKS)
    return Name(words.rstrip("：: "), sequence, unit, remark, below is not None, mark.fields["mark"] if mark else None)


def unspace(text: str) -> str:
    """Words as printed, without line breaks and the blanks that set them wide; blanks between Latin words stay."""
    return WIDE.sub("", text.strip(BLANKS)).replace("\u2028", " ").replace("\n", " ")


def bare_unit(text: str, grammar: Grammar) -> str | None:
    """The unit that a unit cell gives: without brackets and blanks; None for a dash or nothing."""
    words = "".join(text.split()).replace("\u2028", "")
    if words[:1] in "（(" and words[-1:] in "）)":
        words = words[1:-1]
    return None if not words or grammar.match("quantities", words, gives="blank") else words


def values_unit(values: Sequence[str], grammar: Grammar) -> str | None:
    """The unit that the values themselves print (750人 → 人), or None where none does or they differ."""
    found = []
    for raw in values:
        if BARE_FIGURE.fullmatch(raw):
            continue
        units = [f.printed_unit for f in cell_figures(raw, grammar) if f.printed_unit and f.unit != POINT_SHARE]
        found += units[:1]
    return found[0] if found and len(set(found)) == 1 else None


def cells_to_values(
    cells: Sequence[tuple[Column, TableCell]],
    name: Name,
    unit: str | None,
    document: Document,
    table: Table,
    grammar: Grammar,
    *,
    heads: Mapping[int, Sequence[FactNote]],
) -> list[IndicatorValue]:
    """The values of a row, left to right; a blank cell gives none, a dash gives one without quantities.

    `heads` are the notes that a column's header bears: they qualify every figure under it. What a note says of a figure's
    standing (预计数, 未公布) is its `status`, where the cell itself says none.
    """
    values = []
    by_name = _name_statistic(name, grammar)
    for column, cell in cells:
        printed = cell.text.strip(BLANKS)
        raw, plain = unmarked(printed, table)
        if not raw:
            continue
        start = cell.span.start + cell.text.index(raw)
        status = grammar.first("indicators", raw, gives="cell_status") or grammar.first("indicators", raw, gives="status")
        statistic = _statistic(raw, column, by_name, grammar)
        # 〔4〕 under 年均增速 is counted in the row's own unit.
        own = unit if column.statistic == "growth_rate" and statistic == "cumulative" else column.unit or unit
        figures = [
            quantity
            for a, b, part in measures_of(raw, own, name, grammar)
            for quantity in parse_quantities(
                raw[a:b], start=start + a, span_at=lambda c, d: span_of(document, c, d), unit=part, grammar=grammar
            )
        ]
        notes = [*marked_notes(raw, table, grammar), *notes_of(plain, table), *(heads.get(column.index, ()) if figures else ())]
        if status is None and notes:
            status = next((m for n in notes for m in grammar.find("indicators", n.text, gives="note_status")), None)
        values.append(
            IndicatorValue(
                label=column.label,
                year=column.year,
                period=column.period,
                role=column.value_role,
                statistic=statistic,
                status=status.fields["status"] if status else column.status,  # type: ignore[arg-type]
                raw=raw,
                quantities=figures,
                notes=notes,
                span=span_of(document, start, start + len(raw)),
            )
        )
    return values


def measures_of(raw: str, unit: str | None, name: Name, grammar: Grammar) -> list[tuple[int, int, str | None]]:
    """The parts of a value that holds two measures, with the unit of each; else the whole value.

    42000/21000 where the name has two as well (城镇/农村居民收入); 900（40） under 张（%）.
    """
    units = TWO_UNITS.fullmatch(unit) if unit else None
    both = TWO_BRACKETED.fullmatch(raw)
    if units and both and is_unit(units[1], grammar) and is_unit(units[2], grammar):
        return [(*both.span(1), units[1]), (*both.span(2), units[2])]
    slashed = TWO_SLASHED.fullmatch(raw)
    if slashed and (TWO_NAMES.search(name.name) or PLAIN_PAIR.fullmatch(raw.strip(BLANKS))):
        return [(*slashed.span(1), unit), (*slashed.span(2), unit)]
    return [(0, len(raw), unit)]


def _name_statistic(name: Name, grammar: Grammar) -> Statistic | None:
    """What the values of a row count, by its name alone."""
    if name.remark and "累计" in name.remark:
        return "cumulative"
    named = grammar.first("indicators", name.name, gives="name_statistic")
    return named.fields["statistic"] if named else None  # type: ignore[return-value]


def _statistic(raw: str, column: Column, by_name: Statistic | None, grammar: Grammar) -> Statistic | None:
    """What a value counts, by its brackets, its own words, its header and its name, in this order; None if not certain."""
    if grammar.match("quantities", raw, gives="blank"):
        return None
    if column.yearly and by_name == "cumulative":
        by_name = None
    if grammar.match("indicators", raw, gives="cumulative") or ("累计" in column.header and ROUND.fullmatch(raw)):
        return "cumulative"
    said = grammar.first("indicators", raw, gives="value_statistic")
    if said is not None:
        return said.fields["statistic"]  # type: ignore[return-value]
    if column.statistic == "mixed" or (column.statistic == "average" and by_name == "growth_rate"):
        return "growth_rate" if by_name == "growth_rate" else "average"
    if column.statistic in ("level", "average", "growth_rate", "change", "cumulative"):
        return column.statistic
    return by_name
