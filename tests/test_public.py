"""What `planparse` exports: light to import, typed, documented, and the same whatever was imported before."""

import inspect
import pkgutil
import subprocess
import sys
import textwrap
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import planparse
from planparse import models
from tests.plans import SAMPLES

HEAVY = (
    "pydantic",
    "docx",
    "pdfplumber",
    "pypdfium2",
    "lxml",
    "yaml",
    "regex",
    "rich",
    "typer",
    "jieba",
    "numpy",
    "duckdb",
    "openpyxl",
)
FUNCTIONS = ("load", "load_all", "load_grammar", "parse", "read", "read_aloud", "tables")


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_planparse_imports_nothing_heavy() -> None:
    assert run(f"import sys, planparse; print([m for m in {HEAVY} if m in sys.modules])") == "[]"


def test_reading_a_text_imports_no_reader_of_another_format() -> None:
    others = ("docx", "pdfplumber", "pypdfium2", "numpy", "onnxruntime", "duckdb", "openpyxl", "rich", "typer")
    path = SAMPLES / "yunxi" / "yunxi.txt"
    assert (
        run(f"import sys, planparse; planparse.parse({str(path)!r}); print([m for m in {others} if m in sys.modules])") == "[]"
    )


def test_every_model_of_a_plan_is_exported() -> None:
    reached = set(models.Plan.model_json_schema()["$defs"]) - {"JsonValue"}
    # A model that is new goes into the imports and into __all__ of planparse/__init__.py.
    assert (reached | {"Plan", "Node"}) - set(planparse.__all__) == set()
    assert set(planparse.__all__) <= set(dir(planparse))
    assert planparse.Indicator is models.Indicator
    with pytest.raises(AttributeError, match="no attribute 'Indicators'"):
        planparse.Indicators  # noqa: B018


@pytest.mark.parametrize("name", [n for n in planparse.__all__ if n not in ("__version__", "Node")])
def test_every_public_name_is_documented(name: str) -> None:
    value: Any = getattr(planparse, name)
    assert len((inspect.getdoc(value) or "").splitlines()[0]) > 15
    if name in FUNCTIONS:
        signature = inspect.signature(value)
        assert signature.return_annotation is not inspect.Signature.empty
        kinds = [p.kind for p in signature.parameters.values()]
        assert all(k is not inspect.Parameter.POSITIONAL_OR_KEYWORD for k in kinds[1:])


def test_no_module_takes_the_place_of_a_public_name(tmp_path: Path) -> None:
    """A module of the package that bears the name of a function would replace it once it is imported."""
    for module in pkgutil.walk_packages(planparse.__path__, "planparse."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    grammar = planparse.load_grammar()
    for _ in range(2):
        plan = planparse.parse(SAMPLES / "yunxi" / "yunxi.txt", grammar=grammar)
        assert planparse.read(SAMPLES / "yunxi" / "yunxi.txt", grammar=grammar).text == plan.text
        assert "".join(planparse.read_aloud(plan).split()) == "".join(plan.text.split())
        (tmp_path / "yunxi.json").write_text(plan.model_dump_json(), encoding="utf-8")
        assert planparse.load(tmp_path / "yunxi.json") == plan
        assert list(planparse.load_all(tmp_path)) == [plan]
        assert planparse.load_grammar().digest == grammar.digest
        assert planparse.tables(tmp_path).execute("SELECT count(*) FROM indicators").fetchone() == (len(plan.indicators),)


def test_a_user_s_code_is_type_checked(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    code = tmp_path / "user.py"
    code.write_text(
        "from decimal import Decimal\nfrom planparse import Indicator, Plan, load_all, parse\n"
        "def targets(plan: Plan) -> dict[str, Decimal | None]:\n"
        "    rows: list[Indicator] = plan.indicators\n"
        "    return {i.name: v.quantities[0].value for i in rows for v in i.values if v.role == 'target' and v.quantities}\n"
        "print(targets(parse('a.docx')), [p.front_matter.title for p in load_all('data')])\n"
        "wrong: int = parse('a.docx').text\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--config-file=", str(code)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert [line.split(": ", 1)[1] for line in done.stdout.splitlines() if "error:" in line] == [
        'error: Incompatible types in assignment (expression has type "str", variable has type "int")  [assignment]'
    ], done.stdout
