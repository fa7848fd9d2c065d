"""Roles that running text gives: clauses with their bodies, and sentences that give none."""

import pytest

from planparse.document import Origin, count_characters
from planparse.document_builder import DocumentBuilder
from planparse.facts.responsibilities import collect_responsibilities
from planparse.facts.running_roles import collect_running_roles
from planparse.grammar import load_grammar
from planparse.models import Paragraph, Unclaimed
from planparse.structure.spans import span_of
from planparse.structure.walk import Tree

GRAMMAR = load_grammar()


def collect(*texts: str) -> list[Unclaimed]:
    builder = DocumentBuilder()
    for text in texts:
        builder.paragraph(text)
    made = builder.build(Origin("x.txt", "text", "0" * 16, 1, "text"), source_count=count_characters("".join(texts)))
    nodes = [Paragraph(text=made.text[ln.start : ln.end], span=span_of(made, ln.start, ln.end)) for ln in made.lines]
    tree = Tree(body=list(nodes))
    tags = collect_responsibilities(tree, made, GRAMMAR)
    found = collect_running_roles(tree, made, GRAMMAR, claimed=tags, region_level="city")
    for one in found:
        assert one.kind == "roles"
        for agency in one.agencies:
            assert made.text[agency.span.start : agency.span.end] == agency.name
            assert one.span.start <= agency.span.start < one.span.end
    return found


# the sentence | body role, one after another
SENTENCES = [
    ("由市水务局牵头，会同市财政局、市民政局制定实施方案。", "市水务局 牵头 市财政局 会同 市民政局 会同"),
    ("市残联会同有关部门开展年度监测、中期评估。", "市残联 会同 有关部门 会同"),
    ("上述任务由市发展改革委牵头负责。", "市发展改革委 牵头"),
    ("市水务局牵头建立联席会议制度，市财政局、市民政局参与。", "市水务局 牵头 市财政局 参与 市民政局 参与"),
    ("由市水务局负责统筹协调，市财政局负责资金保障。", "市水务局 负责 市财政局 负责"),
    ("国家发展改革委会同教育部、财政部组织实施。", "国家发展改革委 会同 教育部 会同 财政部 会同"),
    ("供水工作由市水务局具体负责。", "市水务局 负责"),
    ("坚持党委领导、政府负责、社会协同。", ""),
    ("支持龙头企业牵头组建创新联合体。", ""),
    ("各单位主要负责人要亲自抓。", ""),
    ("市水务局负责人要亲自抓。", ""),
    ("按照谁主管、谁负责的原则落实责任。", ""),
    ("建立由村民负责管护的机制。", ""),
    ("完善供水设施。（市水务局牵头，市财政局配合）", ""),
    ("责任单位：市水务局负责，市财政局配合", ""),
]


@pytest.mark.parametrize(("text", "want"), SENTENCES)
def test_a_sentence(text: str, want: str) -> None:
    assert " ".join(f"{a.name} {a.role}" for one in collect(text) for a in one.agencies) == want


def test_the_text_is_the_sentence() -> None:
    (one,) = collect("完善制度。由市水务局牵头，会同市财政局制定方案；加强宣传。")
    assert one.text == "由市水务局牵头，会同市财政局制定方案"
