"""Tables whose cells stand under the words of their header, blanks between them → rows of cells, told by their places.

The places tell more than the words do: 45 under 2025年 is 2025's, though the cell beside it is empty. Dumps measure
places in two ways: in half-widths, of which a Han character has two, or in characters (pdftotext -layout).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import regex

from planparse.document import BLANKS
from planparse.extractors.printed_lines import PrintedLine
from planparse.extractors.text_aligned import header_to_words, is_caption_line, text_width, wide_words
from planparse.extractors.text_headers import GROUP
from planparse.extractors.text_rows import MAX_COLUMNS, Block, Cell, TableBlock, is_blank
from planparse.grammar import Grammar

HEADING = regex.compile(r"[\s\u3000]*+第[一二三四五六七八九十]{1,4}[编篇章节]")
NUMBERS = ("序号", "编号", "序", "号")
NUMBER = regex.compile(r"[（(]?[0-9０-９]{1,3}[）)]?[.．、]?")
LONGEST_GROUP = 30
SPREAD = 1
"""Places by which a cell may stand off the left of its header's word."""
GAP = 8
"""Empty lines between two rows, where a page's number stood."""
LEAST_COLUMNS, LEAST_ROWS, MAX_LINES, MAX_HEADS = 3, 3, 4000, 3
Measure = Callable[[str], int]


@dataclass(slots=True)
class _Row:
    """A row as its lines come in; `keyed` says that it has the cell that every row has."""

    cells: dict[int, list[str]]
    lines: list[PrintedLine]
    end: int
    keyed: bool = False

    def add(self, other: "_Row") -> None:
        for column, words in other.cells.items():
            self.cells.setdefault(column, []).extend(words)
        self.lines += other.lines
        self.end = max(self.end, other.end)
        self.keyed = self.keyed or other.keyed


@dataclass(slots=True)
class _Found:
    """The lines under a header, in groups that empty lines part, and the header's own repetitions among them."""

    groups: list[list[_Row]] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)


def placed_to_block(lines: Sequence[PrintedLine], at: int, grammar: Grammar) -> tuple[list[Block] | None, int]:
    """The table under the header in line `at`, and where it ends; None where its cells do not stand under its words.

    1. Every cell begins where its header's word begins, but for a place. A header may have three lines: what stands
       over others spans their columns.
    2. The running number, else the last column that most lines fill, tells the rows; what stands on lines of its own
       between two empty lines goes on with the row there, a word of the first column alone names a group or fills the
       merged cell.
    """
    if not LEAST_COLUMNS <= len(header_to_words(lines[at].text, grammar)) <= MAX_COLUMNS:
        return None, at + 1
    heads = [at]
    while len(heads) < MAX_HEADS and header_to_words(lines[heads[-1] + 1].text if heads[-1] + 1 < len(lines) else "", grammar):
        heads.append(heads[-1] + 1)
    measures: tuple[Measure, ...] = (text_width, len)
    for measure in measures:
        header = _lines_to_header([lines[n].text for n in heads], measure, grammar)
        merged = GROUP.fullmatch(header.names[0]) is not None
        found = _lines_under(lines, heads, header.lefts, measure, grammar, merged=merged)
        rows = _groups_to_rows(found.groups, header.names, merged=merged)
        if sum(row.keyed and len(row.cells) > 1 for row in rows) >= LEAST_ROWS:
            end = rows[-1].end
            aside = [(lines[n].text.strip(BLANKS), "repeated_header", lines[n].number) for n in found.repeated if n < end]
            block = _rows_to_block(header, [lines[n] for n in heads], rows)
            return [replace(block, aside=tuple(aside))], end
    return None, at + 1


@dataclass(frozen=True, slots=True)
class _Header:
    """The rows of a header as cells, and of each column where it begins and what stands over it last, blanks out."""

    rows: tuple[tuple[Cell, ...], ...]
    lefts: tuple[int, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    left: int
    right: int


def _lines_to_header(texts: Sequence[str], measure: Measure, grammar: Grammar) -> _Header:
    levels = [
        [_Word(w.group(), measure(text[: w.start()]), measure(text[: w.end()])) for w in header_to_words(text, grammar)]
        for text in texts
    ]
    below = [[word for level in levels[n + 1 :] for word in level] for n in range(len(levels))]
    columns = sorted(
        (word for n, level in enumerate(levels) for word in level if not any(_overlap(word, other) for other in below[n])),
        key=lambda word: word.left,
    )
    rows: list[tuple[Cell, ...]] = []
    for n, level in enumerate(levels):
        cells: list[Cell] = []
        for place, word in enumerate(level):
            if word in columns:
                cells.append((word.text, columns.index(word), len(levels) - n, 1))
                continue
            low = level[place - 1].right if place else 0
            high = level[place + 1].left if place + 1 < len(level) else columns[-1].right + 1
            spanned = [c for c, column in enumerate(columns) if low <= column.left < high and column in below[n]]
            cells.append((word.text, spanned[0], 1, spanned[-1] - spanned[0] + 1) if spanned else (word.text, 0, 1, 1))
        rows.append(tuple(cells))
    return _Header(tuple(rows), tuple(w.left for w in columns), tuple("".join(w.text.split()) for w in columns))


def _overlap(one: _Word, other: _Word) -> bool:
    return one.left < other.right and other.left < one.right


def _lines_under(
    lines: Sequence[PrintedLine],
    heads: Sequence[int],
    lefts: Sequence[int],
    measure: Measure,
    grammar: Grammar,
    *,
    merged: bool,
) -> _Found:
    found = _Found()
    head = {"".join(lines[n].text.split()) for n in heads}
    gap = 0
    for n in range(heads[-1] + 1, min(len(lines), heads[-1] + MAX_LINES)):
        line = lines[n]
        if is_blank(line):
            gap += 1
            continue
        if gap > GAP:
            break
        if "".join(line.text.split()) in head:
            found.repeated.append(n)
            gap = max(1, gap)
            continue
        cells = (
            None if HEADING.match(line.text) or is_caption_line(line.text, grammar) else _line_to_cells(line, lefts, measure)
        )
        # A word of a merged cell has no number; a numbered line at the margin is the heading behind the table.
        if cells is None or (merged and set(cells) == {0} and any(grammar.candidates("headings", cells[0][0]))):
            break
        if gap or not found.groups:
            found.groups.append([])
        found.groups[-1].append(_Row(cells, [line], n + 1))
        gap = 0
    return found


def _line_to_cells(line: PrintedLine, lefts: Sequence[int], measure: Measure) -> dict[int, list[str]] | None:
    """The cells of a line; None where one stands under no word, or two under one."""
    cells: dict[int, list[str]] = {}
    last = -1
    for word in wide_words(line.text):
        left = measure(line.text[: word.start()])
        column = min(range(len(lefts)), key=lambda c: abs(lefts[c] - left))
        if column <= last or abs(lefts[column] - left) > SPREAD:
            return None
        cells[column] = [word.group()]
        last = column
    # A sentence at the margin is text, however it stands.
    margin = cells[0][0] if set(cells) == {0} else ""
    return None if len(margin) > LONGEST_GROUP or margin[-1:] in tuple("。；，") else cells or None


def _groups_to_rows(groups: Sequence[list[_Row]], header: Sequence[str], *, merged: bool) -> list[_Row]:
    filled = Counter(column for group in groups for row in group for column in row.cells)
    if not filled:
        return []
    often = [c for c in range(len(header)) if filled[c] * 2 >= max(filled.values())]
    # Names are printed over several lines; the running number and the last cell of a row seldom are.
    key = next((c for c in often if header[c] in NUMBERS), often[-1])
    rows: list[_Row] = []
    for group in groups:
        for row in group:
            number = header[key] not in NUMBERS or NUMBER.fullmatch(row.cells.get(key, [""])[0]) is not None
            row.keyed = (key in row.cells and number) or len(row.cells) >= max(3, (len(header) + 1) // 2)
        rows += _group_to_rows(group, merged=merged)
    while rows and not rows[-1].keyed:
        rows.pop()
    return rows


def _group_to_rows(group: Sequence[_Row], *, merged: bool) -> Iterator[_Row]:
    """The rows among lines that no empty line parts."""
    several = sum(row.keyed for row in group) > 1
    made: list[_Row] = []
    waiting: list[_Row] = []
    for row in group:
        names_group = set(row.cells) == {0} and not merged
        if row.keyed and (several or not any(r.keyed for r in made)):
            first = row
            if waiting:
                first, rest = waiting[0], [*waiting[1:], row]
                for other in rest:
                    first.add(other)
                waiting = []
            made.append(first)
        elif (names_group and len(group) == 1) or (names_group and several):
            made.append(row)
        elif made and made[-1].keyed and not (0 in row.cells and 0 in made[-1].cells):
            made[-1].add(row)
        else:
            waiting.append(row)
    yield from [*made, *waiting]


def _rows_to_block(header: _Header, heads: Sequence[PrintedLine], rows: Sequence[_Row]) -> TableBlock:
    columns = len(header.names)
    made: list[tuple[Cell, ...]] = list(header.rows)
    places: list[tuple[PrintedLine, ...]] = [(line,) for line in heads]
    for row in rows:
        words = {column: "\n".join(parts) for column, parts in row.cells.items()}
        if set(words) == {0}:
            made.append(((words[0], 0, 1, columns),))
        else:
            made.append(tuple((words.get(c, ""), c, 1, 1) for c in range(columns)))
        places.append(tuple(row.lines))
    return TableBlock(tuple(made), tuple(places))
