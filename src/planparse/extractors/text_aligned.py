"""Tables whose columns stand under one another, two blanks or more between them → rows of cells, told by their places.

Places are measured in half-widths: a Han character is two wide, an ideographic blank, too.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import regex

from planparse.document import BLANKS
from planparse.extractors.printed_lines import LEADER, PrintedLine
from planparse.extractors.text_headers import NAME, FlatHeader, is_header_word, line_to_header
from planparse.extractors.text_rows import MAX_COLUMNS, Block, Cell, TableBlock, is_blank, is_caption
from planparse.grammar import Grammar

SEGMENT = regex.compile(r"[^\s\u3000]+(?:[ \u00a0][^\s\u3000]+)*")
BLANK = regex.compile(r"[ \u00a0]")
SINGLE = regex.compile(r"\p{Han}")
HEADING = regex.compile(r"[\s\u3000]*+第[一二三四五六七八九十]{1,4}[编篇章节]")
WIDE = regex.compile(r"\u3000|[ \u00a0\u2002\u2003]{2}|指[ ]标")
SENTENCE = "。；"
MIN_ROWS = 3
MAX_LINES = 2000
LEAST_COLUMNS = 3  # without a header; two columns of words are a title set wide, a signature, contents
SPREAD = 2
"""Half-widths by which the cells of a column may stand off; blanks of a dump come in twos."""
ALIGNED = 0.8
PAGE = regex.compile(r"[0-9０-９]{1,4}|[IVXivx]{1,6}")
NO_ROW = regex.compile(r"第[0-9〇零一二三四五六七八九十百]{1,5}[编篇章节条][\s\u3000].*|[（(][^（()）]*[）)]")
"""第一条　为了… and （2022年9月5日公布　自11月1日起施行）: the blanks are no columns' gap."""


@dataclass(frozen=True, slots=True)
class _Segment:
    """Words between wide gaps, and where they stand in the line, in half-widths."""

    text: str
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class _Row:
    segments: tuple[_Segment, ...]
    line: PrintedLine


@dataclass(frozen=True, slots=True)
class _Run:
    """Lines that may be a table's; `full` are those that fill all its columns, none where it is no table."""

    rows: tuple[_Row, ...]
    full: tuple[_Row, ...]
    columns: int
    headed: bool
    end: int


def aligned_to_block(lines: Sequence[PrintedLine], at: int, grammar: Grammar) -> tuple[list[Block] | None, int]:
    """The table of aligned columns that begins with line `at`, and where its run of lines ends; None where there is none.

    1. A header's words make a table of two rows under it; without one, three columns must stand under one another in
       three lines and in four fifths of all full lines.
    2. A line that fills only some columns goes on with the row above it, unless its first or last column is filled.
    """
    run = _columns_at(lines, at, grammar)
    if not run.full or (not run.headed and not _stand_under(run.full, run.columns)):
        return None, run.end
    made = _rows_to_cells(run.rows, run.full, run.columns)
    return ([made], run.end) if made is not None else (None, run.end)


def _columns_at(lines: Sequence[PrintedLine], at: int, grammar: Grammar) -> _Run:
    """The run of lines from `at` on that may be a table's, cut at its columns."""
    none = _Run((), (), 0, False, at + 1)
    if not WIDE.search(lines[at].text.strip(BLANKS)):
        return none
    first = _segments(lines[at].text, grammar)
    if len(first) < 2 or LEADER.search(lines[at].text) or is_caption_line(lines[at].text, grammar):
        return none
    if NO_ROW.fullmatch(lines[at].text.strip(BLANKS)):
        return none
    rows, end = _run_to_rows(lines, at, grammar)
    # Two columns are told by header words, more by their places, too.
    headed = _is_header([s.text for s in first], grammar)
    counts = Counter(len(row.segments) for row in rows)
    columns = len(first) if headed else max((n for n in counts if n > 1), key=lambda n: (counts[n], n), default=0)
    least = 2 if headed else LEAST_COLUMNS
    if len(first) != columns:
        return none
    rows = _cut_at_columns(rows, columns)
    full = [row for row in rows if len(row.segments) == columns]
    if not least <= columns <= MAX_COLUMNS or len(full) < MIN_ROWS or len(rows) > 3 * len(full):
        full = []
    if full and (_is_prose(full) or _is_contents(full)):
        full = []
    return _Run(tuple(rows), tuple(full), columns, headed, end)


def is_caption_line(text: str, grammar: Grammar) -> bool:
    """Whether a line is the caption of a box or table."""
    words = text.strip(BLANKS)
    return is_caption(words, grammar) or grammar.match("tables", words, gives="caption") is not None


def _segments(text: str, grammar: Grammar) -> list[_Segment]:
    """The words between wide gaps; words set wide (指　标) are whole."""
    header: FlatHeader | None = line_to_header(text, grammar) if NAME.search(text) else None
    wide = wide_words(text)
    # Header words that all stand apart are cells as they stand: 2025年   累计 are two.
    if header and len(wide) > len(header.cells) and _is_header([m.group() for m in wide], grammar):
        header = None
    spans = [(c.start, c.end) for c in header.cells] if header else [m.span() for m in wide]
    made: list[_Segment] = []
    place, at = 0, 0
    for start, end in spans:
        left = place + text_width(text[at:start])
        right = left + text_width(text[start:end])
        made.append(_Segment(text[start:end], left, right))
        place, at = right, end
    return made


def header_to_words(text: str, grammar: Grammar) -> list["regex.Match[str]"]:
    """The words of a line between wide gaps, where all of them are header words; else none."""
    found = wide_words(text) if WIDE.search(text.strip(BLANKS)) else []
    return found if _is_header([word.group() for word in found], grammar) else []


def wide_words(text: str) -> list["regex.Match[str]"]:
    """The words between wide gaps (two blanks or more); a word set wide (指　标) is whole."""
    found = list(SEGMENT.finditer(text.rstrip(BLANKS)))
    # 指　标: single characters of a word that is set wide; the next gap is wider, or another word comes.
    merged: list[regex.Match[str]] = []
    at = 0
    while at < len(found):
        stop = at
        while stop + 1 < len(found) and SINGLE.fullmatch(found[stop].group()) and SINGLE.fullmatch(found[stop + 1].group()):
            stop += 1
        if stop == at + 1:
            whole = regex.compile(r"[\s\S]+").fullmatch(text, found[at].start(), found[stop].end())
            merged += [whole] if whole else []
        else:
            merged += found[at : stop + 1]
        at = stop + 1
    return merged


def text_width(text: str) -> int:
    """How wide a text is in half-widths: a Han character has two."""
    return sum(1 if char < "\u0250" else 2 for char in text.replace("\ufeff", ""))


def _run_to_rows(lines: Sequence[PrintedLine], at: int, grammar: Grammar) -> tuple[list[_Row], int]:
    """The lines of a run of cells: no empty line but one between two, and no line without a wide gap but inside."""
    rows: list[_Row] = []
    end = at
    gap = lone = 0
    for n in range(at, min(len(lines), at + MAX_LINES)):
        line = lines[n]
        if is_blank(line):
            gap += 1
            if gap > 2:
                break
            continue
        if "\t" in line.text.strip() or "|" in line.text or is_caption_line(line.text, grammar):
            break
        if n > at and (HEADING.match(line.text) or (NAME.search(line.text) and line_to_header(line.text, grammar))):
            break
        if NO_ROW.fullmatch(line.text.strip(BLANKS)):
            break
        segments = _segments(line.text, grammar)
        if len(segments) < 2:
            lone += 1
            # The rest of a cell stands under its column; a word at the margin may be a group.
            if gap or lone > 2 or not segments or len(segments[0].text) > 30 or segments[0].text[-1] in SENTENCE:
                break
        else:
            lone = 0
            end = n + 1
        gap = 0
        rows.append(_Row(tuple(segments), line))
    while rows and len(rows[-1].segments) < 2:
        last = rows[-1]
        # Under a column of its own it goes on with the last row; at the margin it is text.
        if last.segments[0].left > 4 and len(rows) > 1 and lines[end] is last.line:
            end += 1
            break
        rows.pop()
    return rows, max(end, at + 1)


def _cut_at_columns(rows: Sequence[_Row], columns: int) -> list[_Row]:
    """Rows that lack a cell, cut at single blanks where a column of the full rows begins (丙丁地 15)."""
    full = [row for row in rows if len(row.segments) == columns]
    lefts = {Counter(row.segments[c].left for row in full).most_common(1)[0][0] for c in range(columns)}
    made = []
    for row in rows:
        if 0 < columns - len(row.segments) < columns:
            pieces: list[_Segment] = []
            for segment in row.segments:
                start = 0
                for blank in BLANK.finditer(segment.text):
                    if segment.left + text_width(segment.text[: blank.end()]) in lefts:
                        pieces.append(_part(segment, start, blank.start()))
                        start = blank.end()
                pieces.append(_part(segment, start, len(segment.text)))
            row = _Row(tuple(pieces), row.line) if len(pieces) == columns else row
        made.append(row)
    return made


def _part(segment: _Segment, start: int, end: int) -> _Segment:
    left = segment.left + text_width(segment.text[:start])
    return _Segment(segment.text[start:end], left, left + text_width(segment.text[start:end]))


def _is_header(texts: Sequence[str], grammar: Grammar) -> bool:
    folded = ["".join(t.split()) for t in texts]
    known = sum(is_header_word(t, grammar) for t in folded if len(t) <= 30)
    return len(folded) > 1 and known == len(folded)


def _stand_under(rows: Sequence[_Row], columns: int) -> bool:
    """Whether the cells of each column begin, end or centre at one place, in four fifths of the rows."""
    for c in range(columns):
        for place in (
            [row.segments[c].left * 2 for row in rows],
            [row.segments[c].right * 2 for row in rows],
            [row.segments[c].left + row.segments[c].right for row in rows],
        ):
            middle = Counter(place).most_common(1)[0][0]
            if sum(abs(p - middle) <= 2 * SPREAD for p in place) >= ALIGNED * len(place):
                break
        else:
            return False
    return True


def _is_prose(rows: Sequence[_Row]) -> bool:
    """Sentences with wide gaps between them, or one running over the gap, are no cells."""
    ends = sum(row.segments[0].text[-1] in "，。；、：" for row in rows)
    return ends * 3 > len(rows)


def _is_contents(rows: Sequence[_Row]) -> bool:
    pages = [row.segments[-1].text for row in rows if PAGE.fullmatch(row.segments[-1].text)]
    numbers = [int(p) for p in pages if p.isdecimal()]
    return (
        len(rows[0].segments) <= 3
        and len(pages) * 5 >= len(rows) * 4
        and numbers == sorted(numbers)
        and all(row.segments[0].text[:1] in "第（(一二三四五六七八九十目附前序" for row in rows)
    )


def _rows_to_cells(rows: Sequence[_Row], full: Sequence[_Row], columns: int) -> TableBlock | None:
    lefts = [min(row.segments[c].left for row in full) for c in range(columns)]
    rights = [max(row.segments[c].right for row in full) for c in range(columns)]
    texts: list[list[str]] = []
    places: list[list[PrintedLine]] = []
    for row in rows:
        cells = [""] * columns
        if len(row.segments) == columns:
            cells = [s.text for s in row.segments]
        else:
            taken = -1
            for segment in row.segments:
                # A line of one cell at the margin names a group, however far it reaches.
                margin = len(row.segments) == 1 and segment.left <= lefts[0] + SPREAD
                column = 0 if margin else _column_of(segment, lefts, rights)
                if column <= taken:
                    return None
                cells[column], taken = segment.text, column
        rest = bool(texts) and not cells[0] and not cells[-1]
        rest = rest or (bool(texts) and sum(map(bool, cells)) == 1 and not cells[0])
        if rest:
            texts[-1] = [f"{a}\n{b}" if a and b else a or b for a, b in zip(texts[-1], cells, strict=True)]
            places[-1].append(row.line)
        else:
            texts.append(cells)
            places.append([row.line])
    made: list[tuple[Cell, ...]] = []
    for words in texts:
        if words[0] and not any(words[1:]):
            made.append(((words[0], 0, 1, columns),))
        else:
            made.append(tuple((word, c, 1, 1) for c, word in enumerate(words)))
    return TableBlock(tuple(made), tuple(tuple(replace(x) for x in p) for p in places))


def _column_of(segment: _Segment, lefts: Sequence[int], rights: Sequence[int]) -> int:
    """The column that words overlap most; the nearest where they overlap none."""

    def overlap(c: int) -> tuple[int, int]:
        shared = min(segment.right, rights[c]) - max(segment.left, lefts[c])
        return (shared, -abs(segment.left - lefts[c]))

    return max(range(len(lefts)), key=overlap)
