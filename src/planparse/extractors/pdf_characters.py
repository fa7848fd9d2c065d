"""A PDF page's text layer as fragments: characters that stand side by side on one baseline.

pdfium answers one character a call; a call through ctypes with its conversions costs more than the answer. So the calls
go through prototypes that take plain addresses and hold the interpreter's lock, and run inside `map`: about a
microsecond a character instead of three.
"""

import ctypes
import math
import re
import struct
from collections import deque
from collections.abc import Iterator, Mapping, Set
from itertools import repeat
from operator import sub
from typing import Any

import pypdfium2.raw as pdfium

from planparse.extractors.pdf_page import Fragment, Frame, PageText
from planparse.extractors.pdf_spacing import BACK_GAP, NARROW_GAP, gaps_to_runs, spell
from planparse.extractors.radicals import repair

_PAGE, _INT, _ADDRESS = ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p


def quick(function: Any, result: Any, *arguments: Any) -> Any:
    """A pdfium function without conversion of pointers and without giving up the lock."""
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, ctypes.c_void_p).value or 0)


_count = quick(pdfium.FPDFText_CountChars, _INT, _PAGE)
_text = quick(pdfium.FPDFText_GetText, _INT, _PAGE, _INT, _INT, _ADDRESS)
_unicode = quick(pdfium.FPDFText_GetUnicode, ctypes.c_uint, _PAGE, _INT)
_generated = quick(pdfium.FPDFText_IsGenerated, _INT, _PAGE, _INT)
_hyphen = quick(pdfium.FPDFText_IsHyphen, _INT, _PAGE, _INT)
_origin = quick(pdfium.FPDFText_GetCharOrigin, _INT, _PAGE, _INT, _ADDRESS, _ADDRESS)
_loose = quick(pdfium.FPDFText_GetLooseCharBox, _INT, _PAGE, _INT, _ADDRESS)
_matrix = quick(pdfium.FPDFText_GetMatrix, _INT, _PAGE, _INT, _ADDRESS)
_font_size = quick(pdfium.FPDFText_GetFontSize, ctypes.c_double, _PAGE, _INT)
_angle = quick(pdfium.FPDFText_GetCharAngle, ctypes.c_float, _PAGE, _INT)
_object = quick(pdfium.FPDFText_GetTextObject, ctypes.c_void_p, _PAGE, _INT)
_font = quick(pdfium.FPDFTextObj_GetFont, ctypes.c_void_p, ctypes.c_void_p)
_mode = quick(pdfium.FPDFTextObj_GetTextRenderMode, _INT, ctypes.c_void_p)
_name_call = "FPDFFont_GetBaseFontName" if hasattr(pdfium, "FPDFFont_GetBaseFontName") else "FPDFFont_GetFontName"
_font_name = quick(getattr(pdfium, _name_call), ctypes.c_size_t, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
_font_flags = quick(pdfium.FPDFFont_GetFlags, _INT, ctypes.c_void_p)

_new_tuple = tuple.__new__
"""Makes a named tuple in half the time that its own `__new__`, a function of Python's, takes."""

BLANK = re.compile(" ")
ODD = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\ufffd\ufffe\U00010000-\U0010ffff]")
"""What the two readings of a page may tell otherwise: marks of hyphens, pairs of surrogates, what is no character."""
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
BOLD_NAME = re.compile(r"bold|heavy|black|demi", re.I)
UNREAD = "\ufffd"
"""Stands for a glyph of which the file does not say which character it is."""
HAN = "\u2e80"
FORCE_BOLD = 1 << 18
QUARTER = math.pi / 2
# In points: baselines this far apart are two; the feet of glyphs differ more on one baseline.
UNEVEN, FEET = 0.5, 2.0
UNLIKE = 0.1
# The tangent of the angle at which a line is no line of text but a watermark.
ASLANT = 0.1


def page_to_text(
    handle: int,
    box: tuple[float, float, float, float],
    *,
    instead: Mapping[int, str] | None = None,
    hidden: Set[int] = frozenset(),
) -> PageText:
    """The fragments of a text page (`FPDF_TEXTPAGE` as an address); `box` is the page's (left, bottom, right, top).

    `instead` has what stands for characters, by place, whose font tells them wrongly; those at `hidden` are in no fragment.
    """
    number = int(_count(handle))
    if number <= 0:
        return PageText(Frame(0, *box), "", [], [], [], [], "", 0)
    printed = _page_text(handle, number)
    # Where the page's text has a character for each, it spares a call a character.
    if len(printed) != number or ODD.search(printed):
        codes = _codes_to_text(handle, list(map(_unicode, repeat(handle), range(number))))
    else:
        codes = printed
    text, repaired = repair(codes)
    if instead:
        text = "".join(instead.get(i, char) for i, char in enumerate(text))
    boxes = (ctypes.c_float * (4 * number))()
    at = ctypes.addressof(boxes)
    deque(map(_loose, repeat(handle), range(number), range(at, at + 16 * number, 16)), 0)
    frame = Frame(_turn(handle, number), *box)
    # FS_RECTF is left, top, right, bottom; as read, a character begins and ends its advance at:
    start, end, foot = {0: (0, 2, 3), 1: (3, 1, 2), 2: (2, 0, 1), 3: (1, 3, 0)}[frame.turn]
    starts, ends = boxes[start::4], boxes[end::4]
    x, right = frame.across(starts, starts), frame.across(ends, ends)
    # The other reading of a page that both tell alike is the text itself, as it stood before anything took a place.
    counted = solid(repair(codes)[0] if instead else text) if codes is printed else _count_text(printed)
    page = PageText(frame, text, x, right, [], [], counted, repaired, hidden=hidden)
    _fill_fragments(page, handle, boxes[foot::4])
    return page


def _codes_to_text(handle: int, codes: list[int]) -> str:
    """One character a code; what is no character becomes U+FFFD, a pair of surrogates one character and a NUL."""
    for i, code in enumerate(codes):
        if code == 2 or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
            codes[i] = _odd_code(handle, codes, i)
    return "".join(map(chr, codes))


def _odd_code(handle: int, codes: list[int], i: int) -> int:
    code = codes[i]
    if code == 2:  # pdfium's mark for a hyphen at the end of a printed line
        return 0x2D if _hyphen(handle, i) == 1 else 0
    if 0xD800 <= code < 0xDC00 and i + 1 < len(codes) and 0xDC00 <= codes[i + 1] < 0xE000:
        low, codes[i + 1] = codes[i + 1], 0
        return 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
    return 0xFFFD


def _page_text(handle: int, number: int) -> str:
    """The page's text by one call (FPDFText_GetText); it leaves out what pdfium takes for no character."""
    buffer = (ctypes.c_ushort * (2 * number + 2))()
    written = _text(handle, 0, number, ctypes.addressof(buffer))
    return bytes(memoryview(buffer).cast("B")[: 2 * max(0, written - 1)]).decode("utf-16-le", "replace")


def _count_text(printed: str) -> str:
    return solid(repair(printed.replace("\ufffe", "-"))[0])


def solid(text: str) -> str:
    """A text without blanks and control characters."""
    return CONTROL.sub("", "".join(text.split()))


def _turn(handle: int, number: int) -> int:
    """How many quarter turns, anticlockwise (as pdfium does not count), most text is turned; 25 characters tell."""
    asked = range(0, number, max(1, number // 25))
    seen = [0, 0, 0, 0]
    for i in asked:
        turn = int(-round(_angle(handle, i) / QUARTER) % 4)
        seen[turn] += 1
        if 2 * seen[turn] > len(asked):
            return turn
    return seen.index(max(seen))


def _fill_fragments(page: PageText, handle: int, feet: list[float]) -> None:
    text, frame = page.text, page.frame
    fonts: dict[tuple[int, bool], tuple[str, bool]] = {}
    matrix = (ctypes.c_float * 6)()
    at = ctypes.addressof(matrix)
    read = struct.Struct("4f").unpack_from
    across = frame.turn % 2 == 1
    for first, end, y in _runs(handle, text, feet, frame, page.hidden):
        _matrix(handle, first, at)
        a, b, c, d = read(matrix)
        size = _font_size(handle, first) * (c * c + d * d) ** 0.5 or 1.0
        # Most text is neither aslant nor turned.
        if b and min(abs(a), abs(b)) > ASLANT * max(abs(a), abs(b)):
            page.watermarks.append(text[first:end])
            continue
        if (across != (abs(b) > abs(a))) if b else across:
            right = max(page.right[first:end])
            page.turned.append(Fragment(first, end, text[first:end], page.x[first], right, y, size, size, False, ""))
            continue
        thing = _object(handle, first)
        font, bold = _font_of(thing, fonts) if thing else ("", False)
        # A run may go on in another size: a Han character that is not as wide as its size shows it.
        last, ending = end - 1, size
        if text[last] >= HAN and abs(page.right[last] - page.x[last] - size) > UNLIKE * size:
            ending = size * _font_size(handle, last) / (_font_size(handle, first) or 1.0)
        add_run(page, first, end, y, size, bold=bold, font=font, ending=ending)


def add_run(
    page: PageText, first: int, last: int, y: float, size: float, *, bold: bool, font: str, ending: float = 0.0
) -> None:
    """Add characters `first` to `last` (exclusive), which stand on the baseline `y`, to the page as fragments.

    `ending` is the size in which they end, where it is another one.
    """
    text, x, right = page.text, page.x, page.right
    gaps = list(map(sub, x[first + 1 : last], right[first : last - 1]))
    even = not gaps or (max(gaps) < NARROW_GAP * size and min(gaps) > -BACK_GAP * size)
    # Most runs are one fragment as it stands.
    if even and not (text[first].isspace() or text[last - 1].isspace()):
        words, end = text[first:last], max(right[first:last])
        page.fragments.append(_new_tuple(Fragment, (first, last, words, x[first], end, y, size, ending or size, bold, font)))
        return
    for a, b in gaps_to_runs(x, gaps, first, last, size):
        # Indents are often made of blanks; they are room, not words.
        while a < b and text[a].isspace():
            a += 1
        while a < b and text[b - 1].isspace():
            b -= 1
        if a == b:
            continue
        words = spell(text, x, right, range(a, b), size)
        end_size = ending if ending and b == last else size
        page.fragments.append(Fragment(a, b, words, x[a], max(right[a:b]), y, size, end_size, bold, font))


def _runs(handle: int, text: str, feet: list[float], frame: Frame, hidden: Set[int]) -> Iterator[tuple[int, int, float]]:
    """Stretches without a character that pdfium made up or that is hidden, each on one baseline, and where that lies."""
    blanks = [m.start() for m in BLANK.finditer(text)]
    breaks = {i for i in blanks if _generated(handle, i) == 1}
    breaks |= {m.start() for m in CONTROL.finditer(text)} | hidden
    point = (ctypes.c_double * 2)()
    at = ctypes.addressof(point)

    # What Frame.down does, for one point.
    place, edge = {0: (1, frame.top), 1: (0, frame.left), 2: (1, frame.bottom), 3: (0, frame.right)}[frame.turn]
    downwards = frame.turn in (0, 3)

    def baseline(index: int) -> float:
        _origin(handle, index, at, at + 8)
        return edge - point[place] if downwards else point[place] - edge

    first = 0
    for last in (*sorted(breaks), len(text)):
        if first < last:
            y = baseline(first)
            below = feet[first:last]
            if max(below) - min(below) > FEET:
                for i in range(first + 1, last):
                    # Characters alike stand alike: where the foot is the last one's, so is the baseline.
                    if feet[i] == feet[i - 1]:
                        continue
                    here = baseline(i)
                    if abs(here - y) > UNEVEN:
                        yield first, i, y
                        first, y = i, here
            yield first, last, y
        first = last + 1


def _font_of(thing: int, fonts: dict[tuple[int, bool], tuple[str, bool]]) -> tuple[str, bool]:
    """The font's name without its subset prefix, and whether it is bold by name, by flag or by a stroked outline."""
    font = _font(thing) or 0
    stroked = _mode(thing) == pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE
    known = fonts.get((font, stroked))
    if known is None:
        buffer = ctypes.create_string_buffer(128)
        if font:
            _font_name(font, ctypes.addressof(buffer), 128)
        name = buffer.value.decode("utf-8", "replace").split("+")[-1]
        flags = _font_flags(font) if font else 0
        bold = stroked or bool(BOLD_NAME.search(name)) or (flags > 0 and bool(flags & FORCE_BOLD))
        known = fonts[(font, stroked)] = (name, bold)
    return known
