"""The marks in a source's words, which say what the words are and vanish in print.

`{t …}` is a tag, with `{l …}` lead, `{s …}` participating and `{d …}` the deadline inside it; the same `l` and `s` stand
in the cells of a task table. `{c value|unit|comparator|year|clause}` is a commitment. In an indicator table `{n 1.}` is
a sequence number, `{u 张}` a unit inside a name and `{o ①}` a note's mark. ⏎ is a line break that only some printings show, ␣ a blank.
"""

import re

TAG = re.compile(r"\{t ((?:[^{}]|\{[lsd] [^{}]*\})*)\}")
COMMITMENT = re.compile(r"\{c ([^{}|]*)\|([^{}|]*)\|([^{}|]*)\|([^{}|]*)\|([^{}]*)\}")
MARK = re.compile(r"\{[a-z] ([^{}]*)\}")


def plain(text: str, *, breaks: str = "") -> str:
    """The words as printed, without marks; `breaks` is put where ⏎ stands."""
    while (bare := MARK.sub(r"\1", COMMITMENT.sub(r"\5", text))) != text:
        text = bare
    return text.replace("⏎", breaks).replace("␣", " ")


def named(text: str, mark: str) -> list[str]:
    """What stands in the marks `{mark …}`, in order."""
    return [plain(found) for found in re.findall(r"\{" + mark + r" ([^{}]*)\}", text)]


def tags(text: str) -> list[dict[str, object]]:
    """The tags of a paragraph in the gold's words."""
    found = []
    for match in TAG.finditer(text):
        inner = match[1]
        tag: dict[str, object] = {
            "lead": named(inner, "l"),
            "participating": named(inner, "s"),
            "raw": plain(inner),
        }
        if "等" in re.sub(r"\{[^{}]*\}", "", inner):
            tag["open_ended"] = True
        if deadline := named(inner, "d"):
            tag["deadline"] = deadline[0]
        found.append(tag)
    return found


def commitments(text: str) -> list[dict[str, object]]:
    """The commitments of a paragraph in the gold's words."""
    return [
        {"text": plain(m[5]), "value": m[1], "unit": m[2] or None, "comparator": m[3], "year": m[4] or None}
        for m in COMMITMENT.finditer(text)
    ]
