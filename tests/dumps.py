"""The samples as text dumps of every kind: hard-wrapped, torn by pages, a cell a line, aligned by blanks, run together."""

import re
import sys
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from tests.plans import SAMPLES

sys.path.insert(0, str(SAMPLES))

from maker.marks import plain
from maker.model import Table
from maker.source import read_source
from maker.text import _Printer, print_text

CLEAN: Mapping[str, Any] = {"tables": "tabs", "boxes": "plain", "indent": "　　"}
OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "clean": CLEAN,
    "no indent": {**CLEAN, "indent": ""},
    "a blank line between": {**CLEAN, "blank": True},
    "wrapped": {**CLEAN, "wrap": 40},
    "wrapped, no indent": {**CLEAN, "wrap": 36, "indent": ""},
    "wrapped in pages": {**CLEAN, "wrap": 28, "page": 30, "folio": True},
    "torn by pages": {**CLEAN, "tear": 500},
    "a cell a line": {**CLEAN, "tables": "dump", "boxes": "dump"},
}


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


class _Aligned(_Printer):
    """Prints tables with their columns aligned by blanks, measured in half-widths or, as pdftotext does it, in characters."""

    measure = staticmethod(width)

    def table(self, table: Table) -> None:
        rows = [self.across(row, table) for row in table.rows]
        count = max(map(len, rows))
        wide = [
            max((self.measure(row[i].replace("\n", "")) for row in rows if len(row) == count), default=0) for i in range(count)
        ]
        for cells, row in zip(rows, table.rows, strict=True):
            line = (
                "".join(c + " " * (wide[i] + 3 - self.measure(c)) for i, c in enumerate(cells)) if len(cells) > 1 else cells[0]
            )
            at = self.put(line.rstrip())
            for cell in row:
                cell.line = at
        table.line = table.rows[0][0].line


class _AlignedByCharacters(_Aligned):
    measure = len


class _Bare(_Printer):
    """Prints a cell a line without any mark, as text copied from a web page has it; empty cells leave no line."""

    def table(self, table: Table) -> None:
        for row in table.rows:
            for cell in row:
                words = plain(cell.words)
                cell.line = self.put(words) if words.strip() else len(self.lines)
        table.line = table.rows[0][0].line


def printed_by(printer: _Printer, name: str) -> str:
    for piece in read_source(SAMPLES / name / "source.yaml").pieces:
        printer.piece(piece)
    return "\n".join(printer.lines) + "\n"


def printed(name: str, options: Mapping[str, Any]) -> str:
    sample = read_source(SAMPLES / name / "source.yaml")
    sample.formats["txt"] = dict(options)
    return print_text(sample).decode()


def ascii_marks(text: str) -> str:
    return text.translate(str.maketrans("，；：（）", ",;:()"))


def running_heads(text: str) -> str:
    """Pages of 32 lines, each with its head and its number."""
    lines = text.split("\n")
    pages = [lines[n : n + 32] for n in range(0, len(lines), 32)]
    return "\n".join("\n".join([lines[0].strip() + "汇编", *page, f"- {n} -"]) for n, page in enumerate(pages, 1))


def web_page(text: str) -> str:
    head = "首页\n政务公开\n政务服务\n互动交流\n搜索\n当前位置：\n首页\n>\n政务公开\n>\n规划\n"
    foot = "【打印】\n【关闭】\n网站地图\n联系我们\n版权所有：某某市人民政府\n网站标识码：3301000001\n某ICP备05000001号\n"
    return head + text + foot


STYLES: Mapping[str, Callable[[str], bytes]] = {
    **{style: lambda name, o=options: printed(name, o).encode() for style, options in OPTIONS.items()},
    "aligned by blanks": lambda name: printed_by(_Aligned({**CLEAN, "indent": ""}), name).encode(),
    "aligned by characters": lambda name: printed_by(_AlignedByCharacters({**CLEAN, "indent": ""}), name).encode(),
    "a cell a line, no mark": lambda name: printed_by(_Bare(CLEAN), name).encode(),
    "a cell a line, blank lines between": lambda name: (
        printed_by(_Bare({**CLEAN, "indent": ""}), name).replace("\n", "\n\n").encode()
    ),
    "ASCII marks": lambda name: ascii_marks(printed(name, CLEAN)).encode(),
    "GB18030": lambda name: printed(name, CLEAN).encode("gb18030"),
    "running heads": lambda name: running_heads(printed(name, OPTIONS["wrapped"])).encode(),
    "a site round it": lambda name: web_page(printed(name, CLEAN)).encode(),
    "blanks for line ends": lambda name: " ".join(printed(name, CLEAN).split()).encode(),
    "one line": lambda name: re.sub(r"[\n\t]", "", printed(name, CLEAN)).encode(),
    "line ends lost, indents left": lambda name: re.sub(r"\n(?=　　)", "", printed(name, CLEAN)).encode(),
}


def dumped(name: str, style: str) -> bytes:
    return STYLES[style](name)
