"""All checks, one room after another."""

from collections.abc import Callable, Iterator

from planparse.checks.agencies import check_agencies
from planparse.checks.attachments import check_attachments
from planparse.checks.contents import check_contents
from planparse.checks.counts import check_counts
from planparse.checks.figures import check_figures
from planparse.checks.front import check_front
from planparse.checks.indicators import check_indicators
from planparse.checks.numbering import check_numbering
from planparse.checks.paragraphs import check_paragraphs
from planparse.checks.pictures import check_fonts, check_pictures
from planparse.checks.site import Site
from planparse.checks.tables import check_tables
from planparse.document import Document
from planparse.facts.collect import Facts
from planparse.grammar import Grammar
from planparse.models import Diagnostic, FrontMatter
from planparse.structure.walk import Tree

CHECKS: tuple[Callable[[Site], Iterator[Diagnostic]], ...] = (
    check_front,
    check_numbering,
    check_contents,
    check_paragraphs,
    check_attachments,
    check_counts,
    check_indicators,
    check_tables,
    check_figures,
    check_agencies,
    check_pictures,
    check_fonts,
)


def collect_diagnostics(document: Document, tree: Tree, front: FrontMatter, facts: Facts, grammar: Grammar) -> list[Diagnostic]:
    """The doubts about a plan, in the order of their places; those of the whole document first.

    The time is linear in the length of the document; nothing is raised.
    """
    site = Site(document, tree, front, facts, grammar)
    found = [d for check in CHECKS for d in check(site)]
    return sorted(found, key=lambda d: (d.span.start if d.span else -1, d.code))
