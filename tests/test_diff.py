"""What changed between two plans: words, sections, figures, duties; and that nothing printed can run."""

import json
import random
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from planparse import load_grammar, parse
from planparse.cli import app
from planparse.compare import diff_plans
from planparse.compare.difference import _longest_rise
from planparse.compare.wording import texts_to_pairs, texts_to_words
from planparse.errors import WrongUsage
from planparse.models import (
    Agency,
    Annex,
    BackMatter,
    Box,
    Deadline,
    Figure,
    FrontMatter,
    Indicator,
    Paragraph,
    Plan,
    PlanDiff,
    Responsibility,
    Section,
    Table,
    TableCell,
    Task,
)
from planparse.output.difference import diff_to, diff_to_html, diff_to_text
from planparse.output.language import ENGLISH, words_of
from tests.plans import SAMPLES
from tests.test_compare import SPAN, indicator, plan, value

GRAMMAR = load_grammar()
OLD = """云溪市“十四五”交通运输发展规划（征求意见稿）

一、发展基础

“十三五”时期，全市交通运输加快发展。

二、重点任务

（一）完善路网。到2025年，新建公路120公里。（牵头部门：市交通运输局；参与部门：市财政局）

（二）优化公交。新增公交线路12条，站点全部翻新。（牵头部门：市交通运输局）

三、保障措施

加强组织领导，完善工作机制，落实各方责任。
"""
NEW = """云溪市“十四五”交通运输发展规划

一、发展基础

“十三五”时期，全市交通运输快速发展。

二、重点任务

（一）优化公交。新增公交线路12条，站点全部翻新。（牵头部门：市交通运输局）

（二）完善路网。到2025年，新建公路150公里。（牵头部门：市交通运输局；参与部门：市财政局、市公安局）

（三）建设智慧交通。建成交通数据中心1个。

三、实施保障

加强组织领导，完善工作机制，落实各方责任。
"""


def read(tmp_path: Path, name: str, text: str) -> Plan:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return parse(path)


@pytest.fixture
def diff(tmp_path: Path) -> PlanDiff:
    return changed(read(tmp_path, "old.txt", OLD), read(tmp_path, "new.txt", NEW))


def changed(old: Plan, new: Plan) -> PlanDiff:
    return diff_plans(old, new, labels=("old", "new"), grammar=GRAMMAR)


def rows(*indicators: Indicator) -> Plan:
    return plan(*indicators)


def kinds(old: Indicator, new: Indicator) -> list[str]:
    changes = changed(rows(old), rows(new)).indicators
    return [k for c in changes for k in c.kinds]


def test_words_give_both_texts_back() -> None:
    dice = random.Random(7)
    pieces = ["建成", "20", "35.5%", "个", "，", "。", "\n", "站点", "完善", "机制", "A", "bc"]
    for _ in range(200):
        old, new = ("".join(dice.choices(pieces, k=dice.randrange(30))) for _ in range(2))
        words = texts_to_words(old, new)
        assert "".join(w.text for w in words if w.op != "insert") == old
        assert "".join(w.text for w in words if w.op != "delete") == new
        assert all(a.op != b.op for a, b in pairwise(words))


def test_a_number_is_one_word() -> None:
    words = texts_to_words("覆盖率达到95.5%以上", "覆盖率达到98%以上")
    assert [(w.op, w.text) for w in words] == [
        ("equal", "覆盖率达到"), ("delete", "95.5%"), ("insert", "98%"), ("equal", "以上"),
    ]  # fmt: skip
    assert texts_to_words("", "") == []
    assert [w.op for w in texts_to_words("", "新")] == ["insert"]


def test_versions_of_a_text_are_found() -> None:
    old = ["完善社区养老服务网络，建设服务中心。", "建设智慧交通。", ""]
    new = ["推进乡村振兴。", "完善社区居家养老服务网络，建设服务中心。", ""]
    assert texts_to_pairs(old, new) == [(0, 1)]


def test_the_longest_rise() -> None:
    assert _longest_rise([3, 1, 2, 5, 4]) in ({1, 2, 4}, {1, 2, 5})
    assert _longest_rise([]) == set()


def test_sections(diff: PlanDiff) -> None:
    by_heading = {(c.new_heading or c.old_heading): c.kinds for c in diff.sections}
    assert by_heading["（三）建设智慧交通。"] == ["added"]
    assert by_heading["一、发展基础"] == ["reworded"]
    assert sum("moved" in c.kinds for c in diff.sections) == 1
    renamed = next(c for c in diff.sections if c.new_heading == "三、实施保障")
    assert renamed.old_heading == "三、保障措施"
    road = next(c for c in diff.sections if c.new_heading == "（二）完善路网。")
    assert ("delete", "120") in [(w.op, w.text) for w in road.words]
    assert diff.old.status == "draft"


def test_a_plan_against_itself(tmp_path: Path) -> None:
    one = read(tmp_path, "old.txt", OLD)
    same = changed(one, one)
    assert (same.sections, same.indicators, same.duties) == ([], [], [])
    assert same.unchanged["sections"] == 5
    assert same.unchanged["responsibilities"] == 2
    back = changed(read(tmp_path, "n.txt", NEW), one)
    assert [c.old_heading for c in back.sections if c.kinds == ["removed"]] == ["（三）建设智慧交通。"]
    with pytest.raises(WrongUsage):
        diff_plans(one, one, labels=("a", "a"), grammar=GRAMMAR)


@pytest.mark.parametrize("sample", sorted(p.name for p in SAMPLES.iterdir() if (p / f"{p.name}.docx").exists()))
def test_two_formats_of_one_plan_do_not_differ(sample: str) -> None:
    one, other = (parse(SAMPLES / sample / f"{sample}.{suffix}") for suffix in ("docx", "html"))
    same = changed(one, other)
    assert [c for c in same.sections if c.new not in ("front", "back")] == []
    assert same.indicators == []
    assert same.duties == []


def test_responsibilities(diff: PlanDiff) -> None:
    assert [(d.kinds, d.participating_added, d.place) for d in diff.duties] == [
        (["agencies"], ["市公安局"], "（二）完善路网。")
    ]


def test_indicators_raised_lowered_dropped_added() -> None:
    old = rows(indicator("公路里程", value("500"), unit="公里"), indicator("机场数", value("1"), number=2, unit="个"))
    new = rows(indicator("公路总里程", value("520"), unit="公里"), indicator("绿化覆盖率", value("40"), number=2))
    changes = changed(old, new).indicators
    assert [(c.kinds, c.old_target, c.new_target) for c in changes] == [
        (["raised", "reworded"], "500公里", "520公里"), (["added"], None, "40%"), (["dropped"], "1个", None),
    ]  # fmt: skip


def test_each_kind_of_change_of_an_indicator() -> None:
    base = indicator("绿化覆盖率", value("40"), nature="binding")
    assert kinds(base, base) == []
    assert kinds(base, indicator("绿化覆盖率", value("38"), nature="anticipatory")) == ["lowered", "nature"]
    assert kinds(base, indicator("绿化覆盖率", value("应绿尽绿"), nature="binding")) == ["target"]
    assert kinds(base, indicator("绿化覆盖率", value("40", statistic="cumulative"), nature="binding")) == ["statistic"]
    more = value("40").model_copy(update={"quantities": [value("40").quantities[0].model_copy(update={"comparator": ">="})]})
    assert kinds(base, indicator("绿化覆盖率", more, nature="binding")) == ["comparator"]
    tons = indicator("货物吞吐量", value("2"), unit="万吨")
    assert kinds(tons, indicator("货物吞吐量", value("20000"), unit="吨")) == ["unit"]
    assert kinds(tons, indicator("货物吞吐量", value("30"), unit="万人")) == ["target", "unit"]
    started = indicator("绿化覆盖率", value("30", year=2020, role="baseline"), value("40"))
    assert kinds(started, indicator("绿化覆盖率", value("31", year=2020, role="baseline"), value("40"))) == ["baseline"]
    assert kinds(
        indicator("社区食堂建设任务完成情况统计", value("5")), indicator("社区食堂建设任务完成情况汇总", value("5"))
    ) == ["reworded"]


@pytest.mark.parametrize(
    ("goal", "figure", "outcome"), [("40", "41", "reached"), ("40", "39", "missed"), ("40", "40", "reached")]
)
def test_the_next_period_tells_whether_the_last_was_reached(goal: str, figure: str, outcome: str) -> None:
    old = indicator("绿化覆盖率", value(goal))
    new = indicator("绿化覆盖率", value(figure, role="baseline"), value("45", year=2030))
    change = changed(rows(old), rows(new)).indicators[0]
    assert (change.outcome, change.kinds) == (outcome, ["raised"])


def test_a_target_below_its_start_is_reached_from_above() -> None:
    old = indicator("浓度", value("38", year=2020, role="baseline"), value("32"), unit="微克/立方米")
    new = indicator("浓度", value("30", role="baseline"), value("28", year=2030), unit="微克/立方米")
    assert changed(rows(old), rows(new)).indicators[0].outcome == "reached"


def agency(name: str) -> Agency:
    return Agency(name=name, span=SPAN)


def test_tasks_and_deadlines() -> None:
    def task(text: str, lead: str, due: str | None = None) -> Task:
        deadline = Deadline(raw=due, kind="year") if due else None
        return Task(id="t", rule="r", span=SPAN, table="table-1", text=text, lead=[agency(lead)], deadline=deadline)

    old = plan().model_copy(
        update={"tasks": [task("建设社区养老服务中心三十个。", "市民政局", "2024年"), task("开展排查。", "市应急局")]}
    )
    new = plan().model_copy(
        update={"tasks": [task("建设社区养老服务中心四十个。", "市民政局", "2025年"), task("发放补贴。", "市财政局")]}
    )
    duties = changed(old, new).duties
    assert [d.kinds for d in duties] == [["deadline", "reworded"], ["added"], ["removed"]]
    assert (duties[0].old_deadline, duties[0].new_deadline) == ("2024年", "2025年")
    said = "\n".join(line.plain for line in diff_to_text(changed(old, new)))
    assert "[-三-]{+四+}" in said
    assert "2024年 → 2025年" in said


def test_a_responsibility_that_moved() -> None:
    def made(section: str) -> Plan:
        duty = Responsibility(
            id="r", rule="r", span=SPAN, section=section, lead=[agency("市民政局")], basis="sole", raw="（市民政局）"
        )
        body = [Section(id=i, heading=t, title=t, level=1, span=SPAN) for i, t in (("1", "甲类任务"), ("2", "乙类任务"))]
        return plan().model_copy(update={"responsibilities": [duty], "body": body})

    assert [d.kinds for d in changed(made("1"), made("2")).duties] == [["moved"]]
    assert changed(made("1"), made("1")).duties == []


def everything(word: str) -> Plan:
    """A plan with a node of each kind."""
    text = Paragraph(text=f"本段{word}<script>alert(1)</script>", span=SPAN)
    cell = TableCell(text=f"格{word}", row=0, column=0, span=SPAN)
    table = Table(id="table-1", caption="表1", rows=[[cell]], span=SPAN)
    box = Box(id="box-1", caption="专栏1", title="专栏", span=SPAN, content=[text, table, Section(
        id="b", heading="小标题", title="小标题", level=1, span=SPAN, content=[text])])  # fmt: skip
    section = Section(id="1", heading="一、任务", number="一、", title="任务", level=1, span=SPAN, content=[
        text, box, Figure(caption="图1", span=SPAN)])  # fmt: skip
    annex = Annex(id="annex-1", title="附件", heading="附件", span=SPAN, content=[table])
    return plan().model_copy(update={
        "body": [section, annex], "back_matter": BackMatter(content=[text]),
        "front_matter": FrontMatter(title=f"<b>{word}", content=[text]),
    })  # fmt: skip


def test_the_page_escapes_everything_and_runs_nothing() -> None:
    made = changed(everything("甲"), everything("乙"))
    assert [c.new for c in made.sections] == ["front", "1", "annex-1", "back"]
    page = diff_to_html(made)
    assert "<script" not in page
    assert "<b>" not in page
    assert "<del>甲</del><ins>乙</ins>" in page
    assert "default-src 'none'" in page


def test_every_kind_of_output(diff: PlanDiff, tmp_path: Path) -> None:
    text = "\n".join(line.plain for line in diff_to_text(diff))
    assert "[-120-]{+150+}" in text
    assert "+市公安局" in text
    assert json.loads(str(diff_to(diff, "json")[0]))["sections"]
    assert "市公安局" in str(diff_to(diff, "html")[0])
    figures = changed(rows(indicator("绿化覆盖率", value("40"), nature="binding")), rows(
        indicator("绿化覆盖率", value("45"), nature="anticipatory", unit="％"), indicator("公路里程", value("5"), number=2)))  # fmt: skip
    for words, nature in ((ENGLISH, "binding → anticipatory"), (words_of("zh"), "约束性 → 预期性")):
        for said in ("\n".join(line.plain for line in diff_to_text(figures, words)), diff_to_html(figures, words)):
            assert "40% → 45％" in said
            assert nature in said


def test_the_command(tmp_path: Path) -> None:
    old, new = tmp_path / "a.txt", tmp_path / "b.txt"
    old.write_text(OLD, encoding="utf-8")
    new.write_text(NEW, encoding="utf-8")
    runner = CliRunner()
    for language, word in (("zh", "新增"), ("en", "added")):
        shown = runner.invoke(app, ["diff", str(old), str(new), "--lang", language])
        assert shown.exit_code == 0, shown.output
        assert f"[{word}] （三）建设智慧交通。" in shown.stdout
    page = tmp_path / "d.html"
    assert runner.invoke(app, ["diff", str(old), str(new), "--to", "html", "--out", str(page)]).exit_code == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert isinstance(runner.invoke(app, ["diff", str(old), str(new), "--to", "x"]).exception, WrongUsage)
    assert runner.invoke(app, ["diff", str(old)]).exit_code == 2
