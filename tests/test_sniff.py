"""Which reader takes which bytes, and what `read` says of files that none takes."""

import io
import zipfile

import pytest

from planparse.errors import UnreadableFile
from planparse.extractors import read
from planparse.extractors.sniff import sniff
from planparse.models.limits import Limits

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def zipped(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "form"),
    [
        (zipped("[Content_Types].xml", "word/document.xml"), "a.pdf", "docx"),
        (b"%PDF-1.7\n", "a.docx", "pdf"),
        (b"\n\n junk %PDF-1.4", "a", "pdf"),
        (b"<!DOCTYPE html><p>x", "a.txt", "html"),
        (b"\xef\xbb\xbf  <html><body>", "a", "html"),
        (b"<?xml version='1.0'?><!-- a - b --><html>", "a", "html"),
        ("<html><p>规划</p>".encode("utf-16"), "a", "html"),
        ("<html><p>规划</p>".encode("utf-16-le"), "a", "html"),
        ("<div>规划</div>".encode(), "a.htm", "html"),
        ("<div>规划</div>".encode(), "a.txt", "text"),
        (b"<p>x</p>" * 30, "a.txt", "html"),
        (b"<br>x" * 30, "a.md", "markdown"),
        ("一、总体要求".encode(), "a.txt", "text"),
        ("一、总体要求".encode(), "a.md", "markdown"),
        ("一、总体要求".encode("gb18030"), "a.docx", "text"),
        ("一、总体要求".encode("utf-16"), "a.txt", "text"),
        (b"BM is a word", "a.txt", "text"),
        (b"BM" + bytes(40), "a.txt", "bmp"),
        (b"\x89PNG\r\n\x1a\n", "a.pdf", "png"),
        (b"\xff\xd8\xff\xe0", "a", "jpeg"),
        (b"MM\x00*", "a.doc", "tiff"),
        (b"RIFF\x00\x00\x00\x00WEBP", "a.jpg", "webp"),
        (zipped("OFD.xml"), "a.pdf", "ofd"),
        (b"{\\rtf1 x}", "a.doc", "rtf"),
        (b'<?xml version="1.0"?>\n<?mso-application progid="Word.Document"?>\n<pkg:package xmlns:pkg="x">', "a.xml", "docx"),
        (OLE + "WordDocument".encode("utf-16-le"), "a.wps", "doc"),
        (b"From: <Saved>\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n", "a.mht", "mhtml"),
        (b"MIME-Version: 1.0\nContent-Type: text/html\n\n<html>", "a.doc", "mhtml"),
        (b"Note: a text that only speaks of Content-Type: text/html", "a.txt", "text"),
        (b"", "a.txt", "text"),
    ],
)
def test_takes(data, name, form):
    assert sniff(data, name) == form


@pytest.mark.parametrize(
    ("data", "word", "code"),
    [
        (b"PK\x03\x04 broken", "damaged", "damaged"),
        (zipped("xl/workbook.xml"), "Excel", "unsupported"),
        (zipped("ppt/presentation.xml"), "PowerPoint", "unsupported"),
        (zipped("content.xml"), "OpenDocument", "unsupported"),
        (zipped("photo.jpg"), "ZIP", "unsupported"),
        (OLE, "save it as .docx", "unsupported"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password", "encrypted"),
        (OLE + "Workbook".encode("utf-16-le"), "Excel", "unsupported"),
        (OLE + "PowerPoint Document".encode("utf-16-le"), "PowerPoint", "unsupported"),
        (b"Rar!\x1a", "RAR", "unsupported"),
        (
            b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="x">',
            "Word 2003",
            "unsupported",
        ),
        (b'<?xml version="1.0" encoding="UTF-8"?>\n<uof:UOF xmlns:uof="x">', "Uniform", "unsupported"),
        (b'<?xml version="1.0"?><feed><entry/></feed>', "XML", "unsupported"),
        (bytes(range(32)) * 40, "not a document", "not-a-document"),
        (b"\x00\x01\x02\x03" * 300, "not a document", "not-a-document"),
    ],
)
def test_refuses_in_one_sentence(data, word, code):
    with pytest.raises(UnreadableFile) as caught:
        sniff(data, "云溪.doc")
    assert str(caught.value).startswith("云溪.doc: ")
    assert word in str(caught.value)
    assert caught.value.code == code


def test_read_says_what_is_wrong_with_the_file(tmp_path):
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    large = tmp_path / "large.txt"
    large.write_bytes("规划".encode() * 10)
    for path, code in (
        (empty, "empty"),
        (large, "too-large"),
        (tmp_path / "none.txt", "missing"),
        (tmp_path, "missing"),
        ("a\0b", "missing"),
    ):
        with pytest.raises(UnreadableFile) as caught:
            read(path, limits=Limits(file_bytes=50))
        assert caught.value.code == code


def test_read_gives_the_origin_without_the_folder(tmp_path):
    path = tmp_path / "plan.md"
    path.write_text("# 云溪市养老规划\n\n正文。\n", encoding="utf-8")
    origin = read(path).origin
    assert (origin.name, origin.format, origin.extractor, origin.encoding) == ("plan.md", "markdown", "text", "utf-8")
    assert origin.bytes == path.stat().st_size
    assert len(origin.sha256) == 64


@pytest.mark.parametrize(
    ("raised", "caught"), [(ValueError("x"), UnreadableFile), (RecursionError(), UnreadableFile), (MemoryError(), MemoryError)]
)
def test_what_a_reader_lets_through_becomes_one_sentence(tmp_path, monkeypatch, raised, caught):
    path = tmp_path / "plan.txt"
    path.write_text("正文。", encoding="utf-8")

    def broken(*_, **__):
        raise raised

    monkeypatch.setattr("planparse.extractors.text.read_text", broken)
    with pytest.raises(caught):
        read(path)


@pytest.mark.parametrize(("form", "module"), [("pdf", "pdf"), ("docx", "docx"), ("html", "html")])
def test_each_format_goes_to_its_reader(tmp_path, monkeypatch, form, module):
    import sys
    import types

    fake = types.ModuleType(f"planparse.extractors.{module}")
    setattr(fake, f"read_{module}", lambda data, origin, *, grammar, **_: types.SimpleNamespace(text=origin.format, lines=()))
    monkeypatch.setitem(sys.modules, fake.__name__, fake)
    monkeypatch.setattr("planparse.extractors.sniff", lambda data, name: form)
    path = tmp_path / "plan"
    path.write_bytes(b"x")
    assert read(path).text == form
