"""Elements → blocks: paragraphs and tables in reading order, with their look, as a browser would lay them down."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from lxml import etree
from lxml.etree import _Element

from planparse.document import Line
from planparse.extractors.html_lists import OpenList, element_to_list
from planparse.extractors.html_pictures import Part, element_to_placed, is_shown
from planparse.extractors.html_runs import HARD, HEADINGS, SPACES, Run, count_solid, runs_to_line, runs_to_text, text_to_run
from planparse.extractors.html_style import Look, Sheet, element_look
from planparse.extractors.html_tables import Measures, OpenCell, Rows, cells_to_rows, element_to_span
from planparse.extractors.html_tags import BLOCK_DISPLAYS, BLOCK_TAGS, CONTROLS, MARKUP, SUNK
from planparse.extractors.picture_places import Placed

# A page may keep its text hidden until a script shows it; so large a part of the page is the page.
SHOWN_ANYHOW = 0.3
NO_LINE = Line(0, 0)


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the page: `kind` is `paragraph`, `table`, `picture`, or why its words are not shown (`hidden` …).

    `links` counts the characters of `text` that lead to another page, `anchors` are the links themselves; `label` is the
    list number to print before it, `labels` counts the characters of those that stand in a table's cells already.
    """

    kind: str
    text: str
    element: _Element
    line: Line = NO_LINE
    links: int = 0
    anchors: tuple[_Element, ...] = ()
    label: str = ""
    table: Rows | None = None
    labels: Counter[str] = field(default_factory=Counter)
    picture: Placed | None = None


@dataclass(slots=True)
class _OpenTable:
    element: _Element
    rows: list[list[OpenCell]] = field(default_factory=list)
    foot: list[list[OpenCell]] = field(default_factory=list)
    in_foot: bool = False
    in_cell: bool = False
    labels: Counter[str] = field(default_factory=Counter)
    links: int = 0
    anchors: list[_Element] = field(default_factory=list)
    before: list[Block] = field(default_factory=list)


def element_text(element: _Element) -> str:
    """All the words in an element, scripts and comments aside, blanks collapsed."""
    pieces = []
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, at in walk:
        if event == "start":
            if at.tag in SUNK:
                walk.skip_subtree()
            else:
                pieces.append(at.text or "")
        elif at is not element:
            pieces.append(at.tail or "")
    return SPACES.sub(" ", "".join(pieces)).strip()


def page_to_blocks(
    root: _Element,
    measures: Measures,
    sheet: Sheet,
    *,
    hard_breaks: bool,
    has_number: Callable[[str], bool],
    part: Part | None = None,
) -> list[Block]:
    """The blocks of a page in reading order.

    1. Together they hold every non-blank character of the page outside script, style, head, noscript and template.
    2. A paragraph has no TAB, no line break and no blank at its ends; blanks are collapsed as a browser does it; a line
       break of the source between two wide characters is nothing, unless `hard_breaks` (the program that wrote the page
       breaks lines at blanks only).
    3. A list item has its number as `label`, unless `has_number` says that one stands typed at the head of its words.
    4. `br` ends a paragraph, but in a heading it is a blank. Tables that only lay out leave their paragraphs.
    5. A picture large enough to carry text is a block of its own, before the paragraph that it opens, else after it; in a
       cell, before its table.
    """
    return _Walk(measures, sheet, hard_breaks, has_number, part).run(root)


class _Walk:
    """One pass over the page; holds what is open: looks, lists, the paragraph, the table."""

    def __init__(
        self, measures: Measures, sheet: Sheet, hard_breaks: bool, has_number: Callable[[str], bool], part: Part | None
    ) -> None:
        self.measures = measures
        self.sheet = sheet
        self.hard_breaks = hard_breaks
        self.has_number = has_number
        self.part = part
        # With each picture whether words stand before it in its paragraph, and whether it leads away.
        self.pictures: list[tuple[_Element, bool, bool]] = []
        self.anchors: list[_Element] = []
        self.blocks: list[Block] = []
        self.looks: list[Look] = [Look()]
        self.owners: list[_Element] = []
        self.lists: list[OpenList] = []
        self.label = ""
        self.links = 0
        self.headings: list[str] = []
        self.runs: list[Run] = []
        self.table: _OpenTable | None = None

    def run(self, root: _Element) -> list[Block]:
        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        self.owners.append(root)
        for event, element in walk:
            if event == "start":
                if not self._start(element):
                    walk.skip_subtree()
                    self.looks.append(self.looks[-1])
            else:
                if event == "end":
                    self.looks.pop()
                    self._end(element)
                if element is not root and element.tail:
                    self._add(element.tail)
        self._flush()
        return self.blocks

    def _start(self, element: _Element) -> bool:
        """Open an element; False where its inside is not walked."""
        tag = str(element.tag)
        if tag in SUNK:
            return False
        look = element_look(element, self.looks[-1], self.sheet)
        size = self.measures.sizes[element]
        if look.hidden and size < SHOWN_ANYHOW * self.measures.total:
            self._aside(element, "hidden")
            return False
        look = replace(look, hidden=False) if look.hidden else look
        if (tag in CONTROLS and size < SHOWN_ANYHOW * self.measures.total) or tag in MARKUP:
            self._aside(element, "control" if tag in CONTROLS else "markup")
            return False
        self.looks.append(look)
        if tag == "br":
            if self.headings:
                self.runs.append(Run(HARD, look, False))
            else:
                self._flush()
        elif _is_block(tag, look):
            self._flush()
            self._open(element, tag, look)
        if tag == "img":
            self.pictures.append((element, any(count_solid(run.text) for run in self.runs), self.links > 0))
        if tag == "a" and _leads_away(element):
            self.links += 1
            self.anchors.append(element)
        if element.text:
            self._add(element.text)
        return True

    def _open(self, element: _Element, tag: str, look: Look) -> None:
        self.owners.append(element)
        if tag in HEADINGS:
            self.headings.append(tag)
        elif tag in ("ol", "ul", "menu", "dir"):
            self.lists.append(element_to_list(element, look.numbering))
        elif tag == "li" and self.lists:
            self.label = self.lists[-1].next_label(element, look.numbering)
        elif tag == "table" and self.table is None and element not in self.measures.layout:
            self.table = _OpenTable(element)
        elif self.table is not None and tag in ("tr", "td", "th", "tfoot") and self._in_table(element):
            self._open_part(element, tag, self.table)

    def _in_table(self, element: _Element) -> bool:
        """Whether a row or cell belongs to the open table itself and not to a table in one of its cells."""
        parent = element.getparent()
        while parent is not None and parent.tag in ("tr", "tbody", "thead", "tfoot"):
            parent = parent.getparent()
        return self.table is not None and parent is self.table.element

    def _open_part(self, element: _Element, tag: str, table: _OpenTable) -> None:
        if tag == "tfoot":
            table.in_foot = True
            return
        rows = table.foot if table.in_foot else table.rows
        if tag == "tr" or not rows:
            rows.append([])
        if tag != "tr":
            table.in_cell = True
            rows[-1].append(OpenCell(element_to_span(element, "rowspan"), element_to_span(element, "colspan")))

    def _end(self, element: _Element) -> None:
        tag = str(element.tag)
        if tag == "a" and _leads_away(element) and self.links:
            self.links -= 1
        if not self.owners or self.owners[-1] is not element:
            return
        self._flush()
        self.owners.pop()
        if tag in HEADINGS and self.headings:
            self.headings.pop()
        elif tag in ("ol", "ul", "menu", "dir") and self.lists:
            self.lists.pop()
        elif tag == "li":
            self.label = ""
        elif self.table is not None:
            if element is self.table.element:
                self._close_table(self.table)
            elif tag in ("td", "th", "tfoot") and self._in_table(element):
                self.table.in_cell = False
                self.table.in_foot = self.table.in_foot and tag != "tfoot"

    def _close_table(self, table: _OpenTable) -> None:
        self.table = None
        self.blocks += table.before
        rows = cells_to_rows([*table.rows, *table.foot])
        text = "\n".join("\t".join(cell[0] for cell in row) for row in rows.rows)
        self.blocks.append(
            Block(
                "table", text, table.element, links=table.links, anchors=tuple(table.anchors), table=rows, labels=table.labels
            )
        )

    def _add(self, text: str) -> None:
        look = self.looks[-1]
        if look.keeps_blanks and "\n" in text:
            for number, line in enumerate(text.split("\n")):
                if number:
                    self._flush()
                self._add_run(line, look)
            return
        self._add_run(text, look)

    def _add_run(self, text: str, look: Look) -> None:
        self.runs.append(text_to_run(text, look, linked=self.links > 0, hard_breaks=self.hard_breaks))

    def _aside(self, element: _Element, kind: str) -> None:
        if self.measures.sizes[element]:
            text = element_text(element)
            block = Block(kind, text, element)
            if self.table is not None:
                self.table.before.append(block)
            else:
                self.blocks.append(block)

    def _flush(self) -> None:
        """Close the paragraph: one block, or a paragraph more in the open cell, with its pictures."""
        runs, self.runs = self.runs, []
        pictures, self.pictures = self.pictures, []
        text = runs_to_text(runs) if runs else ""
        for element, late, linked in pictures:
            if not late:
                self._show(element, alone=not text and not linked)
        if text:
            self._close(runs, text)
        for element, late, _ in pictures:
            if late:
                self._show(element, alone=False)

    def _show(self, element: _Element, *, alone: bool) -> None:
        placed = element_to_placed(element, self.part)
        if placed is not None and is_shown(placed, alone=alone):
            blocks = self.blocks if self.table is None else self.table.before
            blocks.append(Block("picture", "", element, picture=placed))

    def _close(self, runs: list[Run], text: str) -> None:
        owner = self.owners[-1]
        # A p inside a heading is a date line that a site sets into its title, and no part of it.
        style = self.headings[-1] if self.headings and owner.tag not in ("p", "li", "td") else str(owner.tag)
        line = runs_to_line(runs, style)
        label, self.label = self.label, ""
        if label and self.has_number(text):
            label = ""
        anchors, self.anchors = self.anchors, []
        links = sum(count_solid(run.text) for run in runs if run.linked)
        table = self.table
        if table is None:
            self.blocks.append(Block("paragraph", text, owner, line, links, tuple(anchors), label))
        elif table.in_cell:
            cell = (table.foot if table.in_foot else table.rows)[-1][-1]
            cell.paragraphs.append(label + text)
            cell.layout = cell.layout or line
            table.labels += Counter("".join(label.split()))
            table.links += links
            table.anchors += anchors
        else:
            # Words between the cells, and captions, stand before the table (a browser moves them there too).
            table.before.append(Block("paragraph", text, owner, line, links, tuple(anchors)))


def _is_block(tag: str, look: Look) -> bool:
    if look.display in BLOCK_DISPLAYS:
        return True
    return tag in BLOCK_TAGS and not (look.display == "inline" and tag in ("div", "p", "li", "section"))


def _leads_away(element: _Element) -> bool:
    href = (element.get("href") or "").strip()
    return bool(href) and not href.startswith("#")


def labelled_line(block: Block) -> Line:
    """The block's layout with its list number, without the blank behind it."""
    return block.line._replace(list_label=block.label.strip() or None) if block.label else block.line
