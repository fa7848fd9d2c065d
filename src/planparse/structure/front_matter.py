"""The head and the tail of a plan → FrontMatter (GB/T 9704-2012 document frames, government sites' metadata tables)."""

from collections.abc import Mapping, Sequence

import regex

from planparse.document import Document
from planparse.grammar import Grammar
from planparse.models import Agency, DocumentNumber, FrontMatter, Paragraph, Period, Section
from planparse.models.front import AdministrativeLevel
from planparse.structure.front_basis import lines_to_attachments, preamble_to_basis
from planparse.structure.front_bodies import (
    Signature,
    lines_to_addressees,
    lines_to_copied,
    lines_to_dated_title,
    lines_to_signature,
)
from planparse.structure.front_dates import (
    Dated,
    lines_to_printed,
    preamble_to_period,
    text_to_date,
    title_to_period,
    words_to_date,
)
from planparse.structure.front_lines import (
    FILE,
    FrontLine,
    nodes_to_lines,
    opening,
    squeeze,
    tail_lines,
    take,
)
from planparse.structure.front_links import with_links
from planparse.structure.front_regions import region_to_level, words_to_region
from planparse.structure.front_titles import (
    Title,
    lines_to_first_title,
    lines_to_notice,
    lines_to_own_title,
    lines_to_title,
    notice_to_name,
    unprinted_title,
)
from planparse.structure.spans import span_of
from planparse.structure.walk import Tree

Place = tuple[int, int]
WORD = regex.compile(r"[^\s、，]+")
VALUE = 60
HEAD = 600
"""Lines that are looked at: the longest head seen is a site's page dumped with all its navigation, of 300 lines."""


def collect_front_matter(tree: Tree, document: Document, grammar: Grammar) -> FrontMatter:
    """What the head and the tail of a plan say of it.

    1. A field that the document does not give is None or [], never guessed; `region_code` is always None here.
    2. `spans` has the places that a field was read from, several for a title broken over lines.
    3. `content` is `tree.front` as it is.
    4. `status` is `draft` where 征求意见稿 or the like is printed, `final` where the plan was numbered, signed or printed
       by its issuer, else None.
    """
    head = nodes_to_lines(tree.front, document, grammar)[:HEAD]
    tail = tail_lines(tree, document, grammar)
    labels = lines_to_labels([*head, *nodes_to_lines(tree.back, document, grammar)], grammar)
    notice = lines_to_notice(head, grammar)
    preamble = [n for n in tree.front if isinstance(n, Paragraph)]
    if tree.body and isinstance(first := tree.body[0], Section) and grammar.match(FILE, squeeze(first.title), gives="preamble"):
        preamble += opening(tree.body)
    title = lines_to_title(head, grammar, notice=notice) or unprinted_title(tree.nodes, preamble, grammar)
    named = notice_to_name(notice, grammar) if notice and title is None else None
    if named and notice:
        title = Title(named, notice.places)
    if title is None and notice is None:
        title = lines_to_own_title(head, grammar) or lines_to_first_title(head, grammar)
    signature = lines_to_signature(head, grammar, after=notice.to if notice else 0)
    if not signature.bodies and not signature.signed:
        signature = lines_to_signature(tail, grammar)
    under = lines_to_dated_title(head, title, grammar) if not signature.bodies and not signature.signed else None
    number = lines_to_number(head, grammar) or _labelled_number(labels, grammar)
    printed = lines_to_printed([*head, *tail], grammar)
    addressees = lines_to_addressees(head, grammar)
    copied = lines_to_copied([*head, *tail], grammar)
    basis = preamble_to_basis(preamble, grammar)
    issuers = _issuers(under or signature, notice, labels, grammar)
    period = _period(title, preamble, grammar)
    region = _region(title, notice, issuers, [*head, *tail], basis, grammar)
    bodies = [name for name, _ in issuers] or ([title.text] if title else [])
    level = region_to_level(
        region[0] if region else None, bodies, number[0].agency if number else None,
        "，".join(name for name, _ in addressees), [name for name, _ in basis], grammar,
    )  # fmt: skip
    signed = (under or signature).signed or _labelled_date(labels, "signed_on", grammar)
    dates: dict[str, Dated | None] = {
        "signed_on": signed,
        "printed_on": printed,
        "published_on": _labelled_date(labels, "published_on", grammar),
        "effective_on": text_to_date(document, grammar, "effective") or _labelled_date(labels, "effective_on", grammar),
        "expires_on": text_to_date(document, grammar, "expires") or _labelled_date(labels, "expires_on", grammar),
    }
    attachments = with_links(lines_to_attachments([*head, *tail], tree, title.text if title else None, grammar), document)
    index = labels.get("index_number")
    draft = _draft(title, notice, head, grammar)
    final = number or signature.bodies or printed or notice
    places: dict[str, list[Place]] = {
        "title": list(title.places) if title else [],
        "notice_title": list(notice.places) if notice else [],
        "issuer": [place for _, place in issuers],
        "document_number": [number[1]] if number else [],
        "index_number": [index[1]] if index else [],
        "addressees": [place for _, place in addressees],
        "copied_to": [place for _, place in copied],
        "period": [period[1]] if period else [],
        "region": [region[1]] if region else [],
        "basis": [place for _, place in basis],
        "attachments": [place for _, place in attachments],
        "status": [draft] if draft else [],
    } | {name: [found[1]] for name, found in dates.items() if found}
    typed = title.type if title else None
    return FrontMatter(
        title=title.text if title else None,
        notice_title=notice.text if notice else None,
        document_type=(grammar.canonical("document_types", typed) or typed) if typed else None,
        issuer=" ".join(name for name, _ in issuers) or None,
        issuers=[_agency(name, place, level, document, grammar) for name, place in issuers],
        level=level,
        document_number=number[0] if number else None,
        index_number=index[0] if index else None,
        **{name: found[0] if found else None for name, found in dates.items()},
        addressees=[name for name, _ in addressees],
        copied_to=[name for name, _ in copied],
        status="draft" if draft else "final" if final else None,
        period=period[0] if period else None,
        region=region[0] if region else None,
        basis=[squeeze(name) for name, _ in basis],
        attachments=[found for found, _ in attachments],
        spans={name: [span_of(document, *place) for place in found] for name, found in places.items() if found},
        content=list(tree.front),
    )


def lines_to_labels(lines: Sequence[FrontLine], grammar: Grammar) -> dict[str, tuple[str, Place]]:
    """What a site's metadata block says: field → words and place, from `标签：值` lines and from cells side by side."""
    known = grammar.aliases["front_labels"]
    found: dict[str, tuple[str, Place]] = {}
    for number, line in enumerate(lines):
        label = take(grammar, line, "label")
        if label:
            field = known.get(squeeze(label.fields["label"]))
            value, start = label.fields["value"], line.start + label.spans["value"][0]
            below = lines[number + 1] if number + 1 < len(lines) else None
            if not value and below and below.row == line.row and not take(grammar, below, "label") and len(below.text) < VALUE:
                value, start = below.text, below.start
        else:
            field = known.get(squeeze(line.text).strip("：:[]【】"))
            below = lines[number + 1] if number + 1 < len(lines) else None
            if field is None or below is None or line.row is None or below.row != line.row:
                continue
            value, start = below.text, below.start
        if field and field != "other" and value and field not in found:
            found[field] = value, (start, start + len(value))
    return found


def lines_to_number(lines: Sequence[FrontLine], grammar: Grammar) -> tuple[DocumentNumber, Place] | None:
    """The plan's own 发文字号: the first that stands alone on its line (those in brackets are other documents')."""
    for line in lines:
        found = take(grammar, line, "number") if line.row is None else None
        if found:
            low, high = found.spans["raw"]
            return _number(found.fields, line.text[low:high]), (line.start + low, line.start + high)
    return None


def _number(fields: Mapping[str, str], raw: str) -> DocumentNumber:
    return DocumentNumber(raw=squeeze(raw), agency=fields["agency"], year=int(fields["year"]), serial=fields["serial"])


def _labelled_number(labels: dict[str, tuple[str, Place]], grammar: Grammar) -> tuple[DocumentNumber, Place] | None:
    value = labels.get("document_number")
    found = grammar.match(FILE, value[0], gives="number") if value else None
    return (_number(found.fields, found.fields["raw"]), value[1]) if found and value else None


def _labelled_date(labels: dict[str, tuple[str, Place]], field: str, grammar: Grammar) -> Dated | None:
    value = labels.get(field)
    return words_to_date(value[0], value[1][0], grammar) if value else None


def _issuers(
    signature: Signature, notice: Title | None, labels: dict[str, tuple[str, Place]], grammar: Grammar
) -> list[tuple[str, Place]]:
    """The bodies that sign; else those that the notice's title names in full; else the site's 发布机构."""
    if signature.bodies:
        return list(signature.bodies)
    found = grammar.match(FILE, notice.text, gives="notice_title") if notice else None
    bodies = (found.get("bodies") or "").removesuffix("关于").split() if found else []
    if (
        notice
        and bodies
        and all(grammar.match(FILE, b, gives="body") and not grammar.match(FILE, b, gives="short_body") for b in bodies)
    ):
        return [(body, notice.places[0]) for body in bodies]
    words, (start, _) = labels.get("issuer", ("", (0, 0)))
    parts = [(found[0], (start + found.start(), start + found.end())) for found in WORD.finditer(words)]
    return parts if all(grammar.match(FILE, name, gives="body") for name, _ in parts) else []


def _period(title: Title | None, preamble: Sequence[Paragraph], grammar: Grammar) -> tuple[Period, Place] | None:
    named = title_to_period(title.text, 0, grammar) if title else None
    stated = preamble_to_period(preamble, grammar)
    if named and title and named[0].start is not None:
        return named[0], title.places[0]
    if stated:
        return stated
    return (named[0], title.places[0]) if named and title else None


def _region(
    title: Title | None, notice: Title | None, issuers: Sequence[tuple[str, Place]], lines: Sequence[FrontLine],
    basis: Sequence[tuple[str, Place]], grammar: Grammar,
) -> tuple[str, Place] | None:  # fmt: skip
    sources = [(t.text, t.places[0][0]) for t in (title,) if t]
    sources += [(name, place[0]) for name, place in issuers]
    sources += [(notice.text, notice.places[0][0])] if notice else []
    fuller = [(line.text, line.start) for line in lines if len(line.text) <= 60]
    fuller += [(name, place[0]) for name, place in basis]
    return words_to_region(sources, fuller, grammar)


def _draft(title: Title | None, notice: Title | None, lines: Sequence[FrontLine], grammar: Grammar) -> Place | None:
    for line in lines:
        found = take(grammar, line, "draft")
        mark = grammar.first(FILE, line.text, gives="draft_mark") if len(line.text) < 120 else None
        if found or mark:
            return line.start, line.end
    return next((t.places[0] for t in (title, notice) if t and t.draft), None)


def _agency(name: str, place: Place, level: AdministrativeLevel | None, document: Document, grammar: Grammar) -> Agency:
    party = grammar.match(FILE, name, gives="party")
    return Agency(name=name, level=level, kind="party" if party else "government", span=span_of(document, *place))
