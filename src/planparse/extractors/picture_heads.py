"""What a picture file says of itself before a pixel is unpacked: its kind, width and height, resolution, pages."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

MAX_PAGES = 1_000
# Frame headers of JPEG (ITU-T T.81, table B.1): SOF0 to SOF15 but for DHT, JPG and DAC.
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# TIFF 6.0, section 8: bit 0 of the subfile's type says that it is a smaller version of another page.
SUBFILE, WIDTH, HEIGHT, RESOLUTION, RESOLUTION_UNIT = 254, 256, 257, 282, 296
INCH, CENTIMETRE, METRE = 1.0, 2.54, 0.0254


class PictureHead(NamedTuple):
    """A picture's kind (PNG, JPEG, GIF, BMP, TIFF, WebP), its size in pixels, pixels an inch if it says so; which page it is."""

    kind: str
    width: int
    height: int
    dpi: float | None = None
    page: int = 0

    @property
    def pixels(self) -> int:
        """How many pixels there are to unpack."""
        return self.width * self.height


def picture_head(data: bytes) -> PictureHead | None:
    """The head of a picture file, of its largest page; None where it is damaged, or has no pixels (EMF, WMF, SVG)."""
    return max(picture_pages(data), key=lambda head: head.pixels, default=None)


def picture_pages(data: bytes) -> list[PictureHead]:
    """The heads of a picture file's pages: several in TIFF alone, where thumbnails are none."""
    try:
        if data[:4] in (b"II*\x00", b"MM\x00*"):
            return list(_tiff(data, "<" if data[:2] == b"II" else ">"))
        found = _single(data)
    except (struct.error, IndexError):
        return []
    return [found] if found is not None and found.pixels else []


def _single(data: bytes) -> PictureHead | None:
    if data.startswith(b"\x89PNG\r\n"):
        return _png(data)
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data.startswith(b"GIF8"):
        return PictureHead("GIF", *struct.unpack_from("<HH", data, 6))
    if data.startswith(b"BM"):
        return _bmp(data)
    return _webp(data) if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def _png(data: bytes) -> PictureHead:
    width, height = struct.unpack_from(">II", data, 16)
    at = data.find(b"pHYs", 0, 4096)
    across, _, unit = struct.unpack_from(">IIB", data, at + 4) if at > 0 else (0, 0, 0)
    return PictureHead("PNG", width, height, across * METRE if unit == 1 and across else None)


def _bmp(data: bytes) -> PictureHead:
    width, height = struct.unpack_from("<ii", data, 18)
    (across,) = struct.unpack_from("<i", data, 38)
    return PictureHead("BMP", abs(width), abs(height), across * METRE if across > 0 else None)


def _jpeg(data: bytes) -> PictureHead | None:
    at, dpi = 2, None
    while at + 9 < len(data):
        if data[at] != 0xFF:
            return None
        mark = data[at + 1]
        if mark == 0xFF or 0xD0 <= mark <= 0xD8 or mark == 0x01:
            at += 1 if mark == 0xFF else 2
            continue
        if mark in FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return PictureHead("JPEG", width, height, dpi)
        if mark == 0xE0 and data[at + 4 : at + 8] == b"JFIF":
            unit, across = struct.unpack_from(">BH", data, at + 11)
            dpi = across * (INCH if unit == 1 else CENTIMETRE) if unit and across else None
        at += 2 + int(struct.unpack_from(">H", data, at + 2)[0])
    return None


def _webp(data: bytes) -> PictureHead | None:
    kind = data[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return PictureHead("WebP", width & 0x3FFF, height & 0x3FFF)
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return PictureHead("WebP", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8X" and len(data) >= 30:
        width, height = (int.from_bytes(data[i : i + 3], "little") + 1 for i in (24, 27))
        return PictureHead("WebP", width, height)
    return None


def _tiff(data: bytes, order: str) -> Iterator[PictureHead]:
    for number, page in enumerate(_directories(data, order)):
        unit = {2: INCH, 3: CENTIMETRE}.get(int(page.get(RESOLUTION_UNIT, 2)))
        dpi = page[RESOLUTION] * unit if unit and page.get(RESOLUTION) else None
        if page.get(WIDTH) and page.get(HEIGHT) and not int(page.get(SUBFILE, 0)) & 1:
            yield PictureHead("TIFF", int(page[WIDTH]), int(page[HEIGHT]), dpi, number)


def _directories(data: bytes, order: str) -> Iterator[dict[int, float]]:
    """The width, height and resolution of each page (TIFF 6.0, section 2), by their tags; loops in the chain end it."""
    seen: set[int] = set()
    (at,) = struct.unpack_from(order + "I", data, 4)
    while at and at not in seen and len(seen) < MAX_PAGES:
        seen.add(at)
        (count,) = struct.unpack_from(order + "H", data, at)
        found: dict[int, float] = {}
        for place in range(at + 2, at + 2 + 12 * count, 12):
            tag, kind, _ = struct.unpack_from(order + "HHI", data, place)
            if tag in (SUBFILE, WIDTH, HEIGHT, RESOLUTION_UNIT):
                (found[tag],) = struct.unpack_from(order + ("H" if kind == 3 else "I"), data, place + 8)
            elif tag == RESOLUTION:
                (held,) = struct.unpack_from(order + "I", data, place + 8)
                above, below = struct.unpack_from(order + "II", data, held)
                found[tag] = above / below if below else 0.0
        yield found
        (at,) = struct.unpack_from(order + "I", data, at + 2 + 12 * count)
