"""One killable child that reads files: time and memory are held from outside, and what happens to it is one sentence.

The parent talks to the child in JSON lines over its pipes. A child that runs over its time is killed, one that dies of
its file is replaced; the other files lose nothing. PDFium is not thread-safe: processes only.
"""

import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

SECONDS = 300.0
MEMORY = 4 * 1024**3


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read and where its outputs go; `grammars` are folders laid over the shipped grammar."""

    path: str
    folder: str
    name: str
    formats: tuple[str, ...] = ("json", "yaml")
    grammars: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: counts where it was read; else a sentence and a code (`timeout`, `memory`, `crashed` …)."""

    path: str
    error: str | None = None
    code: str | None = None
    seconds: float = 0.0
    counts: dict[str, int] | None = None
    coverage: float | None = None


class Worker:
    """A child process that reads files one after another; started when it is needed, replaced when it was lost."""

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self.seconds = seconds
        self.memory = memory
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    pipe.close()

    def run(self, job: Job) -> Outcome:
        """Read one file in the child."""
        began = time.monotonic()
        child = self._child or self._start()
        assert child.stdin is not None
        try:
            child.stdin.write(json.dumps(asdict(job)).encode() + b"\n")
            child.stdin.flush()
            line = self._answer(child, began + self.seconds)
        except (BrokenPipeError, ConnectionError):
            line = b""
        took = time.monotonic() - began
        name = Path(job.path).name
        if line is None:
            self.close()
            limit = f"{self.seconds:g} s"
            return Outcome(
                job.path, f"{name}: took longer than {limit} and was stopped; raise --timeout to wait longer", "timeout", took
            )
        if not line:
            code = child.wait()
            self.close()
            return Outcome(
                job.path,
                f"{name}: reading it ended the process (status {code}); the file is damaged or hostile",
                "crashed",
                took,
            )
        said: dict[str, Any] = json.loads(line)
        if said.get("code") == "memory":
            self.close()
        return Outcome(job.path, said.get("error"), said.get("code"), took, said.get("counts"), said.get("coverage"))

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "planparse.batch.worker", str(self.memory)]
        environment = {**os.environ, "PYTHONUTF8": "1"}
        self._child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        )
        return self._child

    @staticmethod
    def _answer(child: subprocess.Popen[bytes], deadline: float) -> bytes | None:
        """One line from the child; None where the time ran out, blank where the child ended."""
        assert child.stdout is not None
        pieces: list[bytes] = []
        with selectors.DefaultSelector() as waiting:
            waiting.register(child.stdout, selectors.EVENT_READ)
            while True:
                left = deadline - time.monotonic()
                if left <= 0 or not waiting.select(left):
                    return None
                piece = os.read(child.stdout.fileno(), 65536)
                if not piece:
                    return b""
                pieces.append(piece)
                if piece.endswith(b"\n"):
                    return b"".join(pieces)


def read_one(job: Job) -> dict[str, Any]:
    """Parse a file and write its outputs; what went wrong is a sentence and a code, never an exception."""
    from planparse.errors import PlanparseError
    from planparse.grammar import load_grammar
    from planparse.output.json_yaml import write_plan
    from planparse.pipeline import parse

    name = Path(job.path).name
    try:
        plan = parse(job.path, grammar=load_grammar(*job.grammars))
        write_plan(plan, Path(job.folder), job.name, formats=job.formats)
    except PlanparseError as error:
        return {"error": str(error), "code": error.code}
    except MemoryError:
        return {"error": f"{name}: needs more memory than it may use; raise --memory", "code": "memory"}
    except Exception as error:
        sentence = (
            f"{name}: planparse failed on it ({type(error).__name__}: {' '.join(str(error).split())[:160]}); please report it"
        )
        return {"error": sentence, "code": "internal"}
    covered = plan.coverage
    whole = covered.text + covered.discarded + covered.lost
    return {
        "counts": {
            "sections": sum(1 for _ in sections_of(plan)),
            "boxes": sum(1 for _ in boxes_of(plan)),
            "indicators": len(plan.indicators),
            "responsibilities": len(plan.responsibilities),
            "tasks": len(plan.tasks),
            "commitments": len(plan.commitments),
            "diagnostics": len(plan.diagnostics),
        },
        "coverage": (whole - covered.lost) / whole if whole else 0.0,
    }


def sections_of(plan: Any) -> Sequence[Any]:
    """The sections of a plan's body."""
    from planparse.models import Section
    from planparse.structure.walk import walk

    return [v.node for v in walk(plan.body) if isinstance(v.node, Section)]


def boxes_of(plan: Any) -> Sequence[Any]:
    """The boxes of a plan's body."""
    from planparse.models import Box
    from planparse.structure.walk import walk

    return [v.node for v in walk(plan.body) if isinstance(v.node, Box)]


def limit_memory(limit: int) -> None:
    """Hold this process to `limit` bytes of address space, where the system can."""
    try:
        import resource
    except ImportError:  # pragma: no cover - Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def main() -> None:
    """The child: a job a line in, an outcome a line out, until the parent hangs up."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    if len(sys.argv) > 1:
        limit_memory(int(sys.argv[1]))
    for line in sys.stdin.buffer:
        raw = json.loads(line)
        job = Job(**{**raw, "formats": tuple(raw["formats"]), "grammars": tuple(raw["grammars"])})
        out.write(json.dumps(read_one(job)).encode() + b"\n")
        out.flush()


if __name__ == "__main__":
    main()
