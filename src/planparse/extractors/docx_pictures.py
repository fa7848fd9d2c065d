"""The pictures of a Word file: where they are anchored, how large they are shown, and which are read together."""

from collections.abc import Iterable, Iterator, Sequence

import regex
from lxml import etree

from planparse.document import BLANKS
from planparse.errors import UnreadableFile
from planparse.extractors.docx_chunks import document_to_story
from planparse.extractors.docx_package import A, C, Package, R, V, W
from planparse.extractors.docx_story import Block, Paragraph, Shown, Table
from planparse.extractors.docx_styles import to_int
from planparse.extractors.picture_places import ROOM, Crop, Placed, Told, events_to_groups, tell_groups
from planparse.grammar import Grammar

WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
EMU = 12_700
"""In a point (ECMA-376-1, 20.1.2.1)."""
TWIPS = 20
VML_LENGTH = regex.compile(r"(?:^|;)\s*(width|height)\s*:\s*([\d.]++)\s*(pt|in|cm|mm|px|)", regex.I)
UNITS = {"pt": 1.0, "in": 72.0, "cm": 72 / 2.54, "mm": 7.2 / 2.54, "px": 0.75, "": 1.0}


def element_to_placed(element: "etree._Element", package: Package, part: str) -> Placed | None:
    """The picture that an a:blip, v:imagedata or c:chart shows, in the points that it takes; None where no place is told."""
    width, height = _extent(element)
    if element.tag == C + "chart":
        return Placed(package.target(part, element.get(R + "id", "")) or "chart", b"", width, height)
    identifier = element.get(R + "embed") or element.get(R + "id") or element.get(R + "pict")
    if not identifier:
        linked = element.get(R + "link") or element.get(R + "href")
        return Placed("", b"", width, height, absent=True) if linked else None
    name = package.target(part, identifier)
    if name is None:
        return Placed("", b"", width, height, absent=True)
    try:
        data = package.raw(name)
    except UnreadableFile:
        data = b""
    return Placed(name, data, width, height, _crop(element))


def _extent(element: "etree._Element") -> tuple[float | None, float | None]:
    for above in element.iterancestors():
        if above.tag in (WP + "inline", WP + "anchor"):
            own = next((e for e in element.iterancestors() if e.tag.endswith("}pic")), None)
            said = None if own is None else own.find(f"./{{*}}spPr/{A}xfrm/{A}ext")
            outer = above.find(WP + "extent")
            sizes = [_lengths(e, "cx", "cy", EMU) for e in (said, outer) if e is not None]
            # In a group a picture is smaller than what is anchored.
            return min(sizes, key=lambda s: (s[0] or 0.0) * (s[1] or 0.0)) if sizes else (None, None)
        if above.tag in (V + "shape", V + "rect"):
            found = {n.lower(): float(v) * UNITS[u.lower()] for n, v, u in VML_LENGTH.findall(above.get("style", ""))}
            return found.get("width"), found.get("height")
        if above.tag == W + "p":
            break
    return None, None


def _lengths(element: "etree._Element", across: str, down: str, unit: int) -> tuple[float | None, float | None]:
    words = element.get(across, ""), element.get(down, "")
    wide, high = (int(word) / unit if word.isdecimal() and len(word) < 12 else None for word in words)
    return (wide, high) if wide and high else (None, None)


def _crop(element: "etree._Element") -> Crop | None:
    """What a:srcRect cuts off, in thousandths of a per cent."""
    parent = element.getparent()
    cut = None if parent is None else parent.find(A + "srcRect")
    if cut is None:
        return None
    words = [cut.get(side, "0") for side in "ltrb"]
    left, top, right, bottom = (min(0.99, int(word) / 100_000) if word.isdecimal() else 0.0 for word in words)
    return (left, top, right, bottom) if any((left, top, right, bottom)) else None


def room_for_text(body: "etree._Element") -> float:
    """The area of a page without its margins, in square points; of the last section, A4's where it says none."""
    section = next(reversed(list(body.iter(W + "sectPr"))), None)
    size = None if section is None else section.find(W + "pgSz")
    if section is None or size is None:
        return ROOM
    wide, high = _lengths(size, W + "w", W + "h", TWIPS)
    margins = section.find(W + "pgMar")
    said = [0 if margins is None else to_int(margins.get(W + side)) or 0 for side in ("left", "right", "top", "bottom")]
    across, down = (said[0] + said[1]) / TWIPS, (said[2] + said[3]) / TWIPS
    return max(1.0, (wide or 0.0) - across) * max(1.0, (high or 0.0) - down) if wide and high else ROOM


def read_shown(blocks: Sequence[Block], room: float, grammar: Grammar) -> Told | None:
    """Read the pictures in blocks that are large enough; the first of each group gets what it says.

    Returns that of the one group where there is nothing else: the pages of a scan.
    """
    events = list(_events(blocks, inside=False))
    asked = [(event.placed, event.inside) if isinstance(event, Shown) else None for event in events]
    groups = events_to_groups(asked, room) if any(asked) else []
    if not groups:
        return None
    told = tell_groups([group for _, group in groups], grammar)
    for (places, _), said in zip(groups, told, strict=True):
        shown = events[places[0]]
        if isinstance(shown, Shown):
            shown.told = said
            shown.blocks = document_to_story(said.document) if shown.inside else []
    return told[0] if None not in asked and len(told) == 1 and told[0].whole else None


def _events(blocks: Iterable[Block], *, inside: bool) -> Iterator[Shown | str]:
    """Words and pictures in reading order; `inside` what becomes a cell or a frame."""
    for block in blocks:
        if isinstance(block, Shown):
            block.inside = inside
            yield block
        elif isinstance(block, Paragraph):
            words = block.text.strip(BLANKS + "\x00")
            if words:
                yield words
            for box in block.boxes:
                picture = len(box) == 1 and isinstance(box[0], Shown)
                yield from _events(box, inside=inside or block.framed or not picture)
        elif isinstance(block, Table):
            for row in block.rows:
                for cell in row:
                    yield from _events(cell.blocks, inside=True)
