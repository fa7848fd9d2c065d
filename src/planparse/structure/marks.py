"""Raised marks that refer to a note or to an entry of a glossary: where they stand in words, and words without them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import regex

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
FIRST_CIRCLED = ord("①")
# m² and ①②③ that open items are none: a mark follows a word.
AFTER_WORD = r"(?<=[\p{Han}”’」》）)A-Z])"
MARK = regex.compile(
    AFTER_WORD
    + r"(?:(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})|(?P<circled>[①-⑳])|[\[［〔【](?P<square>[0-9]{1,3})[\]］〕】]|[（(]注(?P<noted>[0-9]{1,2})[）)])"
)
ANY = regex.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹①-⑳\\[［〔【注]")


class Mark(NamedTuple):
    """A mark at `start` to `end` of a text, and the number that it says."""

    start: int
    end: int
    number: int


SIGN = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹①-⑳\\[［〔【（(](?<![（(](?!注))")
"""What a mark opens with; a round bracket only with 注 in it."""


def find_marks(text: str, start: int = 0, end: int | None = None) -> Iterator[Mark]:
    """The marks behind words in `text[start:end]`, in order; the time is linear in the length.

    >>> [(m.start, m.number) for m in find_marks("低空经济①和算力网[12]，共5km²")]
    [(4, 1), (9, 12)]
    """
    end = len(text) if end is None else end
    past = start
    # Signs are rarer than words: they are looked for first.
    for sign in SIGN.finditer(text, start, end):
        found = MARK.match(text, sign.start(), end) if sign.start() >= past else None
        if found is None:
            continue
        past = found.end()
        circled = found["circled"]
        digits = (found["raised"] or "").translate(SUPERSCRIPTS) or found["square"] or found["noted"]
        yield Mark(found.start(), found.end(), ord(circled) - FIRST_CIRCLED + 1 if circled else int(digits))


def without_marks(words: str) -> str:
    """Words without the marks in them, for titles and names.

    >>> without_marks("发展低空经济①"), without_marks("推进算力网²建设")
    ('发展低空经济', '推进算力网建设')
    """
    return MARK.sub("", words) if ANY.search(words) else words
