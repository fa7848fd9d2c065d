"""Corrections for a run: read once from their folder, laid over the plan of their source, known in the ledger by a digest."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planparse.errors import BadPlanFile, WrongUsage
from planparse.output.language import ENGLISH, Words

if TYPE_CHECKING:
    from planparse.batch.ledger import Row
    from planparse.models import Plan


@dataclass(frozen=True, slots=True)
class Patch:
    """What a reader corrected in one source: the corrections as JSON data, and their digest."""

    corrections: dict[str, Any]
    digest: str


def read_patches(folder: Path, *, later: bool = False) -> dict[str, Patch]:
    """Every NAME.corrections.json in a folder and below it, by the sha256 of its source; files of one source are joined.

    Raises WrongUsage where one of its files cannot be used, and unless they may come `later` where the folder is none or
    holds no corrections.
    """
    from planparse.corrections import SUFFIX, corrections_in

    if not folder.is_dir() and (folder.exists() or not later):
        raise WrongUsage(f"--corrections {folder}: is no folder; name one with the NAME{SUFFIX} files of the review page")
    try:
        found = corrections_in(folder)
    except BadPlanFile as error:
        raise WrongUsage(f"--corrections {error}") from None
    if not found and not later:
        raise WrongUsage(f"--corrections {folder}: no NAME{SUFFIX} there; save them from the review page")
    data = {sha256: one.model_dump(mode="json") for sha256, one in found.items()}
    return {sha256: Patch(one, patch_digest(one)) for sha256, one in data.items()}


def patch_digest(corrections: Mapping[str, Any]) -> str:
    """The sha256 of what is corrected: of the source and the changes, and of nothing else in the file."""
    told = json.dumps([corrections["sha256"], corrections["changes"]], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def lay_patch(plan: "Plan", corrections: Mapping[str, Any] | None) -> "Plan":
    """The plan with the corrections; what does not fit it is a diagnostic."""
    if not corrections:
        return plan
    from planparse.corrections import apply_corrections
    from planparse.models import Corrections

    return apply_corrections(plan, Corrections.model_validate_json(json.dumps(corrections)))


def unlaid(patches: Mapping[str, Patch], rows: Mapping[str, "Row"], words: Words = ENGLISH) -> Iterator[str]:
    """Corrections that are for none of the sources of the ledger: they have no place in this run."""
    known = {row.sha256 for row in rows.values()}
    for sha256, patch in patches.items():
        if sha256 not in known:
            name = patch.corrections.get("name") or words.gettext("without a name")
            said = words.gettext("the corrections of {name} (source {sha256}…) are for none of the files")
            yield said.format(name=name, sha256=sha256[:16])


def let_go(before: Mapping[str, "Row"], after: Mapping[str, "Row"], words: Words = ENGLISH) -> Iterator[str]:
    """Files that an earlier run corrected and this one did not."""
    for source, row in before.items():
        if row.corrections and (now := after.get(source)) and now.status == "done" and now.corrections is None:
            said = words.gettext("{source}: was corrected in an earlier run and is not now; name the folder: --corrections DIR")
            yield said.format(source=source)
