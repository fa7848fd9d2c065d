from pathlib import Path

from planparse import parse
from planparse.document import Document, Origin
from planparse.document_builder import DocumentBuilder
from planparse.facts.glossary import collect_glossary
from planparse.grammar import load_grammar
from planparse.models import GlossaryEntry, Node, Note, Paragraph, Section, Table, TableCell
from planparse.structure.spans import span_of
from planparse.structure.walk import Tree

ORIGIN = Origin("plan.txt", "txt", "0" * 64, 1, "text")


def document_of(*lines: str) -> Document:
    builder = DocumentBuilder()
    for line in lines:
        builder.paragraph(line)
    return builder.build(ORIGIN, source_count={})


def explain(*lines: str, title: str | None = None, note: bool = False) -> list[GlossaryEntry]:
    document = document_of(*lines)
    spans = [span_of(document, line.start, line.end) for line in document.lines]
    nodes: list[Node] = []
    for span in spans:
        text = document.text[span.start : span.end]
        nodes.append(Note(mark="①", text=text, span=span) if note else Paragraph(text=text, span=span))
    if title:
        nodes = [Section(id="1", heading=title, title=title, level=1, span=spans[0], content=nodes)]
    found = collect_glossary(Tree([], nodes), document, load_grammar())
    for entry in found:
        assert entry.term in document.text[entry.span.start : entry.span.end]
    return found


def test_a_list_of_terms():
    found = explain(
        "1．低空经济：以低空飞行为牵引的经济形态。", "“一网通办”是指在一个平台办理事项。", "以上由水务局负责", title="名词解释"
    )
    assert [(e.id, e.number, e.term, e.text, e.section) for e in found] == [
        ("glo-1", "1", "低空经济", "以低空飞行为牵引的经济形态。", "1"),
        ("glo-2", None, "一网通办", "在一个平台办理事项。", "1"),
    ]


def test_a_paragraph_elsewhere_is_no_entry():
    assert explain("1．低空经济：以低空飞行为牵引的经济形态。", title="主要任务") == []


def test_a_note_that_opens_with_a_term():
    (found,) = explain("智慧水库：以数据调度的水库。", note=True)
    assert (found.number, found.term) == ("①", "智慧水库")
    assert explain("2019年数", note=True) == []


def test_short_names():
    texts = {e.term: e.text for e in explain(
        "落实《青岚县水利规划》（以下简称《规划》），推广“水库—村互助”（简称“互助”）。青岚县水务局（以下简称县局）负责。"
    )}  # fmt: skip
    assert texts == {"规划": "青岚县水利规划", "互助": "水库—村互助", "县局": "青岚县水务局"}
    assert explain("（以下简称县局）") == []


def test_what_is_meant():
    (found,) = explain("本规划所称小水库，是指库容不足的水库。其余从略。")
    assert (found.term, found.text) == ("小水库", "库容不足的水库")


def test_a_table_of_terms():
    builder = DocumentBuilder()
    rows = [["序号", "术语", "解释"], ["1", "小水库", "库容不足的水库"], ["2", "", "空"], ["合并"]]
    builder.grid([[(text, column, 1, 1) for column, text in enumerate(row)] for row in rows])
    document = builder.build(ORIGIN, source_count={})
    grid = document.grids[0]
    cells = [
        [TableCell(text=document.text[c.start : c.end], row=c.row, column=c.column, span=span_of(document, c.start, c.end))
         for c in grid.cells if c.row == row]
        for row in range(len(rows))
    ]  # fmt: skip
    table = Table(id="table-1", rows=cells, span=span_of(document, grid.start, grid.end))
    section = Section(id="9", heading="术语说明", title="术语说明", level=1, span=span_of(document, 0, 1), content=[table])
    (found,) = collect_glossary(Tree([], [section]), document, load_grammar())
    assert (found.number, found.term, found.text, found.section) == ("1", "小水库", "库容不足的水库", "9")


PLAN = """云溪市“十四五”低空规划

一、总体要求
坚持低空经济¹与一网统管[2]融合，建设算力网③，面积5km²；包括：①机场；②航线。
二、主要任务
（一）发展低空经济¹
建设起降点20个，低空经济1体系更全。
（二）推进一网统管[2]建设
建设平台1个。

名词解释
1.低空经济：是指以低空飞行为牵引的经济形态。
2.一网统管。是指一个网管一座城。
3.“算力网”是指连接算力的网络。
"""


def test_marks_mean_entries_and_are_no_part_of_titles(tmp_path: Path):
    path = tmp_path / "plan.txt"
    path.write_text(PLAN, encoding="utf-8")
    plan = parse(path)
    assert [(e.number, e.term, e.text) for e in plan.glossary] == [
        ("1", "低空经济", "以低空飞行为牵引的经济形态。"),
        ("2", "一网统管", "一个网管一座城。"),
        ("3", "算力网", "连接算力的网络。"),
    ]
    marks = [[plan.text[r.start - 4 : r.end] for r in e.references] for e in plan.glossary]
    assert marks == [["低空经济¹", "低空经济¹", "低空经济1"], ["一网统管[2]", "一网统管[2]"], ["设算力网③"]]
    titles = [n.title for n in plan.body[1].content if isinstance(n, Section)]  # type: ignore[union-attr]
    assert titles == ["发展低空经济", "推进一网统管建设"]
    assert "（一）发展低空经济¹" in plan.text


def test_terms_in_an_annex_with_parts(tmp_path: Path):
    path = tmp_path / "plan.txt"
    lines = ["云溪市水网规划", "一、总体要求", "建设水网。", "二、主要任务", "完善管网。", "", "附件", "有关指标及名词解释", "一、部分指标解释",
             "1.供水保证率。供水量满足需求的程度。", "2.漏损率。漏失水量占供水总量的比例。", "二、有关名词解释", "1.智慧水网。是指以数据调度的水网。",
             "2.海绵城市。是指能吸水的城市。"]  # fmt: skip
    path.write_text("\n".join(lines), encoding="utf-8")
    assert [(e.number, e.term) for e in parse(path).glossary] == [
        ("1", "供水保证率"), ("2", "漏损率"), ("1", "智慧水网"), ("2", "海绵城市"),
    ]  # fmt: skip
