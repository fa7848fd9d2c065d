"""`planparse review` and `planparse apply-corrections`: which files, and where the results go."""

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from planparse.batch.commands import open_plan
from planparse.batch.fetch import at_hand, put, to_fill
from planparse.batch.inputs import SUFFIXES, collect_inputs
from planparse.corrections import apply_corrections, read_corrections
from planparse.errors import BadPlanFile, PlanparseError
from planparse.models.limits import Limits
from planparse.output.json_yaml import load, plan_files, plan_to_json, write_whole
from planparse.output.language import ENGLISH, Words, choose_language, message_of
from planparse.output.review import write_reviews
from planparse.places import Place, to_place


def review_files(
    path: str | Path,
    *,
    out: str | Path | None = None,
    lang: str | None = None,
    pages: bool = False,
    grammars: Sequence[Path] = (),
    limits: Limits | None = None,
) -> Iterator[Place | PlanparseError | str]:
    """Write the review page of a file, or of each in a folder with an index.html; gives the places, errors of files, and what is to be told.

    A folder's plans are its JSON files, if one of them at least is a plan's; else they are the sources in it. `path` and `out`
    may be in a store; `out` is else ./review for a folder and the working directory for a file. Raises BadPlanFile where there
    is nothing to review, WrongUsage for the language, UnreadableFile and UnreadableOutput for a store.
    """
    language, place = choose_language(lang), to_place(path)
    with at_hand(place, wanted=_is_reviewed) as source:
        target = to_place(out) if out is not None else Path("review" if source.is_dir() else ".")
        inputs = _inputs(source, place)
        with to_fill(target) as folder:
            for made in write_reviews(
                inputs,
                folder,
                open_plan=lambda p: open_plan(p, grammars, limits=limits),
                language=language,
                pages=pages,
                index=source.is_dir(),
            ):
                yield put(made, folder, target) if isinstance(made, Path) else made


def _inputs(source: Path, shown: Place) -> list[tuple[Path, Path, str]]:
    plans = plan_files(source) if source.is_dir() else []
    if any(map(_looks_like_a_plan, plans)):
        return [(p, p.parent.relative_to(source), p.stem) for p in plans]
    found, problems = collect_inputs([source])
    inputs = [(i.path, i.folder, i.name) for i in found if isinstance(i.path, Path)]
    if not inputs:
        raise BadPlanFile(problems[0].replace(str(source), str(shown), 1))
    return inputs


def _is_reviewed(below: PurePosixPath) -> bool:
    return below.suffix.lower() in {".json", *SUFFIXES}


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
