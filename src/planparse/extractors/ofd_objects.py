"""The graphic objects of OFD pages (GB/T 33190-2016, 8, 11 and 13) → runs of placed characters, and outlines.

An object's own space is turned by its CTM, then moved by the corner of its Boundary; millimetres, y downwards.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import regex
from lxml import etree

from planparse.extractors.limits import over
from planparse.extractors.ofd_package import OfdPackage, inside, local, numbers, said
from planparse.extractors.pdf_rulings import PLAIN, Matrix, times

MAX_DEPTH = 4
MAX_PATH = 20_000
SIZE = 3.7  # GB/T 33190-2016 gives none where Size is missing; 10.5 points are common
BOLD_WEIGHT = 600
PATH_TOKEN = regex.compile(r"[A-Za-z]|[-+]?(?:\d++\.?+\d*+|\.\d++)(?:[eE][-+]?\d++)?+")
OPERANDS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7}
# Some converters give all characters of a line the same step, Latin letters and figures that of a Chinese character.
SPREAD = 1.25
# Advances of Latin letters in ems, on the wide side: too narrow ones would look like blanks between letters.
NARROW, WIDE = frozenset("ijlftr.,:;'|!()[]·"), frozenset("mwMW@%")

Point = tuple[float, float]


class Glyph(NamedTuple):
    """A character, and where its baseline begins and its advance ends."""

    char: str
    start: Point
    end: Point


@dataclass(frozen=True, slots=True)
class Font:
    """A font of the resources by its name; `bold` where the file says so."""

    name: str = ""
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """The characters of one TextCode; `size` in millimetres."""

    glyphs: tuple[Glyph, ...]
    size: float
    font: Font

    @property
    def text(self) -> str:
        """Its characters."""
        return "".join(glyph.char for glyph in self.glyphs)


@dataclass(frozen=True, slots=True)
class Resources:
    """Fonts, composite units and the parts of pictures by id."""

    fonts: Mapping[str, Font]
    units: "Mapping[str, etree._Element]"
    images: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Drawn:
    """What a page draws: runs, outlines (corners, filled), images (part, matrix of the unit square), words not visible."""

    runs: list[Run] = field(default_factory=list)
    outlines: list[tuple[list[Point], bool]] = field(default_factory=list)
    images: list[tuple[str, Matrix]] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    objects: int = 0


def draw(page: "etree._Element", resources: Resources, drawn: Drawn, package: OfdPackage) -> None:
    """Add what a page or a template draws. Raises UnreadableFile (`too-large`) over `ofd_page_objects` on a page."""
    for content in inside(page, "Content"):
        _draw_objects(content, PLAIN, resources, drawn, package, 0)


def _draw_objects(
    block: "etree._Element", outer: Matrix, resources: Resources, drawn: Drawn, package: OfdPackage, depth: int
) -> None:
    for thing in block:
        kind = local(thing)
        drawn.objects += 1
        if drawn.objects > package.limits.ofd_page_objects:
            raise over(
                package.name, package.limits, "ofd_page_objects", "draws more than {limit} objects on a page; print it anew"
            )
        if kind in ("Layer", "PageBlock"):
            _draw_objects(thing, outer, resources, drawn, package, depth)
        elif kind == "TextObject":
            runs = list(_text_to_runs(thing, outer, resources))
            if said(thing, "Visible").lower() == "false":
                drawn.hidden += [run.text for run in runs]
            else:
                drawn.runs += runs
        elif kind == "PathObject":
            drawn.outlines += _path_to_outlines(thing, outer)
        elif kind == "ImageObject":
            if said(thing, "Visible").lower() != "false":
                drawn.images.append((resources.images.get(said(thing, "ResourceID"), ""), _image_matrix(thing, outer)))
        elif kind == "CompositeObject" and depth < MAX_DEPTH:
            unit = resources.units.get(said(thing, "ResourceID"))
            for inner in () if unit is None else unit:
                if local(inner) == "Content":
                    _draw_objects(inner, _placed(thing, outer), resources, drawn, package, depth + 1)


def _placed(thing: "etree._Element", outer: Matrix) -> Matrix:
    """The matrix from an object's own space to the page."""
    ctm = numbers(said(thing, "CTM"))
    left, top, *_ = [*numbers(said(thing, "Boundary")), 0.0, 0.0]
    own: Matrix = (ctm[0], ctm[1], ctm[2], ctm[3], ctm[4], ctm[5]) if len(ctm) == 6 else PLAIN
    return times(times(own, (1.0, 0.0, 0.0, 1.0, left, top)), outer)


def _image_matrix(thing: "etree._Element", outer: Matrix) -> Matrix:
    """The matrix from the unit square that an image is to the page; without a CTM it fills its boundary."""
    if len(numbers(said(thing, "CTM"))) == 6:
        return _placed(thing, outer)
    left, top, wide, high, *_ = [*numbers(said(thing, "Boundary")), 0.0, 0.0, 0.0, 0.0]
    return times((wide, 0.0, 0.0, high, left, top), outer)


def _text_to_runs(thing: "etree._Element", outer: Matrix, resources: Resources) -> Iterator[Run]:
    matrix = _placed(thing, outer)
    a, b, c, d, e, f = matrix
    size = next((n for n in numbers(said(thing, "Size")) if n), SIZE)
    squeeze = next((n for n in numbers(said(thing, "HScale")) if n > 0), 1.0)
    turn = int(next(iter(numbers(said(thing, "CharDirection"))), 0)) // 90 % 4
    ahead = ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[turn]
    known = resources.fonts.get(said(thing, "Font"), Font())
    heavy = next(iter(numbers(said(thing, "Weight"))), 400) >= BOLD_WEIGHT
    font = Font(known.name, known.bold or heavy)
    printed = abs(size) * (c * c + d * d) ** 0.5 or 1.0
    x = y = 0.0
    for code in inside(thing, "TextCode"):
        text = code_to_text(code)
        x = next(iter(numbers(said(code, "X"))), x)
        y = next(iter(numbers(said(code, "Y"))), y)
        glyphs: list[Glyph] = []
        for char, (px, py), advance in _spread(code, text, x, y, abs(size) * squeeze):
            qx, qy = px + ahead[0] * advance, py + ahead[1] * advance
            glyphs.append(Glyph(char, (a * px + c * py + e, b * px + d * py + f), (a * qx + c * qy + e, b * qx + d * qy + f)))
        if glyphs:
            yield Run(tuple(glyphs), printed, font)


def code_to_text(code: "etree._Element") -> str:
    """The characters of a TextCode; line ends that only lay out the XML are none of them."""
    text = "".join(str(piece) for piece in code.itertext())
    return text.strip(" \t\r\n") if "\n" in text else text


def _spread(code: "etree._Element", text: str, x: float, y: float, em: float) -> Iterator[tuple[str, Point, float]]:
    """Each character, where its baseline begins in the object's space, and its advance."""
    steps = _deltas(said(code, "DeltaX"), len(text))
    downs = _deltas(said(code, "DeltaY"), len(text) - 1)
    for i, char in enumerate(text):
        width = _width(char) * em
        # Without DeltaX the characters of a line are set by their own widths; of a column (DeltaY alone) they are not moved.
        step = steps[i] if i < len(steps) else steps[-1] if steps else 0.0 if downs else width
        given = i < len(steps) and steps[i] > 0
        # A Latin letter is as wide as its step; a step wider than a Chinese character spreads the line.
        narrow = given and (steps[i] < width or (char < "\u2000" and steps[i] <= SPREAD * em))
        yield char, (x, y), steps[i] if narrow else width
        x += step
        y += downs[i] if i < len(downs) else downs[-1] if downs else 0.0


def _width(char: str) -> float:
    if char >= "\u2000":
        return 1.0
    if char in NARROW or char.isspace():
        return 0.35
    return 0.85 if char in WIDE else 0.7 if char.isupper() else 0.55


def _deltas(words: str, most: int) -> list[float]:
    """A DeltaX or DeltaY (GB/T 33190-2016, 11.3): numbers, `g n d` standing for n times d; `most` of them at most."""
    tokens = words.split()
    found: list[float] = []
    at = 0
    while at < len(tokens) and len(found) < most:
        if tokens[at].lower() == "g":
            group = numbers(" ".join(tokens[at + 1 : at + 3]))
            if len(group) == 2:
                found += [group[1]] * min(max(0, int(group[0])), most - len(found))
            at += 3
            continue
        found += numbers(tokens[at])
        at += 1
    return found


def _path_to_outlines(thing: "etree._Element", outer: Matrix) -> Iterator[tuple[list[Point], bool]]:
    filled = said(thing, "Fill").lower() == "true" and not _is_white(thing, "FillColor")
    stroked = said(thing, "Stroke").lower() != "false" and not _is_white(thing, "StrokeColor")
    if said(thing, "Visible").lower() == "false" or not (filled or stroked):
        return
    a, b, c, d, e, f = _placed(thing, outer)
    for data in inside(thing, "AbbreviatedData"):
        for outline in _data_to_outlines(data.text or ""):
            yield [(a * x + c * y + e, b * x + d * y + f) for x, y in outline], filled


def _data_to_outlines(words: str) -> list[list[Point]]:
    """The outlines of AbbreviatedData (GB/T 33190-2016, 9.1), corner by corner; one with a curve is left out."""
    if len(words) > MAX_PATH:
        return []
    tokens = PATH_TOKEN.findall(words)
    outlines: list[list[Point]] = [[]]
    curved = False
    at = 0
    while at < len(tokens):
        operator = tokens[at]
        count = OPERANDS.get(operator, 0)
        operands = numbers(" ".join(tokens[at + 1 : at + 1 + count]))
        at += 1 + count
        if operator == "C" and len(outlines[-1]) > 1 and outlines[-1][0] != outlines[-1][-1]:
            outlines[-1].append(outlines[-1][0])
        if not count or len(operands) < count:
            continue
        if operator in "SM":
            outlines.append([])
            curved = False
        elif operator in "QBA":
            curved = True
            outlines[-1].clear()
        if not curved:
            outlines[-1].append((operands[0], operands[1]))
    return [outline for outline in outlines if len(outline) > 1]


def _is_white(thing: "etree._Element", name: str) -> bool:
    colour = next(inside(thing, name), None)
    if colour is None:
        return False
    # 255 255 255 or #ff #ff #ff; four values are CMYK, where nothing printed is white.
    words = said(colour, "Value") or next((e.text or "" for e in inside(colour, "Value")), "")
    try:
        parts = [int(word[1:], 16) if word.startswith("#") else int(float(word)) for word in words.split()]
    except (ValueError, OverflowError):
        return False
    clear = said(colour, "Alpha") == "0"
    return clear or (bool(parts) and (max(parts) == 0 if len(parts) == 4 else min(parts) >= 250))
