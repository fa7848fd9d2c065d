"""A plan on two pages, and who does what: every line with its place, nothing of the plan taken for markup."""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from typer.testing import CliRunner

from planparse.cli import app
from planparse.errors import UnreadableOutput
from planparse.models import Diagnostic, Plan, Span, Unclaimed
from planparse.models.facts import Indicator, IndicatorValue, Project
from planparse.output.brief import brief_to_bytes, brief_to_markdown, plan_to_brief, write_brief
from planparse.output.by_agency import gather_duties
from tests.research_plans import small_plan, twice_plan, write_plans

runner = CliRunner()


def full_plan() -> Plan:
    span = Span(start=30, end=40, page=3)
    value = IndicatorValue(label="2025年", raw="≥9|0", span=span)
    rows = [
        Indicator(id="ind-1", rule="r.r", span=span, table="box-1", name="床位", parent="总数", unit="张", values=[value]),
        Indicator(id="ind-2", rule="r.r", span=span, table="box-1", name="再印", values=[value], duplicate_of="ind-1"),
    ]
    agencies = small_plan().responsibilities[0].lead
    projects = [
        Project(id="proj-1", rule="r.r", span=span, name="<b>颐养中心</b>", stage="新建", agencies=agencies),
        Project(id="proj-2", rule="r.r", span=span, name="再印", duplicate_of="proj-1"),
    ]
    doubts = [
        Diagnostic(code="a.info", severity="info", message="quiet"),
        Diagnostic(code="b.doubt", severity="warning", message="look here", span=span),
        Diagnostic(code="c.wrong", severity="error", message="lost"),
    ]
    missed = [Unclaimed(kind="figure", text="长" * 400, span=span)]
    return small_plan().model_copy(
        update={"indicators": rows, "projects": projects, "diagnostics": doubts, "unclaimed": missed}
    )


def test_a_brief_says_all_with_places() -> None:
    page = brief_to_markdown(plan_to_brief(full_plan()))
    lines = page.splitlines()
    assert lines[0] == "# 云溪市“十四五”养老服务发展规划"
    assert [line[3:] for line in lines if line.startswith("## ")] == [
        "The plan", "Goals", "Indicators", "Who does what", "Projects", "Open doubts",
    ]  # fmt: skip
    assert "- issuer: not found" in lines
    assert "| 总数：床位 | 张 | 2025年: ≥9\\|0 | [1, page 3] |" in lines
    assert "- \\<b>颐养中心\\</b> · 新建 · 市民政局 [1, page 3]" in lines
    assert any("市民政局 | 扩大服务供给 [2.1, line 5]; 提升服务质量" in line for line in lines)
    assert any(line.startswith("- 到2025年，建成覆盖城乡的养老服务网络。=养老床位\\|稳步\\*增加\\*。 [1") for line in lines)
    doubts = lines[lines.index("## Open doubts") + 2 :]
    assert doubts[:2] == ["- error c.wrong: lost", "- warning b.doubt: look here [1, page 3]"]
    assert "…" in doubts[2]
    assert "quiet" not in page
    assert "再印" not in page


def test_a_brief_of_a_plan_without_facts() -> None:
    empty: dict[str, list[str]] = {
        k: [] for k in ("body", "indicators", "projects", "responsibilities", "tasks", "diagnostics", "unclaimed")
    }
    page = brief_to_markdown(plan_to_brief(small_plan().model_copy(update=empty)))
    assert page.count("none found\n") == 4
    assert page.endswith("none\n")


def test_a_word_brief_has_the_same_bytes_twice_and_no_broken_xml() -> None:
    plan = full_plan()
    project = plan.projects[0].model_copy(update={"name": "甲\x00\x0b乙"})
    plan = plan.model_copy(update={"projects": [project]})
    made = brief_to_bytes(plan, to="docx")
    assert made == brief_to_bytes(plan, to="docx")
    document = docx.Document(io.BytesIO(made))
    assert "甲  乙" in "\n".join(p.text for p in document.paragraphs)
    assert [len(t.rows) for t in document.tables] == [2, 5]
    assert {e.date_time[0] for e in zipfile.ZipFile(io.BytesIO(made)).infolist()} == {1980}
    bare = small_plan().model_copy(update={"indicators": [], "projects": []})
    assert "none found" in [p.text for p in docx.Document(io.BytesIO(brief_to_bytes(bare, to="docx"))).paragraphs]


def test_duties_are_gathered_by_body() -> None:
    first, *rest = gather_duties(small_plan())
    assert (first.name, len(first.lead), len(first.participating)) == ("市民政局", 2, 0)
    assert [d.name for d in rest] == ["市财政局", "市残联", "市市场监管局"]
    assert len(gather_duties(twice_plan())[0].lead) == 1
    assert len(gather_duties(twice_plan(), duplicates=True)[0].lead) == 2


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_plans(tmp_path, plan=small_plan())
    monkeypatch.chdir(tmp_path)
    shown = runner.invoke(app, ["show", "--by", "agency", "plan.json"])
    assert "2.1 扩大服务供给" in shown.stdout
    assert "市财政局" in shown.stdout
    assert runner.invoke(app, ["brief", "plan.json"]).stdout.startswith("# 云溪市")
    assert runner.invoke(app, ["brief", "plan.json", "--to", "docx"]).exit_code == 0
    assert (tmp_path / "plan.brief.docx").exists()
    assert runner.invoke(app, ["brief", "plan.json", "--out", "b/b.md"]).exit_code == 0
    assert (tmp_path / "b" / "b.md").read_text(encoding="utf-8").startswith("# 云溪市")
    with pytest.raises(UnreadableOutput, match="choose another"):
        write_brief(b"", tmp_path / "plan.json" / "x.md")
