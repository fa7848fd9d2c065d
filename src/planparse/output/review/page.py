"""The whole page: head, filters, both sides, and the data that its script needs."""

import hashlib
from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from planparse.models import Plan
from planparse.output.language import Language, Words, words_of
from planparse.output.review.escape import attribute, data, shown
from planparse.output.review.fields import Field, model_to_fields
from planparse.output.review.items import KINDS, NO_DOUBT, SEVERITIES, Item, plan_to_items
from planparse.output.review.panels import corrections_html, doubts_html, facts_html, file_html, outline_html, severity_counts
from planparse.output.review.source_text import plan_to_source_html

SPOKEN = (
    "{at} of {all}", "nothing found", "Keep", "Cancel", "Take back", "not a corrections file",
    "these corrections are for another source", "yes", "no", "not set", "More fields",
)  # fmt: skip
"""What the script says."""


def plan_to_page(plan: Plan, *, language: Language = "en", name: str | None = None, pictures: Sequence[str] = ()) -> str:
    """A plan as one HTML page: its text on the left, what was read from it on the right, each leading to the other.

    1. Everything is in the page; its policy lets no request out and runs no script but its own (CSP, by sha256).
    2. Every word of the plan is escaped; without scripts the page is still whole to read and to print.
    3. The same plan, language and pictures give the same page.

    `name` is what the corrections are saved as (NAME.corrections.json), else the source's stem; `pictures` are data
    URIs of the pages from the first on.
    """
    words = words_of(language)
    items = plan_to_items(plan)
    title = plan.front_matter.title or plan.source.name
    stem = name or plan.source.name.rsplit(".", 1)[0] or "plan"
    body = [
        _head_html(plan, words, title),
        _filters_html(plan, items, words, bool(pictures)),
        f'<main id=source lang=zh-CN tabindex=-1 aria-label="{attribute(words.gettext("Source text"))}">',
        f"<article>{plan_to_source_html(plan, items, words, pictures=len(pictures))}</article></main>",
        _panels_html(plan, items, words),
        data({"words": {w: words.gettext(w) for w in SPOKEN}, "sha256": plan.source.sha256, "name": stem}, "about"),
        data(_items_to_data(plan, items, words), "items"),
        data(list(pictures), "pictures") if pictures else "",
    ]
    return html_page(title, "".join(body), language=language, script=_script())


def html_page(title: str, body: str, *, language: Language, script: str) -> str:
    """A page of our style with one script; the policy names both by their hash, and allows nothing else."""
    style = asset("style.css")
    policy = (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        f"<!DOCTYPE html><html lang={'zh-CN' if language == 'zh' else 'en'}><head><meta charset=utf-8>"
        f'<meta http-equiv=Content-Security-Policy content="{policy}">'
        '<meta name=viewport content="width=device-width,initial-scale=1"><meta name=referrer content=no-referrer>'
        '<meta name=color-scheme content="light dark"><link rel=icon href="data:,">'
        f"<title>{shown(title)}</title><style>{style}</style></head><body>{body}<script>{script}</script></body></html>\n"
    )


@cache
def asset(name: str) -> str:
    """A file that the page carries."""
    return (files("planparse.output.review") / name).read_text(encoding="utf-8")


def _script() -> str:
    """Both halves as one function, so that none of their names is the page's."""
    return f'"use strict";(() => {{\n{asset("reading.js")}{asset("correcting.js")}}})();'


def _digest(text: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _head_html(plan: Plan, words: Words, title: str) -> str:
    front, period = plan.front_matter, plan.front_matter.period
    about = [
        front.issuer, front.document_number.raw if front.document_number else None, front.signed_on or front.published_on,
        front.region, f"{period.start or '?'}–{period.end or '?'}" if period else None, plan.source.name,
    ]  # fmt: skip
    counts = Counter(d.severity for d in plan.diagnostics)
    doubts = "".join(
        f'<b class="count v-{s}">{counts[s]} {shown(words.pgettext("value", s))}</b>' for s in SEVERITIES if counts[s]
    )
    line = "".join(f"<span>{shown(a)}</span>" for a in about if a)
    return f"<header><div><h1>{shown(title)}</h1><p>{line}</p></div><div class=counts>{doubts}</div></header>"


def _filters_html(plan: Plan, items: Sequence[Item], words: Words, pictures: bool) -> str:
    said, counts = words.gettext, Counter(item.kind for item in items)
    kinds = "".join(
        f'<button type=button class="chip k-{kind}" data-kind={kind} aria-pressed=true><i></i>'
        f"{shown(words.pgettext('kind', kind))}<small>{counts[kind]}</small></button>"
        for kind in KINDS
        if counts[kind] and kind != "diagnostics"
    )
    severities = "".join(
        f'<button type=button class="chip v-{name}" data-severity={name} aria-pressed=true><i></i>'
        f"{shown(words.pgettext('value', name))}<small>{count}</small></button>"
        for name, count in severity_counts(plan).items()
        if count or name == NO_DOUBT
    )
    pages = f"<button type=button class=chip id=pages aria-pressed=false>{shown(said('Pages'))}</button>" if pictures else ""
    find = attribute(said("Find in the text"))
    return (
        f'<nav id=filters><div class=find><input type=search id=find placeholder="{find}  /" aria-label="{find}">'
        f"<output id=found></output></div><div class=chips>{pages}{kinds}<span class=gap></span>{severities}</div></nav>"
    )


def _panels_html(plan: Plan, items: Sequence[Item], words: Words) -> str:
    facts = sum(1 for item in items if item.kind not in ("sections", "boxes", "tables", "diagnostics"))
    panels = [
        ("outline", "Outline", "", outline_html(plan, items)),
        ("facts", "Facts", str(facts), facts_html(plan, items, words)),
        ("doubts", "Doubts", str(len(plan.diagnostics)), doubts_html(items, words)),
        ("corrections", "Corrections", "", corrections_html(plan, words)),
        ("file", "File", "", file_html(plan, words)),
    ]
    first = "facts"
    tabs = (
        f"<button type=button role=tab class=text data-tab=source aria-selected=false>{shown(words.gettext('Text'))}</button>"
    )
    tabs += "".join(
        f"<button type=button role=tab id=tab-{name} data-tab={name} aria-controls={name} "
        f"aria-selected={'true' if name == first else 'false'}>{shown(words.gettext(label))}<small>{count}</small></button>"
        for name, label, count, _ in panels
    )
    made = "".join(
        f'<div role=tabpanel id={name} aria-labelledby=tab-{name} tabindex=-1 class="panel{" open" if name == first else ""}">'
        f"<h2 class=printed>{shown(words.gettext(label))}</h2>{html}</div>"
        for name, label, _, html in panels
    )
    return f"<div role=tablist id=tabs>{tabs}</div><aside id=side>{made}</aside>"


def _items_to_data(plan: Plan, items: Sequence[Item], words: Words) -> dict[str, Any]:
    """What can be corrected, by the item's number: kind, place, printed words, and fields as [path, value, type].

    Types are listed once: [kind, options, whether it is needed, label, the printed head of the value that it belongs to].
    """
    types: dict[tuple[Any, ...], int] = {}
    made: dict[str, Any] = {}
    places: Counter[tuple[str, int, int]] = Counter(
        (i.kind, i.span.start, i.span.end) for i in items if i.span and i.kind != "front_matter"
    )
    seen: Counter[tuple[str, int, int]] = Counter()
    front = {f.path: f for f in model_to_fields(plan.front_matter)}
    for item in items:
        if item.kind in ("sections", "boxes", "tables", "unclaimed", "diagnostics"):
            continue
        span = item.span
        told: dict[str, Any] = {"k": item.kind, "s": None if span is None else span.model_dump(mode="json")}
        if item.kind == "front_matter":
            fields = [f for path, f in front.items() if path.split(".")[0] == item.what]
        else:
            fields = list(model_to_fields(item.what))  # type: ignore[arg-type]
            assert span is not None
            key = (item.kind, span.start, span.end)
            if places[key] > 1:
                told["n"] = seen[key]
                seen[key] += 1
            told["w"] = plan.text[span.start : span.end]
        told["f"] = [[f.path, f.value, types.setdefault(_type(f, words), len(types))] for f in fields]
        made[str(item.number)] = told
    options = {o: words.pgettext("value", o) for t in types for o in t[1]}
    return {
        "items": made, "types": [list(t) for t in types], "options": options, "anchors": _anchors(items),
        "kinds": {k: words.pgettext("kind", k) for k in KINDS},
    }  # fmt: skip


def _type(field: Field, words: Words) -> tuple[Any, ...]:
    *_, name = field.path.split(".")
    label = words.pgettext("field", name)
    return field.kind, field.options, field.needed, label, field.of


def _anchors(items: Sequence[Item]) -> dict[str, int]:
    return {item.anchor: item.number for item in reversed(items) if item.anchor}
