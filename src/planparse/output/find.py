"""Words in many plans: where they stand, with the sentence round them."""

import os
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from planparse.errors import WrongUsage
from planparse.models import Plan, Span
from planparse.models.nodes import Function
from planparse.output.language import ENGLISH, Words
from planparse.output.stored import stored_plans
from planparse.output.tables_rows import owner_finder, plan_nodes
from planparse.output.tables_shape import FACTS

FUNCTIONS: tuple[str, ...] = get_args(Function)
PLACES = tuple(dict.fromkeys((*FUNCTIONS, *FACTS)))
"""What `within` may name: functions of sections and kinds of facts; `tasks` is both."""
_STOPS = re.compile(r"[。！？!?；;\n]")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence or a table row with the words in it; `section` and `title` are blank outside all sections."""

    plan: str
    section: str
    title: str
    page: int | None
    line: int | None
    sentence: str
    start: int


def find_words(plan: Plan, words: str, *, within: Sequence[str] = (), duplicates: bool = False) -> Iterator[Hit]:
    """Each sentence of a plan in which `words` stand, once, in order; a table row counts as a sentence.

    Blanks and line breaks in a cell do not part words, nor does the case of letters. `within` names functions of
    sections (goals, tasks …) or kinds of facts (indicators, tasks …): only hits in such a section or such a fact count.
    Passages printed twice count once unless `duplicates`. Raises WrongUsage for a name that is neither, or no words.
    """
    unknown = [name for name in within if name not in PLACES]
    if unknown:
        raise WrongUsage(f"--in takes {', '.join(PLACES)}, parted by commas, not {', '.join(unknown)!r}")
    letters = _BLANKS.sub("", words)
    if not letters:
        raise WrongUsage("find needs words to look for")
    pattern = re.compile(r"[^\S\n\t]*".join(map(re.escape, letters)), re.IGNORECASE)
    owner, functions, twice = owner_finder(plan), _functions(plan), _printed_twice(plan)
    facts = _Cover([f.span for kind in FACTS if kind in within for f in getattr(plan, kind)])
    last = -1
    for found in pattern.finditer(plan.text):
        start, end = _sentence(plan.text, found.start(), found.end())
        if start <= last:
            continue
        visit = owner(found.start())
        place = (visit.place if visit else None) or ""
        if within and functions.get(place, ("", ""))[0] not in within and not facts.holds(found.start()):
            continue
        if visit and not duplicates and (place in twice or getattr(visit.node, "duplicate_of", None)):
            continue
        last = start
        span = visit.node.span if visit else None
        said = plan.text[start:end].replace("\u2028", "").replace("\t", " | ").strip()
        name = plan.front_matter.title or plan.source.name
        page, line = (span.page, span.line) if span else (None, None)
        yield Hit(name, place, functions.get(place, ("", ""))[1], page, line, said, start)


def find_in_folder(
    folder: str | os.PathLike[str], words: str, *, within: Sequence[str] = (), duplicates: bool = False
) -> Iterator[Hit]:
    """The hits in every plan of a folder, or in the one plan's JSON, plan by plan; BadPlanFile where there is none."""
    for _, plan in stored_plans(folder):
        yield from find_words(plan, words, within=within, duplicates=duplicates)


def hit_to_lines(hit: Hit, *, words: Words = ENGLISH) -> Iterator[str]:
    """A hit as two lines: where it stands, and the sentence."""
    places = [words.gettext("page {page}").format(page=hit.page)] if hit.page else []
    places += [words.gettext("line {line}").format(line=hit.line)] if hit.line else []
    places = places or [words.gettext("character {start}").format(start=hit.start)]
    where = f"{hit.plan}{words.pgettext('between', ': ')}{hit.section or '-'} {hit.title}".rstrip()
    yield _plain(words.pgettext("between", ", ").join([where, *places]))
    yield _plain(f"    {hit.sentence}")


def _plain(text: str) -> str:
    """No control characters: no plan steers the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def _functions(plan: Plan) -> dict[str, tuple[str, str]]:
    nodes = (v.node for v in plan_nodes(plan))
    return {n.id: (getattr(n, "function", ""), n.title) for n in nodes if n.type in ("section", "annex")}


def _printed_twice(plan: Plan) -> set[str]:
    """The ids of the sections within a passage that is printed a second time."""
    twice: set[str] = set()
    for visit in plan_nodes(plan):
        if visit.node.type in ("section", "annex") and (getattr(visit.node, "duplicate_of", None) or visit.place in twice):
            twice.add(visit.node.id)
    return twice


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence round a place; the whole line in a table, whose cells are parted by TAB."""
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    last = len(text) if last < 0 else last
    if "\t" in text[first:last]:
        return first, last
    head = first
    for stop in _STOPS.finditer(text, first, start):
        head = stop.end()
    tail = _STOPS.search(text, end - 1, last)
    return head, tail.end() if tail else last


class _Cover:
    """Whether an offset stands in one of many spans."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted((s.start, s.end) for s in spans):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def holds(self, offset: int) -> bool:
        at = bisect_right(self._starts, offset) - 1
        return at >= 0 and offset < self._ends[at]
