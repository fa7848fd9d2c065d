"""Scans and pictures: pages without text, and pictures in text pages, read by OCR (`planparse[ocr]`).

What is recognised goes the way of printed text: fragments, lines, tables, paragraphs. Rulings found in the picture are the
edges of its tables. Nothing is rendered, and no library loaded, before a picture is met.
"""

import ctypes
import importlib.util
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from planparse.document import Box, Document, Line, Picture, count_characters
from planparse.document_builder import DocumentBuilder
from planparse.extractors.ocr_signs import settle_signs
from planparse.extractors.ocr_words import Word, snap_sizes, steady_sizes, words_to_page
from planparse.extractors.pdf_flow import PageLines
from planparse.extractors.pdf_lines import PrintedLine
from planparse.extractors.pdf_page import PageText
from planparse.extractors.pdf_rulings import Edge
from planparse.extractors.pdf_tables import page_to_tables

if TYPE_CHECKING:
    from planparse.extractors.ocr_engine import Engine
    from planparse.extractors.ocr_scans import Scan, Sheet

NEEDED = ("PIL", "cv2", "numpy", "onnxruntime", "rapidocr")
THREADS = 2
# Below this a piece is a stamp, a stain or a picture; on clean scans print is read with 0.95 and more.
DOUBTFUL = 0.5
# A picture says something when it has this many characters, in pieces of this length; else it is a map, a chart, a photo.
MIN_CHARACTERS, MIN_PIECE, MIN_CONFIDENCE = 15, 4.0, 0.75
# A table has so many cells with words, and they hold so much of what the picture says.
MIN_CELLS, IN_CELLS = 6, 0.7
# Of a line without a place, so much must have been recognised for it to be one.
MOST = 0.5
# How far a frame round a picture stands off, in points.
FRAME_ROOM = 1.0

NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)

ToPage = Callable[[PageText, Sequence[Edge], int, DocumentBuilder], PageLines]


def is_installed() -> bool:
    """Whether the packages of `planparse[ocr]` are there; none is imported."""
    return all(importlib.util.find_spec(name) for name in NEEDED)


class PictureReader:
    """Reads the pictures of one file, sheet by sheet, and lays what they say among the pages' lines at the end.

    1. Characters that it reads are counted in the builder's `recognised`, also those that it puts aside (`ocr_doubtful`,
       `picture_label`); what the text layer says in the same place is not read again.
    2. Without the extra nothing is read: `unread` names pages and areas (points, from the upper left corner).
    3. The same pictures give the same words on the same kind of processor.
    """

    def __init__(self, *, threads: int = THREADS) -> None:
        self.scans: list[Scan] = []
        self.unread: list[tuple[int, Box]] = []
        self._threads = threads
        self._installed: bool | None = None
        self._engine: Engine | None = None

    def look(self, sheet: "Sheet", areas: Sequence[Box], number: int, text: PageText) -> None:
        """Read the areas of a page whose text layer is `text`."""
        if not areas:
            return
        engine = self.engine()
        if engine is None:
            self.unread += [(number, area) for area in areas]
            return
        from planparse.extractors.ocr_scans import page_to_scans

        self.scans += page_to_scans(sheet, number, text, areas, engine)
        give_back()

    def read_page(self, sheet: "Sheet", number: int, text: PageText) -> Sequence[Word]:
        """The words of a whole page whose text layer does not tell them; none without the extra."""
        engine = self.engine()
        if engine is None:
            return ()
        from planparse.extractors.ocr_scans import page_to_scans

        whole = [(0.0, 0.0, text.frame.width, text.frame.height)]
        scans = page_to_scans(sheet, number, replace(text, fragments=[]), whole, engine)
        give_back()
        return [word for scan in scans for word in scan.words]

    @property
    def at_hand(self) -> bool:
        """Whether pictures can be read."""
        if self._installed is None:
            self._installed = is_installed()
        return self._installed

    def engine(self) -> "Engine | None":
        """The engine, loaded when it is first asked for; None without the extra."""
        if self.at_hand and self._engine is None:
            from planparse.extractors.ocr_engine import Engine

            self._engine = Engine(threads=self._threads)
        return self._engine

    @property
    def pages(self) -> list[int]:
        """The pages without text that showed words."""
        return sorted({scan.number for scan in self.scans if scan.whole and scan.words})

    def metadata(self) -> dict[str, str]:
        """What was read, for diagnostics; keys only where there is something to say.

        `ocr_pages` ("2,3"); `ocr_areas` and `ocr_unread` ("2:90,385,505,757;3:…": page, then left, top, right, bottom in
        points); `ocr_confidence` ("0.987", the mean over all characters).
        """
        found: dict[str, str] = {}
        if self.pages:
            found["ocr_pages"] = ",".join(map(str, self.pages))
        areas = [(scan.number, scan.area) for scan in self.scans if not scan.whole and scan.words]
        for key, places in (("ocr_areas", areas), ("ocr_unread", self.unread)):
            if places:
                found[key] = ";".join(f"{number}:{','.join(str(round(v)) for v in box)}" for number, box in places)
        words = [word for scan in self.scans for word in scan.words]
        if words:
            found["ocr_confidence"] = f"{mean_confidence(words):.3f}"
        return found

    def add_to(self, pages: Sequence[PageLines], builder: DocumentBuilder, to_page: ToPage) -> list[PageLines]:
        """The pages with what their pictures say, at its place; a picture among text is a frame of its own."""
        self.scans = settle(self.scans)
        return lay_scans(self.scans, pages, builder, to_page)

    def left_over(self, pages: Sequence[int]) -> list[int]:
        """Of pages without text those that showed no words and are not named as unread."""
        known = {*self.pages, *(number for number, _ in self.unread)}
        return [number for number in pages if number not in known]

    def mark(self, document: Document, failed: Sequence[Picture] = ()) -> Document:
        """The document with what it was read from: the confidence of lines (`mark_lines`), and its pictures by place.

        `failed` are pictures that cannot be read, with their page and box.
        """
        marked = mark_lines(document, self.scans)
        pictures = [replace(area_to_picture(marked, p.page or 1, p.box or NOWHERE), state=p.state, name=p.name) for p in failed]
        pictures += [area_to_picture(marked, scan.number, scan.area) for scan in self.scans if not scan.whole]
        pictures += [replace(area_to_picture(marked, *place), state="unread") for place in self.unread]
        return replace(marked, pictures=tuple(sorted(pictures, key=lambda p: (p.start, p.end)))) if pictures else marked


def lay_scans(
    scans: "Sequence[Scan]", pages: Sequence[PageLines], builder: DocumentBuilder, to_page: ToPage
) -> list[PageLines]:
    """The pages with what the scans of them say; the words of a whole page are all that it has."""
    made = {page.number: page for page in pages}
    for scan in scans:
        words = keep_words(scan, builder)
        if words:
            text = words_to_page(words, scan.width, scan.height)
            read = to_page(text, frame_edges(text, scan), scan.number, builder)
            made[scan.number] = read if scan.whole else lay_in(made[scan.number], read)
    return [made[page.number] for page in pages]


def mark_lines(document: Document, scans: "Sequence[Scan]") -> Document:
    """The document with the `confidence` of each line that OCR gave: the mean over its first cell or its words."""
    by_page: dict[int, list[Scan]] = {}
    for scan in scans:
        if scan.words:
            by_page.setdefault(scan.number, []).append(scan)
    if not by_page:
        return document
    text = document.text
    lines = (_mark_line(line, by_page.get(line.page or 0, ()), text[line.start : line.end]) for line in document.lines)
    return replace(document, lines=tuple(lines))


def area_to_picture(document: Document, page: int, box: Box) -> Picture:
    """The picture in an area of a page: the lines that were read in it, or before which line it stands."""
    here = [line for line in document.lines if line.page == page and line.box]
    read = [line for line in document.lines if line.page == page and line.confidence is not None]
    # A row whose cells hold several paragraphs has no box.
    inside = [line for line in read if line.box and _holds(box, line)] or [line for line in read if not line.box]
    if inside:
        start, end = min(line.start for line in inside), max(line.end for line in inside)
        for grid in document.grids:
            if grid.start < end and start < grid.end:
                start, end = min(start, grid.start), max(end, grid.end)
        return Picture(start, end, "read", page=page, box=box)
    middle = (box[1] + box[3]) / 2
    below = (line.start for line in here if _beside(box, line) and line.box and (line.box[1] + line.box[3]) / 2 > middle)
    ends = document.pages[page] if page < len(document.pages) else len(document.text)
    start = min(next(below, ends), len(document.text))
    return Picture(start, start, "wordless", page=page, box=box)


def _holds(box: Box, line: Line) -> bool:
    left, top, right, bottom = line.box or box
    return box[0] <= (left + right) / 2 <= box[2] and box[1] <= (top + bottom) / 2 <= box[3]


def _beside(box: Box, line: Line) -> bool:
    """Whether a line stands in the same column as a picture."""
    return line.box is not None and line.box[0] < box[2] and box[0] < line.box[2]


def give_back() -> None:
    """Give freed memory back to the system, where the C library knows how (glibc's malloc_trim).

    A page's pictures are of some megabytes each; without this what they leave behind grows by 28 MB a page.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


def settle(scans: "Sequence[Scan]") -> "list[Scan]":
    """The scans with what only the whole document tells: sizes that are one, and how wide signs are."""
    sizes = snap_sizes(word for scan in scans for word in scan.words)
    steady = [steady_sizes([replace(word, size=sizes[word.size]) for word in scan.words]) for scan in scans]
    words = iter(settle_signs([word for scan in steady for word in scan]))
    return [replace(scan, words=tuple(islice(words, len(scan.words)))) for scan in scans]


def keep_words(scan: "Scan", builder: DocumentBuilder) -> list[Word]:
    """The words of a scan that go into the text; the others go to the builder's discarded, with the reason."""
    for word in scan.words:
        builder.recognised.update(count_characters(word.text))
    kept = [word for word in scan.words if word.confidence >= DOUBTFUL]
    for word in scan.words:
        if word.confidence < DOUBTFUL:
            builder.discard(word.text, "ocr_doubtful", page=scan.number)
    if not (scan.framed or scan.doubted) or says_something(kept) or _is_ruled(scan, kept):
        return kept
    for word in kept:
        builder.discard(word.text, "picture_label", page=scan.number)
    return []


def says_something(words: Sequence[Word]) -> bool:
    """Whether a picture carries text to be read, and not only the labels of a map or a chart."""
    count = sum(len(word.text) for word in words)
    return count >= MIN_CHARACTERS and count >= MIN_PIECE * len(words) and mean_confidence(words) >= MIN_CONFIDENCE


def _is_ruled(scan: "Scan", words: Sequence[Word]) -> bool:
    """Whether a picture is a ruled table: its cells hold few characters each, as labels do, but labels stand in none."""
    if mean_confidence(words) < MIN_CONFIDENCE:
        return False
    tables = page_to_tables(words_to_page(words, scan.width, scan.height), scan.edges, scan.number).tables
    held = [sum(len(line.text) for line in cell.lines) for table in tables for cell in table.cells if cell.lines]
    return len(held) >= MIN_CELLS and sum(held) >= IN_CELLS * sum(len(word.text) for word in words)


def frame_edges(text: PageText, scan: "Scan") -> list[Edge]:
    """The edges found in a picture; with its rim where a picture among text has no table or frame of its own."""
    edges = list(scan.edges)
    if not scan.framed or page_to_tables(text, edges, scan.number).tables:
        return edges
    rows = [(f.x0, f.y - f.size, f.x1, f.y + 0.3 * f.size) for f in text.fragments]
    left, top = min(scan.area[0], *(r[0] for r in rows)) - FRAME_ROOM, min(scan.area[1], *(r[1] for r in rows)) - FRAME_ROOM
    right, bottom = max(scan.area[2], *(r[2] for r in rows)) + FRAME_ROOM, max(scan.area[3], *(r[3] for r in rows))
    rim = [Edge(left, top, right, top), Edge(left, bottom, right, bottom)]
    return [*rim, Edge(left, top, left, bottom), Edge(right, top, right, bottom)]


def lay_in(page: PageLines, picture: PageLines) -> PageLines:
    """A page with the lines and tables of a picture on it, by height."""
    lines: list[PrintedLine] = list(page.lines)
    for line in picture.lines:
        lines.insert(next((i for i, other in enumerate(lines) if other.y > line.y), len(lines)), line)
    tables = sorted((*page.tables, *picture.tables), key=lambda table: table.top)
    return replace(page, lines=lines, tables=tables)


def mean_confidence(words: Sequence[Word]) -> float:
    """The mean of all characters' scores, 0 to 1; 0 without words."""
    count = sum(len(word.text) for word in words)
    return sum(sum(word.scores) for word in words) / max(1, count)


def _mark_line(line: Line, scans: "Sequence[Scan]", text: str) -> Line:
    if not scans:
        return line
    if line.box is None:
        # A cell of several paragraphs has no box; its words tell, and on a page that is all scan the mean stands in.
        said = "".join(text.split())
        words = [word for scan in scans for word in scan.words if word.text in said]
        if sum(len(word.text) for word in words) < MOST * len(said):
            words = [word for scan in scans if scan.whole for word in scan.words]
        return line._replace(confidence=round(mean_confidence(words), 3)) if words else line
    left, top, right, bottom = line.box
    inside = [
        word
        for scan in scans
        for word in scan.words
        if left - 1 <= word.middle[0] <= right + 1 and top - 1 <= word.middle[1] <= bottom + 1
    ]
    return line._replace(confidence=round(mean_confidence(inside), 3)) if inside else line
