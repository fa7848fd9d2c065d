"""Foot- and endnotes that a format knows as such (Word) → Note nodes."""

from typing import TypeGuard

from planparse.document import BLANKS, Document, Line
from planparse.models import Note
from planparse.structure.spans import span_of

STYLES = ("footnote text", "endnote text")
"""The names of Word's own styles, which the reader gives to every paragraph of a note."""


def is_note(line: Line | None) -> TypeGuard[Line]:
    """Whether a line belongs to a foot- or endnote."""
    return line is not None and line.style in STYLES


def line_to_note(line: Line, *, document: Document) -> Note:
    """A line of a note; the mark stands at the head of the note's first paragraph, and in the text where it refers."""
    text = document.text[line.start : line.end].rstrip(BLANKS)
    mark = line.list_label if line.list_label and text.startswith(line.list_label) else None
    return Note(mark=mark, text=text, span=span_of(document, line.start, line.start + len(text)))
