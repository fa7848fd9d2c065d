"""OFD files: where characters stand, what is no text of the page, odd producers, limits; nothing lost on any of them."""

import zipfile
from collections import Counter
from io import BytesIO
from xml.sax.saxutils import escape

import pytest

from planparse.balance import balance
from planparse.document import Document, Origin
from planparse.errors import UnreadableFile
from planparse.extractors import ofd_objects, read
from planparse.extractors.ofd import read_ofd
from planparse.grammar import load_grammar
from planparse.models.limits import DEFAULT_LIMITS, Limits
from planparse.structure.tree import build_tree
from tests.plans import corpus, needs_corpus

SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
EM = 5.6  # 三号, 16 points, in millimetres
FILL = "湿地保护规划按照统筹兼顾分类施策的要求在全域范围内组织实施并逐年评估成效形成闭环"


def text(x: float, y: float, words: str, *, step: float | None = None, size: float = EM, more: str = "", code: str = "") -> str:
    """A TextObject whose first baseline begins at (x, y) millimetres; DeltaX of `step` (the size) all along."""
    steps = f' DeltaX="g {len(words) - 1} {step or size}"' if len(words) > 1 and not code else ""
    return (
        f'<ofd:TextObject ID="1" Font="9" Size="{size}" Boundary="{x} {y - size} 170 {size * 1.2}" {more}>'
        f'<ofd:TextCode X="0" Y="{size}"{steps} {code}>{escape(words)}</ofd:TextCode></ofd:TextObject>'
    )


def path(x: float, y: float, wide: float, high: float, data: str, more: str = "", inner: str = "") -> str:
    return (
        f'<ofd:PathObject ID="2" Boundary="{x} {y} {wide} {high}" {more}>{inner}'
        f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def raster(xs: list[float], ys: list[float]) -> str:
    """The rulings of a table."""
    rows = [path(xs[0], y, xs[-1] - xs[0], 0.3, f"M 0 0 L {xs[-1] - xs[0]} 0") for y in ys]
    columns = [path(x, ys[0], 0.3, ys[-1] - ys[0], f"M 0 0 L 0 {ys[-1] - ys[0]}") for x in xs]
    return "".join(rows + columns)


def make_ofd(
    *pages: str,
    templates: tuple[str, ...] = (),
    uses: str = "",
    resources: str = "",
    common: str = "",
    document: str = "",
    more: dict[str, str | bytes] | None = None,
    space: str = SPACE,
    area: str = "<ofd:Area><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:Area>",
) -> bytes:
    """An OFD whose pages hold these objects; `uses` stands in every page before its content."""

    def layered(content: str) -> str:
        return f"<ofd:Page {space}>{area}{uses}<ofd:Content><ofd:Layer>{content}</ofd:Layer></ofd:Content></ofd:Page>"

    entries = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    named = "".join(f'<ofd:TemplatePage ID="t{n}" BaseLoc="Tpls/{n}.xml"/>' for n in range(len(templates)))
    members: dict[str, str | bytes] = {
        "OFD.xml": f"<ofd:OFD {space}><ofd:DocBody><ofd:DocInfo><ofd:Title>云溪市 湿地规划</ofd:Title><ofd:Author/>"
        "<ofd:CustomDatas><ofd:CustomData>x</ofd:CustomData></ofd:CustomDatas></ofd:DocInfo>"
        "<ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {space}><ofd:CommonData>{named}<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>{common}"
        f"</ofd:CommonData><ofd:Pages>{entries}</ofd:Pages>{document}</ofd:Document>",
        "Doc_0/PublicRes.xml": f'<ofd:Res {space}><ofd:Fonts><ofd:Font ID="9" FontName="仿宋"/>'
        f'<ofd:Font ID="8" FontName="SimHei-Bold"/></ofd:Fonts>{resources}</ofd:Res>',
    }
    members |= {f"Doc_0/Pages/Page_{n}/Content.xml": layered(content) for n, content in enumerate(pages)}
    for n, content in enumerate(templates):
        members[f"Doc_0/Tpls/{n}.xml"] = (
            f"<ofd:Page {space}><ofd:Content><ofd:Layer>{content}</ofd:Layer></ofd:Content></ofd:Page>"
        )
    return zipped(members | (more or {}))


def zipped(members: dict[str, str | bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.fixture(scope="module")
def grammar():
    return load_grammar()


@pytest.fixture
def reading(grammar):
    """Reads, and checks that everything is accounted for."""

    def opened(data: bytes) -> Document:
        document = read_ofd(data, Origin("plan.ofd", "ofd", "0" * 64, len(data), "ofd"), grammar=grammar)
        coverage, found = balance(document, build_tree(document, grammar))
        assert coverage.lost == 0
        assert not found
        return document

    return opened


def refused(data: bytes, grammar, limits: Limits = DEFAULT_LIMITS) -> UnreadableFile:
    with pytest.raises(UnreadableFile, match=r"^plan\.ofd: ") as caught:
        read_ofd(data, Origin("plan.ofd", "ofd", "0" * 64, len(data), "ofd"), grammar=grammar, limits=limits)
    return caught.value


def words(document: Document, reason: str) -> list[str]:
    return [d.text for d in document.discarded if d.reason == reason]


class TestPlaces:
    def test_lines_are_joined_and_ordered_by_place(self, reading):
        page = text(30, 50, FILL[25:] + "。") + text(41.2, 40, FILL[:25]) + text(41.2, 60, "云溪市湿地保护条例。")
        document = reading(make_ofd(page))
        assert document.text.split("\n") == [FILL + "。", "云溪市湿地保护条例。"]
        line = document.lines[0]
        assert (line.page, line.font, line.bold) == (1, "仿宋", False)
        assert line.size == pytest.approx(15.9, abs=0.1)
        assert line.box[:2] == pytest.approx((30 * 72 / 25.4, 40 * 72 / 25.4 - 0.88 * line.size), abs=0.5)

    def test_deltas_alone_in_groups_and_too_few(self, reading):
        objects = [
            text(30, 40, "云溪市", code='DeltaX="5.6 5.6"'),
            text(30, 60, "青岚县城乡", code='DeltaX="g 2 5.6 5.6 G 9 5.6"'),
            text(30, 80, "松陵省", code='DeltaX="5.6"'),
            text(30, 100, "栖霞湾", code=""),
            text(30, 120, "湿地公园", code='DeltaX="x 5.6 g"'),
        ]
        assert reading(make_ofd("".join(objects))).text.split() == ["云溪市", "青岚县城乡", "松陵省", "栖霞湾", "湿地公园"]

    def test_latin_letters_have_no_blanks_between(self, reading):
        """Converters set every letter by itself, or give figures the step of Chinese characters."""
        letters, x = "", 30.0
        for char in "Wim Low2026":
            letters += text(x, 40, char) if char != " " else ""
            x += {"W": 5.3, "i": 1.6, "m": 4.4, "L": 3.4, "o": 3.1, "w": 4.0, " ": 1.7}.get(char, 3.1)
        page = letters + text(30, 60, "到2027年达80家", step=5.7)
        assert reading(make_ofd(page)).text.split("\n") == ["Wim Low2026", "到2027年达80家"]

    def test_gap_is_a_blank_and_spread_words_have_none(self, reading):
        page = text(30, 40, "第一节") + text(60, 40, "总则") + text(60, 60, "云溪市人民政府", step=9)
        assert reading(make_ofd(page)).text.split("\n") == ["第一节 总则", "云溪市人民政府"]

    def test_turned_enlarged_and_moved_by_the_matrix(self, reading):
        page = text(30, 40, "湿地规划", more='CTM="2 0 0 2 0 0"')
        assert reading(make_ofd(page)).lines[0].size == pytest.approx(31.7, abs=0.1)

    def test_page_that_lies_on_its_side(self, reading):
        def sideways(x: float, bottom: float, line: str) -> str:
            return (
                f'<ofd:TextObject Font="9" Size="{EM}" Boundary="{x} 20 7 {bottom - 20}" CTM="0 -1 1 0 0 {bottom - 20}">'
                f'<ofd:TextCode X="0" Y="{EM}" DeltaX="g 99 {EM}">{line}</ofd:TextCode></ofd:TextObject>'
            )

        document = reading(make_ofd(sideways(40, 270, "二、主要任务") + sideways(20, 270, "一、总体要求")))
        assert document.text.split("\n") == ["一、总体要求", "二、主要任务"]

    def test_upside_down_and_vertical_words_are_kept(self, reading):
        page = text(30, 40, FILL) + text(100, 100, "倒", more='CTM="-1 0 0 -1 0 0"')
        column = f'<ofd:TextCode X="0" Y="{EM}" DeltaY="g 3 {EM}">竖排文字</ofd:TextCode>'
        page += f'<ofd:TextObject Font="9" Size="{EM}" ReadDirection="90" Boundary="180 120 6 30">{column}</ofd:TextObject>'
        page += text(100, 200, "侧", more='CharDirection="90"')
        made = "".join(reading(make_ofd(page)).text.split())
        assert Counter(made) == Counter(FILL + "倒竖排文字侧")
        assert "竖排文字" in made

    def test_several_codes_in_an_object_inherit_their_place(self, reading):
        codes = f'<ofd:TextCode X="0" Y="{EM}">湿</ofd:TextCode><ofd:TextCode X="{EM}">地</ofd:TextCode>'
        page = f'<ofd:TextObject Font="9" Size="{EM}" Boundary="30 40 20 7">{codes}</ofd:TextObject>'
        assert reading(make_ofd(page)).text == "湿地"

    def test_bold_by_font_and_by_weight(self, reading):
        page = text(30, 40, "一、总体要求", more='Weight="700"') + text(30, 60, "保护湿地。").replace('Font="9"', 'Font="8"')
        page += text(30, 80, "保护湿地。").replace('Font="9"', 'Font="7"')
        assert [line.bold for line in reading(make_ofd(page)).lines] == [True, True, False]

    def test_words_printed_twice_and_repaired_ones(self, reading):
        document = reading(make_ofd(text(30, 40, "\u2f00、总体") + text(30.1, 40, "\u2f00、总体")))
        assert document.text == "一、总体"
        assert words(document, "duplicate_glyph") == ["一、总体"]
        assert document.repaired == 2

    def test_blank_objects_and_odd_numbers(self, reading):
        page = (
            text(30, 40, "湿地") + text(30, 60, " ") + '<ofd:TextObject Size="0" Boundary="x"><ofd:TextCode/></ofd:TextObject>'
        )
        page += '<ofd:TextObject HScale="0" CTM="1 2"><ofd:TextCode X="nan" Y="1e99">规划</ofd:TextCode></ofd:TextObject>'
        assert Counter("".join(reading(make_ofd(page)).text.split())) == Counter("湿地规划")

    def test_line_ends_of_the_file_are_none_of_the_text(self, reading):
        page = text(30, 40, "湿地").replace(">湿地<", ">\n\t湿地\n<")
        assert reading(make_ofd(page)).text == "湿地"


class TestTables:
    def test_ruled_table(self, reading):
        xs, ys = [30.0, 80.0, 130.0, 180.0], [50.0, 60.0, 70.0]
        page = text(30, 40, "表1") + raster(xs, ys)
        for row, y in enumerate((57.0, 67.0)):
            for column in range(3):
                page += text(xs[column] + 3, y, f"格{row}{column}", step=3.5)
        document = reading(make_ofd(page))
        assert document.text.split("\n") == ["表1", "格00\t格01\t格02", "格10\t格11\t格12"]
        assert len(document.grids) == 1

    def test_frame_of_one_outline(self, reading):
        box = path(28, 50, 150, 30, "S 0 0 L 150 0 L 150 30 L 0 30 C")
        document = reading(make_ofd(box + text(32, 60, "专栏1 湿地工程") + text(30, 120, "保护湿地。")))
        assert [(len(grid.cells), document.text[grid.start : grid.end]) for grid in document.grids] == [(1, "专栏1 湿地工程")]

    @pytest.mark.parametrize(
        ("data", "more", "inner"),
        [
            ("M 0 0 L 150 0 L 150 30 L 0 30 C", 'Stroke="false"', ""),
            ("M 0 0 L 150 0 L 150 30 L 0 30 C", 'Visible="false"', ""),
            ("M 0 0 L 150 0 L 150 30 L 0 30 C", "", '<ofd:StrokeColor Value="255 255 255"/>'),
            ("M 0 0 L 150 0 L 150 30 C", 'Stroke="false" Fill="true"', '<ofd:FillColor Value="#ff #ff #ff"/>'),
            ("M 0 0 L 150 0 L 150 30 C", 'Stroke="false" Fill="true"', '<ofd:FillColor Value="0 0 0 0"/>'),
            ("M 0 0 L 150 0 L 150 30 C", "", '<ofd:StrokeColor Value="0 0 0" Alpha="0"/>'),
            ("M 0 0 B 1 1 2 2 150 0 L 150 30 L 0 30 L 0 0 C", "", ""),
            ("M 0 0 Q 1 1 150 0 L 150 30 L 0 30 C", "", '<ofd:StrokeColor Value="x y z"/>'),
            ("M 0 L", "", "<ofd:StrokeColor/>"),
            ("M 0 0 L 9 9 " * 2000, "", ""),
        ],
    )
    def test_what_rules_nothing(self, reading, data, more, inner):
        assert not reading(make_ofd(path(28, 50, 150, 30, data, more, inner) + text(32, 60, "湿地"))).grids

    def test_drawing_of_many_lines(self, reading):
        page = "".join(path(20, 20 + n / 10, 150, 0.1, "M 0 0 L 150 0") for n in range(1600))
        assert not reading(make_ofd(page + text(30, 60, "湿地"))).grids


class TestNotText:
    def test_slanted_words_are_a_watermark(self, reading):
        page = text(30, 40, "湿地保护") + text(60, 150, "内部资料", more='CTM="0.7 -0.7 0.7 0.7 0 0"')
        document = reading(make_ofd(page))
        assert document.text == "湿地保护"
        assert words(document, "watermark") == ["内部资料"]

    def test_hidden_objects(self, reading):
        document = reading(make_ofd(text(30, 40, "湿地") + text(30, 60, "旧文", more='Visible="false"')))
        assert (document.text, words(document, "hidden")) == ("湿地", ["旧文"])

    def test_annotations(self, reading):
        index = f'<ofd:Annotations {SPACE}><ofd:Page PageID="0"><ofd:FileLoc>Annot_0.xml</ofd:FileLoc></ofd:Page>'
        index += '<ofd:Page PageID="0"><ofd:FileLoc>gone.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>'
        notes = "".join(
            f'<ofd:Annot Type="{kind}"><ofd:Appearance>{text(1, 9, said)}</ofd:Appearance></ofd:Annot>'
            for kind, said in (("Watermark", "水印"), ("Stamp", "收文章"))
        )
        data = make_ofd(
            text(30, 40, "湿地"),
            document="<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>",
            more={
                "Doc_0/Annots/Annotations.xml": index,
                "Doc_0/Annots/Annot_0.xml": f"<ofd:PageAnnot {SPACE}>{notes}</ofd:PageAnnot>",
            },
        )
        document = reading(data)
        assert (words(document, "watermark"), words(document, "annotation")) == (["水印"], ["收文章"])

    def test_page_numbers_and_running_heads(self, reading):
        pages = [text(30, 20, "云溪市公报", size=3) + text(30, 60, FILL[n:]) + text(100, 280, f"— {n} —") for n in (1, 2, 3)]
        document = reading(make_ofd(*pages))
        assert words(document, "running_head") == ["云溪市公报"] * 3
        assert len(words(document, "page_number")) == 3
        assert len(document.pages) == 3

    def test_template_of_one_page_is_read_with_it(self, reading):
        use = '<ofd:Template TemplateID="t0"/><ofd:Template TemplateID="none"/>'
        document = reading(make_ofd(text(30, 60, "湿地保护"), templates=(text(30, 40, "云溪市文件"),), uses=use))
        assert document.text.split("\n") == ["云溪市文件", "湿地保护"]

    def test_template_of_several_pages_is_a_running_head(self, reading):
        under = text(30, 100, "云溪市文件") + text(60, 150, "样张", more='CTM="0.7 -0.7 0.7 0.7 0 0"')
        use = '<ofd:Template TemplateID="t0"/>'
        document = reading(make_ofd(text(30, 60, "湿地。"), text(30, 60, "规划。"), templates=(under,), uses=use))
        assert document.text.split("\n") == ["湿地。", "规划。"]
        assert words(document, "running_head") == ["云溪市文件"] * 2
        assert words(document, "watermark") == ["样张"] * 2


class TestUnits:
    def test_composite_unit_is_drawn_where_it_is_used(self, reading):
        unit = f'<ofd:CompositeGraphicUnit ID="5"><ofd:Content>{text(0, 10, "湿地")}</ofd:Content></ofd:CompositeGraphicUnit>'
        use = '<ofd:CompositeObject ResourceID="5" Boundary="30 60 50 20"/>'
        block = f"<ofd:PageBlock>{use}</ofd:PageBlock><ofd:CompositeObject ResourceID='6'/>"
        data = make_ofd(
            text(30, 40, "云溪市") + block, resources=f"<ofd:CompositeGraphicUnits>{unit}</ofd:CompositeGraphicUnits>"
        )
        assert reading(data).text.split("\n") == ["云溪市", "湿地"]

    def test_unit_that_holds_itself(self, reading):
        inner = text(0, 10, "湿") + '<ofd:CompositeObject ResourceID="5" Boundary="10 10 9 9"/>'
        unit = f'<ofd:CompositeGraphicUnit ID="5"><ofd:Content>{inner}</ofd:Content></ofd:CompositeGraphicUnit>'
        document = reading(make_ofd('<ofd:CompositeObject ResourceID="5"/>', resources=unit))
        assert document.text.count("湿") == ofd_objects.MAX_DEPTH

    def test_units_within_units_without_end(self, grammar):
        inner = '<ofd:CompositeObject ResourceID="5"/>' * 9
        unit = f'<ofd:CompositeGraphicUnit ID="5"><ofd:Content>{inner}</ofd:Content></ofd:CompositeGraphicUnit>'
        assert (
            refused(make_ofd(inner + text(1, 9, "湿"), resources=unit), grammar, Limits(ofd_page_objects=50)).code
            == "too-large"
        )

    def test_resources_of_a_page(self, reading):
        own = f'<ofd:Res {SPACE}><ofd:Fonts><ofd:Font ID="7" FontName="楷体" Bold="true"/></ofd:Fonts></ofd:Res>'
        page = text(30, 40, "湿地").replace('Font="9"', 'Font="7"')
        data = make_ofd(
            page, uses="<ofd:PageRes>own.xml</ofd:PageRes><ofd:PageRes>gone.xml</ofd:PageRes>", more={"Doc_0/own.xml": own}
        )
        assert (reading(data).lines[0].font, reading(data).lines[0].bold) == ("楷体", True)


class TestProducers:
    @pytest.mark.parametrize("space", ['xmlns:ofd="http://example.org/other"', "", 'xmlns:ofd=""'])
    def test_other_and_missing_namespaces(self, reading, space):
        assert reading(make_ofd(text(30, 40, "湿地"), space=space)).text == "湿地"

    def test_attributes_in_lower_case(self, reading):
        assert reading(make_ofd(text(30, 40, "湿地").replace("Size=", "size="))).lines[0].size == pytest.approx(15.9, abs=0.1)

    def test_gbk_under_a_utf8_heading(self, reading):
        content = f"<ofd:Page {SPACE}><ofd:Content><ofd:Layer>{text(30, 40, FILL)}</ofd:Layer></ofd:Content></ofd:Page>"
        raw = b'<?xml version="1.0" encoding="UTF-8"?>' + content.encode("gb18030")
        assert reading(make_ofd("", more={"Doc_0/Pages/Page_0/Content.xml": raw})).text == FILL

    def test_case_slashes_and_places_from_the_top(self, reading):
        data = make_ofd(text(30, 40, "湿地"))
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = {f"包/{n}".replace("Doc_0", "doc_0"): archive.read(n) for n in archive.namelist()}
        members["包/doc_0/Document.xml"] = members["包/doc_0/Document.xml"].replace(b"Pages/Page_0", b"doc_0\\Pages\\Page_0")
        assert reading(zipped(members)).text == "湿地"

    def test_box_of_the_page_in_other_units_than_its_text(self, reading):
        lines = [text(30, 40 + 10 * n, FILL[:26] if n % 2 == 0 else FILL[26:] + "。") for n in range(22)]
        huge = "<ofd:Area><ofd:PhysicalBox>0 0 1190 1684</ofd:PhysicalBox></ofd:Area>"
        assert reading(make_ofd("".join(lines), area=huge)).text.split("\n") == [FILL + "。"] * 11

    @pytest.mark.parametrize("area", ["", "<ofd:Area><ofd:PhysicalBox>0 0 x</ofd:PhysicalBox></ofd:Area>"])
    def test_box_of_the_document_or_a4(self, reading, area):
        assert reading(make_ofd(text(30, 40, "湿地"), area=area)).text == "湿地"
        common = "<ofd:PageArea><ofd:PhysicalBox>0 0 297 210</ofd:PhysicalBox></ofd:PageArea>"
        assert reading(make_ofd(text(30, 40, "湿地"), area=area, common=common)).text == "湿地"

    def test_what_it_says_of_itself(self, reading):
        document = reading(make_ofd(text(30, 40, "湿地"), "", text(30, 40, "规划")))
        assert document.metadata == {"title": "云溪市 湿地规划", "pages_without_text": "2"}
        assert document.origin.pages == 3


class TestRefusals:
    @pytest.mark.parametrize(
        ("more", "code"),
        [
            ({"Doc_0/Pages/Page_0/Content.xml": "<a><b>"}, "damaged"),
            ({"Doc_0/Document.xml": b"\x00\x01\x02"}, "damaged"),
            ({"Doc_0/Document.xml": b"\x8f\x01\x02", "Encryptions.xml": "<a/>"}, "encrypted"),
            ({"OFD.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}, "unsupported"),
            ({"OFD.xml": "<a>" * 300 + "</a>" * 300}, "too-large"),
            ({"OFD.xml": "<OFD><DocRoot/></OFD>"}, "damaged"),
            ({"OFD.xml": "<OFD><DocRoot>gone.xml</DocRoot></OFD>"}, "damaged"),
            ({"OFD.xml": "<OFD/>"}, "damaged"),
        ],
    )
    def test_parts(self, grammar, more, code):
        assert refused(make_ofd(text(30, 40, "湿地"), more=more), grammar).code == code

    def test_no_pages_and_no_text(self, grammar):
        assert refused(make_ofd(), grammar).code == "damaged"
        assert refused(make_ofd("", ""), grammar).code == "no-text"

    def test_zip_of_something_else(self, grammar):
        assert refused(zipped({"a.xml": "<a/>"}), grammar).code == "not-a-document"
        assert refused(make_ofd(text(1, 9, "湿"))[:200], grammar).code == "damaged"


@needs_corpus
@pytest.mark.parametrize("name", [("luqiao-health-reply.ofd",), ("bad", "easyofd.ofd")])
def test_published_files(name, grammar):
    """Nothing lost; ofdkit, where it is installed, finds the same characters."""
    file = corpus("plans", "real", *name)
    document = read(file, grammar=grammar)
    coverage, found = balance(document, build_tree(document, grammar))
    assert (coverage.lost, found) == (0, [])
    assert max(len(line) for line in document.text.split("\n")) > 100
    ofdkit = pytest.importorskip("ofdkit")
    # Its runs: its text() drops what is printed twice, and more.
    with ofdkit.open(file) as other:
        found_there = "".join(run.text for page in other.pages for run in page.runs)
    assert Counter("".join(found_there.split())) == document.source_count


def test_same_characters_as_ofdkit(reading):
    ofdkit = pytest.importorskip("ofdkit")
    under = text(30, 100, "云溪市文件")
    page = text(30, 40, FILL) + text(30, 60, "2026年") + path(28, 50, 150, 30, "M 0 0 L 150 0")
    data = make_ofd(page, templates=(under,), uses='<ofd:Template TemplateID="t0"/>')
    document = reading(data)
    assert "".join(ofdkit.extract_text(data).split()) == "".join(document.text.split())
