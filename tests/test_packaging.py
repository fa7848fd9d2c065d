"""The wheel holds all that planparse needs, and works outside the checkout."""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "samples" / "qinglan" / "qinglan.docx"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    # Built by the build backend that is here: nothing is fetched.
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(folder), str(ROOT)],
        check=True, capture_output=True,
    )  # fmt: skip
    (made,) = folder.glob("planparse-*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(folder), str(wheel)],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


def run(installed: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A Python without the checkout's editable install: only the wheel, and the other packages of this environment."""
    paths = os.pathsep.join([str(installed), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV", "PLANPARSE"))}
    return subprocess.run(
        [sys.executable, "-S", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**kept, "PYTHONPATH": paths},
    )


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as packed:
        return set(packed.namelist())


def test_the_wheel_holds_the_grammar_and_every_data_file_of_the_package(wheel: Path) -> None:
    packed = names(wheel)
    assert {f"planparse/grammars/{path.name}" for path in (ROOT / "grammars").glob("*.yaml")} <= packed
    source = ROOT / "src" / "planparse"
    data = {p for p in source.rglob("*") if p.is_file() and "__pycache__" not in p.parts and p.suffix not in (".pyc", ".pyo")}
    assert {f"planparse/{path.relative_to(source).as_posix()}" for path in data} <= packed
    assert "planparse/data/gbt2260.tsv" in packed
    assert "planparse/py.typed" in packed
    assert any(name.startswith("planparse/output/review/") and not name.endswith(".py") for name in packed)
    assert any(name.endswith("licenses/LICENSE") for name in packed)


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    assert {name.split("/")[0].split("-")[0] for name in names(wheel)} == {"planparse"}
    assert [name for name in names(wheel) if "__pycache__" in name or "/tests/" in name] == []


def test_the_installed_package_is_the_one_that_runs(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "-c", "import planparse; print(planparse.__file__); print(planparse.__version__)")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(installed))


def test_a_plan_is_read_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "plan.docx").write_bytes(SAMPLE.read_bytes())
    done = run(installed, tmp_path, "-m", "planparse.cli", "ingest", "plan.docx", "--out", "out", "--format", "json,yaml")
    assert done.returncode == 0, done.stderr
    plan = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))
    truth = json.loads((SAMPLE.parent / "truth.json").read_text(encoding="utf-8"))
    assert plan["front_matter"]["title"] == truth["front"]["title"]
    assert len(plan["indicators"]) == len(truth["indicators"])
    assert (tmp_path / "out" / "plan.yaml").is_file()


def test_the_shipped_rules_pass_their_examples_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "-m", "planparse.cli", "grammar", "test")
    assert done.returncode == 0, done.stderr
    assert "0 failures" in done.stderr


def test_the_command_is_installed_under_its_name(installed: Path) -> None:
    assert (installed / "bin" / "planparse").exists() or (installed / "Scripts" / "planparse.exe").exists()
