import os
from itertools import pairwise
from pathlib import Path

import pytest

from planparse.document import Document, Origin
from planparse.document_builder import DocumentBuilder
from planparse.grammar import load_grammar
from planparse.models import Annex, Box, Contents, ContentsEntry, FrontMatter, Node, Paragraph, Section, Table, TableCell
from planparse.structure.front_bodies import split_names
from planparse.structure.front_lines import tidy
from planparse.structure.front_matter import collect_front_matter
from planparse.structure.spans import span_of
from planparse.structure.walk import Tree

ORIGIN = Origin("plan.txt", "txt", "0" * 64, 1, "text")


def document_of(*lines: str) -> Document:
    builder = DocumentBuilder()
    for line in lines:
        builder.paragraph(line)
    return builder.build(ORIGIN, source_count={})


def paragraphs(document: Document, first: int = 0, last: int | None = None) -> list[Node]:
    return [
        Paragraph(text=document.text[line.start : line.end], span=span_of(document, line.start, line.end))
        for line in document.lines[first:last]
    ]


def read_front(*lines: str, back: tuple[str, ...] = (), body: list[Node] | None = None) -> FrontMatter:
    document = document_of(*lines, *back)
    tree = Tree(paragraphs(document, 0, len(lines)), body or [], paragraphs(document, len(lines)))
    found = collect_front_matter(tree, document, load_grammar())
    for places in found.spans.values():
        assert all(document.text[s.start : s.end] for s in places)
    return found


NOTICE = (
    "云政发〔2022〕15号",
    "云溪市青岚区人民政府",
    "关于印发《青岚区养老服务发展",
    "“十四五”规划》的通知",
    "各镇（街道）人民政府（办事处），区有关委、办、局，驻区有关单位：",
    "现将《青岚区养老服务发展“十四五”规划》印发给你们，请认真贯彻执行。",
    "云溪市青岚区人民政府",
    "2022年6月8日",
    "（此件公开发布）",
    "青岚区养老服务发展“十四五”规划",
    "为了老有所养，根据《松陵省实施〈中华人民共和国老年法〉办法》《云溪市“十四五”养老规划》（云政发〔2021〕7号）和"
    "《云溪市总体规划》，深化《青岚区试点办法》，制定本规划。",
)


def test_a_notice_with_its_plan_gives_every_field():
    front = read_front(
        *NOTICE, back=("抄送：区委各部门，区人大常委会办公", "室，区法院。", "青岚区人民政府办公室　　2022年6月10日印发")
    )
    assert front.title == "青岚区养老服务发展“十四五”规划"
    assert front.notice_title == "云溪市青岚区人民政府关于印发《青岚区养老服务发展“十四五”规划》的通知"
    assert front.document_type == "规划"
    assert front.issuer == "云溪市青岚区人民政府"
    assert front.issuers[0].kind == "government"
    assert front.document_number is not None
    assert front.document_number.model_dump() == {
        "raw": "云政发〔2022〕15号", "agency": "云政发", "year": 2022, "serial": "15",
    }  # fmt: skip
    assert (front.signed_on, front.printed_on) == ("2022-06-08", "2022-06-10")
    assert front.addressees == ["各镇（街道）人民政府（办事处）", "区有关委、办、局", "驻区有关单位"]
    assert front.copied_to == ["区委各部门", "区人大常委会办公室", "区法院"]
    assert front.status == "final"
    assert front.period is not None
    assert (front.period.start, front.period.end) == (2021, 2025)
    assert (front.region, front.level, front.region_code) == ("云溪市青岚区", "county", None)
    assert front.basis == ["松陵省实施〈中华人民共和国老年法〉办法", "云溪市“十四五”养老规划", "云溪市总体规划"]
    assert len(front.spans["title"]) == 1
    assert len(front.spans["notice_title"]) == 3
    assert len(front.content) == len(NOTICE)


def test_bodies_and_date_on_one_line_and_addressees_over_two():
    front = read_front(
        "云溪市人民政府关于印发云溪市水利规划的通知",
        "各区人民政府，市政府各部",
        "门，各直属单位：",
        "云溪市人民政府　　2024年5月6日",
    )
    assert (front.issuer, front.signed_on) == ("云溪市人民政府", "2024-05-06")
    assert front.addressees == ["各区人民政府", "市政府各部门", "各直属单位"]


def test_nothing_gives_nothing():
    front = read_front()
    assert front.model_dump(exclude={"content"}) == FrontMatter().model_dump(exclude={"content"})


def test_a_draft_without_a_masthead():
    front = read_front(
        "附件：",
        "栖霞湾区“十五五”水利规划",
        "（征求意见稿）",
        "为了水安全，依据国务院《水法》，制定本规划，规划期为2026年至2030年。",
    )
    assert (front.title, front.status) == ("栖霞湾区“十五五”水利规划", "draft")
    assert (front.issuer, front.document_number, front.signed_on, front.attachments) == (None, None, None, [])
    assert front.basis == ["水法"]


@pytest.mark.parametrize(
    ("lines", "title", "draft"),
    [
        (["云溪市水利规划（送审稿）"], "云溪市水利规划", True),
        (["云溪市国民经济和社会发展", "第十五个五年规划纲要"], "云溪市国民经济和社会发展第十五个五年规划纲要", False),
        (["青岚县低空经济三年行动计划", "（2024—2026年）"], "青岚县低空经济三年行动计划（2024—2026年）", False),
        (["青岚县数字行动计划（2025—2027年） 政策咨询"], "青岚县数字行动计划（2025—2027年）", False),
        (["关于公开征求《青岚县水利规划》意见的公告"], "青岚县水利规划", True),
        (["中共松陵省委 松陵省人民政府印发松陵省交通规划纲要", "《松陵省交通规划纲要》根据《上位规划》编制。"],
         "松陵省交通规划纲要", False),
    ],
)  # fmt: skip
def test_titles(lines: list[str], title: str, draft: bool):
    front = read_front(*lines)
    assert front.title == title
    assert (front.status == "draft") is draft


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("青岚县“十五五”水利规划", (2026, 2030)),
        ("青岚县第十四个五年规划和二〇三五年远景目标纲要", (2021, 2025)),
        ("青岚县水利行动计划（2024－2027年）", (2024, 2027)),
        ("青岚县到2027年水利行动计划", (None, 2027)),
        ("青岚县水利三年行动计划", None),
        ("青岚县水利规划（2035—2021年）", None),
        ("青岚县“二五”水利规划", None),
    ],
)
def test_periods(title: str, period: tuple[int | None, int] | None):
    found = read_front(title).period
    assert (found and (found.start, found.end)) == period


def test_the_period_that_the_preamble_states():
    front = read_front("松陵省立体交通规划纲要", "为建设交通强省，编制本纲要。规划期为2021至2035年，远景展望到本世纪中叶。")
    assert front.period is not None
    assert (front.period.start, front.period.end) == (2021, 2035)


def test_a_plan_names_itself_over_its_indicator_table():
    document = document_of("（征求意见稿）", "为了健康，制定本规划。", "专栏1 青岚县“十四五”健康规划主要指标")
    last = document.lines[2]
    span = span_of(document, last.start, last.end)
    box = Box(id="box-1", caption=document.text[last.start :], caption_span=span, title="t", kind="indicators", span=span)
    front = collect_front_matter(Tree(paragraphs(document, 0, 2), [box]), document, load_grammar())
    assert (front.title, front.region, front.document_type) == ("青岚县“十四五”健康规划", "青岚县", "规划")


def test_the_printing_line_and_the_grounds_say_which_region_is_meant():
    lines = ("和风区“十四五”水利规划", "依据《云溪市和风区总体规划》，制定本规划。")
    assert read_front(*lines).region == "云溪市和风区"
    back = ("松陵市和风区人民政府办公室　2022年5月23日印发",)
    assert read_front("和风区“十四五”水利规划", back=back).region == "松陵市和风区"


@pytest.mark.parametrize(
    ("lines", "level"),
    [
        (["国务院关于印发“十四五”水利规划的通知"], "national"),
        (["国发〔2021〕29号", "“十四五”水利规划"], "national"),
        (["松陵省水利规划"], "province"),
        (["上海市水利规划"], "province"),
        (["云溪州水利规划"], "city"),
        (["青岚县和风镇水利规划"], "township"),
        (["云溪市人民政府关于印发云溪市水利规划的通知", "各区人民政府，市直各单位："], "city"),
        (["云溪市人民政府关于印发云溪市水利规划的通知", "各镇人民政府，市直各单位："], "county"),
        (["云溪市水利规划", "根据《松陵省水利规划》，制定本规划。"], "city"),
        (["云溪市水利规划", "根据《松陵省水利规划》《大湖市水利规划》，制定本规划。"], "county"),
        (["云溪市水利规划"], None),
        (["“十四五”水利规划"], None),
    ],
)
def test_levels(lines: list[str], level: str | None):
    assert read_front(*lines).level == level


def test_a_masthead_run_together_in_one_line_comes_apart():
    front = read_front(
        "国务院关于印发国家水利“十二五”规划的通知国发〔2011〕42号 各省、自治区、直辖市人民政府，国务院各部委：　"
        "现将《国家水利“十二五”规划》印发给你们，请认真贯彻执行。　　　　　　国　务　院　　　　"
        "二○一一年十二月十五日　国家水利“十二五”规划　　　　根据《水法》，编制本规划。",
    )
    assert front.notice_title == "国务院关于印发国家水利“十二五”规划的通知"
    assert front.document_number is not None
    assert front.document_number.raw == "国发〔2011〕42号"
    assert (front.issuer, front.signed_on) == ("国务院", "2011-12-15")
    assert front.addressees == ["各省", "自治区", "直辖市人民政府", "国务院各部委"]
    assert front.title == "国家水利“十二五”规划"
    assert front.basis == ["水法"]


def test_several_bodies_sign():
    front = read_front(
        "中共云溪市委办公室", "云溪市人民政府办公室", "关于印发云溪市水利规划的通知", "主送：各区人民政府。",
        "中共云溪市委办公室　　云溪市人民政府办公室", "2022年2月30日", "2022年3月1日",
    )  # fmt: skip
    assert front.notice_title == "中共云溪市委办公室 云溪市人民政府办公室关于印发云溪市水利规划的通知"
    assert [a.name for a in front.issuers] == ["中共云溪市委办公室", "云溪市人民政府办公室"]
    assert [a.kind for a in front.issuers] == ["party", "government"]
    assert front.title == "云溪市水利规划"
    assert front.addressees == ["各区人民政府"]
    assert front.signed_on is None


def test_the_notices_title_names_the_issuer_where_nobody_signs():
    assert read_front("云溪市人民政府关于印发云溪市水利规划的通知").issuer == "云溪市人民政府"
    assert read_front("区政府关于印发云溪区水利规划的通知").issuer is None


def test_a_cover_with_a_month():
    front = read_front("云溪市水利规划纲要", "云溪市 人民政府", "二〇二六年四月")
    assert (front.issuer, front.signed_on) == ("云溪市人民政府", None)


def test_a_signature_at_the_end_of_the_body():
    document = document_of("青岚县水利意见", "一、目标", "建设水库。", "青岚县水务局", "2024年5月6日")
    head = document.lines[1]
    section = Section(
        id="1", heading="一、目标", title="目标", level=1, span=span_of(document, head.start, head.end),
        content=paragraphs(document, 2),
    )  # fmt: skip
    front = collect_front_matter(Tree(paragraphs(document, 0, 1), [section]), document, load_grammar())
    assert (front.issuer, front.signed_on) == ("青岚县水务局", "2024-05-06")


def test_a_preamble_under_its_own_heading():
    document = document_of("青岚县水利规划", "前言", "根据《水法》，制定本规划。")
    head = document.lines[1]
    section = Section(
        id="1", heading="前言", title="前言", level=1, span=span_of(document, head.start, head.end),
        content=paragraphs(document, 2),
    )  # fmt: skip
    front = collect_front_matter(Tree(paragraphs(document, 0, 1), [section]), document, load_grammar())
    assert front.basis == ["水法"]


def table_of(document: Document, grid_rows: int) -> Table:
    grid = document.grids[0]
    rows = [
        [
            TableCell(text=document.text[c.start : c.end], row=c.row, column=c.column, span=span_of(document, c.start, c.end))
            for c in grid.cells
            if c.row == row
        ]
        for row in range(grid_rows)
    ]
    return Table(id="table-1", rows=rows, span=span_of(document, grid.start, grid.end))


def test_a_sites_metadata_table_feeds_the_fields():
    builder = DocumentBuilder()
    rows = [
        ["索 引 号", "SL000/2024-00012", "发文字号", "青政发〔2024〕3号"],
        ["发布机构：", "青岚县人民政府", "成文日期：", "2024年01月05日"],
        ["发布日期", "2024-01-09 10:30", "有效性", "有效"],
    ]
    builder.grid([[(text, column, 1, 1) for column, text in enumerate(row)] for row in rows])
    document = builder.build(ORIGIN, source_count={})
    front = collect_front_matter(Tree([table_of(document, 3)]), document, load_grammar())
    assert front.index_number == "SL000/2024-00012"
    assert front.document_number is not None
    assert front.document_number.serial == "3"
    assert (front.issuer, front.signed_on, front.published_on) == ("青岚县人民政府", "2024-01-05", "2024-01-09")


def test_labels_in_lines_and_dates_in_force():
    front = read_front(
        "索引号：SL/1", "发布日期: 2024年1月", "发布机构: 加快布局", "青岚县水利措施",
        "本措施自2024年7月1日起施行，有效期至2026年12月31日。水法自2020年1月1日起施行。",
    )  # fmt: skip
    assert (front.index_number, front.published_on, front.issuer) == ("SL/1", None, None)
    assert (front.effective_on, front.expires_on) == ("2024-07-01", "2026-12-31")


def test_the_printing_line_in_a_table():
    builder = DocumentBuilder()
    builder.grid([[("青岚县人民政府办公室", 0, 1, 1), ("2024年5月6日印发", 1, 1, 1)]])
    document = builder.build(ORIGIN, source_count={})
    front = collect_front_matter(Tree([], [], [table_of(document, 1)]), document, load_grammar())
    assert front.printed_on == "2024-05-06"


def test_a_copy_list_that_breaks_behind_the_first_character_of_a_name():
    front = read_front(*NOTICE, back=("抄送：区委各部门，区政协办公室，区", "监委，区政府各委、办、", "局，区法院。"))
    assert front.copied_to == ["区委各部门", "区政协办公室", "区监委", "区政府各委、办、局", "区法院"]


def test_the_plan_itself_is_what_the_notice_attaches():
    front = read_front(*NOTICE[:-3], "附件：青岚区养老服务发展“十四五”规划", *NOTICE[-3:])
    assert [(a.title, a.included) for a in front.attachments] == [("青岚区养老服务发展“十四五”规划", True)]


def test_attachments_and_which_stand_in_the_file():
    document = document_of("附件：1．青岚县水库表", "2．青岚县水库图", "以上。", "水库表")
    last = document.lines[3]
    annex = Annex(id="annex-1", title="青岚县水库表", heading="水库表", span=span_of(document, last.start, last.end))
    front = collect_front_matter(Tree(paragraphs(document, 0, 3), [annex]), document, load_grammar())
    assert [(a.title, a.included) for a in front.attachments] == [("青岚县水库表", True), ("青岚县水库图", False)]
    assert [a.title for a in read_front("附件：青岚县水库图", "无关的话。").attachments] == ["青岚县水库图"]


def test_contents_in_front_are_no_titles():
    document = document_of("青岚县水利规划", "第一章 水库建设规划")
    last = document.lines[1]
    span = span_of(document, last.start, last.end)
    contents = Contents(entries=[ContentsEntry(title="水库建设规划", raw=document.text[last.start :], span=span)], span=span)
    front = collect_front_matter(Tree([*paragraphs(document, 0, 1), contents]), document, load_grammar())
    assert front.title == "青岚县水利规划"


def test_names_stay_whole_in_brackets():
    assert [n for n, _ in split_names("各镇（街道、园区），市各委、办、局；", 3)] == ["各镇（街道、园区）", "市各委、办、局"]
    assert split_names("", 0) == []


def test_a_body_without_a_first_section():
    assert read_front("青岚县水利规划", "附件：1．表", "2．水库项目一览表").title == "青岚县水利规划"


def test_tidy_takes_blanks_out_of_names_only():
    assert tidy("关于《甲 乙》的 通知 “丙”") == "关于《甲乙》的 通知“丙”"


CORPUS = os.environ.get("PLANPARSE_CORPUS")


@pytest.mark.skipif(not CORPUS, reason="PLANPARSE_CORPUS is not set")
def test_real_heads_never_raise():
    grammar = load_grammar()
    for path in sorted(Path(CORPUS or "").glob("plans/**/*.txt")):
        document = document_of(*path.read_bytes().decode("utf-8", "replace").split("\n")[:400])
        front = collect_front_matter(Tree(paragraphs(document, 0, 60)), document, grammar)
        for one, other in pairwise(front.spans.get("title", [])):
            assert one.end <= other.start


def test_a_number_in_brackets_and_a_year_with_the_letter_o():
    front = read_front(
        "云溪县人民政府关于印发云溪县水利规划的通知",
        "(云政发〔2012〕4号)",
        "各镇人民政府：",
        "现印发给你们。",
        "二O一二年二月一日",
    )
    assert front.document_number is not None
    assert (front.document_number.raw, front.signed_on) == ("云政发〔2012〕4号", "2012-02-01")


def test_a_notice_within_title_marks():
    front = read_front(
        "云政办发〔2016〕26号《云溪市人民政府办公厅关于印发〈云溪市2016年政务公开工作要点〉的通知》", "各区人民政府："
    )
    assert front.title == "云溪市2016年政务公开工作要点"
    assert front.issuer == "云溪市人民政府办公厅"


def test_labels_with_bullets_and_their_values_below():
    front = read_front("• 索引号:", "6107280000/2024-001005", "• 主题分类:", "• 发布日期:", "2024年04月06日 16:34")
    assert (front.index_number, front.published_on) == ("6107280000/2024-001005", "2024-04-06")


def test_a_notice_that_is_the_measure_itself():
    front = read_front("云溪市人民政府办公厅关于加强", "毕业生就业工作的通知", "各区人民政府：", "现就有关问题通知如下：")
    assert (front.title, front.document_type) == ("云溪市人民政府办公厅关于加强毕业生就业工作的通知", "通知")


def test_a_region_on_the_line_above_belongs_to_the_title():
    assert read_front("东湖高新区", "科技创新三年行动计划（2020-2022年）", "总体思路如下。").title == (
        "东湖高新区科技创新三年行动计划（2020-2022年）"
    )
