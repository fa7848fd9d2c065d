"""Runs of text with their looks → one paragraph: blanks collapsed as a browser does it, and the look of most of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import regex

from planparse.document import BLANKS, Line
from planparse.extractors.html_style import PLAIN_SIZE, Look

SPACES = regex.compile(r"[ \t\r\n\f]+")
ODD_BLANKS = {ord(char): " " for char in "\xa0\u2028\u2029\x0b\x85"} | {ord(char): None for char in "\u200b\ufeff"}
WIDE = regex.compile(r"[\u2e80-\u303f\u3041-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffee“”‘’—…\U00020000-\U0003fffd]")
# What collapses must be told from what does not (nbsp) until the paragraph is whole.
HARD = "\x01"
HEADINGS = {f"h{n}": n - 1 for n in range(1, 7)}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a paragraph: its text, how it stands, and whether it leads to another page."""

    text: str
    look: Look
    linked: bool


def text_to_run(text: str, look: Look, *, linked: bool, hard_breaks: bool) -> Run:
    """A text node as a run: source line breaks resolved, nbsp kept from collapsing, marks of no width dropped."""
    if not hard_breaks and ("\n" in text or "\r" in text):
        text = SPACES.sub(_soft_break, text)
    text = text.replace(HARD, " ")
    text = SPACES.sub(lambda found: HARD * len(found.group()), text) if look.keeps_blanks else SPACES.sub(" ", text)
    return Run(text.replace("\xa0", HARD).translate(ODD_BLANKS), look, linked)


def _soft_break(found: "regex.Match[str]") -> str:
    """A source line break between two wide characters is nothing; any other run of blanks is one blank."""
    text, start, end = found.string, found.start(), found.end()
    broken = "\n" in found.group() or "\r" in found.group()
    inside = start > 0 and end < len(text)
    return "" if broken and inside and WIDE.match(text[start - 1]) and WIDE.match(text[end]) else " "


def runs_to_text(runs: Sequence[Run]) -> str:
    """The paragraph's words, trimmed; "" where it is blank."""
    return SPACES.sub(" ", "".join(run.text for run in runs)).replace(HARD, " ").strip(BLANKS)


def runs_to_line(runs: Sequence[Run], style: str) -> Line:
    """The look of a paragraph that has words; its offsets are the builder's to fill in.

    Size, font and weight are those of most characters; the indent is the first run's, with typed full-width blanks
    counted as characters and nbsp as halves.
    """
    weights: Counter[Look] = Counter()
    for run in runs:
        weights[run.look] += count_solid(run.text)
    looks = [(look, count) for look, count in weights.items() if count]
    size = _most((look.size, count) for look, count in looks)
    # A control character is no blank of ours, and none of its own width either.
    first = next((run.look for run in runs if count_solid(run.text)), runs[0].look)
    raw = "".join(run.text for run in runs)
    head = raw[: len(raw) - len(raw.lstrip(BLANKS + HARD))]
    typed = (head.count("\u3000") + head.count(HARD) / 2) * (size or PLAIN_SIZE)
    return Line(
        0,
        0,
        indent=round((first.indent or 0.0) + typed, 2) if first.indent is not None or typed else None,
        centred=first.centred,
        size=size,
        bold=all(look.bold for look, _ in looks or [(first, 0)]),
        font=_most((look.font, count) for look, count in looks),
        style=style,
        outline_level=HEADINGS.get(style),
    )


def count_solid(text: str) -> int:
    """How many characters of a run are no blanks."""
    return len("".join(text.replace(HARD, " ").split()))


def _most(pairs: Iterable[tuple[T | None, int]]) -> T | None:
    counts: Counter[T] = Counter()
    for value, count in pairs:
        if value is not None:
            counts[value] += count
    return counts.most_common(1)[0][0] if counts else None
