"""Picture files (.png .jpg .tif .bmp …) → Document: each picture is a page of a scan."""

from dataclasses import replace

from planparse.document import Document, Origin
from planparse.errors import MissingTool, UnreadableFile
from planparse.extractors.ocr import is_installed
from planparse.extractors.picture_heads import picture_pages
from planparse.extractors.picture_places import INSTALL, MAX_PICTURE_PIXELS, Group, Placed, sheet_size
from planparse.extractors.pictures import as_scan, read_groups
from planparse.grammar import Grammar


def read_picture_file(data: bytes, origin: Origin, *, grammar: Grammar) -> Document:
    """Read a picture file as a scan: a TIFF of several pages has several, an animation its first.

    1. Each picture counts in `pages`; `source_count` is empty, `recognised` counts what was read.
    2. A page that is damaged or over the limit stands in `pictures` with its state, and the others are read.

    Raises MissingTool without `planparse[ocr]`; UnreadableFile (`damaged`, `too-large`, `no-text`).
    """
    heads = picture_pages(data)
    if not heads:
        raise UnreadableFile(f"{origin.name}: the picture is damaged or cut short; get the file again")
    head = min(heads, key=lambda one: one.pixels)
    if head.pixels > MAX_PICTURE_PIXELS:
        sentence = f"is a picture of {head.width:,} × {head.height:,} pixels; the limit is {MAX_PICTURE_PIXELS:,} in all"
        raise UnreadableFile(f"{origin.name}: {sentence}; save it smaller", code="too-large")
    if not is_installed():
        raise MissingTool(f"{origin.name}: is a picture; install what reads pictures: {INSTALL}")
    pages = [Placed(origin.name, data, *sheet_size(one.width, one.height, one.dpi), page=one.page) for one in heads]
    (told,) = read_groups([Group(tuple(pages), whole=True)], grammar)
    if all(state == "unreadable" for state in told.states):
        raise UnreadableFile(f"{origin.name}: the picture is damaged or cut short; get the file again")
    return as_scan(replace(told.document, origin=origin), told)
