"""The numbers of headings, paragraph breaks that were lost between them, and the numbers of boxes."""

from collections.abc import Iterator, Mapping, Sequence

from planparse.checks.codes import diagnostic
from planparse.checks.site import Site
from planparse.models import Annex, Box, Diagnostic, Node, Section
from planparse.numerals import to_int

Last = dict[tuple[str, int | None], int]


def check_numbering(site: Site) -> Iterator[Diagnostic]:
    """Gaps, repetitions and false starts in the numbers of headings and boxes."""
    styles = {r.name: r.rule.set["style"] for r in site.grammar.rules("headings") if "style" in r.rule.set}
    for part in _parts(site.tree.body):
        yield from _series(part, {}, styles)
    starts = {line.start for line in site.document.lines}
    for visit in site.visits:
        node = visit.node
        if isinstance(node, Section) and node.run_in and node.span.start not in starts:
            yield diagnostic("paragraph.break-lost", node.span, title=node.title)
    yield from _boxes(site)


def _parts(body: Sequence[Node]) -> Iterator[list[Node]]:
    """The body without its annexes, and each annex: series do not run from one into another."""
    yield [n for n in body if not isinstance(n, Annex)]
    for node in body:
        if isinstance(node, Annex):
            yield node.content


def _series(nodes: Sequence[Node], last: Last, styles: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Breaks among siblings; a series may go on from one parent to the next (（五） under 三 after （四） under 二).

    `styles` names the numbering of the rules that read a second printing of it.
    """
    before: dict[str, Section] = {}
    for node in nodes:
        if isinstance(node, Section) and node.duplicate_of is None:
            yield from _section(node, before, last, styles)
        if isinstance(node, Section | Annex | Box) and node.content:
            yield from _series(node.content, last, styles)


def _section(section: Section, siblings: dict[str, Section], last: Last, styles: Mapping[str, str]) -> Iterator[Diagnostic]:
    if section.implied_number:
        yield diagnostic("numbering.implied", section.span, title=section.title, number=section.implied_number)
    if section.ordinal is None or section.rule is None:
        return
    style = styles.get(section.rule, section.rule.removeprefix("headings."))
    before = siblings.get(style)
    siblings[style] = section
    # The series may run on below another level, too: 10. straight under 四、 after 9. under （二）.
    running = (last.get((style, section.level)), last.get((style, None)))
    last[style, section.level] = last[style, None] = section.ordinal
    about = {"number": section.number or section.implied_number or "", "title": section.title}
    if before is None or before.ordinal is None:
        if section.ordinal > 1 and section.ordinal - 1 not in running:
            yield diagnostic("numbering.late-start", section.span, **about)
        return
    printed = before.number or before.implied_number or ""
    step = section.ordinal - before.ordinal
    if step > 1:
        yield diagnostic("numbering.missing", section.span, **about, before=printed)
    elif step == 0:
        yield diagnostic("numbering.doubled", section.span, **about)
    elif step < 0 and not (section.run_in and section.ordinal == 1):
        # 1. may begin again behind a paragraph of its own.
        yield diagnostic("numbering.order", section.span, **about, before=printed)


def _boxes(site: Site) -> Iterator[Diagnostic]:
    before: int | None = None
    for visit in site.visits:
        node = visit.node
        if not isinstance(node, Box) or node.duplicate_of or visit.annex:
            continue
        number = to_int(node.number) if node.number else None
        if number is None:
            continue
        if before is not None and number != before + 1 and number != 1:
            yield diagnostic("box.number-skipped", node.caption_span or node.span, number=number, before=before)
        before = number
