"""The killable child: time and memory are held, its death costs one sentence, and the next file is read."""

import io
import json
import os
import platform
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from planparse.batch import child, huge_pages, worker
from planparse.batch.child import read_one
from planparse.batch.pool import Pool
from planparse.batch.worker import Job, Worker
from planparse.errors import BadGrammar, PlanparseError

HOSTILE = "tests.hostile:read"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return write(tmp_path, "plan.txt")


def write(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_text("一、甲\n\n正文内容。\n\n二、乙\n\n正文内容。\n", encoding="utf-8")
    return path


def job(path: Path, out: Path) -> Job:
    return Job(str(path), str(out), path.stem, ("json",))


def test_one_child_reads_many_files(plan: Path, tmp_path: Path) -> None:
    with Worker() as one:
        digest = one.await_ready()
        outcomes = [one.run(job(plan, tmp_path / str(i))) for i in range(3)]
        assert [o.error for o in outcomes] == [None] * 3
        assert outcomes[0].counts is not None
        assert outcomes[0].counts["sections"] == 2
        assert outcomes[0].coverage == 1.0
        assert outcomes[0].grammar == digest
        assert outcomes[0].work is None  # without a title it could be any plan's
        assert outcomes[0].resident


def test_a_file_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    with Worker(seconds=0.2, reader=HOSTILE) as one:
        slow = one.run(job(write(tmp_path, "hang.txt"), tmp_path))
        assert slow.code == "timeout"
        assert "hang.txt" in (slow.error or "")
        one.seconds = 60
        assert one.run(job(write(tmp_path, "plan.txt"), tmp_path)).error is None


def test_a_file_that_ends_its_reader_is_told(tmp_path: Path) -> None:
    with Worker(reader=HOSTILE) as one:
        dead = one.run(job(write(tmp_path, "crash.txt"), tmp_path))
        assert dead.code == "crashed"
        assert "crash.txt" in (dead.error or "")
        assert "-11" in (dead.error or "")
        assert one.run(job(write(tmp_path, "killed.txt"), tmp_path)).code == "crashed"
        hungry = one.run(job(write(tmp_path, "memory.txt"), tmp_path))
        assert hungry.code == "memory"
        odd = one.run(job(write(tmp_path, "odd.txt"), tmp_path))
        assert odd.code == "internal"
        assert "ZeroDivisionError: by zero" in (odd.error or "")
        assert one.run(job(write(tmp_path, "plan.txt"), tmp_path)).error is None


def test_a_child_killed_from_outside_is_not_its_files_fault(plan: Path, tmp_path: Path) -> None:
    with Worker(reader=HOSTILE) as one:
        assert one.run(job(write(tmp_path, "once.txt"), tmp_path)).error is None
        assert one._child is not None
        one._child.kill()
        one._child.wait()
        assert one.run(job(plan, tmp_path)).error is None
        one.start()
        one._child.kill()  # before it is up
        assert one.run(job(plan, tmp_path)).error is None


def test_a_child_is_renewed_after_some_files(plan: Path, tmp_path: Path) -> None:
    with Worker(recycle=2) as one:
        children = set()
        for _ in range(4):
            one.start()
            assert one._child is not None
            children.add(one._child.pid)
            assert one.run(job(plan, tmp_path)).error is None
        assert len(children) == 2


def test_memory_is_held(plan: Path, tmp_path: Path) -> None:
    big = tmp_path / "greedy.txt"
    big.write_text("一、甲乙丙丁戊己庚辛。\n", encoding="utf-8")
    with Worker(memory=420 << 20, reader="tests.hostile:read") as one:
        outcome = one.run(job(big, tmp_path))
        assert outcome.code in ("memory", "crashed")
        assert one.run(job(plan, tmp_path)).error is None


def test_a_bad_grammar_is_refused_at_once(tmp_path: Path) -> None:
    with Pool(1, grammars=(str(tmp_path / "none"),)) as pool, pytest.raises(BadGrammar, match="no such folder"):
        pool.digest()


def test_a_child_that_cannot_start(plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Worker(reader="tests.nothing:here") as one, pytest.raises(PlanparseError, match="cannot be loaded"):
        one.run(job(plan, tmp_path))
    monkeypatch.setattr(worker, "START_SECONDS", 0.0)
    with Worker() as one, pytest.raises(PlanparseError, match="cannot be started"):
        one.await_ready()


def test_more_workers_than_files(plan: Path, tmp_path: Path) -> None:
    with Pool(3) as pool:
        pool.start(5)
        outcomes = list(pool.run(job(plan, tmp_path / str(i)) for i in range(2)))
        assert [o.error for o in outcomes] == [None, None]
        assert list(pool.run([])) == []


def test_what_goes_wrong_is_a_sentence(tmp_path: Path, plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = read_one(job(tmp_path / "none.txt", tmp_path))
    assert said["code"] == "missing"
    monkeypatch.setattr("planparse.pipeline.document_to_plan", lambda *a: 1 / 0)
    said = read_one(job(plan, tmp_path))
    assert said["code"] == "internal"
    assert "please report it" in said["error"]

    def hungry(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("planparse.pipeline.document_to_plan", hungry)
    assert read_one(job(plan, tmp_path))["code"] == "memory"


def test_the_childs_own_loop(
    plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    asked = json.dumps({"path": str(plan), "folder": str(tmp_path), "name": "plan", "formats": ["json"], "given": None})
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"{asked}\n".encode())))
    monkeypatch.setattr(child, "limit_memory", lambda limit: None)
    monkeypatch.setattr(child, "die_with", lambda parent: None)
    monkeypatch.setattr(os, "dup2", lambda *_: None)
    handler = signal.getsignal(signal.SIGINT)
    try:
        monkeypatch.setattr(sys, "argv", ["child", "{}"])
        child.main()
        ready, done = capfd.readouterr().out.splitlines()
        assert len(json.loads(ready)["ready"]) == 16
        assert json.loads(done)["counts"]["sections"] == 2
        assert json.loads(done)["peak"] >= json.loads(done)["resident"] > 0
        monkeypatch.setattr(sys, "argv", ["child", json.dumps({"grammars": [str(tmp_path / "none")]})])
        child.main()
        assert "no such folder" in json.loads(capfd.readouterr().out)["refused"]
    finally:
        signal.signal(signal.SIGINT, handler)


def test_an_orphan_ends_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child.ctypes, "CDLL", lambda _: None)
    with pytest.raises(SystemExit):
        child.die_with(-1)
    assert worker.peak_memory("none") is None


SMAPS = """\
7f0000100000-7f0000d00000 rw-p 00000000 00:00 0 
Size:              12288 kB
KernelPageSize:        4 kB
Rss:               12000 kB
VmFlags: rd wr mr mw me ac
7f0001000000-7f0002000000 rw-p 00000000 00:00 0 {name}
Size:              16384 kB
Rss:                8192 kB
7f0003000000-7f0004000000 rw-p 00000000 00:00 0                          [stack]
Size:              16384 kB
Rss:               16384 kB
7f0005000000-7f0006000000 rw-p 00000000 00:00 0 
Size:              16384 kB
Rss:                8188 kB
7f0007000000-7f0008000000 r-xp 00000000 fe:00 12                         /usr/lib/libx.so
Rss:               16384 kB
7f0009000000-7f0009100000 rw-p 00000000 00:00 0 
Rss:                1024 kB
"""


MOVING = """
import re
from planparse.batch.huge_pages import move_to_huge_pages
def huge():
    return int(re.search(r"AnonHugePages: +([0-9]+)", open("/proc/self/smaps_rollup").read())[1])
kept = [(n, str(n)) for n in range(400_000)]
before = huge()
moved = move_to_huge_pages()
assert kept[-1] == (399_999, "399999")
print(moved, before, huge())
"""


@pytest.mark.parametrize("name", ["", "[heap]", "[anon:cpython:pymalloc]"])
def test_huge_pages_are_for_what_is_mostly_used(name: str) -> None:
    found = list(huge_pages._heaps(SMAPS.format(name=name), 2 << 20))
    assert found == [(0x7F0000200000, 0x7F0000C00000), (0x7F0001000000, 0x7F0002000000)]


def test_huge_pages_where_there_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    setting = tmp_path / "enabled"
    monkeypatch.setattr(huge_pages, "SETTING", setting)
    assert huge_pages.move_to_huge_pages() == 0
    setting.write_text("always madvise [never]\n")
    assert huge_pages.move_to_huge_pages() == 0


def test_a_heap_is_moved_to_huge_pages() -> None:
    if not huge_pages.SETTING.exists() or "[never]" in huge_pages.SETTING.read_text():
        pytest.skip("this system has no huge pages to give")
    if tuple(map(int, platform.release().split(".")[:2])) < (6, 1):
        pytest.skip(f"Linux {platform.release()} does not move memory that is in use; 6.1 and later does")
    told = subprocess.run([sys.executable, "-c", MOVING], capture_output=True, text=True, check=True).stdout.split()
    moved, before, after = map(int, told)
    assert moved >= 16 << 20
    assert after - before >= 16 << 10


@pytest.mark.parametrize("said", ["", "glibc.malloc.check=0"])
def test_a_child_keeps_what_is_said_to_the_c_library(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, str] = {}
    real = subprocess.Popen

    def started(*arguments: Any, **options: Any) -> "subprocess.Popen[bytes]":
        told.update(options["env"])
        return real(*arguments, **options)

    monkeypatch.setenv("GLIBC_TUNABLES", said)
    monkeypatch.setattr(worker.subprocess, "Popen", started)
    with Worker() as one:
        one.await_ready()
    assert told["GLIBC_TUNABLES"] == ":".join(filter(None, (huge_pages.TUNABLE, said)))
