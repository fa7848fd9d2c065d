"""A PDF printed again as an OFD file: the same characters in the same places, the same rulings (GB/T 33190-2016)."""

import ctypes
from itertools import pairwise

import pypdfium2 as pdfium

from planparse.extractors.pdf_characters import page_to_text
from planparse.extractors.pdf_page import PageText
from planparse.extractors.pdf_rulings import Edge, page_to_things, things_to_edges
from tests.test_ofd import escape, make_ofd

MILLIMETRES = 25.4 / 72


def pdf_to_ofd(data: bytes) -> bytes:
    """The OFD file of a PDF's pages."""
    pages, wide, high = [], 0.0, 0.0
    with pdfium.PdfDocument(data) as document:
        for page in document:
            words = page.get_textpage()
            text = page_to_text(_address(words.raw), page.get_bbox())
            edges = things_to_edges(page_to_things(_address(page.raw)), text.frame)
            wide, high = text.frame.width * MILLIMETRES, text.frame.height * MILLIMETRES
            pages.append(_words(text) + _rulings(edges))
            words.close()
            page.close()
    return make_ofd(*pages, area=f"<ofd:Area><ofd:PhysicalBox>0 0 {wide} {high}</ofd:PhysicalBox></ofd:Area>")


def _words(text: PageText) -> str:
    made = []
    for run in text.fragments:
        words = "".join(text.text[at] for at in range(run.first, run.last))
        places = [text.x[at] * MILLIMETRES for at in range(run.first, run.last)]
        size, top = run.size * MILLIMETRES, (run.y - run.size) * MILLIMETRES
        if not words.strip():
            continue
        steps = " ".join(f"{b - a:.3f}" for a, b in pairwise(places))
        made.append(
            f'<ofd:TextObject Font="9" Size="{size:.4f}" Weight="{700 if run.bold else 400}" '
            f'Boundary="{places[0]:.4f} {top:.4f} 170 9"><ofd:TextCode X="0" Y="{size:.4f}" DeltaX="{steps}">'
            f"{escape(words)}</ofd:TextCode></ofd:TextObject>"
        )
    return "".join(made)


def _rulings(edges: list[Edge]) -> str:
    made = []
    for edge in edges:
        left, top, right, bottom = (value * MILLIMETRES for value in edge)
        wide, high = f"{right - left:.4f}", f"{bottom - top:.4f}"
        made.append(
            f'<ofd:PathObject Boundary="{left:.4f} {top:.4f} {wide} {high}">'
            f"<ofd:AbbreviatedData>M 0 0 L {wide} {high}</ofd:AbbreviatedData></ofd:PathObject>"
        )
    return "".join(made)


def _address(handle: object) -> int:
    return ctypes.cast(handle, ctypes.c_void_p).value or 0  # type: ignore[arg-type]
