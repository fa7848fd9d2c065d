"""Raised marks in the text (低空经济①, 算力网[2]) → the glossary entries that they mean."""

from collections import defaultdict
from collections.abc import Sequence

from planparse.document import Document
from planparse.models import GlossaryEntry, Span
from planparse.numerals import to_int
from planparse.structure.marks import find_marks
from planparse.structure.spans import span_of

ENDS = '“”"[]［］〔〕（）()【】. '
UNITS = tuple("个项年月日家所座条名人万亿千百次处套件种类户亩吨元倍期号级")
"""Behind a plain number these make it a figure (示范区3个)."""


def with_references(
    entries: Sequence[GlossaryEntry], listed: Sequence[tuple[int, int]], document: Document
) -> list[GlossaryEntry]:
    """The entries with the places of their marks, in document order; `listed` are the places where entries stand.

    1. A raised or bracketed number behind a word means the entry of that number; where several entries bear it (notes on
       each page, two lists), the one whose term stands before the mark, else none.
    2. A plain number means an entry only straight behind its term (a PDF loses what is raised): 低空经济1.
    """
    numbers: dict[int, list[int]] = defaultdict(list)
    for at, entry in enumerate(entries):
        number = _number(entry)
        if number is not None and any(low <= entry.span.start < high for low, high in listed):
            numbers[number].append(at)
    if not numbers:
        return list(entries)
    text = document.text
    found: dict[int, list[Span]] = defaultdict(list)
    for start, end, number in find_marks(text):
        if number not in numbers or _inside(start, listed):
            continue
        before = text[max(0, start - 60) : start]
        named = [at for at in numbers[number] if before.endswith(_forms(entries[at].term))]
        meant = named or numbers[number]
        if len(meant) == 1:
            found[meant[0]].append(span_of(document, start, end))
    for number, places in numbers.items():
        for at in places:
            found[at] += _plain(entries[at].term, str(number), listed, document)
    return [
        e.model_copy(update={"references": sorted(found[at], key=lambda s: s.start)}) if at in found else e
        for at, e in enumerate(entries)
    ]


def _number(entry: GlossaryEntry) -> int | None:
    words = (entry.number or "").strip(ENDS)
    if len(words) == 1 and "①" <= words <= "⑳":
        return ord(words) - ord("①") + 1
    marks = list(find_marks(f"注{words}"))
    return marks[0].number if marks else to_int(words) if words else None


def _forms(term: str) -> tuple[str, ...]:
    bare = term.strip("“”")
    return (bare, f"{bare}”", f"{bare}》", f"{bare}）")


def _inside(at: int, places: Sequence[tuple[int, int]]) -> bool:
    return any(low <= at < high for low, high in places)


def _plain(term: str, number: str, listed: Sequence[tuple[int, int]], document: Document) -> list[Span]:
    text, bare = document.text, term.strip("“”")
    found: list[Span] = []
    at = text.find(bare) if len(bare) > 1 else -1
    while at >= 0:
        start = at + len(bare) + (text[at + len(bare) : at + len(bare) + 1] in ("”", "》"))
        end = start + len(number)
        after = text[end : end + 1]
        if (
            text.startswith(number, start)
            and not _inside(at, listed)
            and after not in UNITS
            and not (after.isascii() and after.isalnum())
        ):
            found.append(span_of(document, start, end))
        at = text.find(bare, at + 1)
    return found
