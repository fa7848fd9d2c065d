"""What changed between two plans, on the terminal and as a page."""

from collections.abc import Iterator, Sequence
from html import escape

from rich.text import Text

from planparse.errors import WrongUsage
from planparse.models import DutyChange, IndicatorChange, PlanDiff, SectionChange, Word
from planparse.output.comparison import comparison_to_json, said_value, to_page
from planparse.output.language import ENGLISH, Words

DIFF_KINDS = ("text", "json", "html")
AROUND = 24


def check_diff_kind(kind: str) -> None:
    """Raise WrongUsage, before any file is read, for a kind that is not made."""
    if kind not in DIFF_KINDS:
        raise WrongUsage(f"--to takes {', '.join(DIFF_KINDS)}, not {kind!r}")


def diff_to(diff: PlanDiff, kind: str, *, words: Words = ENGLISH) -> list[str | Text]:
    """The changes as one of DIFF_KINDS, for `emit`; `words` gives the language of what a person reads."""
    if kind == "text":
        return list(diff_to_text(diff, words))
    return [comparison_to_json(diff) if kind == "json" else diff_to_html(diff, words)]


def diff_to_text(diff: PlanDiff, words: Words = ENGLISH) -> Iterator[Text]:
    """Lines for the terminal: sections, indicators, duties; inserted words green, deleted ones red and struck."""
    yield Text(f"{_line(diff.old.title or diff.old.plan)} → {_line(diff.new.title or diff.new.plan)}", style="bold")
    yield Text(_summary(diff, words), style="dim")
    for title, lines in (
        (words.pgettext("kind", "sections"), [line for c in diff.sections for line in _section_lines(c, words)]),
        (words.pgettext("kind", "indicators"), [line for c in diff.indicators for line in _indicator_lines(c, words)]),
        (words.gettext("Duties and tasks"), [line for c in diff.duties for line in _duty_lines(c, words)]),
    ):
        if lines:
            yield Text()
            yield Text(title, style="bold underline")
            yield from lines


def _summary(diff: PlanDiff, words: Words) -> str:
    kept = diff.unchanged
    said = "{sections} sections changed ({sections_kept} not), {indicators} indicators ({indicators_kept} not), {duties} duties ({duties_kept} not)"
    return words.gettext(said).format(
        sections=len(diff.sections), sections_kept=kept["sections"], indicators=len(diff.indicators),
        indicators_kept=kept["indicators"], duties=len(diff.duties), duties_kept=kept["responsibilities"] + kept["tasks"],
    )  # fmt: skip


def _line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _kinds(kinds: Sequence[str], words: Words) -> str:
    return "".join(f"[{words.pgettext('change', k)}]" for k in kinds)


def _section_lines(change: SectionChange, words: Words) -> Iterator[Text]:
    old, new = change.old_heading, change.new_heading
    name = f"{old} → {new}" if old and new and old != new else new or old or words.gettext("(outside the sections)")
    yield Text(f"{_kinds(change.kinds, words)} {_line(name)}", style=_style(change.kinds))
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


def _indicator_says(change: IndicatorChange, words: Words) -> Iterator[str]:
    figures = [change.old_target, change.new_target]
    if change.old and change.new:
        yield f"{figures[0] or '—'} → {figures[1] or '—'}"
    else:
        yield figures[0] or figures[1] or ""
    if "nature" in change.kinds and change.old and change.new:
        yield f"{said_value(change.old.nature, words) or '—'} → {said_value(change.new.nature, words) or '—'}"
    if "unit" in change.kinds and change.old and change.new:
        yield f"{change.old.unit or '—'} → {change.new.unit or '—'}"
    if change.outcome:
        yield words.pgettext("change", change.outcome)


def _indicator_lines(change: IndicatorChange, words: Words) -> Iterator[Text]:
    said = "；".join(s for s in _indicator_says(change, words) if s)
    yield Text(f"{_kinds(change.kinds, words)} {_line(change.concept)}  {_line(said)}", style=_style(change.kinds))
    if change.words:
        yield _said(change.words)


def _duty_says(change: DutyChange, words: Words) -> Iterator[str]:
    for title, came, went in (
        (words.pgettext("column", "lead"), change.lead_added, change.lead_removed),
        (words.pgettext("column", "participating"), change.participating_added, change.participating_removed),
    ):
        if (came or went) and change.old and change.new:
            yield " ".join([f"{title}:", *(f"+{n}" for n in came), *(f"-{n}" for n in went)])
    if "deadline" in change.kinds:
        yield f"{change.old_deadline or '—'} → {change.new_deadline or '—'}"


def _duty_lines(change: DutyChange, words: Words) -> Iterator[Text]:
    said = "；".join(_duty_says(change, words))
    place = f"{change.place}：" if change.place else ""
    yield Text(f"{_kinds(change.kinds, words)} {_line(place)}{_line(change.text)}  {_line(said)}", style=_style(change.kinds))
    if change.words:
        yield _said(change.words)


def diff_to_html(diff: PlanDiff, words: Words = ENGLISH) -> str:
    """One self-contained page; inserted words are <ins>, deleted ones <del>; everything escaped, nothing run."""
    blocks = [f"<p class=small>{escape(_summary(diff, words))}</p>"]
    if diff.sections:
        blocks.append(f"<h2>{escape(words.pgettext('kind', 'sections'))}</h2>")
    for section in diff.sections:
        old, new = section.old_heading, section.new_heading
        name = f"{old} → {new}" if old and new and old != new else new or old or words.gettext("(outside the sections)")
        blocks.append(f"<h3>{_badges(section.kinds, words)}{escape(name)}</h3>{_marked(section.words)}")
    if diff.indicators:
        rows = "".join(
            f"<tr><td>{_badges(c.kinds, words)}</td><td>{_marked(c.words) if c.words else escape(c.concept)}</td>"
            f"<td>{'<br>'.join(escape(s) for s in _indicator_says(c, words) if s)}</td></tr>"
            for c in diff.indicators
        )
        blocks.append(
            f"<h2>{escape(words.pgettext('kind', 'indicators'))}</h2><div class=scroll><table><tbody>{rows}</tbody></table></div>"
        )
    if diff.duties:
        rows = "".join(
            f"<tr><td>{_badges(c.kinds, words)}</td><td>{escape(c.place or '')}</td>"
            f"<td>{_marked(c.words) if c.words else escape(c.text)}</td><td>{'<br>'.join(escape(s) for s in _duty_says(c, words))}</td></tr>"
            for c in diff.duties
        )
        blocks.append(
            f"<h2>{escape(words.gettext('Duties and tasks'))}</h2><div class=scroll><table><tbody>{rows}</tbody></table></div>"
        )
    return to_page(f"{diff.old.title or diff.old.plan} → {diff.new.title or diff.new.plan}", "".join(blocks))


def _badges(kinds: Sequence[str], words: Words) -> str:
    return "".join(f"<span class=kind>{escape(words.pgettext('change', k))}</span>" for k in kinds)


def _marked(words: Sequence[Word]) -> str:
    tags = {"insert": "ins", "delete": "del"}
    said = "".join(f"<{tags[w.op]}>{escape(w.text)}</{tags[w.op]}>" if w.op in tags else escape(w.text) for w in words)
    return f"<div class=words>{said}</div>" if said else ""
