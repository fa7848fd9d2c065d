"""Numbered lines → the outline that counts right: a beam search over the candidates of a whole document.

Which style nests in which is not fixed; the reading with the fewest breaks wins over the whole document. Each candidate
may go on a series that is open, open a series below the current heading, or be a list item; every choice has a cost, and
the cheapest reading of all candidates together stands. The search keeps `BEAM` readings, so it is linear in the length.
Costs are in breaks: 3 is about one lost number. They were set on fifteen plans of eight drafting styles.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from planparse.structure.blocks import RANK, Block, Candidate, has_own

BEAM = 6
MARGIN = 8.0
LIST_COST = {
    "part": 9.0, "chapter": 9.0, "section": 9.0, "article": 9.0, "cn_comma": 5.0, "cn_paren": 4.0, "dotted2": 4.0,
    "dotted3": 4.0, "dotted4": 4.0, "named": 4.0, "arabic": 2.5, "cn_is": 2.0, "arabic_paren": 1.5, "circled": 1.0,
}  # fmt: skip
WEAK_COST, WEAK_OPENING = 1.0, 1.2
"""A number without its point is a list item unless a second one goes on from it."""
MARKED, BULLETS = "marked", tuple("●◆■▲★•·※♦❖—–")
STRONG = {"part", "chapter", "section", "article"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What else speaks for a block: the printed contents name it; its style is a heading's; `topics` topic paragraphs
    stand before it; running text comes after it."""

    listed: bool = False
    styled: bool = False
    topics: int = 0
    text_after: bool = False


class Placed(NamedTuple):
    """A heading of the outline: its block, the candidate, its depth (0 = top), and how many numbers were lost before."""

    block: int
    candidate: Candidate
    depth: int
    implied: int = 0


class Open(NamedTuple):
    """A series that is open: its style, the last ordinal, and how its headings stand."""

    style: str
    ordinal: int
    alone: bool
    upper: int | None = None


class Reading(NamedTuple):
    """One way to read all candidates so far; `before` and `placed` chain back to the first. A tuple, since many are made.

    `seen` and `listed` have the last ordinal of each style among the headings and among the list items.
    """

    cost: float
    stack: tuple[Open, ...] = ()
    items: tuple[str, int] | None = None
    box: Mapping[str, int] | None = None
    seen: Mapping[str, tuple[int, str]] | None = None
    before: "Reading | None" = None
    placed: Placed | None = None
    listed: Mapping[str, int] = {}


class Step(NamedTuple):
    """A reading with one paragraph more: a heading at `depth`, or a list item where `depth` is None."""

    cost: float
    reading: Reading
    candidate: Candidate
    depth: int | None = None
    implied: int = 0


HEAD = Open("head", 0, True)
"""What an unnumbered head leaves open."""


def candidates_to_outline(
    blocks: Sequence[Block],
    *,
    evidence: Mapping[int, Evidence] | None = None,
    boxes: frozenset[int] = frozenset(),
    heads: frozenset[int] = frozenset(),
) -> list[Placed]:
    """The headings of a stretch of blocks, in order; every other candidate is a list item or running text.

    `boxes` are the blocks that open a box whose end is not drawn (numbered lines in it may be its items); `heads` are
    unnumbered top-level headings, which close everything.
    """
    none = Evidence()
    beam = [Reading(0.0, seen={})]
    for index, block in enumerate(blocks):
        if index in heads:
            beam = [r._replace(stack=(HEAD,), items=None, box=None) for r in beam]
        elif index in boxes:
            inside = {MARKED: 0} if index + 1 < len(blocks) and blocks[index + 1].text[:1] in BULLETS else {}
            beam = [r._replace(box=inside) for r in beam]
        elif block.candidates:
            facts = (evidence or {}).get(index, none)
            own = has_own(blocks, index)
            beam = _prune([n for r in beam for n in _steps(r, block, facts, own)], index)
    placed: list[Placed] = []
    best: Reading | None = min(beam, key=lambda r: r.cost)
    while best is not None:
        if best.placed is not None:
            placed.append(best.placed)
        best = best.before
    return placed[::-1]


def _prune(steps: list[Step], index: int) -> list[Reading]:
    """The `BEAM` cheapest readings that differ in what is open, what was seen last, or the box that they stand in."""
    steps.sort(key=lambda s: s.cost)
    limit = steps[0].cost + MARGIN
    kept: dict[object, Reading] = {}
    for step in steps:
        if step.cost > limit or len(kept) >= BEAM:
            break
        reading = _take(step, index)
        box = None if reading.box is None else tuple(reading.box.items())
        # What was seen tells whether a series runs on later: （五） under 三 after （四） under 二.
        seen = tuple((style, ordinal) for style, (ordinal, _) in (reading.seen or {}).items())
        kept.setdefault((reading.stack, reading.items, box, seen), reading)
    return list(kept.values())


def _steps(reading: Reading, block: Block, facts: Evidence, own: bool) -> list[Step]:
    """Every way to read one more paragraph; what is too dear is never built."""
    steps: list[Step] = []
    listing: tuple[float, Candidate] | None = None
    for candidate in block.candidates:
        item = _item_cost(reading, candidate, facts, own)
        if listing is None or item < listing[0]:
            listing = (item, candidate)
        base = reading.cost + _heading_cost(candidate, facts, own)
        steps += [
            Step(base + cost, reading, candidate, depth, implied) for cost, depth, implied in _places(reading, candidate, facts)
        ]
    if listing is not None:
        steps.append(Step(reading.cost + listing[0], reading, listing[1]))
    return steps


def _take(step: Step, index: int) -> Reading:
    """The reading that a step leads to; `index` is the block's."""
    reading, candidate, depth = step.reading, step.candidate, step.depth
    style, ordinal = candidate.style, candidate.ordinal
    if depth is None:
        box = reading.box if reading.box is None else {**reading.box, style: ordinal}
        return reading._replace(cost=step.cost, items=(style, ordinal), box=box, listed={**reading.listed, style: ordinal})
    parent = reading.stack[depth - 1].style if depth else ""
    stack = (*reading.stack[:depth], Open(style, ordinal, candidate.form == "alone", candidate.upper))
    seen = {**(reading.seen or {}), style: (ordinal, parent)}
    placed = Placed(index, candidate, depth, step.implied)
    return Reading(step.cost, stack, None, None, seen, reading, placed, reading.listed)


def _heading_cost(candidate: Candidate, facts: Evidence, own: bool) -> float:
    """What it costs to read the paragraph as a heading, wherever it is placed."""
    if facts.listed:
        return 0.0
    length = len(candidate.title)
    if candidate.style == "article":
        return 0.0
    match candidate.form:
        case "alone":
            cost = 0.0 if length <= 40 else 1.0 if length <= 60 else 3.0 if length <= 80 else 6.0
            if not own:
                cost += 0.7
            if not length:
                cost += 1.0
        case "run_in":
            cost = 0.0 if length <= 30 else 1.0 if length <= 45 else 2.5 if length <= 70 else 4.5
        case "sentence":
            cost = (0.4 if length <= 30 else 1.0 if length <= 45 else 2.5) if own else 3.5
        case _:
            cost = 6.0
    if candidate.style == "cn_is" and ("二是" in candidate.title or candidate.form == "sentence"):
        cost += 5.0
    return max(0.0, cost - 1.0) if facts.styled else cost


def _item_cost(reading: Reading, candidate: Candidate, facts: Evidence, own: bool) -> float:
    """What it costs to read the paragraph as a list item or running text."""
    style = candidate.style.split(":")[0]
    cost = WEAK_COST if candidate.weak else LIST_COST.get(style, LIST_COST["named"])
    if reading.box is not None and style not in STRONG:
        last = reading.box.get(candidate.style, 0)
        if candidate.ordinal not in (1, last + 1):
            return 3.0
        outer = next(iter(reading.box), style)
        again = outer == candidate.style and candidate.ordinal == 1 and last > 0
        if again or outer == MARKED or RANK.get(style, 99) < RANK.get(outer, -1):
            # The entries of a box do not begin anew, and what stands over them comes before them.
            return 2.5
        goes_on = any(o.style == candidate.style and o.ordinal + 1 == candidate.ordinal for o in reading.stack)
        # A group's head in a box has numbered items under it; a heading that ends the box has running text.
        return 0.8 if goes_on and candidate.form == "alone" and facts.text_after else 0.0
    match candidate.form:
        case "alone" if own:
            cost += _after_a_gap(reading, candidate)
        case "run_in":
            cost = cost * 0.8 + _after_a_gap(reading, candidate)
            if candidate.ordinal > 1 and reading.items != (candidate.style, candidate.ordinal - 1):
                # Items count, too: a list does not open at 4, and seldom runs on from one section to the next.
                cost += 0.6 if reading.listed.get(candidate.style) == candidate.ordinal - 1 else 1.0
        case "sentence" if style != "article":
            cost = cost * 0.4 if own else 0.0
            if reading.stack and any(o.style == candidate.style and o.ordinal + 1 == candidate.ordinal for o in reading.stack):
                # A short whole sentence among headings of its own series is more likely one of them.
                cost = max(cost, 4.5 if len(candidate.title) <= 20 and own else 1.0)
        case "clause":
            cost = 0.0
    if candidate.style == "cn_is" and "二是" in candidate.title:
        cost = 0.0
    if reading.items == (candidate.style, candidate.ordinal - 1) and style not in STRONG and not own:
        cost = min(cost, 0.3)
    return cost + (8.0 if facts.listed else 0.0) + (3.0 if facts.styled else 0.0)


def _after_a_gap(reading: Reading, candidate: Candidate) -> float:
    """A title and its text behind others of its make is more likely one whose neighbour lost its number than an item."""
    alone = candidate.form == "alone"
    series = next((o for o in reading.stack if o.style == candidate.style and o.alone == alone), None)
    return 1.5 if series is not None and 1 < candidate.ordinal - series.ordinal < 4 else 0.0


def _places(reading: Reading, candidate: Candidate, facts: Evidence) -> list[tuple[float, int, int]]:
    """Where the candidate could stand as a heading: (cost, depth, lost numbers told by topics before it)."""
    style, ordinal = candidate.style, candidate.ordinal
    alone = candidate.form == "alone"
    # Topic paragraphs are headings that lost their numbers only where the series itself runs in.
    topics = facts.topics if candidate.form == "run_in" else 0
    closing = 0.0
    for depth, series in enumerate(reading.stack):
        if series.style == style:
            cost, implied = _step_cost(ordinal - series.ordinal, topics)
            if ordinal == 1:
                cost, implied = min(cost, 3.2), 0
            if candidate.upper is not None and candidate.upper != series.upper:
                # 2.1 after 1.3: the section between them has no number of its own.
                cost = 0.5 if ordinal == 1 and candidate.upper == (series.upper or 0) + 1 else cost + 1.0
            if series.alone != alone:
                cost += 0.8
            if reading.box is not None:
                closing = 0.2
            return [(cost + closing, depth, implied)]
    if reading.box is not None:
        closing = 2.0
    seen = (reading.seen or {}).get(style)
    opening, implied = _opening_cost(ordinal, seen, topics)
    places = []
    top = len(reading.stack)
    for depth in range(top, -1, -1):
        parent = reading.stack[depth - 1].style if depth else ""
        cost = opening + closing + 2.0 * (top - depth)
        if candidate.weak:
            cost += WEAK_OPENING
        if candidate.upper is not None and (not depth or reading.stack[depth - 1].ordinal != candidate.upper):
            cost += 1.0
        if reading.stack[:1] == (HEAD,) and RANK.get(style, 99) <= RANK["cn_comma"]:
            # Chapters stand beside a foreword; the numbered terms under 名词解释 stand in it.
            cost += 3.0 if depth else -2.0 * top
        if seen is not None and seen[1] != parent:
            cost += 0.5
        if parent and RANK.get(style, 99) < RANK.get(parent, -1):
            cost += 2.0
        places.append((cost, depth, implied))
    return places


def _step_cost(step: int, topics: int) -> tuple[float, int]:
    """The cost of going on a series by `step` (1 is right), and the lost numbers that topics before it explain."""
    if step == 1:
        return 0.0, 0
    if step > 1:
        missing = step - 1
        return (1.0, missing) if topics >= missing else (2.5 + 0.5 * min(missing, 6), 0)
    return (3.5, 0) if step == 0 else (6.0, 0)


def _opening_cost(ordinal: int, seen: tuple[int, str] | None, topics: int) -> tuple[float, int]:
    """The cost of opening a series at `ordinal`; a series may also run on from where it stood under another parent."""
    if ordinal == 1:
        return 0.0, 0
    if seen is not None and ordinal == seen[0] + 1:
        return 0.7, 0
    skipped = 3.0 + 0.5 * min(ordinal - 1, 6)
    if seen is not None and ordinal > seen[0]:
        skipped = min(skipped, 0.7 + _step_cost(ordinal - seen[0], 0)[0])
    if topics >= ordinal - 1:
        return 1.0, ordinal - 1
    return skipped, 0
