"""A sample to mark by hand, and what the marks say."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from planparse.cli import app
from planparse.errors import BadPlanFile, UnreadableFile, UnreadableOutput, WrongUsage
from planparse.models import Plan, Span
from planparse.models.facts import Indicator, IndicatorValue
from planparse.output.sampling import KINDS, score_sample, score_to_line, wilson_interval, write_sample
from tests.research_plans import small_plan, write_plans

runner = CliRunner()


def many_indicators(count: int = 40) -> Plan:
    plan = small_plan()
    rows = []
    for n in range(count):
        span = Span(start=n, end=n + 4, line=n + 1)
        value = IndicatorValue(label="2025年", year=2025, role="target", raw="9", span=span)
        rows.append(
            Indicator(id=f"ind-{n + 1}", section="1", rule="r.r", span=span, table="box-1", name=f"=甲{n}", values=[value])
        )
    return plan.model_copy(update={"indicators": rows})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_plans(tmp_path / "in", 甲=many_indicators())


def draw(folder: Path, out: Path, n: int = 10, seed: int = 1) -> list[dict[str, Any]]:
    assert write_sample(folder, out, kind="indicators", n=n, seed=seed) == min(n, 40)
    head, *rows = openpyxl.load_workbook(out)["indicators"].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def mark(path: Path, *words: Any) -> Path:
    book: Any = openpyxl.load_workbook(path)
    for at, word in enumerate(words, 2):
        book.worksheets[0].cell(at, 2, word)
    book.save(path)
    return path


def test_a_sample_is_drawn_by_its_seed_and_shows_what_to_judge(folder: Path, tmp_path: Path) -> None:
    rows = draw(folder, tmp_path / "a.xlsx")
    again = draw(folder, tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert [r["id"] for r in rows] == [r["id"] for r in again]
    other = draw(folder, tmp_path / "c.xlsx", seed=2)
    assert {r["id"] for r in other} != {r["id"] for r in rows}
    assert len({r["id"] for r in draw(folder, tmp_path / "d.xlsx", n=99)}) == 40
    row = rows[0]
    text = small_plan().text
    at = int(str(row["id"]).removeprefix("ind-")) - 1
    assert row["text"] == text[at : at + 4]
    assert f"【{text[at : at + 4]}】" in str(row["context"])
    assert f"name = =甲{at}" in str(row["read"])
    assert "label = 2025年, year = 2025, role = target" in str(row["read"])
    assert (row["section"], row["title"], row["line"], row["verdict"]) == ("1", "发展目标", at + 1, None)
    book: Any = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert [c.value for c in book["about"]["B"]] == ["indicators", 10, 1, 40]
    assert book.worksheets[0].cell(2, 13).hyperlink.target == f"in/%E7%94%B2.review.html#{row['id']}"
    assert book.worksheets[0].data_validations.dataValidation[0].sqref


@pytest.mark.parametrize(
    "kind", [k for k in KINDS if k in ("responsibilities", "commitments", "citations", "sections", "agencies")]
)
def test_every_kind_can_be_drawn(kind: str, folder: Path, tmp_path: Path) -> None:
    assert write_sample(folder / "甲.json", tmp_path / "a.xlsx", kind=kind, n=3, seed=1) >= 1


def test_marks_give_precision_and_its_interval(folder: Path, tmp_path: Path) -> None:
    draw(folder, tmp_path / "a.xlsx")
    score = score_sample(mark(tmp_path / "a.xlsx", "right", "Wrong", "对", "错", 1, 1.0, True, " y ", None))
    assert (score.right, score.marked, score.unmarked) == (6, 8, 2)
    assert score.precision == 0.75
    assert (round(score.low, 4), round(score.high, 4)) == (0.4093, 0.9285)
    assert score_to_line(score) == (
        "precision 75.0% (6 of 8 right), 95 % Wilson interval 40.9% to 92.9%; 2 rows are not marked"
    )


def test_wilson_at_the_ends() -> None:
    low, high = wilson_interval(0, 10)
    assert low == 0.0
    assert round(high, 4) == 0.2775
    low, high = wilson_interval(10, 10)
    assert round(low, 4) == 0.7225
    assert high == pytest.approx(1)


def test_what_is_refused(folder: Path, tmp_path: Path) -> None:
    draw(folder, tmp_path / "a.xlsx")
    with pytest.raises(WrongUsage, match="no row is marked"):
        score_sample(tmp_path / "a.xlsx")
    with pytest.raises(WrongUsage, match="row 3 is marked 'maybe'"):
        score_sample(mark(tmp_path / "a.xlsx", "right", "maybe"))
    with pytest.raises(WrongUsage, match="--kind takes"):
        write_sample(folder, tmp_path / "a.xlsx", kind="indicator", n=1, seed=1)
    with pytest.raises(WrongUsage, match="no plan here has glossary"):
        write_sample(folder, tmp_path / "a.xlsx", kind="glossary", n=1, seed=1)
    with pytest.raises(BadPlanFile):
        write_sample(tmp_path / "none", tmp_path / "a.xlsx", kind="tasks", n=1, seed=1)
    with pytest.raises(UnreadableOutput, match="choose another"):
        write_sample(folder, folder / "甲.json" / "a.xlsx", kind="indicators", n=1, seed=1)
    with pytest.raises(UnreadableFile, match="cannot be read"):
        score_sample(tmp_path / "none.xlsx")
    with pytest.raises(UnreadableFile, match="not a workbook"):
        score_sample(folder / "甲.json")
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    with pytest.raises(UnreadableFile, match="not a workbook"):
        score_sample(tmp_path / "other.xlsx")


def test_the_sample_command(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "s.xlsx"
    drawn = runner.invoke(app, ["sample", str(folder), "--n", "4", "--out", str(out)])
    assert drawn.exit_code == 0
    assert "4 rows to mark" in drawn.stderr
    scored = runner.invoke(app, ["sample", "--score", str(mark(out, "y", "y", "n", "y"))])
    assert scored.stdout.startswith("precision 75.0% (3 of 4 right)")
    assert isinstance(runner.invoke(app, ["sample"]).exception, WrongUsage)
