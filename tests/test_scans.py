"""Whole samples as pictures: what OCR reads of them against their own text layer; time and memory of a page."""

import io
import json
import os
import subprocess
import sys
import time
from difflib import SequenceMatcher
from functools import cache
from typing import Any

import pypdfium2 as pdfium
import pytest
from rapidfuzz.distance import Levenshtein

from planparse.document import Document, Origin
from planparse.extractors.ocr import is_installed
from planparse.extractors.pdf import read_pdf
from planparse.grammar import load_grammar
from planparse.pipeline import document_to_plan
from tests.hostile_files import sample
from tests.test_formats_agree import facts
from tests.test_samples import NAMES

pytestmark = pytest.mark.skipif(not is_installed(), reason="planparse[ocr] is not installed")

DPI = 200
SECONDS = 8.0
"""For a page on two cores, which a picture keeps busy; processor time is twice as much at most."""


def to_scan(data: bytes, dpi: int = DPI) -> tuple[bytes, int]:
    """The pages of a PDF as grey pictures and nothing else, and how many there are."""
    with pdfium.PdfDocument(data) as document:
        pages = [page.render(scale=dpi / 72).to_pil().convert("L") for page in document]
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=dpi)
    return out.getvalue(), len(pages)


def read(data: bytes) -> Document:
    return read_pdf(data, Origin("plan.pdf", "pdf", "0" * 64, len(data), "pdf"), grammar=load_grammar())


def as_plan(document: Document) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(document_to_plan(document, load_grammar()).model_dump_json())
    return made


@cache
def scanned(name: str) -> tuple[Document, float]:
    """What OCR reads of a sample, and the seconds of processor time for one of its pages."""
    data, count = to_scan(sample("pdf", name))
    before = time.process_time()
    document = read(data)
    return document, (time.process_time() - before) / count


def alike(a: list[Any], b: list[Any]) -> float:
    """F1 of two lists in order."""
    return SequenceMatcher(None, list(map(str, a)), list(map(str, b)), autojunk=False).ratio() if a or b else 1.0


@pytest.mark.parametrize("name", NAMES)
def test_a_scan_says_what_the_text_layer_says(name: str) -> None:
    text = read(sample("pdf", name))
    scan, seconds = scanned(name)
    want, got = "".join(text.text.split()), "".join(scan.text.split())
    assert Levenshtein.distance(want, got) <= 0.03 * len(want)
    meant, found = as_plan(text), as_plan(scan)
    assert found["coverage"]["lost"] == 0
    first, second = facts(meant), facts(found)
    assert alike(first["sections"], second["sections"]) >= 0.95
    rows = [[row for part in side.values() if isinstance(part, list) for row in part] for side in (first, second)]
    assert alike(*rows) >= 0.95
    assert seconds <= 2 * SECONDS


@pytest.mark.parametrize("name", NAMES[:1])
def test_what_was_recognised_says_so(name: str) -> None:
    scan, _ = scanned(name)
    plan = as_plan(scan)
    pages = [d for d in plan["diagnostics"] if d["code"] == "ocr.page"]
    assert [d["values"]["page"] for d in pages] == list(range(1, len(scan.pages) + 1))
    assert all(d["values"]["confidence"] > 0.9 for d in pages)
    assert all(scan.page_at(d["span"]["start"]) == d["values"]["page"] for d in pages)
    assert all("ocr.page" in row["flags"] for kind in ("indicators", "commitments") for row in plan[kind])


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="memory is read from /proc")
def test_memory_stays_flat_over_fifty_pages() -> None:
    from PIL import Image, ImageDraw

    page = Image.new("L", (827, 1165), 255)
    for row in range(4):
        ImageDraw.Draw(page).text((80, 90 + 60 * row), f"Page of figures {row} 2025", fill=0, font_size=40)
    out = io.BytesIO()
    page.save(out, "PDF", save_all=True, append_images=[page] * 49, resolution=DPI)
    code = (
        "import sys\n"
        "from planparse.extractors import pdf\n"
        "from tests.test_scans import read\n"
        "seen, look = [], pdf.PictureReader.look\n"
        "def watched(*a, **k):\n"
        "    look(*a, **k)\n"
        "    seen.append(int(open('/proc/self/statm').read().split()[1]) * 4096 / 2**20)\n"
        "pdf.PictureReader.look = watched\n"
        "read(sys.stdin.buffer.read())\n"
        "print(len(seen), max(seen[:10]), max(seen))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], input=out.getvalue(), capture_output=True, check=True, timeout=600)
    count, early, most = map(float, run.stdout.split())
    assert count == 50
    assert most - early < 60  # 40 pages as pictures are 116 MB
