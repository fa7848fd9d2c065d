"""Headings with nothing under them and paragraphs that look cut."""

from collections.abc import Iterator, Sequence

from planparse.checks.codes import diagnostic
from planparse.checks.site import FILE, Site
from planparse.models import Diagnostic, Node, Paragraph, Section
from planparse.structure.spans import span_of

SHORTEST = 30
"""Characters; a shorter line that ends in a comma may be a form's or a verse's."""
OPEN_ENDS = "，、,"
CLOSERS = "，。、；：！？）》”"


def check_paragraphs(site: Site) -> Iterator[Diagnostic]:
    """Empty sections of the body (annexes hold forms), and paragraphs whose ends are not ends."""
    yield from _empty(site.tree.body)
    yield from _cut(site.tree.body)
    for found in site.grammar.find(FILE, site.text, gives="misconverted"):
        start, end = found.spans["word"]
        yield diagnostic("text.misconverted", span_of(site.document, start, end), raw=found.fields["word"])


def _empty(nodes: Sequence[Node]) -> Iterator[Diagnostic]:
    sections = [n for n in nodes if isinstance(n, Section) and n.duplicate_of is None]
    bare = [s for s in sections if not s.content and not s.run_in]
    # Where most have nothing under them they are a list of names.
    if len(bare) * 2 < len(sections):
        for section in bare:
            yield diagnostic("section.empty", section.span, title=f"{section.number}{section.title}")
    for section in sections:
        yield from _empty(section.content)


def _cut(nodes: Sequence[Node]) -> Iterator[Diagnostic]:
    for place, node in enumerate(nodes):
        if isinstance(node, Paragraph):
            after = nodes[place + 1] if place + 1 < len(nodes) else None
            yield from _paragraph(node, after)
        elif isinstance(node, Section):
            yield from _cut(node.content)


def _paragraph(node: Paragraph, after: Node | None) -> Iterator[Diagnostic]:
    text = node.text
    lines_follow = isinstance(after, Paragraph) and len(after.text) < SHORTEST
    if text[-1] in OPEN_ENDS and len(text) >= SHORTEST and not lines_follow:
        yield diagnostic("paragraph.cut", node.span, end=text[-1])
    elif text[0] in CLOSERS and len(text) > 1:
        yield diagnostic("paragraph.cut", node.span, end=f"{text[0]} (it begins so)")
