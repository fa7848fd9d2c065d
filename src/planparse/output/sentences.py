"""An English sentence of ours in another language: known again by its template, since files and processes carry English.

An error comes from a child, from a node of a cluster or out of a ledger as its English sentence; the catalogue has the
templates of all (context `error`), and the values of the one that fits are laid into its translation.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from string import Formatter

from planparse.output.language import ENGLISH, Words

CONTEXT = "error\x04"
"""What gettext puts before a message of the context `error`."""
BETWEEN = ": "
"""What parts the name of a file (and a place in it) from what is said of it; templates leave it out."""
DEEPEST = 6


@dataclass(frozen=True, slots=True)
class _Form:
    """A template of the catalogue: what finds it, its translation, and whether words of its own begin it."""

    pattern: re.Pattern[str]
    translation: str
    anchored: bool


def sentence_of(english: str, words: Words) -> str:
    """What planparse reports, in the language of `words`; the English sentence where the catalogue has none that fits.

    The names, numbers and quoted words in it stay as they are; what a library or the system said within a sentence is
    translated where the catalogue has it.
    """
    if words is ENGLISH:
        return english
    return _told(english, words, 0) or english


def printable(line: str) -> str:
    """A line for a terminal: control characters become blanks, so that no file's name steers it."""
    return line if line.isprintable() else "".join(c if c.isprintable() or c in "\t\n\u3000" else " " for c in line)


def template_to_pattern(template: str) -> str:
    """The template as a regular expression; a value is a group."""
    names = iter(range(len(template)))
    return "".join(
        re.escape(words) + ("" if field is None else f"(?P<{field or f'v{next(names)}'}>.*?)")
        for words, field, _, _ in Formatter().parse(template)
    )


def _told(said: str, words: Words, depth: int) -> str | None:
    forms = _forms(words)
    if depth > DEEPEST or not said.strip():
        return None
    if whole := _filled((f for f in forms if f.anchored), said, words, depth):
        return whole
    at = said.rfind(BETWEEN)
    while at >= 0:
        if tail := _filled(forms, said[at + len(BETWEEN) :], words, depth):
            heads = (_filled(forms, head, words, depth) or head for head in said[:at].split(BETWEEN))
            return words.pgettext("between", BETWEEN).join([*heads, tail])
        at = said.rfind(BETWEEN, 0, at)
    return _filled(forms, said, words, depth)


def _filled(forms: "Iterator[_Form] | tuple[_Form, ...]", said: str, words: Words, depth: int) -> str | None:
    """The translation of the first form that fits, with its values."""
    for form in forms:
        if found := form.pattern.fullmatch(said):
            values = {name: _told(value, words, depth + 1) or value for name, value in found.groupdict().items()}
            return form.translation.format(**values)
    return None


@cache
def _forms(words: Words) -> tuple[_Form, ...]:
    """The templates of a catalogue, those with the most words of their own first: they say most about what they fit."""
    catalogue: dict[object, str] = getattr(words, "_catalog", {})
    found = {
        key.removeprefix(CONTEXT): said for key, said in catalogue.items() if isinstance(key, str) and key.startswith(CONTEXT)
    }
    own = {template: sum(len(words) for words, _, _, _ in Formatter().parse(template)) for template in found}
    return tuple(
        _Form(re.compile(template_to_pattern(template), re.DOTALL), found[template], not template.startswith("{"))
        for template in sorted(found, key=lambda t: (-own[t], t))
    )
