"""Document → blocks: the lines and tables of the text in order, each with the headings that it could be."""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from planparse.document import BLANKS, Document, Grid, Line
from planparse.grammar import Grammar, Match
from planparse.numerals import to_int
from planparse.structure.notes import is_note

RANK = {
    style: rank
    for rank, style in enumerate(
        ("part", "chapter", "section", "article", "cn_comma", "cn_paren", "arabic", "arabic_paren", "circled")
    )
}
"""The everyday order of styles, part first; evidence, not law."""
Form = Literal["alone", "run_in", "sentence", "clause"]
OPENERS = "（(《“‘【〔［["
CLOSERS = "）)》”’】〕］]"
STOPS = "。！？!?"
COLON_TITLE = 22
"""A topic before a colon is a title up to this length (tuned on run-ins such as 1.标题：内容)."""
COLON, STOP, OPENER = re.compile("[：:]"), re.compile(f"[{STOPS}]"), re.compile(f"[{re.escape(OPENERS)}]")
PAUSE = re.compile("[，,；;。]")
MARK = re.compile(f"[{STOPS}{re.escape(OPENERS + CLOSERS)}]")
POINT = re.compile("[.．]")


class Candidate(NamedTuple):
    """A heading that a paragraph could be. Offsets are in the document's text. A tuple, since many are made.

    `style` names the numbering (chapter, cn_comma …), `number` is the printed number with its point, `form` tells how
    the words go on: alone on the line, a title and then running text, one whole sentence, or a clause that ends in ；.
    `upper` is the number of the section that a decimal number names (2 of 2.3, 3 of 2.3.1). `weak` is a number without
    its point (一　总则, 1 总则): it takes a series to tell it from other words.
    """

    rule: str
    style: str
    number: str
    ordinal: int
    title: str
    heading_end: int
    form: Form
    upper: int | None = None
    weak: bool = False


class Block(NamedTuple):
    """A line of text outside tables, or a table; `text` is the slice, `candidates` the headings that it could be."""

    start: int
    end: int
    text: str
    line: Line | None = None
    grid: Grid | None = None
    candidates: tuple[Candidate, ...] = ()

    @property
    def plain(self) -> bool:
        """A line that could not be a numbered heading."""
        return self.line is not None and not self.candidates


def document_to_blocks(document: Document, grammar: Grammar) -> list[Block]:
    """The blocks of a document in order; they tile its text but for the line feeds between them."""
    blocks: list[Block] = []
    grids = iter([(g.start, g.end, g) for g in document.grids if g.end > g.start])
    start, end, grid = next(grids, (0, -1, None))
    for line in document.lines:
        while grid is not None and end <= line.start:
            start, end, grid = next(grids, (0, -1, None))
        if grid is not None and start <= line.start and line.end <= end:
            if not blocks or blocks[-1].grid is not grid:
                blocks.append(Block(start, end, document.text[start:end], grid=grid))
            continue
        blocks += lines_to_blocks((line,), document, grammar)
    return blocks


def lines_to_blocks(lines: Sequence[Line], document: Document, grammar: Grammar) -> list[Block]:
    """A block for each line."""
    made = []
    for line in lines:
        text = document.text[line.start : line.end]
        # A note's own number (1., ①) opens no section.
        candidates = () if is_note(line) else line_to_candidates(text, line.start, grammar)
        made.append(Block(line.start, line.end, text, line=line, candidates=candidates))
    return made


def line_to_candidates(text: str, start: int, grammar: Grammar) -> tuple[Candidate, ...]:
    """The numbered headings that a paragraph could be; `start` is its offset in the document's text."""
    found = [match_to_candidate(m, text, start) for m in grammar.candidates("headings", text, gives="heading")]
    return tuple([c for c in found if c is not None])


def match_to_candidate(match: Match, text: str, start: int) -> Candidate | None:
    """The candidate that a rule's match on a whole paragraph makes; None where its number is none."""
    fields = match.fields
    ordinal = to_int(fields["number"])
    if ordinal is None or ordinal > 300:
        return None
    place = match.place("title")
    at = place[0] if place else len(text)
    title, length, form = split_title(text[at:])
    style = fields.get("style") or match.rule.split(".")[1] + (":" + fields["word"] if "word" in fields else "")
    prefix = fields.get("prefix")
    upper = to_int(POINT.split(prefix)[-1]) if prefix else None
    number = text[:at].strip(BLANKS)
    return Candidate(match.rule, style, number, ordinal, title, start + at + length, form, upper, "weak" in fields)


def split_title(body: str) -> tuple[str, int, Form]:
    """The title at the head of `body`, how much of `body` the heading takes, and how it goes on.

    >>> split_title("完善服务体系。健全三级网络。")
    ('完善服务体系', 7, 'run_in')
    """
    if not body:
        return "", 0, "alone"
    stop = first_stop(body)
    found = COLON.search(body, 2, COLON_TITLE + 1)
    colon = found.start() if found and not COLON.match(body) and not COLON.match(body, 1) else -1
    behind = len(body) - colon - 1
    if colon > 0 and behind >= 12 and (stop < 0 or colon < stop) and not PAUSE.search(body, 0, colon):
        return body[:colon].strip(BLANKS), colon + 1, "run_in"
    if stop < 0:
        wide = _wide_blank(body)
        if wide > 0:
            return body[:wide].strip(BLANKS), wide, "run_in"
        if body[-1] in "；;":
            return body.rstrip("；;"), len(body), "clause"
        return body.rstrip("：:").strip(BLANKS), len(body), "alone"
    if stop == len(body) - 1:
        return body[:stop], len(body), "sentence"
    return body[:stop], stop + 1, "run_in"


def first_stop(body: str) -> int:
    """Where the first sentence ends: the first 。 outside brackets and quotation marks; -1 where there is none."""
    first = STOP.search(body)
    if first is None or not OPENER.search(body, 0, first.start()):
        return first.start() if first else -1
    depth = 0
    for mark in MARK.finditer(body):
        char = mark.group()
        if char in OPENERS:
            depth += 1
        elif char in CLOSERS:
            depth = max(0, depth - 1)
        elif not depth:
            return mark.start()
    # A bracket that never closes does not hide the sentence's end.
    return body.find("。") if depth else -1


def _wide_blank(body: str) -> int:
    """Where a title is set off from running text by a wide blank (标题　　内容); -1 where it is not."""
    for blank in ("　", "  "):
        at = body.find(blank, 2, 30)
        if at > 0 and len(body) - at > 25:
            return at
    return -1


def has_own(blocks: Sequence[Block], index: int) -> bool:
    """Whether something of its own follows block `index`: running text, a table, or a series below its own.

    A series below opens at 1, or runs on from where it stood under another heading.
    """
    if index + 1 >= len(blocks):
        return False
    after = blocks[index + 1]
    if after.grid is not None or not after.candidates:
        return True
    mine = {c.style for c in blocks[index].candidates}
    if any(c.style in mine for c in after.candidates):
        return False
    rank = min((RANK[s] for s in mine if s in RANK), default=len(RANK))
    return any(c.ordinal == 1 or RANK.get(c.style, -1) > rank for c in after.candidates)
