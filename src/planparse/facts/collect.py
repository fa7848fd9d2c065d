"""All facts of a plan, each kind by its own room."""

from dataclasses import dataclass, replace

from planparse.document import Document
from planparse.facts.citations import collect_citations
from planparse.facts.commitments import collect_commitments
from planparse.facts.glossary import collect_glossary
from planparse.facts.indicators import collect_indicators
from planparse.facts.projects import collect_projects
from planparse.facts.repeats import Printings
from planparse.facts.responsibilities import collect_responsibilities
from planparse.facts.running_roles import collect_running_roles
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
    """Every fact that the grammar takes from a tree; the region and period that `front` names settle levels and dates.

    What stands in a passage printed a second time carries the passage's `duplicate_of`.
    """
    level, region, period = front.level, front.region, front.period
    twice = Printings(tree.nodes)
    facts = Facts(
        indicators=twice.marked(collect_indicators(tree, document, grammar, period=period)),
        responsibilities=twice.marked(
            collect_responsibilities(tree, document, grammar, region_level=level, region=region, period=period)
        ),
        tasks=twice.marked(collect_tasks(tree, document, grammar, region_level=level, region=region, period=period)),
        commitments=twice.marked(collect_commitments(tree, document, grammar, period=period)),
        projects=twice.marked(collect_projects(tree, document, grammar, region_level=level, region=region, period=period)),
        citations=twice.marked(collect_citations(tree, document, grammar, basis=front.basis)),
        glossary=twice.marked(collect_glossary(tree, document, grammar)),
        unclaimed=[],
    )
    claimed = [
        *facts.indicators, *facts.responsibilities, *facts.tasks, *facts.commitments, *facts.projects, *facts.glossary,
    ]  # fmt: skip
    unclaimed = collect_unclaimed(tree, document, grammar, claimed=claimed)
    tagged = [*facts.responsibilities, *facts.tasks]
    unclaimed += collect_running_roles(tree, document, grammar, claimed=tagged, region_level=level, region=region)
    return replace(facts, unclaimed=sorted(unclaimed, key=lambda one: one.span.start))
