"""What `mkdocs build` does beyond mkdocs: links that leave docs/ lead to copies of the repository's files in the site."""

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parent.parent
OUTSIDE = re.compile(r"\]\(\.\./([^)#\s]+)(#[^)\s]*)?\)")


def linked_outside(text: str) -> set[str]:
    """The files of the repository that a page in docs/ links to above its folder."""
    return {found[1].rstrip("/") for found in OUTSIDE.finditer(text)}


def on_files(files: Files, *, config: Any) -> Files:
    """Lay a copy of each linked file into the site, as it is."""
    wanted: set[str] = set()
    for file in files.documentation_pages():
        if file.abs_src_path:
            wanted |= linked_outside(Path(file.abs_src_path).read_text(encoding="utf-8"))
    for name in sorted(wanted):
        if (ROOT / name).is_file():
            files.append(File.generated(config, site_name(name), content=(ROOT / name).read_bytes()))
    return files


def on_page_markdown(markdown: str, *, page: Any, config: Any, files: Files) -> str:
    """Turn `../schemas/plan.schema.json` into the copy's place; what is no file is left for mkdocs to warn of."""

    def inside(found: re.Match[str]) -> str:
        name = found[1].rstrip("/")
        if not (ROOT / name).is_file():
            return found[0]
        place = posixpath.relpath(site_name(name), posixpath.dirname(page.file.src_uri) or ".")
        return f"]({place})"

    return OUTSIDE.sub(inside, markdown)


def site_name(name: str) -> str:
    """Where a file's copy lies: Markdown and rules as plain text, which any browser shows."""
    return f"files/{name}.txt" if name.endswith((".md", ".yml", ".yaml")) else f"files/{name}"
