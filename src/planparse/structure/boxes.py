"""Boxes (专栏): their captions, where one ends that no frame ends, and their items."""

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from planparse.document import BLANKS, Document, Grid
from planparse.grammar import Grammar, Match
from planparse.models import BoxItem, Paragraph, Table
from planparse.models.nodes import BoxKind
from planparse.structure.blocks import Block, line_to_candidates, lines_to_blocks
from planparse.structure.marks import without_marks
from planparse.structure.spans import span_of

LONG = 50
"""A line of a drawn-out box that is longer and no item is running text."""
CAPTION_LINES = 3
LONGEST_CAPTION = 160
TITLE = 40
COLON_ITEM = regex.compile("[^。；，：:]{2,20}[：:]")
FRAME = 4000
"""A frame that holds more is the page's layout and no box."""


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption over a table or a box: offsets of its lines, the words of 专栏 N read from them."""

    start: int
    end: int
    number: str | None
    title: str
    boxed: bool


@dataclass(frozen=True, slots=True)
class Captions:
    """Captions by the block that they stand over; `lines` are the blocks that they take."""

    over: dict[int, Caption]
    lines: frozenset[int]
    open_boxes: dict[int, Caption]

    def without(self, blocks: set[int]) -> "Captions":
        """The captions outside some blocks (the printed contents name boxes too)."""
        return Captions(self.over, self.lines - blocks, {i: c for i, c in self.open_boxes.items() if i not in blocks})


def is_frame(grid: Grid) -> bool:
    """Whether a grid is a frame round running text: one cell in every row."""
    return all(cell.column == grid.cells[0].column for cell in grid.cells)


def dissolve_frames(blocks: Sequence[Block], document: Document, grammar: Grammar) -> list[Block]:
    """Frames that are no boxes (a table used for layout) become the lines that they hold."""
    made: list[Block] = []
    begun = False
    for block in blocks:
        if block.grid is None or not is_frame(block.grid):
            begun = begun or any(c.ordinal == 1 for c in block.candidates)
            made.append(block)
            continue
        lines = document.lines_within(block.start, block.end)
        above = made[-1] if made else None
        captioned = above is not None and above.line is not None and read_caption(above.text, above.start, grammar) is not None
        first = lines[0] if lines else None
        # A frame round a caption alone stands over the table after it.
        titled = (
            first is not None
            and len(lines) > 1
            and _heads_box(document.text[first.start : first.end], first.start, block, begun, grammar)
        )
        if captioned or titled:
            made.append(block)
        else:
            made += lines_to_blocks(lines, document, grammar)
    return made


def _heads_box(text: str, start: int, block: Block, begun: bool, grammar: Grammar) -> bool:
    """Whether a frame whose first line is `text` is a box: 专栏 is printed, or a short title heads a short frame."""
    if read_caption(text, start, grammar) is not None:
        return True
    titled = 3 < len(text) <= TITLE and text[-1] not in "。；：，、" and not line_to_candidates(text, start, grammar)
    return begun and titled and len(text) + 30 < len(block.text) < FRAME


def read_caption(text: str, start: int, grammar: Grammar) -> Caption | None:
    """A 专栏 caption; None where the line is none."""
    if len(text) > LONGEST_CAPTION:
        return None
    found = grammar.match("boxes", text, gives="caption")
    if found is None:
        return None
    number = found.get("number")
    return Caption(start, start + len(text), number, _plain_title(found), True)


def _plain_title(found: Match) -> str:
    return (found.get("title") or "").strip(BLANKS).rstrip("】]〕")


def find_captions(blocks: Sequence[Block], grammar: Grammar) -> Captions:
    """Which lines are captions: over a table (专栏, 表N, a title, 单位：…), or of a box that no frame ends."""
    over: dict[int, Caption] = {}
    lines: set[int] = set()
    open_boxes: dict[int, Caption] = {}
    for index, block in enumerate(blocks):
        if block.grid is None:
            caption = read_caption(block.text, block.start, grammar)
            if caption is not None:
                open_boxes[index] = caption
            continue
        taken = _caption_above(blocks, index, grammar)
        if taken is not None:
            first, caption = taken
            over[index] = caption
            lines.update(range(first, index))
            for line in range(first, index):
                open_boxes.pop(line, None)
    for index in list(open_boxes):
        following = index + 1
        if not open_boxes[index].title and following < len(blocks) and following not in lines:
            after = blocks[following]
            if after.line is not None and not after.candidates and len(after.text) <= 40 and after.text[-1] not in "。；：":
                old = open_boxes[index]
                open_boxes[index] = Caption(old.start, after.end, old.number, after.text, True)
                lines.add(following)
        lines.add(index)
    return Captions(over, frozenset(lines), open_boxes)


def _caption_above(blocks: Sequence[Block], index: int, grammar: Grammar) -> tuple[int, Caption] | None:
    """The caption lines right above the table at `index`: (first block, caption)."""
    first = index
    while first > 0 and index - first < CAPTION_LINES:
        block = blocks[first - 1]
        if block.line is None or len(block.text) > 80:
            break
        text = block.text
        boxed = read_caption(text, block.start, grammar)
        if boxed is not None:
            title = boxed.title or "".join(
                b.text for b in blocks[first:index] if not grammar.match("boxes", b.text, gives="unit")
            )
            return first - 1, Caption(block.start, blocks[index - 1].end, boxed.number, title, True)
        if block.candidates or (text[0] == "附" and grammar.match("parts", text, gives="annex")):
            break
        named = grammar.match("boxes", text, gives="table_caption")
        titled = named or grammar.match("boxes", text, gives="title")
        if titled is not None:
            title = _plain_title(titled) or text
            if named is not None and not named.get("title") and first < index:
                title = blocks[first].text
            above = blocks[first - 2] if first > 1 else None
            over = above and above.line and read_caption(above.text, above.start, grammar)
            if above is not None and over:
                title = over.title or title
                return first - 2, Caption(above.start, blocks[index - 1].end, over.number, title, True)
            if named is None and above is not None and above.line is not None:
                upper = grammar.match("boxes", above.text, gives="table_caption")
                if upper is not None and not upper.get("title"):
                    return first - 2, Caption(above.start, blocks[index - 1].end, None, title, False)
            return first - 1, Caption(block.start, blocks[index - 1].end, None, title, False)
        if grammar.match("boxes", text, gives="unit") is None and not (len(text) <= 40 and text[-1] not in "。；：，、！？"):
            break
        first -= 1
    return None


def box_end(blocks: Sequence[Block], first: int, limit: int, grammar: Grammar) -> int:
    """Where a box ends that opened before block `first` and that no frame ends: at most at `limit`.

    Its items are of one make (numbered, dashed, or name and description); long running text after the last of them is
    the section's again. A box without items reaches to `limit`.
    """
    lines = [i for i in range(first, limit) if blocks[i].line is not None]
    makes = {i: _make(blocks[i].text, grammar) for i in lines}
    make = _main_make(list(makes.values()))
    for index in range(first, limit):
        block = blocks[index]
        if block.line is not None and grammar.match("headings", block.text, gives="tag_line"):
            limit = index
            break
    items = [i for i in lines if i < limit and makes[i] == make]
    if make is None or len(items) < 2:
        return limit
    if make == "titled" and not all(COLON_ITEM.match(blocks[i].text) for i in items):
        return limit
    inner = any(makes[i] != make for i in lines if items[0] < i < items[-1])
    after = items[-1] + 1
    if inner or after >= limit or any(len(blocks[i].text) <= LONG for i in range(after, limit) if blocks[i].line):
        return limit
    return after


def _make(text: str, grammar: Grammar) -> str | None:
    found = grammar.match("boxes", text, gives="item")
    if found is None:
        return None
    return found.rule.removeprefix("boxes.item_").removesuffix("_alone")


def _main_make(makes: Sequence[str | None]) -> str | None:
    """How the entries of a box are made: numbers and dashes tell at once, names only where most lines have them."""
    for make in ("numbered", "dash"):
        if make in makes:
            return make
    for make in ("named", "titled"):
        if makes.count(make) * 2 >= max(1, len(makes)):
            return make
    return None


def content_to_items(content: Sequence[object], document: Document, grammar: Grammar) -> list[BoxItem]:
    """The entries of a box as a view of its content: paragraphs by their make, a table by its rows."""
    paragraphs = [n for n in content if isinstance(n, Paragraph)]
    if paragraphs:
        return _paragraphs_to_items(paragraphs, document, grammar)
    return [item for n in content if isinstance(n, Table) for item in _rows_to_items(n, document)]


def _paragraphs_to_items(paragraphs: Sequence[Paragraph], document: Document, grammar: Grammar) -> list[BoxItem]:
    found = [grammar.match("boxes", p.text, gives="item") for p in paragraphs]
    make = _main_make([m.rule.removeprefix("boxes.item_").removesuffix("_alone") if m else None for m in found])
    if make is None:
        return []
    styles = [_style(m) if m is not None and make == "numbered" and _is(m, make) else None for m in found]
    outer = _group_style(styles, found)
    items: list[BoxItem] = []
    group: str | None = None
    for paragraph, match, style in zip(paragraphs, found, styles, strict=True):
        start, end = paragraph.span.start, paragraph.span.end
        if match is not None and _is(match, make):
            if style is not None and style == outer:
                group = paragraph.text.rstrip("：:")
                continue
            number = (match.get("number") or "").strip(BLANKS)
            body = (match.get("body") or "").strip(BLANKS)
            name = match.fields["name"].strip(BLANKS).rstrip("。；;")
            items.append(
                BoxItem(name=without_marks(name), number=number, group=group, text=body, span=span_of(document, start, end))
            )
        elif items:
            last = items[-1]
            joined = f"{last.text}\n{paragraph.text}" if last.text else paragraph.text
            items[-1] = last.model_copy(update={"text": joined, "span": span_of(document, last.span.start, end)})
        elif len(paragraph.text) <= 30 and paragraph.text[-1] not in "。；":
            group = paragraph.text.rstrip("：:")
    return items


def _is(match: Match, make: str) -> bool:
    return match.rule.removeprefix("boxes.item_").removesuffix("_alone") == make


def _style(match: Match) -> str:
    """The make of a printed number, digits folded: 1. and 2． are one, （一） and 一、 are two."""
    number = match.fields["number"].strip(BLANKS)
    if "①" <= number[0] <= "⑳":
        return "circled"
    digits = any(c.isdecimal() for c in number)
    bracket = any(c in "（(）)" for c in number)
    return f"{'arabic' if digits else 'chinese'}{'-bracket' if bracket else ''}"


def _group_style(styles: Sequence[str | None], found: Sequence[Match | None]) -> str | None:
    """The style whose entries only head groups of others: it comes first, stands alone, and another style follows it."""
    used = [s for s in styles if s]
    if len(set(used)) < 2:
        return None
    first = used[0]
    bare = all(m is not None and not (m.get("body") or "") for s, m in zip(styles, found, strict=True) if s == first)
    return first if bare else None


def _rows_to_items(table: Table, document: Document) -> list[BoxItem]:
    """The rows of a box's table as entries: a number column, a name, and the rest as text."""
    items: list[BoxItem] = []
    group: str | None = None
    for row in table.rows[table.header_rows :]:
        words = [c for c in row if c.text.strip(BLANKS)]
        if not words:
            continue
        number = ""
        if len(words) > 1 and words[0].text.strip(BLANKS).rstrip(".．、").isdecimal():
            number, words = words[0].text, words[1:]
        if len(words) == 1 and not number and len(row) == 1 and len(words[0].text) <= 30:
            group = words[0].text
            continue
        span = span_of(document, row[0].span.start, row[-1].span.end)
        name = words[0].text.strip(BLANKS)
        if len(name) <= 60:
            items.append(
                BoxItem(
                    name=without_marks(name), number=number, group=group, text="\n".join(c.text for c in words[1:]), span=span
                )
            )
    return items


def box_kind(title: str, *, indicators: bool) -> BoxKind:
    """What a box holds, by its table and its title."""
    if indicators:
        return "indicators"
    if any(word in title for word in ("任务", "举措", "措施", "分工")):
        return "tasks"
    return (
        "projects"
        if any(word in title for word in ("工程", "项目", "行动", "计划", "专项", "试点", "载体", "平台"))
        else "other"
    )
