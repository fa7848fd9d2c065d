"""What one writes oneself in an afternoon: a regex a heading style, in a fixed order of levels.

It stands beside planparse in `make bench-tools` so that the figures show what the rest of the work is for. Standard
library plus the usual readers: pdfplumber, python-docx, lxml.
"""

# mypy: disable-error-code="attr-defined"
import re
from pathlib import Path
from typing import Any

CN = "[一二三四五六七八九十百]+"
HEADINGS = [
    rf"第{CN}章\s*(?P<title>.+)",
    rf"第{CN}节\s*(?P<title>.+)",
    rf"{CN}、\s*(?P<title>.+)",
    rf"[（(]{CN}[）)]\s*(?P<title>.+)",
    r"\d+[.．、]\s*(?P<title>[^\d].+)",
    rf"{CN}是(?P<title>.+)",
]
BOX = re.compile(rf"专栏\s*(?:\d+|{CN})\s*[:：]?\s*(.+)")
TAG = re.compile(r"[（(](?:牵头|责任)(?:部门|单位)[:：]([^；;）)]+)(?:[；;](?:参与|配合)(?:部门|单位)[:：]([^）)]+))?[）)]")


def lines_of(path: Path) -> list[str]:
    """The file's lines or paragraphs, as the usual reader gives them; the cells of a table parted by TAB."""
    if path.suffix == ".pdf":
        import pdfplumber

        with pdfplumber.open(path) as pdf:
            return [line for page in pdf.pages for line in page.extract_text().splitlines()]
    if path.suffix == ".docx":
        import docx

        document = docx.Document(str(path))
        rows = ["\t".join(cell.text for cell in row.cells) for table in document.tables for row in table.rows]
        return [paragraph.text for paragraph in document.paragraphs] + rows
    from lxml import html

    tree = html.fromstring(path.read_bytes())
    rows = ["\t".join(cell.text_content().strip() for cell in row.findall("td")) for row in tree.iter("tr")]
    return [p.text_content() for p in tree.iter("p", "h1", "h2", "h3", "h4")] + rows


def read(path: Path) -> dict[str, Any]:
    """Headings (level, words), boxes, table rows and tags of one file."""
    headings, boxes, rows, tags = [], [], [], []
    for line in (line.strip() for line in lines_of(path)):
        if "\t" in line:
            rows.append(line.split("\t"))
        elif found := BOX.match(line):
            boxes.append(found[0])
        else:
            for level, pattern in enumerate(HEADINGS, 1):
                if found := re.match(pattern, line):
                    title = found["title"]
                    headings.append([level, line[: found.start("title")] + title.split("。")[0]])
                    break
        for found in TAG.finditer(line):
            tags.append([[name for name in re.split("[、，]", part or "") if name] for part in found.groups()])
    return {"headings": headings, "boxes": boxes, "rows": rows, "tags": tags}
