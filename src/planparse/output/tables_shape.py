"""The tables for research: their names, columns and types, taken from the models; the rows are made in tables_rows.py.

Every table has `plan` (the plan's id) and `flags` (codes of the diagnostics that touch the row); all but `plans` have
`section` (a row of `sections`, or null) and the place: `span_start`, `span_end` (code points of the plan's text), `page`
and `line`. Names that SQL keeps for itself are changed: `group` → `group_name`, `table` → `table_id`, `references` →
`reference_starts`.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from pydantic import BaseModel

from planparse.models import (
    Agency,
    Box,
    BoxItem,
    Citation,
    Commitment,
    Coverage,
    Diagnostic,
    FrontMatter,
    GlossaryEntry,
    Indicator,
    IndicatorValue,
    Note,
    Project,
    Responsibility,
    Section,
    Source,
    Task,
    Unclaimed,
)
from planparse.output.tables_columns import Column, Shape, model_to_columns, quantity_columns, read_through, span_columns
from planparse.output.tables_views import VIEWS
from planparse.output.tables_words import meaning_of

FACTS: Mapping[str, type[BaseModel]] = {
    "indicators": Indicator,
    "responsibilities": Responsibility,
    "tasks": Task,
    "commitments": Commitment,
    "projects": Project,
    "citations": Citation,
    "glossary": GlossaryEntry,
}
"""Kind → model; each kind is a list of `Plan` by the same name, and a table."""
ENDS = "flags:VARCHAR[] duplicate_of"


@cache
def table_shapes() -> Mapping[str, Shape]:
    """Every table by its name, in the order in which they are written."""
    shapes = [*_node_shapes(), *(s for name, model in FACTS.items() for s in _fact_shapes(name, model)), *_other_shapes()]
    return {shape.name: shape for shape in shapes}


def _node_shapes() -> list[Shape]:
    plans = [
        *_given("plans", "plan work file"),
        *read_through("front_matter", model_to_columns(FrontMatter, "plans")),
        *read_through("source", model_to_columns(Source, "plans", prefix="source_")),
        *read_through("coverage", model_to_columns(Coverage, "plans", prefix="coverage_")),
        *_given("plans", "flags:VARCHAR[]"),
    ]
    return [
        Shape("plans", "A plan: its front matter, the file it was read from, and the balance of characters.", tuple(plans)),
        _shape(
            "sections",
            "A heading of the tree, or an annex: facts name either in `section`.",
            "plan section type parent annex",
            _own(Section, "sections", "id", "type"),
        ),
        _shape(
            "paragraphs",
            "A paragraph, a note or a figure's caption of the tree, outside tables.",
            "plan section position:BIGINT type box",
            _own(Note, "paragraphs", "type"),
        ),
        _shape("boxes", _about(Box), "plan section box items:BIGINT", _own(Box, "boxes", "id", "type")),
        _shape("box_items", _about(BoxItem), "plan section box position:BIGINT", _own(BoxItem, "box_items")),
    ]


def _fact_shapes(name: str, model: type[BaseModel]) -> list[Shape]:
    own = _own(model, name, "id", "section", "values", "flags")
    if model is Responsibility:
        own += _given(name, "handed_out")
    shape = _shape(name, _about(model), "plan section id", own)
    return [shape, _values_shape()] if model is Indicator else [shape]


def _values_shape() -> Shape:
    name = "indicator_values"
    columns = [
        *_given(name, "plan section indicator name position:BIGINT part:BIGINT"),
        *read_through("value", model_to_columns(IndicatorValue, name, skip=("span",))),
        *read_through("quantity", quantity_columns(name)),
        *_given(name, ENDS),
        *read_through("value", span_columns(name)),
    ]
    return Shape(name, "A printed value of an indicator; a cell with two figures gives two rows.", tuple(columns))


def _other_shapes() -> list[Shape]:
    assignments = (
        "plan section section_title agency canonical level kind role basis fact_kind fact text deadline deadline_date:DATE"
    )
    return [
        _shape("unclaimed", _about(Unclaimed), "plan section position:BIGINT", _own(Unclaimed, "unclaimed", "section")),
        _shape("diagnostics", _about(Diagnostic), "plan section position:BIGINT", _own(Diagnostic, "diagnostics")),
        _shape(
            "agencies",
            "A body, at each place where a fact or the front matter names it.",
            "plan section fact fact_kind part position:BIGINT",
            _own(Agency, "agencies"),
        ),
        _shape(
            "assignments",
            "Who does what: a row for each body that leads, or takes part in, what a tag or a task row hands out. A view over "
            "`agencies`, `responsibilities`, `tasks` and `sections`; in Parquet, CSV and Excel a table.",
            assignments,
            [],
        ),
    ]


def _shape(name: str, about: str, keys: str, own: Sequence[Column]) -> Shape:
    """A table with a place: its keys, its own columns, then flags, duplicate_of and the span."""
    columns = (*_given(name, keys), *own, *_given(name, ENDS), *span_columns(name))
    return Shape(name, about, columns, VIEWS.get(name))


def _own(model: type[BaseModel], table: str, *skip: str) -> list[Column]:
    return model_to_columns(model, table, skip=(*skip, "content", "span", "duplicate_of"))


def _given(table: str, columns: str) -> list[Column]:
    """Columns that no model has, parted by blanks; `name:TYPE`, VARCHAR where no type stands."""
    parted = [c.partition(":") for c in columns.split()]
    return [Column(name, sql or "VARCHAR", meaning_of(table, name)) for name, _, sql in parted]


def _about(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").strip().splitlines()[0]
