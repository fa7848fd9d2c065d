"""Tables that share tasks out: columns in any order and wording, merged cells, deadlines, references; and deadlines alone."""

import pytest

from planparse.document import Document, Origin, count_characters
from planparse.document_builder import DocumentBuilder
from planparse.facts.deadlines import parse_deadline
from planparse.facts.tasks import collect_tasks
from planparse.grammar import load_grammar
from planparse.models import Box, Paragraph, Period, Section, Span, Table, TableCell, Task
from planparse.structure.spans import span_of
from planparse.structure.walk import Tree

GRAMMAR = load_grammar()
MERGED = "^"


def made_of(rows: list[list[str]], *, header_rows: int = 1, caption: str = "") -> tuple[Document, Table]:
    """A table of one document; a cell ^ belongs to the cell above it, < to the one on its left."""
    builder = DocumentBuilder()
    laid = [
        [
            (text, column, _height(rows, number, column), _width(row, column))
            for column, text in enumerate(row)
            if text not in "^<" or not text
        ]
        for number, row in enumerate(rows)
    ]
    grid = builder.grid(laid)
    assert grid is not None
    document = builder.build(
        Origin("x.txt", "text", "0" * 16, 1, "text"), source_count=count_characters("".join(t for r in laid for t, *_ in r))
    )
    cells = [
        TableCell(
            text=document.text[c.start : c.end],
            row=c.row,
            column=c.column,
            rows=c.rows,
            columns=c.columns,
            span=span_of(document, c.start, c.end),
        )
        for c in grid.cells
    ]
    table = Table(
        id="table-1",
        caption=caption,
        header_rows=header_rows,
        rows=[[c for c in cells if c.row == number] for number in range(len(rows))],
        span=span_of(document, grid.start, grid.end),
    )
    return document, table


def _height(rows: list[list[str]], number: int, column: int) -> int:
    high = 1
    while number + high < len(rows) and rows[number + high][column] == MERGED:
        high += 1
    return high


def _width(row: list[str], column: int) -> int:
    wide = 1
    while column + wide < len(row) and row[column + wide] == "<":
        wide += 1
    return wide


def collect(rows: list[list[str]], **options: object) -> list[Task]:
    document, table = made_of(rows, **options)  # type: ignore[arg-type]
    tasks = collect_tasks(Tree(body=[table]), document, GRAMMAR)
    for number, task in enumerate(tasks, 1):
        assert task.id == f"task-{number}"
        for agency in (*task.lead, *task.participating):
            assert "".join(document.text[agency.span.start : agency.span.end].split()) == "".join(agency.name.split())
    return tasks


def told(task: Task) -> tuple[str | None, str, str, str]:
    return task.sequence, task.text, " ".join(a.name for a in task.lead), " ".join(a.name for a in task.participating)


def test_a_plain_table() -> None:
    tasks = collect(
        [
            ["序号", "重点工作任务", "负责单位", "配合单位"],
            ["1", "完善供水补贴制度。", "区水务局", "区财政局 区民政局"],
            ["2", "改造老旧管网。", "区住建局", "区财政局区水务局等"],
            ["3", "建立监测机制。", "区乡村\n振兴局", ""],
        ]
    )
    assert [told(t) for t in tasks] == [
        ("1", "完善供水补贴制度。", "区水务局", "区财政局 区民政局"),
        ("2", "改造老旧管网。", "区住建局", "区财政局 区水务局"),
        ("3", "建立监测机制。", "区乡村振兴局", ""),
    ]
    assert [t.open_ended for t in tasks] == [False, True, False]
    assert tasks[0].table == "table-1"
    assert tasks[0].lead[0].role == "负责单位"
    assert tasks[0].columns == {}
    assert tasks[0].title is None


@pytest.mark.parametrize(
    ("task", "lead", "participating"),
    [
        ("重点任务", "牵头单位", "参与单位"),
        ("主要任务", "牵头部门", "参与部门"),
        ("工作任务", "牵头（责任）单位", "配合部门"),
        ("任务内容", "主办单位", "协办单位"),
        ("工作内容", "责任单位", "配合单位"),
        ("具体举措", "主要责任单位", "其他责任单位"),
        ("任务名称", "牵头单位", "责任单位"),
        ("工作事项", "市级牵头部门", "协同部门"),
    ],
)
def test_any_wording_and_order_of_columns(task: str, lead: str, participating: str) -> None:
    rows = [[task, lead, participating], ["改造老旧管网", "市住建局", "市水务局、市财政局"]]
    for order in ([0, 1, 2], [2, 1, 0], [1, 0, 2]):
        (row,) = collect([[r[i] for i in order] for r in rows])
        assert told(row) == (None, "改造老旧管网", "市住建局", "市水务局 市财政局")


def test_a_header_in_two_rows() -> None:
    rows = [
        ["序号", "重点任务", "责任分工", "<", "完成时限"],
        [MERGED, MERGED, "牵头单位", "配合单位", MERGED],
        ["1", "改造老旧管网", "市住建局", "市水务局", "2024年12月底前"],
    ]
    (row,) = collect(rows, header_rows=2)
    assert told(row) == ("1", "改造老旧管网", "市住建局", "市水务局")
    assert row.deadline is not None
    assert (row.deadline.date, row.deadline.kind) == ("2024-12-31", "date")


def test_a_header_that_the_table_does_not_count() -> None:
    rows = [["任务分工", "<"], ["主要任务", "责任单位"], ["改造老旧管网", "市住建局"]]
    (row,) = collect(rows, header_rows=0)
    assert told(row) == (None, "改造老旧管网", "市住建局", "")


def test_merged_and_empty_cells_take_the_words_above() -> None:
    rows = [
        ["类别", "序号", "重点任务", "具体措施", "责任单位"],
        ["供水", "1", "改造老旧管网", "更换铸铁管", "市住建局"],
        [MERGED, MERGED, MERGED, "安装智能水表", "市水务局"],
        ["", "", "", "建立台账", "市财政局"],
        ["节水", "2、", "推进节水：", "创建节水小区", MERGED],
    ]
    tasks = collect(rows)
    assert [(t.sequence, t.title, t.text) for t in tasks] == [
        ("1", "改造老旧管网", "更换铸铁管"),
        ("1", "改造老旧管网", "安装智能水表"),
        ("1", "改造老旧管网", "建立台账"),
        ("2", "推进节水", "创建节水小区"),
    ]
    assert [t.columns for t in tasks] == [{"类别": "供水"}] * 3 + [{"类别": "节水"}]
    assert [t.lead[0].name for t in tasks] == ["市住建局", "市水务局", "市财政局", "市财政局"]
    assert {t.rule for t in tasks} == {"tasks.measure_column"}


def test_other_columns_by_their_header() -> None:
    rows = [["任务", "责任单位", "责任 领导", "备注"], ["改造管网", "市住建局", "王某某", "续建"], ["节水", "市水务局", "", ""]]
    tasks = collect(rows)
    assert [t.columns for t in tasks] == [{"责任领导": "王某某", "备注": "续建"}, {}]


def test_only_责任单位_leads_and_with_牵头单位_takes_part() -> None:
    (row,) = collect([["任务", "责任单位"], ["改造管网", "市住建局、市水务局"]])
    assert told(row)[2:] == ("市住建局 市水务局", "")
    (row,) = collect([["任务", "责任单位（排在首位的为牵头单位）"], ["改造管网", "市住建局、市水务局"]])
    assert told(row)[2:] == ("市住建局", "市水务局")


def test_rows_that_are_no_tasks() -> None:
    rows = [
        ["序号", "任务", "责任单位"],
        ["一、供水保障", "<", "<"],
        ["1", "改造管网", "市住建局"],
        ["序号", "任务", "责任单位"],
        ["2", "", "市住建局"],
        ["3", "推进节水", "—"],
        ["4", "巡查", ""],
    ]
    assert [told(t) for t in collect(rows)] == [
        ("1", "改造管网", "市住建局", ""),
        ("2", "改造管网", "市住建局", ""),
        ("3", "推进节水", "", ""),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [["指标", "单位", "2025年"], ["供水量", "万吨", "30"]],
        [["指标名称", "单位", "2020年", "2025年", "责任单位"], ["供水量", "万吨", "20", "30", "市水务局"]],
        [["项目名称", "建设内容", "总投资（万元）", "责任单位"], ["水厂", "新建水厂", "3000", "市水务局"]],
        [["任务", "说明"], ["改造管网", "续建"]],
        [["责任单位", "电话"], ["市水务局", "12345"]],
        [["甲", "乙"], ["丙", "丁"]],
    ],
)
def test_other_tables_give_no_tasks(rows: list[list[str]]) -> None:
    assert collect(rows) == []


# header | a row | lead | participating
WORDINGS = [
    ("任务 | 责任单位（标*为牵头单位）", "改造管网 | 市住建局*、市水务局", "市住建局", "市水务局"),
    ("任务 | 责任单位", "改造管网 | ★市住建局、市水务局", "市住建局", "市水务局"),
    ("任务 | 责任单位", "改造管网 | 市住建局（牵头）、市财政局、市水务局等", "市住建局", "市财政局 市水务局"),
    ("任务 | 责任分工", "改造管网 | 市住建局牵头，市财政局、市水务局按职责分工负责", "市住建局", "市财政局 市水务局"),
    ("任务 | 落实单位", "改造管网 | 牵头单位：市住建局；配合单位：市财政局", "市住建局", "市财政局"),
    ("任务 | 责任单位", "改造管网 | 市住建局会同市财政局负责", "市住建局", "市财政局"),
    ("任务 | 牵头单位及负责人 | 配合单位", "改造管网 | 市住建局 李某某 | 市财政局", "市住建局", "市财政局"),
    ("任务 | 市级责任单位 | 区级责任单位", "改造管网 | 市住建局 | 各区政府", "市住建局 各区政府", ""),
    ("任务 | 牵头单位 | 责任单位 | 配合单位", "改造管网 | 市住建局 | 市财政局 | 各区政府", "市住建局", "市财政局 各区政府"),
    ("单位 | 职责任务", "市住建局 | 改造管网", "市住建局", ""),
    ("责任部门 | 主要职责", "市住建局、市水务局 | 改造管网", "市住建局 市水务局", ""),
    ("分工任务 | 负责部门", "改造管网 | 教育部、财政部等", "教育部 财政部", ""),
]


@pytest.mark.parametrize(("header", "row", "lead", "participating"), WORDINGS)
def test_cells_that_say_more_than_names(header: str, row: str, lead: str, participating: str) -> None:
    (task,) = collect([header.split(" | "), row.split(" | ")])
    assert told(task)[1:] == ("改造管网", lead, participating)


def test_two_columns_of_measures_are_a_title_and_what_is_done() -> None:
    (task,) = collect([["工作要点", "具体举措", "责任单位"], ["改造管网", "更换铸铁管", "市住建局"]])
    assert (task.title, task.text) == ("改造管网", "更换铸铁管")


def test_a_column_of_units_names_no_bodies() -> None:
    assert collect([["任务", "单位", "数量"], ["改造管网", "公里", "30"], ["建小区", "个", "5"]]) == []


def test_rows_of_one_cell_and_categories_are_groups() -> None:
    rows = [
        ["序号", "任务", "责任单位"],
        ["一、供水保障（2项）", "<", "<"],
        ["1", "改造管网", "市住建局"],
        ["二、节水", "", ""],
        ["2", "创建节水小区", "市水务局"],
    ]
    assert [(t.group, t.sequence, t.text) for t in collect(rows)] == [
        ("一、供水保障（2项）", "1", "改造管网"),
        ("二、节水", "2", "创建节水小区"),
    ]
    (task,) = collect([["类别", "任务", "责任单位"], ["供水", "改造管网", "市住建局"]])
    assert (task.group, task.columns) == ("供水", {"类别": "供水"})


def test_references_box_and_section() -> None:
    document, table = made_of([["任务", "责任单位"], ["按“完善城乡供水设施”要求，改造管网", "市住建局"]])
    span = Span(start=0, end=0)
    one = Section(id="1", heading="x", title="完善城乡供水设施", level=1, span=span)
    short = Section(id="2", heading="x", title="改造管网", level=1, span=span)
    box = Box(id="box-1", caption="专栏1", title="分工", content=[table], span=table.span)
    holder = Section(id="3", heading="x", title="保障措施与任务", level=1, span=span, content=[box])
    (task,) = collect_tasks(Tree(body=[one, short, holder]), document, GRAMMAR, region_level="county", region="云溪市")
    assert task.refers_to == ["1"]
    assert (task.section, task.table) == ("3", "table-1")
    assert task.lead[0].level == "county"


# what the row says | its category | the section that it means
ROWS = [
    ("健全残疾人返贫监测机制，帮扶机制常态运行。", "", "2.1"),
    ("建设城乡一体的供水管网和二次供水设施。", "", "2.2"),
    ("改造老旧供水管网。", "", "2.2"),
    ("完善城乡供水设施。", "", "2.2"),
    ("加强组织领导。", "", "3"),
    ("落实各项部署要求。", "", None),
    ("建设城乡一体的供水管网。", "提升民生保障水平", "2.2"),
    ("落实各项部署要求。", "提升民生保障水平", "2"),
    ("“十三五”期间供水普及率达到百分之九十五。", "", None),
]


@pytest.mark.parametrize(("text", "category", "want"), ROWS)
def test_a_row_is_joined_to_the_section_that_it_repeats(text: str, category: str, want: str | None) -> None:
    document, table = made_of([["类别", "任务", "责任单位"], [category, text, "市住建局"]])
    span = Span(start=0, end=0)

    def section(name: str, title: str, words: str, *inner: Section, function: str = "tasks") -> Section:
        content = [Paragraph(text=words, span=span), *inner]
        return Section(id=name, heading=title, title=title, level=1, span=span, content=content, function=function)  # type: ignore[arg-type]

    body = [
        section("1", "发展基础", "“十三五”期间供水普及率达到百分之九十五，建成供水管网。", function="review"),
        section(
            "2",
            "提升民生保障水平",
            "坚持尽力而为、量力而行。",
            section("2.1", "防止返贫", "对易返贫的残疾人家庭健全监测机制和帮扶机制，保障基本生活。"),
            section("2.2", "完善城乡供水设施", "推进老旧供水管网改造，建设城乡一体的供水管网，改造二次供水设施。"),
        ),
        section("3", "加强组织领导", "各地各部门要加强统筹，落实责任。"),
    ]
    (task,) = collect_tasks(Tree(body=[*body, table]), document, GRAMMAR)
    assert task.refers_to == ([want] if want else [])


def test_the_plan_s_period_dates_a_deadline() -> None:
    document, table = made_of([["任务", "责任单位", "完成时限"], ["改造管网", "市住建局", "规划期内"]])
    (task,) = collect_tasks(Tree(body=[table]), document, GRAMMAR, period=Period(start=2026, end=2030))
    assert task.deadline is not None
    assert task.deadline.date == "2030-12-31"


@pytest.mark.parametrize(
    ("raw", "kind", "date"),
    [
        ("2025年12月底前", "date", "2025-12-31"),
        ("2025年12月31日前", "date", "2025-12-31"),
        ("2024年6月", "date", "2024-06-30"),
        ("2024年2月底前完成", "date", "2024-02-29"),
        ("2025.12", "date", "2025-12-31"),
        ("２０２５年１２月", "date", "2025-12-31"),
        ("2025 年 9 月底", "date", "2025-09-30"),
        ("2025年2月31日", "date", "2025-02-28"),
        ("2024年第三季度", "date", "2024-09-30"),
        ("2024年2季度", "date", "2024-06-30"),
        ("2024年上半年", "date", "2024-06-30"),
        ("2024年下半年", "date", "2024-12-31"),
        ("2025年", "year", "2025-12-31"),
        ("2025年底", "year", "2025-12-31"),
        ("2025年底前完成", "year", "2025-12-31"),
        ("到2025年", "year", "2025-12-31"),
        ("二〇二五年底", "year", "2025-12-31"),
        ("2025年前", "year", None),
        ("2023—2025年", "period", "2025-12-31"),
        ("2023年1月至2025年6月", "period", "2025-06-30"),
        ("“十四五”期间", "period", "2025-12-31"),
        ("十五五末", "period", "2030-12-31"),
        ("规划期内", "period", None),
        ("每年", "annual", None),
        ("每年12月底前", "annual", None),
        ("长期", "long_term", None),
        ("长期坚持", "long_term", None),
        ("持续推进", "ongoing", None),
        ("常态化开展", "ongoing", None),
        ("2025年12月底前，并长期坚持", "date", "2025-12-31"),
        ("2025年底前完成，持续推进", "year", "2025-12-31"),
        ("2024年底前启动，2026年底前完成", "date", "2026-12-31"),
        ("2024年12月底前、2025年6月底前", "date", "2025-06-30"),
        ("2024年、2025年、2026年", "period", "2026-12-31"),
        ("2025年3月至12月", "period", "2025-12-31"),
        ("2025.6-2026.12", "period", "2026-12-31"),
        ("2025年1-6月", "period", "2025-06-30"),
        ("2025年10月中旬", "date", "2025-10-20"),
        ("2025年2月下旬", "date", "2025-02-28"),
        ("自2024年起每年", "annual", None),
        ("按季度推进", "annual", None),
        ("2024年9月起", "ongoing", None),
        ("即日起", "ongoing", None),
        ("立即实施", "ongoing", None),
        ("2025年12月底前取得阶段性成效", "date", "2025-12-31"),
        ("按上级要求", "other", None),
        ("", "other", None),
        ("9" * 200, "other", None),
    ],
)
def test_a_deadline_is_read(raw: str, kind: str, date: str | None) -> None:
    found = parse_deadline(raw, None)
    assert (found.raw, found.kind, found.date) == (raw, kind, date)
