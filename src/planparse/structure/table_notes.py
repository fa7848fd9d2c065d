"""The words under a table → its notes, each with the mark that it bears."""

from collections.abc import Iterator

import regex

from planparse.document import BLANKS, Document
from planparse.grammar import Grammar
from planparse.models import TableNote
from planparse.structure.spans import span_of

PIECE = regex.compile(r"[^\n\u2028]+")
COUNTED_NOTE = regex.compile(r"[\s\u3000]*+([0-9]{1,2})[.．、](?![0-9])")
NEXT_NOTE = regex.compile(r"(?<=[。；;])[\s\u3000]*+(?:([0-9]{1,2})[.．、](?![0-9])|([①-⑳]))")
FIRST_CIRCLED = ord("①")


def text_to_notes(document: Document, start: int, end: int, grammar: Grammar) -> Iterator[TableNote]:
    """The notes of a passage: one a paragraph, and one a number where a paragraph counts on (①… ②…).

    Together their spans hold all the words of the passage, in order.
    """
    for piece in PIECE.finditer(document.text[start:end]):
        for a, b in _note_places(piece.group(), grammar):
            text = piece.group()[a:b]
            yield TableNote(
                mark=note_mark(text, grammar),
                text=text,
                span=span_of(document, start + piece.start() + a, start + piece.start() + b),
            )


def note_mark(text: str, grammar: Grammar) -> str | None:
    """The mark that a note opens with, behind 注： where it is printed: ①, *, 〔2〕, or 2 of 2.…; None without one."""
    rest = _rest(text, grammar)
    marked = grammar.match("tables", rest, gives="mark")
    counted = COUNTED_NOTE.match(rest)
    return marked.fields["mark"] if marked else counted[1] if counted else None


def last_mark(text: str, grammar: Grammar) -> str | None:
    """The mark of the last note of a paragraph."""
    start, end = list(_note_places(text, grammar))[-1]
    return note_mark(text[start:end], grammar)


def follows(text: str, mark: str | None, grammar: Grammar) -> bool:
    """Whether a paragraph goes on with the notes: its number is the one after `mark` (2. after 注：1., ② after ①)."""
    number, before = _number(note_mark(text, grammar)), _number(mark)
    return number is not None and before is not None and number == (before[0] + 1, before[1])


def _rest(text: str, grammar: Grammar) -> str:
    opener = grammar.match("tables", text.strip(BLANKS), gives="note")
    return opener.fields["rest"].strip(BLANKS) if opener else text.strip(BLANKS)


def _number(mark: str | None) -> tuple[int, bool] | None:
    """A mark as (number, circled); None where it does not count."""
    if mark and mark.isdecimal() and mark.isascii():
        return int(mark), False
    return (ord(mark) - FIRST_CIRCLED + 1, True) if mark and "①" <= mark <= "⑳" else None


def _note_places(text: str, grammar: Grammar) -> Iterator[tuple[int, int]]:
    """A paragraph of notes cut before the numbers that count on: 3.按常住人口。 4.为2013年数据。"""
    opener = grammar.match("tables", text.strip(BLANKS), gives="note")
    head = text.index(opener.fields["rest"]) if opener and opener.fields["rest"] else 0
    number = _number(note_mark(text, grammar))
    start = 0
    for found in NEXT_NOTE.finditer(text, head) if number else ():
        at = found.start(1) if found[1] else found.start(2)
        if number is not None and _number(found[1] or found[2]) == (number[0] + 1, number[1]):
            yield start, len(text[:at].rstrip(BLANKS))
            start, number = at, (number[0] + 1, number[1])
    yield start, len(text)
