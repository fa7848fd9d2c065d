"""Corrections laid over a plan: by place, where they fit, or not at all."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from planparse import load, parse
from planparse.checks import CODES
from planparse.cli import app
from planparse.corrections import (
    ANOTHER_SOURCE,
    NO_FIELD,
    NO_FIT,
    NOT_PRINTED,
    NOTHING_THERE,
    OTHER_VALUE,
    OTHER_WORDS,
    REASONS,
    SEVERAL_THERE,
    apply_corrections,
    corrections_in,
    read_corrections,
)
from planparse.errors import BadPlanFile
from planparse.models import Change, Corrections, Indicator, Plan, Responsibility, Span
from planparse.output.json_yaml import plan_to_json, write_plan

TEXT = """云溪市“十四五”水网建设规划

一、发展目标

到2025年，新建水厂30座，改造管网500公里。

云溪市水网建设主要指标
序号\t指标\t单位\t2020年\t2025年\t属性
1\t供水能力\t万吨\t12\t20\t预期性
2\t自来水普及率\t%\t95\t99\t约束性
3\t管网漏损率\t%\t12\t9\t约束性

二、重点任务

（一）建设水厂。到2025年，建成水厂30座。（牵头部门：市水务局；参与部门：市财政局、市发改委）

（二）改造管网。分步实施，健全机制。
"""


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    path = tmp_path_factory.mktemp("plans") / "云溪.txt"
    path.write_text(TEXT, encoding="utf-8")
    return parse(path)


def indicator(plan: Plan) -> Indicator:
    return next(i for i in plan.indicators if i.name == "自来水普及率")


def change(fact: Any, field: str, old: Any, new: Any, **more: Any) -> Change:
    kind = "indicators" if isinstance(fact, Indicator) else "responsibilities"
    return Change(kind=kind, span=fact.span, field=field, old=old, new=new, **more)


def laid(plan: Plan, *changes: Change, sha256: str | None = None) -> Plan:
    return apply_corrections(plan, Corrections(sha256=sha256 or plan.source.sha256, changes=list(changes)))


def whys(plan: Plan) -> list[object]:
    return [d.values["why"] for d in plan.diagnostics if d.code == "correction.not-applied"]


def test_a_change_stands_in_the_fact_with_its_flag_and_the_old_value(plan: Plan) -> None:
    made = laid(plan, change(indicator(plan), "nature", "binding", "anticipatory"))
    row = indicator(made)
    assert row.nature == "anticipatory"
    assert row.flags == sorted({*indicator(plan).flags, "corrected"})
    (kept,) = made.corrections
    assert (kept.kind, kept.fact, kept.field, kept.old, kept.new) == ("indicators", row.id, "nature", "binding", "anticipatory")
    assert made.text == plan.text
    assert made.indicators[0] == plan.indicators[0]
    assert plan.corrections == []
    assert Plan.model_validate_json(plan_to_json(made)) == made


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [
        ("name", "自来水普及率", "农村自来水普及率"),
        ("unit", "%", None),
        ("values.1.year", 2025, 2026),
        ("values.1.quantities.0.value", 99, 99.5),
        ("values.1.role", "target", "actual"),
    ],
)
def test_fields_within_fields(plan: Plan, field: str, old: Any, new: Any) -> None:
    made = laid(plan, change(indicator(plan), field, old, new))
    assert not whys(made)
    value: Any = indicator(made) if field != "name" else made.indicators[1]
    for step in field.split("."):
        value = value[int(step)] if step.isdecimal() else getattr(value, step)
    assert (str(value) if isinstance(new, float) else value) == (str(new) if isinstance(new, float) else new)


def test_agencies_are_names_that_the_plan_prints(plan: Plan) -> None:
    tag = plan.responsibilities[0]
    lead, others = [a.name for a in tag.lead], [a.name for a in tag.participating]
    moved = laid(plan, change(tag, "lead", lead, [*lead, "市财政局"]), change(tag, "participating", others, ["市发改委"]))
    row: Responsibility = moved.responsibilities[0]
    assert [a.name for a in row.lead] == ["市水务局", "市财政局"]
    assert row.lead[1] == tag.participating[0]
    part = laid(plan, change(tag, "lead", lead, ["水务局"]))
    agency = part.responsibilities[0].lead[0]
    assert plan.text[agency.span.start : agency.span.end] == "水务局"
    assert whys(laid(plan, change(tag, "lead", lead, ["市教育局"]))) == [NOT_PRINTED]
    assert whys(laid(plan, change(tag, "lead", lead, [""]))) == [NO_FIT]
    assert whys(laid(plan, change(tag, "lead", lead, "市财政局"))) == [NO_FIT]


def test_what_does_not_fit_is_said_and_nothing_is_changed(plan: Plan) -> None:
    row, elsewhere = indicator(plan), Span(start=indicator(plan).span.start + 1, end=indicator(plan).span.end)
    cases: list[tuple[Change, str]] = [
        (Change(kind="indicators", span=elsewhere, field="unit", old="%", new="人"), NOTHING_THERE),
        (Change(kind="tasks", span=row.span, field="title", old=None, new="水厂"), NOTHING_THERE),
        (Change(kind="indicators", field="unit", old="%", new="人"), NOTHING_THERE),
        (Change(kind="indicators", span=Span(start=9, end=10**9), field="unit", old="%", new="人"), NOTHING_THERE),
        (change(row, "unit", "%", "人", nth=1), NOTHING_THERE),
        (change(row, "unit", "%", "人", words="别的话"), OTHER_WORDS),
        (change(row, "unit", "人", "座"), OTHER_VALUE),
        (change(row, "values.1.year", True, 2026), OTHER_VALUE),
        (change(row, "nature", "binding", "compulsory"), NO_FIT),
        (change(row, "values.1.year", 2025, 99), NO_FIT),
        (change(row, "name", row.name, None), NO_FIT),
        *((change(row, field, None, "x"), NO_FIELD) for field in ("id", "span.start", "values.1.raw", "flags", "duplicate_of")),
        *(
            (change(row, field, None, "x"), NO_FIELD)
            for field in ("colour", "values.9.year", "values.x", "name.first", "values.²")
        ),
    ]
    for one, why in cases:
        made = laid(plan, one)
        assert whys(made) == [why], one
        assert made.model_copy(update={"diagnostics": plan.diagnostics}) == plan
    assert whys(laid(plan, cases[6][0], sha256="0" * 64)) == [ANOTHER_SOURCE]
    assert {*REASONS} == {*(why for _, why in cases), ANOTHER_SOURCE, SEVERAL_THERE, NOT_PRINTED}


def test_a_refusal_is_a_diagnostic_of_the_list(plan: Plan) -> None:
    row = indicator(plan)
    said = laid(plan, change(row, "unit", "人", "座")).diagnostics[-1]
    assert said.message == CODES[said.code].template.format(**said.values)
    assert said.span == row.span
    beyond = laid(plan, Change(kind="indicators", span=Span(start=9, end=10**9), field="unit", new="人")).diagnostics[-1]
    assert beyond.span is None


def test_twice_is_once(plan: Plan) -> None:
    changes = [change(indicator(plan), "unit", "%", "人"), change(indicator(plan), "nature", "x", "binding")]
    once = laid(plan, *changes)
    assert laid(once, *changes) == once
    assert len(once.corrections) == 1
    assert laid(plan, change(indicator(plan), "unit", "%", "%")) == plan


def test_facts_of_one_place_are_told_apart(plan: Plan) -> None:
    first = plan.indicators[0]
    twin = first.model_copy(update={"id": "ind-9", "unit": "吨"})
    double = plan.model_copy(update={"indicators": [*plan.indicators, twin]})
    made = laid(double, change(first, "unit", "吨", "亿吨"))
    assert [i.unit for i in made.indicators] == ["万吨", "%", "%", "亿吨"]
    assert laid(made, change(first, "unit", "吨", "亿吨")) == made
    assert whys(laid(double, change(first, "group", None, "水量"))) == [SEVERAL_THERE]
    assert whys(laid(double, change(first, "unit", "里", "水量"))) == [OTHER_VALUE]
    assert whys(laid(double, change(first, "colour", None, "x"))) == [OTHER_VALUE]
    made = laid(double, change(first, "group", None, "水量", nth=1))
    assert [i.group for i in made.indicators] == [None, None, None, "水量"]


def test_front_matter(plan: Plan) -> None:
    title = plan.front_matter.title
    span = plan.front_matter.spans["title"][0]
    made = laid(
        plan,
        Change(kind="front_matter", span=span, field="title", old=title, new="水网规划"),
        Change(kind="front_matter", field="status", old=plan.front_matter.status, new="draft"),
        Change(kind="front_matter", field="period.end", old=2025, new=2026),
        Change(kind="front_matter", field="issuers", old=[], new=["云溪市"]),
    )
    assert not whys(made)
    front = made.front_matter
    assert (front.title, front.status, front.period and front.period.end) == ("水网规划", "draft", 2026)
    assert front.issuers[0].span.start == plan.text.find("云溪市")
    assert front.content == plan.front_matter.content
    assert [c.fact for c in made.corrections] == [None] * 4
    same = Change(kind="front_matter", field="title", old=title, new=title)
    assert laid(plan, same) == plan
    wrong = Change(kind="front_matter", span=Span(start=1, end=2), field="title", old=title, new="x")
    assert whys(laid(plan, wrong)) == [NOTHING_THERE]
    assert whys(laid(plan, Change(kind="front_matter", field="spans.title", old=None, new=[]))) == [NO_FIELD]


def test_files(plan: Plan, tmp_path: Path) -> None:
    one = Corrections(sha256=plan.source.sha256, changes=[change(indicator(plan), "unit", "%", "人")])
    (tmp_path / "a.corrections.json").write_text(one.model_dump_json(), encoding="utf-8")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.corrections.json").write_text(one.model_dump_json(), encoding="utf-8")
    assert read_corrections(tmp_path / "a.corrections.json") == one
    assert {k: len(v.changes) for k, v in corrections_in(tmp_path).items()} == {plan.source.sha256: 2}
    with pytest.raises(BadPlanFile, match="cannot be read"):
        read_corrections(tmp_path / "none.json")
    for text in ("{", "[]", json.dumps({"sha256": "x", "changes": []}), json.dumps({"sha256": "0" * 64, "changes": [{}]})):
        (tmp_path / "bad.json").write_text(text, encoding="utf-8")
        with pytest.raises(BadPlanFile, match="is no corrections file"):
            read_corrections(tmp_path / "bad.json")
    with pytest.raises(ValidationError):
        Change(kind="sections", field="title")  # type: ignore[arg-type]


def test_the_command(plan: Plan, tmp_path: Path) -> None:
    write_plan(plan, tmp_path, "云溪", formats=["json"])
    bad = change(indicator(plan), "unit", "里", "人")
    one = Corrections(sha256=plan.source.sha256, changes=[change(indicator(plan), "unit", "%", "人"), bad])
    saved = tmp_path / "云溪.corrections.json"
    saved.write_text(one.model_dump_json(), encoding="utf-8")
    run = CliRunner().invoke(
        app, ["apply-corrections", str(tmp_path / "云溪.json"), str(saved), "--out", str(tmp_path / "new")]
    )
    assert run.exit_code == 0, run.output
    assert "1 applied, 1 not applied" in run.output
    assert "was not applied: the old value is another" in run.output
    assert indicator(load(tmp_path / "new" / "云溪.json")).unit == "人"
    run = CliRunner().invoke(app, ["apply-corrections", str(tmp_path / "云溪.json"), str(saved)])
    assert json.loads(run.stdout)["corrections"][0]["new"] == "人"
    run = CliRunner().invoke(
        app, ["apply-corrections", str(tmp_path / "云溪.json"), str(saved), "--out", str(tmp_path / "as.json")]
    )
    assert load(tmp_path / "as.json").corrections
