"""A plan on two pages: issuer, period, goals, indicators, who does what, projects, open doubts, each with its place."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from planparse.errors import UnreadableOutput
from planparse.models import Diagnostic, Indicator, Paragraph, Plan, Span
from planparse.output.by_agency import duty_words, gather_duties
from planparse.output.language import ENGLISH, Words, message_of
from planparse.output.same_bytes import zip_without_clock
from planparse.output.tables_columns import Cell
from planparse.output.tables_rows import Row, owner_finder, plan_nodes

GOALS = 20
DUTIES = 12
WORDS = 160
"""Lengths that keep a brief of a plan of 30,000 characters to some pages: goals, duties a body, characters a line."""
_AT_THE_START = re.compile(r"^(\s*(?:\d+(?=[.)])|(?=[#+>=-])))")
_MARKDOWN = re.compile(r"([\\`*_<|~$&]|!(?=\[)|\](?=[(\[:]))")
"""What Markdown takes for markup: some at the start of a line, some anywhere; a bracket where a link could follow."""
_BY_THEN = re.compile(r"[^。；]*(?:到|至)\s*20\d\d\s*年[^。]*。?")
"""到2027年，建成…: what a plan without a section of goals says of them under 总体要求."""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with lines, or with a table (header first), below it; `empty` is said where there is nothing."""

    heading: str
    lines: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """What a brief says, before it is Markdown or Word."""

    title: str
    parts: tuple[Part, ...]


def plan_to_brief(plan: Plan, *, words: Words = ENGLISH) -> Brief:
    """The brief of a plan; passages printed twice count once; `words` gives the language."""
    where, said = _Places(plan, words), words.gettext

    def heads(*names: str) -> tuple[str, ...]:
        return tuple(words.pgettext("column", name) for name in names)

    indicators: list[tuple[str, ...]] = [heads("no.", "indicator", "unit", "values", "nature", "place")]
    indicators += [_indicator(i, where, words) for i in plan.indicators if not i.duplicate_of]
    duties = [heads("body", "leads", "takes part in")]
    for one in gather_duties(plan):
        duties.append((one.name, _duties(one.lead, where, words), _duties(one.participating, where, words)))
    none = said("none found")
    return Brief(
        plan.front_matter.title or plan.source.name,
        (
            Part(said("The plan"), tuple(_about(plan, where, words)), empty=none),
            Part(said("Goals"), tuple(_few(tuple(_goals(plan, where)), words, GOALS)), empty=none),
            Part(words.pgettext("kind", "indicators"), table=_without_blank_columns(indicators), empty=none),
            Part(said("Who does what"), table=tuple(duties), empty=none),
            Part(words.pgettext("kind", "projects"), tuple(_projects(plan, where, words)), empty=none),
            Part(said("Open doubts"), tuple(_doubts(plan, where, words)), empty=words.pgettext("report", "none")),
        ),
    )


def brief_to_markdown(brief: Brief) -> str:
    """The brief as Markdown; what the plan says is escaped, so that none of it is markup."""
    parts = [f"# {_escape(brief.title)}\n"]
    for part in brief.parts:
        parts.append(f"\n## {_escape(part.heading)}\n\n")
        parts += [f"- {_escape(line)}\n" for line in part.lines]
        if len(part.table) > 1:
            head, *rows = [f"| {' | '.join(map(_escape, row))} |\n" for row in part.table]
            parts += [head, f"|{' --- |' * len(part.table[0])}\n", *rows]
        elif not part.lines:
            parts.append(f"{part.empty}\n")
    return "".join(parts)


def brief_to_docx(brief: Brief) -> bytes:
    """The brief as a Word file; the same plan gives the same bytes."""
    from docx import Document
    from docx.oxml.ns import qn

    document = Document()
    font = document.styles["Normal"].font
    font.name = "Times New Roman"
    document.styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
    document.add_heading(_clean(brief.title), 0)
    for part in brief.parts:
        document.add_heading(_clean(part.heading), 1)
        for line in part.lines:
            document.add_paragraph(_clean(line), style="List Bullet")
        if len(part.table) > 1:
            table = document.add_table(rows=0, cols=len(part.table[0]), style="Table Grid")
            for row in part.table:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = _clean(text)
        elif not part.lines:
            document.add_paragraph(part.empty)
    made = io.BytesIO()
    document.save(made)
    return zip_without_clock(made.getvalue())


def brief_to_bytes(plan: Plan, *, to: Literal["md", "docx"], words: Words = ENGLISH) -> bytes:
    """The brief of a plan as a file's bytes, Markdown in UTF-8 or Word."""
    made = plan_to_brief(plan, words=words)
    return brief_to_docx(made) if to == "docx" else brief_to_markdown(made).encode()


def write_brief(data: bytes, path: Path) -> Path:
    """Write a brief; raises UnreadableOutput where `path` cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise UnreadableOutput(f"{path}: cannot be written ({error.strerror}); choose another --out") from None
    return path


def _about(plan: Plan, where: "_Places", words: Words) -> Iterator[str]:
    front, colon = plan.front_matter, words.pgettext("between", ": ")
    period = front.period
    fields = {
        "issuer": front.issuer,
        "document_number": front.document_number.raw if front.document_number else None,
        "period": f"{period.start or '?'}–{period.end or '?'}" if period else None,
        "region": front.region,
        "status": words.pgettext("value", front.status) if front.status else None,
        "signed_on": front.signed_on,
        "published_on": front.published_on,
        "basis": "".join(f"《{b}》" for b in front.basis) or None,
    }
    for name, value in fields.items():
        spans = front.spans.get(name, [])
        if value:
            yield f"{words.pgettext('field', name)}{colon}{value}" + (f" {where.of(spans[0])}" if spans else "")
        elif name in ("issuer", "period"):
            yield f"{words.pgettext('field', name)}{colon}{words.gettext('not found')}"
    pages = words.gettext("{count} pages").format(count=plan.source.pages) if plan.source.pages else None
    source = f"{plan.source.name} ({', '.join(p for p in (plan.source.format, pages) if p)}), id {plan.id}"
    yield f"{words.gettext('source')}{colon}{source}"


def _goals(plan: Plan, where: "_Places") -> Iterator[str]:
    """Run-in heads and paragraphs of the goal sections, one line each; without such a section 到2027年… of 总体要求."""
    found = list(_paragraphs(plan, "goals"))
    yield from (f"{_cut(node.text)} {where.of(node.span)}" for node in found)
    for node in () if found else _paragraphs(plan, "principles"):
        yield from (f"{_cut(said.strip())} {where.of(node.span)}" for said in _BY_THEN.findall(node.text))


def _paragraphs(plan: Plan, function: str) -> Iterator[Paragraph]:
    """The paragraphs of the sections of a function, once each, outside boxes."""
    for visit in plan_nodes(plan):
        node, section = visit.node, visit.section
        if not isinstance(node, Paragraph) or section is None or section.function != function:
            continue
        if visit.box is None and not node.duplicate_of and not section.duplicate_of:
            yield node


def _indicator(one: Indicator, where: "_Places", words: Words) -> tuple[str, ...]:
    colon, semicolon = words.pgettext("between", ": "), words.pgettext("between", "; ")
    values = semicolon.join(f"{v.label}{colon}{v.raw}" for v in one.values if v.raw)
    name = f"{one.parent}：{one.name}" if one.parent else one.name
    return (
        one.sequence or "",
        name,
        one.unit or "",
        values,
        words.pgettext("value", one.nature) if one.nature else "",
        where.of(one.span),
    )


def _duties(rows: tuple[Row, ...], where: "_Places", words: Words) -> str:
    return words.pgettext("between", "; ").join(
        _few(tuple(f"{duty_words(row)} {where.at(row['span_start'], row['page'], row['line'])}" for row in rows), words)
    )


def _projects(plan: Plan, where: "_Places", words: Words) -> Iterator[str]:
    for one in plan.projects:
        if not one.duplicate_of:
            more = [
                one.category,
                words.pgettext("value", one.stage) if one.stage else None,
                one.investment.raw if one.investment else None,
            ]
            more += ["、".join(a.name for a in one.agencies) or None, one.deadline.raw if one.deadline else None]
            yield f"{_cut(one.name)}" + "".join(f" · {_cut(m)}" for m in more if m) + f" {where.of(one.span)}"


def _doubts(plan: Plan, where: "_Places", words: Words) -> Iterator[str]:
    colon = words.pgettext("between", ": ")
    rank = {"error": 0, "warning": 1, "info": 2}
    doubts: Sequence[Diagnostic] = sorted(plan.diagnostics, key=lambda d: rank[d.severity])
    for doubt in doubts:
        if doubt.severity != "info":
            place = f" {where.of(doubt.span)}" if doubt.span else ""
            yield f"{words.pgettext('value', doubt.severity)} {doubt.code}{colon}{_cut(message_of(doubt, words))}{place}"
    for one in plan.unclaimed:
        kind = words.pgettext("value", one.kind)
        yield words.gettext("no fact taken from a {kind}: {text}").format(
            kind=kind, text=f"{_cut(one.text)} {where.of(one.span)}"
        )


class _Places:
    """Span → [3.1.2, page 4, line 30], as far as the plan knows."""

    def __init__(self, plan: Plan, words: Words) -> None:
        self._said, self._comma = words.gettext, words.pgettext("between", ", ")
        self._owner = owner_finder(plan)
        self._body = plan.body[0].span.start if plan.body else len(plan.text)

    def of(self, span: Span) -> str:
        return self.at(span.start, span.page, span.line)

    def at(self, start: Cell, page: Cell, line: Cell) -> str:
        offset = start if isinstance(start, int) else 0
        visit = self._owner(offset)
        known = [
            (visit.place if visit else None) or self._said("front matter" if offset < self._body else "outside all sections")
        ]
        known += [self._said("page {page}").format(page=page)] if page else []
        known += [self._said("line {line}").format(line=line)] if line else []
        return f"[{self._comma.join(known)}]"


def _without_blank_columns(rows: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """The table without the columns in which no row but the head has anything; all of a table with a head alone."""
    kept = [at for at in range(len(rows[0])) if any(row[at] for row in rows[1:])] or range(len(rows[0]))
    return tuple(tuple(row[at] for at in kept) for row in rows)


def _few(lines: tuple[str, ...], words: Words, most: int = DUTIES) -> Iterator[str]:
    yield from lines[:most]
    if len(lines) > most:
        yield words.pgettext("lines", "and {count} more").format(count=len(lines) - most)


def _cut(text: str) -> str:
    line = _clean(text)
    return line if len(line) <= WORDS else line[: WORDS - 1] + "…"


def _clean(text: str) -> str:
    """One line; characters that neither a screen nor XML takes are blanks."""
    return "".join(c if c.isprintable() else " " for c in text)


def _escape(text: str) -> str:
    return _AT_THE_START.sub(r"\1\\", _MARKDOWN.sub(r"\\\1", _clean(text)))
