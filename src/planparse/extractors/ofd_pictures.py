"""The pictures of an OFD page (GB/T 33190-2016, 10): where image objects stand, and the page as a sheet that shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from planparse.document import Box, Picture, PictureState
from planparse.errors import UnreadableFile
from planparse.extractors.ofd_objects import Drawn
from planparse.extractors.ofd_package import OfdPackage
from planparse.extractors.ofd_pages import PageBox
from planparse.extractors.pdf_page import Frame
from planparse.extractors.pdf_rulings import Matrix
from planparse.extractors.picture_heads import picture_head
from planparse.extractors.picture_places import MAX_PICTURE_PIXELS, MAX_PICTURES, is_worth

POINTS = 72 / 25.4  # in a millimetre
MARGIN = 1.0


@dataclass(frozen=True, slots=True)
class Image:
    """An image object: the part that holds it, and how the unit square that it is lies on the page, in points downwards."""

    part: str
    matrix: Matrix

    def corners(self) -> list[tuple[float, float]]:
        """Its corners on the page, from the upper left one on."""
        a, b, c, d, e, f = self.matrix
        return [(e, f), (a + e, b + f), (a + c + e, b + d + f), (c + e, d + f)]


class OfdSheet:
    """A page of pictures: what its image objects show, on white."""

    def __init__(self, package: OfdPackage, images: Sequence[Image], width: float, height: float) -> None:
        self._package, self._images, self._width, self._height = package, images, width, height

    def size(self) -> tuple[float, float]:
        """Its width and height in points."""
        return self._width, self._height

    def image(self, scale: float, turn: int | None = None) -> Any:
        """Its BGR pixels: as it is shown, or as text turned by `turn` quarters is read; damaged pictures are left out."""
        import cv2
        import numpy as np

        from planparse.extractors.ocr_decode import BadPicture, bytes_to_pixels

        wide, high = max(1, round(self._width * scale)), max(1, round(self._height * scale))
        ground = np.full((high, wide, 3), 255, np.uint8)
        for image in self._images:
            a, b, c, d, e, f = (v * scale for v in image.matrix)
            across, down = (
                min(2 * wide, max(1, round((a * a + b * b) ** 0.5))),
                min(2 * high, max(1, round((c * c + d * d) ** 0.5))),
            )
            try:
                pixels = bytes_to_pixels(self._package.raw(image.part), across, down)
            except (BadPicture, UnreadableFile):
                continue
            matrix = np.array([[a / across, c / down, e], [b / across, d / down, f]])
            cv2.warpAffine(pixels, matrix, (wide, high), dst=ground, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT)
        return np.ascontiguousarray(np.rot90(ground, -turn)) if turn else ground


@dataclass(slots=True)
class PageImages:
    """The pictures of a page that can be read, the boxes of those, and those that cannot, by what hinders."""

    images: list[Image]
    boxes: list[Box]
    failed: list[Picture]


def drawn_to_pictures(drawn: Drawn, number: int, frame: Frame, box: PageBox, package: OfdPackage, read: int) -> PageImages:
    """The pictures of a page that are large enough to carry text; `read` are those of earlier pages."""
    left, top, _, _ = box
    found = PageImages([], [], [])
    for name, (a, b, c, d, e, f) in drawn.images:
        image = Image(name, (a * POINTS, b * POINTS, c * POINTS, d * POINTS, (e - left) * POINTS, (f - top) * POINTS))
        corners = image.corners()
        xs, ys = [x for x, _ in corners], [frame.top - y for _, y in corners]
        across, down = frame.across(xs, ys), frame.down(xs, ys)
        place: Box = (min(across), min(down), max(across), max(down))
        wide, high = place[2] - place[0], place[3] - place[1]
        if not is_worth(wide, high, wide * high / max(1.0, frame.width * frame.height)):
            # A strip of a scan is small by itself.
            if _is_strip(wide, frame) and _state(package, name, 0) is None:
                found.images.append(image)
                found.boxes.append(place)
            continue
        state = _state(package, name, read + len(found.images))
        if state is None:
            found.images.append(image)
            found.boxes.append(place)
        else:
            found.failed.append(Picture(0, 0, state, name, number, place))
    return found


def _is_strip(wide: float, frame: Frame) -> bool:
    return wide >= 0.5 * frame.width


def _state(package: OfdPackage, part: str, read: int) -> PictureState | None:
    """What hinders that a picture is read; None where nothing does."""
    if not part:
        return "absent"
    try:
        head = picture_head(package.raw(part))
    except UnreadableFile:
        return "unreadable"
    if head is None:
        return "unreadable"
    return "too-large" if head.pixels > MAX_PICTURE_PIXELS or read >= MAX_PICTURES else None
