"""Figures printed without anything between them → the values that they are: 14141270-10% → 1414, 1270, -10%.

A cut between two plain numbers is a reading; what speaks for it is arithmetic (the last column is the difference or the
growth of the first two) and size (the figures of one measure are of like size).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import regex

from planparse.document import BLANKS

NUMBER = regex.compile(r"[0-9]{1,3}(?:,[0-9]{3})++(?:\.[0-9]++)?|[0-9]++(?:[.．][0-9]++)?")
PREFIX = regex.compile(r"(?:(?:不低于|不超过|提高|下降|降低|增加|增长|减少|达到|约|[<>≥≤＜＞≧≦±~～])\s*+)*+")
SUFFIX = regex.compile(r"(?:\s*+(?:%|％|‰|个百分点|左右|以上|以下|以内|及以上|及以下|倍|万|亿))*+")
BRACKETED = regex.compile(r"[〔［\[][\s\u3000]*+[^〕］\]\n]{0,16}[〕］\]]")
DASH = regex.compile(r"——|[-—–－/]")
BLANK = regex.compile(r"[\s\u3000]*+")
WORDS = regex.compile(
    r"(?:完成|达到|控制|保持|与|按|持续|稳步|高于|低于|稳中|逐步)[^\s\u30000-9，。；：]{2,24}?(?=[\s\u3000]|约束|预期|$)"
)
FIGURE = regex.compile(r"[-－]?[0-9][0-9,]*+(?:[.．][0-9]++)?")
MAX_READINGS = 3000
PROVED = 6.0
GUESSED = 10.0
MISSING = 1.0


@dataclass(frozen=True, slots=True)
class Values:
    """The values of a row, as places in the text ("" is an empty place), and how much speaks for the reading."""

    places: tuple[tuple[int, int], ...]
    score: float


def run_to_values(text: str, start: int, end: int, count: int, *, may_lack: bool = False) -> Values | None:
    """The best reading of `text[start:end]` as `count` values; None where it has none.

    With `may_lack` the last place may be empty: a blank stands before the nature.
    """
    options: list[Values] = []
    for number, places in enumerate(_readings(text, start, end, count)):
        if number >= MAX_READINGS:
            break
        options.append(Values(places, _score(text, places)))
    if may_lack and count > 1 and any(char in BLANKS for char in text[end - 1 : end + 1]):
        for number, places in enumerate(_readings(text, start, end, count - 1)):
            if number >= MAX_READINGS:
                break
            options.append(Values((*places, (end, end)), _score(text, places) + MISSING))
    return max(options, key=lambda one: one.score, default=None)


def _readings(text: str, at: int, end: int, count: int) -> Iterator[tuple[tuple[int, int], ...]]:
    at = BLANK.match(text, at, end).end()  # type: ignore[union-attr]
    if count == 0:
        if at == end:
            yield ()
        return
    for stop in _value_ends(text, at, end):
        for rest in _readings(text, stop, end, count - 1):
            yield ((at, stop), *rest)


def _value_ends(text: str, at: int, end: int) -> Iterator[int]:
    """Where a value that begins at `at` may end, the longest first."""
    for form in (BRACKETED, WORDS, DASH):
        found = form.match(text, at, end)
        if found:
            yield found.end()
    begin = PREFIX.match(text, at, end).end()  # type: ignore[union-attr]
    sign = begin + (text[begin : begin + 1] in ("-", "－"))
    number = NUMBER.match(text, sign, end)
    if number is None:
        return
    for stop in range(number.end(), sign, -1):
        digits = text[sign:stop]
        whole = digits.split(".")[0].split("．")[0]
        if not digits[-1].isdigit() or not digits[0].isdigit() or (whole[0] == "0" and len(whole) > 1):
            continue
        if text[stop : stop + 1] in (".", "．") or not NUMBER.fullmatch(digits):
            continue
        yield SUFFIX.match(text, stop, end).end() if stop == number.end() else stop  # type: ignore[union-attr]


def _score(text: str, places: tuple[tuple[int, int], ...]) -> float:
    figures = [_figure(text[a:b]) for a, b in places]
    score = 0.0
    cuts = 0
    proved = False
    known = [f for f in figures if f is not None]
    for (a, b), (c, _) in pairwise(places):
        # Two numbers without anything between them.
        if b == c and text[b - 1 : b].isdigit() and text[c : c + 1].isdigit() and a < b:
            cuts += 1
    for a, b in places:
        figure = _figure(text[a:b])
        if figure is not None:
            decimals = text[a:b].partition(".")[2]
            score -= 0.5 * max(0, sum(c.isdigit() for c in decimals) - 2)
            score -= 2.0 * (figure == 0)
    if len(known) >= 2 and figures[0] and figures[1] and figures[0] > 0 and figures[1] > 0:
        score -= 2 * abs(math.log10(figures[1] / figures[0]))
    if len(figures) >= 3 and None not in figures[:2] and figures[-1] is not None:
        proved = _adds_up(figures[0] or 0, figures[1] or 0, figures[-1])
        score += PROVED * proved
    # Each cut must earn itself; two that nothing proves are a guess.
    return score - (cuts if cuts < 2 or proved else GUESSED)


def _adds_up(old: float, new: float, change: float) -> bool:
    differs = abs(abs(new - old) - abs(change)) <= max(0.06, 0.01 * abs(change))
    grows = old > 0 and abs(abs((new - old) / old * 100) - abs(change)) <= 0.6
    yearly = old > 0 and new > 0 and abs(((new / old) ** 0.2 - 1) * 100 - change) <= 0.15
    return differs or grows or yearly


def _figure(text: str) -> float | None:
    found = FIGURE.search(text)
    return float(found.group().replace(",", "").replace("．", ".").replace("－", "-")) if found else None
