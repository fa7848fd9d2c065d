"""Which region a plan is for, and how high it stands."""

from collections.abc import Sequence

from planparse.grammar import Grammar
from planparse.models.front import AdministrativeLevel
from planparse.structure.front_lines import FILE

Place = tuple[int, int]
Words = tuple[str, int]
"""Words with the offset at which they begin."""


def words_to_region(sources: Sequence[Words], fuller: Sequence[Words], grammar: Grammar) -> tuple[str, Place] | None:
    """The region as the text names it, from the first of `sources` that names one.

    Where one of `fuller` (signature, notice, 印发 line, the grounds of the plan) puts a larger region straight before the
    same name (云溪市青岚区 for 青岚区), that name stands.
    """
    for words, start in sources:
        found = grammar.first(FILE, words, gives="region")
        if found is None:
            continue
        region = found.fields["region"]
        low, high = found.spans["region"]
        best = region, (start + low, start + high)
        for text, at in (*sources, *fuller):
            if text.find(region, 1) < 0:
                continue
            for other in grammar.find(FILE, text, gives="region"):
                name = other.fields["region"]
                larger = name.removesuffix(region)
                if larger != name and len(name) > len(best[0]) and grammar.has(FILE, larger, gives="region"):
                    best = name, (at + other.spans["region"][0], at + other.spans["region"][1])
        return best
    return None


def region_to_level(
    region: str | None, bodies: Sequence[str], agency: str | None, sent_to: str, basis: Sequence[str], grammar: Grammar
) -> AdministrativeLevel | None:
    """The level of the issuing government; None where the text does not settle it.

    A bare 市 may stand under a province or under another 市: whom the notice is sent to tells them apart (各区 or 各镇),
    else whether the plan is grounded on the plan of another 市.
    """
    for body in bodies[:1]:
        if grammar.match(FILE, body, gives="level_national"):
            return "national"
    if region is None:
        if agency and grammar.match(FILE, agency, gives="level_number"):
            return "national"
        return None
    found = grammar.match(FILE, region, gives="level")
    levels: tuple[AdministrativeLevel, ...] = ("province", "city", "county", "township")
    for level in levels:
        if found and found.get(level) is not None:
            return level
    sends = grammar.first(FILE, sent_to, gives="sends_to")
    if sends:
        return "city" if sends.get("below_city") else "county"
    named = {m.fields["region"] for title in basis for m in grammar.find(FILE, title, gives="region")}
    others = {name for name in named if name.endswith("市") and not name.endswith(region)}
    if others - set(grammar.entries("municipalities")):
        return "county"
    return "city" if any(name.endswith(("省", "自治区")) for name in named) else None
