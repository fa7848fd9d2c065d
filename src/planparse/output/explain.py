"""How each paragraph was read: its candidates, the rule that won, and its fields."""

from collections.abc import Iterator, Sequence

from planparse.document import Document
from planparse.grammar import Grammar
from planparse.models import Annex, Box, Contents, Node, Plan, Section, Table
from planparse.output.language import ENGLISH, Words
from planparse.structure.walk import walk


def explain_document(
    document: Document, grammar: Grammar, plan: Plan, *, line: int | None = None, words: Words = ENGLISH
) -> Iterator[str]:
    """Each paragraph: its place, the candidates that the heading rules see, what it became, and the fields of that.

    `line` is a line of the source file (text formats) or a 1-based paragraph of the text; a paragraph that was joined
    from several source lines answers for each of them.
    """
    became = _became([*plan.front_matter.content, *plan.body, *plan.back_matter.content], words)
    facts = _facts(plan, words)
    for number, layout in enumerate(document.lines, 1):
        first, last = document.source_line_at(layout.start), document.source_line_at(layout.end - 1)
        at = (first or number, last or number)
        if line is not None and not at[0] <= line <= at[1]:
            continue
        text = document.text[layout.start : layout.end]
        page = document.page_at(layout.start)
        lines = words.gettext("line {line}" if at[0] == at[1] else "lines {line}-{last}").format(line=at[0], last=at[1])
        place = [lines, words.gettext("page {page}").format(page=page)] if page else [lines]
        yield f"{words.pgettext('between', ', ').join(place)}{words.pgettext('between', ': ')}{_cut(text, 100)}"
        for match in grammar.candidates("headings", text):
            fields = ", ".join(f"{k}={_cut(v, 30)}" for k, v in sorted(match.fields.items()))
            yield words.gettext("    could be {rule} ({fields})").format(rule=match.rule, fields=fields)
        for start, said in became:
            if layout.start <= start < max(layout.end, layout.start + 1):
                yield words.gettext("    is {what}").format(what=said)
        for start, end, said in facts:
            if start < layout.end and end > layout.start:
                yield words.gettext("    gives {what}").format(what=said)


def _cut(text: str, width: int) -> str:
    line = "".join(c if c.isprintable() else " " for c in text)
    return line if len(line) <= width else line[: width - 1] + "…"


def _became(nodes: Sequence[Node], words: Words) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    said = words.gettext
    for visit in walk(nodes):
        match visit.node:
            case Section() as s:
                number = f"number={s.number!r}" + (f" implied_number={s.implied_number!r}" if s.implied_number else "")
                fields = f"{number} title={s.title!r} run_in={s.run_in}"
                told = said("section {id}, level {level}, by {rule}: {fields}").format(
                    id=s.id, level=s.level, rule=s.rule, fields=fields
                )
            case Annex() as a:
                told = said("annex {id}: {fields}").format(id=a.id, fields=f"title={a.title!r}")
            case Box() as b:
                told = said("{id} ({kind}) by {rule}: {fields}, {count} items").format(
                    id=b.id, kind=words.pgettext("box", b.kind), rule=b.rule,
                    fields=f"number={b.number!r} title={b.title!r}", count=len(b.items),
                )  # fmt: skip
            case Table() as t:
                told = said("{id}: {count} rows, {heads} of them head the columns").format(
                    id=t.id, count=len(t.rows), heads=t.header_rows
                )
            case Contents() as c:
                told = said("contents with {count} entries").format(count=len(c.entries))
            case other:
                kind, place = words.pgettext("node", other.type), visit.place or said("no section")
                told = said("a {kind} in {place}").format(kind=kind, place=place)
        found.append((visit.node.span.start, told))
    return found


def _facts(plan: Plan, words: Words) -> list[tuple[int, int, str]]:
    rows = [
        *((i, f"{i.id} {i.name} {' '.join(f'{v.label}={v.raw}' for v in i.values)}") for i in plan.indicators),
        *((r, f"{r.id} {words.pgettext('column', 'lead')} {'、'.join(a.name for a in r.lead)}") for r in plan.responsibilities),
        *((t, f"{t.id} {t.text}") for t in plan.tasks),
        *((c, f"{c.id} {c.quantity.raw}") for c in plan.commitments),
        *((c, f"{c.id} 《{c.title}》") for c in plan.citations),
    ]
    return [(fact.span.start, fact.span.end, f"{fact.rule}: {_cut(said, 80)}") for fact, said in rows]
