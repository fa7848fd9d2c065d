"""What a run with --watch looks at, again and again: its inputs, and what is said of them (the manifest, the corrections)."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from planparse.batch.inputs import Found, find_inputs
from planparse.places import Place, Url, stat


class Lookout:
    """The files of a run and their stamps; made before the run reads any, so that no change meanwhile is missed.

    A file counts as new or changed when two looks, one after the other, saw the same of it: one that still grows is left
    for the next look.
    """

    def __init__(self, places: Sequence[Place], out: Place, *, manifest: Path | None, corrections: Path | None) -> None:
        self._places, self._out = places, out
        self._manifest, self._corrections = manifest, corrections
        self.found: list[Found] = []
        self._known: dict[str, Any] = {}
        self._said = self._said_now()

    def look(self) -> list[str]:
        """Find the inputs of the first pass; gives one sentence for each path that has none."""
        self.found, problems = find_inputs(self._places, out=self._out)
        self._known = {f.source: stamp(f) for f in self.found}
        return problems

    def changes(self, pause: float) -> Iterator[tuple[list[Found], bool]]:
        """Files that are new or changed; or all, with True, where the manifest or the corrections are."""
        before: dict[str, Any] = {}
        said_before = self._said
        while True:
            time.sleep(pause)
            self.found = find_inputs(self._places, out=self._out)[0]
            seen = {f.source: (f, stamp(f)) for f in self.found}
            settled = [f for source, (f, mark) in seen.items() if self._known.get(source) != mark == before.get(source)]
            before = {source: mark for source, (_, mark) in seen.items()}
            said = self._said_now()
            if self._said != said == said_before:
                self._said = said
                # A file that still grows is not read now: it comes by itself.
                whole = [f for source, (f, mark) in seen.items() if self._known.get(source) == mark or f in settled]
                self._known |= {f.source: before[f.source] for f in settled}
                yield whole, True
            elif settled:
                self._known |= {f.source: before[f.source] for f in settled}
                yield settled, False
            said_before = said

    def _said_now(self) -> dict[str, Any]:
        files = [self._manifest] if self._manifest else []
        if self._corrections:
            from planparse.corrections import SUFFIX

            files += sorted(self._corrections.rglob(f"*{SUFFIX}"))
        return {str(file): _file_stamp(file) for file in files}


def stamp(one: Found) -> Any:
    """What changes when a file does."""
    if isinstance(one.path, Url):
        told = None if one.tag else stat(one.path)
        return one.tag or (told and (told.get("size"), str(told.get("mtime") or told.get("created"))))
    return _file_stamp(one.path)


def _file_stamp(path: Path) -> tuple[int, int]:
    try:
        seen = path.stat()
    except OSError:
        return (0, 0)
    return (seen.st_mtime_ns, seen.st_size)
