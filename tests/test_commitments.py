import os
from decimal import Decimal
from pathlib import Path

import pytest

from planparse.document import Document, Origin
from planparse.document_builder import DocumentBuilder
from planparse.facts.commitment_clauses import five_year_end, text_to_clauses
from planparse.facts.commitments import collect_commitments
from planparse.grammar import load_grammar
from planparse.models import Box, Commitment, Node, Paragraph, Period, Section, Table, TableCell
from planparse.models.nodes import Function
from planparse.structure.front_matter import collect_front_matter
from planparse.structure.spans import span_of
from planparse.structure.walk import Tree

ORIGIN = Origin("plan.txt", "txt", "0" * 64, 1, "text")
TITLE = "青岚县“十四五”水利规划"


def document_of(*lines: str) -> Document:
    builder = DocumentBuilder()
    for line in lines:
        builder.paragraph(line)
    return builder.build(ORIGIN, source_count={})


def promises(*lines: str, function: Function = "tasks", title: str = "任务", head: str = TITLE) -> list[Commitment]:
    document = document_of(head, *lines)
    nodes: list[Node] = [
        Paragraph(text=document.text[line.start : line.end], span=span_of(document, line.start, line.end))
        for line in document.lines
    ]
    section = Section(id="1", heading=title, title=title, level=1, function=function, span=nodes[0].span, content=nodes[1:])
    tree = Tree(nodes[:1], [section])
    period = collect_front_matter(tree, document, load_grammar()).period
    found = collect_commitments(tree, document, load_grammar(), period=period)
    for row in found:
        assert document.text[row.span.start : row.span.end] == row.text
    return found


def figures(*lines: str, function: Function = "tasks") -> list[str]:
    return [str(row.quantity.value) + (row.quantity.unit or "") for row in promises(*lines, function=function)]


@pytest.mark.parametrize(
    ("text", "value", "unit", "comparator", "measure", "action", "year"),
    [
        ("新建小水库20座。", 20, "座", "=", "小水库", "新建", None),
        ("到2025年，灌溉覆盖率不低于95%。", 95, "%", ">=", "灌溉覆盖率", "达到", 2025),
        ("到“十四五”期末，平均每个片区至少建设1个示范点。", 1, "个", ">=", "示范点", "建成", 2025),
        ("建立一家县级服务机构。", 1, "家", "=", "县级服务机构", "建成", None),
        ("用水给予半价以上优惠。", 50, "%", ">=", "用水", "提供", None),
        ("培育年产值超30亿元的企业4家。", 4, "家", "=", "年产值超30亿元的企业", "培育", None),
        ("单位产值用水量下降18%。", 18, "%", "=", "单位产值用水量", "下降", None),
        ("落实9年免费教育。", 9, "年", "=", "免费教育", "完成", None),
        ("审批时限压缩至3个工作日以内。", 3, "个工作日", "<=", "审批时限", "下降", None),
        ("人均预期寿命达到81岁。", 81, "岁", "=", "人均预期寿命", "达到", None),
    ],
)  # fmt: skip
def test_a_promise(text: str, value: int, unit: str, comparator: str, measure: str, action: str, year: int | None):
    (row,) = promises(text)
    assert (row.quantity.value, row.quantity.unit, row.quantity.comparator) == (Decimal(value), unit, comparator)
    assert (row.measure, row.action, row.year) == (measure, action, year)
    assert (row.kind, row.section, row.id) == ("target", "1", "com-1")


@pytest.mark.parametrize(
    "text",
    [
        "为60岁以上老人开展体检。",
        "救助0—14周岁儿童。",
        "落实“两项补贴”，建立一人一案台账。",
        "开展“三个一”（读一本书、看一场电影）活动。",
        "实施《水利三年行动（建设20座水库）》。",
        "提供24小时照护服务。",
        "设立5年过渡期，打造15分钟生活圈。",
        "建设一批示范项目，培养一支高素质队伍。",
        "完善三级服务网络，打造4A级景区。",
        "坚持三个方面发力，做到一个不能少。",
        "编制30人以上的机关，在职职工40人以上的单位。",
        "每千名老人拥有床位逐步增加。",
        "整合现有12家机构。",
        "建设时速350公里铁路。",
        "截至2020年底，建成水库20座。",
        "已建成水库20座。",
        "2019年，建成水库20座。",
        "“十三五”期间建成水库20座，完成灌区5个。",
        "3 绿地率（%） ＞40 预期性。",
        "专栏一（16个）建设内容。",
        "贯彻二十届四中全会精神。",
        "负责人：张某",
        "选育或引进2-3",
    ],
)
def test_no_promise(text: str):
    assert promises(text) == []


def test_one_figure_one_row():
    rows = promises("到2025年，每个乡镇至少有1个服务站和1支巡护队，新建水库3座；改造灌区5个。此后新增水厂2座。")
    assert [r.quantity.unit for r in rows] == ["个", "支", "座", "个", "座"]
    assert rows[0].text == rows[1].text == "到2025年，每个乡镇至少有1个服务站和1支巡护队"
    assert [r.year for r in rows] == [2025, 2025, 2025, 2025, None]


def test_a_figure_after_a_threshold_counts():
    (row,) = promises("人口超过800名的村配备3名以上管水员。")
    assert (row.quantity.value, row.measure) == (Decimal(3), "管水员")
    assert figures("落实不低于1.5%的投入要求。") == ["1.5%"]


def test_the_past_and_the_future_in_one_sentence_come_apart():
    assert figures("截至2020年底，建成水库20座；到2025年，水库达到30座。") == ["30座"]
    assert figures("到2025年，用水量比2020年下降16%。") == ["16%"]


def test_how_often():
    (row,) = promises("县水务局每年至少召开一次会议。")
    assert (row.frequency, row.quantity.value, row.quantity.comparator) == ("每年", Decimal(1), ">=")
    (row,) = promises("每两年修订1次目录。")
    assert (row.frequency, row.quantity.unit) == ("每两年", "次")


def test_money_under_a_condition_is_an_incentive():
    rows = promises("对首次通过认定的企业，给予最高50万元奖励。", "为老人每人每年购买50元的保险。")
    assert [(r.kind, r.quantity.value) for r in rows] == [("incentive", Decimal(500000)), ("target", Decimal(50))]
    assert figures("对年服务2000次以上的机构给予10万元补贴。") == ["100000元"]


@pytest.mark.parametrize("function", ["review", "situation"])
def test_sections_that_look_back_are_passed_over(function: Function):
    assert promises("新建水库20座。", function=function) == []
    assert promises("灌溉率：灌溉面积占90%以上。", title="名词解释") == []


def test_where_targets_are_listed_no_verb_is_needed():
    assert figures("沿海港口27个，内河码头5个。", function="goals") == ["27个", "5个"]
    assert figures("沿海港口27个，内河码头5个。") == []
    assert figures("到2025年，规模再扩。沿海港口27个。") == ["27个"]


def test_boxes_and_tables():
    builder = DocumentBuilder()
    builder.paragraph(TITLE)
    builder.grid([[("任务", 0, 1, 1), ("单位", 1, 1, 1)], [("新建县级小水库20座", 0, 1, 1), ("县水务局", 1, 1, 1)]])
    document = builder.build(ORIGIN, source_count={})
    grid = document.grids[0]
    rows = [
        [TableCell(text=document.text[c.start : c.end], row=c.row, column=c.column, span=span_of(document, c.start, c.end))
         for c in grid.cells if c.row == row]
        for row in range(2)
    ]  # fmt: skip
    span = span_of(document, grid.start, grid.end)
    table = Table(id="table-1", header_rows=1, rows=rows, span=span)
    for kind, found in (("indicators", 0), ("tasks", 1)):
        box = Box(id="box-1", caption="", title="t", kind=kind, content=[table], span=span)  # type: ignore[arg-type]
        assert len(collect_commitments(Tree([], [box]), document, load_grammar())) == found


def test_what_an_allowance_is_for():
    assert [r.measure for r in promises("为老人每人每年购买50元的保险。", "建成机房3座、泵站5座。")] == ["保险", "机房", "泵站"]


def test_clauses_end_outside_brackets_only():
    text = "到2025年，水库（大、中，小）达到1,500座，新建3座；其余2座从略。"
    clauses = list(text_to_clauses(text, 0, len(text), load_grammar(), period=Period(start=2021, end=2025)))
    assert [text[c.start : c.end] for c in clauses] == ["到2025年，水库（大、中，小）达到1,500座", "新建3座", "其余2座从略"]
    assert text[clauses[0].core : clauses[0].end].startswith("水库")


def test_the_end_of_the_plan_is_its_last_year():
    grammar = load_grammar()
    (clause,) = text_to_clauses("规划期末水库达到5座", 0, 10, grammar, period=Period(start=2021, end=2027))
    assert clause.year == 2027
    (clause,) = text_to_clauses("规划期末水库达到5座", 0, 10, grammar, period=None)
    assert clause.year is None
    assert (five_year_end("十五"), five_year_end("三"), five_year_end("二"), five_year_end("五十")) == (2030, 1970, None, None)


def test_a_plan_without_a_period():
    assert [r.year for r in promises("到2027年，新建水库3座。", head="青岚县水利措施")] == [2027]


CORPUS = os.environ.get("PLANPARSE_CORPUS")


@pytest.mark.skipif(not CORPUS, reason="PLANPARSE_CORPUS is not set")
def test_real_text_is_read_in_linear_time_and_never_raises():
    grammar = load_grammar()
    for path in sorted(Path(CORPUS or "").glob("plans/*.txt")):
        text = path.read_text(encoding="utf-8")
        assert list(text_to_clauses(text, 0, len(text), grammar, period=None))


def test_repeats_of_one_promise_know_each_other():
    rows = promises(
        "到2025年，全市累计新增养老床位500张，新建小公园3个。",
        "加快设施建设，新增养老床位500张。",
        "甲河等9个断面水质提升；乙河等9个断面水质提升。",
        "城区新建小公园3个，乡镇新建小公园3个。",
        "到2027年，新增养老床位500张。每年新增养老床位500张。",
    )
    said = {r.id: r.same_as for r in rows}
    beds = [r.id for r in rows if r.measure == "养老床位"]
    assert said[beds[0]] == [beds[1]]
    assert said[beds[1]] == [beds[0], beds[2]]
    assert not any(said[r.id] for r in rows if r.frequency)
    river = [r.id for r in rows if "河" in r.text]
    assert not any(said[i] for i in river)
    parks = [r.id for r in rows if r.measure == "小公园"]
    assert said[parks[1]] == said[parks[2]] == [parks[0]]


def test_an_award_is_the_same_only_in_the_same_words():
    lines = ("对新设工厂，给予最高50万元奖励。", "对新设实验室，给予最高50万元奖励。", "对新设工厂，给予最高50万元奖励。")
    assert [r.same_as for r in promises(*lines)] == [["com-3"], [], ["com-1"]]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("甲企业、乙企业、丙企业分别超180家、2000家、3万家。", [("甲企业", ">", 180), ("乙企业", ">", 2000), ("丙企业", ">", 30000)]),
        ("城市和县城污水处理率分别达到95%和85%左右。", [("城市和县城污水处理率", "~", 95), ("城市和县城污水处理率", "~", 85)]),
        ("建设5个针对园区、水源地等区域的风险管理示范区。", [("针对园区、水源地等区域的风险管理示范区", "=", 5)]),
        ("绿化率提升，煤炭比重降至58%以下。", [("煤炭比重", "<=", 58)]),
        ("人均产值在2020年基础上提高20%。", [("人均产值", "=", 20)]),
        ("能够将70%的降雨就地利用的面积达到建成区面积的20%以上。", [("能够将70%的降雨就地利用的面积达到建成区面积", ">=", 20)]),
        ("主干网里程29万公里左右，其中高速铁路5万公里、普速铁路7万公里。",
         [("主干网里程", "~", 290000), ("高速铁路", "=", 50000), ("普速铁路", "=", 70000)]),
    ],
)  # fmt: skip
def test_what_is_measured(text: str, want: list[tuple[str, str, int]]):
    assert [(r.measure, r.quantity.comparator, r.quantity.value) for r in promises(text)] == want


def test_years_compared_with_are_not_the_year_promised():
    assert [r.year for r in promises("到2030年，优良率较“十四五”提升5个百分点，用汞量在2010年的基础上减少50%。")] == [
        2030,
        2030,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "以580个控制单元为重点开展整治。",
        "深化与甲、乙、丙、丁4市对口协作。",
        "带[ ]数据为5年累计值。",
        "在25度以上坡地和15—25度坡地退耕。",
        "完善城区常住人口300万以上城市的公交。",
    ],
)
def test_sizes_and_scopes_are_no_promises(text: str):
    assert promises(text) == []


def test_whom_an_award_is_for_is_no_promise():
    rows = promises("对近两年获得投资2000万元以上、上架20家以上服务商产品的企业，按到账投资额的1%，给予最高300万元奖励。")
    assert [(r.kind, r.measure, str(r.quantity.value)) for r in rows] == [
        ("incentive", "到账投资额", "1"), ("incentive", None, "3000000"),
    ]  # fmt: skip


def test_a_promise_made_very_often_names_its_first_place():
    rows = promises(*["新增养老床位500张。"] * 30)
    assert rows[0].same_as == []
    assert {tuple(r.same_as) for r in rows[1:]} == {("com-1",)}
