"""Many plans made of the samples: each sample's pieces again and again, up to some length, under many places' names."""

import io
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pypdfium2

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
sys.path.insert(0, str(SAMPLES))

from maker.source import read_source  # noqa: E402
from maker.text import print_text  # noqa: E402
from maker.web import print_web  # noqa: E402
from maker.word import print_word  # noqa: E402

FORMATS = ("txt", "docx", "pdf", "html")
FIRST, SECOND = "青云松石栖霞霁川岚澜溪", "山湾岭浦洲原塘屿"


def make_plans(folder: Path, count: int, *, formats: tuple[str, ...] = FORMATS, characters: int = 10_000) -> list[Path]:
    """Write `count` plans of at least `characters` characters, format after format and sample after sample in turn.

    A PDF has the sample's own pages again and again; its variants differ by their trailing bytes alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    samples = sorted(p.parent for p in SAMPLES.glob("*/source.yaml"))
    bases = [(sample, form, _base(sample, form, characters)) for sample in samples for form in formats]
    made = []
    for number, place in zip(range(count), _places()):
        sample, form, data = bases[number % len(bases)]
        path = folder / f"{number:05d}-{sample.name}.{form}"
        path.write_bytes(_variant(data, form, _home(sample), place))
        made.append(path)
    return made


def _base(folder: Path, form: str, characters: int) -> bytes:
    length = len(print_text(read_source(folder / "source.yaml")).decode("utf-8", "replace"))
    times = -(-characters // length)
    if form == "pdf":
        return _pages(folder / f"{folder.name}.pdf", characters)
    sample = read_source(folder / "source.yaml")
    sample.pieces *= times
    sample.formats["docx"]["numbering"] = []
    sample.formats["txt"].pop("encoding", None)
    return {"txt": print_text, "docx": print_word, "html": print_web}[form](sample)


def _pages(path: Path, characters: int) -> bytes:
    held = io.BytesIO()
    with pypdfium2.PdfDocument(path) as pdf, pypdfium2.PdfDocument.new() as long:
        length = sum(page.get_textpage().count_chars() for page in pdf)
        # At one go: a plan that is one document has its fonts in it once.
        long.import_pages(pdf, pages=[*range(len(pdf))] * -(-characters // length))
        long.save(held)
    return held.getvalue()


def _variant(data: bytes, form: str, home: str, place: str) -> bytes:
    if form == "pdf":
        return data + f"\n%{place}\n".encode()
    if form != "docx":
        return data.replace(home.encode(), place.encode())
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(home.encode(), place.encode()))
    return held.getvalue()


def _home(folder: Path) -> str:
    return str(read_source(folder / "source.yaml").truth["front"]["region"])[:2]  # type: ignore[index]


def _places() -> Iterator[str]:
    while True:
        yield from (a + b for b in SECOND for a in FIRST)
