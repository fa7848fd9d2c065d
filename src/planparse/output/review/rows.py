"""Facts → the cells of their tables, a kind each."""

from collections.abc import Callable, Collection, Mapping, Sequence

from planparse.models import (
    Agency,
    Citation,
    Commitment,
    Deadline,
    FrontMatter,
    GlossaryEntry,
    Indicator,
    Project,
    Quantity,
    Responsibility,
    Task,
    Unclaimed,
)
from planparse.output.language import Words
from planparse.output.review.escape import attribute, shown
from planparse.output.review.items import Item

Cells = list[str]
Rows = tuple[list[str], Callable[[Item], Cells]]
"""The column heads, as keys of the catalogue, and how an item gives its cells; both without the place."""


def kind_to_rows(
    kind: str,
    items: Sequence[Item],
    front: FrontMatter,
    words: Words,
    titles: Mapping[str, str],
    corrected: Collection[tuple[str | None, str]] = (),
) -> Rows:
    """How the table of a kind is filled; indicators have a column for each head that stands over their values.

    `titles` are those of the sections by their id: what a responsibility answers for; `corrected` are (id of the fact,
    field) that a reader put right: what a value reads now then stands beside what is printed.
    """
    cells = _Cells(words, front, titles, corrected)
    if kind == "indicators":
        labels = list(dict.fromkeys(v.label for i in items if isinstance(i.what, Indicator) for v in i.what.values))
        heads = ["no.", "indicator", "unit", *(f"={label}" for label in labels), "nature"]
        return heads, lambda item: cells.indicator(item.what, labels)
    plain: dict[str, Rows] = {
        "front_matter": (["field", "value"], lambda item: cells.front(item.what)),
        "responsibilities": (["section", "lead", "participating", "due"], lambda item: cells.responsibility(item.what)),
        "tasks": (["no.", "task", "lead", "participating", "due"], lambda item: cells.task(item.what)),
        "commitments": (["figure", "year", "promise"], lambda item: cells.commitment(item.what)),
        "projects": (["project", "stage", "agencies", "investment", "due"], lambda item: cells.project(item.what)),
        "citations": (["kind", "document", "document number"], lambda item: cells.citation(item.what)),
        "glossary": (["term", "meaning"], lambda item: cells.glossary(item.what)),
        "unclaimed": (["kind", "words"], lambda item: cells.unclaimed(item.what)),
    }
    return plain[kind]


class _Cells:
    """The cells of a row, escaped; each takes what its table holds."""

    def __init__(
        self, words: Words, front: FrontMatter, titles: Mapping[str, str], corrected: Collection[tuple[str | None, str]]
    ) -> None:
        self._corrected = corrected
        self._words = words
        self._front = front
        self._titles = titles

    def _said(self, value: str | None) -> str:
        """A word of ours (约束性 for binding)."""
        return shown(self._words.pgettext("value", value)) if value else ""

    def front(self, field: object) -> Cells:
        value = getattr(self._front, str(field))
        return [shown(self._words.pgettext("field", str(field))), self._front_value(str(field), value)]

    def _front_value(self, field: str, value: object) -> str:
        if value is None:
            return "—"
        if isinstance(value, list):
            return _agencies(value) if field == "issuers" else "<br>".join(shown(v) for v in value)
        if field == "period":
            period = self._front.period
            return shown(f"{period.start or '?'}–{period.end or '?'}") if period else ""
        if field == "document_number":
            return shown(self._front.document_number.raw) if self._front.document_number else ""
        return self._said(str(value)) if field in ("level", "status") else shown(value)

    def indicator(self, fact: object, labels: Sequence[str]) -> Cells:
        assert isinstance(fact, Indicator)
        above = " · ".join(p for p in (fact.group, fact.parent) if p)
        name = f"<b>{shown(fact.name)}</b>" + (f"<small>{shown(above)}</small>" if above else "")
        values: dict[str, str] = {}
        for number, value in enumerate(fact.values):
            read = "；".join(_quantity(q) for q in value.quantities if q.comparator != "text")
            values.setdefault(
                value.label,
                f'<span class="{"goal" if value.role == "target" else "past"}" title="{attribute(read)}">{shown(value.raw)}</span>{self._now(fact.id, f"values.{number}.", read)}',
            )
        return [
            shown(fact.sequence or ""), name, _whole(shown(fact.unit or "")), *(values.get(label, "") for label in labels),
            _whole(self._said(fact.nature)),
        ]  # fmt: skip

    def _now(self, fact: str, field: str, read: str) -> str:
        """What a value reads since a reader put it right."""
        changed = any(name == fact and path.startswith(field) for name, path in self._corrected)
        return f" <ins>{shown(read)}</ins>" if changed else ""

    def responsibility(self, fact: object) -> Cells:
        assert isinstance(fact, Responsibility)
        title = shown(self._titles.get(fact.section or "", ""))
        return [title, _agencies(fact.lead), _agencies(fact.participating, fact.open_ended), _due(fact.deadline)]

    def task(self, fact: object) -> Cells:
        assert isinstance(fact, Task)
        text = (f"<b>{shown(fact.title)}</b> " if fact.title and fact.title != fact.text else "") + shown(fact.text)
        lead, others = _agencies(fact.lead), _agencies(fact.participating, fact.open_ended)
        return [shown(fact.sequence or ""), f"<div class=clip>{text}</div>", lead, others, _due(fact.deadline)]

    def commitment(self, fact: object) -> Cells:
        assert isinstance(fact, Commitment)
        about = " · ".join(p for p in (fact.action, fact.measure) if p)
        kind = f" <i class=tag>{self._said(fact.kind)}</i>" if fact.kind != "target" else ""
        read = _quantity(fact.quantity)
        now = self._now(fact.id, "quantity.", read)
        figure = f'<b class=goal title="{attribute(read)}">{shown(fact.quantity.raw)}</b>{now}{kind}'
        said = f"{shown(fact.text)}" + (f"<small>{shown(about)}</small>" if about else "")
        return [figure, shown(fact.year or fact.frequency or ""), said]

    def project(self, fact: object) -> Cells:
        assert isinstance(fact, Project)
        name = f"<b>{shown(fact.name)}</b>" + (f"<small>{shown(fact.category)}</small>" if fact.category else "")
        money = shown(fact.investment.raw) if fact.investment else ""
        return [name, self._said(fact.stage), _agencies(fact.agencies), money, _due(fact.deadline)]

    def citation(self, fact: object) -> Cells:
        assert isinstance(fact, Citation)
        return [self._said(fact.kind), f"<b>《{shown(fact.title)}》</b>", shown(fact.document_number or "")]

    def glossary(self, fact: object) -> Cells:
        assert isinstance(fact, GlossaryEntry)
        return [f"<b>{shown(fact.term)}</b>", f"<div class=clip>{shown(fact.text)}</div>"]

    def unclaimed(self, fact: object) -> Cells:
        assert isinstance(fact, Unclaimed)
        return [self._said(fact.kind), f"<div class=clip>{shown(fact.text)}</div>"]


def _agencies(agencies: Sequence[object], open_ended: bool = False) -> str:
    made = []
    for agency in agencies:
        if isinstance(agency, Agency):
            known = f' title="{attribute(agency.canonical)}"' if agency.canonical and agency.canonical != agency.name else ""
            made.append(f"<span class=who{known}>{shown(agency.name)}</span>")
    return " ".join(made) + (" <span class=who>等</span>" if open_ended else "")


def _quantity(quantity: Quantity) -> str:
    sign = "" if quantity.comparator in ("=", "text", "range") else f"{quantity.comparator} "
    value = "" if quantity.value is None else f"{quantity.value.normalize():f}"
    upper = "" if quantity.upper is None else f"–{quantity.upper.normalize():f}"
    return f"{sign}{value}{upper} {quantity.unit or ''}".strip()


def _whole(words: str) -> str:
    """Words that stay on one line."""
    return f"<span class=nw>{words}</span>" if words else ""


def _due(deadline: Deadline | None) -> str:
    return f'<span title="{attribute(deadline.date or "")}">{shown(deadline.raw)}</span>' if deadline else ""
