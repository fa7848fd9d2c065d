"""Paragraphs → sentences → clauses: the pieces in which a promise is made, with the year that holds for each."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from planparse.document import CELL_BREAK
from planparse.facts.quantities import NUMERAL
from planparse.grammar import Grammar
from planparse.models import Period
from planparse.numerals import to_int

PERIOD_END = re.compile(r"(?:规划|计划)?期末")

FILE = "commitments"
SENTENCE_ENDS = "。！？!?\n\t" + CELL_BREAK
CLAUSE_ENDS = "，；;：:"
HARD = "。\n\t" + CELL_BREAK
OPEN, CLOSE = "（(“《〈【[「", "）)”》〉】]」"
Place = tuple[int, int]
FIRST_REGULAR_PLAN, ITS_FIRST_YEAR, YEARS = 3, 1966, 5


class Clause(NamedTuple):
    """`text[start:end]` is the clause; `core` is where it begins without the 到2025年， that stands before it.

    `year` is the year that it is to be reached in, None where none is named; `dated` whether its passage named one so
    far; `sentence` are the offsets of its sentence.
    """

    start: int
    core: int
    end: int
    year: int | None
    dated: bool
    sentence: tuple[int, int]


def text_to_clauses(text: str, start: int, end: int, grammar: Grammar, *, period: Period | None) -> Iterator[Clause]:
    """The clauses of `text[start:end]` that may promise something, in order.

    1. Sentences that look back (截至…, 已…, “十三五”期间, a year before the period) give none.
    2. A clause ends at ，；： outside brackets and quotation marks; 到2025年， belongs to the clause after it.
    3. A year holds for the rest of its sentence, until another is named.
    """
    first_year = period.start if period else None
    dated = False
    if not NUMERAL.search(text, start, end):
        return
    for low, high in _cut(text, start, end, SENTENCE_ENDS):
        if not NUMERAL.search(text, low, high):
            continue
        sentence = text[low:high]
        years = [(low + at, named) for at, named in _years(sentence, grammar)]
        past = [low + m.start for m in grammar.find(FILE, sentence, gives="past")]
        before_it = first_year is not None and bool(years) and max(named for _, named in years) < first_year
        if before_it or (past and _is_past(sentence, grammar)):
            continue
        year: int | None = None
        before: int | None = None
        for first, last in _cut(text, low, high, CLAUSE_ENDS + ","):
            piece = text[first:last]
            if not NUMERAL.search(piece):
                # 到时候， or a clause in words: nothing to count, and no year.
                before = None
                continue
            named = [one for at, one in years if first <= at < last]
            if named:
                year = named[-1]
            elif period and PERIOD_END.search(piece):
                year = period.end
            dated = dated or year is not None
            if grammar.match(FILE, piece, gives="time_piece"):
                before = first
                continue
            back = year is not None and first_year is not None and year < first_year
            row = grammar.has(FILE, piece, gives="table_row")
            passed = any(first <= at < last for at in past) and _is_past(piece, grammar)
            if not back and not row and not passed:
                yield Clause(first if before is None else before, first, last, year, dated, (low, high))
            before = None


def five_year_end(ordinal: str) -> int | None:
    """The last year of the plan of that ordinal: 十四 → 2025; the plans have followed one another since 三五 (1966)."""
    number = to_int(ordinal)
    if number is None or not FIRST_REGULAR_PLAN <= number <= 30:
        return None
    return ITS_FIRST_YEAR + YEARS * (number - FIRST_REGULAR_PLAN) + YEARS - 1


def _is_past(words: str, grammar: Grammar) -> bool:
    past = [m.start for m in grammar.find(FILE, words, gives="past")]
    if not past or grammar.has(FILE, words, gives="future"):
        return False
    # 对近两年获得认定的企业，给予…: what has been is whom it is for.
    gives = next((m.start for m in grammar.find(FILE, words, gives="award")), None)
    return gives is None or max(past) > gives


def _years(text: str, grammar: Grammar) -> Iterator[tuple[int, int]]:
    """Where a sentence names a year, and which: of “十四五” the last; a year compared with (比2020年) is none."""
    named = list(grammar.find(FILE, text, gives="year"))
    compared = [(m.start, m.end) for m in grammar.find(FILE, text, gives="base_year")] if named else []
    for found in named:
        if any(low <= found.start < high for low, high in compared):
            continue
        ordinal = found.get("ordinal")
        year = five_year_end(ordinal) if ordinal else to_int(found.get("year") or "")
        if year is not None:
            yield found.start, year


def _cut(text: str, start: int, end: int, marks: str) -> list[Place]:
    """Offsets of the pieces between `marks`, which count only outside brackets; blanks at the ends are left out."""
    depth = 0
    begin = start
    pieces: list[Place | None] = []
    for found in _stops(marks).finditer(text, start, end):
        char = found[0]
        if char in OPEN:
            depth += 1
            continue
        if char in CLOSE:
            depth = max(0, depth - 1)
            continue
        hard = char in HARD
        if depth and not hard:
            continue
        at = found.start()
        # 1,500 is one figure.
        if char == "," and at + 1 < end and text[at + 1].isdecimal() and at > start and text[at - 1].isdecimal():
            continue
        if hard:
            depth = 0
        pieces.append(_trim(text, begin, at))
        begin = at + 1
    pieces.append(_trim(text, begin, end))
    return [piece for piece in pieces if piece]


@lru_cache(maxsize=8)
def _stops(marks: str) -> "re.Pattern[str]":
    return re.compile("[" + re.escape(OPEN + CLOSE + marks) + "]")


def _trim(text: str, low: int, high: int) -> Place | None:
    while low < high and text[low].isspace():
        low += 1
    while high > low and text[high - 1].isspace():
        high -= 1
    return (low, high) if high > low else None
