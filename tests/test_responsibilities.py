"""Tags that say who answers: every bracket and make, what they mean, and what is none."""

import re
import time
from pathlib import Path

import pytest

from planparse.document import Document, Origin, count_characters
from planparse.document_builder import DocumentBuilder
from planparse.facts.responsibilities import collect_responsibilities, top_brackets
from planparse.grammar import load_grammar
from planparse.models import Annex, Box, Node, Paragraph, Responsibility, Section, Span, Table, TableCell
from planparse.structure.spans import span_of
from planparse.structure.walk import Tree

GRAMMAR = load_grammar()


def document(*paragraphs: str) -> Document:
    builder = DocumentBuilder()
    for text in paragraphs:
        builder.paragraph(text)
    source = count_characters("".join(paragraphs))
    return builder.build(Origin("x.txt", "text", "0" * 16, 1, "text"), source_count=source)


def paragraphs(made: Document, *, skip: int = 0) -> list[Node]:
    return [
        Paragraph(text=made.text[line.start : line.end], span=span_of(made, line.start, line.end)) for line in made.lines[skip:]
    ]


def section(content: list[Node], *, name: str = "3.1", span: Span | None = None, run_in: bool = True) -> Section:
    return Section(
        id=name, heading="一、服务", title="服务", level=1, run_in=run_in, span=span or Span(start=0, end=0), content=content
    )


def collect(*texts: str) -> list[Responsibility]:
    made = document(*texts)
    found = collect_responsibilities(Tree(body=[section(paragraphs(made))]), made, GRAMMAR)
    for number, row in enumerate(found, 1):
        assert row.id == f"resp-{number}"
        assert row.raw == made.text[row.span.start : row.span.end]
        assert row.rule in {rule.name for rule in GRAMMAR.rules("responsibilities")}
        for agency in (*row.lead, *row.participating):
            cut = made.text[agency.span.start : agency.span.end]
            assert re.sub(r"\s", "", cut) == re.sub(r"\s", "", agency.name)
    return found


def told(row: Responsibility) -> tuple[str, str, str, bool]:
    return " ".join(a.name for a in row.lead), " ".join(a.name for a in row.participating), row.basis, row.open_ended


FILE = Path(__file__).parent / "tag_forms.txt"
FORMS = [tuple(line.split(" | ")) for line in FILE.read_text("utf-8").splitlines() if line and not line.startswith("# ")]
"""The tag | lead | participating | basis | 等 | deadline | persons."""
TAGS = [
    (text, lead.strip("-"), participating.strip("-"), basis, goes_on == "等")
    for text, lead, participating, basis, goes_on, *_ in FORMS
    if "⏎" not in text and not text.startswith("完善")
]


@pytest.mark.parametrize("tag", TAGS, ids=[row[0] for row in TAGS])
def test_a_tag_on_a_line_of_its_own(tag: tuple[str, str, str, str, bool]) -> None:
    (row,) = collect("完善供水设施，改善水质。", tag[0])
    assert told(row) == tag[1:]
    assert row.raw == tag[0].rstrip("。")
    assert row.section == "3.1"


BEHIND = [row for row in TAGS if row[0][0] in "（([〔" or row[0].startswith("【牵头部门")]


@pytest.mark.parametrize("tag", BEHIND, ids=[row[0] for row in BEHIND])
def test_a_tag_behind_a_sentence(tag: tuple[str, str, str, str, bool]) -> None:
    (row,) = collect(f"完善供水设施（含二次供水），改善水质。{tag[0]}")
    assert told(row) == tag[1:]
    assert row.raw == tag[0]


@pytest.mark.parametrize(
    "text",
    [
        "完善供水设施（含二次供水）。",
        "农村供水由专人负责（村级管水员负责日常维护），确保水质。",
        "水费由公司收取（灌区内由水行政主管部门负责），不得加价。",
        "中国残疾人联合会（以下简称中国残联）。",
        "召开成员单位（市水务局、市财政局）会议。",
        "市水务局牵头，市财政局配合，推进管网改造。",
        "压实责任单位主体责任：逐级落实。",
        "责任单位：要把任务落到实处，做到守土有责。",
        "各责任单位要提高认识（详见附件）。",
        "（一）加强领导。",
        "（2025年12月31日）",
        "（此件公开发布）",
        "（责任单位）",
        "（专人负责）",
        "（院长负责）",
        "主办单位：云溪市人民政府办公室",
        "“放管服”改革（简政放权、放管结合、优化服务）",
        "（责任人：王某某）",
        "（完成时限：2025年底）",
        "牵头负责管网改造。",
        "（" * 30,
        "）（",
    ],
)
def test_running_text_is_no_tag(text: str) -> None:
    assert collect(text) == []


def test_tags_behind_each_sentence_of_a_paragraph() -> None:
    found = collect("完善供水设施。（市水务局负责）加强水质监测。（市生态环境局、市卫生健康委负责）推进节水（市水务局牵头）；")
    assert [told(row)[0] for row in found] == ["市水务局", "市生态环境局 市卫生健康委", "市水务局"]


def test_a_sentence_s_end_behind_the_bracket_is_no_part_of_the_tag() -> None:
    (row,) = collect("完善供水设施（责任单位：市水务局）。")
    assert row.raw == "（责任单位：市水务局）"


def test_a_list_behind_a_sentence_without_brackets() -> None:
    (row,) = collect("完善供水设施，改善水质。责任单位：市水务局、市财政局。")
    assert row.raw == "责任单位：市水务局、市财政局"
    assert told(row) == ("市水务局 市财政局", "", "joint", False)


def test_roles_are_kept_as_printed() -> None:
    (row,) = collect("（牵头部门：市残联；参与部门：市民政局）")
    assert [a.role for a in (*row.lead, *row.participating)] == ["牵头部门", "参与部门"]
    (row,) = collect("（市水务局牵头，市财政局配合）")
    assert [a.role for a in (*row.lead, *row.participating)] == ["牵头", "配合"]


def test_lines_that_follow_each_other_are_one_tag() -> None:
    (row,) = collect("完善供水设施。", "牵头单位：市水务局", "配合单位：市财政局、市审计局等", "完成时限：2025年12月底前")
    assert told(row) == ("市水务局", "市财政局 市审计局", "stated", True)
    assert row.deadline is not None
    assert row.deadline.date == "2025-12-31"
    assert row.raw.count("\n") == 2
    found = collect("责任单位：市水务局", "责任单位：市财政局")
    assert len(found) == 2


def test_deadlines_in_tags() -> None:
    (row,) = collect("（责任单位：市水务局；完成时限：2024年6月）")
    assert row.deadline is not None
    assert (row.deadline.raw, row.deadline.date, row.deadline.kind) == ("2024年6月", "2024-06-30", "date")
    (row,) = collect("（市水务局牵头，市财政局配合，2025年底前完成）")
    assert told(row)[:2] == ("市水务局", "市财政局")
    assert row.deadline is not None
    assert row.deadline.date == "2025-12-31"


def test_the_first_body_leads_where_the_document_says_so() -> None:
    found = collect("完善供水设施。（责任单位：市水务局、市财政局）", "注：责任单位中列首位的为牵头单位。")
    assert told(found[0]) == ("市水务局", "市财政局", "rule", False)
    found = collect("（责任单位：市水务局）", "注：责任单位中列首位的为牵头单位。")
    assert told(found[0]) == ("市水务局", "", "sole", False)


def test_headings_boxes_annexes_and_cells_have_tags_too() -> None:
    made = document(
        "（一）完善供水设施（责任单位：市水务局）",
        "改造管网。（市财政局负责）",
        "实施节水行动。（市住建局负责）",
        "建设水厂。（市发改委负责）",
    )
    first, *others = paragraphs(made)
    inner = section([], name="1.1", span=first.span, run_in=False)
    box = Box(id="box-1", caption="专栏1", title="供水", content=[others[0]], span=others[0].span)
    annex = Annex(id="annex-1", title="分工", heading="附件", content=[others[1]], span=others[1].span)
    span = others[2].span
    cell = TableCell(text=made.text[span.start : span.end], row=0, column=0, span=span)
    table = Table(id="table-1", rows=[[cell]], span=span)
    outer = section([inner, box, table], name="1")
    found = collect_responsibilities(Tree(body=[outer, annex]), made, GRAMMAR)
    places = {row.lead[0].name: row.section for row in found}
    assert places == {"市水务局": "1.1", "市财政局": "1", "市发改委": "1", "市住建局": "annex-1"}


@pytest.mark.parametrize(
    ("lines", "want"),
    [
        (["一是建水库。建成三座。", "二是改管网。改造老旧管网。", "（责任单位：市水务局）"], ["1"]),
        (["一是建水库。建成三座。（市发改委负责）", "二是改管网。改造管网。", "（责任单位：市水务局）"], ["1.1", "1.2"]),
        (["一是建水库。建成三座。", "二是改管网。改造老旧管网。（责任单位：市水务局）"], ["1.2"]),
        (["一是建水库。建成三座。", "（责任单位：市水务局）"], ["1.1"]),
    ],
)
def test_a_tag_below_a_list_of_items_is_the_list_s(lines: list[str], want: list[str]) -> None:
    made = document(*lines)
    nodes = paragraphs(made)
    items: list[Section] = []
    for node, line in zip(nodes, lines, strict=True):
        if line.startswith("（"):
            items[-1] = items[-1].model_copy(update={"content": [*items[-1].content, node]})
        else:
            items.append(section([node], name=f"1.{len(items) + 1}", span=node.span))
    outer = section(list(items), name="1", run_in=False)
    found = collect_responsibilities(Tree(body=[outer]), made, GRAMMAR)
    assert [row.section for row in found] == want


def test_a_cell_s_lines_are_passages_of_their_own() -> None:
    made = document("建设水厂。（市发改委负责）\n改造管网。（市水务局负责）")
    span = paragraphs(made)[0].span
    cell = TableCell(text=made.text, row=0, column=0, span=span)
    found = collect_responsibilities(Tree(body=[Table(id="table-1", rows=[[cell]], span=span)]), made, GRAMMAR)
    assert [row.lead[0].name for row in found] == ["市发改委", "市水务局"]
    assert found[0].section is None


def test_a_repeated_passage_says_so() -> None:
    made = document("（责任单位：市水务局）")
    node = paragraphs(made)[0].model_copy(update={"duplicate_of": "3.1"})
    (row,) = collect_responsibilities(Tree(body=[section([node])]), made, GRAMMAR)
    assert row.duplicate_of == "3.1"


def test_the_region_tells_the_level() -> None:
    made = document("（责任单位：市水务局）")
    tree = Tree(body=[section(paragraphs(made))])
    (row,) = collect_responsibilities(tree, made, GRAMMAR, region_level="county", region="松陵省云溪市")
    assert row.lead[0].level == "county"


def test_brackets_of_mixed_kinds() -> None:
    assert top_brackets("a（b(c)d]e") == [(1, 8, True)]
    assert top_brackets("a“b（c）”d") == []
    assert top_brackets("（a（b）") == [(0, 5, False)]
    assert top_brackets("“a（b）") == [(2, 5, True)]


@pytest.mark.parametrize(
    "piece",
    [
        "牵头",
        "市水务局、",
        "（",
        "（责任单位：",
        "按职责分工",
        "共同",
        "会同",
        "等",
        "市水务局牵头，",
        "责任单位：市水务局 ",
        "（市水务局负责）",
    ],
)
def test_near_misses_take_time_in_line_with_their_length(piece: str) -> None:
    def seconds(count: int) -> float:
        text = "（" + piece * count + "）"
        made = document(text)
        tree = Tree(body=[section(paragraphs(made))])
        begin = time.perf_counter()
        collect_responsibilities(tree, made, GRAMMAR)
        return time.perf_counter() - begin

    seconds(10)
    assert seconds(800) < 16 * max(seconds(200), 0.02)
