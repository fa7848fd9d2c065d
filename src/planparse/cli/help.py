"""`--help` in another language: the words of the commands by the catalogue (context `help`), typer's headings too."""

import re
from collections.abc import Callable
from typing import Any

from planparse.output.language import Words

HEADINGS = re.compile(
    r"^(?:Usage|Arguments|Options|Commands)(?=:)|Show this message and exit\.|\[required\]|(?<=\[)default(?=:)", re.M
)
"""What typer says itself in the text of a help."""


def translate_help(command: Any, words: Words) -> Any:
    """The command, which typer has just made of the program, with its help and that of all below it in other words."""
    said = command.help and words.pgettext("help", command.help)
    if said and said != command.help:
        command.help = said
        command.short_help = re.split("[：；。]", said)[0]  # typer would cut at a blank, and there is none
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = words.pgettext("help", parameter.help)
    for name in ("get_help", "get_usage"):
        setattr(command, name, _headed(getattr(command, name), words))
    for below in getattr(command, "commands", {}).values():
        translate_help(below, words)
    return command


def _headed(made: Callable[[Any], str], words: Words) -> Callable[[Any], str]:
    def with_words(context: Any) -> str:
        return HEADINGS.sub(lambda found: words.pgettext("help", found[0]), made(context))

    return with_words
