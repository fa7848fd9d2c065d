"""Terms that a plan explains → GlossaryEntry rows: lists of terms, notes, 以下简称 and 是指 in running text."""

from collections.abc import Iterable, Iterator

import regex

from planparse.document import Document
from planparse.facts.citations import tree_words
from planparse.facts.glossary_references import with_references
from planparse.grammar import Grammar, Match
from planparse.models import Annex, Box, GlossaryEntry, Node, Note, Paragraph, Section, Table
from planparse.structure.front_basis import text_to_titles
from planparse.structure.spans import span_of
from planparse.structure.walk import Tree, Visit, walk

FILE = "glossary"
LONGEST_NAME = 80
TERM_ENDS = "：:。. 　"
NUMBER_ENDS = "（）()[]【】〔〕.．、:： 　"
OPENING = regex.compile(r"[\s　]*(?:是指|即指?|指)?[:：，,]?")
CLAUSE = regex.compile(r"[，。；：:！？\n\t]")


def collect_glossary(tree: Tree, document: Document, grammar: Grammar) -> list[GlossaryEntry]:
    """The terms that a plan explains, in document order.

    1. In a section or annex of terms (名词解释) every paragraph, item or table row that names a term gives one, however deep.
    2. A foot- or endnote gives one where it opens with a term.
    3. In running text 以下简称 gives the short name with the full one as `text`, 是指 the term with its meaning.
    4. `span` covers the term and its meaning; the term stands in it. `references` are the marks in the text that mean it.
    """
    entries: dict[int, GlossaryEntry] = {}
    listed: list[tuple[int, int]] = []
    for visit in tree.visits:
        node = visit.node
        if isinstance(node, Note):
            listed.append((node.span.start, node.span.end))
            _add(entries, _entry(document, visit, node.span.start, node.span.end, node.mark, grammar))
        elif isinstance(node, Section | Annex | Box) and grammar.match(FILE, node.title, gives="glossary_section"):
            inside = walk(node.content, within=_standing_in(node, visit))
            end = _end_of(node)
            if not listed or listed[-1][1] < end:
                listed.append((node.span.start, end))
                for entry in _explained(inside, document, grammar):
                    _add(entries, entry)
    for visit, start, end in tree_words(tree):
        words = document.text[start:end]
        if ("指" in words or "简称" in words) and not any(low <= start < high for low, high in listed):
            for entry in _definitions(visit, words, start, document, grammar):
                _add(entries, entry)
    ordered = sorted(entries.values(), key=lambda e: (e.span.start, e.span.end))
    numbered = [e.model_copy(update={"id": f"glo-{n}"}) for n, e in enumerate(ordered, 1)]
    return with_references(numbered, listed, document)


def _standing_in(node: Section | Annex | Box, visit: Visit) -> Visit:
    if isinstance(node, Section):
        return Visit(node, node, visit.annex, visit.box)
    return Visit(node, None, node, visit.box) if isinstance(node, Annex) else Visit(node, visit.section, visit.annex, node)


def _end_of(node: Node) -> int:
    return max([node.span.end, *(_end_of(n) for n in getattr(node, "content", None) or [])])


def _add(entries: dict[int, GlossaryEntry], entry: GlossaryEntry | None) -> None:
    if entry:
        entries.setdefault(entry.span.start, entry)


def _explained(visits: Iterable[Visit], document: Document, grammar: Grammar) -> Iterator[GlossaryEntry]:
    """The entries of a list of terms: items that are headings (1.低空经济：是指…), paragraphs, and rows of tables."""
    for visit in visits:
        node = visit.node
        if isinstance(node, Section):
            if not any(isinstance(n, Section) for n in node.content):
                yield from _item(node, visit, document)
        elif isinstance(node, Paragraph):
            heads = visit.section is not None and visit.section.run_in and node.span.start == visit.section.span.start
            if not heads:
                entry = _entry(document, visit, node.span.start, node.span.end, None, grammar)
                if entry is not None:
                    yield entry
        elif isinstance(node, Table):
            yield from _rows(node, visit, document, grammar)


def _item(section: Section, visit: Visit, document: Document) -> Iterator[GlossaryEntry]:
    """A heading that is a term, with what the first paragraph under it says."""
    paragraphs = [n for n in section.content if isinstance(n, Paragraph)]
    if not paragraphs:
        return
    start, end = section.span.start, paragraphs[0].span.end
    meaning = OPENING.sub("", document.text[section.span.end : end].strip(), count=1)
    term = section.title.strip(TERM_ENDS)
    if term[:1] == "“" and term.find("”") == len(term) - 1:
        term = term[1:-1]
    if meaning and term:
        yield GlossaryEntry(
            id="glo-0", section=section.id, rule=f"{FILE}.entry", span=span_of(document, start, end),
            number=section.number.strip(NUMBER_ENDS) or None, term=term, text=meaning,
        )  # fmt: skip


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


def _definitions(visit: Visit, words: str, start: int, document: Document, grammar: Grammar) -> Iterator[GlossaryEntry]:
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
