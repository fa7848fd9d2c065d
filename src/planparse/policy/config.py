"""The policy in pyproject.toml or planparse.toml and the facts behind --expect, read strictly: a misspelt key is an error."""

import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from planparse.checks.codes import CODES
from planparse.errors import WrongUsage
from planparse.models.policy import CHECK_CODES, Expectations, Policy
from planparse.models.spans import Model

OWN_FILE = "planparse.toml"
KNOWN_CODES = (*CODES, *CHECK_CODES)
Read = TypeVar("Read", bound=Model)


def find_config(start: Path) -> Path | None:
    """The nearest planparse.toml, or pyproject.toml with a table [tool.planparse], in `start` or a folder above it."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / OWN_FILE).is_file():
            return folder / OWN_FILE
        project = folder / "pyproject.toml"
        if project.is_file() and "planparse" in _tools(_read_toml(project)):
            return project
    return None


def read_policy(path: Path | None) -> Policy:
    """The policy in a file; the default one without a file.

    `[tool.planparse.check]`, in planparse.toml also `[check]`. Raises WrongUsage, with one sentence that names the file
    and the key, where the file cannot be read, has no such table, a key that is none, or a code that does not exist.
    """
    if path is None:
        return Policy()
    data = _read_toml(path)
    own = _tools(data).get("planparse", {})
    if path.name != "pyproject.toml" and "tool" not in data:
        own = data
    if not isinstance(own, dict) or not isinstance(own.get("check"), dict):
        raise WrongUsage(f"{path}: has no table [tool.planparse.check]; add it, or name another file with --config")
    if others := sorted(set(own) - {"check"}):
        raise WrongUsage(f"{path}: {others[0]!r} is no table of planparse; the only one is 'check'")
    policy = _model(Policy, own["check"], path)
    for key, codes in (("fail-on", policy.fail_on), ("ignore", policy.ignore), ("severity", policy.severity)):
        _check_codes(path, key, codes)
    return policy


def read_expectations(path: Path) -> Expectations:
    """The hand-verified facts in a YAML file; WrongUsage, with file and key, where it is not of the format."""
    try:
        return _model(Expectations, yaml.load(path.read_bytes(), Loader=_OnceLoader), path)
    except OSError as error:
        raise WrongUsage(f"{path}: cannot be read ({error.strerror})") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise WrongUsage(f"{path}: is not YAML: {' '.join(str(error).split())}") from None


def code_matches(code: str, patterns: Iterable[str]) -> bool:
    """Whether a code is among the patterns, each a code or a family (`numbering.*`)."""
    return any(code == p or (p.endswith(".*") and code.startswith(p[:-1])) for p in patterns)


def _check_codes(path: Path, key: str, patterns: Iterable[str]) -> None:
    for pattern in patterns:
        if not any(code_matches(code, [pattern]) for code in KNOWN_CODES):
            near = get_close_matches(pattern, KNOWN_CODES, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "docs/diagnostics.md lists the codes"
            raise WrongUsage(f"{path}: {key}: {pattern!r} is no code of a diagnostic; {hint}")


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


def _model(kind: type[Read], data: Any, path: Path) -> Read:
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(p) for p in first["loc"]) or "the file"
        known = "; known are " + ", ".join(_keys(kind)) if first["type"] == "extra_forbidden" and len(first["loc"]) == 1 else ""
        more = f" ({error.error_count()} in all)" if error.error_count() > 1 else ""
        raise WrongUsage(f"{path}: {place}: {first['msg']}{known}{more}") from None


def _keys(kind: type[Model]) -> list[str]:
    return [field.alias or name for name, field in kind.model_fields.items()]


class _OnceLoader(yaml.CSafeLoader):
    """YAML in which a key may stand once: of two facts with one name, none is dropped silently."""


def _mapping_once(loader: _OnceLoader, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    seen = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if repr(key) in seen:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice", key_node.start_mark)
        seen.add(repr(key))
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


_OnceLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_once)
