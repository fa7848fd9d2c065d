"""What a browser would make of an element's look: inherited style, the page's own simple style rules, old attributes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import regex
from lxml.etree import _Element

# Points of <font size=1…7> and of CSS's size words (HTML Living Standard 15.3.1, with 1 px = 0.75 pt).
FONT_SIZES = {"1": 7.5, "2": 10.0, "3": 12.0, "4": 13.5, "5": 18.0, "6": 24.0, "7": 36.0}
SIZE_WORDS = {"xx-small": 6.75, "x-small": 7.5, "small": 9.75, "medium": 12.0, "large": 13.5, "x-large": 18.0, "xx-large": 24.0}
POINTS = {"pt": 1.0, "px": 0.75, "in": 72.0, "cm": 28.3465, "mm": 2.83465, "pc": 12.0}
PLAIN_SIZE = 12.0

WANTED = frozenset(
    [
        "display",
        "visibility",
        "text-align",
        "font-size",
        "font-weight",
        "font-family",
        "font",
        "text-indent",
        "white-space",
        "list-style",
        "list-style-type",
    ]
)
LENGTH = regex.compile(r"([+-]?(?:\d{1,6}(?:\.\d{0,6})?|\.\d{1,6}))\s*([a-z%]*)")
COMMENT = regex.compile(r"/\*.*?\*/|<!--|-->", regex.S)
SIMPLE_SELECTOR = regex.compile(r"([a-z][a-z0-9]*)?(?:\.([\w-]+))?", regex.I)
BOLD_TAGS = frozenset(["b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"])


@dataclass(frozen=True, slots=True)
class Look:
    """How the text inside an element stands; lengths in points, None where nothing is declared."""

    centred: bool | None = None
    indent: float | None = None
    size: float | None = None
    bold: bool = False
    font: str | None = None
    keeps_blanks: bool = False
    display: str | None = None
    hidden: bool = False
    numbering: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page's own style rules for plain selectors (`p`, `.name`, `p.name`): selector → properties."""

    rules: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def styles(self, element: _Element) -> dict[str, str]:
        """The properties that hold for `element`, its own `style` attribute last."""
        found: dict[str, str] = {}
        if self.rules:
            tag = str(element.tag)
            classes = (element.get("class") or "").split()
            for key in (tag, *(f".{name}" for name in classes), *(f"{tag}.{name}" for name in classes)):
                found.update(self.rules.get(key, {}))
        return found | text_to_properties(element.get("style") or "")


def css_to_sheet(css: str) -> Sheet:
    """The rules of a style sheet that plain selectors name; what stands in @media and the like is left out."""
    rules: dict[str, dict[str, str]] = {}
    css = COMMENT.sub(" ", css)
    at = 0
    while (opened := css.find("{", at)) >= 0:
        selectors, at = css[at:opened], opened + 1
        if "@" in selectors:
            at = _past_block(css, opened)
            continue
        closed = css.find("}", at)
        closed = len(css) if closed < 0 else closed
        properties = text_to_properties(css[at:closed])
        at = closed + 1
        for selector in selectors.split(",") if properties else ():
            found = SIMPLE_SELECTOR.fullmatch(selector.strip())
            if found and (found.group(1) or found.group(2)):
                key = (found.group(1) or "").lower() + (f".{found.group(2)}" if found.group(2) else "")
                rules.setdefault(key, {}).update(properties)
    return Sheet(rules)


def _past_block(css: str, opened: int) -> int:
    depth = 0
    for found in regex.finditer(r"[{}]", css, pos=opened):
        depth += 1 if found.group() == "{" else -1
        if depth == 0:
            return found.end()
    return len(css)


def text_to_properties(text: str) -> dict[str, str]:
    """`text-align: center; color: red` → the properties that this reader knows."""
    found = {}
    for piece in text.split(";") if ":" in text else ():
        name, _, value = piece.partition(":")
        name = name.strip().lower()
        if name in WANTED:
            found[name] = value.replace("!important", "").strip().lower()
    return found


def element_look(element: _Element, parent: Look, sheet: Sheet) -> Look:
    """The look inside `element`, given that of its parent."""
    tag = str(element.tag)
    css = sheet.styles(element)
    if not css and not element.attrib and tag not in BOLD_TAGS and tag not in ("center", "pre", "td", "th"):
        return parent if parent.display is None else replace(parent, display=None)
    size = _size(element, tag, css, parent)
    return Look(
        centred=_centred(element, tag, css, parent),
        indent=_indent(css, size, parent),
        size=size,
        bold=_bold(tag, css, parent),
        font=_font(element, tag, css, parent),
        keeps_blanks=css["white-space"].startswith("pre") if "white-space" in css else tag == "pre" or parent.keeps_blanks,
        display=css.get("display", "").split(" ")[0] or None,
        hidden=css.get("display") == "none"
        or css.get("visibility") in ("hidden", "collapse")
        or element.get("hidden") is not None,
        numbering=_numbering(css) or parent.numbering,
    )


def _hidden(element: _Element, css: Mapping[str, str]) -> bool:
    gone = css.get("display") == "none" or css.get("visibility") in ("hidden", "collapse")
    return gone or element.get("hidden") is not None


def _centred(element: _Element, tag: str, css: Mapping[str, str], parent: Look) -> bool | None:
    own = text_to_properties(element.get("style") or "").get("text-align")
    # LibreOffice writes p { text-align: left } at the top and align=center where it means it.
    said = own or (element.get("align") or "").strip().lower() or ("center" if tag == "center" else css.get("text-align", ""))
    if tag == "table" and not own:
        # align=center puts the table there, not its words; and a table starts anew.
        return None
    if said in ("center", "middle", "-webkit-center"):
        return True
    if said in ("left", "right", "justify", "start", "end"):
        return False
    return parent.centred


def _size(element: _Element, tag: str, css: Mapping[str, str], parent: Look) -> float | None:
    said = css.get("font-size") or ""
    if not said and tag == "font":
        said = (element.get("size") or "").strip()
        return FONT_SIZES.get(said, parent.size)
    if not said and "font" in css:
        said = next((word.split("/")[0] for word in css["font"].split() if word[:1].isdigit() and not word.isdigit()), "")
    if said in SIZE_WORDS:
        return SIZE_WORDS[said]
    size = _points(said, base=parent.size or PLAIN_SIZE, whole=parent.size or PLAIN_SIZE)
    return size if size is not None and 1 <= size <= 200 else parent.size


def _points(said: str, *, base: float, whole: float | None) -> float | None:
    found = LENGTH.fullmatch(said)
    if not found:
        return None
    number, unit = float(found.group(1)), found.group(2)
    if unit in ("em", "rem"):
        return round(number * (base if unit == "em" else PLAIN_SIZE), 2)
    if unit == "%":
        return None if whole is None else round(number * whole / 100, 2)
    return round(number * POINTS[unit], 2) if unit in POINTS else None


def _indent(css: Mapping[str, str], size: float | None, parent: Look) -> float | None:
    said = _points(css.get("text-indent", ""), base=size or PLAIN_SIZE, whole=None)
    if said is None:
        said = 0.0 if css.get("text-indent") == "0" else parent.indent
    return said


def _bold(tag: str, css: Mapping[str, str], parent: Look) -> bool:
    said = css.get("font-weight") or next((word for word in css.get("font", "").split() if word in ("bold", "bolder")), "")
    if said in ("bold", "bolder") or (said.isascii() and said.isdigit() and int(said[:4]) >= 600):
        return True
    return (parent.bold or tag in BOLD_TAGS) if not said else False


def _font(element: _Element, tag: str, css: Mapping[str, str], parent: Look) -> str | None:
    said = css.get("font-family") or ((element.get("face") or "") if tag == "font" else "")
    return said.split(",")[0].strip(" \"'") or parent.font


def _numbering(css: Mapping[str, str]) -> str | None:
    said = css.get("list-style-type") or css.get("list-style") or ""
    return next((word for word in said.split() if word not in ("inside", "outside")), None)
