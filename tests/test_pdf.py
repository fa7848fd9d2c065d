"""PDF → Document, on tiny PDFs that are written here byte by byte: the text layer says exactly what a test needs."""

import contextlib
import os
from collections import Counter
from pathlib import Path

import pytest

from planparse.document import Document, Origin, count_characters
from planparse.errors import UnreadableFile
from planparse.extractors.pdf import read_pdf
from planparse.extractors.radicals import REPAIRS, repair
from planparse.grammar import load_grammar
from tests.pdf_maker import FULL, LEFT, RIGHT, SIZE, STEP, TOP, filler, make_pdf, new

CORPUS = os.environ.get("PLANPARSE_CORPUS")


def read(data: bytes) -> Document:
    document = read_pdf(data, Origin("plan.pdf", "pdf", "0" * 64, len(data), "pdf"), grammar=load_grammar())
    assert_balance(document)
    return document


def assert_balance(document: Document) -> None:
    said = count_characters(document.text)
    for piece in document.discarded:
        said += count_characters(piece.text)
    assert said == Counter(document.source_count) + Counter(document.recognised)


def thrown(document: Document, reason: str) -> list[str]:
    return [piece.text for piece in document.discarded if piece.reason == reason]


class TestParagraphs:
    def test_full_line_goes_on_and_short_line_ends(self) -> None:
        (page,) = new()
        first, second, third = "　　" + filler(FULL - 2), filler(FULL, 0x5100), "青岚县先行。"
        page.lines(first, second, third, "　　栖霞湾区跟上。")
        assert read(make_pdf(page)).text.split("\n") == [first.strip() + second + third, "栖霞湾区跟上。"]

    def test_paragraph_runs_over_pages_past_the_page_number(self) -> None:
        one, two = new(2)
        one.lines("　　" + filler(FULL - 2), filler(FULL, 0x5100)).text(280, 50, "— 1 —")
        two.lines(filler(FULL, 0x5200), "到底。", "　　另起一段。").text(280, 50, "— 2 —")
        document = read(make_pdf(one, two))
        assert len(document.lines) == 2
        assert thrown(document, "page_number") == ["— 1 —", "— 2 —"]
        assert document.pages == (0, 2 * FULL - 2)
        assert document.page_at(2 * FULL - 3) == 1
        assert document.page_at(2 * FULL - 2) == 2

    def test_indent_opens_a_paragraph_behind_a_full_line(self) -> None:
        (page,) = new()
        page.lines("　　" + filler(FULL - 2), filler(FULL, 0x5100), "　　" + filler(FULL - 2, 0x5200), "尾句。")
        assert [line.end - line.start for line in read(make_pdf(page)).lines] == [2 * FULL - 2, FULL + 1]

    def test_far_line_opens_a_paragraph(self) -> None:
        (page,) = new()
        page.lines(*(filler(FULL, 0x5000 + 64 * i) for i in range(5)))
        page.lines(filler(FULL, 0x5200), y=TOP - 5 * STEP - 30)
        assert len(read(make_pdf(page)).lines) == 2

    def test_other_size_opens_a_paragraph(self) -> None:
        (page,) = new()
        page.lines("　　" + filler(FULL - 2), filler(FULL, 0x5100)).text(LEFT, TOP - 2 * STEP, filler(20, 0x5200), size=22)
        assert len(read(make_pdf(page)).lines) == 2

    def test_centred_title_over_two_full_lines_is_one(self) -> None:
        (page,) = new()
        page.lines(*(["　　" + filler(FULL - 2), filler(FULL, 0x5100), "尾句。"] * 3), y=500)
        page.text(LEFT, TOP, "云溪市人民政府关于印发《云溪市养老服务体系建设第十四五规", size=16)
        page.text(256, TOP - STEP, "划》的通知")
        page.text(248, TOP - 3 * STEP, "第一章", font="F2").text(312, TOP - 3 * STEP, "总则", font="F2")
        document = read(make_pdf(page))
        assert document.text.split("\n")[0].endswith("规划》的通知")
        line = document.lines[1]
        assert document.text[line.start : line.end] == "第一章 总则"
        assert line.centred
        assert line.bold
        assert line.font == "TestSong-Bold"

    def test_short_centred_lines_stay_apart(self) -> None:
        (page,) = new()
        page.lines("　　" + filler(FULL - 2), filler(FULL, 0x5100), "尾句。", y=500)
        page.text(272, TOP, "云溪市").text(264, TOP - STEP, "养老规划")
        assert read(make_pdf(page)).text.split("\n")[:2] == ["云溪市", "养老规划"]

    def test_unclosed_title_goes_on(self) -> None:
        (page,) = new()
        page.lines("　　" + filler(FULL - 2), filler(FULL, 0x5100), "尾句。", y=500)
        page.text(256, TOP, "印发《云溪").text(272, TOP - STEP, "规划》")
        assert read(make_pdf(page)).text.split("\n")[0] == "印发《云溪规划》"

    def test_title_unclosed_two_lines_above_goes_on(self) -> None:
        (page,) = new()
        page.lines("　　" + filler(FULL - 2), filler(FULL, 0x5100), "尾句。", y=500)
        page.text(256, TOP, "印发《云溪").text(264, TOP - STEP, "湿地保护").text(256, TOP - 2 * STEP, "规划》通知")
        assert read(make_pdf(page)).text.split("\n")[0] == "印发《云溪湿地保护规划》通知"

    def test_signature_and_date_stay_apart(self) -> None:
        (page,) = new()
        page.lines("　　" + filler(FULL - 2), filler(FULL, 0x5100), "尾句。")
        page.text(RIGHT - 112, TOP - 4 * STEP, "云溪市人民政府").text(RIGHT - 112, TOP - 5 * STEP, "二〇二二年六月")
        page.lines("各镇人民政府：", y=TOP - 6 * STEP)
        assert read(make_pdf(page)).text.split("\n")[1:] == ["云溪市人民政府", "二〇二二年六月", "各镇人民政府："]

    def test_without_indents_numbering_opens(self) -> None:
        (page,) = new()
        page.lines(filler(FULL), filler(FULL - 1, 0x5100) + "。", "一、" + filler(FULL - 2, 0x5200), filler(FULL, 0x5300))
        texts = read(make_pdf(page)).text.split("\n")
        assert len(texts) == 2
        assert texts[1].startswith("一、")

    @pytest.mark.parametrize(
        ("short", "word"),
        [(2, "“十四五”规划"), (2, "2025年"), (2, "好，"), (1, "+项目"), (2, "《云溪》"), (9, "www.example.cn/a/b")],
    )
    def test_word_that_may_not_be_parted_leaves_room(self, short: int, word: str) -> None:
        (page,) = new()
        page.lines(
            "　　" + filler(FULL - 2), filler(FULL - short, 0x5100), word + filler(5, 0x5200), "　　" + filler(20), filler(3)
        )
        assert read(make_pdf(page)).text.split("\n")[0].endswith(filler(5, 0x5200))

    def test_two_characters_of_one_glyph(self) -> None:
        (page,) = new()
        page.glyphs.codes["——"] = len(page.glyphs.codes) + 1
        code = f"{page.glyphs.codes['——']:04X}"
        page.draw(f"BT /F1 16 Tf 112 700 Td <{code}{page.glyphs.hex('坚持党的领导。')}> Tj ET").text(100, 600, "云溪")
        assert read(make_pdf(page)).text.split("\n")[0] == "——坚持党的领导。"

    def test_hanging_item_goes_on(self) -> None:
        (page,) = new()
        page.lines(*["　　" + filler(FULL - 2), filler(FULL, 0x5100), "尾句。"] * 3, y=400)
        page.text(LEFT + 32, TOP, "附件：" + filler(FULL - 5, 0x5300)).text(LEFT + 80, TOP - STEP, "实施办法")
        page.text(LEFT + 80, TOP - 2 * STEP, "（二）任务清单")
        texts = read(make_pdf(page)).text.split("\n")
        assert texts[0].endswith("实施办法")
        assert texts[1] == "（二）任务清单"

    def test_latin_words_keep_their_blank(self) -> None:
        (page,) = new()
        page.lines("　　" + filler(FULL - 7) + "smart cities", "and green grids 好。")
        assert read(make_pdf(page)).text.endswith("smart cities and green grids 好。")

    def test_footnote_is_read_behind_the_paragraph(self) -> None:
        one, two = new(2)
        one.lines("　　" + filler(FULL - 2), filler(FULL, 0x5100)).text(LEFT, 120, "①指常住人口。", size=10)
        two.lines(filler(FULL, 0x5200), "到底。")
        texts = read(make_pdf(one, two)).text.split("\n")
        assert len(texts) == 2
        assert texts[1] == "①指常住人口。"


class TestCharacters:
    def test_misplaced_quotes_come_into_order(self) -> None:
        (page,) = new()
        page.text(80, 700, "云溪").text(128, 700, "十四五").text(192, 700, "规划").text(112, 700, "“").text(176, 700, "”")
        assert read(make_pdf(page)).text == "云溪“十四五”规划"

    def test_double_stroke_counts_once(self) -> None:
        (page,) = new()
        page.latin(80, 700, "general").latin(80.7, 700.2, "general aims")
        document = read(make_pdf(page))
        assert document.text == "general aims"
        assert thrown(document, "duplicate_glyph") == ["general"]

    def test_radicals_are_repaired_and_counted(self) -> None:
        (page,) = new()
        page.text(80, 700, "⼀是发展⻓期护理")
        document = read(make_pdf(page))
        assert document.text == "一是发展长期护理"
        assert document.repaired == 2

    def test_slanted_words_are_a_watermark(self) -> None:
        (page,) = new()
        page.lines("　　" + filler(20)).latin(100, 300, "draft", turn="0.7 0.7 -0.7 0.7")
        document = read(make_pdf(page))
        assert document.text == filler(20)
        assert "".join(thrown(document, "watermark")) == "draft"

    def test_wide_gap_is_a_blank(self) -> None:
        (page,) = new()
        page.text(80, 700, "第一节").text(140, 700, "总则").latin(80, 660, "low").latin(110, 660, "carbon")
        page.text(80, 620, "云溪").draw(
            f"BT /F1 16 Tf 80 580 Td [<{page.glyphs.hex('青岚')}> -700 <{page.glyphs.hex('县城')}>] TJ ET"
        )
        assert read(make_pdf(page)).text.split("\n") == ["第一节 总则", "low carbon", "云溪", "青岚 县城"]

    @pytest.mark.parametrize("spacing", [3, 12, 20])
    def test_spread_line_has_no_blanks(self, spacing: int) -> None:
        (page,) = new()
        page.draw(f"BT /F1 16 Tf {spacing} Tc 80 700 Td <{page.glyphs.hex('云溪市人民政府')}> Tj ET")
        page.lines("　　" + filler(20), y=600)
        assert read(make_pdf(page)).text.split("\n")[0] == "云溪市人民政府"

    def test_words_on_two_baselines_of_one_object(self) -> None:
        (page,) = new()
        upper, lower = page.glyphs.hex("上标"), page.glyphs.hex("平米")
        page.draw(f"BT /F1 16 Tf 80 700 Td <{lower}> Tj 3 Ts <{upper}> Tj 0 Ts <{lower}> Tj ET")
        assert read(make_pdf(page)).text == "平米上标平米"

    def test_blanks_at_the_ends_are_room(self) -> None:
        (page,) = new()
        page.text(80, 700, "　　云溪市　").text(80, 660, "　　").lines("　　" + filler(FULL - 2), filler(FULL), y=600)
        line = read(make_pdf(page)).lines[0]
        assert line.box is not None
        assert line.box[0] == 112
        assert line.indent == 32

    def test_note_mark_stands_on_its_line(self) -> None:
        (page,) = new()
        page.text(80, 700, "常住人口").text(144, 706, "1", size=8).text(150, 700, "稳步增长。")
        assert read(make_pdf(page)).text == "常住人口1稳步增长。"

    def test_hyphen_at_a_line_end_is_kept(self) -> None:
        (page,) = new()
        page.lines("low-", "carbon")
        assert "-" in read(make_pdf(page)).text

    def test_supplementary_characters_and_emoji_survive(self) -> None:
        (page,) = new()
        page.text(80, 700, "𠮷林街道")
        assert read(make_pdf(page)).text == "𠮷林街道"


class TestPages:
    def test_running_heads_go(self) -> None:
        pages = new(4)
        for i, page in enumerate(pages):
            page.text(200, 800, "云溪市养老服务规划").lines("　　" + filler(FULL - 2, 0x5000 + 64 * i), "尾句。").text(
                290, 40, str(i + 1)
            )
        document = read(make_pdf(*pages))
        assert len(thrown(document, "running_head")) == 4
        assert thrown(document, "page_number") == ["1", "2", "3", "4"]
        assert len(document.lines) == 4
        assert len(document.pages) == 4

    @pytest.mark.parametrize(
        ("rotate", "turn", "x", "y"),
        [(90, "0 1 -1 0", 100, 80), (270, "0 -1 1 0", 495, 762), (180, "-1 0 0 -1", 515, 100), (0, "0 1 -1 0", 100, 80)],
    )
    def test_turned_pages(self, rotate: int, turn: str, x: float, y: float) -> None:
        (page,) = new()
        _, _, c, d = map(float, turn.split())
        for i, line in enumerate(("Chapter one", "of the plan.")):
            page.latin(x - c * STEP * i, y - d * STEP * i, line, turn=turn)
        page.extra = f"/Rotate {rotate}"
        document = read(make_pdf(page))
        assert document.text.replace("\n", " ") == "Chapter one of the plan."
        assert document.lines[0].box is not None
        assert 0 < document.lines[0].box[1] < document.lines[0].box[3]

    def test_crop_box_shifts(self) -> None:
        (page,) = new()
        page.lines("　　云溪市").extra = "/CropBox [50 50 545 792]"
        box = read(make_pdf(page)).lines[0].box
        assert box is not None
        assert box[0] == pytest.approx(LEFT + 2 * SIZE - 50, abs=0.2)

    def test_two_columns_are_read_one_after_the_other(self) -> None:
        (page,) = new()
        left = ["　　" + filler(12), *(filler(14, 0x5100 + 32 * i) for i in range(9))]
        right = [
            filler(14, 0x6000),
            "左栏续完。",
            "　　" + filler(12, 0x6100),
            *(filler(14, 0x6200 + 32 * i) for i in range(8)),
        ]
        page.text(200, 780, "云溪市人民政府公报第三期专号")
        page.lines(*left, x=60, step=24).lines(*right, x=310, step=24).text(
            60, 400, "本期另有云溪市民政局关于印发规划的通知一件全文"
        )
        texts = read(make_pdf(page)).text.split("\n")
        assert texts[0] == "云溪市人民政府公报第三期专号"
        assert texts[1] == "".join(left + right[:2]).strip("　")
        assert texts[2] == "".join(right[2:]).strip("　")
        assert texts[3].startswith("本期")

    def test_page_without_text_is_named(self) -> None:
        pages = new(3)
        pages[0].lines("　　云溪市。")
        pages[2].lines("　　青岚县。")
        document = read(make_pdf(*pages, title="Plan"))
        assert document.metadata == {"title": "Plan", "pages_without_text": "2"}
        assert document.page_at(document.text.index("青")) == 3

    def test_contents_keep_their_leaders(self) -> None:
        (page,) = new()
        page.lines("第一章总则" + "…" * 10 + "1", "第二章目标" + "…" * 10 + "3")
        assert read(make_pdf(page)).text.split("\n") == ["第一章总则" + "…" * 10 + "1", "第二章目标" + "…" * 10 + "3"]


class TestUnreadable:
    def code(self, data: bytes) -> str:
        with pytest.raises(UnreadableFile, match=r"^plan\.pdf: ") as caught:
            read(data)
        return caught.value.code

    def test_pictures_only(self) -> None:
        assert self.code(make_pdf(*new(2))) == "no-text"

    def test_noise_and_stumps(self) -> None:
        (page,) = new()
        whole = make_pdf(page.lines("云溪市"))
        for data in (b"", b"%PDF-1.4\n", os.urandom(0) + b"\x00" * 300, whole[:200]):
            assert self.code(data) == "damaged"

    def test_no_pages(self) -> None:
        data = make_pdf(new()[0]).replace(b"/Count 1", b"/Count 0").replace(b"/Kids [", b"/Kidz [")
        assert self.code(data) in ("damaged", "no-text")


def test_radicals_table() -> None:
    assert repair("⼀⻓⽂⺠") == ("一长文民", 4)
    assert repair("平常的字") == ("平常的字", 0)
    assert all(len(value) == 1 for value in REPAIRS.values())


@pytest.mark.skipif(not CORPUS, reason="PLANPARSE_CORPUS is not set")
class TestCorpus:
    def files(self) -> list[Path]:
        return sorted(Path(CORPUS or "", "plans").rglob("*.pdf"))

    def test_nothing_is_lost(self) -> None:
        for file in self.files():
            if "bad" in file.parts or "scan" in file.name:
                continue
            document = read(file.read_bytes())
            assert len(document.pages) > 0
            assert document.text

    def test_bad_files_are_read_whole_or_say_why(self) -> None:
        for file in self.files():
            if "bad" in file.parts:
                with contextlib.suppress(UnreadableFile):
                    assert read(file.read_bytes()).text
