"""Indicator tables whose cells are parted by blanks alone → rows of cells, told by the header's words.

`headed_to_block` takes a line that holds nothing but header words (序号 指 标 2030 年目标 属性) and the rows under it. A
row's blanks part words as well as cells, so each row is laid under the header as a whole: the reading in which every
cell suits its column wins. A row may be printed over several lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from planparse.document import BLANKS
from planparse.extractors.printed_lines import PrintedLine
from planparse.extractors.text_headers import line_to_header
from planparse.extractors.text_rows import Block, Cell, TableBlock, is_blank, next_worded
from planparse.grammar import Grammar

TOKEN = regex.compile(r"[^\s\u3000]+")
HAN = regex.compile(r"[\p{Han}A-Za-z]")
SEQUENCE = regex.compile(r"[（(]?[0-9０-９]{1,3}(?:[.．][0-9]{1,2})?[）)]?[.．、]?")
OWN_NUMBER = regex.compile(r"(?:[（(]?[0-9０-９]{1,3}[）)][.．、]?|[0-9０-９]{1,3}[.．、])(?![0-9])")
NOTE = regex.compile(r"[（(]?(?:注|备注|说明|资料来源|数据来源)[:：]")
UNIT_END = regex.compile(r"[（(][^（()）]{1,16}[)）]$")
SENTENCE = regex.compile(r"[。；]$")
MIN_ROWS = 3
LONG_NAME, SHORT_REST = 9, 6
"""Characters of a broken name's first line and of its rest."""
MAX_TOKENS = 40
MAX_LINES = 4  # A row printed over more lines is none.
GAP = 6  # Empty lines at a page's end, where page numbers stood.
NEVER = -99.0
GOOD = 2.0


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int
    wide: bool
    """Whether two blanks or more, or a line's end, stand before it."""


def headed_to_block(lines: Sequence[PrintedLine], at: int, grammar: Grammar) -> tuple[list[Block] | None, int]:
    """The table under the header in line `at`, and where it ends; None where line `at` heads no three rows."""
    text = lines[at].text
    header = line_to_header(text, grammar)
    if header is None:
        return None, at + 1
    roles = [cell.role for cell in header.cells]
    first = tuple((text[c.start : c.end], n, 1, 1) for n, c in enumerate(header.cells))
    rows: list[tuple[Cell, ...]] = [first]
    places: list[tuple[PrintedLine, ...]] = [(lines[at],)]
    aside: list[tuple[str, str, int | None]] = []
    end, full, kept = at + 1, 0, 1
    while (after := next_worded(lines, end)) < len(lines) and after - end <= GAP:
        words = lines[after].text.strip(BLANKS)
        if "".join(words.split()) == "".join(text.split()):
            aside.append((words, "repeated_header", lines[after].number))
            end = after + 1
            continue
        found = _broken_name(lines, after, roles, grammar) or _row_at(lines, after, roles, grammar)
        if found is not None:
            cells, stop = found
            rows.append(cells)
            places.append(tuple(lines[n] for n in range(after, stop) if not is_blank(lines[n])))
            full += 1
            end, kept = stop, len(rows)
            continue
        if not _is_group(lines, after, roles, grammar):
            break
        rows.append(((words, 0, 1, len(roles)),))
        places.append((lines[after],))
        end = after + 1
    # A line behind the last row was no group.
    if kept < len(rows):
        end = next(n for n in range(at, len(lines)) if lines[n] is places[kept][0])
    if full < MIN_ROWS:
        return None, max(at + 1, end)
    aside = [one for one in aside if one[2] is None or end >= len(lines) or one[2] < (lines[end].number or 0)]
    return [TableBlock(tuple(rows[:kept]), tuple(places[:kept]), tuple(aside))], end


def _row_at(
    lines: Sequence[PrintedLine], at: int, roles: Sequence[str], grammar: Grammar
) -> tuple[tuple[Cell, ...], int] | None:
    """The row that begins with line `at` and where it ends: the fewest lines that fill every column."""
    text, end = lines[at].text, at + 1
    lenient = _lay_out(text, roles, grammar, complete=False)
    for _ in range(MAX_LINES):
        if SENTENCE.search(text.strip(BLANKS)) or NOTE.match(text.strip(BLANKS)):
            break
        made = _lay_out(text, roles, grammar, complete=True)
        if made is not None:
            return made, end
        after = next_worded(lines, end)
        # The rest of a row has no number of its own, and is no row for itself.
        if after >= len(lines) or after - end > GAP or _opens_row(lines[after].text, roles, grammar):
            break
        text, end = f"{text}\n{lines[after].text.strip(BLANKS)}", after + 1
    return (lenient, at + 1) if lenient is not None else None


def _broken_name(
    lines: Sequence[PrintedLine], at: int, roles: Sequence[str], grammar: Grammar
) -> tuple[tuple[Cell, ...], int] | None:
    """The row that begins with the first line of a long name; the line below has its last few words and the values.

    Where rows are numbered the number tells; else a short line over a row is a group, a long one over a short name none.
    """
    words = lines[at].text.strip(BLANKS)
    if "sequence" in roles or len(words) < LONG_NAME or len(words.split()) > 1 or OWN_NUMBER.match(words):
        return None
    after = next_worded(lines, at + 1)
    if after >= len(lines) or after - at > GAP:
        return None
    below = _lay_out(lines[after].text, roles, grammar, complete=True)
    if below is None or len(below[roles.index("name")][0]) > SHORT_REST:
        return None
    made = _lay_out(f"{words}\n{lines[after].text.strip(BLANKS)}", roles, grammar, complete=True)
    return (made, after + 1) if made else None


def _opens_row(text: str, roles: Sequence[str], grammar: Grammar) -> bool:
    words = text.strip(BLANKS)
    token = TOKEN.match(words)
    numbered = token is not None and SEQUENCE.fullmatch(token.group()) is not None and "sequence" in roles
    rest = words[token.end() :].strip() if token else ""
    if numbered and HAN.match(rest):
        return True
    return OWN_NUMBER.match(words) is not None or _lay_out(text, roles, grammar, complete=True) is not None


def _is_group(lines: Sequence[PrintedLine], at: int, roles: Sequence[str], grammar: Grammar) -> bool:
    """Whether a line names the group of the rows below: a short name, and a row comes behind it."""
    words = lines[at].text.strip(BLANKS)
    if len(words) > 30 or not grammar.match("tables", words, gives="flat_group"):
        return False
    after = next_worded(lines, at + 1)
    return after < len(lines) and after - at <= GAP and _row_at(lines, after, roles, grammar) is not None


def _lay_out(text: str, roles: Sequence[str], grammar: Grammar, *, complete: bool) -> tuple[Cell, ...] | None:
    """The words of a row under the columns, so that they suit them best; None where they do not."""
    tokens = _tokens(text)
    if not 2 <= len(tokens) <= MAX_TOKENS:
        return None
    count = len(roles)
    # best[c][t]: score of the first c columns over the first t tokens, and where column c begins.
    best: list[list[tuple[float, int]]] = [[(0.0, 0)] + [(NEVER, 0)] * len(tokens)]
    cache: dict[tuple[int, int], list[float]] = {}
    for c, role in enumerate(roles):
        row: list[tuple[float, int]] = []
        for t in range(len(tokens) + 1):
            options = [(NEVER, 0)]
            for s in range(t + 1):
                before = best[c][s][0]
                if before > NEVER / 2:
                    score = _empty(role, complete=complete) if s == t else _suits(text, tokens[s:t], role, grammar, cache, s, t)
                    options.append((before + score, s))
            row.append(max(options, key=lambda one: (one[0], one[1])))
        best.append(row)
    if best[count][len(tokens)][0] < GOOD:
        return None
    cells: list[Cell] = []
    t = len(tokens)
    for c in range(count, 0, -1):
        s = best[c][t][1]
        words = text[tokens[s].start : tokens[t - 1].end] if s < t else ""
        cells.append((words, c - 1, 1, 1))
        t = s
    filled = sum(1 for words, n, *_ in cells if words and roles[n] == "value")
    return tuple(reversed(cells)) if filled else None


def _tokens(text: str) -> list[_Token]:
    made = []
    at = 0
    for found in TOKEN.finditer(text):
        gap = text[at : found.start()]
        made.append(_Token(found.group(), found.start(), found.end(), len(gap) > 1 or "\u3000" in gap))
        at = found.end()
    return made


def _empty(role: str, *, complete: bool) -> float:
    if role in ("name",):
        return NEVER
    if complete:
        return NEVER if role in ("value", "nature", "sequence") else -1.0
    return {"value": -2.0, "nature": -1.5, "sequence": -1.0, "unit": -2.0}.get(role, -0.5)


def _suits(
    text: str,
    tokens: Sequence[_Token],
    role: str,
    grammar: Grammar,
    cache: dict[tuple[int, int], list[float]],
    first: int,
    last: int,
) -> float:
    """How well words suit a column; what they are is asked once for each stretch of the row."""
    if (first, last) not in cache:
        cache[first, last] = [0.0] * 7
        words = text[tokens[0].start : tokens[-1].end]
        folded = "".join(words.split())
        is_value = grammar.match("tables", " ".join(words.split()), gives="flat_value") is not None
        is_words = grammar.match("tables", folded, gives="flat_words") is not None
        cache[first, last] = [
            1.0 if len(words) <= 8 and grammar.match("indicators", words, gives="nature") else 0.0,
            1.0 if len(tokens) == 1 and SEQUENCE.fullmatch(words) else 0.0,
            1.0 if len(words) <= 14 and grammar.match("quantities", folded, gives="unit") else 0.0,
            1.0 if is_value else 0.0,
            1.0 if is_words else 0.0,
            1.0 if UNIT_END.search(words) else 0.0,
            sum(3.0 if token.wide and "\n" not in text[a.end : token.start] else 0.2 for a, token in pairwise(tokens)),
        ]
    nature, sequence, unit, value, worded, bracket, cost = cache[first, last]
    han = HAN.search(text, tokens[0].start, tokens[-1].end) is not None
    match role:
        case "nature":
            return 4.0 - cost if nature else NEVER
        case "sequence":
            return 3.0 - cost if sequence else NEVER
        case "unit":
            return 3.0 - cost if unit else -4.0 - cost
        case "value":
            if nature:
                return NEVER
            return (3.0 if value else 1.5 if worded else -2.5) - cost
        case "name":
            inner = 1.5 * any(grammar.match("tables", t.text, gives="flat_value") is not None for t in tokens[1:])
            return NEVER if nature or not han else 1.0 + bracket - inner - cost
        case _:
            return 0.3 - cost if han and not nature else -2.0 - cost
