"""What a command needs as files of this machine, fetched from a store, and what it writes put there."""

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from planparse.errors import UnreadableFile
from planparse.places import Place, Url, files_below, read_bytes, write_bytes

THREADS = 16


@contextmanager
def at_hand(place: Place, *, wanted: Callable[[PurePosixPath], bool] = lambda _: True) -> Iterator[Path]:
    """A file or folder as a path of this machine: itself, or a copy of those `wanted` of a store's files.

    Raises UnreadableFile where the store does not give them, or has none of that name.
    """
    if isinstance(place, Path):
        yield place
        return
    held = list(files_below(place))
    if not held:
        raise UnreadableFile(f"{place}: no such file or folder; check the address", code="missing")
    with tempfile.TemporaryDirectory(prefix="planparse-") as folder:
        root = Path(folder, place.name)
        one = len(held) == 1 and str(held[0].below) == "."
        files = {root if one else root / h.below: h.place for h in held if one or wanted(h.below)}
        fetch_all(files)
        if not one:
            root.mkdir(exist_ok=True)
        yield root


def fetch_all(files: dict[Path, Url]) -> None:
    """Lay files of stores down where they are wanted, several at a time. Raises UnreadableFile."""

    def fetch(path: Path, url: Url) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(read_bytes(url))

    with ThreadPoolExecutor(THREADS) as threads:
        for done in [threads.submit(fetch, path, url) for path, url in files.items()]:
            done.result()


def put(path: Path, below: Path, out: Place) -> Place:
    """The place of a file that was written into the folder `below`, after it was put into `out` where that is in a store."""
    if isinstance(out, Path):
        return path
    url = out / path.relative_to(below).as_posix()
    write_bytes(url, path.read_bytes())
    return url


@contextmanager
def to_fill(out: Place) -> Iterator[Path]:
    """The folder to write into: itself, or one of this machine whose files are then `put`."""
    if isinstance(out, Path):
        yield out
        return
    with tempfile.TemporaryDirectory(prefix="planparse-") as folder:
        yield Path(folder, "out")
