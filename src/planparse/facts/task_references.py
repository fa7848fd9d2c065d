"""Which sections a row of a task table repeats: by a title that it quotes, else by the words that it shares."""

from collections.abc import Mapping
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
ELSEWHERE = ("review", "situation", "principles", "goals")
"""Sections that hand out no task: what they share with a row is the plan's subject."""


@dataclass(frozen=True, slots=True)
class References:
    """The body's sections, ready to be asked: folded titles, and the character triples of each section's own words."""

    titles: Mapping[str, list[str]]
    grams: Mapping[str, frozenset[str]]
    weight: Mapping[str, float]

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
        return [name for name in found if not any(other.startswith(f"{name}.") for other in found)]

    def _nearest(self, asked: frozenset[str]) -> list[str]:
        whole = fsum(self.weight.get(gram, 1.0) for gram in asked)
        if not whole:
            return []
        shares = [(fsum(self.weight[g] for g in asked & own) / whole, name) for name, own in self.grams.items()]
        shares.sort(key=lambda one: -one[0])
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
    grams = {name: frozenset(gram for part in parts for gram in _grams(part)) for name, parts in words.items()}
    count: dict[str, int] = {}
    for own in grams.values():
        for gram in own:
            count[gram] = count.get(gram, 0) + 1
    return References(titles, grams, {gram: 1 / n for gram, n in count.items()})


def _grams(words: str) -> frozenset[str]:
    return frozenset(words[i : i + GRAM] for i in range(len(words) - GRAM + 1))


def _fold(text: str) -> str:
    return _NO_WORD.sub("", text)
