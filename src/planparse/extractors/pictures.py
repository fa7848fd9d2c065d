"""Pictures of files without pages (Word, the web, picture files) → what they say, each a small document of its own.

What is recognised goes the way of scans and of pictures in PDF pages. All pictures of a file are looked at before one is
told, since only all of them together tell how large its print is and how wide its signs are. Nothing is unpacked, and no
library loaded, before a picture is met that is large enough to carry text.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from planparse.document import Document, Picture, PictureState
from planparse.document_builder import DocumentBuilder
from planparse.errors import UnreadableFile
from planparse.extractors.ocr import PictureReader, give_back, lay_scans, mark_lines, mean_confidence, settle
from planparse.extractors.pdf_flow import PageLines, pages_to_document
from planparse.extractors.picture_heads import picture_head
from planparse.extractors.picture_places import A4, INSTALL, MAX_PICTURE_PIXELS, MAX_PICTURES, NO_FILE, Group, Placed, Told
from planparse.grammar import Grammar

if TYPE_CHECKING:
    from planparse.extractors.ocr_scans import Scan


def read_groups(groups: Sequence[Group], grammar: Grammar) -> list[Told]:
    """What the groups of one file say, in their order; what was put aside stands in each document's `discarded`."""
    reader = PictureReader()
    states: list[PictureState] = []
    for group in groups:
        for placed in group.pictures:
            states.append(_look(reader, placed, len(states) + 1, group))
    scans = {scan.number: scan for scan in settle(reader.scans)}
    told: list[Told] = []
    done = 0
    for group in groups:
        count = len(group.pictures)
        own = [replace(scans[n], number=n - done) for n in range(done + 1, done + count + 1) if n in scans]
        told.append(_tell(own, states[done : done + count], group, grammar))
        done += count
    return told


def _look(reader: PictureReader, placed: Placed, number: int, group: Group) -> PictureState:
    """Look at one picture; its scan is kept by the reader under `number`. `read` stands for what may yet be wordless."""
    if placed.absent:
        return "absent"
    head = picture_head(placed.data)
    size = placed.size()
    if head is None or size is None:
        return "unreadable"
    if head.pixels > MAX_PICTURE_PIXELS or number > MAX_PICTURES:
        return "too-large"
    engine = reader.engine()
    if engine is None:
        return "unread"
    from planparse.extractors.ocr_decode import BadPicture, PictureSheet
    from planparse.extractors.ocr_scans import picture_to_scan

    sheet = PictureSheet(placed.data, *size, page=placed.page, crop=placed.crop)
    try:
        reader.scans.append(picture_to_scan(sheet, number, engine, framed=not group.whole, doubted=group.doubted))
    except BadPicture:
        return "unreadable"
    give_back()
    return "read"


def _tell(scans: "Sequence[Scan]", states: Sequence[PictureState], group: Group, grammar: Grammar) -> Told:
    # pdfium is loaded with it, and with the first picture.
    from planparse.extractors.pdf import text_to_page

    builder = DocumentBuilder()
    sizes = {scan.number: (scan.width, scan.height) for scan in scans}
    pages = [PageLines(n, *sizes.get(n, A4), [], []) for n in range(1, len(states) + 1)]
    pages_to_document(lay_scans(scans, pages, builder, text_to_page), builder, grammar)
    builder.page(len(pages))
    document = mark_lines(builder.build(replace(NO_FILE, pages=len(pages)), source_count=Counter()), scans)
    ends = [*document.pages[1:], len(document.text) + 1]
    places = [(min(a, len(document.text)), max(a, b - 1)) for a, b in zip(document.pages, ends, strict=True)]
    places = [(a, min(b, len(document.text))) for a, b in places]
    settled: list[PictureState] = [
        "wordless" if s == "read" and a >= b else s for s, (a, b) in zip(states, places, strict=True)
    ]
    sure = mean_confidence([word for scan in scans for word in scan.words])
    return Told(document, tuple(settled), tuple(places), tuple(one.name for one in group.pictures), group.whole, sure)


def as_scan(document: Document, told: Told) -> Document:
    """A document whose text is what `told` says, a page a picture, as a scan: its pages counted, what was read in `metadata`.

    `pictures` are the pages that were not read. Raises UnreadableFile (`no-text`) where there are no words.
    """
    name, states = document.origin.name, told.states
    if not document.text:
        if "unread" in states:
            how = f"install what reads pictures: {INSTALL}"
        else:
            how = (
                "and no words were found in them" if "wordless" in states else "which are damaged, too large or not in the file"
            )
        raise UnreadableFile(f"{name}: its pages are pictures without text; {how}", code="no-text")
    pages = {state: ",".join(str(n) for n, own in enumerate(states, 1) if own == state) for state in states}
    metadata = {**document.metadata, "ocr_confidence": f"{told.confidence:.3f}"}
    metadata |= {
        key: pages[state] for key, state in (("ocr_pages", "read"), ("pages_without_text", "wordless")) if state in pages
    }
    unread = [
        Picture(start, start, state, own, page, whole=True)
        for page, (own, state, (start, _)) in enumerate(zip(told.names, states, told.places, strict=True), 1)
        if state not in ("read", "wordless")
    ]
    origin = replace(document.origin, pages=len(states))
    return replace(document, origin=origin, pictures=tuple(unread), metadata=metadata)
