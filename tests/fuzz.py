"""Mutated files of every format, read in the child that `ingest` reads with: python -m tests.fuzz [N] [FORMAT …] (make fuzz).

None may end the child, run over the time or the memory, or fail in another way than with one sentence and a code; nor may a
reader break on it (an exception that `read` tells as damage). What does is kept in out/fuzz/, under a name that tells its
format and seed.

1. PDF: a fault in a font has every page of it recognised, at seconds a page. One file in OCR_SHARE is read with the extra
   `planparse[ocr]`, the others as where it is not installed.
2. .doc and .rtf: LibreOffice takes two seconds to start and a tenth of one a file. One file in ALONE_SHARE is read as it would be,
   the others in batches: one LibreOffice converts them all, and planparse meets a program of its name that hands out what it
   made of the same bytes (fuzz_office.py). What that LibreOffice did not come to is converted by the real one.
"""

import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

import pypdfium2

from planparse.batch.worker import Job, Outcome, Worker
from tests.fuzz_office import Converted
from tests.pdf_to_ofd import pdf_to_ofd
from tests.plans import SAMPLES

SECONDS = 20.0
MEMORY = 2**30
SLOW = ("doc", "rtf")
OCR_SHARE, ALONE_SHARE, BATCH = 20, 50, 50
WITHOUT_OCR = "tests.fuzz_reader:read_without_ocr"
FAULTS = ("internal", "crashed", "timeout", "memory")
NAMES = ("shilan", "yunxi")
NUMBERS = (b"0", b"-1", b"65536", b"2147483648", b"99999999999999999999", b"1e308", b"NaN", b"0.0000001")
WORDS = (
    "第一章",
    "（一）",
    "附件",
    "专栏1",
    "目录",
    "①",
    "\u2028",
    "\ufeff",
    "\u202e",
    "\U0001f600",
    "〔2021〕1号",
    "\t\t",
    "|--|",
    "%",
    "＜",
)
BROKE = re.compile(r"cannot be read \(\w+\)$")
NUMBER = re.compile(rb"\d+(?:\.\d+)?")
TAG = re.compile(rb"<[^<>]{1,400}>")
LEAF = re.compile(rb"<([\w:]{1,60})(?:\s[^<>]{0,400})?(?:/>|>[^<>]{0,400}</\1>)")
VALUE = re.compile(rb"(?<==\")[^\"<>]{0,200}(?=\")")
FLATE = re.compile(rb"stream\r?\n")

Random = random.Random


def mutated(data: bytes, form: str, chance: Random) -> bytes:
    """One to eight faults in a file; most of them inside its parts, where a reader meets them."""
    if form in ("docx", "ofd") and chance.random() < 0.85:
        return _zip_mutated(data, chance)
    if form == "pdf" and chance.random() < 0.6:
        return _stream_mutated(data, chance)
    if form == "doc" and chance.random() < 0.8:
        # What moves the sectors of the container ends the reading; these faults leave each in its place.
        for _ in range(chance.randint(1, 8)):
            data = chance.choice((flip, over))(data, chance)
        return data
    return _faults(data, chance, text=form in ("txt", "md", "html", "mhtml", "rtf"))


def _faults(data: bytes, chance: Random, *, text: bool) -> bytes:
    for _ in range(chance.randint(1, 8)):
        faults = (*BYTE_FAULTS, *TEXT_FAULTS) if text else BYTE_FAULTS
        data = chance.choice(faults)(data, chance)
    return data


def _place(data: bytes, chance: Random, most: int = 400) -> tuple[int, int]:
    start = chance.randint(0, len(data))
    return start, min(len(data), start + chance.randint(0, most))


def flip(data: bytes, chance: Random) -> bytes:
    """Some bytes become others."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 20) if made else 0):
        made[chance.randrange(len(made))] = chance.randrange(256)
    return bytes(made)


def cut(data: bytes, chance: Random) -> bytes:
    """A piece is lost."""
    start, end = _place(data, chance)
    return data[:start] + data[end:]


def cut_short(data: bytes, chance: Random) -> bytes:
    """The end is lost."""
    return data[: chance.randint(0, len(data))] if chance.random() < 0.2 else data


def repeat(data: bytes, chance: Random) -> bytes:
    """A piece stands twice, or two hundred times."""
    start, end = _place(data, chance)
    return data[:end] + data[start:end] * chance.choice((1, 3, 200)) + data[end:]


def move(data: bytes, chance: Random) -> bytes:
    """A piece stands elsewhere."""
    start, end = _place(data, chance)
    to = chance.randint(0, len(data))
    return data[:to] + data[start:end] + data[to:]


def over(data: bytes, chance: Random) -> bytes:
    """A piece stands over another; all else keeps its place."""
    start, end = _place(data, chance)
    to = chance.randint(0, len(data) - (end - start))
    return data[:to] + data[start:end] + data[to + end - start :]


def number(data: bytes, chance: Random) -> bytes:
    """A number becomes an odd one."""
    found = NUMBER.search(data, chance.randint(0, len(data)))
    return data if found is None else data[: found.start()] + chance.choice(NUMBERS) + data[found.end() :]


def tag(data: bytes, chance: Random) -> bytes:
    """A tag is lost, stands twice, or in another's place."""
    found, other = (TAG.search(data, chance.randint(0, len(data))) for _ in range(2))
    if found is None or other is None:
        return data
    by = chance.choice((b"", found.group() * 2, other.group(), other.group() * 60))
    return data[: found.start()] + by + data[found.end() :]


def leaf(data: bytes, chance: Random) -> bytes:
    """An element without others in it is lost, stands many times, or in another's place: the XML stays whole."""
    found, other = (LEAF.search(data, chance.randint(0, len(data))) for _ in range(2))
    if found is None or other is None:
        return data
    by = chance.choice((b"", found.group() * 2, other.group(), other.group() * 60))
    return data[: found.start()] + by + data[found.end() :]


def value(data: bytes, chance: Random) -> bytes:
    """An attribute gets another value: an odd number, another attribute's, none."""
    found, other = (VALUE.search(data, chance.randint(0, len(data))) for _ in range(2))
    if found is None or other is None:
        return data
    return data[: found.start()] + chance.choice((*NUMBERS, other.group(), b"")) + data[found.end() :]


def word(data: bytes, chance: Random) -> bytes:
    """A word that means something stands in between."""
    at = chance.randint(0, len(data))
    return data[:at] + (chance.choice(WORDS) * chance.choice((1, 1, 40))).encode() + data[at:]


def line(data: bytes, chance: Random) -> bytes:
    """Line ends are lost or double."""
    return data.replace(b"\n", chance.choice((b"", b"\n\n", b"\r\n", b"\t")), chance.randint(1, 30))


Fault = Callable[[bytes, Random], bytes]
BYTE_FAULTS: tuple[Fault, ...] = (flip, cut, cut_short, repeat, move, number)
TEXT_FAULTS: tuple[Fault, ...] = (tag, word, line, number)
WHOLE_FAULTS: tuple[Fault, ...] = (leaf, leaf, value, value)


def _zip_mutated(data: bytes, chance: Random) -> bytes:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(chance.randint(1, 3)):
        name = chance.choice(sorted(members))
        fault = chance.random()
        if fault < 0.05:
            del members[name]
        elif fault < 0.1:
            members[name] = members[chance.choice(sorted(members))]
        else:
            # Faults of bytes and tags mostly break the XML and end the reading; faults of whole elements go deeper.
            faults = chance.choices((WHOLE_FAULTS, TEXT_FAULTS, BYTE_FAULTS), (7, 2, 1))[0]
            for _ in range(chance.randint(1, 6)):
                members[name] = chance.choice(faults)(members[name], chance)
        if not members:
            break
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def _stream_mutated(data: bytes, chance: Random) -> bytes:
    """Faults in what the streams of a PDF hold; offsets behind them are wrong then, and repaired by the library."""
    places = [m.end() for m in FLATE.finditer(data) if data[m.start() - 3 : m.start()] != b"end"]
    for _ in range(chance.randint(1, 3) if places else 0):
        begin = chance.choice(places)
        end = data.find(b"endstream", begin)
        if end < 0:
            continue
        try:
            inside = zlib.decompressobj().decompress(data[begin:end], 2**24)
            packed = zlib.compress(_faults(inside, chance, text=False))
        except zlib.error:
            packed = _faults(data[begin:end], chance, text=False)
        # What is as long leaves all offsets in place; half of the files keep them so.
        if len(packed) < end - begin and chance.random() < 0.5:
            packed += b"\n" * (end - begin - len(packed))
        data = data[:begin] + packed + data[end:]
        places = [m.end() for m in FLATE.finditer(data) if data[m.start() - 3 : m.start()] != b"end"]
    return data


@cache
def seeds(form: str) -> tuple[bytes, ...]:
    """Whole files of a format; none where the program that makes them is missing."""
    if form in SLOW:
        return tuple(_converted(form)) if shutil.which("soffice") else ()
    base = {"md": "txt", "mhtml": "html", "ofd": "pdf"}.get(form, form)
    whole = [(SAMPLES / name / f"{name}.{base}").read_bytes() for name in NAMES]
    if form == "pdf":
        whole = [_first_pages(data) for data in whole]
    return tuple(_MAKERS[form](data) for data in whole) if form in _MAKERS else tuple(whole)


def _first_pages(data: bytes) -> bytes:
    """Few enough pages: where a fault hits the fonts, each is read by OCR, and what is tried here is the reader."""
    held = BytesIO()
    with pypdfium2.PdfDocument(data) as pdf, pypdfium2.PdfDocument.new() as short:
        short.import_pages(pdf, pages=[0, 1])
        short.save(held)
    return held.getvalue()


def text_to_markdown(data: bytes) -> bytes:
    lines = data.decode("utf-8-sig", "replace").splitlines()
    marked = [re.sub(r"^(?=第.{1,3}章)", "# ", re.sub(r"^(?=[一二三四五六七八九十]+、)", "## ", one.strip())) for one in lines]
    table = "| 指标 | 单位 | 2020年 | 2025年 |\n| --- | :-: | --- | --- |\n| 湿地面积 | 公顷 | 300 | 420 |"
    tags = "<table><tr><td rowspan=2>甲</td><td>&lt;乙</td></tr><tr><td>丙<br>丁</td></tr></table>"
    return ("---\ntitle: 云溪\n---\n\n" + "\n\n".join([*marked, table, tags, "> **引** [文](a.docx)"])).encode()


def _mhtml(data: bytes) -> bytes:
    head = 'From: <Saved>\nMIME-Version: 1.0\nContent-Type: multipart/related; type="text/html"; boundary="b"\n\n--b\n'
    page = "Content-Type: text/html; charset=utf-8\nContent-Location: https://www.yunxi.gov.cn/a.html\nContent-Transfer-Encoding: 8bit\n\n"
    picture = "\n--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--b--\n"
    return head.encode() + page.encode() + data + picture.encode()


_MAKERS: Mapping[str, Callable[[bytes], bytes]] = {"md": text_to_markdown, "mhtml": _mhtml, "ofd": pdf_to_ofd}


def _converted(form: str) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        for name in NAMES:
            source = SAMPLES / name / f"{name}.docx"
            command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", form]
            subprocess.run([*command, "--outdir", folder, source], capture_output=True, check=False, timeout=120)
            made = Path(folder, f"{name}.{form}")
            if made.exists():
                yield made.read_bytes()


FORMATS = ("txt", "md", "html", "mhtml", "docx", "ofd", "pdf", *SLOW)


def fuzz(form: str, count: int, folder: Path, child: Worker, *, first: int = 0) -> Iterator[tuple[int, Outcome]]:
    """Read `count` mutated files of a format; gives each one's seed and what became of it. The files stay in `folder`."""
    for seed in range(first, first + count if seeds(form) else first):
        yield seed, child.run(_job(_written(form, seed, folder), folder))


def _written(form: str, seed: int, folder: Path) -> Path:
    chance = Random(f"{form}-{seed}")
    path = folder / f"{form}-{seed}.{form}"
    path.write_bytes(mutated(chance.choice(seeds(form)), form, chance))
    return path


def _job(path: Path, folder: Path) -> Job:
    return Job(str(path), str(folder / "out"), "plan", ("json",))


def fuzz_shared(form: str, count: int, folder: Path, *, first: int = 0) -> Iterator[tuple[int, Outcome]]:
    """The same for thousands of files of any format, a share of them read at their full price (above)."""
    if form == "pdf":
        with Worker(seconds=3 * SECONDS) as child, Worker(seconds=3 * SECONDS, reader=WITHOUT_OCR) as quick:
            for seed in range(first, first + count):
                yield from fuzz(form, 1, folder, quick if seed % OCR_SHARE else child, first=seed)
    elif form in SLOW and seeds(form):
        with Worker(seconds=3 * SECONDS) as child, Converted(folder / "made") as converted:
            child.await_ready()
            with converted.in_path():
                quick = Worker(seconds=3 * SECONDS)
                quick.await_ready()
            with quick:
                for start in range(first, first + count, BATCH):
                    paths = {seed: _written(form, seed, folder) for seed in range(start, min(first + count, start + BATCH))}
                    converted.convert([path for seed, path in paths.items() if seed % ALONE_SHARE])
                    for seed, path in paths.items():
                        yield seed, (quick if seed % ALONE_SHARE else child).run(_job(path, folder))
    else:
        with Worker(seconds=3 * SECONDS) as child:
            yield from fuzz(form, count, folder, child, first=first)


def fault_of(outcome: Outcome) -> str | None:
    """What is wrong with how a file was read; None where it was read, or refused as it ought to be."""
    error = outcome.error or ""
    if outcome.code in FAULTS:
        return f"{outcome.code}: {error}"
    if BROKE.search(error):
        return f"a reader broke: {error}"
    if outcome.error is not None and (not outcome.code or "\n" in error or "Traceback" in error):
        return f"no sentence with a code: {error!r}"
    if outcome.seconds > SECONDS:
        return f"took {outcome.seconds:.1f} s"
    if outcome.peak is not None and outcome.peak > MEMORY:
        return f"used {outcome.peak >> 20} MB"
    return None


def settled_fault(outcome: Outcome, file: Path) -> str | None:
    """The same, after a file that took too long was read once more: others may have had the processor."""
    if outcome.seconds <= SECONDS:
        return fault_of(outcome)
    with Worker(seconds=3 * SECONDS) as again:
        again.await_ready()
        return fault_of(again.run(_job(file, file.parent)))


def main(arguments: list[str]) -> int:
    """Fuzz the formats named, or all; 1 where anything fell."""
    count = int(arguments[0]) if arguments and arguments[0].isdecimal() else 2000
    forms = [a for a in arguments if a in FORMATS] or list(FORMATS)
    kept = Path("out/fuzz")
    fallen = 0
    for form in forms:
        with tempfile.TemporaryDirectory() as folder:
            became: Counter[str] = Counter()
            slowest, most, began = 0.0, 0, time.monotonic()
            for seed, outcome in fuzz_shared(form, count, Path(folder)):
                became[outcome.code or "read"] += 1
                slowest, most = max(slowest, outcome.seconds), max(most, outcome.peak or 0)
                file = Path(folder, f"{form}-{seed}.{form}")
                fault = settled_fault(outcome, file)
                if fault:
                    fallen += 1
                    kept.mkdir(parents=True, exist_ok=True)
                    shutil.copy(file, kept)
                    print(f"{kept / file.name}: {fault}", flush=True)
                file.unlink()
            counts = ", ".join(f"{n} {code}" for code, n in became.most_common()) or "no seeds: its tool is missing"
            took = f"{became.total()} files in {time.monotonic() - began:.0f} s"
            print(f"{form}: {took}: {counts}; slowest {slowest:.1f} s, most memory {most >> 20} MB", flush=True)
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
