"""Printed lines: what a line is, how wide it is, how it ends; and what a whole dump tells about its lines."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import regex

from planparse.document import BLANKS

SENTENCE_END = "。！？!?；;：:…"
CLOSERS = "”’」』）)》〉】〕］]\"'"
INDENT, SMALL = 1.5, 0.75
"""Han characters by which a paragraph's first line stands in, at least: two are usual, one where the margin is straight."""
LEADER = regex.compile(r"(?:[…⋯]{2}|[.．·•]{4})")


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line as the file has it, with what is known about the place before it.

    `gap` counts the empty lines before it, `page` numbers the page where page ends are known (they part no paragraphs).
    `opens` and `closed` say that the format knows it for a paragraph's head or end, `continues` that it surely goes on
    with what stands above.
    """

    text: str
    number: int | None = None
    gap: int = 0
    page: int = 0
    opens: bool = False
    closed: bool = False
    continues: bool = False
    bold: bool | None = None
    outline_level: int | None = None


@dataclass(frozen=True, slots=True)
class LineProfile:
    """What a whole dump tells about its lines; widths in Han characters, by page."""

    wrapped: bool
    widths: dict[int, float]
    indented: bool
    margins: dict[int, float] = field(default_factory=dict)

    def full(self, line: PrintedLine) -> float:
        """The width of a full line on this line's page."""
        return self.widths[line.page]

    def is_indented(self, line: PrintedLine) -> bool:
        """Whether this line stands in from its page's margin as a paragraph's first line does."""
        return line_indent(line.text) >= self.margins.get(line.page, INDENT)


def ends_paragraph(text: str) -> bool:
    """Whether a printed line ends a sentence (。！？；：, closing quotes or brackets behind): it may end a paragraph."""
    line = text.rstrip(BLANKS)
    bare = line.rstrip(CLOSERS)
    return bool(bare) and bare[-1] in SENTENCE_END


def line_width(text: str) -> float:
    """The width of a line in Han characters: ASCII is half as wide."""
    words = text.strip(BLANKS)
    return sum(0.5 if char < "\u0250" else 1.0 for char in words)


def lines_to_profile(lines: Sequence[PrintedLine]) -> LineProfile:
    """Is the dump hard-wrapped, and how wide is a full line?

    A dump is hard-wrapped when two in five of its longer lines are equally wide (within 1.5 characters) and two thirds
    of those break off mid-sentence; tuned on one wrapped and nine unwrapped plans, whose shares are 0.93 and ≤ 0.15.
    """
    # Entries of a 目录 with leaders are all equally wide and break off nowhere.
    widths = [0.0 if LEADER.search(line.text) else line_width(line.text) for line in lines]
    long = [round(w) for w in widths if w >= 15]
    near = Counter(long)
    mode = max(near, key=lambda w: (sum(near[w + d] for d in (-1, 0, 1)), w), default=0)
    like = [line for line, w in zip(lines, widths, strict=True) if abs(w - mode) <= 1.5]
    cut = sum(not ends_paragraph(line.text) for line in like)
    wrapped = len(like) >= 6 and len(like) * 5 >= len(long) * 2 and cut * 3 >= len(like) * 2
    by_page: dict[int, Counter[float]] = {}
    for line, w in zip(lines, widths, strict=True):
        by_page.setdefault(line.page, Counter())
        if abs(w - mode) <= 4:
            by_page[line.page][w] += 1
    full = {p: max(c, key=lambda w: (c[w], w)) if sum(c.values()) >= 8 else float(mode) for p, c in by_page.items()}
    margins = _margins(lines, widths, mode) if wrapped else {}
    deep = sum(line_indent(line.text) >= margins.get(line.page, INDENT) for line in lines)
    return LineProfile(wrapped, full, deep * 12 >= len(lines) and deep * 5 <= len(lines) * 3, margins)


def _margins(lines: Sequence[PrintedLine], widths: Sequence[float], mode: float) -> dict[int, float]:
    """From which indent on a line opens a paragraph, for the pages whose lines mostly begin at one margin.

    A layout dump sets each page at the left by itself: all lines may stand in, or the first lines by one character only.
    """
    pages: dict[int, list[float]] = {}
    for line, width in zip(lines, widths, strict=True):
        if abs(width - mode) <= 4:
            pages.setdefault(line.page, []).append(line_indent(line.text))
    found: dict[int, float] = {}
    for page, indents in pages.items():
        margin = min(indents)
        inner = sum(indent <= margin + SMALL / 2 for indent in indents)
        if len(indents) > 1 and inner * 2 >= len(indents):
            found[page] = margin + SMALL
    return found


def line_indent(text: str) -> float:
    """The blanks before a line, in Han characters; a TAB counts for four."""
    lead = text[: len(text) - len(text.lstrip(BLANKS))].replace("\ufeff", "")
    return sum(1.0 if char in "\u3000\u2003" else 4.0 if char == "\t" else 0.5 for char in lead)
