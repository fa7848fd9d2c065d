"""Which parts of a PDF page are pictures that may carry text: nothing is rendered or recognised to find them."""

import ctypes
from collections.abc import Iterator, Sequence
from typing import Any

import pypdfium2.raw as pdfium

from planparse.document import Box
from planparse.extractors.pdf_characters import quick
from planparse.extractors.pdf_page import Fragment, Frame, PageText
from planparse.extractors.pdf_rulings import Thing
from planparse.extractors.picture_places import is_worth

# A picture over this much of the page is the scan behind a text layer, unless the layer holds hardly more than a page
# number or the mark of a scanning program.
GROUND_SHARE, FEW_CHARACTERS = 0.6, 60
# Words of the text layer over a picture: with more than these it is the ground of a box.
LAID_OVER = 20
# Scanners cut a page into strips, which touch.
TOUCH = 3.0
MAX_PICTURES = 400
MAX_DEPTH = 4

_THING, _INT, _OUT = ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
_form_count = quick(pdfium.FPDFFormObj_CountObjects, _INT, _THING)
_form_object = quick(pdfium.FPDFFormObj_GetObject, _THING, _THING, ctypes.c_ulong)
_type = quick(pdfium.FPDFPageObj_GetType, _INT, _THING)
_matrix = quick(pdfium.FPDFPageObj_GetMatrix, _INT, _THING, _OUT)

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]


def things_to_areas(things: Sequence[Thing], text: PageText) -> list[Box]:
    """The pictures among a page's objects that are worth reading, from the top down.

    Boxes are points from the page's upper left corner as its text is read. A page without text that shows anything is one
    area, the whole of it: its words may be drawn as paths. Pictures under a text layer and small ones are none.
    """
    if not text.counted:
        return [(0.0, 0.0, text.frame.width, text.frame.height)] if things else []
    return boxes_to_areas(list(_pictures(things, text.frame)), text)


def boxes_to_areas(boxes: Sequence[Box], text: PageText) -> list[Box]:
    """Of the pictures on a page with a text layer (points from its upper left corner) those worth reading, from the top down."""
    frame = text.frame
    whole: Box = (0.0, 0.0, frame.width, frame.height)
    few = len(text.counted) <= FEW_CHARACTERS
    areas: list[Box] = []
    for box in merge_boxes(boxes):
        left, top, right, bottom = max(box[0], 0.0), max(box[1], 0.0), min(box[2], whole[2]), min(box[3], whole[3])
        wide, high = right - left, bottom - top
        if wide <= 0 or high <= 0:
            continue
        share = wide * high / (frame.width * frame.height)
        laid_over = sum(len(f.text) for f in text.fragments if covers((left, top, right, bottom), f))
        if is_worth(wide, high, share) and (few if share > GROUND_SHARE else laid_over <= LAID_OVER):
            areas.append((left, top, right, bottom))
    return sorted(areas, key=lambda a: (a[1], a[0]))


def covers(box: Box, fragment: Fragment) -> bool:
    """Whether the middle of a fragment lies in the box."""
    x, y = (fragment.x0 + fragment.x1) / 2, fragment.y - 0.35 * fragment.size
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def merge_boxes(boxes: Sequence[Box]) -> list[Box]:
    """Boxes that touch or overlap as one; strips of a scan come in order, so one look back and a last sweep find them."""
    merged: list[Box] = []
    for box in sorted(boxes, key=lambda b: (b[1], b[0])):
        at = next((i for i, other in enumerate(merged) if _touch(box, other)), None)
        while at is not None:
            other = merged.pop(at)
            box = (min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3]))
            at = next((i for i, other in enumerate(merged) if _touch(box, other)), None)
        merged.append(box)
    return merged


def _touch(a: Box, b: Box) -> bool:
    return a[0] <= b[2] + TOUCH and b[0] <= a[2] + TOUCH and a[1] <= b[3] + TOUCH and b[1] <= a[3] + TOUCH


def _pictures(things: Sequence[Thing], frame: Frame) -> Iterator[Box]:
    found = 0
    for thing, kind in things:
        if kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM):
            for corners in _thing_to_corners(thing, kind, (), 0):
                xs, ys = [p[0] for p in corners], [p[1] for p in corners]
                across, down = frame.across(xs, ys), frame.down(xs, ys)
                yield min(across), min(down), max(across), max(down)
                found += 1
                if found >= MAX_PICTURES:
                    return


def _thing_to_corners(thing: Any, kind: int, outer: tuple[Matrix, ...], depth: int) -> Iterator[list[Point]]:
    """The corners of the pictures in a page object; a picture is a unit square under its matrix (PDF 32000-1, 8.9.5)."""
    made = (ctypes.c_float * 6)()
    a, b, c, d, e, f = made if _matrix(thing, ctypes.addressof(made)) else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    matrices = ((a, b, c, d, e, f), *outer)
    if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
        yield [_through(corner, matrices) for corner in ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))]
    elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
        for index in range(min(_form_count(thing), MAX_PICTURES)):
            child = _form_object(thing, index)
            if child:
                yield from _thing_to_corners(child, _type(child), matrices, depth + 1)


def _through(point: Point, matrices: Sequence[Matrix]) -> Point:
    x, y = point
    for a, b, c, d, e, f in matrices:
        x, y = a * x + c * y + e, b * x + d * y + f
    return x, y
