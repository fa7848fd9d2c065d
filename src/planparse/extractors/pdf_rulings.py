"""A PDF page's path objects → the edges that can rule a table: lines, thin rectangles, the rims of larger ones."""

import ctypes
import math
import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise, repeat
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from planparse.extractors.pdf_characters import quick
from planparse.extractors.pdf_page import Frame

THIN = 3.0
SHORT = 4.0
MAX_EDGES = 1500
MAX_PATHS = 20_000
MAX_SEGMENTS = 400
MAX_DEPTH = 4
# Two strips meet at a seam.
SEAM = 2
# A rim round more of the page than this is the page's own ground or border, not a box.
PAGE_SHARE = 0.8

_THING, _INT, _OUT = ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
_page_count = quick(pdfium.FPDFPage_CountObjects, _INT, _THING)
_page_object = quick(pdfium.FPDFPage_GetObject, _THING, _THING, _INT)
_form_count = quick(pdfium.FPDFFormObj_CountObjects, _INT, _THING)
_form_object = quick(pdfium.FPDFFormObj_GetObject, _THING, _THING, ctypes.c_ulong)
_type = quick(pdfium.FPDFPageObj_GetType, _INT, _THING)
_segment_count = quick(pdfium.FPDFPath_CountSegments, _INT, _THING)
_segment = quick(pdfium.FPDFPath_GetPathSegment, _THING, _THING, _INT)
_segment_type = quick(pdfium.FPDFPathSegment_GetType, _INT, _THING)
_segment_point = quick(pdfium.FPDFPathSegment_GetPoint, _INT, _THING, _OUT, _OUT)
_segment_closes = quick(pdfium.FPDFPathSegment_GetClose, _INT, _THING)
_draw_mode = quick(pdfium.FPDFPath_GetDrawMode, _INT, _THING, _OUT, _OUT)
_fill_colour = quick(pdfium.FPDFPageObj_GetFillColor, _INT, _THING, _OUT, _OUT, _OUT, _OUT)
_object_matrix = quick(pdfium.FPDFPageObj_GetMatrix, _INT, _THING, _OUT)

Matrix = tuple[float, float, float, float, float, float]
# What pdfium writes into memory: a sixth of the time that ctypes takes to read it item by item.
POINT, MATRIX = struct.Struct("2f"), struct.Struct("6f")
PLAIN: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


DRAWN = (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_FORM)


Thing = tuple[int, int]
"""A page object: its address, and its type (FPDF_PAGEOBJ_PATH …)."""


class Edge(NamedTuple):
    """A horizontal or vertical line in points from the page's upper left corner, as read."""

    x0: float
    top: float
    x1: float
    bottom: float


class Shade(Edge):
    """An edge of an area that is shaded and not framed."""

    __slots__ = ()


def page_to_things(page: int) -> list[Thing]:
    """What stands on a page (`FPDF_PAGE` as an address): each object's address and type."""
    things = list(map(_page_object, repeat(page), range(int(_page_count(page)))))
    return list(zip(things, map(_type, things), strict=True))


def things_to_edges(things: Sequence[Thing], frame: Frame) -> list[Edge]:
    """The edges among a page's objects: horizontal or vertical, longer than 4 points.

    Slanted lines, white areas and Béziers give none, unless the Béziers are straight or round a frame's corners; a page with more than 1,500, or
    with more than 20,000 paths, is a drawing and gives none at all.
    """
    edges: list[Edge] = []
    kinds = [(thing, kind) for thing, kind in things if kind in DRAWN]
    if len(kinds) <= MAX_PATHS:
        for thing, kind in kinds:
            for edge in _thing_to_edges(thing, kind, PLAIN, frame, 0):
                edges.append(edge)
                if len(edges) > MAX_EDGES:
                    return []
    return without_seams(edges)


def without_seams(edges: list[Edge]) -> list[Edge]:
    """The edges without those at which shaded strips meet: a shaded paragraph is drawn line by line.

    Such a seam is drawn twice, once by each strip, and nothing is ruled or shaded beside them: at both its ends uprights of
    the same strips end and begin.
    """
    flat = Counter((round(e.top), round(e.x0), round(e.x1)) for e in edges if e.top == e.bottom and isinstance(e, Shade))
    twice = {place for place, count in flat.items() if count == SEAM}
    if not twice:
        return edges
    ends = Counter((round(e.x0), round(y)) for e in edges if e.x0 == e.x1 for y in (e.top, e.bottom))
    along = Counter(round(e.top) for e in edges if e.top == e.bottom)
    seams = {
        (y, x0, x1) for y, x0, x1 in twice if along[y] == SEAM and ends[x0, y] == SEAM and ends[x1, y] == SEAM
    }  # fmt: skip
    return [e for e in edges if e.top != e.bottom or (round(e.top), round(e.x0), round(e.x1)) not in seams]


def _thing_to_edges(thing: Any, kind: int, outer: Matrix, frame: Frame, depth: int) -> Iterator[Edge]:
    if kind == pdfium.FPDF_PAGEOBJ_PATH:
        yield from _path_to_edges(thing, outer, frame)
    elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH and _form_count(thing) <= MAX_PATHS:
        inner = times(_matrix_of(thing), outer)
        for index in range(_form_count(thing)):
            child = _form_object(thing, index)
            if child:
                yield from _thing_to_edges(child, _type(child), inner, frame, depth + 1)


def _path_to_edges(thing: Any, outer: Matrix, frame: Frame) -> Iterator[Edge]:
    count = _segment_count(thing)
    if not 2 <= count <= MAX_SEGMENTS:
        return
    modes = (ctypes.c_int * 2)()
    at = ctypes.addressof(modes)
    filled = bool(_draw_mode(thing, at, at + 4)) and modes[0] != 0
    if not (filled or modes[1]) or (filled and not modes[1] and _is_white(thing)):
        return
    points = _points(thing, count, times(_matrix_of(thing), outer))
    for outline in points:
        found = outline_to_edges(outline, frame, filled=filled)
        yield from found if modes[1] else (Shade(*edge) for edge in found)


def _points(thing: Any, count: int, matrix: Matrix) -> list[list[tuple[float, float]]]:
    """The path's outlines, corner by corner, on the page; one with Béziers is left out unless it is a line or a frame."""
    a, b, c, d, e, f = matrix
    point = (ctypes.c_float * 2)()
    at = ctypes.addressof(point)
    read = POINT.unpack_from
    outlines: list[list[tuple[float, float]]] = []
    curved: set[int] = set()
    for index in range(count):
        segment = _segment(thing, index)
        kind = _segment_type(segment)
        _segment_point(segment, at, at + 4)
        if kind == pdfium.FPDF_SEGMENT_MOVETO or not outlines:
            outlines.append([])
        if kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            curved.add(len(outlines) - 1)
        x, y = read(point)
        outlines[-1].append((a * x + c * y + e, b * x + d * y + f))
        if _segment_closes(segment) and outlines[-1][0] != outlines[-1][-1]:
            outlines[-1].append(outlines[-1][0])
    straight = (_straightened(o) if i in curved else o for i, o in enumerate(outlines))
    return [outline for outline in straight if len(outline) > 1]


def _straightened(outline: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """A path with Béziers as what it looks like: a line, or a frame whose corners alone are round; else nothing.

    The control points of both lie on the sides of the box round them; those of a circle do too, but its sides are short.
    """
    xs, ys = [p[0] for p in outline], [p[1] for p in outline]
    x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
    if min(x1 - x0, y1 - y0) <= 1:
        return [(x0, y0), (x1, y1)]
    on_box = all(min(abs(x - x0), abs(x - x1), abs(y - y0), abs(y - y1)) <= 1 for x, y in outline)
    sides = sum(abs(b[0] - a[0]) + abs(b[1] - a[1]) for a, b in pairwise(outline) if a[0] == b[0] or a[1] == b[1])
    longest = max(abs(b[0] - a[0]) for a, b in pairwise(outline))
    if on_box and longest > 0.6 * (x1 - x0) and sides > 0.6 * 2 * (x1 - x0 + y1 - y0):
        return [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]
    return []


def outline_to_edges(outline: list[tuple[float, float]], frame: Frame, *, filled: bool) -> Iterator[Edge]:
    """The edges of one outline, corner by corner in the page's own space: its sides, or its middle where it is thin."""
    xs, ys = [p[0] for p in outline], [p[1] for p in outline]
    across, down = frame.across(xs, ys), frame.down(xs, ys)
    x0, x1, top, bottom = min(across), max(across), min(down), max(down)
    wide, high = x1 - x0, bottom - top
    if not all(map(math.isfinite, (x0, x1, top, bottom))):
        return
    if wide * high > PAGE_SHARE * frame.width * frame.height:
        return
    if high <= THIN or wide <= THIN:
        middle = (top + bottom) / 2 if high <= wide else (x0 + x1) / 2
        if max(wide, high) > SHORT:
            yield Edge(x0, middle, x1, middle) if high <= wide else Edge(middle, top, middle, bottom)
        return
    if filled and outline[0] != outline[-1]:
        across.append(across[0])
        down.append(down[0])
    for i in range(len(across) - 1):
        left, right = sorted((across[i], across[i + 1]))
        upper, lower = sorted((down[i], down[i + 1]))
        if right - left > SHORT and lower - upper <= 1:
            yield Edge(left, (upper + lower) / 2, right, (upper + lower) / 2)
        elif lower - upper > SHORT and right - left <= 1:
            yield Edge((left + right) / 2, upper, (left + right) / 2, lower)


def _is_white(thing: Any) -> bool:
    parts = (ctypes.c_uint * 4)()
    at = ctypes.addressof(parts)
    if not _fill_colour(thing, at, at + 4, at + 8, at + 12):
        return False
    return parts[3] == 0 or min(parts[:3]) >= 250


def _matrix_of(thing: Any) -> Matrix:
    made = (ctypes.c_float * 6)()
    if not _object_matrix(thing, ctypes.addressof(made)):
        return PLAIN
    a, b, c, d, e, f = MATRIX.unpack_from(made)
    return a, b, c, d, e, f


def times(m: Matrix, n: Matrix) -> Matrix:
    """The matrix that first does m, then n (PDF 32000-1, 8.3.4)."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )
