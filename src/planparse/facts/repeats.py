"""Facts of a passage printed a second time name the first printing, as the passage's nodes do."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import TypeVar

from planparse.models import Node, Paragraph, Table
from planparse.models.facts import Fact
from planparse.structure.walk import walk

Row = TypeVar("Row", bound=Fact)


class Printings:
    """Where the second printings of a tree stand."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        leaves = [v.node for v in walk(nodes) if isinstance(v.node, Paragraph | Table)]
        self._found = [(n.span.start, n.span.end, n.duplicate_of) for n in leaves if n.duplicate_of]
        self._starts = [start for start, _, _ in self._found]

    def marked(self, facts: list[Row]) -> list[Row]:
        """The facts, those that stand in a second printing with its `duplicate_of`."""
        return [self._marked(fact) for fact in facts] if self._found else facts

    def _marked(self, fact: Row) -> Row:
        at = bisect_right(self._starts, fact.span.start) - 1
        if at < 0 or fact.duplicate_of is not None or fact.span.start >= self._found[at][1]:
            return fact
        return fact.model_copy(update={"duplicate_of": self._found[at][2]})
