"""Every 《…》 in a plan → Citation rows."""

from collections.abc import Iterator, Sequence

from planparse.document import Document
from planparse.grammar import Grammar
from planparse.models import Annex, Box, Citation, Contents, Figure, Section, Table
from planparse.models.facts import CitationKind
from planparse.structure.front_basis import text_to_titles
from planparse.structure.front_lines import tidy
from planparse.structure.spans import span_of
from planparse.structure.walk import Tree, Visit

FILE = "citations"
KINDS: dict[str, CitationKind] = {"law": "law", "plan": "plan", "notice": "notice", "standard": "standard"}
AFTER = 60


def collect_citations(tree: Tree, document: Document, grammar: Grammar, *, basis: Sequence[str] = ()) -> list[Citation]:
    """Every document named in 《》, wherever it stands in the tree's words, in document order.

    1. `title` is without the outer marks; a title nested in another stays in it and has a row of its own behind it. An
       unclosed 《 makes none.
    2. `span` covers the title without its marks.
    3. `document_number` is the one in the bracket straight behind the title.
    4. `basis` marks the titles that the preamble gives as grounds, wherever they stand.
    """
    grounds = {"".join(title.split()) for title in basis}
    rows: list[Citation] = []
    for visit, start, end in tree_words(tree):
        if document.text.find("《", start, end) < 0:
            continue
        text = document.text[start:end]
        for title, low, high in text_to_titles(text, nested=True):
            name = tidy(title, inside=True)
            taken = grammar.match(FILE, name, gives="citation")
            if taken is None:
                continue
            number = grammar.match(FILE, text[high + 1 : high + 1 + AFTER].replace("\n", " "), gives="number")
            rows.append(
                Citation(
                    id=f"cit-{len(rows) + 1}",
                    section=visit.place,
                    rule=taken.rule,
                    span=span_of(document, start + low, start + high),
                    title=name,
                    document_number="".join(number.fields["number"].split()) if number else None,
                    kind=KINDS.get(taken.fields["kind"], "other"),
                    basis="".join(name.split()) in grounds,
                )
            )
    return rows


def tree_words(tree: Tree) -> Iterator[tuple[Visit, int, int]]:
    """Every piece of words that the tree says, once, in order: (where it stands, start, end) as offsets in the text."""
    for visit in tree.visits:
        node = visit.node
        if isinstance(node, Section):
            if not node.run_in:
                yield Visit(node, node, visit.annex, visit.box), node.span.start, node.span.end
        elif isinstance(node, Annex):
            yield Visit(node, None, node, visit.box), node.span.start, node.span.start + len(node.heading)
        elif isinstance(node, Contents):
            for entry in node.entries:
                yield visit, entry.span.start, entry.span.end
        elif isinstance(node, Box | Table | Figure):
            caption = node.span if isinstance(node, Figure) and node.caption else getattr(node, "caption_span", None)
            if caption:
                yield visit, caption.start, caption.end
            if isinstance(node, Table):
                for row in node.rows:
                    for cell in row:
                        yield visit, cell.span.start, cell.span.end
                for note in node.notes:
                    yield visit, note.span.start, note.span.end
        else:
            yield visit, node.span.start, node.span.end
