"""styles.xml → what a paragraph or run looks like, each style's chain of basedOn followed once."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite, nan
from typing import NamedTuple

from lxml import etree

from planparse.extractors.docx_package import W

BODY_SIZE = 10.5
ON = {"1", "true", "on", None}
BORDERS = tuple(W + side for side in ("top", "left", "bottom", "right"))
BOLD, SIZE, FONTS, VANISH = W + "b", W + "sz", W + "rFonts", W + "vanish"
ALIGNMENT, OUTLINE, INDENT, BORDER, LIST = W + "jc", W + "outlineLvl", W + "ind", W + "pBdr", W + "numPr"
VAL, EAST_ASIA = W + "val", W + "eastAsia"
SIDES = {W + "start": W + "left", W + "end": W + "right"}


class RunLook(NamedTuple):
    """How a run looks; None is not said. `size` is points, `font` the East Asian one."""

    bold: bool | None = None
    hidden: bool | None = None
    size: float | None = None
    font: str | None = None


class ParagraphLook(NamedTuple):
    """How a paragraph looks; None is not said. Lengths are points, `..._chars` hundredths of a character.

    `list_id`, `list_level` and `list_style` say which list the paragraph is in and which style said so.
    """

    alignment: str | None = None
    outline_level: int | None = None
    left: float | None = None
    left_chars: float | None = None
    first: float | None = None
    first_chars: float | None = None
    framed: bool | None = None
    list_id: str | None = None
    list_level: int | None = None
    list_style: str | None = None


NOTHING_SAID = ParagraphLook()


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style with its chain: its name in print, its paragraph and its run properties."""

    name: str | None
    paragraph: ParagraphLook
    run: RunLook


class Styles:
    """The styles of one document; each is resolved when it is first asked for."""

    def __init__(self, root: "etree._Element | None") -> None:
        self._elements: dict[str, etree._Element] = {}
        self._paragraphs: dict[str | None, Style] = {}
        self._runs: dict[str, RunLook] = {}
        self._default: str | None = None
        base_run, base_paragraph = RunLook(), ParagraphLook()
        if root is not None:
            for element in root.iterchildren(W + "style"):
                identifier = element.get(W + "styleId", "")
                self._elements[identifier] = element
                if element.get(W + "type") == "paragraph" and element.get(W + "default") in ("1", "true", "on"):
                    self._default = identifier
            base_run = run_look(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
            base_paragraph = paragraph_look(root.find(f"{W}docDefaults/{W}pPrDefault/{W}pPr"))
        self._base = Style(None, base_paragraph, base_run)

    def paragraph(self, identifier: str | None) -> Style:
        """The paragraph style with that id, or the default one."""
        if identifier not in self._elements:
            identifier = self._default
        if identifier not in self._paragraphs:
            self._paragraphs[identifier] = self._resolve(identifier)
        return self._paragraphs[identifier]

    def character(self, identifier: str) -> RunLook:
        """What a character style says of runs, with its chain."""
        if identifier not in self._runs:
            look = RunLook()
            for _, element in reversed(self._chain(identifier)):
                look = run_over(look, run_look(element.find(W + "rPr")))
            self._runs[identifier] = look
        return self._runs[identifier]

    def list_of(self, identifier: str) -> str | None:
        """The numId that a numbering style names."""
        found = self._elements.get(identifier)
        number = None if found is None else found.find(f"{W}pPr/{W}numPr/{W}numId")
        return None if number is None else number.get(W + "val")

    def _chain(self, identifier: str | None) -> "list[tuple[str, etree._Element]]":
        chain: dict[str, etree._Element] = {}
        while identifier in self._elements and identifier not in chain:
            element = chain[identifier] = self._elements[identifier]
            based = element.find(W + "basedOn")
            identifier = None if based is None else based.get(W + "val")
        return list(chain.items())

    def _resolve(self, identifier: str | None) -> Style:
        chain = self._chain(identifier)
        name, paragraph, run = self._base.name, self._base.paragraph, self._base.run
        for owner, element in reversed(chain):
            said = paragraph_look(element.find(W + "pPr"))
            if said.list_id is not None:
                said = said._replace(list_style=owner)
            paragraph = paragraph_over(paragraph, said)
            run = run_over(run, run_look(element.find(W + "rPr")))
        if chain:
            named = chain[0][1].find(W + "name")
            name = chain[0][0] if named is None else named.get(W + "val")
        return Style(name, paragraph, run)


def run_look(properties: "etree._Element | None") -> RunLook:
    """w:rPr → what it says itself."""
    bold = hidden = size = font = None
    for child in () if properties is None else properties:
        tag = child.tag
        if tag == BOLD:
            bold = child.get(VAL) in ON
        elif tag == SIZE:
            half = to_number(child.get(VAL))
            size = None if half is None else half / 2
        elif tag == FONTS:
            font = child.get(EAST_ASIA)
        elif tag == VANISH:
            hidden = child.get(VAL) in ON
    return RunLook(bold, hidden, size, font)


def paragraph_look(properties: "etree._Element | None") -> ParagraphLook:
    """w:pPr → what it says itself."""
    if properties is None:
        return NOTHING_SAID
    said: dict[str, object] = {}
    for child in properties:
        tag = child.tag
        if tag == ALIGNMENT:
            said["alignment"] = child.get(VAL)
        elif tag == OUTLINE:
            said["outline_level"] = to_int(child.get(VAL))
        elif tag == INDENT:
            said |= _indents(child)
        elif tag == BORDER:
            drawn = {SIDES.get(b.tag, b.tag) for b in child if b.get(VAL) not in (None, "nil", "none")}
            said["framed"] = drawn.issuperset(BORDERS)
        elif tag == LIST:
            number, level = child.find(W + "numId"), child.find(W + "ilvl")
            said["list_id"] = None if number is None else number.get(VAL)
            said["list_level"] = None if level is None else to_int(level.get(VAL))
    return ParagraphLook(**said)  # type: ignore[arg-type]


def paragraph_over(under: ParagraphLook, over: ParagraphLook) -> ParagraphLook:
    """`under` with everything that `over` says itself in its place."""
    if over is NOTHING_SAID:
        return under
    # Indents go together: a length said nearer the paragraph beats characters said further off.
    left = (over.left, over.left_chars) if (over.left, over.left_chars) != (None, None) else (under.left, under.left_chars)
    said = (over.first, over.first_chars) != (None, None)
    first = (over.first, over.first_chars) if said else (under.first, under.first_chars)
    return ParagraphLook(
        over.alignment or under.alignment,
        under.outline_level if over.outline_level is None else over.outline_level,
        *left,
        *first,
        under.framed if over.framed is None else over.framed,
        over.list_id or under.list_id,
        under.list_level if over.list_level is None and over.list_id is None else over.list_level,
        over.list_style if over.list_id else under.list_style,
    )


def run_over(under: RunLook, over: RunLook) -> RunLook:
    """`under` with everything that `over` says itself in its place."""
    return RunLook(
        under.bold if over.bold is None else over.bold,
        under.hidden if over.hidden is None else over.hidden,
        under.size if over.size is None else over.size,
        over.font or under.font,
    )


def first_line_indent(look: ParagraphLook, own: ParagraphLook, listed: ParagraphLook, size: float | None) -> float | None:
    """How far the first line stands from the margin, in points; None where nothing says.

    `look` is the paragraph's with its styles, `own` what it says itself, `listed` what its list says: the list's
    indent holds unless the paragraph has its own.
    """
    if all(value is None for value in (own.left, own.left_chars, own.first, own.first_chars)):
        look = paragraph_over(look, listed)
    if look.left is look.left_chars is look.first is look.first_chars is None:
        return None
    em = (size or BODY_SIZE) / 100
    left = look.left_chars * em if look.left_chars else look.left or 0.0
    first = look.first_chars * em if look.first_chars else look.first or 0.0
    return round(left + first, 2)


def to_number(text: str | None) -> float | None:
    """A length as Word writes it: twips or half points; 12pt and the like (strict) count as none."""
    try:
        number = float(text) if text is not None and len(text) < 12 else nan
    except ValueError:
        return None
    return number if isfinite(number) else None


def to_int(text: str | None) -> int | None:
    """A small whole number, or None where it is none."""
    number = to_number(text)
    return int(number) if number is not None and abs(number) < 10**6 else None


def _indents(element: "etree._Element") -> Mapping[str, float | None]:
    get = {str(key).rpartition("}")[2]: to_number(str(value)) for key, value in element.attrib.items()}
    left, first, hanging = get.get("left", get.get("start")), get.get("firstLine"), get.get("hanging")
    chars, back = get.get("firstLineChars"), get.get("hangingChars")
    return {
        "left": None if left is None else left / 20,
        "left_chars": get.get("leftChars", get.get("startChars")),
        "first": -hanging / 20 if hanging else None if first is None else first / 20,
        "first_chars": -back if back else chars,
    }
