"""Model fields → typed columns: what a column is, and how it is read off a model."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from planparse.models import Agency, Attachment, FactNote, Person, Quantity, Span
from planparse.models.spans import IsoDate
from planparse.output.tables_words import meaning_of

Cell = str | int | float | bool | list[str] | list[int] | None
Reader = Callable[[Any], Cell]
RENAMED = {"group": "group_name", "table": "table_id", "references": "reference_starts"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its SQL type, what it holds, its values where they are few, and how it is read off a model."""

    name: str
    type: str
    about: str
    values: tuple[str, ...] = ()
    read: Reader | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Shape:
    """A table: its name, what one row is, and its columns in order; `view` is the query that gives it out of other tables."""

    name: str
    about: str
    columns: tuple[Column, ...]
    view: str | None = None

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [c.name for c in self.columns]

    def row(self, source: object, **more: Cell) -> dict[str, Cell]:
        """A row from a model; `more` gives the columns that no model has."""
        return {c.name: c.read(source) if c.read else more[c.name] for c in self.columns}


def model_to_columns(model: type[BaseModel], table: str, *, skip: tuple[str, ...] = (), prefix: str = "") -> list[Column]:
    """The columns that a model's fields give, in their order.

    Scalars are a column each; a Span gives four; nested models give theirs with the field's name before them; a list of
    agencies or persons gives their names, of notes and attachments their words. Fields in `skip`, trees and lists of values or
    quantities give none: they have tables of their own.
    """
    made: list[Column] = []
    for name, about in model.model_fields.items():
        if name not in skip:
            made += _field_to_columns(name, _bare(about.annotation), table, prefix)
    return made


def _field_to_columns(name: str, kind: Any, table: str, prefix: str) -> Iterator[Column]:
    column = f"{prefix}{RENAMED.get(name, name)}"
    if kind is Span:
        if name == "span":
            yield from span_columns(table, name)
        return
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        own = kind is Quantity and name == "quantity"
        below = quantity_columns(table) if own else model_to_columns(kind, table, prefix=f"{column}_", skip=("span",))
        yield from read_through(name, below)
        return
    found = _simple(kind)
    if found is not None:
        sql, values, to_cell = found
        yield Column(column, sql, meaning_of(table, column), values, _getter(name, to_cell))


def _getter(name: str, to_cell: Reader) -> Reader:
    def read(source: Any) -> Cell:
        value = getattr(source, name, None)
        return None if value is None else to_cell(value)

    return read


def _within(name: str, read: Reader) -> Reader:
    def inner(source: Any) -> Cell:
        value = getattr(source, name)
        return None if value is None else read(value)

    return inner


def _bare(annotation: Any) -> Any:
    """The annotation without None; a date keeps its mark."""
    if get_origin(annotation) in (Union, UnionType):
        kept = [a for a in get_args(annotation) if a is not NoneType]
        return _bare(kept[0]) if len(kept) == 1 else annotation
    if get_origin(annotation) is Annotated and annotation != IsoDate:
        return _bare(get_args(annotation)[0])
    return annotation


def _simple(kind: Any) -> tuple[str, tuple[str, ...], Reader] | None:
    """SQL type, enumerated values and converter of a field that is one column; None for what has its own table."""
    if kind == IsoDate:
        return "DATE", (), iso_date
    if get_origin(kind) is Literal:
        return "VARCHAR", tuple(map(str, get_args(kind))), str
    if get_origin(kind) is dict:
        return "VARCHAR", (), _to_json
    if get_origin(kind) is list:
        return _LISTS.get(get_args(kind)[0])
    return _SCALARS.get(kind)


_SCALARS: Mapping[Any, tuple[str, tuple[str, ...], Reader]] = {
    str: ("VARCHAR", (), str),
    int: ("BIGINT", (), int),
    bool: ("BOOLEAN", (), bool),
    Decimal: ("DOUBLE", (), float),
}
_LISTS: Mapping[Any, tuple[str, tuple[str, ...], Reader]] = {
    str: ("VARCHAR[]", (), list),
    Agency: ("VARCHAR[]", (), lambda agencies: [a.name for a in agencies]),
    Person: ("VARCHAR[]", (), lambda persons: [p.name for p in persons]),
    FactNote: ("VARCHAR[]", (), lambda notes: [n.text for n in notes]),
    Attachment: ("VARCHAR[]", (), lambda attachments: [a.title for a in attachments]),
    Span: ("BIGINT[]", (), lambda spans: [s.start for s in spans]),
}


def _to_json(value: Mapping[str, Any]) -> str:
    """A mapping as JSON text; spans as their fields."""
    return json.dumps(value, ensure_ascii=False, default=lambda span: span.model_dump())


def iso_date(value: str) -> Cell:
    """The date, or None where the calendar has no such day: a typed column takes no 30 February."""
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        return None


def quantity_columns(table: str) -> list[Column]:
    """The columns of a fact's one quantity: bare names, but its printed words are `quantity_raw`."""
    columns = model_to_columns(Quantity, table, skip=("span",))
    return [replace(c, name="quantity_raw", about=meaning_of(table, "quantity_raw")) if c.name == "raw" else c for c in columns]


def span_columns(table: str, name: str = "span") -> list[Column]:
    """The four columns of a place."""
    fields = {"span_start": "start", "span_end": "end", "page": "page", "line": "line"}
    return [Column(c, "BIGINT", meaning_of(table, c), (), _within(name, _getter(f, int))) for c, f in fields.items()]


def read_through(name: str, columns: Sequence[Column]) -> list[Column]:
    """The columns, read off the field `name` of what a row is made from."""
    return [replace(c, read=_within(name, c.read)) for c in columns if c.read]
