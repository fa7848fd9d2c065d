"""Numbered lines → the outline that counts right: a beam search over the candidates of a whole document.

Which style nests in which is not fixed; the reading with the fewest breaks wins over the whole document. Each candidate
may go on a series that is open, open a series below the current heading, or be a list item; every choice has a cost, and
the cheapest reading of all candidates together stands. The search keeps `BEAM` readings, so it is linear in the length.
Costs are in breaks: 3 is about one lost number. They were set on fifteen plans of eight drafting styles.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import inf
from operator import itemgetter
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


class Evidence(NamedTuple):
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

    `seen` and `listed` have the last ordinal of each style among the headings and among the list items, `under` the style
    over the last heading of each.
    """

    cost: float
    stack: tuple[Open, ...] = ()
    items: tuple[str, int] | None = None
    box: Mapping[str, int] | None = None
    seen: Mapping[str, int] = {}
    under: Mapping[str, str] = {}
    before: "Reading | None" = None
    placed: Placed | None = None
    listed: Mapping[str, int] = {}


Step = tuple[float, Reading, Candidate, int | None, int]
"""A reading with one paragraph more, by its cost: a heading at a depth, lost numbers before it, or a list item without one."""


HEAD = Open("head", 0, True)
"""What an unnumbered head leaves open."""
_cost_of = itemgetter(0)


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
    beam = [Reading(0.0)]
    for index, block in enumerate(blocks):
        if index in heads:
            beam = [r._replace(stack=(HEAD,), items=None, box=None) for r in beam]
        elif index in boxes:
            inside = {MARKED: 0} if index + 1 < len(blocks) and blocks[index + 1].text[:1] in BULLETS else {}
            beam = [r._replace(box=inside) for r in beam]
        elif block.candidates:
            facts = (evidence or {}).get(index, none)
            own = has_own(blocks, index)
            # What a heading costs by itself is the same in every reading.
            priced = [(c, _heading_cost(c, facts, own)) for c in block.candidates]
            steps: list[Step] = []
            limit = inf
            for reading in beam:
                limit = _add_steps(steps, limit, reading, priced, facts, own)
            beam = _prune(steps, index)
    placed: list[Placed] = []
    best: Reading | None = min(beam, key=_cost_of)
    while best is not None:
        if best.placed is not None:
            placed.append(best.placed)
        best = best.before
    return placed[::-1]


def _prune(steps: list[Step], index: int) -> list[Reading]:
    """The `BEAM` cheapest readings that differ in what is open, what was seen last, or the box that they stand in."""
    steps.sort(key=_cost_of)
    limit = steps[0][0] + MARGIN
    kept: dict[object, Reading] = {}
    for step in steps:
        if step[0] > limit or len(kept) >= BEAM:
            break
        reading = _take(step, index)
        box = None if reading.box is None else tuple(reading.box.items())
        # What was seen tells whether a series runs on later: （五） under 三 after （四） under 二.
        kept.setdefault((reading.stack, reading.items, box, tuple(reading.seen.items())), reading)
    return list(kept.values())


def _add_steps(
    steps: list[Step], limit: float, reading: Reading, priced: Iterable[tuple[Candidate, float]], facts: Evidence, own: bool
) -> float:
    """Add every way to read one more paragraph; what is dearer than `limit` is left out. Returns the limit as it is now.

    `priced` are the candidates with their own cost as headings.
    """
    listing: tuple[float, Candidate] | None = None
    for candidate, heading in priced:
        item = _item_cost(reading, candidate, facts, own)
        if listing is None or item < listing[0]:
            listing = (item, candidate)
        base = reading.cost + heading
        for cost, depth, implied in _places(reading, candidate, facts):
            if base + cost <= limit:
                limit = min(limit, base + cost + MARGIN)
                steps.append((base + cost, reading, candidate, depth, implied))
    if listing is not None and (cost := reading.cost + listing[0]) <= limit:
        limit = min(limit, cost + MARGIN)
        steps.append((cost, reading, listing[1], None, 0))
    return limit


def _take(step: Step, index: int) -> Reading:
    """The reading that a step leads to; `index` is the block's."""
    cost, reading, candidate, depth, implied = step
    style, ordinal = candidate.style, candidate.ordinal
    if depth is None:
        box = reading.box if reading.box is None else {**reading.box, style: ordinal}
        listed = {**reading.listed, style: ordinal}
        return Reading(
            cost, reading.stack, (style, ordinal), box, reading.seen, reading.under, reading.before, reading.placed, listed
        )
    parent = reading.stack[depth - 1].style if depth else ""
    stack = (*reading.stack[:depth], Open(style, ordinal, candidate.form == "alone", candidate.upper))
    seen, under = {**reading.seen, style: ordinal}, {**reading.under, style: parent}
    placed = Placed(index, candidate, depth, implied)
    return Reading(cost, stack, None, None, seen, under, reading, placed, reading.listed)


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
    style = candidate.style.partition(":")[0]
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
        goes_on = _goes_on(reading, candidate)
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
            if _goes_on(reading, candidate):
                # A short whole sentence among headings of its own series is more likely one of them.
                cost = max(cost, 4.5 if len(candidate.title) <= 20 and own else 1.0)
        case "clause":
            cost = 0.0
    if candidate.style == "cn_is" and "二是" in candidate.title:
        cost = 0.0
    if reading.items == (candidate.style, candidate.ordinal - 1) and style not in STRONG and not own:
        cost = min(cost, 0.3)
    return cost + (8.0 if facts.listed else 0.0) + (3.0 if facts.styled else 0.0)


def _goes_on(reading: Reading, candidate: Candidate) -> bool:
    """Whether the number is the next one of a series that is open."""
    style, before = candidate.style, candidate.ordinal - 1
    return (style, before) in [(series.style, series.ordinal) for series in reading.stack]


def _after_a_gap(reading: Reading, candidate: Candidate) -> float:
    """A title and its text behind others of its make is more likely one whose neighbour lost its number than an item."""
    style, alone = candidate.style, candidate.form == "alone"
    for series in reading.stack:
        if series.style == style and series.alone == alone:
            return 1.5 if 1 < candidate.ordinal - series.ordinal < 4 else 0.0
    return 0.0


def _places(reading: Reading, candidate: Candidate, facts: Evidence) -> list[tuple[float, int, int]]:
    """Where the candidate could stand as a heading: (cost, depth, lost numbers told by topics before it)."""
    style, ordinal = candidate.style, candidate.ordinal
    alone = candidate.form == "alone"
    # Topic paragraphs are headings that lost their numbers only where the series itself runs in.
    topics = facts.topics if candidate.form == "run_in" else 0
    stack, boxed = reading.stack, reading.box is not None
    for depth, series in enumerate(stack):
        if series.style == style:
            cost, implied = _step_cost(ordinal - series.ordinal, topics)
            if ordinal == 1:
                cost, implied = min(cost, 3.2), 0
            if candidate.upper is not None and candidate.upper != series.upper:
                # 2.1 after 1.3: the section between them has no number of its own.
                cost = 0.5 if ordinal == 1 and candidate.upper == (series.upper or 0) + 1 else cost + 1.0
            if series.alone != alone:
                cost += 0.8
            return [(cost + 0.2 if boxed else cost, depth, implied)]
    seen, under = reading.seen.get(style), reading.under.get(style)
    opening, implied = _opening_cost(ordinal, seen, topics)
    rank, top = RANK.get(style, 99), len(stack)
    headed = top and stack[0] == HEAD and rank <= RANK["cn_comma"]
    base = opening + (2.0 if boxed else 0.0) + 2.0 * top
    if candidate.weak:
        base += WEAK_OPENING
    places = []
    for depth in range(top, -1, -1):
        over = stack[depth - 1] if depth else None
        parent = over.style if over else ""
        cost = base - 2.0 * depth
        if candidate.upper is not None and (over is None or over.ordinal != candidate.upper):
            cost += 1.0
        if headed:
            # Chapters stand beside a foreword; the numbered terms under 名词解释 stand in it.
            cost += 3.0 if depth else -2.0 * top
        if seen is not None and under != parent:
            cost += 0.5
        if over and rank < RANK.get(parent, -1):
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


def _opening_cost(ordinal: int, seen: int | None, topics: int) -> tuple[float, int]:
    """The cost of opening a series at `ordinal`; one may also run on from where it stood under another parent (`seen`)."""
    if ordinal == 1:
        return 0.0, 0
    if seen is not None and ordinal == seen + 1:
        return 0.7, 0
    skipped = 3.0 + 0.5 * min(ordinal - 1, 6)
    if seen is not None and ordinal > seen:
        skipped = min(skipped, 0.7 + _step_cost(ordinal - seen, 0)[0])
    if topics >= ordinal - 1:
        return 1.0, ordinal - 1
    return skipped, 0
