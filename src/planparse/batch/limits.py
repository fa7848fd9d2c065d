"""The limits of a command: the defaults, then the settings file, then what --limit says."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planparse.errors import WrongUsage
from planparse.settings_file import find_config, read_tables, table_to_model

if TYPE_CHECKING:
    from planparse.models.limits import Limits

OPTION = "--limit"


def choose_limits(told: Sequence[str] = (), *, config: Path | None = None) -> "Limits | None":
    """The limits that `[tool.planparse.limits]` and NAME=VALUE set, the latter over the former; None where neither does.

    `config` is the nearest settings file unless given. Raises WrongUsage, with one sentence, for a name or value that is none.
    """
    path = config or find_config(Path.cwd())
    table = read_tables(path).get("limits", {}) if path else {}
    if not table and not told:
        return None
    # The models are loaded only where there is something to check.
    from planparse.models.limits import Limits

    kept = table_to_model(Limits, table, f"{path}: limits")
    known = [name.replace("_", "-") for name in Limits.model_fields]
    given = dict(map(_pair, told))
    if strange := sorted(set(given) - set(known)):
        near = get_close_matches(strange[0], known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
        raise WrongUsage(f"{OPTION}: no limit is called {strange[0]!r}; {hint}")
    said = table_to_model(Limits, given, OPTION)
    return kept.model_copy(update={name: getattr(said, name) for name in said.model_fields_set})


def _pair(written: str) -> tuple[str, Any]:
    name, equals, value = written.partition("=")
    if not equals or not name.strip():
        raise WrongUsage(f"{OPTION} takes NAME=VALUE, as pages=8000, not {written!r}")
    return name.strip().replace("_", "-"), _number(value.strip())


def _number(written: str) -> int | float | str:
    """A number as Python writes it; what is none is left to the model, which says what it wants."""
    for kind in (int, float):
        try:
            return kind(written)
        except ValueError:
            continue
    return written
