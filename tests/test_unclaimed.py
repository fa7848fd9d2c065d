"""What looks like a fact and became none."""

from pathlib import Path

import pytest

import planparse
from planparse.document import Origin, count_characters
from planparse.document_builder import DocumentBuilder
from planparse.facts.unclaimed import Places
from planparse.grammar import load_grammar
from planparse.models import Unclaimed
from planparse.pipeline import document_to_plan


def of_text(text: str, folder: Path) -> list[Unclaimed]:
    path = folder / "plan.txt"
    path.write_text("云溪市“十四五”水网建设规划\n\n一、总体要求\n提升供水能力。\n\n" + text, encoding="utf-8")
    plan = planparse.parse(path)
    assert all(0 <= u.span.start < u.span.end <= len(plan.text) for u in plan.unclaimed)
    return plan.unclaimed


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        pytest.param("全长23公里，双向六车道。", 1, id="a figure that is no promise"),
        pytest.param("到2025年，新建水厂3座。", 0, id="a commitment"),
        pytest.param("为60周岁以上老年人上门服务，过渡期5年。", 0, id="ages and spans of time"),
        pytest.param("打造一批示范点，开展一次评估。", 0, id="words that count"),
        pytest.param("健全供水机制。", 0, id="no figure"),
    ],
)
def test_figures(text: str, figures: int, tmp_path: Path) -> None:
    found = of_text(f"二、主要任务\n（一）建设水网\n{text}\n（二）改造管网\n分步实施。\n", tmp_path)
    assert [u.kind for u in found] == ["figure"] * figures
    assert all(u.section == "2.1" and u.text in text for u in found)


def test_review_is_passed_over(tmp_path: Path) -> None:
    assert of_text("二、发展基础\n供水管网长310公里。\n\n三、主要任务\n建设水厂。\n", tmp_path) == []


def test_bracket_of_bodies_that_is_no_tag(tmp_path: Path) -> None:
    found = of_text("二、主要任务\n建立会商制度（市水务局、市财政局、市生态环境局参加会商）定期研判。\n", tmp_path)
    assert all(u.kind == "agencies" for u in found)
    tagged = of_text("二、主要任务\n建立会商制度。（责任单位：市水务局、市财政局）\n", tmp_path)
    assert tagged == []


def test_plain_bracket_of_bodies_in_running_text(tmp_path: Path) -> None:
    found = of_text("二、主要任务\n有关部门（市水务局、市财政局、市生态环境局）要定期研判。\n", tmp_path)
    assert [(u.kind, u.text, u.section) for u in found] == [("agencies", "（市水务局、市财政局、市生态环境局）", "2")]


def test_table_without_rows() -> None:
    builder = DocumentBuilder()
    for line in ("云溪市“十四五”水网建设规划", "一、总体要求", "提升能力。", "二、主要任务", "联系方式见下表。"):
        builder.paragraph(line)
    builder.grid(
        [
            [("名称", 0, 1, 1), ("地址", 1, 1, 1)],
            [("城东厂", 0, 1, 1), ("青石路", 1, 1, 1)],
            [("城西厂", 0, 1, 1), ("北岭路", 1, 1, 1)],
        ]
    )
    document = builder.build(Origin("t.txt", "text", "0" * 64, 1, "text"), source_count=count_characters(""))
    assert [(u.kind, u.section) for u in document_to_plan(document, load_grammar()).unclaimed] == [("table", "2")]


def test_box_without_entries(tmp_path: Path) -> None:
    found = of_text(
        "二、主要任务\n建设水厂。\n专栏1　水网布局\n构建一环多廊的水网格局，统筹骨干水网与区域水网建设，完善调度体系。\n",
        tmp_path,
    )
    assert [u.kind for u in found] in (["box"], [])


def test_places_hold_their_offsets() -> None:
    places = Places([(10, 20), (12, 14), (30, 31)])
    assert [places.hold(n) for n in (9, 10, 15, 19, 20, 30, 31)] == [False, True, True, True, False, True, False]
    assert Places([]).hold(3) is False
