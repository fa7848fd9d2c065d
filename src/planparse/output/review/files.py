"""Review pages on disk: one a plan, and for a folder an index.html."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from planparse.errors import PlanparseError
from planparse.models import Plan
from planparse.output.json_yaml import write_whole
from planparse.output.language import Language
from planparse.output.review.index import Entry, entries_to_page, plan_to_entry
from planparse.output.review.page import plan_to_page
from planparse.output.review.pictures import pdf_to_pictures

SUFFIX = ".review.html"


def write_reviews(
    inputs: Sequence[tuple[Path, Path, str]],
    out: Path,
    *,
    open_plan: Callable[[Path], Plan],
    language: Language,
    pages: bool = False,
    index: bool = False,
) -> Iterator[Path | PlanparseError | str]:
    """Write NAME.review.html for each (file, folder below `out`, NAME), one after another, and with `index` an index.html.

    Gives the path of each page, or the error of a file that could not be read: it stops no other. With `pages` the
    pictures of a PDF's pages are in the page, if the PDF itself is the file or lies beside its plan's JSON; where it
    does not, a sentence says so.
    """
    entries: list[Entry] = []
    for path, folder, name in inputs:
        try:
            plan = open_plan(path)
        except PlanparseError as error:
            yield error
            continue
        pictures = pdf_to_pictures(_source_of(plan, path), sha256=plan.source.sha256) if pages else []
        if pages and plan.source.format == "pdf" and not pictures:
            name_of_source = os.path.basename(plan.source.name)
            yield f"{path}: no pictures of its pages; put {name_of_source}, as it was read, beside it"
        place = folder / f"{name}{SUFFIX}"
        yield write_whole(out / place, plan_to_page(plan, language=language, name=name, pictures=pictures))
        entries.append(plan_to_entry(plan, place.as_posix()))
    if index and entries:
        yield write_whole(out / "index.html", entries_to_page(entries, language=language))


def _source_of(plan: Plan, path: Path) -> Path:
    """The file that a plan was read from: itself, or the one of that name beside its JSON (never one elsewhere)."""
    return path if path.suffix.lower() != ".json" else path.parent / os.path.basename(plan.source.name)
