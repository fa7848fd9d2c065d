"""Header words of an indicator table in running text: 序号 指 标 2030 年目标 属性 → its columns."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import regex

from planparse.document import BLANKS
from planparse.grammar import Grammar, Match

NAME = regex.compile(r"指[\s\u3000]{0,8}+标")
BEFORE, BEHIND = 12, 150
"""Characters of a header before and behind its 指标; ten columns have some ninety."""
BETWEEN = regex.compile(r"[\s\u3000]*+[0-9①-⑳*]?[\s\u3000]*+")
BRACKET = regex.compile(r"(?<=[年末])[\s\u3000]*+(?=[〔［\[（(][^）)〕］\]]*累计)")
MIN_COLUMNS = 3
KINDS = ("task_agency", "task_text", "project", "header")
GROUP = regex.compile(r"\p{Han}{0,4}(?:类别|类型|领域|分类|板块|方面|维度|环节)")
"""What a column of merged cells is called, which group the rows."""


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """A header cell: its role in the table (sequence, name, unit, value, nature, group, agencies, notes), its words."""

    role: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FlatHeader:
    """The header cells of a table, left to right, in the text that they were found in."""

    cells: tuple[HeaderCell, ...]

    @property
    def start(self) -> int:
        """Where the first cell begins."""
        return self.cells[0].start

    @property
    def end(self) -> int:
        """Where the last cell ends."""
        return self.cells[-1].end

    def count(self, role: str) -> int:
        """How many columns have a role."""
        return sum(cell.role == role for cell in self.cells)


def find_header(text: str, grammar: Grammar, *, start: int = 0) -> FlatHeader | None:
    """The first header in `text` from `start` on: header words in an unbroken row, one of them 指标, one a value's."""
    seen = start
    for name in NAME.finditer(text, start):
        if name.start() < seen:
            continue
        found = list(grammar.find("tables", text, max(start, name.start() - BEFORE), name.end() + BEHIND, gives="piece"))
        for run in _pieces_to_runs(found, text):
            seen = max(seen, run[-1].end)
            header = _run_to_header(run, text)
            if header is not None:
                return header
    return None


def is_header_word(word: str, grammar: Grammar) -> bool:
    """Whether a word, blanks out, stands over a column of an indicator, task or project table."""
    return grammar.match("indicators", word, gives="column") is not None or any(
        grammar.match("tables", word, gives=kind) is not None for kind in KINDS
    )


def line_to_header(text: str, grammar: Grammar) -> FlatHeader | None:
    """The header that fills a whole line; None where there is anything else in it."""
    if len(text) > BEHIND or not NAME.search(text):
        return None
    header = find_header(text, grammar)
    whole = header is not None and not (text[: header.start] + text[header.end :]).strip(BLANKS)
    return header if whole else None


def header_variants(header: FlatHeader, text: str) -> Iterator[FlatHeader]:
    """The header as read, and as read with 2020年〔累计〕 as two columns; the rows must tell which it is."""
    yield header
    cells: list[HeaderCell] = []
    for cell in header.cells:
        cut = BRACKET.search(text, cell.start, cell.end)
        if cell.role == "value" and cut and cut.start() > cell.start:
            cells += [HeaderCell("value", cell.start, cut.start()), HeaderCell("value", cut.end(), cell.end)]
        else:
            cells.append(cell)
    if len(cells) > len(header.cells):
        yield FlatHeader(tuple(cells))


def _pieces_to_runs(found: list[Match], text: str) -> Iterator[list[Match]]:
    run: list[Match] = found[:1]
    for left, right in pairwise(found):
        if not BETWEEN.fullmatch(text, left.end, right.start):
            yield run
            run = []
        run.append(right)
    if run:
        yield run


def _run_to_header(run: list[Match], text: str) -> FlatHeader | None:
    # The caption ends in 指标, too: the last name opens the header, or a number or group before it.
    names = [n for n, piece in enumerate(run) if piece.fields["role"] == "name"]
    values = [n for n, piece in enumerate(run) if piece.fields["role"] == "value"]
    if not names or not values:
        return None
    before = [n for n in names if n < values[0]]
    first = before[-1] if before else names[0]
    while first and run[first - 1].fields["role"] in ("sequence", "group", "nature"):
        first -= 1
    kept = run[first:]
    roles = [piece.fields["role"] for piece in kept]
    # Before the first row stands its number, which is no mark: a mark belongs to the cell before another cell.
    ends = [*(_end_with_mark(a, b, text) for a, b in pairwise(kept)), kept[-1].end]
    if len(roles) < MIN_COLUMNS or roles.count("name") != 1 or any(roles.count(r) > 1 for r in set(roles) - {"value"}):
        return None
    cells = (
        HeaderCell(role, piece.start, _strip(text, piece.start, end))
        for role, piece, end in zip(roles, kept, ends, strict=True)
    )
    return FlatHeader(tuple(cells))


def _end_with_mark(piece: Match, after: Match, text: str) -> int:
    return piece.end + len(text[piece.end : after.start].rstrip(BLANKS))


def _strip(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip(BLANKS))
