"""What was recognised in pictures and for glyphs without a name, what of it is doubtful, and what was not read."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from planparse.checks.codes import diagnostic
from planparse.checks.site import Site
from planparse.document import Document, Line, Picture
from planparse.models import Diagnostic
from planparse.structure.spans import span_of

DOUBTFUL = 0.8
"""Print that is whole and sharp is read with 0.95 and more."""


MANY = 0.1
"""Of a page's characters: with fewer glyphs, single signs were read and not the page."""


STATES = {
    "unread": "picture.unread",
    "unreadable": "picture.unreadable",
    "too-large": "picture.too-large",
    "absent": "picture.absent",
}
"""What is said of a picture that was not read."""
NEAR = 20
"""Characters of the line beside a picture that say where it stands."""


def check_pictures(site: Site) -> Iterator[Diagnostic]:
    """One diagnostic for each stretch of recognised lines on a page, or each picture where there are no pages; for each
    doubtful line; and for each picture left unread.
    """
    document = site.document
    whole = set(document.metadata.get("ocr_pages", "").split(","))
    areas = _places(document.metadata.get("ocr_areas", ""))
    for (read, page), group in groupby(document.lines, key=lambda line: (line.confidence is not None, line.page)):
        if not read or page is None:
            continue
        lines = list(group)
        span = span_of(document, lines[0].start, lines[-1].end)
        sure = _mean(lines)
        if str(page) in whole:
            yield diagnostic("ocr.page", span, page=page, confidence=sure)
        else:
            area = _area(lines, areas.get(page, []))
            yield diagnostic("ocr.area", span, page=page, area=area, confidence=sure)
        for line in _doubtful(lines):
            here = span_of(document, line.start, line.end)
            yield diagnostic("ocr.doubtful", here, page=page, confidence=line.confidence or 0.0)
    for picture in document.pictures:
        yield from _check_picture(picture, document)


def _check_picture(picture: Picture, document: Document) -> Iterator[Diagnostic]:
    span = span_of(document, picture.start, picture.end)
    name = (picture.name or "").rpartition("/")[2]
    if picture.state == "read" and picture.page is None:
        lines = [n for n in document.lines if n.start < picture.end and picture.start < n.end and n.confidence is not None]
        yield diagnostic("ocr.picture", span, picture=name, confidence=_mean(lines))
        for line in _doubtful(lines):
            here = span_of(document, line.start, line.end)
            yield diagnostic("ocr.doubtful-picture", here, picture=name, confidence=line.confidence or 0.0)
    elif picture.state == "unread" and picture.page is not None and picture.box is not None:
        yield diagnostic("ocr.unread", page=picture.page, area=",".join(str(round(v)) for v in picture.box))
    elif picture.state in STATES:
        near = f"page {picture.page}" if picture.page is not None else _near(picture.start, document)
        yield diagnostic(STATES[picture.state], span, picture=name, place=near)


def _near(offset: int, document: Document) -> str:
    """How the line before a picture ends, or the one after it begins, by which a reader finds it."""
    before = document.text[:offset].rstrip()[-NEAR:].replace("\t", "\n").rpartition("\n")[2]
    return before or document.text[offset : offset + NEAR].lstrip().partition("\n")[0]


def _doubtful(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if line.confidence is not None and line.confidence < DOUBTFUL]


def _places(said: str) -> dict[int, list[str]]:
    """The areas of each page, from what stage 1 says of them ("2:90,385,505,757;3:…")."""
    found: dict[int, list[str]] = {}
    for place in filter(None, said.split(";")):
        number, _, area = place.partition(":")
        found.setdefault(int(number), []).append(area)
    return found


def check_fonts(site: Site) -> Iterator[Diagnostic]:
    """One diagnostic for each page with glyphs that its fonts do not name; with its place where they are many."""
    document = site.document
    for key, code in (("glyphs_read", "font.read"), ("glyphs_unread", "font.unread")):
        for place in filter(None, document.metadata.get(key, "").split(",")):
            page, count = map(int, place.split(":"))
            start = document.pages[page - 1]
            end = document.pages[page] - 1 if page < len(document.pages) else len(document.text)
            many = end > start and count >= MANY * (end - start)
            yield diagnostic(code, span_of(document, start, end) if many else None, page=page, count=count)


def _mean(lines: Sequence[Line]) -> float:
    weights = [(line.confidence or 0.0, line.end - line.start) for line in lines]
    return round(sum(c * w for c, w in weights) / max(1, sum(w for _, w in weights)), 3)


def _area(lines: Sequence[Line], areas: Sequence[str]) -> str:
    """The pictures of a page from which these lines come; all of them where the lines have no place."""
    boxes = [line.box for line in lines if line.box]
    taken = []
    for area in areas:
        left, top, right, bottom = map(float, area.split(","))
        if any(left <= (b[0] + b[2]) / 2 <= right and top <= (b[1] + b[3]) / 2 <= bottom for b in boxes):
            taken.append(area)
    return "; ".join(taken or areas)
