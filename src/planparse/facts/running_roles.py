"""Bodies that running text gives a role (由市水务局牵头，会同市财政局制定…) → unclaimed rows of kind `roles`.

A sentence promises less than a tag: which task is meant, and whether the list of bodies is whole, the reader decides.
"""

from collections.abc import Iterator, Sequence

import regex

from planparse.document import Document
from planparse.facts.agencies import split_agencies
from planparse.facts.unclaimed import EXCERPT, Places
from planparse.grammar import Grammar, Match
from planparse.models import Agency, Paragraph, Unclaimed
from planparse.models.facts import AgencyLevel, Fact
from planparse.structure.spans import span_of
from planparse.structure.walk import Tree

SENTENCE = regex.compile(r"[^。；;！？!?\n]+")
CERTAIN = ("government", "party", "association", "park")


def collect_running_roles(
    tree: Tree,
    document: Document,
    grammar: Grammar,
    *,
    claimed: Sequence[Fact],
    region_level: AgencyLevel | None = None,
    region: str | None = None,
) -> list[Unclaimed]:
    """The clauses of paragraphs that give a body a role, in document order.

    1. The first body is one of the vocabulary with its level (市水务局, 国家发展改革委): 政府负责 and 企业牵头 are none.
    2. `agencies` holds all that the clause names, `role` the word that gives each its part; `text` is the sentence.
    3. What a tag or a task row in `claimed` has is not told twice.
    """
    inside = Places([(fact.span.start, fact.span.end) for fact in claimed])
    found: list[Unclaimed] = []
    for visit in tree.body_visits:
        node = visit.node
        if not isinstance(node, Paragraph) or node.duplicate_of:
            continue
        words = node.text
        if not _may_give_role(words):
            continue
        for sentence in SENTENCE.finditer(document.text, node.span.start, node.span.end):
            for match in _clauses(sentence.group(), grammar):
                start = sentence.start()
                agencies = _agencies(match, start, document, grammar, region_level, region)
                if not agencies or inside.hold(agencies[0].span.start):
                    continue
                span = span_of(document, start + match.start, start + match.end)
                text = sentence.group().strip()[:EXCERPT]
                found.append(Unclaimed(kind="roles", text=text, section=visit.place, span=span, agencies=agencies))
    return found


def _may_give_role(words: str) -> bool:
    return "牵头" in words or "会同" in words or "负责" in words


def _clauses(sentence: str, grammar: Grammar) -> Iterator[Match]:
    if _may_give_role(sentence):
        yield from grammar.find("responsibilities", sentence, gives="running")


def _agencies(
    match: Match, start: int, document: Document, grammar: Grammar, level: AgencyLevel | None, region: str | None
) -> list[Agency]:
    """All bodies of a clause; none where the first is not certain or one of them is no body."""

    def split(name: str, role: str) -> list[Agency]:
        a, b = match.spans[name]
        return list(
            split_agencies(
                document.text[start + a : start + b],
                start + a,
                lambda x, y: span_of(document, x, y),
                grammar,
                role=role,
                region_level=level,
                region=region,
            ).agencies
        )

    first = split("lead", match.fields["lead_word"])
    if not first or not all(a.canonical and a.level and a.kind in CERTAIN for a in first):
        return []
    others = split("others", match.get("word") or "会同") if "others" in match.spans else []
    # 市水务局会同全市各方力量: the words behind are no list of bodies.
    return [*first, *(others if all(a.kind for a in others) else [])]
