"""Printed lines → paragraphs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planparse.extractors.furniture import (
    bare_number,
    counting_numbers,
    emphasis_to_spans,
    is_page_number,
    noise_to_spans,
    repeated_lines,
)
from planparse.extractors.long_lines import long_line_to_paragraphs
from planparse.extractors.printed_lines import PrintedLine, ends_paragraph, lines_to_profile
from planparse.extractors.reflow import join_text, lines_to_paragraphs, opens_paragraph
from planparse.grammar import load_grammar

GRAMMAR = load_grammar()


def paragraphs(text, **more):
    lines, gap, page = [], 0, 0
    for number, words in enumerate(text.split("\n"), 1):
        if words == "~":
            page += 1
        elif not words.strip():
            gap += 1
        else:
            lines.append(PrintedLine(words, number, gap=gap, page=page, **more))
            gap = 0
    return ["".join(line.text.strip() for line in p) for p in lines_to_paragraphs(lines, GRAMMAR)]


@pytest.mark.parametrize(
    "line",
    ["一、总体要求", "（一）指导思想", "第三章 主要任务", "——坚持创新。", "专栏2 重点工程", "表1 主要指标", "2022年6月8日",
     "（牵头部门：市民政局）", "责任单位：市民政局", "附件1", "抄送：各镇。", "（此件公开发布）", "目　录", "注：口径为全市",
     "云政发〔2022〕15号", "各镇人民政府，市直有关部门：", "图1 空间布局"],
)  # fmt: skip
def test_opens(line):
    assert opens_paragraph(line, GRAMMAR)


@pytest.mark.parametrize(
    "line", ["", "，推动发展。", "一、二、三产业融合发展", "人康复救助", "（社区）开展服务", "2025年全面建成"]
)
def test_does_not_open(line):
    assert not opens_paragraph(line, GRAMMAR)


def test_ends():
    assert ends_paragraph("全部完成。”")
    assert ends_paragraph("（全部完成。）　")
    assert not ends_paragraph("全部完")
    assert not ends_paragraph("”")
    assert not ends_paragraph("")


@pytest.mark.parametrize(
    ("a", "b", "made"),
    [("残疾", "人", "残疾人"), ("open", "source", "open source"), ("到20", "25年", "到2025年"), ("用", "AI", "用AI"),
     ("APP ", "（一）", "APP（一）"), ("", "甲", "甲"), ("甲", "", "甲")],
)  # fmt: skip
def test_join(a, b, made):
    assert join_text(a, b) == made


def test_a_paragraph_broken_by_a_page_is_whole_again():
    assert paragraphs("全面落实各项政策，完善救助制度。提高救助水\n\n平，扩大覆盖范围。") == [
        "全面落实各项政策，完善救助制度。提高救助水平，扩大覆盖范围。"
    ]


def test_a_comma_at_the_end_goes_on_also_in_headings():
    assert paragraphs("第一节 完善保障制度，\n\n为老人提供更高水平的保障\n健全机制。对老人实行监测，分层分类帮扶。") == [
        "第一节 完善保障制度，为老人提供更高水平的保障",
        "健全机制。对老人实行监测，分层分类帮扶。",
    ]


def test_open_brackets_and_quotes_hold_lines_together():
    assert paragraphs("建设平台。（牵头部门：市民政局；参与部门：\n\n市财政局、市教育局)\n\n二、保障措施") == [
        "建设平台。（牵头部门：市民政局；参与部门：市财政局、市教育局)",
        "二、保障措施",
    ]
    # An opening mark that is never closed holds nothing.
    assert len(paragraphs("关于印发《云溪市规划\n正文从这里开始。")) == 2


def test_titles_over_lines():
    assert paragraphs("云溪市人民政府\n关于印发《云溪市养老\n服务规划》的通知\n\n各镇人民政府：") == [
        "云溪市人民政府关于印发《云溪市养老服务规划》的通知",
        "各镇人民政府：",
    ]
    assert paragraphs("云溪市人民政府关于印发\n\n养老服务规划的通知") == ["云溪市人民政府关于印发养老服务规划的通知"]
    assert paragraphs("云溪市国民经济和社会发展\n第十五个五年规划纲要") == ["云溪市国民经济和社会发展第十五个五年规划纲要"]


def test_what_is_complete_stays_apart():
    text = (
        "云溪市人民政府\n\n2022年6月8日\n\n云溪市养老服务规划\n\n一、总体要求\n\n（一）完善制度，为老人提供更加稳定的保障\n\n"
        + ("加强领导。建立机制，落实责任（责任单位：市民政局、市财政局）\n\n本规划自印发之日起施行，由市民政局解释。")
    )
    assert len(paragraphs(text)) == 7


def test_a_cut_word_tells_a_broken_line():
    assert paragraphs("（一）开展评估\n\n建立健全对本规划各项重要约束指标的检\n\n查机制，及时解决问题。") == [
        "（一）开展评估",
        "建立健全对本规划各项重要约束指标的检查机制，及时解决问题。",
    ]


SENTENCE = "云溪市深入推进养老服务体系建设，健全居家社区机构相协调的服务网络，"
FIRST = (SENTENCE * 5)[:-1] + "。"


def wrap(text, width, indent):
    text = "　" * indent + text
    return [text[i : i + width] for i in range(0, len(text), width)]


@pytest.mark.parametrize("indent", [0, 2])
def test_a_wrapped_dump(indent):
    heads = ["一、总体要求", "二、主要任务", "三、保障措施"]
    lines = [x for head in heads for x in [head, *wrap(FIRST, 28, indent), *wrap(FIRST[7:], 28, indent)]]
    made = paragraphs("\n".join(lines))
    assert made == [x for head in heads for x in [head, FIRST, FIRST[7:]]]
    doubled = paragraphs("\n\n".join(lines))
    assert doubled == made


def test_a_wrapped_dump_with_a_full_stop_at_a_full_line():
    words = "云溪市深入推进养老服务体系建设，健全服务网络，强化要素保障。"[:28]
    full = words[:-1] + "。"
    lines = [full, *wrap(FIRST, 28, 0)] * 4
    # The line under it is as wide as any other: it goes on.
    assert len(paragraphs("\n".join(lines))) < 8
    short = [full, *wrap("　　" + FIRST, 28, 0)] * 4
    assert len(paragraphs("\n".join(x.strip("　") for x in short))) >= 4


def test_a_dash_inside_a_wrapped_line():
    lines = wrap(FIRST, 28, 0) * 3
    lines[1] = "—" + lines[1][1:]
    assert len(paragraphs("\n".join(lines))) == 3


def test_rows_of_a_flat_table_stay_apart():
    rows = [f"{n} 养老床位数量每年增长幅度（%） 高于全省平均水平若干 预期性" for n in range(1, 7)]
    rows[3] = "4 护理型养老床位占全部养老床位总数的比重达到"
    rows.insert(4, "先进水平（%） 60 预期性")
    made = paragraphs("\n".join([*wrap(FIRST, 28, 0) * 4, *rows, FIRST[:28], FIRST[28:40] + "。"]))
    assert sum(p[0].isdigit() for p in made) == 6
    assert any(p.endswith("比重达到先进水平（%） 60 预期性") for p in made)


def test_profile_of_nothing():
    assert not lines_to_profile([]).wrapped
    assert lines_to_paragraphs([], GRAMMAR) == []


def test_a_giant_line_is_cut_at_indents_and_counting_numbers():
    body = "全市要加强组织领导，健全工作机制。" * 30
    text = f"云溪市规划　　一、总体要求　　{body}　　（一）指导思想。　　{body}　　（二）基本原则。{body}　　二、主要任务"
    parts = long_line_to_paragraphs(text, GRAMMAR)
    assert "一、总体要求" in parts
    assert "二、主要任务" in parts
    assert "".join("".join(parts).split()) == "".join(text.split())
    flat = f"一、总体要求。{body * 4}二、主要任务。{body * 4}三、保障措施（一）加强领导。{body}见（三）中。{body}（二）评估。"
    cut = long_line_to_paragraphs(flat, GRAMMAR)
    assert [p[:6] for p in cut] == ["一、总体要求", "二、主要任务", "三、保障措施", "（一）加强领", "（二）评估。"]


def test_a_heading_behind_a_wide_gap():
    assert long_line_to_paragraphs("能力建设重点内容　　四、重点工程", GRAMMAR) == ["能力建设重点内容", "　　四、重点工程"]
    assert long_line_to_paragraphs("　　四、重点工程", GRAMMAR) == ["　　四、重点工程"]


@pytest.mark.parametrize("line", ["- 3 -", "— 12 —", "第3页 共20页", "第 3 页", " －４－　", "Page 3 of 9", "3/20"])
def test_page_numbers(line):
    assert is_page_number(line, GRAMMAR)


@pytest.mark.parametrize("line", ["", "12", "第3页的图", "—", "2022-2025", "- " * 40])
def test_no_page_numbers(line):
    assert not is_page_number(line, GRAMMAR)


def test_bare_numbers_count():
    assert [bare_number(x, GRAMMAR) for x in ("12", "IX", "xii", "十", "１２", "")] == [12, 9, 12, None, 12, None]
    lines = ["甲"] * 5 + ["1"] + ["乙"] * 5 + ["2"] + ["丙"] * 5 + ["3", "4", "9"]
    assert counting_numbers(lines, GRAMMAR) == {5, 11, 17, 18}
    assert counting_numbers(["1", "2", "3", "4"], GRAMMAR) == set()


def test_running_heads():
    pages = [["云溪市养老规划", f"正文{c}", "全文。", "内容", f"第{c}页"] for c in "1234"]
    found = repeated_lines(pages)
    assert {"云溪市养老规划", "第1页", "第4页", "正文3"} <= found
    assert "全文。" not in found
    assert repeated_lines([]) == set()
    assert repeated_lines([["甲"], ["甲"]]) == set()


def test_noise():
    text = "[bookmark: _Toc1]一、要求\n**云溪市**关于**的\n通知**，张**与李**\n**甲\n\n乙**"
    words = [(text[a:b], reason) for a, b, reason in noise_to_spans(text, GRAMMAR)]
    assert words[0] == ("[bookmark: _Toc1]", "bookmark")
    assert [w for w, _ in words].count("**") == 4
    assert emphasis_to_spans("张**、李**") == []
    assert emphasis_to_spans("中**甲**乙") == [(3, 4)]
    assert emphasis_to_spans("**甲**") == [(2, 3)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="云溪市一二、。，；：（）《》“”第章节专栏—— 12.a　", max_size=40), max_size=30))
def test_any_lines_come_out_once_and_in_order(texts):
    lines = [PrintedLine(text, i, gap=i % 3) for i, text in enumerate(texts)]
    made = lines_to_paragraphs(lines, GRAMMAR)
    assert [line.number for p in made for line in p] == list(range(len(texts)))


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="云溪市一二、。（）　 第章", max_size=60), st.integers(1, 200))
def test_long_lines_lose_nothing(text, times):
    giant = text * times
    assert "".join("".join(long_line_to_paragraphs(giant, GRAMMAR)).split()) == "".join(giant.split())


def test_a_long_notice_s_title_does_not_go_on_with_the_addressees():
    assert paragraphs(
        "云岫江流域管理委员会关于印发\n《云岫江流域生态保护和高质量发展\n行动方案（2026—2030年）》的通知\n松陵省人民政府，岭川省人民政府："
    ) == [
        "云岫江流域管理委员会关于印发《云岫江流域生态保护和高质量发展行动方案（2026—2030年）》的通知",
        "松陵省人民政府，岭川省人民政府：",
    ]
