"""The headings of one stretch of a document: candidates, lost numbers, uncounted run-ins, in one map by block."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planparse.document import BLANKS, Line
from planparse.grammar import Grammar
from planparse.numerals import to_chinese, to_int
from planparse.structure.blocks import Block
from planparse.structure.contents import fold
from planparse.structure.headings import Evidence, Placed, candidates_to_outline
from planparse.structure.runins import (
    RunIn,
    block_to_topic,
    common_opening,
    cut_lost_breaks,
    dash_to_run_in,
    topics_to_series,
)

SECOND_LINE = 45
STYLED_HEAD = 50
LEAF_STYLES = {"cn_is"}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the outline. `lines` blocks hold it; `depth` is 0 at the top; `leaf` owns only its paragraph."""

    start: int
    end: int
    number: str
    ordinal: int | None
    title: str
    depth: int
    run_in: bool
    rule: str
    lines: int = 1
    implied_number: str | None = None
    leaf: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """Headings by the block that they open; uncounted run-ins (the pieces of a paragraph) by their block."""

    headings: Mapping[int, Heading]
    run_ins: Mapping[int, list[RunIn]]

    @property
    def first(self) -> int | None:
        """The block of the first heading."""
        return min(self.headings, default=None)


def blocks_to_outline(
    blocks: Sequence[Block],
    span: range,
    *,
    text: str,
    grammar: Grammar,
    listed: frozenset[tuple[str, str]],
    skip: frozenset[int],
    boxes: frozenset[int],
) -> Outline:
    """The outline of the blocks in `span`, those in `skip` (contents, captions) left out.

    `text` is the document's; `listed` are the folded entries of the printed contents; `boxes` open boxes without an end.
    """
    live = [i for i in span if i not in skip or i in boxes]
    topics = {i: t for i in live if i not in boxes and (t := block_to_topic(blocks[i], grammar)) is not None}
    heads = _heads(blocks, live, grammar, listed)
    evidence = _evidence(blocks, live, topics, listed)
    placed = candidates_to_outline(
        [blocks[i] for i in live],
        evidence={n: evidence[i] for n, i in enumerate(live) if i in evidence},
        boxes=frozenset(n for n, i in enumerate(live) if i in boxes),
        heads=frozenset(n for n, i in enumerate(live) if i in heads),
    )
    headings: dict[int, Heading] = dict(heads)
    for one in placed:
        index = live[one.block]
        headings[index] = _to_heading(one, blocks, index, grammar, listed, skip)
        headings.update(_implied(one, index, topics, headings[index]))
    return Outline(headings, _run_ins(blocks, live, topics, headings, boxes, text, grammar))


def _heads(
    blocks: Sequence[Block], live: Sequence[int], grammar: Grammar, listed: frozenset[tuple[str, str]]
) -> dict[int, Heading]:
    """Unnumbered top-level heads: words of the vocabulary alone on a line, or lines styled as headings in series."""
    heads: dict[int, Heading] = {}
    styled: dict[int, list[int]] = {}
    # Where not even the numbered headings are set apart, layout says nothing of a head either.
    numbered_lines = [line for i in live if blocks[i].candidates and (line := blocks[i].line) is not None]
    unstyled = not any(_set_apart(line) for line in numbered_lines)
    for index in live:
        block = blocks[index]
        if block.line is None or block.candidates or len(block.text) > STYLED_HEAD:
            continue
        line = block.line
        found = grammar.match("headings", block.text, gives="head")
        if found and (unstyled or _set_apart(line) or line.size is None or ("", fold(block.text)) in listed):
            title = found.fields["title"]
            heads[index] = Heading(block.start, block.end, "", None, title, 0, False, found.rule)
        elif line.outline_level is not None and block.text[-1] not in "。；：，、！？":
            styled.setdefault(line.outline_level, []).append(index)
    numbered = any(blocks[i].candidates and blocks[i].candidates[0].style in ("part", "chapter", "cn_comma") for i in live)
    if not numbered:
        # A title is one line of its level; headings come in series.
        levels = sorted(level for level, indexes in styled.items() if len(indexes) > 1)
        for depth, level in enumerate(levels):
            for index in styled[level]:
                block = blocks[index]
                heads[index] = Heading(block.start, block.end, "", None, block.text, depth, False, "headings.styled")
    return heads


def _set_apart(line: Line) -> bool:
    return bool(line.centred or line.bold or line.outline_level is not None)


def _evidence(
    blocks: Sequence[Block], live: Sequence[int], topics: Mapping[int, RunIn], listed: frozenset[tuple[str, str]]
) -> dict[int, Evidence]:
    evidence: dict[int, Evidence] = {}
    run = 0
    for index in live:
        block = blocks[index]
        if not block.candidates:
            run = run + 1 if index in topics else 0
            continue
        named = any((fold(c.number), fold(c.title)) in listed for c in block.candidates)
        line = block.line
        styled = line is not None and line.outline_level is not None
        after = blocks[index + 1] if index + 1 < len(blocks) else None
        evidence[index] = Evidence(named, styled, run, after is not None and after.plain)
        run = 0
    return evidence


def _to_heading(
    one: Placed, blocks: Sequence[Block], index: int, grammar: Grammar, listed: frozenset[tuple[str, str]], skip: frozenset[int]
) -> Heading:
    candidate, block = one.candidate, blocks[index]
    run_in = candidate.form == "run_in"
    leaf = candidate.style in LEAF_STYLES
    title, end, lines = candidate.title, candidate.heading_end, 1
    if candidate.form == "alone" and index + 1 < len(blocks) and index + 1 not in skip:
        after = blocks[index + 1]
        if _goes_on(block, title, after, grammar, (fold(candidate.number), listed)):
            title, end, lines = title + after.text.rstrip("：:"), after.end, 2
    return Heading(
        block.start,
        end,
        candidate.number,
        candidate.ordinal,
        title.strip(BLANKS),
        one.depth,
        run_in,
        candidate.rule,
        lines,
        None,
        leaf,
    )


def _goes_on(block: Block, title: str, after: Block, grammar: Grammar, known: tuple[str, frozenset[tuple[str, str]]]) -> bool:
    """Whether a heading that stands alone goes on in the next line."""
    if after.line is None or after.candidates or len(after.text) > SECOND_LINE or after.text[-1] in "。；！？":
        return False
    if grammar.match("headings", after.text, gives="tag_line") or grammar.match("boxes", after.text, gives="caption"):
        return False
    number, listed = known
    if (number, fold(title + after.text)) in listed:
        return True
    return not title or block.text[-1] in "，,、"


def _implied(one: Placed, index: int, topics: Mapping[int, RunIn], heading: Heading) -> dict[int, Heading]:
    """Headings whose number was lost: the topic paragraphs before a series that opens late or skips."""
    made: dict[int, Heading] = {}
    for back in range(one.implied, 0, -1):
        topic = topics.get(index - back)
        if topic is None or heading.ordinal is None:
            return {}
        ordinal = heading.ordinal - back
        made[index - back] = Heading(
            topic.start, topic.heading_end, "", ordinal, topic.title, heading.depth, True, heading.rule, 1,
            _renumber(heading.number, heading.ordinal, ordinal), heading.leaf,
        )  # fmt: skip
    return made


def _renumber(number: str, old: int, new: int) -> str:
    """The printed number with another ordinal: 三、 → 一、"""
    for word in (to_chinese(old), str(old)):
        if word in number and to_int(word) == old:
            return number.replace(word, to_chinese(new) if not word.isdecimal() else str(new), 1)
    return str(new)


def _run_ins(
    blocks: Sequence[Block],
    live: Sequence[int],
    topics: Mapping[int, RunIn],
    headings: Mapping[int, Heading],
    boxes: frozenset[int],
    text: str,
    grammar: Grammar,
) -> dict[int, list[RunIn]]:
    made: dict[int, list[RunIn]] = {}
    run: list[int] = []
    dashes: list[int] = []
    owner: Heading | None = None
    in_box = False

    def close() -> None:
        for series in topics_to_series(topics, run):
            opening = common_opening([topics[i].title for i in series])
            for i in series:
                made[i] = cut_lost_breaks(topics[i], text, opening)
        run.clear()

    for index in live:
        block = blocks[index]
        if index in headings:
            close()
            owner, in_box = headings[index], False
            continue
        if index in boxes:
            in_box = True
        dash = None if in_box or owner is None else dash_to_run_in(block, grammar)
        if dash is not None:
            close()
            made[index] = cut_lost_breaks(dash, text, "")
            dashes.append(index)
        elif block.plain and not in_box and owner is not None and (not owner.run_in or owner.leaf):
            if not grammar.match("headings", block.text, gives="tag_line"):
                run.append(index)
        else:
            close()
    close()
    return made
