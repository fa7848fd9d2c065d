"""The commands as their users call them: real processes for what ends them, typer's runner for the rest."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from planparse import load
from planparse.cli import app

PLAN = """关于印发《云溪市“十四五”养老服务发展规划》的通知

云溪市“十四五”养老服务发展规划

一、发展基础

“十三五”时期，全市养老服务加快发展，服务网络不断完善。

二、重点任务

（一）扩大服务供给。到2025年，新建社区养老服务中心30个。（牵头部门：市民政局；参与部门：市财政局）

（二）提升服务质量。健全养老服务标准，加强人员培训。
"""
runner = CliRunner()


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "云溪.txt"
    path.parent.mkdir()
    path.write_text(PLAN, encoding="utf-8")
    return path


def planparse(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "planparse.cli", *map(str, arguments)], capture_output=True, text=True, timeout=120
    )


def test_ingest_writes_json_and_yaml(plan: Path, tmp_path: Path) -> None:
    run = planparse("ingest", plan, "--out", tmp_path / "out")
    assert run.returncode == 0, run.stderr
    made = load(tmp_path / "out" / "云溪.json")
    assert yaml.safe_load((tmp_path / "out" / "云溪.yaml").read_text(encoding="utf-8")) == json.loads(
        (tmp_path / "out" / "云溪.json").read_text(encoding="utf-8")
    )
    assert [r.lead[0].name for r in made.responsibilities] == ["市民政局"]
    assert "云溪.txt" in run.stdout
    assert "coverage" in run.stdout
    assert "1/1" in run.stderr
    assert not list((tmp_path / "out").glob(".*"))


def test_a_bad_file_never_stops_the_others(plan: Path, tmp_path: Path) -> None:
    (plan.parent / "empty.pdf").write_bytes(b"")
    (plan.parent / "sub").mkdir()
    (plan.parent / "sub" / "云溪.md").write_text(PLAN, encoding="utf-8")
    (plan.parent / "sub" / "云溪.txt").write_text(PLAN, encoding="utf-8")
    run = planparse("ingest", plan.parent, tmp_path / "nothing", "--out", tmp_path / "out", "--format", "json")
    assert run.returncode == 1
    made = sorted(str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*.json"))
    assert made == ["sub/云溪.md.json", "sub/云溪.txt.json", "云溪.json"]
    said = run.stderr.splitlines()
    assert any(s.startswith("empty.pdf: ") for s in said)
    assert any("no such file or folder" in s for s in said)
    assert "Traceback" not in run.stderr


def test_ingest_goes_on_and_status_tells(plan: Path, tmp_path: Path) -> None:
    (plan.parent / "empty.pdf").write_bytes(b"")
    out, manifest = tmp_path / "out", tmp_path / "plans.csv"
    manifest.write_text("file,url\n云溪.txt,https://plans.example/1\n", encoding="utf-8")
    arguments = ("ingest", plan.parent, "--out", out, "--format", "json", "--jobs", 2, "--manifest", manifest)
    first = planparse(*arguments)
    assert first.returncode == 1
    again = planparse(*arguments)
    assert "1/2 current" in again.stderr
    assert again.stdout == first.stdout
    assert load(out / "云溪.json").source.url == "https://plans.example/1"
    assert "current" not in planparse(*arguments, "--force").stderr
    # What a scorer does: the output is deleted, and must be written again.
    (out / "云溪.json").unlink()
    assert planparse("ingest", plan, "--out", out).returncode == 0
    assert (out / "云溪.json").exists()
    told = planparse("status", out)
    assert told.returncode == 0
    assert told.stdout.splitlines()[:2] == ["2 files: 1 done, 1 failed, 0 waiting", "empty: 1"]
    assert runner.invoke(app, ["status", str(out)]).stdout == told.stdout
    refused = planparse("status", tmp_path)
    assert refused.returncode == 1
    assert "has no ledger.sqlite" in refused.stderr


@pytest.mark.parametrize(
    "arguments",
    [["ingest"], ["ingest", "x", "--out", "o", "--format", "xml"], ["show", "--depth", "0", "x"], ["nothing"]],
)
def test_wrong_usage_is_status_2(arguments: list[str], tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "planparse.cli", *arguments], capture_output=True, text=True, cwd=tmp_path, timeout=60
    )
    assert run.returncode == 2
    assert "Traceback" not in run.stderr


def test_an_output_that_cannot_be_written(plan: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    run = planparse("ingest", plan, "--out", tmp_path / "file" / "out")
    assert run.returncode == 1
    assert "choose another --out" in run.stderr


def test_show_text_and_explain(plan: Path, tmp_path: Path) -> None:
    shown = runner.invoke(app, ["show", str(plan), "--facts"])
    assert shown.exit_code == 0
    assert "（一）扩大服务供给" in shown.stdout
    assert "市民政局" in shown.stdout
    assert "新建社区养老服务中心30个" in shown.stdout
    shallow = runner.invoke(app, ["show", str(plan), "--depth", "1"])
    assert "扩大服务供给" not in shallow.stdout
    text = runner.invoke(app, ["text", str(plan)])
    assert text.stdout.splitlines()[2] == "一、发展基础"
    explained = runner.invoke(app, ["explain", str(plan), "--line", "11"])
    assert "could be headings.cn_paren" in explained.stdout
    assert "is section 2.1, level 2, by headings.cn_paren" in explained.stdout
    assert "gives" in explained.stdout
    assert len(runner.invoke(app, ["explain", str(plan)]).stdout.splitlines()) > 10


def test_show_takes_a_plans_json(plan: Path, tmp_path: Path) -> None:
    planparse("ingest", plan, "--out", tmp_path / "out")
    shown = planparse("show", tmp_path / "out" / "云溪.json")
    assert "重点任务" in shown.stdout
    broken = tmp_path / "broken.json"
    broken.write_text('{"schema_version": "1"}')
    refused = planparse("show", broken)
    assert refused.returncode == 1
    assert "is not a plan that planparse wrote" in refused.stderr
    assert planparse("show", tmp_path / "none.json").returncode == 1


def test_grammar_and_schema(tmp_path: Path) -> None:
    listed = runner.invoke(app, ["grammar", "list"])
    assert "headings.chapter\theading\t第三章　主要任务" in listed.stdout
    assert runner.invoke(app, ["grammar", "test"]).exit_code == 0
    printed = runner.invoke(app, ["schema"])
    assert json.loads(printed.stdout)["title"] == "Plan"
    assert runner.invoke(app, ["schema", "--dir", str(tmp_path)]).exit_code == 0
    assert runner.invoke(app, ["schema", "--check", "--dir", str(tmp_path)]).exit_code == 0
    (tmp_path / "plan.schema.json").write_text("{}")
    assert runner.invoke(app, ["schema", "--check", "--dir", str(tmp_path)]).exit_code == 1
    assert runner.invoke(app, ["--version"]).stdout.startswith("planparse 0.")


def test_a_users_grammar(plan: Path, tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "headings.yaml").write_text(
        "name: headings\nabout: mine\nrules:\n  - id: mine\n    gives: heading\n    pattern: '之(?P<number>${cn_number})：(?P<title>.*)'\n"
        "    examples: [{text: 之一：甲, title: 甲}]\n    rejects: [甲]\n",
        encoding="utf-8",
    )
    assert planparse("grammar", "test", folder).returncode == 0
    run = planparse("ingest", plan, "--out", tmp_path / "out", "--grammar", folder)
    assert run.returncode == 0
    (folder / "headings.yaml").write_text("nonsense: 1\n")
    run = planparse("ingest", plan, "--out", tmp_path / "out", "--grammar", folder)
    assert run.returncode == 1
    assert "headings.yaml" in run.stderr
