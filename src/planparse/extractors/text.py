"""Text files, plain and Markdown → Document: bytes → lines → blocks (prose, tables) → paragraphs."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import regex

from planparse.document import BLANKS, CELL_BREAK, Document, Grid, Line, Origin, count_characters
from planparse.document_builder import DocumentBuilder
from planparse.errors import UnreadableFile
from planparse.extractors.encoding import decode
from planparse.extractors.furniture import counting_numbers, emphasis_to_spans, is_page_number, noise_to_spans, repeated_lines
from planparse.extractors.limits import DEFAULT_LIMITS, Limits, over_text
from planparse.extractors.long_lines import long_line_to_paragraphs, row_to_parts
from planparse.extractors.printed_lines import LineProfile, PrintedLine, lines_to_profile
from planparse.extractors.reflow import join_text, lines_to_paragraphs
from planparse.extractors.sniff import wide_encoding
from planparse.extractors.text_chrome import lines_to_chrome
from planparse.extractors.text_rows import TableBlock
from planparse.extractors.text_stacked import stacked_places
from planparse.extractors.text_tables import lines_to_blocks
from planparse.grammar import Grammar

NOISE_SHARE = 0.02  # control, unassigned and private characters; texts with lost fonts stay under 0.005
LINE_END = regex.compile(r"\r\n|\n|\r")
BREAKS = regex.compile(r"[\f\v\u2028\u2029\x85]")
# Markdown at the head of a line; CommonMark 0.31, sections 4.2, 5.1, 5.2, 4.1.
HEADING = regex.compile(r"[ ]{0,3}(#{1,6})(?:[ \t\u3000]+|$)")
HEADING_TAIL = regex.compile(r"(?<![ \t])[ \t]++#++[ \t]*+$")
RULE = regex.compile(
    r"[ ]{0,3}(?:-[ \t]*+){3,}|[ ]{0,3}(?:\*[ \t]*+){3,}|[ ]{0,3}(?:_[ \t]*+){3,}|[ ]{0,3}=+[ \t]*+|[ ]{0,3}(?:```|~~~)[^`]*+"
)
BULLET = regex.compile(r"[ \t]*(?:[-+*])[ \t]+(?=\S)")
QUOTE = regex.compile(r"(?:[ ]{0,3}>[ \t]?)++")
INLINE = regex.compile(
    r"""(?P<escape>\\(?=[!-/:-@\[-`{-~]))
    |(?P<image>!)?(?P<open>\[)(?P<label>[^\[\]\n]{0,300})(?P<close>\]\((?:[^()\n]|\([^()\n]*\)){0,2000}\))
    |(?P<break><br[ ]?/?>)""",
    regex.X,
)


@dataclass(frozen=True, slots=True)
class _Mark:
    text: str
    reason: str
    line: int


def read_text(data: bytes, origin: Origin, *, grammar: Grammar, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read a text or Markdown file; the guarantees are the package's.

    Encodings: a byte order mark, UTF-8, GB18030, UTF-16, else what charset-normalizer finds; `origin.encoding` tells.
    Raises UnreadableFile where the bytes are noise (`not-a-document`), hold no words (`no-text`) or too many (`too-large`).
    """
    # No encoding has more than four bytes a character; blanks may be as many again.
    if len(data) > 8 * limits.characters:
        raise over_text(origin.name, limits, "characters")
    wide = wide_encoding(data)
    text, encoding = (data.decode(wide, "replace"), wide) if wide else decode(data)
    text = text.lstrip("\ufeff")
    if sum(count_characters(text).values()) > limits.characters:
        raise over_text(origin.name, limits, "characters")
    _check_text(text, origin.name)
    builder = DocumentBuilder()
    source_of: dict[int, int] = {}
    marks: list[_Mark] = []
    lines = _text_to_lines(text, origin.format == "markdown", grammar, marks)
    if sum(1 for line in lines if line.text) > limits.printed_lines:
        raise over_text(origin.name, limits, "printed_lines")
    lines = _drop_furniture(lines, grammar, marks)
    blocks = lines_to_blocks(lines, grammar)
    # Where the whole dump is hard-wrapped, so is the short prose between two tables.
    whole = lines_to_profile([line for block in blocks if isinstance(block, list) for line in block])
    for block in blocks:
        if isinstance(block, TableBlock):
            _add_table(builder, block, grammar, source_of)
            marks += [_Mark(words, reason, number or 0) for words, reason, number in block.aside]
        else:
            _add_prose(builder, block, grammar, whole if whole.wrapped else None)
    for mark in sorted(marks, key=lambda m: m.line):
        builder.discard(mark.text, mark.reason, line=mark.line)
    made = builder.build(replace(origin, encoding=encoding), source_count=count_characters(text))
    return _with_sources(made, source_of)


def _check_text(text: str, name: str) -> None:
    if not count_characters(text):
        raise UnreadableFile(f"{name}: holds nothing but blanks", code="no-text")
    counts = Counter(text)
    noise = sum(
        n for c, n in counts.items() if c not in "\t\n\r\f\v\x85\x1a" and unicodedata.category(c) in ("Cc", "Cn", "Co", "Cs")
    )
    noise += counts["\ufffd"]
    if noise > NOISE_SHARE * len(text):
        raise UnreadableFile(f"{name}: holds noise and no text; it is not a document", code="not-a-document")


# Bytes → printed lines


def _text_to_lines(text: str, markdown: bool, grammar: Grammar, marks: list[_Mark]) -> list[PrintedLine]:
    """The lines of the file without conversion noise; empty lines stay, since they part rows and paragraphs."""
    spans = noise_to_spans(text, grammar)
    bold = emphasis_to_spans(text)
    lines: list[PrintedLine] = []
    start, number, noise, strong = 0, 1, 0, 0
    for end, following in [*(m.span() for m in LINE_END.finditer(text)), (len(text), len(text) + 1)]:
        pieces: list[str] = []
        at = start
        while noise < len(spans) and spans[noise][0] < end:
            left, right, reason = spans[noise]
            pieces.append(text[at:left])
            marks.append(_Mark(text[left:right], reason, number))
            at = right
            noise += 1
        pieces.append(text[at:end])
        while strong < len(bold) and bold[strong][1] < start:
            strong += 1
        inside = bold[strong] if strong < len(bold) and bold[strong][0] <= end else None
        whole = inside is not None and not (text[start : inside[0]] + text[inside[1] : end]).strip(BLANKS + "*")
        line = PrintedLine(
            "".join(pieces),
            number,
            bold=True if whole else None,
            opens=inside is not None and not text[start : inside[0]].strip(BLANKS + "*") and inside[0] >= start,
            continues=inside is not None and inside[0] < start,
        )
        line = _markdown_line(line, number, marks) if markdown else line
        parts = [part for piece in BREAKS.split(line.text) for part in row_to_parts(piece)]
        lines += [replace(line, text=part) for part in parts]
        start = following
        number += 1
    return lines


def _markdown_line(line: PrintedLine, number: int, marks: list[_Mark]) -> PrintedLine:
    """A line without its Markdown; headings become outline levels and bold."""
    text = line.text
    if text.strip() and RULE.fullmatch(text):
        marks.append(_Mark(text, "markup", number))
        return replace(line, text="")
    if found := QUOTE.match(text):
        marks.append(_Mark(found.group(), "markup", number))
        text = text[found.end() :]
    if found := HEADING.match(text):
        level = len(found.group(1)) - 1
        marks.append(_Mark(found.group(1), "markup", number))
        text = text[found.end() :]
        if tail := HEADING_TAIL.search(text):
            marks.append(_Mark(tail.group(), "markup", number))
            text = text[: tail.start()]
        line = replace(line, bold=True, outline_level=level, opens=True, closed=True)
    elif found := BULLET.match(text):
        marks.append(_Mark(found.group(), "markup", number))
        text = text[found.end() :]
        line = replace(line, opens=True)

    def plain(mark: "regex.Match[str]") -> str:
        if mark["label"] is None:
            # A pipe keeps its backslash until the table is cut.
            if mark.group() == "\\" and text[mark.end() : mark.end() + 1] == "|":
                return mark.group()
            marks.append(_Mark(mark.group(), "markup", number))
            return "\n" if mark["break"] else ""
        marks.append(_Mark(f"{mark['image'] or ''}[{mark['close']}", "markup", number))
        return str(mark["label"])

    return replace(line, text=INLINE.sub(plain, text))


def _drop_furniture(lines: Sequence[PrintedLine], grammar: Grammar, marks: list[_Mark]) -> list[PrintedLine]:
    """Page numbers, running heads and a site's chrome become empty lines; what stands after a number is on the next page."""
    # A number behind a TAB is a cell.
    texts = ["" if "\t" in line.text else line.text for line in lines]
    chrome = lines_to_chrome(texts, grammar)
    texts = ["" if at in chrome else text for at, text in enumerate(texts)]
    counted = counting_numbers(texts, grammar)
    # The numbers of rows count, too.
    counted -= stacked_places([replace(x, text=t) for x, t in zip(lines, texts, strict=True)], grammar) if counted else set()
    numbers = {at for at, text in enumerate(texts) if is_page_number(text, grammar)} | counted
    pages: list[list[str]] = [[]]
    for at, text in enumerate(texts):
        if at in numbers:
            pages.append([])
        else:
            pages[-1].append(text.strip(BLANKS))
    heads = repeated_lines([page for page in pages if any(page)]) if len(pages) > 3 else set()
    edge = _edge_places(texts, numbers) if heads else set()
    kept: list[PrintedLine] = []
    page = 0
    for at, line in enumerate(lines):
        reason = "page_number" if at in numbers else "page_chrome" if at in chrome else None
        if at in edge and texts[at].strip(BLANKS) in heads:
            reason = "running_head"
        if reason:
            marks.append(_Mark(line.text.strip(BLANKS), reason, line.number or 0))
        page += at in numbers
        kept.append(replace(line, text="" if reason else line.text, page=page))
    return kept


def _edge_places(texts: Sequence[str], numbers: set[int]) -> set[int]:
    """The two lines with words on either side of each page number."""
    found: set[int] = set()
    worded = [at for at, text in enumerate(texts) if text.strip(BLANKS)]
    for place, at in enumerate(worded):
        if at in numbers:
            found.update(worded[max(0, place - 2) : place + 3])
    return found | set(worded[:2]) | set(worded[-2:])


# Blocks → document


def _add_prose(builder: DocumentBuilder, lines: Sequence[PrintedLine], grammar: Grammar, profile: LineProfile | None) -> None:
    cut = [
        replace(line, text=part, gap=line.gap if i == 0 else 0, opens=line.opens or i > 0)
        for line in lines
        for i, part in enumerate(long_line_to_paragraphs(line.text, grammar))
    ]
    for paragraph in lines_to_paragraphs(cut, grammar, profile=profile):
        text = ""
        sources: list[tuple[int, int]] = []
        for line in paragraph:
            joined = join_text(text, line.text) if text else line.text.strip(BLANKS)
            sources.append((len(joined) - len(line.text.strip(BLANKS)), line.number or 0))
            text = joined
        head = paragraph[0]
        bold = head.bold if all(line.bold for line in paragraph) else None
        builder.paragraph(text, source_lines=sources, line=Line(0, 0, bold=bold, outline_level=head.outline_level))


def _add_table(builder: DocumentBuilder, block: TableBlock, grammar: Grammar, source_of: dict[int, int]) -> None:
    """A table; in a row of one cell (a box) the paragraphs are put together and keep their own source lines."""
    builder.generated += count_characters(block.generated)
    rows = []
    boxes: dict[int, list[list[PrintedLine]]] = {}
    for number, (row, lines) in enumerate(zip(block.rows, block.lines, strict=True)):
        if len(row) == 1 and len(lines) > 1:
            boxes[number] = lines_to_paragraphs(lines, grammar)
            words = "\n".join(_paragraph_to_text(p) for p in boxes[number])
            rows.append([(words, *row[0][1:])])
        else:
            rows.append(list(row))
    grid = builder.grid(rows, source_lines=[lines[0].number or 0 for lines in block.lines])
    for number, paragraphs in boxes.items() if grid else ():
        at = _row_start(grid, number)
        for paragraph in paragraphs:
            source_of[at] = paragraph[0].number or 0
            at += len(_paragraph_to_text(paragraph)) + 1


def _row_start(grid: Grid | None, number: int) -> int:
    return next((cell.start for cell in grid.cells if cell.row == number), 0) if grid else 0


def _paragraph_to_text(lines: Sequence[PrintedLine]) -> str:
    text = ""
    for line in lines:
        text = join_text(text, line.text) if text else line.text.strip(BLANKS)
    return text.replace("\t", " ").replace(CELL_BREAK, "\n").strip(BLANKS)


def _with_sources(document: Document, source_of: dict[int, int]) -> Document:
    """The document with the source lines of the paragraphs in boxes put right."""
    if not source_of:
        return document
    lines = tuple(x._replace(source_line=source_of.get(x.start, x.source_line)) for x in document.lines)
    sources = tuple((at, source_of.get(at, number)) for at, number in document.source_lines)
    return replace(document, lines=lines, source_lines=sources)
