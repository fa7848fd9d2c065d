"""A grid of stage 1 → a table with caption, header, rows and notes; and what kind of table its header makes it."""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Literal

import regex

from planparse.document import BLANKS, Cell, Document, Grid
from planparse.grammar import Grammar
from planparse.models import Table, TableCell, TableNote
from planparse.structure.spans import span_of
from planparse.structure.table_notes import text_to_notes

BREAK = regex.compile(r"[\n\u2028]")

TableKind = Literal["indicators", "tasks", "projects", "other"]

SPACES = regex.compile(r"[\s\p{Z}\u200b\ufeff]+")
RAISED = regex.compile(r"(?<=.)[①-⑳*＊※⁰¹²³⁴⁵⁶⁷⁸⁹]+$")
FIGURE_LIKE = regex.compile(r"[<>≥≤＜＞±]?\s*[\d.,，．]+\s*(?!年)\S{0,4}")
NUMBERED_NOTE = regex.compile(r"[0-9]{1,2}[.．、](?![0-9])[\s\S]*[。；;]")
YEAR_HEAD = regex.compile(r"年份|年度|时间|时期|")
YEAR_CELL = regex.compile(r"(?:(?:19|20)\d{2}年?|[“\"]?[一二三四五六七八九十]{1,3}五[”\"]?末?).{0,8}")
MAX_HEADER_ROWS = 3
HEADER_LENGTH = 16  # Characters; header cells of task tables run to 牵头责任单位（排第一的为主）.

Row = list[Cell]


def grid_to_table(document: Document, grid: Grid, grammar: Grammar, *, id: str) -> Table:
    """The table that a grid means.

    1. Read aloud, caption, cells row by row and notes give the words of the grid in order: only leading rows become
       `caption` and only trailing rows `notes`; rows without words are dropped.
    2. `rows[n]` holds the cells whose `row` is n; a merged cell stands once, where it begins.
    3. `header_rows` is 0 to 3; `unit` a view of 单位：… in the caption.
    """
    rows = _grid_to_rows(document, grid)
    head = _caption_rows(document, rows, grammar)
    tail = _note_rows(document, rows, head, grammar)
    caption_cells = [c for row in rows[:head] for c in row if _words(document, c)]
    caption, caption_span = "", None
    if caption_cells:
        first, last = caption_cells[0].start, caption_cells[-1].end
        caption = "\n".join(document.text[c.start : c.end] for c in caption_cells)
        caption_span = span_of(document, first, last)
    body = _number_rows(document, rows[head:tail])
    return Table(
        id=id,
        caption=caption,
        caption_span=caption_span,
        unit=caption_unit(caption, grammar),
        header_rows=_count_header_rows(body, grammar),
        rows=body,
        notes=[note for row in rows[tail:] for note in _row_to_notes(document, row, grammar)],
        span=span_of(document, grid.start, grid.end),
    )


def caption_unit(caption: str, grammar: Grammar) -> str | None:
    """The unit that a caption gives for its whole table (单位：万元), or None."""
    for line in reversed(caption.split("\n")):
        found = grammar.match("tables", line.strip(BLANKS), gives="unit")
        if found is None:
            found = grammar.first("tables", line, gives="unit")
        if found is not None:
            return found.fields["unit"].strip(BLANKS)
    return None


@lru_cache(maxsize=512)
def folded_header(text: str) -> str:
    """A header cell as the grammar asks for it: blanks and raised marks out, width folded (NFKC)."""
    return unicodedata.normalize("NFKC", RAISED.sub("", SPACES.sub("", text)))


def column_role(text: str, grammar: Grammar) -> str | None:
    """What an indicator table's column holds, by one header cell (name, value, unit, nature …); None if unknown."""
    found = grammar.match("indicators", folded_header(text), gives="column") if len(text) <= 80 else None
    return found.fields["role"] if found else None


def table_kind(table: Table, grammar: Grammar) -> TableKind:
    """What the rows of a table are, by its header: indicators, tasks, projects, or something else."""
    folded = list(dict.fromkeys(folded_header(c.text) for c in header_cells(table) if c.text.strip(BLANKS)))
    roles = [r for r in (column_role(text, grammar) for text in folded) if r]
    agency = any(grammar.match("tables", t, gives="task_agency") for t in folded)
    projects = [t for t in folded if grammar.match("tables", t, gives="project")]
    # 建设内容 says what is to be done, in project tables.
    task = any(grammar.match("tables", t, gives="task_text") for t in folded if t not in projects)
    project = len(projects)
    values, nature = roles.count("value"), "nature" in roles
    named = "name" in roles and not (task and agency and not nature)
    about = "指标" in table.caption
    if years_down(table, grammar):
        return "indicators"
    if (named and (values or nature)) or (nature and values and not project):
        return "indicators"
    if about and values and not project and ("weak_name" in roles or "unit" in roles or values > 1):
        return "indicators"
    if agency and task:
        return "tasks"
    if project:
        return "projects"
    return "tasks" if agency and len(folded) > 1 and "任务" in table.caption else "other"


def years_down(table: Table, grammar: Grammar) -> bool:
    """Whether years stand in the first column (年份 · 2020年 · 2025年目标) and measures with their units in the header.

    One row must say that it is a target: figures of past years alone are statistics.
    """
    if table.header_rows != 1 or len(table.rows) < 3 or any(c.rows > 1 or c.columns > 1 for row in table.rows for c in row):
        return False
    head, body = table.rows[0], table.rows[1:]
    firsts = [folded_header(row[0].text) for row in body]
    if len(head) < 3 or any(len(row) != len(head) for row in body) or not YEAR_HEAD.fullmatch(folded_header(head[0].text)):
        return False
    dated = all(YEAR_CELL.fullmatch(t) for t in firsts)
    aimed = any(grammar.first("indicators", t, gives="role") for t in firsts) or "目标" in table.caption
    return dated and (aimed or "指标" in table.caption)


def is_indicator_table(table: Table, grammar: Grammar) -> bool:
    """Whether the rows of a table are indicators: 指标 beside a year, a target or 属性 in its header."""
    return table_kind(table, grammar) == "indicators"


def header_cells(table: Table) -> Iterator[TableCell]:
    """The cells of the header rows, row by row."""
    for row in table.rows[: table.header_rows]:
        yield from row


def _words(document: Document, cell: Cell) -> str:
    return document.text[cell.start : cell.end].strip(BLANKS)


def _grid_to_rows(document: Document, grid: Grid) -> list[Row]:
    """Cells grouped by row; rows without words dropped."""
    rows = [list(cells) for _, cells in groupby(grid.cells, key=lambda c: c.row)]
    return [row for row in rows if any(_words(document, c) for c in row)]


def _single(document: Document, row: Row) -> Cell | None:
    """The only cell with words in a row, or None."""
    worded = [c for c in row if _words(document, c)]
    return worded[0] if len(worded) == 1 else None


def _caption_rows(document: Document, rows: Sequence[Row], grammar: Grammar) -> int:
    """How many leading rows are the caption and what stands between it and the header."""
    wide = next(
        (n for n, row in enumerate(rows[:5]) if _single(document, row) is None and not _all_caption(document, row, grammar)),
        None,
    )
    if wide is not None and wide and _is_header([_words(document, c) for c in rows[wide]], grammar):
        return wide
    count = 0
    while count < len(rows) - 1 and _all_caption(document, rows[count], grammar):
        count += 1
    return count


def _all_caption(document: Document, row: Row, grammar: Grammar) -> bool:
    """Whether every paragraph of a row is a caption or a unit line."""
    lines = [line.strip(BLANKS) for c in row for line in BREAK.split(_words(document, c))]
    return all(any(grammar.match("tables", line, gives=kind) for kind in ("caption", "unit")) for line in lines if line)


def _note_rows(document: Document, rows: Sequence[Row], head: int, grammar: Grammar) -> int:
    """Where the notes begin: the first of the trailing one-cell rows that opens with 注： or a raised mark.

    Whole sentences below it are notes too.
    """
    # ① opens items in a frame with one column.
    openers = ("note",) if all(len(row) == 1 for row in rows) else ("note", "mark")
    start = len(rows)
    for n in range(len(rows) - 1, head, -1):
        cell = _single(document, rows[n])
        if cell is None:
            worded = [c for c in rows[n] if _words(document, c)]
            labelled = len(worded) == 2 and grammar.match("tables", _words(document, worded[0]), gives="label")
            wider = max(len(row) for row in rows) > 2
            return n if labelled and wider and n == start - 1 == len(rows) - 1 else start
        words = _words(document, cell)
        if any(grammar.match("tables", words, gives=kind) for kind in openers):
            start = n
        elif not (openers[-1] == "mark" and (NUMBERED_NOTE.fullmatch(words) or words[-1] in "。；;")):
            return start
    return start


def _row_to_notes(document: Document, row: Row, grammar: Grammar) -> Iterator[TableNote]:
    """The notes of a row, one a paragraph; a label and the words beside it are one note."""
    worded = [c for c in row if _words(document, c)]
    start, end = worded[0].start, worded[-1].end
    if len(worded) > 1:
        yield TableNote(mark=None, text=document.text[start:end], span=span_of(document, start, end))
    else:
        yield from text_to_notes(document, start, end, grammar)


def _number_rows(document: Document, rows: Sequence[Row]) -> list[list[TableCell]]:
    """Cells with the rows counted anew, merged cells as high as the rows that are left."""
    kept = [row[0].row for row in rows]
    made = []
    for n, row in enumerate(rows):
        cells = []
        for c in row:
            high = sum(1 for number in kept[n : n + c.rows] if number < c.row + c.rows) if c.rows > 1 else 1
            cells.append(
                TableCell(
                    text=document.text[c.start : c.end],
                    row=n,
                    column=c.column,
                    rows=max(1, high),
                    columns=max(1, c.columns),
                    span=span_of(document, c.start, c.end),
                )
            )
        made.append(cells)
    return made


def _is_header_word(text: str, grammar: Grammar) -> bool:
    folded = folded_header(text)
    if column_role(text, grammar):
        return True
    kinds = ("task_agency", "task_text", "project", "header")
    return len(folded) <= 30 and any(grammar.match("tables", folded, gives=kind) for kind in kinds)


def _is_header(texts: Sequence[str], grammar: Grammar) -> bool:
    """Whether a row heads columns by its words: two or more cells, at least half of them header words."""
    worded = [t for t in texts if t.strip(BLANKS)]
    known = sum(_is_header_word(t, grammar) for t in worded)
    return len(worded) > 1 and known * 2 >= len(worded)


def _count_header_rows(rows: Sequence[Sequence[TableCell]], grammar: Grammar) -> int:
    if len(rows) < 2:
        return 0
    texts = [c.text for c in rows[0]]
    if not _is_header(texts, grammar) and not _looks_like_header(texts):
        return 0
    count = min(MAX_HEADER_ROWS, len(rows) - 1, max((c.rows for c in rows[0] if c.text.strip(BLANKS)), default=1))
    while count < min(MAX_HEADER_ROWS, len(rows) - 1):
        worded = [c.text for c in rows[count] if c.text.strip(BLANKS)]
        if (
            not worded
            or not all(_is_header_word(t, grammar) for t in worded)
            or worded == [t for t in texts if t.strip(BLANKS)]
        ):
            break
        if len(worded) == 1 and not any(column_role(t, grammar) == "value" for t in worded):
            break
        count += 1
    return count


def _looks_like_header(texts: Sequence[str]) -> bool:
    """Whether short plain words without figures stand in every cell, though none is in the vocabulary."""
    worded = [SPACES.sub("", t) for t in texts]
    if len(worded) < 2 or not all(worded):
        return False
    return all(len(t) <= HEADER_LENGTH and t[-1] not in "。；;：:" and not FIGURE_LIKE.fullmatch(t) for t in worded)
