"""PDF → Document, on tiny PDFs that are written here byte by byte: the text layer says exactly what a test needs."""

import os
from collections import Counter
from pathlib import Path

import pytest

from planparse.document import Document, Origin, count_characters
from planparse.errors import UnreadableFile
from planparse.extractors.pdf import read_pdf
from planparse.extractors.radicals import REPAIRS, repair
from planparse.grammar import load_grammar

CORPUS = os.environ.get("PLANPARSE_CORPUS")
LEFT, RIGHT, TOP, STEP, SIZE = 80, 512, 740, 28, 16
FULL = (RIGHT - LEFT) // SIZE  # characters on a full line


class Glyphs:
    """Codes for characters, given as they come; ASCII is half an em wide."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}

    def hex(self, text: str) -> str:
        return "".join(f"{self.codes.setdefault(c, len(self.codes) + 1):04X}" for c in text)

    def to_unicode(self) -> bytes:
        pairs = "".join(f"<{n:04X}> <{c.encode('utf-16-be').hex()}>\n" for c, n in self.codes.items())
        return (
            "/CIDInit /ProcSet findresource begin begincmap /CMapName /X def /CMapType 2 def\n"
            "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
            f"{len(self.codes)} beginbfchar\n{pairs}endbfchar endcmap end"
        ).encode()

    def widths(self) -> str:
        return " ".join(f"{n} [{500 if c < chr(0x2000) else 1000}]" for c, n in self.codes.items())


class Page:
    """Words and rules of one page; points from the lower left corner, as PDF has them."""

    def __init__(self, glyphs: Glyphs) -> None:
        self.glyphs = glyphs
        self.parts: list[str] = []
        self.extra = ""

    def text(self, x: float, y: float, words: str, *, size: float = SIZE, font: str = "F1", turn: str = "1 0 0 1") -> "Page":
        self.parts.append(f"BT /{font} {size} Tf {turn} {x} {y} Tm <{self.glyphs.hex(words)}> Tj ET")
        return self

    def lines(self, *words: str, y: float = TOP, x: float = LEFT, step: float = STEP, size: float = SIZE) -> "Page":
        """Lines one under another; 　 at the head indents."""
        for i, line in enumerate(words):
            bare = line.lstrip("　")
            self.text(x + size * (len(line) - len(bare)), y - i * step, bare, size=size)
        return self

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> "Page":
        self.parts.append(f"{x0} {y0} m {x1} {y1} l S")
        return self

    def raster(self, xs: list[float], ys: list[float]) -> "Page":
        for x in xs:
            self.rule(x, ys[0], x, ys[-1])
        for y in ys:
            self.rule(xs[0], y, xs[-1], y)
        return self

    def draw(self, operators: str) -> "Page":
        self.parts.append(operators)
        return self


def make_pdf(*pages: Page, title: str | None = None) -> bytes:
    """The pages (all with the same `Glyphs`) as a PDF file."""
    glyphs = pages[0].glyphs
    bodies: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]

    def add(body: bytes) -> int:
        bodies.append(body)
        return len(bodies)

    def stream(data: bytes) -> bytes:
        return b"<< /Length %d >> stream\n%s\nendstream" % (len(data), data)

    unicode_map = add(stream(glyphs.to_unicode()))
    fonts = []
    for name in ("TestSong", "TestSong-Bold"):
        descriptor = add(
            f"<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 "
            "/Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>".encode()
        )
        child = add(
            f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /FontDescriptor {descriptor} 0 R /DW 1000 "
            f"/W [{glyphs.widths()}] /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>".encode()
        )
        fonts.append(
            add(
                f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H "
                f"/DescendantFonts [{child} 0 R] /ToUnicode {unicode_map} 0 R >>".encode()
            )
        )
    kids = []
    for page in pages:
        content = add(stream("\n".join(page.parts).encode()))
        kids.append(
            add(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {page.extra} /Contents {content} 0 R "
                f"/Resources << /Font << /F1 {fonts[0]} 0 R /F2 {fonts[1]} 0 R >> >> >>".encode()
            )
        )
    bodies[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{k} 0 R' for k in kids)}] >>".encode()
    info = add(f"<< /Title ({title}) >>".encode()) if title else None
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    extra = f"/Info {info} 0 R" if info else ""
    out += f"trailer << /Size {len(bodies) + 1} /Root 1 0 R {extra} >>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(out)


def read(data: bytes) -> Document:
    document = read_pdf(data, Origin("plan.pdf", "pdf", "0" * 64, len(data), "pdf"), grammar=load_grammar())
    assert_balance(document)
    return document


def assert_balance(document: Document) -> None:
    said = count_characters(document.text)
    for piece in document.discarded:
        said += count_characters(piece.text)
    assert said == Counter(document.source_count)


def filler(count: int, start: int = 0x5000) -> str:
    return "".join(chr(start + i) for i in range(count))


def thrown(document: Document, reason: str) -> list[str]:
    return [piece.text for piece in document.discarded if piece.reason == reason]


def new(count: int = 1) -> list[Page]:
    glyphs = Glyphs()
    return [Page(glyphs) for _ in range(count)]


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
        page.text(80, 700, "总体要求").text(80.6, 700.2, "总体要求。")
        document = read(make_pdf(page))
        assert document.text == "总体要求。"
        assert "".join(thrown(document, "duplicate_glyph")) in ("总体要求", "")

    def test_radicals_are_repaired_and_counted(self) -> None:
        (page,) = new()
        page.text(80, 700, "⼀是发展⻓期护理")
        document = read(make_pdf(page))
        assert document.text == "一是发展长期护理"
        assert document.repaired == 2

    def test_slanted_words_are_a_watermark(self) -> None:
        (page,) = new()
        page.lines("　　" + filler(20)).text(100, 300, "草", turn="0.7 0.7 -0.7 0.7").text(120, 320, "稿", turn="0.7 0.7 -0.7 0.7")
        document = read(make_pdf(page))
        assert document.text == filler(20)
        assert "".join(thrown(document, "watermark")) == "草稿"

    def test_wide_gap_is_a_blank_and_a_spread_line_has_none(self) -> None:
        (page,) = new()
        page.text(80, 700, "第一节").text(140, 700, "总则")
        page.text(80, 660, "云溪市" + "人民政府", turn="1 0 0 1")
        assert read(make_pdf(page)).text.split("\n") == ["第一节 总则", "云溪市人民政府"]

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
            page.text(200, 800, "云溪市养老服务规划").lines("　　" + filler(FULL - 2, 0x5000 + 64 * i), "尾句。").text(290, 40, str(i + 1))
        document = read(make_pdf(*pages))
        assert len(thrown(document, "running_head")) == 4
        assert thrown(document, "page_number") == ["1", "2", "3", "4"]
        assert len(document.lines) == 4
        assert len(document.pages) == 4

    @pytest.mark.parametrize(("rotate", "turn", "x", "y"), [(90, "0 1 -1 0", 100, 80), (270, "0 -1 1 0", 495, 762), (180, "-1 0 0 -1", 515, 100)])
    def test_turned_pages(self, rotate: int, turn: str, x: float, y: float) -> None:
        (page,) = new()
        words = ["　　" + filler(20), filler(22, 0x5100), "尾句。"]
        a, b, c, d = map(float, turn.split())
        for i, line in enumerate(words):
            bare = line.lstrip("　")
            along, down = SIZE * (len(line) - len(bare)), -STEP * i
            page.text(x + a * along + c * down, y + b * along + d * down, bare, turn=turn)
        page.extra = f"/Rotate {rotate}"
        document = read(make_pdf(page))
        assert document.text == filler(20) + filler(22, 0x5100) + "尾句。"
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
        left = [filler(14, 0x5000 + 32 * i) for i in range(10)]
        right = [filler(14, 0x6000 + 32 * i) for i in range(10)]
        page.text(200, 780, "云溪市人民政府公报第三期专号")
        page.lines(*left, x=60, step=24).lines(*right, x=310, step=24)
        text = read(make_pdf(page)).text
        assert text.replace("\n", "") == "云溪市人民政府公报第三期专号" + "".join(left) + "".join(right)

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

    def test_limits(self, monkeypatch: pytest.MonkeyPatch) -> None:
        pages = new(3)
        for page in pages:
            page.lines("云溪市" * 5)
        data = make_pdf(*pages)
        for name in ("MAX_PAGES", "MAX_PAGE_CHARACTERS", "MAX_CHARACTERS"):
            with monkeypatch.context() as patch:
                patch.setattr(f"planparse.extractors.pdf.{name}", 2)
                assert self.code(data) == "too-large"

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

    def test_bad_files_say_why(self) -> None:
        for file in self.files():
            if "bad" in file.parts and "owner" not in file.name:
                with pytest.raises(UnreadableFile):
                    read(file.read_bytes())
