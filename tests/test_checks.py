"""Every diagnostic on a document that has the fault and on one that has not; and the page that lists them."""

import os
from pathlib import Path

import pytest

import planparse
from planparse.checks import CODES, diagnostics_page
from planparse.document import Document, Origin, count_characters
from planparse.document_builder import DocumentBuilder
from planparse.grammar import load_grammar
from planparse.models import Plan
from planparse.pipeline import document_to_plan
from tests.plans import SAMPLES, corpus, lines_to_document, needs_corpus

PAGE = Path(__file__).parent.parent / "docs" / "diagnostics.md"
FRAME = "云溪市“十四五”水网建设规划\n\n一、总体要求\n全面加强水网建设，提升供水保障能力。\n\n{example}\n"
WHOLE = {
    "attachment.absent", "attachment.unnamed", "contents.no-match", "contents.no-section", "contents.unlisted", "date.order",
    "document.no-plan", "document.no-sections", "front.contradiction", "title.none", "title.not-printed",
}  # fmt: skip
"""Codes whose example is a whole document, or the head of one, and not a part of a body."""
HEADED = {"contents.no-section", "contents.unlisted", "contents.no-match", "attachment.unnamed", "attachment.absent"}
WITHOUT_TEXT = {
    "balance.lost", "balance.surplus", "balance.tree", "correction.not-applied", "document.part-unread", "font.read", "font.unread", "front.region-from-manifest",
    "ocr.area", "ocr.doubtful", "ocr.doubtful-picture", "ocr.page", "ocr.picture", "ocr.unread", "pages.without-text",
    "picture.absent", "picture.too-large", "picture.unread", "picture.unreadable", "text.repaired",
}  # fmt: skip
BODY = "一、总体要求\n提升能力。\n\n二、主要任务\n建设水厂。\n\n三、保障措施\n加强领导。\n"


def as_document(code: str, example: str) -> str:
    """The example as a whole plan."""
    if code not in WHOLE:
        return FRAME.format(example=example)
    if code not in HEADED:
        return example
    head = "云溪市“十四五”水网建设规划\n\n"
    if code in ("contents.no-section", "contents.unlisted"):
        return head + example
    if code == "contents.no-match":
        return head + example + BODY
    first, _, rest = example.partition("\n\n")
    return (
        "云政发〔2022〕9号\n云溪市人民政府关于印发水网建设规划的通知\n各县（区）人民政府，市政府各部门：\n现将规划印发给你们，请认真组织实施。\n"
        f"{first}\n云溪市人民政府\n2022年5月16日\n\n{head}{BODY}\n{rest}"
    )


def read(text: str, folder: Path) -> Plan:
    path = folder / "plan.txt"
    path.write_text(text, encoding="utf-8")
    return planparse.parse(path)


def codes(plan: Plan) -> set[str]:
    return {d.code for d in plan.diagnostics}


@pytest.mark.parametrize("code", sorted(set(CODES) - WITHOUT_TEXT))
def test_example_has_its_diagnostic(code: str, tmp_path: Path) -> None:
    plan = read(as_document(code, CODES[code].example), tmp_path)
    found = [d for d in plan.diagnostics if d.code == code]
    assert found, f"{code} is not among {sorted(codes(plan))}"
    assert all(d.severity == CODES[code].severity for d in found)
    assert all(d.message == CODES[code].template.format(**d.values) for d in found)
    assert all(d.span is None or 0 <= d.span.start < d.span.end <= len(plan.text) for d in found)


def test_only_texts_without_example_have_none() -> None:
    assert {name for name, code in CODES.items() if not code.example} == WITHOUT_TEXT
    assert list(CODES) == sorted(CODES)


CURES = {
    "agency.former-name": ("市环保局", "市生态环境局"),
    "agency.separator-lost": ("市水务局市财政局", "市水务局、市财政局"),
    "agency.unknown": ("青石帮", "市财政局"),
    "attachment.absent": (
        "附件：1.云溪市水网建设任务分工表",
        "附件：1.云溪市水网建设任务分工表\n\n附件1\n云溪市水网建设任务分工表\n建设水厂。",
    ),
    "attachment.unnamed": ("\n\n附件2\n云溪市水网建设指标解释\n供水能力指日供水量。", ""),
    "box.number-skipped": ("专栏3", "专栏2"),
    "contents.no-match": (
        "一、现实基础……1\n二、发展思路……2\n三、重点方向……4\n四、组织实施……8",
        "一、总体要求……1\n二、主要任务……2\n三、保障措施……4",
    ),
    "contents.no-section": ("三、保障措施……5", "三、组织保障……5"),
    "contents.unlisted": ("三、保障措施……5\n", "三、保障措施……5\n四、附则……6\n"),
    "count.differs": ("四大", "三大"),
    "date.impossible": ("2月30日", "2月28日"),
    "date.order": ("3月18日", "5月18日"),
    "document.no-plan": ("关于市政协第12号提案的答复", "“十四五”水务发展规划"),
    "document.no-sections": ("水厂已经建成。\n", "云溪市水网建设规划\n一、建设水厂\n水厂已经建成。\n二、改造管网\n"),
    "figure.over-100": ("198%", "98%"),
    "figure.part-exceeds-whole": ("智慧水厂20座", "智慧水厂2座"),
    "figure.parts-sum": ("1778人", "1773人"),
    "figure.range-reversed": ("12—8座", "8—12座"),
    "front.contradiction": ("十三五", "十四五"),
    "indicator.no-target": ("——", "500"),
    "indicator.none": ("主要指标", "主要事项"),
    "indicator.row-missing": ("\n3\t管网长度\t公里\t310\t500\t预期性\n4", "\n2\t管网长度\t公里\t310\t500\t预期性\n3"),
    "indicator.sum": ("乡镇水厂\t座\t6\t15", "乡镇水厂\t座\t6\t5"),
    "indicator.target-worse": ("\t59\t", "\t99\t"),
    "indicator.text-differs": ("96%", "99%"),
    "numbering.doubled": (
        "（二）改造管网\n改造老旧管网。\n（三）加强运维",
        "（三）改造管网\n改造老旧管网。\n（四）加强运维",
    ),
    "numbering.implied": ("建设水库。新建", "1.建设水库。新建"),
    "numbering.late-start": (
        "（三）建设水厂\n新建水厂。\n（四）改造管网\n改造老旧管网。\n（五）",
        "（一）建设水厂\n新建水厂。\n（二）改造管网\n改造老旧管网。\n（三）",
    ),
    "numbering.missing": ("（四）改造管网\n改造老旧管网。\n（五）", "（三）改造管网\n改造老旧管网。\n（四）"),
    "numbering.order": ("（二）节约用水\n推广节水器具。\n（三）", "（五）节约用水\n推广节水器具。\n（六）"),
    "paragraph.break-lost": ("差距。坚持改革", "差距。\n坚持改革"),
    "paragraph.cut": ("同步改造，\n", "同步改造。\n"),
    "responsibility.no-agency": ("责任单位：", "责任单位：市水务局"),
    "responsibility.none": ("责任单位：以另行公布的名单为准，并随机构改革及时调整完善", "责任单位：市水务局"),
    "section.empty": ("（二）建设水厂\n", "（二）建设水厂\n新建水厂。\n"),
    "table.sum": ("合计\t9", "合计\t6"),
    "task.no-agency": ("——\t——", "市住房城乡建设局\t——"),
    "text.misconverted": ("and", "和"),
    "title.none": ("一、建设水厂", "云溪市水网建设规划\n\n一、建设水厂"),
    "title.not-printed": ("一、总体要求", "云溪市“十四五”水网建设规划\n\n一、总体要求"),
}


@pytest.mark.parametrize("code", sorted(set(CODES) - WITHOUT_TEXT))
def test_cured_example_has_it_not(code: str, tmp_path: Path) -> None:
    wrong, right = CURES[code]
    example = CODES[code].example
    assert wrong in example
    plan = read(as_document(code, example.replace(wrong, right, 1)), tmp_path)
    assert code not in codes(plan), [d.message for d in plan.diagnostics if d.code == code]


def test_page_is_current() -> None:
    made = diagnostics_page()
    if os.environ.get("PLANPARSE_UPDATE"):
        PAGE.write_text(made, encoding="utf-8")
        pytest.fail("docs/diagnostics.md is written anew; read the difference and run again")
    assert PAGE.read_text(encoding="utf-8") == made, "PLANPARSE_UPDATE=1 pytest tests/test_checks.py -k page writes it anew"


@pytest.mark.parametrize("name", ["jichuan", "qinglan", "qixiawan", "shilan", "tinglan", "xiapuling"])
def test_clean_samples_have_no_doubts(name: str) -> None:
    assert planparse.parse(SAMPLES / name / f"{name}.txt").diagnostics == []


def test_flags_touch_the_facts_they_stand_in(tmp_path: Path) -> None:
    plan = read(FRAME.format(example=CODES["indicator.no-target"].example), tmp_path)
    assert [i.flags for i in plan.indicators] == [[], ["indicator.no-target"], []]


def table_of_indicators(*rows: str) -> str:
    return FRAME.format(example="二、发展目标\n水网建设主要指标\n序号\t指标\t单位\t2020年\t2025年\t属性\n" + "\n".join(rows))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(
            table_of_indicators("1\t供水能力\t万吨\t12\t20\t预期性", "2\t管网漏损率\t%\t9\t12\t预期性", "3\t泵站\t座\t1\t2\t预期性"),
            "indicator.target-worse", id="a rate that should fall",
        ),
        pytest.param(
            table_of_indicators("1\t水厂\t座\t12\t20\t预期性", "\t其中：乡镇水厂\t座\t6\t30\t预期性", "2\t泵站\t座\t1\t2\t预期性"),
            "figure.part-exceeds-whole", id="a sub-row above its row",
        ),
        pytest.param(
            table_of_indicators("1\t自来水普及率\t%\t95\t199\t约束性", "2\t泵站\t座\t1\t2\t预期性", "3\t水厂\t座\t1\t2\t预期性"),
            "figure.over-100", id="a share in a table",
        ),
        pytest.param(FRAME.format(example="二、工程安排\n共设置3类12项主要指标。\n") + table_of_indicators(
            "1\t供水能力\t万吨\t12\t20\t预期性", "2\t泵站\t座\t1\t2\t预期性", "3\t水厂\t座\t1\t2\t预期性"
        ).split("\n\n", 2)[2].replace("二、", "三、"), "count.differs", id="a count of indicators"),
        pytest.param(
            FRAME.format(example="二、主要任务\n专栏1　水网重点工程（3项）\n1.引水工程。建设引水隧洞。\n2.蓄水工程。建设水库。"),
            "count.differs", id="a count in a caption",
        ),
        pytest.param(FRAME.format(example="二、主要任务\n建设水厂。\n本规划自2022年13月1日起施行。"), "date.impossible", id="a thirteenth month"),
        pytest.param(FRAME.format(example="二、主要任务\n建设水厂。\n（牵头单位：；配合单位：）"), "responsibility.no-agency", id="two empty roles"),
    ],
)  # fmt: skip
def test_other_forms(text: str, code: str, tmp_path: Path) -> None:
    assert code in codes(read(text, tmp_path))


@pytest.mark.parametrize(
    ("example", "code"),
    [
        pytest.param("二、任务\n（一）水库\n建水库。\n（二）水厂\n建水厂。\n\n三、保障\n（三）资金\n多方筹措。\n（四）人才\n加强培训。",
                     "numbering.late-start", id="a series that runs on"),
        pytest.param("二、任务\n（一）建设水网。新建水厂12座，其中管网改造200公里。\n（二）改造管网。分步实施。",
                     "figure.part-exceeds-whole", id="parts of another unit"),
        pytest.param("二、任务\n（一）建设水网。到2025年，供水量比2020年增长120%。\n（二）改造管网。分步实施。", "figure.over-100", id="growth"),
        pytest.param("二、实施四大工程\n（一）引水工程\n建设隧洞。", "count.differs", id="too little was read to tell"),
        pytest.param("二、安排\n表1　水厂安排\n县区\t水厂（座）\t普及率（%）\n青岚县\t2\t95\n石澜县\t3\t96\n合计\t5\t95", "table.sum", id="shares"),
    ],
)  # fmt: skip
def test_no_noise(example: str, code: str, tmp_path: Path) -> None:
    assert code not in codes(read(FRAME.format(example=example), tmp_path))


@needs_corpus
def test_real_plans_are_not_drowned() -> None:
    """Ten doubts at most in a plan of 15,000 characters; each was read and found true when this was written."""
    for path in sorted(corpus("plans").glob("*.txt")):
        plan = planparse.parse(path)
        loud = [d for d in plan.diagnostics if d.severity != "info"]
        assert len(loud) <= 10, f"{path.name}: {[d.message for d in loud]}"


TITLE = "云溪市“十四五”水网建设规划"


def of_document(document: Document) -> list[tuple[str, str]]:
    return [(d.code, d.message) for d in document_to_plan(document, load_grammar()).diagnostics]


def test_paragraph_that_begins_late() -> None:
    document = lines_to_document(TITLE, "一、总体要求", "提升能力。", "二、主要任务", "建设水厂。", "，并改造管网。")
    assert "paragraph.cut" in dict(of_document(document))


def test_group_of_a_box_with_a_count() -> None:
    document = lines_to_document(
        TITLE, "一、总体要求", "提升能力。", "二、主要任务", "专栏1　水网重点工程", "一、水源工程（3项）", "1.引水工程。建设隧洞。", "2.蓄水工程。建设水库。",
        "二、供水工程（1项）", "1.水厂工程。扩建水厂。",
    )  # fmt: skip
    assert [m for c, m in of_document(document) if c == "count.differs"] == ["3 are announced and 2 entries are there"]


@pytest.mark.parametrize(("said", "doubts"), [("2大类4个小类", 0), ("2大类5个小类", 1)])
def test_catalogue_with_classes(said: str, doubts: int) -> None:
    builder = DocumentBuilder()
    for line in (TITLE, "一、总体要求", "提升能力。", "二、服务清单", f"服务清单共{said}。"):
        builder.paragraph(line)
    builder.grid(
        [
            [("大类", 0, 1, 1), ("小类", 1, 1, 1), ("说明", 2, 1, 1)],
            [("供水", 0, 2, 1), ("水厂供水", 1, 1, 1), ("覆盖城区", 2, 1, 1)],
            [("泵站供水", 1, 1, 1), ("覆盖乡镇", 2, 1, 1)],
            [("排水", 0, 2, 1), ("雨水排放", 1, 1, 1), ("覆盖城区", 2, 1, 1)],
            [("污水处理", 1, 1, 1), ("覆盖乡镇", 2, 1, 1)],
        ]
    )
    document = builder.build(Origin("t.txt", "text", "0" * 64, 1, "text"), source_count=count_characters(""))
    assert sum(c == "count.differs" for c, _ in of_document(document)) == doubts


def test_what_the_document_itself_tells() -> None:
    builder = DocumentBuilder()
    for line in (TITLE, "一、总体要求", "提升能力。"):
        builder.paragraph(line)
    document = builder.build(
        Origin("t.pdf", "pdf", "0" * 64, 1, "pdf"),
        source_count=count_characters(""),
        repaired=3,
        metadata={"pages_without_text": "2, 3"},
    )
    found = dict(of_document(document))
    assert found["text.repaired"].startswith("3 code points")
    assert "2, 3" in found["pages.without-text"]
