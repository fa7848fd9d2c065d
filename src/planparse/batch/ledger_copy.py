"""A ledger in a store: SQLite needs a file of this machine, so a copy is worked on and written up now and then.

What a killed run had not written up yet is read again by the next: the same bytes, in the same names, since names are
written up before the first file is read.
"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from planparse.errors import PlanparseError, UnreadableOutput
from planparse.places import Url, exists, read_bytes, stat, store, tag_of

SECONDS = 30.0
SHARE = 20
"""A large ledger takes long to write up: it is done so seldom that it takes one part in so many of the time."""


class Copy:
    """The file that is worked on, and the object that it is written up to."""

    def __init__(self, url: Url, folder: Path) -> None:
        self.url = url
        self.path = folder / url.name
        self._due = time.monotonic() + SECONDS
        self._seen = self._told()
        if self._seen is not None:
            self.path.write_bytes(read_bytes(url))

    def write_up_when_due(self) -> None:
        """Write up where that was long ago; a store that does not answer is tried again later."""
        if time.monotonic() < self._due:
            return
        try:
            self.write_up()
        except _Lost:
            raise
        except PlanparseError:
            self._due = time.monotonic() + SECONDS

    def write_up(self) -> None:
        """Put the copy into the object's place, whole. Raises UnreadableOutput, too where another run has done so."""
        began = time.monotonic()
        if self._told() != self._seen:
            raise _Lost(f"{self.url}: another planparse has written there; wait until it has ended, or choose another --out")
        try:
            store(self.url).put_file(str(self.path), self.url.text)
        except Exception as error:
            raise UnreadableOutput(f"{self.url}: cannot be written ({error}); choose another --out, or try again") from None
        self._seen = self._told()
        self._due = time.monotonic() + max(SECONDS, SHARE * (time.monotonic() - began))

    def _told(self) -> Any:
        told = stat(self.url)
        return told and (tag_of(told) or (told.get("size"), str(told.get("created") or told.get("mtime"))))


class _Lost(UnreadableOutput):
    """Another run has taken the folder."""


@contextmanager
def copied(url: Url, *, write: bool) -> Iterator[Copy]:
    """The copy of a ledger; with `write` it is written up at the end, whatever ends the run.

    Raises UnreadableOutput where it is only to be read and is not there, PlanparseError where the store does not answer.
    """
    if not write and not exists(url):
        folder = url.text.rpartition("/")[0]
        raise UnreadableOutput(f"{folder}: has no {url.name}; name a folder that `planparse ingest --out` wrote")
    with tempfile.TemporaryDirectory(prefix="planparse-ledger-") as folder:
        copy = Copy(url, Path(folder))
        yield copy
