"""Run-in headings that carry no counting number: ——坚持党的领导。…, and series of topic sentences (坚持系统观念。…)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import regex

from planparse.grammar import Grammar
from planparse.structure.blocks import Block, split_title

DASH_TITLE = 40
LIKE_LENGTH = 8
FIGURE = regex.compile(r"[0-9](?:[%％]|\p{Han}{0,2}以上)|[0-9]{3,}[^年]")
"""A goal with its figure (床位达到15800张以上。) is a sentence and no topic."""
LOST_BREAK = regex.compile(r"(?<=[。；])(?P<title>[^。，；：:!?0-9]{4,16}+)。(?=.{8})")


@dataclass(frozen=True, slots=True)
class RunIn:
    """An uncounted run-in heading: offsets of its paragraph and of the heading's end, its mark and its title."""

    start: int
    end: int
    heading_end: int
    mark: str
    title: str
    rule: str


def dash_to_run_in(block: Block, grammar: Grammar) -> RunIn | None:
    """A paragraph that opens with —— or a bullet and a topic sentence of its own."""
    if block.line is None or block.text[0] not in "—–－―─-●◆■▲★•·※♦❖":
        return None
    found = grammar.match("headings", block.text, gives="item")
    if found is None:
        return None
    at = found.spans["title"][0]
    title, length, form = split_title(block.text[at:])
    if form != "run_in" or len(title) > DASH_TITLE or any(c.isdigit() for c in title[:4]) or title[:1] in "到至":
        return None
    if FIGURE.search(title):
        return None
    mark = block.text[:at].strip()
    return RunIn(block.start, block.end, block.start + at + length, mark, title, found.rule)


def block_to_topic(block: Block, grammar: Grammar) -> RunIn | None:
    """A plain paragraph that opens with a short topic sentence and goes on."""
    if not block.plain or len(block.text) < 12:
        return None
    stop = block.text.find("。", 0, 34)
    if stop < 4 or stop == len(block.text) - 1:
        return None
    found = grammar.match("headings", block.text[: stop + 1], gives="topic")
    if found is None:
        return None
    return RunIn(block.start, block.end, block.start + stop + 1, "", found.fields["title"], found.rule)


def topics_to_series(topics: Mapping[int, RunIn], run: Sequence[int]) -> list[list[int]]:
    """Of a run of neighbouring paragraphs, those that are series: two or more topic sentences of like make."""
    series: list[list[int]] = []
    current: list[int] = []
    for index in [*run, None]:
        topic = topics.get(index) if index is not None else None
        if index is not None and topic is not None and (not current or _alike(topics[current[-1]].title, topic.title)):
            current.append(index)
            continue
        if len(current) >= 2 and _holds([topics[i].title for i in current]):
            series.append(current)
        current = [index] if index is not None and topic is not None else []
    return series


def _alike(a: str, b: str) -> bool:
    """Two topic sentences of like make: one opening, or one length and one number of clauses."""
    if a[:2] == b[:2]:
        return True
    return abs(len(a) - len(b)) <= LIKE_LENGTH and abs(a.count("，") - b.count("，")) <= 1


def _holds(titles: Sequence[str]) -> bool:
    """Two paragraphs are a series only with one opening, one ending, or nearly one length; three or more always are."""
    if len(titles) > 2:
        return True
    a, b = titles
    return a[:2] == b[:2] or a[-2:] == b[-2:] or (abs(len(a) - len(b)) <= 1 and a.count("，") == b.count("，") and len(a) <= 16)


def cut_lost_breaks(run_in: RunIn, text: str, opening: str) -> list[RunIn]:
    """A paragraph in which the series' opening recurs after a 。, cut there: the paragraph break was lost.

    `text` is the document's text, `opening` what the titles of the series begin with.
    """
    cuts: list[tuple[int, int, int, str]] = []
    for found in LOST_BREAK.finditer(text, run_in.heading_end, run_in.end):
        title = found.group("title")
        mark = "——" if title.startswith("——") else ""
        bare = title.removeprefix(mark)
        if (mark and mark == run_in.mark) or (opening and not run_in.mark and bare.startswith(opening) and len(bare) <= 14):
            cuts.append((found.start("title"), found.end(), len(mark), bare))
    pieces = [run_in]
    for start, heading_end, _, title in cuts:
        last = pieces[-1]
        pieces[-1] = RunIn(last.start, start, last.heading_end, last.mark, last.title, last.rule)
        pieces.append(RunIn(start, run_in.end, heading_end, last.mark, title, last.rule))
    return pieces


def common_opening(titles: Sequence[str]) -> str:
    """The two characters that three or more titles of a series begin with; blank where they do not."""
    if len(titles) < 3:
        return ""
    openings = {t[:2] for t in titles}
    return openings.pop() if len(openings) == 1 else ""
