"""Promises that a plan makes more than once → `same_as` on each of them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import regex

from planparse.grammar import Grammar
from planparse.models import Commitment

FILE = "commitments"
PLAIN = regex.compile(r"[^\p{Han}\p{L}\p{N}]")
MOST = 20
"""Places of one promise that all name each other."""
SHORTEST = 4
"""Characters of the shorter of two measures of which one is the end of the other (养老床位, 新增养老床位)."""


def join_promises(rows: Sequence[Commitment], contexts: Sequence[str], grammar: Grammar) -> list[Commitment]:
    """The rows, those that promise one thing with each other's ids in `same_as`, in document order.

    1. One promise has one figure (number, upper number, unit), one kind and frequency, and years that do not contradict.
    2. Its measures say the same when what says nothing (全市, 的, blanks) is out: equal, or one the end of the other. What an
       incentive is for stands before it: there the words of its sentence so far (`contexts`) must be the same.
    3. What stands before the figures besides (城区, 甲河等) does not differ.
    4. Figures of one clause are never one promise. The relation holds both ways; where a text says one thing more than
       `MOST` times, only the first place is named, so that the output stays linear in the text.
    """
    by_figure: dict[object, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        q = row.quantity
        if q.value is not None and (row.measure or row.kind == "incentive"):
            by_figure[q.value, q.upper, q.unit, row.kind, row.frequency].append(at)
    same: dict[int, list[int]] = {}
    for places in by_figure.values():
        # Two measures that say the same end alike: only those are held against each other.
        by_end: dict[str, list[tuple[int, _Saying]]] = defaultdict(list)
        for at in places if len(places) > 1 else ():
            saying = _saying(rows[at], contexts[at], grammar)
            by_end[saying.measure[-SHORTEST:]].append((at, saying))
        for said in by_end.values():
            same |= _joined(said, rows) if len(said) > 1 else {}
    return [
        row.model_copy(update={"same_as": [rows[i].id for i in same[at]]}) if same.get(at) else row
        for at, row in enumerate(rows)
    ]


class _Saying(NamedTuple):
    """What a promise says: its bare measure, the words besides, and of an incentive its sentence so far; and by when."""

    measure: str
    besides: str
    sentence: str
    year: int | None


def _saying(row: Commitment, context: str, grammar: Grammar) -> _Saying:
    sentence = PLAIN.sub("", context) if row.kind == "incentive" else ""
    return _Saying(bare_measure(row.measure or "", grammar), _besides(row, grammar), sentence, row.year)


def _joined(said: Sequence[tuple[int, _Saying]], rows: Sequence[Commitment]) -> dict[int, list[int]]:
    """For each of the promises of one figure the others that are the same, compared once a wording."""
    groups: dict[_Saying, list[int]] = defaultdict(list)
    for at, saying in said:
        groups[saying].append(at)
    found: dict[int, list[int]] = {}
    for one, members in groups.items():
        alike = [at for other, places in groups.items() if other == one or _one_promise(one, other) for at in places]
        for at in members:
            others = [i for i in sorted(alike) if i != at and not _overlap(rows[at], rows[i])] if len(alike) <= MOST else []
            found[at] = others if len(alike) <= MOST else [i for i in (min(alike),) if i != at]
    return found


def _one_promise(one: _Saying, other: _Saying) -> bool:
    years = one.year is None or other.year is None or one.year == other.year
    besides = not one.besides or not other.besides or one.besides in other.besides or other.besides in one.besides
    return years and besides and one.sentence == other.sentence and _mean_the_same(one.measure, other.measure)


def _overlap(one: Commitment, other: Commitment) -> bool:
    return one.span.start < other.span.end and other.span.start < one.span.end


def bare_measure(measure: str, grammar: Grammar) -> str:
    """A measure without the words that say nothing of what is counted (全市, 累计, 的) and without marks and blanks."""
    for found in reversed(list(grammar.find(FILE, measure, gives="measure_filler"))):
        measure = measure[: found.start] + measure[found.end :]
    return PLAIN.sub("", measure)


def _besides(row: Commitment, grammar: Grammar) -> str:
    span = row.quantity.span
    words = row.text[: span.start - row.span.start] if span else ""
    words = words.replace(row.measure or "", "")
    for gives in ("measure_head", "year", "frequency", "action", "measure_filler"):
        for found in reversed(list(grammar.find(FILE, words, gives=gives))):
            words = words[: found.start] + words[found.end :]
    return PLAIN.sub("", words)


def _mean_the_same(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= SHORTEST and long.endswith(short))
