"""A template and its values → a sentence, in English or any other language."""

from collections.abc import Callable, Mapping, Sequence

Told = str | int | float | Sequence[Sequence[str]]
"""A value of a template: a word, a number, or parts, each of which is words one after another (unit, %)."""


def fill(template: str, values: Mapping[str, Told], *, word: Callable[[str], str] = str, comma: str = ", ") -> str:
    """The template with its values; `word` translates those that are words of ours, `comma` joins parts.

    Raises KeyError, IndexError, ValueError or AttributeError for a template that the values do not fit.
    """

    def filled(value: Told) -> str | int | float:
        if isinstance(value, str):
            return word(value)
        if isinstance(value, int | float):
            return value
        parts = (" ".join(map(word, part)).replace("( ", "(").replace(" )", ")") for part in value)
        return comma.join(parts) or word("nothing")

    return template.format(**{name: filled(value) for name, value in values.items()})
