"""The printed contents against the headings of the body."""

from collections.abc import Iterator

from planparse.checks.codes import diagnostic
from planparse.checks.site import Site
from planparse.models import Diagnostic, Section


def check_contents(site: Site) -> Iterator[Diagnostic]:
    """Entries without a heading, and headings of a listed level without an entry."""
    entries = [e for e in site.tree.contents if e.number or e.section]
    if not entries:
        return
    missed = [e for e in entries if e.section is None]
    if len(missed) * 2 > len(entries):
        yield diagnostic("contents.no-match", missed[0].span, count=len(missed), all=len(entries))
        return
    for entry in missed:
        yield diagnostic("contents.no-section", entry.span, title=f"{entry.number}{entry.title}")
    named = {e.section for e in entries}
    listed: dict[int, int] = {}
    for entry in entries:
        if entry.section:
            level = entry.section.count(".") + 1
            listed[level] = listed.get(level, 0) + 1
    unlisted: dict[int, list[Section]] = {}
    for visit in site.visits:
        node = visit.node
        if not isinstance(node, Section) or node.run_in or visit.annex or node.duplicate_of:
            continue
        if node.level in listed and node.id not in named:
            unlisted.setdefault(node.level, []).append(node)
    for level, sections in unlisted.items():
        # Contents that name a few headings of a level do not mean to list that level.
        if len(sections) < listed[level]:
            for section in sections:
                yield diagnostic("contents.unlisted", section.span, title=f"{section.number}{section.title}")
