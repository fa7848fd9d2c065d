"""OUT/ledger.sqlite: what became of every file, so that a run can be stopped at any moment and gone on with.

1. A source has one row; its output name is given before it is read and never changes.
2. A row says `done` only after its outputs stand in their places, and then tells exactly what they were made of.
3. One run at a time: the folder is locked by the system (flock), which lets go when the process dies, however it dies.
   In a store nothing can be locked: there a run finds out when it writes the ledger up (ledger_copy.py), and stops.
"""

import fcntl
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from planparse.batch.inputs import Input
from planparse.batch.ledger_copy import copied
from planparse.batch.shelf import Shelf
from planparse.errors import UnreadableOutput
from planparse.places import ADDRESS, Place, Url

LEDGER = "ledger.sqlite"
VERSION = 3
SCHEMA = f"""
CREATE TABLE IF NOT EXISTS files (
    source TEXT PRIMARY KEY, folder TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL, sha256 TEXT, grammar TEXT,
    planparse TEXT, formats TEXT NOT NULL, outputs TEXT NOT NULL, work TEXT, given TEXT, code TEXT, message TEXT,
    seconds REAL, peak INTEGER, counts TEXT, coverage REAL, finished TEXT, corrections TEXT, tag TEXT, UNIQUE (folder, name)
) WITHOUT ROWID;
PRAGMA user_version = {VERSION};
"""
LOG_TRIES, LOG_PAUSE = 200, 0.05
LISTS = ("formats", "outputs")
MAPPINGS = ("given", "counts")
NEWER = {1: "ALTER TABLE files ADD COLUMN corrections TEXT;", 2: "ALTER TABLE files ADD COLUMN tag TEXT;"}
"""What brings a ledger of an earlier version to the next one; its rows stay."""


@dataclass(frozen=True, slots=True)
class Row:
    """A file in the ledger. `status` is waiting, done or failed; `outputs` are paths below OUT; `peak` is bytes.

    `sha256`, `grammar`, `planparse`, `given` and `corrections` (a digest, None without any) are what the last reading was
    made of, `tag` what its store called those bytes; `finished` is UTC.
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
    tag: str | None = None


NAMES = tuple(f.name for f in fields(Row))
WRITE = f"INSERT OR REPLACE INTO files ({', '.join(NAMES)}) VALUES ({', '.join('?' * len(NAMES))})"


class Ledger:
    """The rows of one output folder; every change is one transaction, after which `written` is called."""

    def __init__(self, out: Place, connection: sqlite3.Connection, written: Callable[[], None] = lambda: None) -> None:
        self.out = out
        self.shelf = Shelf(out)
        self._connection = connection
        self._written = written
        self._seen: set[str] = set()
        self._listed: tuple[str, ...] = ()

    def rows(self) -> dict[str, Row]:
        """All rows by source, in the order of the sources."""
        found = self._connection.execute(f"SELECT {', '.join(NAMES)} FROM files ORDER BY source")
        return {values[0]: _row(values) for values in found}

    def put(self, rows: Iterable[Row]) -> None:
        """Write rows, each in the place of the one of its source."""
        with self._connection:
            self._connection.executemany(WRITE, map(_values, rows))
        self._written()

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

    def look(self, sources: Iterable[str], listed: Iterable[Url] = ()) -> None:
        """Look again at what is there: these sources have just been seen, and these folders of stores were listed."""
        self.shelf.forget()
        self._seen.update(sources)
        self._listed += tuple(f"{url}/" for url in listed)

    def gone(self, row: Row) -> bool:
        """Whether a row's source is no longer there. A store is asked by its listings alone, not for each file."""
        if ADDRESS.fullmatch(row.source):
            return row.source.startswith(self._listed) and row.source not in self._seen
        return not os.path.exists(row.source)

    def stands(self, row: Row) -> list[str]:
        """Those of a row's outputs that are there and not empty."""
        return [o for o in row.outputs if self.shelf.size(o) > 0]


@contextmanager
def open_ledger(out: Place, *, file: Path | None = None) -> Iterator[Ledger]:
    """The ledger of `out`, made where there is none, and the folder locked against a second run while it is open.

    `file` is where it is kept, if not in `out`. Raises UnreadableOutput with one sentence where the folder cannot be
    written, another run holds it, or the file is no ledger.
    """
    with ExitStack() as stack:
        if isinstance(out, Path):
            stack.enter_context(_locked(out, os.O_RDONLY, out))
        if file is not None:
            stack.enter_context(_locked(file, os.O_RDWR | os.O_CREAT, file))
        if file is not None or isinstance(out, Path):
            path = file or Path(str(out), LEDGER)
            yield Ledger(out, stack.enter_context(_connected(path, "rwc")))
            return
        copy = stack.enter_context(copied(out / LEDGER, write=True))
        with _connected(copy.path, "rwc", shown=copy.url) as connection:
            try:
                yield Ledger(out, connection, copy.write_up_when_due)
            finally:
                copy.write_up()


@contextmanager
def view_ledger(out: Place, *, file: Path | None = None) -> Iterator[Ledger]:
    """The ledger of `out` to read in, while a run may be writing it. Raises UnreadableOutput where there is none."""
    if isinstance(out, Url) and file is None:
        with copied(out / LEDGER, write=False) as copy, _connected(copy.path, "rw", shown=copy.url) as connection:
            yield Ledger(out, connection)
        return
    path = file or Path(str(out), LEDGER)
    if not path.is_file():
        raise UnreadableOutput(f"{path.parent}: has no {path.name}; name a folder that `planparse ingest --out` wrote")
    # Not read-only, where that can be: what a killed run left in the log is taken in by whoever opens it next.
    with _connected(path, "rw" if os.access(path.parent, os.W_OK) else "ro&immutable=1") as connection:
        yield Ledger(out, connection)


def finish(row: Row, **said: Any) -> Row:
    """The row with what became of its file, and when."""
    return replace(row, **said, finished=datetime.now(UTC).isoformat(timespec="seconds"))


@contextmanager
def _locked(place: Path, flags: int, shown: Path) -> Iterator[None]:
    folder = place.parent if flags & os.O_CREAT else place
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(place, flags, 0o644)
    except OSError as error:
        raise UnreadableOutput(f"{shown}: cannot be written ({error.strerror}); choose another --out") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise UnreadableOutput(
            f"{shown}: another planparse is writing there; wait until it has ended, or choose another --out"
        ) from None
    finally:
        os.close(lock)


@contextmanager
def _connected(path: Path, mode: str, *, shown: Url | None = None) -> Iterator[sqlite3.Connection]:
    connection, shown_as = None, shown or path
    try:
        connection = sqlite3.connect(f"file:{quote(os.path.abspath(path))}?mode={mode}", uri=True, timeout=30)
        # A row a file is a commit a file. With a log none of them waits for the disk, and yet what was committed outlives
        # the process; a computer that loses its power may lose the last rows, whose files are then read again.
        if "immutable" not in mode and shown is None:
            _keep_log(connection)
        connection.execute(f"PRAGMA synchronous = {'NORMAL' if shown is None else 'OFF'}")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == 0:
            # Whoever looks at a ledger that a run is just making, as `status` may, makes it too: the second finds it made.
            connection.executescript(f"BEGIN IMMEDIATE; {SCHEMA} COMMIT;")
        elif version not in (*NEWER, VERSION):
            raise UnreadableOutput(f"{shown_as}: is of another version of planparse; move it away to start anew")
        for step in range(version, VERSION) if version else ():
            connection.executescript(f"BEGIN; {NEWER[step]} PRAGMA user_version = {step + 1}; COMMIT;")
        yield connection
    except sqlite3.Error as error:
        raise UnreadableOutput(f"{shown_as}: cannot be used ({error}); move it away, or choose another --out") from None
    finally:
        if connection is not None:
            connection.close()


def _keep_log(connection: sqlite3.Connection) -> None:
    """Turn the log on. SQLite does not wait for another that is just doing so, whatever its time-out: here it is waited for."""
    for _ in range(LOG_TRIES):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(LOG_PAUSE)
    connection.execute("PRAGMA journal_mode = WAL")


def _values(row: Row) -> list[Any]:
    values = ((name, getattr(row, name)) for name in NAMES)
    return [json.dumps(value, ensure_ascii=False) if name in (*LISTS, *MAPPINGS) else value for name, value in values]


def _row(values: Sequence[Any]) -> Row:
    told = dict(zip(NAMES, values, strict=True))
    for name in LISTS:
        told[name] = tuple(json.loads(told[name]))
    for name in MAPPINGS:
        told[name] = json.loads(told[name])
    return Row(**told)
