"""Which tables of a web page hold data and which only lay it out; the rows of a data table with their spans resolved."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from lxml.etree import _Element

from planparse.document import Line
from planparse.extractors.html_tags import SUNK

# Old sites lay the whole page out in one table: a cell that holds so much of the page's words, over so many
# characters, is the page and not a cell. (A 任务分工表 has its words spread over many cells.)
PAGE_CELL_SHARE = 0.4
PAGE_CELL_LEAST = 1500
NESTED_SHARE = 0.5
PLACE_SHARE = 0.2
MAX_COLUMNS = 200
TOO_WIDE = 1000


@dataclass(frozen=True, slots=True)
class Measures:
    """How much text each element of a page holds, in non-blank characters; `sizes` counts what is in it all told."""

    elements: Sequence[_Element]
    sizes: Mapping[_Element, int]
    layout: frozenset[_Element]

    @property
    def total(self) -> int:
        """The non-blank characters of the whole page."""
        return self.sizes[self.elements[0]]


@dataclass(slots=True)
class _TableFacts:
    nested: int = 0
    biggest_cell: int = 0
    cells: int = 0
    rows: int = 0


def page_to_measures(root: _Element, *, places: Set[_Element] = frozenset()) -> Measures:
    """Sizes of all elements and the tables that only lay out, in two passes over the page.

    A table lays out when half its words or more stand in tables inside it, when one of its cells is as good as the
    page, when it says so (role=presentation), or when the text's own place (`places`) is inside it.
    """
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    sizes = dict.fromkeys(elements, 0)
    around: dict[_Element, _Element | None] = {}
    for element in elements:
        parent = element.getparent()
        around[element] = None if parent is None else parent if parent.tag == "table" else around[parent]
    for element in reversed(elements):
        if element.tag in SUNK:
            sizes[element] = 0
        else:
            # The tail of a comment belongs to the element round it, as its own text does.
            sizes[element] += _count(element.text) + sum(_count(c.tail) for c in element)
        parent = element.getparent()
        if parent is not None:
            sizes[parent] += sizes[element]
    facts = {element: _TableFacts() for element in elements if element.tag == "table"}
    marked: set[_Element] = set()
    for element in elements:
        table = around[element]
        if table is None:
            continue
        if element.tag == "table":
            facts[table].nested += sizes[element]
        elif element.tag in ("td", "th"):
            facts[table].cells += 1
            facts[table].biggest_cell = max(facts[table].biggest_cell, sizes[element])
        elif element.tag == "tr":
            facts[table].rows += 1
        if element in places and sizes[element] >= PLACE_SHARE * sizes[elements[0]]:
            while table is not None and table not in marked:
                marked.add(table)
                table = around[table]
    whole = sizes[elements[0]]
    layout = {t for t, f in facts.items() if t in marked or _lays_out(t, f, sizes[t], whole)}
    return Measures(elements, sizes, frozenset(layout))


def _count(text: str | None) -> int:
    return len("".join(text.split())) if text else 0


def _lays_out(table: _Element, facts: _TableFacts, size: int, whole: int) -> bool:
    if (table.get("role") or "").lower() in ("presentation", "none") or not facts.cells:
        return True
    if facts.nested and facts.nested >= NESTED_SHARE * size:
        return True
    if facts.nested and facts.cells < 4:
        return True
    # A frame round a long text is a frame still where the page has more to say outside it.
    return facts.biggest_cell >= max(PAGE_CELL_LEAST, PAGE_CELL_SHARE * whole)


@dataclass(slots=True)
class OpenCell:
    """A cell while its paragraphs come in."""

    high: int
    wide: int
    paragraphs: list[str] = field(default_factory=list)
    layout: Line | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """A data table: rows of (text, column, rows, columns), merged cells once; `layouts` is each row's first cell's."""

    rows: tuple[tuple[tuple[str, int, int, int], ...], ...]
    layouts: Mapping[tuple[int, int], Line]


def element_to_span(element: _Element, name: str) -> int:
    """`rowspan` or `colspan` as a browser takes it: nonsense is 1; 0 (to the table's end) is a large number."""
    said = (element.get(name) or "").strip()
    if not said.isascii() or not said.isdigit():
        return 1
    number = int(said[:6])
    if number == 0:
        return 65534 if name == "rowspan" else 1
    return min(number, 65534 if name == "rowspan" else MAX_COLUMNS)


def cells_to_rows(open_rows: Sequence[Sequence[OpenCell]]) -> Rows:
    """Rows of cells in source order → their columns, by the HTML table model (HTML Living Standard 4.9.12).

    Spans are cut at the table's edge; columns that no cell begins or ends in keep their place. Rows without cells stay,
    empty, so that spans from above count right.
    """
    busy: list[int] = []
    rows: list[tuple[tuple[str, int, int, int], ...]] = []
    layouts: dict[tuple[int, int], Line] = {}
    for number, cells in enumerate(open_rows):
        column = 0
        row: list[tuple[str, int, int, int]] = []
        for cell in cells:
            while column < len(busy) and busy[column] > number:
                column += 1
            # Spans that pile up past any table's width are nonsense, and would cost the square of the rows.
            high = min(cell.high, len(open_rows) - number) if len(busy) <= TOO_WIDE else 1
            wide = 1
            while wide < cell.wide and not (column + wide < len(busy) and busy[column + wide] > number):
                wide += 1
            busy += [0] * (column + wide - len(busy))
            busy[column : column + wide] = [number + high] * wide
            if not row and cell.layout is not None:
                layouts[(number, column)] = cell.layout
            row.append(("\n".join(cell.paragraphs), column, high, wide))
            column += wide
        rows.append(tuple(row))
    return Rows(tuple(rows), layouts)
