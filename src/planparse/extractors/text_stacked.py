"""Tables whose cells stand a line each without any mark, as text copied from a web page has them → rows of cells.

The header's words tell how many columns there are; a row begins where its number counts on, or ends in its 属性. Empty
cells have left no line, so a row may be short.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from planparse.document import BLANKS
from planparse.extractors.printed_lines import PrintedLine
from planparse.extractors.text_headers import GROUP, is_header_word
from planparse.extractors.text_rows import SEQUENCE, Block, is_caption, next_worded, texts_to_block
from planparse.grammar import Grammar

PLAIN = regex.compile(r"\p{Han}{2,6}")
TITLE_ENDS = "表件单录图标"
"""What a caption or title ends in: 任务分工表, 附件, 项目清单, 主要指标."""
HAN = regex.compile(r"\p{Han}")
NATURES = "预期性", "约束性"
ENDS_ROW = "属性", "指标属性", "指标性质"
HEADER_WORD, CELL, TASK = 16, 60, 600
"""Characters of a header's word, of an indicator's cell, of a task's."""
COLUMNS = range(3, 13)
GAP = 6
"""Empty lines between two cells."""
MIN_ROWS = 3
HEADING = regex.compile(
    r"第[一二三四五六七八九十]{1,4}[编篇章节]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]"
)


Row = list[tuple[int, ...]]
"""The cells of a row, each the places of its lines."""


@dataclass(frozen=True, slots=True)
class _Header:
    """A header: how many columns, where the first row begins, which column numbers the rows, whether the first groups them
    (its cells are merged, so that most rows lack it), and whether rows end in a nature; how long a cell may be."""

    columns: int
    end: int
    number: int | None
    grouped: bool
    natured: bool
    longest: int


def stacked_places(lines: Sequence[PrintedLine], grammar: Grammar) -> set[int]:
    """The places of all lines that are cells of such tables."""
    found: set[int] = set()
    at = 0
    while at < len(lines):
        block, end = stacked_to_block(lines, at, grammar)
        if block:
            found.update(range(at, end))
        at = end
    return found


def stacked_to_block(lines: Sequence[PrintedLine], at: int, grammar: Grammar) -> tuple[list[Block] | None, int]:
    """The table whose header begins with line `at`, and where it ends; None where fewer than three rows follow.

    Every row has the header's number of cells but for empty ones; half of the rows have them all.
    """
    header = _header_at(lines, at, grammar)
    if header is None:
        return None, at + 1
    cells = _cells_from(lines, header, grammar)
    rows = _cells_to_rows(lines, cells, header, grammar)
    whole = sum(len(row) == header.columns for row in rows)
    full = whole + sum(len(row) == header.columns - 1 for row in rows if header.grouped)
    if len([row for row in rows if len(row) > 1]) < MIN_ROWS or not whole or full * 2 < len(rows):
        # A caption over the header may be taken for one of its words.
        return None, at + 1
    head: Row = [(n,) for n in range(at, header.end) if lines[n].text.strip(BLANKS)]
    texts: list[list[str]] = []
    places: list[tuple[PrintedLine, ...]] = []
    for row in [head, *rows]:
        texts.append([_words(lines, cell) for cell in row])
        if texts[-1:] != texts[:1] and header.grouped and len(row) > 1 and not _has_group(texts[-1], header):
            texts[-1].insert(0, "")
        places.append(tuple(lines[n] for cell in row for n in cell))
    return [texts_to_block(texts, places, header.columns)], rows[-1][-1][-1] + 1


def _has_group(words: Sequence[str], header: _Header) -> bool:
    """Whether a row begins with its merged cell: its number, or a name behind the first word, tells."""
    if header.number is not None:
        return SEQUENCE.fullmatch(words[0]) is None
    return len(words) == header.columns or len(HAN.findall(words[1])) > 3


def _words(lines: Sequence[PrintedLine], cell: Sequence[int]) -> str:
    return "\n".join(lines[n].text.strip(BLANKS) for n in cell)


def _folded(line: PrintedLine) -> str:
    return "".join(line.text.split())


def _header_at(lines: Sequence[PrintedLine], at: int, grammar: Grammar) -> _Header | None:
    words: list[str] = []
    end = n = at
    if _is_word_before(lines, at, grammar):
        return None
    while n < len(lines) and (not words or n - end <= GAP) and len(words) < COLUMNS.stop:
        word = _folded(lines[n])
        if "\t" in lines[n].text or len(word) > HEADER_WORD or not is_header_word(word, grammar):
            break
        words.append(word)
        end = n + 1
        n = next_worded(lines, end)
    # 属性 that is not the last word shows a header of several rows: no line tells them.
    if len(words) not in COLUMNS or len(set(words)) < len(words) or any(word in ENDS_ROW for word in words[:-1]):
        return None
    indicators = any(word in ("指标", "指标名称", "主要指标", "核心指标") for word in words)
    tasks = any(grammar.match("tables", word, gives=kind) for word in words for kind in ("task_agency", "task_text", "project"))
    if not indicators and not tasks:
        return None
    natured = grammar.match("indicators", words[-1], gives="column") is not None and words[-1].endswith(
        ("属性", "性质", "类型")
    )
    number = next((n for n, word in enumerate(words[:2]) if word in ("序号", "编号", "序", "号")), None)
    grouped = number == 1 or (number is None and GROUP.fullmatch(words[0]) is not None)
    return _Header(len(words), end, number, grouped, natured, CELL if indicators else TASK)


def _is_word_before(lines: Sequence[PrintedLine], at: int, grammar: Grammar) -> bool:
    """Whether a short word that is no caption stands right over a line: it may be a header's word that is not known."""
    n = at - 1
    while n >= 0 and at - n <= 2 and not lines[n].text.strip(BLANKS):
        n -= 1
    words = _folded(lines[n]) if n >= 0 and at - n <= 2 else ""
    return PLAIN.fullmatch(words) is not None and words[-1] not in TITLE_ENDS and not is_caption(words, grammar)


def _cells_from(lines: Sequence[PrintedLine], header: _Header, grammar: Grammar) -> list[int]:
    """The places of the lines that may be cells, up to what is none."""
    found: list[int] = []
    before, n = header.end, next_worded(lines, header.end)
    while n < len(lines) and n - before <= GAP:
        words = lines[n].text.strip(BLANKS)
        if not 0 < len(words) <= header.longest or "\t" in lines[n].text or "|" in words or is_caption(words, grammar):
            break
        if header.longest == CELL and words[-1] in "。；":
            break
        found.append(n)
        before, n = n + 1, next_worded(lines, n + 1)
    return found


def _cells_to_rows(lines: Sequence[PrintedLine], cells: Sequence[int], header: _Header, grammar: Grammar) -> list[Row]:
    rows: list[Row] = []
    at, number = 0, 1
    while at < len(cells):
        length = _row_length(lines, cells, at, header, number)
        if length:
            rows.append(_row(cells[at : at + length], header))
            at, number = at + length, number + 1
        elif at + 1 < len(cells) and _is_group(lines, cells, at, header, number, grammar):
            rows.append([(cells[at],)])
            at += 1
        else:
            break
    while rows and len(rows[-1]) == 1:
        rows.pop()
    return rows


def _row(cells: Sequence[int], header: _Header) -> Row:
    """The cells of a row; what it has too many is the rest of its name, broken over lines."""
    over = max(0, len(cells) - header.columns)
    name = 0 if header.number is None else header.number + 1
    named = tuple(cells[name : name + over + 1])
    # A dump that is cut short may end behind the number.
    return [*((n,) for n in cells[:name]), *((named,) if named else ()), *((n,) for n in cells[name + over + 1 :])]


def _row_length(lines: Sequence[PrintedLine], cells: Sequence[int], at: int, header: _Header, number: int) -> int:
    """How many of the lines from `at` on are one row; 0 where none begins."""
    if header.number is None:
        if HEADING.match(lines[cells[at]].text.strip(BLANKS)):
            return 0
        lengths = [header.columns, *range(header.columns - 1, 1, -1)] if header.natured else [header.columns]
    else:
        # The number, or the merged cell before it.
        place = next((n for n in range(header.number, -1, -1) if _is_number(lines, cells, at + n, number)), None)
        if place is None:
            return 0
        whole = header.columns - header.number + place
        lengths = [whole, *range(whole - 1, place + 1, -1), whole + 1, whole + 2]
    return next(
        (
            n
            for n in lengths
            if _is_row(lines, cells[at : at + n], n, header) and _goes_on(lines, cells, at + n, header, number)
        ),
        0,
    )


def _is_row(lines: Sequence[PrintedLine], cells: Sequence[int], length: int, header: _Header) -> bool:
    words = [_folded(lines[n]).strip("（）()") for n in cells]
    if len(words) < length or not any(HAN.search(word) for word in words):
        return False
    return not header.natured or (words[-1] in NATURES and not any(word in NATURES for word in words[:-1]))


def _goes_on(lines: Sequence[PrintedLine], cells: Sequence[int], at: int, header: _Header, number: int) -> bool:
    """Whether the next row's number stands at `at`, or behind a group's line, or nowhere near: then the table ends there."""
    if header.natured or header.number is None or at >= len(cells):
        return True
    near = [n for n in range(header.columns + 2) if _is_number(lines, cells, at + n, number + 1)]
    return not near or near[0] < 2


def _is_number(lines: Sequence[PrintedLine], cells: Sequence[int], at: int, number: int) -> bool:
    words = lines[cells[at]].text.strip(BLANKS) if at < len(cells) else ""
    return SEQUENCE.fullmatch(words) is not None and int(words.rstrip(".．、")) == number


def _is_group(
    lines: Sequence[PrintedLine], cells: Sequence[int], at: int, header: _Header, number: int, grammar: Grammar
) -> bool:
    words = lines[cells[at]].text.strip(BLANKS)
    if len(words) > 30 or grammar.match("tables", words, gives="flat_group") is None:
        return False
    return _row_length(lines, cells, at + 1, header, number) > 0
