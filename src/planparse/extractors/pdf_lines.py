"""Fragments → printed lines: what stands on one baseline, from left to right, column by column."""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from planparse.extractors.pdf_page import Fragment, PageText
from planparse.extractors.pdf_spacing import is_gap, is_seam, spell

# Baselines nearer than this share of the size are one line; smaller signs (note marks) may stand higher.
SAME_LINE, RAISED_LINE, SMALL = 0.3, 0.6, 0.86
# The same character again within this share of its size is a doubled stroke (bold by printing twice).
DOUBLED = 0.25
ABOVE, BELOW = 0.88, 0.14


class PrintedLine(NamedTuple):
    """A printed line: its words and where they stand (points from the upper left corner, `y` the baseline).

    `column` is 0, or from 1 on where the page has several columns. `size` is that of most of its characters, `first_size` and `last_size` those at its ends; `bold` holds for all of it.
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


class Lines(NamedTuple):
    """Printed lines in reading order, and the characters that were printed twice in the same place."""

    lines: list[PrintedLine]
    doubled: str = ""


def fragments_to_lines(page: PageText, fragments: Iterable[Fragment], number: int, *, column: int = 0) -> Lines:
    """The printed lines of these fragments, from the top down; each fragment stands in exactly one."""
    ordered = sorted(fragments, key=attrgetter("y"))
    lines: list[PrintedLine] = []
    doubled: list[str] = []
    row: list[Fragment] = []
    biggest: Fragment | None = None
    for fragment in ordered:
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
    if len(row) == 1:
        _, _, text, x0, x1, y, size, last_size, bold, font = row[0]
        return PrintedLine(number, text.strip(), x0, x1, y, size, size, last_size, bold, font)
    row.sort(key=attrgetter("x0"))
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
    if len(row) > 2:
        sizes: Counter[float] = Counter()
        for fragment in row:
            sizes[fragment.size] += len(fragment.text)
        most = sizes.most_common(1)[0][0]
        main = max([f for f in row if f.size == most], key=lambda f: len(f.text))
    else:
        main = max(row, key=lambda f: (len(f.text), -f.x0))
    y = main.y
    return PrintedLine(
        number,
        "".join(parts).strip(),
        row[0].x0,
        max([f.x1 for f in row]),
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
