"""Leaders in a picture (目录 entries …… 12): rows of dots, which a recogniser miscounts and in which it loses the page number.

The dots are counted as they lie in the picture and painted over before print is looked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cv2

from planparse.extractors.ocr_words import RISE, Word

# A dot's side in points, how unlike a square it may be, and how much of its square is ink.
SMALLEST, LARGEST, SHAPE, FULL = 0.3, 2.6, (0.5, 2.0), 0.5
# Dots of a leader lie on one line, evenly, and are many; the last one may be cut short by the number.
UNEVEN, MIN_DOTS, MAX_STEP = 0.25, 8, 14.0
# So many of them in a row may be blurred; they are counted by their room.
MAX_BLURRED = 4
# Specks of a bad copy are of all sizes and stand anywhere: of a leader's dots so many are alike and evenly set, and few are
# blurred. A page with more specks than this shows no leaders.
ALIKE, SAME_SIZE, MANY = 0.8, 0.4, 4000
LEVEL = 0.6
# Dots in the lower part of a line are full stops; higher, three to a square are one ……, fewer are middle dots.
LOW, CLOSE = 0.25, 0.42
# They are counted, not recognised.
CERTAIN = 1.0


@dataclass(frozen=True, slots=True)
class Leader:
    """A row of dots, by their middles, in pixels; `radius` is half of a dot's side."""

    xs: tuple[float, ...]
    y: float
    radius: float


def find_leaders(ink: Any, scale: float) -> list[Leader]:
    """The rows of dots in a picture's ink (`scale` pixels a point), from the top down."""
    count, _, stats, centres = cv2.connectedComponentsWithStats(ink)
    small, big = SMALLEST * scale, LARGEST * scale
    dots: list[tuple[float, float, float]] = []
    for index in range(1, count):
        _, _, wide, high, area = (int(v) for v in stats[index])
        if small <= wide <= big and small <= high <= big and SHAPE[0] <= wide / high <= SHAPE[1] and area >= FULL * wide * high:
            dots.append((float(centres[index][1]), float(centres[index][0]), max(wide, high) / 2))
    found: list[Leader] = []
    if len(dots) > MANY:
        return found
    row: list[tuple[float, float, float]] = []
    for dot in [*sorted(dots), None]:
        if row and (dot is None or dot[0] - row[0][0] > 2 * LEVEL * scale):
            found += _row_to_leaders(sorted((x, y, r) for y, x, r in row), scale)
            row = []
        if dot is not None:
            row.append(dot)
    return found


def _row_to_leaders(row: Sequence[tuple[float, float, float]], scale: float) -> list[Leader]:
    """The evenly spaced runs of dots (x, y, radius) on one line."""
    found: list[Leader] = []
    run: list[tuple[float, float, float]] = []
    for dot in [*row, None]:
        if dot is not None and len(run) >= 2 and abs(dot[0] - run[-1][0] - _step(run)) > max(1.5, UNEVEN * _step(run)):
            if len(run) < 3 or dot[0] - run[-1][0] > (MAX_BLURRED + 1.2) * _step(run):
                found += _whole(run)
                run = run[-1:] if len(run) == 2 else []
        elif dot is None or (len(run) == 1 and dot[0] - run[0][0] > MAX_STEP * scale):
            found += _whole(run)
            run = []
        if dot is not None:
            run.append(dot)
    return found


def _step(run: Sequence[tuple[float, float, float]]) -> float:
    steps = sorted(b[0] - a[0] for a, b in pairwise(run))
    return steps[len(steps) // 2]


def _whole(run: Sequence[tuple[float, float, float]]) -> list[Leader]:
    if len(run) < MIN_DOTS:
        return []
    ys, sides = sorted(y for _, y, _ in run), sorted(r for _, _, r in run)
    step, xs = _step(run), [run[0][0]]
    size, level = sides[len(sides) // 2], ys[len(ys) // 2]
    even = sum(abs(b[0] - a[0] - step) <= max(1.0, 0.15 * step) for a, b in pairwise(run))
    alike = sum(abs(r - size) <= SAME_SIZE * size and abs(y - level) <= size for _, y, r in run)
    if even < ALIKE * (len(run) - 1) or alike < ALIKE * len(run):
        return []
    for (left, _, _), (right, _, _) in pairwise(run):
        between = max(1, round((right - left) / step))
        xs += [left + (right - left) * (k + 1) / between for k in range(between)]
    return [Leader(tuple(xs), ys[len(ys) // 2], sides[len(sides) // 2])]


def leaders_to_mask(leaders: Sequence[Leader], ink: Any) -> Any:
    """A mask of the leaders' pixels, for the picture whose ink it is."""
    mask = ink * 0
    for leader in leaders:
        reach = round(leader.radius) + 2
        for x in leader.xs:
            top, left = max(0, round(leader.y) - reach), max(0, round(x) - reach)
            mask[top : round(leader.y) + reach + 1, left : round(x) + reach + 1] = 255
    return mask


def leader_to_word(leader: Leader, words: Sequence[Word], scale: float, corner: tuple[float, float]) -> Word | None:
    """The leader as a word on the line of the words beside it; None where it stands beside none."""
    left, top = corner
    y = top + leader.y / scale
    xs = [left + x / scale for x in leader.xs]
    beside = [word for word in words if word.box[1] - 1 <= y <= word.box[3] + 2 and word.box[2] <= xs[0] + 2 * word.size]
    if not beside:
        return None
    word = max(beside, key=lambda w: w.box[2])
    low = (word.box[3] - y) < LOW * word.size
    step = (xs[-1] - xs[0]) / (len(xs) - 1)
    if not low and step < CLOSE * word.size:
        xs = [xs[min(i + 1, len(xs) - 1)] for i in range(0, len(xs), 3)]
    char = "." if low else "…" if step < CLOSE * word.size else "·"
    middle = word.middle[1]
    radius = leader.radius / scale
    # Its box lies about the line as the box of a Han character would.
    half = (RISE + 0.5) * word.size / 2
    box = (xs[0] - radius, middle - half, xs[-1] + radius, middle + half)
    count = len(xs)
    return Word(char * count, tuple(xs), (False,) * count, (CERTAIN,) * count, box, word.size)
