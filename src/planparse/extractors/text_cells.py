"""Tables of a Word dump with a cell a line: each cell opens with a TAB, an empty line ends a row."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from planparse.document import BLANKS
from planparse.extractors.printed_lines import PrintedLine, ends_paragraph
from planparse.extractors.reflow import opens_paragraph
from planparse.extractors.text_rows import (
    MAX_COLUMNS,
    Block,
    TableBlock,
    is_blank,
    is_caption,
    is_cell,
    next_worded,
    texts_to_block,
)
from planparse.grammar import Grammar

BROKEN_CELL = 30  # A line in a cell behind an empty line is a name or two; the longest seen has 8 characters.

Row = list[list[PrintedLine]]
"""The cells of a row of a cell-a-line dump, each its lines."""


def cells_to_blocks(lines: Sequence[PrintedLine], at: int, grammar: Grammar) -> tuple[list[Block] | None, int]:
    """The rows of cells that begin at `at`: each cell opens with a TAB, an empty line ends a row; and where they end."""
    rows: list[Row] = []
    end = at
    while end < len(lines) and is_cell(lines[end]):
        row: Row = []
        while end < len(lines):
            line = lines[end]
            if is_cell(line):
                row.append([line])
            elif not is_blank(line):
                row[-1].append(line)
            else:
                after = next_worded(lines, end)
                if after - end > 1 or not _is_broken_cell(lines, after, grammar):
                    break
                row[-1].append(lines[after])
                end = after
            end += 1
        rows.append(row)
        after = next_worded(lines, end)
        # A second table begins with its own caption.
        if after < len(lines) and len(rows) > 1 and is_caption(lines[after].text, grammar):
            break
        if after >= len(lines) or not is_cell(lines[after]):
            break
        end = after
    blocks = [_rows_to_block(part, grammar) for part in _rows_to_parts(rows, grammar)]
    return (blocks if any(isinstance(b, TableBlock) for b in blocks) else None), end


def _rows_to_parts(rows: Sequence[Row], grammar: Grammar) -> list[list[Row]]:
    """Rows of one cell that are running text (paragraphs behind a TAB) part tables; a caption opens one."""
    parts: list[list[Row]] = [[]]
    for row in rows:
        caption = _opens_box(row, grammar)
        boxed = bool(parts[-1]) and _opens_box(parts[-1][0], grammar)
        if caption or (not boxed and len(row) == 1 and _is_running(row)):
            parts.append([])
        parts[-1].append(row)
        if not caption and not boxed and len(row) == 1 and _is_running(row):
            parts.append([])
    return [part for part in parts if part]


def _is_running(row: Row) -> bool:
    words = row[0][-1].text.strip(BLANKS)
    return len(words) > 40 and ends_paragraph(words)


def _is_broken_cell(lines: Sequence[PrintedLine], at: int, grammar: Grammar) -> bool:
    """Whether a line without TAB behind an empty line goes on with a cell: a few words, and cells come after it."""
    if at >= len(lines) or is_cell(lines[at]):
        return False
    words = lines[at].text.strip(BLANKS)
    after = next_worded(lines, at + 1)
    return (
        len(words) <= BROKEN_CELL
        and after < len(lines)
        and after - at <= 2
        and is_cell(lines[after])
        and not ends_paragraph(words)
        and not opens_paragraph(words, grammar)
    )


def _opens_box(row: Row, grammar: Grammar) -> bool:
    return len(row) == 1 and is_caption(row[0][0].text, grammar)


def _rows_to_block(rows: Sequence[Row], grammar: Grammar) -> Block:
    lines = [tuple(line for cell in row for line in cell) for row in rows]
    prose = [replace(line, gap=line.gap or (at == 0)) for row in lines for at, line in enumerate(row)]
    texts = [["\n".join(line.text.strip(BLANKS) for line in cell) for cell in row] for row in rows]
    counts = Counter(len(row) for row in texts if len(row) > 1)
    if not counts:
        if _opens_box(rows[0], grammar) and (len(rows) > 1 or len(rows[0][0]) > 1):
            return TableBlock(tuple(((row[0], 0, 1, 1),) for row in texts), tuple(lines))
        return [line for line in prose if line.text.strip(BLANKS)]
    # A row may lack cells (an empty one left no line), but it has none too many: the widest that is no exception.
    columns = max((n for n in counts if counts[n] >= max(2, sum(counts.values()) / 5)), default=0)
    over = sum(counts[n] for n in counts if n > columns)
    if not 0 < columns <= MAX_COLUMNS or counts[columns] * 5 < sum(counts.values()) * 2 or over * 10 > sum(counts.values()):
        return [line for line in prose if line.text.strip(BLANKS)]
    return texts_to_block(texts, lines, columns)
