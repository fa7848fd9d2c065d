"""A sheet's pictures → words and rulings, in points: rendered, held straight, seals lifted off, recognised.

This module is imported when the first picture is read, and cv2, numpy and rapidocr with it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

import numpy as np

from planparse.document import Box
from planparse.extractors.ocr_areas import GROUND_SHARE, covers
from planparse.extractors.ocr_engine import Engine, Piece, Pixels
from planparse.extractors.ocr_image import (
    Ruling,
    darkness,
    find_rulings,
    ink_box,
    ink_of,
    left_over,
    lift_seals,
    skew_of,
    split_tall,
    turn,
    wipe,
)
from planparse.extractors.ocr_leaders import find_leaders, leader_to_word, leaders_to_mask
from planparse.extractors.ocr_signs import find_dashes, find_head_dashes, find_rings, find_shells
from planparse.extractors.ocr_words import Word, measure, split_sizes
from planparse.extractors.pdf_page import Fragment, PageText
from planparse.extractors.pdf_rulings import Edge

DPI = 200
MAX_PIXELS = 10_000_000
# A piece this much taller than wide is a column of upright characters; a page of them lies on its side.
TALL, MOST, ENOUGH = 1.6, 0.6, 5
# A page that is read with less than this may stand on its head.
SURE = 0.75
# What detection did not take for print has to be read with more certainty.
OVERLOOKED = 0.8


class Sheet(Protocol):
    """What can be shown as a picture: a page of a file, or a picture alone."""

    def size(self) -> tuple[float, float]:
        """Its width and height as it is shown, in points."""
        ...

    def image(self, scale: float, turn: int | None = None) -> Any:
        """Its BGR pixels, `scale` of them a point: as it is shown, or held as text turned by `turn` quarters is read."""
        ...


@dataclass(frozen=True, slots=True)
class Scan:
    """What was read in one area of a sheet.

    `whole`: the sheet is nothing else; `framed`: a picture among text, and not the ground of the page; `doubted`: it may be a
    map or a photo, and has to say something. `width` and `height` are the sheet's as the words are read.
    """

    number: int
    area: Box
    width: float
    height: float
    whole: bool
    framed: bool
    words: tuple[Word, ...]
    edges: tuple[Edge, ...]
    doubted: bool = False


def page_to_scans(sheet: Sheet, number: int, text: PageText, areas: Sequence[Box], engine: Engine) -> list[Scan]:
    """What stands in the areas of a page; at 200 dpi, less where that were over 10 million pixels.

    Words that the text layer has in the same place are left out.
    """
    frame, whole = text.frame, not text.counted
    if whole:
        wide, high = sheet.size()
        areas = [(0.0, 0.0, wide, high)]
    else:
        # As its text is read, which may not be as the page is shown.
        wide, high = frame.width, frame.height
    scale = scale_for(wide, high)
    image = sheet.image(scale, None if whole else frame.turn)
    scans: list[Scan] = []
    for area in areas:
        left, top, right, bottom = (max(0, round(v * scale)) for v in area)
        part = np.ascontiguousarray(image[top:bottom, left:right])
        if min(part.shape[:2], default=0) < 8:
            continue
        framed = not whole and (area[2] - area[0]) * (area[3] - area[1]) <= GROUND_SHARE * wide * high
        reading = read_picture(part, scale, (area[0], area[1]), engine, whole=whole, rim=not framed)
        inside = [f for f in text.fragments if covers(area, f)]
        words = tuple(word for word in reading.words if not any(_lies_on(word, f) for f in inside))
        width, height = (reading.width, reading.height) if whole else (wide, high)
        scans.append(Scan(number, area, width, height, whole, framed, words, tuple(reading.edges)))
    return scans


def picture_to_scan(sheet: Sheet, number: int, engine: Engine, *, framed: bool, doubted: bool) -> Scan:
    """What stands in a picture that is a sheet of its own: `framed` among text, else a page that may lie on its side."""
    wide, high = sheet.size()
    scale = scale_for(wide, high)
    reading = read_picture(sheet.image(scale), scale, (0.0, 0.0), engine, whole=not framed, rim=not framed)
    area = (0.0, 0.0, reading.width, reading.height)
    return Scan(number, area, *area[2:], not framed, framed, tuple(reading.words), tuple(reading.edges), doubted)


def scale_for(wide: float, high: float) -> float:
    """How many pixels a point a sheet of this size, in points, is shown with."""
    return min(DPI / 72, math.sqrt(MAX_PIXELS / max(1.0, wide * high)))


def _lies_on(word: Word, fragment: Fragment) -> bool:
    x, y = word.middle
    return fragment.x0 <= x <= fragment.x1 and -fragment.size <= y - fragment.y <= 0.2 * fragment.size


@dataclass(frozen=True, slots=True)
class Reading:
    """A picture's words and edges, its width and height as it was held, in points; `lies`: not read, it lies on its side."""

    words: list[Word]
    edges: list[Edge]
    width: float
    height: float
    lies: bool = False

    @property
    def confidence(self) -> float:
        """The mean of all its characters' scores, 0 to 1; 0 without a word."""
        return sum(sum(w.scores) for w in self.words) / max(1, sum(len(w.text) for w in self.words))


def read_picture(image: Any, scale: float, corner: tuple[float, float], engine: Engine, *, whole: bool, rim: bool) -> Reading:
    """What a BGR picture says whose upper left corner lies at `corner` of its page, `scale` pixels a point.

    Where `whole`, a page that lies on its side or stands on its head is turned upright; `rim` drops lines along the edge.
    """
    image, _ = lift_seals(image, scale)
    reading = _read_turned(image, 0, scale, corner, engine, rim, look=whole)
    if reading.lies:
        return max((_read_turned(image, quarter, scale, corner, engine, rim) for quarter in (1, 3)), key=lambda r: r.confidence)
    if whole and len(reading.words) >= ENOUGH and reading.confidence < SURE:
        other = _read_turned(image, 2, scale, corner, engine, rim)
        return other if other.confidence > reading.confidence + 0.1 else reading
    return reading


def _read_turned(
    image: Any, quarter: int, scale: float, corner: tuple[float, float], engine: Engine, rim: bool, *, look: bool = False
) -> Reading:
    """The picture read after so many quarter turns anticlockwise; `look`: only if its print does not lie on its side."""
    image = np.ascontiguousarray(np.rot90(image, quarter))
    skew = skew_of(image)
    if skew:
        image = turn(image, skew)
    rulings, mask = find_rulings(ink_of(image), scale, rim=rim)
    image = wipe(image, mask)
    ink = ink_of(image)
    leaders = find_leaders(ink, scale)
    if leaders:
        image = wipe(image, leaders_to_mask(leaders, ink))
        ink = ink_of(image)
    size = image.shape[1] / scale, image.shape[0] / scale
    found = engine.detect(image)
    if look and _lies(found):
        return Reading([], [], *size, lies=True)
    parts = [part for box in found for part in _cut_at_rulings(box, rulings)]
    boxes = [part for box in parts for part in (split_tall(ink, box) if _is_tall(box) else [box])]
    dark = darkness(image)
    pieces = engine.recognise(image, boxes)
    rest = left_over(ink, found, scale)
    pieces += [piece for piece in engine.recognise(image, rest) if piece.confidence >= OVERLOOKED]
    words: list[Word] = []
    for piece in pieces:
        words += split_sizes(_piece_to_word(piece, ink, dark, scale, corner))
    words += [word for leader in leaders if (word := leader_to_word(leader, words, scale, corner))]
    left, top = corner
    edges = [Edge(left + r.x0 / scale, top + r.y0 / scale, left + r.x1 / scale, top + r.y1 / scale) for r in rulings]
    return Reading(words, edges, *size)


def _cut_at_rulings(box: Pixels, rulings: Sequence[Ruling]) -> list[Pixels]:
    """A box over several cells of a table, cell by cell."""
    left, top, right, bottom = box
    middle, room = (top + bottom) / 2, (bottom - top) / 3
    cuts = sorted(r.x0 for r in rulings if r.x0 == r.x1 and left + room < r.x0 < right - room and r.y0 <= middle <= r.y1)
    ends = [left, *(round(cut) for cut in cuts), right]
    return [(a, top, b, bottom) for a, b in pairwise(ends)]


def _is_tall(box: Pixels) -> bool:
    return box[3] - box[1] > TALL * (box[2] - box[0])


def _lies(boxes: Sequence[Pixels]) -> bool:
    """Whether most of what is printed stands upright in long columns: the page lies on its side."""
    return sum(box[3] - box[1] > 3 * (box[2] - box[0]) for box in boxes) > max(ENOUGH, MOST * len(boxes))


def _piece_to_word(piece: Piece, ink: Any, dark: Any, scale: float, corner: tuple[float, float]) -> Word:
    drawn = ink_box(ink, piece.box)
    left, top = corner
    box = (left + drawn[0] / scale, top + drawn[1] / scale, left + drawn[2] / scale, top + drawn[3] / scale)
    looser = (piece.box[3] - piece.box[1]) / scale
    em = measure(piece.text, [c / scale for c in piece.centres], box, looser) * scale
    inside = [c - drawn[0] for c in piece.centres]
    place = np.s_[drawn[1] : drawn[3], drawn[0] : drawn[2]]
    text = find_dashes(piece.text, inside, dark[place], em)
    text = find_shells(text, inside, ink[place] > 0, em)
    rings = find_rings(text, inside, ink[place] > 0, em)
    centres, blanks, scores = list(piece.centres), list(piece.blank_before), list(piece.scores)
    for at, middle in reversed(rings):
        text = f"{text[:at]}〇{text[at:]}"
        centres.insert(at, drawn[0] + middle)
        scores.insert(at, piece.confidence)
        blanks.insert(at, False)
        blanks[at + 1 : at + 2] = [False] * len(blanks[at + 1 : at + 2])
    heads = find_head_dashes(centres[0] - drawn[0], dark[place], em)
    if heads and text[0] != "—":
        text = "—" * len(heads) + text
        centres[:0] = [drawn[0] + middle for middle in heads]
        scores[:0] = [piece.confidence] * len(heads)
        blanks[:0] = [False] * len(heads)
    placed = tuple(left + c / scale for c in centres)
    return Word(text, placed, tuple(blanks), tuple(scores), box, measure(text, placed, box, looser))
