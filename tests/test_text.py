"""Text and Markdown files → Document."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planparse.document import Origin, count_characters
from planparse.errors import UnreadableFile
from planparse.extractors import read
from planparse.extractors.text import read_text
from planparse.grammar import load_grammar

GRAMMAR = load_grammar()
CORPUS = os.environ.get("PLANPARSE_CORPUS")


def document(text, form="text", encoding="utf-8"):
    data = text if isinstance(text, bytes) else text.encode(encoding)
    return read_text(data, Origin("云溪.txt", form, "0" * 64, len(data), "text"), grammar=GRAMMAR)


def balanced(made):
    have = count_characters(made.text + "".join(d.text for d in made.discarded))
    assert have == made.source_count
    if made.text:
        assert [made.text[x.start : x.end] for x in made.lines] == made.text.split("\n")
    return made


def rows(made, which=0):
    found = {}
    for cell in made.grids[which].cells:
        found.setdefault(cell.row, []).append((made.text[cell.start : cell.end], cell.column, cell.columns))
    return list(found.values())


def reasons(made):
    return [(d.text, d.reason, d.line) for d in made.discarded]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(encoding):
    made = balanced(document("一、总体要求\r\n坚持以人民为中心的发展思想。\r\n" * 5, encoding=encoding))
    assert made.text.startswith("一、总体要求\n坚持以人民为中心的发展思想。")
    assert made.origin.encoding
    assert made.lines[2].source_line == 3


def test_a_byte_order_mark_is_no_character():
    assert document("\ufeff规划").source_count == count_characters("规划")


@pytest.mark.parametrize(
    ("data", "code"), [(b"\x01\x02\x03\x04abc" * 9, "not-a-document"), (b" \n \n", "no-text"), (b"\xef\xbb\xbf", "no-text")]
)
def test_noise_and_blanks_are_no_documents(data, code):
    with pytest.raises(UnreadableFile) as caught:
        document(data)
    assert caught.value.code == code
    assert "云溪.txt" in str(caught.value)


def test_conversion_noise_is_put_aside_with_its_line():
    made = balanced(
        document("**云溪市人民政府\n关于印发《云溪市养老\n规划》的通知**\n\n[bookmark: _Toc1]一、总体要求\n- 3 -\n- 正文。\n")
    )
    assert made.text == "云溪市人民政府关于印发《云溪市养老规划》的通知\n一、总体要求\n- 正文。"
    assert reasons(made) == [
        ("**", "markup", 1),
        ("**", "markup", 3),
        ("[bookmark: _Toc1]", "bookmark", 5),
        ("- 3 -", "page_number", 6),
    ]
    assert made.lines[0].bold is True
    assert [made.source_line_at(made.text.index(w)) for w in ("关于", "规划》", "一、")] == [2, 3, 5]


def test_running_heads_and_page_numbers():
    page = (
        "云溪市养老服务规划\n\n全市加强养老服务体系建设，健全{0}网络。\n\n建立{0}机制，完善制度。\n\n推动{0}落实。\n\n第{0}页\n"
    )
    made = balanced(document("".join(page.format(n) for n in range(1, 6))))
    assert "云溪市养老服务规划" not in made.text
    assert {d.reason for d in made.discarded} == {"running_head", "page_number"}


def test_markdown():
    made = balanced(
        document(
            "# 云溪市养老规划 #\n\n**发布日期**: 2022年\n"
            "**发布机构**: 市民政局\n\n---\n\n> ## 一、要求\n\n- 甲项目\n- 乙\\*项目\n"
            "见[通知](http://a.cn/b_(1).htm)与![图](x.png)。第一行<br>第二行\n\n```\n",
            "markdown",
        )
    )
    assert made.text.split("\n") == [
        "云溪市养老规划",
        "发布日期: 2022年",
        "发布机构: 市民政局",
        "一、要求",
        "甲项目",
        "乙*项目",
        "见通知与图。第一行\u2028第二行",
    ]
    assert [x.outline_level for x in made.lines[:4]] == [0, None, None, 1]
    assert made.lines[0].bold
    assert {d.reason for d in made.discarded} == {"markup"}


def test_a_hash_in_plain_text_is_text():
    assert document("# 一、要求\n").text == "# 一、要求"


def test_tabbed_lines():
    made = balanced(
        document(
            "专栏1 主要指标\t\t\n指 标\t2020年\t2025年\n1.床位数\t80\t100\n\n2.护理\t—\t60\n社会\n保障率\t5\t6\n\n二、任务\n"
        )
    )
    assert made.text.split("\n")[0] == "专栏1 主要指标"
    assert rows(made)[0] == [("专栏1 主要指标", 0, 3)]
    assert [cell[0] for cell in rows(made)[1]] == ["指 标", "2020年", "2025年"]
    assert made.text.endswith("\n二、任务")
    assert [x.source_line for x in made.lines[:4]] == [1, 2, 3, 5]


def test_a_row_broken_in_a_cell():
    made = balanced(document("序号\t任务\t单位\n1\t建设养老\n服务中心\t市民政局\n2\t培训护理员\t市人社局\n"))
    assert [c[0] for c in rows(made)[1]] == ["1", "建设养老\u2028服务中心", "市民政局"]


def test_contents_and_lone_tabs_are_no_tables():
    made = balanced(document("目录\n一、总体要求\t1\n二、主要任务\t3\n三、保障措施\t9\n"))
    assert not made.grids
    assert not balanced(document("甲\t乙\n正文。\n")).grids
    assert not balanced(document("\t\n\t甲\n乙\n")).grids


def test_a_leading_tab_before_every_row_is_an_indent():
    made = balanced(document("\t甲\t乙\n\t1\t2\n\t3\t4\n"))
    assert [c[0] for c in rows(made)[0]] == ["甲", "乙"]


CELLS = (
    "正文在前。\n\t专栏1  主要指标\n\n\t指标\n\t2020年\n\t2025年\n\t属性\n\n\t收入\n\n\t1.\n"
    "\t收入增速(%)\n\t\n\t与经济增长同步 \n\n\t预期性\n\n"
    "\t2.\n\t培训人数（人）\n\t50\n\t60\n\t预期性\n\n\t3.\n\t覆盖率\n\t40\n\t100\n"
    "\t约束性\n\n\t4.\n\t适配率\n\t95\n \t约束性\n\n\n三、任务\n"
)


def test_a_cell_a_line():
    made = balanced(document(CELLS))
    table = rows(made)
    assert table[0] == [("专栏1  主要指标", 0, 5)]
    assert table[1] == [("指标", 0, 2), ("2020年", 2, 1), ("2025年", 3, 1), ("属性", 4, 1)]
    assert table[2] == [("收入", 0, 5)]
    assert [c[0] for c in table[3]] == ["1.", "收入增速(%)", "", "与经济增长同步", "预期性"]
    assert [c[0] for c in table[6]] in (["4.", "适配率", "95", "", "约束性"], ["4.", "适配率", "", "95", "约束性"])
    assert made.text.endswith("\n三、任务")


def test_a_cell_broken_over_an_empty_line():
    made = balanced(
        document("\t序号\n\t任务\n\t单位\n\n\t1\n\t建设中心\n\t市乡村\n\n振兴局\n\n\t2\n\t培训\n\t市人社局\n\n正文。\n")
    )
    assert [c[0] for c in rows(made)[1]] == ["1", "建设中心", "市乡村\u2028振兴局"]
    assert made.text.endswith("\n正文。")


def test_a_box_keeps_its_paragraphs_and_their_lines():
    made = balanced(
        document(
            "\t专栏2：养老重点项目\n\n\t1.床位项目。建设床位50张。\n2.护理项目。培训护理员，提高\n护理水平。\n\n\n四、任务\n"
        )
    )
    assert made.text.split("\n") == [
        "专栏2：养老重点项目",
        "1.床位项目。建设床位50张。",
        "2.护理项目。培训护理员，提高护理水平。",
        "四、任务",
    ]
    assert [x.source_line for x in made.lines] == [1, 3, 4, 8]
    assert rows(made)[0][0][0] == "专栏2：养老重点项目"


def test_paragraphs_behind_tabs_are_no_table():
    long = "全市加强养老服务体系建设，健全服务网络，推动各项任务落实，确保完成全部目标，让老人安享晚年生活。"
    made = balanced(document(f"\t{long}\n\n\t{long}\n\n\t甲\n\t乙\n\n\t1\n\t2\n\n\t{long}\n"))
    assert len(made.grids) == 1
    assert [[c[0] for c in r] for r in rows(made)] == [["甲", "乙"], ["1", "2"]]
    assert not balanced(document(f"\t{long}\n\t{long}\n\n\t{long}\n")).grids


def test_a_pipe_table():
    made = balanced(document("表1 指标\n\n| 指标 | 2025年 |\n|---|:--:|\n| 床位<br>数 | 5\\|6 |\n\n完。\n", "markdown"))
    assert [[c[0] for c in r] for r in rows(made)] == [["指标", "2025年"], ["床位\u2028数", "5|6"]]
    assert not balanced(document("甲|乙\n丙|丁\n")).grids


@settings(max_examples=150, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from("云溪市一、（）。，：“”《》\t\t\n\n\n \u3000|-*#[]1.23第章专栏\r\f\u2028\ufeff目录"),
        max_size=200,
    )
)
def test_any_text_balances(text):
    for form in ("text", "markdown"):
        try:
            made = document(text, form)
        except UnreadableFile:
            continue
        balanced(made)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda t: t.encode("utf-8", "ignore")))
def test_any_bytes_are_read_or_refused(data):
    try:
        made = document(data)
    except UnreadableFile:
        return
    balanced(made)


@pytest.mark.parametrize(
    "text",
    ["**" * 20000, "甲　　" * 20000, "（" * 20000, "\t甲\n\n" * 10000, "一、" * 20000, "\t甲\t乙\n正\n" * 4000, "1\n\n" * 10000,
     "|" * 20000, "[" * 20000, "第一章" * 10000, "的\n" * 10000, "12 甲\n" * 10000],
    ids=lambda t: t[:4].encode("unicode_escape").decode(),
)  # fmt: skip
def test_reading_is_linear(text):
    import time

    started = time.perf_counter()
    balanced(document(text, "markdown"))
    assert time.perf_counter() - started < 20


FOUND = sorted(p for p in Path(CORPUS or "/nowhere").glob("plans/**/*.*") if p.suffix in {".txt", ".md"})


@pytest.mark.skipif(not FOUND, reason="PLANPARSE_CORPUS names no folder with plans")
@pytest.mark.parametrize("path", FOUND, ids=lambda p: p.name)
def test_corpus_balances(path):
    balanced(read(path, grammar=GRAMMAR))
