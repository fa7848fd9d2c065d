"""Hostile, broken and mislabelled files: each is read, or refused with one sentence and a code, soon and in little memory."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from planparse import parse
from planparse.batch.worker import Job, Outcome, Worker
from planparse.cli import app
from planparse.errors import UnreadableFile
from planparse.extractors import read
from planparse.extractors.ocr import is_installed
from tests.hostile_files import HOSTILE, OLE, encrypt_pdf, package, plain_pdf, png, sample
from tests.test_docx import p

SECONDS = 20
MEMORY = 2**30
FORMATS = ("txt", "docx", "pdf", "html")
REFUSED = {
    "members.docx": "too-large", "tight.docx": "too-large", "gigabytes.docx": "too-large", "large.docx": "too-large",
    "entities.docx": "unsupported", "outer-entity.docx": "unsupported", "nested.docx": "too-large", "wide.docx": "too-large",
    "entities.ofd": "unsupported", "nested.ofd": "too-large", "nested.html": "too-large", "tables.html": "too-large",
    "gigapixel.pdf": "no-text", "vast.pdf": "no-text", "pages-5001.pdf": "too-large", "pages-5000.pdf": "no-text",
    "says-pages.pdf": "damaged", "round.pdf": "damaged", "deep.pdf": "damaged", "unpacks.pdf": "too-large",
    "much.pdf": "too-large", "large.txt": "too-large",
}  # fmt: skip


@pytest.fixture(scope="module")
def child() -> Iterator[Worker]:
    with Worker(seconds=3 * SECONDS) as worker:
        worker.await_ready()
        yield worker


def outcome_of(data: bytes, name: str, child: Worker, folder: Path) -> Outcome:
    """What becomes of a file in the child that `ingest` reads with; whatever it is, it is told in one sentence."""
    path = folder / name
    path.write_bytes(data)
    outcome = child.run(Job(str(path), str(folder / "out"), "plan", ("json",)))
    assert outcome.code not in ("internal", "crashed", "timeout", "memory"), outcome.error
    if outcome.error:
        assert outcome.code
        assert outcome.error.startswith(f"{name}: ")
        assert "\n" not in outcome.error
        assert "Traceback" not in outcome.error
    assert outcome.peak is None or outcome.peak < MEMORY
    return outcome


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_cost_little(name: str, child: Worker, tmp_path: Path) -> None:
    if name == "no-map.pdf" and not is_installed():
        pytest.skip("glyphs without a map are read off the page")
    outcome = outcome_of(HOSTILE[name](), name, child, tmp_path)
    assert outcome.seconds < SECONDS
    assert outcome.code == REFUSED.get(name), outcome.error


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.99])
def test_files_cut_short(suffix: str, share: float, child: Worker, tmp_path: Path) -> None:
    data = sample(suffix)
    outcome = outcome_of(data[: int(len(data) * share)], f"cut.{suffix}", child, tmp_path)
    if suffix == "docx":
        assert outcome.code == "damaged"
    if suffix == "txt" and share > 0.5:
        assert outcome.error is None


@pytest.mark.parametrize("name", ["plan.txt", "plan.docx", "plan.pdf", "plan.html", "plan.ofd", "plan.doc", "plan"])
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \n\t \r\n", "no-text"),
        (bytes(range(256)) * 40, "not-a-document"),
        (b"\0" * 4096, "not-a-document"),
        (b"PK\x03\x04" + b"\x07" * 500, "damaged"),
        (b"PK\x05\x06" + b"\0" * 18, "unsupported"),
        (OLE + b"\xff" * 2000, None),
        (b"%PDF-1.7\n" + b"\xfe" * 3000, "damaged"),
        (png(80, 100)[:30], "damaged"),
        (png(80, 100)[:12], "damaged"),
    ],
    ids=["empty", "blank", "noise", "nul", "zip", "empty-zip", "ole", "pdf", "picture", "picture-head"],
)
def test_no_documents(name: str, data: bytes, code: str | None, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(UnreadableFile) as caught:
        read(path)
    assert str(caught.value).startswith(f"{name}: ")
    assert "\n" not in str(caught.value)
    if code and not (data.isspace() and name.endswith(("html", "htm"))):
        assert caught.value.code == code


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("called", ["plan.pdf", "plan.docx", "plan.doc", "plan.html", "plan.ofd", "plan.bin", "plan"])
def test_the_name_does_not_tell_the_format(suffix: str, called: str, tmp_path: Path) -> None:
    path = tmp_path / called
    path.write_bytes(sample(suffix))
    made = read(path)
    assert made.origin.format == {"txt": "text"}.get(suffix, suffix)
    assert "教育事业发展规划" in made.text


@pytest.mark.parametrize(
    "name",
    [
        "规划 副本(1).docx",
        "خطة.docx",
        "план.docx",
        "計畫😀.docx",
        "-rf.docx",
        "a'b\"c$(x).docx",
        "长" * 80 + ".docx",
        ".docx",
        "e\u0301.docx",
    ],
)
def test_names_in_any_script(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(package(p("云溪市湿地保护规划")))
    assert parse(path).source.name == name


def test_names_that_cannot_be() -> None:
    for name in ("\0", "x" * 5000, "/", "."):
        with pytest.raises(UnreadableFile):
            read(name)


class TestPasswords:
    def test_an_owners_password_does_not_keep_readers_out(self, tmp_path: Path) -> None:
        path = tmp_path / "owned.pdf"
        path.write_bytes(encrypt_pdf(plain_pdf()))
        assert read(path).text.startswith("云溪市湿地保护规划\n一、总体要求")

    def test_a_users_password_is_asked_for(self, tmp_path: Path) -> None:
        path = tmp_path / "secret.pdf"
        path.write_bytes(encrypt_pdf(plain_pdf(), user=b"shidi"))
        with pytest.raises(UnreadableFile, match=r"^secret\.pdf: .*--password") as caught:
            parse(path)
        assert caught.value.code == "encrypted"
        with pytest.raises(UnreadableFile, match="the password given does not open it") as caught:
            parse(path, password="x")
        assert caught.value.code == "encrypted"
        assert parse(path, password="shidi").text.startswith("云溪市湿地保护规划\n")

    def test_commands_take_a_password(self, tmp_path: Path) -> None:
        path = tmp_path / "secret.pdf"
        path.write_bytes(encrypt_pdf(plain_pdf(), user=b"shidi"))
        for command in ("text", "show", "explain"):
            said = CliRunner().invoke(app, [command, str(path), "--password", "shidi"])
            assert said.exit_code == 0
            assert "总体要求" in said.stdout

    def test_a_run_takes_one_and_keeps_it_to_itself(self, tmp_path: Path) -> None:
        (tmp_path / "secret.pdf").write_bytes(encrypt_pdf(plain_pdf(), user=b"shidi"))
        (tmp_path / "plan.txt").write_text("一、总体要求\n保护湿地。\n", encoding="utf-8")
        files, out = [str(tmp_path / name) for name in ("secret.pdf", "plan.txt")], tmp_path / "out"
        said = CliRunner().invoke(app, ["ingest", *files, "--out", str(out)])
        assert said.exit_code == 1
        assert "--password" in said.output
        assert (out / "plan.json").exists()
        assert CliRunner().invoke(app, ["ingest", *files, "--out", str(out), "--password", "shidi"]).exit_code == 0
        assert "总体要求" in (out / "secret.json").read_text(encoding="utf-8")
        assert [p.name for p in out.rglob("*") if p.is_file() and b"shidi" in p.read_bytes()] == []

    @pytest.mark.parametrize("name", ["secret.docx", "secret.doc"])
    def test_office_files_say_so(self, name: str, tmp_path: Path) -> None:
        path = tmp_path / name
        path.write_bytes(OLE + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 500)
        with pytest.raises(UnreadableFile, match=r"^secret\.docx?: .*password") as caught:
            parse(path, password="x")
        assert caught.value.code == "encrypted"


@pytest.mark.skipif(not is_installed(), reason="no OCR at hand")
def test_a_font_that_tells_no_characters_is_read_off_the_page(tmp_path: Path) -> None:
    """Without a map the text layer is numbers; what is seen is what counts, and no number passes for a word."""
    path = tmp_path / "no-map.pdf"
    path.write_bytes(HOSTILE["no-map.pdf"]())
    plan = parse(path)
    assert not re.search(r"[\x00-\x08\ue000-\uf8ff]", plan.text)


def test_a_font_that_tells_no_characters_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "no-map.pdf"
    path.write_bytes(HOSTILE["no-map.pdf"]())
    monkeypatch.setattr("planparse.extractors.ocr.is_installed", lambda: False)
    with pytest.raises(UnreadableFile, match=r"^no-map\.pdf: ") as caught:
        parse(path)
    assert caught.value.code == "no-text"
