from planparse.document import Document, DocumentBuilder, Origin
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
