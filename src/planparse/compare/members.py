"""Facts as members of a row, and their figures in the row's unit."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from planparse.compare.concepts import BASES
from planparse.compare.units import conversion_factor
from planparse.models import Commitment, ComparedValue, Converted, Indicator, Member, Quantity
from planparse.models.facts import Statistic

NAMES = {number: word for word, number in BASES.items()}
# What an action says of its figure; the first that stands in it counts.
ACTIONS: dict[str, Statistic] = {
    "年均增长": "growth_rate", "增长": "growth_rate", "增速": "growth_rate", "下降": "change", "降低": "change", "减少": "change",
    "提高": "change", "年均": "average", "累计": "cumulative", "新增": "cumulative", "新建": "cumulative", "改造": "cumulative",
    "培训": "cumulative", "达到": "level",
}  # fmt: skip


def indicator_to_members(indicator: Indicator, label: str, parts: Sequence[str]) -> list[Member]:
    """One member a measure of the name; `part` is set where there are several."""
    values = [
        ComparedValue(
            label=v.label, year=v.year, period=v.period, role=v.role, statistic=v.statistic, status=v.status, raw=v.raw,
            quantities=v.quantities, span=v.span,
        )
        for v in indicator.values
    ]  # fmt: skip
    return [
        Member(
            plan=label, kind="indicator", sequence=indicator.sequence, id=indicator.id, name=indicator.name,
            part=part if len(parts) > 1 else None, parent=indicator.parent, group=indicator.group, unit=indicator.unit,
            nature=indicator.nature, values=values, flags=indicator.flags, span=indicator.span,
        )
        for part in parts
    ]  # fmt: skip


def commitment_to_members(commitment: Commitment, label: str, parts: Sequence[str]) -> list[Member]:
    """A promise as a member: its measure is the name, its figure the target."""
    action = commitment.action or ""
    told: Statistic | None = "level" if action.endswith(("到", "至", "为")) else None
    told = told or next((s for word, s in ACTIONS.items() if word in action), None)
    value = ComparedValue(
        label=action or None, year=commitment.year, role="target", statistic=told, raw=commitment.quantity.raw,
        quantities=[commitment.quantity], span=commitment.span,
    )  # fmt: skip
    return [
        Member(
            plan=label, kind="commitment", id=commitment.id, name=commitment.measure or commitment.text,
            part=part if len(parts) > 1 else None, unit=commitment.quantity.unit, values=[value], flags=commitment.flags,
            span=commitment.span,
        )
        for part in parts
    ]  # fmt: skip


def members_in_one_unit(members: Sequence[tuple[Member, int | None]]) -> tuple[str | None, list[Member]]:
    """The row's unit (its commonest), and the members with figures in other units said in it too.

    Each member comes with what its name counts against (每千人口 → 1000); where these differ the unit names the base.
    """
    units = Counter(u for m, _ in members if (u := _unit(m)))
    unit = min(units, key=lambda u: -units[u]) if units else None
    bases = Counter(base for _, base in members if base)
    base = min(bases, key=lambda b: -bases[b]) if bases else None
    shown = f"{unit or ''}/每{NAMES[base]}" if base and len(bases) > 1 else unit
    return shown, [_converted(m, unit, Decimal(base) / b if base and b else Decimal(1), shown) for m, b in members]


def _unit(member: Member) -> str | None:
    return member.unit or next((q.unit for v in member.values for q in v.quantities if q.unit), None)


def _converted(member: Member, unit: str | None, rebased: Decimal, shown: str | None) -> Member:
    values = []
    for value in member.values:
        made = [c for q in value.quantities if (c := _in_unit(q, q.unit or member.unit, unit, rebased, shown))]
        values.append(value.model_copy(update={"converted": made}) if made else value)
    return member.model_copy(update={"values": values})


def _in_unit(quantity: Quantity, own: str | None, unit: str | None, rebased: Decimal, shown: str | None) -> Converted | None:
    if quantity.value is None or quantity.base is not None:
        return None
    factor = conversion_factor(own, unit) if own != unit else Decimal(1)
    if factor is None or factor * rebased == 1:
        return None
    times = (factor * rebased).normalize()
    upper = None if quantity.upper is None else quantity.upper * times
    return Converted(raw=quantity.raw, value=quantity.value * times, upper=upper, unit=shown, factor=times)
