"""The name of an indicator → what it counts: words that decide, characters that no vocabulary knows, how it is counted."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import regex

from planparse.grammar import Grammar
from planparse.numerals import to_int

FILE = "concepts"
DROPPED = dict.fromkeys(map(ord, "()[]{}【】〔〕〈〉《》“”\"'‘’「」·•*—-–_:;,。．"))
BASES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6, "亿": 10**8}
Role = Literal["word", "scope", "stop", "light", "count", "ratio", "loose", "joined"]
# Where a form stands in two vocabularies, the first of these has it.
ROLES: tuple[tuple[Role, str], ...] = (
    ("word", "concept_words"),
    ("scope", "concept_scopes"),
    ("stop", "concept_stop"),
    ("light", "concept_light"),
    ("count", "concept_counts"),
    ("ratio", "concept_ratios"),
)
MOVEMENTS: Mapping[str, Literal["growth", "change"]] = {"增长": "growth", "下降": "change", "提高": "change"}
EACH = "人均"
COVERAGES = frozenset({"覆盖", "普及"})


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a folded name: its role, the word that stands for all its forms, and where it stands."""

    role: Role
    canonical: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The vocabularies of grammars/concepts.yaml as one pattern and one table."""

    pattern: "regex.Pattern[str]"
    forms: Mapping[str, tuple[Role, str]]
    scopes: frozenset[str]
    people: frozenset[str]
    flows: frozenset[str]
    fields: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a name counts.

    `words` decide: two names that differ in one count different things. `loose` are the characters that no vocabulary
    knows. `text` is both in the printed order, for similarity. `base` is what it counts against (每千人口 → 1000), `each`
    whether it counts against people at all (人均, 每千人口). `counted` is the noun of a count where it is printed (户数 → 户).
    """

    text: str
    words: frozenset[str]
    loose: frozenset[str]
    scopes: frozenset[str]
    ratio: bool
    movement: Literal["growth", "change"] | None
    base: int | None
    people: bool
    flow: bool
    each: bool = False
    counted: str | None = None

    @property
    def tokens(self) -> frozenset[str]:
        """Deciding words and unknown characters together."""
        return self.words | self.loose


def fold_name(text: str) -> str:
    """A name without width, case, blanks, brackets, quotes and separators; 、 stays, since it joins."""
    return "".join(unicodedata.normalize("NFKC", text).split()).lower().translate(DROPPED)


def grammar_to_lexicon(grammar: Grammar) -> Lexicon:
    """The concept vocabularies compiled once a grammar (kept in its cache)."""
    made = grammar.cache.get(FILE)
    if not isinstance(made, Lexicon):
        made = grammar.cache[FILE] = _compile(grammar)
    return made


def _compile(grammar: Grammar) -> Lexicon:
    forms: dict[str, tuple[Role, str]] = {}
    for role, vocabulary in ROLES:
        for canonical, others in grammar.entries(vocabulary).items():
            named = others if role == "scope" or "+" in canonical else (canonical, *others)
            for form in map(fold_name, named):
                forms.setdefault(form, (role, form if role == "scope" else canonical))
    forms.pop("", None)
    longest_first = "|".join(map(regex.escape, sorted(forms, key=lambda f: (-len(f), f))))
    members = {name: frozenset(_all(grammar, name)) for name in ("concept_scopes", "concept_people", "concept_flows")}
    return Lexicon(
        pattern=regex.compile(longest_first),
        forms=forms,
        scopes=members["concept_scopes"],
        people=members["concept_people"],
        flows=members["concept_flows"],
        fields={field: (field, *words) for field, words in grammar.entries("concept_fields").items()},
    )


def _all(grammar: Grammar, vocabulary: str) -> Iterator[str]:
    for key, words in grammar.entries(vocabulary).items():
        yield from (key, *words)


def region_to_words(region: str | None) -> tuple[str, ...]:
    """A region as an indicator's name may print it: 松陵省云溪市 → 松陵省云溪市, 云溪市; bare short forms are left alone.

    >>> region_to_words("松陵省云溪市")
    ('松陵省云溪市', '云溪市', '松陵省')
    """
    if not region:
        return ()
    whole = fold_name(region)
    parts = regex.findall(r".{2,}?(?:自治区|自治州|自治县|省|市|盟|地区|州|新区|区|县|旗|镇|乡)", whole)
    return tuple(dict.fromkeys(p for p in (whole, *reversed(parts)) if len(p) >= 3))


def scan_name(name: str, grammar: Grammar) -> list[Token]:
    """A folded name as tokens that tile it, but for what a rule says is the region; bases and thresholds are one token."""
    lexicon = grammar_to_lexicon(grammar)
    tokens: list[Token] = []
    known = [m.span() for m in lexicon.pattern.finditer(name) if m.end() - m.start() > 1]
    at = 0
    for found in grammar.find(FILE, name):
        # 文化和旅游 and 3岁以下婴幼儿 are words of the vocabulary; no rule reads a piece of them.
        inside = any((a <= found.start and found.end < b) or a < found.start < b for a, b in known)
        if found.gives == "shared_rate" or found.start < at or inside:
            continue
        tokens += _words(name, at, found.start, lexicon)
        at = found.end
        match found.gives:
            case "base":
                tokens.append(Token("stop", f"/{BASES[found.fields['base']]}", found.start, found.end))
            case "threshold":
                number = to_int(found.fields["number"]) if found.fields["number"].find(".") < 0 else None
                shown = f"{number or found.fields['number']}{found.fields['unit'].lstrip('周')}{found.fields['side']}"
                tokens.append(Token("scope", shown, found.start, found.end))
            case "joined":
                tokens.append(Token("joined", "", found.start, found.end))
    return [*tokens, *_words(name, at, len(name), lexicon)]


def _words(name: str, start: int, end: int, lexicon: Lexicon) -> Iterator[Token]:
    at = start
    for found in lexicon.pattern.finditer(name, start, end):
        yield from _loose(name, at, found.start())
        role, canonical = lexicon.forms[found.group()]
        # A form may say two words at once: 研发经费投入强度 is 研发经费 + 占地区生产总值.
        for word in canonical.split("+"):
            yield Token(role, word, found.start(), found.end())
        at = found.end()
    yield from _loose(name, at, end)


def _loose(name: str, start: int, end: int) -> Iterator[Token]:
    """Unknown characters one by one; a run of Latin letters and digits is one word that decides (5g is not 4g)."""
    for found in regex.finditer(r"[a-z0-9.&+/%]+|.", name[start:end]):
        run = found.group()
        yield Token(
            "scope" if run[0].isascii() and run[0].isalnum() else "loose", run, start + found.start(), start + found.end()
        )


def read_name(name: str, grammar: Grammar, *, parent: str | None = None, regions: tuple[str, ...] = ()) -> Reading:
    """What a name counts; a leaf that says no measure of its own (其中：城镇居民) is read with its parent's words.

    `regions` are folded names of the plan's own region, which say nothing. Never raises; a name of stop words alone is
    read by its characters.
    """
    lexicon = grammar_to_lexicon(grammar)
    folded = fold_name(name)
    for region in regions:
        folded = folded.replace(region, "")
    tokens = scan_name(folded, grammar)
    if parent and not _has_measure(tokens):
        tokens = [*scan_name(fold_name(parent), grammar), *tokens]
    kept = _without_light(tokens)
    words = frozenset(t.canonical for t in kept if t.role in ("word", "scope"))
    loose = frozenset(t.canonical for t in kept if t.role == "loose")
    if not words and not loose:
        loose = frozenset(folded or name)
    movements = [MOVEMENTS[w] for w in MOVEMENTS if w in words]
    bases = [int(t.canonical[1:]) for t in tokens if t.role == "stop" and t.canonical[0] == "/"]
    return Reading(
        text="".join(t.canonical for t in kept) or folded,
        words=words,
        loose=loose,
        scopes=frozenset(t.canonical for t in kept if t.role == "scope" or t.canonical in lexicon.scopes),
        ratio=any(t.role == "ratio" for t in tokens),
        movement=movements[0] if movements else None,
        base=bases[0] if bases else None,
        people=bool(words & lexicon.people),
        flow=any(flow in folded for flow in lexicon.flows),
        each=bool(bases) or any(t.role == "stop" and folded[t.start : t.end] == EACH for t in tokens if t.end <= len(folded)),
        counted=next((m.fields["noun"] for m in grammar.find(FILE, folded, gives="counted")), None),
    )


def _has_measure(tokens: list[Token]) -> bool:
    return any(t.role in ("ratio", "count") or t.canonical in MOVEMENTS for t in tokens)


def _without_light(tokens: list[Token]) -> list[Token]:
    """Deciding words and unknown characters; a light word only where it is what is counted (机构 in 养老机构数)."""
    content = [t for t in tokens if t.role in ("word", "scope", "loose", "light")]
    last = len(content) - 1
    return [t for i, t in enumerate(content) if t.role != "light" or i == last]


def split_measures(name: str, grammar: Grammar) -> list[str]:
    """The measures that one name holds: 供水和燃气普及率 → 供水普及率, 燃气普及率; one where it holds one.

    Only a rate can be shared, each for itself (`concepts.shared_rate`): A和B占比 is the share of both together, A和B数
    their sum. Words before the first that say who or where go with each, unless the other brings its own people.
    """
    folded = fold_name(name)
    rate = next((m for m in grammar.find(FILE, folded, gives="shared_rate")), None)
    if rate is None:
        return [name]
    pieces: list[list[Token]] = [[]]
    for token in scan_name(folded[: rate.start], grammar):
        if token.role == "joined":
            pieces.append([])
        else:
            pieces[-1].append(token)
    pieces = [p for p in pieces if p]
    if len(pieces) < 2 or any(t.role == "stop" and "占" in folded[t.start : t.end] for p in pieces for t in p):
        return [name]
    people = grammar_to_lexicon(grammar).people
    first, others = pieces[0], pieces[1:]
    prefix = _shared_prefix(first, others[0])
    shared = folded[first[0].start : prefix[-1].end] if prefix else ""
    texts = [folded[first[0].start : first[-1].end]]
    for piece in others:
        own = any(t.canonical in people for t in piece)
        texts.append(("" if own else shared) + folded[piece[0].start : piece[-1].end])
    texts = _with_shared_heads(texts, grammar)
    return [text + folded[rate.start :] for text in texts]


def _shared_prefix(first: list[Token], second: list[Token]) -> list[Token]:
    """The opening words of `first` that `second` is meant under too: who and where, not what."""
    size = len([t for t in second if t.role in ("word", "scope")]) or 1
    content = [t for t in first if t.role != "stop"]
    stem = content[: max(0, len(content) - size)]
    while stem and stem[-1].role == "loose":
        stem.pop()
    return stem


def _with_shared_heads(texts: list[str], grammar: Grammar) -> list[str]:
    """养老、医疗保险: the first lacks the head that the last brings; it gets it where that makes a known word."""
    forms = grammar_to_lexicon(grammar).forms
    last = texts[-1]
    made = []
    for text in texts[:-1]:
        heads = (last[-size:] for size in (2, 3, 4) if len(last) > size and not text.endswith(last[-size:]))
        full = next(
            (text + h for h in heads for cut in range(len(text)) if len(text) - cut >= 2 and text[cut:] + h in forms), text
        )
        made.append(full)
    return [*made, last]
