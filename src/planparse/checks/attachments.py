"""Attachments that are named against those that stand in the file."""

from collections.abc import Iterator

from planparse.checks.codes import diagnostic
from planparse.checks.site import Site
from planparse.models import Annex, Diagnostic
from planparse.structure.contents import fold


def check_attachments(site: Site) -> Iterator[Diagnostic]:
    """Named and absent, or present and not named (only where the file names any besides the plan itself)."""
    named = site.front.attachments
    spans = site.front.spans.get("attachments", [])
    for place, attachment in enumerate(named):
        if not attachment.included:
            yield diagnostic("attachment.absent", spans[place] if place < len(spans) else None, title=attachment.title)
    titles = [fold(a.title) for a in named]
    # A notice whose 附件 is the plan says nothing of what is attached to the plan.
    if all(title == fold(site.front.title or "") for title in titles):
        return
    for visit in site.visits:
        node = visit.node
        if isinstance(node, Annex) and node.duplicate_of is None and node.title:
            title = fold(node.title)
            if title and not any(title in t or t in title for t in titles if t):
                yield diagnostic("attachment.unnamed", node.span, title=node.title)
