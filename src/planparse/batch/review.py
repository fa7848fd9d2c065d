"""`planparse review` and `planparse apply-corrections`: which files, and where the results go."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from planparse.batch.commands import open_plan
from planparse.batch.inputs import collect_inputs
from planparse.corrections import apply_corrections, read_corrections
from planparse.errors import BadPlanFile, PlanparseError
from planparse.models.limits import Limits
from planparse.output.json_yaml import load, plan_files, plan_to_json, write_whole
from planparse.output.language import ENGLISH, Words, choose_language, message_of
from planparse.output.review import write_reviews


def review_files(
    path: Path,
    *,
    out: Path | None = None,
    lang: str | None = None,
    pages: bool = False,
    grammars: Sequence[Path] = (),
    limits: Limits | None = None,
) -> Iterator[Path | PlanparseError | str]:
    """Write the review page of a file, or of each in a folder with an index.html; gives the paths, errors of files, and what is to be told.

    A folder's plans are its JSON files, if one of them at least is a plan's; else they are the sources in it. `out` is else ./review for a folder and
    the working directory for a file. Raises BadPlanFile where there is nothing to review, WrongUsage for the language.
    """
    language, folder = choose_language(lang), out or Path("review" if path.is_dir() else ".")
    plans = plan_files(path) if path.is_dir() else []
    inputs = [(p, p.parent.relative_to(path), p.stem) for p in plans]
    if not any(map(_looks_like_a_plan, plans)):
        found, problems = collect_inputs([path])
        inputs = [(i.path, i.folder, i.name) for i in found if isinstance(i.path, Path)]
        if not inputs:
            raise BadPlanFile(problems[0])
    yield from write_reviews(
        inputs,
        folder,
        open_plan=lambda p: open_plan(p, grammars, limits=limits),
        language=language,
        pages=pages,
        index=path.is_dir(),
    )


def _looks_like_a_plan(path: Path) -> bool:
    """By the first key that `ingest` writes: other programs' JSON beside the sources hides none of them."""
    with path.open("rb") as file:
        return b'"schema_version"' in file.read(100)


def correct_file(plan_file: Path, corrections_file: Path, *, out: Path | None, words: Words = ENGLISH) -> tuple[str, list[str]]:
    """A plan's JSON with the corrections, written to `out` (a .json file, or a folder for NAME.json).

    Gives the JSON, and sentences: what was written and how many changes were applied, then each that was not.
    """
    plan = load(plan_file)
    made = apply_corrections(plan, read_corrections(corrections_file))
    text = plan_to_json(made)
    said = [message_of(d, words) for d in made.diagnostics if d.code == "correction.not-applied"]
    count = words.gettext("{applied} applied, {refused} not applied").format(
        applied=len(made.corrections) - len(plan.corrections), refused=len(said)
    )
    if out is not None:
        place = out if out.suffix.lower() == ".json" else out / plan_file.name
        count = f"{write_whole(place, text)}{words.pgettext('between', ': ')}{count}"
    return text, [count, *said]
