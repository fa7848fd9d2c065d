"""Indicator tables against themselves and against the prose."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from planparse.checks.codes import diagnostic
from planparse.checks.site import FILE, Site
from planparse.models import Box, Diagnostic, Indicator, IndicatorValue, Quantity, Section, Table
from planparse.numerals import to_int

LONGEST_GAP = 6
"""Characters between an indicator's name and its figure in prose (达到, 不低于)."""
SHORTEST_NAME = 4
SHARES = ("%", "％")
BARE = ("=", ">=", "~", "<=")
BARRED = frozenset("，。；、增降提新年累比其")


def check_indicators(site: Site) -> Iterator[Diagnostic]:
    """Rows that are missing, without a target, that go the wrong way, or that contradict each other or the text."""
    for indicator in site.facts.indicators:
        roles = {v.role for v in indicator.values}
        stands = any(v.role == "target" and v.quantities for v in indicator.values)
        if not stands and "actual" not in roles and indicator.duplicate_of is None:
            yield diagnostic("indicator.no-target", indicator.span, name=indicator.name)
        yield from _worse(indicator, site)
    for table, rows in site.tables.items():
        yield from _numbers(table, rows)
        yield from _parts(rows)
    yield from _prose(site)
    yield from _none(site)


def _numbers(table: str, rows: Sequence[Indicator]) -> Iterator[Diagnostic]:
    """Rows 1..N complete; a table that counts anew in each group is one run a group.

    A name over sub-rows may have borne the number that its sub-rows lack (1.空气质量: 优良天数, 细颗粒物).
    """
    before = 0
    parents: set[str] = set()
    for row in rows:
        number = to_int(row.sequence) if row.sequence and row.sequence.isdecimal() else None
        if number is None:
            parents |= {row.parent} if row.parent else set()
            continue
        if number > before + 1 + len(parents):
            missing = before + 1 + len(parents)
            yield diagnostic("indicator.row-missing", row.span, number=missing, table=table, before=before)
        before, parents = number, set()


def _single(values: Sequence[IndicatorValue], role: str) -> tuple[IndicatorValue, Quantity] | None:
    """The one figure of a role, if there is just one and it is a level."""
    found = [v for v in values if v.role == role and v.quantities]
    if len(found) != 1 or len(found[0].quantities) != 1 or found[0].statistic not in (None, "level"):
        return None
    quantity = found[0].quantities[0]
    return (found[0], quantity) if quantity.value is not None and quantity.comparator in BARE else None


def _worse(indicator: Indicator, site: Site) -> Iterator[Diagnostic]:
    baseline, target = _single(indicator.values, "baseline"), _single(indicator.values, "target")
    if baseline is None or target is None or baseline[1].unit != target[1].unit or target[1].unit not in SHARES:
        return
    before, after = baseline[1].value, target[1].value
    if before is None or after is None:
        return
    up = indicator.name.endswith(tuple(site.grammar.aliases["higher_is_better"]))
    down = indicator.name.endswith(tuple(site.grammar.aliases["lower_is_better"]))
    if (down and after > before) or (up and not down and after < before):
        yield diagnostic(
            "indicator.target-worse", target[0].span, name=indicator.name, target=target[1].raw, baseline=baseline[1].raw
        )


def _parts(rows: Sequence[Indicator]) -> Iterator[Diagnostic]:
    """Sub-rows that are more than their row, each or together."""
    wholes: dict[str, Indicator] = {}
    parts: dict[str, list[Indicator]] = {}
    for row in rows:
        if row.parent is None:
            wholes[row.name] = row
        else:
            parts.setdefault(row.parent, []).append(row)
    for name, below in parts.items():
        whole = wholes.get(name)
        for value in whole.values if whole else ():
            total = _plain(value)
            own = [(r, q) for r in below for v in r.values if v.label == value.label and (q := _plain(v))]
            if total is None or not own or total.unit in SHARES:
                continue
            same = [(r, q) for r, q in own if q.unit == total.unit]
            above = [(r, q) for r, q in same if q.value is not None and total.value is not None and q.value > total.value]
            for row, quantity in above:
                yield diagnostic(
                    "figure.part-exceeds-whole", row.span, part=f"{row.name} {quantity.raw}", whole=f"{name} {total.raw}"
                )
            added = sum((q.value for _, q in same if q.value is not None), Decimal(0))
            if not above and len(same) > 1 and total.value is not None and added > total.value:
                yield diagnostic("indicator.sum", value.span, name=name, sum=_words(added), whole=total.raw, label=value.label)


def _plain(value: IndicatorValue) -> Quantity | None:
    quantity = value.quantities[0] if len(value.quantities) == 1 else None
    return quantity if quantity and quantity.value is not None and quantity.comparator == "=" else None


def _words(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _prose(site: Site) -> Iterator[Diagnostic]:
    """A commitment that names an indicator and gives another target for the same year."""
    rows: dict[str, list[tuple[Indicator, IndicatorValue, Quantity]]] = {}
    for indicator in site.facts.indicators:
        found = _single(indicator.values, "target")
        if found and len(indicator.name) >= SHORTEST_NAME and indicator.duplicate_of is None:
            rows.setdefault(indicator.name, []).append((indicator, *found))
    if not rows:
        return
    longest = max(map(len, rows))
    ends = {name[-1] for name in rows}
    text = site.text
    for commitment in site.facts.commitments:
        span, quantity = commitment.quantity.span, commitment.quantity
        if span is None or quantity.value is None or quantity.comparator not in BARE:
            continue
        first = max(commitment.span.start, span.start - longest - LONGEST_GAP)
        for end in range(span.start, max(first, span.start - LONGEST_GAP - 1), -1):
            if end < span.start and text[end] in BARRED:
                break
            if text[end - 1] not in ends:
                continue
            head = text[first:end]
            named = next(
                (rows[head[-n:]] for n in range(min(longest, len(head)), SHORTEST_NAME - 1, -1) if head[-n:] in rows), None
            )
            if named is None or len(named) != 1 or _goes_on(head, named[0][0].name):
                continue
            _, value, target = named[0]
            years = value.year is None or commitment.year is None or value.year == commitment.year
            if years and target.unit == quantity.unit and target.value != quantity.value:
                yield diagnostic("indicator.text-differs", span, name=named[0][0].name, table=target.raw, prose=quantity.raw)
            break


def _goes_on(head: str, name: str) -> bool:
    """Whether the name is the end of a longer one (乡镇自来水普及率 for 自来水普及率)."""
    at = len(head) - len(name)
    return at > 0 and head[at - 1] not in "，,。；;、：: 　年使将实现确保全市县区省国我的"


def _none(site: Site) -> Iterator[Diagnostic]:
    starts = [i.span.start for i in site.facts.indicators]
    held = {i.section for i in site.facts.indicators} | {i.table for i in site.facts.indicators}
    for visit in site.visits:
        node = visit.node
        if not isinstance(node, Section | Box | Table) or getattr(node, "duplicate_of", None):
            continue
        if isinstance(node, Table) and visit.box:
            continue
        title = node.title if isinstance(node, Section | Box) else node.caption
        if not title or not site.grammar.match(FILE, title.strip(), gives="indicators"):
            continue
        if node.id in held or (isinstance(node, Section) and _below(node, starts)):
            continue
        yield diagnostic("indicator.none", node.span, title=title)


def _below(section: Section, starts: Sequence[int]) -> bool:
    """Whether an indicator stands between a heading and the end of what it owns."""
    end = section.span.end
    stack: list[object] = list(section.content)
    while stack:
        node = stack.pop()
        span = getattr(node, "span", None)
        end = max(end, span.end if span else 0)
        stack += getattr(node, "content", None) or []
    return any(section.span.start <= s < end for s in starts)
