"""Pictures in every format: a 专栏 pasted as a picture, files that are nothing but scans, picture files; with OCR and without."""

import base64
import dataclasses
import io
import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from planparse import parse, read_aloud
from planparse.balance import say, squeeze
from planparse.document import Picture, count_characters
from planparse.errors import MissingTool, UnreadableFile
from planparse.extractors import picture_places, read
from planparse.extractors.ocr import is_installed
from planparse.extractors.picture_heads import picture_head, picture_pages
from planparse.extractors.picture_places import ROOM, Placed, events_to_groups, sheet_size
from planparse.grammar import load_grammar
from planparse.models import Figure, Plan
from planparse.output.review.page import plan_to_page
from planparse.output.tables_rows import plan_to_rows
from planparse.structure.tree import build_tree
from planparse.structure.walk import walk
from tests.hostile_files import png as white_png
from tests.pdf_maker import FULL, filler, make_pdf, new
from tests.test_docx import p, package, relationships
from tests.test_mhtml import page, saved
from tests.test_ocr import BOX, SAMPLE, needs_ocr, pasted, picture_of, plain
from tests.test_ofd import make_ofd, text

WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
SAID = "双千兆网络提升工程"
BEFORE, AFTER = "前文到此，以下为专栏。", "后文到此，以上为专栏。"


def packed(picture: Image.Image, kind: str = "PNG", **more: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def box() -> bytes:
    """A boxed text of a sample as a picture."""
    return packed(picture_of(3, BOX))


def photo(size: tuple[int, int] = (800, 600)) -> bytes:
    """A picture without words, of many colours."""
    return packed(Image.radial_gradient("L").resize(size).convert("RGB"))


def drawing(name: str, width: float = 475, height: float = 180, *, more: str = "") -> str:
    """A run with a picture, in points."""
    size = f'cx="{round(width * 12700)}" cy="{round(height * 12700)}"'
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{WP}"><wp:extent {size}/><a:graphic xmlns:a="{A}"><a:graphicData>'
        f'<pic:pic xmlns:pic="{PIC}"><pic:blipFill><a:blip r:embed="{name}"/>{more}</pic:blipFill>'
        f"<pic:spPr><a:xfrm><a:ext {size}/></a:xfrm></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def word(body: str, *pictures: bytes, suffix: str = "png") -> bytes:
    """A .docx whose pictures are r1, r2 …"""
    names = [f"media/image{n}.{suffix}" for n in range(1, len(pictures) + 1)]
    more: dict[str, str | bytes] = {f"word/{name}": data for name, data in zip(names, pictures, strict=True)}
    more["word/_rels/document.xml.rels"] = relationships(*((f"r{n}", "image", name) for n, name in enumerate(names, 1)))
    more["[Content_Types].xml"] = "<Types/>"
    return package(body, more=more)


def ofd(*pages: str, **pictures: bytes) -> bytes:
    """An OFD whose resources hold these pictures, by their ids."""
    media = "".join(
        f'<ofd:MultiMedia ID="{name}" Type="Image"><ofd:MediaFile>{name}.png</ofd:MediaFile></ofd:MultiMedia>'
        for name in pictures
    )
    resources = (
        f'<ofd:Res xmlns:ofd="http://www.ofdspec.org/2016" BaseLoc="Res"><ofd:MultiMedias>{media}</ofd:MultiMedias></ofd:Res>'
    )
    more: dict[str, str | bytes] = {f"Doc_0/Res/{name}.png": data for name, data in pictures.items()}
    more["Doc_0/DocumentRes.xml"] = resources
    return make_ofd(*pages, common="<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>", more=more)


def image_object(name: str, left: float, top: float, wide: float, high: float) -> str:
    return f'<ofd:ImageObject ID="5" ResourceID="{name}" Boundary="{left} {top} {wide} {high}" CTM="{wide} 0 0 {high} 0 0"/>'


def web(inner: str) -> str:
    return (
        "<html><head><title>云溪市规划</title></head><body><div class='nav'><a href='/'>首页</a></div><div class='TRS_Editor'>"
        f"<p>{BEFORE}云溪市全面推进各项建设，提升服务水平。</p>{inner}<p>{AFTER}各县区、各部门要认真组织实施本规划。</p></div></body></html>"
    )


def data_address(data: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def part(data: bytes, more: str) -> tuple[str, bytes]:
    return f"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n{more}", base64.encodebytes(data)


Open = Callable[[bytes, str], Plan]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Parses, and checks that everything is accounted for."""

    def made(data: bytes, name: str) -> Plan:
        (tmp_path / name).write_bytes(data)
        plan = parse(tmp_path / name)
        assert plan.coverage.lost == 0
        assert not [d for d in plan.diagnostics if d.code.startswith("balance.")]
        return plan

    return made


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is not there: its packages cannot be imported."""
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    assert not is_installed()


def codes(plan: Plan) -> Counter[str]:
    return Counter(d.code for d in plan.diagnostics)


def said(plan: Plan, code: str) -> Any:
    (one,) = [d for d in plan.diagnostics if d.code == code]
    return one


def figures(plan: Plan) -> list[Figure]:
    nodes = [*plan.front_matter.content, *plan.body, *plan.back_matter.content]
    return [visit.node for visit in walk(nodes) if isinstance(visit.node, Figure)]


PASTED = {
    "plan.docx": lambda: word(p(BEFORE) + f"<w:p>{drawing('r1')}</w:p>" + p(AFTER), box()),
    "vml.docx": lambda: word(
        p(BEFORE)
        + '<w:p><w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape style="width:475pt;height:180pt">'
        + '<v:imagedata r:id="r1"/></v:shape></w:pict></w:r></w:p>'
        + p(AFTER),
        box(),
    ),
    "frame.docx": lambda: word(
        p(BEFORE) + f"<w:tbl><w:tr><w:tc><w:p>{drawing('r1')}</w:p></w:tc></w:tr></w:tbl>" + p(AFTER), box()
    ),
    "plan.ofd": lambda: ofd(text(25, 40, BEFORE) + image_object("70", 25, 60, 167, 63) + text(25, 180, AFTER), **{"70": box()}),
    "plan.html": lambda: web(f'<p><img src="{data_address(box())}" width="633"></p>').encode(),
    "plan.mhtml": lambda: saved(
        page(web('<p><img src="i/1.png" width="633"></p>'), more="\r\nContent-Location: http://a.cn/x/p.htm"),
        part(box(), "Content-Location: http://a.cn/x/i/1.png"),
    ),
    "cid.mhtml": lambda: saved(page(web('<p><img src="cid:a@b" width="633"></p>')), part(box(), "Content-ID: <a@b>")),
}
"""A plan with a 专栏 that is a picture, in every way in which a format can hold one."""


class TestPasted:
    @needs_ocr
    @pytest.mark.parametrize("name", PASTED)
    def test_it_is_read_in_its_place(self, name: str, opened: Open) -> None:
        plan = opened(PASTED[name](), name)
        before, inside, after = (plan.text.index(words) for words in ("前文到此", SAID, "后文到此"))
        assert before < inside < after
        assert plan.coverage.recognised > 100
        code = "ocr.area" if name.endswith("ofd") else "ocr.picture"
        span = said(plan, code).span
        assert span.start <= inside < span.end <= after
        assert said(plan, code).values["confidence"] > 0.9
        assert not codes(plan) & Counter(["picture.unread", "ocr.unread", "picture.unreadable"])

    @needs_ocr
    def test_its_table_is_a_table(self, tmp_path: Path) -> None:
        table = packed(picture_of(3, (60, 60, 535, 240)))
        (tmp_path / "a.docx").write_bytes(word(p(BEFORE) + f"<w:p>{drawing('r1')}</w:p>" + p(AFTER), table))
        document = read(tmp_path / "a.docx")
        (grid,) = document.grids
        assert len(grid.cells) > 20
        assert all(line.confidence for line in document.lines[1:-1])

    @pytest.mark.parametrize("name", PASTED)
    def test_without_the_extra_the_rest_is_read(self, name: str, opened: Open, without: None) -> None:
        plan = opened(PASTED[name](), name)
        assert plan.text.startswith(BEFORE)
        assert AFTER in plan.text
        assert plan.coverage.recognised == 0
        if name.endswith("ofd"):
            assert said(plan, "ocr.unread").values == {"page": 1, "area": "71,170,544,349"}
        else:
            found = said(plan, "picture.unread")
            assert "pip install 'planparse[ocr]'" in found.message
            # In a table of layout a picture's place is that of the table.
            assert found.values["place"]


SCANS = {
    "plan.docx": lambda *pages: word(
        "".join(f"<w:p>{drawing(f'r{n}', 415, 587)}</w:p><w:p/>" for n in range(1, len(pages) + 1)), *pages
    ),
    "plan.ofd": lambda *pages: ofd(
        *(image_object(f"i{n}", 0, 0, 210, 297) for n in range(len(pages))), **{f"i{n}": data for n, data in enumerate(pages)}
    ),
    "plan.mhtml": lambda *pages: saved(
        page("<html><body>" + "".join(f'<p><img src="cid:{n}"></p>' for n in range(len(pages))) + "</body></html>"),
        *(part(data, f"Content-ID: <{n}>") for n, data in enumerate(pages)),
    ),
    "plan.tif": lambda *pages: packed(
        Image.open(io.BytesIO(pages[0])), "TIFF", save_all=True,
        append_images=[Image.open(io.BytesIO(data)) for data in pages[1:]], compression="tiff_lzw", dpi=(150, 150),
    ),
}  # fmt: skip
"""Files that are nothing but scans, a picture a page."""


@pytest.fixture(scope="module")
def halves(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, bytes, bytes]:
    """A paragraph of a page, and the page cut between two of its lines into the foot of one page and the head of the next."""
    whole = picture_of(4)
    path = tmp_path_factory.mktemp("whole") / "whole.png"
    path.write_bytes(packed(whole))
    document = read(path)
    boxes = [(line.box, document.text[line.start : line.end]) for line in document.lines if line.box]
    (_, top, _, bottom), paragraph = next((box, said) for box, said in boxes if box[3] - box[1] > 30 and box[1] > 300)
    scale = whole.height / 842
    white = whole.convert("L").point(lambda v: 255 * (v < 128))
    rows = [white.crop((0, y, whole.width, y + 1)).getbbox() is None for y in range(whole.height)]
    cut = next(y for y in range(round((top + bottom) / 2 * scale), whole.height) if rows[y])
    upper, lower = (Image.new("RGB", whole.size, "white") for _ in range(2))
    upper.paste(whole.crop((0, 0, whole.width, cut)), (0, whole.height - cut - 120))
    lower.paste(whole.crop((0, cut, whole.width, whole.height - 200)), (0, 120))
    return paragraph, packed(upper), packed(lower)


class TestScans:
    @needs_ocr
    @pytest.mark.parametrize("name", SCANS)
    def test_paragraphs_run_over_pictures(self, name: str, opened: Open, halves: tuple[str, bytes, bytes]) -> None:
        paragraph, *pages = halves
        plan = opened(SCANS[name](*pages), name)
        assert paragraph in plan.text.split("\n")
        if name.endswith("mhtml"):
            assert codes(plan)["ocr.picture"] == 2
            assert plan.source.pages is None
        else:
            assert plan.source.pages == 2
            assert codes(plan)["ocr.page"] == 2
            assert {d.span.page for d in plan.diagnostics if d.code == "ocr.page" and d.span} == {1, 2}
        assert figures(plan) == []

    @pytest.mark.parametrize("name", ["plan.docx", "plan.ofd", "plan.mhtml"])
    def test_without_the_extra_a_sentence(self, name: str, opened: Open, without: None) -> None:
        with pytest.raises(UnreadableFile, match=r"pip install 'planparse\[ocr\]'") as caught:
            opened(SCANS[name](packed(picture_of(4))), name)
        assert caught.value.code == "no-text"

    @needs_ocr
    def test_scans_among_words_are_one_text(self, opened: Open) -> None:
        page_of = packed(picture_of(4))
        body = p(BEFORE) + "".join(f"<w:p>{drawing(f'r{n}', 415, 587)}</w:p>" for n in (1, 2)) + p(AFTER)
        plan = opened(word(body, page_of, packed(picture_of(5))), "plan.docx")
        assert (
            plan.text.index("前文到此")
            < plan.text.index("（三）提升数字治理")
            < plan.text.index("四、保障措施")
            < plan.text.index("后文到此")
        )
        assert codes(plan)["ocr.picture"] == 2

    @needs_ocr
    def test_photo_of_a_page_s_size_among_words_says_nothing(self, opened: Open) -> None:
        plan = opened(word(p(BEFORE) + f"<w:p>{drawing('r1', 415, 587)}</w:p>" + p(AFTER), photo((900, 1270))), "plan.docx")
        assert plan.text == f"{BEFORE}\n{AFTER}"


class TestPictureFiles:
    @needs_ocr
    @pytest.mark.parametrize(
        ("kind", "name"), [("PNG", "a.png"), ("JPEG", "a.jpg"), ("BMP", "a.bmp"), ("WEBP", "a.pdf"), ("GIF", "a")]
    )
    def test_it_is_a_scan_of_one_page(self, kind: str, name: str, opened: Open) -> None:
        picture = picture_of(5, (0, 0, 595, 300))
        plan = opened(packed(picture.convert("L") if kind == "GIF" else picture, kind), name)
        assert "四、保障措施" in plan.text
        assert plan.source.pages == 1
        assert plan.source.format == kind.lower()
        assert plan.coverage.source == 0

    @needs_ocr
    def test_every_mode_of_a_picture_is_read(self, opened: Open) -> None:
        picture = picture_of(5, (0, 0, 595, 200), dpi=200)
        # Black print on nothing: a reader of the colours alone would see black on black.
        clear = Image.merge("RGBA", [Image.new("L", picture.size)] * 3 + [picture.convert("L").point(lambda v: 255 - v)])
        for data in (
            packed(clear),
            packed(picture.convert("1"), "TIFF", compression="group4"),
            packed(picture.convert("CMYK"), "TIFF"),
        ):
            assert "四、保障措施" in opened(data, "a.img").text

    @pytest.mark.parametrize("name", ["a.png", "a.tif"])
    def test_without_the_extra_a_sentence(self, name: str, opened: Open, without: None) -> None:
        with pytest.raises(MissingTool, match=rf"^{name}: is a picture; .*pip install 'planparse\[ocr\]'") as caught:
            opened(packed(picture_of(5), "PNG" if name.endswith("png") else "TIFF"), name)
        assert caught.value.code == "missing-tool"

    @pytest.mark.parametrize("data", [white_png(40_000, 40_000)[:5000], white_png(20_000, 5_000)])
    def test_gigapixels_are_not_unpacked(self, data: bytes, opened: Open) -> None:
        with pytest.raises(UnreadableFile, match="pixels") as caught:
            opened(data, "a.png")
        assert caught.value.code == "too-large"

    @needs_ocr
    def test_one_that_is_cut_short_is_damaged(self, opened: Open) -> None:
        whole = packed(picture_of(5))
        with pytest.raises(UnreadableFile, match="damaged") as caught:
            opened(whole[: len(whole) // 2], "a.png")
        assert caught.value.code == "damaged"

    @needs_ocr
    def test_one_without_words_says_so(self, opened: Open) -> None:
        with pytest.raises(UnreadableFile, match="no words were found") as caught:
            opened(photo(), "a.jpg")
        assert caught.value.code == "no-text"


class TestLeftAlone:
    """Pictures that carry no text cost nothing and give no words."""

    @pytest.fixture(autouse=True)
    def refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> None:
            raise AssertionError("a picture was looked at")

        monkeypatch.setattr("planparse.extractors.pictures.read_groups", refuse)
        monkeypatch.setattr("planparse.extractors.ocr.PictureReader.engine", refuse)

    def test_logos_and_seals(self, opened: Open) -> None:
        small = photo((120, 120))
        assert opened(word(p(BEFORE) + f"<w:p>{drawing('r1', 120, 120)}</w:p>", small), "a.docx").text == BEFORE
        assert opened(ofd(text(25, 40, BEFORE) + image_object("70", 120, 60, 40, 40), **{"70": small}), "a.ofd").text == BEFORE
        plan = opened(
            web(f'<p>附件<img src="{data_address(photo((16, 16)))}"><img src="/i/doc.gif">下载</p>').encode(), "a.html"
        )
        assert "附件下载" in plan.text
        assert figures(plan) == []
        assert not [code for code in codes(plan) if code.startswith(("picture.", "ocr."))]

    def test_deleted_hidden_and_in_heads(self, opened: Open) -> None:
        body = p(BEFORE) + f"<w:p><w:del>{drawing('r1')}</w:del></w:p>"
        hidden = drawing("r1").replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>")
        plan = opened(word(f"{body}<w:p>{hidden}</w:p>", box()), "a.docx")
        assert figures(plan) == []

    def test_what_lies_elsewhere_is_named_and_not_fetched(self, opened: Open) -> None:
        plan = opened(web('<p><img src="http://127.0.0.1:1/tu/1.jpg"></p>').encode(), "a.html")
        found = said(plan, "picture.absent")
        assert found.values["picture"] == "1.jpg"
        assert found.severity == "info"


class TestUnreadable:
    def test_drawings_damaged_and_large_pictures_are_named(self, opened: Open) -> None:
        emf = b"\x01\x00\x00\x00" + bytes(36) + b" EMF" + bytes(40)
        body = p(BEFORE) + "".join(f"<w:p>{drawing(f'r{n}')}</w:p>" for n in (1, 2, 3)) + p(AFTER)
        plan = opened(word(body, emf, white_png(20_000, 5_000), b"\x89PNG\r\n" + bytes(8)), "a.docx")
        assert plan.text == f"{BEFORE}\n{AFTER}"
        assert codes(plan)["picture.unreadable"] == 2
        assert said(plan, "picture.too-large").values == {"picture": "image2.png", "place": BEFORE}

    def test_a_page_of_an_ofd_names_it(self, opened: Open) -> None:
        plan = opened(ofd(text(25, 40, BEFORE) + image_object("70", 25, 60, 167, 63), **{"70": b"\x97JB2\r\n\x1a\n"}), "a.ofd")
        assert said(plan, "picture.unreadable").values == {"picture": "70.png", "place": "page 1"}

    def test_no_more_than_so_many_are_read(self, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("planparse.extractors.pictures.MAX_PICTURES", 1)
        body = p(BEFORE) + "".join(f"<w:p>{drawing(f'r{n}')}</w:p>{p(AFTER)}" for n in (1, 2))
        assert codes(opened(word(body, photo(), photo()), "a.docx"))["picture.too-large"] == 1


class TestFigures:
    """Every picture among text is a figure, in every format, with the caption that stands beside it."""

    CAPTION = "图1　云溪市水网空间布局示意图"
    HEAD = "一、总体要求"

    def plan(self, *inner: str, pictures: int = 1) -> bytes:
        return word(p(self.HEAD) + "".join(inner) + p("二、保障措施") + p(AFTER), *[photo()] * pictures)

    def picture(self, number: int = 1) -> str:
        return f"<w:p>{drawing(f'r{number}', 400, 200)}</w:p>"

    def places(self, plan: Plan) -> list[tuple[str, str | None]]:
        nodes = [*plan.front_matter.content, *plan.body, *plan.back_matter.content]
        return [(v.node.caption, v.place) for v in walk(nodes) if isinstance(v.node, Figure)]

    @pytest.mark.parametrize("over", [True, False])
    def test_caption_over_or_under_it(self, over: bool, opened: Open, without: None) -> None:
        parts = [p(self.CAPTION), self.picture()] if over else [self.picture(), p(self.CAPTION)]
        plan = opened(self.plan(p(BEFORE), *parts), "a.docx")
        (figure,) = figures(plan)
        assert figure.caption == self.CAPTION
        assert plan.text[figure.span.start : figure.span.end] == self.CAPTION
        assert figure.state == "unread"
        assert figure.name == "word/media/image1.png"
        assert self.places(plan) == [(self.CAPTION, "1")]
        assert plan.text.count(self.CAPTION) == 1

    def test_each_picture_has_its_own_caption(self, opened: Open, without: None) -> None:
        inner = [self.picture(), p("图1　供水量趋势图"), self.picture(2), p("图2　用水结构图"), self.picture(3), p(BEFORE)]
        plan = opened(self.plan(p(BEFORE), *inner, pictures=3), "a.docx")
        assert [figure.caption for figure in figures(plan)] == ["图1　供水量趋势图", "图2　用水结构图", ""]

    def test_a_sentence_that_names_a_figure_is_none(self, opened: Open, without: None) -> None:
        plan = opened(self.plan(self.picture(), p("图1显示，全市供水能力不足。")), "a.docx")
        assert [figure.caption for figure in figures(plan)] == [""]

    def test_one_without_a_caption_says_where_it_stands(self, opened: Open, without: None) -> None:
        plan = opened(self.plan(p(BEFORE), self.picture(), p("第二段文字到此为止。")), "a.docx")
        (figure,) = figures(plan)
        assert figure.span.start == figure.span.end == plan.text.index("第二段")
        assert figure.recognised is None

    def test_it_belongs_to_the_heading_that_stands_alone(self, opened: Open, without: None) -> None:
        run_ins = [p("（一）建设水厂。新建水厂三座，提升供水能力。"), p("（二）改造管网。更新老旧管网，降低漏损率。")]
        plan = opened(self.plan(*run_ins, self.picture()), "a.docx")
        assert self.places(plan) == [("", "1")]
        plan = opened(self.plan(run_ins[0], self.picture(), run_ins[1]), "a.docx")
        assert self.places(plan) == [("", "1")]

    def test_the_same_plan_without_it_has_the_same_sections(self, opened: Open, without: None) -> None:
        words = [
            p("（一）建设水厂。新建水厂三座，提升供水能力。"),
            p("水厂规模为每日二十万吨。"),
            p("（二）改造管网。更新管网。"),
        ]

        def outline(plan: Plan) -> list[tuple[str, list[str]]]:
            visits = list(walk(plan.body))
            return [(v.node.type, v.place) for v in visits if v.node.type != "figure"]  # type: ignore[misc]

        bare = opened(self.plan(*words), "a.docx")
        for at in range(len(words) + 1):
            shown = opened(self.plan(*words[:at], self.picture(), *words[at:]), "b.docx")
            assert outline(shown) == outline(bare)
            assert len(figures(shown)) == 1

    def test_pictures_anywhere_leave_the_tree_as_it_was(self) -> None:
        """Its words, its order and what belongs to what."""
        document, grammar, shaken = read(SAMPLE.with_suffix(".docx")), load_grammar(), random.Random(3)
        bare = [(v.node.type, v.place) for v in build_tree(document, grammar).visits]
        for _ in range(10):
            starts = sorted(shaken.choice([*document.lines]).start for _ in range(shaken.randint(1, 8)))
            shown = tuple(Picture(start, start, "unread") for start in [*starts, len(document.text)])
            tree = build_tree(dataclasses.replace(document, pictures=shown), grammar)
            assert squeeze("".join(say(tree.nodes))) == squeeze(document.text)
            assert [(v.node.type, v.place) for v in tree.visits if v.node.type != "figure"] == bare
            places = [v.node.span.start for v in tree.visits if v.node.type == "figure"]
            assert places == sorted(places)
            assert len(places) == len(shown)

    def test_before_the_first_heading_it_is_front_matter(self, opened: Open, without: None) -> None:
        plan = opened(word(self.picture() + p(self.HEAD) + p(BEFORE), photo()), "a.docx")
        assert self.places(plan) == [("", None)]
        assert isinstance(plan.front_matter.content[0], Figure)

    @needs_ocr
    @pytest.mark.parametrize("name", PASTED)
    def test_in_every_format(self, name: str, opened: Open) -> None:
        plan = opened(PASTED[name](), name)
        (figure,) = figures(plan)
        assert figure.state == "read"
        assert figure.recognised
        assert SAID in plan.text[figure.recognised.start : figure.recognised.end]
        if name.endswith("ofd"):
            assert figure.page == 1
            assert figure.bbox == pytest.approx((70.9, 170.1, 544.3, 348.7), abs=0.1)

    @needs_ocr
    def test_a_photo_in_a_pdf(self, opened: Open) -> None:
        (sheet,) = new()
        sheet.lines("　　" + filler(FULL - 2), "前文到此。").lines("　　" + filler(FULL - 2, 0x5200), "后文到此。", y=420)
        data = pasted(make_pdf(sheet), (plain((400, 150)), (80, 470, 480, 620)))
        plan = opened(data, "a.pdf")
        (figure,) = figures(plan)
        assert figure.state == "wordless"
        assert figure.bbox == (80.0, 222.0, 480.0, 372.0)
        assert plan.text[: figure.span.start].endswith("前文到此。\n")

    def test_outputs_hold_with_it(self, opened: Open, without: None, tmp_path: Path) -> None:
        made = [self.plan(p(BEFORE), self.picture(), p(self.CAPTION)), self.plan(p(BEFORE), self.picture())]
        for number, data in enumerate(made):
            plan = opened(data, f"{number}.docx")
            again = Plan.model_validate_json(plan.model_dump_json())
            assert again == plan
            assert "".join(read_aloud(plan).split()) == "".join(plan.text.split())
            assert "n-figure" in plan_to_page(plan, language="zh", name="x")
            rows = [row for table, row in plan_to_rows(plan) if table == "paragraphs" and row["type"] == "figure"]
            assert [row["text"] for row in rows] == ([self.CAPTION] if not number else [])


class TestHeads:
    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"])
    def test_size_is_told_without_a_pixel(self, kind: str) -> None:
        head = picture_head(packed(Image.new("L" if kind == "GIF" else "RGB", (310, 170)), kind))
        assert head is not None
        assert (head.kind.upper(), head.width, head.height) == (kind, 310, 170)

    def test_resolution_and_pages(self) -> None:
        picture = Image.new("L", (310, 170))
        for kind in ("PNG", "JPEG", "TIFF", "BMP"):
            head = picture_head(packed(picture, kind, dpi=(200, 200)))
            assert head is not None
            assert head.dpi == pytest.approx(200, abs=1)
        heads = picture_pages(packed(picture, "TIFF", save_all=True, append_images=[picture.resize((90, 40))]))
        assert [(head.width, head.page) for head in heads] == [(310, 0), (90, 1)]

    def test_any_bytes_are_a_head_or_none(self) -> None:
        for start in (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF\0\0\0\0WEBPVP8X"):
            for length in range(0, 60, 3):
                for data in (start + b"\xff" * length, start + bytes(length)):
                    head = picture_head(data)
                    assert head is None or head.pixels > 0

    def test_a_chain_of_pages_that_loops_ends(self) -> None:
        assert picture_pages(b"II*\x00\x08\x00\x00\x00" + b"\x00\x00" + b"\x08\x00\x00\x00") == []

    def test_a_page_is_as_large_as_its_scanner_says(self) -> None:
        assert sheet_size(1654, 2339, 200) == pytest.approx((595.4, 842.0), abs=0.1)
        assert sheet_size(3000, 4000, 72) == pytest.approx((595.0, 793.3), abs=0.1)
        assert sheet_size(4000, 3000, None)[0] == 842.0


class TestGroups:
    PAGE, SMALL = Placed("a", width=415, height=587), Placed("b", width=20, height=20)
    BOX = Placed("c", width=400, height=150)

    def test_pages_that_follow_each_other_are_read_as_one(self) -> None:
        events = [
            None,
            (self.PAGE, False),
            (self.SMALL, False),
            (self.PAGE, False),
            (self.BOX, False),
            None,
            (self.PAGE, False),
        ]
        made = events_to_groups(events, ROOM)
        assert [places for places, _ in made] == [[1, 3], [4], [6]]
        assert [(group.whole, group.doubted) for _, group in made] == [(True, True), (False, False), (True, True)]

    def test_where_there_are_no_words_all_is_a_scan(self) -> None:
        ((places, group),) = events_to_groups([(self.BOX, False), (self.BOX, False)], ROOM)
        assert places == [0, 1]
        assert group.whole
        assert not group.doubted

    def test_in_a_cell_a_picture_is_no_page(self) -> None:
        assert [group.whole for _, group in events_to_groups([None, (self.PAGE, True)], ROOM)] == [False]

    def test_only_absent_pictures_load_nothing(self) -> None:
        group = picture_places.Group((Placed("x.jpg", absent=True),))
        (told,) = picture_places.tell_groups([group], None)  # type: ignore[arg-type]
        assert told.states == ("absent",)


def test_what_is_counted_is_what_was_read(tmp_path: Path) -> None:
    """The balance of a document taken into another."""
    from planparse.document import Origin
    from planparse.document_builder import DocumentBuilder

    inner = DocumentBuilder()
    inner.paragraph("云溪市")
    inner.discard("页", "page_number", page=1)
    inner.recognised += count_characters("云溪市页")
    origin = Origin("", "picture", "0" * 64, 0, "ocr")
    outer = DocumentBuilder()
    outer.paragraph("前文")
    start = outer.offset
    outer.take(inner.build(origin, source_count={}))
    outer.picture(start, "read", name="a.png")
    outer.picture(outer.offset, "unread", name="b.png")
    made = outer.build(origin, source_count=count_characters("前文"))
    assert made.text == "前文\n云溪市"
    assert [(one.start, one.end) for one in made.pictures] == [(3, 6), (6, 6)]
    assert [line.start for line in made.lines] == [0, 3]
    assert count_characters("云溪市页") == made.recognised
