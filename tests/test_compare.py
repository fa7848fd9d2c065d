"""Figures side by side: which names count one thing and which do not, on invented rows of many fields; and the outputs."""

import io
import json
import time
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from planparse import load_grammar
from planparse.cli import app
from planparse.compare import compare_plans, paths_to_labels
from planparse.compare.concepts import read_name, region_to_words, split_measures
from planparse.compare.units import conversion_factor, unit_to_meaning
from planparse.errors import UnreadableOutput, WrongUsage
from planparse.models import (
    BackMatter,
    Commitment,
    Comparison,
    Coverage,
    FrontMatter,
    Indicator,
    IndicatorValue,
    Period,
    Plan,
    Quantity,
    Source,
    Span,
)
from planparse.models.facts import Statistic
from planparse.output.comparison import (
    check_kind,
    comparison_to,
    comparison_to_csv,
    comparison_to_html,
    comparison_to_records,
    comparison_to_xlsx,
    emit,
)

GRAMMAR = load_grammar()
SPAN = Span(start=0, end=1)

SAME = [
    # care for the old
    ("每千名老年人养老床位数", "每千老年人口拥有养老床位数"),
    ("养老机构护理型床位占比", "护理型床位占养老床位比例"),
    ("社区养老服务设施覆盖率", "社区居家养老服务设施覆盖率"),
    ("特殊困难老年人月探访率", "特殊困难老年人探访率"),
    # education
    ("学前教育毛入园率", "学前三年毛入园率"),
    ("九年义务教育巩固率", "义务教育巩固率"),
    ("普惠性幼儿园覆盖率", "普惠性学前教育覆盖率"),
    ("劳动年龄人口平均受教育年限", "劳动年龄人口人均受教育年限"),
    ("义务教育专任教师本科以上学历比例", "义务教育教师本科及以上学历占比"),
    # environment
    ("细颗粒物（PM2.5）年均浓度", "PM2.5浓度"),
    ("空气质量优良天数比率", "环境空气质量优良天数比例"),
    ("地表水达到或好于Ⅲ类水体比例", "地表水质量达到或优于III类水体比例"),
    ("森林覆盖率", "全市森林覆盖率"),
    ("单位GDP能源消耗降低", "单位地区生产总值能耗下降"),
    ("单位地区生产总值二氧化碳排放降低", "单位GDP二氧化碳排放下降率"),
    ("农村生活污水治理率", "乡村生活污水治理率"),
    ("秸秆综合利用率", "农作物秸秆综合利用率"),
    ("用水总量", "用水量"),
    # science and the digital economy
    ("全社会研发经费投入强度", "研究与试验发展经费支出占GDP比重"),
    ("数字经济核心产业增加值占GDP比重", "数字经济核心产业增加值占地区生产总值比例"),
    ("每万人口高价值发明专利拥有量", "每万人高价值发明专利数"),
    ("高新技术企业数量", "国家高新技术企业总数"),
    ("规上工业企业数字化转型覆盖率", "规模以上工业企业数字化改造覆盖率"),
    ("政务服务事项全程网办率", "政务服务全程网上办理比例"),
    # transport
    ("高速公路通车里程", "高速公路里程"),
    ("建制村通公交率", "行政村通公交比例"),
    ("二级及以上公路占比", "二级以上公路比重"),
    ("公路网总里程", "公路总里程"),
    # health
    ("人均预期寿命", "居民平均预期寿命"),
    ("每千人口执业（助理）医师数", "每千常住人口拥有执业（助理）医师数"),
    ("高血压患者规范管理率", "高血压患者规范化管理率"),
    ("每千人口医疗卫生机构床位数", "每千人口医疗机构床位数"),
    ("婴幼儿托位数", "3岁以下婴幼儿托位"),
    # the economy and work
    ("常住人口城镇化率", "城镇化率（常住人口）"),
    ("居民人均可支配收入年均增长", "城乡居民人均可支配收入增速"),
    ("地区生产总值年均增速", "GDP年均增长"),
    ("城镇新增就业人数", "新增城镇就业人数"),
    ("非化石能源占能源消费总量比重", "非化石能源占一次能源消费比重"),
    ("残疾人家庭无障碍改造户数", "残疾人居家无障碍改造数"),
    ("残疾人辅助器具适配率", "有需求的残疾人辅具适配率"),
    ("接待游客人次", "接待游客总人次"),
    ("工矿商贸从业人员本质安全培训覆盖率", "工矿商贸从业人员本质安全型培训覆盖率"),
]
DIFFERENT = [
    ("养老床位数", "护理型床位数"),
    ("城镇职工基本养老保险参保率", "城镇职工基本医疗保险参保率"),
    ("养老服务机构数", "养老服务覆盖率"),
    ("高龄老年人津贴覆盖率", "失能老年人津贴覆盖率"),
    ("小学入学率", "初中入学率"),
    ("公办幼儿园在园幼儿占比", "民办幼儿园在园幼儿占比"),
    ("义务教育巩固率", "义务教育完成率"),
    ("二氧化硫排放量", "二氧化碳排放量"),
    ("氮氧化物排放总量减少", "挥发性有机物排放总量减少"),
    ("森林覆盖率", "森林蓄积量"),
    ("农村生活污水治理率", "城市生活污水治理率"),
    ("生活污水处理率", "生活垃圾处理率"),
    ("地表水优良比例", "地下水优良比例"),
    ("细颗粒物浓度", "细颗粒物浓度下降比例"),
    ("地区生产总值", "地区生产总值年均增长"),
    ("数字经济增加值", "数字经济增加值占GDP比重"),
    ("4G基站数", "5G基站数"),
    ("一级公路里程", "二级公路里程"),
    ("高速公路里程", "公路里程"),
    ("高速铁路里程", "高速公路里程"),
    ("货物吞吐量", "集装箱吞吐量"),
    ("城镇居民人均可支配收入", "农村居民人均可支配收入"),
    ("登记失业率", "调查失业率"),
    ("高血压患者规范管理率", "糖尿病患者规范管理率"),
    ("孕产妇死亡率", "婴儿死亡率"),
    ("执业医师数", "全科医生数"),
    ("人均预期寿命", "人均健康预期寿命"),
    ("新能源公交车占比", "公交车占比"),
    ("建制村通公交率", "自然村通公交率"),
    ("户籍人口城镇化率", "常住人口城镇化率"),
    ("工业固体废物综合利用率", "危险废物综合利用率"),
    ("省级示范园数量", "市级示范园数量"),
    ("新增公办学位数", "公办学位数"),
    ("男性就业率", "女性就业率"),
    ("进口额", "出口额"),
    ("夏粮产量", "粮食产量"),
    ("甲类传染病发病率", "乙类传染病发病率"),
    ("图书馆数", "博物馆数"),
    ("残疾人就业率", "就业率"),
    ("低收入残疾人家庭无障碍改造户数", "重度残疾人家庭无障碍改造户数"),
    ("公共图书馆数", "文化馆数"),
    ("光伏发电装机容量", "风力发电装机容量"),
    ("城市供水普及率", "城市燃气普及率"),
    ("万元GDP用水量", "万元工业增加值用水量"),
    ("发明专利授权量", "发明专利申请量"),
    ("人均公园绿地面积", "人均体育场地面积"),
]


def quantity(raw: str, unit: str | None = None, comparator: str = "=") -> Quantity:
    return Quantity(raw=raw, comparator=comparator, value=Decimal(raw), unit=unit)  # type: ignore[arg-type]


def value(
    raw: str, *, year: int = 2025, role: str = "target", statistic: Statistic | None = None, unit: str | None = None
) -> IndicatorValue:
    figures = [quantity(raw, unit)] if raw.replace(".", "").isdecimal() else []
    return IndicatorValue(label=f"{year}年", year=year, role=role, statistic=statistic, raw=raw, quantities=figures, span=SPAN)  # type: ignore[arg-type]


def indicator(name: str, *values: IndicatorValue, number: int = 1, **more: object) -> Indicator:
    unit = more.pop("unit", "%" if name.endswith(("率", "比例", "占比", "比重", "增长", "增速", "下降", "减少")) else None)
    return Indicator(
        id=f"ind-{number}", rule="test", span=SPAN, table="table-1", sequence=str(number), name=name, unit=unit,
        values=list(values) or [value("96")], **more,
    )  # type: ignore[arg-type]  # fmt: skip


def plan(
    *rows: Indicator | str, title: str = "云溪市发展规划", region: str | None = None, promises: list[Commitment] | None = None
) -> Plan:
    made = [indicator(r, number=i + 1) if isinstance(r, str) else r for i, r in enumerate(rows)]
    digest = "0" * 16
    source = Source(name="a.txt", format="text", sha256=digest, bytes=1, extractor="text", grammar=digest, planparse="0")
    return Plan(
        id=digest, work=digest, source=source, body=[], back_matter=BackMatter(), text="", indicators=made,
        front_matter=FrontMatter(title=title, region=region, period=Period(start=2021, end=2025)),
        coverage=Coverage(source=0, text=0, discarded=0, lost=0), commitments=promises or [],
    )  # fmt: skip


def compared(*plans: Plan, facts: tuple[str, ...] = ("indicators",)) -> Comparison:
    return compare_plans(plans, labels=[f"p{i}" for i in range(len(plans))], grammar=GRAMMAR, facts=facts)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_wordings_count_one_thing(one: str, other: str) -> None:
    unit = "%" if one.endswith(("率", "强度", "比重", "降低")) else None
    rows = compared(plan(indicator(one, unit=unit)), plan(indicator(other, unit=unit))).rows
    assert [len(r.members) for r in rows] == [2]
    assert rows[0].missing == []


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_names_count_two_things(one: str, other: str) -> None:
    rows = compared(plan(one), plan(other)).rows
    assert [(r.concept, r.missing) for r in rows] == [(one, ["p1"]), (other, ["p0"])]


def test_pairs_that_differ_stay_apart_in_one_plan_too() -> None:
    rows = compared(plan("残疾人辅助器具适配率", "符合条件的残疾人辅助器具适配率"), plan("残疾人辅助器具适配率")).rows
    assert [(r.concept, [m.plan for m in r.members]) for r in rows] == [
        ("残疾人辅助器具适配率", ["p0", "p1"]),
        ("符合条件的残疾人辅助器具适配率", ["p0"]),
    ]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("供水和燃气普及率", ["供水普及率", "燃气普及率"]),
        ("高血压和糖尿病患者规范管理率", ["高血压规范管理率", "糖尿病患者规范管理率"]),
        ("城乡居民基本养老、医疗保险参保率", ["城乡居民基本养老保险参保率", "城乡居民医疗保险参保率"]),
        ("高龄老年人津贴和失能老年人护理补贴覆盖率", ["高龄老年人津贴覆盖率", "失能老年人护理补贴覆盖率"]),
        ("残疾人基本养老保险和基本医疗保险参保率", ["残疾人基本养老保险参保率", "残疾人基本医疗保险参保率"]),
        ("水电和风电装机占比", ["水电和风电装机占比"]),
        ("图书馆和文化馆数", ["图书馆和文化馆数"]),
        ("文化和旅游设施覆盖率", ["文化和旅游设施覆盖率"]),
        ("和覆盖率", ["和覆盖率"]),
    ],
)
def test_a_name_may_hold_two_measures(name: str, parts: list[str]) -> None:
    assert split_measures(name, GRAMMAR) == parts


def test_a_row_with_two_measures_counts_for_both() -> None:
    rows = compared(plan("供水和燃气普及率"), plan("燃气普及率", "供水普及率")).rows
    assert [sorted(m.plan for m in r.members) for r in rows] == [["p0", "p1"], ["p0", "p1"]]
    assert rows[0].members[0].part == "供水普及率"
    assert rows[0].members[0].name == "供水和燃气普及率"


def test_statistics_are_never_in_one_row() -> None:
    stock, flow = value("500", statistic="level"), value("500", statistic="cumulative")
    growth = value("6", statistic="growth_rate", unit="%")
    rows = compared(
        plan(indicator("网络零售额", stock, unit="亿元")), plan(indicator("网络零售额", flow, unit="亿元")),
        plan(indicator("网络零售额", growth)), plan(indicator("网络零售额", value("600"), unit="亿元")),
    ).rows  # fmt: skip
    assert [(r.statistic, [m.plan for m in r.members]) for r in rows] == [
        ("level", ["p0", "p3"]), ("cumulative", ["p1"]), ("growth", ["p2"]),
    ]  # fmt: skip
    assert {a.reason for a in rows[0].apart} == {"statistic"}


def test_a_cell_holds_figures_of_one_statistic() -> None:
    row = indicator("湿地保护面积", value("80", unit="公顷"), value("3.7", statistic="growth_rate", unit="%"))
    made = compared(plan(row), plan("湿地保护面积"))
    book = openpyxl.load_workbook(io.BytesIO(comparison_to_xlsx(made)))
    cells = [str(cell.value) for line in book["compare"] for cell in line]
    assert any("80" in cell for cell in cells)
    assert not any("3.7" in cell for cell in cells)
    assert [r["raw"] for r in comparison_to_records(made) if r["plan"] == "p0"] == ["80", "3.7"]


def test_scopes_and_units_are_told_apart_with_their_reason() -> None:
    rows = compared(plan(indicator("失能老年人评估", unit="人")), plan(indicator("高龄老年人评估", unit="人"))).rows
    assert rows[0].apart[0].reason == "scope"
    assert rows[0].apart[0].words == ["失能", "高龄"]
    rows = compared(plan(indicator("湿地保护", unit="%")), plan(indicator("湿地保护", unit="公顷"))).rows
    assert [r.apart[0].reason for r in rows] == ["unit", "unit"]


def test_a_leaf_is_read_with_its_parent_and_a_region_says_nothing() -> None:
    leaf = indicator("化学需氧量", parent="主要污染物排放总量减少", unit="%")
    assert len(compared(plan(leaf), plan("化学需氧量排放总量减少")).rows) == 1
    assert len(compared(plan("云溪市公路里程", region="松陵省云溪市"), plan("公路里程")).rows) == 1
    assert region_to_words(None) == ()


def test_what_the_plans_field_implies() -> None:
    told, implied = plan("残疾人康复服务率", title="残疾人事业规划"), plan("康复服务率", title="青岚县残疾人规划")
    assert len(compared(told, implied).rows) == 1
    assert len(compared(told, plan("康复服务率", title="青岚县卫生规划")).rows) == 2


def test_units_are_converted_and_shown() -> None:
    rows = compared(
        plan(indicator("港口货物吞吐量", value("2"), unit="万吨")), plan(indicator("货物吞吐量", value("15000"), unit="吨")),
        plan(indicator("货物吞吐量", value("3"), unit="万吨")),
    ).rows  # fmt: skip
    converted = rows[0].members[1].values[0].converted[0]
    assert (rows[0].unit, converted.value, converted.unit) == ("万吨", Decimal("1.5"), "万吨")
    rows = compared(
        plan(indicator("每千人口执业医师数", value("3"), unit="人")),
        plan(indicator("每万人口执业医师数", value("28"), unit="人")),
    ).rows
    assert rows[0].members[1].values[0].converted[0].value == Decimal("2.8")
    assert rows[0].unit == "人/每千"


def test_conversions() -> None:
    assert conversion_factor(None, "吨") is None
    assert conversion_factor("亩", "公顷") == Decimal("0.066666666667")
    assert unit_to_meaning("人/百亿元").kind.startswith("rate:")
    assert unit_to_meaning("万").kind == "count"


def test_promises_by_their_measure() -> None:
    def promise(measure: str | None, figure: str, unit: str, action: str) -> Commitment:
        told = quantity(figure, unit)
        return Commitment(id="com-1", rule="t", span=SPAN, text="…", measure=measure, action=action, quantity=told, year=2025)

    rows = compared(
        plan(promises=[promise("社区食堂", "20", "个", "新建"), promise(None, "1", "个", "新建")]),
        plan(promises=[promise("社区食堂数量", "35", "个", "新增"), promise("社区食堂覆盖率", "90", "%", "达到")]),
        facts=("indicators", "commitments"),
    ).rows
    assert [(r.kind, r.statistic, len(r.members)) for r in rows] == [
        ("commitment", "cumulative", 2),
        ("commitment", "level", 1),
    ]


def test_repeated_rows_and_bare_names_do_no_harm() -> None:
    rows = compared(plan(indicator("数量", duplicate_of="ind-9"), "数量", "％"), plan("（）")).rows
    assert sum(len(r.members) for r in rows) == 3
    assert read_name("", GRAMMAR).tokens is not None


def test_labels_are_distinct() -> None:
    paths = [Path("a/x.txt"), Path("b/x.txt"), Path("x.pdf"), Path("y.pdf"), Path("y.pdf")]
    labels = paths_to_labels(paths)
    assert labels == ["a/x.txt", "b/x.txt", "x.pdf", "y.pdf", "y.pdf-2"]
    assert paths_to_labels([]) == []


def test_wrong_usage() -> None:
    with pytest.raises(WrongUsage, match="--facts"):
        compared(plan("a"), facts=("projects",))
    with pytest.raises(WrongUsage, match="name of its own"):
        compare_plans([plan("a"), plan("b")], labels=["x", "x"], grammar=GRAMMAR)
    with pytest.raises(WrongUsage, match="--to takes"):
        check_kind("pdf", None, False)
    with pytest.raises(WrongUsage, match="needs --out"):
        check_kind("xlsx", None, True)


def test_hundreds_of_plans_take_time_in_proportion() -> None:
    words = [f"{a}{b}{c}率" for a in "甲乙丙丁戊己" for b in ("设施", "人员", "站点", "产品") for c in ("配备", "达标", "检查")]

    def seconds(count: int) -> float:
        plans = [plan(*words) for _ in range(count)]
        began = time.process_time()
        assert len(compared(*plans).rows) == len(words)
        return time.process_time() - began

    assert seconds(160) < 8 * max(seconds(40), 0.1)


NASTY = '=HYPERLINK("http://x")<script>&'


def nasty() -> Comparison:
    return compared(plan(indicator(NASTY, value("-1+2"), nature="binding"), title="<b>&"), plan("公路里程"))


def test_csv_is_harmless_and_says_what_is_missing() -> None:
    text = comparison_to_csv(nasty())
    assert text.startswith("\ufeffconcept,")
    assert "'=HYPERLINK" in text
    assert ",'-1+2," in text
    assert [r["raw"] for r in comparison_to_records(nasty())] == ["-1+2", None, "96", None]


def test_xlsx_holds_words_as_words() -> None:
    book = openpyxl.load_workbook(io.BytesIO(comparison_to_xlsx(nasty())))
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if isinstance(c.value, str)]
    assert {c.data_type for c in cells} == {"s"}
    assert any(c.value == NASTY for c in cells)
    assert comparison_to_xlsx(nasty()) == comparison_to_xlsx(nasty())


def test_html_escapes_everything_and_runs_nothing() -> None:
    page = comparison_to_html(nasty())
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "<b>" not in page
    assert "default-src 'none'" in page
    assert "class=none>—" in page


def test_emit_writes_or_says_why_not(tmp_path: Path) -> None:
    from rich.console import Console

    emit(comparison_to(nasty(), "table"), tmp_path / "t.txt", Console())
    assert "公路里程" in (tmp_path / "t.txt").read_text(encoding="utf-8")
    emit(comparison_to(nasty(), "xlsx"), tmp_path / "t.xlsx", Console())
    with pytest.raises(UnreadableOutput, match="choose another --out"):
        emit(["x"], tmp_path / "no" / "t.txt", Console())


TEXT = """云溪市“十四五”交通运输发展规划

一、主要目标

到2025年，新建公交站点30个，公路里程达到500公里。
"""


def test_the_command(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    one, two = tmp_path / "a" / "云溪.txt", tmp_path / "云溪.txt"
    one.write_text(TEXT, encoding="utf-8")
    two.write_text(TEXT.replace("500", "650"), encoding="utf-8")
    runner = CliRunner()
    run = runner.invoke(app, ["compare", str(one), str(two), "--to", "json", "--facts", "indicators, commitments"])
    assert run.exit_code == 0, run.output
    made = json.loads(run.stdout)
    assert len({p["plan"] for p in made["plans"]}) == 2
    assert all(len({m["plan"] for m in r["members"]}) == 2 for r in made["rows"])
    assert "公路里程" in runner.invoke(app, ["compare", str(one), str(two), "--facts", "commitments"]).stdout
    assert isinstance(runner.invoke(app, ["compare", str(one), "--to", "nothing"]).exception, WrongUsage)
