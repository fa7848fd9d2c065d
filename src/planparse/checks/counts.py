"""Printed counts (5项, 四大工程, 10项指标, 21大类40个小类) against what was read."""

from collections.abc import Iterator, Sequence

from planparse.checks.codes import diagnostic
from planparse.checks.site import FILE, Site
from planparse.models import Box, Diagnostic, Paragraph, Section, Span, Table
from planparse.numerals import to_int
from planparse.structure.spans import span_of


def check_counts(site: Site) -> Iterator[Diagnostic]:
    """What a caption, a group heading, a heading or a sentence says how many there are."""
    for visit in site.visits:
        node = visit.node
        if getattr(node, "duplicate_of", None):
            continue
        if isinstance(node, Box):
            yield from _box(node, site)
        elif isinstance(node, Section) and not node.run_in and not visit.annex:
            yield from _heading(node, site)
    yield from _indicators(site)
    yield from _catalogues(site)


def _printed(words: str, site: Site) -> int | None:
    found = site.grammar.first(FILE, words, gives="count")
    return to_int(found.fields["count"]) if found else None


def _box(box: Box, site: Site) -> Iterator[Diagnostic]:
    if not box.items:
        return
    printed = _printed(box.title, site)
    if printed is not None and printed != len(box.items):
        yield diagnostic("count.differs", box.caption_span or box.span, printed=printed, found=len(box.items), what="entries")
    groups: dict[str, list[int]] = {}
    for item in box.items:
        if item.group:
            groups.setdefault(item.group, []).append(item.span.start)
    for group, starts in groups.items():
        printed = _printed(group, site)
        if printed is not None and printed != len(starts):
            at = site.text.rfind(group, box.span.start, starts[0])
            span = span_of(site.document, at, at + len(group)) if at >= 0 else box.span
            yield diagnostic("count.differs", span, printed=printed, found=len(starts), what="entries")


def _heading(section: Section, site: Site) -> Iterator[Diagnostic]:
    found = site.grammar.match(FILE, section.title, gives="heading_count")
    printed = to_int(found.fields["count"]) if found else None
    if found is None or printed is None or printed < 2:
        return
    children = [n for n in section.content if isinstance(n, Section)]
    entries = [i for n in section.content if isinstance(n, Box) for i in n.items]
    count = len(children) or len(entries)
    # Fewer than half were read: the count means something else than what stands here.
    if count >= 2 and count != printed and count * 2 > printed:
        yield diagnostic("count.differs", section.span, printed=printed, found=count, what=found.fields["what"])


def _indicators(site: Site) -> Iterator[Diagnostic]:
    """A sentence that says how many indicators there are, where there is one table of them."""
    if len(site.tables) != 1:
        return
    rows = next(iter(site.tables.values()))
    counts = {len(rows), sum(r.parent is None for r in rows), sum(r.sequence is not None for r in rows)}
    for visit in site.visits:
        node = visit.node
        if not isinstance(node, Paragraph) or visit.annex or "指标" not in node.text:
            continue
        if visit.section is None or visit.section.function not in ("goals", "other", "monitoring"):
            continue
        for found in site.grammar.find(FILE, node.text, gives="indicator_count"):
            printed = to_int(found.fields["count"])
            if printed is not None and printed > 2 and printed not in counts:
                span = span_of(site.document, node.span.start + found.start, node.span.start + found.end)
                yield diagnostic("count.differs", span, printed=printed, found=max(counts), what="indicators")
            return


def _catalogues(site: Site) -> Iterator[Diagnostic]:
    """21大类40个小类 before a table with as many merged classes."""
    before: list[Paragraph] = []
    for visit in site.visits:
        node = visit.node
        if isinstance(node, Paragraph):
            before.append(node)
        elif isinstance(node, Table):
            rows = node.rows[node.header_rows :]
            merged = [row for row in rows if row and row[0].column == 0 and row[0].text.strip()]
            # Only a table whose first column holds classes over several rows each is such a catalogue.
            said = _said(before, site) if 1 < len(merged) < len(rows) else None
            if said is not None and (len(merged), len(rows)) != said[:2]:
                classes, count, span = said
                yield diagnostic(
                    "count.differs", span, printed=f"{classes}/{count}", found=f"{len(merged)}/{len(rows)}", what="classes/rows"
                )
            before.clear()


def _said(paragraphs: Sequence[Paragraph], site: Site) -> tuple[int, int, Span] | None:
    """The classes and entries of a catalogue that the last paragraph with such words names."""
    for node in reversed(paragraphs):
        found = site.grammar.first(FILE, node.text, gives="classes")
        if found is None:
            continue
        classes, count = to_int(found.fields["classes"]), to_int(found.fields["count"])
        at = node.span.start
        return (classes, count, span_of(site.document, at + found.start, at + found.end)) if classes and count else None
    return None
