"""How large a file may be: each limit lowered on a real file, and the ways to set one."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from planparse import Limits, parse, read
from planparse.batch.limits import choose_limits
from planparse.batch.ray_node import Reading, Task, _worker, read_on_node
from planparse.batch.worker import MEMORY, READER, Job, Worker
from planparse.cli import app
from planparse.errors import MissingTool, UnreadableFile, WrongUsage
from planparse.grammar import load_grammar
from planparse.models.limits import DEEPEST
from planparse.output.json_yaml import plan_to_json
from tests.fuzz import seeds
from tests.hostile_files import package
from tests.plans import SAMPLES
from tests.test_docx import p, relationships

runner = CliRunner()
GRAMMAR = load_grammar()


def sample(form: str) -> bytes:
    return seeds(form)[1]


def long(_: str, paragraphs: int = 14_000) -> bytes:
    """A Word file whose largest part is over 1 MB and packs well, though not suspiciously."""
    return package("".join(p(f"保护湿地{n * 7919}处，新增{n * 104729}亩。") for n in range(paragraphs)))


# Each limit on a file that it is for, with the highest value that refuses it.
LOWERED: list[tuple[str, float, str, Callable[[str], bytes]]] = [
    ("file_bytes", 1000, "txt", sample),
    ("characters", 500, "txt", sample),
    ("characters", 500, "docx", sample),
    ("characters", 500, "html", sample),
    ("characters", 500, "pdf", sample),
    ("characters", 500, "ofd", sample),
    ("paragraphs", 5, "txt", sample),
    ("paragraphs", 5, "docx", sample),
    ("paragraphs", 5, "pdf", sample),
    ("printed_lines", 5, "txt", sample),
    ("printed_lines", 5, "md", sample),
    ("pages", 1, "pdf", sample),
    ("pages", 1, "ofd", sample),
    ("page_characters", 50, "pdf", sample),
    ("page_characters", 50, "ofd", sample),
    ("pdf_stream_bytes", 1000, "pdf", sample),
    ("ofd_page_objects", 5, "ofd", sample),
    ("zip_parts", 3, "docx", sample),
    ("zip_parts", 3, "ofd", sample),
    ("zip_bytes", 3000, "docx", sample),
    ("zip_bytes", 3000, "ofd", sample),
    ("zip_ratio", 3, "docx", long),
    ("xml_bytes", 3000, "docx", sample),
    ("xml_bytes", 1000, "ofd", sample),
    ("xml_depth", 4, "docx", sample),
    ("xml_depth", 2, "ofd", sample),
    ("html_bytes", 3000, "html", sample),
    ("html_bytes", 3000, "mhtml", sample),
    ("html_elements", 10, "html", sample),
    ("html_depth", 3, "html", sample),
    ("mhtml_parts", 1, "mhtml", sample),
    ("office_seconds", 0.05, "rtf", lambda _: rb"{\rtf1\ansi one two three\par}"),
]


@pytest.mark.parametrize(("limit", "value", "form", "make"), LOWERED, ids=[f"{row[0]}-{row[2]}" for row in LOWERED])
def test_a_lowered_limit_refuses_a_real_file_and_names_itself(
    limit: str, value: float, form: str, make: Callable[[str], bytes], tmp_path: Path
) -> None:
    path = tmp_path / f"plan.{form}"
    path.write_bytes(make(form))
    try:
        with pytest.raises(UnreadableFile) as caught:
            read(path, grammar=GRAMMAR, limits=Limits.model_validate({limit: value}))
    except MissingTool as error:
        pytest.skip(str(error))
    assert caught.value.code == "too-large"
    assert re.fullmatch(
        rf"plan\.{form}: .*\b{value:,g}\b.*; .*, or raise the limit: --limit {limit.replace('_', '-')}=N", str(caught.value)
    ), caught.value
    if limit != "office_seconds":
        assert read(path, grammar=GRAMMAR).text  # what one call was told, the next one does not know


def test_every_limit_is_tried() -> None:
    assert {row[0] for row in LOWERED} == set(Limits.model_fields)


def test_a_limit_that_cannot_be_raised_is_not_offered(tmp_path: Path) -> None:
    path = tmp_path / "deep.html"
    path.write_text("<body>" + "<div>" * 3000 + "<p>总体要求</p>", encoding="utf-8")
    with pytest.raises(UnreadableFile, match=r"nested deeper than 2,000 levels; save the page anew$"):
        read(path, limits=Limits(html_depth=DEEPEST["html_depth"]))


def test_a_raised_limit_lets_a_file_through(tmp_path: Path) -> None:
    deep = tmp_path / "deep.docx"
    deep.write_bytes(package("<w:sdt><w:sdtContent>" * 150 + p("保护湿地") + "</w:sdtContent></w:sdt>" * 150))
    with pytest.raises(UnreadableFile, match="--limit xml-depth=N"):
        read(deep)
    assert read(deep, limits=Limits(xml_depth=400)).text == "保护湿地"
    spaced = tmp_path / "spaced.docx"
    spaced.write_bytes(long("docx", 16_000))
    with pytest.raises(UnreadableFile, match="--limit paragraphs=N"):
        read(spaced)
    assert len(read(spaced, limits=Limits(paragraphs=16_000)).lines) == 16_000


def test_a_limit_never_changes_what_is_read(tmp_path: Path) -> None:
    path = SAMPLES / "yunxi" / "yunxi.docx"
    high = Limits.model_validate({name: DEEPEST.get(name, field.default * 3) for name, field in Limits.model_fields.items()})
    low = Limits(zip_parts=50, characters=20_000, paragraphs=2_000, xml_depth=60)
    plans = {plan_to_json(parse(path, grammar=GRAMMAR, limits=limits)) for limits in (None, high, low)}
    assert len(plans) == 1


def test_a_document_taken_in_whole_counts(tmp_path: Path) -> None:
    path = tmp_path / "whole.docx"
    whole = {
        "word/_rels/document.xml.rels": relationships(("c1", "aFChunk", "whole.html")),
        "word/whole.html": "<html><body>" + "<p>总体要求</p>" * 30,
    }
    path.write_bytes(package('<w:altChunk r:id="c1"/>', None, whole))
    assert "总体要求" in read(path).text
    with pytest.raises(UnreadableFile, match=r"^whole\.docx: its part .*--limit html-elements=N$") as caught:
        read(path, limits=Limits(html_elements=20))
    assert caught.value.code == "too-large"


def test_the_model_is_strict() -> None:
    for wrong in (
        {"pages": 0},
        {"pages": "5"},
        {"pages": 1.5},
        {"page": 1},
        {"html_depth": 3000},
        {"office_seconds": float("inf")},
    ):
        with pytest.raises(ValidationError):
            Limits.model_validate(wrong)
    with pytest.raises(ValidationError):
        Limits().pages = 3  # type: ignore[misc]
    assert Limits.model_validate({"html-depth": 30}) == Limits(html_depth=30)
    assert all(field.description for field in Limits.model_fields.values())


# Where limits are set


def test_the_command_line_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert choose_limits() is None
    (tmp_path / "planparse.toml").write_text("[limits]\npages = 7\nxml-depth = 99\n", encoding="utf-8")
    assert choose_limits() == Limits(pages=7, xml_depth=99)
    assert choose_limits(["pages=1_000", "office_seconds=2.5"]) == Limits(pages=1000, xml_depth=99, office_seconds=2.5)
    (inner / "pyproject.toml").write_text("[tool.planparse.limits]\npages = 8\n", encoding="utf-8")
    assert choose_limits() == Limits(pages=8)
    assert choose_limits(config=tmp_path / "planparse.toml") == Limits(pages=7, xml_depth=99)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("page=3", "no limit is called 'page'; did you mean pages?"),
        ("zzz=3", "no limit is called 'zzz'; there are file-bytes, characters"),
        ("pages", "takes NAME=VALUE"),
        ("=3", "takes NAME=VALUE"),
        ("pages=many", "pages: Input should be a valid integer"),
        ("pages=-1", "pages: Input should be greater than 0"),
        ("html-depth=5000", "html-depth: Input should be less than or equal to 2000"),
    ],
)
def test_a_bad_limit_is_wrong_usage(told: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match=re.escape(why)):
        choose_limits([told])
    done = subprocess.run(
        [sys.executable, "-m", "planparse.cli", "text", "x.pdf", "--limit", told], capture_output=True, text=True, cwd=tmp_path
    )
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


@pytest.mark.parametrize("table", ["[limits]\npage = 3", "[limits]\npages = '3'", "limits = 3", "[limit]\npages = 3"])
def test_a_bad_table_is_wrong_usage(table: str, tmp_path: Path) -> None:
    path = tmp_path / "planparse.toml"
    path.write_text(table, encoding="utf-8")
    with pytest.raises(WrongUsage, match=r"planparse\.toml: "):
        choose_limits(config=path)


PLAN = str(SAMPLES / "yunxi" / "yunxi.pdf")


@pytest.mark.parametrize(
    "command",
    [
        ["text"],
        ["show"],
        ["explain"],
        ["check"],
        ["review"],
        ["brief"],
        ["compare"],
        ["diff", PLAN],
        ["ingest", "--out", "out"],
    ],
    ids=lambda command: command[0],
)
def test_every_command_that_reads_takes_limits(command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = runner.invoke(app, [*command, PLAN, "--limit", "pages=1"])
    said = done.output + str(done.exception)
    assert done.exit_code == 1
    assert "has 7 pages, more than 1" in " ".join(said.split())
    (tmp_path / "planparse.toml").write_text("[limits]\npages = 2\n[check]\n", encoding="utf-8")
    done = runner.invoke(app, [*command, PLAN])
    assert "has 7 pages, more than 2" in " ".join((done.output + str(done.exception)).split())


def test_ingest_reads_again_what_a_limit_refused_and_nothing_else(tmp_path: Path) -> None:
    for name in ("yunxi", "qinglan"):
        (tmp_path / f"{name}.txt").write_bytes((SAMPLES / name / f"{name}.txt").read_bytes())
    sizes = {name: len(read(tmp_path / f"{name}.txt").text) for name in ("yunxi", "qinglan")}
    between = f"characters={sum(sizes.values()) // 2}"
    arguments = ["ingest", str(tmp_path), "--out", str(tmp_path / "out"), "--format", "json"]
    first = runner.invoke(app, [*arguments, "--limit", between])
    assert first.exit_code == 1
    assert len(list((tmp_path / "out").glob("*.json"))) == 1
    again = runner.invoke(app, [*arguments, "--resume"])
    assert again.exit_code == 0
    assert "1/2 current" in again.output
    # A limit is no part of what a plan was made of: one that would refuse the file now leaves its output as it is.
    last = runner.invoke(app, [*arguments, "--limit", "characters=10"])
    assert (last.exit_code, "2/2 current" in last.output) == (0, True)


@pytest.fixture
def refused_job(tmp_path: Path) -> Job:
    return Job(PLAN, str(tmp_path / "out"), "plan", ("json",))


def test_the_child_is_told(refused_job: Job) -> None:
    with Worker(limits=Limits(pages=1)) as worker:
        assert worker.run(refused_job).code == "too-large"
    with Worker() as worker:
        assert worker.run(refused_job).code is None


@pytest.fixture
def no_workers_left() -> Iterator[None]:
    yield
    _worker.cache_clear()


@pytest.mark.usefixtures("no_workers_left")
def test_a_node_is_told(refused_job: Job) -> None:
    for limits, code in ((Limits(pages=1), "too-large"), (None, None)):
        reading = Reading(60.0, MEMORY, READER, 100, (), limits)
        assert read_on_node(Task(refused_job), reading).outcome.code == code
        _worker(reading).close()


def test_the_schema_says_what_each_limit_is() -> None:
    schema = json.loads((SAMPLES.parent / "schemas" / "limits.schema.json").read_text(encoding="utf-8"))
    assert schema["properties"]["zip-ratio"]["default"] == 200
