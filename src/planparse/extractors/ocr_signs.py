"""Signs that the recogniser does not tell apart, told by where they stand: full or half width, dash or 一, one dash or two.

No sign is folded to another form by rule: a bracket is full-width where print gives it a full square, which the distance of
the characters on both sides of it shows. Where nothing stands beside it, its partner tells, and then what the measured
brackets of the same document are.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import regex

from planparse.extractors.ocr_words import HALF, Word, is_han

# Half-width sign → the one that fills a square.
FULL = {"(": "（", ")": "）", ",": "，", ";": "；", ":": "：", "!": "！", "?": "？", ".": "．", "[": "［", "]": "］"}
WHOLE = frozenset(FULL.values())
PARTNERS = {"(": ")", "[": "]", "（": "）", "［": "］"}
OPEN, SHUT = frozenset(PARTNERS), frozenset(PARTNERS.values())
# Half-width signs take a third to a half of a square.
ROOM = 0.78
# A full stop behind a digit often has half a square of blank behind it.
STOP_ROOM = (0.86, 1.2)
# A dash is a line thinner than this share of a square, and even; 一 is thicker at its end (but in sans-serif type).
THIN, EVEN = 0.1, 1.2
DIGITS = frozenset("一二三四五六七八九")
DOUBLE_ROOM, TRIPLE_ROOM = 1.5, 2.6
DASHES = regex.compile(r"^一{2}(?!一)|^一$|(?<=[0-9年）)])一(?=[0-9（(])")

# A number in brackets (a cumulative value, the year of a 文号), and what stands for 〔 and 〕 there.
NUMBERED = regex.compile(r"[(（\[［〔](?=[0-9０-９.,，．%％+－-]{1,9}[)）\]］〕])[^)）\]］〕]++[)）\]］〕]")
# Of a bracket's height so much is its upright: all of [, three to six tenths of (, and of 〔 what lies between.
UPRIGHT, UPRIGHT_REACH, BRACKET_WIDTH, BRACKET_HEIGHT = (0.72, 0.92), 0.15, 0.45, 0.7
SIGN_CHARS = frozenset(FULL) | WHOLE


def settle_signs(words: Sequence[Word]) -> list[Word]:
    """The words of one document, with signs as wide as print has them and dashes as long; text is changed in nothing else."""
    measured = [_measure_signs(_lengthen(word)) for word in words]
    votes = {True: 0, False: 0}
    for word, verdicts in measured:
        for i, full in verdicts.items():
            if word.text[i] in OPEN | SHUT:
                votes[full] += 1
        votes[True] += sum(word.text[i] in "（）" and i not in verdicts for i in range(len(word.text)))
    usual = votes[True] > votes[False]
    return [_apply(word, _guess(word.text, verdicts, usual)) for word, verdicts in measured]


def _measure_signs(word: Word) -> tuple[Word, dict[int, bool]]:
    """For each half-width sign with characters on both sides of its run: whether it fills a square."""
    text, verdicts = word.text, dict[int, bool]()
    i = 0
    while i < len(text):
        if text[i] not in SIGN_CHARS:
            i += 1
            continue
        first = i
        while i < len(text) and text[i] in SIGN_CHARS:
            i += 1
        # Between digits a stop or a colon is a decimal point, a time or a ratio; Latin print has half-width signs only.
        if first == 0 or i == len(text) or not (is_han(text[first - 1]) or is_han(text[i])):
            continue
        room = word.centres[i] - word.centres[first - 1] - (_square(text[first - 1]) + _square(text[i])) / 2 * word.size
        each = room / word.size / (i - first)
        seen = any(word.blanks[first : i + 1])
        for k in range(first, i):
            if text[k] == ".":
                verdicts[k] = i - first == 1 and STOP_ROOM[0] <= each < STOP_ROOM[1]
            elif text[k] in FULL and not (seen and each >= ROOM):
                # A blank that was seen may be the empty half of a square, or a blank behind half a one.
                verdicts[k] = each >= ROOM
    return word, verdicts


def _square(char: str) -> float:
    return 1.0 if char >= "\u2000" else HALF


def _guess(text: str, verdicts: dict[int, bool], usual: bool) -> set[int]:
    """The signs that are full-width: as measured; then as their partners; then, beside Han characters, as is usual."""
    full = {i for i, verdict in verdicts.items() if verdict} | {i for i, char in enumerate(text) if char in WHOLE}
    stack: list[int] = []
    pairs: list[tuple[int, int]] = []
    for i, char in enumerate(text):
        if char in OPEN:
            stack.append(i)
        elif char in SHUT and stack:
            pairs.append((stack.pop(), i))
    for a, b in pairs:
        known = [i for i in (a, b) if i in verdicts or text[i] in WHOLE]
        if known and any(i in full for i in known):
            full |= {a, b}
        elif known:
            full -= {a, b}
    partner = dict(pairs) | {b: a for a, b in pairs}
    for i, char in enumerate(text):
        if char not in FULL or char in ".[]" or i in verdicts or i in full:
            continue
        other = partner.get(i)
        if other is not None and other in verdicts:
            continue
        beside = text[i + 1 : i + 2] if char in OPEN else text[max(0, i - 1) : i]
        if usual and beside and is_han(beside):
            full.add(i)
            if other is not None:
                full.add(other)
    return full


def _apply(word: Word, full: set[int]) -> Word:
    text = "".join(FULL.get(char, char) if i in full else char for i, char in enumerate(word.text))
    return word if text == word.text else replace(word, text=text)


def _lengthen(word: Word) -> Word:
    """A word whose single dash or dots have the room of two: the recogniser takes the same sign twice for one."""
    for i, char in enumerate(word.text):
        if char not in "—…" or word.text[max(0, i - 1) : i] == char or word.text[i + 1 : i + 2] == char:
            continue
        last = i == len(word.text) - 1
        left = word.box[0] if i == 0 else word.centres[i - 1] + _square(word.text[i - 1]) / 2 * word.size
        right = word.box[2] if last else word.centres[i + 1] - _square(word.text[i + 1]) / 2 * word.size
        if DOUBLE_ROOM <= (right - left) / word.size < TRIPLE_ROOM:
            quarter = (right - left) / 4
            return replace(
                word,
                text=word.text[:i] + char + word.text[i:],
                centres=(*word.centres[:i], left + quarter, right - quarter, *word.centres[i + 1 :]),
                blanks=(*word.blanks[: i + 1], False, *word.blanks[i + 1 :]),
                scores=(*word.scores[: i + 1], *word.scores[i:]),
            )
    return word


def find_dashes(text: str, centres: Sequence[float], dark: Any, em: float) -> str:
    """The text of a piece with dashes that were taken for 一, where a dash may stand and is drawn as a thin even line.

    `dark` is the piece's part of the picture, 0 for the ground; `centres` and `em`, a square's side, are pixels in it.
    """
    chars = list(text)
    for found in DASHES.finditer(text):
        for i in range(*found.span()):
            part = _around(dark, centres[i], em).astype("int32")
            thick = sorted(float(t) for t in part.sum(axis=0) / max(1, int(part.max(initial=0))))
            drawn = [t for t in thick if t > 0.5]
            if drawn and drawn[-1] <= min(THIN * em, EVEN * drawn[len(drawn) // 2]):
                chars[i] = "—"
    return "".join(chars)


def find_head_dashes(room: float, dark: Any, em: float) -> list[float]:
    """The middles of the dashes at the head of a piece (——坚持) that were passed over, as `find_dashes` counts.

    `room` is how far the first character that was recognised has its middle from the piece's left edge.
    """
    count = round(room / em - 0.5)
    if not 1 <= count <= 2:
        return []
    part = dark[:, : max(1, round(room - 0.6 * em))].astype("int32")
    thick = [float(t) for t in part.sum(axis=0) / max(1, int(part.max(initial=0)))]
    drawn = sorted(t for t in thick if t > 0.5)
    # A dash runs the whole way; two dashes may leave a gap where they meet.
    if len(drawn) < 0.8 * len(thick) or drawn[-1] > min(THIN * em, EVEN * drawn[len(drawn) // 2] + 1):
        return []
    return [(i + 0.5) * (room - 0.5 * em) / count for i in range(count)]


def find_rings(text: str, centres: Sequence[float], ink: Any, em: float) -> list[tuple[int, float]]:
    """Where 〇 was passed over in a year (二〇三五): (index in the text, its middle), as `find_dashes` counts.

    Recognisers leave it out, since they saw few; it is there where a ring of ink stands between Chinese digits.
    """
    found: list[tuple[int, float]] = []
    edges = [-0.5 * em, *centres, ink.shape[1] + 0.5 * em]
    for i in range(len(text) + 1):
        near = text[max(0, i - 1) : i + 1]
        room = (edges[i + 1] - edges[i]) / em - 1
        if not near or not all(char in DIGITS for char in near) or not 0.7 < room < 2.5:
            continue
        count = max(1, round(room))
        middles = [edges[i] + (k + 1) * (edges[i + 1] - edges[i]) / (count + 1) for k in range(count)]
        if all(_is_ring(_around(ink, middle, em), em) for middle in middles):
            found += [(i, middle) for middle in middles]
    return found


def find_shells(text: str, centres: Sequence[float], ink: Any, em: float) -> str:
    """The text of a piece with 〔 and 〕 round a number that were taken for other brackets, as `find_dashes` counts.

    Recognisers know them beside Han characters and guess where a number stands alone. Where one of the two was recognised
    the other is its partner; else both must be drawn as they are: an upright with slanted ends.
    """
    chars = list(text)
    for found in NUMBERED.finditer(text):
        first, last = found.start(), found.end() - 1
        known = (chars[first] == "〔", chars[last] == "〕")
        if all(known):
            continue
        if any(known) or all(_is_shell(ink, centres[i], em, mirrored=i == last) for i in (first, last)):
            chars[first], chars[last] = "〔", "〕"
    return "".join(chars)


def _is_shell(ink: Any, middle: float, em: float, *, mirrored: bool) -> bool:
    """Whether the ink about a place is drawn as 〔 is, or mirrored as 〕."""
    drawn = ink.any(axis=0)
    at = min(drawn.nonzero()[0], key=lambda x: abs(x - middle), default=None)
    if at is None or abs(at - middle) > em / 2:
        return False
    left = right = int(at)
    while left > 0 and drawn[left - 1]:
        left -= 1
    while right + 1 < len(drawn) and drawn[right + 1]:
        right += 1
    part = ink[:, left : right + 1]
    rows = part.any(axis=1).nonzero()[0]
    part = part[rows[0] : rows[-1] + 1, :: -1 if mirrored else 1]
    high, wide = part.shape
    if wide > BRACKET_WIDTH * em or high < BRACKET_HEIGHT * em or not part.any(axis=1).all():
        return False
    upright = float((part.argmax(axis=1) <= max(1, round(UPRIGHT_REACH * wide))).mean())
    return UPRIGHT[0] < upright < UPRIGHT[1]


def _around(ink: Any, middle: float, em: float) -> Any:
    return ink[:, max(0, round(middle - em / 2)) : max(0, round(middle + em / 2))]


def _is_ring(part: Any, em: float) -> bool:
    rows, columns = part.any(axis=1).nonzero()[0], part.any(axis=0).nonzero()[0]
    if not len(rows) or not len(columns):
        return False
    drawn = part[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    high, wide = drawn.shape
    if not (0.6 * em < high < 1.1 * em and 0.6 * em < wide):
        return False
    inner = drawn[high // 3 : high - high // 3, wide // 3 : wide - wide // 3]
    return not inner.any() and bool(drawn[high // 2].any()) and bool(drawn[:, wide // 2].any())
