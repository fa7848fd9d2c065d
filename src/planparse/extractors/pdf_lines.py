"""Fragments → printed lines: what stands on one baseline, from left to right, column by column."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from planparse.extractors.pdf_characters import Fragment, PageText
from planparse.extractors.pdf_spacing import is_gap, is_seam, spell

# Baselines nearer than this share of the size are one line; smaller signs (note marks) may stand higher.
SAME_LINE, RAISED_LINE, SMALL = 0.3, 0.6, 0.86
# The same character again within this share of its size is a doubled stroke (bold by printing twice).
DOUBLED = 0.25
ABOVE, BELOW = 0.88, 0.14
MIN_TWO_COLUMN_LINES = 8


class PrintedLine(NamedTuple):
    """A printed line: its words and where they stand (points from the upper left corner, `y` the baseline).

    `column` is 0, or 1 and 2 on a page of two columns. `size` is that of most of its characters, `first_size` and `last_size` those at its ends; `bold` holds for all of it.
    """

    page: int
    text: str
    x0: float
    x1: float
    y: float
    size: float
    first_size: float
    last_size: float
    bold: bool
    font: str
    column: int = 0

    @property
    def place(self) -> tuple[int, int]:
        """Page and column (0 where the page has one): lines of one place share their margins."""
        return self.page, self.column

    @property
    def top(self) -> float:
        """The upper edge of its characters' squares."""
        return self.y - ABOVE * self.size

    @property
    def bottom(self) -> float:
        """Their lower edge."""
        return self.y + BELOW * self.size


@dataclass(frozen=True, slots=True)
class Lines:
    """Printed lines in reading order, and the characters that were printed twice in the same place."""

    lines: list[PrintedLine]
    doubled: str = ""


def fragments_to_lines(page: PageText, fragments: Iterable[Fragment], number: int, *, column: int = 0) -> Lines:
    """The printed lines of these fragments, from the top down; each fragment stands in exactly one."""
    lines: list[PrintedLine] = []
    doubled: list[str] = []
    row: list[Fragment] = []
    biggest: Fragment | None = None
    for fragment in sorted(fragments, key=lambda f: f.y):
        if biggest and not _same_row(row, biggest, fragment):
            lines.append(_row_to_line(page, row, number, doubled))
            row, biggest = [], None
        row.append(fragment)
        if biggest is None or fragment.size > biggest.size:
            biggest = fragment
    if row:
        lines.append(_row_to_line(page, row, number, doubled))
    if column:
        lines = [line._replace(column=column) for line in lines]
    return Lines(lines, "".join(doubled))


def _same_row(row: list[Fragment], biggest: Fragment, fragment: Fragment) -> bool:
    if fragment.size < biggest.size:
        big, small = biggest.size, fragment.size
    else:
        big, small = fragment.size, biggest.size
    if fragment.y - row[-1].y <= SAME_LINE * small and fragment.y - row[0].y <= RAISED_LINE * big:
        return True
    return small <= SMALL * big and fragment.y - biggest.y <= RAISED_LINE * big


def _row_to_line(page: PageText, row: list[Fragment], number: int, doubled: list[str]) -> PrintedLine:
    if len(row) > 1:
        row.sort(key=lambda f: f.x0)
    parts = [row[0].text]
    gaps = [right.x0 - left.x1 for left, right in pairwise(row)]
    # A spread line (通　知　要　点) is cut into single characters; its even gaps are no blanks.
    spread = len(gaps) > 3 and sum(len(f.text) for f in row) < 1.5 * len(row)
    usual = max(0.0, sorted(gaps)[len(gaps) // 2]) if spread else 0.0
    for (left, right), gap in zip(pairwise(row), gaps, strict=True):
        if gap < -DOUBLED * right.size:
            parts = [_interleave(page, row, doubled)]
            break
        here = (left.text[-1], right.text[0], gap - usual, min(left.size, right.size))
        if is_gap(*here) or (not spread and is_seam(*here)):
            parts.append(" ")
        parts.append(right.text)
    main = row[0] if len(row) == 1 else max(row, key=lambda f: (len(f.text), -f.x0))
    if len(row) > 2:
        sizes: Counter[float] = Counter()
        for fragment in row:
            sizes[fragment.size] += len(fragment.text)
        most = sizes.most_common(1)[0][0]
        main = max((f for f in row if f.size == most), key=lambda f: len(f.text))
    y = main.y
    return PrintedLine(
        number,
        "".join(parts).strip(),
        row[0].x0,
        max(f.x1 for f in row),
        y,
        main.size,
        row[0].size,
        row[-1].last_size,
        all(f.bold for f in row),
        main.font,
    )


def _interleave(page: PageText, row: list[Fragment], doubled: list[str]) -> str:
    """Fragments that lie over each other, character by character; what is printed twice counts once."""
    size = max(f.size for f in row)
    text, x = page.text, page.x
    order: list[int] = []
    owner = {i: k for k, f in enumerate(row) for i in range(f.first, f.last)}
    for i in sorted(owner, key=x.__getitem__):
        near = (j for j in order[:-4:-1] if text[j] == text[i] and x[i] - x[j] < DOUBLED * size)
        again = next((j for j in near if owner[j] != owner[i]), None)
        if again is None or text[i].isspace():
            order.append(i)
        else:
            doubled.append(text[i])
    return spell(text, x, page.right, order, size)


def split_columns(fragments: Sequence[Fragment], width: float) -> list[tuple[int, list[Fragment]]]:
    """The fragments of a page, column by column as they are read, with the column's number (0 where there is one).

    Two columns: at least eight lines have words on both sides of a gutter in the page's middle third, few words cross it,
    and the left ones run up to it. Lines that cross (titles over both) part the page into bands.
    """
    beside = sum(f.x0 > 0.35 * width and f.x1 - f.x0 > 0.1 * width for f in fragments)
    gutter = _find_gutter(fragments, width) if beside >= MIN_TWO_COLUMN_LINES else None
    if gutter is None:
        return [(0, list(fragments))]
    bands: list[tuple[int, list[Fragment]]] = [(0, []), (1, []), (2, [])]
    for fragment in sorted(fragments, key=lambda f: f.y):
        full = bands[-3][1]
        if fragment.x0 < gutter < fragment.x1:
            if bands[-2][1] or bands[-1][1]:
                bands += [(0, []), (1, []), (2, [])]
            bands[-3][1].append(fragment)
        elif full and fragment.y - full[-1].y <= SAME_LINE * fragment.size:
            full.append(fragment)
        else:
            bands[-2 if fragment.x1 <= gutter else -1][1].append(fragment)
    return [band for band in bands if band[1]]


def _find_gutter(fragments: Sequence[Fragment], width: float) -> float | None:
    best: tuple[int, float] | None = None
    for step in range(31):
        x = width * (0.35 + 0.01 * step)
        crossing = sum(f.x0 < x < f.x1 for f in fragments)
        if best is None or crossing < best[0]:
            best = (crossing, x)
    assert best is not None
    gutter = best[1]
    left = [f for f in fragments if f.x1 <= gutter]
    right = [f for f in fragments if f.x0 >= gutter]
    rows = {round(f.y) for f in left}
    both = [f for f in right if rows & {round(f.y) - 1, round(f.y), round(f.y) + 1}]
    if len(both) < MIN_TWO_COLUMN_LINES or best[0] > 0.15 * len(fragments):
        return None
    size = sorted(f.size for f in fragments)[len(fragments) // 2]
    edge = max(f.x1 for f in left)
    # A page number in the middle stands out to the left of the right column.
    starts = Counter(round(f.x0) for f in right)
    usual = max(starts, key=lambda x: (starts[x], -x))
    start = min(f.x0 for f in right if round(f.x0) == usual)
    filled = sum(edge - f.x1 < 2 * size for f in left) >= 0.6 * len({round(f.y) for f in left})
    aligned = sum(abs(f.x0 - start) < 0.5 * size for f in right) >= 0.5 * len(right)
    wide = edge - min(f.x0 for f in left) > 8 * size and max(f.x1 for f in right) - start > 8 * size
    return (edge + start) / 2 if filled and aligned and wide else None
