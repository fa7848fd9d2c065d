"""Facts that count one thing in one way: exact words first, then what a plan's field implies, then near wordings.

Linear in facts but for near wordings, which are only looked for among groups that share their rarest word.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from planparse.compare.concepts import Reading, fold_name
from planparse.models import Member
from planparse.models.comparison import StatisticKind

THRESHOLD = 90.0
"""Least rapidfuzz ratio of two wordings in one row. Only additions of unknown characters are weighed at all; one in five
characters passes, two in nine, a replaced word never. Set on invented pairs (tests/test_compare.py)."""


@dataclass(frozen=True, slots=True)
class Item:
    """A fact of plan number `plan`, read; `fields` are the words that its plan's title implies."""

    plan: int
    member: Member
    reading: Reading
    statistic: StatisticKind | None
    dimension: str | None
    fields: frozenset[str]
    each: bool = False


@dataclass(slots=True)
class Group:
    """Items that count one thing in one way, while rows are being put together."""

    items: list[Item]
    score: float = 100.0
    statistic: StatisticKind | None = None
    dimension: str | None = None
    texts: dict[str, Reading] = field(default_factory=dict)

    @property
    def plans(self) -> set[int]:
        """Numbers of the plans that it has rows of."""
        return {item.plan for item in self.items}

    @property
    def reading(self) -> Reading:
        """How its first wording reads."""
        return self.items[0].reading


def items_to_groups(items: Sequence[Item]) -> list[Group]:
    """Items into rows: same words, then words that a plan's field implies, then near wordings."""
    by_words: dict[frozenset[str], list[Item]] = defaultdict(list)
    for item in items:
        by_words[item.reading.tokens].append(item)
    groups = [g for same in by_words.values() for part in _told_apart(same) for g in _statistics_apart(part)]
    order = {id(item): i for i, item in enumerate(items)}
    groups = _joined(groups, _implied_pairs(groups))
    groups = _joined(groups, _near_pairs(groups))
    for group in groups:
        group.items.sort(key=lambda item: order[id(item)])
    return sorted(groups, key=lambda g: order[id(g.items[0])])


def _told_apart(items: list[Item]) -> Iterator[list[Item]]:
    """One plan's two names that differ only in words that say nothing are two things to that plan: by full name then."""
    names: dict[int, set[str]] = defaultdict(set)
    for item in items:
        names[item.plan].add(fold_name(item.member.part or item.member.name) + f"/{item.member.parent or ''}")
    if max(map(len, names.values())) < 2:
        yield items
        return
    exact: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        exact[fold_name(item.member.part or item.member.name)].append(item)
    yield from exact.values()


def _statistics_apart(items: list[Item]) -> Iterator[Group]:
    """One statistic and one kind of unit a group; what tells neither goes with the largest."""
    parts: dict[tuple[StatisticKind | None, str | None, bool], list[Item]] = defaultdict(list)
    for item in items:
        parts[item.statistic, item.dimension, item.each].append(item)
    told = sorted(parts, key=lambda k: (-(k[0] is not None) - (k[1] is not None), -len(parts[k])))
    groups: list[Group] = []
    for key in told:
        made = Group(parts[key], statistic=key[0], dimension=key[1])
        fit = next((g for g in groups if _agree(g, made)), None)
        if fit is None:
            groups.append(made)
        else:
            _take_in(fit, made, 100.0)
    for group in groups:
        group.texts.update({i.reading.text: i.reading for i in group.items})
    yield from groups


def _agree(one: Group, other: Group) -> bool:
    """Whether statistic and unit do not contradict each other; what one does not tell contradicts nothing.

    A figure against people (每千人口床位数) and a plain one (床位数) always do.
    """
    if one.items[0].each != other.items[0].each:
        return False
    a, b = one.dimension, other.dimension
    kinds = a is None or b is None or a == b or a.startswith(f"{b}:") or b.startswith(f"{a}:")
    return kinds and (one.statistic is None or other.statistic is None or one.statistic == other.statistic)


def _take_in(group: Group, other: Group, score: float) -> None:
    group.items += other.items
    group.texts |= other.texts
    group.statistic = group.statistic or other.statistic
    group.dimension = max((group.dimension or "", other.dimension or ""), key=len) or None
    group.score = min(group.score, other.score, score)


def _joined(groups: list[Group], pairs: Iterable[tuple[float, int, int, bool]]) -> list[Group]:
    """Best pairs first; two rows that one plan has both of never join, and each wording must be near each other."""
    into = list(range(len(groups)))
    for score, a, b, weigh in sorted(pairs, key=lambda p: (-p[0], p[1], p[2])):
        while into[a] != a:
            a = into[a]
        while into[b] != b:
            b = into[b]
        one, other = groups[min(a, b)], groups[max(a, b)]
        if one is other or not _agree(one, other) or one.plans & other.plans:
            continue
        if weigh:
            score = min(_likeness(x, y) for x in one.texts.values() for y in other.texts.values())
            if score < THRESHOLD:
                continue
        _take_in(one, other, score)
        into[max(a, b)] = min(a, b)
    return [g for i, g in enumerate(groups) if into[i] == i]


def _implied_pairs(groups: Sequence[Group]) -> Iterator[tuple[float, int, int, bool]]:
    """辅具适配率 in a plan for 残疾人 is theirs: pairs of a group and the one that says the implied word."""
    places: dict[frozenset[str], list[int]] = defaultdict(list)
    for i, group in enumerate(groups):
        places[group.reading.tokens].append(i)
    for i, group in enumerate(groups):
        if group.reading.people:
            continue
        for word in sorted(frozenset.intersection(*(item.fields for item in group.items)) - group.reading.words):
            yield from ((99.0, i, j, False) for j in places.get(group.reading.tokens | {word}, ()) if j != i)


def _near_pairs(groups: Sequence[Group]) -> Iterator[tuple[float, int, int, bool]]:
    """Pairs of which one only adds unknown characters to the other; looked for at the smaller one's rarest word."""
    posting: dict[str, list[int]] = defaultdict(list)
    for i, group in enumerate(groups):
        for token in group.reading.tokens:
            posting[token].append(i)
    for i, group in enumerate(groups):
        rarest = min(group.reading.tokens, key=lambda t: (len(posting[t]), t))
        for j in posting[rarest]:
            if i != j and group.reading.tokens < groups[j].reading.tokens:
                score = _likeness(group.reading, groups[j].reading)
                if score >= THRESHOLD:
                    yield score, i, j, True


def _likeness(one: Reading, other: Reading) -> float:
    """0..100: the rapidfuzz ratio of two wordings; 0 where they differ in a word that decides, or each adds to the other."""
    if one.words != other.words or not (one.loose <= other.loose or other.loose <= one.loose):
        return 0.0
    return float(fuzz.ratio(one.text, other.text))
