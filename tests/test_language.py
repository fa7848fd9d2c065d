"""Chinese and English: every word that the program says has its entry, and `--lang zh` leaves none untranslated."""

import ast
import gettext
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from planparse.checks import CODES
from planparse.cli import app
from planparse.errors import WrongUsage
from planparse.models import Plan
from planparse.output import language
from planparse.output.language import ENGLISH, choose_language, word_of, words_of
from tests.plans import SAMPLES
from tests.test_docs import load

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "planparse"
OURS = re.compile(r"[a-z][a-z_ -]*")
"""What a name of our data looks like; other values are the plan's own words."""


@pytest.fixture(scope="module")
def entries() -> dict[str, str]:
    catalogue = load(ROOT / "docs" / "catalogue.py")
    text = (SOURCE / "locale" / "zh_CN" / "LC_MESSAGES" / "planparse.po").read_text(encoding="utf-8")
    found: dict[str, str] = catalogue.po_to_entries(text)
    return found


def literals() -> Iterator[tuple[str, str]]:
    """Every string that stands as such in a call of gettext or pgettext: (place, key)."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            parts = [
                [c.value for c in ast.walk(a) if isinstance(c, ast.Constant) and isinstance(c.value, str)] for a in node.args
            ]
            place = f"{path.relative_to(ROOT)}:{node.lineno}"
            if name == "pgettext" and len(parts) == 2 and isinstance(node.args[1], ast.Constant | ast.IfExp) and parts[0]:
                yield from ((place, f"{parts[0][0]}\x04{said}") for said in parts[1])
            elif name in ("gettext", "said", "_said") and isinstance(node.args[0], ast.Constant | ast.IfExp):
                yield from ((place, said) for said in parts[0])


def test_each_word_in_the_code_has_its_entry(entries: dict[str, str]) -> None:
    found = list(literals())
    assert len(found) > 60
    assert [(place, key) for place, key in found if not entries.get(key)] == []


def test_each_diagnostic_and_each_finding_of_a_check_has_its_entry(entries: dict[str, str]) -> None:
    assert [code for code in CODES if not entries.get(f"{code}\x04{CODES[code].template}")] == []
    templates = []
    for path in sorted((SOURCE / "policy").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search(r"\{\w+\}", node.value):
                templates.append(node.value)
    keys = {key.partition("\x04")[2] for key in entries if key.startswith("check.")}
    tails = (" is {read} where {expected} was expected",)
    # A template that is a head is filled up with the tail; either way the whole sentence is an entry.
    assert [t for t in templates if t not in tails and not any(t == k or k == t + tails[0] for k in keys)] == [] != templates


class Missing(type(ENGLISH)):  # type: ignore[misc]
    """English, which a catalogue asks for what it does not have: it keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[tuple[str, str]] = set()

    def gettext(self, message: str) -> str:
        self.asked.add(("", message))
        return str(super().gettext(message))

    def pgettext(self, context: str, message: str) -> str:
        self.asked.add((context, message))
        return str(super().pgettext(context, message))


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Runs a command with --lang zh; at the end nothing may have been asked that the catalogue does not have."""
    missing, held = Missing(), words_of("zh")
    place = SOURCE / "locale" / "zh_CN" / "LC_MESSAGES" / "planparse.mo"
    catalogue = gettext.GNUTranslations(BytesIO(place.read_bytes()))
    catalogue.add_fallback(missing)
    monkeypatch.setattr(language, "words_of", lambda name: catalogue if name == "zh" else ENGLISH)
    assert held is not catalogue

    def run(*arguments: object, status: int = 0) -> str:
        made = CliRunner().invoke(app, [*map(str, arguments), "--lang", "zh"])
        assert made.exit_code == status, made.output
        return made.output

    yield run
    values = {(c, m) for c, m in missing.asked if c == "value" and not OURS.fullmatch(m)}
    assert missing.asked - values == set()


@pytest.mark.parametrize("name", sorted(p.name for p in SAMPLES.iterdir() if (p / f"{p.name}.docx").exists()))
def test_what_is_shown_of_a_plan_is_chinese(chinese: Callable[..., str], name: str) -> None:
    plan = SAMPLES / name / f"{name}.docx"
    shown = chinese("show", plan, "--facts")
    assert "指标" in shown or "责任" in shown or "承诺" in shown
    chinese("show", plan, "--by", "agency")
    assert "## 待核疑点" in chinese("brief", plan)


def test_runs_comparisons_and_checks_are_chinese(chinese: Callable[..., str], tmp_path: Path) -> None:
    one, other = (SAMPLES / name / f"{name}.txt" for name in ("yunxi", "jichuan"))
    assert "覆盖率" in chinese("ingest", one, other, "--out", tmp_path / "data", "--format", "json")
    chinese("compare", one, other)
    chinese("compare", one, other, "--facts", "commitments", "--to", "html")
    changed = tmp_path / "yunxi.txt"
    text = one.read_text(encoding="utf-8").replace("1800", "1900").replace("市残联", "市民政局").replace("健全", "完善")
    changed.write_text("\n".join(line for line in text.split("\n") if "康复服务覆盖率" not in line), encoding="utf-8")
    assert "［" not in chinese("diff", one, changed)
    chinese("diff", one, changed, "--to", "html")
    facts = tmp_path / "facts.yaml"
    facts.write_text(FACTS, encoding="utf-8")
    told = chinese("check", changed, "--against", tmp_path / "data", "--expect", facts, status=1)
    assert "不合格" in told
    assert re.findall(r"\b(?!check|yunxi)[a-z]{4,}\b(?!\.|-)", re.sub(r"\[[^]]*\]|\S*/\S*|\w+\.\w+", "", told)) == []
    assert "::error" in chinese("check", changed, "--against", tmp_path / "data", "--to", "github", status=1)
    english = CliRunner().invoke(
        app, ["check", str(changed), "--against", str(tmp_path / "data"), "--to", "json", "--lang", "zh"]
    )
    assert "缺" not in re.sub(r'"(file|title)": "[^"]*"', "", english.output).partition('"message"')[0]


FACTS = """plans:
- file: yunxi.txt
  title: 云溪市规划
  counts: {sections: 1}
  sections: [{title: 没有的章节}, {number: 第一章, title: 另一个}]
  indicators:
  - {name: 没有的指标}
  - {sequence: '1', value: 3, nature: binding, unit: 米}
  - {sequence: '2', year: 2025, value: 3}
  - {sequence: '2', year: 2049}
  - {sequence: '3', role: actual}
  tags:
  - {section: 没有的章节, lead: [市民政局]}
  - {section: 规划背景, lead: [市民政局]}
- {file: none.txt}
"""


def test_the_page_and_the_index_are_chinese(chinese: Callable[..., str], tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("yunxi", "qinglan", "shilan"):
        (folder / f"{name}.pdf").write_bytes((SAMPLES / name / f"{name}.pdf").read_bytes())
    chinese("review", folder, "--out", tmp_path / "pages", "--pages")
    for page in (tmp_path / "pages").glob("*.html"):
        assert "<html lang=zh-CN" in page.read_text(encoding="utf-8")


def test_a_word_of_the_plan_is_not_translated() -> None:
    chinese = words_of("zh")
    assert word_of("binding", chinese) == "约束性"
    assert word_of("a_b none", chinese) == "a_b none"
    assert word_of("none", ENGLISH) == "none"


def test_each_command_that_speaks_takes_a_language_or_the_locale_s(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = SAMPLES / "yunxi" / "yunxi.txt"
    for command in (
        ["show", plan],
        ["brief", plan],
        ["compare", plan, plan],
        ["diff", plan, plan],
        ["check", plan],
        ["review", plan],
    ):
        made: Any = CliRunner().invoke(app, [*map(str, command), "--lang", "fr"])
        assert isinstance(made.exception, WrongUsage)
    assert choose_language(None, environ={"LANG": "zh_CN.UTF-8"}) == "zh"
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "# 云溪市" in CliRunner().invoke(app, ["brief", str(plan)]).output
    assert "规划概况" in CliRunner().invoke(app, ["brief", str(plan)]).output


def test_each_name_of_the_data_that_is_shown_has_its_entry(entries: dict[str, str]) -> None:
    """The options of every field that holds one of a few words: kinds, roles, levels, natures, severities."""
    definitions = Plan.model_json_schema()["$defs"]
    found = {
        option
        for name, model in definitions.items()
        for field, about in model.get("properties", {}).items()
        for part in (about, *about.get("anyOf", ()))
        for option in part.get("enum", ())
        if field not in ("type", "schema_version")
    }
    assert len(found) > 40
    assert sorted(o for o in found if OURS.fullmatch(o) and not entries.get(f"value\x04{o}")) == []
