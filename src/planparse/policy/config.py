"""The policy in pyproject.toml or planparse.toml and the facts behind --expect, read strictly: a misspelt key is an error."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from planparse.checks.codes import CODES
from planparse.errors import WrongUsage
from planparse.models.policy import CHECK_CODES, Expectations, Policy
from planparse.settings_file import read_tables, table_to_model

KNOWN_CODES = (*CODES, *CHECK_CODES)


def read_policy(path: Path | None) -> Policy:
    """The policy in a file; the default one without a file.

    `[tool.planparse.check]`, in planparse.toml also `[check]`; a file that has limits alone leaves the default policy.
    Raises WrongUsage, with one sentence that names the file and the key, where the file cannot be read, has no such table,
    a key that is none, or a code that does not exist.
    """
    if path is None:
        return Policy()
    tables = read_tables(path)
    table = tables.get("check", {} if "limits" in tables else None)
    if not isinstance(table, dict):
        raise WrongUsage(f"{path}: has no table [tool.planparse.check]; add it, or name another file with --config")
    policy = table_to_model(Policy, table, str(path))
    for key, codes in (("fail-on", policy.fail_on), ("ignore", policy.ignore), ("severity", policy.severity)):
        _check_codes(path, key, codes)
    return policy


def read_expectations(path: Path) -> Expectations:
    """The hand-verified facts in a YAML file; WrongUsage, with file and key, where it is not of the format."""
    try:
        return table_to_model(Expectations, yaml.load(path.read_bytes(), Loader=_OnceLoader), str(path))
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
