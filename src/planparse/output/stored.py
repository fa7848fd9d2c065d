"""Plans where they stand: the JSON files of a folder of this machine or of a store, one after another."""

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from planparse.errors import BadPlanFile
from planparse.models import Plan
from planparse.output.json_yaml import bytes_to_plan, is_plan_name, load, plan_files
from planparse.places import Place, Url, files_below, read_bytes, to_place

AHEAD = 16
"""Plans that are fetched from a store before they are asked for: fetching one takes longer than reading it."""


def load_all(folder: str | os.PathLike[str]) -> Iterator[Plan]:
    """The plans in the JSON files of a folder and those below it, one by one, in the order of their paths.

    The folder is one of this machine or an address that fsspec knows (`s3://bucket/data`). Raises BadPlanFile for a file
    that is no plan, UnreadableFile where a store does not answer.
    """
    place = to_place(folder)
    files: list[tuple[str, Place]]
    files = _listed(place) if isinstance(place, Url) else [("", path) for path in plan_files(place)]
    yield from (plan for _, plan in _loaded(files))


def stored_plans(folder: str | os.PathLike[str]) -> Iterator[tuple[str, Plan]]:
    """Each plan in a folder, or in the one file, with its path below the folder; raises BadPlanFile where there is none."""
    yield from _loaded(named_plans(folder))


def named_plans(folder: str | os.PathLike[str]) -> list[tuple[str, Place]]:
    """The JSON files of the plans in a folder with their paths below it, or the one file with its name.

    Raises BadPlanFile where there is none, UnreadableFile where a store does not answer.
    """
    place = to_place(folder)
    files: list[tuple[str, Place]]
    if isinstance(place, Url):
        files = _listed(place)
    elif place.is_file():
        files = [(place.name, place)]
    else:
        files = [(path.relative_to(place).as_posix(), path) for path in plan_files(place)]
    if not files:
        raise BadPlanFile(f"{place}: no plan (*.json) in this folder; run `planparse ingest FILES --out {place}` first")
    return files


def _listed(url: Url) -> list[tuple[str, Place]]:
    held = [(str(h.below) if str(h.below) != "." else h.place.name, h.place) for h in files_below(url)]
    return [(name, place) for name, place in held if is_plan_name(Path(name).name)]


def _loaded(files: list[tuple[str, Place]]) -> Iterator[tuple[str, Plan]]:
    if not any(isinstance(place, Url) for _, place in files):
        yield from ((name, load(str(place))) for name, place in files)
        return
    waiting: deque[tuple[str, Place, Future[bytes]]] = deque()
    with ThreadPoolExecutor(AHEAD) as threads:
        try:
            for name, place in files:
                waiting.append((name, place, threads.submit(read_bytes, place)))
                if len(waiting) > AHEAD:
                    yield _fetched(*waiting.popleft())
            while waiting:
                yield _fetched(*waiting.popleft())
        finally:
            for _, _, future in waiting:
                future.cancel()


def _fetched(name: str, place: Place, data: Future[bytes]) -> tuple[str, Plan]:
    return name, bytes_to_plan(data.result(), str(place))
