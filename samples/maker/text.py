"""Sample → text dump: clean, as Word saves it, or hard-wrapped with page breaks in mid-word."""

import re
from typing import Any

from maker.marks import plain
from maker.model import Box, Cell, PageBreak, Para, Sample, Table

INDENTED = {"body", "run", "group", "heading"}


def print_text(sample: Sample) -> bytes:
    """The dump's bytes; also sets the line of every piece, so that the truth can name it."""
    options: dict[str, Any] = sample.formats["txt"]
    printer = _Printer(options)
    for piece in sample.pieces:
        printer.piece(piece)
    sample.truth["joins"] = printer.joins
    for entry, place in sample.places:
        entry["line"] = place.line
    text = "\n".join(printer.lines) + "\n"
    return text.encode(str(options.get("encoding", "utf-8")))


class _Printer:
    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        self.lines: list[str] = []
        self.joins: list[list[int]] = []
        self.page = 1
        self.top = 0  # the lines that stood before this page
        self.said = 0  # characters since a paragraph was last torn by a page's end

    @property
    def wrap(self) -> int:
        return int(self.options.get("wrap", 0))

    def put(self, line: str) -> int:
        """Add a line; a full page ends in blank lines and, where asked, its number. Returns the line's number."""
        size = int(self.options.get("page", 0))
        on_page = len(self.lines) - self.top
        if size and on_page >= size:
            self.lines += ["", f"— {self.page} —", ""] if self.options.get("folio") else ["", "", ""]
            self.page += 1
            self.top = len(self.lines)
        self.lines.append(line)
        return len(self.lines)

    def piece(self, piece: Para | Table | Box | PageBreak) -> None:
        if isinstance(piece, Para):
            self.para(piece)
        elif isinstance(piece, Table):
            self.table(piece)
        elif isinstance(piece, PageBreak):
            self.lines += [""] * int(self.options.get("break_lines", 3))
        elif self.options.get("boxes") == "dump":
            piece.caption.line = self.put("\t" + plain(piece.caption.words))
            self.put("")
            for number, inner in enumerate(piece.content):
                if isinstance(inner, Table):
                    self.table(inner)
                    continue
                inner.line = self.put(("" if number else "\t") + plain(inner.words))
            for _ in range(4):
                self.put("")
        else:
            self.para(piece.caption)
            for inner in piece.content:
                self.piece(inner)

    def para(self, para: Para) -> None:
        indent = str(self.options.get("indent", "")) if para.role in INDENTED else ""
        if para.role in ("title", "notice", "centre", "caption", "draft") and self.options.get("centre"):
            indent = " " * int(self.options["centre"])
        if para.role == "heading" and para.level == 1 and self.options.get("centre_headings"):
            indent = " " * 18
        words = plain(para.words, breaks="\n" if para.role in ("title", "notice", "heading", "cc") else "")
        if para.page:
            dots = "…" * max(3, 24 - len(words))
            words = f"{words}{dots}{para.page}"
        first = last = 0
        for part in words.split("\n"):
            for number, piece in enumerate(self.cut(indent + part)):
                if number and not self.wrap:
                    self.lines += ["", ""]  # a page ends here, in mid-sentence
                at = self.put(piece)
                first = first or at
                if number:
                    self.joins.append([last, at])
                last = at
        para.line = first
        if self.options.get("blank"):
            self.put("")

    def cut(self, line: str) -> list[str]:
        """The line in printed lines; without wrapping, long paragraphs may still be cut by a page's end."""
        if self.wrap:
            cuts = line_to_printed(line, self.wrap)
            # A closing mark never opens a line: the printer squeezes it into the line before.
            for i in range(1, len(cuts)):
                while cuts[i] and re.match("[，。、；：）》”]", cuts[i]):
                    cuts[i - 1] += cuts[i][0]
                    cuts[i] = cuts[i][1:]
            return [c for c in cuts if c] or [""]
        every = int(self.options.get("tear", 0))
        self.said = self.said + len(line)
        if every and self.said > every and len(line) > 60:
            middle = len(line) // 2
            while re.match("[，。、；：）》”]", line[middle]):
                middle += 1
            self.said = 0
            return [line[:middle], line[middle:]]
        return [line]

    def table(self, table: Table) -> None:
        style = self.options.get("tables", "dump")
        for row in table.rows:
            if style == "tabs":
                at = self.put("\t".join(self.across(row, table)))
                for cell in row:
                    cell.line = at
                continue
            if row[0].column:
                self.put("\t")  # a cell that goes on from above is an empty one here
            for cell in row:
                parts = plain(cell.words, breaks="\n").split("\n")
                cell.line = self.put("\t" + parts[0])
                for part in parts[1:]:
                    self.put(part)
            self.put("")
        table.line = table.rows[0][0].line
        if style == "tabs":
            return
        self.put("")

    @staticmethod
    def across(row: list[Cell], table: Table) -> list[str]:
        """The row's words, one a column; a row of one wide cell is that cell alone."""
        if len(row) == 1 and row[0].columns == len(table.widths):
            return [plain(row[0].words)]
        words = [""] * len(table.widths)
        for cell in row:
            words[cell.column] = plain(cell.words)
        return words


def line_to_printed(line: str, width: int) -> list[str]:
    """The line in pieces of at most `width` full-width characters; a figure or a Latin word is never cut."""
    cuts, room = [""], 2.0 * width
    for word in re.findall(r"[!-~]+|.", line):
        wide = len(word) if word.isascii() else 2
        if room < wide:
            cuts.append("")
            room = 2.0 * width
        cuts[-1] += word
        room -= wide
    return cuts
