"""Tables in text dumps that have lost their cells: blanks in aligned columns, single blanks, glued into one line."""

import time

import pytest

from planparse.document import Origin, count_characters
from planparse.extractors.text import read_text
from planparse.extractors.text_flat_values import run_to_values
from planparse.extractors.text_headers import find_header, line_to_header
from planparse.grammar import load_grammar

GRAMMAR = load_grammar()


def document(text):
    data = text.encode()
    made = read_text(data, Origin("云溪.txt", "text", "0" * 64, len(data), "text"), grammar=GRAMMAR)
    have = count_characters(made.text + "".join(d.text for d in made.discarded))
    assert have == made.source_count
    return made


def rows(made, which=0):
    found = {}
    for cell in made.grids[which].cells:
        found.setdefault(cell.row, []).append(made.text[cell.start : cell.end])
    return list(found.values())


HEAD = "序号 指 标 单位 2020 年 2025 年目标 属性\n"


def test_single_blanks_between_cells():
    made = document(
        "表 1 主要指标\n"
        + HEAD
        + "一、水网（2 项）\n1 水网覆盖率 % 90 95 左右 约束性\n2 人均供水能力 立方米/人 1.5 提高 1 个百分点以上 预期性\n"
        "二、民生（1 项）\n3 3 岁以下婴幼儿托位数 个 800 完成省定目标 预期性\n\n全市加强领导，推动落实。\n"
    )
    assert rows(made)[0] == ["序号", "指 标", "单位", "2020 年", "2025 年目标", "属性"]
    assert rows(made)[1:] == [
        ["一、水网（2 项）"],
        ["1", "水网覆盖率", "%", "90", "95 左右", "约束性"],
        ["2", "人均供水能力", "立方米/人", "1.5", "提高 1 个百分点以上", "预期性"],
        ["二、民生（1 项）"],
        ["3", "3 岁以下婴幼儿托位数", "个", "800", "完成省定目标", "预期性"],
    ]
    assert made.text.endswith("\n全市加强领导，推动落实。")
    assert [line.source_line for line in made.lines[1:4]] == [2, 3, 4]


def test_a_row_over_two_lines_and_a_table_over_two_pages():
    made = document(
        HEAD + "1 规模以上数字经济核心产业营业收入占全部产业营业\n收入比重 % 20 25 预期性\n2 供水量 万吨 200 300 预期性\n"
        "— 13 —\n" + HEAD + "3 绿地率 % 38 40 约束性\n第二章 主要任务\n"
    )
    assert rows(made)[1][1] == "规模以上数字经济核心产业营业收入占全部产业营业\u2028收入比重"
    assert len(rows(made)) == 4
    assert tuple(sorted({d.reason for d in made.discarded}, reverse=True)) == ("repeated_header", "page_number")
    assert made.text.endswith("\n第二章 主要任务")


def test_rows_without_numbers():
    made = document(
        "指标 单位 2020年 2025年 年均增速〔累计〕 属性\n经济发展\n地区生产总值 亿元 500 700 7% 预期性\n粮食产量 万吨 20.5 22 — 约束性\n"
        "劳动年龄人口平均受教育\n年限 年 10.8 11.3 〔0.5〕 约束性\n注：〔〕内为五年累计数。\n"
    )
    assert rows(made)[1:] == [
        ["经济发展"],
        ["地区生产总值", "亿元", "500", "700", "7%", "预期性"],
        ["粮食产量", "万吨", "20.5", "22", "—", "约束性"],
        ["劳动年龄人口平均受教育\u2028年限", "年", "10.8", "11.3", "〔0.5〕", "约束性"],
    ]
    assert made.text.endswith("\n注：〔〕内为五年累计数。")


def test_two_rows_are_no_table():
    text = HEAD + "1 水网覆盖率 % 90 95 约束性\n2 供水量 万吨 200 300 预期性\n全市加强领导，推动落实。\n"
    assert not document(text).grids


def test_wide_blanks_keep_words_of_a_cell_together():
    made = document(
        "序号    指标名称              单位    2020年    2025年    属性\n"
        "1       GDP 年均 增速         %       5         6         预期性\n"
        "2       人均绿地面积          平方米  12.5      14        预期性\n"
        "        其中：城区            平方米  13        15        预期性\n"
        "3       护理员数              人      50        80        预期性\n"
    )
    assert rows(made)[1] == ["1", "GDP 年均 增速", "%", "5", "6", "预期性"]
    assert rows(made)[3] == ["", "其中：城区", "平方米", "13", "15", "预期性"]


def test_aligned_columns_of_a_task_table():
    made = document(
        "序号　　任务　　　　　　责任单位　　　　完成时限\n1　　　建设养老中心　　市民政局　　　　2025年\n"
        "2　　　培训护理员　　　市人力资源　　　2024年\n　　　　　　　　　　　和社会保障局\n3　　　改造住房　　　　市住建局　　　　长期\n\n附件：无\n"
    )
    assert rows(made) == [
        ["序号", "任务", "责任单位", "完成时限"],
        ["1", "建设养老中心", "市民政局", "2025年"],
        ["2", "培训护理员", "市人力资源\u2028和社会保障局", "2024年"],
        ["3", "改造住房", "市住建局", "长期"],
    ]
    assert made.text.endswith("\n附件：无")


def test_aligned_columns_without_a_header():
    made = document("甲地   12   30\n乙地   14   31\n丙丁地 15   29\n合计\n戊地        33\n")
    assert rows(made)[:3] == [["甲地", "12", "30"], ["乙地", "14", "31"], ["丙丁地", "15", "29"]]


@pytest.mark.parametrize(
    "text",
    [
        "云溪市人民政府      2022年6月\n青岚县人民政府      2022年7月\n栖霞湾区管委会      2022年8月\n",
        "第一章　总体要求　　　　1\n第二章　主要任务　　　　5\n第三章　保障措施　　　　9\n",
        "第一节  水网  ……  1\n第二节  电网  ……  2\n第三节  路网  ……  3\n",
        "一、要求。  加强领导，  推动落实，\n二、任务。  健全机制，  完善制度，\n三、保障，  落实责任，  确保完成，\n",
        "甲地  12  30\n乙地    14        31\n丙地          15  29\n",
        "甲\u3000乙\n",
    ],
)
def test_what_is_no_table(text):
    assert not document(text).grids


GLUED = (
    "到2025年，全市水网更密。专栏2　云溪市主要指标 指标2020年2025年“十四五”增减情况1供水量（万吨）14141270-10%2绿地面积（公顷）25492295-10%"
    "3断面劣V类的比例（%）26.1＜22-4.1个百分点4空气质量超过292天的比例（%）69.4755.6个百分点专栏3　重点城市　　1.确保实现目标。\n"
)


def test_a_table_glued_into_a_paragraph():
    made = document(GLUED)
    assert rows(made) == [
        ["指标", "2020年", "2025年", "“十四五”增减情况"],
        ["1", "供水量（万吨）", "1414", "1270", "-10%"],
        ["2", "绿地面积（公顷）", "2549", "2295", "-10%"],
        ["3", "断面劣V类的比例（%）", "26.1", "＜22", "-4.1个百分点"],
        ["4", "空气质量超过292天的比例（%）", "69.4", "75", "5.6个百分点"],
    ]
    assert made.text.split("\n")[:2] == ["到2025年，全市水网更密。", "专栏2　云溪市主要指标"]
    assert "专栏3　重点城市" in made.text


def test_a_glued_table_with_blanks_units_and_text():
    made = document(
        "专栏1 云溪市主要指标 序号 指标 单位 2020年 2025年 属性 1 水网覆盖率 % 90 95 约束性 2 人均绿地面积 平方米 12.5 14 预期性 "
        "3 护理员数 人 500 800 预期性 4 空气优良率 % 88 完成省下达任务 约束性 第三章 主要任务\n"
    )
    assert rows(made)[1:] == [
        ["1", "水网覆盖率", "%", "90", "95", "约束性"],
        ["2", "人均绿地面积", "平方米", "12.5", "14", "预期性"],
        ["3", "护理员数", "人", "500", "800", "预期性"],
        ["4", "空气优良率", "%", "88", "完成省下达任务", "约束性"],
    ]
    assert made.text.endswith("\n第三章 主要任务")


UPPERS = (
    "专栏1　主要指标指　　标2020年2025年〔累计〕1属性环境质量1.空气质量城市2优良天数比率（%）76.7＞80-约束性浓度下降比例（%）--〔18〕约束性"
    "2.水环境质量极差水体比例（%）15.7415左右-预期性断面优良比例（%）70.8＞80 预期性排放3.污染物减少量（吨）化学需氧量3--〔10〕约束性氨氮--〔12〕"
    "4.岸线保有率（%）-≥35-预期性注：1.〔　〕内为五年累计数。\n\n2.指全市。\n\n3.按重点行业。 4.为2019年数。\n\n第三章　任务\n"
)


def test_a_glued_table_with_uppers_groups_marks_and_notes():
    made = document(UPPERS)
    assert rows(made)[1:] == [
        ["环境质量"],
        ["1.空气质量", "城市2优良天数比率（%）", "76.7", "＞80", "-", "约束性"],
        ["浓度下降比例（%）", "-", "-", "〔18〕", "约束性"],
        ["2.水环境质量", "极差水体比例（%）", "15.7\u20284", "15左右", "-", "预期性"],
        ["断面优良比例（%）", "70.8", "＞80", "", "预期性"],
        ["排放"],
        ["3.污染物减少量（吨）", "化学需氧量3", "-", "-", "〔10〕", "约束性"],
        ["氨氮", "-", "-", "〔12〕"],
        ["4.岸线保有率（%）", "-", "≥35", "-", "预期性"],
        ["注：1.〔　〕内为五年累计数。"],
        ["2.指全市。"],
        ["3.按重点行业。 4.为2019年数。"],
    ]
    nature = next(c for c in made.grids[0].cells if c.row == 7 and c.column == 5)
    assert nature.rows == 2
    assert made.text.endswith("\n第三章　任务")


@pytest.mark.parametrize(
    "text",
    [
        "主要指标2020年2025年增长情况表明，全市水网更密，城乡供水能力持续增强，人均绿地面积达到14平方米，各项指标完成。",
        "指标2020年2025年属性1水网覆盖率（%）90 95约束性2供水量（万吨）200 300预期性，其余各项指标另行公布，由市水务局解释。",
        "到2025年，主要指标2020年完成80%，2025年完成90%，全市加强领导，健全工作机制，推动各项任务落实，确保完成全部目标任务。",
    ],
)
def test_what_is_no_glued_table(text):
    assert not document(text).grids


@pytest.mark.parametrize(
    ("run", "count", "values"),
    [
        ("2551.72347.6-8%", 3, ["2551.7", "2347.6", "-8%"]),
        ("55>605个百分点", 3, ["55", ">60", "5个百分点"]),
        ("151165〔14〕", 3, ["151", "165", "〔14〕"]),
        ("21.6623.04〔1.38〕", 3, ["21.66", "23.04", "〔1.38〕"]),
        ("-90以上-", 3, ["-", "90以上", "-"]),
        ("5456 ", 3, ["54", "56", ""]),
        ("1,2001,500", 2, ["1,200", "1,500"]),
        ("90 95", 2, ["90", "95"]),
        ("12", 3, None),
        ("", 1, None),
    ],
)
def test_figures_without_anything_between(run, count, values):
    made = run_to_values(run, 0, len(run), count, may_lack=True)
    assert (made and [run[a:b] for a, b in made.places]) == values


def test_three_plain_figures_are_a_guess():
    made = run_to_values("123456", 0, 6, 3)
    assert made is not None
    assert made.score < -4


def test_headers():
    found = line_to_header("序 号　指 标 名 称　单 位　2015年　2020年　2015—2020年增长　属 性", GRAMMAR)
    assert found is not None
    assert [c.role for c in found.cells] == ["sequence", "name", "unit", "value", "value", "value", "nature"]
    assert line_to_header("主要指标和2025年目标", GRAMMAR) is None
    assert line_to_header("指标 单位", GRAMMAR) is None
    assert find_header("指标体系2020年2025年", GRAMMAR) is None


@pytest.mark.parametrize(
    "text",
    [
        "指标2020年2025年属性" * 3000,
        "指标2020年2025年属性" + "甲乙12345678901234约束性" * 3000,
        "指标2020年2025年属性" + "1234567890" * 3000,
        ("指标 2020年 2025年 属性\n" + "甲 1\n" * 3) * 300,
        "指标 2020年 2025年 属性\n" * 4000,
        "指标2020年2025年2030年属性的一二三四五六七八九十，。\n" * 2000,
        "甲  乙\n" * 6000,
        "甲  乙  丙\n丁\n" * 4000,
        "指标 2020年 2025年 属性\n" + "甲乙 " * 8000,
    ],
    ids=range(9),
)
def test_reading_is_linear(text):
    began = time.perf_counter()
    document(text)
    assert time.perf_counter() - began < 20


@pytest.mark.parametrize(
    ("old", "new"),
    [("4.为2019年数。", "5.为2019年数。"), ("城市2优良", "城市优良"), ("15.7415左右", "15.715左右")],
    ids=["notes that do not count", "two marks missing", "no figure ends in it"],
)
def test_a_mark_that_nothing_proves_stays_a_digit(old, new):
    made = document(UPPERS.replace(old, new))
    assert "\u2028" not in made.text


def test_rows_in_the_middle_of_their_cells():
    """What pdftotext -layout gives: rows parted by empty lines, a number in the middle of a name's two lines."""
    made = document(
        "序号   指标                  2020 年   2025 年   属性\n\n"
        "一、收入和就业\n\n"
        "     残疾人家庭人均可支配收入年均增长             与居民收入\n"
        "1                        —                 预期性\n"
        "     （%）                          增长同步\n\n"
        "2    城镇新增残疾人就业人数（人）      〔2475〕   〔1800〕   预期性\n\n\n"
        "                       —4—\n"
        "序号   指标                  2020 年   2025 年   属性\n\n"
        "3    残疾人职业技能培训人次（人次）              4200     预期性\n\n\n"
        "    三、任务\n",
    )
    assert rows(made)[1:] == [
        ["一、收入和就业"],
        ["1", "残疾人家庭人均可支配收入年均增长\u2028（%）", "—", "与居民收入\u2028增长同步", "预期性"],
        ["2", "城镇新增残疾人就业人数（人）", "〔2475〕", "〔1800〕", "预期性"],
        ["3", "残疾人职业技能培训人次（人次）", "", "4200", "预期性"],
    ]
    assert [d.reason for d in made.discarded] == ["page_number", "repeated_header"]
    assert made.text.endswith("\n三、任务")


def test_a_table_with_a_cell_a_line_that_is_cut_short():
    """The last row has its number and the beginning of one cell, and lacks the merged cell before them."""
    table = "领域\n序号\n重点任务\n责任单位\n队伍建设\n1\n落实教师编制。\n县委编办\n2\n建设劳动教育基地。\n县教育局\n3\n开展教师培训。\n县财政局\n"
    made = document(f"三、任务分工\n{table}4\n改善乡村")
    assert rows(made)[1:] == [
        ["队伍建设", "1", "落实教师编制。", "县委编办"],
        ["", "2", "建设劳动教育基地。", "县教育局"],
        ["", "3", "开展教师培训。", "县财政局"],
        ["", "4", "改善乡村", ""],
    ]
