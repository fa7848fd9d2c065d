"""One printed name → which body it is: canonical name, level and kind, by the vocabularies agency_* of the grammar.

A name is a prefix (市, 云溪市, 市委, 市政府), a core from a vocabulary and perhaps a bracket: 市政府办公室（市大数据局）.
"""

import re
from dataclasses import dataclass, replace

from planparse.facts.agency_lexicon import JOINING, LEVELS, Lexicon, lexicon_of
from planparse.grammar import Grammar
from planparse.models.facts import AgencyKind, AgencyLevel

_BARE_PLACE = re.compile(r"[^委局厅部办府联协各市区县省和与及的为对将使由等]{2,8}")

MOST_READINGS = 20_000
"""Readings are kept up to this many: the same bodies come again and again, in one plan and in the next."""
OPENERS = "（([【〔［{｛「“《〈"
CLOSERS = "）)]】〕］}｝」”》〉"
LONGEST_NAME = 60
LONGEST_CORE = 26


@dataclass(frozen=True, slots=True)
class Reading:
    """What a name was read as.

    `doubt` is 0 for a name of the vocabulary with a prefix, 0.5 without one, 0.6 after a bare place (云溪海关), 1 for a
    name with an agency's ending and a prefix, 2 for the ending alone, 3 where nothing speaks for a body. `plain` is
    true where the name opens with a level and no place (市…, 区委…, 各…): such a name can follow another without a
    separator. `renamed` is the year in which the printed name went out of use.
    """

    doubt: float
    canonical: str | None = None
    kind: AgencyKind | None = None
    level: AgencyLevel | None = None
    plain: bool = False
    place: str = ""
    renamed: int | None = None

    @property
    def known(self) -> bool:
        """True where the vocabulary or a rule of its own has the name."""
        return self.doubt < 1


def squeeze(text: str) -> str:
    """The text without any blanks."""
    return "".join(text.split())


def read_name(name: str, grammar: Grammar, *, region_level: AgencyLevel | None = None, region: str | None = None) -> Reading:
    """Which body a printed name means.

    `region_level` and `region` are the plan's own (county, 松陵省云溪市): they tell that 市 in a county-level city's plan
    is a county's. Guarantees: never raises; the same name and arguments give the same reading; time is linear in the
    name's length times the longest core.

    >>> from planparse.grammar import load_grammar
    >>> read_name("市残联", load_grammar()).canonical
    '残疾人联合会'
    """
    whole = squeeze(name)
    if not whole or len(whole) > LONGEST_NAME:
        return Reading(3)
    known: dict[tuple[str, str | None, str | None], Reading] = grammar.cache.setdefault("agencies.readings", {})
    key = (whole, region_level, region)
    reading = known.get(key)
    if reading is None:
        if len(known) >= MOST_READINGS:
            known.clear()
        reading = known[key] = _read_bracketed(whole, grammar, _Place(region_level, squeeze(region or "")))
    return reading


def _read_bracketed(whole: str, grammar: Grammar, at: "_Place") -> Reading:
    """The reading of a name, without its bracket where it is not known with it."""
    reading = _read(whole, grammar, at)
    if reading.known:
        return reading
    bare = without_bracket(whole)
    return _read(bare, grammar, at) if bare and bare != whole else Reading(3) if bare is None else reading


def without_bracket(name: str) -> str | None:
    """The name without the bracket at its end; None where its brackets do not pair."""
    depth = 0
    opened = -1
    for i, char in enumerate(name):
        if char in OPENERS:
            if depth == 0:
                opened = i
            depth += 1
        elif char in CLOSERS:
            depth -= 1
            if depth < 0:
                return None
            if depth == 0 and i == len(name) - 1 and opened > 0 and char not in "”》〉」":
                return name[:opened]
    return name if depth == 0 else None


@dataclass(frozen=True, slots=True)
class _Place:
    level: AgencyLevel | None
    region: str


def _read(name: str, grammar: Grammar, at: _Place) -> Reading:
    lexicon = lexicon_of(grammar)
    found = lexicon.national.get(name) or lexicon.national.get(JOINING.sub("", name))
    # 海洋局, 发展改革委 without a prefix: the plan's own, unless it is a national plan.
    local = at.level != "national" and found is not None and name in lexicon.cores
    if found and not local:
        plain = name.startswith(("国家", "中央", "全国"))
        return Reading(0, found.canonical, found.kind, "national", plain, renamed=found.renamed)
    ruled = grammar.match("agencies", name, gives="agency")
    if ruled:
        kind: AgencyKind = ruled.fields["kind"]  # type: ignore[assignment]
        place = ruled.get("place") or ""
        plain = not place and (name[0] in "各团" or name.startswith(lexicon.starts))
        return Reading(0, ruled.get("canonical"), kind, _level(place, ruled.get("level"), lexicon, at), plain, place)
    for exact in (True, False):
        core = _read_core(name, grammar, lexicon, at, exact=exact)
        if core:
            return core
    branch = grammar.match("agencies", name, gives="branch")
    if branch:
        body = _read(branch.fields["body"], grammar, at)
        if body.known:
            return replace(body, doubt=max(body.doubt, 0.5), level=None)
    return _read_shape(name, grammar, lexicon, at)


def _read_core(name: str, grammar: Grammar, lexicon: Lexicon, at: _Place, *, exact: bool) -> Reading | None:
    """The longest core of the vocabulary with a fitting prefix; `exact` false also takes stems with another ending."""
    bare: Reading | None = None
    for i in range(max(0, len(name) - LONGEST_CORE), len(name)):
        core = name[i:]
        found = lexicon.cores.get(core) or lexicon.cores.get(JOINING.sub("", core))
        if not exact and not found:
            ending = next((e for e in lexicon.endings if core.endswith(e)), None)
            found = lexicon.stems.get(JOINING.sub("", core.removesuffix(ending))) if ending else None
            # 环保部门 says what it does, not what it is called: the word outlives the name.
            found = found._replace(renamed=None) if found and ending and ending.endswith("部门") else found
        if not found:
            continue
        if i == 0:
            return Reading(0.5, found.canonical, found.kind, renamed=found.renamed)
        prefix = grammar.match("agencies", name[:i], gives="prefix")
        if prefix:
            place = prefix.get("place") or ""
            if place and not _is_place(place, grammar, lexicon):
                continue
            level = "national" if prefix.get("nation") else _level(place, prefix.get("level"), lexicon, at)
            kind = found.kind
            if found.canonical == "人民政府" and _is_lower(place, level, at):
                kind = "lower_government"
            plain = not place or place in lexicon.levels
            place += prefix.get("level") or ""
            return Reading(0, found.canonical, kind, level, plain, place, found.renamed)
        # 云溪海关, 栖霞湾高新区: a place without its level, before a core that is long enough to be sure of.
        if (
            exact
            and 2 <= i <= 8
            and len(core) >= 2
            and (len(core) >= 3 or core in ("海关",))
            and _is_bare_place(name[:i], lexicon)
        ):
            level = at.level if at.region.removesuffix("市").endswith(name[:i]) else None
            bare = bare or Reading(0.6, found.canonical, found.kind, level, renamed=found.renamed)
    return bare


def _read_shape(name: str, grammar: Grammar, lexicon: Lexicon, at: _Place) -> Reading:
    party = grammar.match("agencies", name, gives="shape")
    if not party:
        return Reading(3)
    kind: AgencyKind = party.fields["kind"]  # type: ignore[assignment]
    opening = next((s for s in lexicon.starts if name.startswith(s)), None)
    lookalikes = grammar.aliases.get("prefix_lookalikes", {})
    if opening and any(name.startswith(word) for word in lookalikes if len(word) > len(opening)):
        opening = None
    if kind == "lower_government":
        level = _level(party.get("place") or "", party.get("level"), lexicon, at)
        return Reading(2, None, kind, level, place=party.get("place") or "")
    if kind == "government" and opening and name[len(opening) :].startswith(("委", "党委")):
        kind = "party"
    level = _level("", opening, lexicon, at) if opening else None
    placed = None if opening else grammar.first("agencies", name, gives="placed")
    if placed:
        level = _level(placed.fields["place"], placed.fields["level"], lexicon, at)
    return Reading(1 if opening or placed else 2, None, kind, level, bool(opening))


def _level(place: str, word: str | None, lexicon: Lexicon, at: _Place) -> AgencyLevel | None:
    """The level that a prefix means; 市 is the plan's own where the plan is a city's, county-level cities included."""
    if not word:
        return None
    level = lexicon.levels.get(place + word) or lexicon.levels.get(word)
    if word == "市" and level == "city" and at.level in ("province", "county"):
        own = place.removesuffix("市").rsplit("市", 1)[-1].rsplit("省", 1)[-1]
        if not own:
            return at.level
        if at.region.endswith(own + "市"):
            return at.level
        return "city" if at.level == "province" or at.region else None
    return level


def _is_lower(place: str, level: AgencyLevel | None, at: _Place) -> bool:
    """True for the government of a region under the plan's own; without one, for named counties and townships."""
    if level is None:
        return False
    if at.level:
        return LEVELS.index(level) > LEVELS.index(at.level)
    return level == "township" or (level == "county" and bool(place))


def _is_place(place: str, grammar: Grammar, lexicon: Lexicon) -> bool:
    """False where the supposed place is a body itself: 市总工会 in 市总工会市民政局."""
    if not place.startswith(lexicon.starts) or len(place) < 3:
        return True
    for i in range(1, len(place)):
        if place[i:] in lexicon.cores and grammar.match("agencies", place[:i], gives="prefix"):
            return False
    return not place.endswith(("中心", "集团", "公司", "支队", "大队", "协会", "学会"))


def _is_bare_place(word: str, lexicon: Lexicon) -> bool:
    if word in lexicon.cores or word.endswith(("集团", "公司", "中心")):
        return False
    return _BARE_PLACE.fullmatch(word) is not None
