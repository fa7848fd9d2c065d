"""Compiled rules at work: a Grammar answers which rule takes a text, and what its fields are. It knows no plan."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import regex

from planparse.grammar.schema import Example, Rule

Pattern = regex.Pattern[str]


@dataclass(frozen=True, slots=True)
class Match:
    """A text that a rule took: `rule` is the full name (headings.chapter), `fields` the named groups and `set` keys.

    `start` and `end` are offsets in the text that was asked about; `spans` has those of each named group.
    """

    rule: str
    gives: str
    start: int
    end: int
    fields: Mapping[str, str]
    spans: Mapping[str, tuple[int, int]]

    def get(self, name: str) -> str | None:
        """The field, or None where the rule does not have it or the group took no part."""
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
    def pattern(self) -> Pattern:
        """The compiled pattern (`regex`, V1: set operations, named lists)."""
        used = {n: words for n, words in self.lists.items() if rf"\L<{n}>" in self.source}
        compile_named: Callable[..., Pattern] = regex.compile
        return compile_named(self.source, regex.V1, **used)

    def take(self, text: str) -> Match | None:
        """The match where the rule takes the whole text."""
        found = self.pattern.fullmatch(text)
        return self.to_match(found) if found else None

    def to_match(self, found: "regex.Match[str]") -> Match:
        """A regex match as ours."""
        fields = {k: v for k, v in found.groupdict().items() if v is not None}
        spans = {k: found.span(k) for k in fields}
        return Match(self.name, self.rule.gives, found.start(), found.end(), {**self.rule.set, **fields}, spans)


@dataclass(frozen=True)
class Grammar:
    """All rules and vocabularies in their order. Read with `load_grammar`; values never change."""

    digest: str
    files: Mapping[str, tuple[CompiledRule, ...]]
    vocabularies: Mapping[str, Mapping[str, tuple[str, ...]]]
    aliases: Mapping[str, Mapping[str, str]]
    cache: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    """What a room derives from this grammar once (an automaton, a tokenizer), keyed by the room's own key."""

    def rules(self, file: str) -> tuple[CompiledRule, ...]:
        """The rules of one grammar file, in order; none where there is no such file."""
        return self.files.get(file, ())

    def match(self, file: str, text: str, *, gives: str | None = None) -> Match | None:
        """The first rule of `file` that takes the whole `text`."""
        for rule in self.rules(file):
            if rule.rule.where == "whole" and (gives is None or rule.rule.gives == gives):
                found = rule.take(text)
                if found:
                    return found
        return None

    def candidates(self, file: str, text: str) -> list[Match]:
        """Every rule of `file` that takes the whole `text`, in order."""
        found = (rule.take(text) for rule in self.rules(file) if rule.rule.where == "whole")
        return [m for m in found if m]

    def find(
        self, file: str, text: str, start: int = 0, end: int | None = None, *, gives: str | None = None
    ) -> Iterator[Match]:
        """Places in running text that rules of `file` take: leftmost first, no overlaps, the earlier rule at one place."""
        end = len(text) if end is None else end
        rules = [r for r in self.rules(file) if r.rule.where == "inside" and (gives is None or r.rule.gives == gives)]
        nexts = [r.pattern.search(text, start, end) for r in rules]
        while True:
            best: int | None = None
            for i, found in enumerate(nexts):
                if found is not None and (best is None or found.start() < nexts[best].start()):  # type: ignore[union-attr]
                    best = i
            if best is None:
                return
            found = nexts[best]
            assert found is not None
            yield rules[best].to_match(found)
            past = max(found.end(), found.start() + 1)
            nexts = [
                r.pattern.search(text, past, end) if n is not None and n.start() < past else n
                for r, n in zip(rules, nexts, strict=True)
            ]

    def entries(self, vocabulary: str) -> Mapping[str, tuple[str, ...]]:
        """A vocabulary: canonical name → the other forms in print."""
        return self.vocabularies[vocabulary]

    def canonical(self, vocabulary: str, word: str) -> str | None:
        """The canonical name of a word in a vocabulary; None where the vocabulary does not have it."""
        return self.aliases[vocabulary].get(word)

    def test(self) -> list[str]:
        """Every rule against its own examples and rejects; what fails, one sentence each."""
        return [line for rules in self.files.values() for rule in rules for line in self._failures(rule)]

    def _failures(self, rule: CompiledRule) -> Iterator[str]:
        for example in rule.rule.examples:
            found = self._taken(rule, example)
            if found is None:
                yield f"{rule.name}: does not take its example {example.text!r}"
                continue
            if found.rule != rule.name:
                yield f"{rule.name}: its example {example.text!r} is taken by {found.rule}"
                continue
            for key, want in example.fields.items():
                have = found.fields.get(key)
                if have != want:
                    yield f"{rule.name}: {key} of {example.text!r} is {have!r}, the example says {want!r}"
        for text in rule.rule.rejects:
            if (rule.take(text) if rule.rule.where == "whole" else rule.pattern.search(text)) is not None:
                yield f"{rule.name}: takes {text!r}, which it should reject"

    def _taken(self, rule: CompiledRule, example: Example) -> Match | None:
        file = rule.name.split(".")[0]
        if rule.rule.gives == "heading":
            return next((m for m in self.candidates(file, example.text) if m.rule == rule.name), None)
        if rule.rule.where == "whole":
            return self.match(file, example.text, gives=rule.rule.gives)
        own = [m for m in self.find(file, example.text, gives=rule.rule.gives) if m.rule == rule.name]
        return own[0] if own else next(self.find(file, example.text, gives=rule.rule.gives), None)
