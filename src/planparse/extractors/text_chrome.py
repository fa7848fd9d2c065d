"""A web page that was dumped as text: the site's navigation over the document and its footer under it. Pure, over the grammar."""

from collections.abc import Iterator, Sequence

import regex

from planparse.document import BLANKS
from planparse.grammar import Grammar

WEB, FURNITURE = "web", "furniture"
HEAD = 160
"""Lines within which the document begins; the longest navigation seen has 48."""
LINE = 60
"""Characters of a link, or of a site's line."""
DATE = "furniture.date_line"
CRUMB = 12
LEAST = 4
"""So many different site words stand together; one alone (搜索, 首页) may be the document's own."""
APART = 8
"""Lines between two words of one footer, before its surest marks are reached."""
SEPARATOR = regex.compile(r"[>＞»/›→]+")


def lines_to_chrome(lines: Sequence[str], grammar: Grammar) -> set[int]:
    """The places of the lines that are a site's and not the document's.

    1. Over the document, where at least four different site words stand among short lines: all down to the end of the
       breadcrumbs (当前位置：首页 > 政务公开); without breadcrumbs the site words alone.
    2. Under it, or between its two printings, where a run of short lines has four different site words and a footer's
       mark (ICP备, 版权所有) among them: the words, and all from the mark on to the end of the file, or to the last word.
    3. At the very end two and more different ones that stand together (【我要纠错】 责任编辑：王一 相关稿件).
    4. A numbered heading, an annex or document number, and whatever is long or a sentence end either.
    """
    worded = [at for at, line in enumerate(lines) if line.strip(BLANKS)]
    if len(worded) < 2 * LEAST:
        return set()
    head = _head(lines, worded, grammar)
    found = head | _tail(lines, worded, grammar)
    # The marks of a footer are rare words: one search tells most texts that they have none.
    if not grammar.has(WEB, "\n".join(lines), gives="site_footer"):
        return found
    return found | {at for run in _short_runs(lines, worded, grammar) for at in _foot(lines, run, grammar)}


def _is_site_word(line: str, grammar: Grammar) -> bool:
    words = line.strip(BLANKS)
    return len(words) <= LINE and any(
        grammar.match(WEB, words, gives=kind) is not None for kind in ("site_word", "site_place", "chrome_line")
    )


def _belongs_to_text(line: str, grammar: Grammar) -> bool:
    """A sentence, a numbered heading, what opens a document or an annex; a date or 来源： stands in either."""
    words = line.strip(BLANKS)
    if len(words) > LINE or words[-1] in "。；":
        return True
    if _is_site_word(words, grammar):
        return False
    if any((found.get("number") or "·") not in "·•" for found in grammar.candidates("headings", words)):
        return True
    opens = grammar.match(FURNITURE, words, gives="opens")
    return opens is not None and opens.rule != DATE and not grammar.has(WEB, words, gives="page_label")


def _different(lines: Sequence[str], places: Sequence[int]) -> int:
    """How many different words the lines at these places hold; a mark alone (|, >) is none."""
    return len({words for words in (lines[at].strip(BLANKS) for at in places) if regex.search(r"[\p{L}\d]", words)})


def _head(lines: Sequence[str], worded: Sequence[int], grammar: Grammar) -> set[int]:
    head: list[int] = []
    for at in worded[:HEAD]:
        if _belongs_to_text(lines[at], grammar):
            break
        head.append(at)
    words = [at for at in head if _is_site_word(lines[at], grammar)]
    if _different(lines, words) < LEAST:
        return set()
    last = _end_of_breadcrumbs(lines, head, grammar)
    return {*(at for at in head if at <= last), *words}


def _end_of_breadcrumbs(lines: Sequence[str], head: Sequence[int], grammar: Grammar) -> int:
    """The place of the last line of 当前位置： 首页 > 政务公开 > 法规公文, each word on a line; -1 where there are none."""
    last = -1
    for number, at in enumerate(head):
        words = lines[at].strip(BLANKS)
        opens = grammar.match(WEB, words, gives="site_place") is not None
        if not opens and not (words == "首页" and number + 1 < len(head) and _is_separator(lines[head[number + 1]])):
            continue
        end = number
        if opens and words[-1] in ":：" and end + 1 < len(head) and _is_site_word(lines[head[end + 1]], grammar):
            end += 1
        while end + 2 < len(head) and _is_separator(lines[head[end + 1]]) and _is_crumb(lines, head[end + 2]):
            end += 2
        if end + 1 < len(head) and _is_separator(lines[head[end + 1]]):
            end += 1
        last = head[end]
    return last


def _is_separator(line: str) -> bool:
    return SEPARATOR.fullmatch(line.strip(BLANKS)) is not None


def _is_crumb(lines: Sequence[str], at: int) -> bool:
    """A short word; the document's title ends some breadcrumbs, and is theirs only where it is printed again."""
    words = lines[at].strip(BLANKS)
    return len(words) <= CRUMB or any(line.strip(BLANKS) == words for line in lines[at + 1 : at + HEAD])


def _tail(lines: Sequence[str], worded: Sequence[int], grammar: Grammar) -> set[int]:
    tail: list[int] = []
    for at in reversed(worded):
        if not _is_site_word(lines[at], grammar):
            break
        tail.append(at)
    # Words of menus alone may be cells of a table (政务微信 政务微博); 【我要纠错】 and 责任编辑： are none.
    longer = [at for at in tail if len(lines[at].strip(BLANKS)) > 2]
    sure = any(grammar.match(WEB, lines[at].strip(BLANKS), gives="chrome_line") is not None for at in longer)
    return set(tail) if sure and _different(lines, longer) > 1 else set()


def _short_runs(lines: Sequence[str], worded: Sequence[int], grammar: Grammar) -> Iterator[list[int]]:
    """Runs of lines none of which belongs to the text."""
    run: list[int] = []
    for at in worded:
        if _belongs_to_text(lines[at], grammar):
            if len(run) >= LEAST:
                yield run
            run = []
        else:
            run.append(at)
    if len(run) >= LEAST:
        yield run


def _foot(lines: Sequence[str], run: Sequence[int], grammar: Grammar) -> Sequence[int]:
    marks = [n for n, at in enumerate(run) if _is_site_word(lines[at], grammar)]
    sure = [n for n in marks if grammar.has(WEB, lines[run[n]], gives="site_footer")]
    if not sure or _different(lines, [run[n] for n in marks]) < LEAST:
        return ()
    # Before the first sure mark its words alone are the site's, as far up as the next of them is near.
    above: list[int] = []
    for n in reversed([n for n in marks if n < sure[0]]):
        if (above[-1] if above else sure[0]) - n > APART:
            break
        above.append(n)
    head = [run[n] for n in reversed(above)]
    if run[-1] == max(at for at, line in enumerate(lines) if line.strip(BLANKS)):
        return [*head, *run[sure[0] :]]
    # Text follows: what stands right before it may be its title.
    end = max(n for n, at in enumerate(run) if n in marks or _is_link(lines[at]))
    return [*head, *run[sure[0] : end + 1]]


def _is_link(line: str) -> bool:
    """· 市民政局, or a sign to press."""
    words = line.strip(BLANKS)
    return words[0] in "·•" or not regex.search(r"[\p{L}\d]", words)
