"""Document + grammar → the tree: headings, boxes, tables, annexes, contents and paragraphs, each word in it once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from planparse.document import Document
from planparse.grammar import Grammar
from planparse.models import Annex, Contents, Node, Paragraph, Section
from planparse.models.nodes import Function
from planparse.structure.blocks import Block, document_to_blocks
from planparse.structure.boxes import Captions, box_end, dissolve_frames, find_captions
from planparse.structure.contents import PrintedContents, contents_to_node, find_contents, listed_keys
from planparse.structure.figures import with_figures
from planparse.structure.functions import title_to_function
from planparse.structure.marks import without_marks
from planparse.structure.notes import is_note, line_to_note
from planparse.structure.outline import Heading, Outline, blocks_to_outline
from planparse.structure.parts import AnnexStart, find_annexes, find_plan, find_tail
from planparse.structure.repeats import mark_repeats
from planparse.structure.spans import span_of
from planparse.structure.table_notes import follows, last_mark
from planparse.structure.tabled import Tabler
from planparse.structure.walk import Tree, walk


@dataclass
class Draft:
    """A section being filled; frozen at the end."""

    heading: Heading
    content: list["Node | Draft | PrintedContents"] = field(default_factory=list)


@dataclass(frozen=True)
class Site:
    """What the builder works on: the document, its blocks, and what was found in them."""

    document: Document
    grammar: Grammar
    blocks: list[Block]
    printed: dict[int, PrintedContents]
    captions: Captions
    listed: frozenset[tuple[str, str]]
    skip: frozenset[int]
    tabler: Tabler


Draftlike = Node | Draft | PrintedContents


def build_tree(document: Document, grammar: Grammar) -> Tree:
    """The tree of a document. It never raises; what it cannot place is a paragraph.

    1. Every non-blank character of `document.text` stands in the tree exactly once, in order.
    2. Sections are numbered by their place among their siblings (1.2.1); in an annex behind its id (annex-1.2).
    3. Everything before the first section is `front`; the tail (抄送, 印发, signature) and what notes follow is `back`.
    4. A passage printed a second time names the first (`duplicate_of`).
    5. Each picture among the text is a figure.
    """
    blocks = dissolve_frames(document_to_blocks(document, grammar), document, grammar)
    printed = find_contents(blocks, grammar)
    captions = find_captions(blocks, grammar)
    inside = {i for p in printed for i in range(p.first, p.last)}
    captions = captions.without(inside)
    site = Site(
        document, grammar, blocks, {p.first: p for p in printed}, captions, listed_keys(printed),
        frozenset(inside | captions.lines), Tabler(document, grammar),
    )  # fmt: skip
    tail = find_tail(blocks, grammar)
    plan = find_plan(blocks, grammar)
    first = next((i for i, b in enumerate(blocks) if i >= plan and b.candidates and i not in inside), len(blocks))
    annexes = find_annexes(blocks, first, tail, grammar, captions=captions.lines, skip=inside)
    stops = [a.block for a in annexes] + [tail]
    main = _outline(site, range(plan, stops[0]))
    begin = main.first
    top = stops[0] if begin is None else begin
    front = [*_fill(site, Outline({}, {}), range(plan)), *_fill(site, main, range(plan, top))]
    body_end = stops[0] if not annexes else max(top, _signed(site, range(top, stops[0])))
    body = list(_fill(site, main, range(top, body_end)))
    body += _fill(site, Outline({}, {}), range(body_end, stops[0]))
    sections, body_nodes = _freeze_all(body, site, "", 1, "other")
    for number, annex in enumerate(annexes, 1):
        body_nodes.append(_annex(site, annex, range(annex.block + annex.lines, stops[number]), number))
    back = list(_fill(site, Outline({}, {}), range(tail, len(blocks))))
    tree = Tree(
        _with_contents(front, site, sections), _resolve(body_nodes, site, sections), _with_contents(back, site, sections)
    )
    return with_figures(mark_repeats(tree, document), document, grammar)


def _outline(site: Site, span: range) -> Outline:
    return blocks_to_outline(
        site.blocks, span, text=site.document.text, grammar=site.grammar, listed=site.listed, skip=site.skip,
        boxes=frozenset(i for i in site.captions.open_boxes if i in span),
    )  # fmt: skip


def _signed(site: Site, span: range) -> int:
    """Where the signature before the annexes begins; the end of the span where there is none."""
    return span.start + find_tail(site.blocks[span.start : span.stop], site.grammar)


def _annex(site: Site, annex: AnnexStart, span: range, number: int) -> Node:
    outline = _outline(site, span)
    name = f"annex-{number}"
    drafts = list(_fill(site, outline, span))
    _, content = _freeze_all(drafts, site, f"{name}.", 1, "other")
    lines = site.blocks[annex.block : annex.block + annex.lines]
    return Annex(
        id=name, number=annex.number, title=annex.title, heading="".join(b.text for b in lines),
        span=span_of(site.document, lines[0].start, lines[-1].end), content=content,
    )  # fmt: skip


def _fill(site: Site, outline: Outline, span: range) -> Iterator[Draftlike]:
    """The blocks of `span` as drafts and nodes, nested by the outline."""
    top: list[Draftlike] = []
    stack: list[Draft] = []

    def add(node: Draftlike) -> None:
        (stack[-1].content if stack else top).append(node)

    index = span.start
    tag_may_follow = False
    while index < span.stop:
        block = site.blocks[index]
        heading = outline.headings.get(index)
        was_leaf = tag_may_follow
        tag_may_follow = False
        if index in site.printed:
            add(site.printed[index])
            index = min(site.printed[index].last, span.stop)
        elif heading is not None:
            while stack and (stack[-1].heading.depth >= heading.depth or _is_uncounted_leaf(stack[-1])):
                stack.pop()
            draft = Draft(heading)
            add(draft)
            stack.append(draft)
            if heading.run_in:
                draft.content.append(_paragraph(site, block.start, block.end))
                tag_may_follow = heading.leaf
            index += heading.lines
        elif block.grid is not None or index in site.captions.open_boxes or index in site.captions.lines:
            while stack and stack[-1].heading.run_in:
                stack.pop()
            nodes, index = _tabled(site, outline, index, span.stop)
            for node in nodes:
                add(node)
        else:
            pieces = outline.run_ins.get(index)
            tag = was_leaf and site.grammar.match("headings", block.text, gives="tag_line") is not None
            while stack and stack[-1].heading.leaf and not tag:
                stack.pop()
            if pieces:
                depth = len(stack)
                for piece in pieces:
                    made = Heading(
                        piece.start, piece.heading_end, piece.mark, None, piece.title, depth, True, piece.rule, 1, None, True
                    )
                    del stack[depth:]
                    draft = Draft(made, [_paragraph(site, piece.start, piece.end)])
                    add(draft)
                    stack.append(draft)
                tag_may_follow = True
            elif is_note(block.line):
                add(line_to_note(block.line, document=site.document))
            else:
                add(_paragraph(site, block.start, block.end))
            index += 1
    yield from top


def _is_uncounted_leaf(draft: Draft) -> bool:
    return draft.heading.leaf and draft.heading.ordinal is None


def _tabled(site: Site, outline: Outline, index: int, stop: int) -> tuple[list[Node], int]:
    """The table or box at `index` (its caption's first line, or the grid itself), and the block after it."""
    blocks, captions = site.blocks, site.captions
    if index in captions.open_boxes:
        first = index + 1
        while first in captions.lines and first not in captions.open_boxes and blocks[first].grid is None:
            first += 1
        limit = next(
            (
                i
                for i in range(first, stop)
                if i in outline.headings or i in captions.open_boxes or i in site.printed or i in captions.lines
            ),
            stop,
        )
        last = box_end(blocks, first, limit, site.grammar)
        return [site.tabler.open_box(captions.open_boxes[index], blocks[first:last])], last
    grid = index
    while grid < stop and blocks[grid].grid is None:
        grid += 1
    if grid >= stop:
        return [_paragraph(site, blocks[index].start, blocks[index].end)], index + 1
    notes = grid + 1
    mark = None
    while notes < stop and blocks[notes].grid is None and notes not in outline.headings:
        words = blocks[notes].text
        opens = blocks[notes].plain and site.grammar.match("boxes", words, gives="note")
        if not opens and not follows(words, mark, site.grammar):
            break
        mark = last_mark(words, site.grammar)
        notes += 1
    return site.tabler.grid_nodes(blocks[grid], captions.over.get(grid), blocks[grid + 1 : notes]), notes


def _paragraph(site: Site, start: int, end: int) -> Paragraph:
    text = site.document.text
    while end > start and text[end - 1].isspace():
        end -= 1
    return Paragraph(text=text[start:end], span=span_of(site.document, start, end))


def _freeze_all(
    drafts: Sequence[Draftlike], site: Site, prefix: str, level: int, function: Function
) -> tuple[list[Section], list[Node]]:
    sections: list[Section] = []
    nodes: list[Node] = []
    place = 0
    for draft in drafts:
        if isinstance(draft, Draft):
            place += 1
            below, section = _freeze(draft, site, f"{prefix}{place}", level, function)
            sections += [section, *below]
            nodes.append(section)
        elif isinstance(draft, PrintedContents):
            nodes.append(contents_to_node(draft, site.blocks, site.document, ()))
        else:
            nodes.append(draft)
    return sections, nodes


def _freeze(draft: Draft, site: Site, name: str, level: int, function: Function) -> tuple[list[Section], Section]:
    heading = draft.heading
    own = title_to_function(heading.title, function, site.grammar)
    below, content = _freeze_all(draft.content, site, f"{name}.", level + 1, own)
    section = Section(
        id=name, heading=site.document.text[heading.start : heading.end].replace("\n", ""), number=heading.number,
        ordinal=heading.ordinal, implied_number=heading.implied_number, title=without_marks(heading.title), level=level,
        run_in=heading.run_in, function=own, rule=heading.rule,
        span=span_of(site.document, heading.start, heading.end), content=content,
    )  # fmt: skip
    return below, section


def _with_contents(drafts: Sequence[Draftlike], site: Site, sections: Sequence[Section]) -> list[Node]:
    nodes: list[Node] = []
    for draft in drafts:
        if isinstance(draft, PrintedContents):
            nodes.append(contents_to_node(draft, site.blocks, site.document, sections))
        elif isinstance(draft, Draft):
            nodes += _freeze_all([draft], site, "", 1, "other")[1]
        else:
            nodes.append(draft)
    return nodes


def _resolve(nodes: Sequence[Node], site: Site, sections: Sequence[Section]) -> list[Node]:
    """Body nodes, with the entries of a 目录 that stands among them joined to their sections."""
    first = nodes[0].span.start if nodes else 0
    by_start = {start: p for p in site.printed.values() if (start := site.blocks[p.first].start) >= first}
    if not by_start:
        return list(nodes)
    made: list[Node] = []
    for node in nodes:
        if isinstance(node, Contents) and node.span.start in by_start:
            made.append(contents_to_node(by_start[node.span.start], site.blocks, site.document, sections))
        elif isinstance(node, Section) and any(isinstance(n, Contents | Section) for n in node.content):
            made.append(node.model_copy(update={"content": _resolve(node.content, site, sections)}))
        else:
            made.append(node)
    return made


def all_sections(tree: Tree) -> list[Section]:
    """The sections of the body in order, those of annexes too."""
    return [v.node for v in walk(tree.body) if isinstance(v.node, Section)]
