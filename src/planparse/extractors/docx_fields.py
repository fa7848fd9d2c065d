"""Field codes that Word shows without a stored result: EQ (带圈字符, 拼音指南, fractions) and SYMBOL (ECMA-376-1, 17.16.5)."""

import re
from dataclasses import dataclass, field

from planparse.extractors.docx_symbols import symbol

CODE = re.compile(r"\s*(?P<name>[A-Za-z]+)(?P<rest>.*)", re.S)
SWITCH = re.compile(r"\\(?:\*\s*(?:\"[^\"]*\"|\S+)|([A-Za-z]+)\s*(-?\d+)?)\s*", re.S)
CIRCLES, SHAPES = set("○◯〇Oo"), set("○◯〇Oo□△◇▢")
NUMBERS = {str(n): chr(code) for first, start, last in ((0x2460, 1, 20), (0x3251, 21, 35), (0x32B1, 36, 50))
           for n, code in zip(range(start, last + 1), range(first, first + 60))}  # fmt: skip
NUMBERS |= dict(zip("一二三四五六七八九十", "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉", strict=True))
MAX_CODE, MAX_DEPTH = 2000, 20


@dataclass(slots=True)
class Field:
    """A field that is open: its code as far as it was read, and, in its result, how many pieces stood before it."""

    code: list[str] = field(default_factory=list)
    result_from: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What a field without a stored result shows, and the reading printed over it (拼音)."""

    text: str
    ruby: str = ""


def code_to_words(code: str) -> Shown:
    r"""What Word shows for the code of a field that has no result; nothing for the fields that show nothing.

    >>> code_to_words(r"eq \o\ac(○,11)").text, code_to_words(r"EQ \* jc2 \* hps10 \o\ad(\s\up 9(shidi),湿地)")
    ('⑪', Shown(text='湿地', ruby='shidi'))
    >>> code_to_words(r"EQ \f(1,3)").text, code_to_words(r"SYMBOL 183 \f Symbol").text
    ('1/3', '•')
    """
    found = CODE.fullmatch(code[:MAX_CODE])
    name = found["name"].upper() if found else ""
    if found is None or name not in ("EQ", "SYMBOL"):
        return Shown("")
    if name == "SYMBOL":
        return Shown(_symbol(found["rest"]))
    ruby: list[str] = []
    try:
        return Shown(_equation(found["rest"], ruby, 0).strip(), "".join(ruby))
    except RecursionError:
        return Shown("")


def _symbol(rest: str) -> str:
    number = re.match(r"\s*\"?(0x[0-9A-Fa-f]{1,5}|\d{1,6})", rest)
    font = re.search(r"\\f\s+\"?([^\"\\]+?)\"?\s*(?:\\|$)", rest)
    if number is None:
        return ""
    code = int(number[1], 0)
    return symbol(code, font[1].strip() if font else None) if code <= 0xFFFF else ""


def _equation(code: str, ruby: list[str], depth: int) -> str:
    r"""The words of an equation, its switches (\o \s \f …) followed; `ruby` takes what stands raised over words."""
    if depth > MAX_DEPTH:
        raise RecursionError
    made, at = "", 0
    switches: list[str] = []
    while at < len(code):
        switch = SWITCH.match(code, at)
        if switch:
            switches += [switch[1].lower()] if switch[1] else []
            at = switch.end()
        elif code[at] == "(" and switches:
            end = _closing(code, at)
            made += _shown(switches, _arguments(code[at + 1 : end]), ruby, depth)
            switches, at = [], end + 1
        else:
            # \( and \, are the characters themselves.
            at += code[at] == "\\" and at + 1 < len(code)
            made += code[at]
            at += 1
    return made


def _shown(switches: list[str], arguments: list[str], ruby: list[str], depth: int) -> str:
    kind = switches[0]
    if kind == "o":
        over = [one for one in arguments if re.match(r"\s*\\s\s*\\up", one)]
        under = [one for one in arguments if one not in over]
        ruby += [_equation(one, [], depth + 1).strip() for one in over if under]
        words = [_equation(one, ruby, depth + 1).strip() for one in under or over]
        shapes = [word for word in words if word in SHAPES]
        if len(shapes) == 1 and len(words) == 2:
            inside = next(word for word in words if word not in shapes or word is not shapes[0])
            return NUMBERS.get(inside, inside) if shapes[0] in CIRCLES else inside
        return "".join(words)
    words = [_equation(one, ruby, depth + 1).strip() for one in arguments]
    if kind == "f" and len(words) == 2:
        return "/".join(words)
    if kind == "r":
        return "√" + words[-1]
    if kind == "b":
        return f"({''.join(words)})"
    return " ".join(words) if kind in ("a", "l") else "".join(words)


def _closing(code: str, start: int) -> int:
    depth, at = 0, start
    while at < len(code):
        if code[at] == "\\":
            at += 1
        elif code[at] == "(":
            depth += 1
        elif code[at] == ")":
            depth -= 1
            if not depth:
                return at
        at += 1
    return len(code)


def _arguments(inside: str) -> list[str]:
    """What stands between the commas (or semicolons) of a bracket, inner brackets whole."""
    parts, at, begin = [], 0, 0
    while at < len(inside):
        if inside[at] == "\\":
            at += 1
        elif inside[at] == "(":
            at = _closing(inside, at)
        elif inside[at] in ",;":
            parts.append(inside[begin:at])
            begin = at + 1
        at += 1
    return [*parts, inside[begin:]]
