"""A PDF page as it is read: its frame, and its characters in fragments that stand side by side on one baseline."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple


class Fragment(NamedTuple):
    """Characters `first` to `last` (exclusive) of a page, side by side on the baseline `y`; points, from the top left."""

    first: int
    last: int
    text: str
    x0: float
    x1: float
    y: float
    size: float
    last_size: float
    bold: bool
    font: str


@dataclass(frozen=True, slots=True)
class Frame:
    """How a page is held to be read: `turn` quarter turns of its text, and the page's box in its own space."""

    turn: int
    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """The page's width as it is read, in points."""
        return self.right - self.left if self.turn % 2 == 0 else self.top - self.bottom

    @property
    def height(self) -> float:
        """The page's height as it is read, in points."""
        return self.top - self.bottom if self.turn % 2 == 0 else self.right - self.left

    def across(self, xs: list[float], ys: list[float]) -> list[float]:
        """Distances from the left edge, as read, of points in the page's own space; `xs` itself where they are the same."""
        if self.turn == 0:
            return xs if self.left == 0 else [x - self.left for x in xs]
        if self.turn == 1:
            return [y - self.bottom for y in ys]
        return [self.right - x for x in xs] if self.turn == 2 else [self.top - y for y in ys]

    def down(self, xs: Sequence[float], ys: Sequence[float]) -> list[float]:
        """Distances from the upper edge, as read, of points in the page's own space."""
        if self.turn == 0:
            return [self.top - y for y in ys]
        if self.turn == 1:
            return [x - self.left for x in xs]
        return [y - self.bottom for y in ys] if self.turn == 2 else [self.right - x for x in xs]


@dataclass(frozen=True, slots=True)
class PageText:
    """A page's text: `text`, `x` and `right` by character, fragments in pdfium's order, what was put aside.

    `turned` are characters, one a fragment, that lie across the lines; `hidden` are places of characters that are not shown. `counted` are the source's non-blank characters by the other reading (FPDFText_GetText), repaired by the same table.
    """

    frame: Frame
    text: str
    x: list[float]
    right: list[float]
    fragments: list[Fragment]
    watermarks: list[str]
    counted: str
    repaired: int
    turned: list[Fragment] = field(default_factory=list)
    hidden: Set[int] = frozenset()
