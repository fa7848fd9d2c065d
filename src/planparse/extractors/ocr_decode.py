"""A picture file's bytes → BGR pixels at the size they are read at, and a picture as a sheet to look at.

This module is imported when the first picture is read, and PIL, cv2 and numpy with it.
"""

import io
from typing import Any

import numpy as np
from PIL import Image

from planparse.extractors.picture_places import MAX_PICTURE_PIXELS, Crop

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
"""Nothing else is opened: some of Pillow's readers start other programs."""


class BadPicture(Exception):
    """The bytes are no whole picture."""


def bytes_to_pixels(data: bytes, width: int, height: int, *, page: int = 0, crop: Crop | None = None) -> Any:
    """The BGR pixels of a picture's page, `width` × `height` of them, on white where it is clear. Raises BadPicture.

    Nothing over MAX_PICTURE_PIXELS is unpacked; of a JPEG no more than the size asked for needs. A camera's word on how it was
    held is left aside: its sides would not be those that the file gives the picture.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            if page:
                opened.seek(page)
            if opened.width * opened.height > MAX_PICTURE_PIXELS:
                raise BadPicture
            if opened.format == "JPEG" and crop is None:
                opened.draft("RGB", (width, height))
            picture = _on_white(opened)
    except (OSError, ValueError, SyntaxError, EOFError, OverflowError, Image.DecompressionBombError) as error:
        # What Pillow raises on damaged files, decoder by decoder.
        raise BadPicture from error
    if crop is not None:
        left, top, right, bottom = crop
        wide, high = picture.size
        box = round(left * wide), round(top * high), round((1 - right) * wide), round((1 - bottom) * high)
        picture = picture.crop(box) if box[0] < box[2] and box[1] < box[3] else picture
    way = Image.Resampling.BOX if picture.width >= 2 * width else Image.Resampling.BICUBIC
    sized = picture if picture.size == (width, height) else picture.resize((width, height), way)
    return np.ascontiguousarray(np.asarray(sized)[:, :, ::-1])


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        ground = Image.new("RGB", clear.size, (255, 255, 255))
        ground.paste(clear, mask=clear.getchannel("A"))
        return ground
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        values = np.asarray(picture, dtype=np.float64)
        return Image.fromarray((values / max(1.0, float(values.max())) * 255).astype(np.uint8)).convert("RGB")
    return picture.convert("RGB")


class PictureSheet:
    """A picture alone as a sheet, `width` × `height` points large."""

    def __init__(self, data: bytes, width: float, height: float, *, page: int = 0, crop: Crop | None = None) -> None:
        self._data, self._width, self._height, self._page, self._crop = data, width, height, page, crop

    def size(self) -> tuple[float, float]:
        """Its width and height in points."""
        return self._width, self._height

    def image(self, scale: float, turn: int | None = None) -> Any:
        """Its BGR pixels. Raises BadPicture."""
        wide, high = max(1, round(self._width * scale)), max(1, round(self._height * scale))
        return bytes_to_pixels(self._data, wide, high, page=self._page, crop=self._crop)
