"""Grids → tables: captions, headers, notes, and nothing lost."""

from collections.abc import Sequence

import pytest

from planparse.document import Document, Origin
from planparse.document_builder import DocumentBuilder
from planparse.grammar import Grammar, load_grammar
from planparse.models import Table
from planparse.structure.table_notes import follows, last_mark, text_to_notes
from planparse.structure.tables import caption_unit, column_role, grid_to_table, is_indicator_table, table_kind

Row = Sequence[tuple[str, int, int, int]]


@pytest.fixture(scope="module")
def grammar() -> Grammar:
    return load_grammar()


def cells(*texts: str) -> Row:
    return [(text, column, 1, 1) for column, text in enumerate(texts)]


def merged(text: str, columns: int = 4) -> Row:
    return [(text, 0, 1, columns)]


def to_document(rows: Sequence[Row]) -> Document:
    builder = DocumentBuilder()
    builder.paragraph("表前的话。")
    builder.grid(rows)
    builder.paragraph("表后的话。")
    return builder.build(Origin("a.txt", "txt", "0" * 64, 1, "text"), source_count={})


def squeeze(text: str) -> str:
    return "".join(text.split())


def read(rows: Sequence[Row], grammar: Grammar) -> Table:
    """The table, with what must always hold: read aloud it is the grid's text, and every span cuts out its words."""
    document = to_document(rows)
    grid = document.grids[0]
    table = grid_to_table(document, grid, grammar, id="table-1")
    said = table.caption + "".join(c.text for row in table.rows for c in row) + "".join(n.text for n in table.notes)
    assert squeeze(said) == squeeze(document.text[grid.start : grid.end])
    if table.caption_span:
        assert squeeze(document.text[table.caption_span.start : table.caption_span.end]) == squeeze(table.caption)
    for number, row in enumerate(table.rows):
        for cell in row:
            assert cell.row == number
            assert cell.row + cell.rows <= len(table.rows)
            assert document.text[cell.span.start : cell.span.end] == cell.text
    for note in table.notes:
        assert document.text[note.span.start : note.span.end] == note.text
    return table


HEAD = cells("指  标", "2020年", "2025年", "属性")
LINE = cells("1.水网覆盖率（%）", "90", "95", "预期性")


def test_caption_as_merged_first_row(grammar: Grammar) -> None:
    table = read([merged("专栏1  云溪市“十四五”主要指标"), HEAD, LINE], grammar)
    assert (table.caption, table.header_rows, len(table.rows), table.unit) == ("专栏1  云溪市“十四五”主要指标", 1, 2, None)


def test_caption_with_empty_cells_beside_it(grammar: Grammar) -> None:
    table = read([cells("专栏1 主要指标", "", "", ""), HEAD, LINE], grammar)
    assert (table.caption, len(table.rows)) == ("专栏1 主要指标", 2)


def test_caption_and_unit_line(grammar: Grammar) -> None:
    table = read([merged("青岚县耕地保护目标"), merged("单位：万亩"), HEAD, LINE], grammar)
    assert (table.caption, table.unit) == ("青岚县耕地保护目标\n单位：万亩", "万亩")


def test_caption_and_unit_in_one_cell_and_in_one_row(grammar: Grammar) -> None:
    assert read([merged("表1 目标\n单位：万亩"), HEAD, LINE], grammar).unit == "万亩"
    table = read([cells("表1 目标分解", "", "", "单位：万元"), HEAD, LINE], grammar)
    assert (table.caption, table.unit) == ("表1 目标分解\n单位：万元", "万元")


def test_header_in_two_rows(grammar: Grammar) -> None:
    rows = [
        [("序号", 0, 2, 1), ("指标", 1, 2, 1), ("规划目标", 2, 1, 2)],
        [("2025年", 2, 1, 1), ("2030年", 3, 1, 1)],
        cells("1", "水网密度", "2", "3"),
    ]
    assert read(rows, grammar).header_rows == 2
    unmerged = [cells("指标", "规划目标", "", "属性"), cells("", "2025年", "2030年", ""), LINE]
    assert read(unmerged, grammar).header_rows == 2


def test_first_column_merged_below_does_not_widen_the_header(grammar: Grammar) -> None:
    rows = [
        HEAD,
        [("供水", 0, 2, 1), ("90", 1, 1, 1), ("95", 2, 1, 1), ("预期性", 3, 1, 1)],
        [("1", 1, 1, 1), ("2", 2, 1, 1), ("约束性", 3, 1, 1)],
    ]
    table = read(rows, grammar)
    assert (table.header_rows, table.rows[1][0].rows) == (1, 2)


def test_empty_rows_are_dropped_and_merged_cells_shrink(grammar: Grammar) -> None:
    rows = [HEAD, [("供水", 0, 3, 1), ("90", 1, 1, 1)], [("", 1, 1, 1), ("", 2, 1, 1)], [("7", 1, 1, 1), ("8", 2, 1, 1)]]
    table = read(rows, grammar)
    assert len(table.rows) == 3
    assert table.rows[1][0].rows == 2


@pytest.mark.parametrize(
    ("opener", "marks"),
    [
        ("注：1.括号内为累计数。\n2.按可比价。", ["1", "2"]),
        ("①快报数，待核定。", ["①"]),
        ("备注：＊为新增指标。", ["＊"]),
        ("说明：无", [None]),
    ],
)
def test_notes_below(opener: str, marks: list[str | None], grammar: Grammar) -> None:
    table = read([HEAD, LINE, merged(opener)], grammar)
    assert [n.mark for n in table.notes] == marks
    assert len(table.rows) == 2


def test_notes_run_on_to_the_end(grammar: Grammar) -> None:
    table = read([HEAD, LINE, merged("注：①快报数。"), merged("2.其余按年报。")], grammar)
    assert [n.text for n in table.notes] == ["注：①快报数。", "2.其余按年报。"]
    assert table.notes[0].mark == "①"


def test_note_label_in_its_own_cell(grammar: Grammar) -> None:
    table = read([HEAD, LINE, cells("注：", "均为年末数", "", "")], grammar)
    assert [n.text for n in table.notes] == ["注：\t均为年末数"]


def test_group_row_at_the_end_is_no_note(grammar: Grammar) -> None:
    table = read([HEAD, LINE, merged("二、生态更美")], grammar)
    assert (table.notes, len(table.rows)) == ([], 3)


def test_frame_with_one_column(grammar: Grammar) -> None:
    rows = [merged("专栏2 水网工程", 1), merged("1.建设水网。\n2.加快改造。", 1), merged("① 做好各项工作。", 1)]
    table = read(rows, grammar)
    assert (table.caption, table.header_rows, len(table.rows), table.notes) == ("专栏2 水网工程", 0, 2, [])


def test_single_cell_and_single_row(grammar: Grammar) -> None:
    assert read([merged("专栏1 主要指标")], grammar).caption == ""
    table = read([HEAD], grammar)
    assert (table.header_rows, len(table.rows)) == (0, 1)
    assert table_kind(table, grammar) == "other"


def test_first_row_that_is_no_caption_stays(grammar: Grammar) -> None:
    table = read([merged("一、基础设施", 2), cells("水厂", "3"), cells("泵站", "4")], grammar)
    assert (table.caption, table.header_rows) == ("", 0)


KINDS = [
    (("指标", "2020年", "2025年", "属性"), "indicators"),
    (("序号", "主要指标", "单位", "目标值"), "indicators"),
    (("类别", "指标", "2020年（基期）", "2025年", "年均增速〔累计〕"), "indicators"),
    (("序号", "指标", "责任单位", "2027年目标值"), "indicators"),
    (("", "2020年", "2025年", "指标属性"), "indicators"),
    (("一级指标", "二级指标", "“十四五”末"), "indicators"),
    (("序号", "主要任务", "牵头单位", "配合单位"), "tasks"),
    (("序号", "工作内容", "责任部门", "完成时限"), "tasks"),
    (("任务", "2025年目标", "责任单位"), "tasks"),
    (("序号", "指标", "任务", "责任单位"), "tasks"),
    (("项目名称", "建设内容", "总投资（亿元）", "责任单位"), "projects"),
    (("序号", "项目名称", "建设规模", "建设年限"), "projects"),
    (("姓名", "职务", "电话"), "other"),
    (("地区", "2020年", "2025年"), "other"),
    (("90", "95", "98"), "other"),
]


@pytest.mark.parametrize(("header", "kind"), KINDS, ids=["-".join(h) for h, _ in KINDS])
def test_kinds(header: tuple[str, ...], kind: str, grammar: Grammar) -> None:
    table = read([cells(*header), cells(*("甲" for _ in header))], grammar)
    assert table_kind(table, grammar) == kind
    assert is_indicator_table(table, grammar) == (kind == "indicators")


def test_kind_by_caption(grammar: Grammar) -> None:
    rows = [cells("项目", "2020年", "2025年"), cells("绿地面积", "3", "4")]
    assert table_kind(read(rows, grammar), grammar) == "other"
    assert table_kind(read([merged("表1 主要指标", 3), *rows], grammar), grammar) == "indicators"
    tasks = [merged("表2 重点任务分工", 2), cells("要点", "责任单位"), cells("修路", "县交通运输局")]
    assert table_kind(read(tasks, grammar), grammar) == "tasks"


@pytest.mark.parametrize(
    ("header", "role"),
    [("指\u3000标", "name"), ("单位", "unit"), ("2025年①", "value"), ("目标属性", "nature"), ("责任单位", "agencies"),
     ("备 注", "notes"),
     ("指标解释", "definition"), ("数据来源", "source"), ("领域", "group"), ("电话", None), ("很长" * 50, None)],
)  # fmt: skip
def test_column_roles(header: str, role: str | None, grammar: Grammar) -> None:
    assert column_role(header, grammar) == role


def test_caption_unit(grammar: Grammar) -> None:
    assert caption_unit("表3 耕地目标（单位：万亩）", grammar) == "万亩"
    assert caption_unit("表3 责任单位分工", grammar) is None
    assert caption_unit("", grammar) is None


def test_notes_below_a_table_are_counted_one_by_one(grammar: Grammar) -> None:
    text = "注：1.方括号内为五年累计数。 2.为2019年数。\n①按常住人口。②为市区口径。\n注：带*的为约束性指标。"
    builder = DocumentBuilder()
    for line in text.split("\n"):
        builder.paragraph(line)
    document = builder.build(Origin("a.txt", "txt", "0" * 64, 1, "text"), source_count={})
    notes = list(text_to_notes(document, 0, len(document.text), grammar))
    assert [n.mark for n in notes] == ["1", "2", "①", "②", None]
    assert "".join("".join(n.text.split()) for n in notes) == "".join(text.split())
    assert all(document.text[n.span.start : n.span.end] == n.text for n in notes)
    assert follows("3.为市区口径。", last_mark("注：1.甲。 2.乙。", grammar), grammar)
    assert not follows("5.建设水厂。", "2", grammar)
