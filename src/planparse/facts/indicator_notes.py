"""The notes under an indicator table → the rows, columns and values that they qualify."""

from collections.abc import Mapping, Sequence

import regex

from planparse.document import BLANKS
from planparse.facts.indicator_columns import Column
from planparse.facts.quantities import find_quantities
from planparse.grammar import Grammar
from planparse.models import FactNote, Table, TableNote
from planparse.numerals import to_int

MARK_DIGIT = regex.compile(r"(?<=[\p{Han}）)〕])[0-9]{1,2}(?=[\p{Han}（(]|$)")
SHORTEST_NAMED = 5
"""Characters of a name that an unmarked note may be known by; shorter ones (人口, 就业) stand in any sentence."""


def marked_notes(text: str, table: Table, grammar: Grammar) -> list[FactNote]:
    """The notes under the table whose mark stands at the end of a cell's words."""
    mark = grammar.first("indicators", text, gives="mark")
    if mark is None:
        return []
    if mark.fields["mark"][0].isdecimal():
        return notes_of({mark.fields["mark"]}, table)
    return [_note(n) for n in table.notes if n.mark and n.mark in mark.fields["mark"]]


def unmarked(text: str, table: Table) -> tuple[str, set[str]]:
    """A value without the plain digit that marks a note, where it stands on a line of its own; and the mark."""
    head, parted, tail = text.rpartition("\u2028")
    return (head.strip(BLANKS), {tail}) if parted and tail in digit_marks(table) else (text, set())


def unmarked_name(text: str, table: Table, grammar: Grammar) -> tuple[str, set[str]]:
    """A name without the plain digits that mark notes (地级以上城市2空气优良率), and the marks.

    Only digits that the notes under the table count, behind a Han character and no figure with a unit (3岁).
    """
    marks = digit_marks(table)
    found: set[str] = set()
    if not marks:
        return text, found
    figures = [(f.start, f.end) for f in find_quantities(text, 0, len(text), grammar)]
    pieces, at = [], 0
    for digit in MARK_DIGIT.finditer(text):
        if digit[0] in marks and not any(a <= digit.start() < b for a, b in figures):
            found.add(digit[0])
            pieces.append(text[at : digit.start()])
            at = digit.end()
    return "".join([*pieces, text[at:]]), found


def digit_marks(table: Table) -> set[str]:
    """The plain numbers of the notes under a table, where they count from 1."""
    marks = {note.mark for note in table.notes if note.mark and note.mark.isdecimal()}
    return {m for m in marks if m} if "1" in marks else set()


def marks_in(printed: str | None) -> set[str]:
    """The marks in what is printed behind a name: ①② are two, * and [3] one."""
    if not printed:
        return set()
    return {printed, printed.strip("[]［］〔〕"), *printed}


def notes_of(marks: set[str], table: Table) -> list[FactNote]:
    """The notes under the table that bear one of the marks."""
    return [_note(n) for n in table.notes if n.mark in marks]


def header_notes(columns: Sequence[Column], table: Table, grammar: Grammar) -> dict[int, list[FactNote]]:
    """For each column of values the notes that qualify all its figures.

    These are the notes whose mark the header bears (2020年①, 〔累计〕1), and notes that say what the data of the
    column's year are (注：2020年数据为快报数) and whose mark stands behind no row's words.
    """
    found: dict[int, list[FactNote]] = {}
    if not table.notes:
        return found
    digits = digit_marks(table)
    used = marks_used(table)
    said = [(n, _years_said(n, grammar)) for n in table.notes if n.mark not in used]
    for column in columns:
        if column.role == "value":
            bare = column.label.rstrip(BLANKS)
            tail = {bare[-1]} & digits if len(bare) > 1 and not bare[-2].isdecimal() else set()
            dated = [_note(n) for n, years in said if column.year in years]
            found[column.index] = [*marked_notes(column.label, table, grammar), *notes_of(tail, table), *dated]
    return found


def with_dated(
    heads: Mapping[int, Sequence[FactNote]], notes: Sequence[FactNote], columns: Sequence[Column], grammar: Grammar
) -> Mapping[int, Sequence[FactNote]]:
    """`heads` with the notes of a row that say what its data of one year are (①2024年为初步统计数), for that year's column."""
    said = [(n, years) for n in notes if (years := _years_said(n, grammar))]
    if not said:
        return heads
    years_of = {column.index: column.year for column in columns if column.role == "value"}
    return {**heads, **{i: [*heads.get(i, []), *(n for n, years in said if year in years)] for i, year in years_of.items()}}


def naming_notes(name: str, table: Table, used: set[str]) -> list[FactNote]:
    """The notes that no mark joins to a row and that speak of it by its name (注：“绿地率”为建成区数据)."""
    words = name.replace("的", "")
    if len(words) < SHORTEST_NAMED:
        return []
    return [_note(n) for n in table.notes if (n.mark is None or n.mark not in used) and words in n.text.replace("的", "")]


def marks_used(table: Table) -> set[str]:
    """The marks of the notes that stand somewhere in the table's cells."""
    marks = {n.mark for n in table.notes if n.mark}
    if not marks:
        return set()
    words = "\t".join(c.text for row in table.rows for c in row)
    counted = digit_marks(table)
    plain = {d[0] for d in MARK_DIGIT.finditer(words)} | {t.rpartition("\u2028")[2] for t in words.split("\t")}
    return {m for m in marks if (m in plain if m in counted else m in words)}


def _years_said(note: TableNote | FactNote, grammar: Grammar) -> set[int]:
    found = grammar.find("indicators", note.text, gives="data_of_year")
    return {year for m in found if (year := to_int(m.fields["year"])) is not None}


def _note(note: TableNote) -> FactNote:
    return FactNote(mark=note.mark, text=note.text, span=note.span)
