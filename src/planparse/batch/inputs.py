"""Which files a run reads, and what their outputs are called: fixed from the full list before the first is read."""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FORMATS = ("txt", "md", "markdown", "docx", "docm", "dotx", "pdf", "html", "htm", "mhtml", "mht", "doc", "wps", "rtf", "ofd")
SUFFIXES = frozenset(f".{form}" for form in FORMATS)
"""What is taken from a folder; a file that is named is read whatever its suffix."""

LONGEST = 200
"""Bytes that a name may have before it is cut: file systems take 255, and `.json` and the temporary name come on top."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read and the folder below --out that takes its outputs."""

    path: Path
    folder: Path

    @property
    def source(self) -> str:
        """The absolute path, by which the ledger knows the file."""
        return os.path.abspath(self.path)


@dataclass(frozen=True, slots=True)
class Input:
    """A file to read, and the folder (below --out) and name of its outputs."""

    path: Path
    folder: Path
    name: str

    @property
    def source(self) -> str:
        """The absolute path, by which the ledger knows the file."""
        return os.path.abspath(self.path)


def find_inputs(paths: Sequence[Path], *, out: Path | None = None) -> tuple[list[Found], list[str]]:
    """The files in order, each once, and one sentence for each path that gives none.

    Folders are mirrored, each below its own name where several are given; what stands below `out` is no input.
    """
    found: list[Found] = []
    problems: list[str] = []
    folders = [p for p in paths if p.is_dir()]
    for path in paths:
        if path.is_dir():
            prefix = Path(path.resolve().name) if len(folders) > 1 else Path()
            inside = [Found(file, prefix / file.parent.relative_to(path)) for file in _files(path, out)]
            if not inside:
                problems.append(f"{path}: no plan in this folder; planparse takes {' '.join(sorted(SUFFIXES))}")
            found += inside
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
            inputs.append(Input(one.path, Path(folder), name))
            continue
        wanted = [one.path.stem] if stems[str(one.folder), one.path.stem.casefold()] == 1 else []
        wanted += [one.path.name] if names[one.folder, one.path.name.casefold()] == 1 else []
        name = next(n for n in _names(wanted, one.path.name) if (str(one.folder), n.casefold()) not in used)
        used.add((str(one.folder), name.casefold()))
        inputs.append(Input(one.path, one.folder, name))
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


def _files(folder: Path, out: Path | None) -> Iterator[Path]:
    apart = os.path.abspath(out) + os.sep if out is not None else None
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in SUFFIXES or (apart and os.path.abspath(path).startswith(apart)):
            continue
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and path.is_file():
            yield path
