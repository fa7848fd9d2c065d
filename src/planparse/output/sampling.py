"""How right is a kind of fact: a random sample as a workbook to mark by hand, and what the marks say."""

import hashlib
import heapq
import itertools
import math
import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planparse.errors import UnreadableFile, UnreadableOutput, WrongUsage
from planparse.models import Plan
from planparse.output.language import ENGLISH, Words
from planparse.output.stored import stored_plans
from planparse.output.tables import cell_to_text, link_between, reviews_of
from planparse.output.tables_rows import Row, plan_to_rows
from planparse.output.tables_shape import FACTS
from planparse.output.workbook import new_workbook, page_of, save_workbook, write_cell, write_header, write_link
from planparse.places import to_place

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

KINDS = (*FACTS, "sections", "agencies")
COLUMNS = ["no.", "verdict", "remark", "read", "text", "context", "plan", "section", "title", "page", "line", "id", "review"]
RIGHT = frozenset(["right", "r", "yes", "y", "1", "true", "✓", "√", "对", "正确", "是"])
WRONG = frozenset(["wrong", "w", "no", "n", "0", "false", "✗", "×", "错", "错误", "否"])
AROUND = 120
"""Characters of the plan shown before and after what a fact was read from."""
PLACES = frozenset(["plan", "section", "id", "rule", "flags", "duplicate_of", "span_start", "span_end", "page", "line"])
VALUE = frozenset(["label", "year", "role", "statistic", "status", "comparator", "value", "upper", "unit"])
Z = 1.959963984540054
"""The 97.5 % quantile of the normal distribution: 95 % on two sides."""


@dataclass(frozen=True, slots=True, order=True)
class _Drawn:
    """A row that may be drawn: rows are ordered by the digest, and no two have the same number."""

    digest: str
    number: int
    file: str
    id: str
    anchor: str
    cells: list[Any]


@dataclass(frozen=True, slots=True)
class Score:
    """What the marks of a sample say: `low` and `high` bound the precision with 95 % confidence (Wilson)."""

    right: int
    marked: int
    unmarked: int
    low: float
    high: float

    @property
    def precision(self) -> float:
        """The share of the marked rows that are right."""
        return self.right / self.marked


def write_sample(
    folder: str | os.PathLike[str], out: str | os.PathLike[str], *, kind: str, n: int, seed: int, duplicates: bool = False
) -> int:
    """Draw `n` rows of a kind from all plans in `folder`, each as likely as another, into a workbook to mark at `out`.

    1. The same plans, kind, n and seed give the same rows in the same order, and the same bytes.
    2. A row shows what was read (`read`), what it was read from (`text`), what stands round that (`context`), and where.
    3. The column `verdict` takes right or wrong, from a list; `score_sample` reads it.
    Gives how many rows were drawn: all where there are fewer than `n`. Raises WrongUsage for a kind that is none or that
    no plan has, BadPlanFile where there is no plan, UnreadableOutput where `out` cannot be written, MissingTool without
    openpyxl.
    """
    if kind not in KINDS:
        raise WrongUsage(f"--kind takes one of {', '.join(KINDS)}, not {kind!r}")
    target = Path(out)
    book = new_workbook()
    counter = itertools.count()
    everything = _candidates(folder, kind, seed, duplicates)
    drawn = heapq.nsmallest(n, (one for one, _ in zip(everything, counter, strict=False)))
    population = next(counter)
    if not drawn:
        raise WrongUsage(f"{folder}: no plan here has {kind}; choose another --kind")
    reviews = link_between(target.parent, reviews_of(to_place(folder)))
    _fill_sheet(book.create_sheet(kind), drawn, reviews)
    about = book.create_sheet("about")
    for at, (name, value) in enumerate((("kind", kind), ("n", n), ("seed", seed), ("population", population)), 1):
        write_cell(about, at, 1, name)
        write_cell(about, at, 2, value)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        save_workbook(book, target)
    except OSError as error:
        raise UnreadableOutput(f"{target}: cannot be written ({error.strerror}); choose another --out") from None
    return len(drawn)


def score_sample(path: str | os.PathLike[str]) -> Score:
    """What the marks in a workbook of `write_sample` say.

    Right is: right, y, yes, 1, 对 …; wrong is: wrong, n, no, 0, 错 …; a blank verdict counts as unmarked. Raises WrongUsage
    with the row for another word and where nothing is marked, UnreadableFile where the file is no such workbook.
    """
    rows = _verdicts(Path(path))
    verdicts: list[bool | None] = []
    for number, said in rows:
        word = said.strip().casefold()
        if word and word not in RIGHT | WRONG:
            raise WrongUsage(f"{path}: row {number} is marked {said!r}; mark it right or wrong")
        verdicts.append(word in RIGHT if word else None)
    marked = [v for v in verdicts if v is not None]
    if not marked:
        raise WrongUsage(f"{path}: no row is marked; write right or wrong into the column verdict")
    low, high = wilson_interval(sum(marked), len(marked))
    return Score(sum(marked), len(marked), len(verdicts) - len(marked), low, high)


def score_to_line(score: Score, *, words: Words = ENGLISH) -> str:
    """The score in a sentence."""
    line = words.gettext("precision {precision} ({right} of {marked} right), 95 % Wilson interval {low} to {high}").format(
        precision=f"{score.precision:.1%}",
        right=score.right,
        marked=score.marked,
        low=f"{score.low:.1%}",
        high=f"{score.high:.1%}",
    )
    return line + (words.gettext("; {count} rows are not marked").format(count=score.unmarked) if score.unmarked else "")


def wilson_interval(right: int, marked: int) -> tuple[float, float]:
    """The 95 % interval of a share after Wilson (1927): it holds at small n and near 0 and 1, unlike ± 1.96 s.

    >>> [round(x, 3) for x in wilson_interval(47, 50)]
    [0.838, 0.979]
    """
    share = right / marked
    middle = share + Z * Z / (2 * marked)
    reach = Z * math.sqrt(share * (1 - share) / marked + Z * Z / (4 * marked * marked))
    whole = 1 + Z * Z / marked
    return max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole)


def _candidates(folder: str | os.PathLike[str], kind: str, seed: int, duplicates: bool) -> Iterator[_Drawn]:
    """Every row of a kind, each with a digest that orders them at random.

    The digest and not Python's generator: it draws the same on every version and machine, and one plan at a time.
    """
    number = 0
    for file, plan in stored_plans(folder):
        rows = list(plan_to_rows(plan, file, duplicates=duplicates))
        titles = {row["section"]: row["title"] for table, row in rows if table == "sections"}
        values: dict[object, list[str]] = {}
        for table, row in rows:
            if table == "indicator_values" and kind == "indicators":
                values.setdefault(row["indicator"], []).append(_said(row, VALUE))
        for row in (row for table, row in rows if table == kind):
            number += 1
            key = f"{seed}\0{plan.id}\0{row['span_start']}\0{row.get('id')}\0{row.get('fact')}\0{row.get('position')}"
            read = "\n".join([_said(row, set(row) - PLACES, "\n"), *values.get(row.get("id"), [])])
            cells: list[Any] = [None, None, read, *_text_and_context(plan, row), plan.front_matter.title or plan.source.name]
            cells += [row["section"], titles.get(row["section"]), row["page"], row["line"]]
            anchor = str(row.get("id") or row.get("fact") or "")
            yield _Drawn(
                hashlib.sha256(key.encode()).hexdigest(), number, file, anchor or str(row["section"] or ""), anchor, cells
            )


def _fill_sheet(sheet: "Worksheet", drawn: Sequence[_Drawn], reviews: str) -> None:
    from openpyxl.styles import Alignment
    from openpyxl.worksheet.datavalidation import DataValidation

    write_header(sheet, COLUMNS)
    for at, one in enumerate(drawn, 2):
        for column, value in enumerate([at - 1, *one.cells, one.id], 1):
            write_cell(sheet, at, column, value)
            sheet.cell(at, column).alignment = Alignment(wrap_text=True, vertical="top")
        write_link(sheet, at, len(COLUMNS), page_of(one.file, reviews), one.anchor)
    for letter in "DEF":
        sheet.column_dimensions[letter].width = 50
    choice = DataValidation(type="list", formula1='"right,wrong"', allow_blank=True)
    choice.add(f"B2:B{len(drawn) + 1}")
    sheet.add_data_validation(choice)


def _said(row: Row, names: Collection[str], between: str = ", ") -> str:
    """Some fields of a row, as they were read; what is blank is left out."""
    said = ((k, cell_to_text(v)) for k, v in row.items() if k in names and v not in (None, [], "", "{}"))
    return between.join(f"{name} = {value}" for name, value in said)


def _text_and_context(plan: Plan, row: Row) -> tuple[str, str]:
    start, end = row["span_start"], row["span_end"]
    assert isinstance(start, int)
    assert isinstance(end, int)
    before, text, after = plan.text[max(0, start - AROUND) : start], plan.text[start:end], plan.text[end : end + AROUND]
    return text, f"…{before}【{text}】{after}…"


def _verdicts(path: Path) -> list[tuple[int, str]]:
    """(row, verdict) of the first sheet."""
    new_workbook()  # says what is missing
    from openpyxl import load_workbook

    refused = f"{path}: is not a workbook that `planparse sample` wrote"
    try:
        with path.open("rb") as file:
            rows = [
                list(r) for r in load_workbook(file, read_only=True, data_only=True).worksheets[0].iter_rows(values_only=True)
            ]
    except OSError as error:
        raise UnreadableFile(f"{path}: cannot be read ({error.strerror})") from None
    except Exception:  # openpyxl raises what zipfile, lxml and its own classes raise
        raise UnreadableFile(refused, code="not-a-document") from None
    if not rows or "verdict" not in rows[0]:
        raise UnreadableFile(refused, code="not-a-document")
    column = rows[0].index("verdict")
    return [(at, _word(row[column])) for at, row in enumerate(rows[1:], 2) if any(c not in (None, "") for c in row)]


def _word(value: object) -> str:
    """A verdict as text: Excel keeps 1 as 1.0 and TRUE as True."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
