"""The same file, grammar and version give the same bytes, whatever the machine's hash seed, locale, clock, zone and folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.plans import SAMPLES

MACHINES = {
    "one": {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "UTC"},
    "other": {
        "PYTHONHASHSEED": "4242",
        "LC_ALL": "zh_CN.UTF-8",
        "TZ": "Asia/Shanghai",
        "LANGUAGE": "zh",
        "OPENBLAS_NUM_THREADS": "1",
    },
}


@pytest.mark.parametrize("form", ["txt", "docx", "pdf", "html"])
def test_machines_agree(form: str, tmp_path: Path) -> None:
    made = []
    for number, (name, environment) in enumerate(MACHINES.items(), 1):
        home = tmp_path / name / ("deeper" * number)
        home.mkdir(parents=True)
        for sample in ("yunxi", "xiapuling"):
            shutil.copy(SAMPLES / sample / f"{sample}.{form}", home)
            os.utime(home / f"{sample}.{form}", (number * 10**8, number * 10**8))
        command = [sys.executable, "-m", "planparse.cli", "ingest", ".", "--out", "out", "--jobs", str(number)]
        run = subprocess.run(
            command, cwd=home, env={**os.environ, **environment}, capture_output=True, text=True, encoding="utf-8", timeout=240
        )
        assert run.returncode == 0, run.stderr
        made.append({p.name: p.read_bytes() for p in (home / "out").iterdir() if p.suffix in (".json", ".yaml")})
    assert len(made[0]) == 4
    assert made[0] == made[1]
