"""What the front matter says of the document: its title, whether it is a plan at all, dates and places that contradict."""

from calendar import monthrange
from collections.abc import Iterator

from planparse.checks.codes import diagnostic
from planparse.checks.site import FILE, Site
from planparse.models import Diagnostic, Paragraph, Section, Span
from planparse.numerals import to_int
from planparse.structure.spans import span_of

TITLE_LINES = 12
TITLE_LENGTH = 60


def check_front(site: Site) -> Iterator[Diagnostic]:
    """The document as a whole, and its front matter against itself."""
    yield from _document(site)
    yield from _dates(site)
    yield from _contradictions(site)


def _document(site: Site) -> Iterator[Diagnostic]:
    document, front = site.document, site.front
    if not any(isinstance(v.node, Section) for v in site.visits):
        yield diagnostic("document.no-sections")
    for words, span in _titles(site):
        found = site.grammar.match(FILE, words, gives="no_plan")
        if found:
            yield diagnostic("document.no-plan", span, what=found.fields["what"])
            break
    places = front.spans.get("title", [])
    end = site.tree.front[-1].span.end if site.tree.front else 0
    if front.title is None:
        yield diagnostic("title.none")
    elif places and all(s.start >= end for s in places):
        yield diagnostic("title.not-printed", places[0], title=front.title)
    if document.repaired:
        yield diagnostic("text.repaired", count=document.repaired)
    pages = document.metadata.get("pages_without_text")
    if pages:
        yield diagnostic("pages.without-text", pages=pages)
    parts = document.metadata.get("unread_parts")
    if parts:
        yield diagnostic("document.part-unread", parts=parts)


def _place(site: Site, field: str) -> Span | None:
    return next(iter(site.front.spans.get(field, [])), None)


def _dates(site: Site) -> Iterator[Diagnostic]:
    front = site.front
    for found in site.grammar.find(FILE, site.text, gives="date"):
        year, month, day = (int(found.fields.get(k) or "1") for k in ("year", "month", "day"))
        if not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
            yield diagnostic(
                "date.impossible", span_of(site.document, found.start, found.end), raw=site.text[found.start : found.end]
            )
    signed, printed = front.signed_on, front.printed_on
    if signed and printed and signed > printed:
        yield diagnostic(
            "date.order",
            _place(site, "signed_on"),
            first="the day of signing",
            earlier=signed,
            second="the day of printing",
            later=printed,
        )
    effective, expires = front.effective_on, front.expires_on
    if effective and expires and effective > expires:
        yield diagnostic(
            "date.order", _place(site, "effective_on"), first="the day of coming into force", earlier=effective,
            second="the day of expiry", later=expires,
        )  # fmt: skip
    period = front.period
    if period and period.start and period.end and period.start > period.end:
        yield diagnostic(
            "date.order", _place(site, "period"), first="the period's first year", earlier=period.start,
            second="its last", later=period.end,
        )  # fmt: skip


def _contradictions(site: Site) -> Iterator[Diagnostic]:
    front = site.front
    number = front.document_number
    if number and number.year and front.signed_on and abs(number.year - int(front.signed_on[:4])) > 1:
        yield diagnostic(
            "front.contradiction", _place(site, "document_number"), field="year",
            first=f"{number.year} (document number)", second=f"{front.signed_on[:4]} (signature)",
        )  # fmt: skip
    first: tuple[int, str] | None = None
    for words, span in _titles(site):
        named = _five_years(site, words)
        if len(named) != 1:
            continue
        here = min(named), words
        if first and first[0] != here[0]:
            yield diagnostic("front.contradiction", span, field="five-year plan", first=first[1], second=words)
            return
        first = first or here


def _titles(site: Site) -> Iterator[tuple[str, Span | None]]:
    """The title, the notice's title, and the short lines above the body that bear themselves like titles."""
    front = site.front
    known = [(front.title, _place(site, "title")), (front.notice_title, _place(site, "notice_title"))]
    yield from ((words, span) for words, span in known if words)
    for node in front.content[:TITLE_LINES]:
        if isinstance(node, Paragraph) and len(node.text) <= TITLE_LENGTH and not any(c in node.text for c in "。，：《"):
            yield node.text, node.span


def _five_years(site: Site, words: str) -> set[int]:
    """Which five-year plans a title names; several where it looks back or ahead."""
    found = site.grammar.find(FILE, words, gives="five_year")
    return {n for n in (to_int(m.fields["five"]) for m in found) if n}
