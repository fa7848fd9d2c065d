"""A printed list of bodies → agencies, one each: 区财政局区民政局 is two, 区乡村⏎振兴局 is one.

`text → pieces (at 、，；) → fragments (at blanks) → names`: blanks may part two names or break one, the vocabulary tells;
where a separator was lost the vocabulary tells too, and jieba over that vocabulary where it can't.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from planparse.document import BLANKS
from planparse.facts.agency_cuts import BLANK, Names, Piece, doubt_of, inside_brackets, name_to_cuts
from planparse.facts.agency_names import OPENERS, squeeze
from planparse.grammar import Grammar
from planparse.models import Agency, Span
from planparse.models.facts import AgencyLevel

SEPARATOR = re.compile("[、，,；;。/／|｜\t\n]")
AROUND = BLANKS + "：:*＊★▲☆△●※·。.…"
WORD = re.compile(r"\w")
ORDINAL = re.compile(r"[（(]?\d{1,2}[.．）)]\s*(?=\D)|[①-⑳]\s*")
LISTED = ["部门", "单位", "机构", "企业", "企事业单位"]
WINDOW = 4
"""How many fragments of a line-broken name are put together at most; cells of three characters break one in three."""


class AgencyList(NamedTuple):
    """The bodies of one printed list, in order.

    `open_ended` is true where it ends in 等; `unknown` are those that the vocabulary does not have; `separator_lost` the
    places where two names stood without anything between them.
    """

    agencies: tuple[Agency, ...] = ()
    open_ended: bool = False
    unknown: tuple[Agency, ...] = ()
    separator_lost: tuple[Span, ...] = ()

    @property
    def plausible(self) -> bool:
        """True where every name has at least an agency's ending."""
        return bool(self.agencies) and all(agency.kind for agency in self.agencies)


def split_agencies(
    text: str,
    start: int,
    span_at: Callable[[int, int], Span],
    grammar: Grammar,
    *,
    role: str | None = None,
    region_level: AgencyLevel | None = None,
    region: str | None = None,
) -> AgencyList:
    """The bodies that `text`, which begins at offset `start` of the document, names one after another.

    Guarantees:
    1. `document[span.start:span.end]` and `name` are the same but for blanks; names come in order and do not overlap.
    2. Names part at 、，； and blanks, at 和/与/及/会同 between two bodies, and where a separator was lost between two
       known ones; a bracket stays with its name; 等, 等部门 is no part of a name.
    3. A name that no vocabulary has is kept whole, `canonical` None.

    >>> from planparse.grammar import load_grammar
    >>> found = split_agencies("区财政局区民政局等", 0, lambda a, b: Span(start=a, end=b), load_grammar())
    >>> [a.name for a in found.agencies], found.open_ended
    (['区财政局', '区民政局'], True)
    """
    names = Names(grammar, region_level, region)
    agencies: list[Agency] = []
    lost: list[Span] = []
    open_ended = False
    for piece in text_to_pieces(text, grammar):
        for part, ends_open in piece_to_parts(text, piece, grammar):
            open_ended |= ends_open
            for fragment in fragments_to_names(text, piece_to_fragments(text, part), names):
                cuts, doubtful = name_to_cuts(text, fragment, names)
                if doubtful:
                    lost.append(span_at(start + fragment[0], start + fragment[1]))
                for a, b in cuts:
                    name = squeeze_name(text[a:b])
                    if name.isdecimal() or name in LISTED or not WORD.search(name):
                        continue
                    reading = names.read(name)
                    span = span_at(start + a, start + b)
                    agencies.append(
                        Agency(
                            name=name,
                            canonical=reading.canonical,
                            level=reading.level,
                            kind=reading.kind,
                            role=role,
                            renamed=reading.renamed,
                            span=span,
                        )
                    )
    unknown = tuple(a for a in agencies if a.canonical is None and a.kind not in ("group", "lower_government"))
    return AgencyList(tuple(agencies), open_ended, unknown, tuple(lost))


def squeeze_name(text: str) -> str:
    """A name as printed, without line breaks and the blanks that set it wide; blanks between Latin words stay."""
    words = text.strip(BLANKS).split()
    if len(words) == 1:
        return words[0]
    made = ""
    for word in words:
        latin = made[-1:].isascii() and word[:1].isascii() and made[-1:].isalnum() and word[:1].isalnum()
        made += f" {word}" if latin else word
    return made


def text_to_pieces(text: str, grammar: Grammar) -> Iterator[Piece]:
    """The stretches between 、，；: separators inside a bracket, or in 各省、自治区、直辖市, part nothing."""
    begin = 0
    one = [(m.start, m.end) for m in grammar.find("agencies", text, gives="joined")] if "、" in text else []
    for i in _outside(text, SEPARATOR):
        if not any(a < i < b for a, b in one):
            yield begin, i
            begin = i + 1
    yield begin, len(text)


def piece_to_parts(text: str, piece: Piece, grammar: Grammar) -> Iterator[tuple[Piece, bool]]:
    """The piece without 等, 等部门; what follows that word is a part of its own."""
    a, b = _strip(text, *piece)
    at = a
    words = text[a:b]
    if "等" in words:
        for found in grammar.find("agencies", words, gives="open_end"):
            if text.count("（", a, a + found.start) == text.count("）", a, a + found.start):
                yield (at, a + found.start), True
                at = a + found.end
    yield (at, b), False


def piece_to_fragments(text: str, piece: Piece) -> list[Piece]:
    """The stretches between blanks; a bracket that follows a blank stays with what stands before it."""
    a, b = _strip(text, *piece)
    words = text[a:b]
    if not BLANK.search(words) and not ORDINAL.match(words):
        return [(a, b)] if words else []
    fragments: list[Piece] = []
    begin = a
    for i in _outside(words, BLANK):
        if a + i > begin:
            fragments.append((begin, a + i))
        begin = a + i + 1
    if b > begin:
        fragments.append((begin, b))
    joined: list[Piece] = []
    for begin, end in fragments:
        numbered = ORDINAL.match(text, begin, end)
        fragment = (numbered.end() if numbered else begin, end)
        if fragment[0] == end:
            continue
        if joined and text[fragment[0]] in OPENERS:
            joined[-1] = (joined[-1][0], fragment[1])
        else:
            joined.append(fragment)
    return joined


def fragments_to_names(text: str, fragments: Sequence[Piece], names: Names) -> list[Piece]:
    """Fragments put together where a line end broke a name: the reading with the least doubt wins."""
    if len(fragments) < 2:
        return list(fragments)
    best: list[tuple[float, int]] = [(0.0, 0)]
    single = [doubt_of(squeeze(text[a:b]), names) for a, b in fragments]
    for end in range(1, len(fragments) + 1):
        options: list[tuple[float, int]] = []
        for begin in range(max(0, end - WINDOW), end):
            if end - begin == 1:
                cost = single[begin]
            elif not any(single[begin:end]):
                continue  # Known names with their prefixes, each whole in itself.
            else:
                whole = squeeze(text[fragments[begin][0] : fragments[end - 1][1]])
                cost = doubt_of(whole, names) + 0.1 * (end - begin - 1)
                # 资产集团 文投集团: two bodies that would make one with an agency's ending.
                if not names.read(whole).known and any(c <= 2 for c in single[begin : end - 1]):
                    cost += 2
            options.append((best[begin][0] + cost, begin))
        best.append(min(options))
    made: list[Piece] = []
    end = len(fragments)
    while end:
        begin = best[end][1]
        made.append((fragments[begin][0], fragments[end - 1][1]))
        end = begin
    return made[::-1]


def _outside(text: str, mark: re.Pattern[str]) -> list[int]:
    """Where a mark stands outside brackets."""
    places = [found.start() for found in mark.finditer(text)]
    inside = inside_brackets(text) if places else ()
    return [i for i in places if i not in inside] if inside else places


def _strip(text: str, a: int, b: int) -> Piece:
    words = text[a:b].lstrip(AROUND)
    return b - len(words), b - len(words) + len(words.rstrip(AROUND))
