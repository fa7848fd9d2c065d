"""Figures in cells and in running text → Quantity: the number, what bounds it, and its unit, exact and with its place."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple

import regex

from planparse.document import BLANKS
from planparse.grammar import Grammar, Match
from planparse.models import Base, Quantity, Span
from planparse.models.facts import Comparator
from planparse.numerals import to_decimal, to_int

PER = regex.compile(r"\s*[/／]\s*|(?<=[米吨升方时])每")

SCALE = regex.compile(r"(?:万亿|百亿|十亿|[十百千]?[万亿]|[百十千](?![克瓦米卡伏帕赫]))(?=[^\s])")
COUNTED = regex.compile(
    r"(?P<number>[0-9]{1,4})?(?P<scale>万亿|百亿|十亿|[十百千]?[万亿]|[百十千](?![克瓦米卡伏帕赫]))?(?P<unit>[^0-9].*|)"
)
CLAUSE_BREAK = regex.compile(r"[，。；：！？,;:!?\n\t\u2028]")
LEADING = ("denominator", "half", "times")
"""The fields, a number aside, with which a figure's number begins."""
SIDE_UNIT = "次"
"""人/次 counts turns; it is no rate."""
Said = Callable[[str], str | None]
"""What a named group of a rule's match holds."""
LOOK_BACK = 30  # Characters; 至少 stands in the clause of its figure.
LONGEST = 32
"""Characters of a number; more digits are no figure (a registration number, noise)."""
NUMERAL = re.compile(r"[0-9０-９一二两三四五六七八九十百半翻]")
"""Every figure has one of these, and so has every year."""
BOUND = 16
"""Characters; a word that bounds a figure stands right before its number."""
SIX_PLACES = Decimal("0.000001")


class Figure(NamedTuple):
    """A figure as it stands: `text[start:end]` is the number with the words that bound it and its unit.

    `number_start` is where the number itself begins; `words` tells a Chinese numeral (一家) from digits,
    `scaled` that 万 or 亿 stood behind the number; `printed_unit` is the unit with it (万人). `value`,
    `upper`, `unit`, `base` and `comparator` are as in `Quantity`: 万 and 亿 before a unit are multiplied in.
    """

    start: int
    end: int
    number_start: int
    comparator: Comparator
    value: Decimal
    upper: Decimal | None = None
    unit: str | None = None
    base: Base | None = None
    words: bool = False
    scaled: bool = False
    printed_unit: str | None = None


def find_quantities(text: str, start: int, end: int, grammar: Grammar) -> Iterator[Figure]:
    """The figures with a unit or a bounding word in `text[start:end]`, in order, offsets in `text`.

    Years (2025年), numbers in names (PM2.5, 5G), ordinals and figures in （含15%） are none. A bound that stands
    earlier in the clause counts (至少打造1个 → >=). Nothing is raised; the time is linear in the length.
    """
    for figure in _figures(text, start, end, grammar):
        if figure.comparator != "=":
            yield figure
        elif figure.unit is not None:
            yield _bound_by_clause(figure, text, start, grammar)


def parse_quantities(
    raw: str, *, start: int, span_at: Callable[[int, int], Span], unit: str | None = None, grammar: Grammar
) -> list[Quantity]:
    """What a table cell's value says.

    1. `raw` stands at offset `start` of the text; each quantity's `raw` is a slice of it and its span the place.
    2. A unit printed in the cell comes before `unit`, which is the row's or column's.
    3. A blank or a dash gives nothing; words without a figure give one quantity with comparator `text`.
    """
    bare = raw.strip(BLANKS)
    if grammar.match("quantities", bare, gives="blank"):
        return []
    figures = cell_figures(raw, grammar)
    if not figures:
        head = raw.index(bare)
        return [Quantity(raw=bare, comparator="text", span=span_at(start + head, start + head + len(bare)))]
    return [_figure_to_quantity(f, raw, start, span_at, unit) for f in figures]


def cell_figures(raw: str, grammar: Grammar) -> list[Figure]:
    """The figures of a table cell, with or without a unit; Chinese numerals only where there are no digits."""
    figures = _figures(raw, 0, len(raw), grammar)
    return [f for f in figures if not f.words] or figures


def figure_to_quantity(figure: Figure, text: str, *, span_at: Callable[[int, int], Span]) -> Quantity:
    """The quantity of a figure that `find_quantities` found in `text`."""
    return _figure_to_quantity(figure, text, 0, span_at, None)


def is_unit(text: str, grammar: Grammar) -> bool:
    """Whether a whole cell or bracket is a unit (万人, 微克/立方米, 项（次）), by vocabulary."""
    return grammar.match("quantities", text.strip(BLANKS), gives="unit") is not None


def unit_to_base(unit: str | None) -> Base | None:
    """What a rate's unit counts against: 人/百亿元 → 10000000000 元, 立方米每秒 → 1 秒; None for a plain unit."""
    parts = PER.split(unit) if unit and not {"/", "／", "每"}.isdisjoint(unit) else []
    if len(parts) != 2 or not parts[1] or parts[1].startswith(SIDE_UNIT):
        return None
    found = COUNTED.fullmatch(parts[1].removeprefix("每"))
    if found is None:
        return None
    return Base(value=Decimal(found["number"] or 1) * _scale(found["scale"]), unit=found["unit"].strip(BLANKS) or None)


def _figures(text: str, start: int, end: int, grammar: Grammar) -> list[Figure]:
    first = NUMERAL.search(text, start, end)
    if first is None:
        return []
    found = grammar.find("quantities", text, max(start, first.start() - BOUND), end)
    return [figure for m in found if m.gives == "quantity" and (figure := _match_to_figure(m, text, grammar))]


def _scale(word: str | None) -> Decimal:
    return (to_decimal(f"1{word}") if word else None) or Decimal(1)


def _match_to_figure(found: Match, text: str, grammar: Grammar) -> Figure | None:
    """A rule's match as a figure; None where its number cannot be read."""
    said = found.groups.get
    value, upper = _to_numbers(said)
    if value is None:
        return None
    unit = said("unit") or said("lower_unit")
    if unit is not None:
        if unit in ("％", "﹪"):
            unit = grammar.canonical("units", unit) or unit
        elif unit == "成":
            value, unit = value * 10, "%"
    start, end = found.start, found.end
    while end > start and text[end - 1] in BLANKS:
        end -= 1
    while start < end and text[start] in BLANKS:
        start += 1
    number = said("number")
    leading = "sign" if said("sign") else "number" if number else next((key for key in LEADING if said(key) is not None), None)
    scale = said("upper_scale") or said("scale")
    return Figure(
        start, end, found.start_of(leading) if leading else start, _to_comparator(said, grammar, ranged=upper is not None),
        value, upper, unit, unit_to_base(unit), number is None or not any(map(str.isdecimal, number)),
        scale is not None, f"{scale or ''}{unit}" if unit else None,
    )  # fmt: skip


def _to_numbers(said: Said) -> tuple[Decimal | None, Decimal | None]:
    """The number and, of a range, the upper number, scaled."""
    number = said("number")
    if number is None:
        return _words_to_number(said), None
    value = _to_number(number)
    if value is None:
        return None, None
    upper = said("upper")
    if upper is not None:
        most = _to_number(upper)
        scale = said("upper_scale")
        # 5—8万人: the scale behind the last number holds for both.
        return _scaled(value, said("scale") or scale), (_scaled(most, scale) if most is not None else None)
    value = _scaled(value, said("scale"))
    return (-value if said("sign") is not None else value), None


def _words_to_number(said: Said) -> Decimal | None:
    """一半, 翻两番, 三分之二."""
    times = said("times")
    if times is not None:
        return Decimal(2 if times in ("", "一") else 4)
    denominator = said("denominator")
    if denominator is None:
        return Decimal(50)
    below, above = to_int(denominator), to_int(said("numerator") or "")
    return (Decimal(above) / below).quantize(SIX_PLACES).normalize() if below and above is not None else None


def _scaled(value: Decimal, word: str | None) -> Decimal:
    if not word:
        return value
    product = value * _scale(word)
    return product.quantize(Decimal(1)) if product == product.to_integral_value() and product < 10**25 else product


def _to_number(word: str) -> Decimal | None:
    if len(word) > LONGEST:
        return None
    if "点" in word:
        whole, _, places = word.partition("点")
        left, right = to_int(whole), [to_int(c) for c in places]
        return Decimal(f"{left}.{''.join(map(str, right))}") if left is not None and None not in right else None
    return to_decimal(word.replace("，", "").replace("．", "."))


def _to_comparator(said: Said, grammar: Grammar, *, ranged: bool) -> Comparator:
    if ranged:
        return "range"
    behind, ahead = said("after"), said("before")
    after = grammar.canonical("bounds_after", behind) if behind else None
    before = grammar.canonical("bounds_before", ahead) if ahead else None
    for word in (after if before in (None, "=", "<=", ">=") else before, before):
        if word is not None:
            return word  # type: ignore[return-value]
    return "~" if said("over") else "="


def _bound_by_clause(figure: Figure, text: str, start: int, grammar: Grammar) -> Figure:
    """至少打造1个…和1支…: a bound that stands before the verb holds for the figures of its clause."""
    head = max(start, figure.start - LOOK_BACK)
    before = text[head : figure.start]
    words = grammar.aliases["distant_bounds"]
    if not any(map(before.__contains__, words)):
        return figure
    breaks = [m.end() for m in CLAUSE_BREAK.finditer(text, head, figure.start)]
    clause = text[breaks[-1] if breaks else head : figure.start]
    for word, comparator in words.items():
        if word in clause:
            return figure._replace(comparator=comparator)  # type: ignore[arg-type]
    return figure


def _figure_to_quantity(
    figure: Figure, text: str, start: int, span_at: Callable[[int, int], Span], unit: str | None
) -> Quantity:
    if unit and figure.scaled and not figure.unit:
        # 175万 under 万人: the scale is printed twice.
        found = SCALE.match(unit)
        unit = unit[found.end() :] if found else unit
    used = figure.unit or unit
    return Quantity(
        raw=text[figure.start : figure.end],
        comparator=figure.comparator,
        value=figure.value,
        upper=figure.upper,
        unit=used,
        base=figure.base if figure.unit else unit_to_base(unit),
        span=span_at(start + figure.start, start + figure.end),
    )
