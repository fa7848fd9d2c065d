"""Columns of running text on a page (gazettes set two, three, seldom four): fragments → column by column, band by band."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from planparse.extractors.pdf_lines import SAME_LINE
from planparse.extractors.pdf_page import Fragment
from planparse.extractors.pdf_tables import TablePart

MIN_LINES = 8
# Gutters lie between these shares of the page's width; of two columns in its middle third.
INNER, MIDDLE, STEPS = (0.15, 0.85), (0.35, 0.65), 100
# So many of the fragments may lie over a gutter of two columns (titles, lines over both); of more columns fewer.
CROSSING = 0.3
# Of a column's lines so many run up to its right edge, and so many pieces begin at its left one; in ems what is near.
FILLED, NEAR_END, ALIGNED, NEAR_START = 0.6, 2.0, 0.5, 0.5
WIDE = 8.0
# Cells that stand beside a longer one leave holes; running text has hardly any.
HOLE, HOLES = 1.7, 0.15
# In print so narrow more than half the lines have one of these; names of bodies and indicators have none.
SENTENCE, SAID = frozenset("，。；"), 0.2

Band = tuple[int, list[Fragment]]


def split_columns(fragments: Sequence[Fragment], width: float, tables: Sequence[TablePart] = ()) -> list[Band]:
    """The fragments of a page, column by column as they are read, with the column's number (0 where there is one).

    Columns: at least eight lines have words on both sides of each gutter, few words cross it, and the lines run up to it.
    More than two have sentences in each of them and no holes: cells of a table that nobody ruled are none. Lines that cross a gutter
    (titles over all) and tables that do part the page into bands, each read column by column.
    """
    beside = sum(f.x0 > MIDDLE[0] * width and f.x1 - f.x0 > 0.1 * width for f in fragments)
    gutters = find_gutters(fragments, width) if beside >= MIN_LINES else ()
    if not gutters:
        return [(0, list(fragments))]
    across = sorted(t.top for t in tables if any(t.xs[0] < gutter < t.xs[-1] for gutter in gutters))
    bands = _new_band(gutters)
    for fragment in sorted(fragments, key=lambda f: f.y):
        here = bands[-len(gutters) - 2 :]
        while across and across[0] < fragment.y - SAME_LINE * fragment.size:
            across.pop(0)
            if any(words for _, words in here):
                here = _new_band(gutters)
                bands += here
        full = here[0][1]
        column = _column_of(fragment, gutters)
        if column == 0:
            if any(words for _, words in here[1:]):
                bands += _new_band(gutters)
            bands[-len(gutters) - 2][1].append(fragment)
        elif full and fragment.y - full[-1].y <= SAME_LINE * fragment.size:
            full.append(fragment)
        else:
            here[column][1].append(fragment)
    return [band for band in bands if band[1]]


def _new_band(gutters: Sequence[float]) -> list[Band]:
    return [(column, []) for column in range(len(gutters) + 2)]


def _column_of(fragment: Fragment, gutters: Sequence[float]) -> int:
    """The column (from 1) that a fragment stands in, 0 where it crosses a gutter."""
    column = bisect_right(gutters, fragment.x0)
    return 0 if column < len(gutters) and fragment.x1 > gutters[column] else column + 1


def find_gutters(fragments: Sequence[Fragment], width: float) -> tuple[float, ...]:
    """The middles of the gutters between columns of text, from left to right; none where there is one column."""
    places = [width * step / STEPS for step in range(round(INNER[0] * STEPS), round(INNER[1] * STEPS) + 1)]
    starts, ends = sorted(f.x0 for f in fragments), sorted(f.x1 for f in fragments)
    crossing = [bisect_left(starts, x) - bisect_right(ends, x) for x in places]
    valleys: list[tuple[int, float]] = []
    open_valley = False
    for x, count in zip(places, crossing, strict=True):
        low = count <= CROSSING / 3 * len(fragments)
        if low and open_valley:
            valleys[-1] = min(valleys[-1], (count, x))
        elif low:
            valleys.append((count, x))
        open_valley = low
    several = _edges_to_gutters(fragments, [x for _, x in valleys], strict=True) if len(valleys) > 1 else ()
    if several:
        return several
    inner = [(count, x) for x, count in zip(places, crossing, strict=True) if MIDDLE[0] <= x / width <= MIDDLE[1]]
    count, gutter = min(inner)
    if count > CROSSING / 2 * len(fragments):
        return ()
    return _edges_to_gutters(fragments, [gutter], strict=len(valleys) > 1)


def _edges_to_gutters(fragments: Sequence[Fragment], cuts: Sequence[float], *, strict: bool) -> tuple[float, ...]:
    """The middles between the columns that these places part; none where one of them is no column of running text.

    Where there is one gutter alone, the outer edges may be less even: such pages are read well.
    """
    columns: list[list[Fragment]] = [[] for _ in range(len(cuts) + 2)]
    for fragment in fragments:
        columns[_column_of(fragment, cuts)].append(fragment)
    columns = columns[1:]
    if not all(columns) or any(_beside(left, right) < MIN_LINES for left, right in pairwise(columns)):
        return ()
    size = sorted(f.size for f in fragments)[len(fragments) // 2]
    starts = [_start_of(column) for column in columns]
    ends = [max(f.x1 for f in column) for column in columns]
    lefts = [min(f.x0 for f in columns[0]), *starts[1:]]
    for number, column in enumerate(columns):
        last, first = number == len(columns) - 1, number == 0
        if ends[number] - lefts[number] <= WIDE * size:
            return ()
        if (strict or not last) and not _is_filled(column, ends[number], size):
            return ()
        if (strict or not first) and not _is_aligned(column, starts[number], size):
            return ()
        if strict and not (_has_sentences(column) and _is_solid(column, size)):
            return ()
    return tuple((end + start) / 2 for end, start in zip(ends, starts[1:], strict=False))


def _beside(left: Sequence[Fragment], right: Sequence[Fragment]) -> int:
    rows = {round(f.y) for f in left}
    return sum(bool(rows & {round(f.y) - 1, round(f.y), round(f.y) + 1}) for f in right)


def _start_of(column: Sequence[Fragment]) -> float:
    """Where most pieces begin: a page number in the middle stands out to the left of the right column."""
    starts = Counter(round(f.x0) for f in column)
    usual = max(starts, key=lambda x: (starts[x], -x))
    return min(f.x0 for f in column if round(f.x0) == usual)


def _is_filled(column: Sequence[Fragment], end: float, size: float) -> bool:
    return sum(end - f.x1 < NEAR_END * size for f in column) >= FILLED * len({round(f.y) for f in column})


def _is_aligned(column: Sequence[Fragment], start: float, size: float) -> bool:
    return sum(abs(f.x0 - start) < NEAR_START * size for f in column) >= ALIGNED * len(column)


def _has_sentences(column: Sequence[Fragment]) -> bool:
    return sum(not SENTENCE.isdisjoint(f.text) for f in column) >= SAID * len(column)


def _is_solid(column: Sequence[Fragment], size: float) -> bool:
    """Whether the lines follow one another without holes."""
    ys = sorted(f.y for f in column)
    steps = [b - a for a, b in pairwise(ys) if b - a > SAME_LINE * size]
    usual = median(steps) if steps else 0.0
    return sum(step > HOLE * usual for step in steps) <= max(2.0, HOLES * len(steps))
