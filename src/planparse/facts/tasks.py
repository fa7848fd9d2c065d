"""Rows of a table that shares tasks out (任务分工表) → tasks.

`table → columns (by header cells) → rows (merged cells carried down) → tasks`; any order and wording of columns.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planparse.document import BLANKS, Document
from planparse.facts.agency_names import squeeze
from planparse.facts.deadlines import parse_deadline
from planparse.facts.duties import DutySite, document_to_site
from planparse.facts.task_bodies import BODIES, cells_to_bodies
from planparse.facts.task_references import tree_to_references
from planparse.grammar import Grammar
from planparse.models import Period, Table, TableCell, Task
from planparse.models.facts import AgencyLevel
from planparse.structure.spans import span_of
from planparse.structure.tables import folded_header, table_kind
from planparse.structure.walk import Tree, Visit

HEADER_TRIES = 3
"""Rows in which a header is looked for where the table does not say how many it has."""
LONGEST_HEADER = 40
LONGEST_GROUP = 60
HAN = re.compile("[一-鿿]{2}")
CARRIED = {"sequence", "task", "group"}
"""Columns whose empty cells mean the cell above: text dumps lose merges."""

Rows = list[dict[int, TableCell]]


@dataclass(frozen=True, slots=True)
class Columns:
    """What each column holds: `roles` by column number, `names` the header as printed, `rows` how many rows head them."""

    roles: Mapping[int, str]
    names: Mapping[int, str]
    rows: int

    def of(self, *roles: str) -> list[int]:
        """The columns with one of the roles, left to right."""
        return [column for column, role in sorted(self.roles.items()) if role in roles]


def collect_tasks(
    tree: Tree,
    document: Document,
    grammar: Grammar,
    *,
    region_level: AgencyLevel | None = None,
    region: str | None = None,
    period: Period | None = None,
) -> list[Task]:
    """Every row of every task table, in document order.

    Guarantees: `text` is the words of the cell that says what is to be done, `span` covers the row; merged and (for
    number, task and category) empty cells take the words above; columns without a role of their own stand in `columns`
    by their header; `refers_to` are the sections that the row repeats (task_references.py).
    """
    tables = [visit for visit in tree.visits if isinstance(visit.node, Table)]
    if not tables:
        return []
    site = document_to_site(document, grammar, level=region_level, region=region, period=period)
    tasks: list[Task] = []
    for visit in tables:
        assert isinstance(visit.node, Table)
        tasks += table_to_tasks(visit.node, visit, site, first=len(tasks) + 1)
    if not tasks:
        return []
    references = tree_to_references(tree)
    return [task.model_copy(update={"refers_to": references.of(task)}) for task in tasks]


def table_to_tasks(table: Table, visit: Visit, site: DutySite, *, first: int) -> list[Task]:
    """The rows of one table as tasks numbered from `first`; none where its header is not a task table's."""
    if table_kind(table, site.grammar) in ("indicators", "projects"):
        return []
    grid = table_to_grid(table)
    columns = grid_to_columns(grid, table.header_rows, site.grammar)
    if columns is None or not _names_bodies(grid, columns, site):
        return []
    tasks: list[Task] = []
    above: dict[int, TableCell] = {}
    group: str | None = None
    for row in grid[columns.rows :]:
        if _is_header_again(row, columns):
            continue
        cells = {c: row[c] for c in row if row[c].text.strip(BLANKS)}
        if len({id(cell) for cell in cells.values()}) == 1 and _heads_rows(next(iter(cells.values())), row, columns):
            group = squeeze(next(iter(cells.values())).text)
            continue
        for column in columns.of(*CARRIED):
            if column in cells:
                above[column] = cells[column]
            elif column in above:
                cells[column] = above[column]
        task = _row_to_task(cells, row, columns, table, visit, site, number=first + len(tasks), group=group)
        if task:
            tasks.append(task)
    return tasks


def table_to_grid(table: Table) -> Rows:
    """For each row its cells by column number; a merged cell stands in every place that it covers."""
    height = max((cell.row + cell.rows for row in table.rows for cell in row), default=0)
    grid: Rows = [{} for _ in range(min(height, len(table.rows) + 200))]
    for cell in (cell for row in table.rows for cell in row):
        for r in range(cell.row, min(cell.row + cell.rows, len(grid))):
            for c in range(cell.column, cell.column + min(cell.columns, 200)):
                grid[r].setdefault(c, cell)
    return grid


def grid_to_columns(grid: Rows, header_rows: int, grammar: Grammar) -> Columns | None:
    """The columns by their header cells; None without a column for the task and one for those who answer for it."""
    for rows in [header_rows] if header_rows else range(1, HEADER_TRIES + 1):
        roles: dict[int, str] = {}
        names: dict[int, str] = {}
        for column in sorted({c for row in grid[:rows] for c in row}):
            for row in grid[:rows]:
                cell = row.get(column)
                if cell is None or not cell.text.strip(BLANKS):
                    continue
                names[column] = squeeze(cell.text)
                folded = folded_header(cell.text)
                found = grammar.match("tasks", folded, gives="column") if len(folded) <= LONGEST_HEADER else None
                if found:
                    roles[column] = found.fields["role"]
        columns = Columns(roles, names, rows)
        # A project table may say 主要内容 and 责任单位 too; only the word 任务 makes its rows tasks.
        projects = any(grammar.match("tables", folded_header(name), gives="project") for name in names.values())
        if columns.of("task", *(() if projects else ("measure",))) and columns.of(*BODIES):
            return columns
    return None


def _row_to_task(
    cells: Mapping[int, TableCell],
    row: Mapping[int, TableCell],
    columns: Columns,
    table: Table,
    visit: Visit,
    site: DutySite,
    *,
    number: int,
    group: str | None,
) -> Task | None:
    def first(*roles: str) -> TableCell | None:
        return next((cells[c] for c in columns.of(*roles) if c in cells), None)

    named, measure = first("task"), first("measure")
    measures = [cells[c] for c in columns.of("measure") if c in cells]
    if named is None and len(measures) > 1:
        # 工作要点 | 具体举措: the first says which task, the last what is to be done.
        named, measure = measures[0], measures[-1]
    category = first("group")
    said = measure or named
    if said is None or not any(c in cells for c in columns.of(*BODIES)):
        return None
    bodies = cells_to_bodies(lambda role: [(columns.names[c], cells[c]) for c in columns.of(role) if c in cells], site)
    used = set(columns.of("sequence", "deadline", *(role for role in BODIES if role != "lead_and_person"))) | {
        c for c in cells if cells[c] is said or cells[c] is named
    }
    other = {columns.names.get(c, ""): cells[c].text for c in sorted(cells) if c not in used and columns.names.get(c)}
    due = first("deadline")
    sequence = first("sequence")
    start, end = min(c.span.start for c in row.values()), max(c.span.end for c in row.values())
    return Task(
        id=f"task-{number}",
        section=visit.place,
        rule=f"tasks.{'measure' if measure else 'task'}_column",
        span=span_of(site.document, start, end),
        duplicate_of=table.duplicate_of,
        table=table.id,
        sequence=_bare_number(sequence.text) if sequence else None,
        title=_title(named.text) if named and measure and named is not measure else None,
        text=said.text,
        group=squeeze(category.text) if category else group,
        lead=list(bodies.lead),
        participating=list(bodies.participating),
        open_ended=bodies.open_ended,
        deadline=parse_deadline(due.text, due.span, site.period, grammar=site.grammar) if due else None,
        columns=other,
    )


def _names_bodies(grid: Rows, columns: Columns, site: DutySite) -> bool:
    """False where no column but 单位 could name bodies, and its cells name none (a column of units)."""
    if columns.of(*(role for role in BODIES if role != "weak")):
        return True
    cells = {id(cell): cell for row in grid[columns.rows :] for c in columns.of("weak") if (cell := row.get(c))}
    named = [site.split(cell.span.start, cell.span.end, None).plausible for cell in cells.values() if cell.text.strip(BLANKS)]
    return bool(named) and sum(named) * 2 > len(named)


def _heads_rows(cell: TableCell, row: Mapping[int, TableCell], columns: Columns) -> bool:
    """A row of one cell (一、供水保障) over others; not a task without bodies, nor a number alone."""
    words = squeeze(cell.text)
    merged = len({id(c) for c in row.values()}) == 1 and len(row) > 1
    at_left = cell.column == min(row) and cell.column not in columns.of("task", "measure")
    return (
        len(words) <= LONGEST_GROUP
        and not words.endswith(("。", "；", ";"))
        and (merged or (at_left and bool(HAN.search(words))))
    )


def _is_header_again(row: Mapping[int, TableCell], columns: Columns) -> bool:
    """A header row printed once more on the next page."""
    return bool(row) and all(squeeze(cell.text) == columns.names.get(c) for c, cell in row.items())


def _bare_number(text: str) -> str:
    return squeeze(text).strip("（）()、.．,，")


def _title(text: str) -> str:
    return squeeze(text).rstrip("。：:；;")


__all__: Sequence[str] = ["Columns", "collect_tasks", "grid_to_columns", "table_to_grid", "table_to_tasks"]
