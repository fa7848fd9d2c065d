"""The outputs of a run where they stand: which are there, and what killed runs left half-done."""

import os
from collections.abc import Iterable
from pathlib import Path

from planparse.places import Place, Url, files_below, store


class Shelf:
    """The folder that outputs are written to. One in a store is listed once a pass, not asked for each file."""

    def __init__(self, out: Place) -> None:
        self.out = out
        self._sizes: dict[str, int] | None = None

    def forget(self) -> None:
        """Look again at what is there."""
        self._sizes = None

    def note(self, names: Iterable[str]) -> None:
        """These were written, whole."""
        if self._sizes is not None:
            self._sizes |= dict.fromkeys(names, 1)

    def size(self, name: str) -> int:
        """The bytes of a file by its path below the folder; 0 where it is not there."""
        if isinstance(self.out, Path):
            try:
                return (self.out / name).stat().st_size
            except OSError:
                return 0
        return self._listed(self.out).get(name, 0)

    def sweep(self, folders: Iterable[str]) -> int:
        """Delete the temporary files that killed runs left; only under the ledger's lock. Gives how many."""
        if isinstance(self.out, Path):
            return sum(_sweep(self.out / folder) for folder in {".", *folders})
        stale = [n for n in self._listed(self.out) if _temporary(n.rpartition("/")[2])]
        for name in stale:
            store(self.out).rm_file((self.out / name).text)
        return len(stale)

    def _listed(self, out: Url) -> dict[str, int]:
        if self._sizes is None:
            self._sizes = {str(held.below): held.size for held in files_below(out)}
        return self._sizes


def _temporary(name: str) -> bool:
    return name.startswith(".") and name.endswith(".part")


def _sweep(folder: Path) -> int:
    try:
        stale = [entry.path for entry in os.scandir(folder) if _temporary(entry.name)]
    except OSError:
        return 0
    for path in stale:
        Path(path).unlink(missing_ok=True)
    return len(stale)
