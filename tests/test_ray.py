"""A run on a real Ray cluster of two nodes: the bytes of a local run, also when a node is killed in the middle of it."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from planparse.batch.ledger import Row, view_ledger
from planparse.places import Url, files_below, read_bytes, write_bytes
from tests.plans import SAMPLES
from tests.ray_nodes import RAY, Cluster, cluster
from tests.stores import BUCKET, s3_server

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not RAY.exists(), reason="needs Linux and the package ray: pip install 'planparse[ray]'"
)
PLAN = "{0}市“十四五”养老服务发展规划\n\n一、发展基础\n\n服务网络不断完善。\n\n二、重点任务\n\n（一）扩大供给。到2025年，新建中心{0}个。\n"
COMMAND = """
import sys
from pathlib import Path
from rich.console import Console
from planparse.batch.ingest import ingest_files
from planparse.batch.settings import Settings
engine = {"engine": "ray", "address": sys.argv[3]} if sys.argv[3] else {}
settings = Settings(formats=("json",), jobs=2, seconds=10, reader="tests.hostile:read", grammars=tuple(sys.argv[4:]), **engine)
err, out = Console(stderr=True, width=300), Console(width=300)
sys.exit(ingest_files([sys.argv[1]], sys.argv[2], settings, console=err, table=out))
"""


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the readers say which file they begin."""
    return tmp_path_factory.mktemp("begun")


@pytest.fixture(scope="module")
def s3() -> Iterator[Mapping[str, str]]:
    with s3_server() as environment:
        yield environment


@pytest.fixture(scope="module")
def two_nodes(begun: Path, s3: Mapping[str, str]) -> Iterator[Cluster]:
    with cluster({"PLANPARSE_TEST_BEGUN": str(begun), **s3}) as made:
        made.add()
        made.await_nodes(2)
        yield made


def start(plans: str | Path, out: str | Path, address: str, *grammars: Path) -> subprocess.Popen[str]:
    repository = str(Path(__file__).parent.parent)
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, str(plans), str(out), address, *map(str, grammars)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([repository, *sys.path])},
    )  # fmt: skip


def run(plans: str | Path, out: str | Path, address: str, *grammars: Path) -> tuple[int, str]:
    process = start(plans, out, address, *grammars)
    _, said = process.communicate(timeout=180)
    return process.returncode, said


def rows(out: Path) -> dict[str, Row]:
    with view_ledger(out) as ledger:
        return {Path(source).name: row for source, row in ledger.rows().items()}


def outputs(out: Path) -> dict[str, bytes]:
    return {str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*") if p.is_file() and p.suffix != ".sqlite"}


def test_hostile_files_cost_one_row_each(two_nodes: Cluster, tmp_path: Path) -> None:
    for name in ("hang.txt", "memory.txt", "crash.txt", "odd.txt", "good.txt", "fine.md"):
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / name).write_text(PLAN.format("云溪"), encoding="utf-8")
    (tmp_path / "in" / "empty.pdf").touch()
    status, said = run(tmp_path / "in", tmp_path / "out", two_nodes.address)
    assert status == 1, said
    codes = {name: row.code for name, row in rows(tmp_path / "out").items() if row.status == "failed"}
    assert codes == {
        "hang.txt": "timeout", "memory.txt": "memory", "crash.txt": "crashed", "odd.txt": "internal", "empty.pdf": "empty",
    }  # fmt: skip
    assert sorted(outputs(tmp_path / "out")) == ["fine.json", "good.json"]


def test_a_users_grammar_comes_along(two_nodes: Cluster, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("甲市发展规划\n\n之一：甲\n\n正文。\n\n之二：乙\n\n正文。\n", encoding="utf-8")
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "headings.yaml").write_text(
        "name: headings\nabout: mine\nrules:\n  - id: mine\n    gives: heading\n    pattern: '之(?P<number>${cn_number})：(?P<title>.*)'\n"
        "    examples: [{text: 之一：甲, title: 甲}]\n    rejects: [甲]\n",
        encoding="utf-8",
    )
    assert run(tmp_path / "in", tmp_path / "local", "", rules)[0] == 0
    status, said = run(tmp_path / "in", tmp_path / "ray", two_nodes.address, rules)
    assert status == 0, said
    assert outputs(tmp_path / "ray") == outputs(tmp_path / "local")
    assert rows(tmp_path / "ray")["a.txt"].counts["sections"] == 2
    (rules / "headings.yaml").write_text("nonsense: 1\n")
    status, said = run(tmp_path / "in", tmp_path / "ray", two_nodes.address, rules)
    assert status == 1
    assert "headings.yaml" in said


def test_a_killed_node_costs_nothing(two_nodes: Cluster, begun: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for path in sorted(SAMPLES.glob("*/*.*")):
        if path.suffix in (".txt", ".docx", ".pdf", ".html"):
            (tmp_path / "in" / f"{'slow-' if path.suffix == '.txt' else ''}{path.name}").write_bytes(path.read_bytes())
    slow = list((tmp_path / "in").glob("slow-*"))
    assert run(tmp_path / "in", tmp_path / "local", "")[0] == 0
    for path in begun.iterdir():
        path.unlink()
    process = start(tmp_path / "in", tmp_path / "ray", two_nodes.address)
    until = time.monotonic() + 120
    while len({p.name.rpartition(".")[0] for p in begun.glob("slow-*")}) < 2:  # each node has begun one, which takes its time
        assert time.monotonic() < until
        time.sleep(0.02)
    two_nodes.nodes.pop().kill()
    _, said = process.communicate(timeout=240)
    assert process.returncode == 0, said
    assert outputs(tmp_path / "ray") == outputs(tmp_path / "local")
    assert {row.status for row in rows(tmp_path / "ray").values()} == {"done"}
    times = Counter(p.name.rpartition(".")[0] for p in begun.iterdir())
    assert max(times.values()) > 1, "no file was lost with the node"
    assert len(times) == len(list((tmp_path / "in").iterdir())) > len(slow)
    two_nodes.await_nodes(1)
    # What is current is not read again, whoever read it.
    process = start(tmp_path / "in", tmp_path / "ray", "")
    _, said = process.communicate(timeout=120)
    assert f"{len(times)}/{len(times)} current" in said


def test_nodes_read_and_write_a_store(two_nodes: Cluster, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in "abc":
        (tmp_path / "in" / f"{name}.txt").write_text(PLAN.format("云溪"), encoding="utf-8")
        write_bytes(Url(f"s3://{BUCKET}/ray/{name}.txt"), PLAN.format("云溪").encode())
    assert run(tmp_path / "in", tmp_path / "local", "")[0] == 0
    status, said = run(f"s3://{BUCKET}/ray", f"s3://{BUCKET}/made", two_nodes.address)
    assert status == 0, said
    held = {str(h.below): read_bytes(h.place) for h in files_below(Url(f"s3://{BUCKET}/made"))}
    assert held.pop("ledger.sqlite").startswith(b"SQLite")
    assert held == outputs(tmp_path / "local")


def test_folders_that_all_nodes_see(two_nodes: Cluster, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(PLAN.format("云溪"), encoding="utf-8")
    status, said = run(f"file://{tmp_path}/in", f"file://{tmp_path}/out", two_nodes.address)
    assert status == 0, said
    assert list(outputs(tmp_path / "out")) == ["a.json"]


def test_an_address_without_a_cluster(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    for more, why in (
        (["--engine", "ray", "--address", "127.0.0.1:9"], "no Ray cluster at 127.0.0.1:9"),
        (["--address", "127.0.0.1:9"], "it goes with --engine ray"),
        (["--engine", "ray", "memory://x"], "memory:// is seen by one process alone"),
    ):
        told = subprocess.run(
            [sys.executable, "-m", "planparse.cli", "ingest", str(tmp_path / "a.txt"), "--out", str(tmp_path / "out"), *more],
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert told.returncode == (1 if "no Ray" in why else 2)
        assert why in told.stderr
        assert len(told.stderr.splitlines()) == 1
