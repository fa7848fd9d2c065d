"""Runs of many files: what is current is skipped, what fails is one row, and nothing that stops a run loses anything."""

import io
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from planparse.batch import ingest as ingest_module
from planparse.batch import progress
from planparse.batch.commands import status_lines
from planparse.batch.ingest import ingest_files
from planparse.batch.inputs import Found
from planparse.batch.ledger import Row, open_ledger, view_ledger
from planparse.batch.lookout import stamp
from planparse.batch.manifest import Given, lay_given, match_manifest, read_manifest
from planparse.batch.pool import Pool
from planparse.batch.progress import show_table, watch
from planparse.batch.report import first
from planparse.batch.settings import Settings, formats_of, tables_of
from planparse.batch.worker import Outcome
from planparse.errors import MissingTool, UnreadableOutput, WrongUsage
from planparse.pipeline import parse

PLAN = "{0}市“十四五”养老服务发展规划\n\n一、发展基础\n\n服务网络不断完善。\n\n二、重点任务\n\n（一）扩大供给。到2025年，新建中心{1}个。\n"
JSON = Settings(formats=("json",), jobs=2, seconds=60)
HOSTILE = replace(JSON, reader="tests.hostile:read", seconds=10)


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """Ctrl-C reaches the tests and what they start also where the suite was started in the background, which ignores it."""
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, handler)


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(4):
        write(folder / f"p{number}.txt", number)
    return folder


def write(path: Path, number: int) -> Path:
    path.write_text(PLAN.format("云溪石澜青岚霁川"[number * 2 : number * 2 + 2], number + 10), encoding="utf-8")
    return path


class Said(Console):
    """A console that can be asked what it was told."""

    def __init__(self, *, terminal: bool = False) -> None:
        super().__init__(file=io.StringIO(), width=300, force_terminal=terminal)

    def __str__(self) -> str:
        assert isinstance(self.file, io.StringIO)
        return self.file.getvalue()


def ingest(*paths: Path, out: Path, settings: Settings = JSON) -> tuple[int, str, str]:
    talk, table = Said(), Said()
    status = ingest_files(paths, out, settings, console=talk, table=table)
    return status, str(talk), str(table)


def rows(out: Path) -> dict[str, Row]:
    with view_ledger(out) as ledger:
        return {Path(source).name: row for source, row in ledger.rows().items()}


def outputs(out: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in out.rglob("*.json")}


def read_count(said: str) -> int:
    return sum(" ok " in line for line in said.splitlines())


def test_what_is_current_is_skipped_and_what_changed_is_read(plans: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    status, said, table = ingest(plans, out=out)
    assert (status, read_count(said)) == (0, 4)
    row = rows(out)["p1.txt"]
    assert (row.status, row.outputs, row.formats) == ("done", ("p1.json",), ("json",))
    assert row.seconds
    assert row.peak
    assert row.work
    first_outputs = outputs(out)
    status, said, again = ingest(plans, out=out)
    assert (status, read_count(said)) == (0, 0)
    assert "4/4 current" in said
    assert again == table
    # Changed bytes, a lost output, another version, another grammar: each is read again, and only that.
    write(plans / "p0.txt", 3)
    (out / "p1.json").unlink()
    (out / "p2.json").write_text("")
    assert read_count(ingest(plans, out=out)[1]) == 3
    with open_ledger(out) as ledger:
        changed = ledger.rows()[str(plans / "p3.txt")]
        ledger.put([replace(changed, planparse="0.0.0")])
    assert read_count(ingest(plans, out=out)[1]) == 1
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "mine.yaml").write_text(
        "name: mine\nabout: mine\nrules:\n  - id: a\n    gives: heading\n    pattern: '之(?P<title>甲)'\n"
        "    examples: [{text: 之甲, title: 甲}]\n    rejects: [甲]\n",
        encoding="utf-8",
    )
    assert read_count(ingest(plans, out=out, settings=replace(JSON, grammars=(str(rules),)))[1]) == 4
    assert read_count(ingest(plans, out=out, settings=replace(JSON, force=True))[1]) == 4
    write(plans / "p0.txt", 0)
    ingest(plans, out=out)
    assert outputs(out) == first_outputs


def test_a_format_more_is_written_and_none_grows_old(plans: Path, tmp_path: Path) -> None:
    one, out = plans / "p0.txt", tmp_path / "out"
    ingest(one, out=out)
    status, said, _ = ingest(one, out=out, settings=replace(JSON, formats=("json", "yaml")))
    assert (status, read_count(said)) == (0, 1)
    assert read_count(ingest(one, out=out)[1]) == 0
    before = (out / "p0.yaml").read_bytes()
    write(one, 2)
    ingest(one, out=out)
    assert (out / "p0.yaml").read_bytes() != before
    assert rows(out)["p0.txt"].formats == ("json", "yaml")


def test_hostile_files_cost_one_row_each(plans: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for name in ("hang.txt", "memory.txt", "crash.txt", "odd.txt"):
        write(plans / name, 0)
    (plans / "empty.pdf").touch()
    status, said, table = ingest(plans, out=out, settings=HOSTILE)
    assert status == 1
    assert sorted(outputs(out)) == ["p0.json", "p1.json", "p2.json", "p3.json"]
    codes = {name: row.code for name, row in rows(out).items() if row.status == "failed"}
    assert codes == {
        "hang.txt": "timeout", "memory.txt": "memory", "crash.txt": "crashed", "odd.txt": "internal", "empty.pdf": "empty",
    }  # fmt: skip
    assert rows(out)["hang.txt"].peak
    for name in codes:
        assert sum(line.startswith(f"{name}: ") for line in said.splitlines()) == 1
    assert "timeout" in table
    told = list(status_lines(out))
    assert told[0] == "9 files: 4 done, 5 failed, 0 waiting"
    assert "timeout: 1" in told
    assert sum(line.startswith("failed: ") for line in told) == 5
    # Failures are tried again, what is done is not.
    status, said, _ = ingest(plans, out=out)
    assert (status, read_count(said)) == (1, 4)


def test_five_hostile_files_in_a_hundred_cost_a_row_each(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for number in range(95):
        write(folder / f"p{number}.txt", number % 4)
    hostile = {"hang": "timeout", "memory": "memory", "memory-again": "memory", "crash": "crashed", "crash-again": "crashed"}
    for name in hostile:
        write(folder / f"{name}.txt", 0)
    status, said, _ = ingest(folder, out=out, settings=replace(HOSTILE, jobs=2))
    assert status == 1
    assert (len(rows(out)), len(hostile) / len(rows(out))) == (100, 0.05)
    assert sorted(outputs(out)) == sorted(f"p{number}.json" for number in range(95))
    assert {name: row.code for name, row in rows(out).items() if row.status != "done"} == {
        f"{name}.txt": code for name, code in hostile.items()
    }
    assert all(row.message and row.message.startswith(n) for n, row in rows(out).items() if row.status == "failed")
    assert read_count(said) == 95


def test_what_needs_a_look_is_reported(plans: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for number in range(6):
        (plans / f"copy{number}.md").write_bytes((plans / "p0.txt").read_bytes())
    (plans / "empty.txt").touch()
    _, said, _ = ingest(plans, out=out)
    (twice,) = [line for line in said.splitlines() if line.startswith("the same plan (work ")]
    assert twice.endswith("copy4.md and 2 more")
    assert any(line.startswith("the same plan (work ") and line.endswith("p0.txt") for line in status_lines(out))
    (plans / "p1.txt").unlink()
    (plans / "empty.txt").unlink()
    write(plans / "p2.txt", 2).write_bytes(b"")
    (out / "p3.json").unlink()
    told = "\n".join(status_lines(out))
    assert "missing: p3.json" in told
    status, said, _ = ingest(plans, out=out)
    assert status == 1
    assert f"p1.json: the source {plans / 'p1.txt'} is gone" in said
    assert "p2.json: from an earlier reading" in said
    assert (out / "p1.json").exists()
    assert "empty.txt" not in rows(out)  # gone, and left nothing
    told = "\n".join(status_lines(out))
    assert "orphan: p1.json" in told
    assert "stale: p2.json" in told


def test_names_stay_and_a_moved_file_keeps_its_own(plans: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ingest(plans / "p0.txt", out=out)
    write(plans / "p0.md", 1)
    ingest(plans, out=out)
    assert {n: r.name for n, r in rows(out).items() if n.startswith("p0")} == {"p0.txt": "p0", "p0.md": "p0.md"}
    (tmp_path / "moved").mkdir()
    (plans / "p0.txt").rename(tmp_path / "moved" / "p0.txt")
    _, said, _ = ingest(tmp_path / "moved" / "p0.txt", out=out)
    assert "1/1 current" in said
    assert "is gone" not in said
    assert len(rows(out)) == 5


def test_a_second_run_is_refused(plans: Path, tmp_path: Path) -> None:
    with open_ledger(tmp_path / "out"), pytest.raises(UnreadableOutput, match="another planparse"):
        ingest(plans, out=tmp_path / "out")


def test_what_a_killed_run_left_is_cleared(plans: Path, tmp_path: Path) -> None:
    stale = tmp_path / "out" / ".p0.json.x.part"
    stale.parent.mkdir()
    stale.touch()
    ingest(plans, out=tmp_path / "out")
    assert not stale.exists()


def test_nothing_to_read_makes_no_folder(tmp_path: Path) -> None:
    assert ingest(tmp_path / "none", out=tmp_path / "out")[0] == 1
    assert not (tmp_path / "out").exists()


def test_formats() -> None:
    assert formats_of("yaml, json,yaml") == ("yaml", "json")
    for bad in ("", "xml", "json,xml"):
        with pytest.raises(WrongUsage):
            formats_of(bad)


def test_tables_follow_the_plans(plans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, settings = tmp_path / "out", replace(JSON, tables=tables_of("csv"))
    (plans / "sub").mkdir()
    write(plans / "sub" / "p9.txt", 2)
    status, said, _ = ingest(plans, out=out, settings=settings)
    assert status == 0
    assert str(out / "tables" / "plans.csv") in said
    table = (out / "tables" / "plans.csv").read_text(encoding="utf-8-sig")
    assert [line.split(",")[2] for line in table.splitlines()[1:]] == [
        "p0.json",
        "p1.json",
        "p2.json",
        "p3.json",
        "sub/p9.json",
    ]
    # Made of all that stands there, whoever read it; a file that cannot be one's table costs a sentence.
    write(plans / "p0.txt", 3)
    assert read_count(ingest(plans / "p0.txt", out=out, settings=settings)[1]) == 1
    assert len((out / "tables" / "plans.csv").read_text(encoding="utf-8-sig").splitlines()) == 6
    (out / "other.json").write_text("{}")
    status, said, _ = ingest(plans, out=out, settings=settings)
    assert status == 1
    assert said.splitlines()[-1].startswith("no tables: ")
    with pytest.raises(WrongUsage, match="--format"):
        ingest(plans, out=out, settings=replace(settings, formats=("yaml",)))
    with pytest.raises(WrongUsage, match="--tables takes"):
        tables_of("xml")
    assert tables_of(None) == ()
    monkeypatch.setattr("planparse.batch.settings.find_spec", lambda package: None)
    with pytest.raises(MissingTool, match=r"planparse\[tables\]"):
        tables_of("duckdb")


# -- stopped


COMMAND = """
import sys
from dataclasses import replace
from pathlib import Path
from rich.console import Console
from planparse.batch.ingest import ingest_files
from planparse.batch.settings import Settings
settings = Settings(formats=("json",), jobs=2, reader="tests.hostile:read", watch=sys.argv[3] == "watch")
err, out = Console(stderr=True), Console(width=300)
sys.exit(ingest_files([Path(sys.argv[1])], Path(sys.argv[2]), settings, console=err, table=out))
"""


def started(plans: Path, out: Path, mode: str = "once") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, str(plans), str(out), mode],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent.parent), *sys.path])},
    )  # fmt: skip


def await_that(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not holds():
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.05)


def done(out: Path) -> set[str]:
    """The files that the ledger says are done; none where there is no ledger yet."""
    try:
        return {name for name, row in rows(out).items() if row.status == "done"}
    except UnreadableOutput:
        return set()


def test_ctrl_c_leaves_everything_consistent(plans: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for number in range(4):
        write(plans / f"slow{number}.txt", number)
    run = started(plans, out)
    await_that(lambda: "p0.txt" in done(out))
    time.sleep(0.2)  # until it is in the table too
    run.send_signal(signal.SIGINT)
    table, said = run.communicate(timeout=30)
    assert run.returncode == 130
    assert said.splitlines()[-1].startswith("stopped after ")
    assert "goes on where it stopped" in said.splitlines()[-1]
    assert "Traceback" not in said
    assert "p0.txt" in table
    assert not list(out.glob(".*"))
    before = done(out)
    assert before < set(rows(out))
    _, said, _ = ingest(plans, out=out)
    assert f"{len(before)}/8 current" in said
    assert len(outputs(out)) == 8


def test_children_end_with_a_killed_parent(plans: Path, tmp_path: Path) -> None:
    write(plans / "hang.txt", 0)
    run = started(plans, tmp_path / "out")
    await_that(lambda: len(done(tmp_path / "out")) == 4)
    children = [int(c) for c in Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()]
    assert children
    run.kill()
    run.communicate()
    await_that(lambda: not any(running(c) for c in children))
    assert read_count(ingest(plans / "p0.txt", out=tmp_path / "out")[1]) == 0  # and the lock is free


def running(process: int) -> bool:
    try:
        return "planparse" in Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        return False


def test_watch_takes_files_as_they_appear(plans: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (plans / "bad.txt").touch()
    run = started(plans, out, "watch")
    await_that(lambda: (out / "p3.json").exists())
    write(plans / "new.txt", 1)
    await_that(lambda: (out / "new.json").exists())
    write(plans / "bad.txt", 1)
    await_that(lambda: (out / "bad.json").exists())
    run.send_signal(signal.SIGINT)
    table, _ = run.communicate(timeout=30)
    assert run.returncode == 130
    assert "new.txt" in table


def test_ctrl_c_in_this_process(plans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handler = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(ingest_module, "POLL_SECONDS", 0.05)
    out = tmp_path / "out"
    write(plans / "gone.txt", 0)

    def meanwhile() -> None:
        await_that(lambda: "gone.txt" in done(out))
        write(plans / "new.txt", 1)
        await_that(lambda: "new.txt" in done(out))
        time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGINT)

    other = threading.Thread(target=meanwhile)
    other.start()
    try:
        status, said, table = ingest(plans, out=out, settings=replace(JSON, watch=True))
    finally:
        other.join()
        signal.signal(signal.SIGINT, handler)
    assert status == 130
    assert "stopped after 6 of 6 files" in said
    assert table.index("gone.txt") < table.index("new.txt") < table.index("p0.txt")
    assert stamp(Found(tmp_path / "none", Path())) == (0, 0)


def watched(
    meanwhile: Callable[[], None], *paths: Path, out: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, str, str]:
    """A watching run of this process, which Ctrl-C ends when `meanwhile` has ended."""
    handler = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(ingest_module, "POLL_SECONDS", 0.05)
    failed: list[BaseException] = []
    over = threading.Event()

    def then_stop() -> None:
        try:
            meanwhile()
        except BaseException as error:
            failed.append(error)
        if not over.is_set():
            os.kill(os.getpid(), signal.SIGINT)

    other = threading.Thread(target=then_stop)
    other.start()
    try:
        return ingest(*paths, out=out, settings=replace(settings, watch=True))
    finally:
        over.set()
        other.join()
        signal.signal(signal.SIGINT, handler)
        assert failed == []


def test_watch_takes_corrections_as_they_appear_and_change(
    plans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, folder = tmp_path / "out", tmp_path / "corrected"
    seen: list[object] = []

    def value() -> object:
        return json.loads((out / "p1.json").read_text(encoding="utf-8"))["commitments"][0]["quantity"]["value"]

    def meanwhile() -> None:
        await_that(lambda: len(done(out)) == 4)
        seen.append({name: row.corrections for name, row in rows(out).items()})
        save_corrections(folder, plans / "p1.txt", 77)  # the folder was not there before
        await_that(lambda: value() == 77)
        save_corrections(folder, plans / "p1.txt", 78)
        await_that(lambda: value() == 78)
        (folder / "bad.corrections.json").write_text("{", encoding="utf-8")
        time.sleep(1)
        (folder / "bad.corrections.json").unlink()
        save_corrections(folder, plans / "p0.txt", 99)
        await_that(lambda: rows(out)["p0.txt"].corrections is not None)
        (folder / "p1.corrections.json").unlink()
        await_that(lambda: value() == 11)
        time.sleep(1)  # what is told of a pass comes after its rows

    status, said, _ = watched(
        meanwhile, plans, out=out, settings=replace(JSON, corrections=folder, force=True), monkeypatch=monkeypatch
    )
    assert status == 130
    assert seen == [dict.fromkeys(("p0.txt", "p1.txt", "p2.txt", "p3.txt"))]
    assert "is no corrections file" in said
    assert "p1.txt: was corrected in an earlier run and is not now" in said
    # Only what the corrections are for is read again, also where the first pass was to read all.
    assert read_count(said) == 4 + 4


def test_watch_takes_the_manifest_as_it_changes(plans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, manifest = tmp_path / "out", tmp_path / "plans.csv"
    manifest.write_text("file,url\nnew.txt,https://a.example/new\n")

    def url(name: str) -> object:
        path = out / f"{name}.json"
        return path.exists() and json.loads(path.read_text(encoding="utf-8"))["source"]["url"]

    def meanwhile() -> None:
        await_that(lambda: len(done(out)) == 4)
        write(plans / "new.txt", 1)  # in the manifest from the start
        await_that(lambda: url("new") == "https://a.example/new")
        manifest.write_text("file,url\nnew.txt,https://a.example/new\np2.txt,https://a.example/2\n")
        await_that(lambda: url("p2") == "https://a.example/2")
        manifest.write_text("name\n")
        time.sleep(1)

    status, said, _ = watched(meanwhile, plans, out=out, settings=replace(JSON, manifest=manifest), monkeypatch=monkeypatch)
    assert status == 130
    assert read_count(said) == 4 + 2
    assert "has no column `file`" in said
    assert url("p2") == "https://a.example/2"


# -- the manifest


def test_a_manifest_gives_address_date_and_region(plans: Path, tmp_path: Path) -> None:
    out, manifest = tmp_path / "out", tmp_path / "plans.csv"
    (plans / "bare.txt").write_text("一、甲\n\n正文。\n\n二、乙\n\n正文。\n", encoding="utf-8")
    manifest.write_text(
        "\ufefffile,url,date,region,note\nin/p0.txt,https://a.example/0,2022年6月8日,石澜县,x\n"
        "bare.txt,https://a.example/1,2023-01-02,松陵省,\n\nnone.txt,u,,\n",
        encoding="utf-8",
    )
    settings = replace(JSON, manifest=manifest)
    status, said, _ = ingest(plans, out=out, settings=settings)
    assert status == 0
    assert "not among the files of this run: none.txt" in said
    told = json.loads((out / "p0.json").read_text(encoding="utf-8"))
    assert (told["source"]["url"], told["source"]["retrieved_at"]) == ("https://a.example/0", "2022-06-08")
    bare = json.loads((out / "bare.json").read_text(encoding="utf-8"))
    assert bare["front_matter"]["region"] == "松陵省"
    assert "front.region-from-manifest" in [d["code"] for d in bare["diagnostics"]]
    assert read_count(ingest(plans, out=out, settings=settings)[1]) == 0
    assert read_count(ingest(plans, out=out)[1]) == 0  # what a manifest gave holds
    manifest.write_text("file,url\np0.txt,https://b.example\n")
    assert read_count(ingest(plans, out=out, settings=settings)[1]) == 1
    assert json.loads((out / "p0.json").read_text(encoding="utf-8"))["source"]["url"] == "https://b.example"


def test_the_region_that_a_plan_names_stands(tmp_path: Path, plans: Path) -> None:
    plan = parse(plans / "p0.txt")
    assert lay_given(plan, None) == lay_given(plan, Given()) == plan
    named = plan.model_copy(update={"front_matter": plan.front_matter.model_copy(update={"region": "云溪市"})})
    assert lay_given(named, Given(region="石澜县")) == named
    bare = plan.model_copy(update={"front_matter": plan.front_matter.model_copy(update={"region": None})})
    assert lay_given(bare, Given(region="石澜县")).front_matter.region == "石澜县"


def test_manifests_as_they_come(tmp_path: Path) -> None:
    manifest = tmp_path / "m.csv"
    manifest.write_bytes("file;region;retrieved_at\n规划.txt;云溪市;2022-06-08T10:00:00+08:00\n".encode("gb18030"))
    assert read_manifest(manifest) == {"规划.txt": Given(None, "2022-06-08T10:00:00+08:00", "云溪市")}
    for text, why in (
        ("name,url\n", "no column"), ("", "no column"), ("file,date\na,soon\n", "line 2: soon is no date"),
        ("file,date\na,2022-13-01\n", "is no date"), ("file\na\na\n", "line 3: names a a second"),
    ):  # fmt: skip
        manifest.write_text(text)
        with pytest.raises(WrongUsage, match=why):
            read_manifest(manifest)
    with pytest.raises(WrongUsage, match="cannot be read"):
        read_manifest(tmp_path / "none.csv")


def test_a_row_that_means_two_files_means_none(tmp_path: Path) -> None:
    found = [Found(tmp_path / "a" / "x.txt", Path("a")), Found(tmp_path / "b" / "x.txt", Path("b"))]
    given, unused = match_manifest({"x.txt": Given("1"), "b\\x.txt": Given("2")}, found, Path("/elsewhere"))
    assert given == {str(tmp_path / "b" / "x.txt"): Given("2")}
    assert unused == ["x.txt"]


# -- what is shown


def test_progress_tells_rate_time_and_failures() -> None:
    clock = iter(range(0, 100_000, 600))
    outcomes = [Outcome("a[1].txt"), Outcome("b.txt", "b.txt: bad", "timeout", 2.0), Outcome("c.txt")]
    talk = Said()
    assert list(watch(outcomes, 3, talk, clock=lambda: next(clock))) == outcomes
    first_line, second, third = str(talk).splitlines()
    assert first_line == "1/3 a[1].txt ok 0.0 s (0.0/s, 20 min left)"
    assert second == "2/3 b.txt failed (timeout) 2.0 s (0.0/s, 10 min left, 1 failed)"
    assert third == "3/3 c.txt ok 0.0 s"
    assert progress._time(7300) == "2 h 2 min"
    bar = Said(terminal=True)
    assert list(watch(outcomes, 3, bar)) == outcomes
    assert "1 failed" in str(bar)


def test_a_long_table_is_plain() -> None:
    many = [Outcome(f"{i}.txt", counts={"sections": i}, coverage=1.0) for i in range(501)]
    out = Said()
    show_table(many, out)
    lines = str(out).splitlines()
    assert len(lines) == 502
    assert lines[1].split("\t")[:2] == ["0.txt", "0"]


def test_a_table_is_aligned_by_what_a_terminal_shows() -> None:
    two = [Outcome("规划.txt", counts={"sections": 3}, coverage=1.0), Outcome("a.txt", "a.txt: bad", "timeout")]
    for terminal in (False, True):
        out = Said(terminal=terminal)
        show_table(two, out)
        head, *lines = re.sub("\x1b\\[[0-9;]*m", "", str(out)).splitlines()
        assert lines[0].startswith("规划.txt         3  ")  # eight characters, ten columns wide
        assert lines[1].startswith("a.txt               ")
        assert [len(head) - head.index("coverage"), lines[0][-6:], lines[1][-7:]] == [8, "100.0%", "timeout"]
    narrow = Said(terminal=True)
    narrow.width = 60
    show_table([Outcome("规划" * 30)], narrow)
    assert all(cell_len(line) <= 60 for line in re.sub("\x1b\\[[0-9;]*m", "", str(narrow)).splitlines())


def test_a_name_cannot_steer_the_terminal() -> None:
    bad = Outcome("a\x1b[31m\x07\r\x9b.txt")
    for width in (300, 60):
        out = Said(terminal=True)
        out.width = width
        show_table([bad], out)
        list(watch([bad], 1, out))
        progress.say(out, f"{bad.path}: bad")
        assert all(c not in str(out) for c in ("\x1b[31m", "\x07", "\x9b"))


def test_readers_come_up_side_by_side_where_there_is_something_to_read(
    plans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    start = Pool.start
    monkeypatch.setattr(Pool, "start", lambda self, files: (asked.append(files), start(self, files))[1])
    out = tmp_path / "out"
    for settings, wanted in ((JSON, 4), (JSON, 1), (replace(JSON, force=True), 4)):
        asked.clear()
        ingest(plans, out=out, settings=settings)
        assert asked[0] == wanted


def test_long_lists_are_cut() -> None:
    assert len(list(first(map(str, range(30))))) == 21


def save_corrections(folder: Path, plan: Path, new: int) -> Path:
    """A corrections file as the review page saves it: another figure in the only commitment of a plan."""
    made = parse(plan)
    (one,) = made.commitments
    folder.mkdir(exist_ok=True)
    change = {
        "kind": "commitments", "span": one.span.model_dump(), "field": "quantity.value", "old": int(one.quantity.value or 0),
        "new": new,
    }  # fmt: skip
    path = folder / f"{plan.stem}.corrections.json"
    path.write_text(json.dumps({"schema_version": "1", "sha256": made.source.sha256, "changes": [change]}), encoding="utf-8")
    return path


def test_corrections_are_laid_over_their_plans_and_belong_to_the_key(plans: Path, tmp_path: Path) -> None:
    out, folder = tmp_path / "out", tmp_path / "corrected"
    ingest(plans, out=out)
    plain = outputs(out)
    save_corrections(folder, plans / "p1.txt", 77)
    corrected = replace(JSON, corrections=folder)
    status, said, _ = ingest(plans, out=out, settings=corrected)
    assert (status, read_count(said)) == (0, 1)
    plan = json.loads((out / "p1.json").read_text(encoding="utf-8"))
    assert plan["commitments"][0]["quantity"]["value"] == 77
    assert plan["commitments"][0]["flags"] == ["corrected"]
    assert [(c["old"], c["new"]) for c in plan["corrections"]] == [(11, 77)]
    assert {n: b for n, b in outputs(out).items() if n != "p1.json"} == {n: b for n, b in plain.items() if n != "p1.json"}
    assert {name: bool(row.corrections) for name, row in rows(out).items()} == {f"p{n}.txt": n == 1 for n in range(4)}
    # The same corrections again, also from a file of another name: nothing to do. Other ones, or none: that file anew.
    (folder / "p1.corrections.json").rename(folder / "other.corrections.json")
    assert read_count(ingest(plans, out=out, settings=corrected)[1]) == 0
    (folder / "other.corrections.json").unlink()
    save_corrections(folder, plans / "p1.txt", 78)
    assert read_count(ingest(plans, out=out, settings=corrected)[1]) == 1
    assert json.loads((out / "p1.json").read_text(encoding="utf-8"))["commitments"][0]["quantity"]["value"] == 78
    status, said, _ = ingest(plans, out=out)
    assert (status, read_count(said)) == (0, 1)
    assert "p1.txt: was corrected in an earlier run and is not now" in said
    assert outputs(out) == plain


def test_corrections_of_another_file_are_said_and_bad_ones_stop_the_run(plans: Path, tmp_path: Path) -> None:
    out, folder = tmp_path / "out", tmp_path / "corrected"
    saved = save_corrections(folder, plans / "p1.txt", 77)
    write(plans / "p1.txt", 3)
    status, said, _ = ingest(plans, out=out, settings=replace(JSON, corrections=folder))
    assert status == 0
    assert "are for none of the files" in said
    assert json.loads((out / "p1.json").read_text(encoding="utf-8"))["corrections"] == []
    saved.write_text("{", encoding="utf-8")
    for wrong, why in ((folder, "is no corrections file"), (plans, "no NAME.corrections.json there"), (saved, "is no folder")):
        with pytest.raises(WrongUsage, match=why):
            ingest(plans, out=out, settings=replace(JSON, corrections=wrong))


def test_a_ledger_of_the_version_before_is_taken_on(plans: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ingest(plans, out=out)
    with sqlite3.connect(out / "ledger.sqlite") as connection:
        connection.execute("ALTER TABLE files DROP COLUMN corrections")
        connection.execute("ALTER TABLE files DROP COLUMN tag")
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    status, said, _ = ingest(plans, out=out)
    assert (status, read_count(said)) == (0, 0)
    assert len(rows(out)) == 4
