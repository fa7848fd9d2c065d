"""What `planparse check` demands: the policy, hand-verified facts, earlier results; and the command's exit statuses."""

import json
import sys
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from planparse import cli, load
from planparse.batch.check import Demands, check_files
from planparse.checks import diagnostic
from planparse.errors import WrongUsage
from planparse.grammar import load_grammar
from planparse.models import Deadline, Plan, Quantity, Task, Unclaimed
from planparse.models.policy import CheckedPlan, CheckReport, Expectations, ExpectedPlan, Policy
from planparse.pipeline import document_to_plan
from planparse.policy import (
    compare_rows,
    find_config,
    match_expected,
    plan_to_differences,
    plan_to_findings,
    plan_to_rows,
    read_expectations,
    read_policy,
    sum_by_rule,
)  # fmt: skip
from planparse.policy.against import PlanRows, find_earlier
from planparse.policy.demands import unclaimed_percent
from planparse.policy.expect import Named, plan_to_counts
from tests.plans import lines_to_document
from tests.research_plans import small_plan, twice_plan, write_plans

RELEASED = Path(__file__).parent / "released" / "0.1.0"


@cache
def port_plan() -> Plan:
    return load(RELEASED / "qixiawan.json")


def with_diagnostics(*codes: str) -> Plan:
    values = {"count": 3, "sample": "x", "number": "三", "title": "甲", "before": "一", "name": "乙", "what": "a list"}
    span = small_plan().body[0].span.model_copy(update={"line": 7, "page": 2})
    return small_plan().model_copy(update={"diagnostics": [diagnostic(c, span, **values) for c in codes]})


def failing(plan: Plan, **keys: object) -> list[str]:
    policy = Policy.model_validate({k.replace("_", "-"): v for k, v in keys.items()})
    return [f.code for f in plan_to_findings(plan, policy) if f.fails]


# The policy


@pytest.mark.parametrize(
    ("keys", "codes"),
    [
        ({}, ["balance.lost", "balance.tree", "document.no-sections"]),
        ({"fail_on_errors": False}, ["balance.lost", "document.no-sections"]),
        ({"fail_on_lost_characters": False}, ["balance.tree", "document.no-sections"]),
        ({"fail_on_no_plan": False}, ["balance.lost", "balance.tree"]),
        ({"fail_on": ["numbering.*"], "ignore": ["balance.*", "document.no-sections"]}, ["numbering.missing"]),
        ({"fail_on": ["indicator.no-target"], "ignore": ["balance.*", "document.*"]}, ["indicator.no-target"]),
        ({"fail_on": ["numbering.*"], "ignore": ["numbering.missing", "balance.*", "document.*"]}, []),
        ({"severity": {"balance.tree": "info", "numbering.*": "error"}}, ["balance.lost", "numbering.missing", "document.no-sections"]),
    ],
)  # fmt: skip
def test_the_policy_says_which_diagnostics_fail(keys: dict[str, object], codes: list[str]) -> None:
    plan = with_diagnostics("balance.lost", "balance.tree", "numbering.missing", "indicator.no-target", "document.no-sections")
    assert failing(plan, **keys) == codes


def test_findings_carry_message_place_and_level() -> None:
    warning, failed = plan_to_findings(with_diagnostics("numbering.missing", "balance.tree"), Policy())
    assert (warning.level, warning.fails, warning.line, warning.page) == ("warning", False, 7, 2)
    assert warning.message == "三甲 comes after 一: a number between them is missing"
    assert (failed.level, failed.fails) == ("error", True)
    info = plan_to_findings(with_diagnostics("agency.unknown"), Policy())[0]
    assert (info.level, info.fails) == ("note", False)


def test_lost_characters_fail_even_without_a_diagnostic() -> None:
    plan = with_diagnostics()
    plan = plan.model_copy(update={"coverage": plan.coverage.model_copy(update={"lost": 4})})
    assert failing(plan) == ["balance.lost"]
    assert "4 characters" in plan_to_findings(plan, Policy())[0].message
    assert failing(plan, ignore=["balance.lost"]) == []


def test_unclaimed_are_measured_against_all_that_looks_like_a_fact() -> None:
    plan = small_plan()
    facts = len(plan.responsibilities) + len(plan.commitments) + len(plan.projects)
    rows = [Unclaimed(kind="figure", text="新建水厂3座", span=plan.body[0].span)] * facts
    plan = plan.model_copy(update={"unclaimed": rows, "diagnostics": []})
    assert unclaimed_percent(plan) == 50
    assert failing(plan, max_unclaimed_percent=50) == []
    assert failing(plan, max_unclaimed_percent=49.5) == ["check.unclaimed"]
    assert failing(plan, max_unclaimed_percent=5, ignore=["check.unclaimed"]) == []
    assert unclaimed_percent(plan.model_copy(update={"unclaimed": []})) == 0


def test_the_nearest_configuration_is_found_upward(tmp_path: Path) -> None:
    (tmp_path / "planparse.toml").unlink()
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text('[tool.planparse.check]\nfail-on = ["figure.*"]\n')
    (inner / "pyproject.toml").write_text("[tool.other]\n")
    assert find_config(inner) == tmp_path / "pyproject.toml"
    assert find_config(Path("/")) is None
    assert read_policy(find_config(inner)).fail_on == ["figure.*"]
    (tmp_path / "a" / "planparse.toml").write_text("[check]\nfail-on-errors = false\nmax-unclaimed-percent = 5\n")
    assert read_policy(find_config(inner)) == Policy.model_validate({"fail-on-errors": False, "max-unclaimed-percent": 5})
    (tmp_path / "a" / "planparse.toml").write_text("[tool.planparse.check]\nignore = ['table.sum']\n")
    assert read_policy(find_config(inner)).ignore == ["table.sum"]
    assert read_policy(None) == Policy()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[check]\nfail_on_errors = true", "fail_on_errors: Extra inputs are not permitted; known are fail-on-errors, "),
        ("[check]\nfail-on-errors = 'yes'", "fail-on-errors: Input should be a valid boolean"),
        ("[check]\nfail-on = ['numbering.mising']", "did you mean 'numbering.missing'?"),
        ("[check]\nignore = ['zzz.*']", "'zzz.*' is no code of a diagnostic; docs/diagnostics.md"),
        ("[check.severity]\n'nope' = 'error'", "severity: 'nope' is no code"),
        ("[check.severity]\n'table.sum' = 'fatal'", "severity.table.sum: Input should be 'error', 'warning' or 'info'"),
        ("[check]\nmax-unclaimed-percent = 101\nfail-on = 1", "(2 in all)"),
        ("[chek]\n", "'chek' is no table of planparse; there are 'check' and 'limits'"),
        ("tool.planparse = 1", "[tool.planparse] is no table"),
        ("[check]\n[chek]\n", "'chek' is no table of planparse"),
        ("tool = 1\n[check]", "has no table"),
        ("[check\n", "is not TOML"),
    ],
)  # fmt: skip
def test_a_bad_policy_is_one_sentence_with_the_file(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "planparse.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WrongUsage) as error:
        read_policy(path)
    assert str(error.value).startswith(f"{path}: ")
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_policy_that_is_not_there_or_not_utf8(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="cannot be read"):
        read_policy(tmp_path / "none.toml")
    (tmp_path / "planparse.toml").write_bytes("# 政策\n".encode("gb18030"))
    with pytest.raises(WrongUsage, match="is not TOML"):
        read_policy(tmp_path / "planparse.toml")


# Hand-verified facts


def differences(plan: Plan, **expected: object) -> list[str]:
    return [
        f"{f.message} [{f.code}]" for f in plan_to_differences(plan, ExpectedPlan.model_validate({"file": "x", **expected}))
    ]


@pytest.mark.parametrize(
    "indicator",
    [
        {"name": "公路总里程", "year": 2025, "value": 710, "unit": "公里", "nature": "anticipatory"},
        {"name": " 公路 总里程", "value": Decimal("710.0")},
        {"sequence": "2", "year": 2020, "value": 38.5, "comparator": "=", "unit": "％"},
        {"sequence": "2", "role": "baseline", "value": "38.5"},
        {"name": "万吨级以上泊位数", "nature": "binding"},
        {"name": "万吨级以上泊位数", "year": 2020},
    ],
)
def test_facts_that_hold(indicator: dict[str, object]) -> None:
    assert differences(port_plan(), indicators=[indicator]) == []


@pytest.mark.parametrize(
    ("indicator", "said"),
    [
        ({"name": "公路总里程", "year": 2025, "value": 700}, "the value of the indicator 公路总里程 for 2025 is 710 where 700 was expected"),
        ({"name": "公路总里程", "value": "七百"}, "the value of the indicator 公路总里程 is 710 where 七百 was expected"),
        ({"name": "公路总里程", "value": 710, "comparator": ">="}, "is 710 where >= 710 was expected"),
        ({"name": "公路总里程", "value": "710", "comparator": ">="}, "is 710 where >= 710 was expected"),
        ({"name": "公路总里程", "upper": 720}, "is 710 where 720 was expected"),
        ({"name": "公路总里程", "unit": "米"}, "the unit of the indicator 公路总里程 is 公里 where 米 was expected"),
        ({"name": "公路总里程", "nature": "binding"}, "is anticipatory where binding was expected"),
        ({"name": "公路总里程", "year": 2030, "value": 1}, "has no value for 2030"),
        ({"name": "公路总里程", "role": "actual"}, "has no value as actual"),
        ({"name": "铁路总里程"}, "there is no indicator 铁路总里程 [check.expected-absent]"),
        ({"name": "公路总里程", "sequence": "9"}, "there is no indicator 9 公路总里程"),
    ],
)  # fmt: skip
def test_facts_that_do_not_hold_say_what_differs(indicator: dict[str, object], said: str) -> None:
    (told,) = differences(port_plan(), indicators=[indicator])
    assert said in told


def test_of_several_rows_with_one_name_the_one_that_agrees_is_meant() -> None:
    row = port_plan().indicators[0]
    other = row.model_copy(update={"nature": "binding", "unit": "米"})
    plan = port_plan().model_copy(update={"indicators": [other, row]})
    assert differences(plan, indicators=[{"name": row.name, "nature": "anticipatory", "unit": "公里"}]) == []


def test_counts_sections_title_and_tags() -> None:
    plan = small_plan()
    counts = plan_to_counts(plan)
    assert (counts["tags"], counts["responsibilities"], counts["sections"]) == (2, 2, 5)
    assert plan_to_counts(twice_plan())["tags"] == 1
    assert plan_to_counts(twice_plan())["sections"] == 4
    assert differences(
        plan,
        title="云溪市“十四五” 养老服务发展规划",
        counts={"tags": 2, "sections": 5, "tasks": 0},
        sections=[{"id": "2.1"}, {"number": "(一)", "title": "扩大服务供给"}, {"title": "重点任务"}],
        tags=[
            {"section": "2.1", "lead": ["市民政局"], "participating": ["市残联", "市财政局"]},
            {"section": "（一）扩大服务供给", "participating": ["市财政局", "残疾人联合会"]},
            {"section": "提升服务质量", "lead": ["市民政局"]},
        ],
    ) == []  # fmt: skip


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ({"title": "青岚县规划"}, "the title is 云溪市“十四五”养老服务发展规划 where 青岚县规划 was expected"),
        ({"counts": {"tags": 3}}, "2 tags where 3 were counted by hand [check.expected-count]"),
        ({"sections": [{"title": "没有"}]}, "there is no section 没有 [check.expected-absent]"),
        ({"sections": [{"number": "（九）", "title": "扩大服务供给"}]}, "; the nearest is 2.1 （一） 扩大服务供给"),
        ({"sections": [{"number": "（九）"}]}, "there is no section （九） ["),
        ({"sections": [{"id": "9", "number": "（一）"}]}, "the nearest is 2.1"),
        ({"tags": [{"section": "没有", "lead": []}]}, "there is no section 没有 that a tag could belong to"),
        ({"tags": [{"section": "保障措施"}]}, "the section 保障措施 has no tag"),
        ({"tags": [{"section": "2.1", "lead": ["市财政局"]}]}, "lead of 2.1 is 市民政局 where 市财政局 was expected"),
        ({"tags": [{"section": "2.1", "lead": ["市民政局"], "participating": ["市财政局"]}]}, "participating of 2.1 is 市财政局、市残联 where"),
        ({"tags": [{"section": "2.1", "lead": []}]}, "lead of 2.1 is 市民政局 where nobody was expected"),
    ],
)  # fmt: skip
def test_what_differs_is_told(expected: dict[str, object], said: str) -> None:
    (told,) = differences(small_plan(), **expected)
    assert said in told


def test_differences_have_their_place() -> None:
    wanted = ExpectedPlan.model_validate({"file": "x", "tags": [{"section": "2.1", "lead": ["甲"]}]})
    (finding,) = plan_to_differences(small_plan(), wanted)
    assert finding.line == small_plan().responsibilities[0].span.line is not None


def test_plans_are_named_by_file_path_stem_id_or_work() -> None:
    plans = [Named("a/yunxi.pdf", "yunxi.pdf", "1" * 16, "9" * 16), Named("b/plan.json", "yunxi.docx", "2" * 16, "9" * 16)]
    names = [{"file": "yunxi.pdf"}, {"file": "b/plan.json"}, {"file": "yunxi"}, {"id": "2" * 16}, {"work": "9" * 16}]
    names += [{"file": "c/yunxi"}, {"file": "unxi"}]
    meant, missing = match_expected(Expectations.model_validate({"plans": names}), plans)
    assert [names.index(e.model_dump(exclude_unset=True)) for e in meant["a/yunxi.pdf"]] == [0, 2, 4]
    assert [names.index(e.model_dump(exclude_unset=True)) for e in meant["b/plan.json"]] == [1, 2, 3, 4]
    assert [f.message.split(", ")[1] for f in missing] == ["c/yunxi", "unxi"]
    assert all(f.fails for f in missing)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("plans: []", "plans: List should have at least 1 item"),
        ("", "the file: Input should be"),
        ("plans: [{file: a, tag: 3}]", "plans.0.tag: Extra inputs"),
        ("plans: [{counts: {tags: 3}}]", "named by one of file, work and id"),
        ("plans: [{file: a, id: '1111111111111111'}]", "named by one of"),
        ("plans: [{file: a, counts: {tag: 3}}]", "plans.0.counts.tag"),
        ("plans: [{file: a, counts: {tags: -3}}]", "greater than or equal to 0"),
        ("plans: [{file: a, indicators: [{value: 3}]}]", "named by its name or its sequence"),
        ("plans: [{file: a, sections: [{}]}]", "named by its id, number or title"),
        ("plans: [{file: a, file: b}]", "the key 'file' stands twice"),
        ("plans: [", "is not YAML"),
    ],
)
def test_expectations_are_strict(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WrongUsage) as error:
        read_expectations(path)
    assert str(error.value).startswith(f"{path}: ")
    assert said in str(error.value)


def test_expectations_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="cannot be read"):
        read_expectations(tmp_path / "none.yaml")
    path = tmp_path / "facts.yaml"
    path.write_bytes(b"plans: [{file: \xff\xfe}]")
    with pytest.raises(WrongUsage, match="is not YAML"):
        read_expectations(path)


# Earlier results


def test_the_same_plan_has_no_changes_wherever_its_facts_stand() -> None:
    moved = [
        r.model_copy(update={"id": "resp-9", "span": r.span.model_copy(update={"start": 1})})
        for r in small_plan().responsibilities
    ]
    made = compare_rows(plan_to_rows(small_plan().model_copy(update={"responsibilities": moved})), plan_to_rows(small_plan()))
    assert made.findings == []
    assert made.counts("lost") == {}


def test_losses_gains_and_changes_are_told_apart() -> None:
    plan = port_plan()
    first, second, *rest = plan.indicators
    value = second.values[1].model_copy(
        update={"raw": "46", "quantities": [Quantity(raw="46", comparator="=", value=Decimal(46), unit="%")]}
    )
    changed = second.model_copy(update={"values": [second.values[0], value]})
    new = first.model_copy(update={"name": "铁路总里程"})
    now = plan.model_copy(update={"indicators": [changed, *rest, new], "commitments": plan.commitments[1:]})
    made = compare_rows(plan_to_rows(now), plan_to_rows(plan))
    told = {f.code: f for f in made.findings if "indicator" in f.message}
    assert told["check.lost"].message == f"lost indicator 1 公路总里程 ({first.rule})"
    assert (
        "changed indicator 2 二级及以上公路占比: was 2025年 45 (target 2025 level = 45 %), is 2025年 46 (target 2025 level = 46 %)"
        in told["check.changed"].message
    )
    assert told["check.gained"].message == f"gained indicator 1 铁路总里程 ({first.rule})"
    assert [told[c].fails for c in ("check.lost", "check.changed", "check.gained")] == [True, True, False]
    assert made.counts("lost") == {"indicator": 1, "commitment": 1}
    assert (made.counts("gained"), made.counts("changed")) == ({"indicator": 1}, {"indicator": 1})
    rules = {(r.kind, r.rule): (r.gained, r.lost, r.changed) for r in sum_by_rule([made, made])}
    assert rules["indicator", first.rule] == (2, 2, 2)
    assert rules["commitment", plan.commitments[0].rule] == (0, 2, 0)
    allowed = compare_rows(plan_to_rows(now), plan_to_rows(plan), allow_losses=True)
    assert not any(f.fails for f in allowed.findings)
    assert {f.level for f in allowed.findings} == {"note"}


def test_a_section_under_another_one_is_a_change() -> None:
    plan = small_plan()
    goals, tasks, last = plan.body
    now = plan.model_copy(
        update={"body": [goals, tasks.model_copy(update={"content": tasks.content[:-1]}), tasks.content[-1], last]}
    )
    made = compare_rows(plan_to_rows(now), plan_to_rows(plan))
    assert [f.message.split(" (")[0] for f in made.findings] == [
        "changed section （二） 提升服务质量: was under 重点任务, is under no section",
    ]  # fmt: skip


def test_a_lost_lead_is_a_change_of_the_tag() -> None:
    plan = small_plan()
    tag = plan.responsibilities[0].model_copy(update={"lead": [], "deadline": None})
    made = compare_rows(
        plan_to_rows(plan.model_copy(update={"responsibilities": [tag, plan.responsibilities[1]]})), plan_to_rows(plan)
    )
    assert "was lead 市民政局, is lead nobody" in made.findings[0].message


def lines_to_plan(*lines: str) -> Plan:
    return document_to_plan(lines_to_document(*lines), load_grammar())


def test_what_is_printed_in_other_words_is_changed() -> None:
    figure = "到2025年，新建村级养老点{}个。（{}）"
    before = lines_to_plan(
        "云溪县养老规划", "一、重点任务", figure.format(36, "市民政局、市教育局"), "二、保障措施", "加强领导。"
    )
    now = lines_to_plan("云溪县养老规划", "一、重点任务", figure.format(38, "市民政局"), "三、保障措施", "加强领导。")
    made = compare_rows(plan_to_rows(now), plan_to_rows(before))
    assert (made.counts("lost"), made.counts("gained")) == ({}, {})
    assert [f.message for f in made.findings] == [
        "changed section 二、 保障措施: was printed 二、 保障措施, is printed 三、 保障措施 (headings.cn_comma)",
        "changed responsibility （市民政局、市教育局）: was lead 市民政局、市教育局, is lead 市民政局 (responsibilities.bare)",
        "changed commitment 36个（到2025年，新建村级养老点36个）: was value = 36 个, is value = 38 个 (commitments.promise)",
    ]  # fmt: skip


def test_tags_that_cannot_be_told_apart_are_lost_and_gained() -> None:
    lines = "云溪县养老规划", "一、重点任务", "建设养老点。（市民政局）", "建设学校。（市教育局）"
    now = lines_to_plan(*lines[:2], "建设养老点。（市财政局）", "建设学校。")
    made = compare_rows(plan_to_rows(now), plan_to_rows(lines_to_plan(*lines)))
    assert (made.counts("lost"), made.counts("gained")) == ({"responsibility": 2}, {"responsibility": 1})


def test_the_earlier_self_is_found_by_bytes_then_name_then_work() -> None:
    def rows(*names: str) -> PlanRows:
        return PlanRows(*names, rows=())

    now = rows("1", "a.pdf", "9")
    assert find_earlier(now, [rows("1", "b.pdf", "8"), rows("1", "a.pdf", "8")]) == rows("1", "a.pdf", "8")
    assert find_earlier(now, [rows("1", "b.pdf", "8"), rows("2", "a.pdf", "8")]) == rows("1", "b.pdf", "8")
    assert find_earlier(now, [rows("2", "a.pdf", "8"), rows("3", "c.pdf", "9")]) == rows("2", "a.pdf", "8")
    assert find_earlier(now, [rows("2", "a.pdf", "8"), rows("4", "a.pdf", "7"), rows("3", "c.pdf", "9")]) == rows(
        "3", "c.pdf", "9"
    )
    assert find_earlier(now, [rows("3", "c.pdf", "9")], alone=False) is None
    assert find_earlier(now, []) is None


# The check of files


def check(*paths: Path, **demands: object) -> CheckReport:
    return check_files(paths, Demands(**demands))  # type: ignore[arg-type]


def plain(plan: Plan) -> Plan:
    return plan.model_copy(update={"diagnostics": []})


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "planparse.toml").write_text("[check]\n")


def test_a_folder_of_plans_against_facts_and_earlier_results(tmp_path: Path) -> None:
    folder = write_plans(tmp_path / "data", small=plain(small_plan()), port=plain(port_plan()))
    assert check(folder).ok
    (tmp_path / "facts.yaml").write_text("plans:\n- {file: data/small, counts: {tags: 9}}\n- {file: gone.pdf}\n")
    fewer = plain(small_plan()).model_copy(update={"responsibilities": small_plan().responsibilities[1:]})
    write_plans(tmp_path / "now", small=fewer)
    report = check(tmp_path / "now", tmp_path / "data" / "port.json", against=folder)
    small, port = report.plans
    assert (small.file, small.state, small.lost, small.earlier) == ("now/small.json", "failed", {"responsibility": 1}, True)
    assert (port.file, port.state, port.lost) == ("data/port.json", "ok", {})
    assert [(r.kind, r.lost) for r in report.rules] == [("responsibility", 1)]
    assert check(tmp_path / "now", against=folder / "small.json", allow_losses=True).ok
    held = check(folder, expect=tmp_path / "facts.yaml")
    assert not held.ok
    assert [f.code for p in held.plans for f in p.findings if f.fails] == ["check.expected-count"]
    assert [f.code for f in held.findings] == ["check.expected-no-plan"]


def test_a_new_plan_has_no_earlier_result(tmp_path: Path) -> None:
    write_plans(tmp_path / "old", port=plain(port_plan()))
    report = check(write_plans(tmp_path / "now", small=plain(small_plan())), against=tmp_path / "old")
    assert report.ok
    assert not report.plans[0].earlier


def test_what_is_no_plan_fails_alone(tmp_path: Path) -> None:
    folder = write_plans(tmp_path / "data", small=plain(small_plan()))
    (folder / "z.json").write_text("{}")
    (tmp_path / "none").mkdir()
    report = check(folder, folder, tmp_path / "missing.pdf", tmp_path / "none")
    assert [(p.file, p.state) for p in report.plans] == [
        ("data/small.json", "ok"), ("data/z.json", "unreadable"), (str(tmp_path / "missing.pdf"), "unreadable"),
        (str(tmp_path / "none"), "unreadable"),
    ]  # fmt: skip
    assert "schema_version" in report.plans[1].findings[0].message
    assert report.plans[2].findings[0].message == "no such file or folder; check the name"


def test_earlier_results_that_are_none_are_wrong_usage(tmp_path: Path) -> None:
    folder = write_plans(tmp_path / "data", small=small_plan())
    with pytest.raises(WrongUsage, match="no JSON of an earlier plan there"):
        check(folder, against=tmp_path / "nowhere")
    (folder / "z.json").write_text("[]")
    with pytest.raises(WrongUsage, match=r"--against .*z\.json"):
        check(folder, against=folder)


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["planparse", *map(str, arguments)])
    with pytest.raises(SystemExit) as done:
        cli.main()
    return int(done.value.code or 0)


def test_sources_are_read_and_the_exit_statuses_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = tmp_path / "in"
    sources.mkdir()
    (sources / "云溪.txt").write_text(
        "\n".join(["云溪市养老服务发展规划", "一、主要任务", "扩大供给。", "二、保障措施", "加强领导。"])
    )
    assert run(monkeypatch, "check", sources, "--save", tmp_path / "out" / "report.json") == 0
    assert capsys.readouterr().out == "ok    in/云溪.txt\n1 plan: 1 ok; passed\n"
    saved = CheckReport.model_validate_json((tmp_path / "out" / "report.json").read_bytes())
    assert [p.state for p in saved.plans] == ["ok"]
    (sources / "乱.docx").write_bytes(b"PK\x03\x04 damaged")
    assert run(monkeypatch, "check", sources) == 1
    out = capsys.readouterr().out
    assert "FAIL  in/乱.docx: " in out
    assert "[check.unreadable]" in out
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "x.yaml").write_text("nope: 1")
    for wrong in (["--grammar", rules], ["--save", "report.pdf"], ["--config", "none.toml"], ["--to", "pdf"]):
        assert run(monkeypatch, "check", sources, *wrong) == 2
    assert capsys.readouterr().out == ""


def test_a_task_whose_deadline_moved_is_changed() -> None:
    plan, span = small_plan(), small_plan().body[0].span
    due = Deadline(raw="2024年底前", date="2024-12-31", kind="date")
    task = Task(id="task-1", rule="tasks.row", span=span, table="table-1", sequence="1", text="建设骨干水网", deadline=due)
    later = task.model_copy(update={"deadline": Deadline(raw="长期", kind="long_term")})
    now, before = (plan_to_rows(plan.model_copy(update={"tasks": [t]})) for t in (later, task))
    assert [f.message for f in compare_rows(now, before).findings] == [
        "changed task 建设骨干水网: was deadline 2024-12-31, is deadline 长期 (tasks.row)",
    ]  # fmt: skip


def test_reports_are_strict_models() -> None:
    one = CheckedPlan(file="a", state="ok")
    assert json.loads(CheckReport(planparse="1", ok=True, plans=[one]).model_dump_json())["plans"][0]["file"] == "a"
