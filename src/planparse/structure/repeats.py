"""Passages printed twice (a web page's text and its hidden copy): the second printing names the first."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import is_

from planparse.document import Document, Line
from planparse.models import Annex, Box, Contents, Node, Section, Table
from planparse.structure.walk import Tree

KEY = 24
"""Printings are looked for where lines begin with as many of the same characters."""
LINE = 30
LINES = 3
"""A passage counts where one of its printings has as many lines of LINE characters; less is a formula or a list of links."""
STEP = 4096


@dataclass(frozen=True, slots=True)
class Repeat:
    """What stands from `start` to `end` was printed before, from `first` on; places in the squeezed text."""

    start: int
    end: int
    first: int


@dataclass(frozen=True, slots=True)
class Squeezed:
    """The text without blanks and without the printed contents: its lines, and where each begins in it and in the text."""

    source: str
    text: str
    lines: Sequence[int]
    kept: Sequence[Line]
    starts: Sequence[int]
    blanks: dict[int, Sequence[int] | None] = field(default_factory=dict)

    def place_of(self, offset: int) -> int:
        """How many characters of the squeezed text stand before an offset of the whole text."""
        number = bisect_right(self.starts, offset) - 1
        if number < 0:
            return 0
        line = self.kept[number]
        whole = self.whole(number)
        if whole is None:
            return self.lines[number] + min(offset, line.end) - line.start
        return self.lines[number] + bisect_left(whole, offset)

    def offset_of(self, place: int) -> int:
        """The offset in the whole text of a character of the squeezed text."""
        number = bisect_right(self.lines, place) - 1
        whole = self.whole(number)
        within = place - self.lines[number]
        return self.kept[number].start + within if whole is None else whole[within]

    def whole(self, number: int) -> Sequence[int] | None:
        """The offsets of a line's characters that are no blanks, made once; None where it has no blanks in it."""
        if number not in self.blanks:
            line = self.kept[number]
            end = self.lines[number + 1] if number + 1 < len(self.lines) else len(self.text)
            if end - self.lines[number] == line.end - line.start:
                self.blanks[number] = None
            else:
                words = self.source[line.start : line.end]
                self.blanks[number] = [line.start + i for i, char in enumerate(words) if not char.isspace()]
        return self.blanks[number]

    def line_count(self, start: int, end: int) -> int:
        """How many lines of LINE characters or more begin between two places."""
        first, last = bisect_right(self.lines, start - 1), bisect_right(self.lines, end - 1)
        begins = [*self.lines[first:last], end]
        return sum(1 for a, b in pairwise(begins) if b - a >= LINE)


def mark_repeats(tree: Tree, document: Document) -> Tree:
    """The tree in which every node printed a second time names the first printing: the section's (annex's, box's,
    table's) id, or `front_matter`.

    1. Line ends and blanks do not count: the second printing may run several paragraphs into one.
    2. A section is repeated where its heading and everything in it is; a paragraph where nine tenths of it are.
    3. The printed contents are neither first nor second printing.
    """
    squeezed = squeeze_text(document, tree)
    repeats = find_repeats(squeezed)
    if not repeats:
        return tree
    marker = _Marker(squeezed, repeats, tree)
    return Tree(marker.marked(tree.front), marker.marked(tree.body), marker.marked(tree.back))


def find_repeats(squeezed: Squeezed) -> list[Repeat]:
    """The second printings of passages, in order; linear in the length of the text."""
    text, seen = squeezed.text, dict[str, int]()
    found: list[Repeat] = []
    number, done = 0, 0
    while number < len(squeezed.lines):
        at = squeezed.lines[number]
        number += 1
        key = text[at : at + KEY]
        first = seen.setdefault(key, at)
        if at < done or first == at or len(key) < KEY:
            continue
        length = _common(text, first, at, at - first)
        done = at + length
        if max(squeezed.line_count(at, done), squeezed.line_count(first, first + length)) >= LINES:
            found.append(Repeat(at, done, first))
    return found


def squeeze_text(document: Document, tree: Tree) -> Squeezed:
    """The text without blanks and without the printed contents."""
    skip = [(v.node.span.start, v.node.span.end) for v in tree.visits if isinstance(v.node, Contents)]
    parts: list[str] = []
    kept: list[Line] = []
    lines: list[int] = []
    length = 0
    barred = iter([*skip, (len(document.text) + 1, len(document.text) + 1)])
    low, high = next(barred)
    for line in document.lines:
        while high <= line.start:
            low, high = next(barred)
        if low <= line.start:
            continue
        kept.append(line)
        lines.append(length)
        parts.append("".join(document.text[line.start : line.end].split()))
        length += len(parts[-1])
    return Squeezed(document.text, "".join(parts), lines, kept, [line.start for line in kept])


def _common(text: str, first: int, second: int, most: int) -> int:
    """How many characters two places have in common, `most` at most."""
    length, step = 0, STEP
    most = min(most, len(text) - second)
    while step:
        step = min(step, most - length)
        if step and text[first + length : first + length + step] == text[second + length : second + length + step]:
            length += step
        else:
            step //= 2
    return length


class _Marker:
    """Says of nodes whether they were printed before; used once."""

    def __init__(self, squeezed: Squeezed, repeats: Sequence[Repeat], tree: Tree) -> None:
        self._squeezed, self._repeats = squeezed, repeats
        self._starts = [r.start for r in repeats]
        owners = [(0, "front_matter")]
        for visit in tree.visits:
            node = visit.node
            if isinstance(node, Section | Annex | Box | Table):
                owners.append((node.span.start, node.id))
                if isinstance(node, Box | Table):
                    owners.append((node.span.end, visit.place or "front_matter"))
        owners.sort(key=lambda owner: owner[0])
        self._owners, self._owner_starts = owners, [start for start, _ in owners]

    def marked(self, nodes: Sequence[Node]) -> list[Node]:
        """The nodes with `duplicate_of` where they are repeated."""
        return [self._marked(node) for node in nodes]

    def _marked(self, node: Node) -> Node:
        first = self._first(node.span.start, node.span.end)
        if isinstance(node, Section | Annex | Box):
            content = self.marked(node.content)
            whole = first is not None and all(getattr(n, "duplicate_of", None) for n in content)
            if not whole and all(map(is_, content, node.content)):
                return node
            return node.model_copy(update={"content": content, "duplicate_of": first if whole else None})
        if first is None or "duplicate_of" not in type(node).model_fields:
            return node
        return node.model_copy(update={"duplicate_of": first})

    def _first(self, start: int, end: int) -> str | None:
        """Which node the passage between two offsets was first printed in; None where it is no second printing."""
        low, high = self._squeezed.place_of(start), self._squeezed.place_of(end)
        within = self._repeats[max(0, bisect_right(self._starts, low) - 1) : bisect_left(self._starts, high)]
        within = [r for r in within if r.end > low]
        if not within or sum(min(high, r.end) - max(low, r.start) for r in within) * 10 < (high - low) * 9:
            return None
        place = self._squeezed.offset_of(within[0].first + max(0, low - within[0].start))
        return self._owners[bisect_right(self._owner_starts, place) - 1][1]
