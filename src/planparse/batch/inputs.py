"""Which files a run reads, and what their outputs are called: fixed from the full list before the first is read."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = frozenset(
    (".txt", ".md", ".markdown", ".docx", ".docm", ".dotx", ".pdf", ".html", ".htm", ".mhtml", ".mht")
    + (".doc", ".wps", ".rtf", ".ofd")
)
"""What is taken from a folder; a file that is named is read whatever its suffix."""


@dataclass(frozen=True, slots=True)
class Input:
    """A file to read, and the folder (below --out) and name of its outputs."""

    path: Path
    folder: Path
    name: str


def collect_inputs(paths: Sequence[Path]) -> tuple[list[Input], list[str]]:
    """The inputs in order, and one sentence for each path that gives none.

    Folders are mirrored. Where a folder of the output would hold two inputs of one stem, all of them are NAME.EXT.
    """
    found: list[tuple[Path, Path]] = []
    problems: list[str] = []
    folders = [p for p in paths if p.is_dir()]
    for path in paths:
        if path.is_dir():
            prefix = Path(path.resolve().name) if len(folders) > 1 else Path()
            inside = [(file, prefix / file.parent.relative_to(path)) for file in _files(path)]
            if not inside:
                problems.append(f"{path}: no plan in this folder; planparse takes {' '.join(sorted(SUFFIXES))}")
            found += inside
        elif path.is_file():
            found.append((path, Path()))
        else:
            problems.append(f"{path}: no such file or folder; check the name")
    found = list(dict.fromkeys(found))
    stems = Counter((folder, path.stem) for path, folder in found)
    names = Counter((folder, path.name) for path, folder in found)
    inputs: list[Input] = []
    used: set[tuple[Path, str]] = set()
    for path, folder in found:
        name = path.name if stems[folder, path.stem] > 1 else path.stem
        if names[folder, path.name] > 1:
            name = next(n for k in range(1, len(found) + 2) if (folder, n := f"{path.name}-{k}") not in used)
        used.add((folder, name))
        inputs.append(Input(path, folder, name))
    return inputs, problems


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and path.suffix.lower() in SUFFIXES and path.is_file():
            yield path
