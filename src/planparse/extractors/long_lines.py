"""Giant lines → paragraphs: dumps that lost their line ends, so that a chapter or a plan stands in one line."""

from itertools import pairwise

import regex

from planparse.document import BLANKS
from planparse.extractors.printed_lines import CLOSERS, SENTENCE_END, ends_paragraph
from planparse.extractors.reflow import HEADING_MAX, opens_paragraph
from planparse.grammar import Grammar
from planparse.numerals import to_int

LONG_LINE = 3000  # No paragraph of a plan has so many characters; the longest seen has 1,935.
WIDE_GAPS = 3  # that many indents inside a line of 600 characters and more: its paragraph breaks were lost
GAP = regex.compile(r"(?:[ \u00a0\u2003]*+\u3000[ \u00a0\u2002\u2003\u3000]++|[\u00a0\u2003]{2,}+|(?<=[。；！？”）])[ \t]+)")
INDENT = regex.compile(r"(?<=[^\s\u3000])\u3000{2,}+[ \u3000]*+(?=[^\s\u3000]{2})")
NUMBERED = regex.compile(
    r"(?:第[一二三四五六七八九十]{1,4}[编篇章节][\s\u3000]*+|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)])[^\s\u3000]{2}"
)
BLANK = regex.compile(r"[\s\u3000]+")
NOTE = regex.compile(r"(?:注|备注|说明|资料来源|数据来源)[:：]")
COUNTED = regex.compile(
    r"""(?P<part>第(?P<n>[一二三四五六七八九十]{1,4})[编篇]|第(?P<n>[一二三四五六七八九十]{1,4})章|第(?P<n>[一二三四五六七八九十]{1,4})节
    |专栏[\s\u3000]*(?P<n>[0-9]{1,2}|[一二三四五六七八九十]{1,3})(?![0-9])
    |[（(](?P<n>[一二三四五六七八九十]{1,4})[）)]|(?<![一二三四五六七八九十第])(?P<n>[一二三四五六七八九十]{1,4})、)""",
    regex.X,
)
SHORTEST_MEAN = 10


def long_line_to_paragraphs(text: str, grammar: Grammar) -> list[str]:
    """A giant line cut where paragraphs must have begun, any other where an indent stayed in it. Blanks aside, nothing is lost.

    Giant is over 3,000 characters, or over 600 with three wide gaps (indents that stayed when the line ends were lost).
    It is cut at a wide gap behind a sentence or before something that opens a paragraph, and, where no gap is printed,
    behind a sentence before numbers that count (一、二、…  （一）（二）…  第N章  专栏N).
    """
    if "\u3000\u3000" in text.strip(BLANKS) or len(text) > 600:
        giant = len(text) > LONG_LINE or (len(text) > 600 and len(GAP.findall(text)) >= WIDE_GAPS)
    else:
        return [text]
    if not giant:
        return _indent_cuts(text, grammar)
    parts = [piece for part in _gap_cuts(text, grammar) for piece in _indent_cuts(part, grammar)]
    if len(text) > LONG_LINE:
        counters: dict[str, int] = {}
        parts = [piece for part in parts for piece in _count_cuts(part, counters)]
    return [piece for part in parts for piece in _head_cuts(part, grammar)]


def row_to_parts(text: str) -> list[str]:
    """A tabbed row, and the paragraph that an indent in its last cell shows to be glued to it."""
    start = text.rfind("\t") + 1
    found = INDENT.search(text, start) if start else None
    glued = found is not None and (NUMBERED.match(text, found.end()) or NOTE.match(text, found.end()))
    return [text[: found.start()], text[found.start() :]] if found and glued else [text]


def _gap_cuts(text: str, grammar: Grammar) -> list[str]:
    parts: list[str] = []
    start = 0
    for gap in GAP.finditer(text):
        left, right = text[max(start, gap.start() - 60) : gap.start()], text[gap.end() : gap.end() + 60]
        if left.strip(BLANKS) and (ends_paragraph(left) or _is_head(left, grammar) or opens_paragraph(right, grammar)):
            parts.append(text[start : gap.start()])
            start = gap.end()
    return [*parts, text[start:]]


def _indent_cuts(text: str, grammar: Grammar) -> list[str]:
    """A line cut where an indent (two ideographic blanks and more) stands in it and its line end was lost.

    That is before a numbered heading, and behind a sentence, a heading or a caption where running text goes on.
    """
    cuts = [0]
    for found in INDENT.finditer(text):
        left, right = text[max(cuts[-1], found.start() - 61) : found.start()].strip(BLANKS), text[found.end() :]
        if NUMBERED.match(right) or (_closes(left, grammar) and _runs(right, grammar)):
            cuts.append(found.start())
    return [text[a:b] for a, b in pairwise([*cuts, len(text)])]


def _closes(text: str, grammar: Grammar) -> bool:
    return (
        text[-1:] in "。；！？：" or _is_head(text, grammar)
        or any(grammar.match("furniture", text, gives=kind) for kind in ("closed", "title_close"))
    )  # fmt: skip


def _runs(text: str, grammar: Grammar) -> bool:
    """Whether running text begins: a sentence up to the next gap, or what opens a paragraph."""
    piece = GAP.split(text[:200], maxsplit=1)[0]
    return any(mark in piece for mark in "。；，") or opens_paragraph(piece[:60], grammar)


def _is_head(text: str, grammar: Grammar) -> bool:
    words = text.strip(BLANKS)
    return (
        len(words) <= HEADING_MAX
        and len(words) > 4
        and any(m.gives == "heading" for m in grammar.candidates("headings", words))
    )


def _head_cuts(text: str, grammar: Grammar) -> list[str]:
    """A piece that begins with numbered headings, cut at the blank behind each of them."""
    pieces: list[str] = []
    rest = text.lstrip(BLANKS)
    while COUNTED.match(rest):
        blanks = BLANK.finditer(rest, 0, HEADING_MAX + 10)
        cut = next((b for b in blanks if _is_head(rest[: b.start()], grammar) and _runs(rest[b.end() :], grammar)), None)
        if cut is None:
            break
        pieces.append(rest[: cut.start()])
        rest = rest[cut.end() :]
    return [*pieces, rest]


def _count_cuts(text: str, counters: dict[str, int]) -> list[str]:
    """`text` cut before the numbers that count; `counters` holds the last number of each style so far."""
    cuts = [0]
    opened = COUNTED.match(text.lstrip(BLANKS)) is not None
    for found in COUNTED.finditer(text):
        style = "".join("N" if c in "一二三四五六七八九十0123456789" else c for c in found.group() if c not in BLANKS)
        style = style.replace("NN", "N").replace("NN", "N")
        value = to_int(found["n"]) or 0
        before = text[max(cuts[-1], found.start() - 8) : found.start()].rstrip(BLANKS)[-1:]
        behind = before in SENTENCE_END + CLOSERS or not before
        first = value == 1 and found.start() - cuts[-1] <= HEADING_MAX and (cuts[-1] > 0 or opened)
        if (value == 1 or value == counters.get(style, 0) + 1) and (behind or first):
            counters[style] = value
            cuts.append(found.start())
    # Numbers that stand closer than paragraphs are short open none.
    if len(cuts) * SHORTEST_MEAN > len(text):
        return [text]
    return [text[a:b] for a, b in pairwise([*dict.fromkeys(cuts), len(text)]) if text[a:b].strip(BLANKS)]
