"""A Ray cluster's nodes side by side: jobs in, outcomes out as they are done; what a lost node held is read by another.

Ray's own retries are left off: a node that is lost is told here, counted, and its files are handed out again. A file
whose node is lost again and again is given up with a code of its own, so that one file never holds up a run.
"""

import contextlib
import socket
import time
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from planparse.batch.ray_node import Done, Reading, Task, digest_on_node, packed, read_on_node
from planparse.batch.worker import MEMORY, READER, RECYCLE, SECONDS, Job, Outcome
from planparse.errors import MissingTool, PlanparseError
from planparse.output.json_yaml import write_whole
from planparse.places import ADDRESS
from planparse.version import __version__

if TYPE_CHECKING:
    from planparse.models.limits import Limits

LOST = 5
"""Nodes that may be lost while they read a file before the file is given up."""
WINDOW = 2
"""Files handed out for each processor of the cluster: one is read, one waits beside it."""
LOOK_SECONDS = 5.0
"""How often the cluster is asked for its processors: nodes come and go while a run goes on."""


class RayPool:
    """The nodes of the cluster at `address`; `jobs` is how many files are read at a time, else as many as it has processors.

    A file on this machine is sent to the node that reads it and its outputs are sent back, unless it lies below one of
    `shared`: folders that every node sees under the same path. Addresses in stores are read and written by the nodes.
    """

    def __init__(
        self,
        address: str | None,
        *,
        jobs: int | None = None,
        shared: Collection[Path] = (),
        seconds: float = SECONDS,
        memory: int = MEMORY,
        grammars: tuple[str, ...] = (),
        reader: str = READER,
        recycle: int = RECYCLE,
        limits: "Limits | None" = None,
    ) -> None:
        self._address = address or "auto"
        self._jobs = jobs
        self._shared = tuple(shared)
        self._grammars = grammars
        self._reading = Reading(seconds, memory, reader, recycle, tuple(packed(Path(g)) for g in grammars), limits)
        self._ray = _ray()
        self._digest: str | None = None
        self._looked, self._processors = 0.0, 1

    def __enter__(self) -> Self:
        try:
            _reach(self._address)
            self._ray.init(self._address, log_to_driver=False, logging_level="ERROR", namespace="planparse")
        except Exception as error:  # OSError, ConnectionError, ValueError, RuntimeError: as the address is wrong
            why = " ".join(str(error).split())[:160]
            raise PlanparseError(
                f"no Ray cluster at {self._address} ({why}); start one with `ray start --head`, and name it with --address"
            ) from None
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._ray.shutdown()

    def start(self, files: int) -> None:
        """Nothing: the nodes start their children when they are handed files."""

    def digest(self) -> str:
        """The digest of the grammar, the same here and on a node. Raises BadGrammar, PlanparseError."""
        if self._digest is None:
            from planparse.grammar import load_grammar

            here = load_grammar(*self._grammars).digest
            there, version = self._ask(digest_on_node, self._reading)
            if (there, version) != (here, __version__):
                raise PlanparseError(
                    f"a node has planparse {version} with grammar {there}, this machine {__version__} with {here}; "
                    "install the same version on all"
                )
            self._digest = here
        return self._digest

    def run(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Read the files; a file's outputs stand before its outcome is given."""
        read = self._ray.remote(num_cpus=1, max_retries=0)(read_on_node)
        reading = self._ray.put(self._reading)
        waiting = iter(jobs)
        going: dict[Any, tuple[Job, int]] = {}
        while True:
            while len(going) < self._window() and (job := next(waiting, None)):
                going[read.remote(self._task(job), reading)] = (job, 1)
            if not going:
                return
            self._ray.wait(list(going), num_returns=1, timeout=LOOK_SECONDS)
            for one in self._ray.wait(list(going), num_returns=len(going), timeout=0)[0]:
                job, tries = going.pop(one)
                done = self._got(one, job)
                if done is not None:
                    yield self._laid_down(done, job)
                elif tries < LOST:
                    going[read.remote(self._task(job), reading)] = (job, tries + 1)
                else:
                    name = Path(job.path).name
                    yield Outcome(
                        job.path, f"{name}: {tries} nodes were lost while they read it; read it on one machine", "lost"
                    )

    def _got(self, reference: Any, job: Job) -> Done | None:
        """What a node gave; None where the node was lost. Raises PlanparseError where it can read no file at all."""
        errors = self._ray.exceptions
        try:
            done: Done = self._ray.get(reference)
        except errors.RayTaskError as error:
            cause = getattr(error, "cause", error)
            if isinstance(cause, PlanparseError):
                raise type(cause)(f"on a node: {cause}") from None
            why = f"{type(cause).__name__}: {' '.join(str(cause).split())[:160]}"
            return Done(Outcome(job.path, f"{Path(job.path).name}: a node failed on it ({why})", "internal"), {})
        except errors.RayError:
            return None
        return done

    def _ask(self, function: Any, *arguments: Any) -> Any:
        """What a function gives on a node; a lost one is replaced by another."""
        for _ in range(LOST):
            with contextlib.suppress(self._ray.exceptions.WorkerCrashedError, self._ray.exceptions.NodeDiedError):
                try:
                    return self._ray.get(self._ray.remote(num_cpus=1, max_retries=0)(function).remote(*arguments))
                except self._ray.exceptions.RayTaskError as error:
                    cause = getattr(error, "cause", error)
                    raise (
                        cause if isinstance(cause, PlanparseError) else PlanparseError(f"a node cannot read: {cause}")
                    ) from None
        raise PlanparseError("the nodes of the cluster are lost one after another; look at `ray status`")

    def _task(self, job: Job) -> Task:
        data = None
        if not self._seen_by_all(job.path):
            with contextlib.suppress(OSError):  # the node then says what is wrong with it
                data = Path(job.path).read_bytes()
        return Task(job, data, back=not self._seen_by_all(job.folder))

    def _laid_down(self, done: Done, job: Job) -> Outcome:
        try:
            for name, data in done.outputs.items():
                write_whole(Path(job.folder) / name, data)
        except PlanparseError as error:
            return Outcome(job.path, str(error), error.code, done.outcome.seconds)
        return done.outcome

    def _seen_by_all(self, place: str) -> bool:
        return bool(ADDRESS.fullmatch(place)) or any(Path(place).is_relative_to(folder) for folder in self._shared)

    def _window(self) -> int:
        if self._jobs:
            return self._jobs
        now = time.monotonic()
        if now - self._looked > LOOK_SECONDS:
            with contextlib.suppress(self._ray.exceptions.RayError):
                self._processors = int(self._ray.cluster_resources().get("CPU", 0)) or 1
            self._looked = now
        return WINDOW * self._processors


def _reach(address: str) -> None:
    """Find out at once whether anything answers at HOST:PORT: Ray itself tries for minutes."""
    host, _, port = address.rpartition(":")
    if host and port.isdecimal() and "/" not in host:
        socket.create_connection((host, int(port)), timeout=LOOK_SECONDS).close()


def _ray() -> Any:
    try:
        import ray
    except ImportError:
        raise MissingTool("--engine ray needs the package ray: pip install 'planparse[ray]'") from None
    return ray
