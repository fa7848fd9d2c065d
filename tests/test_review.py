"""The review page without a browser: the text whole and in order, everything escaped, the catalogues, the files."""

import hashlib
import json
import re
from base64 import b64decode, b64encode
from html import unescape
from html.parser import HTMLParser
from importlib.util import module_from_spec, spec_from_file_location
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from typer.testing import CliRunner

from planparse import load_grammar, parse
from planparse.checks import CODES
from planparse.cli import app
from planparse.corrections import REASONS, apply_corrections
from planparse.errors import WrongUsage
from planparse.models import (
    AppliedCorrection,
    Change,
    Corrections,
    Diagnostic,
    Figure,
    Plan,
    Quantity,
    Span,
    TableCell,
)
from planparse.output.json_yaml import write_plan
from planparse.output.language import ENGLISH, choose_language, message_of, words_of
from planparse.output.review import plan_to_page
from planparse.output.review import source_text as source_module
from planparse.output.review.escape import data, shown
from planparse.output.review.fields import model_to_fields
from planparse.output.review.index import entries_to_page, plan_to_entry
from planparse.output.review.items import KINDS, plan_to_items
from planparse.output.review.pictures import pdf_to_pictures
from planparse.output.review.source_text import plan_to_source_html
from planparse.pipeline import document_to_plan
from tests.plans import SAMPLES, lines_to_document

ROOT = Path(__file__).parent.parent
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg/onload=alert(3)>&lt;</script><!--"


class Reader(HTMLParser):
    """The words of a page as a browser shows them, its tags with their attributes, and its data blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.blocks: list[str] = []
        self._raw = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._raw = tag if tag in ("script", "style") else ""
        if self._raw:
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        self._raw = ""

    def handle_data(self, data: str) -> None:
        if self._raw:
            self.blocks[-1] += data
        else:
            self.said.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader


def squeeze(text: str) -> str:
    return "".join(text.split())


def sample(name: str, suffix: str = "txt") -> Plan:
    return parse(SAMPLES / name / f"{name}.{suffix}")


def lines(*said: str) -> Plan:
    return document_to_plan(lines_to_document(*said), load_grammar())


@pytest.mark.parametrize("suffix", ["txt", "docx", "pdf", "html"])
@pytest.mark.parametrize("name", ["yunxi", "jichuan"])
def test_the_source_stands_there_once_and_in_order(name: str, suffix: str) -> None:
    plan = sample(name, suffix)
    html = re.sub(r"<div class=page>.*?</div>", "", plan_to_source_html(plan, plan_to_items(plan), ENGLISH))
    assert squeeze("".join(read(html).said)) == squeeze(plan.text)


@pytest.mark.parametrize("name", ["yunxi", "jichuan"])
def test_each_item_has_both_sides(name: str) -> None:
    plan = sample(name, "docx")
    page = read(plan_to_page(plan, language="zh", name="云溪"))
    marked = {int(n) for _, a in page.tags for n in (a.get("data-m") or "").split()}
    listed = {int(a["data-i"] or -1) for _, a in page.tags if "data-i" in a}
    items = plan_to_items(plan)
    assert {i.kind for i in items} <= {*KINDS}
    assert listed == {i.number for i in items}
    assert {i.number for i in items if i.start >= 0 and i.end > i.start} == marked
    for fact in (*plan.indicators, *plan.commitments, *plan.responsibilities, *plan.projects):
        assert any(i.what is fact for i in items)


def test_a_page_asks_for_nothing_and_names_its_script_and_style() -> None:
    text = plan_to_page(sample("yunxi"), language="en")
    page = read(text)
    policy = next(a["content"] or "" for t, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    assert "unsafe" not in policy

    def digest(block: str) -> str:
        return f"'sha256-{b64encode(hashlib.sha256(block.encode()).digest()).decode()}'"

    assert rules["style-src"] == digest(page.blocks[0])
    assert rules["script-src"] == digest(page.blocks[-1])
    for tag, attributes in page.tags:
        assert not {"style", "src", "action"} & attributes.keys(), tag
        assert not any(name.startswith("on") for name in attributes), tag
        assert (attributes.get("href") or "#").startswith(("#", "data:,"))
    assert not re.search(r"https?://", text)
    assert plan_to_page(sample("yunxi"), language="en") == text


def hostile() -> Plan:
    """A plan whose every string is an attack, ids and names of files too."""
    plan = sample("yunxi", "docx")
    text = plan.model_dump_json().replace('"text":"', f'"text":{json.dumps(EVIL)[:-1]}')
    told = json.loads(text)

    def poison(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {k: poison(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [poison(v, key) for v in value]
        free = ("id", "name", "title", "label", "raw", "number", "heading", "caption", "message", "unit", "group", "flags")
        return EVIL + value if isinstance(value, str) and key in free and value else value

    told = {k: poison(v, k) if k not in ("id", "diagnostics") else v for k, v in told.items()}
    for said in told["diagnostics"]:
        said["message"] = said["values"]["title"] = said["values"]["name"] = EVIL
    told["diagnostics"].append({"code": "un.known", "severity": "error", "values": {}, "message": EVIL, "span": None})
    told["discarded"] = [{"text": EVIL * 9, "reason": EVIL, "page": None, "line": None}]
    told["corrections"] = [{"kind": "tasks", "fact": EVIL, "span": None, "field": EVIL, "old": [EVIL], "new": None}]
    return Plan.model_validate_json(json.dumps(told))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_is_escaped(language: Any) -> None:
    plan = hostile()
    page = read(plan_to_page(plan, language=language, name=EVIL))
    plain = read(plan_to_page(sample("yunxi", "docx"), language=language))
    kinds = {tag for tag, _ in page.tags}
    assert kinds <= {tag for tag, _ in plain.tags} | {"details", "del", "ins"}
    assert len(page.blocks) == len(plain.blocks) == 4
    assert page.blocks[-1] == plain.blocks[-1]
    about = json.loads(page.blocks[1])
    assert about["name"] == EVIL
    assert "".join(page.said).count("<script>alert(1)</script>") > 50
    index = read(entries_to_page([plan_to_entry(plan, f"{EVIL}.review.html")], language=language))
    assert {tag for tag, _ in index.tags} <= kinds | {"ul", "a"}
    link = next(a["href"] or "" for t, a in index.tags if t == "a")
    assert "<" not in link
    assert ":" not in link


def test_control_characters_are_shown_and_not_obeyed() -> None:
    assert shown("a\x00b\x1bc\u202ed\ud800<\u2028>") == "a␀b␛cd\ufffd&lt;<br>&gt;"
    block = data({"a": "</script>&\u2028\ud800"}, "x")
    assert re.fullmatch(r'<script type="application/json" id="x">[^<>&\u2028]*</script>', block)
    assert json.loads(block[len('<script type="application/json" id="x">') : -9]) == {"a": "</script>&\u2028\ud800"}
    block.encode()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.text(alphabet="一二、（）章第1.专栏\t<>&\"'和2025年建成30座：牵头市局", max_size=40), max_size=12))
def test_any_text_makes_a_page(said: list[str]) -> None:
    plan = lines(*said)
    html = plan_to_source_html(plan, plan_to_items(plan), ENGLISH)
    assert squeeze("".join(read(html).said)) == squeeze(plan.text)
    plan_to_page(plan, language="zh").encode()


def test_marks_that_overlap_reach_far_or_lie_outside() -> None:
    plan = lines("云溪市水网建设规划", "一、总体要求", "甲" * 4000, "二、主要任务", "建设水厂。")

    def said(start: int, end: int) -> Diagnostic:
        return Diagnostic(code="a.b", severity="info", message="m", span=Span(start=start, end=end))

    nested = [said(20 + n, 4100 - n) for n in range(400)]
    odd = [said(9000, 9001), said(30, 30), said(40, 35), said(0, 10**6)]
    made = plan.model_copy(update={"diagnostics": [*nested, *odd]})
    html = plan_to_source_html(made, plan_to_items(made), ENGLISH)
    assert squeeze("".join(read(html).said)) == squeeze(plan.text)
    assert max(len(names.split()) for names in re.findall(r'data-m="([^"]+)"', html)) <= source_module.DEEPEST


def test_a_table_whose_cells_do_not_tile_is_shown_as_lines() -> None:
    plan = sample("yunxi")
    text = plan.model_dump_json()
    told = json.loads(text)

    def broken(value: Any) -> Any:
        if isinstance(value, dict):
            if value.get("type") == "table":
                value["rows"][1][0]["span"] = {"start": 0, "end": 2, "page": None, "line": None}
            return {k: broken(v) for k, v in value.items()}
        return [broken(v) for v in value] if isinstance(value, list) else value

    made = Plan.model_validate_json(json.dumps(broken(told)))
    html = plan_to_source_html(made, plan_to_items(made), ENGLISH)
    assert "<table>" not in html
    assert "<table>" in plan_to_source_html(plan, plan_to_items(plan), ENGLISH)
    assert squeeze("".join(read(html).said)) == squeeze(plan.text)


def test_merged_cells_figures_and_facts_without_values() -> None:
    plan = sample("yunxi", "docx")
    rows = plan.indicators
    figure = Figure(caption="图1", span=Span(start=0, end=1))
    cell = TableCell(text="云政", row=0, column=0, rows=2, columns=3, span=Span(start=0, end=2))
    made = plan.model_copy(
        update={
            "indicators": [rows[0].model_copy(update={"flags": ["corrected", "un.known"], "values": []}), *rows[1:]],
            "body": [figure, *plan.body],
            "corrections": [AppliedCorrection(kind="indicators", field="unit", old=None, new=1)],
            "commitments": [
                plan.commitments[0].model_copy(
                    update={
                        "kind": "incentive",
                        "quantity": Quantity(raw="2—3万", comparator="range", value=2, upper=3),  # type: ignore[arg-type]
                    }
                )
            ],
        }
    )
    page = plan_to_page(made, language="zh")
    assert "奖励承诺" in page
    assert 'title="已更正"' in page
    assert "2–3" in page
    assert source_module._tiles("云政", [cell], [])


def test_pages_are_marked_with_and_without_pictures() -> None:
    plan = sample("yunxi", "pdf")
    marks = re.findall(r"第 (\d+) 页", plan_to_page(plan, language="zh"))
    assert marks == [str(n + 1) for n in range(7)]
    page = plan_to_page(plan, language="zh", pictures=["data:image/jpeg;base64,AA"] * 9)
    assert re.findall(r"data-page=(\d+)", page) == [str(n + 1) for n in range(9)]


def test_fields_to_correct() -> None:
    plan = sample("yunxi", "docx")
    fields = {f.path: f for f in model_to_fields(plan.indicators[1])}
    assert fields["nature"].options == ("binding", "anticipatory")
    assert fields["values.1.quantities.0.value"].value == 1800
    assert fields["values.1.year"].kind == "whole"
    assert fields["name"].needed
    assert not fields["unit"].needed
    assert not {p for p in fields if p.split(".")[-1] in ("raw", "span", "id", "rule", "flags")}
    front = {f.path: f for f in model_to_fields(plan.front_matter)}
    assert front["addressees"].kind == "list"
    assert front["issuers"].value == ["云溪市人民政府"]


def test_every_field_that_the_page_offers_can_be_applied() -> None:
    plan = sample("yunxi", "docx")
    other = {"text": "新值", "number": 7, "whole": 2033, "list": ["甲"]}
    for kind in ("indicators", "tasks", "commitments", "citations"):
        fact = getattr(plan, kind)[0]
        for f in model_to_fields(fact):
            new = next((o for o in f.options if o != f.value), other.get(f.kind, f.value))
            new = not f.value if f.kind == "flag" else new
            if f.path == "deadline.date":
                continue
            one = Change(kind=kind, span=fact.span, field=f.path, old=f.value, new=new, nth=0)  # type: ignore[arg-type]
            made = apply_corrections(plan, Corrections(sha256=plan.source.sha256, changes=[one]))
            assert made.diagnostics == plan.diagnostics, f
            assert new == f.value or made.corrections, f


def test_the_language_is_asked_for_or_the_locale_s() -> None:
    assert choose_language("zh", environ={}) == "zh"
    assert choose_language("en", environ={"LANG": "zh_CN.UTF-8"}) == "en"
    assert choose_language(environ={"LANG": "zh_CN.UTF-8"}) == "zh"
    assert choose_language(environ={"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}) == "en"
    assert choose_language(environ={}) == "en"
    with pytest.raises(WrongUsage, match="zh or en"):
        choose_language("fr")


def test_the_catalogue_is_current_and_knows_every_diagnostic() -> None:
    spec = spec_from_file_location("catalogue", ROOT / "docs" / "catalogue.py")
    assert spec
    assert spec.loader
    tool = module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.sync(tool.LOCALE, check=True) == [], "run python docs/catalogue.py"
    words = words_of("zh")
    for code, about in CODES.items():
        said = words.pgettext(code, about.template)
        assert said != about.template, f"{code} has no Chinese in planparse.po, or its template changed"
        assert set(re.findall(r"{(\w+)}", said)) <= set(re.findall(r"{(\w+)}", about.template)), code
    for reason in REASONS:
        assert words.pgettext("value", reason) != reason
    for kind in KINDS:
        assert words.pgettext("kind", kind) != ENGLISH.pgettext("kind", kind)
    with pytest.raises(ValueError, match="twice"):
        tool.po_to_entries('msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n')


def test_the_catalogue_is_written_only_when_asked(tmp_path: Path) -> None:
    spec = spec_from_file_location("catalogue", ROOT / "docs" / "catalogue.py")
    assert spec
    assert spec.loader
    tool = module_from_spec(spec)
    spec.loader.exec_module(tool)
    (tmp_path / "a.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgctxt "c"\nmsgid "a"\n"b"\nmsgstr "甲"',
        encoding="utf-8",
    )
    assert tool.sync(tmp_path, check=True)
    assert not (tmp_path / "a.mo").exists()
    assert tool.sync(tmp_path, check=False)
    assert not tool.sync(tmp_path, check=True)
    import gettext

    made = gettext.GNUTranslations(BytesIO((tmp_path / "a.mo").read_bytes()))
    assert made.pgettext("c", "ab") == "甲"


def test_diagnostics_in_both_languages() -> None:
    said = Diagnostic(code="title.none", severity="warning", message="no title was found")
    assert message_of(said, words_of("zh")) == "没有找到标题"
    assert message_of(said, ENGLISH) == "no title was found"
    for odd in (
        Diagnostic(code="un.known", severity="info", message="m"),
        Diagnostic(code="agency.unknown", severity="info", message="m"),
    ):
        assert message_of(odd, words_of("zh")) == "m"


def test_pictures_of_a_pdf(tmp_path: Path) -> None:
    path = SAMPLES / "yunxi" / "yunxi.pdf"
    made = pdf_to_pictures(path, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(made) == 7
    with Image.open(BytesIO(b64decode(made[0].partition(",")[2]))) as image:
        assert image.format == "JPEG"
        assert image.width >= 990
    assert pdf_to_pictures(path, sha256="0" * 64) == []
    assert pdf_to_pictures(tmp_path / "none.pdf", sha256="0" * 64) == []
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.7\nnothing")
    assert pdf_to_pictures(bad, sha256=hashlib.sha256(bad.read_bytes()).hexdigest()) == []


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["review", *map(str, arguments)])


def test_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = run(SAMPLES / "yunxi" / "yunxi.txt", "--lang", "zh")
    assert made.exit_code == 0, made.output
    assert made.output.strip() == "yunxi.review.html"
    assert "残疾人" in Path("yunxi.review.html").read_text(encoding="utf-8")
    assert run("none.txt").exit_code
    assert run(SAMPLES / "yunxi" / "yunxi.txt", "--lang", "fr").exit_code


def test_a_folder_of_plans_with_pictures(tmp_path: Path) -> None:
    source = tmp_path / "data" / "deep"
    write_plan(sample("yunxi", "pdf"), source, "云 溪", formats=["json"])
    (source / "yunxi.pdf").write_bytes((SAMPLES / "yunxi" / "yunxi.pdf").read_bytes())
    write_plan(sample("jichuan"), tmp_path / "data", "jichuan", formats=["json"])
    (tmp_path / "data" / "bad.json").write_text("{}", encoding="utf-8")
    made = run(tmp_path / "data", "--out", tmp_path / "out", "--lang", "en", "--pages")
    assert made.exit_code == 1
    assert "bad.json: is not a plan" in made.output
    page = (tmp_path / "out" / "deep" / "云 溪.review.html").read_text(encoding="utf-8")
    assert "data:image/jpeg" in page
    (source / "yunxi.pdf").unlink()
    made = run(source, "--out", tmp_path / "without", "--pages")
    assert made.exit_code == 0
    assert "no pictures of its pages; put yunxi.pdf, as it was read, beside it" in made.output
    index = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "deep/%E4%BA%91%20%E6%BA%AA.review.html" in index
    assert "霁川市“十四五”生态环境保护规划" in unescape(index)


def test_a_folder_of_sources_and_one_of_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    assert run("in").exit_code
    (tmp_path / "in" / "a.txt").write_text("云溪市水网建设规划\n\n一、总体要求\n\n提升能力。\n", encoding="utf-8")
    (tmp_path / "in" / "other.json").write_text("{}", encoding="utf-8")
    made = run("in")
    assert made.exit_code == 0, made.output
    assert sorted(p.name for p in (tmp_path / "review").iterdir()) == ["a.review.html", "index.html"]


def test_a_large_index_holds_headings_and_facts_only(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = plan_to_entry(sample("yunxi"), "a.html")
    assert 0 < len(entry.heads) < len(entry.lines)
    whole = entries_to_page([entry])
    monkeypatch.setattr("planparse.output.review.index.MOST_WORDS", 10)
    assert len(entries_to_page([entry])) < len(whole)


def test_what_was_corrected_is_shown_with_what_stood_there() -> None:
    plan = sample("yunxi")
    row = plan.indicators[1]
    changes = [
        Change(kind="indicators", span=row.span, field="values.1.quantities.0.value", old=1800, new=1900.5),
        Change(kind="indicators", span=row.span, field="nature", old="anticipatory", new="binding"),
    ]
    made = apply_corrections(plan, Corrections(sha256=plan.source.sha256, changes=changes))
    assert [c.new for c in made.corrections] == [1900.5, "binding"]
    page = plan_to_page(made, language="zh")
    line = page[page.index("城镇新增残疾人就业人数</b>") :]
    assert "〔1800〕</span> <ins>1900.5 人</ins>" in line[: line.index("</tr>")]
    assert 'title="已更正"' in line[: line.index("</tr>")]
    panel = page[page.index("<div role=tabpanel id=corrections") :]
    assert "<del>预期性</del></td><td><ins>约束性</ins>" in panel
    assert "城镇新增残疾人就业人数" in panel[: panel.index("</table>")]
