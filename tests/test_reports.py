"""The reports of a check in each form, and what CI runs of them: the action's own shell and the pre-commit hook."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as Xml

import pytest
import yaml

from planparse.errors import UnreadableOutput, WrongUsage
from planparse.models import Span
from planparse.models.policy import CheckedPlan, CheckReport, Finding, RuleChange
from planparse.output.reports import KINDS, path_to_kind, report_to, save_report

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "samples" / "qixiawan" / "qixiawan.txt"


def finding(code: str = "numbering.missing", message: str = "三 is missing", *, fails: bool = True, **more: Any) -> Finding:
    return Finding(code=code, level=more.pop("level", "error" if fails else "warning"), fails=fails, message=message, **more)


BROKEN = CheckedPlan(
    file="plans/云溪 a,b:c.pdf", state="failed", title="云溪", lost={"indicator": 2}, gained={"task": 1}, earlier=True,
    findings=[
        finding("table.sum", "100 % of\nthe whole", fails=False, line=3),
        finding(line=12, page=4, span=Span(start=5, end=9, page=4, line=12)),
        finding("check.lost", "lost \x01 <indicator> & co", page=4),
        finding("agency.unknown", "甲 is in no list", fails=False, level="note"),
        finding("balance.lost", "3 characters"), finding("balance.tree", "not the text"), finding("check.made-up", "?"),
    ],
)  # fmt: skip
REPORT = CheckReport(
    planparse="0.1.0", ok=False,
    plans=[
        CheckedPlan(file="plans/ok.txt", state="ok"),
        BROKEN,
        CheckedPlan(file="乱.docx", state="unreadable", findings=[finding("check.unreadable", "is damaged")]),
    ],
    findings=[finding("check.expected-no-plan", "plan 2, gone.pdf, is not there")],
    rules=[RuleChange(kind="indicator", rule="indicators.row", lost=2, gained=1)],
)  # fmt: skip
PASSED = CheckReport(planparse="0.1.0", ok=True, plans=[CheckedPlan(file="ok.txt", state="ok", gained={"task": 1})])
EMPTY = CheckReport(planparse="0.1.0", ok=True, plans=[])


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_report_gives_the_same_bytes(kind: str) -> None:
    assert report_to(REPORT, kind) == report_to(REPORT, kind)
    assert report_to(EMPTY, kind).endswith("\n")


def test_text_is_one_line_a_plan() -> None:
    assert report_to(REPORT, "text").splitlines() == [
        "ok    plans/ok.txt",
        "FAIL  plans/云溪 a,b:c.pdf (+1 task, -2 indicator): 三 is missing at line 12 [numbering.missing]; "
        "lost \x01 <indicator> & co on page 4 [check.lost]; 3 characters [balance.lost]; and 2 more",
        "FAIL  乱.docx: is damaged [check.unreadable]",
        "FAIL  plan 2, gone.pdf, is not there [check.expected-no-plan]",
        "rule  indicators.row (indicator): +1 -2 changed 0",
        "3 plans: 1 ok, 1 failed, 1 unreadable; not passed",
    ]
    assert report_to(PASSED, "text") == "ok    ok.txt (+1 task)\n1 plan: 1 ok; passed\n"
    assert report_to(EMPTY, "text") == "0 plans: none; passed\n"


def test_json_is_the_report() -> None:
    assert CheckReport.model_validate_json(report_to(REPORT, "json")) == REPORT


def test_github_annotations_are_escaped_and_failures_come_first() -> None:
    lines = report_to(REPORT, "github").splitlines()
    assert lines[0] == "::error file=plans/云溪 a%2Cb%3Ac.pdf,line=12,title=numbering.missing::三 is missing"
    assert lines[1].endswith("title=check.lost::lost \x01 <indicator> & co on page 4")
    assert lines[6] == "::error title=check.expected-no-plan::plan 2, gone.pdf, is not there"
    assert lines[7] == "::warning file=plans/云溪 a%2Cb%3Ac.pdf,line=3,title=table.sum::100 %25 of%0Athe whole"
    assert lines[8:] == ["3 plans: 1 ok, 1 failed, 1 unreadable; not passed"]


def test_the_line_of_a_source_is_no_line_of_the_json() -> None:
    plan = CheckedPlan(file="data/a.JSON", state="failed", findings=[finding(line=12)])
    report = PASSED.model_copy(update={"plans": [plan]})
    assert report_to(report, "github").startswith(
        "::error file=data/a.JSON,title=numbering.missing::三 is missing at line 12\n"
    )
    place = json.loads(report_to(report, "sarif"))["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "data/a.JSON"}}


def test_junit_has_what_its_readers_require() -> None:
    root = Xml.fromstring(report_to(REPORT, "junit"))
    assert root.tag == "testsuites"
    (suite,) = root
    assert suite.tag == "testsuite"
    assert {k: suite.get(k) for k in ("name", "tests", "failures", "errors", "skipped")} == {
        "name": "planparse check", "tests": "4", "failures": "2", "errors": "1", "skipped": "0",
    }  # fmt: skip
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("4", "2", "1")
    assert all(case.tag == "testcase" and case.get("name") and case.get("classname") and case.get("time") for case in suite)
    good, broken, unreadable, loose = suite
    assert len(good) == 0
    (failure,) = broken
    assert (failure.tag, failure.get("type")) == ("failure", "numbering.missing")
    assert failure.get("message") == "5 findings, the first: 三 is missing"
    assert (failure.text or "").splitlines()[1] == "lost \ufffd <indicator> & co on page 4 [check.lost]"
    assert unreadable[0].tag == "error"
    assert loose.get("name") == "all plans"
    assert Xml.fromstring(report_to(PASSED, "junit"))[0].get("failures") == "0"


def test_sarif_has_what_the_standard_requires() -> None:
    log = json.loads(report_to(REPORT, "sarif"))
    assert log["version"] == "2.1.0"
    assert "sarif-2.1.0" in log["$schema"]
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "planparse"
    ids = [rule["id"] for rule in driver["rules"]]
    assert ids == sorted(set(ids))
    assert all(rule["shortDescription"]["text"] for rule in driver["rules"])
    assert len(run["results"]) == 9
    for result in run["results"]:
        assert result["message"]["text"]
        assert result["level"] in ("none", "note", "warning", "error")
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert re.fullmatch("[0-9a-f]{32}", result["partialFingerprints"]["planparse/v1"])
        for location in result.get("locations", []):
            place = location["physicalLocation"]
            assert re.fullmatch(r"[\w./%~-]+", place["artifactLocation"]["uri"], re.ASCII)
            assert place.get("region", {"startLine": 1})["startLine"] >= 1
    placed = run["results"][1]
    assert unquote(placed["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]) == BROKEN.file
    assert placed["locations"][0]["physicalLocation"]["region"] == {"startLine": 12}
    assert placed["properties"] == {"fails": True, "page": 4, "start": 5, "end": 9}
    assert "locations" not in run["results"][-1]


def test_sarif_of_a_path_outside_the_working_folder_is_a_file_uri() -> None:
    report = PASSED.model_copy(update={"plans": [CheckedPlan(file="/云/a.txt", state="failed", findings=[finding()])]})
    place = json.loads(report_to(report, "sarif"))["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "file:///%E4%BA%91/a.txt"


def test_a_saved_report_is_of_the_kind_of_its_suffix(tmp_path: Path) -> None:
    for suffix, kind in ((".json", "json"), (".sarif", "sarif"), (".xml", "junit"), (".txt", "text")):
        path = tmp_path / "new" / f"report{suffix}"
        save_report(REPORT, path)
        assert path.read_text(encoding="utf-8") == report_to(REPORT, kind)
    with pytest.raises(WrongUsage, match=r"ends in \.json, \.sarif, \.xml, \.txt"):
        path_to_kind(Path("report.pdf"))
    with pytest.raises(UnreadableOutput, match="cannot be written"):
        save_report(REPORT, tmp_path / "new" / "report.json" / "x.json")


# What runs in CI


def environment() -> dict[str, str]:
    """The shell finds this environment's planparse first, as it would after the action's installing step."""
    return {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}


def action() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    return data


def run_action(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """The action's checking step as a runner would start it: inputs put into its environment, bash -e -o pipefail."""
    given = {name: str(told.get("default", "")) for name, told in action()["inputs"].items()}
    given |= {name.replace("_", "-"): value for name, value in inputs.items()}
    step = action()["runs"]["steps"][-1]
    env = {name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda m: given[m[1]], text) for name, text in step["env"].items()}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=folder, env={**environment(), **env}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with a plan whose name needs quoting, and one that cannot be read."""
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "栖霞 湾$(x).txt").write_bytes(SAMPLE.read_bytes())
    (tmp_path / "broken.docx").write_bytes(b"PK\x03\x04 damaged")
    (tmp_path / "planparse.toml").write_text("[check]\n")
    return tmp_path


def test_the_action_is_a_composite_action() -> None:
    data = action()
    assert {"name", "description", "inputs", "runs"} <= set(data)
    assert data["runs"]["using"] == "composite"
    for step in data["runs"]["steps"]:
        assert "uses" in step or {"run", "shell"} <= set(step)
        assert "${{" not in step.get("run", ""), "an input in the script's text is a command"
    named = set(re.findall(r"inputs\.([\w-]+)", (ROOT / "action.yml").read_text(encoding="utf-8")))
    assert named == set(data["inputs"])
    assert all("description" in told and ("default" in told or told.get("required")) for told in data["inputs"].values())


def test_the_action_passes_and_fails_as_the_check_does(folder: Path) -> None:
    (folder / "facts.yaml").write_text("plans: [{file: '栖霞 湾$(x)', counts: {indicators: 7}}]")
    good = run_action(folder, paths="plans/栖霞 湾$(x).txt\n", expect="facts.yaml", save="a.sarif\nb.xml\n")
    assert good.returncode == 0, good.stdout + good.stderr
    assert good.stdout.endswith("1 plan: 1 ok; passed\n")
    assert json.loads((folder / "a.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert Xml.parse(folder / "b.xml").getroot().get("tests") == "1"
    (folder / "damaged.json").write_text("{}")
    bad = run_action(folder, paths="damaged.json", allow_losses="true")
    assert bad.returncode == 1
    assert bad.stdout.startswith("::error file=damaged.json,title=check.unreadable::")
    assert run_action(folder, paths="plans", lang="zh").stdout.endswith("1 份合格；合格\n")
    assert run_action(folder, paths="plans", config="none.toml").returncode == 2
    assert run_action(folder, paths="plans", against="none").returncode == 2


def test_the_pre_commit_hook_runs(folder: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert {"id", "name", "entry", "language"} <= set(hook)
    assert re.search(hook["files"], "plans/a.DOCX")
    assert not re.search(hook["files"], "requirements.txt")

    def run(*files: str) -> subprocess.CompletedProcess[str]:
        command = [*shlex.split(hook["entry"]), *hook.get("args", []), *files]
        return subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=120)

    assert run("plans/栖霞 湾$(x).txt").returncode == 0
    assert run("broken.docx").returncode == 1


def test_what_the_page_shows_is_so() -> None:
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    blocks = [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)]
    workflow = next(b for b in blocks if "jobs" in b)
    step = next(s for s in workflow["jobs"]["plans"]["steps"] if "planparse@" in s.get("uses", ""))
    assert set(step["with"]) <= set(action()["inputs"])
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    shown = next(b for b in blocks if "repos" in b)["repos"][0]["hooks"]
    assert [h["id"] for h in shown] == [hook["id"]]
    assert all(f"`{name}`" in page for name in action()["inputs"])
