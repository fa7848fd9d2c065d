"""The child of worker.py: a job a line in, an outcome a line out, until the parent hangs up or dies."""

import contextlib
import ctypes
import gc
import json
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from planparse.batch.huge_pages import move_to_huge_pages
from planparse.batch.worker import MEMORY, READER, Job, held_memory

PR_SET_PDEATHSIG = 1
SETTLING = 8
"""Files after which the patterns and libraries that are loaded when they are used are there: they stay, so the collector
need not walk them again and again (a fifth of the time)."""
COLLECTED = (50_000, 20, 100)
"""Thresholds of the collector: a plan is many objects and few circles, so it need not look as often as Python has it."""
MOVED = 100
"""Files after which what has been laid in ordinary pages since is moved into huge ones, first when all has settled: a run of
a few files would not win the tenth of a second that it takes."""
SWEPT = 20
"""Files after which what plans leave in circles is collected; it would come to a third of the memory."""
Reader = Callable[..., Any]


def read_one(
    job: Job, *, grammars: tuple[str, ...] = (), reader: str = READER, limits: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Parse a file and write its outputs; what went wrong is a sentence and a code, never an exception."""
    from planparse.batch.manifest import Given, lay_given
    from planparse.batch.patches import lay_patch
    from planparse.errors import PlanparseError
    from planparse.grammar import load_grammar
    from planparse.models.limits import Limits
    from planparse.output.json_yaml import write_plan

    name = Path(job.path).name
    try:
        told: dict[str, Any] = {"password": job.password} if job.password is not None else {}
        if limits is not None:
            told["limits"] = Limits(**limits)
        plan = _function(reader)(job.path, grammar=load_grammar(*grammars), **told)
        plan = lay_given(plan, Given(**job.given) if job.given else None)
        plan = lay_patch(plan, job.corrections)
        write_plan(plan, Path(job.folder), job.name, formats=job.formats)
    except PlanparseError as error:
        return {"error": str(error), "code": error.code}
    except MemoryError:
        return {"error": f"{name}: needs more memory than it may use; raise --memory", "code": "memory"}
    except (Exception, RecursionError) as error:
        why = f"{type(error).__name__}: {' '.join(str(error).split())[:160]}"
        return {"error": f"{name}: planparse failed on it ({why}); please report it", "code": "internal"}
    return plan_to_outcome(plan)


def plan_to_outcome(plan: Any) -> dict[str, Any]:
    """What the parent is told of a plan: its counts, its coverage, what it was made of, and its work.

    A plan without title and sections has no work: all such plans would be the same.
    """
    from planparse.models import Box, Section
    from planparse.structure.walk import walk

    nodes = [v.node for v in walk(plan.body)]
    covered = plan.coverage
    whole = covered.text + covered.discarded + covered.lost
    counts = {
        "sections": sum(1 for n in nodes if isinstance(n, Section)),
        "boxes": sum(1 for n in nodes if isinstance(n, Box)),
        **{k: len(getattr(plan, k)) for k in ("indicators", "responsibilities", "tasks", "commitments", "diagnostics")},
    }
    return {
        "counts": counts,
        "coverage": (whole - covered.lost) / whole if whole else 0.0,
        "sha256": plan.source.sha256,
        "grammar": plan.source.grammar,
        "planparse": plan.source.planparse,
        "work": plan.work if plan.front_matter.title and counts["sections"] else None,
    }


def limit_memory(limit: int) -> None:
    """Hold this process to `limit` bytes of address space, where the system can."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    with contextlib.suppress(ValueError, OSError):  # macOS refuses
        resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def die_with(parent: int) -> None:
    """Be killed when the parent dies, in the middle of a file too (Linux); elsewhere the end of stdin does, after it."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit()


def main() -> None:
    """Load the grammar, say its digest, and read what is asked."""
    options = {
        "memory": MEMORY,
        "grammars": [],
        "reader": READER,
        "limits": None,
        "parent": os.getppid(),
        **json.loads(sys.argv[1]),
    }
    gc.disable()  # Until it is up: what is loaded stays, and walking it again and again is a tenth of the start.
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer.
    die_with(options["parent"])
    limit_memory(options["memory"])
    try:
        with os.fdopen(os.dup(1), "wb") as out:
            os.dup2(2, 1)
            for said in answers(tuple(options["grammars"]), options["reader"], sys.stdin.buffer, limits=options["limits"]):
                out.write(json.dumps(said).encode() + b"\n")
                out.flush()
    finally:
        gc.enable()


def answers(
    grammars: tuple[str, ...], reader: str, asked: Iterable[bytes], *, limits: dict[str, Any] | None = None
) -> Iterator[dict[str, Any]]:
    """What the child says: that it is ready, or why it cannot be; then an outcome for each job that is asked."""
    from planparse.errors import PlanparseError
    from planparse.grammar import load_grammar

    try:
        _function(reader)
        yield {"ready": load_grammar(*grammars).digest}
    except PlanparseError as error:
        yield {"refused": str(error)}
        return
    except (ImportError, SyntaxError, AttributeError, NameError) as error:  # not a file's fault, so not told as one
        yield {"refused": f"planparse cannot be loaded ({type(error).__name__}: {error}); install it again"}
        return
    gc.set_threshold(*COLLECTED)
    gc.freeze()
    gc.enable()
    for number, line in enumerate(asked):
        if 0 < number < SETTLING or number % SWEPT == SWEPT - 1:
            gc.collect()
        if number < SETTLING:
            gc.freeze()
        elif number % MOVED == SETTLING:
            move_to_huge_pages()
        raw = json.loads(line)
        _forget_peak()
        said = read_one(Job(**{**raw, "formats": tuple(raw["formats"])}), grammars=grammars, reader=reader, limits=limits)
        yield {**said, **held_memory("self")}


def _function(name: str) -> Reader:
    module, _, function = name.partition(":")
    found: Reader = getattr(import_module(module), function)
    return found


def _forget_peak() -> None:
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


if __name__ == "__main__":
    main()
