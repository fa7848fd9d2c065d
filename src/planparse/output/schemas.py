"""schemas/*.json, generated from the models: one function writes them and checks them."""

import json
from pathlib import Path

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from planparse.grammar import GrammarFile
from planparse.models import (
    Citation,
    Commitment,
    Comparison,
    Corrections,
    GlossaryEntry,
    Indicator,
    Plan,
    PlanDiff,
    Project,
    Responsibility,
    Task,
    Unclaimed,
)  # fmt: skip
from planparse.models.limits import Limits
from planparse.models.policy import CheckReport, Expectations, Policy

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCHEMAS: dict[str, type[BaseModel]] = {
    "plan.schema.json": Plan,
    "indicator.schema.json": Indicator,
    "responsibility.schema.json": Responsibility,
    "task.schema.json": Task,
    "commitment.schema.json": Commitment,
    "project.schema.json": Project,
    "citation.schema.json": Citation,
    "glossary-entry.schema.json": GlossaryEntry,
    "unclaimed.schema.json": Unclaimed,
    "comparison.schema.json": Comparison,
    "diff.schema.json": PlanDiff,
    "corrections.schema.json": Corrections,
    "grammar.schema.json": GrammarFile,
    "limits.schema.json": Limits,
    "check-policy.schema.json": Policy,
    "check-expectations.schema.json": Expectations,
    "check-report.schema.json": CheckReport,
}
"""The file of each schema; what plans hold first, then what people write and what a check gives."""


class _WithDefaults(GenerateJsonSchema):
    """Schemas that name the empty list or mapping that a field is made with."""

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """The schema of a field with a default."""
        factory = schema.get("default_factory")
        return super().default_schema(schema if factory is None else {**schema, "default": factory()})  # type: ignore[call-arg]


def schema_text(model: type[BaseModel]) -> str:
    """A model's JSON Schema as text, in serialization mode: what the files hold."""
    schema = {"$schema": DIALECT, **model.model_json_schema(mode="serialization", schema_generator=_WithDefaults)}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def sync_schemas(folder: Path, *, check: bool) -> list[str]:
    """Write the schemas into `folder`, or with `check` only tell which are not current; gives the names that differ."""
    stale = []
    for name, model in SCHEMAS.items():
        path, text = folder / name, schema_text(model)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                folder.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
    return stale
