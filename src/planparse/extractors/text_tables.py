"""Tables that a text dump only hints at: tabbed lines, a cell a line (Word), pipes (Markdown), columns of blanks.

`lines_to_blocks` cuts the lines of a dump into prose and tables.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import regex

from planparse.document import BLANKS
from planparse.extractors.printed_lines import PrintedLine, ends_paragraph
from planparse.extractors.text_aligned import aligned_to_block
from planparse.extractors.text_cells import cells_to_blocks
from planparse.extractors.text_columns import headed_to_block
from planparse.extractors.text_glued import glued_to_blocks
from planparse.extractors.text_placed import placed_to_block
from planparse.extractors.text_rows import (
    ENDS,
    MAX_COLUMNS,
    SEQUENCE,
    Block,
    Cell,
    TableBlock,
    is_caption,
    is_cell,
    next_worded,
    texts_to_block,
)
from planparse.extractors.text_stacked import stacked_to_block
from planparse.extractors.text_tags import OPENS, tags_to_blocks
from planparse.grammar import Grammar

GAP, PAGE_GAP = 3, 9
"""Lines from one row to the next, within a page and over its end."""
PAGE = regex.compile(r"[0-9０-９]{1,4}|[IVXivx]{1,6}")
RULE = regex.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*+\|?\s*")
PIPE = regex.compile(r"(?<!\\)\|")


def lines_to_blocks(lines: Sequence[PrintedLine], grammar: Grammar) -> list[Block]:
    """Prose (lists of lines that bear words, their `gap` filled in) and tables, in order; every line in one of them."""
    blocks: list[Block] = []
    prose: list[PrintedLine] = []
    at = gap = tried = stacked = 0
    failed = (0, 0)
    while at < len(lines):
        line = lines[at]
        if not line.text.strip(BLANKS):
            gap += 1
            at += 1
            continue
        found: list[Block] | None = None
        end = at + 1
        if at >= stacked:
            found, stacked = stacked_to_block(lines, at, grammar)
            end = stacked if found else end
        # A run that was no table once is none from its second line on either: it is not tried again.
        if found is None and at >= tried:
            if "<" in line.text and OPENS.search(line.text):
                found, end = tags_to_blocks(lines, at)
            elif "|" in line.text:
                found, end = _pipes_to_table(lines, at)
            elif "\t" in line.text.strip(ENDS):
                found, end = cells_to_blocks(lines, at, grammar) if is_cell(line) else _tabs_to_table(lines, at, grammar)
            else:
                found, end, failed = _blanks_to_blocks(lines, at, grammar, failed)
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


def _blanks_to_blocks(
    lines: Sequence[PrintedLine], at: int, grammar: Grammar, failed: tuple[int, int]
) -> tuple[list[Block] | None, int, tuple[int, int]]:
    """A table without any mark between its cells but blanks, or nothing; where it ends; how far headers and columns failed."""
    headed, aligned = failed
    if at >= headed:
        found, end = placed_to_block(lines, at, grammar)
        if found:
            return found, end, failed
        found, headed = headed_to_block(lines, at, grammar)
        if found:
            return found, headed, (headed, aligned)
    if at >= aligned:
        found, aligned = aligned_to_block(lines, at, grammar)
        if found:
            return found, aligned, (headed, aligned)
    found, end = glued_to_blocks(lines, at, grammar)
    return found, end if found else at + 1, (headed, aligned)


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
    aside: list[tuple[str, str, int | None]] = []
    for number, i in enumerate(run):
        row = _split(lines[i])
        last = texts[-1] if texts else []
        if number and row == texts[0] and lines[i].page != lines[run[number - 1]].page:
            aside.append((" ".join(row), "repeated_header", lines[i].number))
            continue
        # A cell that was broken over lines breaks its row: 2 cells and 3 cells of a row of 4.
        if (
            1 < len(last) < columns
            and len(last) + len(row) - 1 <= columns
            and (len(row) > 1 or not is_caption(lines[i].text, grammar))
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
    return [replace(texts_to_block(texts, places, columns), aside=tuple(aside))], end


def _run_to_lines(lines: Sequence[PrintedLine], at: int, grammar: Grammar) -> list[int]:
    run = [at]
    while True:
        after = next_worded(lines, run[-1] + 1)
        # A page's number between rows stands in blank lines of its own.
        apart = PAGE_GAP if after < len(lines) and lines[after].page != lines[run[-1]].page else GAP
        if after >= len(lines) or after - run[-1] > apart:
            return run
        if "\t" in lines[after].text.strip(ENDS) and not is_cell(lines[after]):
            run.append(after)
            continue
        # One line without TAB among tabbed ones: the rest of a broken cell, or a row that groups the rows below it.
        words = lines[after].text.strip(BLANKS)
        then = next_worded(lines, after + 1)
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
    markup: list[tuple[str, str, int | None]] = []
    for line in lines[at:end]:
        if RULE.fullmatch(line.text):
            markup.append((line.text.strip(), "markup", line.number))
            continue
        words = line.text.strip(BLANKS)
        markup.append(("|" * len(PIPE.findall(words)), "markup", line.number))
        inner = PIPE.sub("\0", words).removeprefix("\0").removesuffix("\0")
        markup.append(("\\" * inner.count("\\|"), "markup", line.number))
        cells = inner.replace("\\|", "|").split("\0")
        rows.append(tuple((cell.strip(BLANKS), c, 1, 1) for c, cell in enumerate(cells)))
        places.append((line,))
    return [TableBlock(tuple(rows), tuple(places), tuple(markup))], end
