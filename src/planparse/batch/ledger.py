"""OUT/ledger.sqlite: what became of every file, so that a run can be stopped at any moment and gone on with.

1. A source has one row; its output name is given before it is read and never changes.
2. A row says `done` only after its outputs stand in their places, and then tells exactly what they were made of.
3. One run at a time: the folder is locked by the system (flock), which lets go when the process dies, however it dies.
"""

import fcntl
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from planparse.batch.inputs import Input
from planparse.errors import UnreadableOutput

LEDGER = "ledger.sqlite"
VERSION = 2
SCHEMA = f"""
CREATE TABLE files (
    source TEXT PRIMARY KEY, folder TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL, sha256 TEXT, grammar TEXT,
    planparse TEXT, formats TEXT NOT NULL, outputs TEXT NOT NULL, work TEXT, given TEXT, code TEXT, message TEXT,
    seconds REAL, peak INTEGER, counts TEXT, coverage REAL, finished TEXT, corrections TEXT, UNIQUE (folder, name)
) WITHOUT ROWID;
PRAGMA user_version = {VERSION};
"""
LISTS = ("formats", "outputs")
MAPPINGS = ("given", "counts")
NEWER = {1: f"BEGIN; ALTER TABLE files ADD COLUMN corrections TEXT; PRAGMA user_version = {VERSION}; COMMIT;"}
"""What brings a ledger of an earlier version to this one; its rows stay."""


@dataclass(frozen=True, slots=True)
class Row:
    """A file in the ledger. `status` is waiting, done or failed; `outputs` are paths below OUT; `peak` is bytes.

    `sha256`, `grammar`, `planparse`, `given` and `corrections` (a digest, None without any) are what the last reading was
    made of; `finished` is UTC.
    """

    source: str
    folder: str
    name: str
    status: str = "waiting"
    sha256: str | None = None
    grammar: str | None = None
    planparse: str | None = None
    formats: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    work: str | None = None
    given: dict[str, str | None] = field(default_factory=dict)
    code: str | None = None
    message: str | None = None
    seconds: float | None = None
    peak: int | None = None
    counts: dict[str, int] = field(default_factory=dict)
    coverage: float | None = None
    finished: str | None = None
    corrections: str | None = None

    @property
    def gone(self) -> bool:
        """Whether the source is no longer there."""
        return not os.path.exists(self.source)


NAMES = tuple(f.name for f in fields(Row))
WRITE = f"INSERT OR REPLACE INTO files ({', '.join(NAMES)}) VALUES ({', '.join('?' * len(NAMES))})"


class Ledger:
    """The rows of one output folder; every change is one transaction."""

    def __init__(self, out: Path, connection: sqlite3.Connection) -> None:
        self.out = out
        self._connection = connection

    def rows(self) -> dict[str, Row]:
        """All rows by source, in the order of the sources."""
        found = self._connection.execute(f"SELECT {', '.join(NAMES)} FROM files ORDER BY source")
        return {values[0]: _row(values) for values in found}

    def put(self, rows: Iterable[Row]) -> None:
        """Write rows, each in the place of the one of its source."""
        with self._connection:
            self._connection.executemany(WRITE, map(_values, rows))

    def reserve(self, inputs: Sequence[Input], held: dict[str, Row]) -> None:
        """Give the inputs that have no row one, so that their names are theirs from now on."""
        self.put(Row(i.source, str(i.folder), i.name) for i in inputs if i.source not in held)

    def move(self, before: str, after: str) -> None:
        """The file of a row stands elsewhere now."""
        with self._connection:
            self._connection.execute("UPDATE files SET source = ? WHERE source = ?", (after, before))

    def forget(self, sources: Iterable[str]) -> None:
        """Drop rows."""
        with self._connection:
            self._connection.executemany("DELETE FROM files WHERE source = ?", ((s,) for s in sources))

    def stands(self, row: Row) -> list[str]:
        """Those of a row's outputs that are there and not empty."""
        return [o for o in row.outputs if _size(self.out / o) > 0]


@contextmanager
def open_ledger(out: Path) -> Iterator[Ledger]:
    """The ledger of `out`, made where there is none, and the folder locked against a second run while it is open.

    Raises UnreadableOutput with one sentence where the folder cannot be written, another run holds it, or the file is no
    ledger.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = os.open(out, os.O_RDONLY)
    except OSError as error:
        raise UnreadableOutput(f"{out}: cannot be written ({error.strerror}); choose another --out") from None
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UnreadableOutput(
                f"{out}: another planparse is writing there; wait until it has ended, or choose another --out"
            ) from None
        with _connected(out, f"file:{_quoted(out)}?mode=rwc") as connection:
            yield Ledger(out, connection)
    finally:
        os.close(lock)


@contextmanager
def view_ledger(out: Path) -> Iterator[Ledger]:
    """The ledger of `out` to read in, while a run may be writing it. Raises UnreadableOutput where there is none."""
    if not (out / LEDGER).is_file():
        raise UnreadableOutput(f"{out}: has no {LEDGER}; name a folder that `planparse ingest --out` wrote")
    # Not read-only: what a killed run left half-done in the journal is rolled back by whoever opens it next.
    with _connected(out, f"file:{_quoted(out)}?mode={'rw' if os.access(out, os.W_OK) else 'ro'}") as connection:
        yield Ledger(out, connection)


def finish(row: Row, **said: Any) -> Row:
    """The row with what became of its file, and when."""
    return replace(row, **said, finished=datetime.now(UTC).isoformat(timespec="seconds"))


def sweep(folders: Iterable[Path]) -> int:
    """Delete the temporary files that killed runs left; only under the lock. Gives how many."""
    swept = 0
    for folder in folders:
        try:
            stale = [e.path for e in os.scandir(folder) if e.name.startswith(".") and e.name.endswith(".part")]
        except OSError:
            continue
        for path in stale:
            Path(path).unlink(missing_ok=True)
            swept += 1
    return swept


@contextmanager
def _connected(out: Path, address: str) -> Iterator[sqlite3.Connection]:
    connection = None
    try:
        connection = sqlite3.connect(address, uri=True, timeout=30)
        connection.execute("PRAGMA synchronous = NORMAL")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == 0:
            connection.executescript(f"BEGIN; {SCHEMA} COMMIT;")
        elif version in NEWER:
            connection.executescript(NEWER[version])
        elif version != VERSION:
            raise UnreadableOutput(f"{out / LEDGER}: is of another version of planparse; move it away to start anew")
        yield connection
    except sqlite3.Error as error:
        raise UnreadableOutput(f"{out / LEDGER}: cannot be used ({error}); move it away, or choose another --out") from None
    finally:
        if connection is not None:
            connection.close()


def _quoted(out: Path) -> str:
    from urllib.parse import quote

    return quote(os.path.abspath(out / LEDGER))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _values(row: Row) -> list[Any]:
    values = asdict(row)
    for name in (*LISTS, *MAPPINGS):
        values[name] = json.dumps(values[name], ensure_ascii=False)
    return [values[name] for name in NAMES]


def _row(values: Sequence[Any]) -> Row:
    told = dict(zip(NAMES, values, strict=True))
    for name in LISTS:
        told[name] = tuple(json.loads(told[name]))
    for name in MAPPINGS:
        told[name] = json.loads(told[name])
    return Row(**told)
