"""Page numbers, running heads and conversion noise: what of a page is not the plan. Pure functions over the grammar."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import regex

from planparse.document import BLANKS
from planparse.grammar import Grammar
from planparse.numerals import to_int

FURNITURE = "furniture"
# A head must come back on this many pages to be one: on fewer, a heading printed twice looks the same.
MIN_REPEATS = 3
MIN_SHARE = 0.3
EDGE_LINES = 2
BLANK = regex.compile(r"[\s\u3000\u200b\ufeff]+")
DIGITS = regex.compile(r"[0-9０-９]+")
STARS = regex.compile(r"(?<!\*)\*\*(?!\*)")
EMPTY_LINE = regex.compile(r"\n[ \t\r\u3000]*+\n")
ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def is_page_number(text: str, grammar: Grammar) -> bool:
    """Whether a printed line is nothing but a page number: `- 3 -`, `— 12 —`, `第3页 共20页`.

    A bare number (`12`) is none here: only its place can tell, see `bare_number` and `counting_numbers`.
    """
    word = text.strip(BLANKS)
    return 0 < len(word) < 40 and grammar.match(FURNITURE, word, gives="page_number") is not None


def bare_number(text: str, grammar: Grammar) -> int | None:
    """The value of a line that holds an Arabic or Roman number alone; at a page's edge this is its number."""
    word = text.strip(BLANKS)
    found = grammar.match(FURNITURE, word, gives="bare_number") if len(word) <= 8 else None
    if found is None:
        return None
    return to_int(word) or _roman_to_int(word)


def counting_numbers(lines: Sequence[str], grammar: Grammar) -> set[int]:
    """The places of lines that hold a bare number and count on one by one, far apart: page numbers without dashes.

    A series has at least three; the first ones stand more than four lines apart, so that a column of a table is none.
    """
    found = [(at, value) for at, line in enumerate(lines) if (value := bare_number(line, grammar)) is not None]
    taken: set[int] = set()
    series: list[tuple[int, int]] = []
    for place in [*found, (-1, -1)]:
        if series and (place[1] != series[-1][1] + 1 or (place[0] - series[-1][0] <= 4 and len(series) < MIN_REPEATS)):
            if len(series) >= MIN_REPEATS:
                taken.update(at for at, _ in series)
            series = []
        series.append(place)
    return taken


def noise_to_spans(text: str, grammar: Grammar) -> list[tuple[int, int, str]]:
    """Conversion noise in a whole text, in order: (start, end, reason) of bookmarks and of `**` round bold words."""
    spans = [(m.start, m.end, "bookmark") for m in grammar.find(FURNITURE, text, gives="bookmark")]
    for start, end in emphasis_to_spans(text):
        spans += [(start - 2, start, "markup"), (end, end + 2, "markup")]
    last, kept = 0, []
    for start, stop, reason in sorted(spans):
        if start >= last:
            kept.append((start, stop, reason))
            last = stop
    return kept


def emphasis_to_spans(text: str) -> list[tuple[int, int]]:
    """The words between pairs of `**`: they stand on neighbouring lines, no empty line between.

    What opens must lean on the word behind it (CommonMark's left-flanking run), so that the stars of a masked name
    (张**) stay.
    """
    found: list[tuple[int, int]] = []
    opened: int | None = None
    for mark in STARS.finditer(text):
        start, end = mark.span()
        if opened is not None and (start - opened > 400 or EMPTY_LINE.search(text, opened, start)):
            opened = None
        if opened is not None and text[start - 1] not in BLANKS:
            found.append((opened, start))
            opened = None
        elif opened is None and text[end : end + 1].strip(BLANKS):
            before, behind = text[start - 1 : start] if start else "\n", text[end]
            if before in BLANKS or _is_mark(before) or not _is_mark(behind):
                opened = end if before in BLANKS or _is_mark(before) or _is_word_between(text, end) else None
    return found


def _is_word_between(text: str, at: int) -> bool:
    """Whether the stars at `at`, stuck to a word on their left, are closed on the same line with words between."""
    end = text.find("\n", at, at + 400)
    close = text.find("**", at, end if end >= 0 else at + 400)
    return close > at and text[close - 1] not in BLANKS and not _is_mark(text[at])


def _is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] in "PS"


def _roman_to_int(word: str) -> int | None:
    values = [ROMAN.get(c, 0) for c in unicodedata.normalize("NFKC", word).upper()]
    if not values or 0 in values:
        return None
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))


def repeated_lines(lines_by_page: Sequence[Sequence[str]]) -> set[str]:
    """The running heads and feet of a paged file: lines at the edges of pages that come back, as they are printed.

    1. Only the first and last two lines that bear words are looked at on each page.
    2. A line counts as the same when it differs in nothing but blanks and digits (page numbers in a head).
    3. It must stand on at least three pages and on 30 % of those that could bear it (odd and even pages may differ).
    4. Sentences (ending in 。；，) are never heads.
    """
    pages = [[line for line in page if line.strip()] for page in lines_by_page]
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_key(line) for line in _edges(page)})
    least = max(MIN_REPEATS, MIN_SHARE * len(pages))
    heads = {key for key, count in seen.items() if key and count >= least}
    return {line for page in pages for line in _edges(page) if _key(line) in heads}


def _edges(page: Sequence[str]) -> Iterable[str]:
    edges = list(page[:EDGE_LINES]) + list(page[EDGE_LINES:][-EDGE_LINES:])
    return [line for line in edges if len(line) <= 60 and line.strip()[-1] not in "。；，、;,"]


def _key(line: str) -> str:
    return DIGITS.sub("0", BLANK.sub("", line))
