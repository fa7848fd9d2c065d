"""Indicators of two plans → what changed."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from planparse.compare.alignment import plan_to_items
from planparse.compare.concepts import fold_name
from planparse.compare.groups import Item, items_to_groups
from planparse.compare.units import conversion_factor
from planparse.compare.wording import texts_to_pairs, texts_to_words
from planparse.grammar import Grammar
from planparse.models import ComparedValue, IndicatorChange, Plan, Quantity
from planparse.models.comparison import IndicatorChangeKind

RENAMED = 75.0
"""Least rapidfuzz ratio of an indicator's old and new name that a change calls reworded and not dropped and added."""


def changed_indicators(old: Plan, new: Plan, labels: tuple[str, str], grammar: Grammar) -> tuple[list[IndicatorChange], int]:
    """What became of each indicator, in the order of `new`, dropped ones behind; and how many stayed as they were."""
    olds = list(plan_to_items(old, 0, labels[0], "indicators", grammar, split=False))
    news = list(plan_to_items(new, 1, labels[1], "indicators", grammar, split=False))
    pairs = _indicator_pairs(olds, news)
    back = {j: i for i, j in pairs.items()}
    changes: list[IndicatorChange] = []
    same = 0
    for j, item in enumerate(news):
        if j not in back:
            changes.append(
                IndicatorChange(kinds=["added"], concept=item.member.name, new=item.member, new_target=_shown(item, None))
            )
            continue
        change = _indicator_change(olds[back[j]], item)
        if change.kinds or change.outcome:
            changes.append(change)
        same += not change.kinds
    for i, item in enumerate(olds):
        if i not in pairs:
            changes.append(
                IndicatorChange(kinds=["dropped"], concept=item.member.name, old=item.member, old_target=_shown(item, None))
            )
    return changes, same


def _indicator_pairs(olds: Sequence[Item], news: Sequence[Item]) -> dict[int, int]:
    """By printed name, then by what is counted, then by the deciding words alone, then by a like name."""
    pairs: dict[int, int] = {}

    def by(keys_old: Sequence[object], keys_new: Sequence[object]) -> None:
        taken = set(pairs.values())
        free: dict[object, list[int]] = defaultdict(list)
        for j, key in enumerate(keys_new):
            if j not in taken and key is not None:
                free[key].append(j)
        for i, key in enumerate(keys_old):
            if i not in pairs and free.get(key):
                pairs[i] = free[key].pop(0)

    by([_name(i) for i in olds], [_name(i) for i in news])
    group_of = {id(item): n for n, group in enumerate(items_to_groups([*olds, *news])) for item in group.items}
    by([group_of[id(i)] for i in olds], [group_of[id(i)] for i in news])
    by([i.reading.tokens for i in olds], [i.reading.tokens for i in news])
    rest_old = [i for i in range(len(olds)) if i not in pairs]
    taken = set(pairs.values())
    rest_new = [j for j in range(len(news)) if j not in taken]
    names_old, names_new = ([fold_name(x.member.name) for x in side] for side in (olds, news))
    for a, b in texts_to_pairs([names_old[i] for i in rest_old], [names_new[j] for j in rest_new], least=RENAMED):
        pairs[rest_old[a]] = rest_new[b]
    return pairs


def _name(item: Item) -> tuple[str, str]:
    return fold_name(item.member.name), fold_name(item.member.parent or "")


def _indicator_change(old: Item, new: Item) -> IndicatorChange:
    kinds: list[IndicatorChangeKind] = []
    before, after = _targets(old, new)
    if old.statistic and new.statistic and old.statistic != new.statistic:
        kinds.append("statistic")
    elif before and after:
        kinds += _figure_kinds(before, after, old.member.unit, new.member.unit)
    elif before or after:
        kinds.append("target")
    if fold_name(old.member.name) != fold_name(new.member.name):
        kinds.append("reworded")
    if old.member.nature != new.member.nature:
        kinds.append("nature")
    if fold_name(old.member.unit or "") != fold_name(new.member.unit or ""):
        kinds.append("unit")
    if _baseline_changed(old, new):
        kinds.append("baseline")
    return IndicatorChange(
        kinds=kinds,
        concept=new.member.name,
        old=old.member,
        new=new.member,
        old_target=_shown(old, before),
        new_target=_shown(new, after),
        outcome=_outcome(old, before, new),
        words=texts_to_words(old.member.name, new.member.name) if "reworded" in kinds else [],
    )


def _targets(old: Item, new: Item) -> tuple[ComparedValue | None, ComparedValue | None]:
    """The targets to hold against each other: those of one year that differ first, else each plan's own first."""
    olds, news = (_with_role(item, "target") for item in (old, new))
    shared = [(a, b) for a in olds for b in news if a.year == b.year and a.year is not None]
    differing = [(a, b) for a, b in shared if fold_name(a.raw) != fold_name(b.raw)]
    if shared:
        return (differing or shared)[0]
    return (olds or [None])[0], (news or [None])[0]  # type: ignore[list-item]


def _with_role(item: Item, role: str) -> list[ComparedValue]:
    return [v for v in item.member.values if v.role == role and v.quantities]


def _shown(item: Item, value: ComparedValue | None) -> str | None:
    """A target as a reader writes it: the printed figure, with the unit where the cell has none."""
    value = value or next(iter(_with_role(item, "target")), None)
    if value is None:
        return None
    unit = item.member.unit or ""
    plain = all(q.value is not None for q in value.quantities) and not fold_name(value.raw).endswith(fold_name(unit))
    return value.raw + unit if plain else value.raw


def _figure_kinds(
    before: ComparedValue, after: ComparedValue, unit: str | None, other: str | None
) -> list[IndicatorChangeKind]:
    a, b = before.quantities[0], after.quantities[0]
    here, there = a.unit or unit, b.unit or other
    factor = conversion_factor(there, here) if there != here else Decimal(1)
    if a.value is None or b.value is None or (factor is None and here and there):
        return [] if fold_name(before.raw) == fold_name(after.raw) else ["target"]
    value = b.value * (factor or 1)
    if value != a.value:
        return ["raised" if value > a.value else "lowered"]
    if a.comparator != b.comparator or _upper(a, Decimal(1)) != _upper(b, factor or Decimal(1)):
        return ["comparator"]
    return []


def _upper(quantity: Quantity, factor: Decimal) -> Decimal | None:
    return None if quantity.upper is None else quantity.upper * factor


def _baseline_changed(old: Item, new: Item) -> bool:
    """A baseline of one year that is printed with another figure."""
    figures = {v.year: v.quantities[0].value for v in _with_role(old, "baseline") if v.year}
    return any(v.year in figures and v.quantities[0].value != figures[v.year] for v in _with_role(new, "baseline"))


def _outcome(old: Item, target: ComparedValue | None, new: Item) -> Literal["reached", "missed"] | None:
    """Whether what the next plan reports for the old target's year reaches it; null where years or statistics differ."""
    if target is None or target.year is None or target.quantities[0].value is None:
        return None
    reported = [v for v in new.member.values if v.role in ("baseline", "actual") and v.year == target.year and v.quantities]
    if not reported or reported[0].quantities[0].value is None or old.statistic != new.statistic:
        return None
    goal, figure = target.quantities[0], reported[0].quantities[0]
    factor = conversion_factor(figure.unit or new.member.unit, goal.unit or old.member.unit)
    if factor is None and (figure.unit or new.member.unit) != (goal.unit or old.member.unit):
        return None
    assert goal.value is not None
    assert figure.value is not None
    value = figure.value * (factor or 1)
    starts = [v.quantities[0].value for v in _with_role(old, "baseline") if v.quantities[0].value is not None]
    falls = goal.comparator in ("<", "<=") or (goal.comparator == "=" and bool(starts) and starts[0] > goal.value)
    if value == goal.value:
        return "missed" if goal.comparator in ("<", ">") else "reached"
    return "reached" if (value < goal.value) == falls else "missed"
