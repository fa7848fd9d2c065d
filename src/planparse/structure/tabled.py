"""Grids and drawn-out boxes → Table and Box nodes, with their captions and notes."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from planparse.document import Document
from planparse.grammar import Grammar
from planparse.models import Box, Node, Paragraph, Span, Table
from planparse.structure.blocks import Block
from planparse.structure.boxes import Caption, box_kind, content_to_items, is_frame, read_caption
from planparse.structure.spans import span_of
from planparse.structure.table_notes import text_to_notes
from planparse.structure.tables import grid_to_table, is_indicator_table


@dataclass
class Tabler:
    """Makes tables and boxes and counts their ids in document order."""

    document: Document
    grammar: Grammar
    _counts: dict[str, int] = field(default_factory=dict)

    def _next(self, kind: str) -> str:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return f"{kind}-{self._counts[kind]}"

    def open_box(self, caption: Caption, blocks: Sequence[Block]) -> Box:
        """A box that no frame ends: its caption and the blocks that belong to it."""
        name = self._next("box")
        content: list[Node] = []
        for block in blocks:
            if block.grid is not None:
                content.append(grid_to_table(self.document, block.grid, self.grammar, id=self._next("table")))
            else:
                content.append(self._paragraph(block.start, block.end))
        return self._box(name, caption, content)

    def grid_nodes(self, block: Block, above: Caption | None, notes: Sequence[Block]) -> list[Node]:
        """The table or box that a grid makes, with the caption lines above it and the note lines below it."""
        assert block.grid is not None
        if is_frame(block.grid):
            return self._frame(block, above, notes)
        name = self._next("box") if above is not None and above.boxed else ""
        table = grid_to_table(self.document, block.grid, self.grammar, id=self._next("table"))
        if notes:
            more = [note for n in notes for note in text_to_notes(self.document, n.start, n.end, self.grammar)]
            table = table.model_copy(
                update={"notes": [*table.notes, *more], "span": span_of(self.document, table.span.start, notes[-1].end)}
            )
        if above is not None and above.boxed:
            return [self._box(name, above, [table])]
        first_line = table.caption.split("\n", 1)[0]
        own = read_caption(first_line, table.caption_span.start, self.grammar) if table.caption_span and first_line else None
        indicators = is_indicator_table(table, self.grammar)
        if own is None and not indicators:
            if above is not None:
                return [self._captioned(table, above)]
            return [table]
        return [self._boxed_table(table, above, own)]

    def _boxed_table(self, table: Table, above: Caption | None, own: Caption | None) -> Box:
        """A table that is a box: by its own caption row, or because it holds indicators."""
        if above is None and table.caption_span is not None:
            span = table.caption_span
            title = own.title if own is not None and own.title else self._title(table.caption, own is not None)
            above = Caption(span.start, span.end, own.number if own else None, title, own is not None)
            bare = table.model_copy(update={"caption": "", "caption_span": None, "span": self._after(table, span)})
            return self._box(self._next("box"), above, [bare])
        if above is None:
            start = table.span.start
            return self._box(self._next("box"), Caption(start, start, None, "", False), [table])
        return self._box(self._next("box"), above, [table])

    def _title(self, caption: str, boxed: bool) -> str:
        """A title from the lines of a caption: without the unit, without 专栏 N or 表 N."""
        lines = [x for x in caption.split("\n") if not self.grammar.match("boxes", x, gives="unit")]
        if boxed:
            lines = lines[1:] or lines
        words = "".join(lines)
        named = self.grammar.match("boxes", words, gives="table_caption")
        return (named.get("title") or words).strip() if named else words

    def _after(self, table: Table, caption: Span) -> Span:
        cells = [c.span for row in table.rows for c in row]
        start = min((c.start for c in cells if c.start >= caption.end), default=caption.end)
        return span_of(self.document, start, max(start, table.span.end))

    def _captioned(self, table: Table, above: Caption) -> Table:
        """A table with the caption lines above it (before its own caption rows, where it has some)."""
        end = table.caption_span.end if table.caption_span is not None else above.end
        words = self.document.text[above.start : end]
        return table.model_copy(
            update={
                "caption": words,
                "caption_span": span_of(self.document, above.start, end),
                "span": span_of(self.document, above.start, table.span.end),
            }
        )

    def _frame(self, block: Block, above: Caption | None, notes: Sequence[Block]) -> list[Node]:
        """A frame round running text: a box, whose caption stands over it or is its first line."""
        lines = list(self.document.lines_within(block.start, block.end))
        name = self._next("box")
        caption = above
        if caption is None:
            head = lines.pop(0)
            words = self.document.text[head.start : head.end]
            caption = read_caption(words, head.start, self.grammar) or Caption(head.start, head.end, None, words, True)
            if not caption.title and lines and lines[0].end - lines[0].start <= 40:
                second = lines.pop(0)
                title = self.document.text[second.start : second.end]
                caption = Caption(caption.start, second.end, caption.number, title, True)
        content: list[Node] = [self._paragraph(ln.start, ln.end) for ln in lines]
        content += [self._paragraph(n.start, n.end) for n in notes]
        return [self._box(name, caption, content)]

    def _box(self, name: str, caption: Caption, content: list[Node]) -> Box:
        indicators = any(isinstance(n, Table) and is_indicator_table(n, self.grammar) for n in content)
        kind = box_kind(caption.title, indicators=indicators)
        end = max([caption.end, *(n.span.end for n in content)])
        words = self.document.text[caption.start : caption.end]
        return Box(
            id=name, caption=words, caption_span=span_of(self.document, caption.start, caption.end) if words else None,
            number=caption.number, title=caption.title, kind=kind,
            items=[] if indicators else content_to_items(content, self.document, self.grammar), content=content,
            rule="boxes.numbered" if caption.number else "boxes.unnumbered",
            span=span_of(self.document, caption.start, end),
        )  # fmt: skip

    def _paragraph(self, start: int, end: int) -> Paragraph:
        return Paragraph(text=self.document.text[start:end], span=span_of(self.document, start, end))
