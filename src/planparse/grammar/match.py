"""Compiled rules at work: a Grammar answers which rule takes a text, and what its fields are. It knows no plan."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import regex

from planparse.grammar.compiled import Clue, CompiledRule, Match, Pattern
from planparse.grammar.schema import Example

# A plan says the same again and again (units, agencies, 约束性): short texts, and as many answers, are remembered.
SHORT, REMEMBERED = 64, 4096

Asked = tuple[tuple[CompiledRule, frozenset[str], "Clue | None"], ...]
"""Rules, with what spares each of them a text: a pattern that is never asked is never compiled."""

Open = tuple[int, int, "regex.Match[str]", CompiledRule, Pattern]
_place_of = itemgetter(0, 1)


def _in_turn(open_rules: list[Open], text: str, end: int) -> Iterator[Match]:
    """What the rules take, the leftmost first; behind it each looks again."""
    while len(open_rules) > 1:
        _, _, best, rule, _ = min(open_rules, key=_place_of)
        yield rule.to_match(best)
        past = max(best.end(), best.start() + 1)
        still = []
        for one in open_rules:
            if one[0] >= past:
                still.append(one)
                continue
            found = one[4].search(text, past, end)
            if found:
                still.append((found.start(), one[1], found, one[3], one[4]))
        open_rules = still
    for _, _, found, rule, pattern in open_rules:
        yield rule.to_match(found)
        yield from map(rule.to_match, pattern.finditer(text, max(found.end(), found.start() + 1), end))


@dataclass(frozen=True)
class Grammar:
    """All rules and vocabularies in their order. Read with `load_grammar`; values never change."""

    digest: str
    files: Mapping[str, tuple[CompiledRule, ...]]
    vocabularies: Mapping[str, Mapping[str, tuple[str, ...]]]
    aliases: Mapping[str, Mapping[str, str]]
    cache: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    """What a room derives from this grammar once (an automaton, a tokenizer), keyed by the room's own key."""
    _answers: dict[tuple[str, str | None, str], Match | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def rules(self, file: str) -> tuple[CompiledRule, ...]:
        """The rules of one grammar file, in order; none where there is no such file."""
        return self.files.get(file, ())

    def _asked(self, file: str, where: str, gives: str | None) -> Asked:
        """The rules of one file that a question is for, with their patterns and what these need, picked once."""
        try:
            found: Asked = self.cache[file, where, gives]
        except KeyError:
            asked = (r for r in self.rules(file) if r.rule.where == where and (gives is None or r.rule.gives == gives))
            found = self.cache[file, where, gives] = tuple((r, r.first_characters, r.clue) for r in asked)
        return found

    def _by_first(self, file: str, gives: str | None) -> Mapping[str, Asked]:
        """The rules for whole texts by the characters that these may begin with; under "" those that take any."""
        asked = self._asked(file, "whole", gives)
        index = {"": tuple(one for one in asked if not one[1])}
        for char in frozenset[str]().union(*(opens for _, opens, _ in asked)):
            index[char] = tuple(one for one in asked if not one[1] or char in one[1])
        self.cache[file, "first", gives] = index
        return index

    def match(self, file: str, text: str, *, gives: str | None = None) -> Match | None:
        """The first rule of `file` that takes the whole `text`."""
        if len(text) > SHORT:
            return self._match(file, text, gives)
        asked = (file, gives, text)
        try:
            return self._answers[asked]
        except KeyError:
            if len(self._answers) >= REMEMBERED:
                self._answers.clear()
            answer = self._answers[asked] = self._match(file, text, gives)
            return answer

    def _match(self, file: str, text: str, gives: str | None) -> Match | None:
        index = self.cache.get((file, "first", gives)) or self._by_first(file, gives)
        for rule, _, clue in index.get(text[:1]) or index[""]:
            if clue and not clue(text):
                continue
            found = rule.pattern.fullmatch(text)
            if found:
                return Match(rule, found)
        return None

    def candidates(self, file: str, text: str, *, gives: str | None = None) -> list[Match]:
        """Every rule of `file` that takes the whole `text`, in order."""
        index = self.cache.get((file, "first", gives)) or self._by_first(file, gives)
        taken: list[Match] = []
        for rule, _, clue in index.get(text[:1]) or index[""]:
            if clue and not clue(text):
                continue
            found = rule.pattern.fullmatch(text)
            if found:
                taken.append(Match(rule, found))
        return taken

    def find(
        self, file: str, text: str, start: int = 0, end: int | None = None, *, gives: str | None = None
    ) -> Iterator[Match]:
        """Places in running text that rules of `file` take: leftmost first, no overlaps, the earlier rule at one place."""
        end = len(text) if end is None else end
        asked: Asked = self.cache.get((file, "inside", gives)) or self._asked(file, "inside", gives)
        if len(asked) == 1:
            rule, needs, clue = asked[0]
            if (needs and needs.isdisjoint(text[start:end])) or (clue and not clue(text, start, end)):
                return iter(())
            return map(rule.to_match, rule.pattern.finditer(text, start, end))
        open_rules = self._open_rules(asked, text, start, end)
        return _in_turn(open_rules, text, end) if open_rules else iter(())

    def first(self, file: str, text: str, start: int = 0, end: int | None = None, *, gives: str | None = None) -> Match | None:
        """The first place in running text that a rule of `file` takes, as `find` gives it."""
        asked: Asked = self.cache.get((file, "inside", gives)) or self._asked(file, "inside", gives)
        open_rules = self._open_rules(asked, text, start, len(text) if end is None else end)
        if not open_rules:
            return None
        _, _, found, rule, _ = open_rules[0] if len(open_rules) == 1 else min(open_rules, key=_place_of)
        return rule.to_match(found)

    def has(self, file: str, text: str, start: int = 0, end: int | None = None, *, gives: str | None = None) -> bool:
        """Whether `find` gives anything."""
        end = len(text) if end is None else end
        for rule, needs, clue in self._asked(file, "inside", gives):
            if (needs and needs.isdisjoint(text[start:end])) or (clue and not clue(text, start, end)):
                continue
            if rule.pattern.search(text, start, end):
                return True
        return False

    def _open_rules(self, asked: Asked, text: str, start: int, end: int) -> list[Open]:
        """The rules that take something of `text[start:end]`, each with its first match."""
        there = set(text[start:end]) if len(asked) > 3 else text[start:end]
        made: list[Open] = []
        for order, (rule, needs, clue) in enumerate(asked):
            if (needs and needs.isdisjoint(there)) or (clue and not clue(text, start, end)):
                continue
            found = rule.pattern.search(text, start, end)
            if found:
                made.append((found.start(), order, found, rule, rule.pattern))
        return made

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
            if rule.rule.needs and set(rule.rule.needs).isdisjoint(example.text):
                yield f"{rule.name}: its example {example.text!r} has none of the characters that it says it needs"
            if rule.rule.opens and example.text[:1] not in rule.rule.opens:
                yield f"{rule.name}: its example {example.text!r} does not begin as it says"
            if rule.clue and not rule.clue(example.text):
                yield f"{rule.name}: its example {example.text!r} has no clue of it"
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
