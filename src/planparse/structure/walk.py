"""The finished tree, and one way to walk it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from planparse.models import Annex, Box, Contents, ContentsEntry, Node, Paragraph, Section


class Visit(NamedTuple):
    """A node with what it stands in; `section` is the nearest section, `annex` and `box` likewise or None."""

    node: Node
    section: Section | None = None
    annex: Annex | None = None
    box: Box | None = None

    @property
    def place(self) -> str | None:
        """The id that a fact here carries as `section`: the section's, else the annex's, else None."""
        return self.section.id if self.section else self.annex.id if self.annex else None


@dataclass(frozen=True, slots=True)
class Tree:
    """What stage 2a gives: the nodes before, of and after the body, in order; read aloud they are the text."""

    front: list[Node] = field(default_factory=list)
    body: list[Node] = field(default_factory=list)
    back: list[Node] = field(default_factory=list)
    _walked: dict[str, tuple[Visit, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def nodes(self) -> list[Node]:
        """All top-level nodes in document order."""
        return [*self.front, *self.body, *self.back]

    @property
    def visits(self) -> tuple[Visit, ...]:
        """Every node of the tree with what it stands in, in document order; walked once."""
        if "all" not in self._walked:
            self._walked["all"] = (*walk(self.front), *self.body_visits, *walk(self.back))
        return self._walked["all"]

    @property
    def body_visits(self) -> tuple[Visit, ...]:
        """The same for the body alone."""
        if "body" not in self._walked:
            self._walked["body"] = tuple(walk(self.body))
        return self._walked["body"]

    @property
    def contents(self) -> list[ContentsEntry]:
        """The entries of every printed 目录."""
        return [e for v in self.visits if isinstance(v.node, Contents) for e in v.node.entries]


def walk(nodes: Sequence[Node], *, within: Visit | None = None) -> Iterator[Visit]:
    """Every node in document order, sections before their content, boxes before theirs."""
    found: list[Visit] = []
    _, section, annex, box = within or (None, None, None, None)
    _gather(nodes, section, annex, box, found)
    return iter(found)


def _gather(nodes: Sequence[Node], section: Section | None, annex: Annex | None, box: Box | None, found: list[Visit]) -> None:
    for node in nodes:
        found.append(Visit(node, section, annex, box))
        if isinstance(node, Paragraph):
            continue
        if isinstance(node, Section):
            _gather(node.content, node, annex, box, found)
        elif isinstance(node, Annex):
            _gather(node.content, None, node, box, found)
        elif isinstance(node, Box):
            _gather(node.content, section, annex, node, found)
