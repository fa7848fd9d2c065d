"""The agency vocabularies of a grammar, turned for look-up: forms in print → body, with the year of a renaming."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, get_args

from planparse.grammar import Grammar
from planparse.models.facts import AgencyKind, AgencyLevel

LEVELS: tuple[AgencyLevel, ...] = get_args(AgencyLevel)
KINDS: tuple[AgencyKind, ...] = get_args(AgencyKind)
JOINING = re.compile("[和与及]")
_REFORM = re.compile(r"agency_(?P<national>national_)?(?P<make>renamed|absorbed)_(?P<year>\d{4})")


class Body(NamedTuple):
    """What a form in print means: the canonical name, the kind, and the year in which that form went out of use."""

    canonical: str
    kind: AgencyKind
    renamed: int | None = None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Forms without prefix, stems without 局/厅/委, whole national names; `openings` are characters that a name opens with."""

    cores: Mapping[str, Body]
    stems: Mapping[str, Body]
    endings: tuple[str, ...]
    national: Mapping[str, Body]
    levels: Mapping[str, AgencyLevel]
    starts: tuple[str, ...]
    openings: frozenset[str]


def lexicon_of(grammar: Grammar) -> Lexicon:
    """The look-up tables of this grammar, made once and kept with it."""
    made = grammar.cache.get("agencies.lexicon")
    if not isinstance(made, Lexicon):
        made = grammar.cache["agencies.lexicon"] = _grammar_to_lexicon(grammar)
    return made


def _grammar_to_lexicon(grammar: Grammar) -> Lexicon:
    cores: dict[str, Body] = {}
    national: dict[str, Body] = {}
    for kind in KINDS:
        _add(cores, grammar.aliases.get(f"agency_{kind}", {}), kind)
        _add(national, grammar.aliases.get(f"agency_national_{kind}", {}), kind)
    _add(national, grammar.aliases.get("agency_national", {}), "government")
    _add_reforms(cores, national, grammar)
    ends: dict[str, None] = {}
    for main, others in grammar.vocabularies.get("agency_endings", {}).items():
        ends |= dict.fromkeys([main, *others])
    endings = tuple(sorted(ends, key=lambda e: (-len(e), e)))
    stems: dict[str, Body] = {}
    for alias, body in cores.items():
        ending = next((e for e in endings if alias.endswith(e) and len(alias) > len(e)), None)
        if ending and body.kind == "government":
            stems.setdefault(alias.removesuffix(ending), body)
    levels: dict[str, AgencyLevel] = {}
    for level, words in grammar.vocabularies.get("region_levels", {}).items():
        if level in LEVELS:
            levels |= dict.fromkeys(words, level)
    starts = tuple(word for word in levels if len(word) == 1 or word in ("街道", "自治区", "新区"))
    connectors = "".join(grammar.aliases.get("agency_connectors", {}))
    openings = frozenset({word[0] for word in (*starts, *national)}.union(connectors, "各团"))
    return Lexicon(cores, stems, endings, national, levels, starts, openings)


def _add(table: dict[str, Body], aliases: Mapping[str, str], kind: AgencyKind) -> None:
    for alias, canonical in aliases.items():
        body = Body(canonical, kind)
        table.setdefault(alias, body)
        table.setdefault(JOINING.sub("", alias), body)


def _add_reforms(cores: dict[str, Body], national: dict[str, Body], grammar: Grammar) -> None:
    """Former names: of a renamed body they mean what the new name means, of an absorbed one what they meant before."""
    for vocabulary, entries in grammar.vocabularies.items():
        reform = _REFORM.fullmatch(vocabulary)
        if not reform:
            continue
        table = national if reform["national"] else cores
        for successor, former in entries.items():
            year = int(reform["year"])
            if reform["make"] == "renamed":
                after = table.get(successor)
                body = Body(after.canonical, after.kind, year) if after else Body(successor, "government", year)
                # A user's own vocabulary may give such a word another meaning: then that stands.
                for form in (form for alias in former for form in (alias, JOINING.sub("", alias))):
                    table.setdefault(form, body)
            else:
                gone = {table[name].canonical for name in former if name in table}
                table |= {form: b._replace(renamed=year) for form, b in table.items() if b.canonical in gone and not b.renamed}
