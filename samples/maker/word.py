"""Sample → .docx, written straight as WordprocessingML (ECMA-376) so that the same source gives the same bytes."""

import io
import re
import zipfile
from typing import Any
from xml.sax.saxutils import escape

from maker.marks import plain
from maker.model import Box, PageBreak, Para, Sample, Table
from maker.word_parts import CONTENT_TYPES, DOCUMENT_RELS, RELS, core, footer, numbering, styles

NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATION = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
CENTRED = {"title", "notice", "number", "draft", "centre", "caption"}
RIGHT = {"sign", "date"}
SIZES = {"title": 44, "notice": 40, "centre": 32, "caption": 24, "draft": 28}
SIDE = '<w:{} w:val="single" w:sz="4" w:space="1" w:color="auto"/>'
BORDER = "".join(SIDE.format(side) for side in ("top", "left", "bottom", "right"))
WIDTH = 8800  # the text's width on A4 with the margins below, in twentieths of a point


def print_word(sample: Sample) -> bytes:
    """The bytes of a Word file: one section on A4, page numbers in the footer, real tables, real list numbers if asked."""
    options: dict[str, Any] = sample.formats["docx"]
    printer = _Printer(options)
    body = "".join(printer.piece(piece) for piece in sample.pieces)
    page = (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1800" w:right="1553" w:bottom="1700" w:left="1553" w:header="851" w:footer="992"/></w:sectPr>'
    )
    head = f'<?xml version="1.0" encoding="UTF-8"?><w:document {NAMESPACE} {RELATION}>'
    document = f"{head}<w:body>{body}{page}</w:body></w:document>"
    title = next(p for p in sample.pieces if isinstance(p, Para) and p.role == "title")
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELS,
        "word/document.xml": document,
        "word/_rels/document.xml.rels": DOCUMENT_RELS,
        "word/styles.xml": styles(outline=options.get("headings", "plain") == "styles"),
        "word/numbering.xml": numbering(printer.schemes, runs_on=options.get("runs_on", [])),
        "word/footer1.xml": footer(options.get("footer", "— {} —")),
        "docProps/core.xml": core(plain(title.words)),
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, words in parts.items():
            info = zipfile.ZipInfo(name, (2021, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, words.encode("utf-8"))
    return held.getvalue()


class _Printer:
    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        self.schemes: list[str] = options.get("numbering", [])
        self.counts = [0] * len(self.schemes)

    def piece(self, piece: Para | Table | Box | PageBreak) -> str:
        if isinstance(piece, Para):
            return self.para(piece)
        if isinstance(piece, Table):
            return self.table(piece)
        if isinstance(piece, PageBreak):
            return '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
        return self.box(piece)

    def generated(self, para: Para) -> int | None:
        """The list level that prints the paragraph's number, or None where the author typed it."""
        for level, pattern in enumerate(self.schemes):
            shape = re.escape(pattern).replace(f"%{level + 1}", r"([一二三四五六七八九十]+|\d+)")
            if para.label and re.fullmatch(shape, para.label):
                self.counts[level] += 1
                for deeper in range(level + 1, len(self.counts)):
                    if deeper not in self.options.get("runs_on", []):
                        self.counts[deeper] = 0
                meant = pattern.replace(f"%{level + 1}", count(self.counts[level], chinese="." not in pattern))
                if meant != para.label:
                    raise ValueError(f"Word would print {meant} for {para.label}: {para.words[:20]}")
                return level
        return None

    def para(self, para: Para, *, framed: bool = False) -> str:
        level = self.generated(para) if para.role in ("heading", "run") else None
        look = "".join(self.properties(para, level, framed=framed))
        breaks = "\n" if para.role in ("title", "notice", "heading") else ""
        words = plain(para.words, breaks=breaks)
        bold = para.bold
        if level is not None:
            words = words[len(para.label) :].lstrip("　")
            bold -= len(para.label)
        if para.role == "toc":
            gap = "<w:r><w:tab/></w:r>" + run(para.page) if para.page else ""
            return f"<w:p><w:pPr>{look}</w:pPr>{run(words)}{gap}</w:p>"
        if para.role == "run" and bold > 0:
            return f"<w:p><w:pPr>{look}</w:pPr>{run(words[:bold], bold=True)}{run(words[bold:])}</w:p>"
        strong = para.role in ("title", "heading", "caption", "group")
        return f"<w:p><w:pPr>{look}</w:pPr>{run(words, size=SIZES.get(para.role), bold=strong)}</w:p>"

    def properties(self, para: Para, level: int | None, *, framed: bool) -> list[str]:
        """The children of w:pPr in the order that the schema wants."""
        heads = self.options.get("headings", "plain")
        made: list[str] = []
        if para.role == "heading" and heads == "styles":
            made.append(f'<w:pStyle w:val="Heading{para.level}"/>')
        if para.role in ("heading", "caption"):
            made.append("<w:keepNext/>")
        if level is not None:
            depth, number = (0, 2 + level) if level in self.options.get("runs_on", []) else (level, 1)
            made.append(f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')
        if framed:
            made.append(f"<w:pBdr>{BORDER}</w:pBdr>")
        if para.role == "cc":  # the 版记 of GB/T 9704-2012, 7.4: between rules, one character in from both sides
            made.append(f"<w:pBdr>{SIDE.format('top')}{SIDE.format('bottom')}</w:pBdr>")
            made.append('<w:ind w:left="300" w:right="300"/>')
        if para.role == "toc" and para.page:
            made.append(f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{WIDTH}"/></w:tabs>')
        chapter = para.role == "heading" and para.label.startswith("第")
        if para.role in CENTRED or chapter:
            made.append('<w:jc w:val="center"/>')
        elif para.role in RIGHT:
            made += ['<w:ind w:right="640"/>', '<w:jc w:val="right"/>']
        elif para.role == "toc":
            made.append(f'<w:ind w:left="{(para.level - 1) * 400}"/>')
        elif para.role in ("body", "run", "group", "heading", "annex"):
            made.append('<w:ind w:firstLine="480"/>' if framed else '<w:ind w:firstLine="600"/>')
        if para.role == "heading" and heads == "outline":
            made.append(f'<w:outlineLvl w:val="{para.level - 1}"/>')
        return made

    def box(self, box: Box) -> str:
        pieces = [box.caption, *box.content]
        if box.style == "frame":
            return "".join(self.para(p, framed=True) if isinstance(p, Para) else self.table(p) for p in pieces)
        if box.style == "plain" or any(isinstance(piece, Table) for piece in pieces):
            return "".join(self.piece(piece) for piece in pieces)
        made = [self.piece(piece) for piece in pieces]
        cells = ["".join(made)] if box.style == "one" else [made[0], "".join(made[1:])]
        width = f'<w:tcPr><w:tcW w:w="{WIDTH}" w:type="dxa"/></w:tcPr>'
        return frame([WIDTH], "".join(f"<w:tr><w:tc>{width}{cell}</w:tc></w:tr>" for cell in cells))

    def table(self, table: Table) -> str:
        scale = WIDTH / sum(table.widths)
        widths = [round(width * scale) for width in table.widths]
        down: dict[int, tuple[int, int]] = {}
        rows = ""
        for number, row in enumerate(table.rows):
            at, column, cells = {cell.column: cell for cell in row}, 0, ""
            while column < len(widths):
                if column in at:
                    cell = at[column]
                    merge = '<w:vMerge w:val="restart"/>' if cell.rows > 1 else ""
                    if cell.rows > 1:
                        down[column] = (cell.rows - 1, cell.columns)
                    words, wide = plain(cell.words), cell.columns
                else:
                    left, wide = down[column]
                    down[column] = (left - 1, wide)
                    words, merge = "", "<w:vMerge/>"
                span = f'<w:gridSpan w:val="{wide}"/>' if wide > 1 else ""
                width = sum(widths[column : column + wide])
                cells += (
                    f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="center"/></w:tcPr>'
                    f"<w:p>{run(words, size=21, bold=number < table.head)}</w:p></w:tc>"
                )
                column += wide
            header = "<w:trPr><w:tblHeader/></w:trPr>" if number < table.head else ""
            rows += f"<w:tr>{header}{cells}</w:tr>"
        return frame(widths, rows)


def frame(widths: list[int], rows: str) -> str:
    """A ruled table round `rows`, with the empty paragraph that parts it from the next one."""
    inside = BORDER + SIDE.format("insideH") + SIDE.format("insideV")
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f"<w:tblBorders>{inside}</w:tblBorders>"
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl><w:p/>'
    )


def run(words: str, *, size: int | None = None, bold: bool = False) -> str:
    """One run of text; a line feed becomes a line break."""
    if not words:
        return ""
    look = ("<w:b/>" if bold else "") + (f'<w:sz w:val="{size}"/>' if size else "")
    inner = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in words.split("\n"))
    return f"<w:r><w:rPr>{look}</w:rPr>{inner}</w:r>"


def count(number: int, *, chinese: bool) -> str:
    """The number as Word prints it: 12 or 十二."""
    if not chinese:
        return str(number)
    tens, ones = divmod(number, 10)
    digits = "零一二三四五六七八九"
    return (digits[tens] if tens > 1 else "") + ("十" if tens else "") + (digits[ones] if ones else "")
