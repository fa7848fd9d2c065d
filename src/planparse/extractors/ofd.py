"""OFD, the national page format of official documents (GB/T 33190-2016) → Document, through the rooms of PDF."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from lxml import etree

from planparse.document import Box, Document, Origin, Picture, count_characters
from planparse.document_builder import DocumentBuilder
from planparse.errors import UnreadableFile
from planparse.extractors.limits import DEFAULT_LIMITS, Limits, over, over_text
from planparse.extractors.ocr import PictureReader
from planparse.extractors.ocr_areas import boxes_to_areas
from planparse.extractors.ofd_objects import MAX_DEPTH, Drawn, Resources, Run, code_to_text, draw
from planparse.extractors.ofd_package import OfdPackage, inside, said
from planparse.extractors.ofd_pages import Page, PageBox, package_to_metadata, package_to_pages
from planparse.extractors.ofd_pictures import POINTS, OfdSheet, drawn_to_pictures
from planparse.extractors.pdf import text_to_page
from planparse.extractors.pdf_characters import QUARTER, UNEVEN, add_run
from planparse.extractors.pdf_flow import pages_to_document
from planparse.extractors.pdf_page import Frame, PageText
from planparse.extractors.pdf_rulings import MAX_EDGES, Edge, outline_to_edges
from planparse.extractors.picture_places import INSTALL
from planparse.extractors.radicals import repair
from planparse.grammar import Grammar

SLANT = 0.1


def read_ofd(data: bytes, origin: Origin, *, grammar: Grammar, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read an OFD file.

    1. Characters stand where Boundary, CTM, X, Y, DeltaX and DeltaY put them; lines, paragraphs and ruled tables are made
       of them as in a PDF. `box` and `size` are points.
    2. Every page counts in `pages`; `metadata["pages_without_text"]` names those without words. A template of one page is
       read with it; what a template prints on several pages is a `running_head`.
    3. What lies aslant, and watermark annotations, are `watermark`; other annotations `annotation`; objects with Visible
       false `hidden`. Seals hold no characters; pictures are read as those of a PDF.
    4. `source_count` counts the TextCodes of every page, its templates, composite units and annotations, unplaced.

    Raises UnreadableFile (`encrypted`, `damaged`, `too-large`, `not-a-document`, `no-text`).
    """
    package = OfdPackage(data, origin.name, limits)
    builder = DocumentBuilder()
    count: Counter[str] = Counter()
    without: list[int] = []
    laid = []
    repaired = 0
    pictures = PictureReader()
    failed: list[Picture] = []
    shown = 0
    for number, (page, resources) in enumerate(package_to_pages(package), start=1):
        if number > limits.pages:
            raise over(origin.name, limits, "pages", "has more than {limit} pages; split the file")
        drawn = _draw_page(page, resources, package, builder, number)
        text = drawn_to_text(drawn, page.box, _count_page(page, resources, package))
        _put_aside(page, drawn, builder, number)
        if len(text.counted) > limits.page_characters:
            raise over(
                origin.name, limits, "page_characters", f"page {number} holds more than {{limit}} characters; print it anew"
            )
        count.update(text.counted)
        if count.total() > limits.characters:
            raise over_text(origin.name, limits, "characters")
        repaired += text.repaired
        if not text.counted:
            without.append(number)
        if drawn.images:
            found = drawn_to_pictures(drawn, number, text.frame, page.box, package, shown)
            failed += found.failed
            shown += len(found.images)
            pictures.look(OfdSheet(package, found.images, *_shown_size(page.box)), _areas(found.boxes, text), number, text)
        laid.append(text_to_page(text, drawn_to_edges(drawn, page.box, text.frame), number, builder))
    if not laid:
        raise UnreadableFile(f"{origin.name}: the OFD has no pages; get the file again")
    laid = pictures.add_to(laid, builder, text_to_page)
    if not count and not builder.recognised:
        how = "which are damaged, too large or in no format that is read" if failed else "and no words were found in them"
        how = f"install what reads pictures: {INSTALL}" if pictures.unread else how
        raise UnreadableFile(f"{origin.name}: its pages are pictures without text; {how}", code="no-text")
    pages_to_document(laid, builder, grammar)
    builder.page(len(laid))
    metadata = package_to_metadata(package) | pictures.metadata()
    without = pictures.left_over(without)
    if without:
        metadata["pages_without_text"] = ",".join(map(str, without))
    pages = replace(origin, pages=len(laid))
    document = builder.build(pages, source_count=count, repaired=repaired, metadata=metadata)
    return pictures.mark(document, failed)


def _shown_size(box: PageBox) -> tuple[float, float]:
    return box[2] * POINTS, box[3] * POINTS


def _areas(boxes: Sequence[Box], text: PageText) -> list[Box]:
    """The areas of a page that are read: its pictures, or all of it where it has no text."""
    if not text.counted:
        return [(0.0, 0.0, text.frame.width, text.frame.height)] if boxes else []
    return boxes_to_areas(boxes, text)


def _draw_page(page: Page, resources: Resources, package: OfdPackage, builder: DocumentBuilder, number: int) -> Drawn:
    drawn = Drawn()
    for part, shared in page.templates:
        if not shared:
            draw(package.parsed(part), resources, drawn, package)
            continue
        under = Drawn()
        draw(package.parsed(part), resources, under, package)
        for run in under.runs:
            builder.discard(repair(run.text)[0], "watermark" if _is_slanted(run) else "running_head", page=number)
        drawn.outlines += under.outlines
        drawn.images += under.images
        drawn.hidden += under.hidden
    draw(package.parsed(page.part), resources, drawn, package)
    return drawn


def _put_aside(page: Page, drawn: Drawn, builder: DocumentBuilder, number: int) -> None:
    for words in drawn.hidden:
        builder.discard(repair(words)[0], "hidden", page=number)
    for note in page.annotations:
        words = "".join(code_to_text(code) for code in inside(note, "TextCode"))
        reason = "watermark" if said(note, "Type").lower() == "watermark" else "annotation"
        builder.discard(repair(words)[0], reason, page=number)


def drawn_to_text(drawn: Drawn, box: PageBox, count: Counter[str]) -> PageText:
    """The runs of a page (box: left, top, width, height in millimetres) as a PDF's page would give them."""
    left, top, wide, high = box
    directions = Counter(dict.fromkeys(range(4), 0))
    for run in drawn.runs:
        directions[round(_angle(run) / QUARTER) % 4] += len(run.glyphs)
    turn = max(directions, key=lambda t: (directions[t], -t))
    frame = Frame(turn, 0.0, 0.0, wide * POINTS, high * POINTS)
    text, repaired = repair("".join(run.text for run in drawn.runs))
    glyphs = [glyph for run in drawn.runs for glyph in run.glyphs]
    starts = [((g.start[0] - left) * POINTS, (top + high - g.start[1]) * POINTS) for g in glyphs]
    ends = [((g.end[0] - left) * POINTS, (top + high - g.end[1]) * POINTS) for g in glyphs]
    x = frame.across([p[0] for p in starts], [p[1] for p in starts])
    right = frame.across([p[0] for p in ends], [p[1] for p in ends])
    feet = frame.down([p[0] for p in starts], [p[1] for p in starts])
    # What stands on its side among upright words has no advance along the line.
    size_of = [run.size * POINTS for run in drawn.runs for _ in run.glyphs]
    right = [r if r - a > 0.05 * s else a + s for a, r, s in zip(x, right, size_of, strict=True)]
    page = PageText(frame, text, x, right, [], [], "".join(count.elements()), repaired)
    at = 0
    for run in drawn.runs:
        first, at = at, at + len(run.glyphs)
        if _is_slanted(run):
            page.watermarks.append(text[first:at])
            continue
        cuts = [i for i in range(first + 1, at) if abs(feet[i] - feet[i - 1]) > UNEVEN]
        for a, b in pairwise((first, *cuts, at)):
            add_run(page, a, b, feet[a], run.size * POINTS, bold=run.font.bold, font=run.font.name)
    return page


def _angle(run: Run) -> float:
    """The direction of its first character's advance, anticlockwise."""
    (x0, y0), (x1, y1) = run.glyphs[0].start, run.glyphs[0].end
    return math.atan2(y0 - y1, x1 - x0)


def _is_slanted(run: Run) -> bool:
    return SLANT < _angle(run) % QUARTER < QUARTER - SLANT


def drawn_to_edges(drawn: Drawn, box: PageBox, frame: Frame) -> list[Edge]:
    """The rulings among the outlines of a page; a page with more than 1,500 is a drawing and gives none."""
    edges: list[Edge] = []
    left, top, _, high = box
    for outline, filled in drawn.outlines:
        corners = [((x - left) * POINTS, (top + high - y) * POINTS) for x, y in outline]
        edges += outline_to_edges(corners, frame, filled=filled)
        if len(edges) > MAX_EDGES:
            return []
    return edges


def _count_page(page: Page, resources: Resources, package: OfdPackage) -> Counter[str]:
    """The second reading: the characters of every TextCode that a page brings, wherever they stand."""
    count: Counter[str] = Counter()
    units: dict[tuple[str, int], Counter[str]] = {}
    for part in (page.part, *(part for part, _ in page.templates)):
        count += _count_codes(package.parsed(part), resources.units, units, 0)
    for note in page.annotations:
        count += _count_codes(note, {}, units, 0)
    return count


def _count_codes(
    of: "etree._Element", units: "Mapping[str, etree._Element]", known: dict[tuple[str, int], Counter[str]], depth: int
) -> Counter[str]:
    words = "".join("".join(str(piece) for piece in code.itertext()) for code in inside(of, "TextCode"))
    count = count_characters(repair(words)[0])
    for thing in inside(of, "CompositeObject") if depth < MAX_DEPTH else ():
        name = said(thing, "ResourceID")
        if name in units and (name, depth) not in known:
            known[name, depth] = _count_codes(units[name], units, known, depth + 1)
        count += known.get((name, depth), Counter())
    return count
