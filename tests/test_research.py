"""docs/research.md runs: its blocks in order, each with the output that the page shows."""

import contextlib
import io
import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.plans import SAMPLES

pytest.importorskip("duckdb")

PAGE = SAMPLES.parent / "docs" / "research.md"
BLOCK = re.compile(r"^```(python|sql|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run(language: str, block: str, names: dict[str, Any]) -> str:
    if language == "python":
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile(block, str(PAGE), "exec"), names)
        return said.getvalue()
    answer = names["con"].execute(block)
    header = [column[0] for column in answer.description]
    rows = [["" if cell is None else str(cell) for cell in row] for row in answer.fetchall()]
    return "".join(" | ".join(row) + "\n" for row in [header, *rows])


def test_the_page_gives_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "samples").symlink_to(SAMPLES)
    names: dict[str, Any] = {}
    page, made, at, given, blocks = PAGE.read_text(encoding="utf-8"), [], 0, "", 0
    for block in BLOCK.finditer(page):
        made.append(page[at : block.start(2)])
        at = block.end(2)
        if block[1] == "text":
            made.append(given)
            blocks += 1
        else:
            given = run(block[1], block[2], names)
            made.append(block[2])
    made.append(page[at:])
    names["con"].close()
    if os.environ.get("PLANPARSE_UPDATE"):
        PAGE.write_text("".join(made), encoding="utf-8")
        pytest.fail("docs/research.md is written anew; read the difference")
    assert "".join(made) == page, "PLANPARSE_UPDATE=1 with this test writes the page anew; read the difference"
    assert blocks >= 6
    assert "|" in given
