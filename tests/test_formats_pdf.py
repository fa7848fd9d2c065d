"""What PDF pages do, each in one small file."""

import re
import zlib
from pathlib import Path
from typing import ClassVar

import pytest
from rapidfuzz.distance import Levenshtein

from planparse.document import Document, Origin
from planparse.errors import UnreadableFile
from planparse.extractors import ocr
from planparse.extractors.ocr import is_installed
from planparse.extractors.pdf import read_pdf
from planparse.extractors.pdf_streams import check_streams
from planparse.grammar import Grammar, load_grammar
from planparse.models.limits import Limits
from planparse.pipeline import document_to_plan
from tests.hostile_files import pdf_whose_content_unpacks_to_much, sample
from tests.pdf_maker import FULL, Page, filler, make_pdf, new

XS, YS = [100.0, 250.0, 400.0], [640.0, 610.0, 580.0]
CELLS = (("指标", "目标"), ("湿地面积", "420公顷"))
ROWS = (
    ("指标", "单位", "2020年", "2025年"),
    ("湿地面积", "公顷", "300", "420"),
    ("湿地岸线", "公里", "30", "55"),
    ("湿地保护率", "%", "51", "60"),
)


@pytest.fixture(scope="module")
def grammar() -> Grammar:
    return load_grammar()


def opened(grammar: Grammar, *pages: Page) -> Document:
    data = make_pdf(*pages)
    document = read_pdf(data, Origin("plan.pdf", "pdf", "0" * 64, len(data), "pdf"), grammar=grammar)
    plan = document_to_plan(document, grammar)
    assert plan.coverage.lost == 0
    assert [d for d in plan.diagnostics if d.severity == "error"] == []
    return document


def cells(document: Document, grid: int = 0) -> list[list[str]]:
    rows: dict[int, list[str]] = {}
    for cell in document.grids[grid].cells:
        rows.setdefault(cell.row, []).append(document.text[cell.start : cell.end])
    return [rows[row] for row in sorted(rows)]


def lay(page: Page, rows: tuple[tuple[str, ...], ...], xs: list[float], *, top: float, pitch: float, size: float = 14) -> Page:
    for number, row in enumerate(rows):
        for x, words in zip(xs, row, strict=False):
            if words:
                page.text(x + 4, top - number * pitch, words, size=size)
    return page


class TestRules:
    def test_lines_drawn_as_curves(self, grammar: Grammar) -> None:
        (page,) = new()
        for y in YS:
            page.draw(f"{XS[0]} {y} m {XS[0] + 90} {y} {XS[0] + 200} {y} {XS[-1]} {y} c S")
        for x in XS:
            page.draw(f"{x} {YS[0]} m {x} {YS[0] - 20} {x} {YS[0] - 40} {x} {YS[-1]} c S")
        assert cells(opened(grammar, lay(page, CELLS, XS, top=618, pitch=30))) == [list(row) for row in CELLS]

    def test_a_frame_with_round_corners(self, grammar: Grammar) -> None:
        (page,) = new()
        page.draw(
            "110 500 m 480 500 l 485.5 500 490 504.5 490 510 c 490 690 l 490 695.5 485.5 700 480 700 c "
            "110 700 l 104.5 700 100 695.5 100 690 c 100 510 l 100 504.5 104.5 500 110 500 c s"
        )
        page.lines("专栏1　湿地工程", "湿地公园建设。", "退化湿地修复。", x=120, y=660)
        document = opened(grammar, page)
        assert len(document.grids) == 1
        assert document.text[document.grids[0].start : document.grids[0].end].startswith("专栏1　湿地工程\n湿地公园建设。")

    def test_a_circle_and_a_wave_rule_nothing(self, grammar: Grammar) -> None:
        (page,) = new()
        page.draw(
            "300 500 m 300 555 255 600 200 600 c 145 600 100 555 100 500 c 100 445 145 400 200 400 c 255 400 300 445 300 500 c s"
        )
        page.draw("100 300 m 200 350 250 250 400 300 c S")
        page.lines("一、总体要求", "　　按照统筹兼顾的要求保护湿地。")
        assert opened(grammar, page).grids == ()

    def test_a_table_whose_sides_are_open(self, grammar: Grammar) -> None:
        (page,) = new()
        for y in YS:
            page.rule(XS[0], y, XS[-1], y)
        page.rule(XS[1], YS[0], XS[1], YS[-1])
        assert cells(opened(grammar, lay(page, CELLS, XS, top=618, pitch=30))) == [list(row) for row in CELLS]

    def test_a_shaded_area_drawn_line_by_line_is_one_box(self, grammar: Grammar) -> None:
        (page,) = new()
        for i in range(4):
            page.draw(f"0.9 g 76 {692 - 28 * i} 440 28 re f 0 g")
        page.lines("专栏1　湿地工程", "　　" + filler(FULL - 2), "湿地公园。", "　　退化湿地修复。", y=700)
        document = opened(grammar, page)
        assert cells(document) == [[f"专栏1　湿地工程\n{filler(FULL - 2)}湿地公园。\n退化湿地修复。"]]

    def test_two_frames_that_touch_are_two_cells(self, grammar: Grammar) -> None:
        (page,) = new()
        page.draw("76 692 440 28 re S 76 636 440 56 re S")
        page.lines("专栏1　湿地工程", "　　湿地公园。", "　　退化湿地修复。", y=700)
        assert cells(opened(grammar, page)) == [["专栏1　湿地工程"], ["湿地公园。\n退化湿地修复。"]]

    def test_cells_over_rows_and_columns(self, grammar: Grammar) -> None:
        (page,) = new()
        xs = [100.0, 200.0, 300.0, 400.0]
        for x in (xs[0], xs[-1]):
            page.rule(x, 640, x, 550)
        for y, start in ((640, 100), (610, 200), (580, 100), (550, 100)):
            page.rule(start, y, 400, y)
        page.rule(200, 640, 200, 550).rule(300, 610, 300, 550)
        lay(page, (("指标", "目标值"), ("", "2023年", "2025年"), ("面积", "300", "420")), xs, top=618, pitch=30)
        (grid,) = opened(grammar, page).grids
        assert [(c.row, c.column, c.rows, c.columns) for c in grid.cells] == [
            (0, 0, 2, 1), (0, 1, 1, 2), (1, 1, 1, 1), (1, 2, 1, 1), (2, 0, 1, 1), (2, 1, 1, 1), (2, 2, 1, 1),
        ]  # fmt: skip

    def test_a_drawing_of_very_many_paths_is_no_table(self, grammar: Grammar) -> None:
        (page,) = new()
        page.lines("一、总体要求", "　　按照统筹兼顾的要求保护湿地。")
        page.draw("100 100 m 109 109 l S " * 20_100)
        assert opened(grammar, page).grids == ()


class TestBands:
    """Tables with lines across and none upright (三线表)."""

    XS: ClassVar = [86.0, 216.0, 316.0, 416.0]

    def page(self, rows: tuple[tuple[str, ...], ...], rules: tuple[float, ...], *, xs: list[float] | None = None) -> Page:
        (page,) = new()
        lay(page.lines("主要指标如下。"), rows, xs or self.XS, top=640, pitch=26)
        for y in rules:
            page.rule(80, y, 500, y)
        return page

    @pytest.mark.parametrize("rules", [(660, 632, 552), (660, 632, 606, 580, 554)], ids=["three-lines", "every-row"])
    def test_lines_across(self, rules: tuple[float, ...], grammar: Grammar) -> None:
        assert cells(opened(grammar, self.page(ROWS, rules))) == [list(row) for row in ROWS]

    def test_two_columns(self, grammar: Grammar) -> None:
        rows = tuple((row[0], row[3]) for row in ROWS)
        assert cells(opened(grammar, self.page(rows, (660, 632, 552), xs=[86, 316]))) == [list(row) for row in rows]

    def test_a_head_of_two_rows(self, grammar: Grammar) -> None:
        page = self.page((("", "", "目标值"), *ROWS), (660, 606, 526)).rule(310, 632, 500, 632)
        (grid,) = opened(grammar, page).grids
        assert [(c.row, c.column, c.rows, c.columns) for c in grid.cells[:5]] == [
            (0, 0, 2, 1), (0, 1, 2, 1), (0, 2, 1, 2), (1, 2, 1, 1), (1, 3, 1, 1),
        ]  # fmt: skip

    def test_the_imprint_is_none(self, grammar: Grammar) -> None:
        """抄送 and 印发 stand between lines too (GB/T 9704)."""
        rows = (("抄送：市委办公室，市人大常委会办公室，市政协办公室。",), ("云溪市人民政府办公室", "", "2022年3月18日印发"))
        assert opened(grammar, self.page(rows, (660, 632, 606))).grids == ()

    def test_paragraphs_between_lines_are_none(self, grammar: Grammar) -> None:
        (page,) = new()
        page.lines(*(filler(FULL, 0x5000 + 30 * i) for i in range(8)))
        for y in (760, 676, 592, 508):
            page.rule(80, y, 512, y)
        assert opened(grammar, page).grids == ()


class TestAligned:
    """Tables that no line rules."""

    XS: ClassVar = [86.0, 216.0, 316.0, 416.0]

    def page(self, rows: tuple[tuple[str, ...], ...] = ROWS, *, pitch: float = 26) -> Page:
        (page,) = new()
        page.lines("一、发展目标", "　　到2025年湿地面积稳步增加，主要指标如下。")
        return lay(page, rows, self.XS, top=640, pitch=pitch)

    def test_columns_make_a_table(self, grammar: Grammar) -> None:
        page = self.page().lines("二、主要任务", "　　建设湿地公园。", y=480)
        document = opened(grammar, page)
        assert cells(document) == [list(row) for row in ROWS]
        assert document.text.endswith("二、主要任务\n建设湿地公园。")
        plan = document_to_plan(document, grammar)
        assert [(i.name, i.unit) for i in plan.indicators] == [("湿地面积", "公顷"), ("湿地岸线", "公里"), ("湿地保护率", "%")]

    def test_a_cell_of_two_lines_is_one(self, grammar: Grammar) -> None:
        rows = (
            ("工程", "内容", "单位", "时限"),
            ("湿地公园", "建设公园和", "市林业局", "2023年"),
            ("", "科普场馆", "", ""),
            ("湿地修复", "修复退化", "市水务局", "2024年"),
            ("", "湿地", "", ""),
            ("湿地监测", "建设站点", "市环境局", "2025年"),
        )
        found = cells(opened(grammar, self.page(rows, pitch=20)))
        assert [row[0] for row in found] == ["工程", "湿地公园", "湿地修复", "湿地监测"]
        assert "".join(found[1][1].split("\u2028")) == "建设公园和科普场馆"

    @pytest.mark.parametrize(
        "rows",
        [
            ROWS[:2],
            tuple(("甲", "乙", "丙", "丁") for _ in range(4)),
            tuple((f"{n}", f"{n}0", f"{n}00", "9") for n in range(1, 6)),
            tuple((f"第{n}章　总则", "………………", f"{n}", "") for n in "一二三四"),
            tuple((f"牵头单位{n}：市林业局", "", "", "参与单位") for n in range(4)),
        ],
        ids=["two-rows", "spread", "figures", "contents", "two-columns"],
    )
    def test_what_only_looks_like_one(self, rows: tuple[tuple[str, ...], ...], grammar: Grammar) -> None:
        assert opened(grammar, self.page(rows)).grids == ()

    @pytest.mark.parametrize("number", ["第{}章", "{}、", "（{}）"])
    def test_contents_without_leaders(self, number: str, grammar: Grammar) -> None:
        titles = ("总体要求", "主要任务", "重点工程", "保障措施")
        pages = new(2)
        pages[0].text(260, 740, "目　录", size=22)
        entries = tuple(
            (number.format(n), title, str(3 * i + 1)) for i, (n, title) in enumerate(zip("一二三四", titles, strict=True))
        )
        lay(pages[0], entries, [80, 160, 490], top=690, pitch=28, size=16)
        for n, title in zip("一二三四", titles, strict=True):
            pages[1].lines(f"{number.format(n)}　{title}", "　　建设湿地公园。", y=740 - 60 * "一二三四".index(n))
        document = opened(grammar, *pages)
        assert document.grids == ()
        plan = document_to_plan(document, grammar)
        assert [(entry.title, entry.page) for entry in plan.contents] == [row[1:] for row in entries]

    def test_three_columns_of_prose_are_no_table(self, grammar: Grammar) -> None:
        (page,) = new()
        for column in range(3):
            page.lines(*(filler(13, 0x5000 + 400 * column + 14 * k) for k in range(10)), x=60 + 170 * column, step=20, size=11)
        assert opened(grammar, page).grids == ()


def test_a_page_number_between_two_columns(grammar: Grammar) -> None:
    (page,) = new()
    for column, x in enumerate((60, 310)):
        words = [
            ("　　" if k % 5 == 0 else "") + filler(19 if k % 5 == 0 else 21, 0x5000 + 700 * column + 30 * k) for k in range(20)
        ]
        page.lines(*words, x=x, step=22, size=10.5)
    page.text(200, 790, "云溪市人民政府公报", size=20).text(290, 60, "12", size=10.5)
    document = opened(grammar, page)
    assert [d.reason for d in document.discarded] == ["page_number"]
    assert [line[0] for line in document.text.split("\n")] == [
        "云",
        *(chr(0x5000 + 700 * c + 150 * k) for c in (0, 1) for k in range(4)),
    ]


def marks(document: Document) -> list[str]:
    return [d.text for d in document.discarded if d.reason == "watermark"]


class TestMarks:
    """Seals and watermarks: words that are none of the page's lines."""

    BODY = ("一、总体要求", "　　按照统筹兼顾的要求保护湿地。", "　　坚持生态优先。", "二、主要任务")

    @pytest.mark.parametrize(
        ("x", "y", "turn"),
        [(40, 500, "0 1 -1 0"), (560, 700, "0 -1 1 0"), (204, 760, "0 -1 1 0")],
        ids=["left", "right", "over"],
    )
    def test_words_turned_by_a_quarter(self, x: float, y: float, turn: str, grammar: Grammar) -> None:
        document = opened(grammar, new()[0].lines(*self.BODY).solid(x, y, "湿地局专用章", turn=turn))
        assert marks(document) == ["湿地局专用章"]
        assert document.text.split("\n") == [line.strip() for line in self.BODY]

    @pytest.mark.parametrize("x", [30, 200, 540])
    def test_characters_one_under_another_beside_and_over_lines(self, x: float, grammar: Grammar) -> None:
        (page,) = new()
        page.lines(*self.BODY)
        for i, char in enumerate("湿地局专用章"):
            page.solid(x, 750 - 22 * i, char, size=20)
        document = opened(grammar, page)
        assert marks(document) == ["湿地局专用章"]
        assert document.text.split("\n") == [line.strip() for line in self.BODY]

    def test_a_title_set_upright_is_a_line(self, grammar: Grammar) -> None:
        pages = new(2)
        for i, char in enumerate("湿地保护规划"):
            pages[0].solid(280, 700 - 40 * i, char, size=30)
        pages[1].lines(*self.BODY)
        assert opened(grammar, *pages).text.split("\n")[:2] == ["湿地保护规划", "一、总体要求"]

    def test_a_turned_heading_of_a_column_is_a_cell(self, grammar: Grammar) -> None:
        (page,) = new()
        page.raster(XS, YS)
        lay(page, (("指标", ""), CELLS[1]), XS, top=618, pitch=30)
        page.solid(310, 612, "目标", size=10, turn="0 1 -1 0")
        document = opened(grammar, page)
        assert marks(document) == []
        assert cells(document) == [list(row) for row in CELLS]

    def test_large_words_over_lines_and_on_blank_paper(self, grammar: Grammar) -> None:
        pages = new(2)
        pages[0].lines(*(filler(FULL, 0x5000 + 40 * i) for i in range(14)))
        for page in pages:
            page.solid(150, 560, "征求意见稿", size=50)
        pages[1].lines("　　坚持生态优先。")
        document = opened(grammar, *pages)
        assert marks(document) == ["征求意见稿"] * 2
        assert "征求" not in document.text

    def test_a_large_title_is_no_mark(self, grammar: Grammar) -> None:
        document = opened(grammar, new()[0].solid(150, 760, "湿地规划", size=50).lines(*self.BODY, y=700))
        assert marks(document) == []
        assert document.text.startswith("湿地规划\n一、总体要求")


def renamed(data: bytes, words: dict[str, str]) -> bytes:
    """A PDF whose fonts' maps call some characters by other names, as broken converters do; appended as a revision."""
    made = bytearray(data)
    places: dict[int, int] = {}
    for number in {int(n) for n in re.findall(rb"/ToUnicode (\d+) 0 R", data)}:
        found = re.search(rb"\n%d 0 obj\s*<<.*?>>\s*stream\r?\n" % number, data, re.S)
        assert found
        text = zlib.decompress(data[found.end() : data.index(b"endstream", found.end())]).decode()
        for old, new_name in words.items():
            text = re.sub(f"(?<=<){ord(old):04X}(?=>)", f"{ord(new_name):04X}", text, flags=re.I)
        body = text.encode()
        places[number] = len(made)
        made += b"%d 0 obj\n<< /Length %d >> stream\n%s\nendstream\nendobj\n" % (number, len(body), body)
    before, root = re.findall(rb"startxref\s+(\d+)", data)[-1], re.findall(rb"/Root (\d+) 0 R", data)[-1]
    size = int(re.findall(rb"/Size (\d+)", data)[-1])
    start = len(made)
    made += b"xref\n" + b"".join(b"%d 1\n%010d 00000 n \n" % (number, place) for number, place in sorted(places.items()))
    made += b"trailer << /Size %d /Root %s 0 R /Prev %s >>\nstartxref\n%d\n%%%%EOF" % (size, root, before, start)
    return bytes(made)


class TestGlyphs:
    """Fonts that do not say which characters their glyphs are."""

    def read(self, data: bytes, grammar: Grammar) -> Document:
        document = read_pdf(data, Origin("plan.pdf", "pdf", "0" * 64, len(data), "pdf"), grammar=grammar)
        plan = document_to_plan(document, grammar)
        assert [d for d in plan.diagnostics if d.severity == "error"] == []
        return document

    def test_brackets_that_a_map_calls_blanks(self, grammar: Grammar) -> None:
        """Each is told by its partner, with nothing installed."""
        whole = sample("pdf", "xiapuling")
        text, broken = self.read(whole, grammar), self.read(renamed(whole, {"（": " ", "《": " "}), grammar)
        assert text.text.count("（") > 10
        assert broken.text == text.text
        plan = document_to_plan(broken, grammar)
        assert "font.read" in {d.code for d in plan.diagnostics}
        assert sum(broken.recognised.values()) == sum(text.text.count(c) for c in "（《")

    @pytest.mark.skipif(not is_installed(), reason="planparse[ocr] is not installed")
    def test_without_any_map_the_glyphs_are_read(self, grammar: Grammar) -> None:
        whole = sample("pdf", "xiapuling")
        text, read = self.read(whole, grammar), self.read(without_maps(whole), grammar)
        want, got = "".join(text.text.split()), "".join(read.text.split())
        assert Levenshtein.distance(want, got) <= 0.03 * len(want)
        assert len(read.lines) == len(text.lines)
        plan = document_to_plan(read, grammar)
        assert all("font.read" in row.flags for row in plan.responsibilities)

    def test_without_ocr_it_is_said(self, grammar: Grammar, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ocr, "is_installed", lambda: False)
        whole = sample("pdf", "xiapuling")
        with pytest.raises(UnreadableFile, match="its fonts do not say which characters they print"):
            self.read(without_maps(whole), grammar)
        once = without_maps(whole, count=1)
        document = self.read(once, grammar)
        assert "\ufffd" in document.text
        assert "font.unread" in {d.code for d in document_to_plan(document, grammar).diagnostics}


def without_maps(data: bytes, count: int = 0) -> bytes:
    """The PDF without the Unicode maps of its fonts, or of the first so many."""
    return re.sub(rb"/ToUnicode \d+ 0 R", lambda found: b" " * len(found[0]), data, count=count)


def test_invisible_words_are_words(grammar: Grammar) -> None:
    """A scanned page carries its text in a layer that is not painted (render mode 3)."""
    (page,) = new()
    page.draw("3 Tr").lines("云溪市湿地保护规划", "一、总体要求")
    assert opened(grammar, page).text == "云溪市湿地保护规划\n一、总体要求"


def test_landscape_pages_between_upright_ones(grammar: Grammar) -> None:
    pages = new(2)
    pages[0].lines("一、总体要求", "　　按照统筹兼顾的要求保护湿地。")
    pages[1].extra = "/Rotate 90"
    pages[1].latin(200, 100, "Annex of figures", turn="0 1 -1 0")
    document = opened(grammar, *pages)
    assert document.text.split("\n") == ["一、总体要求", "按照统筹兼顾的要求保护湿地。", "Annex of figures"]
    assert document.pages == (0, document.text.index("Annex"))


@pytest.mark.parametrize("rotate", ["", "/Rotate 90"])
def test_a_table_on_its_side_over_two_pages(rotate: str, grammar: Grammar) -> None:
    """On pages shown turned, and on upright pages whose number stands upright."""
    pages = new(2)
    across, down = [100.0, 200.0, 400.0, 700.0], [100.0, 140.0, 180.0, 220.0]
    for k, page in enumerate(pages):
        page.extra = rotate
        for x in across:
            page.rule(down[0], x, down[-1], x)
        for y in down:
            page.rule(y, across[0], y, across[-1])
        rows = (
            ("序号", "任务名称", "责任单位"),
            (f"{2 * k + 1}", "建设公园", "市林业局"),
            (f"{2 * k + 2}", "修复湿地", "市水务局"),
        )
        for y, row in zip(down, rows, strict=False):
            for x, words in zip(across, row, strict=False):
                page.solid(y + 25, x + 4, words, size=14, turn="0 1 -1 0")
        if rotate:
            page.solid(560, 400, f"— {k + 1} —", size=14, turn="0 1 -1 0")
        else:
            page.text(290, 50, f"— {k + 1} —", size=14)
    document = opened(grammar, *pages)
    assert cells(document) == [
        ["序号", "任务名称", "责任单位"],
        *(
            [f"{n}", words, body]
            for n, words, body in zip(range(1, 5), ["建设公园", "修复湿地"] * 2, ["市林业局", "市水务局"] * 2, strict=True)
        ),
    ]
    assert [d.text for d in document.discarded if d.reason == "page_number"] == ["— 1 —", "— 2 —"]


class TestStreams:
    def test_the_samples_unpack_to_little(self) -> None:
        check_streams(sample("pdf"), "plan.pdf")

    def test_a_stream_that_unpacks_to_much(self) -> None:
        with pytest.raises(UnreadableFile, match=r"^bomb\.pdf: .* 32 MB") as caught:
            check_streams(pdf_whose_content_unpacks_to_much(), "bomb.pdf")
        assert caught.value.code == "too-large"

    def test_pictures_short_streams_and_noise_pass(self) -> None:
        few = Limits(pdf_stream_bytes=100)
        data = pdf_whose_content_unpacks_to_much()
        check_streams(data.replace(b"/FlateDecode", b"/Fl /Image"), "a.pdf", few)
        check_streams(data.replace(b"/FlateDecode", b"/LZWDecode"), "a.pdf", few)
        check_streams(b"1 0 obj << /Filter /FlateDecode >> stream\n" + b"\xff" * 40_000, "a.pdf")
        check_streams(b"stream\n", "a.pdf", few)


def test_a_password_is_one_of_the_file(tmp_path: Path, grammar: Grammar) -> None:
    """A password given for a file that needs none does no harm."""
    data = make_pdf(new()[0].lines("一、总体要求"))
    made = read_pdf(data, Origin("a.pdf", "pdf", "0" * 64, len(data), "pdf"), grammar=grammar, password="x")
    assert made.text == "一、总体要求"
