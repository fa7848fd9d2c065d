"""What a tool gave against samples/*/truth.json. Every doubt is decided for the tool; docs/comparison.md says how."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

WIDTH = str.maketrans("（）：；，．％！？［］０１２３４５６７８９“”‘’", "():;,.%!?[]0123456789\"\"''")
NUMBER = re.compile(
    r"第[一二三四五六七八九十\d]+[章节]|[一二三四五六七八九十]+[、是]|\([一二三四五六七八九十]+\)|\d+(?:\.\d+)*[.、]?"
)


def folded(words: object) -> str:
    """Blanks and points after a number out, width folded: two printings of the same words compare equal."""
    return re.sub(r"\s+", "", str(words or "")).translate(WIDTH).rstrip("。.")


def heading_key(words: object) -> str:
    """Number and title as one, however the number is parted from the title."""
    return re.sub(r"[、.,:]", "", folded(words))


def title_key(words: object) -> str:
    """The title without its number."""
    return heading_key(NUMBER.sub("", folded(words), count=1) if NUMBER.match(folded(words)) else words)


def nested(headings: Iterable[tuple[int, str]]) -> list[tuple[str, str | None]]:
    """(heading, the heading above it): the nearest one before it of a lesser level."""
    open_headings: list[tuple[int, str]] = []
    found = []
    for level, words in headings:
        while open_headings and open_headings[-1][0] >= level:
            open_headings.pop()
        found.append((words, open_headings[-1][1] if open_headings else None))
        open_headings.append((level, words))
    return found


def f1(meant: Counter[Any], given: Counter[Any]) -> tuple[int, int, int]:
    """(hits, meant, given), to be added up over the files."""
    return sum((meant & given).values()), sum(meant.values()), sum(given.values())


def rate(parts: Sequence[tuple[int, int, int]]) -> float | None:
    """F1 of the sums; None where the tool gave no such thing in any file."""
    hits, meant, given = (sum(column) for column in zip(*parts, strict=True)) if parts else (0, 0, 0)
    return 2 * hits / (meant + given) if parts and meant + given else None


def score_file(given: Mapping[str, Any], truth: Mapping[str, Any]) -> dict[str, tuple[int, int, int]]:
    """One file's sums for each column that the tool gives."""
    scores = {}
    standing = [s for s in truth["sections"] if s["kind"] == "heading"]
    run_ins = {heading_key(s["number"] + s["title"]) for s in truth["sections"] if s["kind"] == "runin"}
    titles = {heading_key(truth["front"][name]) for name in ("title", "notice_title")}
    boxes = Counter(heading_key(re.sub("专栏", "", f"{b['number'] or ''}{b['title']}")) for b in truth["boxes"])
    if given["headings"] is not None:
        # A run-in heading, the plan's own title or a caption among the headings is not held against a tool.
        kept = [(level, heading_key(words)) for level, words in given["headings"]]
        kept = [(level, words) for level, words in kept if words not in titles and words.replace("专栏", "") not in boxes]
        counted = [(level, words) for level, words in kept if words not in run_ins]
        meant = [(s["level"], heading_key(s["number"] + s["title"])) for s in standing]
        scores["headings"] = f1(Counter(w for _, w in meant), Counter(w for _, w in counted))
        meant_titles = Counter(title_key(s["title"]) for s in standing)
        bare = [title_key(words) for _, words in given["headings"]]
        loose = {title_key(words) for words in run_ins} | titles
        scores["titles"] = f1(meant_titles, Counter(w for w in bare if w not in loose and w.replace("专栏", "") not in boxes))
        pairs = Counter(nested(meant))
        hits = sum((pairs & Counter(nested(counted))).values())
        scores["parents"] = (hits, len(meant), len(meant))
        said = {words for _, words in kept} | {heading_key(words) for words in given.get("run_ins", ())}
        scores["run-in"] = (len(run_ins & said), len(run_ins), len(run_ins))
    if given["boxes"] is not None:
        captions = Counter(heading_key(words).replace("专栏", "") for words in given["boxes"])
        scores["boxes"] = f1(boxes, captions)
    if given["rows"] is not None:
        rows = [[folded(cell) for cell in row] for row in given["rows"]]
        found = sum(any(holds(row, indicator) for row in rows) for indicator in truth["indicators"])
        scores["rows"] = (found, len(truth["indicators"]), len(truth["indicators"]))
    if given["tags"] is not None:
        scores["tags"] = f1(
            Counter((names(t["lead"]), names(t["participating"])) for t in truth["tags"]),
            Counter((names(lead), names(others)) for lead, others in given["tags"]),
        )
    return scores


def holds(row: Sequence[str], indicator: Mapping[str, Any]) -> bool:
    """Does the row have the indicator's name in a cell, and each printed value as a cell of its own?"""
    values = [folded(value) for value in indicator["values"].values() if re.search(r"\w", value or "")]
    left = Counter(row)
    return any(folded(indicator["name"]) in cell for cell in row) and not Counter(values) - left


def names(bodies: Iterable[str]) -> tuple[str, ...]:
    """Bodies in one order."""
    return tuple(sorted(folded(body) for body in bodies))


def score_files(files: Iterable[Mapping[str, Any]]) -> dict[str, float | None]:
    """Each column over all files; None where the tool gives no such thing."""
    made = []
    for file in files:
        path = Path(file["file"])
        made.append(score_file(file, json.loads(path.with_name("truth.json").read_text(encoding="utf-8"))))
    columns = ("headings", "titles", "parents", "run-in", "boxes", "rows", "tags")
    return {name: rate([scores[name] for scores in made if name in scores]) for name in columns}
