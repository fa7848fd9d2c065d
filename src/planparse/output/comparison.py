"""A comparison as a terminal table, CSV, XLSX, HTML and JSON. The HTML runs nothing and loads nothing."""

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from pathlib import Path

from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from planparse.errors import UnreadableOutput, WrongUsage
from planparse.models import ComparedPlan, ComparedValue, Comparison, ComparisonRow, PlanDiff
from planparse.output.language import ENGLISH, Words
from planparse.output.same_bytes import zip_without_clock

KINDS = ("table", "csv", "xlsx", "json", "html")
COLUMNS = (
    "concept", "kind", "statistic", "row_unit", "plan", "plan_title", "sequence", "id", "name", "part", "nature", "unit",
    "label", "year", "period_start", "period_end", "role", "value_statistic", "raw", "comparator", "value", "upper",
    "value_unit", "converted", "converted_unit", "factor",
)  # fmt: skip
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
STYLE = """
:root{color-scheme:light dark}body{font:15px/1.6 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:2rem auto;
max-width:80rem;padding:0 1rem}table{border-collapse:collapse;width:100%}th,td{border:1px solid #8886;padding:.35rem .55rem;
text-align:left;vertical-align:top}thead th{position:sticky;top:0;background:Canvas}.none{color:#888}.small{font-size:.85em;
color:#777}ins{background:#2a72;text-decoration:underline;color:inherit}del{background:#d332;color:inherit}.kind{border:1px
solid;border-radius:.3em;padding:0 .35em;font-size:.8em;margin-right:.3em}.words{white-space:pre-wrap;margin:.3rem 0 1rem}
.scroll{overflow-x:auto}
"""


def check_kind(kind: str, out: Path | None, terminal: bool) -> None:
    """Raise WrongUsage, before any file is read, for a kind that is not made or that a terminal cannot show."""
    if kind not in KINDS:
        raise WrongUsage(f"--to takes {', '.join(KINDS)}, not {kind!r}")
    if kind == "xlsx" and out is None and terminal:
        raise WrongUsage("--to xlsx needs --out FILE.xlsx, or a pipe")


def comparison_to(comparison: Comparison, kind: str, *, words: Words = ENGLISH) -> list[str | bytes | RichTable]:
    """The comparison as one of KINDS, for `emit`; `words` gives the language of what a person reads."""
    if kind in ("csv", "json"):
        return [comparison_to_csv(comparison) if kind == "csv" else comparison_to_json(comparison)]
    makers: dict[str, Callable[[Comparison, Words], str | bytes | RichTable]] = {
        "table": comparison_to_table, "xlsx": comparison_to_xlsx, "html": comparison_to_html,
    }  # fmt: skip
    return [makers[kind](comparison, words)]


def emit(pieces: Iterable[object], out: Path | None, console: Console) -> None:
    """Print pieces, or write them to `out`: bytes and strings as they are, the rest as rich shows it.

    Raises UnreadableOutput with one sentence where the file cannot be written.
    """
    try:
        if out is not None:
            with out.open("wb") as file:
                for piece in pieces:
                    file.write(piece if isinstance(piece, bytes) else _as_text(piece).encode("utf-8"))
            return
    except OSError as error:
        raise UnreadableOutput(f"{out}: cannot be written ({error.strerror}); choose another --out") from None
    for piece in pieces:
        if isinstance(piece, bytes | str):
            sys.stdout.buffer.write(piece if isinstance(piece, bytes) else piece.encode("utf-8"))
            sys.stdout.buffer.flush()
        else:
            console.print(piece, soft_wrap=isinstance(piece, Text))


def _as_text(piece: object) -> str:
    if isinstance(piece, str):
        return piece
    page = Console(file=io.StringIO(), width=200, highlight=False)
    page.print(piece, soft_wrap=isinstance(piece, Text))
    return str(page.file.getvalue())  # type: ignore[attr-defined]


def comparison_to_json(result: Comparison | PlanDiff) -> str:
    """The result as JSON text: two blanks of indent, Chinese unescaped, a line feed at the end."""
    return json.dumps(result.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"


def comparison_to_table(comparison: Comparison, words: Words = ENGLISH) -> RichTable:
    """One row a concept, one column a plan; what is missing is a dash, never an empty cell."""
    table = RichTable(show_lines=True, header_style="bold")
    table.add_column("", overflow="fold")
    for plan in comparison.plans:
        table.add_column(Text(_plain(plan.plan)), overflow="fold")
    for row in comparison.rows:
        cells = [Text("\n".join(_lines_of(row, plan.plan, words)) or "—") for plan in comparison.plans]
        table.add_row(Text(_plain("\n".join(_heading_of(row, words)))), *cells)
    return table


def said_value(value: str | None, words: Words) -> str | None:
    """A word of ours (约束性 for binding); None where there is none."""
    return words.pgettext("value", value) if value else None


def _heading_of(row: ComparisonRow, words: Words) -> Iterator[str]:
    about = [said_value(row.statistic, words), row.unit]
    yield row.concept
    if any(about):
        yield " · ".join(a for a in about if a)


def _lines_of(row: ComparisonRow, plan: str, words: Words) -> Iterator[str]:
    """What one plan says in a row: figures with year and statistic, what they are in the row's unit, nature, wording."""
    for member in row.members:
        if member.plan != plan:
            continue
        # A printed — says nothing beside a figure.
        for value in _of_one_statistic([v for v in member.values if v.quantities] or member.values, row):
            yield _plain(_value_line(value, row, words))
        about = [said_value(member.nature, words), member.unit if member.unit != row.unit else None]
        about.append(f"「{member.name}」" if member.name != row.concept else None)
        if any(about):
            yield _plain(" ".join(a for a in about if a))


def _of_one_statistic(values: Sequence[ComparedValue], row: ComparisonRow) -> Sequence[ComparedValue]:
    """A row's cells hold one statistic: beside levels the growth or change that a table prints too is left to `values`."""
    if row.statistic != "level":
        return values
    return [v for v in values if v.statistic not in ("growth_rate", "change", "cumulative")] or values


def _value_line(value: ComparedValue, row: ComparisonRow, words: Words) -> str:
    when = _when(value)
    told = said_value(value.statistic, words)
    unlike = told if told != said_value(row.statistic, words) else None
    converted = "".join(f" = {_number(c.value)}{c.unit or ''}" for c in value.converted)
    return " ".join(p for p in (f"{when}:" if when else "", f"{value.raw}{converted}", f"({unlike})" if unlike else "") if p)


def _when(value: ComparedValue) -> str:
    if value.period is not None:
        return f"{value.period.start or '?'}–{value.period.end or '?'}"
    return str(value.year) if value.year else value.label or ""


def _number(value: object) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _plain(text: str) -> str:
    """Control characters out, so that no plan steers the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)


def comparison_to_records(comparison: Comparison) -> Iterator[dict[str, str | int | float | None]]:
    """One record a figure (keys: COLUMNS); a plan without the row gives one with `raw` null, so that gaps are seen."""
    titles = {p.plan: p.title for p in comparison.plans}
    for row in comparison.rows:
        about = {"concept": row.concept, "kind": row.kind, "statistic": row.statistic, "row_unit": row.unit}
        for member in row.members:
            who = {
                "plan": member.plan, "plan_title": titles[member.plan], "sequence": member.sequence, "id": member.id,
                "name": member.name, "part": member.part, "nature": member.nature, "unit": member.unit,
            }  # fmt: skip
            for value in member.values:
                yield {**dict.fromkeys(COLUMNS), **about, **who, **_value_record(value)}
            if not member.values:
                yield {**dict.fromkeys(COLUMNS), **about, **who}
        for plan in row.missing:
            yield {**dict.fromkeys(COLUMNS), **about, "plan": plan, "plan_title": titles[plan]}


def _value_record(value: ComparedValue) -> dict[str, str | int | float | None]:
    record: dict[str, str | int | float | None] = {
        "label": value.label, "year": value.year, "role": value.role, "value_statistic": value.statistic, "raw": value.raw,
        "period_start": value.period.start if value.period else None, "period_end": value.period.end if value.period else None,
    }  # fmt: skip
    if value.quantities:
        first = value.quantities[0]
        record |= {"comparator": first.comparator, "value_unit": first.unit}
        record |= {"value": None if first.value is None else float(first.value)}
        record |= {"upper": None if first.upper is None else float(first.upper)}
    if value.converted:
        said = value.converted[0]
        record |= {"converted": float(said.value), "converted_unit": said.unit, "factor": float(said.factor)}
    return record


def comparison_to_csv(comparison: Comparison) -> str:
    """RFC 4180 with a byte order mark, one line a figure; a cell that a spreadsheet would run begins with '."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for record in comparison_to_records(comparison):
        writer.writerow({k: _harmless(v) for k, v in record.items()})
    return "\ufeff" + out.getvalue()


def _harmless(value: str | int | float | None) -> str | int | float | None:
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value


def comparison_to_xlsx(comparison: Comparison, words: Words = ENGLISH) -> bytes:
    """A workbook with two sheets: `compare` (a column a plan) and `values` (a line a figure); all words are text
    cells; the same comparison gives the same bytes."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    side = book.create_sheet("compare")
    plans = [p.plan for p in comparison.plans]
    side.append(_cells(side, ["concept", "kind", "statistic", "unit", *plans]))
    for row in comparison.rows:
        cells = ["\n".join(_lines_of(row, plan, words)) or "—" for plan in plans]
        side.append(_cells(side, [row.concept, row.kind, row.statistic, row.unit, *cells]))
    flat = book.create_sheet("values")
    flat.append(_cells(flat, COLUMNS))
    for record in comparison_to_records(comparison):
        flat.append(_cells(flat, [record[c] for c in COLUMNS]))
    out = io.BytesIO()
    book.save(out)
    return zip_without_clock(out.getvalue())


def _cells(sheet: object, values: Sequence[str | int | float | None]) -> list[object]:
    """Cells of a row; strings are stored as strings, whatever they begin with, and without what XML cannot hold."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    made: list[object] = []
    for value in values:
        if isinstance(value, str):
            cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub(" ", value)[:32_000])  # type: ignore[arg-type]
            cell.data_type = "s"
            cell.quotePrefix = value.startswith(RISKY)
            made.append(cell)
        else:
            made.append(value)
    return made


def comparison_to_html(comparison: Comparison, words: Words = ENGLISH) -> str:
    """One self-contained page: a table with a column a plan; everything escaped, nothing run, nothing fetched."""
    head = "".join(f"<th>{_plan_head(p)}</th>" for p in comparison.plans)
    rows = []
    for row in comparison.rows:
        name, *about = _heading_of(row, words)
        unlike = "".join(
            f"<div class=small>≠ {escape(a.concept)}（{escape(said_value(a.reason, words) or '')}：{escape('、'.join(a.words))}）</div>"
            for a in row.apart
        )
        cells = "".join(_cell(list(_lines_of(row, p.plan, words))) for p in comparison.plans)
        small = "".join(f"<div class=small>{escape(a)}</div>" for a in about)
        rows.append(f"<tr><th>{escape(name)}{small}{unlike}</th>{cells}</tr>")
    table = f"<div class=scroll><table><thead><tr><th></th>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    title = words.gettext("{plans} plans, {rows} rows").format(plans=len(comparison.plans), rows=len(comparison.rows))
    return to_page(title, table)


def _plan_head(plan: ComparedPlan) -> str:
    about = [plan.title, plan.region, f"{plan.period.start or '?'}–{plan.period.end or '?'}" if plan.period else None]
    return escape(plan.plan) + "".join(f"<div class=small>{escape(a)}</div>" for a in about if a)


def _cell(lines: Iterable[str]) -> str:
    said = "<br>".join(escape(line) for line in lines)
    return f"<td>{said}</td>" if said else "<td class=none>—</td>"


def to_page(title: str, body: str) -> str:
    """A whole HTML page round escaped `body`; its policy forbids scripts, forms and everything from elsewhere."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    return (
        f'<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
        f'content="{policy}"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{escape(title)}</h1>{body}</body></html>\n"
    )
