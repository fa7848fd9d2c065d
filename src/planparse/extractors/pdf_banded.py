"""Tables ruled across only (三线表): lines above, below and under the head, columns by where words stand → all their edges."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Protocol

from planparse.extractors.pdf_rulings import Edge

# A band: at least three lines of one reach, this wide in points, with no upright beside or between them.
MIN_RULES, MIN_WIDTH, SAME = 3, 120.0, 3.0
MIN_ROWS, MIN_COLUMNS = 3, 2
# Most of the rows fill most of the columns.
FILLED = 0.6
# Lines nearer than this many ems whose first column is empty go on with the row above.
NEAR = 1.7


class Piece(Protocol):
    """Words without a wide gap."""

    @property
    def x0(self) -> float:
        """Left edge."""

    @property
    def x1(self) -> float:
        """Right edge."""


class Printed(Protocol):
    """A printed line in pieces, from left to right."""

    @property
    def y(self) -> float:
        """Its baseline."""

    @property
    def size(self) -> float:
        """Its size."""

    @property
    def chunks(self) -> Sequence[Piece]:
        """Its pieces."""


def find_bands(ruled: Sequence[Edge]) -> list[list[Edge]]:
    """The rules of each band, from the top down."""
    flat = sorted((e for e in ruled if e.top == e.bottom and e.x1 - e.x0 >= MIN_WIDTH), key=lambda e: e.top)
    if len(flat) < MIN_RULES:
        return []
    upright = [e for e in ruled if e.x0 == e.x1]
    bands: list[list[Edge]] = []
    for edge in flat:
        band = next((b for b in bands if abs(b[0].x0 - edge.x0) <= SAME and abs(b[0].x1 - edge.x1) <= SAME), None)
        if band is None:
            bands.append([edge])
        elif edge.top - band[-1].top > SAME:
            band.append(edge)
    return [
        band
        for band in bands
        if len(band) >= MIN_RULES
        and not any(
            band[0].x0 - SAME <= e.x0 <= band[0].x1 + SAME and e.top < band[-1].top and e.bottom > band[0].top for e in upright
        )
    ]


def band_to_edges(band: Sequence[Edge], rows: Sequence[Printed], ruled: Sequence[Edge]) -> list[Edge]:
    """The edges that the table of a band lacks; none where its lines (`rows`, the page's) do not stand in columns."""
    inside = [row for row in rows if band[0].top < row.y < band[-1].top and row.chunks]
    columns = rows_to_columns(inside)
    if len(inside) < MIN_ROWS or len(columns) < MIN_COLUMNS:
        return []
    full = [row for row in inside if len(row.chunks) >= MIN_COLUMNS]
    if len(full) < FILLED * len(inside) or sum(len(row.chunks) for row in full) < FILLED * len(full) * len(columns):
        return []
    x0, x1 = band[0].x0, band[0].x1
    xs = [x0, *((a[1] + b[0]) / 2 for a, b in pairwise(columns)), x1]
    if not x0 < xs[1] or not xs[-2] < x1:
        return []
    groups = _lines_to_rows(inside, columns, band)
    flat = [*band, *(e for e in ruled if e.top == e.bottom)]
    ys = [band[0].top, *(_between(a[-1], b[0], flat) for a, b in pairwise(groups)), band[-1].top]
    head = sum(1 for y in ys[1:] if y <= band[1].top + SAME)
    # A short rule in the head runs under the cell that stands over several columns.
    short = [e for e in ruled if e.top == e.bottom and band[0].top < e.top < band[1].top and e.x1 - e.x0 < x1 - x0 - SAME]
    return [*_uprights(xs, ys, groups, short), *_flats(xs, ys, groups, head)]


def rows_to_columns(rows: Sequence[Printed]) -> list[tuple[float, float]]:
    """Where columns stand: as the lines with most pieces have them, widened by pieces that meet one only."""
    most = max((len(row.chunks) for row in rows), default=0)
    fullest = [row for row in rows if len(row.chunks) == most]
    columns = [
        (min(row.chunks[i].x0 for row in fullest), max(row.chunks[i].x1 for row in fullest)) for i in range(most)
    ]  # fmt: skip
    for row in rows:
        for piece in row.chunks:
            under = [i for i, (a, b) in enumerate(columns) if piece.x0 < b and piece.x1 > a]
            if len(under) == 1:
                a, b = columns[under[0]]
                columns[under[0]] = min(a, piece.x0), max(b, piece.x1)
    return columns if all(a[1] < b[0] for a, b in pairwise(columns)) else []


def _lines_to_rows(
    lines: Sequence[Printed], columns: Sequence[tuple[float, float]], band: Sequence[Edge]
) -> list[list[Printed]]:
    """The lines by row: a rule between two parts them, and so does a first column that is not empty."""
    every = len(band) > MIN_RULES + 1  # every row is ruled off
    groups: list[list[Printed]] = []
    for line in lines:
        last = groups[-1][-1] if groups else None
        parted = last is None or any(last.y < e.top < line.y for e in band)
        goes_on = last is not None and line.chunks[0].x0 >= columns[0][1] and line.y - last.y <= NEAR * line.size
        in_head = line.y < band[1].top
        if parted or (not every and (in_head or not goes_on)):
            groups.append([line])
        else:
            groups[-1].append(line)
    return groups


def _between(above: Printed, below: Printed, rules: Sequence[Edge]) -> float:
    """The height that parts two rows: a rule's, if there is one."""
    rule = next((e.top for e in rules if above.y < e.top < below.y), None)
    return rule if rule is not None else (above.y + 0.2 * above.size + below.y - below.size) / 2


def _spans(row: Sequence[Printed], x: float) -> bool:
    return any(piece.x0 < x - 1 and piece.x1 > x + 1 for line in row for piece in line.chunks)


def _uprights(
    xs: Sequence[float], ys: Sequence[float], rows: Sequence[Sequence[Printed]], short: Sequence[Edge]
) -> Iterator[Edge]:
    for x in xs:
        for (top, bottom), row in zip(pairwise(ys), rows, strict=True):
            under = any(e.x0 + SAME < x < e.x1 - SAME and abs(e.top - bottom) <= SAME for e in short)
            if x in (xs[0], xs[-1]) or not (under or _spans(row, x)):
                yield Edge(x, top, x, bottom)


def _flats(xs: Sequence[float], ys: Sequence[float], rows: Sequence[Sequence[Printed]], head: int) -> Iterator[Edge]:
    """Lines between rows; within the head only where a column has words both above and below."""
    for k, y in enumerate(ys):
        for left, right in pairwise(xs):
            inner = 0 < k < head
            if not inner or (_filled(rows[k - 1], left, right) and _filled(rows[k], left, right)):
                yield Edge(left, y, right, y)


def _filled(row: Sequence[Printed], left: float, right: float) -> bool:
    return any(piece.x0 < right and piece.x1 > left for line in row for piece in line.chunks)
