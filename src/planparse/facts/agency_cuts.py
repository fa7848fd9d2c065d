"""Names that stand without a separator → one each: 区财政局区民政局 is two; 市住房和城乡建设局 is one.

The vocabulary tells first; where it does not have every name, jieba over that vocabulary keeps its words together.
"""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from planparse.document import BLANKS
from planparse.facts.agency_lexicon import lexicon_of
from planparse.facts.agency_names import CLOSERS, LONGEST_NAME, OPENERS, Reading, read_name
from planparse.grammar import Grammar
from planparse.models.facts import AgencyLevel

LONGEST_PIECE = 400
BRACKETS = re.compile(f"[{re.escape(OPENERS + CLOSERS)}]")
BLANK = re.compile(rf"[\s{BLANKS}]")

Piece = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Names:
    """What reading a name needs: the grammar and the plan's own region."""

    grammar: Grammar
    level: AgencyLevel | None
    region: str | None

    def read(self, name: str) -> Reading:
        """The reading of one name."""
        return read_name(name, self.grammar, region_level=self.level, region=self.region)


def name_to_cuts(text: str, piece: Piece, names: Names) -> tuple[list[Piece], bool]:
    """One name, or several that stand without a separator or with 和/及/会同 between; true where a separator was lost."""
    a, b = piece
    places: Sequence[int] = range(a, b)
    word = text[a:b]
    if BLANK.search(word):
        places = [i for i in places if not BLANK.match(text, i)]
        word = "".join(text[i] for i in places)
    begin = skip_connector(word, 0, names)
    if begin == len(word):
        return [], False
    if len(word) > LONGEST_PIECE:
        return [(a, b)], False
    reading = names.read(word[begin:])
    if reading.known and (reading.doubt < 0.5 or len(word) <= 6):
        return [(places[begin], places[-1] + 1)], False
    tiles = word_to_tiles(word, begin, names)
    if not tiles and not reading.known:
        tiles = word_to_tokens_cut(word, begin, names)
    tiles = tiles or [(begin, len(word))]
    lost = any(right[0] == left[1] for left, right in pairwise(tiles))
    return [(places[i], places[j - 1] + 1) for i, j in tiles], lost


def word_to_tiles(word: str, begin: int, names: Names) -> list[Piece] | None:
    """The fewest known names that fill `word[begin:]`; None where they do not, or it is no more than one."""
    ends = _name_ends(word, begin, names.grammar)
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
            for after in {j, skip_connector(word, j, names)}:
                if after not in best or best[after][0] > made[0]:
                    best[after] = made
    count, tiles = best.get(len(word), (0, []))
    return [tile for tile, _ in tiles] if count > 1 else None


def word_to_tokens_cut(word: str, begin: int, names: Names) -> list[Piece] | None:
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
        linked = skip_connector(word, at, names)
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


def doubt_of(word: str, names: Names) -> float:
    """How little speaks for a word as one name, or as known names in a row (0.5 for each lost separator)."""
    reading = names.read(word)
    if reading.known:
        return reading.doubt
    tiles = word_to_tiles(word, skip_connector(word, 0, names), names)
    return 0.5 * (len(tiles) - 1) if tiles else reading.doubt


def _name_ends(word: str, begin: int, grammar: Grammar) -> list[int]:
    """Where a name may end: at a bracket's end, before a connector, a level's word or the first name's own."""
    openings, own = lexicon_of(grammar).openings, word[begin]
    inside = inside_brackets(word)
    ends = [j for j in range(2, len(word)) if (word[j] in openings or word[j] == own) and j not in inside]
    return [*ends, len(word)] if len(word) > 1 else ends


def skip_connector(word: str, at: int, names: Names) -> int:
    """The offset behind 和, 以及, 会同 at `at`; `at` itself where there is none."""
    words = names.grammar.aliases.get("agency_connectors", {})
    for size in (2, 1):
        if word[at : at + size] in words and len(word) > at + size:
            return at + size
    return at


def inside_brackets(text: str) -> set[int]:
    """The offsets inside a bracket, its closer included; a bracket that never closes holds nothing."""
    found: set[int] = set()
    stack: list[int] = []
    for mark in BRACKETS.finditer(text):
        i = mark.start()
        if text[i] in OPENERS:
            stack.append(i)
        elif stack:
            opened = stack.pop()
            if not stack:
                found.update(range(opened + 1, i + 1))
    if stack:
        # The unclosed one is passed over; pairs behind it still hold.
        rest = inside_brackets(text[stack[0] + 1 :]) if len(stack) < 4 else set()
        found.update(stack[0] + 1 + i for i in rest)
    return found


def _load_jieba() -> Any:
    """jieba without pkg_resources, which it asks for its own files and which takes most of its time to load."""
    held = sys.modules.get("pkg_resources")
    sys.modules["pkg_resources"] = None  # type: ignore[assignment]  # "not to be had": jieba opens its files by path then
    try:
        import jieba
    finally:
        if held is None:
            del sys.modules["pkg_resources"]
        else:
            sys.modules["pkg_resources"] = held
    return jieba


def _tokenizer(grammar: Grammar) -> Any:
    """jieba over the agency vocabulary alone, its table set by hand: no default dictionary, no cache file."""
    made = grammar.cache.get("agencies.tokenizer")
    if made is None:
        jieba = _load_jieba()
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
