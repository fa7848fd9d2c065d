"""What looks like a fact and became none: figures, brackets of bodies, tables and boxes without rows → unclaimed."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Literal

import regex

from planparse.document import BLANKS, Document
from planparse.facts.agencies import split_agencies
from planparse.facts.quantities import find_quantities
from planparse.facts.responsibilities import top_brackets
from planparse.grammar import Grammar
from planparse.models import Box, Commitment, Note, Paragraph, Project, Section, Table, Unclaimed
from planparse.models.facts import Fact
from planparse.structure.spans import span_of
from planparse.structure.walk import Tree, Visit

FORWARD = ("tasks", "goals")
SENTENCE = regex.compile(r"[^。；;！？!?\n]+")
FIGURE = re.compile(r"([0-9０-９][0-9０-９]*)(\s?年)?")
YEAR = re.compile(r"(?:19|20)[0-9]{2}")
BODIES = regex.compile(r"[局委办厅部会院府]")
SHORTEST_LIST = 8
EXCERPT = 120
"""Characters of a table or box that are shown."""

Place = tuple[int, int]


def collect_unclaimed(tree: Tree, document: Document, grammar: Grammar, *, claimed: Sequence[Fact]) -> list[Unclaimed]:
    """What a reader should look at, in document order; `claimed` are all the facts that were taken.

    1. `figure`: a figure in digits with a unit in a section of goals or tasks that no commitment, indicator or other fact
       has as its own; spans of time, ages and grades (vocabulary `passing_units`) are none. `text` is its sentence.
    2. `agencies`: a bracket that names two bodies or more and is no tag.
    3. `table`, `box`: one with words in which no fact and no entry stands.
    """
    inside = Places([(f.span.start, f.span.end) for f in claimed if not isinstance(f, Commitment | Project)])
    figures = [q for f in claimed for q in _own_quantities(f)]
    taken = Places([*inside.places, *figures])
    loose = _loose_digits(document.text, taken)
    starts = sorted(f.span.start for f in claimed)
    found: list[Unclaimed] = []
    for visit in tree.body_visits:
        node = visit.node
        if getattr(node, "duplicate_of", None):
            continue
        if isinstance(node, Paragraph | Note):
            start, end = node.span.start, node.span.end
            if _any_within(loose, start, end):
                found += _figures(start, end, visit, document, grammar, taken, loose)
            found += _agencies(start, end, visit, document, grammar, inside)
        elif isinstance(node, Box) or (isinstance(node, Table) and visit.box is None):
            at = bisect_left(starts, node.span.start)
            empty = at == len(starts) or starts[at] >= node.span.end
            if empty and not (isinstance(node, Box) and node.items) and not (isinstance(node, Table) and len(node.rows) < 2):
                first = node.caption or document.text[node.span.start : node.span.end]
                kind: Literal["box", "table"] = "box" if isinstance(node, Box) else "table"
                found.append(Unclaimed(kind=kind, text=first[:EXCERPT].strip(BLANKS), section=visit.place, span=node.span))
    return found


class Places:
    """Stretches of the text, to be asked whether one holds an offset."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.places = sorted(places)
        self._starts = [start for start, _ in self.places]
        self._ends: list[int] = []
        furthest = 0
        for _, end in self.places:
            furthest = max(furthest, end)
            self._ends.append(furthest)

    def hold(self, offset: int) -> bool:
        """Whether the character at `offset` stands in one of the stretches (or between two that one spans)."""
        at = bisect_right(self._starts, offset) - 1
        return at >= 0 and offset < self._ends[at]


def _own_quantities(fact: Fact) -> Iterator[Place]:
    if isinstance(fact, Commitment) and fact.quantity.span:
        yield fact.quantity.span.start, fact.quantity.span.end
    if isinstance(fact, Project) and fact.investment and fact.investment.span:
        yield fact.investment.span.start, fact.investment.span.end


def _loose_digits(text: str, taken: Places) -> list[int]:
    """Where numbers stand that no fact has; a year is none.

    Most are claimed or a year's: the grammar is asked only about sentences that have others.
    """
    numbers = (m for m in FIGURE.finditer(text) if not (m[2] and YEAR.fullmatch(m[1])))
    return [m.start() for m in numbers if not taken.hold(m.start())]


def _any_within(places: Sequence[int], start: int, end: int) -> bool:
    at = bisect_left(places, start)
    return at < len(places) and places[at] < end


def _figures(
    start: int, end: int, visit: Visit, document: Document, grammar: Grammar, taken: Places, loose: Sequence[int]
) -> Iterator[Unclaimed]:
    section: Section | None = visit.section
    if section is None or section.function not in FORWARD:
        return
    text = document.text
    passing = grammar.aliases["passing_units"]
    for sentence in SENTENCE.finditer(text, start, end):
        if not _any_within(loose, sentence.start(), sentence.end()):
            continue
        for figure in find_quantities(text, sentence.start(), sentence.end(), grammar):
            if figure.words or figure.unit is None or figure.unit in passing or taken.hold(figure.number_start):
                continue
            words = sentence.group().strip(BLANKS)
            span = span_of(document, figure.start, figure.end)
            yield Unclaimed(kind="figure", text=words[:EXCERPT], section=visit.place, span=span)


def _agencies(start: int, end: int, visit: Visit, document: Document, grammar: Grammar, inside: Places) -> Iterator[Unclaimed]:
    text = document.text[start:end]
    if "（" not in text and "(" not in text and "【" not in text:
        return
    for a, b, closed in top_brackets(text):
        words = text[a + 1 : b - closed]
        if len(words) < SHORTEST_LIST or len(BODIES.findall(words)) < 2 or inside.hold(start + a + 1):
            continue
        names = split_agencies(words, start + a + 1, lambda x, y: span_of(document, x, y), grammar).agencies
        known = [n for n in names if n.canonical is not None]
        if len(known) >= 2 and len(known) * 2 >= len(names):
            span = span_of(document, start + a, start + b)
            yield Unclaimed(kind="agencies", text=text[a:b], section=visit.place, span=span)
