"""Scans and pictures: drawn pictures for the steps, pages of a sample made into pictures for the whole."""

import io
import socket
from collections import Counter
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from PIL import Image

from planparse.document import Box, Document, Line, Origin, count_characters
from planparse.document_builder import DocumentBuilder
from planparse.errors import UnreadableFile
from planparse.extractors import ocr
from planparse.extractors.ocr import PictureReader, is_installed, keep_words, says_something, settle
from planparse.extractors.ocr_areas import merge_boxes, things_to_areas
from planparse.extractors.ocr_signs import find_dashes, find_rings, find_shells, settle_signs
from planparse.extractors.ocr_words import Word, measure, snap_sizes, split_sizes, words_to_page
from planparse.extractors.pdf import read_pdf
from planparse.extractors.pdf_page import Fragment, Frame, PageText
from planparse.extractors.pdf_rulings import page_to_things
from planparse.grammar import load_grammar
from planparse.models import Plan, Section
from planparse.pipeline import document_to_plan
from planparse.structure.walk import walk
from tests.pdf_maker import FULL, filler, make_pdf, new

SAMPLE = Path(__file__).parent.parent / "samples" / "qinglan" / "qinglan.pdf"
DPI = 150
needs_ocr = pytest.mark.skipif(not is_installed(), reason="planparse[ocr] is not installed")


def read(data: bytes) -> Document:
    document = read_pdf(data, Origin("plan.pdf", "pdf", "0" * 64, len(data), "pdf"), grammar=load_grammar())
    said = count_characters(document.text)
    for piece in document.discarded:
        said += count_characters(piece.text)
    assert said == Counter(document.source_count) + Counter(document.recognised)
    return document


def pages_of(*numbers: int) -> bytes:
    """These pages of the sample as a PDF of their own."""
    made = pdfium.PdfDocument.new()
    made.import_pages(pdfium.PdfDocument(SAMPLE), [number - 1 for number in numbers])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def picture_of(number: int, box: Box | None = None, dpi: int = DPI) -> Image.Image:
    """A page of the sample, or a part of it in points, as a picture."""
    picture: Image.Image = pdfium.PdfDocument(SAMPLE)[number - 1].render(scale=dpi / 72).to_pil().convert("RGB")
    if box is None:
        return picture
    left, top, right, bottom = (round(v * dpi / 72) for v in box)
    return picture.crop((left, top, right, bottom))


def scanned(*pictures: Image.Image, dpi: int = DPI) -> bytes:
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:], resolution=dpi)
    return out.getvalue()


def pasted(data: bytes, *places: tuple[Image.Image, Box], on: int = 0) -> bytes:
    """A PDF with pictures on a page, the first; boxes in points from the lower left corner."""
    pdf = pdfium.PdfDocument(data)
    page = pdf[on]
    for picture, (left, bottom, right, top) in places:
        thing = pdfium.PdfImage.new(pdf)
        thing.set_bitmap(pdfium.PdfBitmap.from_pil(picture))
        thing.set_matrix(pdfium.PdfMatrix().scale(right - left, top - bottom).translate(left, bottom))
        page.insert_obj(thing)
    page.gen_content()
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def plain(size: tuple[int, int] = (60, 40)) -> Image.Image:
    return Image.new("RGB", size, (200, 220, 240))


def areas_of(data: bytes) -> list[tuple[int, ...]]:
    from planparse.extractors.pdf import _address
    from planparse.extractors.pdf_characters import page_to_text

    pdf = pdfium.PdfDocument(data)
    page = pdf[0]
    words = page.get_textpage()
    text = page_to_text(_address(words.raw), page.get_bbox())
    return [tuple(round(v) for v in box) for box in things_to_areas(page_to_things(_address(page.raw)), text)]


class TestAreas:
    def test_big_pictures_are_areas_and_small_ones_none(self) -> None:
        (page,) = new()
        data = make_pdf(page.lines("　　" + filler(FULL - 2), filler(FULL, 0x5100)))
        assert areas_of(pasted(data, (plain(), (80, 300, 480, 400)), (plain(), (80, 100, 120, 140)))) == [(80, 442, 480, 542)]

    def test_strips_are_one_area(self) -> None:
        (page,) = new()
        data = make_pdf(page.lines(filler(FULL)))
        strips = [(plain(), (80.0, 300.0 + 20 * i, 480.0, 320.0 + 20 * i)) for i in range(4)]
        assert len(areas_of(pasted(data, *strips))) == 1

    def test_scan_behind_a_text_layer_is_none_and_behind_a_page_number_one(self) -> None:
        whole = (0.0, 0.0, 595.0, 842.0)
        (many,), (few,) = new(), new()
        many.lines(*(filler(FULL, 0x5000 + 64 * i) for i in range(4)))
        few.text(290, 40, "— 1 —")
        assert areas_of(pasted(make_pdf(many), (plain(), whole))) == []
        assert areas_of(pasted(make_pdf(few), (plain(), whole))) == [(0, 0, 595, 842)]

    def test_ground_of_a_box_is_none(self) -> None:
        (page,) = new()
        data = make_pdf(page.lines(filler(FULL), filler(FULL, 0x5100), y=380))
        assert areas_of(pasted(data, (plain(), (70, 300, 520, 420)))) == []

    def test_empty_page_is_none(self) -> None:
        assert areas_of(make_pdf(*new())) == []

    def test_boxes_that_touch_are_merged_in_any_order(self) -> None:
        boxes: list[Box] = [(0, 0, 10, 10), (30, 0, 40, 10), (11, 2, 29, 9), (100, 100, 110, 110)]
        assert sorted(merge_boxes(boxes)) == [(0, 0, 40, 10), (100, 100, 110, 110)]


def word(text: str, *, x: float = 100.0, y: float = 100.0, size: float = 16.0, steps: dict[int, float] | None = None) -> Word:
    """A word whose characters stand a square apart, ASCII half of one; `steps` moves all from an index on, in squares."""
    centres: list[float] = []
    at, before = x, 0.0
    for i, char in enumerate(text):
        half = size * (1.0 if char >= "\u2000" else 0.55) / 2
        at += (before + half if i else half) + (steps or {}).get(i, 0.0) * size
        centres.append(at)
        before = half
    box = (x, y, at + before, y + 0.93 * size)
    return Word(text, tuple(centres), (False,) * len(text), (0.99,) * len(text), box, size)


class TestWords:
    def test_size_comes_from_the_distances(self) -> None:
        made = word("云溪市养老服务体系")
        assert measure(made.text, made.centres, made.box, 20.0) == pytest.approx(16, rel=0.03)
        assert measure("12.5", word("12.5").centres, (0, 0, 30, 11.5), 14.0) == pytest.approx(16, rel=0.03)
        assert measure("-", (1.0,), (0, 0, 5, 1), 14.0) == 14.0

    def test_spread_title_is_as_big_as_it_is_high(self) -> None:
        made = word("通知书", steps={1: 1.0, 2: 1.0})
        assert measure(made.text, made.centres, made.box, 20.0) == pytest.approx(16, rel=0.03)

    def test_columns_that_go_back_give_a_size_all_the_same(self) -> None:
        made = word("云溪市养老服务", size=16)
        assert measure(made.text, [-c for c in made.centres], made.box, 20.0) > 1

    def test_sizes_that_are_nearly_one_become_one(self) -> None:
        words = [word("云溪市养老", size=s) for s in (15.6, 16.0, 16.2, 22.0)]
        snapped = snap_sizes(words)
        assert snapped[15.6] == snapped[16.2] != snapped[22.0]

    def test_bold_lead_and_small_print_are_two(self) -> None:
        lead, rest = word("建设数据中心工程"), word("完善算力网络布局", x=228, size=11)
        both = Word(
            lead.text + rest.text, lead.centres + rest.centres, lead.blanks * 2, lead.scores * 2, (100, 100, 316, 115), 16
        )
        assert [w.text for w in split_sizes(both)] == [lead.text, rest.text]
        assert split_sizes(lead) == [lead]

    def test_wide_room_is_a_blank_and_signs_have_none(self) -> None:
        page = words_to_page(
            [word("第一章总则", steps={3: 1.0}), word("稳中求进，提质增效", steps={4: -0.2, 5: 0.4})], 595, 842
        )
        assert [f.text for f in page.fragments] == ["第一章 总则", "稳中求进，提质增效"]
        assert len(page.text) == len(page.x) == len(page.right)
        assert all(a <= b for a, b in zip(page.x, page.right, strict=True))

    def test_sign_at_the_end_keeps_off_the_next_word(self) -> None:
        page = words_to_page([word("云溪市）", x=100), word("青岚", x=164)], 595, 842)
        assert page.fragments[0].x1 <= 164.1

    def test_blank_between_latin_words_is_kept(self) -> None:
        made = word("AIplus", steps={2: 0.3})
        seen = Word(made.text, made.centres, (False, False, True, False, False, False), made.scores, made.box, 16)
        assert words_to_page([seen], 595, 842).fragments[0].text == "AI plus"


class TestSigns:
    def test_bracket_is_as_wide_as_its_room(self) -> None:
        wide, narrow = word("规划(草案)说明", steps={2: 0.2, 3: 0.25, 5: 0.2, 6: 0.25}), word("规划(草案)说明")
        assert [w.text for w in settle_signs([wide, narrow])] == ["规划（草案）说明", "规划(草案)说明"]

    def test_partner_and_usage_tell_where_room_does_not(self) -> None:
        heading = word("(一)总体要求", steps={2: 0.2, 3: 0.25})
        assert [w.text for w in settle_signs([heading])] == ["（一）总体要求"]
        assert [w.text for w in settle_signs([heading, word("(征求意见稿)")])][1] == "（征求意见稿）"
        assert [w.text for w in settle_signs([word("规划(草案)说明"), word("(征求意见稿)")])][1] == "(征求意见稿)"

    def test_stop_behind_a_number(self) -> None:
        assert settle_signs([word("1.建设", steps={1: 0.2, 2: 0.25})])[0].text == "1．建设"
        assert settle_signs([word("1.建设"), word("12.5%")])[0].text == "1.建设"

    def test_single_dash_with_double_room(self) -> None:
        (made,) = settle_signs([word("—坚持公平", steps={1: 1.0})])
        assert made.text == "——坚持公平"
        assert len(made.centres) == len(made.scores) == len(made.blanks) == 6
        assert settle_signs([word("2021—2025")])[0].text == "2021—2025"

    def test_dash_is_even_and_one_is_not(self) -> None:
        np = pytest.importorskip("numpy")
        dash = np.zeros((40, 48), np.uint8)
        dash[19:22, 4:44] = 200
        one = dash.copy()
        one[16:22, 36:44] = 200
        assert find_dashes("一", [24.0], dash, 42.0) == "—"
        assert find_dashes("一", [24.0], one, 42.0) == "一"
        assert find_dashes("第一", [24.0, 30.0], dash, 42.0) == "第一"

    @staticmethod
    def brackets(kind: str) -> Any:
        """A bracket, room for a number, and its mirror image, 40 pixels high."""
        np = pytest.importorskip("numpy")
        ink = np.zeros((50, 120), bool)
        for y in range(40):
            off = abs(y - 19.5) / 20
            slant = {"[": 0.0, "〔": max(0.0, off - 0.8) * 45, "(": 9 * off**2}[kind]
            ink[5 + y, 5 + round(slant) : 8 + round(slant)] = True
        if kind != "(":
            ink[5:8, 14:16] = ink[42:45, 14:16] = True
            ink[5:8, 5 if kind == "[" else 11 : 16] = ink[42:45, 5 if kind == "[" else 11 : 16] = True
        ink |= ink[:, ::-1]
        ink[10:40, 55:65] = True
        return ink

    def test_brackets_round_a_number_are_as_they_are_drawn(self) -> None:
        places = [9.0, 55.0, 65.0, 111.0]
        for read in ("(18)", "[18]", "（18）", "(18]"):
            assert find_shells(read, places, self.brackets("〔"), 42.0) == "〔18〕"
            assert find_shells(read, places, self.brackets("["), 42.0) == read
            assert find_shells(read, places, self.brackets("("), 42.0) == read
        assert find_shells("(一二)", places, self.brackets("〔"), 42.0) == "(一二)"

    def test_bracket_whose_partner_was_read_is_one_too(self) -> None:
        places = [9.0, 55.0, 65.0, 111.0]
        assert find_shells("(18〕", places, self.brackets("("), 42.0) == "〔18〕"
        assert find_shells("〔18]", places, self.brackets("("), 42.0) == "〔18〕"

    def test_ring_between_digits_of_a_year(self) -> None:
        np = pytest.importorskip("numpy")
        ink = np.zeros((40, 160), bool)
        ys, xs = np.mgrid[0:40, 0:160]
        ring = np.hypot(ys - 20, xs - 60)
        ink[(ring > 15) & (ring < 18)] = True
        assert find_rings("二三五", [20.0, 100.0, 140.0], ink, 40.0) == [(1, 60.0)]
        assert find_rings("云三五", [20.0, 100.0, 140.0], ink, 40.0) == []
        assert find_rings("二三五", [20.0, 100.0, 140.0], ~ink, 40.0) == []


class Scan:
    """What the reader keeps of a picture, without the library."""

    whole = doubted = False
    width, height, edges = 595.0, 842.0, ()

    def __init__(self, *words: Word, framed: bool = True) -> None:
        self.words, self.framed, self.number = words, framed, 3


class TestKeeping:
    def test_labels_of_a_map_are_put_aside(self) -> None:
        builder = DocumentBuilder()
        labels = [word(name) for name in ("云溪市", "青岚县", "栖霞湾", "松陵省", "霁川")]
        assert keep_words(Scan(*labels), builder) == []  # type: ignore[arg-type]
        assert {d.reason for d in builder.discarded} == {"picture_label"}
        assert builder.recognised.total() == 14
        assert keep_words(Scan(*labels, framed=False), DocumentBuilder()) == labels  # type: ignore[arg-type]

    def test_stains_are_put_aside(self) -> None:
        builder = DocumentBuilder()
        stain = Word("囗", (1.0,), (False,), (0.2,), (0, 0, 2, 2), 2.0)
        assert keep_words(Scan(stain, framed=False), builder) == []  # type: ignore[arg-type]
        assert [d.reason for d in builder.discarded] == ["ocr_doubtful"]

    def test_running_text_says_something(self) -> None:
        assert says_something([word("专栏一云溪市养老服务重点工程"), word("建设社区养老中心")])
        assert not says_something([])

    def test_without_scans_nothing_changes(self) -> None:
        reader = PictureReader()
        document = read(make_pdf(new()[0].lines("　　云溪市。")))
        assert settle([]) == []
        assert reader.metadata() == {}
        assert reader.mark(document) is document


class TestWithoutTheExtra:
    def test_scan_says_what_to_install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ocr, "is_installed", lambda: False)
        with pytest.raises(UnreadableFile, match=r"^plan\.pdf: .*pip install 'planparse\[ocr\]'") as caught:
            read(scanned(plain((600, 800))))
        assert caught.value.code == "no-text"

    def test_rest_of_a_mixed_plan_is_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ocr, "is_installed", lambda: False)
        data = pasted(make_pdf(new()[0].lines("　　云溪市。")), (plain(), (80, 300, 480, 400)))
        document = read(data)
        assert document.text == "云溪市。"
        assert document.metadata["ocr_unread"] == "1:80,442,480,542"
        assert "ocr_areas" not in document.metadata
        (said,) = [d for d in document_to_plan(document, load_grammar()).diagnostics if d.code == "ocr.unread"]
        assert said.values == {"page": 1, "area": "80,442,480,542"}
        assert "pip install 'planparse[ocr]'" in said.message

    def test_page_that_is_a_picture_is_named_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ocr, "is_installed", lambda: False)
        pages = new(2)
        pages[0].lines("　　云溪市。")
        document = read(pasted(make_pdf(*pages), (plain(), (80, 300, 480, 400)), on=1))
        codes = [d.code for d in document_to_plan(document, load_grammar()).diagnostics]
        assert codes.count("ocr.unread") == 1
        assert "pages.without-text" not in codes


@pytest.fixture
def image() -> Any:
    pytest.importorskip("cv2")
    from planparse.extractors import ocr_image

    return ocr_image


def page_image(number: int = 3) -> Any:
    import numpy as np

    return np.ascontiguousarray(np.asarray(picture_of(number, dpi=200))[:, :, ::-1])


@needs_ocr
class TestImage:
    SCALE = 200 / 72

    @pytest.mark.parametrize("angle", [-1.5, 0.7])
    def test_skew_is_seen(self, image: Any, angle: float) -> None:
        askew = image.turn(page_image(), angle)
        assert image.skew_of(askew) == pytest.approx(-angle, abs=0.1)
        assert image.skew_of(page_image()) == 0.0

    def test_blank_page_is_straight(self, image: Any) -> None:
        import numpy as np

        assert image.skew_of(np.full((300, 200, 3), 255, np.uint8)) == 0.0

    def test_rulings_are_lines_and_not_print(self, image: Any) -> None:
        rulings, mask = image.find_rulings(image.ink_of(page_image()), self.SCALE, rim=True)
        upright = [r for r in rulings if r.x0 == r.x1]
        assert len(upright) >= 10
        assert len(rulings) - len(upright) == 11
        prose, _ = image.find_rulings(image.ink_of(page_image(1)[300:]), self.SCALE, rim=True)
        assert prose == []
        assert image.ink_of(image.wipe(page_image(), mask)).sum() < image.ink_of(page_image()).sum()

    def test_line_along_the_rim_is_the_scanner_s(self, image: Any) -> None:
        import numpy as np

        ink = np.zeros((1000, 700), np.uint8)
        ink[4:8, 10:690] = ink[500:504, 10:690] = 255
        assert [r.y0 for r in image.find_rulings(ink, self.SCALE, rim=True)[0]] == [502]
        assert len(image.find_rulings(ink, self.SCALE, rim=False)[0]) == 2

    def test_seal_goes_and_black_stays(self, image: Any) -> None:
        import cv2
        import numpy as np

        page = np.full((900, 700, 3), 255, np.uint8)
        cv2.circle(page, (350, 450), 150, (40, 40, 220), 12)
        cv2.rectangle(page, (150, 446), (550, 454), (0, 0, 0), -1)
        lifted, seals = image.lift_seals(page, self.SCALE)
        assert seals == 1
        assert (lifted[300:310, 340:360] > 200).all()
        assert (lifted[447:454, 160:540] == 0).all()
        red_title = np.full((400, 1200, 3), 255, np.uint8)
        cv2.rectangle(red_title, (100, 100), (1100, 200), (40, 40, 220), -1)
        assert image.lift_seals(red_title, self.SCALE)[1] == 0

    def test_print_that_detection_overlooked(self, image: Any) -> None:
        import numpy as np

        ink = np.zeros((300, 400), np.uint8)
        ink[50:80, 50:300] = ink[150:153, 100:128] = 255
        ((left, top, right, bottom),) = image.left_over(ink, [(45, 45, 305, 85)], self.SCALE)
        assert left < 100
        assert right > 128
        assert top < 145
        assert bottom > 158

    def test_column_of_characters_is_cut(self, image: Any) -> None:
        import numpy as np

        ink = np.zeros((200, 40), np.uint8)
        for i in range(4):
            ink[i * 50 + 5 : i * 50 + 45, 2:38] = 255
        cut = image.split_tall(ink, (0, 0, 40, 200))
        assert len(cut) == 5 or len(cut) == 4
        assert cut[0][1] == 0
        assert cut[-1][3] == 200


@needs_ocr
class TestLeaders:
    def ink(self, spots: list[tuple[int, int]]) -> Any:
        import numpy as np

        made = np.zeros((300, 1200), np.uint8)
        for x, y in spots:
            made[y : y + 3, x : x + 3] = 255
        return made

    def test_dots_are_counted_and_a_blurred_one_too(self) -> None:
        from planparse.extractors.ocr_leaders import find_leaders

        spots = [(100 + 11 * i, 150) for i in range(60) if i not in (20, 41)]
        (leader,) = find_leaders(self.ink(spots), 200 / 72)
        assert len(leader.xs) == 60

    def test_specks_and_full_stops_are_none(self) -> None:
        import random

        from planparse.extractors.ocr_leaders import find_leaders

        shaken = random.Random(7)
        specks = [(shaken.randrange(1190), shaken.randrange(290)) for _ in range(800)]
        assert find_leaders(self.ink(specks), 200 / 72) == []
        assert find_leaders(self.ink([(100 + 11 * i, 150) for i in range(6)]), 200 / 72) == []


def distance(a: str, b: str) -> int:
    """Levenshtein's."""
    from rapidfuzz.distance import Levenshtein

    return int(Levenshtein.distance(a, b))


def bare(text: str) -> str:
    return "".join(text.split())


def outline(plan: Plan) -> Counter[tuple[str, str]]:
    return Counter((bare(v.node.number or ""), bare(v.node.title)) for v in walk(plan.body) if isinstance(v.node, Section))


@pytest.fixture(scope="module")
def scan() -> Document:
    """Pages 3 and 5 of the sample, as pictures, read with every socket refused."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError("no network in this test")

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        return read(scanned(picture_of(3), picture_of(5)))


BOX: Box = (60, 505, 535, 685)
"""Where the boxed text of the sample's page 3 stands."""


@needs_ocr
class TestScan:
    def test_scan_says_what_the_text_layer_says(self, scan: Document) -> None:
        text = read(pages_of(3, 5))
        assert distance(bare(text.text), bare(scan.text)) <= 0.03 * len(bare(text.text))
        grammar = load_grammar()
        want, got = (document_to_plan(document, grammar) for document in (text, scan))
        a, b = outline(want), outline(got)
        assert 2 * (a & b).total() >= 0.95 * (a.total() + b.total())
        assert len(got.indicators) == len(want.indicators) > 0
        assert got.coverage.lost == 0
        assert got.coverage.source == 0
        assert got.coverage.recognised > 500

    def test_tables_and_paragraphs_are_found(self, scan: Document) -> None:
        text = read(pages_of(3, 5))
        assert [len(grid.cells) for grid in scan.grids] == [len(grid.cells) for grid in text.grids]
        assert abs(len(scan.lines) - len(text.lines)) <= 2

    def test_metadata_and_confidence(self, scan: Document) -> None:
        assert scan.metadata["ocr_pages"] == "1,2"
        assert float(scan.metadata["ocr_confidence"]) > 0.95
        assert "pages_without_text" not in scan.metadata
        assert all(line.confidence is not None for line in scan.lines)
        assert [d.text for d in scan.discarded if d.reason == "page_number"] == ["3", "5"]

    def test_same_picture_same_text(self) -> None:
        data = scanned(picture_of(3, BOX))
        assert read(data) == read(data)

    def test_picture_among_text_stands_at_its_place(self) -> None:
        (page,) = new()
        page.lines("　　" + filler(FULL - 2), "前文到此。").lines("　　" + filler(FULL - 2, 0x5200), "后文到此。", y=420)
        width, height = (BOX[2] - BOX[0]), (BOX[3] - BOX[1])
        data = pasted(make_pdf(page), (picture_of(3, BOX), (70, 470, 70 + width, 470 + height)))
        document = read(data)
        before, after = document.text.index("前文到此"), document.text.index("后文到此")
        assert before < document.text.index("双千兆网络提升工程") < after
        assert "ocr_pages" not in document.metadata
        assert document.metadata["ocr_areas"].startswith("1:70,")
        (grid,) = document.grids
        assert before < grid.start < grid.end < after
        assert any(line.confidence for line in document.lines)
        assert document.lines[0].confidence is None
        plan = document_to_plan(document, load_grammar())
        (said,) = [d for d in plan.diagnostics if d.code == "ocr.area"]
        assert said.span
        assert plan.text[said.span.start : said.span.end] == document.text[grid.start : grid.end]
        assert said.values["page"] == 1
        assert str(said.values["area"]).startswith("70,")

    def test_photo_among_text_says_nothing(self) -> None:
        data = pasted(make_pdf(new()[0].lines("　　云溪市。")), (plain((400, 300)), (80, 300, 480, 600)))
        assert read(data).text == "云溪市。"

    @pytest.mark.parametrize("turned", [90, 180])
    def test_page_that_lies_is_turned(self, turned: int) -> None:
        picture = picture_of(5, (60, 80, 535, 265)).rotate(turned, expand=True)
        assert "四、保障措施" in read(scanned(picture)).text

    def test_pages_that_show_no_words(self) -> None:
        with pytest.raises(UnreadableFile, match="no words were found") as caught:
            read(scanned(plain((300, 400))))
        assert caught.value.code == "no-text"

    def test_words_of_the_text_layer_are_not_read_twice(self) -> None:
        from planparse.extractors.ocr_scans import _lies_on

        fragment = Fragment(0, 3, "云溪市", 100, 148, 115, 16, 16, False, "")
        assert _lies_on(word("云溪市"), fragment)
        assert not _lies_on(word("云溪市", y=200), fragment)


def test_cell_of_several_paragraphs_takes_the_page_s_confidence() -> None:
    class Whole(Scan):
        whole = True

    scans: Any = [Whole(word("云溪市"))]
    assert ocr._mark_line(Line(0, 3, page=1), scans, "云溪市").confidence == 0.99
    assert ocr._mark_line(Line(0, 3, page=1), [], "云溪市").confidence is None
    assert ocr._mark_line(Line(0, 3, page=1, box=(0, 0, 9, 9)), scans, "云溪市").confidence is None


def test_empty_page_text() -> None:
    empty = PageText(Frame(0, 0, 0, 595, 842), "", [], [], [], [], "", 0)
    assert words_to_page([], 595, 842) == empty
