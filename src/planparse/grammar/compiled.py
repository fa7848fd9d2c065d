"""A rule with its pattern, and what it took of a text."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

import regex

from planparse.grammar.schema import Rule

Pattern = regex.Pattern[str]
Clue = Callable[..., "re.Match[str] | None"]
WORD_LIST = re.compile(r"\(\?P<word>\\L<([a-z0-9_]+)>\)")
PLAIN_WORDS = re.compile(r"\w+(?:\|\w+)*")


class Match:
    """A text that a rule took: `rule` is the full name (headings.chapter), `fields` the named groups and `set` keys.

    `start` and `end` are offsets in the text that was asked about; `spans` has those of each named group. Most matches
    are asked for their place alone, so fields and spans are made when they are first asked for.
    """

    __slots__ = ("_fields", "_found", "_rule", "_spans")

    def __init__(self, rule: "CompiledRule", found: "regex.Match[str]") -> None:
        self._rule = rule
        self._found = found
        self._fields: dict[str, str] | None = None
        self._spans: dict[str, tuple[int, int]] | None = None

    @property
    def rule(self) -> str:
        """The full name of the rule."""
        return self._rule.name

    @property
    def gives(self) -> str:
        """What the rule gives."""
        return self._rule.gives

    @property
    def start(self) -> int:
        """Where it begins."""
        return self._found.start()

    @property
    def end(self) -> int:
        """Where it ends."""
        return self._found.end()

    @property
    def fields(self) -> Mapping[str, str]:
        """The words of each named group that took part, and what the rule sets."""
        if self._fields is None:
            said = {k: v for k, v in self._found.groupdict().items() if v is not None}
            self._fields = {**self._rule.rule.set, **said} if self._rule.rule.set else said
        return self._fields

    @property
    def groups(self) -> Mapping[str, str | None]:
        """`fields` with None for the groups that took no part, made anew: for whoever asks for many of them once."""
        groups = self._found.groupdict()
        for name, word in self._rule.rule.set.items():
            if groups.get(name) is None:
                groups[name] = word
        return groups

    @property
    def spans(self) -> Mapping[str, tuple[int, int]]:
        """The place of each named group that took part."""
        if self._spans is None:
            self._spans = {k: self._found.span(k) for k, v in self._found.groupdict().items() if v is not None}
        return self._spans

    def place(self, name: str) -> tuple[int, int] | None:
        """The place of one named group, or None where the rule does not have it or it took no part."""
        return self._found.span(name) if self.fields.get(name) is not None and name in self._found.re.groupindex else None

    def start_of(self, name: str) -> int:
        """Where a named group begins; -1 where it took no part. Raises IndexError where the rule does not have it."""
        return self._found.start(name)

    def get(self, name: str) -> str | None:
        """The field, or None where the rule does not have it or the group took no part."""
        if self._fields is None and name in self._found.re.groupindex:
            return self._found[name] if self._found[name] is not None else self._rule.rule.set.get(name)
        return self.fields.get(name)


@dataclass(frozen=True)
class CompiledRule:
    """A rule with its pattern; `name` is the full name."""

    name: str
    rule: Rule
    source: str
    file: str
    lists: Mapping[str, list[str]] = field(repr=False)

    @cached_property
    def gives(self) -> str:
        """What the rule gives."""
        return self.rule.gives

    @cached_property
    def pattern(self) -> Pattern:
        """The compiled pattern (`regex`, V1: set operations, named lists).

        A rule that is nothing but words is compiled by the standard library, which finds them three times as fast.
        """
        listed = WORD_LIST.fullmatch(self.source)
        if listed:
            words = sorted(self.lists[listed[1]], key=lambda word: (-len(word), word))
            return cast(Pattern, re.compile(f"(?P<word>{'|'.join(map(re.escape, words))})"))
        if PLAIN_WORDS.fullmatch(self.source):
            return cast(Pattern, re.compile(self.source))
        used = {n: words for n, words in self.lists.items() if rf"\L<{n}>" in self.source}
        compile_named: Callable[..., Pattern] = regex.compile
        return compile_named(self.source, regex.V1, **used)

    @cached_property
    def first_characters(self) -> frozenset[str]:
        """`opens` of a rule for whole texts, `needs` of one for running text; empty where it has none."""
        return frozenset((self.rule.opens if self.rule.where == "whole" else self.rule.needs) or "")

    @cached_property
    def clue(self) -> "Clue | None":
        """What looks for the rule's `clue`; None where it has none."""
        return re.compile(self.rule.clue).search if self.rule.clue else None

    def take(self, text: str) -> Match | None:
        """The match where the rule takes the whole text."""
        found = self.pattern.fullmatch(text)
        return self.to_match(found) if found else None

    def to_match(self, found: "regex.Match[str]") -> Match:
        """A regex match as ours."""
        return Match(self, found)
