"""Promises with a figure, in prose, boxes and task tables → Commitment rows, one figure a row."""

from collections.abc import Iterator

import regex

from planparse.document import Document
from planparse.facts.commitment_clauses import FILE, Clause, text_to_clauses
from planparse.facts.glossary import TermSections
from planparse.facts.quantities import Figure, figure_to_quantity, find_quantities
from planparse.grammar import Grammar, Match
from planparse.models import Commitment, Note, Paragraph, Period, Section, Table
from planparse.models.facts import CommitmentKind
from planparse.structure.spans import span_of
from planparse.structure.walk import Tree, Visit

BRACKET = regex.compile(r"\s*[（(][^（）()]{0,20}[）)]")
NOUN_END = regex.compile(r"[、，,；;（(]|以上|左右|和(?=[0-9一二两三])|以?及(?=[0-9])")

Place = tuple[int, int]
LOOKING_BACK = ("review", "situation")
SHORTEST_CELL = 8
RATES = ("%", "‰", "元", "倍", "个百分点")
MONEY = ("元", "%")
REACHING = ("达到", "保持", "下降", "增长")
LISTED = regex.compile(r"(?<=[0-9０-９]\S{1,4})[、和]")


def collect_commitments(tree: Tree, document: Document, grammar: Grammar, *, period: Period | None = None) -> list[Commitment]:
    """The promises with a figure that a plan makes for its `period`.

    1. Body and annexes are read, not the head and the tail; sections that review or describe, indicator boxes and
       glossaries are passed over.
    2. `text` is the clause verbatim, with 到2025年， where it stands before it; one figure gives one row.
    3. `kind` is `incentive` for money or a rate that is given under a condition, else `target`.
    """
    rows: list[Commitment] = []
    for visit, (start, end) in _passages(tree, grammar):
        listed = visit.box is not None or (visit.section is not None and visit.section.function == "goals")
        for clause in text_to_clauses(document.text, start, end, grammar, period=period):
            for figure in clause_to_figures(clause, document.text, grammar, listed=listed):
                rows.append(_row(len(rows) + 1, visit.place, clause, figure, document, grammar))
    return rows


def clause_to_figures(clause: Clause, text: str, grammar: Grammar, *, listed: bool = False) -> list[Figure]:
    """The figures of a clause that are promised: no ages, thresholds, grades, spans of time, names and idioms.

    Where targets are `listed` (a goals section, a box), a name with its figure (沿海港口27个) needs no verb.
    """
    words = text[clause.start : clause.end]
    if not any(c.isdecimal() or c in "一二两三四五六七八九十百半翻" for c in words):
        return []
    figures = list(find_quantities(text, clause.core, clause.end, grammar))
    if not figures or grammar.match(FILE, text[clause.core : clause.end], gives="condition_clause"):
        return []
    # A name is cut short by the clause's end: the words around it are looked at, the clause is what counts.
    low = max(clause.sentence[0], clause.start - 12)
    none = [(low + m.start, low + m.end) for m in grammar.find(FILE, text[low : clause.end], gives="no_figure")]
    kept: list[Figure] = []
    for figure in figures:
        at = figure.number_start
        if any(first <= at < last for first, last in none):
            continue
        if figure.unit is None and figure.comparator in ("=", "~", "range"):
            continue
        if text[max(0, figure.start - 1) : figure.start] in "（(" and text[figure.end : figure.end + 1] in "）)":
            continue
        if _is_threshold(figure, clause, text, grammar) or (figure.words and not _counts(figure, clause, text, grammar)):
            continue
        named = (listed or clause.dated) and not figure.words and figure.end == clause.end and at - clause.core > 2
        if not named and not _promises(clause, text, figure, grammar):
            continue
        kept.append(figure)
    return kept


def _passages(tree: Tree, grammar: Grammar) -> Iterator[tuple[Visit, Place]]:
    """Where promises are looked for: the visit and the offsets of paragraphs, notes and the wordy cells of tables."""
    terms = TermSections(grammar)
    for visit in tree.body_visits:
        node = visit.node
        if not isinstance(node, Paragraph | Note | Table) or not _looks_ahead(visit) or terms.hold(visit):
            continue
        if isinstance(node, Paragraph | Note):
            yield visit, (node.span.start, node.span.end)
        else:
            for row in node.rows[node.header_rows :]:
                for cell in row:
                    if len(cell.text) >= SHORTEST_CELL:
                        yield visit, (cell.span.start, cell.span.end)


def _looks_ahead(visit: Visit) -> bool:
    if visit.box is not None and visit.box.kind == "indicators":
        return False
    section: Section | None = visit.section
    return section is None or section.function not in LOOKING_BACK


def _is_threshold(figure: Figure, clause: Clause, text: str, grammar: Grammar) -> bool:
    """编制50人以上的机关…, 超过1500名的社区配备2名: a bounded figure that says which things are meant."""
    after = text[figure.end : clause.end]
    if grammar.match(FILE, text[clause.core : figure.end], gives="for_whom") and any(
        grammar.find(FILE, after, gives="incentive")
    ):
        return not any(grammar.find(FILE, text[clause.core : figure.start], gives="incentive"))
    bracket = BRACKET.match(after)
    after = after[bracket.end() :] if bracket else after
    if not after.startswith("的") or any(grammar.find(FILE, after, gives="demand")) or figure.comparator == "=":
        return False
    before = text[clause.core : figure.start]
    done = any(grammar.find(FILE, before, gives="commitment"))
    more = any(grammar.find(FILE, after[1:], gives="commitment"))
    return not done or (more and figure.unit not in ("%",) and any(c.isdecimal() for c in after))


def _counts(figure: Figure, clause: Clause, text: str, grammar: Grammar) -> bool:
    """Whether a Chinese numeral counts (建立一家…, 至少一次) and is no turn of phrase (一种, 一个整体)."""
    raw = text[figure.number_start : figure.end]
    vague = grammar.entries("vague_units")
    if figure.comparator != "=" or "半价" in raw or figure.unit in RATES or "翻" in raw:
        return True
    if figure.unit in vague["never"] or (figure.value == 1 and figure.unit in vague["alone"]):
        return False
    before = text[clause.core : figure.number_start]
    return any(before.endswith(m.fields["word"]) or len(before) - m.end <= 6 for m in _actions(before, grammar))


def _promises(clause: Clause, text: str, figure: Figure, grammar: Grammar) -> bool:
    """Something is to be done, reached or held in the clause, or a bound or a year says so."""
    if figure.comparator not in ("=", "~") or clause.year is not None:
        return True
    return any(grammar.find(FILE, text[clause.start : clause.end], gives="commitment"))


def _actions(words: str, grammar: Grammar) -> Iterator[Match]:
    yield from grammar.find(FILE, words, gives="action")


def _without(grammar: Grammar, gives: str, words: str) -> str:
    """The words without what a rule takes at one of their ends."""
    found = next(grammar.find(FILE, words, gives=gives), None)
    return words[: found.start] + words[found.end :] if found else words


def _row(number: int, place: str | None, clause: Clause, figure: Figure, document: Document, grammar: Grammar) -> Commitment:
    text = document.text
    words = text[clause.start : clause.end]
    sentence = text[clause.sentence[0] : clause.end]
    kind: CommitmentKind = "incentive" if _is_incentive(figure, words, sentence, grammar) else "target"
    often = list(grammar.find(FILE, text[clause.start : figure.start], gives="frequency"))
    frequency = text[clause.start + often[-1].start : clause.start + often[-1].end] if often else None
    return Commitment(
        id=f"com-{number}",
        section=place,
        rule=f"{FILE}.incentive" if kind == "incentive" else f"{FILE}.promise",
        span=span_of(document, clause.start, clause.end),
        text=words,
        measure=figure_to_measure(figure, clause, text, grammar),
        action=figure_to_action(figure, clause, text, grammar),
        quantity=figure_to_quantity(figure, text, span_at=lambda start, end: span_of(document, start, end)),
        year=clause.year,
        frequency=frequency,
        kind=kind,
    )


def figure_to_action(figure: Figure, clause: Clause, text: str, grammar: Grammar) -> str | None:
    """What is done, by the vocabulary: the word that reaches the figure (达到), else the clause's first verb."""
    before = text[clause.core : figure.number_start]
    actions = list(_actions(before, grammar)) or list(_actions(text[figure.end : clause.end], grammar))
    known = [(m, grammar.canonical("actions", m.fields["word"])) for m in actions]
    reaching = [word for m, word in known if word in REACHING and len(before) - m.end <= 2]
    return reaching[-1] if reaching else known[0][1] if known else None


def figure_to_measure(figure: Figure, clause: Clause, text: str, grammar: Grammar) -> str | None:
    """What a figure counts: the noun behind a counted number (2个→示范点), the words before a rate (入学率)."""
    after = text[figure.end : clause.end].strip()
    before = text[clause.core : figure.start].rstrip()
    if after and (figure.unit not in RATES or (figure.unit == "元" and after.startswith("的"))):
        noun = NOUN_END.split(after)[0].strip("的 ")
        if 1 < len(noun) <= 40:
            return noun
    noun = _without(grammar, "measure_tail", LISTED.split(before)[-1])
    last = list(_actions(noun, grammar))
    if (
        last
        and last[-1].end == len(noun)
        and grammar.canonical("actions", last[-1].fields["word"])
        in (
            *REACHING,
            "提供",
        )
    ):
        noun = _without(grammar, "measure_tail", noun[: last[-1].start])
    noun = _without(grammar, "measure_head", noun)
    first = next(iter(_actions(noun, grammar)), None)
    if first and first.start == 0 and first.end < len(noun):
        noun = noun[first.end :]
    return noun if 1 < len(noun) <= 50 else None


def _is_incentive(figure: Figure, words: str, sentence: str, grammar: Grammar) -> bool:
    if figure.unit not in MONEY or not any(grammar.find(FILE, words, gives="incentive")):
        return False
    return any(grammar.find(FILE, sentence, gives="condition"))
