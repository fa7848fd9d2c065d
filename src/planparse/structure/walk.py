"""The finished tree, and one way to walk it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from planparse.models import Annex, Box, Contents, ContentsEntry, Node, Section


@dataclass(frozen=True, slots=True)
class Tree:
    """What stage 2a gives: the nodes before, of and after the body, in order; read aloud they are the text."""

    front: list[Node] = field(default_factory=list)
    body: list[Node] = field(default_factory=list)
    back: list[Node] = field(default_factory=list)

    @property
    def nodes(self) -> list[Node]:
        """All top-level nodes in document order."""
        return [*self.front, *self.body, *self.back]

    @property
    def contents(self) -> list[ContentsEntry]:
        """The entries of every printed 目录."""
        return [e for v in walk(self.nodes) if isinstance(v.node, Contents) for e in v.node.entries]


@dataclass(frozen=True, slots=True)
class Visit:
    """A node with what it stands in; `section` is the nearest section, `annex` and `box` likewise or None."""

    node: Node
    section: Section | None = None
    annex: Annex | None = None
    box: Box | None = None

    @property
    def place(self) -> str | None:
        """The id that a fact here carries as `section`: the section's, else the annex's, else None."""
        return self.section.id if self.section else self.annex.id if self.annex else None


def walk(nodes: Sequence[Node], *, within: Visit | None = None) -> Iterator[Visit]:
    """Every node in document order, sections before their content, boxes before theirs."""
    for node in nodes:
        visit = Visit(node, within.section, within.annex, within.box) if within else Visit(node)
        yield visit
        if isinstance(node, Section):
            yield from walk(node.content, within=Visit(node, node, visit.annex, visit.box))
        elif isinstance(node, Annex):
            yield from walk(node.content, within=Visit(node, None, node, visit.box))
        elif isinstance(node, Box):
            yield from walk(node.content, within=Visit(node, visit.section, visit.annex, node))
