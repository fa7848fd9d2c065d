"""Web pages → Document: what is the text, what is the page round it, and how tables, lists and blanks stand."""

import os
from collections import Counter
from pathlib import Path

import pytest

from planparse.document import CELL_BREAK, Document, Origin, count_characters
from planparse.errors import UnreadableFile
from planparse.extractors.html import read_html
from planparse.grammar import load_grammar

SENTENCE = "云溪市坚持以高质量发展为主线，加快建设现代化产业体系，统筹发展和安全，不断满足群众对美好生活的需要。"
PLAN = f"<p>一、总体要求</p><p>{SENTENCE}</p><p>（一）基本原则</p><p>{SENTENCE}</p><p>二、主要任务</p><p>{SENTENCE}</p>"


@pytest.fixture(scope="module")
def grammar():
    return load_grammar()


@pytest.fixture
def read(grammar):
    def read(page: str | bytes, name: str = "page.html") -> Document:
        data = page.encode() if isinstance(page, str) else page
        document = read_html(data, Origin(name, "html", "", len(data), "html"), grammar=grammar)
        assert_balanced(document)
        return document

    return read


def assert_balanced(document: Document) -> None:
    said = sum((count_characters(d.text) for d in document.discarded), count_characters(document.text))
    assert said == Counter(document.source_count) + Counter(document.generated)
    for line in document.lines:
        assert document.text[line.start : line.end] == document.text[line.start : line.end].strip(" \n") != ""
    assert "\n".join(document.text[x.start : x.end] for x in document.lines) == document.text


def lines(document):
    return document.text.split("\n")


def thrown(document, reason="page_chrome"):
    return [d.text for d in document.discarded if d.reason == reason]


# Where the document is on the page


def test_builders_name_tells_the_place_and_the_rest_is_chrome(read):
    page = read(
        f"""<html lang="zh"><head><title>云溪市规划_云溪市人民政府</title><meta name="PubDate" content="2026-01-02"></head><body>
        <div class="top"><a href="/">首页</a><a href="/zwgk">政务公开</a></div>
        <div class="dqwz">您现在的位置：<a href="/">首页</a> &gt; <a href="/gh">规划</a></div>
        <h1>云溪市规划</h1><div class="info">发布日期：2026-01-02 &nbsp; 来源：云溪日报 字号：[大 中 小]</div>
        <div class="TRS_Editor">{PLAN}<p>附件：<a href="./P02.docx">云溪市主要指标</a></p><p>【打印】 【关闭】</p></div>
        <div class="xgxx"><h3>相关阅读</h3><ul><li><a href="1">青岚县规划</a></li></ul></div>
        <div class="foot">主办单位：云溪市人民政府 <a href="icp">松ICP备05000001号</a></div></body></html>"""
    )
    assert lines(page)[0] == "云溪市规划"
    assert lines(page)[1].startswith("发布日期：2026-01-02")
    assert lines(page)[2] == "一、总体要求"
    assert lines(page)[-1] == "附件：云溪市主要指标"
    assert "【打印】 【关闭】" in thrown(page)
    assert page.metadata["pubdate"] == "2026-01-02"
    assert page.metadata["title"] == "云溪市规划_云溪市人民政府"
    assert page.metadata["lang"] == "zh"
    assert page.metadata["attachments"] == "云溪市主要指标\t./P02.docx"
    assert page.metadata["source"] == "云溪日报"


def test_title_printed_again_in_the_text_is_not_kept_twice(read):
    page = read(
        f"<title>云溪市规划</title><h1>云溪市规划</h1><div id=zoom><p>云溪市</p><p>规划</p>{PLAN}</div><div class=footer>版权所有</div>"
    )
    assert lines(page)[:3] == ["云溪市", "规划", "一、总体要求"]
    assert "云溪市规划" in thrown(page)


def test_title_in_the_head_of_the_text_stays(read):
    page = read(
        f"<title>云溪市规划</title><article class=article-content><div class=head><h1>云溪市规划</h1>分享</div>{PLAN}</article>"
    )
    assert lines(page)[:2] == ["云溪市规划", "一、总体要求"]
    assert thrown(page) == ["分享"]


@pytest.mark.parametrize(
    "page",
    [
        "<title>甲</title><article><p>乙</p></article>",
        "<head><title>甲</title><main>乙</main></head>",
        "<meta><ucaptitle>乙</ucaptitle>丙<body>丁",
    ],
)
def test_words_that_a_parser_leaves_in_the_head_are_not_lost(read, page):
    assert read(page).text.startswith("乙")
    assert read(page).text.endswith(page.rstrip("</>abcdehilmnprtuy")[-1])


def test_two_places_of_text_both_stay(read):
    notice = f"<p>各县区人民政府：</p><p>{SENTENCE}</p>"
    page = read(
        f"<div class=nav><a href=1>首页</a></div><div class=TRS_UEDITOR>{notice}</div><div class=TRS_UEDITOR>{PLAN}</div>"
    )
    assert lines(page)[0] == "各县区人民政府："
    assert len(lines(page)) == 8
    assert thrown(page) == ["首页"]


def test_the_place_by_weight_where_no_name_tells(read):
    page = read(
        f"""<div class=a1><ul><li><a href=1>机构职能</a></li><li><a href=2>政策文件</a></li></ul></div>
        <div class=a2><p>云溪市人民政府文件</p></div><div class=a3><div class=a4>{PLAN}</div></div><div class=a5>松ICP备05000001号</div>"""
    )
    assert lines(page)[0] == "云溪市人民政府文件"
    assert lines(page)[-1] == SENTENCE
    assert thrown(page) == ["机构职能", "政策文件", "松ICP备05000001号"]


def test_a_name_that_holds_too_little_is_not_the_place(read):
    page = read(f"<div class=TRS_Editor><p>{SENTENCE}</p></div><div class=x9>{PLAN * 3}</div>")
    assert len(lines(page)) == 19


def test_an_element_named_footer_that_holds_the_plan_is_no_footer(read):
    page = read(f"<div class=footer><div class=navbar>{PLAN}</div></div>")
    assert len(lines(page)) == 6


def test_particulars_in_a_table_stay_and_are_metadata(read):
    page = read(
        f"""<table><tr><td><table><tr><td>索 引 号：</td><td>YX-2026-003</td><td>主题分类：</td><td>规划</td></tr>
        <tr><td>标　　题：</td><td colspan=3>云溪市规划</td></tr><tr><td>发文字号：</td><td>云政发〔2026〕3号</td><td>成文日期：</td><td>2026年1月2日</td></tr></table></td></tr></table>
        <table><tr><td><table><tr><td id="UCAP-CONTENT">{PLAN}</td></tr></table></td><td><a href=x>更多</a></td></tr></table>"""
    )
    assert lines(page)[0] == "索 引 号：\tYX-2026-003\t主题分类：\t规划"
    assert page.metadata["index_number"] == "YX-2026-003"
    assert page.metadata["document_number"] == "云政发〔2026〕3号"
    assert page.metadata["signed_on"] == "2026年1月2日"
    assert page.metadata["title"] == "云溪市规划"
    assert len(page.grids) == 1
    assert thrown(page) == ["更多"]


def test_particulars_in_a_list_with_the_value_in_its_own_block(read):
    page = read(
        f"<ul><li><b>索引号</b>：YX-1</li></ul><dl><dt>发文机关：</dt><dd>云溪市人民政府</dd></dl><p>12345热线</p><div id=zoom>{PLAN}</div>"
    )
    assert lines(page)[:3] == ["索引号：YX-1", "发文机关：", "云溪市人民政府"]
    assert page.metadata["issuer"] == "云溪市人民政府"
    assert "12345热线" in thrown(page)


def test_official_particulars_in_a_footer_stay(read):
    page = read(
        f"<div class=container><h1>云溪市规划</h1>{PLAN}<div class=footer><p>发文字号：云政发〔2026〕3号<br>版权所有</p></div></div>"
    )
    assert lines(page)[-1] == "发文字号：云政发〔2026〕3号"
    assert thrown(page) == ["版权所有"]


def test_a_table_of_the_plan_is_none_of_particulars(read):
    page = read(f"<div>{PLAN}</div><div class=footer><table><tr><td>发布单位</td><td>甲</td></tr></table></div>")
    assert thrown(page) == ["发布单位\t甲"]


def test_hidden_words_are_put_aside_but_not_a_hidden_plan(read):
    page = read(
        f"""<style>.gone {{display: none}} @media print {{ .shown {{ display: none }} }}</style><div id=zoom style="display:none">{PLAN}</div>
        <p class=gone>备用一</p><p hidden>备用二</p><p class=shown>其他</p><span style="visibility: hidden">备用三</span>"""
    )
    assert thrown(page, "hidden") == ["备用一", "备用二", "备用三"]
    assert len(lines(page)) == 6


def test_forms_and_pictures_are_chrome_and_script_is_nothing(read):
    page = read(
        f"""<!-- 旧稿 --><script>var a="甲";</script><style>p:before{{content:"乙"}}</style><noscript>丙</noscript>{PLAN}
        <form><select><option>全部<option>标题</select><button>搜索</button><textarea>留言</textarea></form><svg><text>图</text></svg>"""
    )
    assert "".join(thrown(page)).replace(" ", "") == "全部标题搜索留言图"
    assert all(word not in page.source_count for word in "旧丙")


def test_header_of_a_source_file_is_markup(read):
    page = read(f"---\nlayout: default\ntitle: 云溪市行动计划\n---\n<article><div class=policy-body>{PLAN}</div></article>")
    assert thrown(page, "markup") == ["--- layout: default title: 云溪市行动计划 ---"]
    assert page.metadata["title"] == "云溪市行动计划"
    assert len(lines(page)) == 6


def test_a_short_page_is_kept_whole(read):
    assert lines(read("<p>云溪市</p>通知")) == ["云溪市", "通知"]


# Paragraphs


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>云溪\n  市</p>", "云溪市"),
        ("<p>GDP\n2026 年</p>", "GDP 2026 年"),
        ("<p>目&nbsp;&nbsp;录</p>", "目  录"),
        ("<p>　　第一章　总则　</p>", "第一章　总则"),
        ("<p><b>一、</b>\n<i>总则</i></p>", "一、 总则"),
        ("<p>a\tb\u2028c\u200bd\ufeff</p>", "a b cd"),
        ("<p>到<font><span>2030</span></font>年<sup>①</sup></p>", "到2030年①"),
        ("<p>甲<br>　　乙<br/><br>丙</p>", "甲\n乙\n丙"),
        ("<div>甲<p>乙</p>丙<span style='display:block'>丁</span>戊</div>", "甲\n乙\n丙\n丁\n戊"),
        ("<div style='display:inline'>甲</div><div style='display:inline'>乙</div>", "甲乙"),
        ("<h1>云溪市<br>规划</h1>", "云溪市 规划"),
        ("<pre>第一行\n  第二  行</pre>", "第一行\n第二  行"),
        ("<p>甲<!-- 注 -->乙<?php echo ?>丙</p>", "甲乙丙"),
        ("<p>甲&#0;&amp;&lt;乙&unknown;</p>", None),
        ("<html><body><div><html><head></head><body><p>甲</p></body></html></div><p>乙</p></body></html>", "甲\n乙"),
    ],
)
def test_blanks_and_breaks_as_a_browser_has_them(read, page, text):
    document = read(page)
    assert text is None or document.text == text


def test_libreoffice_breaks_lines_at_blanks_only(read):
    page = read("""<meta name="generator" content="LibreOffice 7.4 (Linux)"/><style>p {text-align: left}</style>
        <p align="center">第一节\n总则</p><div title="header"><p>云溪市规划</p></div><div title="footer"><p>— 3 —</p></div>""")
    assert page.text == "第一节 总则"
    assert page.lines[0].centred is True
    assert thrown(page, "running_head") == ["云溪市规划"]
    assert thrown(page, "page_number") == ["— 3 —"]


def test_numbers_that_word_writes_stay_without_their_padding(read):
    page = read(
        """<p class=MsoListParagraph><![if !supportLists]><span style='mso-list:Ignore'>1.<span style='font:7.0pt "Times"'>&nbsp;&nbsp;&nbsp;
        </span></span><![endif]>建设云溪港<o:p></o:p></p>"""
    )
    assert page.text.split() == ["1.", "建设云溪港"]


# Look


def test_look_of_lines(read):
    page = read("""<style>p.MsoTitle, .mid {text-align:center; font-size:22.0pt}</style><body style="font-size:16px">
        <p class=MsoTitle><b>云溪市规划</b></p><h2>一、总体要求</h2><p style="text-indent:2em;font-size:16pt;font-family:仿宋_GB2312, serif">正文<b>一</b></p>
        <center>居中</center><p align=right><font size=5 face="黑体">署名</font></p><p>　　缩进</p><p style="font:bold 12pt/1.5 宋体">粗</p>
        <div style="font-size:large;text-indent:1cm"><p style="font-weight:400;font-size:150%">巨</p></div><p style="font-size:9999px">怪</p>""")
    title, heading, body, centre, signed, indented, bold, large, odd = page.lines
    assert (title.centred, title.size, title.bold, title.style) == (True, 22.0, True, "p")
    assert (heading.style, heading.outline_level, heading.bold) == ("h2", 1, True)
    assert (body.indent, body.size, body.bold, body.font, body.outline_level) == (32.0, 16.0, False, "仿宋_gb2312", None)
    assert centre.centred is True
    assert (signed.centred, signed.size, signed.font) == (False, 18.0, "黑体")
    assert indented.indent == 24.0
    assert (bold.bold, bold.size) == (True, 12.0)
    assert (large.size, large.indent, large.bold) == (20.25, 28.35, False)
    assert odd.size == 12.0


def test_a_date_line_inside_a_title_is_no_heading(read):
    page = read(f"<div><h2><div>云溪市规划<small><p>发布日期：2026-02-10</p></small></div></h2>{PLAN}</div>")
    assert [(line.style, line.outline_level) for line in page.lines[:2]] == [("h2", 1), ("p", None)]


# Lists


@pytest.mark.parametrize(
    ("page", "labels"),
    [
        ("<ol><li>甲<li>乙</ol>", ["1.", "2."]),
        ("<ol start=3><li>甲<li value=9>乙<li>丙</ol>", ["3.", "9.", "10."]),
        ("<ol reversed><li>甲<li>乙</ol>", ["2.", "1."]),
        ("<ol type=a><li>甲<li>乙<ol type=I><li>丙</ol><li>丁</ol>", ["a.", "b.", "I.", "c."]),
        ("<ol style='list-style-type:cjk-ideographic' start=10><li>甲<li>乙</ol>", ["十、", "十一、"]),
        ("<ol style='list-style:none'><li>甲</ol>", [None]),
        ("<ul><li>甲<li>乙</ul>", [None, None]),
        ("<ul style='list-style-type:decimal-leading-zero'><li>甲</ul>", ["01."]),
        ("<ol><li>1．甲<li>（二）乙<li>丙</ol>", [None, None, "3."]),
        ("<li>甲", [None]),
        ("<ol><li><p>甲</p><p>乙</p></ol>", ["1.", None]),
        ("<ol type=A start=28><li>甲</ol><ol type=i start=94><li>乙</ol>", ["AB.", "xciv."]),
        (
            "<ol start=x style='list-style-type:simp-chinese-informal'><li value=20>甲<li value=120>乙<li value=-1>丙</ol>",
            ["二十、", "120.", "-1."],
        ),
    ],
)
def test_numbers_of_lists_are_text(read, page, labels):
    document = read(page)
    assert [line.list_label for line in document.lines] == labels
    for line, label in zip(document.lines, labels, strict=True):
        assert document.text[line.start :].startswith(label or "")
    assert sum(document.generated.values()) == sum(len(label or "") for label in labels)


# Tables


def test_spans_are_resolved_and_merged_cells_stand_once(read):
    page = read(
        """<table border=1><caption>表1　主要指标</caption><thead><tr><th rowspan=2>指标<th colspan=2>目标<tr><th>2025年<th>2030年</thead>
        <tfoot><tr><td colspan=3>注：当年价</tfoot><tbody><tr><td>一<br>二<td><ol><li>甲</ol><td>&nbsp;</table>"""
    )
    assert lines(page) == ["表1　主要指标", "指标\t目标", "2025年\t2030年", f"一{CELL_BREAK}二\t1. 甲\t", "注：当年价"]
    (grid,) = page.grids
    assert [(c.row, c.column, c.rows, c.columns) for c in grid.cells] == [
        (0, 0, 2, 1),
        (0, 1, 1, 2),
        (1, 1, 1, 1),
        (1, 2, 1, 1),
        (2, 0, 1, 1),
        (2, 1, 1, 1),
        (2, 2, 1, 1),
        (3, 0, 1, 3),
    ]
    assert page.lines[1].bold is True


def test_a_frame_is_a_grid_of_one_cell(read):
    page = read(f"<div>{PLAN}</div><table><tr><td><p>专栏1　重点工程</p><p>云溪港工程。</p></td></tr></table>")
    assert lines(page)[-2:] == ["专栏1　重点工程", "云溪港工程。"]
    assert len(page.grids[0].cells) == 1


def test_the_page_in_one_cell_is_no_table(read):
    page = read(f"<table><tr><td>栏目<td>{PLAN * 12}</table>")
    assert not page.grids
    assert lines(page)[1] == "一、总体要求"


@pytest.mark.parametrize("attribute", ["role=presentation", ""])
def test_a_table_in_a_table_makes_the_outer_one_layout(read, attribute):
    page = read(f"<table {attribute}><tr><td>{'<table><tr><td>甲<td>乙<tr><td>丙<td>丁</table>'}<td>戊</table>")
    assert lines(page) == ["甲\t乙", "丙\t丁", "戊"]


def test_a_small_table_in_a_cell_of_data_is_words_of_the_cell(read):
    row = "<tr><td>推进云溪港建设，完善集疏运体系<td>市交通运输局"
    page = read(f"<table>{row * 4}<tr><td>其他<td><table><tr><td>一<td>二</table></table>")
    assert lines(page)[-1] == f"其他\t一{CELL_BREAK}二"


def test_odd_tables_lose_nothing(read):
    read("<table>游离<tr>词<td>甲<p>乙</table>")
    read("<table><td>甲<td>乙<tr></tr><tr><td rowspan=0 colspan=x>丙<td rowspan=9>丁</table>")
    read("<table><tr><td>甲<span hidden>隐</span><td>乙</table>" + PLAN)
    read("<table></table><table><tr><td></table>甲")
    assert read("<table><tr><td colspan=999999>甲<td>乙<tr><td rowspan=3 colspan=2>丙</table>").grids[0].cells[1].column == 200


def test_piled_up_spans_cost_no_square(read):
    document = read("<table>" + "<tr><td colspan=200 rowspan=99999>甲<td>乙" * 1500 + "</table>")
    assert len(document.lines) == 1500


# Encodings and limits


def test_gb18030_declared_as_gb2312(read):
    page = read(f"<meta charset=gb2312><body>{PLAN}<p>㐂</p>".encode("gb18030"))
    assert page.origin.encoding == "gb18030"
    assert lines(page)[-1] == "㐂"


@pytest.mark.parametrize("page", ["", " ", "<html></html>", "<p>&nbsp;</p>", "<script>甲</script>", "<!-- -->"])
def test_a_page_without_words_is_refused_by_name(read, page):
    with pytest.raises(UnreadableFile, match=r"^page\.html: .*words") as error:
        read(page)
    assert error.value.code == "no-text"


def test_what_is_nested_too_deeply(read):
    assert read("<body>" + "<font><b>" * 3000 + PLAN).text.count("\n") == 5
    with pytest.raises(UnreadableFile, match="deep"):
        read("<body>" + "<div>" * 3000 + PLAN)


def test_style_sheets_are_read_leniently(read):
    read(
        f"<style>@import 'x'; @media a {{ p {{}} .b {{ color: red }} }} p > a {{display:none}} .c{{text-align:center</style><p class=c>甲</p>{PLAN}"
    )
    read(f"<style>@media x {{ p {{</style>{PLAN}")
    assert read("<style><!-- .c{text-align:center} --></style><p class=c>甲</p>").lines[0].centred is True


def corpus():
    folder = os.environ.get("PLANPARSE_CORPUS")
    return sorted((Path(folder) / "plans").rglob("*.html")) if folder else []


@pytest.mark.skipif(not corpus(), reason="PLANPARSE_CORPUS names no folder with plans")
def test_real_pages_balance(read):
    for file in corpus():
        document = read(file.read_bytes(), file.name)
        share = sum(len(d.text) for d in document.discarded) / len(document.text)
        assert share < 0.5, file.name


@pytest.mark.parametrize(
    "empty",
    [
        "<table><tbody><x><tr><td>甲</td><td>乙</td></tr></x></tbody></table>",
        "<table></table>",
        "<table><tr></tr><tr><td></td></tr></table>",
        "<p>\x1c\x1d</p>",
        "<p>\x1f</p><p>&#28;</p>",
    ],
)
def test_blocks_that_hold_nothing_break_nothing(read, empty):
    assert "一、总体要求" in read(f"<body>{empty}{PLAN}{empty}").text
