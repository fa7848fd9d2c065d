"""Edges and fragments of a page → its ruled tables and frames, with the printed lines of each cell.

Edges are merged and crossed by pdfplumber's functions, which take plain edges, so that the page is read once. Its step
from intersections to cells compares every point with every other; ours looks along the two lines of each.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile
from typing import Any, NamedTuple

from planparse.extractors.pdf_lines import PrintedLine, fragments_to_lines
from planparse.extractors.pdf_page import Fragment, PageText
from planparse.extractors.pdf_rulings import Edge
from planparse.extractors.pdf_spacing import spell

# Lines nearer than this are one (double rims are 1 to 2 points apart), ends farther apart do not meet.
SNAP = 3.0
# A drawn raster with words in fewer of its cells than this is a chart.
MAX_EMPTY_CELLS, MIN_FILLED = 20, 0.15
MAX_POINTS = 2500

Rectangle = tuple[float, float, float, float]
Point = tuple[float, float]


class CellPart(NamedTuple):
    """A cell as it stands on one page: place, span, left and right edge, and its printed lines."""

    row: int
    column: int
    rows: int
    columns: int
    x0: float
    x1: float
    lines: tuple[PrintedLine, ...]

    @property
    def words(self) -> str:
        """Its words without blanks, to compare."""
        return "".join("".join(line.text.split()) for line in self.lines)


@dataclass(frozen=True, slots=True)
class TablePart:
    """A table, or the part of it on one page: `xs` the column edges, cells row by row; `pages` the page of each row."""

    top: float
    bottom: float
    xs: tuple[float, ...]
    cells: tuple[CellPart, ...]
    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PageTables:
    """A page's tables from the top down, the fragments that stand in none, and what was printed twice in cells."""

    tables: list[TablePart]
    rest: list[Fragment]
    doubled: str = ""


def page_to_tables(page: PageText, edges: Sequence[Edge], number: int) -> PageTables:
    """The tables that edges rule round words. A fragment over a border is cut there, character by character."""
    groups = _cells_to_tables(_edges_to_cells(edges)) if len(edges) >= 4 else []
    shapes = [_Shape.of(cells) for cells in _drop_nested(groups)]
    if not shapes:
        return PageTables([], page.fragments)
    placed: list[dict[int, list[Fragment]]] = [{} for _ in shapes]
    rest: list[Fragment] = []
    for fragment in page.fragments:
        middle = fragment.y - 0.35 * fragment.size
        for shape, cells in zip(shapes, placed, strict=True):
            if shape.holds((fragment.x0 + fragment.x1) / 2, middle):
                for cell, piece in _cut(page, fragment, shape, middle):
                    cells.setdefault(cell, []).append(piece)
                break
        else:
            rest.append(fragment)
    tables: list[TablePart] = []
    doubled: list[str] = []
    for shape, cells in zip(shapes, placed, strict=True):
        few = len(shape.places) > MAX_EMPTY_CELLS and len(cells) < MIN_FILLED * len(shape.places)
        if not cells or few:
            rest += [piece for pieces in cells.values() for piece in pieces]
            continue
        tables.append(_shape_to_table(page, shape, cells, number, doubled))
    return PageTables(sorted(tables, key=lambda t: t.top), rest, "".join(doubled))


def _edges_to_cells(edges: Sequence[Edge]) -> list[Rectangle]:
    from pdfplumber import table as finder  # a quarter of a second to load; only ruled pages need it

    plain = [_plain(*edge) for edge in edges]
    merged = finder.merge_edges(plain, SNAP, SNAP, SNAP, SNAP)
    meeting = finder.edges_to_intersections(_close(merged), SNAP, SNAP)
    if len(meeting) > MAX_POINTS:
        return []
    return intersections_to_cells(meeting)


def intersections_to_cells(meeting: Mapping[Point, Mapping[str, Sequence[dict[str, Any]]]]) -> list[Rectangle]:
    """The smallest rectangle that opens at each point, to the right and down, with lines along all its sides.

    Takes what pdfplumber's `edges_to_intersections` gives, and gives what its `intersections_to_cells` gives.
    """
    upright = {point: {id(e) for e in edges["v"]} for point, edges in meeting.items()}
    flat = {point: {id(e) for e in edges["h"]} for point, edges in meeting.items()}
    columns: dict[float, list[Point]] = {}
    rows: dict[float, list[Point]] = {}
    for point in sorted(meeting):
        columns.setdefault(point[0], []).append(point)
        rows.setdefault(point[1], []).append(point)
    places = {point: i for points in columns.values() for i, point in enumerate(points)}
    turns = {point: i for points in rows.values() for i, point in enumerate(points)}
    cells: list[Rectangle] = []
    for point in sorted(meeting):
        x, y = point
        here_v, here_h = upright[point], flat[point]
        right: list[Point] = []
        for other in rows[y][turns[point] + 1 :]:
            if here_h.isdisjoint(flat[other]):
                break
            right.append(other)
        below = takewhile(lambda p: not here_v.isdisjoint(upright[p]), columns[x][places[point] + 1 :])  # noqa: B023
        corners = (
            (r[0], b[1])
            for b in below
            for r in right
            if (r[0], b[1]) in flat and flat[r[0], b[1]] & flat[b] and upright[r[0], b[1]] & upright[r]
        )
        corner = next(corners, None)
        if corner:
            cells.append((x, y, *corner))
    return cells


def _plain(x0: float, top: float, x1: float, bottom: float) -> dict[str, Any]:
    kind = "h" if top == bottom else "v"
    size = {"width": x1 - x0, "height": bottom - top}
    return {"x0": x0, "x1": x1, "top": top, "bottom": bottom, "orientation": kind, "object_type": "line", **size}


def _close(edges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The edges with the rims that a table lacks where it is open at its sides or broken by the page's end."""
    ends = _open_ends(edges)
    return [*edges, *ends, *_open_sides([*edges, *ends])]


def _open_ends(edges: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """A rim where two or more uprights end at one height and no line runs along their ends."""
    rims: list[dict[str, Any]] = []
    for end in ("top", "bottom"):
        upright = sorted((e for e in edges if e["orientation"] == "v"), key=lambda e: e[end])
        group: list[dict[str, Any]] = []
        for edge in [*upright, None]:
            if group and (edge is None or edge[end] - group[0][end] > SNAP):
                y, x0, x1 = group[0][end], min(e["x0"] for e in group), max(e["x0"] for e in group)
                along = [e for e in edges if e["orientation"] == "h" and abs(e["top"] - y) <= SNAP]
                if x1 - x0 > SNAP and not any(e["x0"] <= x0 + SNAP and e["x1"] >= x1 - SNAP for e in along):
                    rims.append(_plain(x0, along[0]["top"] if along else y, x1, along[0]["top"] if along else y))
                group = []
            if edge is not None:
                group.append(edge)
    return rims


def _reach(edge: dict[str, Any]) -> tuple[int, int]:
    return round(edge["x0"] / SNAP), round(edge["x1"] / SNAP)


def _open_sides(edges: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The left and right rim of tables that are printed without: rows ruled alike, with columns ruled between them."""
    flat = sorted((e for e in edges if e["orientation"] == "h"), key=lambda e: (*_reach(e), e["top"]))
    upright = [e for e in edges if e["orientation"] == "v"]
    sides: list[dict[str, Any]] = []
    for _, group in groupby(flat, key=_reach):
        rows = list(group)
        x0, x1, top, bottom = rows[0]["x0"], rows[0]["x1"], rows[0]["top"], rows[-1]["top"]
        inner = [
            e for e in upright if x0 + SNAP < e["x0"] < x1 - SNAP and e["top"] >= top - SNAP and e["bottom"] <= bottom + SNAP
        ]
        if len(rows) < 2 or not inner:
            continue
        top, bottom = min(e["top"] for e in inner), max(e["bottom"] for e in inner)
        for x in (x0, x1):
            if not any(abs(e["x0"] - x) <= SNAP and e["top"] < bottom and e["bottom"] > top for e in upright):
                sides.append(_plain(x, top, x, bottom))
    return sides


def _cells_to_tables(cells: Sequence[Rectangle]) -> list[list[Rectangle]]:
    """Cells that share a corner are one table; a cell alone is a frame."""
    parent = list(range(len(cells)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    corners: dict[tuple[float, float], int] = {}
    for i, (x0, top, x1, bottom) in enumerate(cells):
        for corner in ((x0, top), (x0, bottom), (x1, top), (x1, bottom)):
            other = corners.setdefault(corner, i)
            if other != i:
                parent[root(i)] = root(other)
    groups: dict[int, list[Rectangle]] = {}
    for i, cell in enumerate(cells):
        groups.setdefault(root(i), []).append(cell)
    return list(groups.values())


def _rim(cells: Sequence[Rectangle]) -> Rectangle:
    x0, top, x1, bottom = zip(*cells, strict=True)
    return min(x0), min(top), max(x1), max(bottom)


def _inside(inner: Rectangle, outer: Rectangle) -> bool:
    return (
        inner[0] >= outer[0] - SNAP
        and inner[1] >= outer[1] - SNAP
        and inner[2] <= outer[2] + SNAP
        and inner[3] <= outer[3] + SNAP
    )


def _drop_nested(groups: Sequence[list[Rectangle]]) -> list[list[Rectangle]]:
    """A frame round a table gives way to the table; a table in another table's cell gives way to that."""
    if len(groups) == 1:
        return list(groups)
    rims = [_rim(cells) for cells in groups]
    kept: list[list[Rectangle]] = []
    for i, cells in enumerate(groups):
        outer = [j for j in range(len(groups)) if j != i and _inside(rims[i], rims[j]) and rims[i] != rims[j]]
        inner = [j for j in range(len(groups)) if j != i and _inside(rims[j], rims[i]) and rims[i] != rims[j]]
        if any(len(groups[j]) > 1 for j in outer) or (len(cells) == 1 and inner):
            continue
        kept.append(cells)
    return kept


@dataclass(frozen=True, slots=True)
class _Shape:
    """A table's edges and its cells: place → number, and number → (row, column, rows, columns)."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    at: dict[tuple[int, int], int]
    places: list[tuple[int, int, int, int]]

    @classmethod
    def of(cls, cells: Sequence[Rectangle]) -> "_Shape":
        xs = sorted({x for c in cells for x in (c[0], c[2])})
        ys = sorted({y for c in cells for y in (c[1], c[3])})
        column, row = {x: i for i, x in enumerate(xs)}, {y: i for i, y in enumerate(ys)}
        at: dict[tuple[int, int], int] = {}
        places: list[tuple[int, int, int, int]] = []
        for x0, top, x1, bottom in cells:
            place = (row[top], column[x0], row[bottom] - row[top], column[x1] - column[x0])
            spots = [(place[0] + i, place[1] + j) for i in range(place[2]) for j in range(place[3])]
            if at.keys().isdisjoint(spots):
                at.update(dict.fromkeys(spots, len(places)))
                places.append(place)
        for i in range(len(ys) - 1):
            for j in range(len(xs) - 1):
                if (i, j) not in at:
                    at[i, j] = len(places)
                    places.append((i, j, 1, 1))
        return cls(tuple(xs), tuple(ys), at, places)

    def holds(self, x: float, y: float) -> bool:
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]

    def row_at(self, y: float) -> int:
        return bisect_right(self.ys, y, 1, len(self.ys) - 1) - 1

    def cell_at(self, x: float, row: int) -> int:
        return self.at[row, bisect_right(self.xs, x, 1, len(self.xs) - 1) - 1]


def _cut(page: PageText, fragment: Fragment, shape: _Shape, y: float) -> list[tuple[int, Fragment]]:
    """The fragment's pieces, each with its cell."""
    reach = min(0.3 * fragment.size, (fragment.x1 - fragment.x0) / 2)
    row = shape.row_at(y)
    start, end = shape.cell_at(fragment.x0 + reach, row), shape.cell_at(fragment.x1 - reach, row)
    if start == end:
        return [(start, fragment)]
    pieces: list[tuple[int, Fragment]] = []
    x, right = page.x, page.right
    spots = ((shape.cell_at((x[i] + right[i]) / 2, row), i) for i in range(fragment.first, fragment.last))
    for cell, group in groupby(spots, key=lambda spot: spot[0]):
        run = [i for _, i in group]
        words = spell(page.text, x, right, range(run[0], run[-1] + 1), fragment.size)
        made = fragment._replace(first=run[0], last=run[-1] + 1, text=words, x0=x[run[0]], x1=right[run[-1]])
        if words.strip():
            pieces.append((cell, made))
    return pieces


def _shape_to_table(
    page: PageText, shape: _Shape, words: dict[int, list[Fragment]], number: int, doubled: list[str]
) -> TablePart:
    cells: list[CellPart] = []
    for index, (row, column, rows, columns) in enumerate(shape.places):
        lines: tuple[PrintedLine, ...] = ()
        if index in words:
            found = fragments_to_lines(page, words[index], number)
            doubled.append(found.doubled)
            lines = tuple(found.lines)
        cells.append(CellPart(row, column, rows, columns, shape.xs[column], shape.xs[column + columns], lines))
    cells.sort(key=lambda c: (c.row, c.column))
    return TablePart(shape.ys[0], shape.ys[-1], shape.xs, tuple(cells), (number,) * (len(shape.ys) - 1))
