"""The figure of a promise → what it counts and what is done to it."""

from collections.abc import Iterator, Sequence

import regex

from planparse.facts.commitment_clauses import FILE, Clause
from planparse.facts.quantities import Figure
from planparse.grammar import Grammar, Match

NOUN_END = regex.compile(r"[，,；;（(]|(?<![及级])以上|左右|和(?=\s?[0-9一二两三])|以?及(?=\s?[0-9])")
NAMES = regex.compile(r"[、和与]|以及")
LISTED = regex.compile(r"(?<=[0-9０-９]\s?\S{1,4})[、和]")
RATES = ("%", "‰", "元", "倍", "番", "个百分点")
REACHING = ("达到", "保持", "下降", "增长")
RATE_ENDS = ("比例", "比重", "占比", "率", "排放量", "浓度", "强度", "总量", "面积", "规模", "收入", "水平")
"""Ends of a measure that the names before it share where they have none of their own (城市和县城污水处理率)."""
LONGEST = 50
LONGEST_PLACE = 4
SHORTEST_NOUN = 3
ADDING = ("新增", "新建")


def figures_to_measures(figures: Sequence[Figure], clause: Clause, text: str, grammar: Grammar) -> list[str | None]:
    """What each figure of a clause counts, in their order.

    Behind 分别 the names before it are given out one by one (甲、乙企业分别达到3家、5家); names that share their end
    (城市和县城污水处理率) stay together.
    """
    found = [figure_to_measure(f, clause, text, grammar) for f in figures]
    at = text.find("分别", clause.core, clause.end)
    behind = [i for i, f in enumerate(figures) if at >= 0 and f.start > at]
    if len(behind) < 2:
        return found
    whole = _bare(text[clause.core : at], grammar)
    if whole is None:
        return found
    names = [n for n in NAMES.split(whole) if n] or [whole]
    end = next((e for e in RATE_ENDS if names[-1].endswith(e)), "")
    one_by_one = len(names) == len(behind) and all(n.endswith(end) for n in names)
    for place, i in enumerate(behind):
        found[i] = names[place] if one_by_one else whole
    return found


def figure_to_action(figure: Figure, clause: Clause, text: str, grammar: Grammar) -> str | None:
    """What is done, by the vocabulary: the word that reaches the figure (达到), else the clause's first verb."""
    before = text[clause.core : figure.number_start]
    actions = list(actions_in(before, grammar)) or list(actions_in(text[figure.end : clause.end], grammar))
    known = [(m, grammar.canonical("actions", m.fields["word"])) for m in actions]
    reaching = [word for m, word in known if word in REACHING and len(before) - m.end <= 2]
    return reaching[-1] if reaching else known[0][1] if known else None


def figure_to_measure(figure: Figure, clause: Clause, text: str, grammar: Grammar) -> str | None:
    """What a figure counts: the noun behind a counted number (2个→示范点), the words before a rate (入学率)."""
    after = text[figure.end : clause.end].strip()
    before = text[clause.core : figure.start].rstrip()
    if after and (figure.unit not in RATES or (figure.unit == "元" and after.startswith("的"))):
        noun = _counted(after).strip("的 ")
        if 1 < len(noun) <= 40:
            return noun
    return _bare(LISTED.split(before)[-1], grammar)


def _bare(words: str, grammar: Grammar) -> str | None:
    """The words before a figure as a measure: without the verbs that reach it, and what only opens the clause."""
    noun = _without(grammar, "measure_tail", words)
    verbed = noun
    last = list(actions_in(noun, grammar))
    if last and last[-1].end == len(noun):
        word = grammar.canonical("actions", last[-1].fields["word"])
        if word in (*REACHING, "提供"):
            noun = _without(grammar, "measure_tail", noun[: last[-1].start])
    bare = _without(grammar, "measure_head", noun)
    # What the verbs were found in is seldom changed since.
    first = (last[0] if last else None) if bare == verbed else grammar.first(FILE, bare, gives="action")
    noun = bare
    adds = first is not None and grammar.canonical("actions", first.fields["word"]) in ADDING
    if first and first.end < len(noun) and (first.start == 0 or (adds and _is_place(noun, first))):
        # 城区新建小公园: where it is done is no part of what is counted.
        noun = noun[first.end :]
    return noun if 1 < len(noun) <= LONGEST else None


def _is_place(noun: str, verb: Match) -> bool:
    """城区 before 新建小公园; in 城镇新增就业 all of it is what is counted."""
    return verb.start <= LONGEST_PLACE and len(noun) - verb.end >= SHORTEST_NOUN


def _counted(after: str) -> str:
    """The noun behind a counted number; 、 ends it, unless what it heads comes only after 的 (针对甲、乙的示范区)."""
    noun = NOUN_END.split(after)[0]
    head, parted, _ = noun.partition("、")
    if parted and "的" in noun[len(head) :] and not any(c.isdecimal() for c in noun):
        return noun
    return head


def actions_in(words: str, grammar: Grammar) -> Iterator[Match]:
    """The words for what is done, as they stand."""
    yield from grammar.find(FILE, words, gives="action")


def _without(grammar: Grammar, gives: str, words: str) -> str:
    """The words without what a rule takes at one of their ends."""
    found = grammar.first(FILE, words, gives=gives)
    return words[: found.start] + words[found.end :] if found else words
