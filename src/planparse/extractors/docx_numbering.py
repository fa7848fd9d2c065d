"""numbering.xml → the numbers that Word puts before paragraphs (ECMA-376-1, 17.9), and every number format in print."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from planparse.extractors.docx_package import W
from planparse.extractors.docx_styles import ON, ParagraphLook, Styles, paragraph_look, to_int
from planparse.extractors.docx_symbols import bullet

MAX_LEVEL = 9
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
PLAIN, LEGAL, LEGAL_OLD = "〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖", "零壹貳參肆伍陸柒捌玖"


def format_number(number: int, kind: str) -> str:
    """A number in one of Word's formats (w:numFmt, ECMA-376-1 17.18.59); an unknown format counts in decimals.

    >>> [format_number(12, k) for k in ("chineseCounting", "upperRoman", "decimalEnclosedCircle", "ideographZodiac")]
    ['十二', 'XII', '⑫', '亥']
    """
    make = _FORMATS.get(kind)
    return make(number) if make else str(number)


def _digits(number: int, digits: str) -> str:
    return "".join(digits[int(d)] for d in str(number))


def _counted(number: int, *, digits: str, units: str = "十百千", myriads: str = "万亿", bare_ten: bool = True) -> str:
    """Chinese counting: 一百零五. `bare_ten` says 十五 for 一十五."""
    if not 0 < number < 10**9:
        return str(number) if number else digits[0]
    zero, groups, said = "零", [], number
    while said:
        said, group = divmod(said, 10_000)
        groups.append(group)
    words = ""
    for place in range(len(groups) - 1, -1, -1):
        group, word = groups[place], ""
        for power in (3, 2, 1, 0):
            digit = group // 10**power % 10
            if digit:
                word += digits[digit] + (units[power - 1] if power else "")
            elif (word or words) and not word.endswith(zero) and group % 10**power:
                word += zero
        words += word + (myriads[place - 1] if place and group else "")
    return words[1:] if bare_ten and words.startswith("一十") else words


def _positional(zero: str) -> Callable[[int], str]:
    """一 … 十, 十一 … 九十九, 一○○: counted below a hundred, digit by digit from there on."""
    digits = zero + PLAIN[1:]
    return lambda n: _counted(n, digits=digits) if n < 100 else _digits(n, digits)


def _japanese(number: int, one: str = "一") -> str:
    word = _counted(number, digits=PLAIN).replace("零", "")
    for unit in "十百千":
        word = word.replace(one + unit, unit)
    return word


def _one_of(signs: str) -> Callable[[int], str]:
    return lambda n: signs[n - 1] if 0 < n <= len(signs) else str(n)


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    word = ""
    for value, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        word += sign * (number // value)
        number %= value
    return word


def _letters(number: int) -> str:
    # Word goes on with AA, BB, CC after Z.
    return chr(65 + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number <= 26 * 30 else str(number)


def _run(first: str, count: int) -> str:
    return "".join(chr(ord(first) + i) for i in range(count))


_CIRCLED = _one_of(_run("①", 20))
_FORMATS: Mapping[str, Callable[[int], str]] = {
    "none": lambda n: "",
    "decimalZero": lambda n: f"{n:02d}",
    "decimalFullWidth": lambda n: _digits(n, _run("０", 10)),
    "decimalFullWidth2": lambda n: _digits(n, _run("０", 10)),
    "decimalEnclosedCircle": _CIRCLED,
    "decimalEnclosedCircleChinese": _CIRCLED,
    "decimalEnclosedFullstop": _one_of(_run("⒈", 20)),
    "decimalEnclosedParen": _one_of(_run("⑴", 20)),
    "numberInDash": lambda n: f"- {n} -",
    "upperRoman": _roman,
    "lowerRoman": lambda n: _roman(n).lower(),
    "upperLetter": _letters,
    "lowerLetter": lambda n: _letters(n).lower(),
    "ordinal": lambda n: f"{n}{'th' if 10 < n % 100 < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}",
    "chineseCounting": _positional("○"),
    "taiwaneseCounting": _positional("○"),
    "chineseCountingThousand": lambda n: _counted(n, digits=PLAIN),
    "taiwaneseCountingThousand": lambda n: _counted(n, digits=PLAIN, myriads="萬億"),
    "chineseLegalSimplified": lambda n: _counted(n, digits=LEGAL, units="拾佰仟", bare_ten=False),
    "ideographLegalTraditional": lambda n: _counted(n, digits=LEGAL_OLD, units="拾佰仟", myriads="萬億", bare_ten=False),
    "ideographDigital": lambda n: _digits(n, PLAIN),
    "taiwaneseDigital": lambda n: _digits(n, "○" + PLAIN[1:]),
    "japaneseDigitalTenThousand": lambda n: _digits(n, PLAIN),
    "japaneseCounting": _japanese,
    "ideographTraditional": _one_of(STEMS),
    "ideographZodiac": _one_of(BRANCHES),
    "ideographZodiacTraditional": lambda n: STEMS[(n - 1) % 10] + BRANCHES[(n - 1) % 12] if 0 < n <= 60 else str(n),
    "ideographEnclosedCircle": _one_of(_run("㊀", 10)),
}


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: its format, its text (`第%1章`), where it starts and what makes it start again."""

    kind: str = "decimal"
    text: str = ""
    start: int = 1
    suffix: str = "tab"
    restart: int | None = None
    legal: bool = False
    style: str | None = None
    width: int = 0
    look: ParagraphLook = field(default_factory=ParagraphLook)


@dataclass(frozen=True, slots=True)
class Label:
    """A number as it stands before a paragraph; `gap` is the blank between the two, or nothing."""

    text: str
    gap: str
    bullet: bool


class Numbering:
    """The lists of one document. `label` counts, so it is asked once for each paragraph, in document order."""

    def __init__(self, root: "etree._Element | None", styles: Styles) -> None:
        self._abstract: dict[str, etree._Element] = {}
        self._links: dict[str, str] = {}
        self._nums: dict[str, etree._Element] = {}
        self._styles = styles
        self._levels: dict[str, tuple[str, dict[int, Level], dict[int, int]] | None] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        for child in () if root is None else root:
            if child.tag == W + "abstractNum":
                self._abstract[child.get(W + "abstractNumId", "")] = child
            elif child.tag == W + "num":
                self._nums[child.get(W + "numId", "")] = child

    def place(self, look: ParagraphLook, *, own_level: bool) -> tuple[str, int, Level] | None:
        """Which list and level a paragraph is in; None outside lists (numId 0 takes a paragraph out of one).

        Where a style named the list and not the paragraph (`own_level` false), the level is the one that names the
        style (w:pStyle) before the style's own w:ilvl.
        """
        found = self._list(look.list_id) if look.list_id not in (None, "0") else None
        if found is None or look.list_id is None:
            return None
        at = look.list_level or 0
        if not own_level and look.list_style is not None:
            at = next((i for i, level in found[1].items() if level.style == look.list_style), at)
        level = found[1].get(at)
        return (look.list_id, at, level) if level is not None else None

    def label(self, list_id: str, at: int, level: Level) -> Label | None:
        """Count one paragraph of that list and level and give what is printed before it; None for nothing."""
        found = self._list(list_id)
        if found is None:
            return None
        shared, levels, starts = found
        # Lists of one abstract definition go on counting together; a start of its own begins once for each list.
        counts = self._counts.setdefault(shared, {})
        if at in starts and (list_id, at) not in self._begun:
            self._begun.add((list_id, at))
            counts.pop(at, None)
        counts[at] = counts[at] + 1 if at in counts else starts.get(at, level.start)
        for deeper in [i for i in counts if i > at]:
            after = levels[deeper].restart if deeper in levels else None
            if after is None or (after != 0 and at < after):
                del counts[deeper]
        if level.kind == "bullet":
            return Label(level.text, "", True) if level.text.strip() else None
        text = self._filled(level, levels, counts, starts).strip()
        if not text:
            return None
        blank = level.suffix != "nothing" and (text[-1].isalnum() or (level.suffix == "space" and text.isascii()))
        return Label(text, " " if blank else "", False)

    def _filled(self, level: Level, levels: Mapping[int, Level], counts: Mapping[int, int], starts: Mapping[int, int]) -> str:
        parts = level.text.split("%")
        text = parts[0]
        for part in parts[1:]:
            if not part[:1].isdecimal() or part[0] == "0":
                text += "%" + part
                continue
            named = int(part[0]) - 1
            of = levels.get(named, Level())
            # A level that was not reached yet shows where it will start.
            number = counts.get(named, starts.get(named, of.start))
            text += str(number) if level.legal else f"{format_number(number, of.kind):0>{of.width}}"
            text += part[1:]
        return text

    def _list(self, list_id: str | None) -> tuple[str, dict[int, Level], dict[int, int]] | None:
        if list_id is None:
            return None
        if list_id not in self._levels:
            self._levels[list_id] = self._read_list(list_id)
        return self._levels[list_id]

    def _read_list(self, list_id: str) -> tuple[str, dict[int, Level], dict[int, int]] | None:
        num = self._nums.get(list_id)
        abstract_id = self._abstract_of(num)
        if num is None or abstract_id is None:
            return None
        levels: dict[int, Level] = {}
        for element in self._abstract[abstract_id].iterchildren(W + "lvl"):
            levels[_level_number(element)] = _level(element)
        starts: dict[int, int] = {}
        for override in num.iterchildren(W + "lvlOverride"):
            at = _level_number(override)
            own = override.find(W + "lvl")
            if own is not None:
                levels[at] = _level(own)
            start = override.find(W + "startOverride")
            number = None if start is None else to_int(start.get(W + "val"))
            if number is not None:
                starts[at] = number
        return abstract_id, {i: level for i, level in levels.items() if 0 <= i < MAX_LEVEL}, starts

    def _abstract_of(self, num: "etree._Element | None") -> str | None:
        """The abstract definition of a list, through the numbering style that it may link to."""
        for _ in range(8):
            named = None if num is None else num.find(W + "abstractNumId")
            identifier = None if named is None else named.get(W + "val", "")
            if identifier is None or identifier not in self._abstract:
                return None
            link = self._abstract[identifier].find(W + "numStyleLink")
            if link is None:
                return identifier
            num = self._nums.get(self._styles.list_of(link.get(W + "val", "")) or "")
        return None


def _level_number(element: "etree._Element") -> int:
    number = to_int(element.get(W + "ilvl"))
    return -1 if number is None else number


def _level(element: "etree._Element") -> Level:
    def value(name: str) -> str | None:
        child = element.find(W + name)
        return None if child is None else child.get(W + "val", "")

    # A custom format (001, 002) stands in an alternate branch, first.
    form = next(element.iter(W + "numFmt"), None)
    kind = "decimal" if form is None else form.get(W + "val", "decimal")
    pattern = "" if form is None else form.get(W + "format", "")
    legal = element.find(W + "isLgl")
    fonts = element.find(f"{W}rPr/{W}rFonts")
    font = None if fonts is None else fonts.get(W + "ascii") or fonts.get(W + "hAnsi")
    start = to_int(value("start"))
    text = value("lvlText") or ""
    if kind == "bullet":
        text = bullet(text, font) if element.find(W + "lvlPicBulletId") is None else "•"
    return Level(
        kind=kind,
        text=text,
        start=1 if start is None and element.find(W + "start") is not None else start or 0,
        suffix=value("suff") or "tab",
        restart=to_int(value("lvlRestart")),
        legal=legal is not None and legal.get(W + "val") in ON,
        style=value("pStyle"),
        width=len(pattern.split(",")[0].strip()) if kind == "custom" else 0,
        look=paragraph_look(element.find(W + "pPr")),
    )
