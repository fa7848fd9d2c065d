"""A plan on the terminal: the tree and the facts."""

from collections.abc import Iterator, Sequence

from rich.markup import escape
from rich.table import Table as RichTable
from rich.text import Text
from rich.tree import Tree as RichTree

from planparse.models import Agency, Annex, Box, Contents, Figure, Indicator, Node, Plan, Section, Table
from planparse.output.language import ENGLISH, Words, message_of
from planparse.output.sentences import printable

SHORT = 60
BLANK = str.maketrans("\t\n\u3000", "   ")


def _cut(text: str, width: int = SHORT) -> str:
    """One line of at most `width` characters; control characters out, so that no plan steers the terminal."""
    line = printable(text).translate(BLANK)
    return line if len(line) <= width else line[: width - 1] + "…"


def plan_to_tree(plan: Plan, *, depth: int | None = None, words: Words = ENGLISH) -> RichTree:
    """The outline as a rich tree; `depth` limits the levels of sections."""
    front = plan.front_matter
    root = RichTree(Text(_cut(front.title or plan.source.name, 200), style="bold"))
    about = [front.issuer, front.document_number.raw if front.document_number else None, front.signed_on, front.region]
    period = front.period
    if period is not None:
        about.append(f"{period.start or '?'}–{period.end or '?'}")
    line = " · ".join(_cut(a) for a in about if a)
    if line:
        root.add(Text(line, style="dim"))
    _grow(root, [*front.content, *plan.body, *plan.back_matter.content], depth, words)
    return root


def _grow(branch: RichTree, nodes: Sequence[Node], depth: int | None, words: Words) -> None:
    said = words.gettext
    for node in nodes:
        match node:
            case Section() if depth is None or node.level <= depth:
                label = Text(
                    _cut(f"{node.number or node.implied_number or ''}{node.title}"), style="bold" if node.level == 1 else ""
                )
                if node.implied_number:
                    label.append(f" ({said('number lost')})", style="yellow")
                _grow(branch.add(label), node.content, depth, words)
            case Annex():
                _grow(branch.add(Text(_cut(node.heading), style="magenta")), node.content, depth, words)
            case Box():
                count = said("{count} items").format(count=len(node.items)) if node.items else ""
                kind = f" [{words.pgettext('box', node.kind)}] {count}"
                box = branch.add(Text(_cut(node.caption.replace("\n", " ")), style="cyan").append(kind, style="dim"))
                for item in node.items:
                    box.add(Text(_cut(f"{item.number}{item.name}"), style="cyan"))
            case Table():
                branch.add(
                    Text(
                        f"{_cut(node.caption) or node.id} ({said('{count} rows').format(count=len(node.rows))})", style="green"
                    )
                )
            case Contents():
                branch.add(Text(f"目录 ({said('{count} entries').format(count=len(node.entries))})", style="dim"))
            case Figure():
                branch.add(Text(_cut(node.caption or said("figure")), style="dim"))
            case _:
                pass


def _names(agencies: Sequence[Agency], open_ended: bool = False) -> str:
    return "、".join(a.name for a in agencies) + (" 等" if open_ended else "")


def _table(words: Words, kind: str, count: int, *columns: str) -> RichTable:
    """An empty table; columns are words of ours, or printed ones after `=`."""
    title = f"{words.pgettext('table', kind)} ({count})"
    table = RichTable(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, header_style="dim")
    for column in columns:
        head = escape(column[1:]) if column.startswith("=") else words.pgettext("column", column)
        table.add_column(head, overflow="fold")
    return table


def plan_to_tables(plan: Plan, *, words: Words = ENGLISH) -> Iterator[RichTable]:
    """The facts of a plan as rich tables, a kind each; kinds without rows are left out; `words` gives the language."""

    def said(value: str | None) -> str:
        return words.pgettext("value", value) if value else ""

    if plan.indicators:
        labels = list(dict.fromkeys(v.label for i in plan.indicators for v in i.values))
        columns = ("no.", "name", "unit", *(f"={label}" for label in labels), "nature")
        table = _table(words, "indicators", len(plan.indicators), *columns)
        for i in plan.indicators:
            table.add_row(*map(escape, [i.sequence or "", i.name, i.unit or "", *_by_label(i, labels), said(i.nature)]))
        yield table
    if plan.responsibilities:
        table = _table(words, "responsibilities", len(plan.responsibilities), "section", "lead", "participating")
        for r in plan.responsibilities:
            table.add_row(*map(escape, [r.section or "", _names(r.lead), _names(r.participating, r.open_ended)]))
        yield table
    if plan.tasks:
        table = _table(words, "tasks", len(plan.tasks), "no.", "task", "lead", "participating", "due")
        for t in plan.tasks:
            due = t.deadline.raw if t.deadline else ""
            table.add_row(
                *map(escape, [t.sequence or "", _cut(t.text), _names(t.lead), _names(t.participating, t.open_ended), due])
            )
        yield table
    if plan.commitments:
        table = _table(words, "commitments", len(plan.commitments), "section", "figure", "year", "promise")
        for c in plan.commitments:
            table.add_row(*map(escape, [c.section or "", c.quantity.raw, str(c.year or c.frequency or ""), _cut(c.text)]))
        yield table
    if plan.citations:
        table = _table(words, "citations", len(plan.citations), "kind", "title", "number")
        for title, number, kind in dict.fromkeys((c.title, c.document_number or "", c.kind) for c in plan.citations):
            table.add_row(said(kind), escape(_cut(title)), escape(number))
        yield table
    if plan.diagnostics:
        table = _table(words, "diagnostics", len(plan.diagnostics), "severity", "code", "message")
        for d in plan.diagnostics:
            table.add_row(said(d.severity), d.code, escape(_cut(message_of(d, words), 100)))
        yield table


def _by_label(indicator: Indicator, labels: Sequence[str]) -> list[str]:
    values = {v.label: v.raw for v in indicator.values}
    return [values.get(label, "") for label in labels]
