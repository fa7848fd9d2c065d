"""A region's printed name → its administrative division and GB/T 2260 code, from the dated table in data/gbt2260.tsv."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from planparse.models import FrontMatter

RegionLevel = Literal["province", "city", "county"]
ENDINGS = ("特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市", "地区", "盟")
"""What a larger region's name may lack where a smaller one follows (云南玉溪市 for 云南省玉溪市)."""
LONGEST = 40
PREFECTURE = "自治州"
PEOPLES = re.compile("(?:(?:彝|藏|羌|苗|侗|傣|白|回|壮|瑶|土家|布依|哈尼|景颇|傈僳|朝鲜|蒙古|蒙古族藏|哈萨克|柯尔克孜)族?)+$")
"""The peoples after whom autonomous prefectures are named: 凉山彝族自治州 is printed 凉山州."""


@dataclass(frozen=True, slots=True)
class Region:
    """An administrative division: the full name with those it stands in, its six-digit code and its level."""

    name: str
    code: str
    level: RegionLevel


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the table: the years in which a code bore a name; `last` is None where it still does."""

    code: str
    name: str
    first: int
    last: int | None


def find_region(name: str, *, year: int | None = None, context: str = "") -> Region | None:
    """The division that a printed name means; None where it is not certain.

    1. What stands before the last name must be larger divisions that it lies in (南京市鼓楼区, 江苏省鼓楼区).
    2. Of several divisions of one name, those in force in `year` count, or where none was, or no year is given, those in
       force now, else those that went last.
    3. If more than one is left, the one whose larger division is printed in `context` is meant, if there is just one.

    >>> find_region("南京市鼓楼区"), find_region("鼓楼区"), find_region("云溪市")
    (Region(name='江苏省南京市鼓楼区', code='320106', level='county'), None, None)
    """
    words = "".join(name.split())
    if not 1 < len(words) <= LONGEST:
        return None
    found: list[_Row] = []
    for begin in range(len(words) - 1):
        found = [row for row in _rows_named(words[begin:]) if _lies_in(row, words[:begin])]
        if found:
            break
    found = _nearest(_in_force(found, year), context)
    if len({row.code for row in found}) != 1:
        return None
    row = found[0]
    return Region("".join(_larger_name(code, row) for code in _larger(row.code)) + row.name, row.code, code_to_level(row.code))


def code_to_level(code: str) -> RegionLevel:
    """The level of a six-digit code: 320000 a province, 320100 a city, 320106 or 429004 a county."""
    return "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"


def front_with_region(front: FrontMatter) -> FrontMatter:
    """The front matter with the code of its region, and with its level where the text does not settle it."""
    if front.region is None:
        return front
    period = front.period
    signed = front.signed_on or front.published_on
    year = int(signed[:4]) if signed else period.start if period else None
    printed = [front.issuer, front.notice_title, *front.addressees, *front.basis]
    found = find_region(front.region, year=year, context="\n".join(p for p in printed if p))
    if found is None:
        return front
    return front.model_copy(update={"region_code": found.code, "level": front.level or found.level})


@cache
def _table() -> str:
    return "\n" + (Path(__file__).parent.parent / "data" / "gbt2260.tsv").read_text(encoding="utf-8")


def _rows_named(name: str) -> list[_Row]:
    """The rows with this name: the table is searched, not taken apart, which a few look-ups would not repay.

    凉山州 is 凉山彝族自治州: of an autonomous prefecture the peoples' names need not be printed.
    """
    rows = _rows_at(f"\t{name}\t") if name.isalpha() else []
    if not rows and name.isalpha() and name.endswith("州") and not name.endswith(PREFECTURE) and len(name) > 2:
        rows = [row for row in _rows_at(f"\t{name[:-1]}") if _short_prefecture(row.name) == name]
    return rows


def _short_prefecture(name: str) -> str | None:
    """凉山州 for 凉山彝族自治州; None for what is no autonomous prefecture."""
    if not name.endswith(PREFECTURE):
        return None
    return PEOPLES.sub("", name.removesuffix(PREFECTURE)) + "州"


@cache
def _rows_coded(code: str) -> list[_Row]:
    return _rows_at(f"\n{code}\t")


def _rows_at(mark: str) -> list[_Row]:
    table = _table()
    rows: list[_Row] = []
    at = table.find(mark)
    while at >= 0:
        begin = at + 1 if mark[0] == "\n" else table.rindex("\n", 0, at) + 1
        end = table.index("\n", begin)
        code, name, first, *last = table[begin:end].split("\t")
        rows.append(_Row(code, name, int(first), int(last[0]) if last else None))
        at = table.find(mark, end)
    return rows


def _larger(code: str) -> Iterator[str]:
    """The codes of the divisions that a division lies in, the largest first."""
    for larger in (f"{code[:2]}0000", f"{code[:4]}00"):
        if larger != code:
            yield larger


def _larger_name(code: str, row: _Row) -> str:
    """What a larger division was called while `row` was in force; nothing where the code is no division's."""
    named = _rows_coded(code)
    last = row.last or 9999
    then = [r for r in named if r.first <= last <= (r.last or 9999)]
    return then[0].name if then else ""


def _lies_in(row: _Row, before: str) -> bool:
    """Whether `before` is nothing or the names of divisions that the row lies in, larger first."""
    rest = before
    for code in _larger(row.code) if before else ():
        forms = [form for larger in _rows_coded(code) for form in _forms(larger.name)]
        rest = rest[len(next((form for form in forms if rest.startswith(form)), "")) :]
    return not rest


def _forms(name: str) -> list[str]:
    """A name, and what is left of it where its ending is not printed, longest first."""
    short = _short_prefecture(name)
    return [
        name,
        *([short] if short else []),
        *(name.removesuffix(e) for e in ENDINGS if name.endswith(e) and len(name) > len(e) + 1),
    ]


def _in_force(found: list[_Row], year: int | None) -> list[_Row]:
    then = [row for row in found if year is not None and row.first <= year <= (row.last or 9999)]
    # In the year of a change both codes are in force: the later one is meant.
    then = (
        [row for row in then if not any(r.first >= year and r.code[:2] == row.code[:2] for r in then if r is not row)]
        if year
        else then
    )
    now = [row for row in found if row.last is None]
    last = max((row.last or 0 for row in found), default=0)
    return then or now or [row for row in found if row.last == last]


def _nearest(found: list[_Row], context: str) -> list[_Row]:
    """The rows whose larger divisions are printed in `context`, the 市 before the 省; all where none are."""
    if len(found) < 2 or not context:
        return found
    for digits in (4, 2):
        near = [row for row in found if any(r.name in context for r in _rows_coded(row.code[:digits].ljust(6, "0")))]
        if near:
            return near
    return found
