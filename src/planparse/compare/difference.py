"""Two plans → what changed: which sections are the same, which moved, and how their words differ."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from planparse.compare.concepts import fold_name
from planparse.compare.duty_changes import changed_duties
from planparse.compare.indicator_changes import changed_indicators
from planparse.compare.labels import plan_to_compared
from planparse.compare.wording import texts_to_pairs, texts_to_words
from planparse.errors import WrongUsage
from planparse.grammar import Grammar
from planparse.models import Annex, Box, Figure, Node, Note, Paragraph, Plan, PlanDiff, Section, SectionChange, Table
from planparse.models.comparison import SectionChangeKind

FRONT, BACK = "front", "back"


@dataclass(slots=True)
class Part:
    """A section (or annex, or what stands before and after them) with its own words, those of sections below left out."""

    id: str
    heading: str
    number: str
    title: str
    parent: int | None
    path: tuple[str, ...]
    paragraphs: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Title and paragraphs without the number, one a line: what is compared."""
        return "\n".join(p for p in (self.title, *self.paragraphs) if p)


def diff_plans(old: Plan, new: Plan, *, labels: tuple[str, str], grammar: Grammar) -> PlanDiff:
    """What changed from `old` to `new`: made for a draft against the final text and one period against the next.

    1. Every section of both plans is matched, added or removed; a number alone that changed is `renumbered`.
    2. The words of a change give both texts back (equal + deleted is old, equal + inserted is new).
    3. Sections stand in the order of `new`, removed ones where they stood.
    4. Never raises on plans; WrongUsage where the two labels are one.
    """
    if labels[0] == labels[1]:
        raise WrongUsage("the two plans need names of their own")
    olds, news = plan_to_parts(old), plan_to_parts(new)
    pairs = parts_to_pairs(olds, news)
    sections = _section_changes(olds, news, pairs)
    ids = {olds[i].id: news[j].id for i, j in pairs.items()}
    indicators, same_indicators = changed_indicators(old, new, labels, grammar)
    duties, same = changed_duties(old, new, ids, {p.id: p.heading for p in (*olds, *news)})
    touched = {c.new for c in sections if c.old and c.new}
    return PlanDiff(
        old=plan_to_compared(old, labels[0]),
        new=plan_to_compared(new, labels[1]),
        sections=sections,
        indicators=indicators,
        duties=duties,
        unchanged={
            "sections": sum(1 for i, j in pairs.items() if news[j].id not in touched and news[j].id not in (FRONT, BACK)),
            "indicators": same_indicators,
            "responsibilities": same[0],
            "tasks": same[1],
        },
    )


def plan_to_parts(plan: Plan) -> list[Part]:
    """The plan as a flat list of parts in document order; front and back matter are parts where they have words."""
    parts = [Part(FRONT, "", "", "", None, (FRONT,))]
    _say(plan.front_matter.content, parts, 0)
    _say(plan.body, parts, 0)
    parts.append(Part(BACK, "", "", "", None, (BACK,)))
    _say(plan.back_matter.content, parts, len(parts) - 1)
    return parts


def _say(nodes: Sequence[Node], parts: list[Part], at: int) -> None:
    for node in nodes:
        match node:
            case Section() | Annex():
                parent = parts[at]
                above = () if parent.id in (FRONT, BACK) else parent.path
                title = "" if isinstance(node, Section) and node.run_in else node.title
                path = (*above, fold_name(node.title))
                part = Part(node.id, node.heading, node.number, title, at if above else None, path)
                parts.append(part)
                _say(node.content, parts, len(parts) - 1)
                if isinstance(node, Section) and node.run_in and part.paragraphs and node.number:
                    # The number stands in the paragraph; only the words count.
                    part.paragraphs[0] = part.paragraphs[0].removeprefix(node.number).lstrip()
            case _:
                parts[at].paragraphs += _texts(node)


def _texts(node: Node) -> Iterator[str]:
    match node:
        case Paragraph() | Note():
            yield node.text
        case Table():
            yield from [node.caption] if node.caption else []
            yield from ("\t".join(" ".join(c.text.split()) for c in row) for row in node.rows)
            yield from (n.text for n in node.notes)
        case Box():
            yield from [node.caption] if node.caption else []
            for inner in node.content:
                yield from _texts(inner)
        case Section() | Annex():
            yield node.heading
            for inner in node.content:
                yield from _texts(inner)
        case Figure():
            yield from [node.caption] if node.caption else []
        case _:  # the printed 目录 changes with the headings that it names
            return


def parts_to_pairs(olds: Sequence[Part], news: Sequence[Part]) -> dict[int, int]:
    """Which part of the new plan is which of the old: by path of titles, by title, by words, then by likeness."""
    pairs: dict[int, int] = {}
    keys: list[Callable[[Part], Hashable]] = [
        lambda p: p.path,
        lambda p: p.path[-1],
        lambda p: fold_name(p.words) if len(p.words) >= 12 else None,
    ]
    for number, key in enumerate(keys):
        rest_old = [i for i in range(len(olds)) if i not in pairs]
        taken = set(pairs.values())
        rest_new = [j for j in range(len(news)) if j not in taken]
        pairs |= _pairs_by(key, rest_old, rest_new, olds, news, many=number == 0)
    taken = set(pairs.values())
    rest_old = [i for i in range(len(olds)) if i not in pairs]
    rest_new = [j for j in range(len(news)) if j not in taken]
    alike = texts_to_pairs([_long(olds[i]) for i in rest_old], [_long(news[j]) for j in rest_new])
    return pairs | {rest_old[i]: rest_new[j] for i, j in alike}


def _long(part: Part) -> str:
    return f"{part.title}\n{part.path[-1]}\n{part.words}"


def _pairs_by(
    key: Callable[[Part], Hashable],
    rest_old: Iterable[int],
    rest_new: Iterable[int],
    olds: Sequence[Part],
    news: Sequence[Part],
    *,
    many: bool,
) -> dict[int, int]:
    """Parts with one key: in order with `many`, else only where the key stands once on each side."""
    places: dict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for i in rest_old:
        places[key(olds[i])][0].append(i)
    for j in rest_new:
        places[key(news[j])][1].append(j)
    places.pop(None, None)
    return {
        i: j for here, there in places.values() if len(here) == len(there) == 1 or (many and here and there)
        for i, j in zip(here, there)
    }  # fmt: skip


def _section_changes(olds: Sequence[Part], news: Sequence[Part], pairs: dict[int, int]) -> list[SectionChange]:
    back = {j: i for i, j in pairs.items()}
    moved = _moved(olds, news, pairs)
    removed = [i for i in range(len(olds)) if i not in pairs and (olds[i].words or olds[i].heading)]
    changes: list[SectionChange] = []

    def take_removed(before: int) -> None:
        while removed and removed[0] < before:
            part = olds[removed.pop(0)]
            changes.append(_change(["removed"], olds, part, news, None))

    for j, part in enumerate(news):
        i = back.get(j)
        if i is None:
            if part.words or part.heading:
                changes.append(_change(["added"], olds, None, news, part))
            continue
        if j not in moved:
            take_removed(i)
        before = olds[i]
        kinds: list[SectionChangeKind] = []
        if j in moved:
            kinds.append("moved")
        elif fold_name(before.number) != fold_name(part.number):
            kinds.append("renumbered")
        if _squeeze(before.words) != _squeeze(part.words):
            kinds.append("reworded")
        if kinds:
            changes.append(_change(kinds, olds, before, news, part))
    take_removed(len(olds))
    return changes


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _change(
    kinds: list[SectionChangeKind], olds: Sequence[Part], old: Part | None, news: Sequence[Part], new: Part | None
) -> SectionChange:
    worded = "reworded" in kinds or old is None or new is None
    return SectionChange(
        kinds=kinds,
        old=old.id if old else None,
        new=new.id if new else None,
        old_heading=old.heading if old else None,
        new_heading=new.heading if new else None,
        old_parent=olds[old.parent].id if old and old.parent is not None else None,
        new_parent=news[new.parent].id if new and new.parent is not None else None,
        words=texts_to_words(old.words if old else "", new.words if new else "") if worded else [],
    )


def _moved(olds: Sequence[Part], news: Sequence[Part], pairs: dict[int, int]) -> set[int]:
    """New parts that stand under another section than before, or in another order among those that stayed there."""
    moved: set[int] = set()
    families: dict[int | None, list[tuple[int, int]]] = defaultdict(list)
    for i, j in sorted(pairs.items(), key=lambda p: p[1]):
        before, after = olds[i].parent, news[j].parent
        if (None if before is None else pairs.get(before)) != after and (before is not None or after is not None):
            moved.add(j)
        else:
            families[after].append((i, j))
    for family in families.values():
        stayed = _longest_rise([i for i, _ in family])
        moved |= {j for i, j in family if i not in stayed}
    return moved


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """The members of a longest rising subsequence of distinct numbers (patience sorting, n log n)."""
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        at = bisect_left(tails, number)
        before[number] = tails[at - 1] if at else None
        tails[at : at + 1] = [number]
    chain: set[int] = set()
    last = tails[-1] if tails else None
    while last is not None:
        chain.add(last)
        last = before[last]
    return chain
