"""What runs on a node of a Ray cluster: a file is read by the same killable child as on one machine.

Ray hands tasks to processes that it keeps; each keeps one child, so that a child is started once and not once a file.
"""

import atexit
import contextlib
import functools
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from planparse.batch.carry import deliver, outputs_of, stage
from planparse.batch.worker import Job, Outcome, Worker
from planparse.version import __version__

if TYPE_CHECKING:
    from planparse.models.limits import Limits

Files = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """How the children of a run read; `grammars` are a user's folders with all their files, since nodes have their own."""

    seconds: float
    memory: int
    reader: str
    recycle: int
    grammars: tuple[Files, ...] = ()
    limits: "Limits | None" = None


@dataclass(frozen=True, slots=True)
class Task:
    """A file to read. `data` are its bytes, where the node cannot see it; `back` says that the outputs are wanted as bytes."""

    job: Job
    data: bytes | None = None
    back: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a file, and its outputs by their names where they were wanted."""

    outcome: Outcome
    outputs: Mapping[str, bytes]


def read_on_node(task: Task, reading: Reading) -> Done:
    """Read one file. Raises PlanparseError where this node can read none."""
    with tempfile.TemporaryDirectory(prefix="planparse-") as folder:
        staged = stage(task.job, Path(folder), data=task.data, back=task.back)
        if isinstance(staged, Outcome):
            return Done(staged, {})
        outcome = _worker(reading).run(staged.job)
        back = outputs_of(staged) if task.back and outcome.error is None else {}
        return Done(deliver(outcome, staged), back)


def digest_on_node(reading: Reading) -> tuple[str, str]:
    """The digest of the grammar that a node reads by, and its version of planparse. Raises BadGrammar."""
    return _worker(reading).await_ready(), __version__


@functools.cache
def _worker(reading: Reading) -> Worker:
    folders = tuple(str(_laid_down(files)) for files in reading.grammars)
    return Worker(
        seconds=reading.seconds,
        memory=reading.memory,
        grammars=folders,
        reader=reading.reader,
        recycle=reading.recycle,
        limits=reading.limits,
    )


def _laid_down(files: Files) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="planparse-grammar-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name, data in files:
        (folder / name).write_bytes(data)
    return folder


def packed(folder: Path) -> Files:
    """A grammar folder's files; none where it is not there, which the node tells as it would here."""
    with contextlib.suppress(OSError):
        return tuple((p.name, p.read_bytes()) for p in sorted(folder.iterdir()) if p.is_file())
    return ()
