"""Tables that stand as HTML in a text or Markdown file, as converters of PDF and Word write them → rows of cells."""

import html
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import regex

from planparse.document import BLANKS
from planparse.extractors.html_tables import MAX_COLUMNS, OpenCell, cells_to_rows
from planparse.extractors.printed_lines import PrintedLine
from planparse.extractors.text_rows import Block, TableBlock

TOKEN = regex.compile(
    r"""<(?P<close>/?)(?P<tag>[A-Za-z][A-Za-z0-9]*+)(?P<about>(?:\s(?:[^<>"']|"[^"]*+"|'[^']*+')*+)?)/?>
    |(?P<entity>&(?:[A-Za-z]{2,8}|\#[0-9]{1,6}|\#[xX][0-9A-Fa-f]{1,5});)""",
    regex.X,
)
SPAN = regex.compile(r"""\b(row|col)span\s*+=\s*+["']?([0-9]{1,4})""", regex.I)
OPENS, CLOSES = regex.compile(r"<table\b", regex.I), regex.compile(r"</table\s*+>", regex.I)
PARAGRAPHS = frozenset(["br", "p", "div", "li"])
MAX_LINES = 20_000


@dataclass(slots=True)
class _Open:
    """A table while its tags come in; `row_lines` has the first line of each row."""

    rows: list[list[OpenCell]] = field(default_factory=list)
    row_lines: list[PrintedLine] = field(default_factory=list)
    outside: list[PrintedLine] = field(default_factory=list)
    cell: OpenCell | None = None
    aside: list[tuple[str, str, int | None]] = field(default_factory=list)
    made: list[str] = field(default_factory=list)


def tags_to_blocks(lines: Sequence[PrintedLine], at: int) -> tuple[list[Block] | None, int]:
    """The table whose first tag is in line `at`, and where it ends; None where no table closes.

    Tags and entities are markup; words outside the cells (a caption) are prose before the table. A table inside a cell
    is words of the cell.
    """
    end = _end_of_table(lines, at)
    if end is None:
        return None, at + 1
    table = _Open()
    for line in lines[at:end]:
        _read_line(line, table)
    rows = [(cells, line) for cells, line in zip(table.rows, table.row_lines, strict=True) if cells]
    made = cells_to_rows([cells for cells, _ in rows]).rows
    if not any(text.strip(BLANKS) for row in made for text, *_ in row):
        return None, at + 1
    places = tuple(_place(row, line) for row, (_, line) in zip(made, rows, strict=True))
    block = TableBlock(made, places, tuple(table.aside), "".join(table.made))
    prose: list[Block] = [table.outside] if table.outside else []
    return [*prose, block], end


def _place(row: Sequence[tuple[str, int, int, int]], line: PrintedLine) -> tuple[PrintedLine, ...]:
    """The line of a row; the paragraphs of its only cell are lines of their own."""
    if len(row) != 1:
        return (line,)
    return tuple(replace(line, text=piece, opens=True) for piece in row[0][0].split("\n"))


def _end_of_table(lines: Sequence[PrintedLine], at: int) -> int | None:
    depth = 0
    for n in range(at, min(len(lines), at + MAX_LINES)):
        depth += len(OPENS.findall(lines[n].text)) - len(CLOSES.findall(lines[n].text))
        if depth <= 0:
            return n + 1
    return None


def _read_line(line: PrintedLine, table: _Open) -> None:
    start, tags = 0, []
    for token in TOKEN.finditer(line.text):
        _add(line.text[start : token.start()], line, table)
        tags.append(token.group())
        if token["entity"]:
            said = html.unescape(token["entity"])
            table.made.append(said)
            _add(said, line, table)
        else:
            _step(token["tag"].lower(), bool(token["close"]), token["about"], line, table)
        start = token.end()
    _add(line.text[start:], line, table)
    table.aside.append(("".join(tags), "markup", line.number))


def _step(tag: str, closes: bool, about: str, line: PrintedLine, table: _Open) -> None:
    if tag == "tr" and not closes:
        table.rows.append([])
        table.row_lines.append(line)
        table.cell = None
    elif tag in ("td", "th"):
        table.cell = None
        if not closes:
            if not table.rows:
                _step("tr", False, "", line, table)
            spans = {kind.lower(): max(1, int(number)) for kind, number in SPAN.findall(about)}
            table.cell = OpenCell(spans.get("row", 1), min(MAX_COLUMNS, spans.get("col", 1)))
            table.rows[-1].append(table.cell)
    elif tag in PARAGRAPHS and table.cell is not None and table.cell.paragraphs:
        table.cell.paragraphs.append("")


def _add(words: str, line: PrintedLine, table: _Open) -> None:
    if table.cell is None:
        if words.strip(BLANKS):
            table.outside.append(replace(line, text=words, opens=True, closed=True))
        return
    for number, piece in enumerate(words.split("\n")):
        if number or not table.cell.paragraphs:
            table.cell.paragraphs.append(piece)
        else:
            table.cell.paragraphs[-1] += piece
