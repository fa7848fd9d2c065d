"""What web pages and saved pages do, each in one small page that goes all the way to the plan."""

from bisect import bisect_left
from pathlib import Path

import pytest

from planparse import Plan, load_grammar, parse, read
from planparse.models import Paragraph, Section
from planparse.structure.repeats import squeeze_text
from planparse.structure.tree import build_tree
from planparse.structure.walk import walk

LONG = "按照统筹兼顾、分类施策的要求保护湿地，完善管护制度，落实管护责任，到2025年新建湿地公园{n}个，由市林业局牵头。"
SECTIONS = ("一、总体要求", "二、主要任务", "三、保障措施")
WHOLE = [line for n, head in enumerate(SECTIONS) for line in (head, LONG.format(n=n + 2), LONG.format(n=n + 12))]


def plan_of(data: bytes | str, tmp_path: Path, name: str = "page.html") -> Plan:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    plan = parse(path)
    assert [d for d in plan.diagnostics if d.severity == "error"] == []
    return plan


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>云溪市湿地保护规划</title>{head}</head><body>{body}</body></html>"


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


class TestTwice:
    """A passage that is printed again names its first printing, and its facts do."""

    def test_a_page_that_prints_its_text_twice(self, tmp_path: Path) -> None:
        plan = plan_of("\n\n".join(["云溪市湿地保护规划", *WHOLE, "公开方式：主动公开", *WHOLE]), tmp_path, "page.txt")
        again = [s for s in plan.body if isinstance(s, Section) and s.duplicate_of]
        assert [s.duplicate_of for s in again] == ["1", "2", "3"]
        first = [c for c in plan.commitments if not c.duplicate_of]
        assert len(first) * 2 == len(plan.commitments)
        assert {c.duplicate_of for c in plan.commitments} == {None, "1", "2", "3"}

    def test_the_second_printing_may_have_lost_its_line_ends(self, tmp_path: Path) -> None:
        joined = [" ".join(WHOLE[n : n + 3]) for n in (0, 3, 6)]
        plan = plan_of("\n\n".join([*WHOLE, *joined]), tmp_path, "page.txt")
        twice = [v.node for v in walk([*plan.body, *plan.back_matter.content]) if getattr(v.node, "duplicate_of", None)]
        assert sum(len(n.text) for n in twice if isinstance(n, Paragraph)) > 0.8 * sum(map(len, joined))

    def test_the_same_plan_has_the_same_work_printed_once_or_twice(self, tmp_path: Path) -> None:
        once = plan_of("\n\n".join(["云溪市湿地保护规划", *WHOLE]), tmp_path, "once.txt")
        twice = plan_of("\n\n".join(["云溪市湿地保护规划", *WHOLE, "以上为全文。", *WHOLE]), tmp_path, "twice.txt")
        assert once.work == twice.work

    def test_lines_that_plans_repeat_are_no_second_printing(self, tmp_path: Path) -> None:
        short = [line for n, head in enumerate(SECTIONS) for line in (head, "（责任单位：市林业局）", f"第{n}批湿地公园建成。")]
        plan = plan_of("\n\n".join([*short, *short]), tmp_path, "page.txt")
        assert not any(getattr(v.node, "duplicate_of", None) for v in walk(plan.body))
        two = ["四、其他", LONG.format(n=2), "五、附则", LONG.format(n=2)]
        assert not any(getattr(v.node, "duplicate_of", None) for v in walk(plan_of("\n\n".join(two), tmp_path, "p.txt").body))

    def test_places_without_blanks_lead_back_to_the_text(self, tmp_path: Path) -> None:
        path = tmp_path / "page.txt"
        path.write_text("\n\n".join([WHOLE[0], " ".join(WHOLE[1:4]), "甲 乙\u3000丙", *WHOLE[4:]]), encoding="utf-8")
        document = read(path)
        squeezed = squeeze_text(document, build_tree(document, load_grammar()))
        kept = [i for i, char in enumerate(document.text) if not char.isspace()]
        assert [squeezed.offset_of(place) for place in range(len(squeezed.text))] == kept
        assert [squeezed.place_of(at) for at in range(len(document.text) + 1)] == [
            bisect_left(kept, at) for at in range(len(document.text) + 1)
        ]


class TestParticulars:
    """What a site says of the document (索引号, 发文字号 …) feeds the front matter, wherever the page prints it."""

    def test_in_a_table_over_the_text(self, tmp_path: Path) -> None:
        table = (
            "<table><tr><td>索 引 号：</td><td>000014349/2021-00001</td><td>发布机构：</td><td>云溪市人民政府</td></tr>"
            "<tr><td>发文字号：</td><td>云政发〔2021〕3号</td><td>成文日期：</td><td>2021年12月30日</td></tr></table>"
        )
        front = plan_of(page(table + paragraphs(["云溪市湿地保护规划", *WHOLE])), tmp_path).front_matter
        assert (front.index_number, front.signed_on) == ("000014349/2021-00001", "2021-12-30")
        assert front.document_number is not None
        assert (front.document_number.raw, front.issuer) == ("云政发〔2021〕3号", "云溪市人民政府")

    def test_under_the_text(self, tmp_path: Path) -> None:
        under = ["发文字号：云发改〔2021〕18号", "发文机关：云溪市发展改革委 云溪市林业局", "成文日期：2021年01月06日"]
        plan = plan_of(page(paragraphs(["云溪市湿地保护规划", *WHOLE, *under])), tmp_path)
        assert [n.text for n in plan.back_matter.content if isinstance(n, Paragraph)] == under
        assert plan.front_matter.document_number is not None
        assert plan.front_matter.signed_on == "2021-01-06"
        issuers = plan.front_matter.issuers
        assert [plan.text[a.span.start : a.span.end] for a in issuers] == ["云溪市发展改革委", "云溪市林业局"]


class TestAttachments:
    def test_the_address_of_an_attachment_that_the_text_names(self, tmp_path: Path) -> None:
        body = (
            "<h1>云溪市人民政府关于印发云溪市湿地保护规划的通知</h1>"
            "<p>各区人民政府：</p><p>现将《云溪市湿地保护规划》印发给你们，请认真贯彻执行。</p>"
            '<p>附件：1.<a href="./P1.docx">云溪市湿地保护规划</a></p><p>2.<a href="./P2.xlsx">云溪市湿地名录.xlsx</a></p>'
            "<p>云溪市人民政府</p><p>2021年12月30日</p>"
        )
        found = [(a.title, a.href) for a in plan_of(page(body), tmp_path).front_matter.attachments]
        assert found == [("云溪市湿地保护规划", "./P1.docx"), ("云溪市湿地名录", "./P2.xlsx")]

    def test_an_attachment_that_only_a_link_names(self, tmp_path: Path) -> None:
        body = paragraphs(["云溪市湿地保护规划", *WHOLE]) + '<p><a href="/a/b.pdf">附件：云溪市湿地名录.pdf</a></p>'
        plan = plan_of(page(body), tmp_path)
        assert [(a.title, a.href, a.included) for a in plan.front_matter.attachments] == [("云溪市湿地名录", "/a/b.pdf", False)]
        span = plan.front_matter.spans["attachments"][0]
        assert plan.text[span.start : span.end] == "云溪市湿地名录"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "gb2312", "big5", "utf-16"])
def test_encodings(encoding: str, tmp_path: Path) -> None:
    lines = ["一、目的", "保存本市文化古跡，永久使用。", "二、方法", "由本市公所主持，年年查核。"]
    words = [line.replace("古跡", "古寺") for line in lines]
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}">'
    plan = plan_of(page(paragraphs(words), head).encode(encoding, "xmlcharrefreplace"), tmp_path)
    assert plan.text.split("\n")[-4:] == words


def test_span_soup_breaks_and_indents(tmp_path: Path) -> None:
    """One paragraph in thirty spans; paragraphs parted by br and full-width indents; all in a layout table."""
    soup = "".join(f'<span style="font-size:16pt"><font face="仿宋">{c}</font></span>' for c in WHOLE[1])
    breaks = "<br>".join(["　　" + line for line in WHOLE[3:6]])
    cell = f"<p>{WHOLE[0]}</p><p>　　{soup}</p><div>{breaks}</div>"
    plan = plan_of(page(f'<table width="900"><tr><td><div>{cell}</div></td></tr></table>'), tmp_path)
    assert plan.text.split("\n") == [WHOLE[0], WHOLE[1], *WHOLE[3:6]]
    assert [s.number for s in plan.body if isinstance(s, Section)] == ["一、", "二、"]


def test_markdown_marks_are_put_aside(tmp_path: Path) -> None:
    marked = f"# 云溪市湿地保护规划\n\n## 一、总体要求\n\n**{WHOLE[1]}**\n\n> {WHOLE[2]}\n\n## 二、主要任务\n\n* {WHOLE[4]}\n"
    plan = plan_of(marked, tmp_path, "plan.md")
    assert plan.text.split("\n") == ["云溪市湿地保护规划", "一、总体要求", WHOLE[1], WHOLE[2], "二、主要任务", WHOLE[4]]
    assert {d.reason for d in plan.discarded} == {"markup"}
