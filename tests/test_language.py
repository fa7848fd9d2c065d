"""Chinese and English: every word that the program says has its entry, and `--lang zh` leaves none untranslated."""

import ast
import gettext
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from planparse.batch.ledger import view_ledger
from planparse.checks import CODES
from planparse.cli import app, main
from planparse.errors import WrongUsage
from planparse.models import Plan
from planparse.output import language
from planparse.output.language import ENGLISH, choose_language, word_of, words_of
from planparse.output.sentences import sentence_of
from tests.error_sentences import bare, sentences_in
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
        if not {"cli", "batch", "output"} & set(path.relative_to(SOURCE).parts):
            continue  # rooms that say nothing to a person: their names may be anything
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


def test_each_sentence_that_is_reported_has_its_entry(entries: dict[str, str]) -> None:
    known = {bare(key.partition("\x04")[2]) for key, said in entries.items() if key.startswith("error\x04") and said}
    found = [(place, bare(said)) for place, said in sentences_in(SOURCE)]
    assert len(found) > 200
    # A tail, as " (3 in all)", is an entry with what it stands after.
    assert [(place, s) for place, s in found if re.search(r"[a-z]", s) and not {s, "{}" + s} & known] == []


def test_a_translation_has_the_values_of_its_sentence(entries: dict[str, str]) -> None:
    def fields(said: str) -> set[str | None]:
        return {field for _, field, _, _ in Formatter().parse(said)} - {None}

    told = [(k.partition("\x04")[2] if "\x04" in k else k, said) for k, said in entries.items() if k and said]
    assert len(told) > 500
    # A count is said in words where Chinese has no plural; nothing else may be left out or made up.
    assert [(k, said) for k, said in told if not fields(said) <= fields(k)] == []
    errors = [(k.partition("\x04")[2], said) for k, said in entries.items() if k.startswith("error\x04")]
    assert [(k, said) for k, said in errors if fields(k) != fields(said)] == []


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("a.pdf: the file is empty", "a.pdf：文件为空"),
        ("plans.csv: line 3: 20x is no date; write it like 2022-06-08", "plans.csv：第 3 行：20x 不是日期；请写成 2022-06-08 的形式"),
        ("on a node: x.pdf: is a PNG picture and no document; unpack it first", "节点上：x.pdf：是 PNG 图片，不是文档；请先解压"),
        ("policy.toml: fail: Extra inputs are not permitted; known are a, b (2 in all)", "policy.toml：fail：没有这个字段；可用：a, b（共 2 处）"),
        ("out: cannot be written (Permission denied); choose another --out", "out：无法写入（没有权限）；请另选 --out"),
        ("the file is empty: the file is empty", "文件为空：文件为空"),
        ("x.txt: holds more than 9 characters; split the file, or raise the limit: --limit characters=N", "x.txt：超过 9 字；请拆分文件，或调高上限：--limit characters=N"),
        ("规划: 一个没有译文的句子", "规划: 一个没有译文的句子"),
    ],
)  # fmt: skip
def test_a_sentence_is_known_by_its_template(english: str, chinese: str) -> None:
    assert sentence_of(english, words_of("zh")) == chinese
    assert sentence_of(english, ENGLISH) == english


WORDS = re.compile(r"[A-Za-z]{2,} (?:[a-z]+ )+[a-z]{2,}")
"""Three English words in a row."""


def test_a_run_speaks_chinese_and_its_ledger_english(chinese: Callable[..., str], tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for name, data in BAD.items():
        (folder / name).write_bytes(data)
    (folder / "yunxi.txt").write_bytes((SAMPLES / "yunxi" / "yunxi.txt").read_bytes())
    (folder / "twice.md").write_bytes((SAMPLES / "yunxi" / "yunxi.txt").read_bytes())
    (tmp_path / "plans.csv").write_text("file\nnone.pdf\n")
    options = ["--out", out, "--format", "json", "--manifest", tmp_path / "plans.csv"]
    told = chinese("ingest", folder, tmp_path / "none", *options, status=1)
    (folder / "twice.md").unlink()
    told += chinese("ingest", folder, *options, "--jobs", "1", status=1) + chinese("status", out)
    for said in ("完成", "失败（empty）", "剩余", "不在本次读取之列", "同一份规划", "无主：", "文件为空", "已是最新"):
        assert said in told
    assert WORDS.findall(told.replace(str(tmp_path), "")) == []
    with view_ledger(out) as ledger:
        messages = [row.message for row in ledger.rows().values() if row.status == "failed"]
    assert len(messages) == len(BAD)
    assert all(said and said.isascii() for said in messages)
    english = CliRunner().invoke(app, ["status", str(out), "--lang", "en"]).output
    assert all(said in english for said in messages if said)


BAD = {
    "empty.pdf": b"", "cut.docx": b"PK\x03\x04" + b"\0" * 60, "picture.docx": b"\x89PNG\r\n\x1a\n", "noise.txt": bytes(range(128, 256)) * 9,
    "blank.txt": b" \n" * 9, "none.html": b"<html><body></body></html>", "cut.pdf": b"%PDF-1.7 no more", "packed.docx": b"7z\xbc\xaf",
    "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
}  # fmt: skip


def test_commands_for_research_and_rules_are_chinese(chinese: Callable[..., str], tmp_path: Path) -> None:
    out, book = tmp_path / "out", tmp_path / "sample.xlsx"
    chinese("ingest", SAMPLES / "yunxi" / "yunxi.docx", SAMPLES / "shilan" / "shilan.pdf", "--out", out, "--format", "json")
    assert "第 2 页" in chinese("find", "残疾", out)
    assert "已是最新" in chinese("migrate", out)
    assert "待标注 5 行" in chinese("sample", out, "--n", 5, "--out", book)
    from openpyxl import load_workbook

    marked = load_workbook(book)
    for row in range(2, 5):
        marked.worksheets[0].cell(row, 2).value = "对"
    marked.save(book)
    assert "准确率 100.0%" in chinese("sample", "--score", book)
    assert "条规则" in chinese("grammar", "test")
    told = chinese("explain", SAMPLES / "yunxi" / "yunxi.docx")
    assert "读作 章节" in told
    assert WORDS.findall(told) == []
    own = tmp_path / "own"
    own.mkdir()
    (own / "mine.yaml").write_text(RULES, encoding="utf-8")
    (own / "plan.yaml").write_text("files: [mine]\n", encoding="utf-8")
    for command in (["text"], ["grammar", "list"], ["schema"], ["export", "--dictionary"]):
        chinese(*command, *([SAMPLES / "yunxi" / "yunxi.txt"] if command == ["text"] else []))


RULES = """name: mine
about: A rule that breaks its example.
rules:
  - {id: one, gives: heading, pattern: '甲(?P<title>.+)', examples: [{text: 乙事, title: 事}], rejects: [甲]}
"""


def test_the_program_reports_in_the_language_that_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ended(*arguments: str) -> tuple[object, str]:
        monkeypatch.setattr("sys.argv", ["planparse", *arguments])
        with pytest.raises(SystemExit) as stop:
            main()
        return stop.value.code, capsys.readouterr().err

    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert ended("show", "none.pdf", "--lang", "zh") == (1, "none.pdf：没有这个文件\n")
    assert ended("show", "none.pdf", "--lang=zh") == (1, "none.pdf：没有这个文件\n")
    assert ended("show", "none.pdf") == (1, "none.pdf: there is no such file\n")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert ended("show", "none.pdf") == (1, "none.pdf：没有这个文件\n")
    assert ended("show", "none.pdf", "--lang", "fr") == (2, "--lang 只接受 zh 或 en，不接受 'fr'\n")
    assert ended("show", "none.pdf", "--lang", "en") == (1, "none.pdf: there is no such file\n")
    status, said = ended("ingest", "x", "--out", "y", "--jobs", "0")
    assert (status, said.splitlines()[1:]) == (2, ["--jobs 的值不正确：不得小于 1", "详见 `planparse ingest --help`"])
    for arguments, said in ((["nope"], "没有命令 'nope'"), (["find"], "缺少参数"), (["status", "--nope"], "没有选项 --nope")):
        status, told = ended(*arguments)
        assert status == 2
        assert said in told
    assert ended("--version")[0] == 0
    assert ended("grammar")[0] == 2


def test_each_word_of_the_help_has_its_entry(entries: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    def helps(command: Any) -> Iterator[str]:
        yield command.help
        yield from (p.help for p in command.params if getattr(p, "help", None))
        for below in getattr(command, "commands", {}).values():
            yield from helps(below)

    assert [said for said in helps(typer.main.get_command(app)) if not entries.get(f"help\x04{said}")] == []
    for arguments in (["--help"], ["ingest", "--help"], ["grammar", "test", "--help"]):
        monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
        monkeypatch.setattr("sys.argv", ["planparse", *arguments])
        with pytest.raises(SystemExit):
            main()
        told = capsys.readouterr().out
        assert told.startswith("用法: planparse")
        assert "选项:" in told
        assert WORDS.findall(told.partition("\n")[2]) == []
    assert CliRunner().invoke(app, ["--help"]).output.startswith("Usage: ")


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
        ["ingest", plan, "--out", SAMPLES / "none"],
        ["status", SAMPLES],
        ["text", plan],
        ["explain", plan],
        ["find", "残疾", plan],
        ["export", SAMPLES],
        ["sample", SAMPLES],
        ["migrate", plan],
        ["apply-corrections", plan, plan],
        ["grammar", "list"],
        ["grammar", "test"],
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
