from pathlib import Path

import pytest

from planparse import parse
from planparse.document import Document, Origin
from planparse.document_builder import DocumentBuilder
from planparse.facts.citations import collect_citations, tree_words
from planparse.grammar import load_grammar
from planparse.models import (
    Annex,
    Box,
    Citation,
    Contents,
    ContentsEntry,
    Figure,
    Note,
    Paragraph,
    Section,
    Table,
    TableCell,
    TableNote,
)
from planparse.structure.spans import span_of
from planparse.structure.walk import Tree

ORIGIN = Origin("plan.txt", "txt", "0" * 64, 1, "text")


def document_of(*lines: str) -> Document:
    builder = DocumentBuilder()
    for line in lines:
        builder.paragraph(line)
    return builder.build(ORIGIN, source_count={})


def cite(text: str) -> list[Citation]:
    document = document_of(text)
    node = Paragraph(text=document.text, span=span_of(document, 0, len(document.text)))
    rows = collect_citations(Tree([], [node]), document, load_grammar())
    for row in rows:
        assert "".join(row.title.split()) == "".join(document.text[row.span.start : row.span.end].split())
    return rows


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("水法", "law"),
        ("松陵省实施〈水法〉办法", "law"),
        ("云溪市水利条例（修订）", "law"),
        ("云溪市“十四五”水利规划", "plan"),
        ("青岚县水利行动计划（2024—2026年）", "plan"),
        ("松陵省人民政府关于印发松陵省水利规划的通知", "notice"),
        ("关于加快水利发展的意见（试行）", "notice"),
        ("GB/T 50000水库设计规范", "standard"),
        ("水库服务规范", "standard"),
        ("云溪市水利目录", "other"),
    ],
)
def test_kinds(title: str, kind: str):
    (row,) = cite(f"按照《{title}》执行。")
    assert (row.title, row.kind) == (title, kind)


def test_a_nested_title_follows_its_outer_one_and_an_unclosed_one_is_none():
    rows = cite("执行《关于印发《水利规划》的通知》（云政发〔2021〕48号）和《水法》")
    assert [(r.title, r.kind) for r in rows] == [
        ("关于印发《水利规划》的通知", "notice"),
        ("水利规划", "plan"),
        ("水法", "law"),
    ]
    assert [r.document_number for r in rows] == ["云政发〔2021〕48号", None, None]
    assert [r.title for r in cite("执行《水法和《电法》")] == ["电法"]
    assert cite("执行《水法") == []
    assert cite("水法》和《》") == []


def test_the_number_behind_a_title():
    (first, second) = cite("《水利规划》（云政发〔2021〕 48号）与《水法》（以下简称水法）")
    assert (first.document_number, second.document_number) == ("云政发〔2021〕48号", None)
    assert cite("《水库条例》（国务院令第622号）")[0].document_number == "国务院令第622号"


def test_a_blank_left_by_a_lost_line_break_is_no_part_of_the_title():
    assert cite("《水利 规划》")[0].title == "水利规划"
    assert cite("《GB/T 50000 水库》")[0].title == "GB/T 50000水库"


def test_every_place_in_the_tree_is_read_once():
    words = [
        "《一法》",
        "《二法》",
        "《三法》",
        "《四法》",
        "《五法》",
        "《六法》",
        "《七法》",
        "《八法》",
        "《九法》",
        "《十法》",
    ]
    document = document_of(*words)
    spans = [span_of(document, line.start, line.end) for line in document.lines]
    cell = TableCell(text=words[5], row=0, column=0, span=spans[5])
    table = Table(
        id="table-1", caption=words[4], caption_span=spans[4], rows=[[cell]],
        notes=[TableNote(text=words[6], span=spans[6])], span=spans[5],
    )  # fmt: skip
    box = Box(id="box-1", caption=words[3], caption_span=spans[3], title="t", content=[table], span=spans[3])
    paragraph = Paragraph(text=words[2], span=spans[2])
    run_in = Section(id="1.1", heading=words[2], title="三", level=2, run_in=True, span=spans[2], content=[paragraph])
    section = Section(id="1", heading=words[1], title="二", level=1, span=spans[1], content=[run_in, box])
    contents = Contents(entries=[ContentsEntry(title="一", raw=words[0], span=spans[0])], span=spans[0])
    annex = Annex(id="annex-1", title="八", heading=words[7], span=spans[7], content=[Figure(span=spans[8])])
    note = Note(text=words[8], span=spans[8])
    last = Paragraph(text=words[9], span=spans[9])
    tree = Tree([contents], [section, annex], [note, last])
    rows = collect_citations(tree, document, load_grammar())
    assert [r.id for r in rows] == [f"cit-{n}" for n in range(1, 11)]
    assert [r.section for r in rows] == [None, "1", "1.1", "1", "1", "1", "1", "annex-1", None, None]
    assert len({(start, end) for _, start, end in tree_words(tree)}) == 10


def test_grounds_are_marked(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(
        "云溪市水网规划\n根据《中华人民共和国水法》《松陵省水网规划》，结合实际，制定本规划。\n一、总体要求\n落实《中华人民共和国水法》和《云溪市水库管理办法》。\n"
        "二、主要任务\n建设水厂。\n",
        encoding="utf-8",
    )
    assert [(c.title, c.basis) for c in parse(path).citations] == [
        ("中华人民共和国水法", True), ("松陵省水网规划", True), ("中华人民共和国水法", True), ("云溪市水库管理办法", False),
    ]  # fmt: skip
