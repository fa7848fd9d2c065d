"""Print every sample from its source.yaml: NAME.txt, .docx, .pdf, .html and truth.json (make samples).

usage: make.py [--no-pdf] [NAME …]
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from maker.pdf import print_pdf
from maker.source import read_source
from maker.text import print_text
from maker.web import print_web
from maker.word import print_word

HERE = Path(__file__).parent


def make(folder: Path, *, with_pdf: bool) -> None:
    """Write the four files and the truth of the sample in `folder`."""
    sample = read_source(folder / "source.yaml")
    at = {suffix: folder / f"{folder.name}.{suffix}" for suffix in ("txt", "docx", "html", "pdf")}
    at["txt"].write_bytes(print_text(sample))
    at["html"].write_bytes(print_web(sample))
    at["docx"].write_bytes(print_word(sample))
    truth = json.dumps(sample.truth, ensure_ascii=False, indent=1)
    (folder / "truth.json").write_text(truth + "\n", encoding="utf-8")
    if with_pdf:
        at["pdf"].write_bytes(print_pdf(at["docx"]))


def main(arguments: list[str]) -> None:
    """Make the samples named, or all of them."""
    names = [a for a in arguments if not a.startswith("--")]
    for source in sorted(HERE.glob("*/source.yaml")):
        if not names or source.parent.name in names:
            make(source.parent, with_pdf="--no-pdf" not in arguments)
            sys.stderr.write(f"{source.parent.name}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
