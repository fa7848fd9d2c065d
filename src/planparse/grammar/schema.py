"""What a grammar file may say: one pydantic model a kind of entry; strict keys, nothing coerced."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
RESERVED = {"text"}


class Strict(BaseModel):
    """Unknown keys are refused, values are not coerced, nothing changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Example(BaseModel):
    """A text that the rule takes, with the fields that it gives: `{text: 第三章　主要任务, number: 三, title: 主要任务}`.

    Every other key than `text` must be a field of the rule (a named group of the pattern or a key of `set`).
    """

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)

    text: str

    @property
    def fields(self) -> dict[str, Any]:
        """The fields that the rule must give on this text."""
        return dict(self.__pydantic_extra__ or {})


class Rule(Strict):
    """One rule: what it gives, the pattern that takes a text, and texts that it takes and does not take.

    `where: whole` — the pattern takes a whole paragraph or cell (fullmatch); `inside` — it is found in running text.
    `set` adds fixed fields to what the named groups give. `needs` are characters one of which stands in every text that
    the pattern takes (with `inside`, in what it takes of it): it is looked for first, which is quicker than the pattern.
    `opens`, with `whole`, are characters with one of which every text that the pattern takes begins; asked first, too.
    `clue` is a plain pattern (Python's `re`) that every text which the rule takes has somewhere, for the same reason.
    """

    id: Name
    gives: Name
    pattern: str
    where: Literal["whole", "inside"] = "whole"
    set: dict[Name, str] = {}
    needs: str | None = Field(default=None, min_length=1)
    opens: str | None = Field(default=None, min_length=1)
    clue: str | None = Field(default=None, min_length=1)
    about: str | None = None
    examples: list[Example] = Field(min_length=1)
    rejects: list[str] = Field(min_length=1)

    @field_validator("clue")
    @classmethod
    def _compiles(cls, clue: str | None) -> str | None:
        try:
            re.compile(clue or "")
        except re.error as error:
            raise ValueError(f"the clue is no pattern: {error}") from None
        return clue


class Only(Strict):
    """The words of an entry in the place of those that a file below gives it: `新区管委会: {only: [新城管委会]}`."""

    only: list[str]


class GrammarFile(Strict):
    """A grammar file: terms for `${term}` in patterns, vocabularies for `\\L<name>` and look-up, and ordered rules.

    In a folder laid over the shipped files a list adds to the entry of its name; `only` takes its place.
    """

    name: Name
    about: str
    terms: dict[Name, str] = {}
    vocabularies: dict[Name, dict[str, list[str] | Only]] = {}
    rules: list[Rule] = []

    @model_validator(mode="after")
    def _ids_once(self) -> Self:
        ids = [rule.id for rule in self.rules]
        doubled = sorted({i for i in ids if ids.count(i) > 1})
        if doubled:
            raise ValueError(f"rule ids stand twice: {', '.join(doubled)}")
        return self


class Order(Strict):
    """plan.yaml: the grammar files in their order."""

    about: str
    order: list[Name] = Field(min_length=1)
