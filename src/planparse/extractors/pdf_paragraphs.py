"""Printed lines of a PDF → paragraphs, across lines, columns and pages.

A line goes on with the next one when it is full (the next one's first word has no room left on it) and the next begins
where a running line begins. Indents, sizes, distances and centring say where something of its own begins; the words
(numbering, a closed sentence) are asked where the layout does not tell.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import regex

from planparse.document import BLANKS, Line
from planparse.extractors.pdf_lines import PrintedLine
from planparse.extractors.reflow import ends_paragraph, join_text, opens_paragraph
from planparse.grammar import Grammar

# In ems of the line. GB/T 9704 indents by two; what is indented by more than 4.5 is a signature or a date.
INDENT, USUAL_INDENT, RIGHT_BLOCK = 0.9, (1.3, 2.7), 4.5
CENTRE = 0.7
# A line this much farther down than lines usually are begins a paragraph; on GB/T 9704 pages lines stand 28 points apart.
FAR = 1.35
OTHER_SIZE = 0.12
NARROW_CELL = 14
# The width of a character that is not square, in ems; the room that a word wants beyond its own.
NARROW, ROOM = 0.58, 1.06
LEAST_WORD = NARROW * ROOM
# Lines that show a page's margins by themselves; a text narrower than this share of its page shows none.
MANY, SHORT = 6, 0.5
# What a typesetter does not part (UAX #14): a word or number, what may not end or begin a line, what touches a quote.
FIRST_WORD = regex.compile(
    r"""[（《〈【〔「『(\[<“‘"]*+ (?:[!-~\u00b0-\u024f]{1,200}+(?:(?<=[+$#])\S)?|(\S)\1?)
    (?:[，。、；：？！）》〉】〕」』,.;:?!)\]%‰…·—]++|[“”‘’"]++(?:[!-~]{1,200}+|\S)?)*+""",
    regex.X,
)
LEADERS = regex.compile(r"(?:[.．…·•⋯][\s　]*+){3,}[0-9IVXivx]{1,6}$")
# An entry of a 目录 without leaders: its number, its title, and far behind that a page number.
ENTRY = regex.compile(
    r"(?:第[一二三四五六七八九十百零〇]++[编篇章节]|[一二三四五六七八九十]++、|[（(][一二三四五六七八九十]++[)）]|附件|专栏)[^。；，]{1,60}[ \u3000][0-9]{1,4}"
)
OPEN_END = regex.compile(r"[，、,（《“〔【(]$")
BRACKETS = (("《", "》"), ("（", "）"), ("“", "”"), ("(", ")"))

Margins = tuple[float, float]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Setting:
    """How a run of lines is set: margins by page and column, the usual distance of its lines and size, whether first lines are
    indented; `narrow` for cells of a few words, which only break where they are full."""

    margins: Mapping[Place, Margins]
    pitch: float
    size: float
    indented: bool
    grammar: Grammar
    narrow: bool = False


class Paragraph(NamedTuple):
    """A paragraph's words, its layout, and the offsets in it at which further pages begin."""

    text: str
    line: Line
    turns: tuple[tuple[int, int], ...] = ()


def lines_to_setting(lines: Sequence[PrintedLine], widths: Mapping[int, float], grammar: Grammar) -> Setting:
    """The setting of a document's running lines (what stands in tables left out); `widths` of its pages in points."""
    exact: Counter[float] = Counter()
    sizes: Counter[float] = Counter()
    steps: Counter[float] = Counter()
    for line in lines:
        exact[line.size] += len(line.text)
    for told, count in exact.items():
        sizes[round(told, 1)] += count
    size = sizes.most_common(1)[0][0] if sizes else 16.0
    for a, b in pairwise(lines):
        if a.page == b.page and abs(a.size - size) < 0.5 and 0.9 * size < b.y - a.y < 4 * size:
            steps[round(2 * (b.y - a.y)) / 2] += 1
    pitch = steps.most_common(1)[0][0] if steps else 1.8 * size
    margins = _margins(lines, widths, size)
    starts = [(line.x0 - margins[line.page, line.column][0]) / size for line in lines if abs(line.size - size) < 0.5]
    deep = sum(USUAL_INDENT[0] <= start <= USUAL_INDENT[1] for start in starts)
    flush = sum(abs(start) < 0.5 for start in starts)
    return Setting(margins, pitch, size, deep >= max(1, 0.04 * (deep + flush)), grammar)


def _margins(lines: Sequence[PrintedLine], widths: Mapping[int, float], size: float) -> dict[Place, Margins]:
    """Left and right margin of each page and column; places with few lines take those of all like columns."""
    columns: dict[int, list[PrintedLine]] = {}
    places: dict[Place, list[PrintedLine]] = {}
    for line in lines:
        places.setdefault((line.page, line.column), []).append(line)
    for place, found in places.items():
        columns.setdefault(place[1], []).extend(found)
    whole = {column: _edges(found, size) for column, found in columns.items()}
    margins: dict[Place, Margins] = {}
    for place, found in places.items():
        usual = whole[place[1]]
        own = _edges(found, size) if len(found) >= MANY else usual
        # A page of short lines (contents, signatures) does not show its margins.
        left, right = own if own[1] - own[0] > 0.85 * (usual[1] - usual[0]) else usual
        # One line that stands out is no margin; a page set off by its binding has no line at the usual one.
        if any(abs(line.x0 - usual[0]) < 0.6 * size for line in found):
            left = usual[0]
        width = widths[place[0]]
        if place[1] == 0 and right - left < SHORT * width:
            right = max(right, width - left)
        margins[place] = left, right
    return margins


def _edges(lines: Sequence[PrintedLine], size: float) -> Margins:
    """Where lines begin, a few that stand out left of it aside, and where full lines end."""
    few = len(lines) // 20
    starts = sorted([line.x0 for line in lines])
    left = starts[bisect_left(starts, starts[few] - 0.6 * size)]
    # Punctuation hangs over the margin: it is where most full lines end, not where the longest does.
    reaches = sorted([line.x1 for line in lines])
    ends = reaches[bisect_right(reaches, reaches[-1 - few] - 3 * size) :]
    halves = [round(2 * x / size) for x in ends]
    steps = Counter(halves)
    mode = max(steps, key=lambda step: (steps[step], step))
    return left, max([x for x, step in zip(ends, halves) if step == mode])


def cell_to_setting(lines: Sequence[PrintedLine], left: float, right: float, grammar: Grammar) -> Setting:
    """The setting of a cell's lines; `left` and `right` are the cell's edges less its padding."""
    # The size of most characters: a small lead does not make the lines below it headings.
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    size = sizes.most_common(1)[0][0]
    start = max(left, min((line.x0 for line in lines), default=left))
    narrow = right - left < NARROW_CELL * size
    steps = sorted(b.y - a.y for a, b in pairwise(lines) if a.page == b.page)
    pitch = steps[len(steps) // 2] if steps else 1.8 * size
    indents = [(line.x0 - start) / size for line in lines]
    indented = any(USUAL_INDENT[0] <= indent <= USUAL_INDENT[1] for indent in indents)
    places = {line.place for line in lines}
    return Setting(dict.fromkeys(places, (start, right)), pitch, size, indented, grammar, narrow)


def line_to_cell(line: PrintedLine, left: float) -> tuple[str, Line]:
    """The words and the layout of a cell with one line, as `lines_to_paragraphs` has them; `left` is its edge less the padding."""
    box = (round(line.x0, 1), round(line.top, 1), round(line.x1, 1), round(line.bottom, 1))
    layout = Line(
        0, 0, page=line.page, box=box, indent=round(line.x0 - max(left, line.x0), 1), centred=False, size=round(line.size, 1),
        bold=line.bold, font=line.font or None,
    )  # fmt: skip
    return line.text.strip(BLANKS), layout


def lines_to_paragraphs(lines: Sequence[PrintedLine], setting: Setting) -> list[Paragraph]:
    """The paragraphs of these lines, in order; every line stands in exactly one."""
    made: list[Paragraph] = []
    group: list[PrintedLine] = []
    for line in lines:
        if group and not goes_on(group, line, setting):
            made.append(group_to_paragraph(group, setting))
            group = []
        group.append(line)
    if group:
        made.append(group_to_paragraph(group, setting))
    return made


def group_to_paragraph(group: Sequence[PrintedLine], setting: Setting) -> Paragraph:
    """Printed lines that are one paragraph, joined."""
    text = group[0].text.strip(BLANKS)
    turns: list[tuple[int, int]] = []
    for before, line in pairwise(group):
        words = line.text.strip(BLANKS)
        text = join_text(text, words)
        if line.page != before.page:
            turns.append((len(text) - len(words), line.page))
    first = group[0]
    place = first.place
    left, _ = setting.margins[place]
    if len(group) == 1:
        box = (first.x0, first.top, first.x1, first.bottom)
    else:
        same = [line for line in group if (line.page, line.column) == place]
        box = (min([p.x0 for p in same]), first.top, max([p.x1 for p in same]), same[-1].bottom)
    layout = Line(
        0,
        0,
        page=first.page,
        box=(round(box[0], 1), round(box[1], 1), round(box[2], 1), round(box[3], 1)),
        indent=round(first.x0 - left, 1),
        centred=is_centred(group[-1], setting),
        size=round(max(group, key=lambda p: len(p.text)).size, 1),
        bold=all(p.bold for p in group),
        font=first.font or None,
    )
    return Paragraph(text, layout, tuple(turns))


def is_centred(line: PrintedLine, setting: Setting) -> bool:
    """Whether a line stands in the middle, and not merely indented with as much room on its right."""
    return _is_between(line, setting.margins[line.place], setting)


def _is_between(line: PrintedLine, margins: Margins, setting: Setting) -> bool:
    left, right = margins
    if abs(line.x0 - left - (right - line.x1)) > 2 * CENTRE * line.size:
        return False
    indent = (line.x0 - left) / line.size
    return indent > USUAL_INDENT[1] or (indent > INDENT and line.size > (1 + OTHER_SIZE) * setting.size)


def goes_on(group: Sequence[PrintedLine], line: PrintedLine, setting: Setting) -> bool:
    """Whether `line` continues the paragraph whose lines so far are `group`."""
    first, last = group[0], group[-1]
    if abs(last.last_size - line.first_size) > OTHER_SIZE * max(last.last_size, line.first_size):
        return False
    if _stands_apart(last, line, setting) or LEADERS.search(last.text):
        return False
    if last.text[-1:].isdecimal() and ENTRY.fullmatch(last.text) and _opens(line, setting):
        return False
    begins = setting.margins[line.place]
    ends = begins if line.page == last.page and line.column == last.column else setting.margins[last.place]
    if setting.narrow:
        fresh = ends_paragraph(last.text) and opens_paragraph(line.text, setting.grammar)
        return (_is_full(last, line, ends) or bool(OPEN_END.search(last.text))) and not fresh
    centred = _is_between(line, begins, setting)
    if centred or _is_between(last, ends, setting):
        return centred and _title_goes_on(group, line, _is_full(last, line, ends), setting)
    room = ends[1] - last.x1
    if room >= LEAST_WORD * line.first_size and room >= _first_word(line):
        return False
    indent = (line.x0 - begins[0]) / line.size
    before = (last.x0 - ends[0]) / last.size
    if last is first and before > RIGHT_BLOCK:
        return False
    if indent < INDENT:
        return setting.indented or not (ends_paragraph(last.text) and _opens(line, setting))
    if setting.indented and USUAL_INDENT[0] <= indent <= USUAL_INDENT[1]:
        return False
    hangs = last is first and indent > before + 0.8
    if hangs or abs(indent - before) < 0.4:
        return not ends_paragraph(last.text) and not _opens(line, setting)
    return False


def _is_full(last: PrintedLine, line: PrintedLine, ends: Margins) -> bool:
    """Whether the next line's first word has no room beside a line that is centred or narrow."""
    return ends[1] - ends[0] - (last.x1 - last.x0) < _first_word(line) + 0.5 * line.size


def _opens(line: PrintedLine, setting: Setting) -> bool:
    return opens_paragraph(line.text, setting.grammar)


def _stands_apart(last: PrintedLine, line: PrintedLine, setting: Setting) -> bool:
    step = line.y - last.y
    if line.page != last.page or step <= 0:
        return False
    usual = setting.pitch if abs(line.size - setting.size) < 0.1 * setting.size else max(setting.pitch, 1.7 * line.size)
    return step > FAR * usual


def _first_word(line: PrintedLine) -> float:
    """The width of what would have had to stand on the line before: the first character, word or number."""
    found = FIRST_WORD.match(line.text)
    if not found:
        return line.size
    word = found.group()
    wide = sum(c >= "\u2000" for c in word) if len(word) > 1 else word >= "\u2000"
    return (wide + NARROW * (len(word) - wide)) * line.first_size * ROOM


def _title_goes_on(group: Sequence[PrintedLine], line: PrintedLine, wide: bool, setting: Setting) -> bool:
    """Centred lines are one title where the upper one is full or what they say so far is visibly unfinished."""
    last = group[-1]
    if ends_paragraph(last.text) or _opens(line, setting):
        return False
    said = "".join(part.text for part in group)
    unclosed = any(said.count(a) > said.count(b) for a, b in BRACKETS)
    return wide or bool(OPEN_END.search(last.text)) or unclosed
