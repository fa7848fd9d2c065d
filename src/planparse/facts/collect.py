"""All facts of a plan, each kind by its own room."""

from dataclasses import dataclass

from planparse.document import Document
from planparse.facts.citations import collect_citations
from planparse.facts.commitments import collect_commitments
from planparse.facts.glossary import collect_glossary
from planparse.facts.indicators import collect_indicators
from planparse.facts.responsibilities import collect_responsibilities
from planparse.facts.tasks import collect_tasks
from planparse.grammar import Grammar
from planparse.models import Citation, Commitment, GlossaryEntry, Indicator, Project, Responsibility, Task
from planparse.structure.walk import Tree


@dataclass(frozen=True, slots=True)
class Facts:
    """The flat lists of a plan, in document order."""

    indicators: list[Indicator]
    responsibilities: list[Responsibility]
    tasks: list[Task]
    commitments: list[Commitment]
    projects: list[Project]
    citations: list[Citation]
    glossary: list[GlossaryEntry]


def collect_facts(tree: Tree, document: Document, grammar: Grammar) -> Facts:
    """Every fact that the grammar takes from a tree."""
    return Facts(
        indicators=collect_indicators(tree, document, grammar),
        responsibilities=collect_responsibilities(tree, document, grammar),
        tasks=collect_tasks(tree, document, grammar),
        commitments=collect_commitments(tree, document, grammar),
        projects=[],
        citations=collect_citations(tree, document, grammar),
        glossary=collect_glossary(tree, document, grammar),
    )
