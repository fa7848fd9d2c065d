"""The tables as one Excel workbook: a sheet a table, every text typed as text, and a link into the review page a row."""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from planparse.errors import MissingTool, UnreadableOutput
from planparse.output.same_bytes import zip_without_clock
from planparse.output.tables_columns import Shape
from planparse.output.tables_rows import Row
from planparse.output.tables_shape import FACTS, table_shapes

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

ROWS = 1_048_576
CHARACTERS = 32_767
LINKS = 65_000
"""Excel's limits: rows a sheet, characters a cell, links a sheet (65,530)."""
WIDE = frozenset(("text", "raw", "heading", "title", "caption", "message", "definition", "name", "section_title", "context"))
FACT_IDS = {"indicator_values": "indicator", "agencies": "fact", "assignments": "fact"} | dict.fromkeys(FACTS, "id")
"""Table → the column whose id is an anchor on the review page."""


def write_workbook(rows: Iterable[tuple[str, Row]], path: Path, *, review: str = "") -> None:
    """Write rows as (table, row) into a workbook at `path`; the same rows give the same bytes.

    1. Every table has a sheet, also one without rows; headers stand frozen on top, with a filter.
    2. A text is a text to Excel, also where it begins with = + - or @.
    3. `review` is the address, as seen from the workbook, of the folder with the plans' JSON: the column `review` links
       into NAME.review.html there, at the fact.
    Raises MissingTool without openpyxl, UnreadableOutput where a table has more rows than a sheet.
    """
    book = new_workbook()
    sheets: dict[str, Worksheet] = {}
    for name, shape in table_shapes().items():
        sheets[name] = book.create_sheet(name)
        write_header(sheets[name], [*shape.names, "review"])
    pages: dict[object, str] = {}
    for name, row in rows:
        sheet = sheets[name]
        at = sheet.max_row + 1
        if at > ROWS:
            raise UnreadableOutput(f"{path.name}: {name} has more rows than a sheet of Excel holds; export --to csv or parquet")
        if name == "plans":
            pages[row["plan"]] = page_of(str(row["file"]), review)
        for column, value in enumerate(row.values(), 1):
            write_cell(sheet, at, column, value)
        anchor = row.get(FACT_IDS.get(name, ""))
        write_link(sheet, at, len(row) + 1, pages[row["plan"]], str(anchor) if anchor else "")
    for name, shape in table_shapes().items():
        _finish(sheets[name], shape)
    save_workbook(book, path)


def new_workbook() -> Any:
    """An empty workbook; raises MissingTool without openpyxl."""
    try:
        from openpyxl import Workbook
    except ImportError:
        raise MissingTool("Excel workbooks need the package openpyxl: pip install 'planparse[tables]'") from None
    book = Workbook()
    book.remove(book.worksheets[0])
    return book


def save_workbook(book: Any, path: Path) -> None:
    """Write a workbook; its bytes depend on its cells alone."""
    made = io.BytesIO()
    book.save(made)
    path.write_bytes(zip_without_clock(made.getvalue()))


def page_of(file: str, review: str) -> str:
    """The address of a plan's review page, from the name of its JSON and the address of the folder that holds it."""
    where = review if review.startswith("file:") else quote(review)
    return f"{where}{quote(file.removesuffix('.json'))}.review.html"


def write_header(sheet: "Worksheet", names: Sequence[str]) -> None:
    """The first row: bold, frozen, with the columns' widths."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    for column, name in enumerate(names, 1):
        cell = sheet.cell(1, column, name)
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = 50 if name in WIDE else 14
    sheet.freeze_panes = "A2"


def write_cell(sheet: "Worksheet", row: int, column: int, value: Any) -> None:
    """A number as a number, truth as truth, all else as text that Excel never takes for a formula.

    Line breaks in a cell are Excel's; characters that XML forbids are left out; what Excel cannot hold ends in ….
    """
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if value is None or value == []:
        return
    if isinstance(value, bool | int | float):
        sheet.cell(row, column, value)
        return
    text = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    text = ILLEGAL_CHARACTERS_RE.sub("", text.replace("\u2028", "\n"))
    cell = sheet.cell(row, column)
    cell.value = text if len(text) <= CHARACTERS else text[: CHARACTERS - 1] + "…"
    cell.data_type = "s"
    cell.number_format = "@"
    # What a leading apostrophe is to one who types: it stays text when the cell is edited or saved as CSV.
    if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n"):
        cell.quotePrefix = True


def write_link(sheet: "Worksheet", row: int, column: int, page: str, anchor: str) -> None:
    """A link to a place on a review page; plain text where the sheet has as many links as Excel takes."""
    from openpyxl.styles import Font

    address = f"{page}#{quote(anchor)}" if anchor else page
    write_cell(sheet, row, column, anchor or "page")
    if row <= LINKS:
        cell = sheet.cell(row, column)
        cell.hyperlink = address
        cell.value = anchor or "page"
        cell.data_type = "s"
        cell.font = Font(color="0563C1", underline="single")


def _finish(sheet: "Worksheet", shape: Shape) -> None:
    from openpyxl.utils import get_column_letter

    sheet.auto_filter.ref = f"A1:{get_column_letter(len(shape.columns) + 1)}{sheet.max_row}"
