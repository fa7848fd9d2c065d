"""The numbers that a browser prints before list items (CSS Counter Styles 3)."""

from dataclasses import dataclass

from lxml.etree import _Element

CHINESE_DIGITS = "〇一二三四五六七八九"
ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"))
ROMAN_ONES = ((9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
TYPES = {"1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
CHINESE = frozenset(["cjk-ideographic", "simp-chinese-informal", "trad-chinese-informal", "simp-chinese-formal"])
NUMBERED = CHINESE | frozenset(
    [
        "decimal",
        "decimal-leading-zero",
        "lower-alpha",
        "upper-alpha",
        "lower-latin",
        "upper-latin",
        "lower-roman",
        "upper-roman",
        "cjk-decimal",
    ]
)


@dataclass(slots=True)
class OpenList:
    """A list while its items come: the next number, the step, and how it is written (None: no number, a bullet)."""

    number: int
    step: int
    style: str | None

    def next_label(self, item: _Element, style: str | None) -> str:
        """The number of the next item with its mark, as printed before its words ("" for a bullet or none)."""
        said = _whole(item.get("value"))
        number = self.number if said is None else said
        self.number = number + self.step
        own = TYPES.get(item.get("type") or "") or (style if style in NUMBERED or style == "none" else None) or self.style
        return number_to_label(number, own) if self.style is not None or own in NUMBERED else ""


def element_to_list(element: _Element, style: str | None) -> OpenList:
    """The counter that `ol` or `ul` opens; `style` is the list-style-type that holds for it."""
    ordered = element.tag == "ol"
    own = TYPES.get(element.get("type") or "") if ordered else None
    if style is not None and style in NUMBERED | {"none"}:
        own = style
    elif ordered and own is None:
        own = "decimal" if style in (None, "initial", "revert", "inherit") else None
    start = _whole(element.get("start"))
    if element.get("reversed") is not None and ordered:
        return OpenList(start if start is not None else sum(1 for child in element if child.tag == "li"), -1, own)
    return OpenList(1 if start is None else start, 1, own)


def _whole(said: str | None) -> int | None:
    said = (said or "").strip()
    body = said.removeprefix("-")
    return int(said[:9]) if body.isascii() and body.isdigit() else None


def number_to_label(number: int, style: str | None) -> str:
    """The number as a browser prints it, with its mark: `3. `, `c. `, `三、`; "" for `none`."""
    if style is None or style not in NUMBERED:
        return ""
    if style in CHINESE:
        return f"{_chinese(number)}、" if 0 < number < 100 else f"{number}. "
    if style.endswith(("alpha", "latin")) and number > 0:
        letters = ""
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(ord("a") + rest) + letters
        return (letters.upper() if style.startswith("upper") else letters) + ". "
    if style.endswith("roman") and 0 < number < 4000:
        written = ""
        for value, sign in ROMAN + ROMAN_ONES:
            written += sign * (number // value)
            number %= value
        return (written.upper() if style.startswith("upper") else written) + ". "
    return f"{number:02d}. " if style == "decimal-leading-zero" else f"{number}. "


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else CHINESE_DIGITS[tens] + "十"
    return head + (CHINESE_DIGITS[ones] if ones or not tens else "")
