"""Glyphs of a PDF whose font does not say which characters they are, or says it wrongly: found, and read all the same.

A font without a Unicode map gives codes for characters; a broken map gives a blank for a bracket that is printed, and a
bracket for a blank. One glyph of a font is one character wherever it stands: what tells at any of its places is counted,
and the most frequent reading is taken for all. A bracket is told by its partner, everything else by OCR.
"""

import ctypes
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from typing import NamedTuple

import pypdfium2.raw as pdfium
import regex

from planparse.document import count_characters
from planparse.document_builder import DocumentBuilder
from planparse.extractors.ocr_signs import FULL
from planparse.extractors.ocr_words import Word
from planparse.extractors.pdf_characters import UNREAD, page_to_text, quick
from planparse.extractors.pdf_page import Frame, PageText
from planparse.extractors.pdf_spacing import spell

# Every so many characters one is asked whether its font has a map; a font prints at least a line.
STRIDE = 11
NOTHING = "\0"
MAX_FONT = 2**25
ODD = regex.compile(r"[\x00\x01\x03-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
TYPED_BLANK = regex.compile(r"[ \u00a0\u3000]")
# Opening brackets are drawn in the right half of their square, high and narrow.
PARTNERS = {"）": "（", "》": "《", "】": "【", "〕": "〔", "”": "“", "」": "「", "』": "『", "〉": "〈"}
BRACKETS = regex.compile("[" + "".join([*PARTNERS, *PARTNERS.values()]) + "]")
HIGH, NARROW_INK, RIGHT_HALF = 0.6, 0.45, 0.4
WIDE = 6.0
# A partner farther off belongs to another bracket.
FAR = 120
# So many readings of one glyph are enough, and so many of them must agree.
ENOUGH, AGREE = 2, 0.6
MIN_SCORE = 0.5
# OCR's character and the glyph are one when their middles are this near, in sizes.
NEAR = 0.4
# A full-width character has so much of its square.
SQUARE = 0.85
HALF_WIDTH = {full: half for half, full in FULL.items()}

_PAGE, _INT, _OUT = ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
_map_error = quick(pdfium.FPDFText_HasUnicodeMapError, _INT, _PAGE, _INT)
_generated = quick(pdfium.FPDFText_IsGenerated, _INT, _PAGE, _INT)
_ink = quick(pdfium.FPDFText_GetCharBox, _INT, _PAGE, _INT, _OUT, _OUT, _OUT, _OUT)
_font_size = quick(pdfium.FPDFText_GetFontSize, ctypes.c_double, _PAGE, _INT)
_code = quick(pdfium.FPDFText_GetUnicode, ctypes.c_uint, _PAGE, _INT)
_object = quick(pdfium.FPDFText_GetTextObject, ctypes.c_void_p, _PAGE, _INT)
_font = quick(pdfium.FPDFTextObj_GetFont, ctypes.c_void_p, ctypes.c_void_p)
_font_data = quick(pdfium.FPDFFont_GetFontData, _INT, ctypes.c_void_p, _OUT, ctypes.c_size_t, _OUT)
_font_name = quick(pdfium.FPDFFont_GetBaseFontName, ctypes.c_size_t, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)

Key = tuple[str, int, int, int]


class Glyph(NamedTuple):
    """An odd glyph: its place in the page's text, which glyph it is, the middle of its ink (points, as read).

    `sign`: a bracket that its map calls a blank; `empty`: no ink, whatever its map says.
    """

    at: int
    key: Key
    x: float
    y: float
    sign: bool
    empty: bool


def page_to_glyphs(handle: int, text: PageText) -> list[Glyph]:
    """The odd glyphs of a text page (`FPDF_TEXTPAGE` as an address); none on all but a few pages, and quickly so."""
    words, number = text.text, len(text.text)
    places: list[int] = []
    if 1 in map(_map_error, repeat(handle), range(0, number, STRIDE)) or ODD.search(words):
        places = [i for i, error in enumerate(map(_map_error, repeat(handle), range(number))) if error == 1]
    x, right = text.x, text.right
    # A bracket has the room of a Han character: most blanks are narrower.
    wide = [m.start() for m in TYPED_BLANK.finditer(words) if right[m.start()] - x[m.start()] > WIDE]
    signs = [i for i in wide if not _generated(handle, i) and _is_bracket(handle, i, text)]
    if not places and not signs:
        return []
    unmapped, named = set(places), Names(handle)
    empty = [
        m.start() for m in BRACKETS.finditer(words) if signs and m.start() not in unmapped and not _has_ink(handle, m.start())
    ]
    return [named.glyph(i, text.frame, sign=i not in unmapped) for i in sorted({*places, *signs, *empty})]


def _box(handle: int, index: int) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of a character's ink, in the page's own space."""
    made = (ctypes.c_double * 4)()
    at = ctypes.addressof(made)
    _ink(handle, index, at, at + 8, at + 16, at + 24)
    return made[0], made[1], made[2], made[3]


def _has_ink(handle: int, index: int) -> bool:
    left, right, bottom, top = _box(handle, index)
    return right - left > 0.1 and top - bottom > 0.1


def _is_bracket(handle: int, index: int, text: PageText) -> bool:
    """Whether a blank is drawn as an opening bracket is."""
    left, right, bottom, top = _box(handle, index)
    size = text.right[index] - text.x[index]
    if text.frame.turn or size <= 0 or not 0 < right - left < NARROW_INK * size:
        return False
    return top - bottom > HIGH * size and text.frame.across([left], [bottom])[0] - text.x[index] > RIGHT_HALF * size


class Names:
    """The names of a page's fonts, and through them its glyphs."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._names: dict[int, str] = {}

    def glyph(self, index: int, frame: Frame, *, sign: bool) -> Glyph:
        """The glyph at an index; the shape of its ink belongs to what it is where the map gives many the same character."""
        handle = self._handle
        left, right, bottom, top = _box(handle, index)
        size = _font_size(handle, index) or 1.0
        empty = not _has_ink(handle, index)
        thing = _object(handle, index)
        font = (_font(thing) if thing else 0) or 0
        if font and font not in self._names:
            self._names[font] = _font_to_name(font)
        shape = (round(20 * (right - left) / size), round(20 * (top - bottom) / size)) if sign else (0, 0)
        x, y = (left + right) / 2, (bottom + top) / 2
        key = (self._names.get(font, ""), _code(handle, index), *shape)
        return Glyph(index, key, frame.across([x], [y])[0], frame.down([x], [y])[0], sign and not empty, empty)


@dataclass(frozen=True, slots=True)
class OddPage:
    """A page that waits until its odd glyphs are read: its text with U+FFFD for them, and what its fonts called them."""

    text: PageText
    glyphs: tuple[Glyph, ...]
    codes: str


def _font_to_name(font: int) -> str:
    """What tells a font from others of its document, on any page: subsets of one font have one name, not one file."""
    name = ctypes.create_string_buffer(256)
    _font_name(font, ctypes.addressof(name), 256)
    size = ctypes.c_size_t()
    _font_data(font, None, 0, ctypes.addressof(size))
    data = ctypes.create_string_buffer(max(1, min(size.value, MAX_FONT)))
    if 0 < size.value <= MAX_FONT:
        _font_data(font, ctypes.addressof(data), size.value, ctypes.addressof(size))
    return f"{name.value.decode('utf-8', 'replace')}:{size.value}:{zlib.crc32(data.raw)}"


class GlyphReader:
    """Counts what odd glyphs are read as, page by page, and tells in the end.

    1. What a glyph is read as is counted in the builder's `recognised`, a glyph that is not read too (U+FFFD); the codes
       that stood for them in the file go to its discarded (`unmapped_glyph`).
    2. OCR is asked for a page only while one of its glyphs has not been read often enough.
    """

    def __init__(self) -> None:
        self._votes: dict[Key, Counter[str]] = {}
        self._told: dict[int, tuple[int, int]] = {}

    def take(self, handle: int, box: tuple[float, float, float, float], text: PageText, glyphs: Sequence[Glyph]) -> OddPage:
        """The page (read once as `text`) with its odd glyphs set apart; brackets are asked for by their partners."""
        places = {glyph.at for glyph in glyphs}
        for glyph in glyphs:
            if glyph.sign and (partner := _partner(text.text, glyph.at, places)):
                self._votes.setdefault(glyph.key, Counter())[HALF_WIDTH.get(partner, partner)] += 1
        # What has no ink parts words like an end of a line: where there is room, print shows it.
        instead = {glyph.at: NOTHING if glyph.empty else UNREAD for glyph in glyphs}
        return OddPage(page_to_text(handle, box, instead=instead, hidden=text.hidden), tuple(glyphs), _codes(text, places))

    def look(self, page: OddPage, read: Callable[[], Sequence[Word]]) -> None:
        """Count what OCR reads (`read` gives a page's words) where glyphs stand that have not been read often enough."""
        drawn = [glyph for glyph in page.glyphs if not glyph.empty]
        if all(self._votes.get(glyph.key, Counter()).total() >= ENOUGH for glyph in drawn):
            return
        for word in read():
            left, top, right, bottom = word.box
            inside = [g for g in drawn if left - 1 <= g.x <= right + 1 and top - 1 <= g.y <= bottom + 1]
            for char, centre, score in zip(word.text, word.centres, word.scores, strict=True):
                near = min(((abs(g.x - centre), g.key) for g in inside), default=None)
                if near is not None and near[0] < NEAR * word.size and score >= MIN_SCORE:
                    self._votes.setdefault(near[1], Counter())[HALF_WIDTH.get(char, char)] += 1

    def read(self, page: OddPage, number: int, builder: DocumentBuilder) -> PageText:
        """The page with its odd glyphs as they were read; what was not is U+FFFD."""
        text, chars = page.text, list(page.text.text)
        odd = {glyph.at for glyph in page.glyphs if not glyph.empty}
        for glyph in page.glyphs:
            if not glyph.empty:
                chars[glyph.at] = self._reading(glyph.key)
        for fragment in text.fragments:
            for i in odd.intersection(range(fragment.first, fragment.last)):
                chars[i] = _as_wide(chars[i], (text.right[i] - text.x[i]) / fragment.size)
        whole = "".join(chars)
        read = "".join(chars[i] for i in sorted(odd))
        builder.recognised.update(count_characters(read))
        builder.discard(page.codes, "unmapped_glyph", page=number)
        unread = read.count(UNREAD)
        self._told[number] = len("".join(read.split())) - unread, unread
        fragments = []
        for fragment in text.fragments:
            words = spell(whole, text.x, text.right, range(fragment.first, fragment.last), fragment.size).strip()
            if words:
                fragments.append(fragment._replace(text=words))
        return replace(text, text=whole, fragments=fragments)

    @property
    def unread(self) -> int:
        """How many glyphs were not read, as far as `read` has been asked for their pages."""
        return sum(unread for _, unread in self._told.values())

    def metadata(self) -> dict[str, str]:
        """What became of odd glyphs, by page: `glyphs_read` and `glyphs_unread` ("2:14,3:1": page and how many)."""
        kinds = (("glyphs_read", 0), ("glyphs_unread", 1))
        return {
            name: ",".join(f"{page}:{told[at]}" for page, told in sorted(self._told.items()) if told[at])
            for name, at in kinds
            if any(told[at] for told in self._told.values())
        }

    def _reading(self, key: Key) -> str:
        votes = self._votes.get(key)
        if not votes:
            return UNREAD
        if votes["…"] and votes["…"] + votes["."] + votes["·"] > AGREE * votes.total():
            return "…"
        char, count = max(votes.items(), key=lambda vote: (vote[1], vote[0]))
        return char if count >= AGREE * votes.total() else UNREAD


def _as_wide(char: str, squares: float) -> str:
    """The full- or half-width form of a sign, whichever its font gives the room for."""
    return FULL.get(char, char) if squares >= SQUARE else char


def _partner(text: str, index: int, odd: Collection[int]) -> str | None:
    """The opening bracket that the next bracket without a beginning asks for."""
    depth: Counter[str] = Counter()
    inner = 0  # brackets that are odd themselves
    for i in range(index + 1, min(len(text), index + FAR)):
        char = text[i]
        if i in odd:
            inner += 1
            continue
        if char in PARTNERS:
            if depth[PARTNERS[char]]:
                depth[PARTNERS[char]] -= 1
            elif inner:
                inner -= 1
            else:
                return PARTNERS[char]
        elif char in PARTNERS.values():
            depth[char] += 1
    return None


def _codes(text: PageText, odd: Collection[int]) -> str:
    """The codes of odd glyphs, as far as the other reading of the page counts them among its characters."""
    left = Counter(text.counted) - Counter("".join(c for i, c in enumerate(text.text) if i not in odd and not c.isspace()))
    found: list[str] = []
    for char in (text.text[i] for i in sorted(odd)):
        if left[char] > 0:
            left[char] -= 1
            found.append(char)
    return "".join(found) + "".join(left.elements())
