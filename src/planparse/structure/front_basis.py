"""What a plan's preamble gives as its grounds, and what is attached to its notice."""

from collections.abc import Iterator, Sequence

import regex

from planparse.grammar import Grammar
from planparse.models import Annex, Attachment, Paragraph
from planparse.structure.front_lines import FILE, FrontLine, squeeze, take
from planparse.structure.walk import Tree

SENTENCE = regex.compile(r"[^。！？]+[。！？]?")
BRACKET = regex.compile(r"[（(][^（）()]*[）)]")

Place = tuple[int, int]
Name = tuple[str, Place]


def preamble_to_basis(preamble: Sequence[Paragraph], grammar: Grammar) -> list[Name]:
    """The titles in 《》 that a sentence ending in 制定本规划 gives as grounds, each once, with its place.

    1. The outer marks are off, nested ones stay.
    2. A title before 根据, 依据, 按照, 结合 …, or what is itself being made (制定《…》), is no ground.
    """
    found: dict[str, Name] = {}
    for paragraph in preamble:
        for low, high in _sentences(paragraph.text):
            sentence = paragraph.text[low:high]
            if "《" not in sentence or not grammar.has(FILE, sentence, gives="making"):
                continue
            for name, (start, end) in _grounds(sentence, grammar):
                place = paragraph.span.start + low + start, paragraph.span.start + low + end
                found.setdefault(squeeze(name), (name, place))
    return list(found.values())


def text_to_titles(text: str, *, nested: bool = False) -> Iterator[tuple[str, int, int]]:
    """Every outermost 《…》 of a text: the words between the marks and their offsets; an unclosed 《 is passed over.

    With `nested` those inside another follow it: 《关于印发《规划》的通知》 gives the notice, then the plan.
    """
    open_at: list[int] = []
    closed: list[tuple[int, int]] = []
    for at, char in enumerate(text):
        if char == "《":
            open_at.append(at)
        elif char == "》" and open_at:
            start = open_at.pop()
            while not nested and closed and closed[-1][0] > start:
                closed.pop()
            closed.append((start, at))
    for start, end in sorted(closed):
        if end > start + 1:
            yield text[start + 1 : end], start + 1, end


def lines_to_attachments(
    lines: Sequence[FrontLine], tree: Tree, title: str | None, grammar: Grammar
) -> list[tuple[Attachment, Place]]:
    """What 附件：1．… 2．… names; `included` where an annex of that title stands in the file, or it is the plan's `title`."""
    held = {squeeze(v.node.title) for v in tree.visits if isinstance(v.node, Annex)} | {squeeze(title or "")} - {""}
    made: list[tuple[Attachment, Place]] = []
    for number, line in enumerate(lines):
        found = take(grammar, line, "attachment")
        if found is None or made:
            continue
        rest = [(found.fields["list"], line.start + found.spans["list"][0])]
        rest += [(below.text, below.start) for below in lines[number + 1 : number + 40]]
        for place, (text, start) in enumerate(rest):
            item = grammar.match(FILE, text, gives="attachment_item")
            if item is None and (place or len(text) > 80 or "。" in text):
                break
            named = item.fields["title"] if item else text
            low = start + (item.spans["title"][0] if item else 0)
            clean = named.strip("《》 　")
            made.append((Attachment(title=clean, included=squeeze(clean) in held), (low, low + len(named))))
            if item is None:
                break
    return made


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    for found in SENTENCE.finditer(text):
        yield found.span()


def _grounds(sentence: str, grammar: Grammar) -> Iterator[tuple[str, tuple[int, int]]]:
    cues = [m.end for m in grammar.find(FILE, sentence, gives="ground")]
    open_cue = False
    last_end = 0
    for title, start, end in text_to_titles(sentence):
        between = sentence[last_end : start - 1]
        # A new clause without a word of its own (，深化《…》) ends the list; 、 和 及 brackets and names go on with it.
        cued = any(last_end <= cue < start for cue in cues)
        if cued:
            open_cue = True
        elif last_end and ("，" in _unbracketed(between) and len(between) > 2):
            open_cue = False
        last_end = end + 1
        made = grammar.has(FILE, between, gives="made")
        if open_cue and not made:
            yield title, (start, end)


def _unbracketed(text: str) -> str:
    return BRACKET.sub("", text)
