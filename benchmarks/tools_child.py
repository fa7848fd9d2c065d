"""One tool over files, in a process of its own: `python tools_child.py TOOL ROUNDS FILE…` prints a line of JSON.

Runs with the Python that has the tool; needs nothing else. A tool gives headings as (level, words), boxes as their
captions, table rows as lists of cells, tags as (lead, participating); None for what it does not give at all.
"""

# mypy: disable-error-code="import-not-found"
import json
import re
import resource
import statistics
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGES = {"regexes": "pdfplumber", "docling": "docling-slim"}


def markdown_to_parts(text: str) -> dict[str, Any]:
    """Headings and table rows of Markdown; marks of emphasis taken off."""
    headings, rows = [], []
    for line in re.sub(r"\\([^\w\s])", r"\1", text).splitlines():
        line = line.strip()
        if found := re.fullmatch(r"(#{1,6})\s+(.*?)\s*#*", line):
            headings.append([len(found[1]), found[2].replace("*", "")])
        elif line.startswith("|"):
            rows.append([cell.replace("*", "").strip() for cell in line.strip("|").split("|")])
    return {"headings": headings, "boxes": None, "rows": rows, "tags": None}


def planparse_reader() -> Any:
    """`planparse.parse`, with all its facts and checks."""
    import planparse

    grammar = planparse.load_grammar()

    def walk(nodes: Any) -> Any:
        for node in nodes:
            yield node
            if node.type in ("section", "box"):
                yield from walk(node.content)

    def read(path: Path) -> dict[str, Any]:
        plan = planparse.parse(path, grammar=grammar)
        nodes = list(walk(plan.body))
        sections = [node for node in nodes if node.type == "section"]
        return {
            "headings": [[s.level, (s.number or "") + s.title] for s in sections if not s.run_in],
            "run_ins": [(s.number or "") + s.title for s in sections if s.run_in],
            "boxes": [(node.number or "") + node.title for node in nodes if node.type == "box"],
            "rows": [[i.name, *(v.raw for v in i.values)] for i in plan.indicators],
            "tags": [[[a.name for a in r.lead], [a.name for a in r.participating]] for r in plan.responsibilities],
        }

    return read


def pdfplumber_reader() -> Any:
    """Text and tables of each page: what it is made for; it knows no headings."""
    import pdfplumber

    def read(path: Path) -> dict[str, Any]:
        rows = []
        with pdfplumber.open(path) as pdf:
            for page in pdf.pages:
                page.extract_text()
                rows += [[cell or "" for cell in row] for table in page.extract_tables() for row in table]
        return {"headings": None, "boxes": None, "rows": rows, "tags": None}

    return read


def markitdown_reader() -> Any:
    """Its Markdown, with its own settings."""
    from markitdown import MarkItDown

    made = MarkItDown(enable_plugins=False)
    return lambda path: markdown_to_parts(made.convert(path).markdown)


def kreuzberg_reader() -> Any:
    """Its Markdown, without its cache of results."""
    from kreuzberg import ExtractionConfig, extract_file_sync

    config = ExtractionConfig(output_format="markdown", use_cache=False)
    return lambda path: markdown_to_parts(extract_file_sync(str(path), config=config).content)


def xberg_reader() -> Any:
    """kreuzberg's successor; its Markdown, without its cache of results."""
    import asyncio

    from xberg import ExtractInput, ExtractInputKind, ExtractionConfig, extract

    config = ExtractionConfig(output_format="markdown", use_cache=False)

    async def content(path: Path) -> str:
        made = await extract(ExtractInput(kind=ExtractInputKind.URI, uri=str(path)), config)
        return str(made.results[0].content)

    return lambda path: markdown_to_parts(asyncio.run(content(path)))


def docling_reader() -> Any:
    """Its Markdown of Word files and web pages, by the readers that its converter calls for them.

    The converter itself imports torch, and its PDFs need weights that are fetched when it runs; these readers need neither.
    """
    from docling.backend.html_backend import HTMLDocumentBackend
    from docling.backend.msword_backend import MsWordDocumentBackend
    from docling.datamodel.base_models import InputFormat
    from docling.datamodel.document import InputDocument

    readers = {".docx": (InputFormat.DOCX, MsWordDocumentBackend), ".html": (InputFormat.HTML, HTMLDocumentBackend)}

    def read(path: Path) -> dict[str, Any]:
        form, backend = readers[path.suffix]
        opened: Any = InputDocument(path_or_stream=path, format=form, backend=backend)
        return markdown_to_parts(opened._backend.convert().export_to_markdown())

    return read


def regexes_reader() -> Any:
    """regexes.py beside this file."""
    import regexes

    return regexes.read


READERS = {
    "planparse": planparse_reader,
    "regexes": regexes_reader,
    "pdfplumber": pdfplumber_reader,
    "markitdown": markitdown_reader,
    "kreuzberg": kreuzberg_reader,
    "xberg": xberg_reader,
    "docling": docling_reader,
}


def peak_bytes() -> int:
    """The most memory that this process held at once; of /proc where there is one, since a child inherits ru_maxrss."""
    try:
        status = Path("/proc/self/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024  # type: ignore[index]
    except (OSError, TypeError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def main() -> None:
    """Read the first file once to be warm, then each file ROUNDS times."""
    tool, rounds, files = sys.argv[1], int(sys.argv[2]), [Path(name) for name in sys.argv[3:]]
    read = READERS[tool]()
    read(files[0])
    made = []
    for path in files:
        times = []
        for _ in range(rounds):
            began = time.process_time()
            parts = read(path)
            times.append(time.process_time() - began)
        made.append({"file": str(path), "seconds": statistics.median(times), **parts})
    print(json.dumps({"version": version(PACKAGES.get(tool, tool)), "peak": peak_bytes(), "files": made}))


if __name__ == "__main__":
    main()
