"""The site builds without a warning and fetches nothing; its pages say what the program does; both READMEs agree."""

import importlib.util
import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from types import ModuleType

import pytest
from rich.cells import cell_len

from planparse import models

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
BLOCK = re.compile(r'^```(\w*)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
FETCHED = re.compile(r"<(?:link|script|img|iframe|source)\b[^>]*?\b(?:href|src)=[\"']?((?:https?:)?//[^\"' >]+)")
UPDATE = bool(os.environ.get("PLANPARSE_UPDATE"))


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("material")
    pytest.importorskip("mkdocstrings")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_site_builds_and_fetches_nothing_from_outside(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) >= 15
    assert {address for page in pages for address in FETCHED.findall(page.read_text(encoding="utf-8"))} == set()


def test_each_link_out_of_the_docs_leads_to_a_copy(site: Path) -> None:
    assert (site / "files" / "schemas" / "plan.schema.json").is_file()
    assert "../files/schemas/plan.schema.json" in (site / "data-model" / "index.html").read_text(encoding="utf-8")


def test_the_api_page_shows_the_signatures(site: Path) -> None:
    text = re.sub(r"<[^>]+>", "", (site / "api" / "index.html").read_text(encoding="utf-8"))
    for name in ("parse", "read", "read_aloud", "load", "load_all", "load_grammar", "UnreadableFile", "MissingTool"):
        assert re.search(rf"\b{name}\b", text), name


def test_the_data_model_page_is_current() -> None:
    generate = load(DOCS / "generate.py")
    assert generate.page_text() == (DOCS / "data-model.md").read_text(encoding="utf-8"), generate.COMMAND


def test_every_model_and_field_of_a_plan_is_told() -> None:
    generate = load(DOCS / "generate.py")
    told = {name for names in generate.GROUPS.values() for name in names}
    assert set(models.Plan.model_json_schema()["$defs"]) - {"JsonValue"} | {"Plan"} <= told
    page = (DOCS / "data-model.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `\w+` \|[^|]*\|\s*\|$", page, re.MULTILINE) == []


@pytest.mark.parametrize("name", ["start.md", "grammar.md"])
def test_the_page_shows_what_the_commands_print(name: str, tmp_path: Path) -> None:
    """A block with a title is a file; a console block is commands, each with what it prints; python blocks run."""
    (tmp_path / "qinglan.docx").symlink_to(ROOT / "samples" / "qinglan" / "qinglan.docx")
    page, made, at, ran = (DOCS / name).read_text(encoding="utf-8"), [], 0, 0
    for block in BLOCK.finditer(page):
        language, title, body = block.groups()
        made.append(page[at : block.start(3)])
        at = block.end(3)
        if title:
            (tmp_path / title).parent.mkdir(exist_ok=True)
            (tmp_path / title).write_text(body, encoding="utf-8")
        if language == "python":
            subprocess.run([sys.executable, "-c", body], cwd=tmp_path, check=True, capture_output=True)
        if language == "console":
            commands = [line for line in body.splitlines() if line.startswith("$ ")]
            body = "".join(f"{command}\n{printed(command, tmp_path)}" for command in commands)
            ran += len(commands)
        made.append(body)
    made.append(page[at:])
    if UPDATE:
        (DOCS / name).write_text("".join(made), encoding="utf-8")
        pytest.fail(f"docs/{name} is written anew; read the difference")
    assert "".join(made) == page, "PLANPARSE_UPDATE=1 with this test writes the page anew; read the difference"
    assert ran >= 2


def printed(command: str, folder: Path) -> str:
    """What a command of the page prints, both streams, without blanks at the ends of lines; times and the number of rules are not of interest."""
    words = command.removeprefix("$ planparse ").split()
    done = subprocess.run(
        [sys.executable, "-m", "planparse.cli", *words], cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "100", "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    said = re.sub(r"\b\d+(?:\.\d+)? ?(s|rules)\b", r"… \1", done.stdout + done.stderr)
    return "".join(line.rstrip() + "\n" for line in said.splitlines())


def test_the_picture_of_the_terminal_gives_chinese_its_room() -> None:
    svg = (DOCS / "show.svg").read_text(encoding="utf-8")
    pieces = re.findall(r'<text [^>]*textLength="([\d.]+)"[^>]*>([^<]+)<', svg)
    assert sum("\u4e00" <= c <= "\u9fff" for _, said in pieces for c in said) > 200
    cell = load(DOCS / "pictures.py").CELL
    assert [said for length, said in pieces if abs(float(length) - cell_len(unescape(said)) * cell) > 0.1] == []


def test_the_commands_of_the_readme_work_as_printed(tmp_path: Path) -> None:
    block = next(b[3] for b in BLOCK.finditer((ROOT / "README.md").read_text(encoding="utf-8")) if "planparse ingest" in b[3])
    samples = ROOT / "samples"
    for source, name in (
        ("yunxi/yunxi.pdf", "plan.pdf"), ("yunxi/yunxi.txt", "plan.txt"), ("yunxi/yunxi.docx", "plan.docx"),
        ("jichuan/jichuan.docx", "draft.docx"), ("jichuan/jichuan.pdf", "final.pdf"),
        ("jichuan/jichuan.docx", "plans/jichuan.docx"), ("qinglan/qinglan.txt", "plans/deep/qinglan.txt"),
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((samples / source).read_bytes())
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    ran = 0
    for line in block.splitlines():
        command = line.partition("#")[0].strip()
        if "check" in command:
            (tmp_path / "data").rename(tmp_path / "earlier")
            subprocess.run(["planparse", "ingest", "plans/", "--out", "data/"], cwd=tmp_path, check=True, capture_output=True,
                           env={**os.environ, "PATH": path})  # fmt: skip
        done = subprocess.run(
            command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False, env={**os.environ, "PATH": path}
        )
        assert done.returncode == 0, (command, done.stderr)
        ran += bool(command)
    assert ran >= 10
    assert {"data", "figures.xlsx", "review", "tables"} <= {p.name for p in tmp_path.iterdir()}


def headings(text: str) -> list[int]:
    """The levels of a page's headings; lines of code blocks are none."""
    return [len(found[1]) for found in re.finditer(r"^(#+) ", BLOCK.sub("", text), re.MULTILINE)]


def code(text: str) -> list[str]:
    """Code blocks without their comments, which are in the page's language."""
    return [re.sub(r"[ \t]*#.*$", "", block[3], flags=re.MULTILINE) for block in BLOCK.finditer(text)]


def links(text: str) -> list[str]:
    return sorted(set(re.findall(r"\]\(([^)]+)\)", text)) - {"README.md", "README.zh-CN.md"})


def test_both_readmes_say_the_same() -> None:
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md"))
    assert headings(chinese) == headings(english)
    assert code(chinese) == code(english)
    assert links(chinese) == links(english)


def test_the_comparison_holds_a_measured_table() -> None:
    page = (DOCS / "comparison.md").read_text(encoding="utf-8")
    table = page.split("<!-- measured: begin -->")[1].split("<!-- measured: end -->")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")]
    assert any("planparse" in row for row in rows)
    assert re.search(r"planparse \d+\.\d+", table)


def test_the_formats_page_tells_the_limits_and_codes() -> None:
    from planparse.batch import worker
    from planparse.models.limits import Limits

    page, generate = (DOCS / "formats.md").read_text(encoding="utf-8"), load(DOCS / "generate.py")
    assert generate.formats_text(page) == page, generate.COMMAND
    assert all(f"| `{name.replace('_', '-')}` | " in page for name in Limits.model_fields)
    assert f"{worker.SECONDS:.0f} s and {worker.MEMORY >> 30} GB a file" in page
    codes = "empty no-text damaged not-a-document unsupported encrypted too-large missing missing-tool timeout memory crashed"
    assert [code for code in codes.split() if f"`{code}`" not in page] == []
