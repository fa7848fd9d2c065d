"""What every check is given, and walks over it that are made once."""

from dataclasses import dataclass
from functools import cached_property

from planparse.document import Document
from planparse.facts.collect import Facts
from planparse.grammar import Grammar
from planparse.models import FrontMatter, Indicator
from planparse.structure.walk import Tree, Visit

FILE = "checks"


@dataclass(frozen=True)
class Site:
    """A plan as stages 1 and 2 left it."""

    document: Document
    tree: Tree
    front: FrontMatter
    facts: Facts
    grammar: Grammar

    @property
    def text(self) -> str:
        """The plan's text."""
        return self.document.text

    @cached_property
    def visits(self) -> list[Visit]:
        """Every node of the body with what it stands in."""
        return list(self.tree.body_visits)

    @cached_property
    def tables(self) -> dict[str, list[Indicator]]:
        """The indicators of each table, in order, those that are printed again left out."""
        found: dict[str, list[Indicator]] = {}
        for row in self.facts.indicators:
            if row.duplicate_of is None:
                found.setdefault(row.table, []).append(row)
        return found
