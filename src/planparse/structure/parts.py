"""Where a document's parts begin: annexes, and the tail after the last of the text (抄送, 印发, signature)."""

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from planparse.document import BLANKS
from planparse.grammar import Grammar
from planparse.structure.blocks import Block
from planparse.structure.contents import fold
from planparse.structure.front_lines import squeeze
from planparse.structure.notes import is_note

TAIL = 14
"""The tail is looked for in this many blocks at the end."""
SHORT = 45
NOTICE = 60
"""A notice that has numbered paragraphs of its own is looked for in this many blocks."""
TITLE = 60
NOTIFIES = regex.compile("(?:印发|发布|公布|转发|下发|批转)[^。]{4,150}的(?:通知|公告|通告|决定)")


@dataclass(frozen=True, slots=True)
class AnnexStart:
    """An annex opens at block `block`; its heading takes `lines` blocks."""

    block: int
    lines: int
    number: str
    title: str


def find_tail(blocks: Sequence[Block], grammar: Grammar) -> int:
    """The first block of the back matter; len(blocks) where there is none. Foot- and endnotes close it."""
    first = len(blocks)
    while first and is_note(blocks[first - 1].line):
        first -= 1
    for index in range(first - 1, max(-1, first - 1 - TAIL), -1):
        block = blocks[index]
        if block.line is None:
            break
        text = block.text
        if grammar.match("parts", text, gives="back"):
            first = index
        elif not _is_tail_line(blocks, index, first, grammar):
            break
    return first


def _is_tail_line(blocks: Sequence[Block], index: int, first: int, grammar: Grammar) -> bool:
    """A short line between lines of the tail: the second line of a 抄送 list, a signature over its date."""
    block = blocks[index]
    if len(block.text) > SHORT or block.candidates:
        return False
    ends = any(c in "。；！？" for c in block.text[:-1])
    before = blocks[index - 1] if index else None
    copied = before is not None and before.line is not None and grammar.match("parts", before.text, gives="back") is not None
    return (first == index + 1 and not ends and block.text[-1] not in "。；：") or copied


def find_plan(blocks: Sequence[Block], grammar: Grammar) -> int:
    """Where the plan begins behind a notice with numbered paragraphs of its own; 0 where no such notice is.

    The notice (关于印发《…》的通知) names the plan; its title is printed once more behind the signature, and the numbers
    begin again under it.
    """
    first = next((i for i, b in enumerate(blocks[:NOTICE]) if b.candidates), len(blocks))
    named = squeeze("".join(b.text for b in blocks[:first] if b.line is not None))
    if not NOTIFIES.search(named):
        return 0
    signed = False
    for index in range(first + 1, min(len(blocks), NOTICE)):
        block = blocks[index]
        if block.line is None or len(block.text) > TITLE:
            continue
        signed = signed or grammar.match("parts", block.text, gives="back") is not None
        if signed and not block.candidates and len(title := squeeze(block.text)) > 7 and title in named:
            again = (c for b in blocks[index + 1 : index + 1 + NOTICE] for c in b.candidates)
            opening = next(again, None)
            return index if opening is not None and opening.ordinal == 1 else 0
    return 0


def find_annexes(
    blocks: Sequence[Block], first_heading: int, end: int, grammar: Grammar, *, captions: frozenset[int], skip: set[int]
) -> list[AnnexStart]:
    """The annexes of a document, in order: 附件 lines after the body has begun that something of their own follows.

    A line of `captions` under 附件1 gives the annex its title and stays the caption of its table; the blocks in `skip`
    (the printed contents) open none.
    """
    lines: list[tuple[int, str, str]] = []
    for index in range(first_heading + 1, end):
        block = blocks[index]
        if index not in skip and block.line is not None and block.text[0] == "附" and len(block.text) <= 70:
            found = grammar.match("parts", block.text, gives="annex")
            if found:
                lines.append((index, found.get("number") or "", (found.get("title") or "").strip(BLANKS)))
    starts: list[AnnexStart] = []
    for place, (index, number, title) in enumerate(lines):
        following = lines[place + 1][0] if place + 1 < len(lines) else end
        if following == index + 1 or index + 1 >= end or _is_list(title):
            continue
        after = blocks[index + 1]
        if (
            after.line is not None
            and after.text[:1].isdigit()
            and title
            and any(n == number and t == title for _, n, t in lines[place + 1 :])
        ):
            continue
        taken = 1
        if (
            not title
            and after.line is not None
            and not after.candidates
            and len(after.text) <= 60
            and after.text[-1] not in "。；"
        ):
            title, taken = after.text, 1 if index + 1 in captions else 2
        if title or after.grid is not None or after.candidates:
            starts.append(AnnexStart(index, taken, number, title))
    return _without_mentions(starts, end)


def _is_list(title: str) -> bool:
    return bool(title) and (title[0].isdigit() or title[:2] in ("一、", "二、")) and any(c in title[:3] for c in ".．、")


def _without_mentions(starts: list[AnnexStart], end: int) -> list[AnnexStart]:
    """An annex named twice opens at the last place that names it; the others only mention it."""
    last = {(s.number, fold(s.title)): s.block for s in starts}
    return [s for s in starts if last[(s.number, fold(s.title))] == s.block and s.block + s.lines <= end]
