"""The language of what a person reads: Chinese or English, by a gettext catalogue. Files on disk are always English."""

import gettext
import os
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from planparse.errors import WrongUsage

if TYPE_CHECKING:
    from planparse.models import Diagnostic
    from planparse.models.policy import Finding

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
Words = gettext.NullTranslations
"""A catalogue: `.gettext(english)` and `.pgettext(context, english)` give the words of a language."""


class _English(Words):
    """English needs no catalogue: what is said stands in the code, and the names of our data are words."""

    def pgettext(self, context: str, message: str) -> str:
        if context == "value" and message == "none":
            return "not in doubt"
        said = message.replace("_", " ") if context in NAMES else message
        return said[:1].upper() + said[1:] if context == "kind" else said


NAMES = ("kind", "field", "value", "reason")
"""Contexts whose messages are names of our data: kinds of facts, fields, values of enumerations, reasons to put aside."""
ENGLISH = _English()


def choose_language(wanted: str | None = None, *, environ: Mapping[str, str] = os.environ) -> Language:
    """The language that is asked for, else the locale's (LC_ALL, LC_MESSAGES, LANG): zh for Chinese ones, en for all others.

    Raises WrongUsage for a language that there is no catalogue of.
    """
    if wanted is not None:
        for language in LANGUAGES:
            if wanted == language:
                return language
        raise WrongUsage(f"--lang takes {' or '.join(LANGUAGES)}, not {wanted!r}")
    locale = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    return "zh" if locale.lower().startswith("zh") else "en"


@cache
def words_of(language: Language) -> Words:
    """The catalogue of a language; English needs none."""
    if language == "en":
        return ENGLISH
    place = files("planparse") / "locale" / "zh_CN" / "LC_MESSAGES" / "planparse.mo"
    made = gettext.GNUTranslations(BytesIO(place.read_bytes()))
    made.add_fallback(ENGLISH)
    return made


def message_of(said: "Diagnostic | Finding", words: Words) -> str:
    """What a diagnostic says, in the language of `words`; its own English where the catalogue has no template that fits.

    The catalogue knows a template by its code; words among the values (which field, why) are translated too.
    """
    from planparse.checks import CODES
    from planparse.checks.sentences import fill
    from planparse.output.sentences import sentence_of

    template = CODES[said.code].template if said.code in CODES else getattr(said, "template", "")
    translated = words.pgettext(said.code, template) if template else ""
    if not template:  # what a reader or a store said of a file
        return sentence_of(said.message, words)
    if translated == template:
        return said.message
    try:
        return fill(translated, said.values, word=lambda w: word_of(w, words), comma="，")
    except (KeyError, IndexError, ValueError, AttributeError):
        return said.message


def word_of(word: str, words: Words) -> str:
    """A value that may be a word of ours or the plan's: ours translated, the plan's as it is."""
    said = words.pgettext("value", word) if word else word
    return word if said == ENGLISH.pgettext("value", word) else said
