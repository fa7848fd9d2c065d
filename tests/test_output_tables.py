"""The tables for research: rows true to the plan, names that SQL takes, the dictionary current, a connection to ask."""

import builtins
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import planparse
from planparse.errors import BadPlanFile, MissingTool
from planparse.models import Annex, Paragraph, Plan, Quantity, Section, Span
from planparse.models.facts import Deadline, Indicator, IndicatorValue, Task
from planparse.output.tables import plans_to_rows, tables
from planparse.output.tables_columns import iso_date
from planparse.output.tables_dictionary import dictionary_text
from planparse.output.tables_rows import assignment_rows, owner_finder, plan_to_rows
from planparse.output.tables_shape import FACTS, table_shapes
from planparse.output.tables_words import GENERAL, SPECIAL
from tests.plans import SAMPLES
from tests.research_plans import small_plan, twice_plan, write_plans

duckdb = pytest.importorskip("duckdb")


def rows_of(plan: Plan, table: str, **options: bool) -> list[dict[str, Any]]:
    return [row for name, row in plan_to_rows(plan, "a.json", **options) if name == table]


def test_every_fact_is_a_row_with_its_place() -> None:
    plan = small_plan()
    counts = Counter(name for name, _ in plan_to_rows(plan))
    for kind in FACTS:
        assert counts[kind] == len(getattr(plan, kind))
    assert counts["plans"] == 1
    for row in rows_of(plan, "commitments"):
        assert plan.text[row["span_start"] : row["span_end"]]
        assert row["plan"] == plan.id
    for name, row in plan_to_rows(plan):
        assert list(row) == table_shapes()[name].names
        assert isinstance(row["flags"], list)


def test_assignments_say_what_is_handed_out() -> None:
    rows = list(assignment_rows(small_plan()))
    assert [(r["agency"], r["role"], r["section"]) for r in rows[:3]] == [
        ("市民政局", "lead", "2.1"),
        ("市财政局", "participating", "2.1"),
        ("市残联", "participating", "2.1"),
    ]
    assert rows[2]["canonical"] == "残疾人联合会"
    assert str(rows[0]["text"]).endswith("每年培训护理员200人次。")
    assert rows[0]["section_title"] == "扩大服务供给"


def test_a_tag_on_its_own_line_hands_out_its_section() -> None:
    plan = small_plan()
    tag = plan.responsibilities[0]
    at = plan.text.rfind("\n", 0, tag.span.start) + 1
    moved = tag.model_copy(update={"span": tag.span.model_copy(update={"start": at})})
    rows = list(assignment_rows(plan.model_copy(update={"responsibilities": [moved]})))
    assert {r["text"] for r in rows} == {"扩大服务供给"}


def test_what_is_printed_twice_counts_once_unless_asked() -> None:
    plan = twice_plan()
    assert len(rows_of(plan, "responsibilities")) == 1
    assert len(rows_of(plan, "responsibilities", duplicates=True)) == 2
    once, both = rows_of(plan, "paragraphs"), rows_of(plan, "paragraphs", duplicates=True)
    # A paragraph in a section printed twice was printed twice itself.
    assert [r["text"] for r in both if r not in once] == ["加强组织领导，健全养老服务工作机制。"]
    assert {r["fact"] for r in rows_of(plan, "agencies")} == {"resp-1"}


def made_plan() -> Plan:
    """The small plan with an indicator, a task and an annex put in by hand."""
    plan = small_plan()
    span = Span(start=0, end=3, page=2, line=7)
    pair = [
        Quantity(raw="9", comparator="=", value=Decimal("9.5"), unit="张"),
        Quantity(raw="10", comparator=">=", value=Decimal(10), unit="张"),
    ]
    values = [
        IndicatorValue(label="2020年", year=2020, role="baseline", raw="—", span=span),
        IndicatorValue(label="2025年", year=2025, role="target", raw="9/≥10", quantities=pair, span=span),
    ]
    indicator = Indicator(
        id="ind-1", rule="r.r", span=span, table="box-1", name="床位", group="甲", values=values, flags=["indicator.x"]
    )
    task = Task(
        id="task-1", section="annex-1", rule="r.r", span=span, table="table-1", text="建床位", columns={"任务": "建床位"},
        lead=plan.responsibilities[0].lead, deadline=Deadline(raw="2月底", date="2023-02-30", kind="date", span=span),
    )  # fmt: skip
    end = Span(start=len(plan.text), end=len(plan.text))
    inner = Section(id="annex-1.1", heading="一、甲", title="甲", level=1, span=end)
    annex = Annex(id="annex-1", title="分工表", heading="附件", span=end, content=[inner, Paragraph(text="", span=end)])
    return plan.model_copy(update={"indicators": [indicator], "tasks": [task], "body": [*plan.body, annex]})


def test_indicator_values_are_long() -> None:
    rows = rows_of(made_plan(), "indicator_values")
    assert [(r["indicator"], r["position"], r["part"], r["value"], r["comparator"]) for r in rows] == [
        ("ind-1", 1, 1, None, None),
        ("ind-1", 2, 1, 9.5, "="),
        ("ind-1", 2, 2, 10.0, ">="),
    ]
    assert {(r["page"], r["line"], *r["flags"]) for r in rows} == {(2, 7, "indicator.x")}
    assert rows_of(made_plan(), "indicators")[0]["group_name"] == "甲"


def test_annexes_are_sections_and_odd_dates_none() -> None:
    sections = {r["section"]: r for r in rows_of(made_plan(), "sections")}
    assert sections["annex-1"]["type"] == "annex"
    assert sections["annex-1"]["level"] is None
    assert (sections["annex-1.1"]["parent"], sections["annex-1.1"]["annex"]) == ("annex-1", "annex-1")
    task = rows_of(made_plan(), "tasks")[0]
    assert (task["deadline_raw"], task["deadline_date"], task["columns"]) == ("2月底", None, '{"任务": "建床位"}')
    assert iso_date("2024-02-29") == "2024-02-29"


def test_flags_of_nodes_are_the_diagnostics_within_them() -> None:
    plan = small_plan()
    place = plan.body[0].span
    doubt = planparse.models.Diagnostic(code="numbering.missing", severity="warning", message="x", span=place)
    plan = plan.model_copy(update={"diagnostics": [doubt]})
    assert [r["flags"] for r in rows_of(plan, "sections")][:2] == [["numbering.missing"], []]
    assert rows_of(plan, "plans")[0]["flags"] == ["numbering.missing"]
    assert rows_of(plan, "diagnostics")[0]["section"] == "1"


def test_owner_of_an_offset() -> None:
    plan = small_plan()
    owner = owner_finder(plan)
    visit = owner(plan.text.index("健全养老服务标准"))
    assert visit is not None
    assert visit.place == "2.2"
    assert owner(-5) is None
    assert owner_finder(made_plan())(10**6) is not None


def test_every_column_has_its_words_and_no_word_is_idle() -> None:
    used = set()
    for shape in table_shapes().values():
        assert len(set(shape.names)) == len(shape.names)
        for column in shape.columns:
            assert column.about, f"say in output/tables_words.py what {shape.name}.{column.name} holds"
            special = f"{shape.name}.{column.name}"
            used.add(special if special in SPECIAL else column.name)
    assert used == {*SPECIAL, *GENERAL}


def test_the_dictionary_is_current() -> None:
    page = (SAMPLES.parent / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert page == dictionary_text(), "run `planparse export --dictionary > docs/data-dictionary.md`"


def test_a_connection_over_a_folder(tmp_path: Path) -> None:
    write_plans(tmp_path, small=small_plan(), twice=twice_plan())
    with planparse.tables(tmp_path) as con:
        assert con.sql("SELECT count(*) FROM responsibilities").fetchall() == [(3,)]
        assert con.sql("SELECT file FROM plans ORDER BY file").fetchall() == [("small.json",), ("twice.json",)]
        # Every column can be named without quotes.
        for shape in table_shapes().values():
            con.sql(f"SELECT {', '.join(shape.names)} FROM {shape.name}").fetchall()
        words = con.sql("SELECT comment FROM duckdb_columns() WHERE table_name='plans' AND column_name='work'").fetchall()
        assert words == [("the same plan in two files has the same `work`",)]
    with tables(tmp_path / "small.json", duplicates=True) as con:
        assert con.sql("SELECT file FROM plans").fetchall() == [("small.json",)]


def test_types_survive(tmp_path: Path) -> None:
    write_plans(tmp_path, made=made_plan())
    with tables(tmp_path) as con:
        (row,) = con.sql("SELECT flags, table_id, page FROM indicators").fetchall()
        assert row == (["indicator.x"], "box-1", 2)
        assert con.sql("SELECT max(value) + 0.5 FROM indicator_values").fetchall() == [(10.5,)]


def test_rows_of_plans_at_hand() -> None:
    rows = plans_to_rows({"甲.json": small_plan()})
    assert next(row["file"] for name, row in rows if name == "plans") == "甲.json"


def test_a_folder_without_plans(tmp_path: Path) -> None:
    with pytest.raises(BadPlanFile, match="planparse ingest"):
        tables(tmp_path)


@pytest.mark.parametrize(("package", "word"), [("duckdb", "duckdb"), ("openpyxl", "openpyxl")])
def test_a_missing_package_is_one_sentence(package: str, word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_plans(tmp_path, small=small_plan())
    honest = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.split(".")[0] == package:
            raise ImportError(name)
        return honest(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    from planparse.output.tables import export_tables

    with pytest.raises(MissingTool, match=rf"{word}: pip install 'planparse\[tables\]'"):
        export_tables(tmp_path, tmp_path / "out", to="parquet" if package == "duckdb" else "xlsx")
    assert list((tmp_path / "out").iterdir()) == []
    assert export_tables(tmp_path, tmp_path / "out", to="csv")


def test_assignments_are_a_view_that_says_what_the_files_say(tmp_path: Path) -> None:
    folder = tmp_path / "plans"
    folder.mkdir()
    plans = {name: planparse.parse(SAMPLES / name / f"{name}.docx") for name in ("jichuan", "qinglan", "baiyu")}
    plans |= {"small": small_plan(), "small_again": small_plan(), "twice": twice_plan().model_copy(update={"id": "1" * 16})}
    write_plans(folder, **plans)
    for duplicates in (False, True):
        rows = [r for n, r in plans_to_rows(dict(sorted(plans.items())), duplicates=duplicates) if n == "assignments"]
        assert len(rows) > 50
        con = tables(folder, duplicates=duplicates)
        view = con.sql("FROM assignments")
        shape = table_shapes()["assignments"]
        assert view.columns == shape.names
        assert [str(t) for t in view.types] == [c.type for c in shape.columns]
        found = [dict(zip(shape.names, values, strict=True)) for values in view.fetchall()]
        assert [r | {"deadline_date": r["deadline_date"] and str(r["deadline_date"])} for r in found] == rows
        kinds = dict(con.sql("SELECT table_name, table_type FROM information_schema.tables").fetchall())
        assert [name for name, kind in kinds.items() if kind == "VIEW"] == ["assignments"]
        assert kinds.keys() == table_shapes().keys()
