"""How each paragraph was read: its candidates, the rule that won, and its fields."""

from collections.abc import Iterator, Sequence

from planparse.document import Document
from planparse.grammar import Grammar
from planparse.models import Annex, Box, Contents, Node, Plan, Section, Table
from planparse.structure.walk import walk


def explain_document(document: Document, grammar: Grammar, plan: Plan, *, line: int | None = None) -> Iterator[str]:
    """Each paragraph: its place, the candidates that the heading rules see, what it became, and the fields of that.

    `line` is a line of the source file (text formats) or a 1-based paragraph of the text; a paragraph that was joined
    from several source lines answers for each of them.
    """
    became = _became([*plan.front_matter.content, *plan.body, *plan.back_matter.content])
    facts = _facts(plan)
    for number, layout in enumerate(document.lines, 1):
        first, last = document.source_line_at(layout.start), document.source_line_at(layout.end - 1)
        at = (first or number, last or number)
        if line is not None and not at[0] <= line <= at[1]:
            continue
        text = document.text[layout.start : layout.end]
        page = document.page_at(layout.start)
        lines = f"line {at[0]}" if at[0] == at[1] else f"lines {at[0]}-{at[1]}"
        yield f"{lines}{f', page {page}' if page else ''}: {_cut(text, 100)}"
        for match in grammar.candidates("headings", text):
            fields = ", ".join(f"{k}={_cut(v, 30)}" for k, v in sorted(match.fields.items()))
            yield f"    could be {match.rule} ({fields})"
        for start, said in became:
            if layout.start <= start < max(layout.end, layout.start + 1):
                yield f"    is {said}"
        for start, end, said in facts:
            if start < layout.end and end > layout.start:
                yield f"    gives {said}"


def _cut(text: str, width: int) -> str:
    line = "".join(c if c.isprintable() else " " for c in text)
    return line if len(line) <= width else line[: width - 1] + "…"


def _became(nodes: Sequence[Node]) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for visit in walk(nodes):
        match visit.node:
            case Section() as s:
                number = f"number={s.number!r}" + (f" implied_number={s.implied_number!r}" if s.implied_number else "")
                found.append(
                    (
                        s.span.start,
                        f"section {s.id}, level {s.level}, by {s.rule}: {number} title={s.title!r} run_in={s.run_in}",
                    )
                )
            case Annex() as a:
                found.append((a.span.start, f"annex {a.id}: title={a.title!r}"))
            case Box() as b:
                found.append(
                    (
                        b.span.start,
                        f"{b.id} ({b.kind}) by {b.rule}: number={b.number!r} title={b.title!r}, {len(b.items)} items",
                    )
                )
            case Table() as t:
                found.append((t.span.start, f"{t.id}: {len(t.rows)} rows, {t.header_rows} of them head the columns"))
            case Contents() as c:
                found.append((c.span.start, f"contents with {len(c.entries)} entries"))
            case other:
                found.append((other.span.start, f"a {other.type} in {visit.place or 'no section'}"))
    return found


def _facts(plan: Plan) -> list[tuple[int, int, str]]:
    rows = [
        *((i, f"{i.id} {i.name} {' '.join(f'{v.label}={v.raw}' for v in i.values)}") for i in plan.indicators),
        *((r, f"{r.id} lead {'、'.join(a.name for a in r.lead)}") for r in plan.responsibilities),
        *((t, f"{t.id} {t.text}") for t in plan.tasks),
        *((c, f"{c.id} {c.quantity.raw}") for c in plan.commitments),
        *((c, f"{c.id} 《{c.title}》") for c in plan.citations),
    ]
    return [(fact.span.start, fact.span.end, f"{fact.rule}: {_cut(said, 80)}") for fact, said in rows]
