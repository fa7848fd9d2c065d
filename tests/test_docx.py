"""Word documents: order, tables, boxes, revisions, notes, breaks, looks, limits; and that every character is accounted for."""

import os
import warnings
import zipfile
from collections import Counter
from io import BytesIO
from pathlib import Path

import docx
import pytest

from planparse.document import Document, Origin, count_characters
from planparse.errors import UnreadableFile
from planparse.extractors import docx_package
from planparse.extractors.docx import read_docx
from planparse.grammar import CompiledRule, Example, Grammar, Rule

SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
)
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
PATTERN = "第[一二三]章.*"
RULE = Rule(id="chapter", gives="heading", pattern=PATTERN, examples=[Example(text="第一章")], rejects=["章"])
GRAMMAR = Grammar("0" * 16, {"headings": (CompiledRule("headings.chapter", RULE, PATTERN, "", {}),)}, {}, {})


def relationships(*targets: tuple[str, str, str]) -> str:
    rows = "".join(f'<Relationship Id="{i}" Type="{TYPES}{kind}" Target="{target}"/>' for i, kind, target in targets)
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


def package(body: str, parts: dict[str, str] | None = None, more: dict[str, str | bytes] | None = None) -> bytes:
    """A .docx with that body; `parts` are stories and definitions by their kind, `more` any other members."""
    named = {kind: f"{kind.rstrip('0123456789')}" for kind in parts or {}}
    members: dict[str, str | bytes] = {
        "_rels/.rels": relationships(("rId1", "officeDocument", "word/document.xml")),
        "word/document.xml": f'<?xml version="1.0"?><w:document {SPACES}><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": relationships(*((kind, named[kind], f"{kind}.xml") for kind in named)),
    }
    roots = {"header": "hdr", "footer": "ftr"}
    for kind, xml in (parts or {}).items():
        root = roots.get(named[kind], named[kind])
        members[f"word/{kind}.xml"] = f"<w:{root} {SPACES}>{xml}</w:{root}>"
    return zipped(members | (more or {}))


def zipped(members: dict[str, str | bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def read_raw(data: bytes) -> Document:
    """Read, and check what holds for every document."""
    document = read_docx(data, Origin("云溪.docx", "docx", "0" * 64, len(data), "docx"), grammar=GRAMMAR)
    discarded: Counter[str] = Counter()
    for piece in document.discarded:
        discarded += count_characters(piece.text)
    assert Counter(document.source_count) + Counter(document.generated) == count_characters(document.text) + discarded
    assert "\n".join(document.text[line.start : line.end] for line in document.lines) == document.text
    assert all(document.text[line.start : line.end].strip("\u3000 \n") for line in document.lines)
    return document


def read(body: str, parts: dict[str, str] | None = None, more: dict[str, str | bytes] | None = None) -> Document:
    return read_raw(package(body, parts, more))


def p(text: str, properties: str = "", run: str = "") -> str:
    looks = f"<w:rPr>{run}</w:rPr>" if run else ""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r>{looks}<w:t>{text}</w:t></w:r></w:p>"


def tc(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content if content.startswith('<') else p(content)}</w:tc>"


def tbl(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def discarded(document: Document) -> list[tuple[str, str]]:
    return [(piece.reason, piece.text) for piece in document.discarded]


def refused(data: bytes) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        read_raw(data)
    assert str(caught.value).startswith("云溪.docx: ")
    return caught.value


# --- paragraphs -----------------------------------------------------------------------------------------------------


def test_wrappers_are_taken_off_and_order_is_kept() -> None:
    body = (
        f"<w:sdt><w:sdtPr><w:rPr/></w:sdtPr><w:sdtContent>{p('目录')}</w:sdtContent></w:sdt>"
        "<w:p><w:hyperlink><w:r><w:t>总则</w:t><w:tab/></w:r></w:hyperlink><w:smartTag><w:r><w:t>3</w:t></w:r></w:smartTag></w:p>"
        f"<w:customXml>{p('一')}</w:customXml><w:ins>{p('二')}</w:ins>"
        "<w:p><w:sdt><w:sdtContent><w:r><w:t>三</w:t></w:r></w:sdtContent></w:sdt><w:bookmarkStart/></w:p>"
        "<w:r><w:t>四</w:t></w:r><w:p/><w:sectPr/>"
    )
    assert read(body).text == "目录\n总则 3\n一\n二\n三\n四"


def test_fields_keep_their_result_and_drop_their_code() -> None:
    body = (
        '<w:p><w:fldSimple w:instr="DATE"><w:r><w:t>五月</w:t></w:r></w:fldSimple>'
        '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>IF </w:instrText></w:r><w:r><w:t>旧</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="begin"/><w:fldChar w:fldCharType="separate"/><w:t>深</w:t>'
        '<w:fldChar w:fldCharType="end"/></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>新</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/><w:fldChar w:fldCharType="separate"/><w:t>年</w:t></w:r></w:p>'
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:t>码</w:t></w:r></w:p>' + p("后")
    )
    document = read(body)
    assert document.text == "五月新年\n后"
    assert discarded(document) == [("markup", "旧深"), ("markup", "码")]


def test_symbols_hyphens_formulas_and_wordart_are_generated() -> None:
    body = (
        '<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t>甲</w:t><w:noBreakHyphen/><w:softHyphen/>'
        '<w:sym w:char="zz"/></w:r><m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r>'
        "</m:den></m:f></m:oMath></w:p>"
        '<w:p><w:r><w:pict><v:shape><v:textpath string="云溪市文件"/></v:shape></w:pict></w:r>'
        "<w:r><w:drawing><a:p><a:r><a:t>图</a:t></a:r></a:p><a:p/></w:drawing></w:r></w:p>"
    )
    document = read(body)
    assert document.text == "☑甲-a/b\n云溪市文件\n图"
    assert sum(document.generated.values()) == 5 + 5 + 1
    assert len(document.grids) == 2


def test_blanks_in_words_are_single_and_never_break_lines() -> None:
    assert read("<w:p><w:r><w:t>甲\n乙\u2028丙</w:t><w:ptab/><w:t>丁</w:t></w:r></w:p>").text == "甲 乙 丙 丁"


def test_utf_16_and_strict_names() -> None:
    xml = f'<?xml version="1.0" encoding="UTF-16"?><w:document {SPACES}><w:body>{p("严格")}</w:body></w:document>'
    strict = xml.replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    kind = "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"
    rels = relationships(("r1", "officeDocument", "word\\document.xml")).replace(TYPES + "officeDocument", kind)
    data = zipped({"_rels/.rels": rels, "Word/Document.xml": strict.encode("utf-16")})
    assert read_raw(data).text == "严格"


# --- breaks ---------------------------------------------------------------------------------------------------------

LONG = "推进青岚县城乡融合发展和公共服务均等化建设有关工作任务落"


@pytest.mark.parametrize(
    ("text", "properties", "expected"),
    [
        ("甲。|乙", "", ["甲。", "乙"]),
        ("甲、|乙", "", ["甲、乙"]),
        ("甲|，乙", "", ["甲，乙"]),
        (f"{LONG}|实到位。", "", [f"{LONG}实到位。"]),
        (f"{LONG}|第一章总则", "", [LONG, "第一章总则"]),
        ("来源：云溪|分类：规划", "", ["来源：云溪", "分类：规划"]),
        (f"{LONG}|规划", '<w:jc w:val="center"/>', [LONG, "规划"]),
        ("第一章|总则", '<w:outlineLvl w:val="0"/>', ["第一章总则"]),
        ("AI|plan", '<w:outlineLvl w:val="0"/>', ["AI plan"]),
        ("|甲||", "", ["甲"]),
    ],
)
def test_breaks_part_lines_unless_a_sentence_goes_on(text: str, properties: str, expected: list[str]) -> None:
    runs = '</w:t><w:br/><w:t xml:space="preserve">'.join(text.split("|"))
    document = read(f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{runs}</w:t></w:r></w:p>")
    assert document.text.split("\n") == expected


def test_breaks_in_cells_stay() -> None:
    cell = '<w:p><w:r><w:t>甲、</w:t><w:br w:type="page"/><w:t>乙</w:t></w:r></w:p>'
    assert read(tbl(tc(cell) + tc("丙"))).text == "甲、\u2028乙\t丙"


# --- tables and boxes -----------------------------------------------------------------------------------------------


def test_merged_cells_stand_once() -> None:
    body = tbl(
        tc("类别", '<w:vMerge w:val="restart"/>') + tc("指标", '<w:gridSpan w:val="2"/>'),
        tc("续", "<w:vMerge/>") + tc("甲") + tc("乙"),
        tc("<w:p/>", "<w:vMerge/>") + tc("丙", '<w:hMerge w:val="restart"/>') + tc("丁", "<w:hMerge/>"),
        "<w:trPr><w:gridBefore w:val='1'/></w:trPr>" + tc("戊") + tc("己"),
    )
    document = read(body)
    assert document.text == "类别\u2028续\t指标\n甲\t乙\n丙 丁\n戊\t己".replace("丙 丁", "丙\n丁")
    cells = [(c.row, c.column, c.rows, c.columns, document.text[c.start : c.end]) for c in document.grids[0].cells]
    assert cells == [
        (0, 0, 3, 1, "类别\u2028续"), (0, 1, 1, 2, "指标"), (1, 1, 1, 1, "甲"), (1, 2, 1, 1, "乙"),
        (2, 1, 1, 2, "丙\n丁"), (3, 1, 1, 1, "戊"), (3, 2, 1, 1, "己"),
    ]  # fmt: skip


def test_wrapped_rows_and_cells_and_odd_merges() -> None:
    cell = f"<w:sdt><w:sdtContent>{tc('甲')}</w:sdtContent></w:sdt>"
    rows = f"<w:sdt><w:sdtContent><w:tr>{cell}{tc('乙')}</w:tr></w:sdtContent></w:sdt>"
    document = read(f"<w:tbl><w:tblPr/>{rows}</w:tbl>" + tbl(tc("丙", "<w:vMerge/>") + tc("丁")) + tbl(tc("<w:p/>")))
    assert document.text == "甲\t乙\n丙\t丁"
    assert len(document.grids) == 2


def test_words_in_a_table_without_cells() -> None:
    assert read(f"<w:tbl><w:tblPr/>{p('甲')}</w:tbl>" + tbl(p("乙"))).text == "甲\n乙"


def test_a_frame_is_paragraphs_each_with_its_look() -> None:
    body = p("前") + tbl(tc(p("专栏1", '<w:jc w:val="center"/>')), tc(p("项目一") + "<w:p/>" + p("项目二", "", "<w:b/>")))
    document = read(body)
    assert document.text == "前\n专栏1\n项目一\n项目二"
    assert [line.centred for line in document.lines] == [False, True, False, False]
    assert [line.bold for line in document.lines] == [False, False, False, True]
    assert [document.text[c.start : c.end] for c in document.grids[0].cells] == ["专栏1", "项目一\n项目二"]


def test_a_table_in_a_frame_keeps_its_cells() -> None:
    inner = tbl(tc("甲") + tc("乙"))
    document = read(tbl(tc("专栏2"), tc(p("说明") + inner + p("注：略"))) + tbl(tc(inner + p("尾"))))
    assert document.text == "专栏2\n说明\n甲\t乙\n注：略\n甲\t乙\n尾"
    assert [len(grid.cells) for grid in document.grids] == [2, 2, 1, 2, 1]


def test_a_table_in_a_cell_becomes_its_paragraphs() -> None:
    inner = tbl(tc("甲") + tc(p("乙") + p("丙")))
    assert read(tbl(tc(p("首") + inner) + tc("末"))).text == "首\u2028甲 乙 丙\t末"


def test_a_very_long_frame_is_the_layout_of_the_page() -> None:
    many = "".join(p(f"段{i}") for i in range(70))
    document = read(tbl(tc(many + tbl(tc("甲") + tc("乙")))))
    assert len(document.grids) == 1
    assert document.text.endswith("段69\n甲\t乙")
    border = "<w:pBdr>" + "".join(f'<w:{s} w:val="single"/>' for s in ("top", "start", "bottom", "end")) + "</w:pBdr>"
    assert read("".join(p(f"段{i}", border) for i in range(70))).grids == ()


def test_text_boxes_stand_once_behind_their_paragraph() -> None:
    box = f"<w:txbxContent>{p('框内')}{p('第二')}</w:txbxContent>"
    body = (
        "<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing>" + box + "</w:drawing></mc:Choice>"
        "<mc:Fallback><w:pict>" + box + "</w:pict></mc:Fallback></mc:AlternateContent><w:t>框外</w:t></w:r></w:p>" + p("后")
    )
    document = read(body)
    assert document.text == "框外\n框内\n第二\n后"
    assert [document.text[g.start : g.end] for g in document.grids] == ["框内\n第二"]
    assert read(tbl(tc(body) + tc("乙"))).text == "框外\u2028框内\u2028第二\u2028后\t乙"


def test_other_choices_and_lone_fallbacks() -> None:
    body = (
        "<mc:AlternateContent><mc:Choice>"
        + p("甲")
        + "</mc:Choice><mc:Choice>"
        + p("乙")
        + "</mc:Choice></mc:AlternateContent>"
        "<mc:AlternateContent><mc:Fallback>" + p("丙") + "</mc:Fallback></mc:AlternateContent><mc:AlternateContent/>"
        "<w:p><mc:AlternateContent/></w:p>"
    )
    document = read(body)
    assert document.text == "甲\n丙"
    assert discarded(document) == [("markup", "乙")]


def test_bordered_paragraphs_share_a_frame() -> None:
    def bordered(how: str) -> str:
        return "<w:pBdr>" + "".join(f'<w:{s} w:val="{how}"/>' for s in ("top", "left", "bottom", "right")) + "</w:pBdr>"

    document = read(p("前") + p("专栏3", bordered("single")) + p("内容", bordered("single")) + p("后", bordered("none")))
    assert [document.text[g.start : g.end] for g in document.grids] == ["专栏3\n内容"]


# --- revisions, hidden words, notes, headers ------------------------------------------------------------------------


def test_revisions_are_accepted_and_kept_aside() -> None:
    body = (
        "<w:p><w:ins><w:r><w:t>新</w:t></w:r></w:ins><w:del><w:r><w:delText>旧</w:delText></w:r></w:del>"
        "<w:del><w:r><w:delText>词</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>移</w:t></w:r></w:moveFrom>"
        "<w:r><w:delText>散</w:delText></w:r><w:moveTo><w:r><w:t>移</w:t></w:r></w:moveTo></w:p>"
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>接</w:t></w:r></w:p>"
        + p("上")
        + "<w:del>"
        + p("块")
        + "</w:del>"
        + tbl(tc("甲") + tc("乙"), "<w:trPr><w:del/></w:trPr>" + tc("丙") + tc("丁"))
    )
    document = read(body)
    assert document.text == "新移\n接上\n甲\t乙"
    assert discarded(document) == [("deleted_revision", "旧词移散"), ("deleted_revision", "块"), ("deleted_revision", "丙丁")]


def test_hidden_words_are_put_aside() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="P"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="C"><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    body = (
        p("见") + p("隐", '<w:pStyle w:val="P"/>') + p("藏", "", '<w:rStyle w:val="C"/>')
        + p("显", '<w:pStyle w:val="P"/>', '<w:vanish w:val="0"/>')
        + "<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr><w:r><w:t>题。</w:t></w:r></w:p>" + p("文")
    )  # fmt: skip
    document = read(body, {"styles": styles})
    assert document.text == "见\n显\n题。文"
    assert discarded(document) == [("hidden", "隐"), ("hidden", "藏")]


def test_notes_follow_the_body_with_their_marks() -> None:
    notes = (
        '<w:footnote w:id="0" w:type="separator"><w:p><w:r><w:t>线</w:t></w:r></w:p></w:footnote>'
        f'<w:footnote w:id="1"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t> 甲注</w:t></w:r></w:p>{p("续")}</w:footnote>'
        f'<w:footnote w:id="2">{p("乙注")}</w:footnote><w:footnote w:id="3">{p("＊自注")}</w:footnote>'
        f'<w:footnote w:id="4">{p("无人提")}</w:footnote><w:footnote w:id="5">{tbl(tc("表") + tc("注"))}</w:footnote>'
    )
    ends = f'<w:endnote w:id="1">{p("尾注")}</w:endnote>'
    body = (
        '<w:p><w:r><w:t>发展</w:t><w:footnoteReference w:id="1"/></w:r><w:r><w:footnoteReference w:id="1"/></w:r>'
        '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:footnoteReference w:id="4"/></w:r>'
        '<w:r><w:footnoteReference w:id="3" w:customMarkFollows="1"/><w:t>＊</w:t></w:r>'
        '<w:r><w:footnoteReference w:id="5"/><w:footnoteReference w:id="99"/><w:endnoteReference w:id="1"/></w:r></w:p>'
    )
    document = read(body, {"footnotes": notes, "endnotes": ends})
    assert document.text == "发展¹¹²＊³[i]\n¹ 甲注\n续\n²乙注\n＊自注\n表\t注\n[i]尾注"
    looks = [(line.style, line.list_label) for line in document.lines[1:]]
    assert looks[:3] == [("footnote text", "¹"), ("footnote text", None), ("footnote text", "²")]
    assert looks[-1] == ("endnote text", "[i]")
    assert discarded(document) == [("running_head", "线"), ("unreferenced_note", "无人提")]


def test_note_marks_take_the_sections_format() -> None:
    settings = '<w:footnotePr><w:numFmt w:val="upperLetter"/><w:numStart w:val="3"/></w:footnotePr>'
    notes = f'<w:footnote w:id="1">{p("注")}</w:footnote>'
    body = '<w:p><w:r><w:t>文</w:t><w:footnoteReference w:id="1"/></w:r></w:p>'
    section = '<w:sectPr><w:footnotePr><w:numFmt w:val="decimalEnclosedCircle"/></w:footnotePr></w:sectPr>'
    assert read(body, {"footnotes": notes, "settings": settings}).text == "文[C]\n[C]注"
    assert read(body + section, {"footnotes": notes, "settings": settings}).text == "文③\n③注"


def test_headers_footers_comments_and_ruby_are_put_aside() -> None:
    begin, separate, end = (f'<w:fldChar w:fldCharType="{step}"/>' for step in ("begin", "separate", "end"))
    field = f"{begin}<w:instrText>PAGE</w:instrText>{separate}<w:t>1</w:t>{end}"
    page = f"<w:p><w:r><w:t>— </w:t>{field}<w:t> —</w:t></w:r></w:p>"
    parts = {
        "header1": p("云溪市规划") + tbl(tc("甲") + tc("乙")),
        "footer1": page,
        "comments": f'<w:comment w:id="1">{p("改")}</w:comment>',
    }
    over, base = ("<w:r><w:t>yun</w:t></w:r>", "<w:r><w:t>云</w:t></w:r>")
    ruby = f"<w:p><w:r><w:ruby><w:rt>{over}</w:rt><w:rubyBase>{base}</w:rubyBase></w:ruby></w:r></w:p>"
    orphan = {"word/header7.xml": f"<w:hdr {SPACES}>{p('旧眉')}</w:hdr>"}
    document = read(ruby, parts, dict(orphan))
    assert document.text == "云"
    assert sorted(discarded(document)) == [
        ("comment", "改"), ("page_number", "— 1 —"), ("ruby", "yun"), ("running_head", "云溪市规划"),
        ("running_head", "旧眉"), ("running_head", "甲 乙"),
    ]  # fmt: skip


def test_diagrams_are_read_where_they_stand() -> None:
    body = p("图一") + '<w:p><w:r><w:drawing><dgm:relIds r:dm="d1"/></w:drawing></w:r></w:p>' + p("后")
    data = f"<dgm:dataModel {SPACES}><dgm:t><a:p><a:r><a:t>目标</a:t></a:r></a:p><a:p/></dgm:t></dgm:dataModel>"
    rels = relationships(("d1", "diagramData", "diagrams/data1.xml"))
    more = {"word/_rels/document.xml.rels": rels, "word/diagrams/data1.xml": data}
    assert read(body, None, dict(more)).text == "图一\n目标\n后"
    assert read(body, None, more | {"word/diagrams/data1.xml": "<broken"}).text == "图一\n后"
    assert read(body).text == "图一\n后"


# --- numbers and looks ----------------------------------------------------------------------------------------------

NUMBERING = (
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
    '<w:pStyle w:val="H1"/><w:lvlText w:val="第%1章"/><w:pPr><w:ind w:left="420"/></w:pPr></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/>'
    '<w:lvlText w:val="—"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>'
)
STYLES = (
    '<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="21"/>'
    '<w:rFonts w:eastAsia="宋体"/></w:rPr></w:rPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/>'
    '<w:pPr><w:ind w:firstLineChars="200"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:basedOn w:val="N"/><w:pPr><w:jc w:val="center"/>'
    '<w:outlineLvl w:val="0"/><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:rPr><w:b/><w:sz w:val="32"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="H1a"><w:basedOn w:val="H1"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Ring"><w:basedOn w:val="Ring"/></w:style>'
)


def numbered(level: int, list_id: int = 1) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'


def test_numbers_and_looks_come_through_styles() -> None:
    body = (
        p("总则", '<w:pStyle w:val="H1"/>') + p("目的", numbered(1)) + p("要点", numbered(0, 2)) + p("", numbered(0, 2))
        + p("附则", '<w:pStyle w:val="H1a"/>') + p("结语", '<w:pStyle w:val="H1"/>' + numbered(0, 0))
        + p("末", '<w:pStyle w:val="Ring"/>')
    )  # fmt: skip
    document = read(body, {"numbering": NUMBERING, "styles": STYLES})
    assert document.text == "第一章 总则\n1.目的\n—要点\n第二章 附则\n结语\n末"
    first, second, third, fourth, fifth, last = document.lines
    assert (first.style, first.outline_level, first.centred, first.bold, first.size) == ("heading 1", 0, True, True, 16)
    assert (first.list_label, first.font, fifth.list_label, fourth.list_label) == ("第一章", "宋体", None, "第二章")
    assert (second.style, second.indent, second.size, second.list_label) == ("Normal", 21.0, 10.5, "1.")
    assert (third.list_label, fourth.outline_level, fourth.style, last.style) == ("—", None, "H1a", "Ring")
    assert sum(document.generated.values()) == 3 + 2 + 1 + 3


def test_a_deleted_paragraph_does_not_count_and_an_empty_one_does() -> None:
    gone = f"<w:p><w:pPr>{numbered(0)}<w:rPr><w:del/></w:rPr></w:pPr><w:del><w:r><w:delText>删</w:delText></w:r></w:del></w:p>"
    cells = tbl(tc(p("", numbered(1))) + tc("甲"), tc(p("", numbered(1))) + tc("乙"))
    document = read(gone + p("一", numbered(0)) + cells, {"numbering": NUMBERING})
    assert document.text == "第一章 一\n1.\t甲\n2.\t乙"


@pytest.mark.parametrize(
    ("indent", "expected"),
    [
        ('<w:ind w:firstLine="640"/>', 32.0),
        ('<w:ind w:firstLineChars="200" w:firstLine="640"/>', 21.0),
        ('<w:ind w:left="840" w:hanging="420"/>', 21.0),
        ('<w:ind w:startChars="100" w:hangingChars="50"/>', 5.25),
        ('<w:ind w:left="12pt"/>', None),
        ('<w:ind w:left="nan"/>', None),
        ("", None),
    ],
)
def test_indents_are_points(indent: str, expected: float | None) -> None:
    assert read(p("甲", indent)).lines[0].indent == expected


def test_most_of_the_characters_decide() -> None:
    def run(text: str, look: str) -> str:
        return f"<w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t></w:r>"

    runs = run("主要任务。", '<w:b/><w:sz w:val="28"/>') + run(
        "推进栖霞湾区各项工作", '<w:b w:val="0"/><w:sz w:val="32"/><w:rFonts w:eastAsia="仿宋"/>'
    )
    line = read(f"<w:p>{runs}</w:p>").lines[0]
    assert (line.bold, line.size, line.font) == (False, 16, "仿宋")


def test_properties() -> None:
    core = (
        '<cp:coreProperties xmlns:cp="urn:c" xmlns:dc="urn:d" xmlns:t="urn:t"><dc:title> 云溪市规划 </dc:title>'
        "<t:created>2021-01-01T00:00:00Z</t:created><dc:creator/><cp:revision>3</cp:revision></cp:coreProperties>"
    )
    rels = relationships(("r1", "officeDocument", "word/document.xml"), ("r2", "metadata/core-properties", "docProps/core.xml"))
    members: dict[str, str | bytes] = {"_rels/.rels": rels, "docProps/core.xml": core}
    assert read(p("甲"), None, members).metadata == {"title": "云溪市规划", "created": "2021-01-01T00:00:00Z"}
    assert read(p("甲"), None, members | {"docProps/core.xml": "<"}).metadata == {}


def test_what_python_docx_writes() -> None:
    made = docx.Document()
    made.add_heading("云溪市规划", 0)
    made.add_heading("总体要求", 1)
    made.add_paragraph("第一项", style="List Number")
    made.add_paragraph("第二项", style="List Number")
    table = made.add_table(2, 3)
    for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = f"格{number}"
    table.cell(0, 0).merge(table.cell(0, 1))
    made.sections[0].footer.paragraphs[0].text = "第 1 页"
    out = BytesIO()
    made.save(out)
    document = read_raw(out.getvalue())
    assert document.text == "云溪市规划\n总体要求\n1.第一项\n2.第二项\n格0\u2028格1\t格2\n格3\t格4\t格5"
    assert [line.style for line in document.lines[:2]] == ["Title", "heading 1"]
    assert document.lines[1].outline_level == 0
    assert discarded(document) == [("page_number", "第 1 页")]
    assert document.metadata["creator"] == "python-docx"


# --- files that are not read ----------------------------------------------------------------------------------------


def test_what_is_no_word_document() -> None:
    assert refused(b"").code == "not-a-document"
    assert refused(b"%PDF-1.7").code == "not-a-document"
    assert refused(docx_package.OLE + b"x" * 600).code == "not-a-document"
    assert refused(docx_package.OLE + docx_package.ENCRYPTED_STREAM).code == "encrypted"
    assert refused(zipped({"a.txt": "x"})).code == "not-a-document"
    sheet = {"_rels/.rels": relationships(("1", "officeDocument", "xl/book.xml")), "xl/book.xml": "<workbook/>"}
    assert refused(zipped(dict(sheet))).code == "not-a-document"
    assert refused(package("<w:p/>")).code == "no-text"


def test_damaged_files() -> None:
    data = package(p("甲" * 3000))
    assert refused(data[: len(data) // 2]).code == "damaged"
    assert refused(package("<w:p>")).code == "damaged"
    at = data.index(b"word/document.xml") + 60
    assert refused(data[:at] + b"\x00" * 20 + data[at + 20 :]).code == "damaged"


def test_damaged_parts_that_only_tell_looks_do_no_harm() -> None:
    more: dict[str, str | bytes] = {
        "word/styles.xml": "<w:styles",
        "word/numbering.xml": "",
        "_rels/.rels": "<x",
    }
    assert read(p("甲", numbered(0)), {"styles": "", "numbering": ""}, more).text == "甲"


def test_encrypted_members() -> None:
    data = bytearray(package(p("甲")))
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(sign)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(sign, at + 4)
    assert refused(bytes(data)).code == "encrypted"


def test_dtds_and_entities_are_refused() -> None:
    bomb = '<!DOCTYPE w [<!ENTITY a "甲">]>'
    xml = f"{bomb}<w:document {SPACES}><w:body>{p('&a;')}</w:body></w:document>"
    assert "DTD" in str(refused(package("", None, {"word/document.xml": xml})))
    assert "DTD" in str(refused(package(p("甲"), {"styles": ""}, {"word/styles.xml": f"{bomb}<x/>"})))
    utf_7 = b'<?xml version="1.0" encoding="UTF-16LE"?>'.decode().encode("utf-16-le") + xml.encode("utf-16-le")
    assert refused(package("", None, {"word/document.xml": utf_7})).code == "unsupported"


def test_what_is_nested_too_deeply_or_packed_too_tightly() -> None:
    deep = "<w:sdt><w:sdtContent>" * 400 + p("甲") + "</w:sdtContent></w:sdt>" * 400
    assert refused(package(deep)).code == "too-large"
    assert refused(package(p("甲"), None, {"x.bin": b"\0" * 3_000_000})).code == "too-large"


def test_deep_nesting_is_one_sentence() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        deep = "<w:sdt><w:sdtContent>" * 100 + p("甲") + "</w:sdtContent></w:sdt>" * 100
        assert read(deep).text == "甲"
        inner = p("甲")
        for _ in range(40):
            inner = tbl(tc(inner))
        assert read(inner).text == "甲"


@pytest.mark.skipif("PLANPARSE_CORPUS" not in os.environ, reason="needs the corpus")
def test_the_corpus_balances() -> None:
    plans = Path(os.environ["PLANPARSE_CORPUS"]) / "plans"
    files = [*plans.glob("*.docx"), *plans.glob("real/*.docx"), plans / "real" / "bad" / "really-docx.pdf"]
    assert len(files) > 1
    for file in files:
        assert read_raw(file.read_bytes()).text
