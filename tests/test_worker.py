"""The killable child: time and memory are held, its death costs one sentence, and the next file is read."""

from pathlib import Path

import pytest

from planparse.batch.inputs import collect_inputs
from planparse.batch.worker import Job, Worker, read_one


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.txt"
    path.write_text("一、甲\n\n正文内容。\n\n二、乙\n\n正文内容。\n", encoding="utf-8")
    return path


def job(path: Path, out: Path) -> Job:
    return Job(str(path), str(out), path.stem, ("json",))


def test_one_child_reads_many_files(plan: Path, tmp_path: Path) -> None:
    with Worker() as worker:
        outcomes = [worker.run(job(plan, tmp_path / str(i))) for i in range(3)]
        assert [o.error for o in outcomes] == [None] * 3
        assert outcomes[0].counts is not None
        assert outcomes[0].counts["sections"] == 2
        assert outcomes[0].coverage == 1.0


def test_a_file_that_takes_too_long_is_stopped(plan: Path, tmp_path: Path) -> None:
    with Worker(seconds=0.05) as worker:
        slow = worker.run(job(plan, tmp_path))
        assert slow.code == "timeout"
        assert "plan.txt" in (slow.error or "")
        worker.seconds = 60
        assert worker.run(job(plan, tmp_path)).error is None


def test_a_child_that_dies_is_replaced(plan: Path, tmp_path: Path) -> None:
    with Worker() as worker:
        assert worker.run(job(plan, tmp_path)).error is None
        assert worker._child is not None
        worker._child.kill()
        dead = worker.run(job(plan, tmp_path))
        assert dead.code == "crashed"
        assert "plan.txt" in (dead.error or "")
        assert worker.run(job(plan, tmp_path)).error is None


def test_memory_is_held(plan: Path, tmp_path: Path) -> None:
    big = tmp_path / "big.txt"
    big.write_bytes("一、甲乙丙丁戊己庚辛。\n".encode() * 3_000_000)
    with Worker(memory=420 << 20) as worker:
        outcome = worker.run(job(big, tmp_path))
        assert outcome.code in ("memory", "crashed")
        assert worker.run(job(plan, tmp_path)).error is None


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


def test_names_of_outputs(tmp_path: Path) -> None:
    for name in ("a/x.txt", "a/x.pdf", "a/y.txt", "b/x.txt", "b/.hidden.txt", "b/notes.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    inputs, problems = collect_inputs([tmp_path])
    assert [(str(i.folder), i.name) for i in inputs] == [("a", "x.pdf"), ("a", "x.txt"), ("a", "y"), ("b", "x")]
    assert problems == []
    inputs, _ = collect_inputs([tmp_path / "a", tmp_path / "b"])
    assert [(str(i.folder), i.name) for i in inputs] == [("a", "x.pdf"), ("a", "x.txt"), ("a", "y"), ("b", "x")]
    inputs, _ = collect_inputs([tmp_path / "a" / "x.txt", tmp_path / "b" / "x.txt"])
    assert [i.name for i in inputs] == ["x.txt-1", "x.txt-2"]
    (tmp_path / "c").mkdir()
    inputs, problems = collect_inputs([tmp_path / "c", tmp_path / "d"])
    assert inputs == []
    assert len(problems) == 2
