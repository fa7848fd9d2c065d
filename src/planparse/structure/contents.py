"""The printed 目录: where it stands, what its entries say, and which section each means."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from planparse.document import BLANKS, Document
from planparse.grammar import Grammar
from planparse.models import Contents, ContentsEntry, Section
from planparse.structure.blocks import Block, Candidate, line_to_candidates
from planparse.structure.headings import candidates_to_outline
from planparse.structure.spans import span_of

LEAST = 3
LEAST_WITHOUT_CAPTION = 5
MARKS = "-—－–•·●* \t　"
DROPPED = dict.fromkeys(map(ord, "、.．,，:：;；。·“”\"'‘’ "))


class Entry(NamedTuple):
    """A line of the 目录: offsets of the whole line, its number, title and page as printed, its level (1 = top).

    `candidates` are the headings that its words could be.
    """

    start: int
    end: int
    number: str
    title: str
    page: str | None
    level: int = 1
    candidates: tuple[Candidate, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Number and title, folded, to be found again in the body."""
        return fold(self.number), fold(self.title)


@dataclass(frozen=True, slots=True)
class PrintedContents:
    """Blocks `first` to `last` (exclusive) are a 目录; `caption` tells whether the first is its caption."""

    first: int
    last: int
    caption: bool
    entries: tuple[Entry, ...]


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Two printings of the same words compare equal: width folded; blanks, quotes and separators out.

    >>> fold("（一） 指导 思想") == fold("(一)指导思想")
    True
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).translate(DROPPED)


def find_contents(blocks: Sequence[Block], grammar: Grammar) -> list[PrintedContents]:
    """Every printed 目录, in order."""
    found: list[PrintedContents] = []
    last_place = {fold(b.text): i for i, b in enumerate(blocks) if b.candidates and b.candidates[0].form == "alone"}
    index = 0
    while index < len(blocks):
        block = blocks[index]
        caption = block.line is not None and len(block.text) < 20 and grammar.match("contents", block.text, gives="caption")
        entries = None
        if caption:
            entries = _entries_from(blocks, index + 1, grammar, least=LEAST, captioned=True)
        elif block.line is not None and len(block.text) < 90 and block.candidates and _paged(block, grammar):
            entries = _entries_from(blocks, index, grammar, least=LEAST_WITHOUT_CAPTION, captioned=False)
        elif block.candidates and last_place.get(fold(block.text), index) > index and _bare_list(blocks, index):
            entries = _entries_from(blocks, index, grammar, least=LEAST_WITHOUT_CAPTION, captioned=True)
        if entries:
            last, made = entries
            found.append(PrintedContents(index, last, bool(caption), tuple(made)))
            index = last
        else:
            index += 1
    return found


def _bare_list(blocks: Sequence[Block], first: int) -> bool:
    """Whether headings and nothing else stand here: a 目录 that lost its caption and its page numbers."""
    stretch = blocks[first : first + LEAST_WITHOUT_CAPTION]
    return len(stretch) == LEAST_WITHOUT_CAPTION and all(b.candidates and b.candidates[0].form == "alone" for b in stretch)


def _paged(block: Block, grammar: Grammar) -> bool:
    # A page number ends in a figure or in a letter of a Roman numeral.
    if not block.text[-1].isdecimal() and not (block.text[-1].isascii() and block.text[-1].isalpha()):
        return False
    found = grammar.match("contents", block.text, gives="entry")
    return found is not None and found.get("page") is not None


def _entries_from(
    blocks: Sequence[Block], first: int, grammar: Grammar, *, least: int, captioned: bool
) -> tuple[int, list[Entry]] | None:
    entries: list[Entry] = []
    paged = 0
    index = first
    opening: tuple[str, str] | None = None
    while index < len(blocks):
        block = blocks[index]
        if block.line is None or ("\t" in block.text and block.grid is not None):
            break
        entry = line_to_entry(block, grammar)
        if entry is None or (not captioned and entry.page is None):
            break
        if entries and entry.page is None and paged * 2 > len(entries):
            joined = _wrapped(blocks, index, grammar)
            if joined is None:
                break
            entry = joined
            index += 1
        if opening is None:
            opening = entry.key
        elif entry.key == opening:
            break
        if entry.page is None and not entry.number and grammar.match("headings", entry.title, gives="head") is None:
            known = entries and grammar.match("parts", entry.title, gives="annex")
            boxed = grammar.match("boxes", entry.title, gives="caption") or grammar.match(
                "boxes", entry.title, gives="table_caption"
            )
            if not known and not boxed:
                break
        paged += entry.page is not None
        entries.append(entry)
        index += 1
    # The first heading of the body may have been taken for an entry when it differs from the first entry.
    while entries and paged * 2 > len(entries) and entries[-1].page is None:
        entries.pop()
        index -= 1
    return (index, _with_levels(entries)) if len(entries) >= least else None


def line_to_entry(block: Block, grammar: Grammar) -> Entry | None:
    """What a line says as an entry of a 目录; None where it is running text."""
    if len(block.text) > 130:
        return None
    found = grammar.match("contents", block.text.lstrip(MARKS), gives="entry")
    if found is None:
        return None
    title = found.fields["title"].strip(BLANKS)
    candidates = line_to_candidates(title, 0, grammar) if title else ()
    number = ""
    if candidates:
        number = candidates[0].number
        title = title[len(number) :].strip(BLANKS) if title.startswith(number) else candidates[0].title
    return Entry(block.start, block.end, number, title, found.get("page"), candidates=candidates)


def _wrapped(blocks: Sequence[Block], index: int, grammar: Grammar) -> Entry | None:
    """An entry that runs over two lines: the first has no page number, the second has and opens nothing."""
    if index + 1 >= len(blocks) or blocks[index + 1].line is None or blocks[index + 1].candidates:
        return None
    first, second = line_to_entry(blocks[index], grammar), line_to_entry(blocks[index + 1], grammar)
    if first is None or second is None or second.page is None:
        return None
    words = f"{first.number}{' ' if first.number[-1:].isalnum() else ''}{first.title}{second.title}"
    candidates = line_to_candidates(words, 0, grammar)
    return Entry(first.start, second.end, first.number, first.title + second.title, second.page, candidates=candidates)


def _with_levels(entries: Sequence[Entry]) -> list[Entry]:
    lines = [Block(e.start, e.end, e.title, candidates=e.candidates) for e in entries]
    depths = {placed.block: placed.depth for placed in candidates_to_outline(lines)}
    return [e._replace(level=depths.get(i, 0) + 1) for i, e in enumerate(entries)]


def listed_keys(printed: Iterable[PrintedContents]) -> frozenset[tuple[str, str]]:
    """Folded (number, title) of every entry of every 目录."""
    return frozenset(e.key for p in printed for e in p.entries)


def contents_to_node(
    printed: PrintedContents, blocks: Sequence[Block], document: Document, sections: Sequence[Section]
) -> Contents:
    """The node for a printed 目录; each entry finds the next body section of its number and title."""
    by_key: dict[tuple[str, str], list[str]] = {}
    by_title: dict[str, list[str]] = {}
    for section in sections:
        number = section.number or section.implied_number or ""
        by_key.setdefault((fold(number), fold(section.title)), []).append(section.id)
        by_title.setdefault(fold(section.title), []).append(section.id)
    entries = []
    for entry in printed.entries:
        queue = by_key.get(entry.key) or by_title.get(entry.key[1])
        target = (queue.pop(0) if len(queue) > 1 else queue[0]) if queue else None
        entries.append(
            ContentsEntry(
                number=entry.number,
                title=entry.title,
                level=entry.level,
                page=entry.page,
                raw=document.text[entry.start : entry.end],
                span=span_of(document, entry.start, entry.end),
                section=target,
            )
        )
    head = blocks[printed.first]
    return Contents(
        caption=head.text if printed.caption else "",
        caption_span=span_of(document, head.start, head.end) if printed.caption else None,
        entries=entries,
        span=span_of(document, head.start, blocks[printed.last - 1].end),
    )
