"""The header of an indicator table → its columns: what each holds, and for values the year, the role, the statistic."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import regex

from planparse.document import BLANKS
from planparse.facts.quantities import is_unit
from planparse.grammar import Grammar
from planparse.models import Period, Table
from planparse.models.facts import ValueRole, ValueStatus
from planparse.numerals import to_int
from planparse.structure.tables import column_role, folded_header

PERIOD_END = regex.compile(r"末|期末|终期|底")

Role = Literal[
    "sequence", "name", "upper", "group", "unit", "nature", "value", "agencies", "notes", "definition", "source", "other"
]
HeaderStatistic = Literal["level", "average", "growth_rate", "change", "cumulative", "mixed", "bracketed"]

YEAR = regex.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
BASE_YEAR = regex.compile(r"(?:比|较|对比|相比|相对于?|与)(?=(?:19|20)\d{2})[\d年]+")
"""The year that a change is counted from: 比2020年增减 says nothing of 2020."""
YEARS = regex.compile(r"(?<!\d)((?:19|20)\d{2})年?[-—–~～至到](?:((?:19|20)\d{2})|(\d{2}))(?!\d)")
FIVE_YEARS = regex.compile(r"[“\"]?([一二三四五六七八九十]{1,3})五[”\"]?(?!年)")
SEQUENCE = regex.compile(r"[（(]?(?:\d{1,3}(?:[.．]\d{1,2})*|[①-⑳])[）)]?[.．、]?")
DASH = regex.compile(r"[—–－―─/／\-]+")
FIGURE = regex.compile(r"[〔［\[【（(]?[<>≥≤＜＞≧≦±约+\-－]*\s*\d[\d,，.．]*")
TELLING = ("sequence", "value", "agencies", "definition", "source")
"""Roles that a header alone tells, whatever the cells hold."""
OVER_YEARS = ("average", "growth_rate", "cumulative", "mixed", "bracketed")
UNIT_BRACKET = regex.compile(r"[(（]([^()（）]{1,12})[)）]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an indicator table: `index` in the grid, the header as printed, and what the header says."""

    index: int
    role: Role
    label: str = ""
    header: str = ""
    year: int | None = None
    period: Period | None = None
    value_role: ValueRole = "other"
    statistic: HeaderStatistic | None = None
    status: ValueStatus | None = None
    unit: str | None = None
    yearly: bool = False
    """One of a row of years on end (2021年 2022年 2023年): its figure is that year's."""


def table_to_columns(table: Table, grammar: Grammar, *, caption: str = "", period: Period | None = None) -> list[Column]:
    """The columns of an indicator table, left to right.

    A merged header cell stands over each of its columns; a column's header is the words over it from top to bottom, its
    label the lowest cell, or all of them where two columns would bear the same. Where the header has fewer cells than
    the rows (a numbered first column without 序号), the columns that it leaves out are told by what they hold. A plan's
    period, named in `caption` (“十四五”) or else `period`, tells a baseline from a target where the years alone do not.
    """
    width = max((c.column + c.columns for row in table.rows for c in row), default=0)
    body = _body_columns(table, width)
    stacks = _header_stacks(table, width)
    stacks = _fit_header(stacks, body, grammar)
    columns = [_stack_to_column(n, stack, body[n], grammar) for n, stack in enumerate(stacks)]
    plan = FIVE_YEARS.search(caption)
    return _time_columns(_label_columns(_settle_names(columns, table, body), stacks), _plan_period(plan[1]) if plan else period)


def nature_of(text: str, grammar: Grammar) -> str | None:
    """binding, anticipatory or other by the words of a cell; None where it names no nature."""
    found = grammar.match("indicators", text.strip(BLANKS), gives="nature") if len(text) <= 20 else None
    return found.fields["nature"] if found else None


def looks_like_value(text: str) -> bool:
    """Whether a cell opens with a figure or is a dash."""
    bare = text.strip(BLANKS)
    return bool(FIGURE.match(bare) or DASH.fullmatch(bare))


def looks_like_sequence(text: str) -> bool:
    """Whether a cell is a row's number (3, 3., （3）, 1.2)."""
    return SEQUENCE.fullmatch(text.strip(BLANKS)) is not None


def _body_columns(table: Table, width: int) -> list[list[str]]:
    """The words in each column under the header, merged cells where they begin."""
    body: list[list[str]] = [[] for _ in range(width)]
    for row in table.rows[table.header_rows :]:
        if sum(1 for c in row if c.text.strip(BLANKS)) > 1:
            for cell in row:
                if cell.columns == 1 and cell.text.strip(BLANKS):
                    body[cell.column].append(cell.text.strip(BLANKS))
    return body


def _header_stacks(table: Table, width: int) -> list[list[str]]:
    """For each column the header cells over it, top to bottom."""
    stacks: list[list[str]] = [[] for _ in range(width)]
    for row in table.rows[: table.header_rows]:
        for cell in row:
            for column in range(cell.column, min(width, cell.column + cell.columns)):
                if cell.text.strip(BLANKS):
                    stacks[column].append(cell.text.strip(BLANKS))
    return stacks


def _share(cells: Sequence[str], test: Callable[[str], object]) -> float:
    return sum(1 for c in cells if test(c)) / len(cells) if cells else 0.0


def _content_role(cells: Sequence[str], grammar: Grammar) -> Role:
    """What a column holds, by its cells alone."""
    if not cells:
        return "other"
    if _share(cells, lambda c: nature_of(c, grammar)) > 0.5:
        return "nature"
    numbers = [n for n in (to_int(c.strip("（）().．、")) for c in cells if looks_like_sequence(c)) if n is not None]
    if len(numbers) * 2 > len(cells) and len(cells) > 1 and numbers == sorted(set(numbers)) and numbers[0] <= 2:
        return "sequence"
    if _share(cells, lambda c: is_unit(c, grammar)) > 0.6:
        return "unit"
    return "value" if _share(cells, looks_like_value) > 0.5 else "other"


def _fit_header(stacks: list[list[str]], body: Sequence[Sequence[str]], grammar: Grammar) -> list[list[str]]:
    """Header cells moved right where a column of numbers or groups stands before them without a header of its own."""
    blank = [n for n, stack in enumerate(stacks) if not stack]
    if not blank or blank[0] == 0 or blank[-1] != len(stacks) - 1 or not body[-1]:
        return stacks
    first = column_role(stacks[0][-1], grammar)
    leading = _content_role(body[0], grammar)
    if leading == "sequence" and first != "sequence":
        return [[], *stacks[:-1]]
    return stacks


def _stack_to_column(index: int, stack: Sequence[str], cells: Sequence[str], grammar: Grammar) -> Column:
    """A column by its header; by its cells where the header does not tell."""
    header = "".join(folded_header(text) for text in dict.fromkeys(stack))
    told = next((r for r in (column_role(text, grammar) for text in reversed(stack)) if r), None)
    content = None if told in TELLING else _content_role(cells, grammar)
    if told in ("group", "upper", "notes", "name", "weak_name", "unit") and content == "nature":
        told = "nature"
    if told == "nature" and content != "nature" and cells and not any(nature_of(c, grammar) for c in cells):
        # 指标类型 and 目标属性 head groups too.
        told = "value" if content == "value" else "group"
    if told in ("name", "group") and content == "sequence":
        told = "sequence"
    if told == "weak_name":
        told = "name"
    if told is None:
        told = content if (content and content in ("sequence", "unit", "nature")) or (content == "value" and stack) else "other"
    role: Role = told  # type: ignore[assignment]
    return (
        _read_value_header(Column(index, role, header=header), grammar)
        if role == "value"
        else Column(index, role, header=header)
    )


def _read_value_header(column: Column, grammar: Grammar) -> Column:
    """Year, period, role, statistic, status and unit that a value's header says."""
    header = column.header
    years = YEAR.search(BASE_YEAR.sub("", header))
    span = YEARS.search(header)
    plan = FIVE_YEARS.search(header)
    period = None
    if span:
        start = int(span[1])
        end = int(span[2]) if span[2] else start // 100 * 100 + int(span[3])
        period = Period(start=start, end=end) if start < end else None
    elif plan:
        period = _plan_period(plan[1])
    year = int(years[0]) if years and not span else None
    if year is None and period is not None and PERIOD_END.search(header):
        year = period.end
    found = {kind: grammar.first("indicators", header, gives=kind) for kind in ("role", "statistic", "status")}
    role, statistic, status = (found[k].fields[k] if found[k] else None for k in ("role", "statistic", "status"))  # type: ignore[union-attr]
    if year is not None and statistic in (None, "level"):
        # 2030年 under “十五五”目标 is a figure of that year, not of the five.
        period = None
    bracket = next((b[1] for b in UNIT_BRACKET.finditer(header) if is_unit(b[1], grammar)), None)
    if bracket is None and (statistic == "growth_rate" or header.endswith("率")):
        bracket = "%"
    return replace(
        column, year=year, period=period, value_role=role or "other", statistic=statistic, status=status, unit=bracket  # type: ignore[arg-type]
    )  # fmt: skip


def _plan_period(ordinal: str) -> Period | None:
    """十四五 → 2021 to 2025; the third plan began in 1966, after three years without one."""
    number = to_int(ordinal)
    if number is None or not 3 <= number <= 40:
        return None
    start = 1966 + 5 * (number - 3)
    return Period(start=start, end=start + 4)


def _settle_names(columns: list[Column], table: Table, body: Sequence[Sequence[str]]) -> list[Column]:
    """One name column, the last under 指标; those before it hold what stands above (groups or parents)."""
    names = [c.index for c in columns if c.role == "name"]
    if not names:
        others = [c.index for c in columns if c.role in ("other", "upper", "group") and body[c.index]]
        chosen = others[-1:] if len(others) == 1 else [i for i in others if columns[i].role == "other"][:1] or others[-1:]
        return [replace(c, role="name") if c.index in chosen else c for c in columns]
    split = _spans_both(table, names)
    made = []
    for column in columns:
        role = column.role
        if role in ("name", "upper") and column.index != names[-1]:
            role = "upper" if split or _numbered(body[column.index]) else "group"
        elif role == "other" and not column.header and column.index < names[-1] and body[column.index]:
            # Words before the names that no header tells are what the rows are sorted by.
            role = "group"
        made.append(column if role == column.role else replace(column, role=role))
    return made


def _spans_both(table: Table, names: Sequence[int]) -> bool:
    """Whether some names fill both columns under 指标 and others stand under a merged cell: then that is their parent."""
    return len(names) > 1 and any(
        c.column <= names[-2] and c.column + c.columns > names[-1]
        for row in table.rows[table.header_rows :]
        for c in row
        if sum(1 for x in row if x.text.strip(BLANKS)) > 1
    )


def _numbered(cells: Sequence[str]) -> bool:
    return _share(cells, lambda c: regex.match(r"\d{1,3}\s?[.．、]", c)) > 0.5


def _label_columns(columns: list[Column], stacks: Sequence[Sequence[str]]) -> list[Column]:
    """Labels as printed: the lowest header cell; all cells over the column where that does not tell it from others."""
    lowest = [folded_header(stack[-1]) if stack else "" for stack in stacks]
    made = []
    for column, stack in zip(columns, stacks, strict=True):
        shared = lowest.count(lowest[column.index]) > 1
        words = list(dict.fromkeys(stack)) if shared else list(stack[-1:])
        label = " ".join(" ".join(w.split()) for w in words)
        made.append(replace(column, label=label))
    return made


def _time_columns(columns: list[Column], plan: Period | None) -> list[Column]:
    """Roles of values that only bear a year: the first is the baseline, later ones are targets."""
    years = sorted({y for c in columns if c.role == "value" and c.value_role != "actual" and (y := _ends(c)) is not None})
    growth = ("average", "growth_rate", "change", "cumulative", "mixed", "bracketed")
    baselines = {c.year for c in columns if c.value_role == "baseline"}
    first = years[:1] if len(years) > 1 else []
    if len(years) > 2 and years[1] == years[0] + 1 and years[2] - years[1] > 2:
        # 2019年 2020年 2025年: two years of the record before the target.
        first = years[:2]
    elif len(years) == 1 and plan is not None and plan.start is not None and years[0] < plan.start:
        first = years
    yearly = len(years) > 2 and years == list(range(years[0], years[0] + len(years)))
    if plan is not None and plan.end is not None and years and years[0] >= plan.end:
        # 2025年 2030年 in a plan that ends in 2025: both are still to come.
        first = []
    if yearly and years[0] % 5:
        # 2021年 … 2025年: a year each, and none before the plan.
        first = []
    # 指标值 beside 指标 alone is what is to be reached.
    alone = sum(c.role == "value" for c in columns) == 1
    made = []
    for column in columns:
        if column.role != "value":
            made.append(column)
            continue
        role, period, year = column.value_role, column.period, _ends(column)
        if column.statistic in OVER_YEARS and year is None and plan is not None:
            # 〔累计〕 in a table of “十三五” indicators adds up its five years.
            period, year = plan, plan.end
        if role == "other":
            if year is not None and (column.statistic in (None, "level", "bracketed") or len(years) < 2):
                role = "baseline" if year in first or year in baselines else "target"
            elif column.statistic in growth or (year is None and alone):
                role = "target"
        made.append(replace(column, value_role=role, period=period, yearly=yearly and column.year is not None))
    return made


def _ends(column: Column) -> int | None:
    return column.year or (column.period.end if column.period else None)
