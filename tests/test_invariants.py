"""What holds on any text: it parses, the tree says the text, spans cut their words, the same bytes come out twice."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planparse import Plan, UnreadableFile, parse, read_aloud
from planparse.balance import squeeze
from planparse.document import BLANKS, Document, Origin, count_characters
from planparse.document_builder import DocumentBuilder
from planparse.grammar import load_grammar
from planparse.models import Annex, Box, Contents, Note, Paragraph, Section, Table
from planparse.output.json_yaml import load, plan_to_json, write_plan
from planparse.pipeline import document_to_plan
from planparse.structure.walk import walk

PIECES = [
    "一、", "二、", "三、", "（一）", "（二）", "(三)", "1.", "2．", "3、", "（1）", "①", "第一章 ", "第二节　", "第三条 ", "一是", "二是", "——", "专栏1 ",
    "专栏二：", "附件", "附件1：", "目录", "抄送：", "2022年6月8日印发", "（牵头部门：市民政局；参与部门：市财政局、市残联）", "责任单位：市教育局", "《云溪市规划》",
    "到2025年，", "达到95%以上", "新建30个", "不少于2次", "坚持系统观念。", "健全服务网络。", "发展目标", "重点任务", "指标", "单位：%", "约束性", "，", "。", "；", "：",
    "\t", "\n", "\n\n", "　　", " ", "a", "Ⅳ", "\u2028", "\ufeff", "《", "》", "（", "）", "“", "”", "1", "九", "十", "市", "，其中：", "注：", "表1 ", "……3", "﹒", "𠀀",
]  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=60).map("".join)
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
GRAMMAR = load_grammar()


def check(plan: Plan) -> None:
    """Everything that a plan promises about its own text."""
    text = plan.text
    assert squeeze(read_aloud(plan)) == squeeze(text)
    assert plan.coverage.lost == 0
    assert not [d for d in plan.diagnostics if d.severity == "error"], plan.diagnostics
    nodes = [*plan.front_matter.content, *plan.body, *plan.back_matter.content]
    for visit in walk(nodes):
        node = visit.node
        words = squeeze(text[node.span.start : node.span.end])
        match node:
            case Paragraph() | Note():
                assert words == squeeze(node.text)
            case Section():
                assert words == squeeze(node.heading)
                assert squeeze(node.title) in squeeze(node.heading)
            case Annex():
                assert words == squeeze(node.heading)
            case Contents():
                assert all(squeeze(text[e.span.start : e.span.end]) == squeeze(e.raw) for e in node.entries)
            case Table():
                assert all(squeeze(text[c.span.start : c.span.end]) == squeeze(c.text) for row in node.rows for c in row)
            case Box():
                assert squeeze(node.caption) in words
    for indicator in plan.indicators:
        assert squeeze(indicator.name) in squeeze(text[indicator.span.start : indicator.span.end])
        for value in indicator.values:
            assert squeeze(text[value.span.start : value.span.end]) == squeeze(value.raw)
    for row in [*plan.responsibilities, *plan.tasks]:
        for agency in [*row.lead, *row.participating]:
            assert squeeze(text[agency.span.start : agency.span.end]) == squeeze(agency.name)
    for tag in plan.responsibilities:
        assert squeeze(text[tag.span.start : tag.span.end]) == squeeze(tag.raw)
    for promise in plan.commitments:
        assert squeeze(text[promise.span.start : promise.span.end]) == squeeze(promise.text)
    for citation in plan.citations:
        assert squeeze(citation.title) in squeeze(text[citation.span.start : citation.span.end])
    ids = [
        f.id for kind in (plan.indicators, plan.responsibilities, plan.tasks, plan.commitments, plan.citations) for f in kind
    ]
    ids += [v.node.id for v in walk(nodes) if isinstance(v.node, Section | Box | Table | Annex)]
    assert len(ids) == len(set(ids))


def document_of(text: str) -> Document:
    """A document of paragraphs as an extractor would give it, a table where two tabbed lines of one width meet."""
    builder = DocumentBuilder()
    rows: list[list[str]] = []

    def flush() -> None:
        if len(rows) > 1:
            builder.grid([[(cell, column, 1, 1) for column, cell in enumerate(row)] for row in rows])
        elif rows:
            builder.paragraph(" ".join(rows[0]))
        rows.clear()

    for line in text.split("\n"):
        cells = line.split("\t")
        if len(cells) > 1 and any(c.strip(BLANKS) for c in cells):
            if rows and len(rows[-1]) != len(cells):
                flush()
            rows.append(cells)
        else:
            flush()
            builder.paragraph(line.replace("\t", " "))
    flush()
    document = builder.build(Origin("t.txt", "text", "0" * 64, 1, "text"), source_count={})
    object.__setattr__(document, "source_count", count_characters(document.text))
    return document


@SLOW
@given(TEXTS)
def test_any_document_becomes_a_plan(text: str) -> None:
    plan = document_to_plan(document_of(text), GRAMMAR)
    if plan.text:
        check(plan)


@SLOW
@given(TEXTS)
def test_any_text_file_parses(text: str) -> None:
    path = Path(__file__).parent / ".tmp_invariant.txt"
    try:
        path.write_bytes(text.encode("utf-8", "surrogatepass").replace(b"\x00", b""))
        plan = parse(path)
    except UnreadableFile as error:
        said = str(error)
    else:
        said = path.name
        check(plan)
    finally:
        path.unlink(missing_ok=True)
    assert path.name in said


@SLOW
@given(st.binary(max_size=300))
def test_any_bytes_parse_or_say_why(data: bytes) -> None:
    path = Path(__file__).parent / ".tmp_invariant.bin"
    try:
        path.write_bytes(data)
        check(parse(path))
        said = path.name
    except UnreadableFile as error:
        said = str(error)
    finally:
        path.unlink(missing_ok=True)
    assert said.startswith(path.name)
    assert "\n" not in said


def samples() -> list[Path]:
    folder = Path(__file__).resolve().parent.parent / "samples"
    return sorted(p for p in folder.glob("*/*") if p.suffix in (".txt", ".docx", ".pdf", ".html"))


@pytest.mark.parametrize("path", samples(), ids=lambda p: p.name)
def test_samples_hold_the_invariants(path: Path, tmp_path: Path) -> None:
    plan = parse(path)
    check(plan)
    write_plan(plan, tmp_path, "one")
    assert load(tmp_path / "one.json") == plan
    assert plan_to_json(parse(path)) == plan_to_json(plan)
