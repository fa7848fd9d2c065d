"""Printed lines → paragraphs, for every format that has printed lines: text dumps, PDF, OCR.

`opens_paragraph`, `ends_paragraph` and `join_text` look at words alone; `lines_to_paragraphs` adds what the whole
document tells (is it hard-wrapped, how wide is a full line, are paragraphs indented).
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import regex

from planparse.document import BLANKS
from planparse.extractors.printed_lines import (
    CLOSERS,
    LineProfile,
    PrintedLine,
    ends_paragraph,
    line_width,
    lines_to_profile,
)
from planparse.grammar import Grammar

__all__ = ["HEADING_MAX", "ends_paragraph", "join_text", "lines_to_paragraphs", "opens_paragraph"]

FURNITURE = "furniture"
FULL_STOP = "。！？!?"
COMMA = "，、,"
DASHES = ("——", "––", "--")
MARKS = frozenset("，、；：。！？,;:")
PAIRS = {"（": ")", "(": ")", "《": "》", "〈": "》", "“": "”", "〔": "]", "【": "】", "[": "]", "「": "」"}
FOLD = {"）": ")", ")": ")", "》": "》", "〉": "》", "”": "”", "〕": "]", "】": "】", "]": "]", "」": "」"}
STRONG = frozenset({"heading", "item", "tag_line", "head"})
OPEN_WITHIN = 400  # A bracket that is open for longer is a misprint: tags with thirty departments have some 300.
CLOSE_AHEAD = 8  # lines within which the closing bracket must come
HEADING_MAX = 50  # Numbered lines without 。 up to here are headings; the longest in twenty plans has 46.
LATIN_END = regex.compile(r"[0-9A-Za-z\u00c0-\u024f%.,;:)\]]")
LATIN_START = regex.compile(r"[0-9A-Za-z\u00c0-\u024f(\[]")
ROW = regex.compile(r"([0-9]{1,3})[ \u3000]+(?=\p{Han})")
ROWS_APART = 6  # A row of a flat table has few lines; headings and page breaks stand between.
LETTER = regex.compile(r"[A-Za-z\u00c0-\u024f]")


def opens_paragraph(text: str, grammar: Grammar) -> bool:
    """Whether a printed line opens something of its own and so never continues the line above.

    Heading candidates, captions, dash and bullet items, 一是 …, tag lines, notes, dates, letterhead lines. Text only:
    layout evidence (indent, size) is the caller's.
    """
    line = text.strip(BLANKS)
    if not line or grammar.match(FURNITURE, line, gives="runs_on"):
        return False
    if any(found.gives in STRONG for found in grammar.candidates("headings", line)):
        return True
    if grammar.match("contents", line, gives="caption"):
        return True
    return any(grammar.match(FURNITURE, line, gives=kind) is not None for kind in ("opens", "closed"))


def join_text(a: str, b: str) -> str:
    """Two printed lines as one: no blank beside a Han character, one blank between Latin words.

    >>> join_text("全面推进残疾", "预防。"), join_text("支持 open", "source 社区")
    ('全面推进残疾预防。', '支持 open source 社区')
    """
    left, right = a.rstrip(BLANKS), b.lstrip(BLANKS)
    if not (left and right and LATIN_END.match(left[-1]) and LATIN_START.match(right[0])):
        return left + right
    return f"{left} {right}" if LETTER.match(left[-1]) or LETTER.match(right[0]) else left + right


def lines_to_paragraphs(
    lines: Sequence[PrintedLine], grammar: Grammar, *, profile: LineProfile | None = None
) -> list[list[PrintedLine]]:
    """Printed lines put together to paragraphs, each a list of its lines, in order; nothing added, nothing lost.

    1. Broken by a page or a line end, a paragraph is whole again: commas, open brackets and quotes, words that cannot
       end, full lines of a hard-wrapped dump.
    2. Titles, headings, captions, tags, list items, signatures and dates stay apart.

    `profile` is what the whole dump tells where `lines` are a part of it (the prose between two tables).
    """
    if not lines:
        return []
    doubled = sum(line.gap > 0 for line in lines[1:]) >= 0.97 * max(1, len(lines) - 1)
    profile = profile or lines_to_profile(lines)
    lines = _mark_rows(lines, grammar)
    words = Counter(pair for line in lines for pair in pairwise(line.text.strip(BLANKS)))
    closers: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        for char in {FOLD[c] for c in line.text if c in FOLD}:
            closers.setdefault(char, []).append(at)
    paragraphs = [[lines[0]]]
    state = _Open(lines[0].text, grammar)
    for at, (a, b) in enumerate(pairwise(lines)):
        following = lines[at + 2] if at + 2 < len(lines) else None
        closes = state.closer is not None and _comes_soon(closers.get(state.closer, []), at + 1)
        # Empty lines say nothing where each line has one, nor round a page number.
        gap = 0 if profile.wrapped and (doubled or a.page != b.page) else b.gap
        if _goes_on(a, b, following, state, closes=closes, gap=gap, profile=profile, words=words, grammar=grammar):
            paragraphs[-1].append(b)
            state.feed(b.text)
        else:
            paragraphs.append([b])
            state = _Open(b.text, grammar)
    return paragraphs


def _mark_rows(lines: Sequence[PrintedLine], grammar: Grammar) -> Sequence[PrintedLine]:
    """Lines that open with a running number and a blank (3 名称 … 约束性) and count on are rows of a flat table.

    Each opens; where its last word ends other rows, too, it is closed, else the line below goes on with it.
    """
    found = [(at, int(m[1])) for at, line in enumerate(lines) if (m := ROW.match(line.text.strip(BLANKS)))]
    rows: list[int] = []
    series: list[tuple[int, int]] = []
    for at, value in [*found, (len(lines) + ROWS_APART, -1)]:
        if series and (value != series[-1][1] + 1 or at - series[-1][0] > ROWS_APART):
            if len(series) >= 3:
                rows += [place for place, _ in series]
            series = []
        series.append((at, value))
    if not rows:
        return lines
    made = list(lines)
    last = {at: lines[at].text.split()[-1] for at in rows}
    ends = Counter(last.values())
    for at in rows:
        whole = ends[last[at]] > 1
        made[at] = replace(made[at], opens=True, closed=whole)
        below = made[at + 1] if at + 1 < len(made) else None
        if not whole and below and at + 1 not in last and not opens_paragraph(below.text, grammar):
            made[at + 1] = replace(below, continues=True)
    return made


class _Open:
    """What a growing paragraph has open, how long it is and whether it has a full stop; fed line by line."""

    def __init__(self, text: str, grammar: Grammar) -> None:
        self.stack: list[tuple[str, int]] = []
        self.length = 0
        self.lines = 0
        self.stops = False
        self.marks = False
        gives = {found.gives for found in grammar.candidates("headings", text.strip(BLANKS))}
        self.heading = "heading" in gives or "head" in gives
        self.tag = "tag_line" in gives
        self.feed(text)

    def feed(self, text: str) -> None:
        words = text.strip(BLANKS)
        for char in words:
            self.length += 1
            if char in PAIRS:
                self.stack.append((PAIRS[char], self.length))
            elif char in FOLD and any(closer == FOLD[char] for closer, _ in self.stack[-4:]):
                while self.stack.pop()[0] != FOLD[char]:
                    pass
        self.lines += 1
        self.stops = self.stops or any(mark in words for mark in FULL_STOP)
        self.marks = self.marks or not MARKS.isdisjoint(words)

    @property
    def closer(self) -> str | None:
        """The mark that would close what is open, where it was opened lately."""
        return self.stack[-1][0] if self.stack and self.length - self.stack[-1][1] <= OPEN_WITHIN else None


def _comes_soon(places: Sequence[int], at: int) -> bool:
    found = bisect_right(places, at - 1)
    return found < len(places) and places[found] < at + CLOSE_AHEAD


def _goes_on(
    a: PrintedLine,
    b: PrintedLine,
    following: PrintedLine | None,
    state: _Open,
    *,
    closes: bool,
    gap: int,
    profile: LineProfile,
    words: Counter[tuple[str, str]],
    grammar: Grammar,
) -> bool:
    """Whether line `b` continues the paragraph that ends, for now, with line `a`."""
    if b.continues:
        return True
    left, right = a.text.strip(BLANKS), b.text.strip(BLANKS)
    if a.closed or b.opens or not left or not right:
        return False
    if grammar.match(FURNITURE, right, gives="runs_on"):
        return True
    # A bracket that never closes does not reach over an empty line to a line that opens for itself.
    if closes and left[-1] not in FULL_STOP and not (gap and opens_paragraph(right, grammar)):
        return True
    full = profile.wrapped and line_width(a.text) >= profile.full(a) - 3
    # 中国—新加坡 may be cut before its dash; items open with two.
    inside = full and right[0] in "—–-" and right[:2] not in DASHES and not ends_paragraph(left)
    # Where paragraphs are indented, a full line at the margin under a full line is inside one, whatever it opens with.
    inside = inside or (full and profile.indented and not gap and _is_inner(b, profile))
    if not inside and opens_paragraph(right, grammar):
        return False
    if left[-1] in COMMA:
        return True
    if not full and state.lines == 1 and grammar.match(FURNITURE, left, gives="closed"):
        return False
    if profile.wrapped:
        return _wrapped_goes_on(a, b, following, state, gap, profile, grammar)
    if ends_paragraph(left):
        return False
    if _title_goes_on(left, right, state, grammar) or _body_goes_on(left, right, state, grammar):
        return True
    # A word was cut: one that the document has elsewhere, or a lone character is left of it.
    cut = words[(left[-1], right[0])] >= 2 or grammar.match(FURNITURE, left, gives="cut_word") is not None
    return cut and not state.heading and not state.tag and state.length >= 18 and b.gap > 0 and ends_paragraph(right)


def _is_inner(b: PrintedLine, profile: LineProfile) -> bool:
    words = b.text.strip(BLANKS)
    heading = words[0] == "第" or MARKS.isdisjoint(words)
    return not heading and not profile.is_indented(b) and line_width(words) >= profile.full(b) - 3


def _title_goes_on(left: str, right: str, state: _Open, grammar: Grammar) -> bool:
    if state.length + len(right) > 90 or state.stops or ends_paragraph(right):
        return False
    if grammar.match(FURNITURE, left, gives="unfinished"):
        return True
    for head, tail in (("title_head", "title_tail"), ("title_open", "title_close")):
        if grammar.match(FURNITURE, left, gives=head) and grammar.match(FURNITURE, right, gives=tail):
            return True
    return False


def _body_goes_on(left: str, right: str, state: _Open, grammar: Grammar) -> bool:
    """Running text that breaks off: long, or with marks in it; and what follows is running text too."""
    if state.tag or (state.heading and not state.stops and state.length <= HEADING_MAX + 10 * (state.lines > 1)):
        return False
    if left[-1] in CLOSERS and not (state.stops and not _ends_with_tag(left, grammar)):
        # 《…》 or （…） at the end of a line without a full stop is a title or a name, else a tag: nothing broke off.
        return False
    if right[-1] in "：:" and not state.stops and grammar.match(FURNITURE, left, gives="notice_end"):
        return False
    running = state.stops or state.length >= 45 or (state.marks and state.length >= 20)
    return running and not MARKS.isdisjoint(right)


def _ends_with_tag(text: str, grammar: Grammar) -> bool:
    """Whether a line ends in a bracket that is a sentence of its own: （责任单位：…）, or any behind a full stop."""
    start = max(text.rfind(mark) for mark in "（(【[〔")
    if start < 0:
        return False
    before = text[:start].rstrip(BLANKS)
    return before[-1:] in FULL_STOP or any(m.gives == "tag_line" for m in grammar.candidates("headings", text[start:]))


def _wrapped_goes_on(
    a: PrintedLine,
    b: PrintedLine,
    following: PrintedLine | None,
    state: _Open,
    gap: int,
    profile: LineProfile,
    grammar: Grammar,
) -> bool:
    left, right = a.text.strip(BLANKS), b.text.strip(BLANKS)
    full, width, next_width = profile.full(a), line_width(a.text), line_width(b.text)
    if not ends_paragraph(left):
        if width >= full - 3 or (state.lines > 1 and state.marks and width >= full - 5):
            # A full heading and the text under it: the text is a full line, too.
            heading = state.heading and state.lines == 1 and (not state.marks or left[0] == "第") and not state.stops
            return not heading or next_width < profile.full(b) - 6
        return _title_goes_on(left, right, state, grammar)
    if gap or width < full - 2.5:
        return False
    if profile.indented:
        return not profile.is_indented(b)
    if following is None or next_width < profile.full(b) - 3.2:
        return True
    # Dumps that lose the indent keep its mark: the first line of a paragraph is two characters short.
    return next_width > profile.full(b) - 1.2
