"""Who does what: the assignments of a plan, gathered under the bodies that have them."""

from collections.abc import Mapping
from dataclasses import dataclass

from rich.markup import escape
from rich.table import Table

from planparse.models import Plan
from planparse.output.language import ENGLISH, Words
from planparse.output.tables_rows import Row, assignment_rows


@dataclass(frozen=True, slots=True)
class Duties:
    """A body, the names it is printed with, and the assignment rows where it leads and where it takes part."""

    name: str
    names: tuple[str, ...]
    lead: tuple[Row, ...]
    participating: tuple[Row, ...]


def gather_duties(plan: Plan, *, duplicates: bool = False) -> list[Duties]:
    """The bodies of a plan, those with most to lead first, then most to take part in, then in the order of the text.

    Names that the vocabulary knows as one body are one (市残联, 市残疾人联合会), level by level; `name` is the form
    printed first.
    """
    found: dict[tuple[str, str], list[Row]] = {}
    for row in assignment_rows(plan):
        if duplicates or not row["duplicate_of"]:
            known = row["canonical"]
            found.setdefault((str(known or row["agency"]), str(row["level"]) if known else ""), []).append(row)
    made = []
    for rows in found.values():
        names = tuple(dict.fromkeys(str(r["agency"]) for r in rows))
        by_role: Mapping[str, tuple[Row, ...]] = {
            role: tuple(r for r in rows if r["role"] == role) for role in ("lead", "participating")
        }
        made.append(Duties(names[0], names, by_role["lead"], by_role["participating"]))
    return sorted(made, key=lambda d: (-len(d.lead), -len(d.participating)))


def plan_to_agency_table(plan: Plan, *, words: Words = ENGLISH) -> Table:
    """A rich table: each body, what it leads and what it takes part in, with section ids."""
    duties = gather_duties(plan)
    title = words.gettext("who does what ({count} bodies)").format(count=len(duties))
    table = Table(title=title, title_justify="left", title_style="bold", box=None)
    table.header_style, table.pad_edge, table.show_lines = "dim", False, False
    for column in ("body", "leads", "takes part in"):
        table.add_column(words.pgettext("column", column), overflow="fold")
    for one in duties:
        table.add_row(escape(one.name), escape(_duties(one.lead)), escape(_duties(one.participating)))
    return table


def _duties(rows: tuple[Row, ...]) -> str:
    return "\n".join(duty_label(row) for row in rows)


def duty_label(row: Row) -> str:
    """An assignment in a line: its place, and what it is about."""
    return f"{row['fact'] if row['fact_kind'] == 'tasks' else row['section'] or row['fact']} {duty_words(row)}"


def duty_words(row: Row, *, width: int = 32) -> str:
    """What an assignment is about: what the task row says, or the title of the section that a tag closes."""
    said = str(row["text"] if row["fact_kind"] == "tasks" else row["section_title"] or row["text"] or "")
    line = "".join(c if c.isprintable() else " " for c in said)
    return line if len(line) <= width else line[: width - 1] + "…"
