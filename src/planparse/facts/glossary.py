"""Terms that a plan explains → GlossaryEntry rows: lists of terms, notes, 以下简称 and 是指 in running text."""

from collections.abc import Iterator

import regex

from planparse.document import Document
from planparse.facts.citations import tree_words
from planparse.grammar import Grammar, Match
from planparse.models import GlossaryEntry, Note, Paragraph, Table
from planparse.structure.front_basis import text_to_titles
from planparse.structure.spans import span_of
from planparse.structure.walk import Tree, Visit

FILE = "glossary"
LONGEST_NAME = 80
CLAUSE = regex.compile(r"[，。；：:！？\n\t]")


def collect_glossary(tree: Tree, document: Document, grammar: Grammar) -> list[GlossaryEntry]:
    """The terms that a plan explains, in document order.

    1. In a section of terms (名词解释) every paragraph, run-in or table row that names a term gives one.
    2. A foot- or endnote gives one where it opens with a term.
    3. In running text 以下简称 gives the short name with the full one as `text`, 是指 the term with its meaning.
    4. `span` covers the term and its meaning; the term stands in it.
    """
    entries: dict[int, GlossaryEntry] = {}
    terms = TermSections(grammar)
    listed: list[tuple[int, int]] = []
    for visit in tree.visits:
        node = visit.node
        if isinstance(node, Note):
            _add(entries, _entry(document, visit, node.span.start, node.span.end, node.mark, grammar))
        elif isinstance(node, Paragraph | Table) and terms.hold(visit):
            listed.append((node.span.start, node.span.end))
            if isinstance(node, Paragraph):
                _add(entries, _entry(document, visit, node.span.start, node.span.end, None, grammar))
            else:
                for entry in _rows(node, visit, document, grammar):
                    _add(entries, entry)
    for visit, start, end in tree_words(tree):
        if not any(low <= start < high for low, high in listed):
            for entry in _definitions(visit, start, end, document, grammar):
                _add(entries, entry)
    ordered = sorted(entries.values(), key=lambda e: (e.span.start, e.span.end))
    return [e.model_copy(update={"id": f"glo-{n}"}) for n, e in enumerate(ordered, 1)]


def _add(entries: dict[int, GlossaryEntry], entry: GlossaryEntry | None) -> None:
    if entry:
        entries.setdefault(entry.span.start, entry)


class TermSections:
    """Which sections and annexes explain terms (名词解释), by their titles; each title is asked about once."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self._known: dict[str, bool] = {}

    def hold(self, visit: Visit) -> bool:
        """Whether a node stands in one."""
        return any(part is not None and self._is_one(part.title) for part in (visit.section, visit.annex))

    def _is_one(self, title: str) -> bool:
        if title not in self._known:
            self._known[title] = self._grammar.match(FILE, title, gives="glossary_section") is not None
        return self._known[title]


def _entry(document: Document, visit: Visit, start: int, end: int, mark: str | None, grammar: Grammar) -> GlossaryEntry | None:
    words = document.text[start:end]
    found = grammar.match(FILE, words, gives="entry")
    if found is None:
        return None
    return _made(document, visit, found, start, end, mark or found.get("number"))


def _rows(table: Table, visit: Visit, document: Document, grammar: Grammar) -> Iterator[GlossaryEntry]:
    """Rows (序号 | 术语 | 解释): the last cell explains, the one before it is the term."""
    for row in table.rows:
        if len(row) < 2 or grammar.match(FILE, row[-2].text.strip(), gives="term_header"):
            continue
        term, meaning = row[-2], row[-1]
        if term.text and meaning.text:
            yield GlossaryEntry(
                id="glo-0",
                section=visit.place,
                rule=f"{FILE}.entry",
                span=span_of(document, term.span.start, meaning.span.end),
                number=row[0].text.strip() or None if len(row) > 2 else None,
                term=term.text.strip(),
                text=meaning.text.strip(),
            )


def _definitions(visit: Visit, start: int, end: int, document: Document, grammar: Grammar) -> Iterator[GlossaryEntry]:
    words = document.text[start:end]
    if "简称" not in words and "指" not in words:
        return
    for found in grammar.find(FILE, words, gives="definition"):
        if "meaning" in found.fields:
            yield _made(document, visit, found, start + found.start, start + found.end, None)
            continue
        low, high = _named(words, found.start)
        if high > low:
            yield GlossaryEntry(
                id="glo-0",
                section=visit.place,
                rule=found.rule,
                span=span_of(document, start + low, start + found.end),
                term=found.fields["term"],
                text=words[low:high],
            )


def _named(words: str, end: int) -> tuple[int, int]:
    """What stands before （以下简称…）: the 《…》 or “…” that ends there, else the words of the clause."""
    low = max(0, end - 2 * LONGEST_NAME)
    before = words[low:end]
    if before.endswith("》"):
        for _, first, last in text_to_titles(before):
            if last == len(before) - 1:
                return low + first, low + last
    if before.endswith("”") and "“" in before:
        return low + before.rindex("“") + 1, end - 1
    breaks = [m.end() for m in CLAUSE.finditer(before)]
    return max(low + (breaks[-1] if breaks else 0), end - LONGEST_NAME), end


def _made(document: Document, visit: Visit, found: Match, start: int, end: int, number: str | None) -> GlossaryEntry:
    return GlossaryEntry(
        id="glo-0",
        section=visit.place,
        rule=found.rule,
        span=span_of(document, start, end),
        number=number,
        term=found.fields["term"].strip(),
        text=found.fields["meaning"].strip(),
    )
