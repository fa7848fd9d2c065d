"""Promises that a plan makes more than once → `same_as` on each of them."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

import regex

from planparse.grammar import Grammar
from planparse.models import Commitment

FILE = "commitments"
PLAIN = regex.compile(r"[^\p{Han}\p{L}\p{N}]")
SHORTEST = 4
"""Characters of the shorter of two measures of which one is the end of the other (养老床位, 新增养老床位)."""


def join_promises(rows: Sequence[Commitment], contexts: Sequence[str], grammar: Grammar) -> list[Commitment]:
    """The rows, those that promise one thing with each other's ids in `same_as`, in document order.

    1. One promise has one figure (number, upper number, unit), one kind and frequency, and years that do not contradict.
    2. Its measures say the same when what says nothing (全市, 的, blanks) is out: equal, or one the end of the other. What an
       incentive is for stands before it: there the words of its sentence so far (`contexts`) must be the same.
    3. What stands before the figures besides (城区, 甲河等) does not differ.
    4. Figures of one clause are never one promise. The relation holds both ways.
    """
    by_figure: dict[object, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        q = row.quantity
        if q.value is not None and (row.measure or row.kind == "incentive"):
            by_figure[q.value, q.upper, q.unit, row.kind, row.frequency].append(at)
    same: dict[int, list[str]] = defaultdict(list)
    for places in by_figure.values():
        if len(places) > 1:
            bare = {at: bare_measure(rows[at].measure or "", grammar) for at in places}
            said = {at: PLAIN.sub("", contexts[at]) if rows[at].kind == "incentive" else "" for at in places}
            besides = {at: _besides(rows[at], grammar) for at in places}
            for one, other in combinations(places, 2):
                alike = said[one] == said[other] and _mean_the_same(bare[one], bare[other])
                if alike and _one_in_the_other(besides[one], besides[other]) and _agree(rows[one], rows[other]):
                    same[one].append(rows[other].id)
                    same[other].append(rows[one].id)
    return [row.model_copy(update={"same_as": same[at]}) if at in same else row for at, row in enumerate(rows)]


def bare_measure(measure: str, grammar: Grammar) -> str:
    """A measure without the words that say nothing of what is counted (全市, 累计, 的) and without marks and blanks."""
    for found in reversed(list(grammar.find(FILE, measure, gives="measure_filler"))):
        measure = measure[: found.start] + measure[found.end :]
    return PLAIN.sub("", measure)


def _one_in_the_other(first: str, second: str) -> bool:
    return first in second or second in first


def _besides(row: Commitment, grammar: Grammar) -> str:
    """The words before a promise's figure without measure, verb and year: what could set it apart from another."""
    span = row.quantity.span
    words = row.text[: span.start - row.span.start] if span else ""
    words = words.replace(row.measure or "", "")
    for gives in ("measure_head", "year", "frequency", "action", "measure_filler"):
        for found in reversed(list(grammar.find(FILE, words, gives=gives))):
            words = words[: found.start] + words[found.end :]
    return PLAIN.sub("", words)


def _agree(one: Commitment, other: Commitment) -> bool:
    if one.span.start < other.span.end and other.span.start < one.span.end:
        return False
    return one.year is None or other.year is None or one.year == other.year


def _mean_the_same(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= SHORTEST and long.endswith(short))
