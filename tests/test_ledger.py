"""The ledger: rows that come back as they went in, one run at a time, and files that are no ledger."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from planparse.batch.inputs import Found, Input, collect_inputs, find_inputs, name_inputs
from planparse.batch.ledger import LEDGER, Row, finish, open_ledger, view_ledger
from planparse.batch.shelf import Shelf
from planparse.errors import UnreadableOutput


def test_rows_come_back(tmp_path: Path) -> None:
    row = Row("/a/x.txt", ".", "x", formats=("json",), outputs=("x.json",), given={"url": "u"}, counts={"tasks": 2})
    with open_ledger(tmp_path / "out") as ledger:
        ledger.reserve([Input(Path("/a/x.txt"), Path(), "x")], {})
        assert ledger.rows() == {"/a/x.txt": Row("/a/x.txt", ".", "x")}
        done = finish(row, status="done", seconds=0.5)
        ledger.put([done])
        assert (done.finished or "").endswith("+00:00")
    with view_ledger(tmp_path / "out") as ledger:
        assert ledger.rows() == {"/a/x.txt": done}
        assert ledger.stands(done) == []
        (tmp_path / "out" / "x.json").touch()
        assert ledger.stands(done) == []  # empty is not there
        (tmp_path / "out" / "x.json").write_text("{}")
        assert ledger.stands(done) == ["x.json"]
        assert ledger.gone(done)
        ledger.move("/a/x.txt", str(tmp_path / "x.txt"))
        (tmp_path / "x.txt").touch()
        (moved,) = ledger.rows().values()
        assert not ledger.gone(moved)
        ledger.forget([moved.source])
        assert ledger.rows() == {}
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [LEDGER, "x.json"]


def test_one_run_at_a_time(tmp_path: Path) -> None:
    with open_ledger(tmp_path), pytest.raises(UnreadableOutput, match="another planparse"), open_ledger(tmp_path):
        pass
    with open_ledger(tmp_path), view_ledger(tmp_path) as seen:
        assert seen.rows() == {}


def test_what_is_no_ledger_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableOutput, match="has no"), view_ledger(tmp_path):
        pass
    (tmp_path / LEDGER).write_text("this is no database, and long enough to be told from one" * 20)
    with pytest.raises(UnreadableOutput, match="cannot be used"), open_ledger(tmp_path):
        pass
    (tmp_path / LEDGER).unlink()
    with sqlite3.connect(tmp_path / LEDGER) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(UnreadableOutput, match="another version"), open_ledger(tmp_path):
        pass
    (tmp_path / "file").touch()
    with pytest.raises(UnreadableOutput, match="choose another --out"), open_ledger(tmp_path / "file" / "out"):
        pass


def test_sweep_takes_only_temporary_files(tmp_path: Path) -> None:
    for name in (".x.json.abc.part", ".hidden", "x.part"):
        (tmp_path / name).touch()
    assert Shelf(tmp_path).sweep(["none"]) == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == [".hidden", "x.part"]


def touch(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    return folder


def test_names_of_outputs(tmp_path: Path) -> None:
    touch(tmp_path, "a/x.txt", "a/x.pdf", "a/y.txt", "b/x.txt", "b/.hidden.txt", "b/notes.py")
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


def test_a_file_given_twice_is_one_and_outputs_are_no_inputs(tmp_path: Path) -> None:
    touch(tmp_path, "x.txt", "out/review.html", "outside/y.txt")
    found, _ = find_inputs([tmp_path / "x.txt", tmp_path], out=tmp_path / "out")
    assert [f.path.name for f in found] == ["x.txt", "y.txt"]


def test_a_name_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    try:
        touch(tmp_path, "\udce4.txt", "y.txt")
    except (OSError, UnicodeError):
        pytest.skip("this file system takes only UTF-8")
    found, problems = find_inputs([tmp_path])
    assert [f.path.name for f in found] == ["y.txt"]
    assert "not UTF-8" in problems[0]


def test_a_name_once_given_stays(tmp_path: Path) -> None:
    held = {"/p/x.txt": (".", "x")}
    later = [Found(Path("/p/x.pdf"), Path()), Found(Path("/p/x.txt"), Path()), Found(Path("/q/X.PDF"), Path())]
    assert [i.name for i in name_inputs(later[:2], held=held)] == ["x.pdf", "x"]
    assert [i.name for i in name_inputs(later, held=held)] == ["x.pdf-1", "x", "X.PDF-2"]
    held = {"/p/x.txt": (".", "x.txt"), "/p/x.pdf": (".", "x.pdf")}
    assert [i.name for i in name_inputs([Found(Path("/p/x.docx"), Path())], held=held)] == ["x.docx"]
    assert [i.name for i in name_inputs([Found(Path("/q/x.txt"), Path())], held=held)] == ["x.txt-1"]
    assert [i.name for i in name_inputs([Found(Path("/q/x.txt.pdf"), Path())], held=held)] == ["x.txt.pdf"]


def test_a_very_long_name_is_cut() -> None:
    long = [Found(Path("/p") / (("规划" * 41) + end + ".txt"), Path()) for end in "甲乙"]
    names = [i.name for i in name_inputs(long)]
    assert len(set(names)) == 2
    assert all(len(n.encode()) <= 200 for n in names)


def test_a_ledger_that_is_looked_at_while_it_is_made_is_made_once(tmp_path: Path) -> None:
    for number in range(20):
        out = tmp_path / str(number)
        out.mkdir()
        (out / LEDGER).touch()
        ready = threading.Barrier(6)

        def look(out: Path = out, ready: threading.Barrier = ready) -> int:
            ready.wait()
            with view_ledger(out) as ledger:
                return len(ledger.rows())

        with ThreadPoolExecutor(6) as threads:
            assert [f.result() for f in [threads.submit(look) for _ in range(6)]] == [0] * 6
