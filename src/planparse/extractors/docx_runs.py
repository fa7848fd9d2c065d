"""A w:p → its words and how they stood: runs, fields, breaks, symbols, tracked changes, hidden text, note marks."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from planparse.document import Line, count_characters
from planparse.extractors.docx_fields import Field, code_to_words
from planparse.extractors.docx_numbering import Numbering
from planparse.extractors.docx_package import DGM, MC, A, C, M, V, W
from planparse.extractors.docx_styles import (
    NOTHING_SAID,
    ON,
    RunLook,
    Style,
    Styles,
    first_line_indent,
    paragraph_look,
    paragraph_over,
    run_look,
    run_over,
)
from planparse.extractors.docx_symbols import symbol

# XML cannot hold this character, so it marks a break inside a paragraph safely.
BREAK = "\x00"
INSTRUCTION = W + "instrText"
TEXT, TEXTBOX, ALTERNATE = W + "t", W + "txbxContent", MC + "AlternateContent"
RUN, RUN_LOOK, LOOK, DELETED = W + "r", W + "rPr", W + "pPr", W + "delText"
PARAGRAPH_STYLE, RUN_STYLE, VAL = W + "pStyle", W + "rStyle", W + "val"
BOXES = {TEXTBOX, W + "p", W + "tbl"}
DROPPED = {W + "del": "deleted_revision", W + "moveFrom": "deleted_revision", W + "rt": "ruby"}
DELETED_MARKS = (W + "del", W + "moveFrom")
SKIPPED = {W + "pPr", W + "rPr", W + "sdtPr", W + "sdtEndPr", W + "tblPr", MC + "Fallback"}
PICTURES = {A + "blip", V + "imagedata", C + "chart"}
NOTE_MARKS = {W + "footnoteReference": "footnote", W + "endnoteReference": "endnote"}
Diagram = Callable[["etree._Element"], list[str]]
NoteMark = Callable[[str, "etree._Element"], str]


@dataclass(slots=True)
class Inline:
    """A paragraph as it is being read. `boxes` are the text boxes and pictures anchored in it, or paragraphs."""

    run: RunLook
    parts: list[str] = field(default_factory=list)
    looks: dict[RunLook, int] = field(default_factory=dict)
    boxes: list["etree._Element | list[str]"] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    dropped: list[tuple[str, str]] = field(default_factory=list)

    def drop(self, text: str, reason: str) -> None:
        """Words that are not printed; what follows for the same reason belongs to them."""
        if self.dropped and self.dropped[-1][1] == reason:
            text = self.dropped.pop()[0] + text
        self.dropped.append((text, reason))


@dataclass(slots=True)
class Piece:
    """A paragraph that was read: `text` with BREAK inside; `open` where its mark is deleted and the next goes on."""

    text: str
    line: Line
    boxes: "list[etree._Element | list[str]]"
    open: bool = False
    framed: bool = False


class ParagraphReader:
    """Reads paragraphs one after another; it counts list numbers and note marks, so the order is the document's."""

    def __init__(
        self,
        styles: Styles,
        numbering: Numbering,
        *,
        discard: Callable[[str, str], None],
        generated: Counter[str],
        diagram: Diagram,
        note_mark: NoteMark,
    ) -> None:
        self._styles, self._numbering = styles, numbering
        self._discard, self._generated = discard, generated
        self._diagram, self._note_mark = diagram, note_mark
        self.own_mark = ""

    def read(self, paragraph: "etree._Element") -> Piece:
        """The words and the look of a w:p (or of stray inline content)."""
        properties = next(paragraph.iterchildren(LOOK), None)
        named = None if properties is None else next(properties.iterchildren(PARAGRAPH_STYLE), None)
        style = self._styles.paragraph(None if named is None else named.get(VAL))
        into = Inline(style.run)
        self._walk(paragraph, into, style.run)
        for text, reason in into.dropped:
            self._discard(text, reason)
        text = "".join(into.parts)
        gone = properties is not None and _mark_is_gone(properties)
        return self._piece(text, into, style, properties, gone)

    def _piece(self, text: str, into: Inline, style: Style, properties: "etree._Element | None", gone: bool) -> Piece:
        own = paragraph_look(properties)
        look = paragraph_over(style.paragraph, own)
        place = self._numbering.place(look, own_level=own.list_id is not None) if look.list_id else None
        shown = None
        if place is not None and not (gone and not text.strip()):
            label = self._numbering.label(*place)
            if label is not None and (not label.bullet or text.strip()):
                shown = label.text
                self.generate(shown)
                text = shown + label.gap + text.lstrip()
        run = _majority(into.looks, style.run)
        line = Line(
            0,
            0,
            indent=first_line_indent(look, own, place[2].look if place else NOTHING_SAID, run.size),
            centred=look.alignment == "center",
            size=run.size,
            bold=run.bold,
            font=run.font,
            style=style.name,
            # 9 says "body text" in Word.
            outline_level=look.outline_level if look.outline_level in range(9) else None,
            list_label=shown,
        )
        return Piece(text, line, into.boxes, gone, bool(look.framed))

    def generate(self, text: str) -> None:
        """Count characters that no w:t holds."""
        self._generated.update(count_characters(text))

    def _walk(self, element: "etree._Element", into: Inline, look: RunLook) -> None:
        for child in element:
            tag = child.tag
            if tag == RUN:
                properties = next(child.iterchildren(RUN_LOOK), None)
                self._walk(child, into, into.run if properties is None else self._run_look(properties, into.run))
            elif tag == TEXT:
                self._text(child.text or "", into, look)
            elif tag in SKIPPED:
                continue
            elif tag in DROPPED:
                into.drop(words(child), DROPPED[tag])
            elif tag == DELETED:
                into.drop(child.text or "", "deleted_revision")
            elif tag in BOXES:
                into.boxes.append(child)
            elif tag == ALTERNATE:
                chosen = self.choice(child)
                if chosen is not None:
                    self._walk(chosen, into, look)
            elif tag in _MARKS:
                self._mark(child, into, look)
            elif len(child):
                self._walk(child, into, look)

    def _text(self, text: str, into: Inline, look: RunLook, *, made: bool = False) -> None:
        """Put words where they belong; `made` for those that no w:t holds."""
        if made:
            self.generate(text)
        if look.hidden:
            into.drop(text, "hidden")
        elif (code := _open_code(into.fields)) is not None:
            code.append(text)
            into.drop(text, "markup")
        else:
            into.parts.append(text)
            into.looks[look] = into.looks.get(look, 0) + len(text)

    def _mark(self, child: "etree._Element", into: Inline, look: RunLook) -> None:
        tag = child.tag
        if tag in _BLANKS:
            into.parts.append(_BLANKS[tag])
        elif tag == W + "fldChar":
            self._field_step(into, child.get(W + "fldCharType"), look)
        elif tag == INSTRUCTION:
            if (open_code := _open_code(into.fields)) is not None:
                open_code.append(child.text or "")
        elif tag == W + "noBreakHyphen":
            self._text("-", into, look, made=True)
        elif tag == W + "sym":
            code = child.get(W + "char", "")
            if code and len(code) <= 6 and all(c in "0123456789abcdefABCDEF" for c in code):
                self._text(symbol(int(code, 16), child.get(W + "font")), into, look, made=True)
        elif tag == M + "t":
            self._text(child.text or "", into, look, made=True)
        elif tag == M + "f":
            # A fraction stands on one line: a/b.
            for part in child.iterchildren(M + "num", M + "den"):
                if part.tag == M + "den":
                    self._text("/", into, look, made=True)
                self._walk(part, into, look)
        elif tag in NOTE_MARKS:
            if not look.hidden:
                mark = self._note_mark(NOTE_MARKS[tag], child)
                self._text(mark, into, look, made=True)
        elif tag in PICTURES:
            if not look.hidden:
                into.boxes.append(child)
        elif tag in (W + "footnoteRef", W + "endnoteRef"):
            self._text(self.own_mark, into, look, made=True)
            self.own_mark = ""
        else:
            made = _drawn_words(child) if tag != DGM + "relIds" else self._diagram(child)
            if any(made):
                self.generate("".join(made))
                into.boxes.append(made)

    def _field_step(self, into: Inline, step: str | None, look: RunLook) -> None:
        """Fields nest; one that ends without a result shows what its code says."""
        if step == "begin":
            into.fields.append(Field())
        elif step == "separate" and into.fields:
            into.fields[-1].result_from = len(into.parts)
        elif step == "end" and into.fields:
            done = into.fields.pop()
            if done.result_from is None or done.result_from == len(into.parts):
                shown = code_to_words("".join(done.code))
                if shown.text:
                    self._text(shown.text, into, look, made=True)
                if shown.ruby:
                    self.generate(shown.ruby)
                    into.drop(shown.ruby, "ruby")

    def _run_look(self, properties: "etree._Element", under: RunLook) -> RunLook:
        own = run_look(properties)
        named = next(properties.iterchildren(RUN_STYLE), None)
        if named is not None:
            under = run_over(under, self._styles.character(named.get(VAL, "")))
        return run_over(under, own)

    def choice(self, alternate: "etree._Element") -> "etree._Element | None":
        """The branch of mc:AlternateContent that is read; words in the others are put aside or not counted."""
        choices = alternate.findall(MC + "Choice")
        for other in choices[1:]:
            self._discard(words(other), "markup")
        if choices:
            return choices[0]
        fallback = alternate.find(MC + "Fallback")
        if fallback is not None:
            # The source's count leaves out every mc:Fallback.
            self.generate(words(fallback))
        return fallback


def words(element: "etree._Element") -> str:
    """All words in an element, deleted ones too, outside mc:Fallback."""
    found: list[str] = []
    waiting = [element]
    while waiting:
        at = waiting.pop()
        if at.tag in (TEXT, DELETED):
            found.append(at.text or "")
        elif at.tag != MC + "Fallback" or at is element:
            waiting.extend(reversed(at))
    return "".join(found)


_BLANKS: Mapping[str, str] = {
    W + "tab": " ",
    W + "ptab": " ",
    W + "br": BREAK,
    W + "cr": BREAK,
}
_MARKS = {
    *_BLANKS, *NOTE_MARKS, *PICTURES, W + "fldChar", INSTRUCTION, W + "noBreakHyphen", W + "sym", W + "footnoteRef", W + "endnoteRef",
    M + "t", M + "f", V + "textpath", A + "p", DGM + "relIds",
}  # fmt: skip


def _open_code(fields: list[Field]) -> list[str] | None:
    """The code that is being read: the outermost field's that is not in its result yet takes what nests in it, too."""
    return next((one.code for one in reversed(fields) if one.result_from is None), None)


def _drawn_words(element: "etree._Element") -> list[str]:
    """WordArt (v:textpath) and DrawingML text, which hold no w:t."""
    if element.tag == V + "textpath":
        return [element.get("string", "")]
    return ["".join(t.text or "" for t in element.iter(A + "t"))]


def _mark_is_gone(properties: "etree._Element") -> bool:
    """Whether the paragraph's mark is deleted, moved away or hidden, so that the next paragraph goes on in the line."""
    mark = next(properties.iterchildren(RUN_LOOK), None)
    if mark is None:
        return False
    hidden = mark.find(W + "vanish")
    return any(mark.find(tag) is not None for tag in DELETED_MARKS) or (hidden is not None and hidden.get(VAL) in ON)


def _majority(looks: Mapping[RunLook, int], none: RunLook) -> RunLook:
    """Size, weight and font of most of the characters."""
    if len(looks) <= 1:
        look = next(iter(looks), none)
        return look if look.bold is not None else look._replace(bold=False)
    sizes: Counter[float | None] = Counter()
    fonts: Counter[str | None] = Counter()
    bold = 0
    for look, count in looks.items():
        sizes[look.size] += count
        fonts[look.font] += count
        bold += count if look.bold else -count
    return RunLook(bold > 0, False, sizes.most_common(1)[0][0], fonts.most_common(1)[0][0])
