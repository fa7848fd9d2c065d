"""The outline of other drafting styles: numbers without a point, decimals, running series, lost numbers, notices."""

from pathlib import Path

import pytest

from planparse import parse
from planparse.document import Line
from planparse.models import Annex, Box, Paragraph, Section
from tests.test_outline import BODY, outline, tree_of

CASES = {
    "a series runs on under heads of two levels, and one number begins its title with digits": (
        ["一、目标", f"1.目标。{BODY}", "二、行动", f"（一）产业行动。{BODY}", f"2.人才项目。{BODY}", f"3.121梯队项目。{BODY}",
         f"（二）科技行动。{BODY}", f"4.平台项目。{BODY}", "三、机制", f"5.管理机制。{BODY}"],
        ["1 一、目标", "2 1.目标~", "1 二、行动", "2 （一）产业行动~", "3 2.人才项目~", "3 3.121梯队项目~",
         "2 （二）科技行动~", "3 4.平台项目~", "1 三、机制", "2 5.管理机制~"],
    ),
    "one lost number does not lose the series": (
        ["一、甲", f"1.服务网络。{BODY}", f"3.服务标准。{BODY}", f"4.服务队伍。{BODY}", "二、乙", BODY],
        ["1 一、甲", "2 1.服务网络~", "2 3.服务标准~", "2 4.服务队伍~", "1 二、乙"],
    ),
    "decimal numbers": (
        ["1 总则", "1.1 编制背景", BODY, "1.2 规划范围", BODY, "2 现状", "2.1 灾害风险", "2.1.1 地震", BODY, "2.1.2 洪涝", BODY],
        ["1 1总则", "2 1.1编制背景", "2 1.2规划范围", "1 2现状", "2 2.1灾害风险", "3 2.1.1地震", "3 2.1.2洪涝"],
    ),
    "decimals under chapters": (
        ["第一章 现状", "1.1 成就", BODY, "1.2 问题", BODY, "第二章 目标", "2.1 总体目标", BODY, "2.2 具体目标", BODY],
        ["1 第一章现状", "2 1.1成就", "2 1.2问题", "1 第二章目标", "2 2.1总体目标", "2 2.2具体目标"],
    ),
    "numbers without a point": (
        ["一总体要求", BODY, "二改造任务", "（１）基础类", BODY, "（２）完善类", BODY, "三实施步骤", BODY],
        ["1 一总体要求", "1 二改造任务", "2 （１）基础类", "2 （２）完善类", "1 三实施步骤"],
    ),
    "a blank for the point": (
        ["一　总体要求", BODY, "二　主要任务", BODY, "三　保障措施", BODY],
        ["1 一总体要求", "1 二主要任务", "1 三保障措施"],
    ),
    "one number without a point is a word": (["一、甲", BODY, "一图读懂", BODY, "二、乙", BODY], ["1 一、甲", "1 二、乙"]),
    "enclosed numbers": (
        ["一、甲", "㈠指导思想", BODY, "㈡发展目标", f"⒈经济目标。{BODY}", f"⒉社会目标。{BODY}", "二、乙", BODY],
        ["1 一、甲", "2 ㈠指导思想", "2 ㈡发展目标", "3 ⒈经济目标~", "3 ⒉社会目标~", "1 二、乙"],
    ),
    "Roman numbers": (["Ⅰ、总则", BODY, "Ⅱ、任务", BODY, "Ⅲ、保障", BODY], ["1 Ⅰ、总则", "1 Ⅱ、任务", "1 Ⅲ、保障"]),
    "stages": (
        ["一、步骤", f"第一阶段：动员部署（3月）。{BODY}", f"第二阶段：组织实施（4月）。{BODY}", "二、要求", BODY],
        ["1 一、步骤", "2 第一阶段：动员部署（3月）~", "2 第二阶段：组织实施（4月）~", "1 二、要求"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), CASES.values(), ids=CASES)
def test_outlines(lines: list[str], expected: list[str]) -> None:
    assert outline(tree_of("某市规划", *lines).body) == expected


def parsed(tmp_path: Path, *lines: str):
    path = tmp_path / "plan.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return parse(path)


def test_a_series_that_runs_on_starts_nowhere_late(tmp_path: Path) -> None:
    lines, _ = CASES["a series runs on under heads of two levels, and one number begins its title with digits"]
    assert not [d.code for d in parsed(tmp_path, "云溪市人才规划", *lines).diagnostics if d.code.startswith("numbering")]


def test_a_notice_with_numbers_of_its_own_is_front_matter(tmp_path: Path) -> None:
    plan = parsed(
        tmp_path, "云溪市人民政府办公室关于印发云溪市乡村医疗行动方案的通知", "各镇人民政府：", "现将方案印发给你们，并提出要求。",
        f"一、提高认识。{BODY}", f"二、压实责任。{BODY}", "云溪市人民政府办公室", "2023年5月12日", "附件", "云溪市乡村医疗行动方案",
        "为推进乡村医疗，制定本方案。", "一、总体要求", BODY, "二、重点任务", BODY,
    )  # fmt: skip
    assert outline(plan.body) == ["1 一、总体要求", "1 二、重点任务"]
    front = plan.front_matter
    assert (front.title, front.signed_on) == ("云溪市乡村医疗行动方案", "2023-05-12")
    assert not [n for n in plan.body if isinstance(n, Annex)]
    assert not [d for d in plan.diagnostics if d.code.startswith("numbering")]


def test_a_notice_that_is_itself_the_measure_keeps_its_sections(tmp_path: Path) -> None:
    plan = parsed(
        tmp_path, "云溪市人民政府关于印发云溪市乡村医疗行动方案的通知", "各镇人民政府：", "一、总体要求", BODY, "二、重点任务", BODY,
        "云溪市人民政府", "2023年5月12日",
    )  # fmt: skip
    assert outline(plan.body) == ["1 一、总体要求", "1 二、重点任务"]


def test_an_annexs_title_over_its_table_is_said_once(tmp_path: Path) -> None:
    plan = parsed(
        tmp_path, "云溪市体育规划", "一、任务", BODY, "二、保障", BODY, "附件1", "2025年主要指标表",
        "序号\t指标\t2020年\t2025年\t属性", "1\t体育人口比例（%）\t38\t42\t预期性", "2\t人均场地（平方米）\t2.2\t2.8\t预期性",
    )  # fmt: skip
    annex = plan.body[-1]
    assert isinstance(annex, Annex)
    assert (annex.number, annex.title, annex.heading) == ("1", "2025年主要指标表", "附件1")
    assert [n.caption for n in annex.content if isinstance(n, Box)] == ["2025年主要指标表"]
    assert not [d for d in plan.diagnostics if d.code.startswith("balance")]


def test_a_box_of_names_and_descriptions_ends_before_running_text() -> None:
    tree = tree_of(
        "某省规划", "一、铁路", BODY, "专栏1　铁路工程", "高速铁路：建成甲乙高铁，开工建设丙丁高铁。",
        "普速铁路：推进既有线扩能改造，建设集疏运铁路。", BODY + BODY, "二、公路", BODY,
    )  # fmt: skip
    section = tree.body[0]
    assert isinstance(section, Section)
    assert [type(n) for n in section.content] == [Paragraph, Box, Paragraph]


def test_blanks_behind_the_number_of_an_article_make_no_table(tmp_path: Path) -> None:
    plan = parsed(
        tmp_path, "云溪市养老办法", "（2022年9月5日云溪市人民政府令第88号公布　自2022年11月1日起施行）", "第一章  总  则",
        f"第一条  为了养老，制定本办法。{BODY}", f"第二条  本市适用本办法。{BODY}", f"第三条  坚持原则。{BODY}", "第二章  附  则",
        f"第四条  本办法施行。{BODY}",
    )  # fmt: skip
    assert [v[:5] for v in outline(plan.body)] == ["1 第一章", "2 第一条", "2 第二条", "2 第三条", "1 第二章", "2 第四条"]


def test_the_day_in_brackets_under_the_title_of_a_party_document(tmp_path: Path) -> None:
    plan = parsed(
        tmp_path, "云发〔2021〕9号", "中共云溪市委　云溪市人民政府", "关于加快体育强市建设的实施意见", "（2021年8月30日）",
        "为贯彻《体育强国建设纲要》，提出如下意见。", "一、总体要求", BODY, "二、任务", BODY,
    )  # fmt: skip
    front = plan.front_matter
    assert (front.issuer, front.signed_on) == ("中共云溪市委 云溪市人民政府", "2021-08-30")
    assert front.title == "关于加快体育强市建设的实施意见"


def test_goals_with_their_figures_are_no_headings() -> None:
    lines = [f"——床位达到15800张以上。{BODY}", f"——设施覆盖90%以上乡镇。{BODY}", f"——产业快速发展。{BODY}"]
    assert outline(tree_of("某市规划", "一、目标", BODY, *lines, "二、任务", BODY).body) == [
        "1 一、目标",
        "2 ——产业快速发展~",
        "1 二、任务",
    ]


def test_a_heading_of_another_make_ends_a_box() -> None:
    tree = tree_of(
        "某市规划", "一、防洪", BODY, "【专栏1】防洪工程", "◆ 流域治理：实施河道整治工程，治理河道35公里。",
        "◆ 水库加固：完成12座小型水库除险加固。", "（一）推进堤防达标", BODY, "（二）提高排涝能力", BODY, "二、供水", BODY,
        "专栏2 供水项目", "（一）水源工程", "1.二期工程。日供水规模20万吨。", "（二）管网工程", "1.管网改造。改造管网120公里。",
        "（一）完善供水一体化", BODY, "三、保障", BODY,
    )  # fmt: skip
    assert outline(tree.body) == [
        "1 一、防洪", "2 （一）推进堤防达标", "2 （二）提高排涝能力", "1 二、供水", "2 （一）完善供水一体化", "1 三、保障",
    ]  # fmt: skip


def test_a_head_behind_a_lost_one_stays_a_heading() -> None:
    lines = ["一、甲", BODY, "四、要求", "1、加强领导", BODY, "3、加强值守", BODY, "五、奖惩", BODY]
    assert outline(tree_of("某乡方案", *lines).body) == [
        "1 一、甲", "1 四、要求", "2 1、加强领导", "2 3、加强值守", "1 五、奖惩",
    ]  # fmt: skip


def test_a_series_of_long_items_runs_on_from_one_head_to_the_next() -> None:
    long = "“十五”以来，我们认真贯彻落实科学发展观，战胜了严重的自然灾害和其他各种困难与挑战，保持了经济平稳较快发展。"
    lines = ["一、甲", f"(1){long}{BODY}", f"(2)指导思想。{BODY}", "二、乙", f"(3)现代农业。{BODY}", f"(4)农民收入。{BODY}"]
    heads = [line.split(")")[0] for line in outline(tree_of("某区规划", *lines).body)]
    assert heads == ["1 一、甲", "2 (1", "2 (2", "1 二、乙", "2 (3", "2 (4"]


def test_topics_of_unlike_length_are_a_series() -> None:
    topics = ["落实各项基本保障。", "巩固国家级充分就业社区创建成果。", "特殊群体持续关爱。"]
    tree = tree_of("某街道总结", "（一）民生", BODY, *[t + BODY for t in topics], "（二）管理", BODY)
    assert outline(tree.body) == ["1 （一）民生", *[f"2 {t[:-1]}~" for t in topics], "1 （二）管理"]


@pytest.mark.parametrize(
    "lines",
    [
        ["第一节　基础………………………………3", "第二节　形势………………………………5", "第二章　要求………………………………8",
         "第四章　保障………………………………30", "附件1　主要指标表……………………33", "前　言"],
        ["2025年主要指标表", "附件2", "1\t体育人口比例（%）\t38\t42\t预期性", "2\t人均场地（平方米）\t2.2\t2.8\t预期性"],
        ["表2-1  建设任务表（单位：万亩）", "附件二：投资估算表", "田块整治\t300\t36000", "灌溉\t1200\t144000"],
        ["附件1 2025年主要指标表", "1\t体育人口比例（%）\t38\t42\t预期性", "2\t人均场地（平方米）\t2.2\t2.8\t预期性"],
    ],
    ids=["an annex in the contents", "a caption over an annex", "a table's caption over an annex", "an annex named like a table"],
)  # fmt: skip
def test_an_annex_claims_no_line_of_others(tmp_path: Path, lines: list[str]) -> None:
    plan = parsed(tmp_path, "云溪市规划", f"（1）建设。{BODY}", BODY, *lines)
    assert not [d.code for d in plan.diagnostics if d.code.startswith("balance")]


def test_heads_of_a_word_document_without_any_layout() -> None:
    lines = ["某市规划", "前　言", BODY, "第一章 甲", BODY, "第二章 乙", BODY]
    layouts = {n: Line(0, 0, size=10.5) for n in range(len(lines))}
    assert outline(tree_of(*lines, layouts=layouts).body) == ["1 前　言", "1 第一章甲", "1 第二章乙"]
    layouts |= {n: Line(0, 0, size=16, bold=True) for n in (3, 5)}
    assert outline(tree_of(*lines, layouts=layouts).body) == ["1 第一章甲", "1 第二章乙"]
