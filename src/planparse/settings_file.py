"""pyproject.toml or planparse.toml: which one counts, and its tables, read strictly: a misspelt key is an error."""

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from planparse.errors import WrongUsage

if TYPE_CHECKING:
    from planparse.models.spans import Model

OWN_FILE = "planparse.toml"
TABLES = ("check", "limits")
Read = TypeVar("Read", bound="Model")


def find_config(start: Path) -> Path | None:
    """The nearest planparse.toml, or pyproject.toml with a table [tool.planparse], in `start` or a folder above it."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / OWN_FILE).is_file():
            return folder / OWN_FILE
        project = folder / "pyproject.toml"
        if project.is_file() and "planparse" in _tools(_read_toml(project)):
            return project
    return None


def read_tables(path: Path) -> dict[str, Any]:
    """The tables in a settings file by their names: `[tool.planparse.NAME]`, in planparse.toml also `[NAME]`.

    Raises WrongUsage, with one sentence that names the file, where it cannot be read or holds another table.
    """
    data = _read_toml(path)
    own = _tools(data).get("planparse", {})
    if path.name != "pyproject.toml" and "tool" not in data:
        own = data
    if not isinstance(own, dict):
        raise WrongUsage(f"{path}: [tool.planparse] is no table")
    if others := sorted(set(own) - set(TABLES)):
        raise WrongUsage(f"{path}: {others[0]!r} is no table of planparse; there are {' and '.join(map(repr, TABLES))}")
    return own


def table_to_model(kind: type[Read], data: Any, place: str) -> Read:
    """A table as its model. Raises WrongUsage, with one sentence that begins with `place` and names the key."""
    from pydantic import ValidationError

    try:
        return kind.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(p) for p in first["loc"]) or "the file"
        known = "; known are " + ", ".join(_keys(kind)) if first["type"] == "extra_forbidden" and len(first["loc"]) == 1 else ""
        more = f" ({error.error_count()} in all)" if error.error_count() > 1 else ""
        raise WrongUsage(f"{place}: {key}: {first['msg']}{known}{more}") from None


def _keys(kind: type[Read]) -> list[str]:
    return [field.alias or name for name, field in kind.model_fields.items()]


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise WrongUsage(f"{path}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongUsage(f"{path}: is not TOML: {error}") from None


def _tools(data: dict[str, Any]) -> dict[str, Any]:
    tools = data.get("tool", {})
    return tools if isinstance(tools, dict) else {}
