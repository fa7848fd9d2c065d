"""Files and outputs in stores: the same run, the same bytes, one object whole at a time, and a ledger that comes along."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

import planparse
from planparse import places
from planparse.batch import ledger_copy
from planparse.batch.commands import status_lines
from planparse.batch.ingest import ingest_files
from planparse.batch.ledger import Row, open_ledger, view_ledger
from planparse.batch.settings import Settings
from planparse.cli import app
from planparse.errors import MissingTool, PlanparseError, UnreadableFile, UnreadableOutput, WrongUsage
from planparse.places import Url, digest, exists, read_bytes, to_place, write_bytes
from tests.stores import BUCKET, s3_server

fsspec = pytest.importorskip("fsspec")
PLAN = "{0}市“十四五”养老服务发展规划\n\n一、发展基础\n\n服务网络不断完善。\n\n二、重点任务\n\n（一）扩大供给。到2025年，新建中心{1}个。\n"
JSON = Settings(formats=("json",), jobs=2, seconds=60)


@pytest.fixture
def memory() -> Iterator[Any]:
    """An empty store in this process."""
    files = fsspec.filesystem("memory")
    files.store.clear()
    files.pseudo_dirs[:] = [""]
    yield files
    files.store.clear()


@pytest.fixture(scope="module")
def s3() -> Iterator[dict[str, str]]:
    pytest.importorskip("moto.server")
    pytest.importorskip("s3fs")
    with s3_server() as environment:
        yield environment


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    folder = tmp_path / "plans"
    (folder / "sub").mkdir(parents=True)
    for number, name in enumerate(("p0.txt", "p1.txt", "sub/p2.txt", "sub/p2.md")):
        (folder / name).write_text(PLAN.format("云溪石澜青岚霁川"[number * 2 : number * 2 + 2], number + 10), encoding="utf-8")
    return folder


def lay(folder: Path, url: str) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            write_bytes(Url(f"{url}/{path.relative_to(folder)}"), path.read_bytes())


def ingest(*paths: str | Path, out: str | Path, settings: Settings = JSON) -> tuple[int, str]:
    talk = Console(file=io.StringIO(), width=300)
    status = ingest_files(paths, out, settings, console=talk, table=Console(file=io.StringIO()))
    return status, talk.file.getvalue()  # type: ignore[attr-defined]


def local_outputs(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*.json")}


def outputs(url: str) -> dict[str, bytes]:
    """What stands below an address, the ledger aside."""
    held = places.files_below(Url(url))
    return {str(h.below): read_bytes(h.place) for h in held if h.place.name != "ledger.sqlite"}


def rows(out: str | Path) -> dict[str, Row]:
    with view_ledger(to_place(out)) as ledger:
        return ledger.rows()


def read_count(said: str) -> int:
    return sum(" ok " in line for line in said.splitlines())


def test_a_run_in_a_store_writes_what_a_run_on_a_disk_writes(plans: Path, tmp_path: Path, memory: Any) -> None:
    ingest(plans, out=tmp_path / "out")
    lay(plans, "memory://box/plans")
    (tmp_path / "elsewhere").mkdir()
    status, said = ingest("memory://box/plans", out="memory://box/out")
    assert (status, read_count(said)) == (0, 4)
    assert outputs("memory:///box/out") == local_outputs(tmp_path / "out")
    assert sorted(Url(s).name for s in rows("memory://box/out")) == ["p0.txt", "p1.txt", "p2.md", "p2.txt"]
    assert all(row.status == "done" and row.sha256 for row in rows("memory://box/out").values())
    assert next(iter(status_lines("memory://box/out"))) == "4 files: 4 done, 0 failed, 0 waiting"
    # From a store to a disk, and from a disk to a store.
    assert ingest("memory://box/plans", out=tmp_path / "from")[0] == 0
    assert local_outputs(tmp_path / "from") == local_outputs(tmp_path / "out")
    assert ingest(plans, out="memory://box/to")[0] == 0
    assert outputs("memory:///box/to") == local_outputs(tmp_path / "out")


def test_a_run_in_a_store_goes_on(plans: Path, memory: Any) -> None:
    lay(plans, "memory://plans")
    ingest("memory://plans", out="memory://out")
    status, said = ingest("memory://plans", out="memory://out")
    assert (status, read_count(said)) == (0, 0)
    assert "4/4 current" in said
    memory.rm("/out/p1.json")
    write_bytes(Url("memory:///plans/p0.txt"), PLAN.format("霞浦", 3).encode())
    memory.rm("/plans/sub/p2.txt")
    memory.pipe("/out/.p9.json.x.part", b"left by a killed run")
    status, said = ingest("memory://plans", out="memory://out")
    assert (status, read_count(said)) == (0, 2)
    assert "sub/p2.txt.json: the source memory:///plans/sub/p2.txt is gone" in said
    assert not exists(Url("memory:///out/.p9.json.x.part"))
    # Another folder of the store was not listed: nothing is said of what it holds.
    write_bytes(Url("memory:///more/p9.txt"), PLAN.format("云溪", 9).encode())
    assert "is gone" not in ingest("memory://more", out="memory://out")[1]


def test_one_file_and_bad_ones_in_a_store(plans: Path, memory: Any) -> None:
    lay(plans, "memory://plans")
    write_bytes(Url("memory:///plans/empty.pdf"), b"")
    write_bytes(Url("memory:///plans/.hidden.txt"), b"x")
    write_bytes(Url("memory:///plans/notes.py"), b"x")
    status, said = ingest("memory://plans/p0.txt", "memory://plans/none.txt", out="memory://one")
    assert status == 1
    assert list(outputs("memory:///one")) == ["p0.json"]
    assert "memory:///plans/none.txt: no such file" in said
    status, said = ingest("memory://plans", out="memory://out")
    assert status == 1
    assert len(outputs("memory:///out")) == 4
    (failed,) = [row for row in rows("memory://out").values() if row.status == "failed"]
    assert (failed.code, failed.source) == ("empty", "memory:///plans/empty.pdf")
    assert said.splitlines()[-1].startswith("empty.pdf: ")


def test_hostile_files_cost_one_row_each(plans: Path, memory: Any) -> None:
    for name in ("hang.txt", "memory.txt", "crash.txt"):
        (plans / name).write_text("x")
    lay(plans, "memory://plans")
    settings = replace(JSON, reader="tests.hostile:read", seconds=10)
    assert ingest("memory://plans", out="memory://out", settings=settings)[0] == 1
    codes = {Url(s).name: row.code for s, row in rows("memory://out").items() if row.status == "failed"}
    assert codes == {"hang.txt": "timeout", "memory.txt": "memory", "crash.txt": "crashed"}
    assert len(outputs("memory:///out")) == 4


def test_a_store_that_fails_is_one_row(plans: Path, memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(plans, "memory://plans")
    read, write = type(memory).cat_file, type(memory).pipe_file

    def fetch(self: Any, path: str, **more: Any) -> bytes:
        if path.endswith("p0.txt"):
            raise ConnectionError("the line is\ndown")
        return bytes(read(self, path, **more))

    def put(self: Any, path: str, value: bytes, **more: Any) -> None:
        if path.endswith("p1.json"):
            raise PermissionError("no")
        write(self, path, value, **more)

    monkeypatch.setattr(type(memory), "cat_file", fetch)
    monkeypatch.setattr(type(memory), "pipe_file", put)
    assert ingest("memory://plans", out="memory://out")[0] == 1
    failed = {Url(s).name: (row.code, row.message) for s, row in rows("memory://out").items() if row.status == "failed"}
    assert failed == {
        "p0.txt": ("unreachable", "memory:///plans/p0.txt: the store does not give it (the line is down); try again"),
        "p1.txt": ("output", "memory:///out/p1.json: cannot be written (no); choose another --out, or try again"),
    }
    monkeypatch.undo()
    assert read_count(ingest("memory://plans", out="memory://out")[1]) == 2


def test_two_runs_into_one_store_are_found_out(plans: Path, memory: Any) -> None:
    def two() -> None:
        with open_ledger(to_place("memory://out")) as first:
            first.put([Row("/a", ".", "a")])
            ingest(plans, out="memory://out")

    with pytest.raises(UnreadableOutput, match="another planparse has written there"):
        two()
    assert len(rows("memory://out")) == 4


def test_a_ledger_is_written_up_now_and_then(plans: Path, memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_copy, "SECONDS", 0.0)
    monkeypatch.setattr(ledger_copy, "SHARE", 0)
    out = to_place("memory://out")
    with open_ledger(out) as ledger:
        ledger.put([Row("/a", ".", "a")])
        assert list(rows("memory://out")) == ["/a"]
        put = memory.put_file
        monkeypatch.setattr(memory.__class__, "put_file", lambda *_: 1 / 0)
        ledger.put([Row("/b", ".", "b")])  # the store is down for a while
        monkeypatch.setattr(memory.__class__, "put_file", lambda self, *more: put(*more))
        ledger.put([Row("/c", ".", "c")])
        assert list(rows("memory://out")) == ["/a", "/b", "/c"]


def test_a_ledger_elsewhere(plans: Path, tmp_path: Path, memory: Any) -> None:
    settings = replace(JSON, ledger=tmp_path / "kept" / "plans.sqlite")
    assert ingest(plans, out="memory://out", settings=settings)[0] == 0
    assert not exists(Url("memory:///out/ledger.sqlite"))
    assert read_count(ingest(plans, out="memory://out", settings=settings)[1]) == 0
    assert next(iter(status_lines("memory://out", ledger=settings.ledger))).startswith("4 files: 4 done")
    with open_ledger(tmp_path / "out", file=settings.ledger), pytest.raises(UnreadableOutput, match="another planparse"):
        ingest(plans, out="memory://out", settings=settings)
    with pytest.raises(UnreadableOutput, match="has no ledger"):
        next(iter(status_lines("memory://none")))


def test_tables_in_a_store(plans: Path, tmp_path: Path, memory: Any) -> None:
    settings = replace(JSON, tables=("csv",))
    assert ingest(plans, out="memory://out", settings=settings)[0] == 0
    assert ingest(plans, out=tmp_path / "out", settings=settings)[0] == 0
    made = {h.place.name: read_bytes(h.place) for h in places.files_below(Url("memory:///out/tables"))}
    assert made == {p.name: p.read_bytes() for p in (tmp_path / "out" / "tables").iterdir()}
    assert len(made) > 5


def test_file_addresses_are_paths(plans: Path, tmp_path: Path) -> None:
    assert to_place(f"file://{plans}") == plans
    assert to_place("file:///a%20b/%E8%A7%84") == Path("/a b/规")
    assert ingest(f"file://{plans}", out=f"file://{tmp_path}/out")[0] == 0
    assert len(local_outputs(tmp_path / "out")) == 4
    assert read_count(ingest(plans, out=tmp_path / "out")[1]) == 0


def test_addresses_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WrongUsage, match="knows no nothing://"):
        to_place("nothing://x")
    with pytest.raises(WrongUsage, match="keys do not belong") as refused:
        to_place("s3://key:secret@bucket/plans")
    assert "secret" not in str(refused.value)
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(MissingTool, match=r"pip install 'planparse\[s3\]'"):
        to_place("s3://bucket/plans")
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(MissingTool, match="another package"):
        to_place("memory://plans")


def test_what_is_no_object_store_is_written_aside_first(tmp_path: Path) -> None:
    target = Url(f"file://{tmp_path}/a/x.json")
    write_bytes(target, b"1")
    write_bytes(target, b"2")
    assert [p.name for p in (tmp_path / "a").iterdir()] == ["x.json"]
    assert read_bytes(target) == b"2"
    assert digest(Url(f"file://{tmp_path}/none")) is None
    with pytest.raises(UnreadableOutput, match="cannot be written"):
        write_bytes(Url(f"file://{tmp_path}/a/x.json/y"), b"1")


# -- a real S3 server


def test_s3(s3: dict[str, str], plans: Path, tmp_path: Path) -> None:
    ingest(plans, out=tmp_path / "out")
    lay(plans, f"s3://{BUCKET}/in")
    command = [sys.executable, "-m", "planparse.cli", "ingest", f"s3://{BUCKET}/in", "--out", f"s3://{BUCKET}/out"]
    run = subprocess.run([*command, "--format", "json", "--jobs", "2"], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    assert outputs(f"s3://{BUCKET}/out") == local_outputs(tmp_path / "out")
    held = rows(f"s3://{BUCKET}/out")
    assert all(row.tag for row in held.values())
    # What is current is told by the tags of one listing: no plan is fetched to hold its bytes against its row.
    with open_ledger(to_place(f"s3://{BUCKET}/out")) as ledger:
        ledger.put([replace(row, sha256="of other bytes") for row in held.values()])
    status, said = ingest(f"s3://{BUCKET}/in", out=f"s3://{BUCKET}/out")
    assert (status, read_count(said)) == (0, 0), said
    write_bytes(Url(f"s3://{BUCKET}/in/p0.txt"), PLAN.format("霞浦", 3).encode())
    assert read_count(ingest(f"s3://{BUCKET}/in", out=f"s3://{BUCKET}/out")[1]) == 1
    told = subprocess.run(
        [sys.executable, "-m", "planparse.cli", "status", f"s3://{BUCKET}/out"], capture_output=True, text=True, timeout=60
    )
    assert told.stdout.startswith("4 files: 4 done")


def test_an_s3_that_refuses(s3: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"no such file|does not give it"):
        read_bytes(Url("s3://no-such-bucket-of-ours/in/x.txt"))
    status, said = ingest("s3://no-such-bucket-of-ours/in", out=tmp_path / "out")
    assert status == 1
    assert len(said.splitlines()) == 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        run = subprocess.run(
            [sys.executable, "-m", "planparse.cli", "ingest", f"s3://{BUCKET}/in", "--out", str(tmp_path / "out")],
            capture_output=True, text=True, timeout=120, env=os.environ,
        )  # fmt: skip
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert "the store does not give it" in run.stderr
    assert json.dumps(run.stderr).count("\\n") == 1


def test_what_reads_plans_reads_them_from_a_store(
    s3: dict[str, str], plans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, url = tmp_path / "out", f"s3://{BUCKET}/read/data"
    monkeypatch.chdir(tmp_path)
    assert ingest(plans, out=out)[0] == 0
    lay(out, url)
    write_bytes(Url(f"{url}/p0.corrections.json"), b"{}")  # lies beside plans, and is none
    assert [p.id for p in planparse.load_all(url)] == [p.id for p in planparse.load_all(out)]
    assert planparse.load(f"{url}/p0.json") == planparse.load(out / "p0.json")
    assert planparse.tables(url).sql("SELECT file FROM plans ORDER BY file").fetchall() == [
        (name,) for name in sorted(local_outputs(out))
    ]

    def run(*arguments: str) -> str:
        made = CliRunner().invoke(app, [*arguments, "--lang", "en"])
        assert made.exit_code == 0, (made.output, made.exception)
        return str(made.stdout)

    run("export", str(out), "--out", "tables", "--to", "csv")
    told = run("export", url, "--out", f"s3://{BUCKET}/read/tables", "--to", "csv")
    assert told.splitlines() == [f"s3://{BUCKET}/read/tables/{p.name}" for p in sorted((tmp_path / "tables").iterdir())]
    for path in (tmp_path / "tables").iterdir():
        assert read_bytes(Url(f"s3://{BUCKET}/read/tables/{path.name}")) == path.read_bytes()
    assert run("find", "新建中心", url) == run("find", "新建中心", str(out))
    assert run("brief", f"{url}/p0.json") == run("brief", str(out / "p0.json"))
    assert run("compare", f"{url}/p0.json", f"{url}/p1.json") == run("compare", str(out / "p0.json"), str(out / "p1.json"))
    assert "commitments" not in run("sample", url, "--kind", "commitments", "--out", "marked.xlsx")
    assert (tmp_path / "marked.xlsx").exists()
    assert "review/index.html" in run("review", url)
    pages = {p.relative_to(tmp_path / "review").as_posix(): p.read_bytes() for p in (tmp_path / "review").rglob("*.html")}
    assert len(pages) == 5
    run("review", url, "--out", f"s3://{BUCKET}/read/pages")
    assert outputs(f"s3://{BUCKET}/read/pages") == pages
    lay(plans, f"s3://{BUCKET}/read/raw")
    assert len(run("review", f"s3://{BUCKET}/read/raw", "--out", "raw").splitlines()) == 5
    assert run("show", f"s3://{BUCKET}/read/raw/p0.txt") == run("show", str(plans / "p0.txt"))
    for arguments, why in (
        (("export", f"{url}/none"), "no plan"), (("find", "x", f"{url}/none"), "no plan"),
        (("review", f"{url}/none"), "no such file or folder"), (("show", f"{url}/none.txt"), "no such file or folder"),
        (("show", f"{url}/none.json"), "no such file"),
    ):  # fmt: skip
        error = CliRunner().invoke(app, [*arguments]).exception
        assert isinstance(error, PlanparseError)
        assert str(error).startswith(arguments[-1])
        assert why in str(error)
    assert not (tmp_path / "s3:").exists()
