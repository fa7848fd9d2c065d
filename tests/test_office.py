"""Word 97, WPS and RTF files: what is converted, what is refused before, and what a conversion may not do."""

import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

import docx
import pytest

from planparse.balance import balance
from planparse.document import Document
from planparse.errors import MissingTool, UnreadableFile
from planparse.extractors import office, read
from planparse.extractors.office_container import Container, count_han, is_encrypted
from planparse.grammar import load_grammar
from planparse.models.limits import Limits
from planparse.structure.tree import build_tree
from tests.plans import corpus, needs_corpus

needs_office = pytest.mark.skipif(not any(map(shutil.which, office.PROGRAMS)), reason="LibreOffice is not installed")
END = 0xFFFFFFFE


def make_docx(path: Path, *, paragraphs: tuple[str, ...] = ("云溪市湿地规划", "一、总体要求", "保护湿地。")) -> Path:
    made = docx.Document()
    for text in paragraphs:
        made.add_paragraph(text)
    made.add_paragraph("第一项", style="List Number")
    made.add_paragraph("第二项", style="List Number")
    table = made.add_table(3, 3, style="Table Grid")
    for row in range(3):
        for column in range(3):
            table.cell(row, column).text = f"格{row}{column}"
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(1, 2).merge(table.cell(2, 2))
    # Word ends every document with a paragraph; LibreOffice drops a table that stands behind the last one in a .doc.
    made.add_paragraph("完")
    made.save(str(path))
    return path


def compound(streams: dict[str, bytes], *, sector: int = 512) -> bytes:
    """A compound file with these streams, short ones in the mini stream ([MS-CFB])."""
    body: list[bytes] = []
    fat: list[int] = []

    def put(data: bytes) -> int:
        if not data:
            return END
        first, pieces = len(body), [data[i : i + sector].ljust(sector, b"\0") for i in range(0, len(data), sector)]
        body.extend(pieces)
        fat.extend([*range(first + 1, first + len(pieces)), END])
        return first

    mini, mini_fat, entries = b"", [], []
    for name, data in streams.items():
        start = len(mini) // 64
        if len(data) >= 4096:
            start = put(data)
        else:
            count = -(-len(data) // 64)
            mini += data.ljust(64 * count, b"\0")
            mini_fat += [*range(start + 1, start + count), END] if count else []
        entries.append((name, 2, start, len(data)))
    entries.insert(0, ("Root Entry", 5, put(mini), len(mini)))
    listing = b""
    for name, kind, start, size in entries:
        raw = name.encode("utf-16-le")
        listing += raw.ljust(64, b"\0") + struct.pack("<HBB3I36xIQ", len(raw) + 2, kind, 1, *[0xFFFFFFFF] * 3, start, size)
    directory = put(listing)
    table = put(struct.pack(f"<{len(mini_fat)}I", *mini_fat))
    tables = -(-(len(fat) + 1) * 4 // sector)
    places = list(range(len(body), len(body) + tables))
    fat += [0xFFFFFFFD] * tables
    packed = struct.pack(f"<{len(fat)}I", *fat).ljust(tables * sector, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(24, b"\0") + struct.pack(
        "<5H6x", 0x3E, 3, 0xFFFE, sector.bit_length() - 1, 6
    )
    head += struct.pack("<9I", 0, tables, directory, 0, 4096, table, 1, END, 0)
    head += struct.pack("<109I", *(places + [0xFFFFFFFF] * 109)[:109])
    return head.ljust(sector, b"\0") + b"".join(body) + packed


def word_streams(text: str, *, notes: str = "", flags: int = 0x0200, narrow: str = "") -> dict[str, bytes]:
    """A WordDocument and its 1Table with nothing but a piece table: `narrow` (cp1252) after `text` and `notes`."""
    wide, thin = (text + notes).encode("utf-16-le"), narrow.encode("cp1252")
    fib = struct.pack("<6H", 0xA5EC, 0xC1, 0, 0, 0, flags).ljust(32, b"\0") + struct.pack("<H", 14) + bytes(28)
    counts = [len(text) + len(narrow), len(notes), 0, 0, 0, 0, 0]
    fib += struct.pack("<H", 22) + bytes(12) + struct.pack("<7I", *counts) + bytes(88 - 40)
    places = [0, len(text + notes), len(text + notes) + len(narrow)]
    start = 1024
    pieces = struct.pack("<HIH", 0, start, 0) + struct.pack("<HIH", 0, (start + len(wide)) * 2 | 0x40000000, 0)
    plc = struct.pack("<3I", *places) + pieces
    clx = b"\x01" + struct.pack("<H", 2) + b"ab" + b"\x02" + struct.pack("<I", len(plc)) + plc
    fib += struct.pack("<H", 93) + bytes(8 * 33) + struct.pack("<II", 0, len(clx))
    name = "1Table" if flags & 0x0200 else "0Table"
    return {"WordDocument": (fib.ljust(start, b"\0") + wide + thin).ljust(5000, b"\0"), name: clx, "Empty": b""}


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """A LibreOffice of our own: a shell script that sees its arguments as LibreOffice would."""

    def install(script: str) -> None:
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        program = folder / "soffice"
        # --outdir and the source are the last three arguments.
        program.write_text('#!/bin/sh\nfor last; do :; done\nmade=$(dirname "$last")/made\nmkdir -p "$made"\n' + script)
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    return install


@pytest.fixture
def doc(tmp_path) -> Path:
    path = tmp_path / "plan.doc"
    path.write_bytes(compound(word_streams("云溪市湿地规划\r一、总体要求\r保护湿地。\r")))
    return path


def lost(document: Document) -> int:
    return balance(document, build_tree(document, load_grammar()))[0].lost


class TestContainer:
    def test_streams_long_short_and_empty(self):
        streams = {"Long": bytes(range(256)) * 20, "Short": b"abc" * 50, "Empty": b""}
        container = Container(compound(streams), "a.doc")
        assert {name: container.stream(name) for name in streams} == streams
        assert container.stream("None") == b""

    def test_table_of_tables(self):
        """A file of more than 109 table sectors keeps the others' places in a chain of their own."""
        data = bytearray(compound({"Long": b"x" * (120 * 128 * 512)}))
        tables = struct.unpack_from("<I", data, 44)[0]
        first = len(data) // 512 - 1 - tables
        places = list(range(first + 109, first + tables))
        data += struct.pack("<128I", *places, *[0xFFFFFFFF] * (127 - len(places)), END)
        struct.pack_into("<II", data, 68, len(data) // 512 - 2, 1)
        assert len(Container(bytes(data), "a.doc").stream("Long")) == 120 * 128 * 512

    @pytest.mark.parametrize("length", [100, 600, 1500, 4000])
    def test_cut_short(self, length):
        data = compound({"Long": b"x" * 6000})[:length]
        with pytest.raises(UnreadableFile, match="cut short") as caught:
            Container(data, "a.doc").stream("Long")
        assert caught.value.code == "damaged"

    def test_chain_that_ends_too_soon(self):
        data = bytearray(compound({"Long": b"x" * 6000}))
        at = data.index("Long".encode("utf-16-le")) + 120
        struct.pack_into("<I", data, at, 60000)
        with pytest.raises(UnreadableFile):
            Container(bytes(data), "a.doc").stream("Long")

    def test_chain_in_a_circle(self):
        data = bytearray(compound({"Long": b"x" * 6000}))
        struct.pack_into("<I", data, (struct.unpack_from("<I", data, 76)[0] + 1) * 512 + 4, 0)
        with pytest.raises(UnreadableFile):
            Container(bytes(data), "a.doc").stream("Long")


class TestCount:
    def test_body_and_notes_without_field_codes(self):
        text = "湿地\x13 HYPERLINK 网址 \x13 深 \x14层\x15\x14见附件\x15规划\x15"
        container = Container(compound(word_streams(text, notes="脚注", narrow="caf\xe9")), "a.doc")
        assert "".join(sorted(count_han(container).elements())) == "".join(sorted("湿地见附件规划脚注"))

    def test_other_table_stream(self):
        assert count_han(Container(compound(word_streams("湿地", flags=0)), "a.doc")).total() == 2

    def test_nonsense_counts_nothing(self):
        for streams in ({}, {"WordDocument": b"\xec\xa5"}, {"WordDocument": bytes(5000)}, word_streams("湿")):
            streams.pop("1Table", None)
            assert not count_han(Container(compound({**streams, "Other": b"x"}), "a.doc"))

    def test_flag_of_encryption(self):
        assert is_encrypted(word_streams("", flags=0x0300)["WordDocument"])
        assert not is_encrypted(word_streams("")["WordDocument"])
        assert not is_encrypted(b"")


class TestConversion:
    def test_what_it_made_is_read(self, fake, doc, tmp_path):
        made = make_docx(tmp_path / "made.docx")
        fake(f'cp "{made}" "$made/document.docx"')
        document = read(doc)
        assert document.text == read(made).text
        assert (document.origin.format, document.origin.name) == ("doc", "plan.doc")
        assert lost(document) == 0

    def test_what_it_dropped_is_lost(self, fake, doc, tmp_path):
        made = make_docx(tmp_path / "made.docx", paragraphs=("云溪市湿地规划", "一、总体要求"))
        fake(f'cp "{made}" "$made/document.docx"')
        assert lost(read(doc)) == len("保护湿地")

    def test_makes_nothing(self, fake, doc):
        fake("exit 1")
        with pytest.raises(UnreadableFile, match=r"^plan\.doc: .*cannot open it") as caught:
            read(doc)
        assert caught.value.code == "damaged"

    def test_without_libreoffice(self, doc, monkeypatch, tmp_path):
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(MissingTool, match=r"^plan\.doc: .*apt-get install libreoffice-writer-nogui"):
            read(doc)

    def test_runs_out_of_time_and_leaves_nothing(self, fake, doc, tmp_path):
        alive = tmp_path / "alive"
        fake(f'(while :; do date +%s%N > "{alive}"; sleep 0.05; done) &\nsleep 60')
        began = time.monotonic()
        with pytest.raises(UnreadableFile, match=r"more than 1 s .*--limit office-seconds=N") as caught:
            read(doc, limits=Limits(office_seconds=1.0))
        assert caught.value.code == "too-large"
        assert time.monotonic() - began < 10
        time.sleep(0.3)
        seen = alive.read_text()
        time.sleep(0.3)
        assert alive.read_text() == seen

    def test_ends_with_the_process_that_asked(self, fake, doc, tmp_path):
        """A killed worker cannot clean up: what it started ends by itself."""
        alive = tmp_path / "alive"
        fake(f'while :; do date +%s%N > "{alive}"; sleep 0.05; done')
        script = "import sys; from planparse.extractors import read; read(sys.argv[1])"
        own = {**os.environ, "TMPDIR": str(tmp_path)}
        reader = subprocess.Popen([sys.executable, "-c", script, str(doc)], stderr=subprocess.DEVNULL, env=own)
        for _ in range(200):
            if alive.exists():
                break
            time.sleep(0.1)
        reader.kill()
        reader.wait()
        time.sleep(0.5)
        seen = alive.read_text()
        time.sleep(0.3)
        assert alive.read_text() == seen

    def test_has_a_folder_and_an_environment_of_its_own(self, fake, doc, tmp_path, monkeypatch):
        monkeypatch.setenv("SECRET", "x")
        fake(f'env > "{tmp_path}/env"; printf "%s\\n" "$@" > "{tmp_path}/arguments"; cat profile/user/*.xcu > "{tmp_path}/xcu"')
        with pytest.raises(UnreadableFile):
            read(doc)
        said = (tmp_path / "env").read_text()
        assert "SECRET" not in said
        assert "http_proxy=http://127.0.0.1:9" in said
        folder = next(line for line in said.splitlines() if line.startswith("HOME=")).removeprefix("HOME=")
        assert f"-env:UserInstallation=file://{folder}/profile" in (tmp_path / "arguments").read_text().splitlines()
        assert not Path(folder).exists()
        assert '"DisableMacrosExecution" oor:op="fuse"><value>true<' in (tmp_path / "xcu").read_text()

    def test_encrypted_is_refused_before(self, tmp_path, monkeypatch):
        monkeypatch.setenv("PATH", "")
        path = tmp_path / "secret.doc"
        path.write_bytes(compound(word_streams("湿地", flags=0x0300)))
        with pytest.raises(UnreadableFile, match=r"^secret\.doc: .*password") as caught:
            read(path)
        assert caught.value.code == "encrypted"


@pytest.fixture(scope="module")
def converted(tmp_path_factory) -> dict[str, Path]:
    """The same document as .docx, .doc and .rtf, made by LibreOffice."""
    folder = tmp_path_factory.mktemp("converted")
    source = make_docx(folder / "plan.docx")
    program = next(filter(None, map(shutil.which, office.PROGRAMS)))
    for suffix in ("doc", "rtf"):
        place = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [program, place, "--headless", "--convert-to", suffix, "--outdir", str(folder), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    return {suffix: folder / f"plan.{suffix}" for suffix in ("docx", "doc", "rtf")}


@needs_office
class TestLibreOffice:
    @pytest.mark.parametrize("suffix", ["doc", "rtf"])
    def test_same_as_docx(self, converted, suffix):
        want, got = read(converted["docx"]), read(converted[suffix])
        assert got.text == want.text
        assert [[(c.row, c.column, c.rows, c.columns) for c in g.cells] for g in got.grids] == [
            [(c.row, c.column, c.rows, c.columns) for c in g.cells] for g in want.grids
        ]
        assert [line.list_label for line in got.lines] == [line.list_label for line in want.lines]
        assert got.origin.format == suffix
        assert got.origin.extractor.startswith("LibreOffice ")
        assert lost(got) == 0
        assert read(converted[suffix]) == got

    def test_rtf_and_docx_named_doc(self, converted, tmp_path):
        for suffix in ("rtf", "docx"):
            path = tmp_path / f"{suffix}.doc"
            path.write_bytes(converted[suffix].read_bytes())
            document = read(path)
            assert document.origin.format == suffix
            assert document.text.startswith("云溪市湿地规划")

    def test_nothing_is_fetched(self, tmp_path):
        """A picture that an RTF names by address is not asked for."""
        asked: list[bytes] = []
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(0.2)
            done = threading.Event()

            def listen() -> None:
                while not done.is_set():
                    try:
                        connection, _ = server.accept()
                    except TimeoutError:
                        continue
                    asked.append(connection.recv(100))
                    connection.close()

            thread = threading.Thread(target=listen)
            thread.start()
            address = f"http://127.0.0.1:{server.getsockname()[1]}/a.png"
            path = tmp_path / "linked.rtf"
            field = rf'{{\field{{\*\fldinst INCLUDEPICTURE "{address}" \\d}}{{\fldrslt }}}}'
            path.write_text(rf"{{\rtf1\ansi\pard plan\par {field}\par}}")
            try:
                document = read(path)
            finally:
                done.set()
                thread.join()
        assert document.text.startswith("plan")
        assert asked == []

    def test_cut_short(self, converted, tmp_path):
        path = tmp_path / "cut.doc"
        data = converted["doc"].read_bytes()
        path.write_bytes(data[: len(data) // 2])
        with pytest.raises(UnreadableFile) as caught:
            read(path)
        assert caught.value.code == "damaged"


def test_eleven_bytes_named_doc(tmp_path):
    path = tmp_path / "not-a-plan.doc"
    path.write_bytes(b"MZ\x90\x00remnant")
    with pytest.raises(UnreadableFile, match=r"^not-a-plan\.doc: .*not a document$") as caught:
        read(path)
    assert caught.value.code == "not-a-document"


@needs_corpus
@needs_office
@pytest.mark.parametrize("name", ["gulou", "zhenjiang"])
def test_same_tree_as_docx(name):
    grammar = load_grammar()
    trees = []
    for suffix in ("docx", "doc"):
        document = read(corpus("plans", f"{name}.{suffix}"), grammar=grammar)
        tree = build_tree(document, grammar)
        assert not balance(document, tree)[1]
        trees.append((document.text, tree.body))
    assert trees[0] == trees[1]
