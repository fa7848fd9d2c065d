"""Projects from boxes, project tables and lists."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

import planparse
from planparse.document import Origin, count_characters
from planparse.document_builder import DocumentBuilder
from planparse.grammar import load_grammar
from planparse.models import Plan, Project
from planparse.pipeline import document_to_plan
from tests.plans import SAMPLES

HEAD = ("云溪市“十四五”水网建设规划", "一、总体要求", "提升供水能力。", "二、重大项目")


def plan_with_table(rows: Sequence[Sequence[str | tuple[str, int, int, int]]], *, before: Sequence[str] = ()) -> Plan:
    builder = DocumentBuilder()
    for line in (*HEAD, *before):
        builder.paragraph(line)
    builder.grid([[c if isinstance(c, tuple) else (c, n, 1, 1) for n, c in enumerate(row)] for row in rows])
    document = builder.build(Origin("t.txt", "text", "0" * 64, 1, "text"), source_count=count_characters(""))
    return document_to_plan(document, load_grammar())


def of_text(text: str, folder: Path) -> list[Project]:
    path = folder / "plan.txt"
    path.write_text("云溪市“十四五”水网建设规划\n\n一、总体要求\n提升供水能力。\n\n" + text, encoding="utf-8")
    plan = planparse.parse(path)
    for project in plan.projects:
        assert (
            project.name.replace(" ", "") in "".join(plan.text[project.span.start : project.span.end].split())
            or project.category
        )
    return plan.projects


def test_table_with_all_columns() -> None:
    plan = plan_with_table(
        [
            ["序号", "项目名称", "建设内容及规模", "建设性质", "总投资（亿元）", "建设年限", "责任单位"],
            ["一", "水源工程（2项）", "", "", "20", "", ""],
            ["1", "青石水库扩容工程", "扩容2000万立方米", "续建", "12.5", "2020-2023年", "市水务局、青岚县人民政府"],
            ["2", "北岭引水工程", "新建隧洞18公里", "拟新建", "7.5", "2025年底前", "市水务局"],
            ["二", "供水工程（1项）", "", "", "3", "", ""],
            ["3", "城东水厂", "日供水10万吨", "改建", "—", "", "市水务集团"],
            ["", "合计", "", "", "23", "", ""],
        ]
    )
    first, second, third = plan.projects
    assert [p.id for p in plan.projects] == ["project-1", "project-2", "project-3"]
    assert [p.category for p in plan.projects] == ["水源工程", "水源工程", "供水工程"]
    assert [p.stage for p in plan.projects] == ["续建", "新建", "改扩建"]
    assert first.investment
    assert (first.investment.value, first.investment.unit, first.investment.raw) == (Decimal(1250000000), "元", "12.5")
    assert third.investment is None
    assert [a.name for a in first.agencies] == ["市水务局", "青岚县人民政府"]
    assert first.agencies[0].role == "责任单位"
    assert first.deadline
    assert (first.deadline.raw, first.deadline.date, first.deadline.kind) == ("2020-2023年", "2023-12-31", "period")
    assert second.deadline
    assert second.deadline.date == "2025-12-31"
    assert third.deadline is None
    assert {p.section for p in plan.projects} == {"2"}
    assert all(p.rule.startswith("projects.") for p in plan.projects)
    assert plan.text[first.span.start : first.span.end].startswith("1\t青石水库")
    assert plan.tasks == []


def test_table_with_merged_categories_and_caption_unit() -> None:
    plan = plan_with_table(
        [
            ["类别", "项目", "建设内容", "投资估算", "完成时间"],
            [("水源", 0, 2, 1), ("引水隧洞", 1, 1, 1), ("开挖隧洞", 2, 1, 1), ("3000", 3, 1, 1), ("2024年", 4, 1, 1)],
            [("调蓄水池", 1, 1, 1), ("建设水池", 2, 1, 1), ("1500", 3, 1, 1), ("2025年", 4, 1, 1)],
            ["供水", "城东水厂", "扩建厂区", "800-1000", "2023年"],
        ],
        before=["表1　重大项目清单（单位：万元）"],
    )
    assert [(p.category, p.name) for p in plan.projects] == [("水源", "引水隧洞"), ("水源", "调蓄水池"), ("供水", "城东水厂")]
    last = plan.projects[-1].investment
    assert last
    assert (last.value, last.upper, last.unit) == (Decimal(8000000), Decimal(10000000), "元")


def test_row_with_one_cell_is_a_category() -> None:
    plan = plan_with_table(
        [
            ["序号", "项目名称", "建设规模", "建设单位"],
            [("一、水源工程（1项）", 0, 1, 4)],
            ["1", "引水隧洞", "18公里", "市水务集团"],
        ]
    )
    assert [(p.category, p.name, [a.name for a in p.agencies]) for p in plan.projects] == [
        ("水源工程", "引水隧洞", ["市水务集团"])
    ]


@pytest.mark.parametrize(
    "header",
    [["序号", "指标", "2020年", "2025年"], ["序号", "重点任务", "牵头单位", "配合单位"], ["名称", "地址", "电话", "备注"]],
)
def test_other_tables_have_none(header: list[str]) -> None:
    assert plan_with_table([header, ["1", "供水能力", "12", "20"], ["2", "管网长度", "310", "500"]]).projects == []


def test_box_entries_with_what_they_say(tmp_path: Path) -> None:
    found = of_text(
        "二、主要任务\n建设水网。\n专栏1　水网重点项目\n一、水源工程\n1.青石水库扩容工程（续建）。扩容2000万立方米，总投资12.5亿元，计划2024年6月底前建成投用。（责任单位：市水务局、市财政局）\n"
        "2.北岭引水工程。新建隧洞18公里。\n二、储备项目\n1.南山水库项目。开展选址。\n",
        tmp_path,
    )
    assert [(p.category, p.name, p.stage, p.box) for p in found] == [
        ("水源工程", "青石水库扩容工程（续建）", "续建", "box-1"),
        ("水源工程", "北岭引水工程", None, "box-1"),
        ("储备项目", "南山水库项目", "储备", "box-1"),
    ]
    first = found[0]
    assert first.investment
    assert first.investment.value == Decimal(1250000000)
    assert first.deadline
    assert first.deadline.date == "2024-06-30"
    assert [a.name for a in first.agencies] == ["市水务局", "市财政局"]
    assert found[1].investment is None
    assert found[1].deadline is None


def test_entries_that_list(tmp_path: Path) -> None:
    found = of_text(
        "二、主要任务\n建设路网。\n专栏1　交通重点项目\n1.公路。续建环湾高速、北岭隧道（西线）、青石大桥等项目；新建云溪至青岚公路和南山大道。\n"
        "2.航道。续建霁水航道，推进两岸整治。\n3.低空。探索低空应用场景。\n",
        tmp_path,
    )
    assert [(p.category, p.name, p.stage) for p in found] == [
        ("公路", "环湾高速", "续建"),
        ("公路", "北岭隧道（西线）", "续建"),
        ("公路", "青石大桥", "续建"),
        ("公路", "云溪至青岚公路", "新建"),
        ("公路", "南山大道", "新建"),
        ("航道", "霁水航道", "续建"),
    ]


def test_boxes_of_other_kinds_give_only_what_is_named_so(tmp_path: Path) -> None:
    found = of_text(
        "二、主要任务\n建设水网。\n专栏1　水网体系\n1.智慧水务工程。建设平台。\n2.完善管护机制。落实责任。\n3.打造服务中心。建设大厅。\n",
        tmp_path,
    )
    assert [p.name for p in found] == ["智慧水务工程"]


def test_list_under_a_heading(tmp_path: Path) -> None:
    found = of_text(
        "二、主要任务\n建设水网。\n\n三、重点工程\n（一）实施智慧水务工程\n建设平台。\n（二）管网更新行动\n更新管网。\n（三）完善机制\n落实责任。\n",
        tmp_path,
    )
    assert [(p.name, p.section) for p in found] == [("智慧水务工程", "3"), ("管网更新行动", "3")]


@pytest.mark.parametrize("name", ["jichuan", "qinglan", "qixiawan", "shilan", "xiapuling"])
def test_samples_give_one_a_box_entry(name: str) -> None:
    plan = planparse.parse(SAMPLES / name / f"{name}.txt")
    entries = [i.name for n in _boxes(plan.model_dump()["body"]) if n["kind"] == "projects" for i in map(_Item, n["items"])]
    assert [p.name for p in plan.projects] == entries


class _Item:
    def __init__(self, item: dict[str, str]) -> None:
        self.name = item["name"]


def _boxes(nodes: list[dict[str, object]]) -> list[dict[str, object]]:
    found = []
    for node in nodes:
        if node["type"] == "box":
            found.append(node)
        found += _boxes(node.get("content", []))  # type: ignore[arg-type]
    return found


def test_plain_categories_beside_lists_and_tasks_are_no_projects(tmp_path: Path) -> None:
    found = of_text(
        "二、主要任务\n建设水网。\n专栏1　交通重点项目\n1.航空。推进机场能力提升。\n2.铁路。续建沪南铁路二期、北岭城际铁路；新建环湾高速铁路。\n"
        "3.枢纽。新建云溪北站、南岭东站等综合枢纽。\n\n专栏2　应急管理重点行动\n1.强化预案管理。修订预案。\n2.村庄有规划。编制规划。\n"
        "3.数智救援工程。建设平台。\n",
        tmp_path,
    )
    assert [(p.name, p.category, p.stage) for p in found] == [
        ("沪南铁路二期", "铁路", "续建"), ("北岭城际铁路", "铁路", "续建"), ("环湾高速铁路", "铁路", "新建"),
        ("云溪北站", "枢纽", "新建"), ("南岭东站", "枢纽", "新建"), ("数智救援工程", None, None),
    ]  # fmt: skip


def test_items_under_a_heading_of_works(tmp_path: Path) -> None:
    found = of_text(
        "二、实施重大环保工程\n为落实任务，实施以下工程。\n主要污染物减排工程。包括污水处理、污泥处置等工程。\n"
        "农村环保惠民工程。包括农村环境综合整治等工程。\n三、保障措施\n加强领导。\n",
        tmp_path,
    )
    assert [p.name for p in found] == ["主要污染物减排工程", "农村环保惠民工程"]
