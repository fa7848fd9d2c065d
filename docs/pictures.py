"""Draws docs/show.svg, the README's picture: `planparse show` on a sample, as a terminal prints it."""

import re
from html import unescape
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console

from planparse import parse
from planparse.output.terminal import plan_to_tables, plan_to_tree

ROOT = Path(__file__).resolve().parent.parent
LENGTH = re.compile(r'(<text [^>]*textLength=)"([^"]*)"([^>]*>)([^<]*)')
CELL = 12.2
"""Units that a cell of rich's picture is wide."""
TABLES = ("indicators", "responsibilities")


def main() -> None:
    """Write the picture."""
    plan = parse(ROOT / "samples" / "jichuan" / "jichuan.docx")
    with Path("/dev/null").open("w") as nowhere:
        console = Console(record=True, width=110, file=nowhere, force_terminal=True, color_system="truecolor", highlight=False)
        console.print(plan_to_tree(plan, depth=2))
        for table in plan_to_tables(plan):
            if str(table.title).startswith(TABLES):
                console.print()
                console.print(table)
        svg = console.export_svg(title="planparse show jichuan.docx --facts --depth 2", unique_id="planparse")
    # The picture names no font that a browser would have to fetch.
    lines = [line for line in svg.splitlines() if ("url(" not in line or "clip-path" in line) and "<!--" not in line]
    (ROOT / "docs" / "show.svg").write_text(widen("\n".join(lines)) + "\n", encoding="utf-8")


def widen(svg: str) -> str:
    """The picture with room for Chinese: rich counts characters where it should count cells, and squeezes them to half.

    Blanks at the end of a piece are left out, so that the words take the same room in each.
    """

    def widened(piece: re.Match[str]) -> str:
        said = re.sub("(&#160;)+$", "", piece[4])
        return f'{piece[1]}"{cell_len(unescape(said)) * CELL:g}"{piece[3]}{said}'

    return LENGTH.sub(widened, svg)


if __name__ == "__main__":
    main()
