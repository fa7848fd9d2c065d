"""The pictures of a web page: those that the page or the saved file holds; what lies elsewhere is named and never fetched."""

import base64
import binascii
from collections.abc import Callable, Sequence
from urllib.parse import unquote_to_bytes

import regex
from lxml.etree import _Element

from planparse.document_builder import DocumentBuilder
from planparse.extractors.picture_places import ROOM, Placed, events_to_groups, tell_groups
from planparse.grammar import Grammar

Part = Callable[[str], bytes | None]
"""An address → the bytes that the saved file holds for it; None where it holds none."""
STYLE_LENGTH = regex.compile(r"(?:^|;)\s*(width|height)\s*:\s*([\d.]++)\s*(px|pt)", regex.I)
LENGTH = regex.compile(r"\s*([\d.]++)\s*(?:px)?\s*")
PIXEL = 0.75
"""In points (CSS Values 4, 6.2)."""
MAX_NAME = 200


def element_to_placed(element: _Element, part: Part | None) -> Placed | None:
    """The picture that an img shows, as large as the page says; None for one without an address."""
    source = (element.get("src") or "").strip()
    if not source:
        return None
    width, height = _size(element)
    if source[:5].lower() == "data:":
        head, _, payload = source[5:].partition(",")
        kind = head.partition(";")[0].strip().rpartition("/")[2]
        return Placed(f"data:{kind}"[:MAX_NAME], _unpacked(payload, head), width, height)
    data = part(source) if part is not None else None
    name = source.partition("?")[0][-MAX_NAME:]
    return Placed(name, data or b"", width, height, absent=data is None)


def _unpacked(payload: str, head: str) -> bytes:
    """What a data: address holds (RFC 2397)."""
    data = unquote_to_bytes(payload)
    if ";base64" not in head.lower():
        return data
    try:
        return base64.b64decode(data)
    except (binascii.Error, ValueError):
        return b""


def _size(element: _Element) -> tuple[float | None, float | None]:
    found: dict[str, float] = {}
    for name in ("width", "height"):
        said = LENGTH.fullmatch(element.get(name) or "")
        if said:
            found[name] = PIXEL * _number(said[1])
    for name, value, unit in STYLE_LENGTH.findall(element.get("style") or ""):
        found[name.lower()] = _number(value) * (PIXEL if unit.lower() == "px" else 1.0)
    return found.get("width"), found.get("height")


def _number(word: str) -> float:
    try:
        return min(10_000.0, float(word))
    except ValueError:
        return 0.0


def is_shown(placed: Placed, *, alone: bool) -> bool:
    """Whether a picture may carry text: it is large, or stands alone in its paragraph and nobody says how large it is."""
    if placed.size() is None:
        return alone and placed.absent
    return placed.is_worth_reading()


class PagePictures:
    """The pictures among a page's kept blocks (None for a block of words), read at once and laid one by one."""

    def __init__(self, events: Sequence[Placed | None], grammar: Grammar) -> None:
        groups = events_to_groups([None if placed is None else (placed, False) for placed in events], ROOM)
        told = tell_groups([group for _, group in groups], grammar)
        self._groups = {places[0]: said for (places, _), said in zip(groups, told, strict=True)}
        self.unread = any("unread" in said.states for said in self._groups.values())

    def lay(self, place: int, builder: DocumentBuilder) -> None:
        """Add what the group says that begins with the picture at `place` among the events."""
        said = self._groups.get(place)
        if said is not None:
            said.lay(builder)
