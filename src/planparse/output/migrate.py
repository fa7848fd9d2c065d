"""Plans of earlier schema versions, brought to the newest one step at a time; docs/stability.md says when there is one."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from planparse.errors import BadPlanFile, PlanparseError, WrongUsage
from planparse.models import Plan
from planparse.output.json_yaml import plan_files, write_plan
from planparse.output.language import ENGLISH, Words
from planparse.output.sentences import sentence_of

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """From one schema version to the next: `change` takes a plan's data as written and gives it as the next version has it.

    A step invents nothing: what the older version did not say is null or empty. `schema_version` is set by the caller.
    """

    before: str
    after: str
    change: Callable[[Data], Data]


STEPS: tuple[Step, ...] = ()
"""Every step, oldest first. There has been one schema version so far, so there is none."""

NEWEST: str = Plan.model_fields["schema_version"].default


@dataclass(frozen=True, slots=True)
class Migrated:
    """What became of one file: `before` its schema version; `changed` whether it was written anew; or the error's sentence."""

    path: Path
    before: str | None = None
    changed: bool = False
    error: str | None = None


def load_known(path: Path, *, steps: tuple[Step, ...] = STEPS) -> Plan:
    """The plan in a JSON or YAML file of any schema version that this planparse knows.

    Raises BadPlanFile with one sentence where the file is no plan, or is of a version that it does not know.
    """
    data, text = _read(path)
    after = migrate_data(path, data, steps=steps)
    return _text_to_plan(path, text if after is data else _data_to_text(after))


def migrate_data(path: Path, data: Data, *, steps: tuple[Step, ...] = STEPS, newest: str = NEWEST) -> Data:
    """A plan's data in the newest schema version; the same object where it has it already. `path` is for the sentence."""
    ahead = {step.before: step for step in steps}
    version = data.get("schema_version")
    while version != newest:
        step = ahead.pop(version, None) if isinstance(version, str) else None
        if step is None:
            known = ", ".join(dict.fromkeys([*(s.before for s in steps), newest]))
            raise BadPlanFile(
                f"{path}: has schema_version {version!r}, and this planparse knows {known}; "
                "install a newer planparse, or ingest the source again"
            )
        data = {**step.change(data), "schema_version": step.after}
        version = step.after
    return data


def migrate_files(path: Path, *, steps: tuple[Step, ...] = STEPS) -> Iterator[Migrated]:
    """Bring a file, or every plan in a folder and below it, to the newest schema version, in the order of their paths.

    1. A file that has it is left as it is, to the byte; another is written whole or not at all, with the YAML beside it.
    2. What cannot be brought there stays as it is and is told; the others go on.
    Raises WrongUsage where there is nothing of that name, or no plan in the folder.
    """
    if not path.exists():
        raise WrongUsage(f"{path}: no such file or folder; check the name")
    files = plan_files(path) if path.is_dir() else [path]
    if not files:
        raise WrongUsage(f"{path}: no JSON of a plan in this folder")
    for file in files:
        yield _migrate_file(file, steps)


def migrated_to_line(migrated: Migrated, *, words: Words = ENGLISH) -> str:
    """One line for a person."""
    if migrated.error:
        return words.gettext("failed   {error}").format(error=sentence_of(migrated.error, words))
    if not migrated.changed:
        return words.gettext("current  {path} (schema_version {version})").format(path=migrated.path, version=migrated.before)
    said = words.gettext("written  {path} (schema_version {before} → {after})")
    return said.format(path=migrated.path, before=migrated.before, after=NEWEST)


def _migrate_file(file: Path, steps: tuple[Step, ...]) -> Migrated:
    try:
        data, text = _read(file)
        before = data.get("schema_version")
        after = migrate_data(file, data, steps=steps)
        plan = _text_to_plan(file, text if after is data else _data_to_text(after))
        if after is data:
            return Migrated(file, before)
        kinds = {"json", "yaml"} if file.with_suffix(".yaml").is_file() and file.suffix == ".json" else {file.suffix[1:]}
        write_plan(plan, file.parent, file.name.removesuffix(file.suffix), formats=sorted(kinds))
        return Migrated(file, before, changed=True)
    except PlanparseError as error:
        return Migrated(file, error=str(error))


def _read(path: Path) -> tuple[Data, str]:
    """What a file holds, as data and as JSON text."""
    try:
        text = path.read_text(encoding="utf-8")
        is_yaml = path.suffix in (".yaml", ".yml")
        data = yaml.load(text, Loader=yaml.CSafeLoader) if is_yaml else json.loads(text)
    except OSError as error:
        raise BadPlanFile(f"{path}: cannot be read ({error.strerror})") from None
    except (ValueError, yaml.YAMLError, RecursionError):
        raise BadPlanFile(f"{path}: is not a plan that planparse wrote (neither JSON nor YAML)") from None
    if not isinstance(data, dict):
        raise BadPlanFile(f"{path}: is not a plan that planparse wrote (it holds no object)")
    return data, _data_to_text(data) if is_yaml else text


def _data_to_text(data: Data) -> str:
    return json.dumps(data, ensure_ascii=False, default=str)


def _text_to_plan(path: Path, text: str) -> Plan:
    try:
        return Plan.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(p) for p in first["loc"][:6]) or "the file"
        raise BadPlanFile(
            f"{path}: is not a plan that planparse wrote ({where}: {first['msg']}); ingest the source again"
        ) from None
