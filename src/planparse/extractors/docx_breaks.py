"""Breaks inside a Word paragraph → the lines that it means: a break in mid-sentence is undone, others part lines."""

from planparse.extractors.docx_runs import BREAK
from planparse.grammar import Grammar

# A printed line of a government document holds 28 characters (GB/T 9704-2012, 5.2.3); a broken one is nearly full.
FULL_LINE = 20
NEARLY_FULL = 0.85
GOES_ON_AFTER = set("，、,（(《“‘〈〔【")
GOES_ON_BEFORE = set("，。、；：）)》”’〉〕】！？%％")


def breaks_to_lines(text: str, *, heading: bool, centred: bool, grammar: Grammar) -> list[str]:
    """The lines of a paragraph whose words hold BREAK where Word breaks the line or the page.

    A heading (by its style) is one line, unless what follows is a numbered heading itself; a centred paragraph keeps
    its lines, since a title's lines are joined later, by what they say.
    """
    pieces = [piece.strip() for piece in text.split(BREAK)]
    pieces = [piece for piece in pieces if piece]
    longest = max(map(len, pieces), default=0)
    lines: list[list[str]] = []
    before = ""
    for piece in pieces:
        if before and _goes_on(before, piece, longest, heading=heading, centred=centred, grammar=grammar):
            lines[-1].append(_glue(before, piece) + piece)
        else:
            lines.append([piece])
        before = piece
    return ["".join(line) for line in lines]


def _goes_on(before: str, piece: str, longest: int, *, heading: bool, centred: bool, grammar: Grammar) -> bool:
    if (centred and not heading) or grammar.candidates("headings", piece):
        return False
    if heading or before[-1] in GOES_ON_AFTER or piece[0] in GOES_ON_BEFORE:
        return True
    full = len(before) >= max(FULL_LINE, NEARLY_FULL * longest)
    return full and _is_han(before[-1]) and _is_han(piece[0])


def _glue(before: str, piece: str) -> str:
    """Latin words keep a blank between them."""
    return " " if before[-1].isascii() and before[-1].isalnum() and piece[0].isascii() and piece[0].isalnum() else ""


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"
