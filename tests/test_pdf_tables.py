"""Ruled tables and frames in PDFs: cells, spans, tables over pages."""

import random

import pytest
from pdfplumber import table as finder

from planparse.extractors.pdf_tables import intersections_to_cells
from tests.pdf_maker import FULL, LEFT, RIGHT, STEP, TOP, Page, filler, make_pdf, new
from tests.test_pdf import read, thrown

XS = [80.0, 120.0, 320.0, 512.0]


def row(page: Page, y: float, *words: str, xs: list[float] = XS, size: float = 12) -> None:
    for x, word in zip(xs, words, strict=False):
        for i, part in enumerate(word.split("/")):
            if part:
                page.text(x + 5, y + 8 - 14 * i, part, size=size)


def table(page: Page, top: float, *rows: tuple[str, ...], height: float = 30) -> None:
    page.raster(XS, [top - height * i for i in range(len(rows) + 1)])
    for i, words in enumerate(rows):
        row(page, top - height * (i + 1) + 6, *words)


class TestCells:
    def test_cells_come_row_by_row(self) -> None:
        (page,) = new()
        page.lines("　　表前一段。")
        table(page, 600, ("序号", "任务", "单位"), ("1", "建设养老中心", "市民政局"))
        page.lines("　　表后一段。", y=400)
        document = read(make_pdf(page))
        assert document.text.split("\n") == ["表前一段。", "序号\t任务\t单位", "1\t建设养老中心\t市民政局", "表后一段。"]
        (grid,) = document.grids
        assert [document.text[c.start : c.end] for c in grid.cells][3:] == ["1", "建设养老中心", "市民政局"]
        assert grid.ruled
        assert grid.pages == (1,)

    def test_full_cell_line_goes_on_and_short_one_breaks(self) -> None:
        (page,) = new()
        page.raster([80, 210, 260], [600, 540])
        page.text(85, 580, "健全养老服务体系建设", size=12).text(85, 565, "和保障。", size=12)
        page.text(217, 580, "区乡村", size=12).text(217, 565, "振兴局", size=12)
        assert read(make_pdf(page)).text == "健全养老服务体系建设和保障。\t区乡村振兴局"

    def test_paragraphs_in_a_cell(self) -> None:
        (page,) = new()
        page.raster([80, 300, 500], [600, 540])
        page.text(85, 580, "市民政局", size=12).text(85, 565, "市财政局", size=12).text(305, 580, filler(15), size=12)
        assert read(make_pdf(page)).text == "市民政局\u2028市财政局\t" + filler(15)

    def test_merged_caption_row_stays_a_row(self) -> None:
        (page,) = new()
        page.raster(XS, [570, 540, 510]).rule(80, 600, 512, 600).rule(80, 600, 80, 570).rule(512, 600, 512, 570)
        page.text(200, 580, "专栏1 主要指标", size=12)
        row(page, 546, "1", "床位", "万张")
        row(page, 516, "2", "机构", "多家")
        document = read(make_pdf(page))
        assert document.text.split("\n") == ["专栏1 主要指标", "1\t床位\t万张", "2\t机构\t多家"]
        first = document.grids[0].cells[0]
        assert (first.row, first.column, first.columns) == (0, 0, 3)

    def test_word_over_a_border_is_cut(self) -> None:
        (page,) = new()
        page.raster([80, 128, 200], [600, 570]).text(80, 580, "云溪市市民政局")
        assert read(make_pdf(page)).text == "云溪市\t市民政局"

    def test_table_without_side_rims(self) -> None:
        (page,) = new()
        for y in (600, 570, 540):
            page.rule(80, y, 512, y)
        page.rule(200, 600, 200, 540).rule(350, 600, 350, 540)
        row(page, 576, "指标", "现状", "目标", xs=[80, 200, 350])
        row(page, 546, "床位", "10", "20", xs=[80, 200, 350])
        assert read(make_pdf(page)).text.split("\n") == ["指标\t现状\t目标", "床位\t10\t20"]

    def test_filled_rectangles_rule_too(self) -> None:
        (page,) = new()
        for x in (80, 200, 320):
            page.draw(f"{x} 540 0.5 60 re f")
        for y in (540, 570, 600):
            page.draw(f"80 {y} 240.5 0.5 re f")
        row(page, 576, "甲方", "乙方", xs=[80, 200])
        row(page, 546, "丙方", "丁方", xs=[80, 200])
        assert read(make_pdf(page)).text.split("\n") == ["甲方\t乙方", "丙方\t丁方"]

    def test_rules_in_a_form(self) -> None:
        (page,) = new()
        page.draw("/X1 Do").text(90, 575, "甲方").text(290, 575, "乙方")
        assert read(make_pdf(page)).text == "甲方\t乙方"

    def test_rules_on_a_moved_and_turned_ground(self) -> None:
        (page,) = new()
        page.draw("q 0 1 -1 0 500 100 cm 0 0 60 400 re S 60 0 60 400 re S Q").text(110, 130, "甲方").text(110, 190, "乙方")
        assert read(make_pdf(page)).text == "乙方\n甲方"
        assert len(read(make_pdf(page)).grids[0].cells) == 2

    def test_outline_filled_without_closing(self) -> None:
        (page,) = new()
        page.draw("0.8 g 80 560 m 480 560 l 480 620 l 80 620 l f 0 g").text(90, 590, "专栏一")
        assert len(read(make_pdf(page)).grids) == 1

    def test_shaded_area_is_a_frame_and_a_white_one_is_not(self) -> None:
        (page,) = new()
        page.draw("0.9 g 80 560 400 60 re f 1 g 80 300 400 60 re f 0 g").text(90, 590, "专栏一 云溪").text(90, 330, "正文")
        (grid,) = read(make_pdf(page)).grids
        assert len(grid.cells) == 1

    def test_lines_that_make_no_table(self) -> None:
        (page,) = new()
        page.rule(80, 800, 512, 800).rule(80, 60, 512, 60).rule(80, 735, 200, 735)
        page.draw("20 20 555 802 re S").draw("100 400 m 200 500 300 500 400 400 c S").draw("100 300 m 180 360 l S")
        page.lines("　　云溪市养老规划。")
        assert read(make_pdf(page)).grids == ()

    def test_chart_and_empty_raster_are_no_tables(self) -> None:
        (page,) = new()
        page.raster([100.0 + 20 * i for i in range(8)], [300.0 + 20 * i for i in range(8)]).text(101, 303, "图一", size=8)
        page.raster([300, 400, 500], [600, 650, 700])
        page.lines("　　云溪市。")
        assert read(make_pdf(page)).grids == ()

    def test_drawing_with_thousands_of_lines(self) -> None:
        (page,) = new()
        page.draw("\n".join(f"{i % 500} {i % 700} m {i % 500} {i % 700 + 40} l S" for i in range(1600))).lines("　　云溪市。")
        assert read(make_pdf(page)).grids == ()

    def test_frame_round_a_table_gives_way(self) -> None:
        (page,) = new()
        page.draw("70 480 460 200 re S").text(90, 660, "专栏2 重点项目")
        table(page, 640, ("1", "养老中心", "民政局"), ("2", "康复中心", "残联"))
        document = read(make_pdf(page))
        assert document.text.split("\n") == ["专栏2 重点项目", "1\t养老中心\t民政局", "2\t康复中心\t残联"]
        assert len(document.grids) == 1

    def test_table_in_a_cell_gives_way(self) -> None:
        (page,) = new()
        page.raster([80, 300, 500], [680, 580]).raster([100, 150, 200], [660, 640]).text(105, 645, "甲方").text(
            310, 640, "乙方"
        )
        assert len(read(make_pdf(page)).grids) == 1

    def test_doubled_words_in_a_cell(self) -> None:
        (page,) = new()
        page.raster([80, 300, 500], [640, 600]).text(100, 615, "合计").text(101, 615, "合计数").text(310, 615, "乙方")
        assert read(make_pdf(page)).text == "合计数\t乙方"


@pytest.mark.parametrize("seed", range(12))
def test_cells_are_those_that_pdfplumber_finds(seed: int) -> None:
    chance = random.Random(seed)
    edges = []
    for _ in range(chance.randrange(4, 30)):
        along, a, b = 20 * chance.randrange(8), 20 * chance.randrange(8), 20 * chance.randrange(8)
        flat = chance.random() < 0.5
        x0, top, x1, bottom = (min(a, b), along, max(a, b) + 20, along) if flat else (along, min(a, b), along, max(a, b) + 20)
        kind = "h" if flat else "v"
        size = {"width": x1 - x0, "height": bottom - top, "object_type": "line"}
        edges.append({"x0": x0, "x1": x1, "top": top, "bottom": bottom, "orientation": kind, **size})
    meeting = finder.edges_to_intersections(finder.merge_edges(edges, 3, 3, 3, 3), 3, 3)
    assert intersections_to_cells(meeting) == finder.intersections_to_cells(meeting)


class TestOverPages:
    def test_table_goes_on_without_its_header(self) -> None:
        one, two = new(2)
        table(one, 200, ("序号", "任务", "单位"), ("1", "建设养老中心", "市民政局"))
        one.text(290, 40, "— 1 —")
        table(two, 780, ("序号", "任务", "单位"), ("2", "建设康复中心", "市残联"))
        two.text(290, 40, "— 2 —")
        document = read(make_pdf(one, two))
        (grid,) = document.grids
        assert grid.pages == (1, 2)
        assert document.text.split("\n") == ["序号\t任务\t单位", "1\t建设养老中心\t市民政局", "2\t建设康复中心\t市残联"]
        assert thrown(document, "repeated_header") == ["序号", "任务", "单位"]

    def test_row_broken_by_the_page_is_one(self) -> None:
        one, two = new(2)
        table(one, 200, ("1", filler(15), "市民政局"))
        table(two, 780, ("", "和保障体系。", ""), ("2", "康复", "市残联"))
        document = read(make_pdf(one, two))
        assert document.text.split("\n") == [f"1\t{filler(15)}和保障体系。\t市民政局", "2\t康复\t市残联"]

    def test_row_broken_in_two_cells(self) -> None:
        one, two = new(2)
        table(one, 200, ("1", filler(15), filler(15, 0x5100)))
        table(two, 780, ("", filler(15, 0x5200), "市局"))
        text = read(make_pdf(one, two)).text
        assert text == f"1\t{filler(15)}{filler(15, 0x5200)}\t{filler(15, 0x5100)}市局"

    def test_group_cell_runs_over_the_page(self) -> None:
        one, two = new(2)
        for page, top in ((one, 200), (two, 780)):
            page.rule(80, top, 512, top).rule(80, top - 60, 512, top - 60).rule(200, top - 30, 512, top - 30)
            for x in (80, 200, 512):
                page.rule(x, top, x, top - 60)
        row(one, 176, "养老", "一是建设。", xs=[80, 200])
        row(one, 146, "", "二是运营。", xs=[80, 200])
        row(two, 756, "", "三是监管。", xs=[80, 200])
        row(two, 726, "", "四是评估。", xs=[80, 200])
        (grid,) = read(make_pdf(one, two)).grids
        assert (grid.cells[0].rows, len(grid.cells)) == (4, 5)

    def test_frame_over_pages_is_one_cell_and_its_paragraph_one(self) -> None:
        one, two = new(2)
        one.draw(f"{LEFT - 6} 100 {RIGHT - LEFT + 12} 100 re S").lines("专栏3 云溪重点工程", "　　" + filler(FULL - 2), y=170)
        two.draw(f"{LEFT - 6} 700 {RIGHT - LEFT + 12} 100 re S").lines(filler(FULL, 0x5200), "尾句。", y=770)
        document = read(make_pdf(one, two))
        (grid,) = document.grids
        assert len(grid.cells) == 1
        lines = document.text.split("\n")
        assert lines == ["专栏3 云溪重点工程", filler(FULL - 2) + filler(FULL, 0x5200) + "尾句。"]
        assert document.page_at(document.text.index(chr(0x5200))) == 2

    def test_box_with_its_own_caption_is_another(self) -> None:
        one, two = new(2)
        for number, (page, bottom) in enumerate(((one, 100), (two, 700)), 1):
            page.draw(f"80 {bottom} 432 80 re S").lines(f"专栏{number} 云溪", y=bottom + 50)
        assert len(read(make_pdf(one, two)).grids) == 2

    def test_other_columns_are_another_table(self) -> None:
        one, two = new(2)
        table(one, 200, ("1", "甲方", "乙方"))
        two.raster([80, 260, 512], [780, 750])
        row(two, 756, "丙方", "丁方", xs=[80, 260])
        assert len(read(make_pdf(one, two)).grids) == 2
        one, two = new(2)
        table(one, 200, ("1", "甲方", "乙方"))
        two.raster([80, 300], [780, 750])
        row(two, 756, "丙方", xs=[80])
        assert len(read(make_pdf(one, two)).grids) == 2

    def test_columns_that_show_only_on_the_next_page(self) -> None:
        one, two = new(2)
        one.raster([80, 512], [200, 170]).text(200, 180, "专栏4 任务分工")
        table(two, 780, ("1", "建设", "民政局"), ("2", "运营", "残联"))
        (grid,) = read(make_pdf(one, two)).grids
        assert (grid.cells[0].columns, len(grid.cells)) == (3, 7)

    def test_continued_caption_does_not_part(self) -> None:
        one, two = new(2)
        one.draw("80 100 432 80 re S").lines("专栏5 云溪", y=150, x=90)
        two.draw("80 700 432 80 re S").lines("专栏5 云溪（续）", y=750, x=90)
        assert len(read(make_pdf(one, two)).grids) == 1

    def test_rows_without_words_and_other_spans(self) -> None:
        one, two, three = new(3)
        table(one, 200, ("1", "甲方", ""))
        two.raster([80, 320, 512], [780, 750]).rule(80, 720, 512, 720).rule(80, 750, 80, 720).rule(512, 750, 512, 720)
        row(two, 756, "乙方", "丙方", xs=[80, 320])
        row(two, 726, "合计", xs=[80])
        table(three, 780, ("", "", "丁方"), ("", "", ""))
        document = read(make_pdf(one, two, three))
        assert len(document.grids) == 1
        assert document.text.split("\n") == ["1\t甲方\t", "乙方\t丙方", "合计", "\t\t丁方"]

    def test_text_between_parts_them(self) -> None:
        one, two = new(2)
        table(one, 200, ("1", "甲方", "乙方"))
        two.lines("　　中间一段。", y=800)
        table(two, 700, ("2", "丙方", "丁方"))
        assert len(read(make_pdf(one, two)).grids) == 2

    def test_part_set_off_by_the_binding_is_the_same_table(self) -> None:
        one, two = new(2)
        table(one, 200, ("1", "甲方", "乙方"))
        two.raster([x + 15 for x in XS], [780, 750])
        row(two, 756, "2", "丙方", "丁方", xs=[x + 15 for x in XS])
        assert len(read(make_pdf(one, two)).grids) == 1

    def test_open_end_at_the_page_break_is_closed(self) -> None:
        one, two = new(2)
        for page, top, bottom, ruled in ((one, 140, 30, (140, 100)), (two, 812, 700, (740, 700))):
            for x in XS:
                page.rule(x, top, x, bottom)
            for y in ruled:
                page.rule(XS[0], y, XS[-1], y)
        row(one, 116, "序号", "任务", "单位")
        row(one, 60, "1", filler(15), "民政局")
        row(two, 780, "", "续完。", "")
        row(two, 716, "2", "丙方", "丁方")
        document = read(make_pdf(one, two))
        assert document.text.split("\n") == ["序号\t任务\t单位", f"1\t{filler(15)}续完。\t民政局", "2\t丙方\t丁方"]

    def test_paragraph_goes_on_behind_a_table_at_the_page_end(self) -> None:
        one, two = new(2)
        one.lines("　　首段。", "　　" + filler(FULL - 2), filler(FULL, 0x5100))
        table(one, TOP - 4 * STEP, ("1", "甲方", "乙方"))
        two.lines(filler(FULL, 0x5200), "到底。")
        texts = read(make_pdf(one, two)).text.split("\n")
        assert texts[1].endswith("到底。")
        assert texts[2] == "1\t甲方\t乙方"

    def test_cell_with_paragraphs_on_two_pages(self) -> None:
        one, two = new(2)
        one.draw("80 100 432 80 re S").lines("一句完了。", y=150, x=90)
        two.draw("80 700 432 80 re S").lines("二句完了。", y=750, x=90)
        document = read(make_pdf(one, two))
        assert document.text.split("\n") == ["一句完了。", "二句完了。"]
        assert document.page_at(document.text.index("二")) == 2
