"""The bodies in a plan's head and tail: who signs, who is addressed, who gets a copy."""

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from planparse.grammar import Grammar, Match
from planparse.structure.front_dates import Dated, to_iso
from planparse.structure.front_lines import FILE, FrontLine, squeeze, take
from planparse.structure.front_titles import Title

NAME = regex.compile(r"[^\s\u3000、]+")

Place = tuple[int, int]
Name = tuple[str, Place]
SEPARATORS = "、，；,;"


@dataclass(frozen=True, slots=True)
class Signature:
    """The signature block: the bodies that sign, each with its place, and the day (None where only a month stands)."""

    bodies: tuple[Name, ...] = ()
    signed: Dated | None = None


def lines_to_signature(lines: Sequence[FrontLine], grammar: Grammar, *, after: int = 0) -> Signature:
    """The first block of bodies with a date under them; a date alone counts, bodies alone do not.

    `after` is the number of the line where the search begins.
    """
    for number in range(after, len(lines)):
        line = lines[number]
        if line.row is not None:
            continue
        both = take(grammar, line, "signature")
        if both and _are_bodies(both.fields["body"], grammar):
            signed = _dated(both, line)
            return Signature(tuple(_split_bodies(both.fields["body"], line.start, grammar)), signed)
        dated = take(grammar, line, "date_line")
        if dated is None:
            continue
        bodies: list[Name] = []
        above = number - 1
        while above >= after and _are_bodies(lines[above].text, grammar):
            bodies = _split_bodies(lines[above].text, lines[above].start, grammar) + bodies
            above -= 1
        signed = _dated(dated, line)
        if bodies or signed:
            return Signature(tuple(bodies), signed)
    return Signature()


def lines_to_dated_title(lines: Sequence[FrontLine], title: Title | None, grammar: Grammar) -> Signature | None:
    """The bodies over a title and the day in brackets under it (中共云溪市委　云溪市人民政府／关于…的意见／（2021年8月30日）)."""
    if title is None or not 0 < title.at < title.to < len(lines):
        return None
    below = lines[title.to]
    dated = take(grammar, below, "dated")
    if dated is None:
        return None
    above = lines[title.at - 1]
    bodies = _split_bodies(above.text, above.start, grammar) if _are_bodies(above.text, grammar) else []
    return Signature(tuple(bodies), _dated(dated, below))


def lines_to_addressees(lines: Sequence[FrontLine], grammar: Grammar) -> list[Name]:
    """The bodies that the notice is sent to: the line that ends in a colon, or 主送：…; one body each."""
    for number, line in enumerate(lines):
        found = take(grammar, line, "addressed") or take(grammar, line, "addressees")
        joined = line.text
        if found is None and number + 1 < len(lines) and line.text.startswith("各") and line.text[-1] not in "。：:":
            below = lines[number + 1]
            joined = line.text + below.text
            found = grammar.match(FILE, joined, gives="addressees") if len(joined) < 240 else None
        if found is None:
            continue
        low, high = found.spans["bodies"]
        names = split_names(joined[low:high], line.start + low)
        if found.rule.endswith("addressed") or all(_addressed(name) for name, _ in names):
            return names
    return []


def lines_to_copied(lines: Sequence[FrontLine], grammar: Grammar) -> list[Name]:
    """The bodies after 抄送：, over as many lines as the list takes; one body each."""
    for number, line in enumerate(lines):
        found = take(grammar, line, "copied")
        if found is None:
            continue
        low = found.spans["bodies"][0]
        words = line.text[low:]
        places = list(range(line.start + low, line.start + len(line.text)))
        for below in lines[number + 1 :]:
            stop = words[-1] in "。." or take(grammar, below, "printed") or take(grammar, below, "date_line")
            if stop or len(below.text) > 200:
                break
            # Joined before it is split: a line may break anywhere in a name, behind its first character too.
            words += below.text
            places += range(below.start, below.start + len(below.text))
        return [(name, (places[first], places[end - 1] + 1)) for name, (first, end) in split_names(words, 0)]
    return []


def split_names(text: str, start: int) -> list[Name]:
    """One name each, split at 、，； outside brackets, with its place; 市政府各委、办、局 is one name.

    >>> [name for name, _ in split_names("各镇（街道、园区）人民政府，区有关单位。", 0)]
    ['各镇（街道、园区）人民政府', '区有关单位']
    """
    names: list[Name] = []
    depth = 0
    begin = 0
    for at, char in enumerate(text + "；"):
        depth += (char in "（(") - (char in "）)")
        if at < len(text) and (char not in SEPARATORS or depth > 0):
            continue
        piece = text[begin:at]
        clean = squeeze(piece).rstrip("。.：:")
        if clean:
            low = start + begin + piece.index(clean[0])
            place = (low, low + len(piece[piece.index(clean[0]) :].rstrip().rstrip("。.：:")))
            if len(clean) == 1 and names:
                above, (first, _) = names.pop()
                names.append((f"{above}{text[begin - 1]}{clean}", (first, place[1])))
            else:
                names.append((clean, place))
        begin = at + 1
    return names


def _addressed(name: str) -> bool:
    return 2 <= len(name) <= 60 and not any(mark in name for mark in "“”《》0123456789")


def _are_bodies(text: str, grammar: Grammar) -> bool:
    return 0 < len(text) <= 80 and bool(_split_bodies(text, 0, grammar))


def _split_bodies(text: str, start: int, grammar: Grammar) -> list[Name]:
    """Bodies parted by blanks or 、; one name with blanks in it (国　务　院, 云溪市 人民政府) is one; none for other words."""
    parts = [(m.group(), (start + m.start(), start + m.end())) for m in NAME.finditer(text)]
    if parts and all(grammar.match(FILE, part, gives="body") for part, _ in parts):
        return parts
    whole = squeeze(text)
    return [(whole, (start, start + len(text)))] if grammar.match(FILE, whole, gives="body") else []


def _dated(found: Match, line: FrontLine) -> Dated | None:
    iso = to_iso(found)
    low, high = found.spans["date"]
    return (iso, (line.start + low, line.start + high)) if iso else None
