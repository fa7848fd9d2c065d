"""Where things stand in the text: the strict model that all others derive from, Span, and the scalar types."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema


class Model(BaseModel):
    """A strict, frozen model: unknown keys are refused, nothing is coerced, nothing changes."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, revalidate_instances="never", ser_json_inf_nan="strings"
    )


def _plain_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


Number = Annotated[
    Decimal,
    Field(strict=False),
    PlainSerializer(_plain_number, return_type=int | float, when_used="json"),
    WithJsonSchema({"type": "number"}),
]
"""An exact decimal; a plain number in JSON (96, 1.5)."""

Year = Annotated[int, Field(ge=1900, le=2200)]
Level = Annotated[int, Field(ge=1)]
Ordinal = Annotated[int, Field(ge=0)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{16,64}$")]
IsoDate = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
"""A calendar date as ISO 8601: 2022-06-08."""


class Span(Model):
    """A place in the plan's text: `text[start:end]` is what a value was read from (code points).

    `page` is 1-based, null where the format has no pages; `line` is the line of the source file (text formats).
    """

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    page: int | None = None
    line: int | None = None


class Period(Model):
    """Years from `start` to `end`, both included (十四五 → 2021, 2025)."""

    start: Year | None = None
    end: Year | None = None
