"""The outline by counting: what is a heading, how deep it stands, what it owns."""

import pytest

from planparse.balance import say, squeeze
from planparse.document import Line
from planparse.grammar import load_grammar
from planparse.models import Annex, Box, Contents, Node, Paragraph, Section, Table
from planparse.structure.tree import build_tree
from planparse.structure.walk import Tree, walk
from tests.plans import lines_to_document

GRAMMAR = load_grammar()
BODY = "全市各部门要按照职责抓好落实，形成工作合力，确保各项任务如期完成。"


def tree_of(*lines: str, layouts: dict[int, Line] | None = None) -> Tree:
    document = lines_to_document(*lines, layouts=layouts)
    tree = build_tree(document, GRAMMAR)
    assert squeeze("".join(say(tree.nodes))) == squeeze(document.text)
    return tree


def outline(nodes: list[Node]) -> list[str]:
    """Sections as level, number, title; ~ marks a run-in, ? a number that was lost."""
    return [
        f"{v.node.level} {v.node.number}{'?' + v.node.implied_number if v.node.implied_number else ''}{v.node.title}{'~' if v.node.run_in else ''}"
        for v in walk(nodes)
        if isinstance(v.node, Section) and v.annex is None
    ]


CASES = {
    "three styles": (
        [
            "一、发展基础",
            BODY,
            "二、总体要求",
            "（一）指导思想",
            BODY,
            "（二）基本原则",
            BODY,
            "三、主要任务",
            "(一) 服务",
            "1. 提升质量。" + BODY,
            "2．扩大供给。" + BODY,
        ],
        [
            "1 一、发展基础",
            "1 二、总体要求",
            "2 （一）指导思想",
            "2 （二）基本原则",
            "1 三、主要任务",
            "2 (一)服务",
            "3 1.提升质量~",
            "3 2．扩大供给~",
        ],
    ),
    "chapters and sections": (
        [
            "第一章 背景",
            "第一节 基础",
            BODY,
            "第二节 形势",
            BODY,
            "第二章 任务",
            "第一节 就业",
            "一、稳岗。" + BODY,
            "二、扩岗。" + BODY,
            "第二节 教育",
            BODY,
        ],
        [
            "1 第一章背景",
            "2 第一节基础",
            "2 第二节形势",
            "1 第二章任务",
            "2 第一节就业",
            "3 一、稳岗~",
            "3 二、扩岗~",
            "2 第二节教育",
        ],
    ),
    "a series that runs on through its parents": (
        ["一、甲", "（一）天。" + BODY, "（二）地。" + BODY, "二、乙", "（三）玄。" + BODY, "三、丙", "（四）黄。" + BODY],
        ["1 一、甲", "2 （一）天~", "2 （二）地~", "1 二、乙", "2 （三）玄~", "1 三、丙", "2 （四）黄~"],
    ),
    "yi shi at two depths": (
        [
            "一、基础",
            "一是保障有力。" + BODY,
            "二是服务改善。" + BODY,
            "二、任务",
            "（一）就业",
            "一是稳定岗位。" + BODY,
            "二是提升技能。" + BODY,
        ],
        [
            "1 一、基础",
            "2 一是保障有力~",
            "2 二是服务改善~",
            "1 二、任务",
            "2 （一）就业",
            "3 一是稳定岗位~",
            "3 二是提升技能~",
        ],
    ),
    "whole sentences are list items": (
        ["一、目标", "1. 保障制度基本建立，生活水平稳步提高。", "2. 服务体系更加健全，环境不断优化。", "二、任务", BODY],
        ["1 一、目标", "1 二、任务"],
    ),
    "a short sentence with text of its own is a heading": (
        ["一、任务", "（一）加强领导。", BODY, "（二）健全制度。", BODY, "二、保障", BODY],
        ["1 一、任务", "2 （一）加强领导", "2 （二）健全制度", "1 二、保障"],
    ),
    "a series that runs on under headings that are sentences": (
        [
            "一、任务",
            "（一）构建评价机制。",
            "1.发掘项目。" + BODY,
            "2.拓展渠道。" + BODY,
            "（二）强化支持。",
            "3.引导基金。" + BODY,
            "（三）完善生态。",
            "4.打造空间。" + BODY,
            "二、保障",
            BODY,
        ],
        [
            "1 一、任务",
            "2 （一）构建评价机制",
            "3 1.发掘项目~",
            "3 2.拓展渠道~",
            "2 （二）强化支持",
            "3 3.引导基金~",
            "2 （三）完善生态",
            "3 4.打造空间~",
            "1 二、保障",
        ],
    ),
    "an enumeration in running text": (
        ["一、形势", "主要问题：一是基础薄弱；二是人才短缺。", "一是基础薄弱；二是人才短缺；三是投入不足。", "二、任务", BODY],
        ["1 一、形势", "1 二、任务"],
    ),
    "a sentence that mentions a number": (
        ["一、总则", "第三章所述任务由各部门落实。", "（一）中所列项目除外。", "二、附注", BODY],
        ["1 一、总则", "1 二、附注"],
    ),
    "lost numbers at the head of a series": (
        [
            "第一节 就业",
            "落实就业政策措施。" + BODY,
            "拓展多元就业渠道。" + BODY,
            "三、提升职业技能。" + BODY,
            "四、改进服务。" + BODY,
        ],
        ["1 第一节就业", "2 ?一、落实就业政策措施~", "2 ?二、拓展多元就业渠道~", "2 三、提升职业技能~", "2 四、改进服务~"],
    ),
    "a skipped number stays": (
        ["一、甲", BODY, "二、乙", BODY, "四、丁", BODY],
        ["1 一、甲", "1 二、乙", "1 四、丁"],
    ),
    "dashes": (
        ["一、原则", "——坚持党的领导。" + BODY, "——坚持以人为本。" + BODY, "——到2025年，全面建成体系。", "二、任务", BODY],
        ["1 一、原则", "2 ——坚持党的领导~", "2 ——坚持以人为本~", "1 二、任务"],
    ),
    "unnumbered principles and a lost break": (
        [
            "一、原则",
            "坚持党的领导。" + BODY,
            "坚持依法治理。" + BODY,
            "坚持系统观念。" + BODY + "坚持底线思维。" + BODY,
            "二、任务",
            BODY,
        ],
        ["1 一、原则", "2 坚持党的领导~", "2 坚持依法治理~", "2 坚持系统观念~", "2 坚持底线思维~", "1 二、任务"],
    ),
    "one topic sentence alone is body text": (
        ["一、原则", "坚持党的领导。" + BODY, "二、任务", BODY],
        ["1 一、原则", "1 二、任务"],
    ),
    "a heading over two lines": (
        ["第一节 完善保障制度，", "提供更高水平的服务", BODY, "第二节 扩大就业", BODY],
        ["1 第一节完善保障制度，提供更高水平的服务", "1 第二节扩大就业"],
    ),
    "dotted numbers": (
        ["1. 总体要求", "1.1 思想", BODY, "1.2 目标", BODY, "2. 任务", "2.1 建设", BODY],
        ["1 1.总体要求", "2 1.1思想", "2 1.2目标", "1 2.任务", "2 2.1建设"],
    ),
    "articles": (
        [
            "第一章 总则",
            "第一条　为推动发展，制定本办法。",
            "第二条　本办法适用于本市。",
            "第二章 扶持",
            "第三条　支持创新。" + BODY,
        ],
        ["1 第一章总则", "2 第一条为推动发展，制定本办法", "2 第二条本办法适用于本市", "1 第二章扶持", "2 第三条支持创新~"],
    ),
    "a colon sets the title off": (
        ["一、任务", "（一）智能制造：" + BODY, "（二）绿色制造：" + BODY, "二、保障", BODY],
        ["1 一、任务", "2 （一）智能制造~", "2 （二）绿色制造~", "1 二、保障"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_outline(name: str) -> None:
    lines, want = CASES[name]
    assert outline(tree_of(*lines).body) == want


def test_who_owns_what_follows() -> None:
    tree = tree_of("一、甲", "——坚持稳进。" + BODY, "——坚持创新。" + BODY, BODY, "1. 乙。" + BODY, BODY, "2. 丙。" + BODY, BODY)
    top = tree.body[0]
    assert isinstance(top, Section)
    kinds = [n.type for n in top.content]
    assert kinds == ["section", "section", "paragraph", "section", "section"]
    assert [len(n.content) for n in top.content if isinstance(n, Section)] == [1, 1, 2, 2]


def test_a_tag_line_belongs_to_the_leaf_before_it() -> None:
    tree = tree_of("一、甲", "一是稳岗。" + BODY, "（责任单位：市民政局）", "二是扩岗。" + BODY, BODY)
    sections = [v.node for v in walk(tree.body) if isinstance(v.node, Section)]
    assert len(sections[1].content) == 2
    assert len(sections[2].content) == 1


def test_contents_are_not_the_body() -> None:
    lines = [
        "某市规划",
        "目　录",
        "一、总体要求……1",
        "（一）指导思想……1",
        "二、任务……3",
        "一、总体要求",
        "（一）指导思想",
        BODY,
        "二、任务",
        BODY,
    ]
    tree = tree_of(*lines)
    assert outline(tree.body) == ["1 一、总体要求", "2 （一）指导思想", "1 二、任务"]
    assert [(e.number, e.title, e.page, e.level, e.section) for e in tree.contents] == [
        ("一、", "总体要求", "1", 1, "1"),
        ("（一）", "指导思想", "1", 2, "1.1"),
        ("二、", "任务", "3", 1, "2"),
    ]
    assert isinstance(tree.front[1], Contents)


def test_contents_under_a_foreword_find_their_sections() -> None:
    tree = tree_of(
        "某市规划",
        "序　言",
        BODY,
        "目录",
        "第一章 甲……1",
        "第二章 乙……2",
        "第三章 丙……3",
        "第一章 甲",
        BODY,
        "第二章 乙",
        BODY,
        "第三章 丙",
        BODY,
    )
    assert [e.section for e in tree.contents] == ["2", "3", "4"]


def test_contents_without_caption_or_pages() -> None:
    heads = ["第一章 甲", "第二章 乙", "第三章 丙", "第四章 丁", "第五章 戊"]
    body = [x for h in heads for x in (h, BODY)]
    tree = tree_of(*heads, "某市规划", *body)
    assert outline(tree.body) == [f"1 {h.replace(' ', '')}" for h in heads]
    assert len(tree.contents) == 5


def test_listed_sentences_are_headings() -> None:
    lines = ["目录", "一、目标", "1. 制度基本建立", "2. 服务更加健全", "一、目标", "1. 制度基本建立。", "2. 服务更加健全。"]
    assert outline(tree_of(*lines).body) == ["1 一、目标", "2 1.制度基本建立", "2 2.服务更加健全"]


BOX = ["专栏2：重点项目", "1.社区食堂工程。建设社区食堂，方便老年人就餐。", "2.适老改造工程。改造老年人家庭，配置安全设施。"]


def test_a_box_without_a_frame_ends_where_the_outline_goes_on() -> None:
    tree = tree_of("一、甲", "1. 养老。" + BODY, *BOX, "2. 医疗。" + BODY, "二、乙", BODY)
    assert outline(tree.body) == ["1 一、甲", "2 1.养老~", "2 2.医疗~", "1 二、乙"]
    boxes = [v for v in walk(tree.body) if isinstance(v.node, Box)]
    assert len(boxes) == 1
    box = boxes[0].node
    assert isinstance(box, Box)
    assert (box.number, box.title, boxes[0].place) == ("2", "重点项目", "1")
    assert [(i.number, i.name) for i in box.items] == [("1.", "社区食堂工程"), ("2.", "适老改造工程")]


def test_named_and_grouped_items() -> None:
    named = ["专栏一 服务项目", "社区食堂建设 依托社区服务中心建设一批食堂。", "家庭适老改造 为有需要的家庭提供改造服务。"]
    grouped = [
        "专栏3 教育项目",
        "一、学前教育",
        "1.普惠园建设。扩大普惠性资源供给。",
        "二、义务教育",
        "1.强校工程。提升薄弱学校办学水平。",
    ]
    tree = tree_of("一、甲", *named, "二、乙", *grouped, "三、丙", BODY)
    items = [[(i.number, i.name, i.group) for i in v.node.items] for v in walk(tree.body) if isinstance(v.node, Box)]
    assert items == [
        [("", "社区食堂建设", None), ("", "家庭适老改造", None)],
        [("1.", "普惠园建设", "一、学前教育"), ("1.", "强校工程", "二、义务教育")],
    ]
    assert outline(tree.body) == ["1 一、甲", "1 二、乙", "1 三、丙"]


def test_annex_and_tail() -> None:
    lines = [
        "某市方案",
        "一、甲",
        BODY,
        "二、乙",
        BODY,
        "附件：名词解释",
        "一、低空经济",
        BODY,
        "二、算力",
        BODY,
        "抄送：市委各部门，市人大",
        "常委会办公室。",
    ]
    tree = tree_of(*lines)
    assert outline(tree.body) == ["1 一、甲", "1 二、乙"]
    annex = tree.body[-1]
    assert isinstance(annex, Annex)
    assert (annex.id, annex.title) == ("annex-1", "名词解释")
    assert [n.id for n in annex.content if isinstance(n, Section)] == ["annex-1.1", "annex-1.2"]
    assert [n.text for n in tree.back if isinstance(n, Paragraph)] == lines[-2:]


def test_an_attachment_before_the_title_opens_no_annex() -> None:
    tree = tree_of("附件：", "某市规划", "一、甲", BODY)
    assert not [n for n in tree.body if isinstance(n, Annex)]
    assert len(tree.front) == 2


def test_unnumbered_heads_by_style() -> None:
    layout = {i: Line(0, 0, outline_level=1, style="heading 2") for i in (1, 3, 5)} | {0: Line(0, 0, outline_level=0)}
    tree = tree_of("某市行动方案", "总体思路", BODY, "重点任务", BODY, "保障措施", BODY, layouts=layout)
    assert outline(tree.body) == ["1 总体思路", "1 重点任务", "1 保障措施"]


def test_a_foreword_stands_beside_the_chapters() -> None:
    tree = tree_of("某市规划", "前　言", BODY, "第一章 甲", BODY, "第二章 乙", BODY)
    assert outline(tree.body) == ["1 前　言", "1 第一章甲", "1 第二章乙"]


def test_terms_stand_under_their_head() -> None:
    tree = tree_of("第一章 总则", BODY, "第二章 附则", BODY, "名词解释", "1.低空经济：" + BODY, "2.算力：" + BODY)
    assert outline(tree.body) == ["1 第一章总则", "1 第二章附则", "1 名词解释", "2 1.低空经济~", "2 2.算力~"]


def test_no_heading_at_all() -> None:
    tree = tree_of("关于某事的批复", BODY)
    assert tree.body == []
    assert not [n for n in tree.front if isinstance(n, Table)]


def test_section_functions_are_inherited() -> None:
    tree = tree_of(
        "一、发展基础",
        "（一）成效",
        BODY,
        "二、主要目标",
        "——成效显著。" + BODY,
        "——取得显著成效。" + BODY,
        "三、重点任务",
        BODY,
    )
    functions = [v.node.function for v in walk(tree.body) if isinstance(v.node, Section)]
    assert functions == ["review", "review", "goals", "goals", "goals", "tasks"]
