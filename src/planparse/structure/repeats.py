"""Passages printed twice (a web page's text and its hidden copy): the second printing names the first."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

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

    text: str
    lines: Sequence[int]
    kept: Sequence[Line]

    def places(self, text: str) -> list[int]:
        """The offset of each character in the whole text."""
        found: list[int] = []
        for line in self.kept:
            words = text[line.start : line.end]
            if len(words.split()) == 1:  # lines have no blanks at their ends
                found.extend(range(line.start, line.end))
            else:
                found += [line.start + i for i, char in enumerate(words) if not char.isspace()]
        return found

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
    marker = _Marker(squeezed.places(document.text), repeats, tree)
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
    return Squeezed("".join(parts), lines, kept)


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

    def __init__(self, places: Sequence[int], repeats: Sequence[Repeat], tree: Tree) -> None:
        self._places, self._repeats = places, repeats
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
            return node.model_copy(update={"content": content, "duplicate_of": first if whole else None})
        if first is None or "duplicate_of" not in type(node).model_fields:
            return node
        return node.model_copy(update={"duplicate_of": first})

    def _first(self, start: int, end: int) -> str | None:
        """Which node the passage between two offsets was first printed in; None where it is no second printing."""
        places = self._places
        low, high = bisect_left(places, start), bisect_left(places, end)
        within = self._repeats[max(0, bisect_right(self._starts, low) - 1) : bisect_left(self._starts, high)]
        within = [r for r in within if r.end > low]
        if not within or sum(min(high, r.end) - max(low, r.start) for r in within) * 10 < (high - low) * 9:
            return None
        place = places[within[0].first + max(0, low - within[0].start)]
        return self._owners[bisect_right(self._owner_starts, place) - 1][1]
