"""Print every sample from its source.yaml: NAME.txt, .docx, .pdf, .html and truth.json (make samples).

usage: make.py [--no-pdf] [--check] [NAME …]

--check writes nothing: it fails where a file is not what its source says. PDFs hang on the fonts and the LibreOffice at
hand, so it leaves them out; of a Word file it compares the parts, since zlib may pack them otherwise.
"""

import io
import json
import sys
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from maker.pdf import print_pdf
from maker.source import read_source
from maker.text import print_text
from maker.web import print_web
from maker.word import print_word

HERE = Path(__file__).parent


def make(folder: Path) -> dict[str, bytes]:
    """The files of the sample in `folder` by name, without the PDF."""
    sample = read_source(folder / "source.yaml")
    # The text comes first: it sets the lines that the truth names.
    made = {
        f"{folder.name}.txt": print_text(sample),
        f"{folder.name}.html": print_web(sample),
        f"{folder.name}.docx": print_word(sample),
    }
    truth = json.dumps(sample.truth, ensure_ascii=False, indent=1)
    return {**made, "truth.json": f"{truth}\n".encode()}


def parts(name: str, content: bytes) -> object:
    """What is compared of a file: its bytes, or the unpacked parts of a Word file."""
    if not name.endswith(".docx"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {part: archive.read(part) for part in archive.namelist()}


def main(arguments: list[str]) -> int:
    """Make or check the samples named, or all of them; 1 where a check fails."""
    names = [a for a in arguments if not a.startswith("--")]
    stale = []
    for source in sorted(HERE.glob("*/source.yaml")):
        folder = source.parent
        if names and folder.name not in names:
            continue
        for name, content in make(folder).items():
            if "--check" not in arguments:
                (folder / name).write_bytes(content)
            elif not (folder / name).exists() or parts(name, (folder / name).read_bytes()) != parts(name, content):
                stale.append(name)
        if not {"--check", "--no-pdf"} & set(arguments):
            (folder / f"{folder.name}.pdf").write_bytes(print_pdf(folder / f"{folder.name}.docx"))
    if stale:
        sys.stderr.write(f"not as their sources say: {', '.join(stale)}; run make samples\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
