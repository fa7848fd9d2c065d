"""What changed between two texts, word by word; and which texts of two lists are versions of one another.

Three tiers, each difflib on short lists: paragraphs, then clauses, then words (a Chinese character, or a run of Latin
letters or of digits), so that long sections cost little.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from rapidfuzz import fuzz

from planparse.models import Word
from planparse.models.comparison import WordOp

WORDS = re.compile(r"\d+(?:[.,．，]\d+)*[%％‰]?|[A-Za-z]+|.", re.DOTALL)
CLAUSES = re.compile(r"[^，。；：、！？,;\n]*[，。；：、！？,;\n]?")
SHINGLE = 5
COMMON = 24
"""A shingle that stands in more texts than this tells none of them from the others."""
ALIKE = 50.0
"""Least rapidfuzz ratio of two versions of one text; below it a reader sees two texts."""


def texts_to_words(old: str, new: str) -> list[Word]:
    """The runs of words that stayed, went and came, in reading order.

    The equal and deleted runs joined are `old`, the equal and inserted ones `new`.

    >>> [(w.op, w.text) for w in texts_to_words("到2025年建成20个站点", "到2025年建成35个站点")]
    [('equal', '到2025年建成'), ('delete', '20'), ('insert', '35'), ('equal', '个站点')]
    """
    runs = _runs(old.splitlines(keepends=True), new.splitlines(keepends=True), 0)
    return [Word(op=op, text=text) for op, text in _merged(runs)]


def _pieces(text: str, tier: int) -> list[str]:
    if tier == 1:
        return [c for c in CLAUSES.findall(text) if c]
    return WORDS.findall(text)


def _runs(old: Sequence[str], new: Sequence[str], tier: int) -> Iterator[tuple[WordOp, str]]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    blocks = _without_islands(matcher.get_opcodes()) if tier == 2 else matcher.get_opcodes()
    for op, a, b, c, d in blocks:
        gone, came = "".join(old[a:b]), "".join(new[c:d])
        if op == "equal":
            yield "equal", gone
        elif op == "replace" and tier < 2:
            yield from _runs(_pieces(gone, tier + 1), _pieces(came, tier + 1), tier + 1)
        else:
            yield "delete", gone
            yield "insert", came


Opcode = tuple[str, int, int, int, int]


def _without_islands(codes: Sequence[Opcode]) -> list[Opcode]:
    """One stray word that happens to be in both texts between two changes belongs to the change."""
    made: list[Opcode] = []
    for i, (op, a, b, c, d) in enumerate(codes):
        island = op == "equal" and b - a < 2 and 0 < i < len(codes) - 1
        if made and made[-1][0] == "replace" and (island or op != "equal"):
            made[-1] = ("replace", made[-1][1], b, made[-1][3], d)
        else:
            made.append(("replace" if op != "equal" or island else op, a, b, c, d))
    return made


def _merged(runs: Iterator[tuple[WordOp, str]]) -> list[tuple[WordOp, str]]:
    """Neighbouring runs of one kind as one; between two equal runs the deleted words first."""
    made: list[tuple[WordOp, str]] = []
    gone = came = ""
    for op, text in [*runs, ("equal", "")]:
        if op == "delete":
            gone += text
        elif op == "insert":
            came += text
        elif text or not made or gone or came:
            if not (gone or came) and made and made[-1][0] == "equal":
                made[-1] = ("equal", made[-1][1] + text)
            else:
                made += [("delete", gone), ("insert", came), ("equal", text)]
            gone = came = ""
            made = [m for m in made if m[1]]
    return made


def texts_to_pairs(old: Sequence[str], new: Sequence[str], *, least: float = ALIKE) -> list[tuple[int, int]]:
    """Which texts are versions of one another: pairs of indices, best first taken, each index once, in order of `old`.

    Candidates share rare character shingles, so that the cost is that of the texts and not of all pairs.
    """
    holders: dict[str, list[int]] = defaultdict(list)
    for i, text in enumerate(old):
        for shingle in sorted(_shingles(text)):
            holders[shingle].append(i)
    scored: list[tuple[float, int, int]] = []
    for j, text in enumerate(new):
        hits = Counter(i for s in sorted(_shingles(text)) if len(holders.get(s, ())) <= COMMON for i in holders.get(s, ()))
        for i, _ in hits.most_common(4):
            score = fuzz.ratio(old[i], text)
            if score >= least:
                scored.append((float(score), i, j))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in sorted(scored, key=lambda s: (-s[0], s[1], s[2])):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return sorted(pairs.items())


def _shingles(text: str) -> set[str]:
    word = "".join(text.split())
    size = min(SHINGLE, max(2, len(word) // 2))
    return {word[k : k + size] for k in range(max(1, len(word) - size + 1))} if word else set()
