"""Plans as JSON and YAML files, written whole or not at all, and read back."""

import os
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from planparse.errors import BadPlanFile, UnreadableOutput
from planparse.models import Plan
from planparse.places import read_bytes, to_place

FORMATS = ("json", "yaml")
WIDTH = 2**31 - 1


def plan_to_json(plan: Plan) -> str:
    """The plan as JSON text: two blanks of indent, Chinese unescaped, a line feed at the end."""
    return plan_to_bytes(plan).decode()


def plan_to_bytes(plan: Plan) -> bytes:
    """The same as it stands in its file, in UTF-8."""
    return _adapter().dump_json(plan, indent=2) + b"\n"


@cache
def _adapter() -> TypeAdapter[Plan]:
    return TypeAdapter(Plan)


def plan_to_yaml(plan: Plan) -> str:
    """The plan as YAML text, by libyaml, keys in the order of the models."""
    return str(
        yaml.dump(plan.model_dump(mode="json"), Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=WIDTH)
    )


def write_plan(plan: Plan, folder: Path, name: str, *, formats: Sequence[str] = FORMATS) -> list[Path]:
    """Write NAME.json and NAME.yaml into `folder`, each atomically; gives the paths.

    Raises UnreadableOutput with one sentence where the folder cannot be written.
    """
    written = []
    for kind in formats:
        content = plan_to_bytes(plan) if kind == "json" else plan_to_yaml(plan)
        written.append(write_whole(folder / f"{name}.{kind}", content))
    return written


def write_whole(path: Path, content: str | bytes) -> Path:
    """Write a text (as UTF-8) or bytes beside the target and put it in its place: there is never half a file.

    Raises UnreadableOutput with one sentence where the folder cannot be written.
    """
    temporary = None
    try:
        try:
            handle, temporary = _beside(path)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = _beside(path)
        with os.fdopen(handle, "wb") as out:
            out.write(content.encode() if isinstance(content, str) else content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError as error:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)
        raise UnreadableOutput(f"{path}: cannot be written ({error.strerror}); choose another --out") from None
    return path


def _beside(path: Path) -> tuple[int, str]:
    return tempfile.mkstemp(prefix=f".{path.name[:80]}.", suffix=".part", dir=path.parent)


def load(path: str | os.PathLike[str]) -> Plan:
    """The plan in one JSON file that `planparse ingest` wrote.

    A path, or the address of a file in a store (s3://…). Raises BadPlanFile with one sentence where the file is missing or
    is no plan of this schema version, UnreadableFile where its store does not give it.
    """
    place = to_place(path)
    try:
        return bytes_to_plan(read_bytes(place), str(place))
    except OSError as error:
        raise BadPlanFile(f"{place}: cannot be read ({error.strerror})") from None


def bytes_to_plan(data: bytes, place: str) -> Plan:
    """The plan in the bytes of a JSON file; `place` is for the sentence of BadPlanFile."""
    try:
        return Plan.model_validate_json(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(p) for p in first["loc"][:6]) or "the file"
        raise BadPlanFile(
            f"{place}: is not a plan that planparse wrote ({where}: {first['msg']}); ingest the source again"
        ) from None


def plan_files(folder: str | os.PathLike[str]) -> list[Path]:
    """The JSON files of plans in a folder and below it, in the order of their paths."""
    return [p for p in sorted(Path(folder).rglob("*.json")) if is_plan_name(p.name)]


def is_plan_name(name: str) -> bool:
    """Whether a file may be a plan's JSON, by its name: corrections lie beside plans and are none."""
    return name.endswith(".json") and not name.endswith(".corrections.json")
