"""Small documents for tests, made from lines; and where the outside corpus is."""

import os
from pathlib import Path

import pytest

from planparse.document import Document, Line, Origin, count_characters
from planparse.document_builder import DocumentBuilder

CORPUS = os.environ.get("PLANPARSE_CORPUS")
needs_corpus = pytest.mark.skipif(not CORPUS, reason="PLANPARSE_CORPUS is not set: no outside corpus")
SAMPLES = Path(__file__).resolve().parent.parent / "samples"


def corpus(*parts: str) -> Path:
    """A path in the outside corpus."""
    assert CORPUS
    return Path(CORPUS, *parts)


def lines_to_document(*lines: str, layouts: dict[int, Line] | None = None) -> Document:
    """A document of paragraphs; a tuple-like line with tabs is a paragraph too."""
    builder = DocumentBuilder()
    for number, text in enumerate(lines):
        builder.paragraph(text, source_lines=[(0, number + 1)], line=(layouts or {}).get(number))
    origin = Origin("test.txt", "text", "0" * 64, 1, "text")
    return builder.build(origin, source_count=count_characters("".join(lines)))
