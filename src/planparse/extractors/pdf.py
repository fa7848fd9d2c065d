"""PDF → Document, through pdfium's text layer and path objects."""

import ctypes
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pypdfium2 as pdfium
import regex

from planparse.document import Document, Origin, count_characters
from planparse.document_builder import DocumentBuilder
from planparse.errors import UnreadableFile
from planparse.extractors.limits import DEFAULT_LIMITS, Limits, over, over_text
from planparse.extractors.ocr import PictureReader
from planparse.extractors.ocr_areas import things_to_areas
from planparse.extractors.pdf_aligned import aligned_edges
from planparse.extractors.pdf_characters import page_to_text
from planparse.extractors.pdf_columns import split_columns
from planparse.extractors.pdf_flow import PageLines, pages_to_document
from planparse.extractors.pdf_glyphs import GlyphReader, OddPage, page_to_glyphs
from planparse.extractors.pdf_layers import Layers, open_layers, page_to_hidden
from planparse.extractors.pdf_lines import fragments_to_lines
from planparse.extractors.pdf_marks import without_marks
from planparse.extractors.pdf_page import PageText
from planparse.extractors.pdf_rulings import Edge, page_to_things, things_to_edges
from planparse.extractors.pdf_streams import check_streams
from planparse.extractors.pdf_tables import page_to_tables
from planparse.extractors.picture_places import INSTALL
from planparse.grammar import Grammar

# With more of its characters unnamed than this a file has no text.
UNREADABLE = 0.8
TURNED_NUMBER = regex.compile(r"[-—–－ ]*[0-9]{1,4}[-—–－ ]*")


def read_pdf(
    data: bytes, origin: Origin, *, grammar: Grammar, password: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> Document:
    """The document in a PDF file.

    1. The characters are those of pdfium's text layer, in the order in which they stand on their printed lines; blanks
       and line ends that pdfium makes up are not among them.
    2. Every page counts in `pages`, with or without words; `metadata["pages_without_text"]` names those without ("2,3").
    3. What lies aslant is a `watermark`, what is printed twice in one place a `duplicate_glyph`, what belongs to a layer
       that the file switches off is `hidden`.
    Raises UnreadableFile: `damaged`, `encrypted` (it opens only with a password, and `password` is not the one), `too-large` (over one of
    the `limits`), `no-text` (all pages are pictures).
    """
    check_streams(data, origin.name, limits)
    with _opened(data, origin.name, password) as pdf:
        count = len(pdf)
        if count == 0:
            raise UnreadableFile(f"{origin.name}: the PDF has no pages; get the file again", code="damaged")
        if count > limits.pages:
            raise over(origin.name, limits, "pages", f"has {count:,} pages, more than {{limit}}; split the file")
        builder = DocumentBuilder()
        pages: list[PageLines] = []
        counted: list[str] = []
        total = 0
        without: list[int] = []
        pictures = PictureReader()
        glyphs = GlyphReader()
        layers = open_layers(data, password)
        waiting: dict[int, tuple[OddPage, list[Edge]]] = {}
        repaired = 0
        for number in range(1, count + 1):
            text, edges, odd = _read_page(pdf, number, origin.name, limits, pictures, glyphs, layers)
            if odd is None:
                pages.append(text_to_page(text, edges, number, builder))
            else:
                waiting[number] = odd, edges
                pages.append(PageLines(number, text.frame.width, text.frame.height, [], []))
            counted.append(text.counted)
            total += len(text.counted)
            repaired += text.repaired
            if not text.counted:
                without.append(number)
            if total > limits.characters:
                raise over_text(origin.name, limits, "characters")
        for number, (odd, edges) in waiting.items():
            pages[number - 1] = text_to_page(glyphs.read(odd, number, builder), edges, number, builder)
        pages = pictures.add_to(pages, builder, text_to_page)
        if glyphs.unread > UNREADABLE * total and not pictures.at_hand:
            raise UnreadableFile(
                f"{origin.name}: its fonts do not say which characters they print; install what reads them as pictures: {INSTALL}",
                code="no-text",
            )
        if not total and not builder.recognised:
            how = f"install what reads pictures: {INSTALL}" if pictures.unread else "and no words were found in them"
            raise UnreadableFile(f"{origin.name}: its pages are pictures without text; {how}", code="no-text")
        metadata = _metadata(pdf) | pictures.metadata() | glyphs.metadata()
    without = pictures.left_over(without)
    if without:
        metadata["pages_without_text"] = ",".join(map(str, without))
    pages_to_document(pages, builder, grammar)
    builder.page(count)
    document = builder.build(
        replace(origin, pages=count), source_count=count_characters("".join(counted)), repaired=repaired, metadata=metadata
    )
    return pictures.mark(document)


@contextmanager
def _opened(data: bytes, name: str, password: str | None) -> Iterator[Any]:
    try:
        pdf = pdfium.PdfDocument(data, password=password)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.raw.FPDF_ERR_PASSWORD or "assword" in str(error):
            if password is None:
                advice = "is encrypted and opens only with a password; give it with --password"
            else:
                advice = "is encrypted, and the password given does not open it"
            raise UnreadableFile(f"{name}: {advice}", code="encrypted") from None
        raise UnreadableFile(f"{name}: is no whole PDF (damaged or cut short); get the file again") from None
    try:
        yield pdf
    finally:
        pdf.close()


def _read_page(
    pdf: Any, number: int, name: str, limits: Limits, pictures: PictureReader, glyphs: GlyphReader, layers: Layers | None
) -> tuple[PageText, list[Edge], OddPage | None]:
    """One page's text and rulings; with glyphs that its fonts do not name, the page that waits until they are read."""
    # The library's own objects for a page and its words cost as much as finding the lines.
    page = pdfium.raw.FPDF_LoadPage(pdf, number - 1)
    printed = pdfium.raw.FPDFText_LoadPage(page) if page else None
    words = _address(printed)
    try:
        if not words:
            raise UnreadableFile(f"{name}: page {number} is damaged and cannot be read; get the file again")
        if pdfium.raw.FPDFText_CountChars(printed) > limits.page_characters:
            raise over(name, limits, "page_characters", f"page {number} holds more than {{limit}} characters; print it anew")
        box = _page_box(page)
        text = page_to_text(words, box)
        places = layers.places(number) if layers else ()
        if places and (hidden := page_to_hidden(words, text.text, places)):
            text = page_to_text(words, box, hidden=hidden)
        things = page_to_things(_address(page))
        edges = things_to_edges(things, text.frame) if text.fragments else []
        odd = None
        glyphs_found = [g for g in page_to_glyphs(words, text) if g.at not in text.hidden] if text.counted else []
        if glyphs_found:
            odd = glyphs.take(words, box, text, glyphs_found)
            glyphs.look(odd, lambda: pictures.read_page(PdfSheet(pdf, number), number, odd.text))
        pictures.look(PdfSheet(pdf, number), things_to_areas(things, text), number, text)
    finally:
        if words:
            pdfium.raw.FPDFText_ClosePage(printed)
        if page:
            pdfium.raw.FPDF_ClosePage(page)
    return text, edges, odd


def _page_box(page: Any) -> tuple[float, float, float, float]:
    """The page's box (left, bottom, right, top): what its media box and its crop box have in common."""
    box = pdfium.raw.FS_RECTF()
    pdfium.raw.FPDF_GetPageBoundingBox(page, box)
    return box.left, box.bottom, box.right, box.top


class PdfSheet:
    """A page of a PDF as a sheet to look at; it is opened when it is looked at."""

    def __init__(self, pdf: Any, number: int) -> None:
        self._pdf, self._index = pdf, number - 1

    def size(self) -> tuple[float, float]:
        """Its width and height as it is shown, in points."""
        wide, high = self._pdf.get_page_size(self._index)
        return wide, high

    def image(self, scale: float, turn: int | None = None) -> Any:
        """Its BGR pixels: as it is shown, or as text turned by `turn` quarters is read."""
        page = self._pdf[self._index]
        try:
            more = 0 if turn is None else (90 * turn - page.get_rotation()) % 360
            bitmap = page.render(scale=scale, rotation=more)
            try:
                return bitmap.to_numpy()[:, :, :3].copy()
            finally:
                bitmap.close()
        finally:
            page.close()


def text_to_page(text: PageText, edges: Sequence[Edge], number: int, builder: DocumentBuilder) -> PageLines:
    """A page's lines and tables from its characters and rulings; watermarks and doubled characters go to the builder."""
    unseen = "".join(text.text[i] for i in sorted(text.hidden))
    text = without_marks(text, edges, number)
    found = page_to_tables(text, [*edges, *aligned_edges(text, edges)], number)
    lines = []
    doubled = [found.doubled]
    for column, fragments in split_columns(found.rest, text.frame.width, found.tables):
        made = fragments_to_lines(text, fragments, number, column=column)
        lines += made.lines
        doubled.append(made.doubled)
    builder.discard("".join(doubled), "duplicate_glyph", page=number)
    builder.discard(unseen, "hidden", page=number)
    for mark in text.watermarks:
        # On a page that lies on its side the number may stand upright.
        builder.discard(mark, "page_number" if TURNED_NUMBER.fullmatch(mark) else "watermark", page=number)
    return PageLines(number, text.frame.width, text.frame.height, lines, found.tables)


def _address(handle: Any) -> int:
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def _metadata(pdf: Any) -> dict[str, str]:
    """What the file says of itself: title, author, creator …"""
    found: Mapping[str, str] = pdf.get_metadata_dict(skip_empty=True)
    return {key.lower(): value for key, value in found.items()}
