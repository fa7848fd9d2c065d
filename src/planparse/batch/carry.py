"""Files in stores: fetched into a folder of this machine, read there by a child, and what it wrote put into the store.

The child itself sees local files only: a plan is hostile, and the process that reads it needs no key and no network.
"""

import shutil
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from planparse.batch.pool import Pool
from planparse.batch.worker import Job, Outcome
from planparse.errors import MissingTool, PlanparseError, WrongUsage
from planparse.places import ADDRESS, Url, read_bytes, to_place, write_bytes

AHEAD = 2
"""Files fetched ahead of each worker, so that none waits for a store."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A job whose files are in a folder of their own here; `job` is as the child takes it."""

    job: Job
    asked: Job
    folder: Path


def stage(asked: Job, below: Path, *, data: bytes | None = None, back: bool = False) -> Staged | Outcome:
    """Fetch what is read from a store, or lay down `data`; where that fails, the file's outcome. Raises MissingTool.

    With `back` the outputs are written here too, for whoever takes them (outputs_of).
    """
    folder = Path(tempfile.mkdtemp(dir=below))
    place = to_place(asked.path)
    path, out = asked.path, asked.folder
    try:
        if data is not None or isinstance(place, Url):
            (folder / "in").mkdir()
            path = str(folder / "in" / place.name)
            Path(path).write_bytes(read_bytes(place) if data is None else data)
        if back or ADDRESS.fullmatch(out):
            out = str(folder / "out")
    except (MissingTool, WrongUsage):
        raise
    except PlanparseError as error:
        shutil.rmtree(folder, ignore_errors=True)
        return Outcome(asked.path, str(error), error.code)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        return Outcome(asked.path, f"{place}: cannot be laid down to read ({error.strerror})", "unreachable")
    return Staged(replace(asked, path=path, folder=out), asked, folder)


def outputs_of(staged: Staged) -> dict[str, bytes]:
    """What a child wrote, by the names of the files."""
    names = [f"{staged.job.name}.{kind}" for kind in staged.job.formats]
    return {name: (Path(staged.job.folder) / name).read_bytes() for name in names}


def deliver(outcome: Outcome, staged: Staged) -> Outcome:
    """Put what a child wrote where it was asked for, and clear its folder away; gives the outcome of the file as asked."""
    outcome = replace(outcome, path=staged.asked.path)
    try:
        folder = to_place(staged.asked.folder)
        if isinstance(folder, Url) and outcome.error is None:
            for name, data in outputs_of(staged).items():
                write_bytes(folder / name, data)
    except PlanparseError as error:
        return Outcome(outcome.path, str(error), error.code, outcome.seconds)
    finally:
        shutil.rmtree(staged.folder, ignore_errors=True)
    return outcome


class Carrier:
    """A pool whose files or outputs are in stores; threads fetch and put, the children read."""

    def __init__(self, pool: Pool, jobs: int) -> None:
        self._pool = pool
        self._ahead = AHEAD * jobs

    def __enter__(self) -> Self:
        self._pool.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._pool.__exit__(kind, value, trace)

    def start(self, files: int) -> None:
        """Start as many workers as `files` can use, without waiting for them."""
        self._pool.start(files)

    def digest(self) -> str:
        """The digest of the grammar that the workers read by. Raises BadGrammar where it is none."""
        return self._pool.digest()

    def run(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Read the files; an outcome is given after its outputs are in the store."""
        staged: dict[str, Staged] = {}
        failed: deque[Outcome] = deque()
        putting: deque[Future[Outcome]] = deque()
        with tempfile.TemporaryDirectory(prefix="planparse-") as folder, _threads(self._ahead) as threads:
            for outcome in self._pool.run(self._fetched(jobs, Path(folder), threads, staged, failed)):
                putting.append(threads.submit(deliver, outcome, staged.pop(outcome.path)))
                while putting and (putting[0].done() or len(putting) > self._ahead):
                    yield putting.popleft().result()
                while failed:
                    yield failed.popleft()
            yield from failed
            yield from (future.result() for future in putting)

    def _fetched(
        self,
        jobs: Iterable[Job],
        folder: Path,
        threads: ThreadPoolExecutor,
        staged: dict[str, Staged],
        failed: deque[Outcome],
    ) -> Iterator[Job]:
        waiting = iter(jobs)
        fetching: deque[Future[Staged | Outcome]] = deque()
        while True:
            while len(fetching) < self._ahead and (job := next(waiting, None)):
                fetching.append(threads.submit(stage, job, folder))
            if not fetching:
                return
            ready = fetching.popleft().result()
            if isinstance(ready, Outcome):
                failed.append(ready)
            else:
                staged[ready.job.path] = ready
                yield ready.job


@contextmanager
def _threads(count: int) -> Iterator[ThreadPoolExecutor]:
    """Threads; what they have not begun when the run is stopped is not begun."""
    threads = ThreadPoolExecutor(count)
    try:
        yield threads
    finally:
        threads.shutdown(cancel_futures=True)
