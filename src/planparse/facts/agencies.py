"""A printed list of bodies → agencies, one each: 区财政局区民政局 is two, 区乡村⏎振兴局 is one.

`text → pieces (at 、，；) → fragments (at blanks) → names`: blanks may part two names or break one, the vocabulary tells;
where a separator was lost the vocabulary tells too, and jieba over that vocabulary where it can't.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from planparse.document import BLANKS
from planparse.facts.agency_names import CLOSERS, LONGEST_NAME, OPENERS, Reading, lexicon_of, read_name, squeeze
from planparse.grammar import Grammar
from planparse.models import Agency, Span
from planparse.models.facts import AgencyLevel

SEPARATORS = "、，,；;。/／|｜\t\n"
LISTED = "部门 单位 机构 企业 企事业单位".split()
WINDOW = 4
"""How many fragments of a line-broken name are put together at most; cells of three characters break one in three."""
LONGEST_PIECE = 400

Piece = tuple[int, int]


@dataclass(frozen=True, slots=True)
class AgencyList:
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


@dataclass(frozen=True, slots=True)
class _Names:
    """What reading a name needs: the grammar and the plan's own region."""

    grammar: Grammar
    level: AgencyLevel | None
    region: str | None

    def read(self, name: str) -> Reading:
        return read_name(name, self.grammar, region_level=self.level, region=self.region)


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
    names = _Names(grammar, region_level, region)
    agencies: list[Agency] = []
    lost: list[Span] = []
    open_ended = False
    for piece in text_to_pieces(text):
        for part, ends_open in piece_to_parts(text, piece, grammar):
            open_ended |= ends_open
            for fragment in fragments_to_names(text, piece_to_fragments(text, part), names):
                cuts, doubtful = name_to_cuts(text, fragment, names)
                if doubtful:
                    lost.append(span_at(start + fragment[0], start + fragment[1]))
                for a, b in cuts:
                    name = squeeze_name(text[a:b])
                    if not name or name.isdecimal() or name in LISTED:
                        continue
                    reading = names.read(name)
                    span = span_at(start + a, start + b)
                    agencies.append(
                        Agency(
                            name=name, canonical=reading.canonical, level=reading.level, kind=reading.kind, role=role, span=span
                        )
                    )
    unknown = tuple(a for a in agencies if a.canonical is None and a.kind not in ("group", "lower_government"))
    return AgencyList(tuple(agencies), open_ended, unknown, tuple(lost))


def squeeze_name(text: str) -> str:
    """A name as printed, without line breaks and the blanks that set it wide; blanks between Latin words stay."""
    words = text.strip(BLANKS).split()
    made = ""
    for word in words:
        latin = made[-1:].isascii() and word[:1].isascii() and made[-1:].isalnum() and word[:1].isalnum()
        made += f" {word}" if latin else word
    return made


def text_to_pieces(text: str) -> Iterator[Piece]:
    """The stretches between 、，；: separators inside a bracket part nothing."""
    begin = 0
    for i in _outside(text):
        if text[i] in SEPARATORS:
            yield begin, i
            begin = i + 1
    yield begin, len(text)


def piece_to_parts(text: str, piece: Piece, grammar: Grammar) -> Iterator[tuple[Piece, bool]]:
    """The piece without 等, 等部门; what follows that word is a part of its own."""
    a, b = _strip(text, *piece)
    at = a
    if "等" in text[a:b]:
        for found in grammar.find("agencies", text[a:b], gives="open_end"):
            if text.count("（", a, a + found.start) == text.count("）", a, a + found.start):
                yield (at, a + found.start), True
                at = a + found.end
    yield (at, b), False


def piece_to_fragments(text: str, piece: Piece) -> list[Piece]:
    """The stretches between blanks; a bracket that follows a blank stays with what stands before it."""
    a, b = _strip(text, *piece)
    fragments: list[Piece] = []
    begin = a
    for i in _outside(text[a:b]):
        if text[a + i].isspace() or text[a + i] in BLANKS:
            if a + i > begin:
                fragments.append((begin, a + i))
            begin = a + i + 1
    if b > begin:
        fragments.append((begin, b))
    joined: list[Piece] = []
    for fragment in fragments:
        if joined and text[fragment[0]] in OPENERS:
            joined[-1] = (joined[-1][0], fragment[1])
        else:
            joined.append(fragment)
    return joined


def fragments_to_names(text: str, fragments: Sequence[Piece], names: _Names) -> list[Piece]:
    """Fragments put together where a line end broke a name: the reading with the least doubt wins."""
    if len(fragments) < 2:
        return list(fragments)
    best: list[tuple[float, int]] = [(0.0, 0)]
    single = [_cost(squeeze(text[a:b]), names) for a, b in fragments]
    for end in range(1, len(fragments) + 1):
        options: list[tuple[float, int]] = []
        for begin in range(max(0, end - WINDOW), end):
            if end - begin == 1:
                cost = single[begin]
            else:
                whole = squeeze(text[fragments[begin][0] : fragments[end - 1][1]])
                cost = _cost(whole, names) + 0.1 * (end - begin - 1)
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


def name_to_cuts(text: str, piece: Piece, names: _Names) -> tuple[list[Piece], bool]:
    """One name, or several that stand without a separator or with 和/及/会同 between; true where a separator was lost."""
    a, b = piece
    places = [i for i in range(a, b) if not (text[i].isspace() or text[i] in BLANKS)]
    word = "".join(text[i] for i in places)
    begin = _skip_connector(word, 0, names)
    if begin == len(word):
        return [], False
    if len(word) > LONGEST_PIECE:
        return [(a, b)], False
    tiles: list[Piece] | None = [(begin, len(word))]
    reading = names.read(word[begin:])
    if not reading.known or (reading.doubt >= 0.5 and len(word) > 6):
        tiles = word_to_tiles(word, begin, names) or (word_to_tokens_cut(word, begin, names) if not reading.known else tiles)
    tiles = tiles or [(begin, len(word))]
    lost = any(right[0] == left[1] for left, right in zip(tiles, tiles[1:], strict=False))
    return [(places[i], places[j - 1] + 1) for i, j in tiles], lost


def word_to_tiles(word: str, begin: int, names: _Names) -> list[Piece] | None:
    """The fewest known names that fill `word[begin:]`; None where they do not, or it is no more than one."""
    ends = _name_ends(word, names.grammar)
    best: dict[int, tuple[int, list[tuple[Piece, Reading]]]] = {begin: (0, [])}
    for i in range(begin, len(word)):
        if i not in best:
            continue
        count, before = best[i]
        linked = bool(before) and before[-1][0][1] < i
        for j in ends:
            if not i < j <= i + LONGEST_NAME:
                continue
            reading = names.read(word[i:j])
            if not reading.known or not _may_follow(reading, before, linked=linked):
                continue
            made = (count + 1, [*before, ((i, j), reading)])
            for after in {j, _skip_connector(word, j, names)}:
                if after not in best or best[after][0] > made[0]:
                    best[after] = made
    count, tiles = best.get(len(word), (0, []))
    return [tile for tile, _ in tiles] if count > 1 else None


def word_to_tokens_cut(word: str, begin: int, names: _Names) -> list[Piece] | None:
    """Where the vocabulary has not every name: cut before a level's word that follows an agency's ending.

    jieba over our vocabulary keeps 市场监管局 in one piece, so that its 市 is not taken for a level.
    """
    if len(word) - begin < 6:
        return None
    lexicon = lexicon_of(names.grammar)
    cuts = [begin]
    at, before = begin, ""
    for token in _tokenizer(names.grammar).cut(word[begin:], HMM=False):
        opens = token in lexicon.starts or token == "各"
        if opens and at > cuts[-1] and (before in lexicon.cores or names.read(word[cuts[-1] : at]).doubt <= 1):
            cuts.append(at)
        linked = _skip_connector(word, at, names)
        if linked > at and at > cuts[-1] and names.read(word[cuts[-1] : at]).known and names.read(word[linked:]).doubt <= 1:
            return [*_pairs(cuts, at), (linked, len(word))]
        at, before = at + len(token), token
    tiles = _pairs(cuts, len(word))
    return tiles if len(tiles) > 1 and all(names.read(word[i:j]).doubt <= 1 for i, j in tiles) else None


def _pairs(cuts: Sequence[int], end: int) -> list[Piece]:
    return list(zip(cuts, [*cuts[1:], end], strict=True))


def _may_follow(reading: Reading, before: Sequence[tuple[Piece, Reading]], *, linked: bool) -> bool:
    """Without a separator only a name that opens with a level, a ministry after a ministry, or the same place's body."""
    if not before or linked:
        return True
    last = before[-1][1]
    same_place = bool(reading.place) and reading.place == last.place
    return reading.plain or same_place or (reading.level == "national" and last.level == "national")


def _cost(word: str, names: _Names) -> float:
    reading = names.read(word)
    if reading.known:
        return reading.doubt
    tiles = word_to_tiles(word, _skip_connector(word, 0, names), names)
    return 0.5 * (len(tiles) - 1) if tiles else reading.doubt


def _name_ends(word: str, grammar: Grammar) -> list[int]:
    """Where a name may end: at a bracket's end, before a connector, and before a level's word."""
    lexicon = lexicon_of(grammar)
    connectors = set("".join(grammar.aliases.get("agency_connectors", {})))
    firsts = {s[0] for s in (*lexicon.starts, *lexicon.national)} | connectors | set("各团")
    inside = _inside(word)
    return [j for j in range(2, len(word) + 1) if j == len(word) or (word[j] in firsts and j not in inside)]


def _skip_connector(word: str, at: int, names: _Names) -> int:
    """The offset behind 和, 以及, 会同 at `at`; `at` itself where there is none."""
    words = names.grammar.aliases.get("agency_connectors", {})
    for size in (2, 1):
        if word[at : at + size] in words and len(word) > at + size:
            return at + size
    return at


def _outside(text: str) -> Iterator[int]:
    inside = _inside(text)
    return (i for i in range(len(text)) if i not in inside)


def _inside(text: str) -> set[int]:
    """The offsets inside a bracket, its closer included; a bracket that never closes holds nothing."""
    found: set[int] = set()
    stack: list[int] = []
    for i, char in enumerate(text):
        if char in OPENERS:
            stack.append(i)
        elif char in CLOSERS and stack:
            opened = stack.pop()
            if not stack:
                found.update(range(opened + 1, i + 1))
    if stack:
        # The unclosed one is passed over; pairs behind it still hold.
        rest = _inside(text[stack[0] + 1 :]) if len(stack) < 4 else set()
        found.update(stack[0] + 1 + i for i in rest)
    return found


def _strip(text: str, a: int, b: int) -> Piece:
    marks = BLANKS + "：:*★▲●·。.…"
    while a < b and text[a] in marks:
        a += 1
    while b > a and text[b - 1] in marks:
        b -= 1
    return a, b


def _tokenizer(grammar: Grammar) -> Any:
    """jieba over the agency vocabulary alone, its table set by hand: no default dictionary, no cache file."""
    made = grammar.cache.get("agencies.tokenizer")
    if made is None:
        import jieba

        lexicon = lexicon_of(grammar)
        words = [*lexicon.cores, *lexicon.national, *lexicon.starts, *lexicon.endings]
        words += [*grammar.aliases.get("prefix_lookalikes", {}), *grammar.aliases.get("agency_connectors", {}), "各"]
        table: dict[str, int] = {}
        for word in words:
            table[word] = 3 ** min(len(word), 12)
            for size in range(1, len(word)):
                table.setdefault(word[:size], 0)
        made = jieba.Tokenizer()
        made.FREQ, made.total, made.initialized = table, sum(table.values()), True
        grammar.cache["agencies.tokenizer"] = made
    return made
