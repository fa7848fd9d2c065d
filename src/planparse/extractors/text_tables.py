r"""Tables that a text dump only hints at: tabbed lines, a cell a line (Word), pipes (Markdown).

`lines_to_blocks` cuts the lines of a dump into prose and tables. A table's rows hold cells (text, column, rows
spanned, columns spanned) as `DocumentBuilder.grid` takes them; lines in a cell are parted by \n.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import regex

from planparse.document import BLANKS
from planparse.extractors.reflow import PrintedLine, ends_paragraph, opens_paragraph
from planparse.grammar import Grammar

Cell = tuple[str, int, int, int]
ENDS = BLANKS.replace("\t", "")
PAGE = regex.compile(r"[0-9０-９]{1,4}|[IVXivx]{1,6}")
FIGURE = regex.compile(r"[＞>≥<＜≤=＝约〔\[]*[0-9０-９][0-9０-９.,，]*.{0,4}")
SEQUENCE = regex.compile(r"[0-9０-９]{1,3}[.．、]?")
RULE = regex.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*+\|?\s*")
PIPE = regex.compile(r"(?<!\\)\|")
MAX_COLUMNS = 30
BROKEN_CELL = 30  # A line in a cell behind an empty line is a name or two; the longest seen has 8 characters.


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table: its rows, the printed lines of each row, and what was markup (text, line)."""

    rows: tuple[tuple[Cell, ...], ...]
    lines: tuple[tuple[PrintedLine, ...], ...]
    markup: tuple[tuple[str, int | None], ...] = ()


Block = TableBlock | list[PrintedLine]
Row = list[list[PrintedLine]]
"""The cells of a row of a cell-a-line dump, each its lines."""


def lines_to_blocks(lines: Sequence[PrintedLine], grammar: Grammar) -> list[Block]:
    """Prose (lists of lines that bear words, their `gap` filled in) and tables, in order; every line in one of them."""
    blocks: list[Block] = []
    prose: list[PrintedLine] = []
    at = gap = tried = 0
    while at < len(lines):
        line = lines[at]
        if not line.text.strip(BLANKS):
            gap += 1
            at += 1
            continue
        found: list[Block] | None = None
        end = at + 1
        # A run that was no table once is none from its second line on either: it is not tried again.
        if at >= tried:
            if "|" in line.text:
                found, end = _pipes_to_table(lines, at)
            elif "\t" in line.text.strip(ENDS):
                found, end = _cells_to_blocks(lines, at, grammar) if _is_cell(line) else _tabs_to_table(lines, at, grammar)
            tried = end
        if found is None:
            prose.append(replace(line, gap=gap))
            at += 1
        else:
            for block in found:
                if isinstance(block, TableBlock):
                    blocks += [prose, block] if prose else [block]
                    prose = []
                else:
                    prose += block
            at = end
        gap = 0
    if prose:
        blocks.append(prose)
    return blocks


def _is_cell(line: PrintedLine) -> bool:
    """A cell of a cell-a-line dump: one TAB, at the head of the line."""
    text = line.text.strip(ENDS)
    return text.startswith("\t") and "\t" not in text[1:].rstrip("\t")


def _blank(line: PrintedLine) -> bool:
    return not line.text.strip(BLANKS) and not _is_cell(line)


def _next(lines: Sequence[PrintedLine], at: int) -> int:
    while at < len(lines) and _blank(lines[at]):
        at += 1
    return at


# A cell a line


def _cells_to_blocks(lines: Sequence[PrintedLine], at: int, grammar: Grammar) -> tuple[list[Block] | None, int]:
    """The rows of cells that begin at `at`: each cell opens with a TAB, an empty line ends a row; and where they end."""
    rows: list[Row] = []
    end = at
    while end < len(lines) and _is_cell(lines[end]):
        row: Row = []
        while end < len(lines):
            line = lines[end]
            if _is_cell(line):
                row.append([line])
            elif not _blank(line):
                row[-1].append(line)
            else:
                after = _next(lines, end)
                if after - end > 1 or not _is_broken_cell(lines, after, grammar):
                    break
                row[-1].append(lines[after])
                end = after
            end += 1
        rows.append(row)
        after = _next(lines, end)
        # A second table begins with its own caption.
        if after < len(lines) and len(rows) > 1 and _is_caption([[lines[after]]], grammar):
            break
        if after >= len(lines) or not _is_cell(lines[after]):
            break
        end = after
    blocks = [_rows_to_block(part, grammar) for part in _rows_to_parts(rows, grammar)]
    return (blocks if any(isinstance(b, TableBlock) for b in blocks) else None), end


def _rows_to_parts(rows: Sequence[Row], grammar: Grammar) -> list[list[Row]]:
    """Rows of one cell that are running text (paragraphs behind a TAB) part tables; a caption opens one."""
    parts: list[list[Row]] = [[]]
    for row in rows:
        caption = _is_caption(row, grammar)
        boxed = bool(parts[-1]) and _is_caption(parts[-1][0], grammar)
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
    if at >= len(lines) or _is_cell(lines[at]):
        return False
    words = lines[at].text.strip(BLANKS)
    after = _next(lines, at + 1)
    return (
        len(words) <= BROKEN_CELL
        and after < len(lines)
        and after - at <= 2
        and _is_cell(lines[after])
        and not ends_paragraph(words)
        and not opens_paragraph(words, grammar)
    )


def _is_caption(row: Row, grammar: Grammar) -> bool:
    return len(row) == 1 and grammar.match("boxes", row[0][0].text.strip(BLANKS), gives="caption") is not None


def _rows_to_block(rows: Sequence[Row], grammar: Grammar) -> Block:
    lines = [tuple(line for cell in row for line in cell) for row in rows]
    prose = [replace(line, gap=line.gap or (at == 0)) for row in lines for at, line in enumerate(row)]
    texts = [["\n".join(line.text.strip(BLANKS) for line in cell) for cell in row] for row in rows]
    counts = Counter(len(row) for row in texts if len(row) > 1)
    if not counts:
        if _is_caption(rows[0], grammar) and (len(rows) > 1 or len(rows[0][0]) > 1):
            return TableBlock(tuple(((row[0], 0, 1, 1),) for row in texts), tuple(lines))
        return [line for line in prose if line.text.strip(BLANKS)]
    # A row may lack cells (an empty one left no line), but it has none too many: the widest that is no exception.
    columns = max((n for n in counts if counts[n] >= max(2, sum(counts.values()) / 5)), default=0)
    over = sum(counts[n] for n in counts if n > columns)
    if not 0 < columns <= MAX_COLUMNS or counts[columns] * 5 < sum(counts.values()) * 2 or over * 10 > sum(counts.values()):
        return [line for line in prose if line.text.strip(BLANKS)]
    return _texts_to_block(texts, lines, columns)


def _texts_to_block(texts: list[list[str]], lines: list[tuple[PrintedLine, ...]], columns: int) -> TableBlock:
    """Rows of differing length laid over `columns` columns."""
    seen = [Counter(row[c] for row in texts if len(row) == columns) for c in range(columns)]
    merged: list[list[str]] = []
    places: list[tuple[PrintedLine, ...]] = []
    for row, where in zip(texts, lines, strict=True):
        before = merged[-1] if merged else []
        if 1 < len(before) < columns and len(before) + len(row) == columns and _fits(row, len(before), seen):
            merged[-1] = before + row
            places[-1] += where
        else:
            merged.append(row)
            places.append(where)
    full = False
    rows: list[tuple[Cell, ...]] = []
    for row in merged:
        full = full or len(row) == columns
        rows.append(_row_to_cells(row, columns, seen, header=not full))
    wide = max(row[-1][1] + row[-1][3] for row in rows)
    rows = [((r[0][0], 0, 1, wide),) if len(r) == 1 else r for r in rows]
    return TableBlock(tuple(rows), tuple(places))


def _row_to_cells(row: list[str], columns: int, seen: list[Counter[str]], *, header: bool) -> tuple[Cell, ...]:
    if len(row) == 1:
        return ((row[0], 0, 1, columns),)
    if len(row) >= columns:
        return tuple((text, c, 1, 1) for c, text in enumerate(row))
    if header:
        # 指标 stands over the running number and the name: the first cell of a short header is the wide one.
        wide = columns - len(row) + 1
        return ((row[0], 0, 1, wide), *((text, c, 1, 1) for c, text in enumerate(row[1:], wide)))
    cells = [("", c, 1, 1) for c in range(columns)]
    for text, column in zip(row, _row_to_columns(row, columns, seen), strict=True):
        cells[column] = (text, column, 1, 1)
    return tuple(cells)


def _row_to_columns(row: list[str], columns: int, seen: list[Counter[str]]) -> list[int]:
    """The columns that the cells of a short row fit best, in order, leftmost on a tie; the others are empty."""
    spare = columns - len(row)
    # best[i][s]: score of the cells from i on when s columns were skipped before cell i, and the skips that give it.
    best: list[list[tuple[float, int]]] = [[(0.0, 0)] * (spare + 1) for _ in range(len(row) + 1)]
    for i in reversed(range(len(row))):
        for skipped in range(spare + 1):
            options = [(_fit(row[i], seen[i + s]) + best[i + 1][s][0], -s) for s in range(skipped, spare + 1)]
            score, skip = max(options)
            best[i][skipped] = (score, -skip)
    found, skipped = [], 0
    for i in range(len(row)):
        skipped = best[i][skipped][1]
        found.append(i + skipped)
    return found


def _fit(text: str, column: Counter[str]) -> float:
    if column[text]:
        return 3.0
    total = max(1, sum(column.values()))
    for shape in (SEQUENCE, FIGURE):
        like = sum(n for other, n in column.items() if shape.fullmatch(other)) / total
        if shape.fullmatch(text):
            return 2.0 * like
    # Words do not belong where figures stand.
    return 0.5 - like


def _fits(row: list[str], first: int, seen: list[Counter[str]]) -> bool:
    return all(_fit(text, seen[first + i]) >= 1 for i, text in enumerate(row))


# Tabbed lines


def _tabs_to_table(lines: Sequence[PrintedLine], at: int, grammar: Grammar) -> tuple[list[Block] | None, int]:
    """The run of tabbed lines that begins at `at`; page breaks and empty lines between rows belong to it."""
    texts: list[list[str]] = []
    places: list[tuple[PrintedLine, ...]] = []
    run = _run_to_lines(lines, at, grammar)
    end = run[-1] + 1
    widths = Counter(len(_split(lines[i])) for i in run if len(_split(lines[i])) > 1)
    columns = max(widths, key=lambda n: (widths[n], n))
    if widths[columns] < 2 or columns > MAX_COLUMNS or widths[columns] * 2 < sum(widths.values()):
        return None, end
    for i in run:
        row = _split(lines[i])
        last = texts[-1] if texts else []
        # A cell that was broken over lines breaks its row: 2 cells and 3 cells of a row of 4.
        if (
            1 < len(last) < columns
            and len(last) + len(row) - 1 <= columns
            and (len(row) > 1 or not _is_caption([[lines[i]]], grammar))
        ):
            texts[-1] = [*last[:-1], f"{last[-1]}\n{row[0]}", *row[1:]]
            places[-1] += (lines[i],)
        else:
            texts.append(row)
            places.append((lines[i],))
    if all(not row[0].strip(BLANKS) for row in texts if len(row) == columns):
        texts = [row[1:] if len(row) > 1 else row for row in texts]
        columns -= 1
    if columns < 2 or _is_contents(texts, columns):
        return None, end
    texts = [[w[0]] if len(w := [c for c in row if c.strip(BLANKS)]) == 1 and row[0].strip(BLANKS) else row for row in texts]
    return [_texts_to_block(texts, places, columns)], end


def _run_to_lines(lines: Sequence[PrintedLine], at: int, grammar: Grammar) -> list[int]:
    run = [at]
    while True:
        after = _next(lines, run[-1] + 1)
        if after >= len(lines) or after - run[-1] > 3:
            return run
        if "\t" in lines[after].text.strip(ENDS) and not _is_cell(lines[after]):
            run.append(after)
            continue
        # One line without TAB among tabbed ones: the rest of a broken cell, or a row that groups the rows below it.
        words = lines[after].text.strip(BLANKS)
        then = _next(lines, after + 1)
        inside = then < len(lines) and then - after <= 1 and after - run[-1] <= 1
        if not inside or "\t" not in lines[then].text.strip(ENDS) or len(words) > 40 or ends_paragraph(words):
            return run
        run.append(after)


def _split(line: PrintedLine) -> list[str]:
    return [cell.strip(BLANKS) for cell in line.text.strip(ENDS + "\r\n").split("\t")]


def _is_contents(texts: list[list[str]], columns: int) -> bool:
    """The entries of a 目录 with their page numbers behind a TAB are no table."""
    pages = [row[-1] for row in texts if len(row) == columns and row[-1]]
    numbers = [int(p) for p in pages if p.isdecimal()]
    return (
        columns == 2
        and len(pages) * 5 >= len(texts) * 4
        and all(PAGE.fullmatch(p) for p in pages)
        and numbers == sorted(numbers)
        and not SEQUENCE.fullmatch(texts[-1][0])
    )


# Pipes


def _pipes_to_table(lines: Sequence[PrintedLine], at: int) -> tuple[list[Block] | None, int]:
    """A Markdown table: a header, a line of dashes, rows; pipes and dashes are markup."""
    if at + 1 >= len(lines) or not RULE.fullmatch(lines[at + 1].text) or "|" not in lines[at + 1].text:
        return None, at + 1
    end = at
    while end < len(lines) and PIPE.search(lines[end].text):
        end += 1
    rows: list[tuple[Cell, ...]] = []
    places: list[tuple[PrintedLine, ...]] = []
    markup: list[tuple[str, int | None]] = []
    for line in lines[at:end]:
        if RULE.fullmatch(line.text):
            markup.append((line.text.strip(), line.number))
            continue
        words = line.text.strip(BLANKS)
        markup.append(("|" * len(PIPE.findall(words)), line.number))
        inner = PIPE.sub("\0", words).removeprefix("\0").removesuffix("\0")
        markup.append(("\\" * inner.count("\\|"), line.number))
        cells = inner.replace("\\|", "|").split("\0")
        rows.append(tuple((cell.strip(BLANKS), c, 1, 1) for c, cell in enumerate(cells)))
        places.append((line,))
    return [TableBlock(tuple(rows), tuple(places), tuple(markup))], end
