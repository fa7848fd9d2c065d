"""`planparse check`: reads files as ingest does, in killable children, and holds each plan against what is demanded."""

import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from planparse.batch.inputs import find_inputs
from planparse.batch.limits import choose_limits
from planparse.batch.pool import Pool
from planparse.batch.worker import MEMORY, READER, SECONDS, Job
from planparse.errors import BadGrammar, PlanparseError, WrongUsage
from planparse.models import Plan
from planparse.models.policy import CheckedPlan, CheckReport, Expectations, ExpectedPlan, Finding, Policy
from planparse.output.json_yaml import plan_files
from planparse.output.migrate import load_known
from planparse.policy import (
    compare_rows,
    find_config,
    match_expected,
    plan_to_differences,
    plan_to_findings,
    plan_to_rows,
    read_expectations,
    read_policy,
    sum_by_rule,
)  # fmt: skip
from planparse.policy.against import Compared, PlanRows, find_earlier
from planparse.policy.expect import Named
from planparse.version import __version__


@dataclass(frozen=True, slots=True)
class Demands:
    """What a check is told: the file with the policy (None: the nearest one), hand-verified facts, earlier results, limits (NAME=VALUE)."""

    config: Path | None = None
    expect: Path | None = None
    against: Path | None = None
    allow_losses: bool = False
    grammars: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    seconds: float = SECONDS
    memory: int = MEMORY
    reader: str = READER


@dataclass(frozen=True, slots=True)
class _Read:
    """A file, where the JSON of its plan lies (plans wait on disk, they may be large), and the plan's names or an error."""

    file: str
    place: Path
    named: Named | None = None
    error: str | None = None


def check_files(paths: Sequence[Path], demands: Demands) -> CheckReport:
    """Read sources and plans and hold them against the policy, the expectations and the earlier results.

    A folder gives its sources; one without sources gives the plans (JSON) in it. A file that cannot be read is a failed
    plan, never an exception. Raises WrongUsage where the policy, the expectations, the earlier results or a grammar
    cannot be used, or nothing is to be checked.
    """
    policy = read_policy(demands.config or find_config(Path.cwd()))
    expectations = read_expectations(demands.expect) if demands.expect else None
    earlier = _earlier_rows(demands.against) if demands.against else []
    with tempfile.TemporaryDirectory(prefix="planparse-check-") as folder:
        files, problems = _files_of(paths)
        read = list(_read_all(files, Path(folder), demands))
        return _judge(read, problems, policy, expectations, earlier, demands)


def _judge(
    read: Sequence[_Read],
    problems: Sequence[str],
    policy: Policy,
    expectations: Expectations | None,
    earlier: Sequence[PlanRows],
    demands: Demands,
) -> CheckReport:
    known = [one.named for one in read if one.named]
    works = Counter(named.work for named in known)
    meant, loose = match_expected(expectations, known) if expectations else ({}, [])
    plans, compared = [], []
    for one in read:
        if one.error:
            plans.append(_unreadable(one.file, one.error))
            continue
        plan = load_known(one.place)
        before, changes = None, Compared([], [])
        if earlier:
            rows = plan_to_rows(plan)
            before = find_earlier(rows, earlier, alone=works[plan.work] == 1)
            changes = compare_rows(rows, before, allow_losses=demands.allow_losses) if before else changes
            compared.append(changes)
        plans.append(_checked(one.file, plan, policy, meant.get(one.file, []), before is not None, changes))
    plans += [_unreadable(*problem.split(": ", 1)) for problem in problems]
    ok = all(plan.state == "ok" for plan in plans) and not any(f.fails for f in loose)
    return CheckReport(planparse=__version__, ok=ok, plans=plans, findings=loose, rules=sum_by_rule(compared))


def _checked(
    file: str, plan: Plan, policy: Policy, expected: Sequence[ExpectedPlan], earlier: bool, changes: Compared
) -> CheckedPlan:
    differences = [f for one in expected for f in plan_to_differences(plan, one)]
    findings = [*plan_to_findings(plan, policy), *differences, *changes.findings]
    return CheckedPlan(
        file=file, state="failed" if any(f.fails for f in findings) else "ok", id=plan.id, work=plan.work,
        title=plan.front_matter.title, earlier=earlier, findings=findings,
        gained=changes.counts("gained"), lost=changes.counts("lost"), changed=changes.counts("changed"),
    )  # fmt: skip


def _unreadable(file: str, error: str) -> CheckedPlan:
    finding = Finding(code="check.unreadable", level="error", fails=True, message=error)
    return CheckedPlan(file=file, state="unreadable", findings=[finding])


def _files_of(paths: Sequence[Path]) -> tuple[list[Path], list[str]]:
    files: list[Path] = []
    problems: list[str] = []
    for path in paths:
        found, said = find_inputs([path])
        plans = plan_files(path) if path.is_dir() and not found else []
        files += plans or [one.path for one in found if isinstance(one.path, Path)]
        problems += [] if plans else said
    return list({os.path.abspath(file): file for file in files}.values()), problems


def _read_all(files: Sequence[Path], folder: Path, demands: Demands) -> Iterator[_Read]:
    """The files in their order; sources are read side by side into `folder`."""
    sources = {str(file): str(number) for number, file in enumerate(files) if file.suffix.lower() != ".json"}
    errors = dict(_read_sources(sources, folder, demands)) if sources else {}
    for file in files:
        place = folder / f"{sources[str(file)]}.json" if str(file) in sources else file
        error = errors.get(str(file))
        yield _Read(_shown(file), place, error=error.removeprefix(f"{file}: ")) if error else _name(_shown(file), place)


def _name(file: str, place: Path) -> _Read:
    """A plan's JSON that was named may be none: that is told as any other file that cannot be read."""
    try:
        plan = load_known(place)
    except PlanparseError as error:
        return _Read(file, place, error=str(error).removeprefix(f"{place}: "))
    return _Read(file, place, named=Named(file, plan.source.name, plan.id, plan.work))


def _read_sources(names: dict[str, str], folder: Path, demands: Demands) -> Iterator[tuple[str, str]]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    pool = Pool(
        min(cores, len(names)), seconds=demands.seconds, memory=demands.memory, grammars=demands.grammars, reader=demands.reader,
        limits=choose_limits(demands.limits, config=demands.config),
    )  # fmt: skip
    with pool:
        pool.start(len(names))
        try:
            pool.digest()
        except BadGrammar as error:
            raise WrongUsage(str(error)) from None
        for outcome in pool.run(Job(path, str(folder), name, ("json",)) for path, name in names.items()):
            if outcome.error:
                yield outcome.path, outcome.error


def _shown(file: Path) -> str:
    """The path as reports name it: from the working folder where it lies below it, with slashes."""
    try:
        return Path(os.path.abspath(file)).relative_to(Path.cwd()).as_posix()
    except ValueError:
        return file.as_posix()


def _earlier_rows(folder: Path) -> list[PlanRows]:
    files = plan_files(folder) if folder.is_dir() else [folder] if folder.is_file() else []
    if not files:
        raise WrongUsage(f"--against {folder}: no JSON of an earlier plan there; planparse ingest writes them")
    try:
        return [plan_to_rows(load_known(file)) for file in files]
    except PlanparseError as error:
        raise WrongUsage(f"--against {error}") from None
