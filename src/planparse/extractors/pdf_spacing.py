"""How much room between two printed characters is a blank, and how much parts them."""

from collections.abc import Sequence
from itertools import pairwise
from operator import sub

# A blank in print: 0.6 em between Chinese characters (GB/T 9704 sets 一 em), 0.15 em between Latin letters.
WIDE_GAP, NARROW_GAP = 0.6, 0.15
# A Latin blank is 0.25 em or more; the room at the sides of a Chinese character is 0.15 em at most.
SEAM_GAP = 0.27
SPLIT_GAP, BACK_GAP = 1.0, 0.4


def gaps_to_runs(x: list[float], gaps: Sequence[float], first: int, last: int, size: float) -> list[tuple[int, int]]:
    """A run cut where the next character stands an em away or goes back."""
    if not gaps or (max(gaps) < SPLIT_GAP * size and min(gaps) > -BACK_GAP * size):
        return [(first, last)]
    # One glyph may stand for two characters (——); they have one place and no gap between them.
    cuts = [
        first + i + 1
        for i, gap in enumerate(gaps)
        if gap >= SPLIT_GAP * size or (gap <= -BACK_GAP * size and x[first + i] != x[first + i + 1])
    ]
    return list(zip([first, *cuts], [*cuts, last]))


def spell(text: str, x: list[float], right: list[float], order: Sequence[int], size: float) -> str:
    """The characters in this order, with a blank where print has one and the file does not."""
    if isinstance(order, range):
        a, b = order[0], order[-1] + 1
        gaps = list(map(sub, x[a + 1 : b], right[a : b - 1]))
        if not gaps or max(gaps) < NARROW_GAP * size:
            return text[a:b]
    else:
        gaps = [x[j] - right[i] for i, j in pairwise(order)]
    # Spread lines (通　知) have wide gaps all along: only what stands out is a blank.
    usual = sorted(gaps)[len(gaps) // 2] if len(gaps) > 3 else 0.0
    parts = [text[order[0]]]
    for k, gap in enumerate(gaps):
        left, char = text[order[k]], text[order[k + 1]]
        if gap > NARROW_GAP * size and is_gap(left, char, gap - max(0.0, usual), size):
            parts.append(" ")
        parts.append(char)
    return "".join(parts)


def is_gap(left: str, char: str, gap: float, size: float) -> bool:
    """Whether this much room between two characters is a blank."""
    if left.isspace() or char.isspace():
        return False
    return gap >= (WIDE_GAP if left >= "\u2000" or char >= "\u2000" else NARROW_GAP) * size


def is_seam(left: str, char: str, gap: float, size: float) -> bool:
    """Whether a narrow blank was typed where one run ends and the next begins, between two Chinese characters.

    A bold name and its description in regular type: inside a run the file has the blank or an even advance.
    """
    return gap >= SEAM_GAP * size and "\u3400" <= left <= "\u9fff" and "\u3400" <= char <= "\u9fff"
