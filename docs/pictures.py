"""Draws docs/show.svg, the README's picture: `planparse show` on a sample, as a terminal prints it."""

from pathlib import Path

from rich.console import Console

from planparse import parse
from planparse.output.terminal import plan_to_tables, plan_to_tree

ROOT = Path(__file__).resolve().parent.parent
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
    lines = [line for line in svg.splitlines() if "url(" not in line or "clip-path" in line]
    (ROOT / "docs" / "show.svg").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
