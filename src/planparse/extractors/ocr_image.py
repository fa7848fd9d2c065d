"""A page as a picture: held straight, seals lifted off, ruling lines found; all in pixels.

This module is imported when the first picture is read, and cv2 and numpy with it.
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cv2
import numpy as np

# Scans lie askew by a degree or two; more than this is a picture of its own.
MAX_SKEW, SKEW_SIDE = 4.0, 1000
MIN_SKEW = 0.04
# Lengths in points: a ruling may be no longer than a stroke in a title, but hangs together with one that is.
MIN_RULING, MIN_RULED, MAX_THICKNESS, BREAK, MEET = 18.0, 60.0, 5.0, 0.8, 2.5
# The strokes of a row of print make no ruling: beside one there is hardly ink.
MAX_BESIDE = (0.3, 0.55)
# The dark rim that a scanner's lid leaves lies within this share of the page.
RIM = 0.012
# Print that detection overlooked: points.
SMALLEST, LARGEST, MAX_LEFT_OVER = 2.0, 40.0, 60
# A seal: a red disc of 2 to 6 cm.
SEAL_SIZE, SEAL_SHAPE, RED = (55.0, 175.0), (0.75, 1.35), 45


@dataclass(frozen=True, slots=True)
class Ruling:
    """A horizontal or vertical line, by its middle, in pixels."""

    x0: float
    y0: float
    x1: float
    y1: float


def skew_of(image: Any) -> float:
    """By how many degrees the print of a BGR picture falls to the right; 0 where it does not tell.

    Rows of print that lie straight leave white rows between them: the angle at which dark pixels, summed up by row, differ
    most from one row to the next.
    """
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    scale = min(1.0, SKEW_SIDE / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    dark = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 15)
    ys, xs = np.nonzero(dark)
    if len(xs) < 500:
        return 0.0
    if len(xs) > 60_000:
        ys, xs = ys[:: len(ys) // 60_000 + 1], xs[:: len(xs) // 60_000 + 1]

    def sharpness(angle: float) -> float:
        rows = np.rint(ys - xs * math.tan(math.radians(angle))).astype(np.int64)
        counts = np.bincount(rows - rows.min()).astype(np.float64)
        return float(np.square(np.diff(counts)).sum())

    best = 0.0
    for step, reach in ((0.5, MAX_SKEW), (0.1, 0.4), (0.02, 0.08)):
        around = best
        tries = [around + step * k for k in range(-round(reach / step), round(reach / step) + 1)]
        best = max(tries, key=lambda a: (sharpness(a), -abs(a)))
    straight = sharpness(0.0)
    return best if abs(best) > MIN_SKEW and sharpness(best) > 1.02 * straight else 0.0


def turn(image: Any, degrees: float) -> Any:
    """The picture turned anticlockwise about its middle, white where nothing was."""
    high, wide = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
    return cv2.warpAffine(image, matrix, (wide, high), flags=cv2.INTER_LINEAR, borderValue=(255, 255, 255))


def lift_seals(image: Any, scale: float) -> tuple[Any, int]:
    """The picture without its round red seals, and how many there were; what is printed in black under them stays."""
    blue, green, red = (image[:, :, i].astype(np.int16) for i in range(3))
    mask = ((red - np.maximum(blue, green)) > RED).astype(np.uint8)
    if mask.mean() < 0.0005:
        return image, 0
    reach = max(3, round(6 * scale))
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(closed)
    made, seals = image, 0
    for left, top, wide, high, _ in stats[1:count]:
        small, big = SEAL_SIZE[0] * scale, SEAL_SIZE[1] * scale
        if not (small < wide < big and small < high < big and SEAL_SHAPE[0] < wide / high < SEAL_SHAPE[1]):
            continue
        if made is image:
            made = image.copy()
        place = np.s_[top : top + high, left : left + wide]
        # The red of the rim fades: what is redder than grey at all goes.
        reddish = (red[place] - np.maximum(blue[place], green[place])) > RED // 3
        made[place][reddish] = 255
        seals += 1
    return made, seals


def ink_of(image: Any) -> Any:
    """Where a BGR picture is darker than its surroundings: 255 there, 0 elsewhere."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    return cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 41, 12)


def darkness(image: Any) -> Any:
    """How much darker each pixel of a BGR picture is than the ground around it, 0 to 255."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    return cv2.subtract(cv2.blur(cv2.dilate(grey, np.ones((21, 21), np.uint8)), (21, 21)), grey)


def find_rulings(ink: Any, scale: float, *, rim: bool) -> tuple[list[Ruling], Any]:
    """The lines that can rule a table, and a mask of their pixels; `rim` drops those along the picture's edge.

    `scale` is pixels a point. Lines that hang together are one ruled thing, if one of them is longer than 60 points.
    """
    length, gap, meet = round(MIN_RULING * scale), max(2, round(BREAK * scale)), max(2, round(MEET * scale))
    masks: dict[str, Any] = {}
    for way, shape, bridge in (("h", (1, length), (1, gap)), ("v", (length, 1), (gap, 1))):
        closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones(bridge, np.uint8))
        masks[way] = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
    # Ends that nearly meet are one thing.
    joined = cv2.dilate(masks["h"] | masks["v"], np.ones((meet, meet), np.uint8))
    _, labels = cv2.connectedComponents(joined)
    high, wide = ink.shape
    near = RIM * max(high, wide) if rim else -1.0
    found: list[tuple[Ruling, int, Any, Any]] = []
    longest: dict[int, float] = {}
    for way, mask in masks.items():
        _, own, stats, _ = cv2.connectedComponentsWithStats(mask)
        for index in range(1, len(stats)):
            left, top, w, h, _ = (int(v) for v in stats[index])
            x, y = left + w / 2, top + h / 2
            place, reach, thick, end = (y, w, h, high) if way == "h" else (x, h, w, wide)
            if thick > MAX_THICKNESS * scale or not near < place < end - near:
                continue
            if not _stands_free(ink if way == "h" else ink.T, (left, top, w, h) if way == "h" else (top, left, h, w)):
                continue
            spot = np.s_[top : top + h, left : left + w]
            pixels = own[spot] == index
            thing = int(labels[spot][pixels][0])
            longest[thing] = max(longest.get(thing, 0.0), reach / scale)
            ruling = Ruling(left, y, left + w, y) if way == "h" else Ruling(x, top, x, top + h)
            found.append((ruling, thing, spot, pixels))
    rulings: list[Ruling] = []
    kept = np.zeros_like(ink)
    for ruling, thing, spot, pixels in found:
        if longest[thing] >= MIN_RULED:
            rulings.append(ruling)
            kept[spot][pixels] = 255
    return rulings, kept


def wipe(image: Any, mask: Any) -> Any:
    """The picture with the masked lines painted over in the colour of the ground around them."""
    if not mask.any():
        return image
    ground = cv2.dilate(image, np.ones((13, 13), np.uint8))
    wider = cv2.dilate(mask, np.ones((3, 3), np.uint8))
    made = image.copy()
    made[wider > 0] = ground[wider > 0]
    return made


def ink_box(ink: Any, box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """The box drawn in to the ink inside it; the box itself where there is none."""
    left, top, right, bottom = box
    part = ink[top:bottom, left:right] > 0
    rows = np.nonzero(part.sum(axis=1) > 0.004 * (right - left))[0]
    columns = np.nonzero(part.any(axis=0))[0]
    if not len(rows) or not len(columns):
        return box
    return left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1


def split_tall(ink: Any, box: tuple[int, int, int, int]) -> list[tuple[int, int, int, int]]:
    """A column of upright characters cut into squares, at the rows without ink that lie nearest."""
    left, top, right, bottom = box
    side = right - left
    rows = (ink[top:bottom, left:right] > 0).sum(axis=1)
    count = max(1, round((bottom - top) / side))
    cuts = [0]
    for k in range(1, count):
        at = round(k * len(rows) / count)
        lower, upper = max(cuts[-1] + side // 2, at - side // 3), min(len(rows) - side // 3, at + side // 3)
        if lower < upper:
            cuts.append(lower + int(np.argmin(rows[lower:upper])))
    cuts.append(len(rows))
    return [(left, top + a, right, top + b) for a, b in pairwise(cuts) if b - a > 4]


def _stands_free(ink: Any, box: tuple[int, int, int, int]) -> bool:
    """Whether there is hardly ink along both sides of a horizontal line (left, top, width, height)."""
    left, top, wide, high = box
    sides = []
    for rows in (np.s_[max(0, top - 4) : max(0, top - 2)], np.s_[top + high + 2 : top + high + 4]):
        beside = ink[rows, left : left + wide]
        sides.append(float((beside > 0).mean()) if beside.size else 0.0)
    return min(sides) < MAX_BESIDE[0] and max(sides) < MAX_BESIDE[1]


def left_over(ink: Any, boxes: list[tuple[int, int, int, int]], scale: float) -> list[tuple[int, int, int, int]]:
    """Boxes round ink that stands in none of these boxes and may be print: a single digit or dash in a cell.

    A picture with more than `MAX_LEFT_OVER` such places is drawn rather than printed, and has none.
    """
    rest = ink.copy()
    for left, top, right, bottom in boxes:
        # A box may cut its characters' feet off.
        room = max(2, (bottom - top) // 4)
        rest[max(0, top - room) : bottom + room, max(0, left - room) : right + room] = 0
    joined = cv2.dilate(rest, np.ones((max(1, round(scale)), max(1, round(5 * scale))), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    found: list[tuple[int, int, int, int]] = []
    for index in range(1, count):
        left, top, wide, high, _ = (int(v) for v in stats[index])
        place = np.s_[top : top + high, left : left + wide]
        ys, xs = np.nonzero((labels[place] == index) & (rest[place] > 0))
        x0, y0, x1, y1 = left + int(xs.min()), top + int(ys.min()), left + int(xs.max()) + 1, top + int(ys.max()) + 1
        if len(xs) < 0.7 * scale**2 or x1 - x0 < SMALLEST * scale or y1 - y0 > LARGEST * scale:
            continue
        # The recogniser wants the room of a whole character round a dash.
        need = max(0, round((0.8 * min(x1 - x0, 11 * scale) - (y1 - y0)) / 2))
        side = round(1.5 * scale)
        found.append(
            (max(0, x0 - side), max(0, y0 - need - side), min(ink.shape[1], x1 + side), min(ink.shape[0], y1 + need + side))
        )
    return found if len(found) <= MAX_LEFT_OVER else []
