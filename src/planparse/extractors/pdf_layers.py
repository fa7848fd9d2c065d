"""Optional content of a PDF (layers, PDF 32000-1, 8.11): the characters of layers that its default configuration switches off.

pdfium's text layer has the words of all layers, though no viewer shows those that are off. A file without layers costs a
search through its bytes; only one that has layers which are off is read by a second interpreter (pdfminer's), which says
where on a page the characters of such layers stand.
"""

import ctypes
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from planparse.extractors.pdf_characters import BLANK, CONTROL, quick

_generated = quick(pdfium.FPDFText_IsGenerated, ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
_origin = quick(
    pdfium.FPDFText_GetCharOrigin, ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p
)  # fmt: skip

LAYERS = b"/OCProperties"
PACKED = re.compile(rb"/ObjStm[^\0]{0,400}?stream\r?\n")
MOST_PACKED = 2**24
NEAR = 0.6
"""In points: how far the two readings may put a character from one another."""
DEEPEST = 12


class Placed(NamedTuple):
    """Where a character's baseline begins in the page's own space, and whether its layer is off."""

    x: float
    y: float
    off: bool


def open_layers(data: bytes, password: str | None) -> "Layers | None":
    """The layers of a PDF; None where it has none that are off, or where they cannot be told."""
    if not names_layers(data):
        return None
    from planparse.extractors.pdf_layer_pages import read_layers

    return read_layers(BytesIO(data), password or "")


def names_layers(data: bytes) -> bool:
    """Whether a PDF has layers: its catalog, packed in an object stream or not, names them."""
    if LAYERS in data:
        return True
    # What is packed and encrypted can be told by whoever has the key alone.
    packed = list(PACKED.finditer(data))
    return bool(packed) and (b"/Encrypt" in data or any(LAYERS in _unpacked(data, m.end()) for m in packed))


def _unpacked(data: bytes, at: int) -> bytes:
    end = data.find(b"endstream", at)
    try:
        return zlib.decompressobj().decompress(data[at : end if end > 0 else len(data)], MOST_PACKED)
    except zlib.error:
        return b""


class Layers:
    """Says of each page where characters stand that are not shown; `pages` gives them page by page, when they are asked for."""

    def __init__(self, pages: Sequence[Any], read: Any) -> None:
        self._pages, self._read = pages, read

    def places(self, number: int) -> list[Placed]:
        """All characters of a page (from 1) in the order in which they are drawn; none where all of them are shown."""
        if number > len(self._pages):
            return []
        found: list[Placed] = self._read(self._pages[number - 1])
        return found if any(place.off for place in found) else []


def hidden_characters(places: Sequence[Placed], origins: Sequence[tuple[float, float]]) -> frozenset[int]:
    """Which of a page's characters, by their origins in the order in which they are drawn, belong to layers that are off.

    Where characters of both kinds stand in one place, the first of the one reading is the first of the other; where their
    numbers differ there, all of them are shown.
    """
    drawn: dict[tuple[int, int], list[Placed]] = {}
    for place in places:
        drawn.setdefault(_cell(place.x, place.y), []).append(place)
    here: dict[tuple[float, float], list[int]] = {}
    for index, (x, y) in enumerate(origins):
        here.setdefault((round(x, 1), round(y, 1)), []).append(index)
    hidden: set[int] = set()
    for (x, y), indices in here.items():
        near = [p for cell in _cells_around(x, y) for p in drawn.get(cell, ()) if abs(p.x - x) + abs(p.y - y) < NEAR]
        off = [place.off for place in near]
        if not any(off):
            continue
        if all(off):
            hidden.update(indices)
        elif len(indices) == len(off):
            hidden.update(index for index, is_off in zip(indices, off, strict=True) if is_off)
    return frozenset(hidden)


def page_to_hidden(handle: int, text: str, places: Sequence[Placed]) -> frozenset[int]:
    """The places in a text page's `text` (`FPDF_TEXTPAGE` as an address) of characters of layers that are off."""
    point = (ctypes.c_double * 2)()
    at = ctypes.addressof(point)
    told, origins = [], []
    for index, char in enumerate(text):
        # What pdfium made up belongs to no layer.
        if not ((BLANK.match(char) or CONTROL.match(char)) and _generated(handle, index) == 1):
            _origin(handle, index, at, at + 8)
            told.append(index)
            origins.append((point[0], point[1]))
    return frozenset(told[n] for n in hidden_characters(places, origins))


def _cell(x: float, y: float) -> tuple[int, int]:
    return round(x), round(y)


def _cells_around(x: float, y: float) -> Iterator[tuple[int, int]]:
    column, row = _cell(x, y)
    yield from ((column + i, row + j) for i in (-1, 0, 1) for j in (-1, 0, 1))


def is_shown(policy: str, states: Sequence[bool]) -> bool:
    """What the policy of a membership dictionary (P, PDF 32000-1, table 99) makes of the states of its layers."""
    rules: Mapping[str, bool] = {
        "AllOn": all(states), "AnyOn": any(states), "AnyOff": not all(states), "AllOff": not any(states),
    }  # fmt: skip
    return not states or rules.get(policy, any(states))
