"""One killable child that reads files: time and memory are held from outside, and what happens to it is one sentence.

The parent talks to the child (child.py) in JSON lines over its pipes. A child that runs over its time is killed, one that
dies of its file is replaced; the other files lose nothing. PDFium is not thread-safe: processes only.
"""

import contextlib
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from planparse.batch.huge_pages import TUNABLE
from planparse.errors import BadGrammar, PlanparseError

if TYPE_CHECKING:
    from planparse.models.limits import Limits

SECONDS = 300.0
MEMORY = 4 * 1024**3
READER = "planparse.pipeline:parse"
RECYCLE = 1000
"""Files that one child reads: starting anew costs about two seconds, a leak of libraries is bounded."""
START_SECONDS = 120.0
ATTEMPTS = 3
"""A child that was killed from outside is not its file's fault: that often is a file begun before it counts as failed."""
KILLED = (-9, -15)
KEPT = {"VmHWM": "peak", "VmRSS": "resident"}
"""What Linux tells of a process's memory, by our names of it."""


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read and where its outputs go; `given` is what a manifest says of it, `corrections` a reader's, as JSON.

    `tag` is what its store calls the bytes; `password` opens it where it is encrypted.
    """

    path: str
    folder: str
    name: str
    formats: tuple[str, ...] = ("json", "yaml")
    given: dict[str, str | None] | None = None
    corrections: dict[str, Any] | None = None
    tag: str | None = None
    password: str | None = None


FIELDS = tuple(f.name for f in fields(Job))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: counts where it was read; else a sentence and a code (`timeout`, `memory`, `crashed` …).

    `seconds` is the reading alone; `peak` and `resident` are the child's bytes during and after it, where the system
    tells; `skipped` says that nothing was read, since the outputs were current.
    """

    path: str
    error: str | None = None
    code: str | None = None
    seconds: float = 0.0
    counts: dict[str, int] | None = None
    coverage: float | None = None
    sha256: str | None = None
    grammar: str | None = None
    planparse: str | None = None
    work: str | None = None
    peak: int | None = None
    resident: int | None = None
    skipped: bool = False


class Worker:
    """A child process that reads files one after another; started when it is needed, replaced when it was lost.

    `reader` names the function (module:function) that makes a Plan of a path; tests put hostile ones there.
    """

    def __init__(
        self,
        *,
        seconds: float = SECONDS,
        memory: int = MEMORY,
        grammars: tuple[str, ...] = (),
        reader: str = READER,
        recycle: int = RECYCLE,
        limits: "Limits | None" = None,
    ) -> None:
        self.seconds = seconds
        self.memory = memory
        self.digest: str | None = None
        self.job: Job | None = None
        self._options = {
            "grammars": grammars,
            "reader": reader,
            "limits": limits and limits.model_dump(),
            "parent": os.getpid(),
        }
        self._recycle = recycle
        self._child: subprocess.Popen[bytes] | None = None
        self._ready = False
        self._read = 0
        self._attempts = 0
        self._began = 0.0
        self._heard = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def start(self) -> None:
        """Start the child, if there is none, without waiting for it."""
        if self._child is not None:
            return
        options = json.dumps({**self._options, "memory": self.memory})
        # -P and the parent's own path: what lies in the working directory is never imported.
        environment = {
            **os.environ,
            "PYTHONUTF8": "1",
            "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
            "MALLOC_ARENA_MAX": "1",
            "GLIBC_TUNABLES": ":".join(filter(None, (TUNABLE, os.environ.get("GLIBC_TUNABLES")))),
        }
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", "planparse.batch.child", options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=environment,
        )
        self._ready, self._read, self._heard, self._began = False, 0, b"", time.monotonic()

    def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    pipe.close()

    def send(self, job: Job) -> None:
        """Hand the child a file; `hear` gives what became of it."""
        self.job, self._attempts = job, 0
        self._hand()

    def run(self, job: Job) -> Outcome:
        """Read one file in the child, and wait for it."""
        self.send(job)
        while True:
            for outcome in hear([self]):
                return outcome

    def await_ready(self) -> str:
        """Wait for the child to be up; gives the digest of its grammar. Raises BadGrammar, PlanparseError."""
        for _ in range(ATTEMPTS):
            self.start()
            while self._child is not None:
                if self._ready and self.digest is not None:
                    return self.digest
                next(iter(hear([self])), None)
        raise PlanparseError("the process that reads files cannot be started; `python -m planparse.batch.child` says why")

    def due(self) -> float:
        """When the child must have answered, on the monotonic clock."""
        return self._began + (self.seconds if self._ready else START_SECONDS)

    def fileno(self) -> int:
        """The pipe that the child answers on."""
        assert self._child is not None
        assert self._child.stdout is not None
        return self._child.stdout.fileno()

    def listen(self) -> Outcome | None:
        """Take what the child has said, when its pipe is readable."""
        piece = os.read(self.fileno(), 65536)
        if not piece:
            return self._died()
        self._heard += piece
        while b"\n" in self._heard:
            line, _, self._heard = self._heard.partition(b"\n")
            said: dict[str, Any] = json.loads(line)
            if "refused" in said:
                self.close()
                raise BadGrammar(said["refused"])
            if "ready" in said:
                self._ready, self.digest, self._began = True, said["ready"], time.monotonic()
            else:
                return self._done(said)
        return None

    def expire(self) -> Outcome | None:
        """Kill the child when its time is over."""
        if not self._ready or self.job is None:
            return self._died()
        peak = peak_memory(self._child.pid) if self._child else None
        self.close()
        name = Path(self.job.path).name
        sentence = f"{name}: took longer than {self.seconds:g} s and was stopped; raise --timeout to wait longer"
        return self._over(Outcome(self.job.path, sentence, "timeout", time.monotonic() - self._began, peak=peak))

    def _hand(self) -> None:
        assert self.job is not None
        self._attempts += 1
        self.start()
        assert self._child is not None
        assert self._child.stdin is not None
        if self._ready:
            self._began = time.monotonic()
        try:
            self._child.stdin.write(json.dumps({name: getattr(self.job, name) for name in FIELDS}).encode() + b"\n")
        except (BrokenPipeError, ConnectionError):
            return  # It is dead: its other pipe says so when it is listened to.

    def _done(self, said: dict[str, Any]) -> Outcome:
        assert self.job is not None
        self._read += 1
        if said.get("code") == "memory" or self._read >= self._recycle:
            self.close()
        return self._over(Outcome(self.job.path, seconds=time.monotonic() - self._began, **said))

    def _died(self) -> Outcome | None:
        child, started = self._child, self._ready
        assert child is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=1)
        self.close()
        if self.job is None:
            return None
        if (not started or child.returncode in KILLED) and self._attempts < ATTEMPTS:
            self._hand()
            return None
        name = Path(self.job.path).name
        sentence = f"{name}: reading it ended the process (status {child.returncode}); the file is damaged or hostile"
        return self._over(Outcome(self.job.path, sentence, "crashed", time.monotonic() - self._began))

    def _over(self, outcome: Outcome) -> Outcome:
        self.job = None
        return outcome


def hear(workers: Iterable[Worker]) -> list[Outcome]:
    """Wait until one of the workers has something to say or is over its time; gives what became of files.

    A worker whose outcome is given has no job any more.
    """
    listening = {w.fileno(): w for w in workers}
    poll = select.poll()
    for number in listening:
        poll.register(number, select.POLLIN)
    wait = min(w.due() for w in listening.values()) - time.monotonic()
    said = {number for number, _ in poll.poll(max(0, wait * 1000))}
    outcomes = [listening[n].listen() for n in sorted(said)]
    now = time.monotonic()
    outcomes += [w.expire() for n, w in listening.items() if n not in said and w.due() <= now]
    return [o for o in outcomes if o is not None]


def peak_memory(process: int | str) -> int | None:
    """The most bytes that a process has held since it began its file; None where the system does not tell."""
    return held_memory(process)["peak"]


def held_memory(process: int | str) -> dict[str, int | None]:
    """The bytes that a process holds now (`resident`), and the most since it began its file (`peak`)."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        lines = []
    told = {key: int(rest.split()[0]) * 1024 for key, _, rest in (line.partition(":") for line in lines) if key in KEPT}
    return {name: told.get(key) for key, name in KEPT.items()}
