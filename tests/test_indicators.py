"""Indicator tables → indicators: columns, groups, sub-rows, units, years, and rows that a dump tore."""

import os
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from planparse import parse
from planparse.document import Document, Origin
from planparse.document_builder import DocumentBuilder
from planparse.facts.indicator_columns import nature_of, table_to_columns
from planparse.facts.indicator_values import bare_unit, read_name, values_unit
from planparse.facts.indicators import collect_indicators, table_to_indicators
from planparse.grammar import Grammar, load_grammar
from planparse.models import Box, Indicator, IndicatorValue, Section, Table
from planparse.structure.spans import span_of
from planparse.structure.tables import grid_to_table
from planparse.structure.walk import Tree

Row = Sequence[tuple[str, int, int, int]]


@pytest.fixture(scope="module")
def grammar() -> Grammar:
    return load_grammar()


def cells(*texts: str) -> Row:
    return [(text, column, 1, 1) for column, text in enumerate(texts)]


def merged(text: str, columns: int) -> Row:
    return [(text, 0, 1, columns)]


def to_document(rows: Sequence[Row]) -> Document:
    builder = DocumentBuilder()
    builder.paragraph("表前的话。")
    builder.grid(rows)
    builder.paragraph("表后的话。")
    return builder.build(Origin("a.txt", "txt", "0" * 64, 1, "text"), source_count={})


def read(rows: Sequence[Row], grammar: Grammar) -> list[Indicator]:
    """The indicators of a table, with what must always hold of their spans."""
    document = to_document(rows)
    table = grid_to_table(document, document.grids[0], grammar, id="table-1")
    made = table_to_indicators(table, document, grammar)
    for indicator in made:
        words = "".join(document.text[indicator.span.start : indicator.span.end].split())
        assert "".join(indicator.name.split()) in words
        assert indicator.rule == "indicators.row"
        for value in indicator.values:
            assert document.text[value.span.start : value.span.end] == value.raw
        for agency in indicator.agencies:
            assert document.text[agency.span.start : agency.span.end] == agency.name
    return made


def brief(indicator: Indicator) -> tuple[str | None, str, str | None, str | None]:
    return (indicator.sequence, indicator.name, indicator.unit, indicator.nature)


def figures(indicator: Indicator) -> list[tuple[int | None, str, str]]:
    return [(v.year, v.role, v.raw) for v in indicator.values]


def test_plain_table(grammar: Grammar) -> None:
    made = read(
        [
            merged("专栏1 云溪市“十四五”主要指标", 4),
            cells("指 标", "2020年", "2025年", "属性"),
            cells("1.水网覆盖率（%）", "90", ">95", "约束性"),
            cells("2.培训人数（人/次）", "—", "", "预期性"),
        ],
        grammar,
    )
    assert [brief(i) for i in made] == [("1", "水网覆盖率", "%", "binding"), ("2", "培训人数", "人/次", "anticipatory")]
    assert [i.id for i in made] == ["ind-1", "ind-2"]
    assert figures(made[0]) == [(2020, "baseline", "90"), (2025, "target", ">95")]
    assert figures(made[1]) == [(2020, "baseline", "—")]
    assert made[1].values[0].quantities == []
    assert made[0].values[1].quantities[0].comparator == ">"
    assert (made[0].table, made[0].section, made[0].flags) == ("table-1", None, [])


def test_columns_of_every_kind(grammar: Grammar) -> None:
    made = read(
        [
            cells("序号", "指标名称", "单位", "2020年（基期）", "2025年（目标）", "年均增速", "属性", "责任单位", "备注"),
            cells("1", "粮食产量", "万吨", "20.5①", "22", "1.4", "预期性", "市农业农村局、市水务局", "按常住人口"),
            cells("2", "污水处理率", "%", "93", "97以上", "〔4〕", "约束性", "—", "—"),
            merged("①为快报数。", 9),
        ],
        grammar,
    )
    first, second = made
    assert [a.name for a in first.agencies] == ["市农业农村局", "市水务局"]
    assert [n.text for n in first.notes] == ["按常住人口"]
    assert [n.mark for n in first.values[0].notes] == ["①"]
    assert [v.statistic for v in first.values] == [None, None, "growth_rate"]
    assert [q.unit for v in first.values for q in v.quantities] == ["万吨", "万吨", "%"]
    assert [v.role for v in first.values] == ["baseline", "target", "target"]
    assert second.values[2].statistic == "cumulative"
    assert (second.agencies, second.notes) == ([], [])


def test_sub_rows_under_of_which(grammar: Grammar) -> None:
    made = read(
        [
            cells("序号", "指标", "单位", "2025年", "属性"),
            cells("1", "污水处理率", "%", "97", "约束性"),
            cells("", "其中：农村", "%", "45", "约束性"),
            cells("", "城镇", "%", "98", "约束性"),
            cells("2", "绿地面积", "公顷", "30", "预期性"),
        ],
        grammar,
    )
    assert [(i.name, i.parent) for i in made] == [
        ("污水处理率", None), ("农村", "污水处理率"), ("城镇", "污水处理率"), ("绿地面积", None),
    ]  # fmt: skip


def test_leaves_under_a_merged_name(grammar: Grammar) -> None:
    made = read(
        [
            [("指　标", 0, 1, 2), ("2020年", 2, 1, 1), ("2025年〔累计〕", 3, 1, 1), ("属性", 4, 1, 1)],
            merged("生态环境质量", 5),
            [("1.空气质量", 0, 2, 1), ("优良天数比率（%）", 1, 1, 1), ("76", 2, 1, 1), ("＞80", 3, 1, 1), ("约束性", 4, 1, 1)],
            [("颗粒物浓度下降（%）", 1, 1, 1), ("-", 2, 1, 1), ("〔18〕", 3, 1, 1), ("预期性", 4, 1, 1)],
            merged("污染物排放", 5),
            [
                ("2.主要污染物减少（%）", 0, 2, 1),
                ("化学需氧量", 1, 1, 1),
                ("-", 2, 1, 1),
                ("〔10〕", 3, 1, 1),
                ("约束性", 4, 2, 1),
            ],
            [("氨氮", 1, 1, 1), ("-", 2, 1, 1), ("〔12〕", 3, 1, 1)],
            [("3.岸线保有率（%）", 0, 1, 2), ("-", 2, 1, 1), ("≥35", 3, 1, 1), ("预期性", 4, 1, 1)],
        ],
        grammar,
    )
    assert [(i.group, i.parent, i.name, i.unit, i.nature) for i in made] == [
        ("生态环境质量", "空气质量", "优良天数比率", "%", "binding"),
        ("生态环境质量", "空气质量", "颗粒物浓度下降", "%", "anticipatory"),
        ("污染物排放", "主要污染物减少", "化学需氧量", "%", "binding"),
        ("污染物排放", "主要污染物减少", "氨氮", "%", "binding"),
        ("污染物排放", None, "岸线保有率", "%", "anticipatory"),
    ]
    assert [i.values[1].statistic for i in made] == ["level", "cumulative", "cumulative", "cumulative", "level"]


def test_merging_that_a_dump_lost(grammar: Grammar) -> None:
    made = read(
        [
            [("指标", 0, 1, 2), ("2025年", 2, 1, 1), ("属性", 3, 1, 1)],
            cells("1.空气质量", "优良天数（天）", "300", "约束性"),
            cells("", "浓度下降（%）", "18", "约束性"),
            cells("2.水质（%）", "", "30", "预期性"),
            [("3.岸线（公里）", 0, 1, 2), ("35", 2, 1, 1), ("预期性", 3, 1, 1)],
        ],
        grammar,
    )
    assert [(i.parent, i.name) for i in made] == [
        ("空气质量", "优良天数"), ("空气质量", "浓度下降"), (None, "水质"), (None, "岸线"),
    ]  # fmt: skip


def test_numbered_line_over_leaves(grammar: Grammar) -> None:
    made = read(
        [
            cells("指标", "2020年", "2025年", "属性"),
            cells("1.能耗降低（%）", "—", "〔13〕", "约束性"),
            merged("2.主要污染物减排（%）", 4),
            cells("化学需氧量", "—", "〔10〕", "约束性"),
            cells("氮氧化物", "—", "〔12〕", "约束性"),
            cells("3.森林覆盖率（%）", "30", "31", "约束性"),
        ],
        grammar,
    )
    assert [(i.name, i.parent, i.unit) for i in made] == [
        ("能耗降低", None, "%"), ("化学需氧量", "主要污染物减排", "%"), ("氮氧化物", "主要污染物减排", "%"),
        ("森林覆盖率", None, "%"),
    ]  # fmt: skip


def test_row_without_values_over_leaves(grammar: Grammar) -> None:
    made = read(
        [
            cells("序号", "指标", "单位", "2025年", "属性"),
            cells("1", "减排量", "吨", "", ""),
            cells("", "氨氮", "", "30", "约束性"),
            cells("", "总磷", "", "5", "约束性"),
            cells("2", "绿地", "公顷", "30", "预期性"),
            cells("3", "待定指标", "个", "", "预期性"),
        ],
        grammar,
    )
    assert [(i.name, i.parent, i.unit) for i in made] == [
        ("氨氮", "减排量", "吨"), ("总磷", "减排量", "吨"), ("绿地", None, "公顷"), ("待定指标", None, "个"),
    ]  # fmt: skip
    assert made[-1].values == []


def test_groups_in_lines_and_columns(grammar: Grammar) -> None:
    lines = read(
        [
            cells("序号", "指标", "2030年目标", "属性"),
            merged("一、经济更强（12 项）", 4),
            cells("1", "产值年均增长（%）", "5左右", "预期性"),
            cells("序号", "指标", "2030年目标", "属性"),
            merged("二、百姓更富（共2项）", 4),
            cells("2", "3 岁以下入托率（%）", "完成省定目标", "预期性"),
        ],
        grammar,
    )
    assert [(i.group, i.name) for i in lines] == [("经济更强", "产值年均增长"), ("百姓更富", "3岁以下入托率")]
    assert lines[0].values[0].statistic == "growth_rate"
    assert lines[1].values[0].status == "delegated"
    columns = read(
        [
            cells("类别", "序号", "指标", "2020年实际", "2025年目标", "指标类型"),
            [
                ("经济", 0, 2, 1),
                ("1", 1, 1, 1),
                ("产值（亿元）", 2, 1, 1),
                ("300", 3, 1, 1),
                ("450", 4, 1, 1),
                ("预期性", 5, 1, 1),
            ],
            [("2", 1, 1, 1), ("研发强度（%）", 2, 1, 1), ("2.1", 3, 1, 1), ("提高0.5个百分点", 4, 1, 1), ("预期性", 5, 1, 1)],
            cells("民生", "3", "新增就业（万人）", "[5.1]", "[6]", "约束性"),
            cells("", "4", "床位（张）", "10", "20", "约束性"),
        ],
        grammar,
    )
    assert [i.group for i in columns] == ["经济", "经济", "民生", "民生"]
    assert [i.values[0].status for i in columns] == ["actual"] * 4
    assert [i.values[1].statistic for i in columns] == ["level", "change", "cumulative", None]
    assert columns[1].unit == "%"


def test_two_header_rows(grammar: Grammar) -> None:
    made = read(
        [
            [("序号", 0, 2, 1), ("指标", 1, 2, 1), ("单位", 2, 2, 1), ("属性", 3, 2, 1), ("“十五五”目标", 4, 1, 2)],
            [("2030年", 4, 1, 1), ("年均［累计］", 5, 1, 1)],
            cells("1", "产值年均增速", "%", "预期性", "—", "力争达到5%左右"),
            cells("2", "新增住房", "万套（间）", "预期性", "—", "［25—27］"),
            cells("3", "事故死亡率", "人/ 亿元", "约束性", "< 0.006", "—"),
            cells("4", "年均新建绿道", "公里", "预期性", "—", "30"),
        ],
        grammar,
    )
    assert [v.label for v in made[0].values] == ["2030年", "年均［累计］"]
    assert [(v.year, v.role) for v in made[0].values] == [(2030, "target"), (None, "target")]
    period = made[0].values[1].period
    assert period is not None
    assert (period.start, period.end) == (2026, 2030)
    assert [i.values[1].statistic for i in made] == ["growth_rate", "cumulative", None, "average"]
    assert made[2].unit == "人/亿元"
    base = made[2].values[0].quantities[0].base
    assert base is not None
    assert (base.value, base.unit) == (Decimal(10**8), "元")


def test_same_label_twice_is_told_apart(grammar: Grammar) -> None:
    made = read(
        [
            [("指标", 0, 2, 1), ("全市", 1, 1, 2), ("县城", 3, 1, 2)],
            [("2020年", 1, 1, 1), ("2025年", 2, 1, 1), ("2020年", 3, 1, 1), ("2025年", 4, 1, 1)],
            cells("供水率（%）", "90", "95", "92", "99"),
        ],
        grammar,
    )
    assert [v.label for v in made[0].values] == ["全市 2020年", "全市 2025年", "县城 2020年", "县城 2025年"]


def test_header_without_a_cell_over_the_numbers(grammar: Grammar) -> None:
    made = read(
        [
            cells("指标", "2020年", "2025年", "属性"),
            cells("1", "水网覆盖率（%）", "90", "95", "约束性"),
            cells("2", "人均绿地（平方米）", "—", "16.5", "预期性"),
            cells("3", "床位（张）", "5", "6", "预期性"),
        ],
        grammar,
    )
    assert brief(made[1]) == ("2", "人均绿地", "平方米", "anticipatory")
    assert figures(made[1]) == [(2020, "baseline", "—"), (2025, "target", "16.5")]


def test_lost_cells_are_found_by_what_they_hold(grammar: Grammar) -> None:
    made = read(
        [
            cells("序号", "指标", "2020年", "2025年", "属性"),
            cells("1", "水网覆盖率（%）", "90", "95", "约束性"),
            cells("2", "改造户数（户）", "——", "约束性"),
            cells("3", "服务站（个）", "预期性"),
            cells("4", "培训（人次）", "", "1000", "预期性"),
        ],
        grammar,
    )
    assert [i.nature for i in made] == ["binding", "binding", "anticipatory", "anticipatory"]
    assert [figures(i) for i in made[1:]] == [[(2020, "baseline", "——")], [], [(2025, "target", "1000")]]


@pytest.mark.parametrize(
    ("headers", "want"),
    [
        (("2020年", "2025年"), [(2020, "baseline"), (2025, "target")]),
        (
            ("2019年", "2020年", "2025年", "2035年"),
            [(2019, "baseline"), (2020, "baseline"), (2025, "target"), (2035, "target")],
        ),
        (("2025年",), [(2025, "target")]),
        (("现状值", "目标值"), [(None, "baseline"), (None, "target")]),
        (("2015年", "2020年目标", "2020年完成情况"), [(2015, "baseline"), (2020, "target"), (2020, "actual")]),
        (("“十三五”末", "“十四五”末"), [(2020, "baseline"), (2025, "target")]),
        (("2020年预计", "2025年规划值"), [(2020, "baseline"), (2025, "target")]),
        (("2010年", "2015年", "2015年比2010年增长"), [(2010, "baseline"), (2015, "target"), (2015, "target")]),
        (("2025", "2027", "2030"), [(2025, "baseline"), (2027, "target"), (2030, "target")]),
    ],
)
def test_years_and_roles(headers: tuple[str, ...], want: list[tuple[int | None, str]], grammar: Grammar) -> None:
    made = read([cells("指标", *headers, "属性"), cells("供水能力（万吨）", *("5" for _ in headers), "预期性")], grammar)
    assert [(v.year, v.role) for v in made[0].values] == want


def test_year_before_the_plan_is_the_baseline(grammar: Grammar) -> None:
    rows = [cells("指标", "2020年", "属性"), cells("供水能力（万吨）", "5", "预期性")]
    assert read(rows, grammar)[0].values[0].role == "target"
    assert read([merged("表1 “十四五”主要指标", 3), *rows], grammar)[0].values[0].role == "baseline"


@pytest.mark.parametrize(
    ("header", "start", "end", "statistic"),
    [
        ("2021—2025年累计", 2021, 2025, "cumulative"),
        ("2021-25年均增速", 2021, 2025, "growth_rate"),
        ("“十四五”年均", 2021, 2025, "average"),
    ],
)
def test_periods(header: str, start: int, end: int, statistic: str, grammar: Grammar) -> None:
    made = read([cells("指标", "2020年", header, "属性"), cells("供水能力（万吨）", "5", "6", "预期性")], grammar)
    value = made[0].values[1]
    assert value.period is not None
    assert (value.year, value.period.start, value.period.end, value.statistic) == (None, start, end, statistic)


def value_of(raw: str, name: str, grammar: Grammar) -> IndicatorValue:
    return read([cells("指标", "2025年", "属性"), cells(name, raw, "预期性")], grammar)[0].values[0]


@pytest.mark.parametrize(
    ("name", "raw", "statistic", "status"),
    [
        ("森林覆盖率（%）", "30", "level", None),
        ("培训人数（人）", "30", None, None),
        ("新增绿地（公顷）", "30", "cumulative", None),
        ("绿地（公顷，五年累计）", "30", "cumulative", None),
        ("能耗下降率（%）", "18", "change", None),
        ("产值增速（%）", "6", "growth_rate", None),
        ("能耗（吨标准煤/万元）", "下降18%", "change", None),
        ("产值（亿元）", "年均增长6%", "growth_rate", None),
        ("产值（亿元）", "暂未公布", "level", "unpublished"),
        ("耕地保有量（万亩）", "完成省下达任务", "level", "delegated"),
        ("产值（亿元）", "12（预计）", "level", "estimated"),
        ("入托率（%）", "—", None, None),
    ],
)
def test_statistic_and_status(name: str, raw: str, statistic: str | None, status: str | None, grammar: Grammar) -> None:
    value = value_of(raw, name, grammar)
    assert (value.statistic, value.status) == (statistic, status)


def test_unit_from_values_table_and_header(grammar: Grammar) -> None:
    made = read(
        [
            merged("表1 主要指标（单位：万亩）", 3),
            cells("指标", "2020年", "2025年"),
            cells("入学率", "100%", "每年≥98%"),
            cells("培训人数", "—", "1.5万人"),
            cells("耕地", "50", "50"),
            cells("覆盖面", "3家", "4所"),
            cells("收入增速", "提高1个百分点", "2个百分点"),
        ],
        grammar,
    )
    assert [i.unit for i in made] == ["%", "万人", "万亩", "万亩", "万亩"]
    assert made[1].values[1].quantities[0].value == 15000
    column = read([cells("指标", "2025年（亿元）", "属性"), cells("产值", "30", "预期性")], grammar)
    assert column[0].values[0].quantities[0].unit == "亿元"


def test_definition_source_and_missing_name_header(grammar: Grammar) -> None:
    made = read(
        [
            cells("序号", "指标", "指标解释", "数据来源", "2027年目标值"),
            cells("1", "上云率", "上云企业占比", "县工信局", "60%"),
        ],
        grammar,
    )
    assert (made[0].definition, made[0].data_source, made[0].unit) == ("上云企业占比", "县工信局", "%")
    bare = read(
        [merged("“十四五”主要指标", 4), cells("", "2020年", "2025年", "属性"), cells("供水率（%）", "9", "10", "约束性")],
        grammar,
    )
    assert brief(bare[0]) == (None, "供水率", "%", "binding")


def test_upper_indicators(grammar: Grammar) -> None:
    made = read(
        [
            cells("一级指标", "二级指标", "单位", "2025年"),
            [("供给", 0, 2, 1), ("站点数", 1, 1, 1), ("个", 2, 1, 1), ("30", 3, 1, 1)],
            [("床位", 1, 1, 1), ("（张）", 2, 1, 1), ("≥500", 3, 1, 1)],
            cells("质量", "满意度", "—", "不低于90%"),
        ],
        grammar,
    )
    assert [(i.group or i.parent, i.name, i.unit) for i in made] == [
        ("供给", "站点数", "个"),
        ("供给", "床位", "张"),
        ("质量", "满意度", "%"),
    ]


def test_rows_without_a_name_give_nothing(grammar: Grammar) -> None:
    rows = [
        cells("序号", "指标", "2025年", "属性"),
        cells("1", "", "30", "约束性"),
        cells("2", "—", "30", ""),
        cells("3", "绿地", "3", ""),
    ]
    assert [i.name for i in read(rows, grammar)] == ["绿地"]


def test_spaced_numbers(grammar: Grammar) -> None:
    rows = [cells("主要指标", "现状值", "目标值"), cells("1 供水率（%）", "90", "95"), cells("2 3岁以下入托率", "—", "30%")]
    assert [brief(i)[:3] for i in read(rows, grammar)] == [("1", "供水率", "%"), ("2", "3岁以下入托率", "%")]


@pytest.mark.parametrize(
    ("text", "name", "sequence", "unit"),
    [
        ("1.供水率（%）", "供水率", "1", "%"),
        ("１．供水率(%)", "供水率", "１", "%"),
        ("（3）人均绿地", "人均绿地", "3", None),
        ("①床位（张）", "床位", "①", "张"),
        ("供 水 率（%）①", "供水率", None, "%"),
        ("供水率[%]", "供水率", None, "%"),
        ("供水率〔1〕", "供水率", None, None),
        ("3岁以下入托率", "3岁以下入托率", None, None),
        ("15分钟服务圈覆盖率（%）", "15分钟服务圈覆盖率", None, "%"),
        ("海水水质（一、二类）比例（%）", "海水水质（一、二类）比例", None, "%"),
        ("优良水质（一、二类）", "优良水质（一、二类）", None, None),
        ("R&D 经费 投入", "R&D经费投入", None, None),
        ("Open Data 指数", "Open Data指数", None, None),
        ("供水\u2028能力（万吨）", "供水能力", None, "万吨"),
        ("文体活动（项（次））", "文体活动", None, "项（次）"),
        ("（%）", "（%）", None, None),
    ],
)
def test_names(text: str, name: str, sequence: str | None, unit: str | None, grammar: Grammar) -> None:
    got = read_name(text, grammar)
    assert (got.name, got.sequence, got.unit) == (name, sequence, unit)


def test_unit_by_header(grammar: Grammar) -> None:
    rows = [cells("指标（单位）", "2025年", "属性"), cells("信箱（封套）", "5", "预期性"), cells("绿地", "5", "预期性")]
    assert [i.unit for i in read(rows, grammar)] == ["封套", None]


def test_small_pieces(grammar: Grammar) -> None:
    assert bare_unit(" （万 人） ", grammar) == "万人"
    assert bare_unit("—", grammar) is None
    assert values_unit(["3家", "4所"], grammar) is None
    assert values_unit([], grammar) is None
    assert nature_of("约 束 性", grammar) == "binding"
    assert nature_of("监测性", grammar) == "other"
    assert nature_of("很长" * 20, grammar) is None


def test_table_without_columns(grammar: Grammar) -> None:
    document = to_document([cells("a", "b")])
    table = Table(id="t", rows=[], span=span_of(document, 0, 1))
    assert table_to_columns(table, grammar) == []
    assert table_to_indicators(table, document, grammar) == []


def test_collected_over_the_tree(grammar: Grammar) -> None:
    builder = DocumentBuilder()
    builder.paragraph("一、发展目标")
    for name in ("供水率", "绿地率"):
        builder.grid([cells("指标", "2025年", "属性"), cells(f"{name}（%）", "9", "约束性")])
    builder.grid([cells("任务", "责任单位"), cells("修路", "县交通运输局")])
    document = builder.build(Origin("a.txt", "txt", "0" * 64, 1, "text"), source_count={})
    tables = [grid_to_table(document, g, grammar, id=f"table-{n}") for n, g in enumerate(document.grids, 1)]
    box = Box(id="box-1", caption="", title="", content=[tables[0]], span=tables[0].span)
    section = Section(
        id="1", heading="一、发展目标", title="发展目标", level=1, span=span_of(document, 0, 6), content=[box, *tables[1:]]
    )
    made = collect_indicators(Tree(body=[section]), document, grammar)
    assert [(i.id, i.table, i.section, i.name) for i in made] == [
        ("ind-1", "box-1", "1", "供水率"), ("ind-2", "table-2", "1", "绿地率"),
    ]  # fmt: skip


@pytest.mark.skipif("PLANPARSE_CORPUS" not in os.environ, reason="the corpus is not here")
def test_corpus_gives_indicators(grammar: Grammar) -> None:
    from planparse.extractors import read as read_file
    from planparse.structure.tree import build_tree

    found = 0
    for path in sorted(Path(os.environ["PLANPARSE_CORPUS"]).glob("plans/*.txt")):
        document = read_file(path, grammar=grammar)
        found += len(collect_indicators(build_tree(document, grammar), document, grammar))
    assert found == 46


def test_the_plan_s_period_tells_targets_from_baselines(tmp_path: Path) -> None:
    head = "云溪市“十四五”水网规划\n\n一、总体要求\n提升能力。\n\n二、主要目标\n"
    table = "主要指标\n序号\t指标\t单位\t2025年\t2030年\t年均增长\n1\t供水能力\t万吨\t12\t20\t5%\n2\t普及率\t%\t95\t99\t—\n\n三、主要任务\n建设水厂。\n"
    path = tmp_path / "plan.txt"
    path.write_text(head + table, encoding="utf-8")
    row = parse(path).indicators[0]
    assert [v.role for v in row.values] == ["target", "target", "target"]
    assert row.values[2].period is not None
    assert (row.values[2].period.start, row.values[2].period.end) == (2021, 2025)
