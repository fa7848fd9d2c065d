"""Plans of released and of older schema versions: each still loads, and is brought to the newest form."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from planparse import cli, load
from planparse.errors import BadPlanFile, WrongUsage
from planparse.models import Plan
from planparse.output.migrate import NEWEST, STEPS, Migrated, Step, load_known, migrate_data, migrate_files, migrated_to_line
from planparse.output.schemas import SCHEMAS, sync_schemas

ROOT = Path(__file__).parent
FACTS = ("indicators", "responsibilities", "tasks", "commitments", "projects", "citations", "glossary")
RELEASED = sorted((ROOT / "released").glob("*/*.json"))


def _split_masthead(data: dict[str, Any]) -> dict[str, Any]:
    front = {**data["front_matter"], "title": data["heading"]}
    return {**{k: v for k, v in data.items() if k != "heading"}, "front_matter": front}


OLD = (
    Step("0.8", "0.9", lambda data: {**data, "heading": data["name"]} | {"name": None}),
    Step("0.9", "1", lambda data: _split_masthead({k: v for k, v in data.items() if k != "name"})),
)
"""Two older versions that never were: a plan's title stood at the top, first as `name`, then as `heading`."""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    data = json.loads(RELEASED[0].read_text(encoding="utf-8"))
    title = data["front_matter"].pop("title")
    path = tmp_path / "data" / "old.json"
    path.parent.mkdir()
    path.write_text(json.dumps({**data, "schema_version": "0.8", "name": title}, ensure_ascii=False), encoding="utf-8")
    return path


def test_there_are_released_plans() -> None:
    assert {path.parent.name for path in RELEASED} >= {"0.1.0"}
    assert len(RELEASED) >= 2


@pytest.mark.parametrize("path", RELEASED, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_a_released_plan_still_loads(path: Path) -> None:
    plan = load_known(path)
    assert plan == load(path)
    assert plan.schema_version == NEWEST
    assert plan.source.planparse == path.parent.name
    assert plan.front_matter.title
    assert plan.text[plan.body[0].span.start :].strip()


def test_the_steps_lead_from_each_known_version_to_the_newest() -> None:
    after = {step.before: step.after for step in STEPS}
    assert len(after) == len(STEPS)
    for version in after:
        for _ in STEPS:
            version = after.get(version, version)
        assert version == NEWEST


def test_an_older_plan_goes_through_every_step(old: Path) -> None:
    plan = load_known(old, steps=OLD)
    assert plan == load(RELEASED[0])
    with pytest.raises(BadPlanFile, match=r"has schema_version '0\.8', and this planparse knows 1; install a newer"):
        load_known(old)


def test_files_are_rewritten_once_with_the_yaml_beside_them(old: Path) -> None:
    old.with_suffix(".yaml").write_text("schema_version: '0.8'\n", encoding="utf-8")
    new = old.parent / "sub" / "new.json"
    new.parent.mkdir()
    shutil.copy(RELEASED[1], new)
    before = new.read_bytes()
    assert list(migrate_files(old.parent, steps=OLD)) == [Migrated(old, "0.8", changed=True), Migrated(new, "1")]
    assert new.read_bytes() == before
    assert load(old) == load(RELEASED[0])
    assert yaml.safe_load(old.with_suffix(".yaml").read_text(encoding="utf-8"))["schema_version"] == NEWEST
    assert list(migrate_files(old, steps=OLD)) == [Migrated(old, "1")]


def test_a_yaml_file_alone(old: Path) -> None:
    data = json.loads(old.read_text(encoding="utf-8"))
    path = old.with_name("alone.yaml")
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    assert list(migrate_files(path, steps=OLD)) == [Migrated(path, "0.8", changed=True)]
    assert load_known(path) == load(RELEASED[0])
    assert not path.with_suffix(".json").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"schema_version": "7"}', "has schema_version '7'"),
        ('{"schema_version": 1}', "has schema_version 1,"),
        ("{}", "has schema_version None"),
        ("[]", "it holds no object"),
        ("{", "neither JSON nor YAML"),
        ('{"schema_version": "1"}', "is not a plan that planparse wrote (id: Field required)"),
    ],
)
def test_what_cannot_be_migrated_stays_as_it_is(old: Path, text: str, said: str) -> None:
    bad = old.with_name("bad.json")
    bad.write_text(text, encoding="utf-8")
    told, done = migrate_files(old.parent, steps=OLD)
    assert said in str(told.error)
    assert str(told.error).startswith(f"{bad}: ")
    assert bad.read_text(encoding="utf-8") == text
    assert done.changed
    assert migrated_to_line(told).startswith("failed   ")
    assert migrated_to_line(done) == f"written  {old} (schema_version 0.8 → {NEWEST})"


def test_steps_in_a_circle_end(old: Path) -> None:
    circle = (Step("0.8", "0.9", dict), Step("0.9", "0.8", dict))
    with pytest.raises(BadPlanFile):
        migrate_data(old, {"schema_version": "0.8"}, steps=circle)


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="no such file"):
        list(migrate_files(tmp_path / "none"))
    with pytest.raises(WrongUsage, match="no JSON of a plan"):
        list(migrate_files(tmp_path))
    with pytest.raises(BadPlanFile, match="cannot be read"):
        load_known(tmp_path / "none.json")


def test_the_command(old: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(RELEASED[0], old.with_name("current.json"))
    monkeypatch.setattr(sys, "argv", ["planparse", "migrate", str(old.parent)])
    with pytest.raises(SystemExit) as done:
        cli.main()
    said = capsys.readouterr()
    assert done.value.code == 1
    assert said.out == f"current  {old.with_name('current.json')} (schema_version 1)\n"
    assert "old.json: has schema_version '0.8'" in said.err


def test_every_list_of_facts_has_its_schema_and_all_are_current() -> None:
    lists = [f for name, f in Plan.model_fields.items() if name in (*FACTS, "unclaimed")]
    assert len(lists) == 8
    assert {get_args(field.annotation)[0] for field in lists} <= set(SCHEMAS.values())
    assert sync_schemas(ROOT.parent / "schemas", check=True) == []
    assert {path.name for path in (ROOT.parent / "schemas").glob("*.json")} == set(SCHEMAS)
