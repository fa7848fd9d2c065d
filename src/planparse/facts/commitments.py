"""Promises with a figure, in prose, boxes and task tables → Commitment rows, one figure a row."""

from collections.abc import Iterator, Sequence

import regex

from planparse.document import Document
from planparse.facts.commitment_clauses import FILE, Clause, text_to_clauses
from planparse.facts.commitment_measures import RATES, actions_in, figure_to_action, figures_to_measures
from planparse.facts.glossary import TermSections
from planparse.facts.quantities import NUMERAL, Figure, figure_to_quantity, find_quantities
from planparse.facts.same_promises import join_promises
from planparse.grammar import Grammar
from planparse.models import Commitment, Note, Paragraph, Period, Section, Table
from planparse.models.facts import CommitmentKind
from planparse.structure.functions import LOOKING_BACK
from planparse.structure.spans import span_of
from planparse.structure.walk import Tree, Visit

BRACKET = regex.compile(r"\s*[（(][^（）()]{0,20}[）)]")

Place = tuple[int, int]
SHORTEST_CELL = 8
MONEY = ("元", "%")


def collect_commitments(tree: Tree, document: Document, grammar: Grammar, *, period: Period | None = None) -> list[Commitment]:
    """The promises with a figure that a plan makes for its `period`.

    1. Body and annexes are read, not the head and the tail; sections that review or describe, indicator boxes and
       glossaries are passed over.
    2. `text` is the clause verbatim, with 到2025年， where it stands before it; one figure gives one row.
    3. `kind` is `incentive` for money or a rate that is given under a condition, else `target`.
    """
    rows: list[Commitment] = []
    contexts: list[str] = []
    for visit, (start, end) in _passages(tree, grammar):
        listed = visit.box is not None or (visit.section is not None and visit.section.function == "goals")
        promised: tuple[Place, str | None] | None = None
        for clause in text_to_clauses(document.text, start, end, grammar, period=period):
            unit = promised[1] if promised and promised[0] == clause.sentence else None
            figures = clause_to_figures(clause, document.text, grammar, listed=listed, unit=unit)
            if figures:
                promised = clause.sentence, figures[-1].unit
            for figure, measure in (
                zip(figures, figures_to_measures(figures, clause, document.text, grammar)) if figures else ()
            ):
                rows.append(_row(len(rows) + 1, visit.place, clause, figure, measure, document, grammar))
                contexts.append(document.text[clause.sentence[0] : clause.end])
    return join_promises(rows, contexts, grammar)


def clause_to_figures(
    clause: Clause, text: str, grammar: Grammar, *, listed: bool = False, unit: str | None = None
) -> list[Figure]:
    """The figures of a clause that are promised: no ages, thresholds, grades, spans of time, names and idioms.

    Where targets are `listed` (a goals section, a box), a name with its figure (沿海港口27个) needs no verb; nor does it in
    a sentence that has promised a figure of that `unit`, or with 左右 (线网里程29万公里左右，其中铁路5.6万公里).
    """
    if not NUMERAL.search(text, clause.start, clause.end):
        return []
    figures = list(find_quantities(text, clause.core, clause.end, grammar))
    if not figures or grammar.match(FILE, text[clause.core : clause.end], gives="condition_clause"):
        return []
    # A name is cut short by the clause's end: the words around it are looked at, the clause is what counts.
    low = max(clause.sentence[0], clause.start - 12)
    none: list[Place] | None = None
    kept: list[Figure] = []
    for place, figure in enumerate(figures):
        at = figure.number_start
        if figure.unit is None and figure.comparator in ("=", "~", "range"):
            continue
        if text[max(0, figure.start - 1) : figure.start] in "（(" and text[figure.end : figure.end + 1] in "）)":
            continue
        if none is None:
            none = [(low + m.start, low + m.end) for m in grammar.find(FILE, text[low : clause.end], gives="no_figure")]
        if any(first <= at < last for first, last in none):
            continue
        if figure.comparator in (">=", ">") and _awards_later(clause, text, grammar):
            # 上架20家以上…的企业，给予…: whom the award is for.
            continue
        if _is_threshold(figure, clause, text, grammar) or (figure.words and not _counts(figure, clause, text, grammar)):
            continue
        if _defines(figure, figures[place + 1 :], clause, text, grammar):
            continue
        unit = kept[-1].unit if kept else unit
        bare = listed or clause.dated or figure.comparator == "~" or (unit is not None and figure.unit == unit)
        ends = figure.end == clause.end or text[figure.end] in "、和"
        named = bare and ends and not figure.words and at - clause.core > 1
        if not named and not _promises(clause, text, figure, grammar):
            continue
        kept.append(figure)
    return _bounded_alike(kept, clause, text)


def _awards_later(clause: Clause, text: str, grammar: Grammar) -> bool:
    """Whether a clause only says for whom or what its sentence goes on to give money (对…，给予…)."""
    if grammar.has(FILE, text[clause.start : clause.end], gives="incentive"):
        return False
    low, high = clause.sentence
    given = grammar.first(FILE, text[clause.end : high], gives="incentive")
    if given is None:
        return False
    whom = grammar.find(FILE, text[low : clause.end], gives="whom")
    return any(whom) or "的，" in text[clause.end - 1 : clause.end + given.start]


def _defines(figure: Figure, later: Sequence[Figure], clause: Clause, text: str, grammar: Grammar) -> bool:
    """能够将70%的降雨就地利用的面积达到…20%: a figure inside the name of what another figure measures."""
    if figure.comparator != "=" or not text.startswith("的", figure.end) or figure.unit not in ("%", "‰"):
        return False
    for other in later:
        between = text[figure.end : other.number_start]
        reached = grammar.find(FILE, between, gives="action")
        if any(grammar.canonical("actions", m.fields["word"]) in ("达到", "保持") for m in reached):
            return True
    return False


def _bounded_alike(figures: list[Figure], clause: Clause, text: str) -> list[Figure]:
    """分别超70%、60% and 分别达到3.5‰、12‰以下: the bound that is printed once holds for all of the list."""
    at = text.find("分别", clause.core, clause.end)
    behind = [f for f in figures if at >= 0 and f.start > at]
    bounded = [f for f in behind if f.comparator != "="]
    if len(behind) < 2 or len(bounded) != 1 or bounded[0] not in (behind[0], behind[-1]) or bounded[0].upper is not None:
        return figures
    return [f._replace(comparator=bounded[0].comparator) if f in behind else f for f in figures]


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
    share = figure.unit in MONEY and text.startswith("按", clause.core)
    if (
        not share
        and grammar.match(FILE, text[clause.core : figure.end], gives="for_whom")
        and grammar.has(FILE, after, gives="incentive")
    ):
        return not grammar.has(FILE, text[clause.core : figure.start], gives="incentive")
    bracket = BRACKET.match(after)
    after = after[bracket.end() :] if bracket else after
    if not after.startswith("的") or grammar.has(FILE, after, gives="demand") or figure.comparator == "=":
        return False
    before = text[clause.core : figure.start]
    done = grammar.has(FILE, before, gives="commitment")
    more = grammar.has(FILE, after[1:], gives="commitment")
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
    return any(before.endswith(m.fields["word"]) or len(before) - m.end <= 6 for m in actions_in(before, grammar))


def _promises(clause: Clause, text: str, figure: Figure, grammar: Grammar) -> bool:
    """Something is to be done, reached or held in the clause, or a bound or a year says so."""
    if figure.comparator not in ("=", "~") or clause.year is not None or _gives_by(clause, text, grammar):
        return True
    return grammar.has(FILE, text[clause.start : clause.end], gives="commitment")


def _row(
    number: int, place: str | None, clause: Clause, figure: Figure, measure: str | None, document: Document, grammar: Grammar
) -> Commitment:
    text = document.text
    words = text[clause.start : clause.end]
    kind: CommitmentKind = "incentive" if _is_incentive(figure, clause, text, grammar) else "target"
    often = list(grammar.find(FILE, text[clause.start : figure.start], gives="frequency"))
    frequency = text[clause.start + often[-1].start : clause.start + often[-1].end] if often else None
    return Commitment(
        id=f"com-{number}",
        section=place,
        rule=f"{FILE}.incentive" if kind == "incentive" else f"{FILE}.promise",
        span=span_of(document, clause.start, clause.end),
        text=words,
        measure=measure,
        action=figure_to_action(figure, clause, text, grammar),
        quantity=figure_to_quantity(figure, text, span_at=lambda start, end: span_of(document, start, end)),
        year=clause.year,
        frequency=frequency,
        kind=kind,
    )


def _gives_by(clause: Clause, text: str, grammar: Grammar) -> bool:
    """按投资额的30%，给予…: a clause that says by what share its sentence goes on to give."""
    opens = text[clause.start : clause.end].lstrip("且并，").startswith("按")
    return opens and grammar.has(FILE, text[clause.end : clause.sentence[1]], gives="incentive")


def _is_incentive(figure: Figure, clause: Clause, text: str, grammar: Grammar) -> bool:
    """Money or a rate that is given under a condition."""
    low, high = clause.sentence
    if (figure.unit or "").split("/")[0] not in MONEY:
        return False
    given = grammar.has(FILE, text[clause.start : clause.end], gives="incentive")
    said = not given and _gives_by(clause, text, grammar)
    condition = text[low : high if said else clause.end]
    return (given or said) and grammar.has(FILE, condition, gives="condition")
