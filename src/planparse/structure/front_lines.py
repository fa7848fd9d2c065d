"""The words of a plan's head and tail as short lines, each with its place; the start of all front-matter reading."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from planparse.document import BLANKS, CELL_BREAK, Document
from planparse.grammar import Grammar, Match
from planparse.models import Annex, Box, Contents, Node, Note, Paragraph, Section, Table
from planparse.structure.walk import Tree, walk

BESIDE_MARK = regex.compile(r"(?<=[》《“”‘’（）()、，]) | (?=[》《“”‘’（）()、，])")
CELL_LINE = regex.compile(rf"[\n\t{CELL_BREAK}]")

FILE = "front_matter"
WIDE_GAP = re.compile(r"[ \t\u3000\u00a0]{4,}")
TITLE_BREAK = re.compile(r"的(?:通知|公告|决定|批复)(?=[\s\u3000]*(?:各|现将|[\u3400-\u9fff]{2,12}[〔\[]))")
DATE_BREAK = re.compile(r"[0-9一二三四五六七八九十]日(?=[\s\u3000]+[^\s\u3000印发（(])")
RUN_ON = 25
LAST = 8
"""The tail is looked for in this many nodes at the end of the body."""
NO_WIDTH = dict.fromkeys(ord(c) for c in BLANKS if not c.isspace())


@dataclass(frozen=True, slots=True)
class FrontLine:
    """A line of the head or tail: its words, where they stand, and the table row that they are a cell of."""

    text: str
    start: int
    end: int
    row: tuple[int, int] | None = None
    """(start of the table, row number) for the cell of a table."""
    column: int = 0


def nodes_to_lines(nodes: Sequence[Node], document: Document, grammar: Grammar) -> list[FrontLine]:
    """The words of `nodes` as lines, in order; the printed contents, boxes and annexes are left out.

    A masthead that a web page ran together into one line (title, number, addressees, letter, signature) comes apart.
    """
    lines: list[FrontLine] = []
    for node in nodes:
        if isinstance(node, Paragraph | Note):
            lines += _cut(document, node.span.start, node.span.end, grammar)
        elif isinstance(node, Table):
            if node.caption_span:
                lines += _pieces(document, node.caption_span.start, node.caption_span.end)
            for number, row in enumerate(node.rows):
                for cell in row:
                    place = (node.span.start, number) if len(row) > 1 else None
                    lines += _pieces(document, cell.span.start, cell.span.end, place, cell.column)
    return lines


def tail_lines(tree: Tree, document: Document, grammar: Grammar) -> list[FrontLine]:
    """The last lines of the body and all of the back matter: where 抄送, 印发 and a signature at the end stand."""
    plain = (
        v.node
        for v in reversed(tree.body_visits)
        if isinstance(v.node, Paragraph | Note | Table) and v.annex is None and v.box is None
    )
    last = list(itertools.islice(plain, LAST))[::-1]
    kept = [n for n in last if not isinstance(n, Table) or len(n.rows) <= 4]
    return nodes_to_lines([*kept, *tree.back], document, grammar)


def contents_end(nodes: Sequence[Node]) -> int:
    """Where the last printed 目录 among `nodes` ends; 0 without one."""
    return max((n.span.end for n in nodes if isinstance(n, Contents)), default=0)


def captions(nodes: Sequence[Node]) -> Iterator[tuple[str, int, int]]:
    """Captions of boxes and tables in document order, indicator boxes first."""
    found = [
        (v.node.caption, v.node.caption_span, isinstance(v.node, Box) and v.node.kind == "indicators")
        for v in walk(nodes)
        if isinstance(v.node, Box | Table) and v.annex is None
    ]
    for caption, span, _ in sorted(found, key=lambda f: not f[2]):
        if caption and span:
            yield caption, span.start, span.end


def opening(body: Sequence[Node]) -> list[Paragraph]:
    """The paragraphs that stand straight in the body's first section (序言, 前言, 总则, 编制依据)."""
    for node in body:
        if isinstance(node, Section | Annex):
            return [n for n in node.content if isinstance(n, Paragraph)]
    return []


def take(grammar: Grammar, line: FrontLine, gives: str) -> Match | None:
    """The front-matter rule of this kind that takes the whole line."""
    return grammar.match(FILE, line.text, gives=gives)


def squeeze(text: str) -> str:
    """The words without blanks."""
    return "".join(text.split()).translate(NO_WIDTH)


def tidy(text: str, *, inside: bool = False) -> str:
    """A name joined from pieces, without the blanks that line breaks left.

    Inside 《》 (all of the text where `inside`) a blank stays between Latin letters or digits only (GB/T 50000);
    elsewhere one blank stays, but none beside a mark of punctuation.
    """
    depth = 1 if inside else 0
    out: list[str] = []
    for char in text.replace(CELL_BREAK, " "):
        depth += (char == "《") - (char == "》")
        if char.isspace() or char in BLANKS:
            latin = bool(out) and out[-1].isascii()
            if out and out[-1] != " " and (depth <= 0 or latin):
                out.append(" ")
            continue
        if depth > 0 and not char.isascii() and out and out[-1] == " ":
            out.pop()
        out.append(char)
    words = "".join(out).strip()
    return BESIDE_MARK.sub("", words)


def _cut(document: Document, start: int, end: int, grammar: Grammar) -> list[FrontLine]:
    lines = _pieces(document, start, end)
    text = document.text[start:end]
    if len(text) <= RUN_ON:
        return lines
    cuts = {0, len(text)}
    head = text[:1500]
    for pattern in (WIDE_GAP, TITLE_BREAK, DATE_BREAK):
        cuts |= {m.end() for m in pattern.finditer(head)}
    for number in grammar.find(FILE, head, gives="number_mention"):
        cuts |= set(number.spans["raw"])
    marks = sorted(cuts)
    made: list[FrontLine] = []
    for low, high in itertools.pairwise(marks):
        for piece in _pieces(document, start + low, start + high):
            run_on = grammar.match(FILE, piece.text, gives="run_on")
            if run_on:
                at = piece.start + run_on.spans["bodies"][1]
                made += [*_pieces(document, piece.start, at), *_pieces(document, at, piece.end)]
            else:
                made.append(piece)
    return made


def _pieces(document: Document, start: int, end: int, row: tuple[int, int] | None = None, column: int = 0) -> list[FrontLine]:
    made: list[FrontLine] = []
    at = start
    for part in CELL_LINE.split(document.text[start:end]):
        clean = part.strip(BLANKS)
        if clean:
            left = at + part.index(clean)
            made.append(FrontLine(clean, left, left + len(clean), row, column))
        at += len(part) + 1
    return made
