"""Several workers side by side: jobs in, outcomes out as they are done."""

from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Self

from planparse.batch.worker import MEMORY, READER, RECYCLE, SECONDS, Job, Outcome, Worker, hear

if TYPE_CHECKING:
    from planparse.models.limits import Limits


class Pool:
    """Up to `jobs` workers; one thread, the parent's, listens to all. Closing it ends the children at once."""

    def __init__(
        self,
        jobs: int = 1,
        *,
        seconds: float = SECONDS,
        memory: int = MEMORY,
        grammars: tuple[str, ...] = (),
        reader: str = READER,
        recycle: int = RECYCLE,
        limits: "Limits | None" = None,
    ) -> None:
        self._workers = [
            Worker(seconds=seconds, memory=memory, grammars=grammars, reader=reader, recycle=recycle, limits=limits)
            for _ in range(jobs)
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        for worker in self._workers:
            worker.close()

    def start(self, files: int) -> None:
        """Start as many workers as `files` can use, without waiting for them."""
        for worker in self._workers[:files]:
            worker.start()

    def digest(self) -> str:
        """The digest of the grammar that the workers read by. Raises BadGrammar where it is none."""
        return self._workers[0].digest or self._workers[0].await_ready()

    def run(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Read the files; each worker has its next one before its last outcome is given, so that none waits."""
        waiting = iter(jobs)
        busy: set[Worker] = set()
        for worker in self._workers:
            self._next(worker, waiting, busy)
        while busy:
            outcomes = hear(busy)
            for worker in [w for w in busy if w.job is None]:
                self._next(worker, waiting, busy)
            yield from outcomes

    @staticmethod
    def _next(worker: Worker, waiting: Iterator[Job], busy: set[Worker]) -> None:
        job = next(waiting, None)
        if job is None:
            busy.discard(worker)
        else:
            worker.send(job)
            busy.add(worker)
