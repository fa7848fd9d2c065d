"""Pictures → figures in the finished tree: each at its place, with the caption that stands beside it."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from planparse.document import Document, Picture
from planparse.grammar import Grammar
from planparse.models import Annex, Box, Figure, Node, Paragraph, Section, Table
from planparse.structure.spans import span_of
from planparse.structure.walk import Tree


def with_figures(tree: Tree, document: Document, grammar: Grammar) -> Tree:
    """The tree with a figure for each picture among its text; pages of a scan are none.

    1. What the tree says stays the same: a paragraph that is a picture's caption becomes the figure's.
    2. A figure stands before what was read in it, unless its caption stands under that.
    3. It belongs to the nearest heading that stands alone on its line; inside a run-in section only where that goes on
       after it.
    """
    pictures = [picture for picture in document.pictures if not picture.whole]
    if not pictures:
        return tree
    paragraphs = {v.node.span.start: v.node for v in tree.visits if isinstance(v.node, Paragraph)}
    figures = _to_figures(pictures, paragraphs, document, grammar)
    weaver = _Weaver(figures)
    past = len(document.text) + 1
    body, back = (min((n.span.start for n in nodes), default=past) for nodes in ([*tree.body, *tree.back], tree.back))
    return Tree(
        weaver.woven(tree.front, body, own=True),
        weaver.woven(tree.body, back, own=bool(tree.body)),
        weaver.woven(tree.back, past, own=True),
    )


def _to_figures(
    pictures: Sequence[Picture], paragraphs: dict[int, Paragraph], document: Document, grammar: Grammar
) -> list[tuple[int, Figure]]:
    """The figures with the offset at which each is said, in order."""
    taken: set[int] = set()
    found: list[tuple[int, Figure]] = []
    for picture in pictures:
        caption = _caption(picture, paragraphs, document, grammar, taken)
        start, end = (caption.span.start, caption.span.end) if caption else (picture.start, picture.start)
        if caption:
            taken.add(start)
        box = picture.box and tuple(round(v, 1) for v in picture.box)
        figure = Figure(
            caption=caption.text if caption else "", name=picture.name, state=picture.state, page=picture.page,
            bbox=(box[0], box[1], box[2], box[3]) if box else None, span=span_of(document, start, end),
            recognised=span_of(document, picture.start, picture.end) if picture.end > picture.start else None,
        )  # fmt: skip
        found.append((start, figure))
    return sorted(found, key=lambda pair: (pair[0], bool(pair[1].caption)))


def _caption(
    picture: Picture, paragraphs: dict[int, Paragraph], document: Document, grammar: Grammar, taken: set[int]
) -> Paragraph | None:
    """The caption under a picture, else the one over it that no other picture has."""
    lines = document.lines
    below = bisect_left(lines, picture.end, key=lambda line: line.start)
    above = bisect_right(lines, picture.start - 1, key=lambda line: line.end) - 1
    for at in (below, above):
        paragraph = paragraphs.get(lines[at].start) if 0 <= at < len(lines) else None
        if paragraph is None or paragraph.span.start in taken or paragraph.span.end != lines[at].end:
            continue
        if grammar.match("boxes", paragraph.text, gives="figure_caption"):
            return paragraph
    return None


class _Weaver:
    """Puts figures among nodes, in the order of the text; used once.

    Places are twice the offsets: a figure with a caption stands where its paragraph stood, one without before what begins there.
    """

    def __init__(self, figures: Sequence[tuple[int, Figure]]) -> None:
        self._waiting = [(2 * start + bool(figure.caption), figure) for start, figure in reversed(figures)]

    def woven(self, nodes: Sequence[Node], limit: int, *, own: bool) -> list[Node]:
        """The nodes with the figures that stand before `limit`; those after the last node only where they may be owned."""
        made: list[Node] = []
        for number, node in enumerate(nodes):
            made += self._up_to(2 * (node.span.end - 1 if isinstance(node, Table) else node.span.start))
            if isinstance(node, Paragraph) and (caption := self._up_to(2 * node.span.start + 1)):
                made += caption
                continue
            after = nodes[number + 1].span.start if number + 1 < len(nodes) else limit
            made.append(self._inside(node, after))
        return made + (self._up_to(2 * limit) if own else [])

    def _inside(self, node: Node, after: int) -> Node:
        if not isinstance(node, Section | Annex | Box):
            return node
        after = node.span.end - 1 if isinstance(node, Box) else after
        if not self._waiting or self._waiting[-1][0] > 2 * after:
            return node
        own = not (isinstance(node, Section) and node.run_in)
        return node.model_copy(update={"content": self.woven(node.content, after, own=own)})

    def _up_to(self, place: int) -> list[Node]:
        """The waiting figures that stand up to a place."""
        made: list[Node] = []
        while self._waiting and self._waiting[-1][0] <= place:
            made.append(self._waiting.pop()[1])
        return made
