"""Pages of printed lines and tables → one flow: furniture put aside, tables and paragraphs joined over pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import regex

from planparse.document import Line
from planparse.document_builder import DocumentBuilder
from planparse.extractors.furniture import bare_number, is_page_number, repeated_lines
from planparse.extractors.pdf_lines import PrintedLine
from planparse.extractors.pdf_marks import LARGE
from planparse.extractors.pdf_paragraphs import (
    Paragraph,
    Setting,
    cell_to_setting,
    goes_on,
    group_to_paragraph,
    line_to_cell,
    lines_to_paragraphs,
    lines_to_setting,
)
from planparse.extractors.pdf_spread import Spread, padding
from planparse.extractors.pdf_tables import CellPart, TablePart
from planparse.grammar import Grammar

# Heads and feet stand in the outer eighth of a page (GB/T 9704 leaves 37 mm of 297 above).
ZONE = 0.125
# So many characters of a mark make it known again.
MARK = 3
# By so much of it a head is known again: addresses of web pages are long.
HEAD = 50
NOTE_MARK = regex.compile(r"[①-⑳⑴-⒇*＊※\[〔【]|\d{1,3}[^\d年月.．、)）%]|注[:：]")
NOTE_SIZE = 0.88


@dataclass(frozen=True, slots=True)
class PageLines:
    """A page's lines outside tables, in reading order, its tables from the top down, and its size in points."""

    number: int
    width: float
    height: float
    lines: list[PrintedLine]
    tables: list[TablePart]


@dataclass(frozen=True, slots=True)
class Notes:
    """The footnotes of a page: they are read after the paragraph that runs over the page's end."""

    lines: tuple[PrintedLine, ...]


Item = PrintedLine | TablePart | Notes


def pages_to_document(pages: Sequence[PageLines], builder: DocumentBuilder, grammar: Grammar) -> None:
    """Lay the pages into the builder: every line in a paragraph, a cell or the discarded."""
    pages = discard_furniture(pages, builder, grammar)
    widths = {page.number: page.width for page in pages}
    setting = lines_to_setting([line for page in pages for line in page.lines], widths, grammar)
    items = join_tables(pages_to_items(pages, setting), builder, grammar)
    group: list[PrintedLine] = []
    waiting: list[TablePart | Notes] = []

    def flush() -> None:
        if group:
            _add_paragraph(builder, group_to_paragraph(group, setting))
            group.clear()
        for block in waiting:
            _add_block(builder, block, setting)
        waiting.clear()

    broken = False  # between the last line and the next one stands what waits
    for item in items:
        if not isinstance(item, PrintedLine):
            waiting.append(item)
            broken = True
            if not group:
                flush()
            continue
        # A paragraph may go on behind a table or notes only on another page, where the indent tells.
        may = not broken or (setting.indented and bool(group) and item.page != group[-1].page)
        if group and not (may and goes_on(group, item, setting)):
            flush()
        group.append(item)
        broken = False
    flush()


def discard_furniture(pages: Sequence[PageLines], builder: DocumentBuilder, grammar: Grammar) -> list[PageLines]:
    """The pages without page numbers and running heads; only lines in the outer eighth of a page can be either."""
    edges = [[line for line in page.lines if _in_zone(line, page)] for page in pages]
    heads = repeated_lines([[line.text[:HEAD] for line in lines] for lines in edges])
    kept: list[PageLines] = []
    marks = {mark.text for mark in builder.discarded if mark.reason == "watermark" and len(mark.text) >= MARK}
    for page, lines in zip(pages, edges, strict=True):
        dropped: set[int] = set()
        # A mark over other pages' lines is one too where it lies on blank paper.
        for line in page.lines if marks else ():
            if line.text in marks and line.size >= LARGE:
                builder.discard(line.text, "watermark", page=page.number)
                dropped.add(id(line))
        ordered = sorted(page.lines, key=lambda p: p.y)
        outer = {id(line) for line in (*ordered[:2], *ordered[-2:])}
        for line in lines:
            reason = None
            if id(line) in outer and _is_number(line.text, grammar):
                reason = "page_number"
            elif line.text[:HEAD] in heads:
                reason = "running_head"
            if reason and id(line) not in dropped:
                builder.discard(line.text, reason, page=page.number)
                dropped.add(id(line))
        kept.append(replace(page, lines=[line for line in page.lines if id(line) not in dropped]))
    return kept


def _in_zone(line: PrintedLine, page: PageLines) -> bool:
    return line.y < ZONE * page.height or line.y - 0.5 * line.size > (1 - ZONE) * page.height


def _is_number(text: str, grammar: Grammar) -> bool:
    return is_page_number(text, grammar) or bare_number(text, grammar) is not None


def pages_to_items(pages: Sequence[PageLines], setting: Setting) -> list[Item]:
    """Lines and tables in reading order, the footnotes of a page at its end."""
    items: list[Item] = []
    for page in pages:
        lines, notes = _split_notes(page, setting)
        tables = list(page.tables)
        for line in lines:
            for table in [t for t in tables if _stands_before(t, line)]:
                items.append(table)
                tables.remove(table)
            items.append(line)
        items += tables
        if notes:
            items.append(Notes(tuple(notes)))
    return items


def _stands_before(table: TablePart, line: PrintedLine) -> bool:
    """Whether a table is read before a line; in a column of text, the lines of another column say nothing of it."""
    if table.top >= line.y - 0.35 * line.size:
        return False
    return line.column == 0 or (table.xs[0] < line.x1 and line.x0 < table.xs[-1])


def _split_notes(page: PageLines, setting: Setting) -> tuple[list[PrintedLine], list[PrintedLine]]:
    at = len(page.lines)
    while at and page.lines[at - 1].size <= NOTE_SIZE * setting.size and page.lines[at - 1].y > 0.5 * page.height:
        at -= 1
    if 0 < at < len(page.lines) and NOTE_MARK.match(page.lines[at].text):
        return page.lines[:at], page.lines[at:]
    return page.lines, []


def join_tables(items: Sequence[Item], builder: DocumentBuilder, grammar: Grammar) -> list[Item]:
    """Tables that run over pages as one; repeated header rows are put aside."""
    joined: list[Item | Spread] = []
    spread: Spread | None = None
    for item in items:
        if not isinstance(item, TablePart):
            spread = None
        elif spread and item.pages[0] == spread.pages[-1] + 1:
            header = spread.take(item)
            if header is not None:
                for cell in header:
                    words = " ".join(line.text for line in cell.lines)
                    builder.discard(words, "repeated_header", page=item.pages[0])
                joined[-1] = spread
                continue
        if isinstance(item, TablePart):
            spread = Spread(item, grammar)
        joined.append(item)
    return [item.table() if isinstance(item, Spread) else item for item in joined]


def _add_block(builder: DocumentBuilder, block: TablePart | Notes, setting: Setting) -> None:
    if isinstance(block, Notes):
        small = replace(setting, size=block.lines[0].size, pitch=1.6 * block.lines[0].size)
        for paragraph in lines_to_paragraphs(block.lines, small):
            _add_paragraph(builder, paragraph)
        return
    _add_table(builder, block, setting.grammar)


def _add_paragraph(builder: DocumentBuilder, paragraph: Paragraph) -> None:
    builder.page(paragraph.line.page or 1)
    made = builder.paragraph(paragraph.text, line=paragraph.line)
    for offset, page in paragraph.turns:
        builder.page_within(page, (made.start if made else builder.offset) + offset)


def _add_table(builder: DocumentBuilder, part: TablePart, grammar: Grammar) -> None:
    pad = padding(part.cells)
    rows: list[list[tuple[str, int, int, int]]] = [[] for _ in part.pages]
    layouts: dict[int, Line] = {}
    turns: list[tuple[int, int, int, int]] = []
    for cell in part.cells:
        # A row is one line of the text: the first cell with words lends it its layout.
        if len(cell.lines) == 1 and cell.row in layouts:
            text = cell.lines[0].text
        elif cell.lines:
            text, layout, inside = _cell_to_text(cell, pad, grammar)
            layouts.setdefault(cell.row, layout)
            turns += [(cell.row, cell.column, offset, page) for offset, page in inside]
        else:
            text = ""
        rows[cell.row].append((text, cell.column, cell.rows, cell.columns))
    firsts = {(row, cells[0][1]): layouts.get(row, Line(0, 0)) for row, cells in enumerate(rows) if cells}
    grid = builder.grid(rows, layouts=firsts, page_of_row=part.pages)
    if grid:
        starts = {(cell.row, cell.column): cell.start for cell in grid.cells}
        for row, column, offset, page in turns:
            builder.page_within(page, starts[row, column] + offset)


def _cell_to_text(cell: CellPart, pad: float, grammar: Grammar) -> tuple[str, Line, list[tuple[int, int]]]:
    """The cell's paragraphs, one a line; their layout where they have one in common; where pages begin in them."""
    if len(cell.lines) == 1:
        words, layout = line_to_cell(cell.lines[0], cell.x0 + pad)
        return words, layout, []
    setting = cell_to_setting(cell.lines, cell.x0 + pad, cell.x1 - pad, grammar)
    paragraphs = lines_to_paragraphs(cell.lines, setting)
    turns: list[tuple[int, int]] = []
    start = 0
    for i, paragraph in enumerate(paragraphs):
        if i and paragraph.line.page != paragraphs[i - 1].line.page:
            turns.append((start, paragraph.line.page or 1))
        turns += [(start + offset, page) for offset, page in paragraph.turns]
        start += len(paragraph.text) + 1
    layout = paragraphs[0].line
    if len(paragraphs) > 1:
        layout = layout._replace(indent=None, centred=None, bold=None, box=None)
    return "\n".join(p.text for p in paragraphs), layout, turns
