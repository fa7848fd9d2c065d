"""An indicator table that a dump glued into one paragraph → its rows and cells, where their number proves itself.

`find_flat_table` looks for the header words in an unbroken row and reads on: [group] [number] name [unit] values
[nature], again and again. Three rows with as many values as the header has columns make a table; else the paragraph
stays what it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import regex

from planparse.document import BLANKS
from planparse.extractors.text_flat_values import WORDS, run_to_values
from planparse.extractors.text_headers import FlatHeader, find_header, header_variants
from planparse.grammar import Grammar

Place = tuple[int, int]
RUN = regex.compile(
    r"(?:[〔〕\[\]［］<>≥≤＜＞≧≦±~～0-9.．,%％‰\-—–－/\s\u3000]|左右|以上|以下|以内|个百分点|约(?!束)|提高|下降|降低|增加|增长|减少|倍"
    rf"|{WORDS.pattern})++"
)
NATURE = regex.compile(r"[\s\u3000]*+((?:约束|预期|指导|引导)性(?:指标)?)")
HAN = regex.compile(r"\p{Han}")
DIGIT = regex.compile(r"[0-9\-—〔［\[]")
UNIT = regex.compile(r"[（(][^（()）]{1,14}(?:[（(][^（()）]{1,6}[）)][^（()）]{0,6})?[）)]")
SENTENCE = regex.compile(r"[。；！？]|注[:：]|专栏|约束性|预期性")
FIRST = regex.compile(r"[\s\u3000]*+1(?![0-9.．、])[\s\u3000]*+(?=\p{Han})")
LONGEST_NAME = 110
MIN_ROWS = 3
MAX_ROWS = 300
LEAST = -4.0  # Readings that cut figures of very unlike size; right ones of five tables have -0.8 and more.


@dataclass(frozen=True, slots=True)
class FlatRow:
    """A row as places in the text; `group` is the line that stands before it, `upper` what its name stands under."""

    name: Place
    values: tuple[Place, ...]
    group: Place | None = None
    sequence: Place | None = None
    upper: Place | None = None
    unit: Place | None = None
    nature: Place | None = None
    number: int | None = None
    end: int = 0
    marks: Mapping[int, int] = field(default_factory=dict)
    """Where a value's mark begins, by the value's place in `values`."""


@dataclass(frozen=True, slots=True)
class FlatTable:
    """A glued table: its header and rows, all as places in the text."""

    header: FlatHeader
    rows: tuple[FlatRow, ...]

    @property
    def end(self) -> int:
        """Where the last row ends."""
        return self.rows[-1].end


def find_flat_table(text: str, grammar: Grammar, *, start: int = 0) -> FlatTable | None:
    """The first glued indicator table in `text` from `start` on; None where no header has three rows that fit it."""
    header = find_header(text, grammar, start=start)
    while header is not None:
        tables = [FlatTable(one, tuple(_read_rows(text, one, grammar))) for one in header_variants(header, text)]
        best = max(tables, key=lambda table: len(table.rows))
        counted = sum(row.number is not None for row in best.rows)
        natures = sum(row.nature is not None for row in best.rows)
        if len(best.rows) >= MIN_ROWS and max(counted, natures) >= MIN_ROWS:
            return FlatTable(best.header, tuple(_cut_uppers(text, best.rows, grammar)))
        header = find_header(text, grammar, start=header.end)
    return None


def _read_rows(text: str, header: FlatHeader, grammar: Grammar) -> list[FlatRow]:
    rows: list[FlatRow] = []
    order = [cell.role for cell in header.cells]
    last = order.index("name")
    values = header.count("value")
    # The values stand together, behind the unit and before the nature.
    if order[last + 1 :] != [*(["unit"] * header.count("unit")), *(["value"] * values), *(["nature"] * header.count("nature"))]:
        return []
    at, number = header.end, 0
    # 指标 may stand over the running numbers, too.
    numbered = header.count("sequence") > 0 or FIRST.match(text, at) is not None
    while len(rows) < MAX_ROWS and (row := _read_row(text, at, number, header, grammar, numbered=numbered)) is not None:
        rows.append(row)
        at, number = row.end, row.number if row.number is not None else number
    return rows


def _read_row(text: str, at: int, number: int, header: FlatHeader, grammar: Grammar, *, numbered: bool) -> FlatRow | None:
    """The row that begins at `at`: the nearest run of figures that reads as the header's values."""
    limit = at + LONGEST_NAME
    count = header.count("value")
    natured = header.count("nature") > 0
    for found in RUN.finditer(text, at, limit + 60):
        start, end = found.span()
        start += len(found.group()) - len(found.group().lstrip(BLANKS))
        if start > limit or SENTENCE.search(text, at, start):
            return None
        name = text[at:start]
        if name.count("（") + name.count("(") > name.count("）") + name.count(")"):
            continue
        if not HAN.search(name) or (not DIGIT.search(text, start, end) and not WORDS.search(text, start, end)):
            continue
        nature = NATURE.match(text, end) if natured else None
        if text[end - 1 : end].isspace() and natured and nature is None:
            nature = NATURE.match(text, end - 1)
        behind = text[end : end + 1]
        if nature is None and behind and not HAN.match(behind) and behind not in "<《“注":
            continue
        row = _name_to_parts(text, FlatRow(_strip(text, at, start), ()), number, numbered)
        if row is None:
            continue
        following = row.number if row.number is not None else number
        ends = [end] if nature else _ends_before_number(text, start, end, following)
        made = _best_values(text, start, ends, count, natured=nature is not None)
        if made is None:
            continue
        first, places, stop = made
        row = replace(row, name=_strip(text, row.name[0], max(row.name[1], first)), values=places)
        if header.count("unit"):
            row = _unit_off(text, row, grammar)
            if row is None:
                continue
        return replace(row, nature=nature.span(1) if nature else None, end=nature.end() if nature else stop)
    return None


def _ends_before_number(text: str, start: int, end: int, number: int) -> list[int]:
    """Where the figures may end: before the next row's number, which is glued to them, or with the run."""
    words = text[start:end].rstrip(BLANKS + ".．")
    following = str(number + 1)
    if words.endswith(following) and len(words) > len(following):
        return [start + len(words) - len(following), end]
    return [end]


def _best_values(
    text: str, start: int, ends: Sequence[int], count: int, *, natured: bool
) -> tuple[int, tuple[Place, ...], int] | None:
    """Where the values begin, their places and where they end."""
    # A unit at the name's end: 覆盖率 % 90 95.
    while text[start : start + 1] in ("%", "％", "‰"):
        start += 1
    starts = [start]
    # A note's mark at the end of the name: 总磷7--〔10〕.
    if text[start : start + 1].isdigit() and not text[start + 1 : start + 2].isdigit():
        starts.append(start + 1)
    best: tuple[float, int, tuple[Place, ...], int] | None = None
    for first in starts:
        for end in ends:
            made = run_to_values(text, first, end, count, may_lack=natured)
            if made is None or made.score <= LEAST:
                continue
            score = made.score + (end != ends[-1]) - 2 * (first != start)
            if best is None or score > best[0]:
                best = (score, first, made.places, end)
    return best[1:] if best else None


def _unit_off(text: str, row: FlatRow, grammar: Grammar) -> FlatRow | None:
    """The row with the unit at the end of its name cut off: the longest word that the vocabulary of units has."""
    start, stop = row.name
    for size in range(min(12, stop - start - 2), 0, -1):
        unit = text[stop - size : stop]
        if unit == unit.strip(BLANKS) and grammar.match("quantities", unit, gives="unit"):
            return replace(row, name=_strip(text, start, stop - size), unit=(stop - size, stop))
    return None


def _name_to_parts(text: str, row: FlatRow, number: int, numbered: bool) -> FlatRow | None:
    """The name cell without the group and the number before it, and with what it stands under cut off."""
    start, end = row.name
    following = str(number + 1)
    form = rf"(?<![0-9.．])(?:{following}(?![0-9.．、%])[\s\u3000]*+(?=\p{{Han}})|{following}[.．、](?![0-9])|[（(]{following}[）)])"
    found = regex.search(form, text, pos=start, endpos=end)
    if found is not None and (found.start() - start <= 24 and not UNIT.search(text, start, found.start())):
        group = _strip(text, start, found.start()) if found.start() > start else None
        group = group if group and HAN.search(text, *group) else None
        bare = found.group().strip(BLANKS) == following
        if bare and not numbered and group is not None:
            return replace(row, name=_strip(text, start, end))
        row = replace(row, group=group, number=number + 1)
        start = found.end() if bare and numbered else found.start()
        row = replace(row, sequence=_strip(text, found.start(), found.end()) if bare and numbered else None)
    row = replace(row, name=_strip(text, start, end))
    return row if sum(1 for _ in HAN.finditer(text, *row.name)) >= 2 else None


def _cut_uppers(text: str, rows: Sequence[FlatRow], grammar: Grammar) -> list[FlatRow]:
    """Names that hold what they stand under cut in two: behind a unit in the middle, behind a word of the vocabulary."""
    made = []
    for at, row in enumerate(rows):
        below = rows[at + 1] if at + 1 < len(rows) else None
        heads = row.number is not None and below is not None and below.number is None and below.group is None
        name = text[slice(*row.name)]
        cut = None
        if heads:
            unit = next((u for u in UNIT.finditer(name) if grammar.match("quantities", u.group()[1:-1], gives="unit")), None)
            if unit is not None and unit.end() < len(name):
                cut = unit.end()
            else:
                upper = grammar.match("tables", name, gives="flat_upper")
                cut = upper.spans["upper"][1] if upper else None
        if cut is not None:
            middle = row.name[0] + cut
            row = replace(row, upper=_strip(text, row.name[0], middle), name=_strip(text, middle, row.name[1]))
        made.append(row)
    return made


def _strip(text: str, start: int, end: int) -> Place:
    words = text[start:end]
    left = start + len(words) - len(words.lstrip(BLANKS))
    return left, left + len(words.strip(BLANKS))
