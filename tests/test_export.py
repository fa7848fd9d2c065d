"""`planparse export` and `find`: files that open, the same bytes twice, and nothing that a spreadsheet runs."""

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from planparse.cli import app
from planparse.errors import UnreadableOutput, WrongUsage
from planparse.models import Plan, Span
from planparse.models.facts import GlossaryEntry
from planparse.output import workbook
from planparse.output.find import find_in_folder, find_words, hit_to_lines
from planparse.output.tables import cell_to_text, export_tables, link_between
from planparse.output.tables_shape import table_shapes
from tests.research_plans import small_plan, twice_plan, write_plans

duckdb = pytest.importorskip("duckdb")
runner = CliRunner()
EVIL = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "\nx",
    "＝1",
    'plain "quoted", text\nsecond',
    "x\x00\u2028y",
    "长" * 40000,
]


def evil_plan() -> Plan:
    span = Span(start=0, end=1)
    terms = [GlossaryEntry(id=f"gloss-{n}", rule="r.r", span=span, term=t, text="") for n, t in enumerate(EVIL)]
    return small_plan().model_copy(update={"glossary": terms})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_plans(tmp_path / "in", 云溪=evil_plan())


def read_csv(path: Path) -> list[dict[str, str]]:
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_holds_the_rows_and_runs_nothing(folder: Path, tmp_path: Path) -> None:
    written = export_tables(folder, tmp_path / "out", to="csv")
    assert [p.stem for p in written] == sorted(table_shapes())
    said = [row["term"] for row in read_csv(tmp_path / "out" / "glossary.csv")]
    assert said == [f"'{t}" for t in EVIL[:8]] + EVIL[8:]
    plans = read_csv(tmp_path / "out" / "plans.csv")
    assert plans[0]["file"] == "云溪.json"
    assert not list((tmp_path / "out").glob(".*"))


def test_the_same_plans_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        export_tables(folder, tmp_path / name, to="csv, xlsx")
    names = sorted(p.name for p in (tmp_path / "a").iterdir())
    assert len(names) == len(table_shapes()) + 1
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_parquet_and_duckdb_hold_what_csv_holds(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "it's out"
    export_tables(folder, out, to="parquet,duckdb")
    with duckdb.connect() as con:
        path = str(out / "glossary.parquet").replace("'", "''")
        assert [r[0] for r in con.execute(f"SELECT term FROM read_parquet('{path}')").fetchall()] == EVIL
    with duckdb.connect(str(out / "plans.duckdb"), read_only=True) as con:
        assert [r[0] for r in con.execute("SELECT term FROM glossary").fetchall()] == EVIL
        assert con.execute("SELECT count(*) FROM assignments").fetchall() == [(5,)]


def test_a_workbook_types_text_as_text_and_links_to_the_review(folder: Path, tmp_path: Path) -> None:
    export_tables(folder, tmp_path / "out", to="xlsx")
    book: Any = openpyxl.load_workbook(tmp_path / "out" / "plans.xlsx")
    assert book.sheetnames == list(table_shapes())
    sheet = book["glossary"]
    column = table_shapes()["glossary"].names.index("term") + 1
    cells = [sheet.cell(row, column) for row in range(2, len(EVIL) + 2)]
    assert {c.data_type for c in cells} == {"s"}
    assert all(c.quotePrefix for c in cells[:7])
    assert cells[0].value == "=1+1"
    assert cells[9].value == "x\ny"
    assert len(cells[10].value) == 32767
    link = sheet.cell(2, sheet.max_column)
    assert link.value == "gloss-0"
    assert link.hyperlink.target == "../in/%E4%BA%91%E6%BA%AA.review.html#gloss-0"
    assert book["plans"].cell(2, book["plans"].max_column).hyperlink.target.endswith(".review.html")
    assert book["commitments"]["A1"].font.bold


def test_a_sheet_that_is_full(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "ROWS", 5)
    with pytest.raises(UnreadableOutput, match="more rows"):
        export_tables(folder, tmp_path / "out", to="xlsx")
    assert not (tmp_path / "out" / "plans.xlsx").exists()
    monkeypatch.setattr(workbook, "ROWS", 500)
    monkeypatch.setattr(workbook, "LINKS", 3)
    export_tables(folder, tmp_path / "out", to="xlsx")
    sheet: Any = openpyxl.load_workbook(tmp_path / "out" / "plans.xlsx")["glossary"]
    links = [sheet.cell(row, sheet.max_column).hyperlink for row in range(2, 7)]
    assert [bool(link) for link in links] == [True, True, False, False, False]


def test_cells_of_sheets() -> None:
    assert [cell_to_text(v) for v in (True, False, ["a", "b"], [1, 2], 96.0, 1.5, None, 1e300)] == [
        "true", "false", "a; b", "1; 2", 96, 1.5, None, 1e300,
    ]  # fmt: skip
    assert isinstance(cell_to_text(96.0), int)


def test_addresses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert link_between(tmp_path, tmp_path) == ""
    assert link_between(tmp_path / "a", tmp_path / "b" / "c") == "../b/c/"

    def another_drive(*_: object) -> str:
        raise ValueError

    monkeypatch.setattr("os.path.relpath", another_drive)
    address = link_between(tmp_path, tmp_path / "乙")
    assert address.startswith("file:///")
    assert workbook.page_of("x.json", address) == f"{address}x.review.html"


def test_what_export_refuses(folder: Path, tmp_path: Path) -> None:
    for to in ("xml", "", "csv,xml"):
        with pytest.raises(WrongUsage, match="--to takes"):
            export_tables(folder, tmp_path / "out", to=to)
    (tmp_path / "file").write_text("x")
    with pytest.raises(UnreadableOutput, match="choose another --out"):
        export_tables(folder, tmp_path / "file" / "out", to="csv")


def test_the_export_command(folder: Path, tmp_path: Path) -> None:
    run = runner.invoke(app, ["export", str(folder / "云溪.json"), "--to", "csv", "--out", str(tmp_path / "out")])
    assert run.exit_code == 0
    assert str(tmp_path / "out" / "tasks.csv") in run.stdout
    printed = runner.invoke(app, ["export", "--dictionary"])
    assert "## indicator_values" in printed.stdout
    assert isinstance(runner.invoke(app, ["export"]).exception, WrongUsage)


def test_find_gives_sentences_with_their_places() -> None:
    hits = list(find_words(small_plan(), "养老 服务"))
    assert [(h.section, h.sentence) for h in hits] == [
        ("", "云溪市“十四五”养老服务发展规划"),
        ("1", "到2025年，建成覆盖城乡的养老服务网络。"),
        ("2.1", "到2025年，新建社区养老服务中心30个，每年培训护理员200人次。"),
        ("2.2", "健全养老服务标准，依据《松陵省养老服务条例》加强监管。"),
        ("3", "加强组织领导，健全养老服务工作机制。"),
    ]
    assert list(hit_to_lines(hits[2])) == [
        "云溪市“十四五”养老服务发展规划: 2.1 扩大服务供给, line 5",
        "    到2025年，新建社区养老服务中心30个，每年培训护理员200人次。",
    ]


def test_find_within_functions_and_facts() -> None:
    plan = small_plan()
    assert [h.section for h in find_words(plan, "养老", within=["goals"])] == ["1", "1"]
    assert [h.section for h in find_words(plan, "养老", within=["tasks"])] == ["2.1", "2.2"]
    assert [h.section for h in find_words(plan, "养老", within=["citations", "safeguards"])] == ["2.2", "3"]
    assert [h.sentence[:3] for h in find_words(plan, "市民政局", within=["responsibilities"])] == ["（牵头", "（牵头"]
    assert list(find_words(plan, "养老", within=["glossary"])) == []


def test_find_skips_what_is_printed_twice() -> None:
    assert [h.section for h in find_words(twice_plan(), "组织领导")] == []
    assert [h.section for h in find_words(twice_plan(), "组织领导", duplicates=True)] == ["3"]


def test_find_in_table_rows() -> None:
    plan = small_plan()
    text = plan.text.replace("加强组织领导，健全养老服务工作机制。", "序号\t名\u2028称\t养老\x1b床位")
    hits = list(find_words(plan.model_copy(update={"text": text}), "名称"))
    assert [h.sentence for h in hits] == ["序号 | 名称 | 养老\x1b床位"]
    assert "\x1b" not in "".join(hit_to_lines(hits[0]))


def test_find_refuses(folder: Path) -> None:
    with pytest.raises(WrongUsage, match="--in takes"):
        list(find_in_folder(folder, "x", within=["goal"]))
    with pytest.raises(WrongUsage, match="words"):
        list(find_in_folder(folder, " "))


def test_the_find_command(folder: Path) -> None:
    run = runner.invoke(app, ["find", "护理员", str(folder), "--in", "tasks, goals"])
    assert run.exit_code == 0
    assert run.stdout.splitlines()[0] == "云溪市“十四五”养老服务发展规划: 2.1 扩大服务供给, line 5"
