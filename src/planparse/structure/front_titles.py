"""The titles in a plan's head: of the notice that brings it, and its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from planparse.grammar import Grammar, Match
from planparse.models import Node, Paragraph
from planparse.structure.front_lines import FILE, FrontLine, captions, squeeze, take, tidy

Place = tuple[int, int]
NOT_TITLE = ("masthead", "number", "copied", "addressed", "printed", "date_line", "signature", "label", "attachment",
             "note", "addressees", "draft")  # fmt: skip
LONGEST_LINE = 90
MOST_LINES = 6
ODD_WORDS, ALIKE = 4, 0.9
OPENERS, CLOSERS = "《“（(〈‘", "》”）)〉’"


@dataclass(frozen=True, slots=True)
class Title:
    """A title with the places of its lines; `at` is the number of its first line, `to` of the line after it."""

    text: str
    places: tuple[Place, ...]
    type: str | None = None
    draft: bool = False
    at: int = -1
    to: int = -1
    years: str | None = None


def lines_to_notice(lines: Sequence[FrontLine], grammar: Grammar) -> Title | None:
    """The title of the covering notice, its lines joined, the issuing bodies printed above 关于 with it."""
    for first, last in _title_runs(lines, grammar):
        joined = _join(lines[first : last + 1], grammar)
        found = grammar.match(FILE, joined, gives="notice_title")
        if found is None or not _balanced(joined) or (squeeze(joined).startswith(("印发", "转发", "发布")) and first):
            continue
        while first > 0 and not found.get("bodies") and _names_bodies(lines[first - 1].text, grammar):
            first -= 1
        found = grammar.match(FILE, _join(lines[first : last + 1], grammar), gives="notice_title")
        return _title(lines, first, last + 1, found, grammar)
    return None


def _title_runs(lines: Sequence[FrontLine], grammar: Grammar) -> Iterator[tuple[int, int]]:
    """The first and last of every few lines that may be one title together, by their last line, the shorter run first."""
    for last in range(len(lines)):
        for first in range(last, max(-1, last - MOST_LINES), -1):
            if not _titled(lines[first], grammar):
                break
            yield first, last


def notice_to_name(notice: Title, grammar: Grammar) -> str | None:
    """The name of the plan that the notice brings (关于印发《…》的通知): without 《》, 征求意见稿 and blanks."""
    found = grammar.match(FILE, notice.text, gives="notice_title")
    inner = (found.get("inner") if found else None) or ""
    inner = inner.replace("〈", "《").replace("〉", "》") if inner[:1] == "〈" else inner
    if "《" in inner:
        inner = _outer(inner)
    named = grammar.match(FILE, squeeze(inner), gives="plan_title")
    return _without_draft(squeeze(inner), grammar) if named else None


def lines_to_title(lines: Sequence[FrontLine], grammar: Grammar, *, notice: Title | None) -> Title | None:
    """The plan's own title, its lines joined; the one that the notice names is preferred to any other."""
    wanted = notice_to_name(notice, grammar) if notice else None
    best: Title | None = None
    for last, line in enumerate(lines):
        if (notice and notice.at <= last < notice.to) or not _titled(line, grammar):
            continue
        candidates: list[Title] = []
        for first in range(last, max(-1, last - MOST_LINES), -1):
            if (notice and notice.at <= first < notice.to) or not _titled(lines[first], grammar):
                break
            if first < last and _complete(lines[first].text, grammar):
                break
            joined = _join(lines[first : last + 1], grammar)
            found = grammar.match(FILE, joined, gives="plan_title")
            news = grammar.match(FILE, joined, gives="news")
            if found and not news and _balanced(joined) and not _names_bodies(lines[first].text, grammar):
                title = _title(lines, first, last + 1, found, grammar)
                if wanted and squeeze(_bare(title.text)) == squeeze(_bare(wanted)):
                    return _with_years(title, lines, grammar)
                candidates.append(title)
        if candidates and best is None:
            best = _longest(candidates, lines, grammar)
    if best and wanted and notice and best.at > notice.at and _nearly(best.text, wanted):
        # The notice drops a word of the title or has another one; the title as printed stands.
        return _with_years(best, lines, grammar)
    if best is None or (wanted and squeeze(wanted) not in squeeze(best.text)):
        return _named_in_notice(notice, wanted, grammar) if notice and wanted else best and _with_years(best, lines, grammar)
    return _with_years(best, lines, grammar)


def lines_to_own_title(lines: Sequence[FrontLine], grammar: Grammar) -> Title | None:
    """The title of a notice that brings no plan and is the measure itself (…关于加强毕业生就业工作的通知)."""
    for first, last in _title_runs(lines, grammar):
        found = grammar.match(FILE, _join(lines[first : last + 1], grammar), gives="own_title")
        if found:
            return _title(lines, first, last + 1, found, grammar)
    return None


def lines_to_first_title(lines: Sequence[FrontLine], grammar: Grammar) -> Title | None:
    """The first line of all where it names a region or a year and what is done, of a kind that is in no list (…重点任务)."""
    first = next((n for n, line in enumerate(lines) if line.row is None), None)
    if first is None or not 8 <= len(lines[first].text) <= LONGEST_LINE // 2 or not _titled(lines[first], grammar):
        return None
    found = grammar.match(FILE, lines[first].text, gives="first_title")
    return (
        None if found is None or _names_bodies(lines[first].text, grammar) else _title(lines, first, first + 1, found, grammar)
    )


def unprinted_title(nodes: Sequence[Node], preamble: Sequence[Paragraph], grammar: Grammar) -> Title | None:
    """The name that a plan without a printed title gives itself: in its preamble, else over its indicator table."""
    for paragraph in preamble:
        for found in grammar.find(FILE, paragraph.text, gives="own_name"):
            name = squeeze(found.fields["name"])
            typed = grammar.match(FILE, name, gives="plan_title")
            if typed:
                low, high = found.spans["name"]
                return Title(name, ((paragraph.span.start + low, paragraph.span.start + high),), typed.get("type"))
    for caption, start, _ in captions(nodes):
        taken = grammar.match(FILE, caption, gives="caption_title")
        typed = grammar.match(FILE, taken.fields["name"], gives="plan_title") if taken else None
        if taken and typed:
            low, high = taken.spans["name"]
            return Title(tidy(taken.fields["name"]), ((start + low, start + high),), typed.get("type"))
    return None


def _titled(line: FrontLine, grammar: Grammar) -> bool:
    text = line.text
    if len(text) > LONGEST_LINE or line.row is not None or text[-1] in "。；，：:;,、" or "。" in text:
        return False
    return not any(take(grammar, line, gives) for gives in NOT_TITLE)


def _names_bodies(text: str, grammar: Grammar) -> bool:
    return all(grammar.match(FILE, part, gives="body") for part in text.split())


def _complete(text: str, grammar: Grammar) -> bool:
    """A line that is a title of its own ends the one above it."""
    return _balanced(text) and grammar.match(FILE, text, gives="plan_title") is not None and len(text) > 8


def _balanced(text: str) -> bool:
    return all(text.count(a) == text.count(b) for a, b in zip(OPENERS, CLOSERS))


def _longest(candidates: Sequence[Title], lines: Sequence[FrontLine], grammar: Grammar) -> Title:
    """Lines above belong to the title while they are long enough to have been broken for want of room, or name a region."""
    chosen = candidates[0]
    for wider in candidates[1:]:
        above = lines[wider.at].text
        named = grammar.first(FILE, above, gives="region")
        region = named is not None and (named.start, named.end) == (0, len(above)) and above not in chosen.text
        if len(above) >= 7 or (region and not grammar.has(FILE, chosen.text, gives="region")):
            chosen = wider
    return chosen


def _with_years(title: Title, lines: Sequence[FrontLine], grammar: Grammar) -> Title:
    """（2021—2023年） and （征求意见稿） on the lines below belong to the title or say that it is a draft."""
    text, places, draft, to = title.text, title.places, title.draft, title.to
    while 0 <= to < len(lines):
        line = lines[to]
        years = grammar.first(FILE, line.text, gives="period")
        if years and line.text[0] in "（(" and line.text[-1] in "）)" and years.get("start") and len(line.text) < 20:
            text, places = text + squeeze(line.text), (*places, (line.start, line.end))
        elif take(grammar, line, "draft"):
            draft = True
        else:
            break
        to += 1
    return Title(text, places, title.type, draft, title.at, to, title.years)


def _named_in_notice(notice: Title, name: str, grammar: Grammar) -> Title:
    typed = grammar.match(FILE, name, gives="plan_title")
    return Title(name, notice.places, typed.get("type") if typed else None, notice.draft)


def _title(lines: Sequence[FrontLine], first: int, last: int, found: Match | None, grammar: Grammar) -> Title:
    joined = _join(lines[first:last], grammar)
    draft = found.get("draft") if found else None
    ends = [found.spans[key][0] - (key == "draft") for key in ("draft", "rest") if key in found.spans] if found else []
    text = tidy(joined[: min(ends, default=len(joined))])
    places = tuple((line.start, line.end) for line in lines[first:last])
    kind = found.get("type") if found else None
    return Title(text, places, kind, bool(draft), first, last, found.get("years") if found else None)


def _join(lines: Sequence[FrontLine], grammar: Grammar) -> str:
    """Lines joined as one; only between bodies that sign together (中共中央／国务院) a blank stands."""
    text = lines[0].text
    for above, line in pairwise(lines):
        between = " " if _names_bodies(above.text, grammar) and _names_bodies(line.text, grammar) else ""
        text += between + line.text
    return text


def _outer(text: str) -> str:
    """What stands between the first 《 and the 》 that closes it."""
    start = text.index("《")
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] == "《") - (text[at] == "》")
        if depth == 0:
            return text[start + 1 : at]
    return text[start + 1 :]


def _without_draft(text: str, grammar: Grammar) -> str:
    for mark in grammar.find(FILE, text, gives="draft_mark"):
        return text[: mark.start] + text[mark.end :]
    return text


def _nearly(text: str, other: str) -> bool:
    a, b = squeeze(_bare(text)), squeeze(_bare(other))
    return abs(len(a) - len(b)) <= ODD_WORDS and SequenceMatcher(None, a, b, autojunk=False).ratio() > ALIKE


def _bare(text: str) -> str:
    return text.translate(str.maketrans("", "", "《》〈〉<>"))
