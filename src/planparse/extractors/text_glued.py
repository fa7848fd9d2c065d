"""Paragraphs that hold a glued indicator table → prose, caption, table, prose; each row becomes a line of text."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

import regex

from planparse.document import BLANKS
from planparse.extractors.printed_lines import PrintedLine
from planparse.extractors.text_flat import FlatRow, FlatTable, find_flat_table
from planparse.extractors.text_headers import NAME
from planparse.extractors.text_marks import settle_marks
from planparse.extractors.text_rows import Block, Cell, TableBlock, is_caption, next_worded
from planparse.grammar import Grammar

LEAST = 60  # Characters; a header and three rows have more.
JOINED = 12  # lines that a broken paragraph is put together from
CAPTION = regex.compile(r"(?:专[ \u3000]*栏|附?表)[ \u3000]*[0-9一二三四五六七八九十]{1,3}|(?<=[。！；])[^。！；]{4,40}$")
BEFORE = 90
"""Characters before a header in which its caption stands; the longest seen has 31."""
GAP = 4
LONGEST_JOINED = 3000  # Characters; a table that is broken over lines has shorter ones.
NOTES = regex.compile(r"[\s\u3000]*+(注[:：][^\n]++)")
COUNTED = regex.compile(r"(?<![0-9.．])([0-9]{1,2})[.．、](?![0-9])")
LONGEST_NOTE = 600


def glued_to_blocks(lines: Sequence[PrintedLine], at: int, grammar: Grammar) -> tuple[list[Block] | None, int]:
    """What line `at` and those that its table runs on over hold, in order, and where they end; None where no table is.

    Blanks aside, the pieces are the lines' words in order; each cell is a slice of them.
    """
    if len(lines[at].text) < LEAST or not NAME.search(lines[at].text):
        return None, at + 1
    taken = [at]
    while len(taken) < JOINED:
        after = next_worded(lines, taken[-1] + 1)
        if after >= len(lines) or after - taken[-1] > GAP or len(lines[after].text) > LONGEST_JOINED:
            break
        taken.append(after)
    text = "\n".join(lines[n].text for n in taken)
    starts = [0, *accumulate(len(lines[n].text) + 1 for n in taken)]
    first = starts[1] - 1
    blocks: list[Block] = []
    done = 0
    while done < first:
        table = find_flat_table(text, grammar, start=done)
        if table is None or table.header.start >= first:
            break
        blocks += [[line] for line in _prose_before(text, done, table.header.start, lines, taken, starts, grammar)]
        notes = _notes_behind(text, table.end, lines, taken, starts)
        table = settle_marks(text, table, "".join(text[slice(*place)] for place in notes))
        blocks.append(_table_to_block(text, table, notes, lines, taken, starts))
        done = notes[-1][1] if notes else table.end
    if not blocks:
        return None, at + 1
    place = max(n for n, start in enumerate(starts[:-1]) if start <= max(0, done - 1))
    rest = text[done : starts[place + 1] - 1]
    if rest.strip(BLANKS):
        blocks.append([replace(lines[taken[place]], text=rest, opens=True, gap=0)])
    return blocks, taken[place] + 1


def _line_of(at: int, lines: Sequence[PrintedLine], taken: Sequence[int], starts: Sequence[int]) -> PrintedLine:
    return lines[taken[max(n for n, start in enumerate(starts[:-1]) if start <= at)]]


def _prose_before(
    text: str, start: int, end: int, lines: Sequence[PrintedLine], taken: Sequence[int], starts: Sequence[int], grammar: Grammar
) -> list[PrintedLine]:
    """The words before a table, its caption apart."""
    cuts = [
        m.start() for m in CAPTION.finditer(text, max(start, end - BEFORE), end) if is_caption(text[m.start() : end], grammar)
    ]
    middle = cuts[-1] if cuts else end
    made = []
    for a, b in ((start, middle), (middle, end)):
        if text[a:b].strip(BLANKS):
            line = _line_of(a, lines, taken, starts)
            made.append(replace(line, text=text[a:b], opens=line.opens or a > 0, closed=True, gap=line.gap if a == 0 else 0))
    return made


def _notes_behind(
    text: str, start: int, lines: Sequence[PrintedLine], taken: Sequence[int], starts: Sequence[int]
) -> list[tuple[int, int]]:
    """The notes under the table: 注： and the rest of its line, then lines that count on (2. 3. …)."""
    first = NOTES.match(text, start)
    if first is None or len(first.group()) > LONGEST_NOTE:
        return []
    notes = [first.span(1)]
    number = max((int(n) for n in COUNTED.findall(first.group())), default=0)
    while number and (more := regex.compile(rf"\s*+({number + 1}[.．、](?![0-9])[^\n]++)").match(text, notes[-1][1])):
        notes.append(more.span(1))
        number = max(number + 1, *(int(n) for n in COUNTED.findall(more.group()) if int(n) - number < 9))
    return notes


def _table_to_block(
    text: str,
    table: FlatTable,
    notes: Sequence[tuple[int, int]],
    lines: Sequence[PrintedLine],
    taken: Sequence[int],
    starts: Sequence[int],
) -> TableBlock:
    """The table's rows of cells: sequence, what stands above, name, unit, values, nature; merged cells are put back."""
    rows = table.rows
    numbered = any(row.sequence for row in rows)
    uppers = any(row.upper for row in rows)
    lead = int(numbered)
    width = lead + 1 + int(uppers) + len(table.header.cells) - 1 - table.header.count("sequence")
    made: list[tuple[Cell, ...]] = [_header_cells(text, table, numbered, uppers)]
    places = [table.header.start]
    natured = table.header.count("nature") > 0
    spans = _spans(rows)
    for at, row in enumerate(rows):
        if row.group:
            made.append(((text[slice(*row.group)], 0, 1, width),))
            places.append(row.group[0])
        cells: list[Cell] = [(_cut(text, row.sequence), 0, 1, 1)] if numbered else []
        column = lead
        if row.upper:
            cells.append((_cut(text, row.upper), column, spans["upper"][at], 1))
        if uppers:
            free = row.upper is None and not spans["upper"][at]
            cells.append((_cut(text, row.name), column + (not free), 1, 1 + free))
            column += 2
        else:
            cells.append((_cut(text, row.name), column, 1, 1))
            column += 1
        words = [_cut(text, row.unit)] if table.header.count("unit") else []
        words += [_value(text, place, row.marks.get(n)) for n, place in enumerate(row.values)]
        cells += [(word, n, 1, 1) for n, word in enumerate(words, column)]
        column += len(words)
        if natured and spans["nature"][at]:
            cells.append((_cut(text, row.nature), column, spans["nature"][at], 1))
        made.append(tuple(cells))
        places.append((row.sequence or row.upper or row.name)[0])
    for place in notes:
        made.append(((text[slice(*place)], 0, 1, width),))
        places.append(place[0])
    sources = tuple((_line_of(p, lines, taken, starts),) for p in places)
    return TableBlock(tuple(made), sources)


def _header_cells(text: str, table: FlatTable, numbered: bool, uppers: bool) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    column = 0
    for cell in table.header.cells:
        wide = 1
        if cell.role == "name":
            wide += int(uppers) + int(numbered and not table.header.count("sequence"))
        cells.append((text[cell.start : cell.end], column, 1, wide))
        column += wide
    return tuple(cells)


def _spans(rows: Sequence[FlatRow]) -> dict[str, list[int]]:
    """How many rows the cells reach down: one that a row lacks is the one above it, as far as the next group or number.

    0 where the cell is part of one that began above (an upper name: also where there is none).
    """
    upper, nature = [0] * len(rows), [1] * len(rows)
    for at, row in enumerate(rows):
        below = at + 1
        if row.upper:
            while below < len(rows) and rows[below].number is None and not rows[below].group:
                below += 1
            upper[at:below] = [below - at, *[-1] * (below - at - 1)]
        if row.nature and nature[at]:
            below = at + 1
            while below < len(rows) and rows[below].nature is None and not rows[below].group and rows[below].number is None:
                nature[below] = 0
                below += 1
            nature[at] = below - at
    return {"upper": upper, "nature": nature}


def _cut(text: str, place: tuple[int, int] | None) -> str:
    return text[slice(*place)] if place else ""


def _value(text: str, place: tuple[int, int], mark: int | None) -> str:
    """A value's words; its mark, where it has one, on a line of its own."""
    return _cut(text, place) if mark is None else f"{text[place[0] : mark]}\n{text[mark : place[1]]}"
