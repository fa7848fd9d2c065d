"""Rows of a table that shares tasks out (任务分工表) → tasks.

`table → columns (by header cells) → rows (merged cells carried down) → tasks`; any order and wording of columns.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planparse.document import BLANKS, Document
from planparse.facts.agencies import AgencyList, split_agencies
from planparse.facts.agency_names import squeeze
from planparse.facts.deadlines import parse_deadline
from planparse.facts.task_references import tree_to_references
from planparse.grammar import Grammar
from planparse.models import Agency, Period, Table, TableCell, Task
from planparse.models.facts import AgencyLevel
from planparse.structure.spans import span_of
from planparse.structure.tables import folded_header, table_kind
from planparse.structure.walk import Tree, Visit

_WORD = re.compile(r"\w")

HEADER_TRIES = 3
"""Rows in which a header is looked for where the table does not say how many it has."""
LONGEST_HEADER = 40
CARRIED = {"sequence", "task", "group"}
"""Columns whose empty cells mean the cell above: text dumps lose merges."""
BODIES = ("lead", "participating", "responsible", "first_leads")

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


@dataclass(frozen=True, slots=True)
class _Site:
    document: Document
    grammar: Grammar
    level: AgencyLevel | None
    region: str | None
    period: Period | None


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
    site = _Site(document, grammar, region_level, region, period)
    tasks: list[Task] = []
    for visit in tree.visits:
        if isinstance(visit.node, Table):
            tasks += table_to_tasks(visit.node, visit, site, first=len(tasks) + 1)
    if not tasks:
        return []
    references = tree_to_references(tree)
    return [task.model_copy(update={"refers_to": references.of(task)}) for task in tasks]


def table_to_tasks(table: Table, visit: Visit, site: _Site, *, first: int) -> list[Task]:
    """The rows of one table as tasks numbered from `first`; none where its header is not a task table's."""
    if table_kind(table, site.grammar) in ("indicators", "projects"):
        return []
    grid = table_to_grid(table)
    columns = grid_to_columns(grid, table.header_rows, site.grammar)
    if columns is None:
        return []
    tasks: list[Task] = []
    above: dict[int, TableCell] = {}
    for row in grid[columns.rows :]:
        if _is_header_again(row, columns) or len({id(cell) for cell in row.values()}) < 2:
            continue
        cells = {c: row[c] for c in row if row[c].text.strip(BLANKS)}
        for column in columns.of(*CARRIED):
            if column in cells:
                above[column] = cells[column]
            elif column in above:
                cells[column] = above[column]
        task = _row_to_task(cells, row, columns, table, visit, site, number=first + len(tasks))
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
    site: _Site,
    *,
    number: int,
) -> Task | None:
    def first(*roles: str) -> TableCell | None:
        return next((cells[c] for c in columns.of(*roles) if c in cells), None)

    named, measure = first("task"), first("measure")
    said = measure or named
    if said is None or not any(c in cells for c in columns.of(*BODIES)):
        return None
    lists = {role: _names(cells, columns, role, site) for role in BODIES}
    lead, participating = _roles(lists)
    used = set(columns.of("sequence", "deadline", *BODIES)) | {c for c in cells if cells[c] is said or cells[c] is named}
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
        lead=lead,
        participating=participating,
        open_ended=any(names.open_ended for names in lists.values()),
        deadline=parse_deadline(due.text, due.span, site.period, grammar=site.grammar) if due else None,
        columns=other,
    )


def _names(cells: Mapping[int, TableCell], columns: Columns, role: str, site: _Site) -> AgencyList:
    """The bodies in the row's columns with this role, one list."""
    agencies: list[Agency] = []
    open_ended = False
    seen: set[int] = set()
    for column in columns.of(role):
        cell = cells.get(column)
        if cell is None or id(cell) in seen:
            continue
        seen.add(id(cell))
        start = cell.span.start
        found = split_agencies(
            site.document.text[start : cell.span.end],
            start,
            lambda a, b: span_of(site.document, a, b),
            site.grammar,
            role=columns.names.get(column),
            region_level=site.level,
            region=site.region,
        )
        agencies += [a for a in found.agencies if _WORD.search(a.name)]
        open_ended |= found.open_ended
    return AgencyList(tuple(agencies), open_ended)


def _roles(lists: Mapping[str, AgencyList]) -> tuple[list[Agency], list[Agency]]:
    """Lead and participating: 责任单位 leads where no column is 牵头单位's, and takes part where one is."""
    lead, participating = list(lists["lead"].agencies), list(lists["participating"].agencies)
    responsible = list(lists["responsible"].agencies)
    first = list(lists["first_leads"].agencies)
    if not lead:
        lead, responsible = [*first[:1], *responsible], []
        participating = [*first[1:], *participating]
    return lead, [*responsible, *participating]


def _is_header_again(row: Mapping[int, TableCell], columns: Columns) -> bool:
    """A header row printed once more on the next page."""
    return bool(row) and all(squeeze(cell.text) == columns.names.get(c) for c, cell in row.items())


def _bare_number(text: str) -> str:
    return squeeze(text).strip("（）()、.．,，")


def _title(text: str) -> str:
    return squeeze(text).rstrip("。：:；;")


__all__: Sequence[str] = ["Columns", "collect_tasks", "grid_to_columns", "table_to_grid", "table_to_tasks"]
