"""Who reads the files of a run: the pool of this machine's children (pool.py), or a cluster's (ray_pool.py)."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from planparse.batch.worker import Job, Outcome


class Executor(AbstractContextManager["Executor"], Protocol):
    """Jobs in, outcomes out as they are done, each after its outputs stand. Leaving it ends what is going at once."""

    def start(self, files: int) -> None:
        """Make ready for so many files, without waiting."""
        ...

    def digest(self) -> str:
        """The digest of the grammar that is read by. Raises BadGrammar where it is none."""
        ...

    def run(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Read the files; what goes wrong with one is its outcome, whatever happens to who reads it."""
        ...
