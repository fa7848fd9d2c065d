"""Tables without rules: rows whose words stand in columns one under another → the edges that would rule them."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

import regex

from planparse.extractors.pdf_banded import band_to_edges, find_bands
from planparse.extractors.pdf_page import Fragment, PageText
from planparse.extractors.pdf_rulings import Edge

SAME_LINE = 0.3
# Columns lie at least an em apart; within a cell no blank is as wide.
COLUMN_GAP = 1.0
MIN_ROWS, MIN_COLUMNS = 3, 3
# Rows farther apart than this many ems do not belong together.
MAX_PITCH = 3.6
# Most of the rows fill most of the columns, and most cells hold more than a character of a line that is spread out.
FILLED, WORDY = 0.6, 0.5
HEADING_NUMBER = regex.compile(
    r"第[一二三四五六七八九十百零〇]+[编篇章节]|[一二三四五六七八九十]+、?$|[（(][一二三四五六七八九十]+[)）]$|附件"
)
MAX_DIGITS = 4
# A piece of a column of prose is this long; of prose so many are.
LONG_PIECE, PROSE = 8, 0.7


class Chunk(NamedTuple):
    """Words without a wide gap, with their edges."""

    x0: float
    x1: float
    text: str


class Row(NamedTuple):
    """A printed line in chunks, from left to right."""

    y: float
    size: float
    chunks: tuple[Chunk, ...]


def aligned_edges(page: PageText, ruled: Sequence[Edge]) -> list[Edge]:
    """The edges of the tables that a page aligns without ruling them; lines that `ruled` uprights pass are left alone.

    Where lines are ruled across, `pdf_banded` says what a table is. Elsewhere it is three or more lines, one under another, that are cut into the same three or more columns by gaps of an em
    and more, with words in the first column and figures or words in the others. A line that only goes on with the cells
    above it (closer, its first column empty) belongs to their row.
    """
    bands = find_bands(ruled) if ruled else []
    lines = _fragments_to_lines(page.fragments)
    if not bands:
        # What stands side by side mostly does so in ruled tables: then it need not be cut.
        free = _heights_free_of(ruled)
        lines = [line for line in lines if free(line[0].y)]
        if sum(_may_cut(line) for line in lines) < MIN_ROWS:
            return []
    rows = [_line_to_row(page, line) for line in lines]
    made: list[Edge] = []
    if bands:
        for band in bands:
            made += band_to_edges(band, rows, ruled)
        free = _heights_free_of([*ruled, *made])
        rows = [row for row in rows if free(row.y)]
    for run in _rows_to_runs(rows):
        made += _run_to_edges(run)
    return made


def _heights_free_of(edges: Sequence[Edge]) -> Callable[[float], bool]:
    """Whether no upright passes a height."""
    spans: list[tuple[float, float]] = []
    for top, bottom in sorted([(e.top, e.bottom) for e in edges if e.x0 == e.x1]):
        if spans and top <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], bottom)
        else:
            spans.append((top, bottom))
    return lambda y: not any(top <= y <= bottom for top, bottom in spans)


def _may_cut(line: Sequence[Fragment]) -> bool:
    """Whether a line has blanks and gaps enough for the least number of columns: at a change of fonts there is neither."""
    cuts = 0
    for fragment in line:
        if " " in fragment.text or "\u3000" in fragment.text:
            cuts += fragment.text.count(" ") + fragment.text.count("\u3000")
    if len(line) > 1 and cuts < MIN_COLUMNS - 1:
        wide = COLUMN_GAP * max(map(attrgetter("size"), line))
        in_order = sorted(line, key=attrgetter("x0"))
        end = in_order[0].x1
        for fragment in in_order[1:]:
            cuts += fragment.x0 - end > wide
            end = max(end, fragment.x1)
    return cuts >= MIN_COLUMNS - 1


def _fragments_to_lines(fragments: Sequence[Fragment]) -> list[list[Fragment]]:
    lines: list[list[Fragment]] = []
    for fragment in sorted(fragments, key=attrgetter("y")):
        if lines and fragment.y - lines[-1][0].y <= SAME_LINE * fragment.size:
            lines[-1].append(fragment)
        else:
            lines.append([fragment])
    return lines


def _line_to_row(page: PageText, line: list[Fragment]) -> Row:
    size = max(map(attrgetter("size"), line)) if len(line) > 1 else line[0].size
    chunks: list[Chunk] = []
    for fragment in sorted(line, key=attrgetter("x0")):
        for piece in _fragment_to_chunks(page, fragment):
            if chunks and piece.x0 - chunks[-1].x1 <= COLUMN_GAP * size:
                last = chunks[-1]
                chunks[-1] = Chunk(last.x0, max(last.x1, piece.x1), last.text + piece.text)
            else:
                chunks.append(piece)
    return Row(line[0].y, size, tuple(chunks))


def _fragment_to_chunks(page: PageText, fragment: Fragment) -> Iterator[Chunk]:
    """A fragment cut at the blanks typed in it; between other characters of one it has no wide gap."""
    first = fragment.first
    words = page.text[first : fragment.last]
    pieces = words.split()
    if len(pieces) == 1 and len(pieces[0]) == len(words):
        yield Chunk(fragment.x0, fragment.x1, words)
        return
    at = 0
    for piece in pieces:
        at = words.index(piece, at)
        last = first + at + len(piece)
        yield Chunk(page.x[first + at], max(page.right[first + at : last]), piece)
        at += len(piece)


def _rows_to_runs(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Lines under one another whose chunks fall into the same columns."""
    run: list[Row] = []
    columns: list[tuple[float, float]] = []
    for row in rows:
        if not row.chunks:
            continue
        if run and row.y - run[-1].y <= MAX_PITCH * row.size:
            merged = _into_columns(columns, row)
            starts = len(row.chunks) >= MIN_COLUMNS
            if merged is not None and (starts or _goes_on(run[-1], row, columns)):
                run.append(row)
                columns = merged
                continue
        yield from _whole(run, columns)
        run, columns = ([row], [(c.x0, c.x1) for c in row.chunks]) if len(row.chunks) >= MIN_COLUMNS else ([], [])
    yield from _whole(run, columns)


def _into_columns(columns: Sequence[tuple[float, float]], row: Row) -> list[tuple[float, float]] | None:
    """The columns widened by a row's chunks; None where a chunk would join two columns, or two stand in one."""
    made = list(columns)
    taken: set[int] = set()
    for chunk in row.chunks:
        under = [i for i, (x0, x1) in enumerate(made) if chunk.x0 < x1 and chunk.x1 > x0]
        if len(under) != 1 or under[0] in taken:
            return None
        taken.add(under[0])
        x0, x1 = made[under[0]]
        made[under[0]] = (min(x0, chunk.x0), max(x1, chunk.x1))
    # Columns that have grown into each other are none.
    return made if all(a[1] < b[0] for a, b in pairwise(made)) else None


def _goes_on(above: Row, row: Row, columns: Sequence[tuple[float, float]]) -> bool:
    """Whether a line with few chunks goes on with cells of the row above: its first column is empty, it lies close."""
    return row.chunks[0].x0 >= columns[0][1] and row.y - above.y <= 1.7 * row.size


def _whole(run: Sequence[Row], columns: Sequence[tuple[float, float]]) -> Iterator[list[Row]]:
    full = [row for row in run if len(row.chunks) >= MIN_COLUMNS]
    if len(full) < MIN_ROWS or len(columns) < MIN_COLUMNS:
        return
    chunks = [chunk for row in full for chunk in row.chunks]
    filled = len(chunks) >= FILLED * len(full) * len(columns)
    wordy = sum(len(c.text) > 1 for c in chunks) >= WORDY * len(chunks)
    named = sum(any("\u4e00" <= c <= "\u9fff" for c in row.chunks[0].text + row.chunks[1].text) for row in full)
    if not (filled and wordy and named * 2 > len(full)) or any(_is_leader(c.text) for c in chunks):
        return
    if not (_is_contents(full) or _is_prose(full, columns)):
        yield list(run)


def _is_contents(rows: Sequence[Row]) -> bool:
    """Entries of a 目录 without leaders: numbers of headings in front, page numbers that never fall behind."""
    last = [row.chunks[-1].text for row in rows]
    if not all(text.isdecimal() and len(text) <= MAX_DIGITS for text in last):
        return False
    numbered = sum(bool(HEADING_NUMBER.match(row.chunks[0].text)) for row in rows)
    return numbered * 2 > len(rows) and all(int(a) <= int(b) for a, b in pairwise(last))


def _is_prose(rows: Sequence[Row], columns: Sequence[tuple[float, float]]) -> bool:
    """Columns of running text: most pieces fill their column's width, and none is short."""
    pieces = [(chunk, row.size) for row in rows for chunk in row.chunks]
    wide = sum(
        len(chunk.text) >= LONG_PIECE and any(chunk.x1 - chunk.x0 >= b - a - 2 * size for a, b in columns if a <= chunk.x0 < b)
        for chunk, size in pieces
    )
    return wide >= PROSE * len(pieces)


def _is_leader(text: str) -> bool:
    return sum(c in "….·。" for c in text) * 2 > len(text) > 3


def _run_to_edges(run: Sequence[Row]) -> list[Edge]:
    columns = [(c.x0, c.x1) for c in max(run, key=lambda r: len(r.chunks)).chunks]
    for row in run:
        columns = _into_columns(columns, row) or columns
    first, last = run[0], run[-1]
    xs = [columns[0][0] - 2, *((a[1] + b[0]) / 2 for a, b in pairwise(columns)), columns[-1][1] + 2]
    ys = [first.y - 1.1 * first.size]
    for above, below in pairwise(run):
        if len(below.chunks) >= MIN_COLUMNS or not _goes_on(above, below, columns):
            ys.append((above.y + 0.2 * above.size + below.y - below.size) / 2)
    ys.append(last.y + 0.4 * last.size)
    return [Edge(x, ys[0], x, ys[-1]) for x in xs] + [Edge(xs[0], y, xs[-1], y) for y in ys]
