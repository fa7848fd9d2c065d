"""Which values of a fact a reader may put right on the page, and how each is typed."""

from collections.abc import Iterator
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

from planparse.models import IndicatorValue
from planparse.models.corrections import AGENCY_LISTS, NEVER_CORRECTED


class Field(NamedTuple):
    """A value that can be put right: its path, what it is now (as JSON), and how it is typed.

    `kind` is text, number, whole (a year), choice (one of `options`), flag, list (words) or names (agencies);
    `needed` tells that it may not be left blank; `of` is the printed head of the value that the path goes through.
    """

    path: str
    value: Any
    kind: str
    options: tuple[str, ...] = ()
    needed: bool = False
    of: str = ""


def model_to_fields(model: BaseModel, *, path: str = "", of: str = "") -> Iterator[Field]:
    """The fields of a fact in the order of the model; what is printed and where it stands is none of them."""
    for name, about in type(model).model_fields.items():
        if name in NEVER_CORRECTED:
            continue
        value, place = getattr(model, name), f"{path}{name}"
        kind, optional = _bare(about.annotation)
        if isinstance(value, BaseModel):
            yield from model_to_fields(value, path=f"{place}.", of=of)
        elif name in AGENCY_LISTS:
            yield Field(place, [agency.name for agency in value], "names", of=of)
        elif isinstance(value, list) and _is_model(get_args(kind)[0]):
            for number, part in enumerate(value):
                head = part.label if isinstance(part, IndicatorValue) else of
                yield from model_to_fields(part, path=f"{place}.{number}.", of=head)
        else:
            typed = _typed(kind)
            if typed is not None:
                yield Field(place, _plain(value), *typed, needed=not optional, of=of)


def _typed(kind: Any) -> tuple[str, tuple[str, ...]] | None:
    if get_origin(kind) is Literal:
        return "choice", get_args(kind)
    if get_origin(kind) is list and get_args(kind) == (str,):
        return "list", ()
    return {str: ("text", ()), bool: ("flag", ()), int: ("whole", ()), Decimal: ("number", ())}.get(kind)


def _bare(kind: Any) -> tuple[Any, bool]:
    """A field's type without Optional and Annotated, and whether null is one of its values."""
    optional = False
    while get_origin(kind) in (Union, UnionType, Annotated):
        args = get_args(kind)
        if get_origin(kind) is Annotated:
            kind = args[0]
        else:
            optional = optional or NoneType in args
            kind = next(a for a in args if a is not NoneType)
    return kind, optional


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
