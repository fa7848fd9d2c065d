"""Pages of a PDF → data URIs."""

import hashlib
from base64 import b64encode
from io import BytesIO
from pathlib import Path

MOST_PAGES = 400
"""Pages that get a picture; beyond, a page in the browser would take hundreds of megabytes."""
WIDTH = 1000
"""Pixels across: 10-point Chinese stays legible, and a page takes about 100 kB."""


def pdf_to_pictures(path: Path, *, sha256: str) -> list[str]:
    """The pages as JPEG data URIs, in order; none where the file is no PDF, is damaged, or is not the one with that sha256."""
    import pypdfium2

    try:
        held = path.read_bytes()
    except OSError:
        return []
    if b"%PDF-" not in held[:1024] or hashlib.sha256(held).hexdigest() != sha256:
        return []
    made = []
    try:
        with pypdfium2.PdfDocument(held) as document:
            for number in range(min(len(document), MOST_PAGES)):
                page = document[number]
                scale = min(WIDTH / max(page.get_width(), 1), 4.0)
                bitmap = page.render(scale=scale)
                out = BytesIO()
                bitmap.to_pil().convert("RGB").save(out, "JPEG", quality=62, optimize=True)
                made.append("data:image/jpeg;base64," + b64encode(out.getvalue()).decode())
                page.close()
    except pypdfium2.PdfiumError:
        return made
    return made
