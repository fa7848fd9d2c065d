"""Which sections a row of a task table repeats: by a title that it quotes, else by the words that it shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

import regex

from planparse.models import Paragraph, Section, Task
from planparse.structure.walk import Tree

_NO_WORD = regex.compile(r"[\W_]+")
SHORTEST_TITLE = 6
GRAM = 3
SHARED = 0.24
AHEAD = 1.6
"""How much of a row's words a section must have, and how far it must be ahead of the next: tuned on the 46 rows of three
tables read by eye, of which 33 are joined, none to a wrong section; at 1.5 one was."""
COMMON = 40
"""A triple that more sections have tells none of them."""
ELSEWHERE = ("review", "situation", "principles", "goals")
"""Sections that hand out no task: what they share with a row is the plan's subject."""


@dataclass(frozen=True, slots=True)
class References:
    """The body's sections, ready to be asked: ids by folded title, and by the character triples of their own words."""

    titles: Mapping[str, list[str]]
    sections: Mapping[str, Sequence[str]]

    def of(self, task: Task) -> list[str]:
        """Ids of the sections that a task's row means, none where that is not certain.

        1. Those whose title (of six characters at least) stands in the task's own words.
        2. Else the one that has at least `SHARED` of the triples of its title and text, the rarer counting more, and is `AHEAD` of the next; where
           its group or another column quotes titles, within those.
        3. Else those whose titles its group or another column quotes.
        """
        words = _fold(task.text)
        own = self._quoted("\n".join((_fold(task.title or ""), words)))
        if own:
            return own
        wider = self._quoted("\n".join(_fold(cell) for cell in (task.group or "", *task.columns.values())))
        nearest = self._nearest(_grams(words) | _grams(_fold(task.title or ""))) if len(words) >= SHORTEST_TITLE else []
        within = [name for name in nearest if not wider or any(name.startswith(f"{outer}.") for outer in wider)]
        return within or wider

    def _quoted(self, words: str) -> list[str]:
        """Ids of the sections whose titles stand in the words; not those that hold another of them."""
        found = [name for title, ids in self.titles.items() if title in words for name in ids]
        outer = {name[:at] for name in found for at, char in enumerate(name) if char == "."}
        return [name for name in found if name not in outer]

    def _nearest(self, asked: frozenset[str]) -> list[str]:
        whole = fsum(1 / len(self.sections[gram]) if gram in self.sections else 1.0 for gram in asked)
        weights: dict[str, list[float]] = {}
        for gram in asked:
            names = self.sections.get(gram, ())
            if len(names) <= COMMON:
                for name in names:
                    weights.setdefault(name, []).append(1 / len(names))
        shares = sorted(((fsum(found) / whole, name) for name, found in weights.items()), key=lambda one: -one[0])
        (best, name), (second, _) = [*shares, (0.0, ""), (0.0, "")][:2]
        return [name] if best >= SHARED and best >= AHEAD * second else []


def tree_to_references(tree: Tree) -> References:
    """The sections of the plan's own body, annexes left out."""
    titles: dict[str, list[str]] = {}
    words: dict[str, list[str]] = {}
    for visit in tree.body_visits:
        if visit.annex is not None or (visit.section is None and not isinstance(visit.node, Section)):
            continue
        holder = visit.node if isinstance(visit.node, Section) else visit.section
        if holder and holder.function in ELSEWHERE:
            continue
        if isinstance(visit.node, Section):
            key = _fold(visit.node.title)
            words[visit.node.id] = [key]
            if len(key) >= SHORTEST_TITLE:
                titles.setdefault(key, []).append(visit.node.id)
        elif isinstance(visit.node, Paragraph) and visit.section and visit.node.duplicate_of is None:
            words.setdefault(visit.section.id, []).append(_fold(visit.node.text))
    sections: dict[str, list[str]] = {}
    for name, parts in words.items():
        for gram in frozenset().union(*map(_grams, parts)):
            sections.setdefault(gram, []).append(name)
    return References(titles, sections)


def _grams(words: str) -> frozenset[str]:
    return frozenset(words[i : i + GRAM] for i in range(len(words) - GRAM + 1))


def _fold(text: str) -> str:
    return _NO_WORD.sub("", text)
