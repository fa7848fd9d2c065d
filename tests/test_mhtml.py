"""Saved web pages: which part is the page, its encoding, and that nothing of it is lost."""

import base64
import quopri
from pathlib import Path

import pytest

from planparse.balance import balance
from planparse.document import Document
from planparse.errors import UnreadableFile
from planparse.extractors import read
from planparse.grammar import load_grammar
from planparse.structure.tree import build_tree

PAGE = "<html><head><title>云溪市规划</title></head><body><h1>云溪市湿地规划</h1><p>一、总体要求</p><p>保护湿地。</p></body></html>"
FRAME = "<html><body><p>别处的页面</p></body></html>"


def saved(*parts: tuple[str, bytes], head: str = "") -> bytes:
    """A saved page of these parts: (head lines, body)."""
    lines = [
        b"From: <Saved by a browser>",
        b"Snapshot-Content-Location: https://example.org/plan.html",
        b"Date: Mon, 2 Mar 2026 09:00:00 +0800",
        b"MIME-Version: 1.0",
        f'Content-Type: multipart/related; type="text/html"; boundary="--edge"{head}'.encode(),
        b"",
    ]
    for heading, body in parts:
        lines += [b"----edge", heading.encode(), b"", body]
    return b"\r\n".join([*lines, b"----edge--", b""])


def page(text: str = PAGE, charset: str = "utf-8", more: str = "", named: bool = True) -> tuple[str, bytes]:
    """An HTML part, quoted-printable; `named`: its head names the charset."""
    kind = f'Content-Type: text/html; charset="{charset}"' if named else "Content-Type: text/html"
    return f"{kind}\r\nContent-Transfer-Encoding: quoted-printable{more}", quopri.encodestring(text.encode(charset))


PICTURE = ("Content-Type: image/png\r\nContent-Transfer-Encoding: base64", base64.encodebytes(b"\x89PNG" * 20))


@pytest.fixture
def reading(tmp_path: Path):
    def opened(data: bytes, name: str = "plan.mht") -> Document:
        file = tmp_path / name
        file.write_bytes(data)
        return read(file)

    return opened


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "gb2312"])
@pytest.mark.parametrize("named", [True, False])
def test_page_in_any_encoding(reading, charset, named):
    document = reading(saved(page(charset=charset, named=named), PICTURE))
    assert document.text == "云溪市湿地规划\n一、总体要求\n保护湿地。"
    assert document.origin.format == "mhtml"
    assert document.origin.encoding == ("utf-8" if charset == "utf-8" else "gb18030")
    assert document.metadata["url"] == "https://example.org/plan.html"
    assert document.metadata["title"] == "云溪市规划"
    assert document.metadata["date"].startswith("Mon, 2 Mar")


def test_nothing_is_lost(reading):
    document = reading(saved(page()), "plan.doc")
    grammar = load_grammar()
    coverage, found = balance(document, build_tree(document, grammar))
    assert coverage.lost == 0
    assert not found


def test_first_page_counts_and_frames_do_not(reading):
    assert "别处" not in reading(saved(PICTURE, page(), page(FRAME))).text


def test_start_names_the_page(reading):
    data = saved(page(FRAME), page(more="\r\nContent-ID: <main@x>"), head='; start="<main@x>"')
    assert reading(data).text.startswith("云溪市湿地规划")


def test_start_that_names_nothing(reading):
    assert reading(saved(page(), head='; start="<gone@x>"')).text.startswith("云溪市湿地规划")


def test_location_of_the_part_is_its_url(reading):
    data = saved(page(more="\r\nContent-Location: https://example.org/own.html"))
    assert reading(data).metadata["url"] == "https://example.org/own.html"


def test_page_alone_is_no_multipart(reading):
    heading, body = page()
    assert reading(b"MIME-Version: 1.0\n" + heading.replace("\r\n", "\n").encode() + b"\n\n" + body).text.startswith("云溪市")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (saved(PICTURE), "not-a-document"),
        (saved(page("")), "damaged"),
        (saved(page("<html><body></body></html>")), "no-text"),
    ],
)
def test_without_a_page(reading, data, code):
    with pytest.raises(UnreadableFile, match=r"^plan\.mht: ") as caught:
        reading(data)
    assert caught.value.code == code


def test_headers_with_bytes_beyond_ascii(reading):
    """The library gives such headers as objects; they say what they say."""
    heading, body = page()
    data = saved((f"{heading}\r\nContent-Location: https://example.org/湿地.html\r\nContent-ID: <湿地>", body))
    assert "保护湿地。" in reading(data).text
