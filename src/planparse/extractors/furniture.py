"""Page numbers, running heads and conversion noise: what of a page is not the plan. Pure functions over the grammar."""

from collections import Counter
from collections.abc import Iterable, Sequence

import regex

from planparse.grammar import Grammar

FURNITURE = "furniture"
# A head must come back on this many pages to be one: on fewer, a heading printed twice looks the same.
MIN_REPEATS = 3
MIN_SHARE = 0.3
EDGE_LINES = 2
BLANK = regex.compile(r"[\s\u3000\u200b\ufeff]+")
DIGITS = regex.compile(r"[0-9０-９]+")


def is_page_number(text: str, grammar: Grammar) -> bool:
    """Whether a printed line is nothing but a page number: `- 3 -`, `— 12 —`, `第3页 共20页`.

    A bare number (`12`) is none here: only its place on the page can tell, see `is_bare_number`.
    """
    return (
        len(text) < 40
        and grammar.match(FURNITURE, text.strip("\ufeff\u200b \t\r\n\u3000\xa0"), gives="page_number") is not None
    )


def is_bare_number(text: str) -> bool:
    """Whether a line holds a small number alone; at the upper or lower edge of a page this is its number."""
    word = text.strip()
    return 0 < len(word) <= 4 and bool(DIGITS.fullmatch(word))


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
