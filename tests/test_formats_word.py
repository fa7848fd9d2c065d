"""What Word files do, each in one small document that goes all the way to the plan."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from planparse import Plan, parse, read_aloud
from planparse.balance import squeeze
from planparse.errors import UnreadableFile
from planparse.models import Note, Section
from planparse.structure.walk import walk
from tests.hostile_files import package
from tests.test_docx import p, relationships, tbl, tc

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
BODY = "按照统筹兼顾、分类施策的要求保护湿地，完善管护制度，落实管护责任。"


def plan_of(body: str, tmp_path: Path, *, name: str = "plan.docx", parts: dict[str, str] | None = None, more=None) -> Plan:
    """The plan in a Word file; nothing is lost on the way."""
    path = tmp_path / name
    path.write_bytes(package(body, parts, more))
    plan = parse(path)
    assert plan.coverage.lost == 0
    assert [d for d in plan.diagnostics if d.severity == "error"] == []
    assert squeeze(read_aloud(plan)) == squeeze(plan.text)
    return plan


def headings(plan: Plan) -> list[str]:
    return [f"{v.node.level} {v.node.number} {v.node.title}" for v in walk(plan.body) if isinstance(v.node, Section)]


def level(at: int, kind: str, text: str, *, more: str = "", style: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{named}{more}'
        f'<w:lvlText w:val="{text}"/><w:suff w:val="nothing"/></w:lvl>'
    )


def numbered(text: str, at: int, num: int = 1) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{num}"/></w:numPr>')


class TestLists:
    def test_automatic_numbers_make_the_outline(self, tmp_path: Path) -> None:
        numbering = (
            '<w:abstractNum w:abstractNumId="0">'
            + level(0, "chineseCountingThousand", "第%1章　")
            + level(1, "chineseCountingThousand", "第%2节　")
            + level(2, "chineseCountingThousand", "（%3）")
            + level(3, "decimal", "%1.%4", more="<w:isLgl/>")
            + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        )
        body = "".join(
            [
                p("云溪市湿地保护规划", '<w:jc w:val="center"/>'),
                numbered("总体要求", 0), numbered("指导思想", 1), p(BODY), numbered("基本原则", 1), p(BODY),
                numbered("主要任务", 0), numbered("保护湿地", 1), numbered("划定红线", 2), p(BODY), numbered("健全制度", 2), p(BODY),
            ]
        )  # fmt: skip
        plan = plan_of(body, tmp_path, parts={"numbering": numbering})
        assert headings(plan) == [
            "1 第一章 总体要求", "2 第一节 指导思想", "2 第二节 基本原则", "1 第二章 主要任务", "2 第一节 保护湿地",
            "3 （一） 划定红线", "3 （二） 健全制度",
        ]  # fmt: skip

    def test_numbers_that_run_on_where_a_level_never_restarts(self, tmp_path: Path) -> None:
        numbering = (
            '<w:abstractNum w:abstractNumId="0">'
            + level(0, "chineseCounting", "%1、")
            + level(1, "chineseCounting", "（%2）", more='<w:lvlRestart w:val="0"/>')
            + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        )
        body = "".join(
            [
                numbered("湿地保护", 0), numbered("划定红线", 1), p(BODY), numbered("健全制度", 1), p(BODY),
                numbered("湿地利用", 0), numbered("建设公园", 1), p(BODY), numbered("科普宣教", 1), p(BODY),
            ]
        )  # fmt: skip
        numbers = [h.split(" ")[1] for h in headings(plan_of(body, tmp_path, parts={"numbering": numbering}))]
        assert numbers == ["一、", "（一）", "（二）", "二、", "（三）", "（四）"]

    def test_a_list_through_a_style_chain_and_a_start_of_its_own(self, tmp_path: Path) -> None:
        numbering = (
            '<w:abstractNum w:abstractNumId="0">' + level(0, "chineseCounting", "%1、", style="Heading1") + "</w:abstractNum>"
            '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
            '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
            "</w:lvlOverride></w:num>"
        )
        styles = (
            '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/>'
            '</w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
            '<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="自有标题"/><w:basedOn w:val="Heading1"/></w:style>'
        )
        style = '<w:pStyle w:val="Own"/>'
        anew = style + '<w:numPr><w:numId w:val="2"/></w:numPr>'
        body = p("总体要求", style) + p(BODY) + p("主要任务", style) + p(BODY) + p("附件1") + p("重点工程", anew) + p(BODY)
        plan = plan_of(body, tmp_path, parts={"numbering": numbering, "styles": styles})
        assert "一、总体要求" in plan.text
        assert "二、主要任务" in plan.text
        assert "一、重点工程" in plan.text

    def test_numbers_are_counted_as_made_and_not_as_written(self, tmp_path: Path) -> None:
        numbering = (
            '<w:abstractNum w:abstractNumId="0">' + level(0, "decimalEnclosedCircleChinese", "%1") + "</w:abstractNum>"
            '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        )
        plan = plan_of(numbered("划定红线", 0) + numbered("健全制度", 0), tmp_path, parts={"numbering": numbering})
        assert plan.text == "①划定红线\n②健全制度"
        assert plan.coverage.generated == 2


def test_heading_styles_are_evidence_where_no_number_is_printed(tmp_path: Path) -> None:
    styles = '<w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    head = '<w:pStyle w:val="H"/>'
    body = p("前言", head) + p(BODY) + p("一、总体要求") + p(BODY) + p("二、主要任务") + p(BODY)
    assert headings(plan_of(body, tmp_path, parts={"styles": styles})) == ["1  前言", "1 一、 总体要求", "1 二、 主要任务"]


class TestNotes:
    NOTES = (
        f'<w:footnote w:id="0" w:type="separator">{p("—")}</w:footnote>'
        '<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>湿地率：指湿地占国土的比例。</w:t></w:r></w:p>'
        f"{p('第二段说明来源。')}</w:footnote>"
    )
    BODY = (
        p("云溪市湿地保护规划")
        + p("一、总体要求")
        + '<w:p><w:r><w:t>湿地率</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t>稳步提高。</w:t></w:r></w:p>'
        + p("二、主要任务")
        + p(BODY)
    )

    def test_notes_are_notes_and_close_the_document(self, tmp_path: Path) -> None:
        plan = plan_of(self.BODY, tmp_path, parts={"footnotes": self.NOTES})
        notes = [n for n in plan.back_matter.content if isinstance(n, Note)]
        assert [(n.mark, n.text) for n in notes] == [("¹", "¹湿地率：指湿地占国土的比例。"), (None, "第二段说明来源。")]
        assert "湿地率¹稳步提高。" in plan.text
        assert headings(plan) == ["1 一、 总体要求", "1 二、 主要任务"]

    def test_what_signs_the_plan_stands_before_its_notes(self, tmp_path: Path) -> None:
        signed = p("抄送：市委办公室。") + p("云溪市人民政府办公室　　　　　2021年12月30日印发")
        plan = plan_of(self.BODY + signed, tmp_path, parts={"footnotes": self.NOTES})
        assert [n.type for n in plan.back_matter.content] == ["paragraph", "paragraph", "note", "note"]
        assert plan.front_matter.printed_on == "2021-12-30"

    def test_a_numbered_note_opens_no_section(self, tmp_path: Path) -> None:
        notes = '<w:endnote w:id="1">' + p("一、湿地率，指湿地占国土的比例。") + "</w:endnote>"
        body = p("一、总体要求") + '<w:p><w:r><w:t>提高</w:t><w:endnoteReference w:id="1"/></w:r></w:p>'
        assert headings(plan_of(body, tmp_path, parts={"endnotes": notes})) == ["1 一、 总体要求"]


class TestTables:
    def test_boxes_in_cells_and_tables_in_cells_stand_once(self, tmp_path: Path) -> None:
        shape = (
            "<w:r><w:pict><v:shape><v:textbox><w:txbxContent>"
            + p("框中话")
            + "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
        )
        inner = tbl(tc("甲") + tc("乙"))
        cell = tc(f"<w:p><w:r><w:t>格中话</w:t></w:r>{shape}</w:p>{inner}")
        plan = plan_of(p("一、总体要求") + tbl(cell + tc("旁边"), tc("下") + tc("面")), tmp_path)
        for words in ("格中话", "框中话", "甲", "乙", "旁边"):
            assert plan.text.count(words) == 1

    def test_merged_cells_reach_the_indicators(self, tmp_path: Path) -> None:
        down, more = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
        wide = '<w:gridSpan w:val="2"/>'
        rows = (
            tc("指标", wide) + tc("单位") + tc("2020年") + tc("2025年"),
            tc("湿地", down) + tc("面积") + tc("公顷") + tc("300") + tc("420"),
            tc("", more) + tc("保护率") + tc("%") + tc("51") + tc("60"),
        )
        plan = plan_of(p("一、发展目标") + p("表1　主要指标") + tbl(*rows), tmp_path)
        found = [(i.name, i.unit, [str(q.value) for v in i.values for q in v.quantities]) for i in plan.indicators]
        assert found == [("面积", "公顷", ["300", "420"]), ("保护率", "%", ["51", "60"])]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("plan.docx", MAIN),
        ("plan.docm", "application/vnd.ms-word.document.macroEnabled.main+xml"),
        ("plan.dotx", MAIN.replace("document.main", "template.main")),
        ("plan.dotm", "application/vnd.ms-word.template.macroEnabledTemplate.main+xml"),
    ],
)
def test_documents_with_macros_and_templates(name: str, kind: str, tmp_path: Path) -> None:
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>'
    )
    more = {"[Content_Types].xml": types, "word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}
    plan = plan_of(p("一、总体要求") + p(BODY), tmp_path, name=name, more=more)
    assert (plan.source.format, headings(plan)) == ("docx", ["1 一、 总体要求"])


class TestFlat:
    """One XML file with all the parts of a package in it (Flat OPC), as Word saves it under .xml."""

    @staticmethod
    def flat(data: bytes, *, more: str = "") -> bytes:
        parts = []
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for name in archive.namelist():
                inside = re.sub(r"<\?xml[^>]*\?>", "", archive.read(name).decode())
                parts.append(f'<pkg:part pkg:name="/{name}"><pkg:xmlData>{inside}</pkg:xmlData></pkg:part>')
        head = '<?xml version="1.0"?><?mso-application progid="Word.Document"?>'
        space = 'xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"'
        return f"{head}<pkg:package {space}>{''.join(parts)}{more}</pkg:package>".encode()

    def test_it_gives_the_plan_of_the_package(self, tmp_path: Path) -> None:
        notes = '<w:footnote w:id="2">' + p("湿地率：指湿地占国土的比例。") + "</w:footnote>"
        data = package(TestNotes.BODY, {"footnotes": notes})
        picture = '<pkg:part pkg:name="/word/media/a.png" pkg:contentType="image/png"><pkg:binaryData>iVBO</pkg:binaryData></pkg:part>'
        plans = []
        for name, content in (("plan.docx", data), ("plan.xml", self.flat(data, more=picture))):
            (tmp_path / name).write_bytes(content)
            plans.append(parse(tmp_path / name))
        assert plans[1].text == plans[0].text
        assert headings(plans[1]) == headings(plans[0]) != []
        assert plans[1].source.format == "docx"

    def test_entities_are_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "plan.xml"
        path.write_bytes(self.flat(package(p(BODY))).replace(b"<pkg:package", b'<!DOCTYPE x [<!ENTITY a "b">]><pkg:package', 1))
        with pytest.raises(UnreadableFile, match="DTD"):
            parse(path)


class TestChunks:
    """w:altChunk takes a whole file into a Word document."""

    def plan(self, name: str, content: str | bytes, tmp_path: Path) -> Plan:
        more = {
            "word/_rels/document.xml.rels": relationships(("c1", "aFChunk", f"parts/{name}")),
            f"word/parts/{name}": content,
        }
        return plan_of(p("一、总体要求") + '<w:altChunk r:id="c1"/>' + p("二、主要任务") + p(BODY), tmp_path, more=more)

    def test_a_page_is_read_where_it_stands(self, tmp_path: Path) -> None:
        table = "<table><tr><td>指标</td><td>2025年</td></tr><tr><td>湿地面积</td><td>420</td></tr></table>"
        plan = self.plan("a.html", f"<html><body><p>保护湿地，完善管护制度。</p>{table}</body></html>", tmp_path)
        assert plan.text.split("\n")[:5] == [
            "一、总体要求",
            "保护湿地，完善管护制度。",
            "指标\t2025年",
            "湿地面积\t420",
            "二、主要任务",
        ]
        assert headings(plan) == ["1 一、 总体要求", "1 二、 主要任务"]

    def test_a_text_is_read(self, tmp_path: Path) -> None:
        assert "保护湿地，完善管护制度。" in self.plan("a.txt", "保护湿地，完善管护制度。", tmp_path).text

    @pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"{\\rtf1 x}", b""])
    def test_what_is_not_read_is_told(self, content: bytes, tmp_path: Path) -> None:
        plan = self.plan("a.bin", content, tmp_path)
        told = [d for d in plan.diagnostics if d.code == "document.part-unread"]
        assert [d.values for d in told] == [{"parts": "a.bin"}]

    def test_a_chunk_that_is_not_there(self, tmp_path: Path) -> None:
        plan = plan_of(p("一、总体要求") + '<w:altChunk r:id="c9"/>', tmp_path)
        assert [d.code for d in plan.diagnostics].count("document.part-unread") == 1


def test_what_is_not_in_the_plan_is_put_aside_with_a_reason(tmp_path: Path) -> None:
    gone = "<w:p><w:del><w:r><w:delText>旧的话</w:delText></w:r></w:del><w:ins><w:r><w:t>新的话</w:t></w:r></w:ins></w:p>"
    hidden = p("看不见的话", run="<w:vanish/>")
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{p('控件里的话')}</w:sdtContent></w:sdt>"
    parts = {
        "header": p("云溪市人民政府文件"),
        "footer": p("— 1 —"),
        "comments": f'<w:comment w:id="1">{p("请核对")}</w:comment>',
    }
    plan = plan_of(p("一、总体要求") + gone + hidden + control, tmp_path, parts=parts)
    assert plan.text == "一、总体要求\n新的话\n控件里的话"
    assert {(d.reason, d.text) for d in plan.discarded} == {
        ("deleted_revision", "旧的话"), ("hidden", "看不见的话"), ("running_head", "云溪市人民政府文件"),
        ("page_number", "— 1 —"), ("comment", "请核对"),
    }  # fmt: skip
