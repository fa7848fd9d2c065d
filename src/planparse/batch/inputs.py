"""Which files a run reads, and what their outputs are called: fixed from the full list before the first is read."""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from planparse.errors import UnreadableFile
from planparse.places import Place, Url, files_below, is_folder, source_of

FORMATS = (
    "txt",
    "md",
    "markdown",
    "docx",
    "docm",
    "dotx",
    "pdf",
    "html",
    "htm",
    "mhtml",
    "mht",
    "doc",
    "wps",
    "rtf",
    "ofd",
    "tif",
    "tiff",
)
SUFFIXES = frozenset(f".{form}" for form in FORMATS)
"""What is taken from a folder; a file that is named is read whatever its suffix.

Of pictures scanners' .tif alone: .png and .jpg in a folder mostly belong to a page that was saved beside them.
"""

LONGEST = 200
"""Bytes that a name may have before it is cut: file systems take 255, and `.json` and the temporary name come on top."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read and the folder below --out that takes its outputs; `tag` is what a store's listing calls its bytes."""

    path: Place
    folder: Path
    tag: str | None = None

    @property
    def source(self) -> str:
        """The absolute path or the address, by which the ledger knows the file."""
        return source_of(self.path)


@dataclass(frozen=True, slots=True)
class Input:
    """A file to read, and the folder (below --out) and name of its outputs."""

    path: Place
    folder: Path
    name: str
    tag: str | None = None

    @property
    def source(self) -> str:
        """The absolute path or the address, by which the ledger knows the file."""
        return source_of(self.path)


def find_inputs(paths: Sequence[Place], *, out: Place | None = None) -> tuple[list[Found], list[str]]:
    """The files in order, each once, and one sentence for each path that gives none.

    Folders are mirrored, each below its own name where several are given; what stands below `out` is no input.
    """
    found: list[Found] = []
    problems: list[str] = []
    prefixes = _prefixes(paths, problems)
    for path in paths:
        if path in prefixes:
            inside = list(_files(path, prefixes[path], out))
            if not inside:
                problems.append(f"{path}: no plan in this folder; planparse takes {' '.join(sorted(SUFFIXES))}")
            found += inside
        elif isinstance(path, Url):
            found += _named(path, problems)
        elif path.is_file():
            found.append(Found(path, Path()))
        else:
            problems.append(f"{path}: no such file or folder; check the name")
    once: dict[str, Found] = {}
    for one in found:
        if _is_text(one.source):
            once.setdefault(one.source, one)
        else:
            problems.append(f"{one.source!a}: its name is not UTF-8; rename it")
    return list(once.values()), problems


def name_inputs(found: Sequence[Found], *, held: Mapping[str, tuple[str, str]] | None = None) -> list[Input]:
    """The inputs with their names; a source in `held` (source → folder, name) keeps what it has.

    A new one is called by its stem; where the folder has, or had, two inputs of one stem, by its whole file name; where
    that is taken too, a number is added.
    """
    held = held or {}
    new = [f for f in found if f.source not in held]
    stems = Counter((folder, Path(source).stem.casefold()) for source, (folder, _) in held.items())
    stems.update((str(f.folder), f.path.stem.casefold()) for f in new)
    names = Counter((f.folder, f.path.name.casefold()) for f in new)
    used = {(folder, name.casefold()) for folder, name in held.values()}
    inputs: list[Input] = []
    for one in found:
        if one.source in held:
            folder, name = held[one.source]
            inputs.append(Input(one.path, Path(folder), name, one.tag))
            continue
        wanted = [one.path.stem] if stems[str(one.folder), one.path.stem.casefold()] == 1 else []
        wanted += [one.path.name] if names[one.folder, one.path.name.casefold()] == 1 else []
        name = next(n for n in _names(wanted, one.path.name) if (str(one.folder), n.casefold()) not in used)
        used.add((str(one.folder), name.casefold()))
        inputs.append(Input(one.path, one.folder, name, one.tag))
    return inputs


def collect_inputs(paths: Sequence[Path]) -> tuple[list[Input], list[str]]:
    """The inputs of a run without a ledger: found and named."""
    found, problems = find_inputs(paths)
    return name_inputs(found), problems


def _names(wanted: Sequence[str], whole: str) -> Iterator[str]:
    yield from map(_cut, wanted)
    number = 1
    while True:
        yield f"{_cut(whole)}-{number}"
        number += 1


def _cut(name: str) -> str:
    data = name.encode()
    if len(data) <= LONGEST:
        return name
    return f"{data[: LONGEST - 9].decode('utf-8', 'ignore')}-{hashlib.sha256(data).hexdigest()[:8]}"


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _prefixes(paths: Sequence[Place], problems: list[str]) -> dict[Place, Path]:
    """The folders among the paths, and what each is called below the outputs where there are several."""
    folders: dict[Place, str] = {}
    for path in paths:
        try:
            if is_folder(path):
                folders[path] = path.resolve().name if isinstance(path, Path) else path.name
        except UnreadableFile as error:
            problems.append(str(error))
    return {path: Path(name) if len(folders) > 1 else Path() for path, name in folders.items()}


def _files(folder: Place, prefix: Path, out: Place | None) -> Iterator[Found]:
    """The plans in a folder and below it, hidden ones and outputs left out."""
    apart = source_of(out) + "/" if out is not None else None
    if isinstance(folder, Url):
        for held in files_below(folder):
            below = Path(held.below)
            if _is_plan(below) and not (apart and held.place.text.startswith(apart)):
                yield Found(held.place, prefix / below.parent, held.tag)
        return
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in SUFFIXES or (apart and os.path.abspath(path).startswith(apart)):
            continue
        below = path.relative_to(folder)
        if _is_plan(below) and path.is_file():
            yield Found(path, prefix / below.parent)


def _is_plan(below: Path) -> bool:
    return below.suffix.lower() in SUFFIXES and not any(part.startswith(".") for part in below.parts)


def _named(url: Url, problems: list[str]) -> Iterator[Found]:
    """The one file at an address in a store."""
    try:
        held = [h for h in files_below(url) if str(h.below) == "."]
    except UnreadableFile as error:
        if not any(problem.startswith(f"{url}: ") for problem in problems):
            problems.append(str(error))
        return
    if not held:
        problems.append(f"{url}: no such file or folder; check the address")
    yield from (Found(h.place, Path(), h.tag) for h in held)
