"""Where and how large a file places its pictures, told before one of them is unpacked; imports nothing heavy."""

from collections.abc import Sequence
from dataclasses import dataclass

from planparse.document import Document, Origin, PictureState
from planparse.document_builder import DocumentBuilder
from planparse.extractors.picture_heads import picture_head
from planparse.grammar import Grammar

MAX_PICTURE_PIXELS = 80_000_000
"""A sheet of A3 at 600 dpi has 70 million; larger pictures are named and not unpacked."""
MAX_PICTURES = 300
"""So many pictures of a file are read; each takes some seconds."""
NO_FILE = Origin("", "picture", "0" * 64, 0, "ocr")
INSTALL = "pip install 'planparse[ocr]'"
"""What reads pictures."""
# A picture that is smaller is a logo or a sign; a pasted box of two lines is about 400 × 60 points.
MIN_SHARE, MIN_WIDTH, MIN_HEIGHT = 0.08, 150.0, 60.0
# A sheet of A4 in points, upright; a picture of a page, which says no size, is taken for one.
A4 = (595.0, 842.0)
# Resolutions that a scanner writes; screens and cameras write 72 and 96 whatever they took.
LEAST_DPI, MOST_DPI = 100.0, 1300.0
# A page is so much higher than wide, or the other way round, and has so many pixels across.
PAGE_SHAPE, PAGE_PIXELS = (1.2, 1.7), 900
# A screen has 96 pixels an inch, and a column of text is so many points wide.
SCREEN, COLUMN = 0.75, 450.0
# A picture this large beside the room for text is the page; A4 without the margins that Word gives it, in square points.
PAGE_SHARE = 0.6
ROOM = 415.0 * 698.0


def is_worth(wide: float, high: float, share: float) -> bool:
    """Whether a picture is large enough to carry text: its width and height in points, and its share of the page."""
    return share > MIN_SHARE or (wide > MIN_WIDTH and high > MIN_HEIGHT)


Crop = tuple[float, float, float, float]
"""The shares of a picture that are cut off left, top, right and bottom."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture as a file places it: points where it says them.

    `data` is empty where the file names a picture that it does not hold (`absent`), or draws what has no pixels (a chart).
    """

    name: str
    data: bytes = b""
    width: float | None = None
    height: float | None = None
    crop: Crop | None = None
    page: int = 0
    absent: bool = False

    def size(self) -> tuple[float, float] | None:
        """Its width and height in points, as placed or as its pixels say; None where neither tells."""
        if self.width and self.height:
            return self.width, self.height
        head = picture_head(self.data)
        if head is None:
            return None
        shape = head.height / head.width
        if self.width:
            return self.width, self.width * shape
        if self.height:
            return self.height / shape, self.height
        if is_page_shaped(head.width, head.height):
            wide = A4[0] if shape > 1 else A4[1]
        else:
            wide = min(COLUMN, SCREEN * head.width)
        return wide, wide * shape

    def is_worth_reading(self, share: float = 0.0) -> bool:
        """Whether it is large enough to carry text, `share` of its page; no logo, icon or rule."""
        size = self.size()
        return size is not None and is_worth(*size, share)


def is_page_shaped(width: int, height: int) -> bool:
    """Whether so many pixels are a page that was scanned or photographed."""
    long, short = max(width, height), min(width, height)
    return short >= PAGE_PIXELS and PAGE_SHAPE[0] <= long / short <= PAGE_SHAPE[1]


def sheet_size(width: int, height: int, dpi: float | None) -> tuple[float, float]:
    """The size in points of a picture that is a page, by its resolution where a scanner wrote it, else as wide as A4."""
    if dpi is not None and LEAST_DPI <= dpi <= MOST_DPI and 0.4 * A4[0] <= 72 * min(width, height) / dpi <= 3 * A4[1]:
        return 72 * width / dpi, 72 * height / dpi
    wide = A4[0] if height >= width else A4[1]
    return wide, wide * height / width


@dataclass(frozen=True, slots=True)
class Group:
    """Pictures that are read as one: pages of a scan that follow each other (`whole`), or a single picture among text.

    `doubted`: a page that may be a map has to say something.
    """

    pictures: tuple[Placed, ...]
    whole: bool = False
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What a group says: a document whose pages are its pictures, and of each picture its state and place in that text."""

    document: Document
    states: tuple[PictureState, ...]
    places: tuple[tuple[int, int], ...]
    names: tuple[str, ...]
    whole: bool
    confidence: float

    def lay(self, builder: DocumentBuilder, *, places: bool = False) -> None:
        """Add its words and its pictures to a document; with `places` the words keep their pages."""
        start = builder.offset
        builder.take(self.document, places=places)
        for name, state, (a, b) in zip(self.names, self.states, self.places, strict=True):
            builder.picture(start + a, state, end=start + b, name=name, whole=self.whole)


def tell_groups(groups: Sequence[Group], grammar: Grammar) -> list[Told]:
    """What the groups of one file say, in their order."""
    if any(not placed.absent for group in groups for placed in group.pictures):
        # Brings the rooms of scans along.
        from planparse.extractors.pictures import read_groups

        return read_groups(groups, grammar)
    nothing = Document("", (), NO_FILE)
    made = [tuple(placed.name for placed in group.pictures) for group in groups]
    absent: PictureState = "absent"
    return [Told(nothing, (absent,) * len(names), ((0, 0),) * len(names), names, False, 0.0) for names in made]


def events_to_groups(events: Sequence[tuple[Placed, bool] | None], room: float) -> list[tuple[list[int], Group]]:
    """The pictures among a file's words (None) that are large enough, as they are read together, by their places.

    A picture comes with whether it stands in a cell or a frame, where it is no page. Pages follow each other: a seal or a
    logo between two parts none. Where there are no words, all is one scan. `room` is a page's room for text, in square points.
    """
    scan = None not in events
    groups: list[list[int]] = []
    whole: list[bool] = []
    joins = False
    for place, event in enumerate(events):
        if event is None:
            joins = False
            continue
        placed, inside = event
        wide, high = placed.size() or (0.0, 0.0)
        share = wide * high / room
        if not (placed.is_worth_reading(share) or (placed.absent and placed.size() is None)):
            continue
        page = not inside and not placed.absent and (scan or share >= PAGE_SHARE)
        if page and joins:
            groups[-1].append(place)
        else:
            groups.append([place])
            whole.append(page)
        joins = page
    return [
        (places, Group(tuple(event[0] for i in places if (event := events[i])), whole=page, doubted=page and not scan))
        for places, page in zip(groups, whole, strict=True)
    ]
