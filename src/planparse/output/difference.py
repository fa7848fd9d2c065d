"""What changed between two plans, on the terminal and as a page."""

from collections.abc import Iterator, Sequence
from html import escape

from rich.text import Text

from planparse.errors import WrongUsage
from planparse.models import DutyChange, IndicatorChange, PlanDiff, SectionChange, Word
from planparse.output.comparison import NATURES, comparison_to_json, to_page

DIFF_KINDS = ("text", "json", "html")
SAYS = {
    "added": "新增", "removed": "删除", "moved": "移动", "renumbered": "改编号", "reworded": "改写", "dropped": "取消", "raised": "调高",
    "lowered": "调低", "nature": "改属性", "unit": "改单位", "baseline": "改基期", "comparator": "改口径符号", "target": "改目标",
    "statistic": "改统计方式", "agencies": "改单位分工", "deadline": "改时限", "reached": "已达到", "missed": "未达到",
}  # fmt: skip
AROUND = 24


def check_diff_kind(kind: str) -> None:
    """Raise WrongUsage, before any file is read, for a kind that is not made."""
    if kind not in DIFF_KINDS:
        raise WrongUsage(f"--to takes {', '.join(DIFF_KINDS)}, not {kind!r}")


def diff_to(diff: PlanDiff, kind: str) -> list[str | Text]:
    """The changes as one of DIFF_KINDS, for `emit`."""
    if kind == "text":
        return list(diff_to_text(diff))
    return [comparison_to_json(diff) if kind == "json" else diff_to_html(diff)]


def diff_to_text(diff: PlanDiff) -> Iterator[Text]:
    """Lines for the terminal: sections, indicators, duties; inserted words green, deleted ones red and struck."""
    yield Text(f"{_line(diff.old.title or diff.old.plan)} → {_line(diff.new.title or diff.new.plan)}", style="bold")
    yield Text(_summary(diff), style="dim")
    for title, lines in (
        ("章节", [line for c in diff.sections for line in _section_lines(c)]),
        ("指标", [line for c in diff.indicators for line in _indicator_lines(c)]),
        ("责任与任务", [line for c in diff.duties for line in _duty_lines(c)]),
    ):
        if lines:
            yield Text()
            yield Text(title, style="bold underline")
            yield from lines


def _summary(diff: PlanDiff) -> str:
    kept = diff.unchanged
    return (
        f"{len(diff.sections)} sections changed ({kept['sections']} not), {len(diff.indicators)} indicators "
        f"({kept['indicators']} not), {len(diff.duties)} duties ({kept['responsibilities'] + kept['tasks']} not)"
    )


def _line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _kinds(kinds: Sequence[str]) -> str:
    return "".join(f"[{SAYS[k]}]" for k in kinds)


def _section_lines(change: SectionChange) -> Iterator[Text]:
    old, new = change.old_heading, change.new_heading
    name = f"{old} → {new}" if old and new and old != new else new or old or "（章节之外）"
    yield Text(f"{_kinds(change.kinds)} {_line(name)}", style=_style(change.kinds))
    if "reworded" in change.kinds:
        yield _said(change.words)


def _style(kinds: Sequence[str]) -> str:
    if "added" in kinds:
        return "green"
    return "red" if "removed" in kinds or "dropped" in kinds else ""


def _said(words: Sequence[Word]) -> Text:
    """The changed words with a little of what stands round them; marked by signs too, for those who see no colour."""
    text = Text("    ")
    for i, word in enumerate(words):
        said = _line(word.text)
        if word.op == "insert":
            text.append(f"{{+{said}+}}", style="green")
        elif word.op == "delete":
            text.append(f"[-{said}-]", style="red strike")
        elif len(said) <= 2 * AROUND:
            text.append(said)
        else:
            text.append((said[:AROUND] if i else "") + "…" + (said[-AROUND:] if i < len(words) - 1 else ""))
    return text


def _indicator_says(change: IndicatorChange) -> Iterator[str]:
    figures = [change.old_target, change.new_target]
    if change.old and change.new:
        yield f"{figures[0] or '—'} → {figures[1] or '—'}"
    else:
        yield figures[0] or figures[1] or ""
    if "nature" in change.kinds and change.old and change.new:
        yield f"{NATURES.get(change.old.nature or '', '—')} → {NATURES.get(change.new.nature or '', '—')}"
    if "unit" in change.kinds and change.old and change.new:
        yield f"{change.old.unit or '—'} → {change.new.unit or '—'}"
    if change.outcome:
        yield SAYS[change.outcome]


def _indicator_lines(change: IndicatorChange) -> Iterator[Text]:
    said = "；".join(s for s in _indicator_says(change) if s)
    yield Text(f"{_kinds(change.kinds)} {_line(change.concept)}  {_line(said)}", style=_style(change.kinds))
    if change.words:
        yield _said(change.words)


def _duty_says(change: DutyChange) -> Iterator[str]:
    for title, came, went in (
        ("牵头", change.lead_added, change.lead_removed),
        ("参与", change.participating_added, change.participating_removed),
    ):
        if (came or went) and change.old and change.new:
            yield " ".join([f"{title}:", *(f"+{n}" for n in came), *(f"-{n}" for n in went)])
    if "deadline" in change.kinds:
        yield f"{change.old_deadline or '—'} → {change.new_deadline or '—'}"


def _duty_lines(change: DutyChange) -> Iterator[Text]:
    said = "；".join(_duty_says(change))
    place = f"{change.place}：" if change.place else ""
    yield Text(f"{_kinds(change.kinds)} {_line(place)}{_line(change.text)}  {_line(said)}", style=_style(change.kinds))
    if change.words:
        yield _said(change.words)


def diff_to_html(diff: PlanDiff) -> str:
    """One self-contained page; inserted words are <ins>, deleted ones <del>; everything escaped, nothing run."""
    blocks = [f"<p class=small>{escape(_summary(diff))}</p>"]
    if diff.sections:
        blocks.append("<h2>章节</h2>")
    for section in diff.sections:
        old, new = section.old_heading, section.new_heading
        name = f"{old} → {new}" if old and new and old != new else new or old or "（章节之外）"
        blocks.append(f"<h3>{_badges(section.kinds)}{escape(name)}</h3>{_marked(section.words)}")
    if diff.indicators:
        rows = "".join(
            f"<tr><td>{_badges(c.kinds)}</td><td>{_marked(c.words) if c.words else escape(c.concept)}</td>"
            f"<td>{'<br>'.join(escape(s) for s in _indicator_says(c) if s)}</td></tr>"
            for c in diff.indicators
        )
        blocks.append(f"<h2>指标</h2><div class=scroll><table><tbody>{rows}</tbody></table></div>")
    if diff.duties:
        rows = "".join(
            f"<tr><td>{_badges(c.kinds)}</td><td>{escape(c.place or '')}</td>"
            f"<td>{_marked(c.words) if c.words else escape(c.text)}</td><td>{'<br>'.join(escape(s) for s in _duty_says(c))}</td></tr>"
            for c in diff.duties
        )
        blocks.append(f"<h2>责任与任务</h2><div class=scroll><table><tbody>{rows}</tbody></table></div>")
    return to_page(f"{diff.old.title or diff.old.plan} → {diff.new.title or diff.new.plan}", "".join(blocks))


def _badges(kinds: Sequence[str]) -> str:
    return "".join(f"<span class=kind>{SAYS[k]}</span>" for k in kinds)


def _marked(words: Sequence[Word]) -> str:
    tags = {"insert": "ins", "delete": "del"}
    said = "".join(f"<{tags[w.op]}>{escape(w.text)}</{tags[w.op]}>" if w.op in tags else escape(w.text) for w in words)
    return f"<div class=words>{said}</div>" if said else ""
