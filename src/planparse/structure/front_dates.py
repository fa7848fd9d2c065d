"""The dates and years in a plan's head and tail: signed, printed, published, in force, and the plan's period."""

from collections.abc import Sequence
from datetime import date

from planparse.document import Document
from planparse.grammar import Grammar, Match
from planparse.models import Paragraph, Period
from planparse.numerals import to_int
from planparse.structure.front_lines import FILE, FrontLine, take

Place = tuple[int, int]
Dated = tuple[str, Place]
FIRST_REGULAR_PLAN, ITS_FIRST_YEAR, YEARS = 3, 1966, 5
"""三五 began in 1966; the plans have followed one another every five years since (二五 ended in 1962)."""


def to_iso(found: Match) -> str | None:
    """The ISO date of a match with year, month and day; None where one is missing or there is no such day.

    Chinese and full-width numerals are read (二〇二二年六月八日).
    """
    parts = [to_int(found.get(name) or "") for name in ("year", "month", "day")]
    year, month, day = parts
    if year is None or month is None or day is None:
        return None
    try:
        return date(year, month, day).isoformat()
    except (ValueError, OverflowError):
        return None


def lines_to_printed(lines: Sequence[FrontLine], grammar: Grammar) -> Dated | None:
    """The date of the 印发 line, the last one that is printed."""
    for line in reversed(lines):
        found = take(grammar, line, "printed")
        if found and (iso := to_iso(found)):
            return iso, (line.start + found.spans["date"][0], line.start + found.spans["date"][1])
    joined = _row_texts(lines)
    for text, start, end in reversed(joined):
        found = grammar.match(FILE, text, gives="printed")
        if found and (iso := to_iso(found)):
            return iso, (start, end)
    return None


def text_to_date(document: Document, grammar: Grammar, gives: str) -> Dated | None:
    """The date from which (`effective`) or to which (`expires`) the plan says that it holds, if it names one day."""
    for found in grammar.find(FILE, document.text, gives=gives):
        # A law's own day of entry into force is told in the same words: only the plan speaks of itself as 本….
        sentence = document.text[max(0, found.start - 40) : found.start]
        own = sentence.rpartition("。")[2].rpartition("\n")[2]
        if "本" in own and "《" not in own and (iso := to_iso(found)):
            return iso, found.spans["date"]
    return None


def words_to_date(words: str, start: int, grammar: Grammar) -> Dated | None:
    """The date that a metadata cell holds (2022-06-08 10:30, 2022年6月8日)."""
    for rule in grammar.rules(FILE):
        if rule.rule.id == "metadata_date":
            found = rule.pattern.search(words)
            match = rule.to_match(found) if found else None
            if match and (iso := to_iso(match)):
                return iso, (start + match.start, start + match.end)
    return None


def title_to_period(title: str, start: int, grammar: Grammar) -> tuple[Period, Place] | None:
    """The years that a title names: （2024—2026年） before “十四五” or 第十四个五年 before 到2027年."""
    found = list(grammar.find(FILE, title, gives="period"))
    for rule in ("years_range", "five_years", "until_year"):
        for match in found:
            if match.rule == f"{FILE}.{rule}" and (period := _period(match)):
                return period, (start + match.start, start + match.end)
    return None


def preamble_to_period(preamble: Sequence[Paragraph], grammar: Grammar) -> tuple[Period, Place] | None:
    """The period that the preamble states of the plan itself (规划期为2021至2035年)."""
    for paragraph in preamble:
        for match in grammar.find(FILE, paragraph.text, gives="stated_period"):
            if period := _period(match):
                return period, (paragraph.span.start + match.start, paragraph.span.start + match.end)
    return None


def _period(found: Match) -> Period | None:
    ordinal = to_int(found.get("ordinal") or "")
    if found.get("ordinal"):
        if ordinal is None or not FIRST_REGULAR_PLAN <= ordinal <= 30:
            return None
        start = ITS_FIRST_YEAR + YEARS * (ordinal - FIRST_REGULAR_PLAN)
        return Period(start=start, end=start + YEARS - 1)
    first, last = to_int(found.get("start") or ""), to_int(found.get("end") or "")
    if last is None or (first is not None and not first <= last <= first + 50):
        return None
    return Period(start=first, end=last)


def _row_texts(lines: Sequence[FrontLine]) -> list[tuple[str, int, int]]:
    """Cells of one table row read as one line (an office in one cell, 2022年5月23日印发 in the next)."""
    made: list[tuple[str, int, int]] = []
    rows: dict[tuple[int, int], list[FrontLine]] = {}
    for line in lines:
        if line.row is not None:
            rows.setdefault(line.row, []).append(line)
    for cells in rows.values():
        made.append((" ".join(c.text for c in cells), cells[0].start, cells[-1].end))
    return made
