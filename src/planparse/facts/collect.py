"""All facts of a plan, each kind by its own room."""

from dataclasses import dataclass, replace

from planparse.document import Document
from planparse.facts.citations import collect_citations
from planparse.facts.commitments import collect_commitments
from planparse.facts.glossary import collect_glossary
from planparse.facts.indicators import collect_indicators
from planparse.facts.projects import collect_projects
from planparse.facts.responsibilities import collect_responsibilities
from planparse.facts.tasks import collect_tasks
from planparse.facts.unclaimed import collect_unclaimed
from planparse.grammar import Grammar
from planparse.models import (
    Citation,
    Commitment,
    FrontMatter,
    GlossaryEntry,
    Indicator,
    Project,
    Responsibility,
    Task,
    Unclaimed,
)
from planparse.structure.walk import Tree


@dataclass(frozen=True, slots=True)
class Facts:
    """The flat lists of a plan, in document order, and what looks like a fact and is in none of them."""

    indicators: list[Indicator]
    responsibilities: list[Responsibility]
    tasks: list[Task]
    commitments: list[Commitment]
    projects: list[Project]
    citations: list[Citation]
    glossary: list[GlossaryEntry]
    unclaimed: list[Unclaimed]


def collect_facts(tree: Tree, document: Document, front: FrontMatter, grammar: Grammar) -> Facts:
    """Every fact that the grammar takes from a tree; the region and period that `front` names settle levels and dates."""
    level, region, period = front.level, front.region, front.period
    facts = Facts(
        indicators=collect_indicators(tree, document, grammar),
        responsibilities=collect_responsibilities(tree, document, grammar, region_level=level, region=region, period=period),
        tasks=collect_tasks(tree, document, grammar, region_level=level, region=region, period=period),
        commitments=collect_commitments(tree, document, grammar),
        projects=collect_projects(tree, document, grammar, region_level=level, region=region, period=period),
        citations=collect_citations(tree, document, grammar),
        glossary=collect_glossary(tree, document, grammar),
        unclaimed=[],
    )
    claimed = [
        *facts.indicators, *facts.responsibilities, *facts.tasks, *facts.commitments, *facts.projects, *facts.glossary,
    ]  # fmt: skip
    return replace(facts, unclaimed=collect_unclaimed(tree, document, grammar, claimed=claimed))
