"""A reader's corrections, laid over a finished Plan: by place and never by id, applied where they fit or not at all."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from planparse.checks import diagnostic
from planparse.errors import BadPlanFile
from planparse.models import Agency, AppliedCorrection, Change, Corrections, Diagnostic, FrontMatter, Plan, Span
from planparse.models.corrections import AGENCY_LISTS, NEVER_CORRECTED
from planparse.models.facts import Fact

CORRECTED = "corrected"
"""The flag of a fact that a reader changed."""
SUFFIX = ".corrections.json"

ANOTHER_SOURCE = "the corrections are for another source"
NOTHING_THERE = "nothing of this kind stands there"
OTHER_WORDS = "other words stand there"
SEVERAL_THERE = "several facts stand there"
OTHER_VALUE = "the old value is another"
NO_FIELD = "the field cannot be corrected"
NO_FIT = "the new value does not fit the field"
NOT_PRINTED = "the plan does not print that name"
REASONS = (
    ANOTHER_SOURCE, NOTHING_THERE, OTHER_WORDS, SEVERAL_THERE, OTHER_VALUE, NO_FIELD, NO_FIT, NOT_PRINTED,
)  # fmt: skip
"""Why a change was not applied: the values of `why` in the diagnostic `correction.not-applied`."""


class _Unfit(Exception):
    """A change has no place in this plan; the argument is one of REASONS."""


def apply_corrections(plan: Plan, corrections: Corrections) -> Plan:
    """The plan with a reader's changes.

    1. A change takes the fact of its kind at exactly its span, in a reading of the same file (sha256), where the field
       still has the old value; everything else gives the diagnostic `correction.not-applied` and changes nothing.
    2. The text, spans and printed words stay. A changed fact has the flag `corrected`; `plan.corrections` has the old
       and the new value of each change.
    3. Applying the same corrections again changes nothing. Nothing is raised.
    """
    rows = {kind: list(getattr(plan, kind)) for kind in Change.model_fields["kind"].annotation.__args__[1:]}  # type: ignore[union-attr]
    places: dict[tuple[str, int, int], list[int]] = {}
    for kind, facts in rows.items():
        for at, fact in enumerate(facts):
            places.setdefault((kind, fact.span.start, fact.span.end), []).append(at)
    front, applied, refused = plan.front_matter, list(plan.corrections), list(plan.diagnostics)
    for change in corrections.changes:
        try:
            if corrections.sha256 != plan.source.sha256:
                raise _Unfit(ANOTHER_SOURCE)
            if change.kind == "front_matter":
                made: FrontMatter | Fact | None = _front_changed(plan, front, change, applied)
                front, name = (made, None) if isinstance(made, FrontMatter) else (front, None)
            else:
                at = _place(plan.text, rows[change.kind], places, change, applied)
                made, name = _fact_changed(plan.text, rows[change.kind][at], change, applied), rows[change.kind][at].id
                rows[change.kind][at] = made or rows[change.kind][at]
        except _Unfit as reason:
            said = _refusal(plan, change, str(reason))
            refused += [] if said in refused else [said]
        else:
            if made is not None:
                applied.append(_applied(change, name))
    return plan.model_copy(update={**rows, "front_matter": front, "corrections": applied, "diagnostics": refused})


def read_corrections(path: str | os.PathLike[str]) -> Corrections:
    """The corrections in a file that the review page saved; BadPlanFile, with one sentence, where it is none."""
    place = Path(path)
    try:
        return Corrections.model_validate_json(place.read_bytes())
    except OSError as error:
        raise BadPlanFile(f"{place}: cannot be read ({error.strerror})") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(p) for p in first["loc"][:6]) or "the file"
        raise BadPlanFile(f"{place}: is no corrections file ({where}: {first['msg']}); save it from the review page") from None


def corrections_in(folder: str | os.PathLike[str]) -> Mapping[str, Corrections]:
    """Every *.corrections.json of a folder and below it, by the sha256 of the source; files of one source are joined."""
    found: dict[str, Corrections] = {}
    for path in sorted(Path(folder).rglob(f"*{SUFFIX}")):
        one = read_corrections(path)
        before = found.get(one.sha256)
        found[one.sha256] = one if before is None else before.model_copy(update={"changes": [*before.changes, *one.changes]})
    return found


def _place(
    text: str,
    facts: Sequence[Fact],
    places: Mapping[tuple[str, int, int], list[int]],
    change: Change,
    applied: Sequence[AppliedCorrection],
) -> int:
    """Which of the facts a change means."""
    span = change.span
    there = places.get((change.kind, span.start, span.end), []) if span else []
    if span is None or not there:
        raise _Unfit(NOTHING_THERE)
    if change.words is not None and text[span.start : span.end] != change.words:
        raise _Unfit(OTHER_WORDS)
    if change.nth is not None:
        if change.nth >= len(there):
            raise _Unfit(NOTHING_THERE)
        return there[change.nth]
    if len(there) > 1:
        done = [at for at in there if _applied(change, facts[at].id) in applied]
        there = done or [at for at in there if _has(facts[at], change)]
    if len(there) != 1:
        raise _Unfit(SEVERAL_THERE if there else OTHER_VALUE)
    return there[0]


def _fact_changed(text: str, fact: Fact, change: Change, applied: Sequence[AppliedCorrection]) -> Fact | None:
    """The fact with the new value and the flag; None where it has the new value already."""
    updated = _changed(text, fact, change, fact.span, _applied(change, fact.id) in applied)
    if updated is None:
        return None
    return fact.model_copy(update={**updated, "flags": sorted({*fact.flags, CORRECTED})})


def _front_changed(plan: Plan, front: FrontMatter, change: Change, applied: Sequence[AppliedCorrection]) -> FrontMatter | None:
    spans = front.spans.get(change.field.split(".")[0], [])
    if change.span is not None and (change.span.start, change.span.end) not in {(s.start, s.end) for s in spans}:
        raise _Unfit(NOTHING_THERE)
    whole = Span(start=0, end=len(plan.text))
    updated = _changed(plan.text, front, change, whole, _applied(change, None) in applied)
    return None if updated is None else front.model_copy(update=updated)


def _has(fact: Fact, change: Change) -> bool:
    try:
        return _same(_shown(*_reached(fact, change.field)[1:]), change.old)
    except _Unfit:
        return False


def _changed(text: str, model: FrontMatter | Fact, change: Change, span: Span, done: bool) -> dict[str, Any] | None:
    """The top-level field that a change gives another value, validated by the model; None where there is nothing to do."""
    path = change.field.split(".")
    dumped, holder, key = _reached(model, change.field)
    now = _shown(holder, key)
    if _same(now, change.new) and (done or _same(change.old, change.new)):
        return None
    if not _same(now, change.old):
        raise _Unfit(OTHER_VALUE)
    holder[key] = change.new
    if path[-1] in AGENCY_LISTS:
        holder[key] = [_agency(text, dumped, name, span) for name in _names(change.new)]
    try:
        made = type(model).model_validate_json(json.dumps(dumped))
    except ValidationError:
        raise _Unfit(NO_FIT) from None
    return {path[0]: getattr(made, path[0])}


def _reached(model: FrontMatter | Fact, field: str) -> tuple[dict[str, Any], Any, Any]:
    """A model as JSON data, the list or object in it that holds a field, and the field's key there."""
    dumped = model.model_dump(mode="json", exclude={"content"})
    *way, last = field.split(".")
    if NEVER_CORRECTED & {*way, last}:
        raise _Unfit(NO_FIELD)
    holder: Any = dumped
    for step in way:
        holder = _step(holder, step)[0]
    return dumped, holder, _step(holder, last)[1]


def _step(holder: Any, step: str) -> tuple[Any, Any]:
    if isinstance(holder, dict) and step in holder:
        return holder[step], step
    if isinstance(holder, list) and step.isdecimal() and step.isascii() and int(step) < len(holder):
        return holder[int(step)], int(step)
    raise _Unfit(NO_FIELD)


def _shown(holder: Any, key: Any) -> Any:
    """A value as a corrections file gives it: agencies by their names."""
    value = holder[key]
    return [agency["name"] for agency in value] if key in AGENCY_LISTS else value


def _same(one: object, other: object) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _names(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
        raise _Unfit(NO_FIT)
    return [str(name) for name in value]


def _agency(text: str, dumped: Mapping[str, Any], name: str, span: Span) -> dict[str, Any]:
    """The body of that name among those of the fact; else where the plan prints the name within the fact's place."""
    for field in AGENCY_LISTS & dumped.keys():
        for agency in dumped[field]:
            if isinstance(agency, dict) and agency["name"] == name:
                return agency
    at = text.find(name, span.start, span.end)
    if at < 0:
        raise _Unfit(NOT_PRINTED)
    place = Span(start=at, end=at + len(name), page=span.page, line=span.line)
    return Agency(name=name, span=place).model_dump(mode="json")


def _applied(change: Change, fact: str | None) -> AppliedCorrection:
    return AppliedCorrection(
        kind=change.kind, fact=fact, span=change.span, field=change.field, old=change.old, new=change.new
    )  # fmt: skip


def _refusal(plan: Plan, change: Change, why: str) -> Diagnostic:
    span = change.span if change.span and change.span.start <= change.span.end <= len(plan.text) else None
    return diagnostic("correction.not-applied", span, kind=change.kind, field=change.field, why=why)
