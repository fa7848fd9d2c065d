"""How a run reads, as the command line says it."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from planparse.batch.carry import Carrier
from planparse.batch.executor import Executor
from planparse.batch.pool import Pool
from planparse.batch.worker import MEMORY, READER, RECYCLE, SECONDS
from planparse.errors import MissingTool, WrongUsage
from planparse.output.language import ENGLISH, Words
from planparse.places import Place, Url

if TYPE_CHECKING:
    from planparse.models.limits import Limits

TABLES = {"parquet": "duckdb", "csv": None, "xlsx": "openpyxl", "duckdb": "duckdb"}
"""The kinds of tables, and the package that writes each."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run reads; `jobs` is the number of cores where it is None, `reader` is for tests (worker.py).

    `address` is the Ray cluster's; `ledger` is where the ledger is kept, if not in the output folder; `tables` are the
    kinds of tables that are written after the plans; `password` is tried on every encrypted file.
    """

    formats: tuple[str, ...] = ("json", "yaml")
    grammars: tuple[str, ...] = ()
    seconds: float = SECONDS
    memory: int = MEMORY
    jobs: int | None = None
    force: bool = False
    watch: bool = False
    manifest: Path | None = None
    corrections: Path | None = None
    engine: Literal["local", "ray"] = "local"
    address: str | None = None
    ledger: Path | None = None
    tables: tuple[str, ...] = ()
    password: str | None = field(default=None, repr=False)
    limits: "Limits | None" = None
    words: Words = ENGLISH
    reader: str = READER
    recycle: int = RECYCLE


def formats_of(written: str) -> tuple[str, ...]:
    """json,yaml → ("json", "yaml"). Raises WrongUsage."""
    return _kinds(written, "--format", Settings().formats)


def tables_of(written: str | None) -> tuple[str, ...]:
    """parquet,csv → ("parquet", "csv"); none where nothing is asked for. Raises WrongUsage, MissingTool."""
    kinds = () if written is None else _kinds(written, "--tables", tuple(TABLES))
    for package in {TABLES[kind] for kind in kinds} - {None}:
        if package and find_spec(package) is None:  # told before the first file is read, not after the last
            raise MissingTool(f"--tables {written} needs the package {package}: pip install 'planparse[tables]'")
    return kinds


def _kinds(written: str, option: str, known: Sequence[str]) -> tuple[str, ...]:
    kinds = tuple(dict.fromkeys(k.strip() for k in written.split(",") if k.strip()))
    if not kinds or any(k not in known for k in kinds):
        raise WrongUsage(f"{option} takes {', '.join(known)}, parted by commas, not {written!r}")
    return kinds


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def settings_to_executor(settings: Settings, places: Sequence[Place], shared: Sequence[Path]) -> Executor:
    """Who reads the files of a run whose inputs and outputs are at `places`; `shared` are folders that all nodes see.

    Raises WrongUsage, MissingTool.
    """
    if settings.tables and "json" not in settings.formats:
        raise WrongUsage("--tables are made of the JSON; name it in --format too")
    if settings.engine == "ray":
        from planparse.batch.ray_pool import RayPool

        if any(isinstance(place, Url) and place.text.startswith("memory://") for place in places):
            raise WrongUsage("memory:// is seen by one process alone; --engine ray takes files and stores that nodes can reach")
        return RayPool(
            settings.address, jobs=settings.jobs, shared=shared, seconds=settings.seconds, memory=settings.memory,
            grammars=settings.grammars, reader=settings.reader, recycle=settings.recycle, limits=settings.limits,
        )  # fmt: skip
    if settings.address is not None:
        raise WrongUsage("--address names a Ray cluster; it goes with --engine ray")
    jobs = settings.jobs or cores()
    pool = Pool(
        jobs, seconds=settings.seconds, memory=settings.memory, grammars=settings.grammars, reader=settings.reader,
        recycle=settings.recycle, limits=settings.limits,
    )  # fmt: skip
    return Carrier(pool, jobs) if any(isinstance(place, Url) for place in places) else pool
