"""Documents that a Word file takes in whole (w:altChunk, ECMA-376-1 17.17.2.1) → the blocks of their words."""

from bisect import bisect_right

from planparse.document import CELL_BREAK, Document, Grid, Line, Origin
from planparse.errors import UnreadableFile
from planparse.extractors.docx_runs import BREAK
from planparse.extractors.docx_story import Block, Paragraph, Table, TableCell
from planparse.extractors.limits import Limits
from planparse.extractors.sniff import sniff
from planparse.grammar import Grammar


def chunk_to_document(data: bytes, name: str, grammar: Grammar, limits: Limits) -> Document:
    """The document in a chunk: a web page, saved or plain, or a text. Raises UnreadableFile for anything else."""
    form = sniff(data, name)
    origin = Origin(name, form, "0" * 64, len(data), form)
    if form == "html":
        from planparse.extractors.html import read_html

        return read_html(data, origin, grammar=grammar, limits=limits)
    if form == "mhtml":
        from planparse.extractors.mhtml import read_mhtml

        return read_mhtml(data, origin, grammar=grammar, limits=limits)
    if form in ("text", "markdown"):
        from planparse.extractors.text import read_text

        return read_text(data, origin, grammar=grammar, limits=limits)
    raise UnreadableFile(f"{name}: is a {form} file inside a document; save the whole from Word anew", code="unsupported")


def document_to_story(document: Document) -> list[Block]:
    """A document's lines and grids as blocks of a story, in order; each line keeps its look."""
    grids = iter([grid for grid in document.grids if grid.end > grid.start])
    grid = next(grids, None)
    blocks: list[Block] = []
    done = 0
    for line in document.lines:
        if line.start < done:
            continue
        if grid is not None and grid.start <= line.start:
            blocks.append(_grid_to_table(grid, document))
            done = grid.end
            grid = next(grids, None)
        else:
            blocks.append(Paragraph(document.text[line.start : line.end].replace(CELL_BREAK, BREAK), _look(line)))
    return blocks


def _grid_to_table(grid: Grid, document: Document) -> Table:
    rows: dict[int, list[TableCell]] = {}
    for cell in grid.cells:
        words = document.text[cell.start : cell.end].replace("\n", CELL_BREAK).split(CELL_BREAK)
        line = next(iter(document.lines[bisect_right(document.lines, cell.start, key=lambda n: n.start) - 1 :]), None)
        blocks: list[Block] = [Paragraph(piece, Line(0, 0, confidence=line.confidence if line else None)) for piece in words]
        rows.setdefault(cell.row, []).append(TableCell(cell.column, cell.columns, cell.rows, blocks))
    return Table([rows.get(row, []) for row in range(max(rows) + 1)])


def _look(line: Line) -> Line:
    return line._replace(page=None, box=None, source_line=None)
