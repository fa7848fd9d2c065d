"""The right side: the outline, the fact tables, the doubts, the corrections, and what is known of the file."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from planparse.models import Annex, AppliedCorrection, Box, Diagnostic, Figure, Node, Plan, Section, Span, Table
from planparse.output.language import Words, message_of, word_of
from planparse.output.review.escape import attribute, shown
from planparse.output.review.items import FACTS, NO_DOUBT, SEVERITIES, Item, plan_to_nodes
from planparse.output.review.rows import kind_to_rows

TABLED = (*FACTS, "unclaimed", "front_matter")
AT_ONCE = 40
"""Rows of a fact table that the browser lays out at once; 2,000 in one took it 0.3 s."""
NARROW = {
    **dict.fromkeys(("no.", "unit", "year", "nature", "stage", "kind"), " class=w1"),
    **dict.fromkeys(("figure", "due", "place", "investment"), " class=w2"),
}
"""Columns whose width is set where a table is cut."""
MAIN = ("indicator", "task", "promise", "project", "document", "meaning", "words", "value")
"""The column that says what a row is about: on a phone, where a row is a card, it comes first and alone on its line."""
SHORT, PIECES, PIECE = 12, 200, 120
"""Pieces that were put aside for one reason: so many are shown at once, so many at all, and so much of each."""
NAMED = 40
"""Characters of its first row that a table without a caption is called by."""


def outline_html(plan: Plan, items: Sequence[Item]) -> str:
    """The tree: sections, annexes, boxes, tables and figures, each with how many facts stand in it."""
    counts = Counter(f.section for kind in FACTS for f in getattr(plan, kind))
    of_node = {id(item.what): item for item in items}
    return f"<ul class=tree>{''.join(_branches(plan_to_nodes(plan), of_node, counts))}</ul>"


def _branches(nodes: Sequence[Node], of_node: Mapping[int, Item], counts: Mapping[str | None, int]) -> Iterator[str]:
    for node in nodes:
        item = of_node.get(id(node))
        if item is None:
            continue
        match node:
            case Section():
                name = f"<b>{shown(node.number or node.implied_number or '')}</b> {shown(node.title)}"
                below = "".join(_branches(node.content, of_node, counts))
                own = counts.get(node.id, 0)
            case Annex():
                name, own = f"<b>{shown(node.heading)}</b>", counts.get(node.id, 0)
                below = "".join(_branches(node.content, of_node, counts))
            case Box():
                name, own = f"{shown(_one_line(node.caption or node.title))}", len(node.items)
                below = "".join(_branches(node.content, of_node, counts))
            case Table():
                name, own, below = shown(_table_name(node)), len(node.rows), ""
            case Figure():
                name, own, below = shown(_one_line(node.caption) or "—"), 0, ""
            case _:
                continue
        count = f"<small>{own}</small>" if own else ""
        link = (
            f'<a class="go n-{node.type}" id=i{item.number} data-i={item.number} data-k={item.kind} '
            f'href="#{_href(item)}">{name}{count}</a>'
        )
        yield f"<li><details open><summary>{link}</summary><ul>{below}</ul></details></li>" if below else f"<li>{link}</li>"


def _one_line(text: str) -> str:
    return text.replace("\n", " ").replace("\u2028", " ").strip()


def _table_name(table: Table) -> str:
    """A table's caption; one without is known by the words of its first row."""
    words = (
        _one_line(table.caption) or " · ".join(_one_line(c.text) for c in table.rows[0] if c.text.strip()) if table.rows else ""
    )
    return (words if len(words) <= NAMED else words[: NAMED - 1] + "…") or table.id


def _href(item: Item) -> str:
    return attribute(item.anchor) if item.anchor else f"c{max(item.start, 0)}"


def facts_html(plan: Plan, items: Sequence[Item], words: Words) -> str:
    """A table for each kind that has rows; a row has its number, its kind and the worst doubt about it."""
    said = words.gettext
    flags: dict[str, list[Diagnostic]] = {}
    for said_once in plan.diagnostics:
        flags.setdefault(said_once.code, []).append(said_once)
    titles = {i.what.id: i.what.title for i in items if isinstance(i.what, Section | Annex)}
    corrected = {(change.fact, change.field) for change in plan.corrections}
    made, jumps = [], []
    for kind in TABLED:
        of_kind = [item for item in items if item.kind == kind]
        if not of_kind:
            continue
        heads, to_cells = kind_to_rows(kind, of_kind, plan.front_matter, words, titles, corrected)
        cells = [to_cells(item) for item in of_kind]
        filled = [n for n in range(len(heads)) if any(row[n] for row in cells)]
        heads, cells = [heads[n] for n in filled], [[row[n] for n in filled] for row in cells]
        names = [shown(h[1:] if h.startswith("=") else words.pgettext("column", h)) for h in heads]
        head = "".join(f"<th>{name}</th>" for name in names)
        opens = [_opening(h, name) for h, name in zip(heads, names)]
        rows = [_row(item, row, opens, words, flags) for item, row in zip(of_kind, cells)]
        title = f"<i></i>{shown(words.pgettext('kind', kind))}<small>{len(of_kind)}</small>"
        jumps.append(f"<button type=button class=k-{kind} data-jump={kind}>{title}</button>")
        title = f"<h2>{title}</h2>"
        place = shown(words.pgettext("column", "place"))
        head = f"<thead><tr>{head}<th class=at>{place}</th></tr></thead>"
        columns = "".join(f"<col{NARROW.get(h, '')}>" for h in (*heads, "place"))
        tables = _tables(head, columns, rows)
        made.append(f'<section class="facts k-{kind}" data-kind={kind}>{title}<div class=wide>{tables}</div></section>')
    if not made:
        return f"<p class=none>{shown(said('No facts were read.'))}</p>"
    jump = f'<nav class=jump aria-label="{attribute(said("Kinds of facts"))}">{"".join(jumps)}</nav>' if len(jumps) > 1 else ""
    return jump + "".join(made)


def _opening(head: str, name: str) -> str:
    """A cell's tag; it carries the column's name for screens on which a row is a card."""
    return "<td class=main>" if head in MAIN else "<td class=key>" if head == "field" else f'<td data-h="{name}">'


def _tables(head: str, columns: str, rows: Sequence[str]) -> str:
    """One table; or many rows as tables of equal columns, each laid out by the browser only when it comes into view."""
    if len(rows) <= AT_ONCE:
        return f"<table>{head}<tbody>{''.join(rows)}</tbody></table>"
    parts = ["".join(rows[at : at + AT_ONCE]) for at in range(0, len(rows), AT_ONCE)]
    return "".join(
        f"<div class=batch><table class=fixed><colgroup>{columns}</colgroup>{head if not n else ''}<tbody>{part}</tbody></table></div>"
        for n, part in enumerate(parts)
    )


def _row(
    item: Item, cells: Sequence[str], opens: Sequence[str], words: Words, known: Mapping[str, Sequence[Diagnostic]]
) -> str:
    flags = [f for f in getattr(item.what, "flags", ()) if isinstance(f, str)]
    dots = "".join(
        f'<i class="flag v-{item.severity if flag in known else "info"}" '
        f'title="{attribute(_said_of(flag, item, known.get(flag, ()), words))}"></i>'
        for flag in flags
    )
    edit = ""
    if item.kind != "unclaimed":
        edit = f'<button type=button class=edit title="{attribute(words.gettext("Correct"))}">✎</button>'
    section = getattr(item.what, "section", None)
    place = _place(item.span, words) or (f"§ {shown(section)}" if section else "")
    tail = f"<td class=at>{dots}<span>{place}</span>{edit}</td>"
    body = "".join(f"{opened if cell else '<td>'}{cell}</td>" for opened, cell in zip(opens, cells))
    return f"<tr id=i{item.number} data-i={item.number} data-k={item.kind} data-v={item.severity}>{body}{tail}</tr>"


def _said_of(flag: str, item: Item, said: Sequence[Diagnostic], words: Words) -> str:
    """What a flag means here: the doubt of that code that touches the fact's place, else the flag's own word."""
    for one in said:
        if one.span and item.span and one.span.start < item.span.end and item.span.start < one.span.end:
            return message_of(one, words)
    return message_of(said[0], words) if said else word_of(flag, words)


def _place(span: Span | None, words: Words) -> str:
    if span is None:
        return "—"
    if span.page:
        return shown(words.gettext("p. {page}").format(page=span.page))
    return shown(words.gettext("line {line}").format(line=span.line)) if span.line else ""


def doubts_html(items: Sequence[Item], words: Words) -> str:
    """The diagnostics, errors first, then in the order of their places."""
    found = [item for item in items if item.kind == "diagnostics"]
    if not found:
        return f"<p class=none>{shown(words.gettext('Nothing is in doubt.'))}</p>"
    rows = []
    for item in sorted(found, key=lambda i: SEVERITIES.index(i.severity)):
        assert isinstance(item.what, Diagnostic)
        rows.append(
            f'<li id=i{item.number} data-i={item.number} data-k=diagnostics data-v={item.severity} class="doubt v-{item.severity}">'
            f"<b>{shown(words.pgettext('value', item.severity))}</b><span>{shown(message_of(item.what, words))}</span>"
            f"<small><code>{shown(item.what.code)}</code> {_place(item.span, words)}</small></li>"
        )
    return f"<ul class=doubts>{''.join(rows)}</ul>"


def corrections_html(plan: Plan, words: Words) -> str:
    """What was corrected before, and the place where the page lists what is corrected now."""
    said = words.gettext
    made = [
        f"<p class=hint>{shown(said('Press ✎ beside a fact and type what is right. The text and its places stay as they are.'))}</p>",
        "<ul class=changes id=changes></ul>",
        f"<p class=acts><button type=button id=save disabled>{shown(said('Save the corrections'))}</button> "
        f'<label class=file>{shown(said("Go on with a file"))}<input type=file id=open accept=".json"></label></p>',
        f"<p class=hint>{shown(said('Then:'))} <code>planparse apply-corrections PLAN.json CORRECTIONS.json --out …</code></p>",
    ]
    if plan.corrections:
        rows = "".join(
            f"<tr><td>{shown(words.pgettext('kind', c.kind))} <small>{shown(_corrected_words(plan, c))}</small></td>"
            f"<td>{shown(words.pgettext('field', c.field.split('.')[-1]))}</td>"
            f"<td><del>{_json(c.old, words)}</del></td><td><ins>{_json(c.new, words)}</ins></td></tr>"
            for c in plan.corrections
        )
        made.append(f"<h2>{shown(said('Corrected before'))}</h2><div class=wide><table>{rows}</table></div>")
    return "".join(made)


def _corrected_words(plan: Plan, change: AppliedCorrection) -> str:
    """The first words of what was corrected."""
    words = _one_line(plan.text[change.span.start : change.span.end]).replace("\t", " ") if change.span else ""
    return words if len(words) <= NAMED else words[: NAMED - 1] + "…"


def _json(value: object, words: Words) -> str:
    if isinstance(value, list):
        return shown("、".join(map(str, value)))
    return shown("—" if value is None else word_of(value, words) if isinstance(value, str) else value)


def file_html(plan: Plan, words: Words) -> str:
    """The source, the balance of its characters, what was put aside, and the keys."""
    said, source, coverage = words.gettext, plan.source, plan.coverage
    rows = [
        ("file", source.name), ("format", source.format), ("sha256", source.sha256), ("pages", source.pages), ("url", source.url),
        ("retrieved", source.retrieved_at), ("read by", f"planparse {source.planparse} · {source.extractor}"),
    ]  # fmt: skip
    made = ["<dl>", *(f"<dt>{shown(said(k))}</dt><dd>{shown(v)}</dd>" for k, v in rows if v not in (None, "")), "</dl>"]
    made.append(f"<h2>{shown(said('Balance of characters'))}</h2><dl class=sums>")
    made += [f"<dt>{shown(said(name))}</dt><dd>{getattr(coverage, name):,}</dd>" for name in type(coverage).model_fields]
    made.append("</dl>")
    if plan.discarded:
        made.append(f"<h2>{shown(said('Put aside'))}<small>{len(plan.discarded)}</small></h2>{_discarded_html(plan, words)}")
    keys = [
        ("j", "k", "next and previous fact"), ("/", "", "find in the text"), ("t", "", "outline or facts"),
        ("p", "", "pictures of the pages"), ("e", "", "correct the chosen fact"), ("Esc", "", "let go"),
        ("Shift", "", "with a click on a kind or a severity: only this one, and again all"),
    ]  # fmt: skip
    made.append(f"<h2 class=keys>{shown(said('Keys'))}</h2><dl class=keys>")
    made += [f"<dt><kbd>{a}</kbd>{f' <kbd>{b}</kbd>' if b else ''}</dt><dd>{shown(said(what))}</dd>" for a, b, what in keys]
    return "".join(made) + "</dl>"


def _discarded_html(plan: Plan, words: Words) -> str:
    """What was put aside, under its reasons: the first words of each piece, the same words once with how often they came."""
    by_reason: dict[str, Counter[str]] = {}
    for piece in plan.discarded:
        line = _one_line(piece.text)
        by_reason.setdefault(piece.reason, Counter())[line if len(line) <= PIECE else line[: PIECE - 1] + "…"] += 1
    made = []
    for reason, pieces in by_reason.items():
        told = [
            f"<li>{shown(text)}{f' <small>× {n}</small>' if n > 1 else ''}</li>" for text, n in list(pieces.items())[:PIECES]
        ]
        told += ["<li>…</li>"] if len(pieces) > PIECES else []
        name = f"{shown(words.pgettext('reason', reason))}<small>{pieces.total()}</small>"
        opened = " open" if len(pieces) <= SHORT else ""
        made.append(f"<details{opened}><summary>{name}</summary><ul class=aside>{''.join(told)}</ul></details>")
    return "".join(made)


def severity_counts(plan: Plan) -> Mapping[str, int]:
    """How many doubts there are of each severity; the facts without any count as `none`."""
    counts = Counter(d.severity for d in plan.diagnostics)
    clean = sum(1 for kind in FACTS for f in getattr(plan, kind) if not f.flags)
    return {**{s: counts.get(s, 0) for s in SEVERITIES}, NO_DOUBT: clean}
