"""Offsets in a document's text → Span."""

from bisect import bisect_right

from planparse.document import Document
from planparse.models import Span


def span_of(document: Document, start: int, end: int) -> Span:
    """The span of `document.text[start:end]`, with its page and source line."""
    page = bisect_right(document.pages, start) or 1 if document.pages else None
    line = document.source_line_at(start) if document.source_lines else None
    return Span(start=start, end=end, page=page, line=line)
