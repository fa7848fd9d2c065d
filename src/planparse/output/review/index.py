"""The index of a folder of review pages: the plans in a table, and a search through their words."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote

from planparse.models import Plan, Section
from planparse.output.language import Language, Words, words_of
from planparse.output.review.escape import attribute, data, shown
from planparse.output.review.items import FACTS, SEVERITIES, plan_to_nodes
from planparse.output.review.page import asset, html_page
from planparse.structure.walk import walk

MOST_WORDS = 3_000_000
"""Characters of text that an index holds; with more, only headings and facts are searched, so that the page stays light."""


class Entry(NamedTuple):
    """A plan in the index: where its page is (below the index, parted by /), what the table says of it, what is searched."""

    page: str
    cells: tuple[str, ...]
    counts: tuple[int, ...]
    title: str
    lines: tuple[tuple[int, str], ...]
    heads: tuple[tuple[int, str], ...]


SPOKEN = ("{count} places; plans: {plans}", "and {count} more", "nothing found")
"""What the index's script says."""
COLUMNS = ("plan", "region", "document type", "period", *FACTS[:5], *SEVERITIES)


def plan_to_entry(plan: Plan, page: str) -> Entry:
    """What the index keeps of a plan, so that the plan itself can be let go."""
    front, period = plan.front_matter, plan.front_matter.period
    severities = Counter(d.severity for d in plan.diagnostics)
    lines = tuple(_lines(plan.text))
    starts = [start for start, _ in lines]
    places = {f.span.start for kind in FACTS for f in getattr(plan, kind)} | set(_headings(plan))
    wanted = {bisect_right(starts, place) - 1 for place in places}
    return Entry(
        page,
        (front.region or "", front.document_type or "", f"{period.start or '?'}–{period.end or '?'}" if period else ""),
        (*(len(getattr(plan, kind)) for kind in FACTS[:5]), *(severities[s] for s in SEVERITIES)),
        front.title or plan.source.name,
        lines,
        tuple(line for number, line in enumerate(lines) if number in wanted),
    )


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in text.split("\n"):
        if line.strip():
            yield at, line.replace("\u2028", " ").replace("\t", " ")
        at += len(line) + 1


def _headings(plan: Plan) -> Iterator[int]:
    return (v.node.span.start for v in walk(plan_to_nodes(plan)) if isinstance(v.node, Section))


def entries_to_page(entries: Sequence[Entry], *, language: Language = "en") -> str:
    """The index as one HTML page that loads nothing; links are relative to it."""
    words = words_of(language)
    whole = sum(len(text) for e in entries for _, text in e.lines) <= MOST_WORDS
    said = words.gettext
    find = attribute(said("Find in all plans"))
    title = said("Plans to review")
    size = said("1 plan") if len(entries) == 1 else said("{count} plans").format(count=len(entries))
    names = [shown(_head(name, words)) for name in COLUMNS]
    heads = "".join(f"<th{_numeric(n)}><button type=button data-sort={n}>{name}</button></th>" for n, name in enumerate(names))
    rows = "".join(_row(number, entry, names) for number, entry in enumerate(entries))
    told = [
        {"url": quote(e.page), "title": e.title, "lines": [list(x) for x in (e.lines if whole else e.heads)]} for e in entries
    ]
    body = (
        f"<header><div><h1>{shown(title)}</h1><p><span>{shown(size)}</span></p></div>"
        f'</header><main><div class=find><input type=search id=find placeholder="{find}  /" aria-label="{find}">'
        f"<output id=found></output></div><ul class=hits id=hits></ul>"
        f"<div class=wide><table class=plans><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></main>"
        + data(told, "plans")
        + data({w: said(w) for w in SPOKEN}, "about")
    )
    page = html_page(title, body, language=language, script=asset("index.js"))
    return page.replace("<body>", "<body class=index>", 1)


def _numeric(number: int) -> str:
    return " class=n" if number > 3 else ""


def _head(name: str, words: Words) -> str:
    context = "kind" if name in FACTS else "value" if name in SEVERITIES else "column"
    return words.pgettext(context, name)


def _row(number: int, entry: Entry, names: Sequence[str]) -> str:
    cells = "".join(f"<td>{shown(c)}</td>" for c in entry.cells)
    counts = "".join(
        f'<td class=n data-h="{name}">{c}</td>' if c else "<td class=n></td>"
        for c, name in zip(entry.counts, names[1 + len(entry.cells) :], strict=True)
    )
    link = f'<a href="{attribute(quote(entry.page))}">{shown(entry.title)}</a>'
    name = f"<br><small>{shown(entry.page.removesuffix('.review.html'))}</small>"
    return f"<tr data-plan={number}><td class=main>{link}{name}</td>{cells}{counts}</tr>"
