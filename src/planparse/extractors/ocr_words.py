"""Recognised pieces of print → the characters and fragments that the PDF rooms take: sizes, baselines, blanks.

A picture says where ink is, not where a character's square is. The squares are told from the distances of Han characters,
which stand one square apart, and from how full-width signs lie in theirs.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from statistics import mean, median

from planparse.document import Box
from planparse.extractors.pdf_page import Fragment, Frame, PageText

# Shares of a character's square: Han characters fill 0.93 of its height, digits 0.72; signs stand in one half of it.
HAN_HEIGHT, DIGIT_HEIGHT, HALF = 0.93, 0.72, 0.55
# Of the square of a sign at either end of a piece, so much has no ink on its outer side.
EMPTY_HALF = 0.55
# Of the square's middle above the baseline (the rooms put its top at 0.88 and its foot at -0.14).
RISE = 0.37
OPENING = frozenset("（《〈【〔「『［“‘")
CLOSING = frozenset("，。、；：？！．）》〉】〕」』］”’")
SIGNS = OPENING | CLOSING | frozenset(",.;:?!()[]<>%‰·—-~～…/")
# Print has a blank where characters stand this much farther apart than their squares; a column of the recogniser's is a
# sixth of a square wide.
WIDE_BLANK, SEEN_BLANK, NARROW_BLANK = 0.65, 0.4, 0.2
# Letter-spaced titles stand farther apart than their size says.
SPREAD = 1.15
# Sizes nearer than this are one; the rooms take 12 per cent for another size.
SAME_SIZE = 0.09
# Words this short do not show their size, words this long do; by so much it may be wrong.
BRIEF, LONG, UNSURE = 6, 10, (0.72, 1.3)
# A bold lead and small print on one line: at least four distances each, one a quarter wider.
MIN_RUN, OTHER_SIZE = 4, 1.22


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of a printed line, in points from the upper left corner of its page; `box` is drawn in to the ink.

    `text` holds no blanks; `centres` are the middles of the ink of each character, `blanks` tell where the recogniser saw
    one before it.
    """

    text: str
    centres: tuple[float, ...]
    blanks: tuple[bool, ...]
    scores: tuple[float, ...]
    box: Box
    size: float

    @property
    def confidence(self) -> float:
        """The mean of its characters' scores, 0 to 1."""
        return sum(self.scores) / max(1, len(self.scores))

    @property
    def middle(self) -> tuple[float, float]:
        """Its middle."""
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2


def is_han(char: str) -> bool:
    """Whether a character fills its square: Han, kana, full-width letters and digits, circled numbers."""
    return (char >= "\u2e80" and char not in SIGNS) or "\u2460" <= char <= "\u24ff"


def measure(text: str, centres: Sequence[float], box: Box, looser: float) -> float:
    """The size of a piece's print in points; `looser` is the height of its box before it was drawn in."""
    high, wide = box[3] - box[1], box[2] - box[0]
    han = sum(map(is_han, text))
    if not han:
        digits = any(c.isalnum() for c in text)
        return max(1.0, high / DIGIT_HEIGHT if digits else looser)
    steps = [step for _, step in _steps(text, centres)]
    by_height = high / HAN_HEIGHT
    empty = EMPTY_HALF * ((text[-1] in CLOSING) + (text[0] in OPENING))
    by_step = wide / max(0.9, sum(HALF if c < "\u2000" else 1.0 for c in text) - 0.06 - empty)
    if len(steps) >= MIN_RUN:
        # The two differ where print has blanks, or punctuation is set wider: the height tells which is meant.
        by_step = min((_usual(steps), by_step), key=lambda value: abs(value - by_height))
    if han == 1 and len(text) == 1:
        return max(by_height, by_step, 1.0)
    return max(1.0, by_height if by_step > SPREAD * by_height else by_step)


def _steps(text: str, centres: Sequence[float]) -> list[tuple[int, float]]:
    """(index, distance to the one before) for Han characters that follow each other."""
    return [(i, centres[i] - centres[i - 1]) for i in range(1, len(text)) if is_han(text[i]) and is_han(text[i - 1])]


def _usual(steps: Sequence[float]) -> float:
    """The mean of what is near the median: columns are a sixth of a square wide, so that no single distance is exact."""
    middle = median(steps)
    return mean([step for step in steps if abs(step - middle) <= 0.3 * middle] or [middle])


def split_sizes(word: Word) -> list[Word]:
    """A word in two where a bold lead runs on in smaller print, or the other way round."""
    steps = _steps(word.text, word.centres)
    if len(steps) < 2 * MIN_RUN:
        return [word]
    values = [value for _, value in steps]
    sums, squares = [0.0, *accumulate(values)], [0.0, *accumulate(v * v for v in values)]
    count = len(values)

    def spread(a: int, b: int) -> float:
        return squares[b] - squares[a] - (sums[b] - sums[a]) ** 2 / (b - a)

    cut = min(range(MIN_RUN, count - MIN_RUN + 1), key=lambda k: spread(0, k) + spread(k, count))
    first, second = _usual(values[:cut]), _usual(values[cut:])
    if max(first, second) < OTHER_SIZE * min(first, second) or spread(0, cut) + spread(cut, count) > 0.5 * spread(0, count):
        return [word]
    at = steps[cut][0]
    # A sign or a blank between the two belongs to the lead.
    while at > 1 and first < second and word.text[at - 1] in OPENING:
        at -= 1
    middle = (word.centres[at - 1] + word.centres[at]) / 2
    left, top, right, bottom = word.box
    return [
        replace(
            word, text=word.text[a:b], centres=word.centres[a:b], blanks=(False, *word.blanks[a + 1 : b]),
            scores=word.scores[a:b], box=(x0, top, x1, bottom), size=size,
        )
        for a, b, x0, x1, size in ((0, at, left, middle, first), (at, len(word.text), middle, right, second))
    ]  # fmt: skip


def snap_sizes(words: Iterable[Word]) -> dict[float, float]:
    """For each size the one that stands for it: sizes of one print differ by a few per cent from piece to piece."""
    weights: Counter[float] = Counter()
    for word in words:
        weights[word.size] += len(word.text)
    left = sorted(weights)
    snapped: dict[float, float] = {}
    while left:
        centre = max(left, key=lambda s: (sum(weights[t] for t in left if abs(t - s) < 0.04 * s), s))
        near = [s for s in left if abs(s - centre) <= SAME_SIZE * centre]
        half, total = sum(weights[s] for s in near) / 2, 0
        for size in near:
            total += weights[size]
            if total >= half:
                break
        snapped.update(dict.fromkeys(near, round(size, 1)))
        left = [s for s in left if s not in snapped]
    return snapped


def steady_sizes(words: Sequence[Word]) -> list[Word]:
    """The words of one page, the short ones (等）, 36%。) in the size of the long one above that begins where they begin.

    A few signs do not show how large their squares are, and a line in another size is no rest of the one above.
    """
    long = [word for word in words if len(word.text) >= LONG]
    made: list[Word] = []
    for word in words:
        above = [
            other for other in long
            if len(word.text) <= BRIEF and abs(other.box[0] - word.box[0]) <= 3 * other.size
            and 0 < word.box[3] - other.box[3] <= 3 * other.size and UNSURE[0] <= word.size / other.size <= UNSURE[1]
        ]  # fmt: skip
        made.append(replace(word, size=max(above, key=lambda other: other.box[3]).size) if above else word)
    return made


def words_to_page(words: Sequence[Word], width: float, height: float) -> PageText:
    """The words as a page's text: fragments in reading order, no source characters."""
    page = PageText(Frame(0, 0.0, 0.0, width, height), "", [], [], [], [], "", 0)
    parts: list[str] = []
    for word in words:
        text, starts, ends = _spell(word)
        first = len(page.x)
        parts.append(text)
        page.x.extend(starts)
        page.right.extend(ends)
        y = (word.box[1] + word.box[3]) / 2 + RISE * word.size
        ends[-1] = max(starts[-1], min(ends[-1], _room_until(word, words)))
        page.right[-1] = ends[-1]
        made = Fragment(first, len(page.x), text, starts[0], max(ends), y, word.size, word.size, False, "")
        page.fragments.append(made)
    return replace(page, text="".join(parts))


def _room_until(word: Word, words: Sequence[Word]) -> float:
    """Where the next word on the same line begins: the empty half of a sign at the end may not lie over it."""
    right, y = word.box[2], word.middle[1]
    return min((w.box[0] for w in words if w.box[0] >= right - 1 and w.box[1] < y < w.box[3]), default=float("inf"))


def _spell(word: Word) -> tuple[str, list[float], list[float]]:
    """The word's characters with the blanks that print has, and where each begins and ends."""
    size, text = word.size, word.text
    middles = [c + _lean(char) * size for char, c in zip(text, word.centres, strict=True)]
    halves = [(1.0 if char >= "\u2000" else HALF) * size / 2 for char in text]
    gaps = [middles[i] - middles[i - 1] - halves[i] - halves[i - 1] for i in range(1, len(text))]
    usual = max(0.0, median(gaps)) if len(gaps) > 3 else 0.0
    left, right = _ends(word)
    chars, starts, ends = [text[0]], [left], []
    for i, gap in enumerate(gaps, 1):
        if _is_blank(text[i - 1], text[i], (gap - usual) / size, seen=word.blanks[i]):
            ends += [middles[i - 1] + halves[i - 1], middles[i] - halves[i]]
            ends[-1] = max(ends[-1], ends[-2])
            chars.append(" ")
            starts += [ends[-2], ends[-1]]
        else:
            border = (middles[i - 1] + halves[i - 1] + middles[i] - halves[i]) / 2
            ends.append(border)
            starts.append(border)
        chars.append(text[i])
    ends.append(max(right, starts[-1]))
    return "".join(chars), starts, ends


def _lean(char: str) -> float:
    """How far to the right of its ink the middle of a character's square lies, in sizes."""
    return -0.25 if char in OPENING else 0.25 if char in CLOSING else 0.0


def _ends(word: Word) -> tuple[float, float]:
    """Where the squares of the first and the last character begin and end."""
    room = {True: 0.5, False: 0.04}
    return word.box[0] - room[word.text[0] in OPENING] * word.size, word.box[2] + room[word.text[-1] in CLOSING] * word.size


def _is_blank(left: str, char: str, gap: float, *, seen: bool) -> bool:
    if char in SIGNS or left in SIGNS - {"）", ".", ":", "》", "】"}:
        return False
    if left < "\u2000" and char < "\u2000":
        return seen and gap > -NARROW_BLANK
    return gap >= (SEEN_BLANK if seen else WIDE_BLANK)
