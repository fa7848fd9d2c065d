"""The left side: the plan's whole text, line by line and table by table, with everything marked where it stands."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from planparse.models import Annex, Box, Contents, Note, Plan, Section, Span, Table, TableCell, TableNote
from planparse.output.language import Words
from planparse.output.review.escape import shown
from planparse.output.review.items import Item, plan_to_nodes
from planparse.structure.walk import walk

DEEPEST = 6
"""Marks on one character: a plan with thousands nested must not make a page of their squares."""
LONGEST = 1500
"""A mark that is longer stands on its first line only."""
CHUNK = 24
"""Printed rows in a block that the browser lays out only when it comes into view."""
PER_ROW = 38


@dataclass(slots=True)
class _Layout:
    """What the tree says of lines, by the offset at which they begin; and the tables that are drawn as such."""

    classes: dict[int, list[str]] = field(default_factory=dict)
    tables: dict[int, tuple[int, Table]] = field(default_factory=dict)
    boxes: list[Span] = field(default_factory=list)
    pages: list[tuple[int, int]] = field(default_factory=list)

    def add(self, start: int, name: str) -> None:
        self.classes.setdefault(start, []).append(name)


def plan_to_source_html(plan: Plan, items: Sequence[Item], words: Words, *, pictures: int = 0) -> str:
    """The text as HTML. Each character stands there once, in order; a line has the id `c` + its offset.

    `pictures` is how many pages have pictures: each then has its mark, whether words begin on it or not.
    """
    layout = _plan_to_layout(plan)
    runs = _items_to_runs(plan.text, items)
    chunks: list[str] = []
    chunk: list[str] = []
    rows, pages = 0, _PageMarks(layout.pages, words, pictures)
    for start, end, html in _blocks(plan.text, layout, runs):
        chunk.append(pages.before(start) + html)
        rows += 1 + (end - start) // PER_ROW
        if rows >= CHUNK and not html.startswith('<p class="cap'):
            chunks.append("".join(chunk))
            chunk, rows = [], 0
    chunk.append(pages.rest())
    return "".join(f"<div class=chunk>{c}</div>" for c in (*chunks, "".join(chunk)) if c)


def _plan_to_layout(plan: Plan) -> _Layout:
    layout, text = _Layout(), plan.text
    places: list[tuple[int, int]] = []
    for visit in walk(plan_to_nodes(plan)):
        node = visit.node
        if node.span.page is not None:
            places.append((node.span.start, node.span.page))
        match node:
            case Section() if not node.run_in:
                layout.add(_line(text, node.span.start), f"h{min(node.level, 5)}")
            case Annex():
                layout.add(_line(text, node.span.start), "annex")
            case Contents():
                layout.add(_line(text, node.span.start), "cap")
                for entry in node.entries:
                    layout.add(_line(text, entry.span.start), f"toc t{min(entry.level, 4)}")
            case Box():
                layout.boxes.append(node.span)
                layout.add(_line(text, node.span.start), "cap")
            case Note():
                layout.add(_line(text, node.span.start), "note")
            case Table():
                _lay_table(layout, text, node)
                places += [(c.span.start, c.span.page) for r in node.rows for c in r if c.span.page is not None]
            case _:
                pass
    for span in (*plan.front_matter.spans.get("title", []), *plan.front_matter.spans.get("notice_title", [])):
        line = _line(text, span.start)
        if not layout.classes.get(line) and _whole_line(text, span):
            layout.add(line, "title")
    last = 0
    for start, page in sorted(places):
        if page > last:
            layout.pages.append((start, page))
            last = page
    return layout


def _line(text: str, start: int) -> int:
    return text.rfind("\n", 0, start) + 1


def _whole_line(text: str, span: Span) -> bool:
    line = _line(text, span.start)
    return not text[line : span.start].strip() and text[span.end : span.end + 1] in ("", "\n")


def _lay_table(layout: _Layout, text: str, table: Table) -> None:
    if table.caption_span is not None:
        layout.add(_line(text, table.caption_span.start), "cap")
    for note in table.notes:
        layout.add(_line(text, note.span.start), "note")
    cells = [cell for row in table.rows for cell in row]
    if cells and _tiles(text, cells, table.notes):
        start = cells[0].span.start
        layout.tables[start] = (max(cell.span.end for cell in cells), table)


def _tiles(text: str, cells: Sequence[TableCell], notes: Sequence[TableNote]) -> bool:
    """Whether the cells, in order, are all that stands between the first and the last: else the lines are shown plain."""
    at = cells[0].span.start
    if at != _line(text, at):
        return False
    for cell in cells:
        if cell.span.start < at or cell.span.end < cell.span.start or text[at : cell.span.start].strip():
            return False
        at = cell.span.end
    return text[at : at + 1] in ("", "\n") and not any(cells[0].span.start < n.span.start < at for n in notes)


Run = tuple[int, int, str]
"""A stretch of text and the opening tag of its mark."""


def _items_to_runs(text: str, items: Sequence[Item]) -> list[Run]:
    """The marks as stretches that do not overlap, in order; each names its items, the shortest first."""
    places: list[tuple[int, int, Item]] = []
    for item in items:
        if item.start < 0 or item.start == item.end:
            continue
        end = item.end
        if item.kind == "sections":
            line = text.find("\n", item.start, end)
            end = line if line >= 0 else end
        if end - item.start > LONGEST:
            line = text.find("\n", item.start, end)
            end = line if line >= 0 else item.start + LONGEST
        places.append((item.start, end, item))
    edges: dict[int, list[tuple[bool, int, Item]]] = {}
    for start, end, item in places:
        edges.setdefault(start, []).append((True, end - start, item))
        edges.setdefault(end, []).append((False, end - start, item))
    active: dict[int, tuple[int, int, Item]] = {}
    runs: list[Run] = []
    before = 0
    for at in sorted(edges):
        if active and before < at:
            top = sorted(active.values())[:DEEPEST] if len(active) > 1 else active.values()
            runs.append((before, at, _tag([item for _, _, item in top])))
        for opens, _, item in edges[at]:
            if not opens:
                active.pop(item.number, None)
        for opens, length, item in edges[at]:
            # Beyond a few hundred nested marks the outer ones give way, so that the time stays linear.
            if opens and len(active) < 50 * DEEPEST:
                active[item.number] = (length, item.number, item)
        before = at
    return runs


def _tag(items: Sequence[Item]) -> str:
    names = dict.fromkeys(f"k-{item.kind}" for item in items)
    doubts = dict.fromkeys(f"v-{item.severity}" for item in items if item.kind == "diagnostics")
    return f'<span class="m {" ".join((*names, *doubts))}" data-m="{" ".join(str(i.number) for i in items)}">'


def _blocks(text: str, layout: _Layout, runs: Sequence[Run]) -> Iterator[tuple[int, int, str]]:
    """The lines and tables of the text in order, with where they begin and end."""
    marks = _Marks(text, runs)
    boxes = _BoxEdges(layout.boxes)
    at = 0
    while at <= len(text):
        if at in layout.tables:
            end, table = layout.tables[at]
            box = boxes.classes(at, end)
            yield at, end, f'<div class="grid{box}" id="c{at}">{_table_html(table, marks)}</div>'
        else:
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            if text[at:end].strip():
                names = [*layout.classes.get(at, ()), *(["row"] if "\t" in text[at:end] else [])]
                box = boxes.classes(at, end)
                kind = f' class="{" ".join(names)}{box}"' if names or box else ""
                yield at, end, f"<p{kind} id=c{at}>{marks.html(at, end)}</p>"
        at = end + 1


def _table_html(table: Table, marks: "_Marks") -> str:
    rows = []
    for number, row in enumerate(table.rows):
        name = "th" if number < table.header_rows else "td"
        cells = []
        for cell in row:
            size = f" rowspan={min(cell.rows, 1000)}" if cell.rows > 1 else ""
            size += f" colspan={min(cell.columns, 1000)}" if cell.columns > 1 else ""
            cells.append(f"<{name}{size}>{marks.html(cell.span.start, cell.span.end)}</{name}>")
        anchor = f" id=c{row[0].span.start}" if row and number else ""
        rows.append(f"<tr{anchor}>{''.join(cells)}</tr>")
    return f"<table>{''.join(rows)}</table>"


class _Marks:
    """Cuts stretches of the text with their marks."""

    def __init__(self, text: str, runs: Sequence[Run]) -> None:
        self._text = text
        self._runs = runs
        self._ends = [end for _, end, _ in runs]

    def html(self, start: int, end: int) -> str:
        if start == end:
            return ""
        parts: list[str] = []
        at, number = start, bisect_right(self._ends, start)
        while number < len(self._runs) and self._runs[number][0] < end:
            first, last, tag = self._runs[number]
            first, last = max(first, start), min(last, end)
            parts.append(shown(self._text[at:first]))
            parts.append(f"{tag}{shown(self._text[first:last])}</span>")
            at, number = last, number + 1
        parts.append(shown(self._text[at:end]))
        return "".join(parts)


class _BoxEdges:
    """Which lines stand in a box, and which open and close it."""

    def __init__(self, boxes: Sequence[Span]) -> None:
        self._spans: list[Span] = []
        for span in sorted(boxes, key=lambda s: (s.start, -s.end)):
            if not self._spans or span.start >= self._spans[-1].end:
                self._spans.append(span)
        self._starts = [span.start for span in self._spans]

    def classes(self, start: int, end: int) -> str:
        at = bisect_right(self._starts, end) - 1
        if at < 0 or self._spans[at].end <= start:
            return ""
        span = self._spans[at]
        return " b" + (" b0" if span.start >= start else "") + (" b1" if span.end <= end else "")


class _PageMarks:
    """The marks at which pages begin; with pictures a button each."""

    def __init__(self, starts: Sequence[tuple[int, int]], words: Words, pictures: int) -> None:
        self._starts = starts
        self._at = 0
        self._drawn = 0
        self._words = words
        self._pictures = pictures

    def before(self, start: int) -> str:
        made = ""
        while self._at < len(self._starts) and self._starts[self._at][0] <= start:
            made += self._up_to(self._starts[self._at][1])
            self._at += 1
        return made

    def rest(self) -> str:
        made = "".join(self._up_to(page) for _, page in self._starts[self._at :])
        return made + self._up_to(self._pictures)

    def _up_to(self, page: int) -> str:
        first = self._drawn + 1 if self._pictures else page
        if page <= self._drawn:
            return ""
        self._drawn = page
        return "".join(self._mark(number) for number in range(first, page + 1))

    def _mark(self, page: int) -> str:
        said = shown(self._words.gettext("page {page}").format(page=page))
        if page <= self._pictures:
            return f"<div class=page><button type=button data-page={page}>{said}</button></div>"
        return f"<div class=page><span>{said}</span></div>"
