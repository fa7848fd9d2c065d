"""One sample through every format: the same tree, the same facts. As pictures: tests/test_scans.py."""

import json
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import planparse
from tests.hostile_files import sample
from tests.pdf_to_ofd import pdf_to_ofd
from tests.test_mhtml import saved
from tests.test_samples import FACTS, folded, walk

NAME = "qinglan"
needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")


def to_doc(suffix: str) -> Callable[[Path], bytes]:
    def convert(folder: Path) -> bytes:
        (folder / "plan.docx").write_bytes(sample("docx", NAME))
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", suffix, "--outdir", str(folder), str(folder / "plan.docx")]
        subprocess.run(command, capture_output=True, check=True, timeout=180)
        # LibreOffice writes the 、 of an automatic number as ? into an RTF file; Word writes it as it is.
        return (folder / f"plan.{suffix}").read_bytes().replace(rb"\'00\'3f;", rb"\'00\u12289 ?;")

    return convert


def to_markdown(folder: Path) -> bytes:
    """Headings marked by their level, tables as pipe tables."""
    (folder / "plan.docx").write_bytes(sample("docx", NAME))
    document = planparse.read(folder / "plan.docx")
    made, done = [], 0
    for line in document.lines:
        if line.start < done:
            continue
        grid = next((g for g in document.grids if g.start <= line.start < g.end), None)
        text = document.text[line.start : line.end]
        if grid is None or max(cell.column for cell in grid.cells) == 0:
            head = next(
                (mark for mark, opens in (("## ", "一二三四五"), ("### ", "（(")) if text[0] in opens and len(text) < 20), ""
            )
            made.append(head + text)
            continue
        done = grid.end
        rows: dict[int, list[str]] = {}
        for cell in grid.cells:
            words = document.text[cell.start : cell.end].replace("\u2028", "<br>")
            rows.setdefault(cell.row, []).extend([words, *[""] * (cell.columns - 1)])
        table = ["| " + " | ".join(rows[row]) + " |" for row in sorted(rows)]
        made.append("\n".join([table[0], "| --- " * len(rows[0]) + "|", *table[1:]]))
    return "\n\n".join(made).encode()


MAKERS: dict[str, Callable[[Path], bytes]] = {
    "md": lambda folder: to_markdown(folder),
    "mhtml": lambda _: saved(("Content-Type: text/html; charset=utf-8", sample("html", NAME))),
    "ofd": lambda _: pdf_to_ofd(sample("pdf", NAME)),
    "doc": to_doc("doc"),
    "rtf": to_doc("rtf"),
}


@cache
def truth() -> dict[str, Any]:
    return read_bytes(sample("docx", NAME), "plan.docx")


@cache
def read_bytes(data: bytes, name: str) -> dict[str, Any]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        made: dict[str, Any] = json.loads(planparse.parse(path).model_dump_json())
        return made


def facts(plan: dict[str, Any]) -> dict[str, Any]:
    return {
        **{fact: reader(plan) for fact, (reader, _) in FACTS.items()},
        "commitments": [(folded(c["quantity"]["value"]), folded(c["text"])) for c in plan["commitments"]],
        "functions": [n["function"] for n, _ in walk(plan["body"]) if n["type"] == "section"],
        "title": folded(plan["front_matter"]["title"]),
    }


@pytest.mark.parametrize("form", [pytest.param(f, marks=needs_office if f in ("doc", "rtf") else ()) for f in MAKERS])
def test_every_format_gives_the_same_plan(form: str, tmp_path: Path) -> None:
    plan = read_bytes(MAKERS[form](tmp_path), f"plan.{form}")
    assert facts(plan) == facts(truth())
    assert plan["coverage"]["lost"] == 0
