"""Which reader takes these bytes: told by what they are, never by the suffix alone."""

import io
import unicodedata
import zipfile

import regex

from planparse.errors import UnreadableFile

PDF_WITHIN = 1024  # ISO 32000-1, implementation note 13: readers accept the header within the first 1024 bytes.
HEAD = 8192
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] 2.2
UTF_16_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
PICTURES = {
    b"\x89PNG\r\n": "png",
    b"\xff\xd8\xff": "jpeg",
    b"GIF8": "gif",
    b"BM": "bmp",
    b"II*\x00": "tiff",
    b"MM\x00*": "tiff",
}
ARCHIVES = {b"Rar!": "a RAR archive", b"7z\xbc\xaf": "a 7z archive", b"\x1f\x8b": "a gzip archive"}
HTML_HEAD = regex.compile(
    r"\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--(?:[^-]|-(?!->))*+-->\s*+)*+<(?:!doctype\s+html|html|head|body|meta|title)\b", regex.I
)
HTML_TAG = regex.compile(r"<(?:html|head|body|div|p|table|span|br|meta|title|h[1-6]|a|ul|td)\b[^<>]*+>", regex.I)
WIDE_TEXT = regex.compile(r"[\t\r\n -~\u2010-\u2033\u3000-\u301f\u4e00-\u9fff\uff01-\uff5e]")
# Documents as one XML file. Of the older ones LibreOffice loses the automatic numbers, so they are not read through it.
XML_HEAD = regex.compile(
    r"\s*+(?:<\?[^>]*+>\s*+|<!--(?:[^-]|-(?!->))*+-->\s*+|<!DOCTYPE[^>\[]*+(?:\[[^\]]*+\]\s*+)?>\s*+)*+<(?P<root>[\w:.-]++)[^<>]*+>"
)
XML_PACKAGE = "pkg:package"
XML_KINDS = {"w:wordDocument": "a Word 2003 XML file", "uof:UOF": "a Uniform Office Format file"}
# RFC 2557: a saved page begins with mail headers, whatever their order.
MIME_HEAD = regex.compile(r"\s*+(?=[\s\S]{0,4000}?^MIME-Version:\s*+1\.0)[A-Za-z][\w-]*+:[ \t]", regex.I | regex.M)
MIME_TYPE = regex.compile(r"^Content-Type:\s*+(?:multipart/(?:related|alternative)|text/html)", regex.I | regex.M)
MARKDOWN = (".md", ".markdown", ".mdown")


def sniff(data: bytes, name: str) -> str:
    """The format of a file, by its content: `docx`, `doc`, `rtf`, `pdf`, `ofd`, `html`, `mhtml`, `markdown`, `text`,
    or a picture's (`png`, `jpeg`, `gif`, `bmp`, `tiff`, `webp`).

    `name` only tells a web page without a head from a text, and Markdown from plain text. Raises UnreadableFile, with
    one sentence that names the file and says what to do, for what no reader takes.
    """
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_to_format(data, name)
    if b"%PDF-" in data[:PDF_WITHIN]:
        return "pdf"
    if data.startswith(OLE):
        return _ole_to_format(data, name)
    if data.lstrip()[:5] == b"{\\rtf":
        return "rtf"
    for magic, kind in PICTURES.items():
        # "BM" alone could open a text: a picture's header has NUL bytes soon after.
        if data.startswith(magic) and (magic != b"BM" or b"\x00" in data[:32]):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    for magic, what in ARCHIVES.items():
        if data.startswith(magic):
            raise UnreadableFile(f"{name}: is {what} and no document; unpack it first", code="unsupported")
    head = _head_to_text(data)
    if MIME_HEAD.match(head) and MIME_TYPE.search(head):
        return "mhtml"
    if HTML_HEAD.match(head):
        return "html"
    if found := XML_HEAD.match(head):
        if found["root"] == XML_PACKAGE:
            return "docx"
        what_else = XML_KINDS.get(found["root"])
        if what_else or (head.lstrip().startswith("<?xml") and not HTML_TAG.search(head)):
            raise UnreadableFile(
                f"{name}: is {what_else or 'an XML file and no document'}; save it as .docx", code="unsupported"
            )
    low = name.lower()
    if HTML_TAG.search(head) and (low.endswith((".htm", ".html", ".xhtml", ".shtml")) or len(HTML_TAG.findall(head)) >= 20):
        return "html" if not low.endswith(MARKDOWN) else "markdown"
    if _is_binary(data, head) and wide_encoding(data) is None:
        raise UnreadableFile(f"{name}: holds no text and is in no known format; it is not a document", code="not-a-document")
    return "markdown" if low.endswith(MARKDOWN) else "text"


def _zip_to_format(data: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except Exception:
        # zipfile raises half a dozen kinds on damaged archives (BadZipFile, struct.error, NotImplementedError …).
        raise UnreadableFile(f"{name}: the file is damaged or cut short; fetch it again", code="damaged") from None
    if "[Content_Types].xml" in names and any(n.startswith("word/") for n in names):
        return "docx"
    if any(n.rsplit("/", 1)[-1] == "OFD.xml" for n in names):
        return "ofd"
    for part, what, advice in (
        ("xl/", "an Excel workbook", "save its sheet as .docx or text"),
        ("ppt/", "a PowerPoint file", "save it as PDF"),
    ):
        if any(n.startswith(part) for n in names):
            raise UnreadableFile(f"{name}: is {what} and no text document; {advice}", code="unsupported")
    if "content.xml" in names:
        raise UnreadableFile(f"{name}: is an OpenDocument file; save it as .docx", code="unsupported")
    raise UnreadableFile(f"{name}: is a ZIP archive and no Word document; unpack it first", code="unsupported")


def _ole_to_format(data: bytes, name: str) -> str:
    # Stream names stand in the directory as UTF-16 ([MS-CFB] 2.6.1); [MS-OFFCRYPTO] 2.3.2 names the encrypted package.
    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if has("EncryptedPackage"):
        raise UnreadableFile(f"{name}: is protected by a password; save it without one", code="encrypted")
    # Word and WPS Office; Microsoft Works.
    if has("WordDocument") or has("MatOST") or (has("CONTENTS") and b"CHNKWKS" in data):
        return "doc"
    for stream, what, advice in (
        ("Workbook", "an Excel workbook", "save its sheet as .docx or text"),
        ("PowerPoint Document", "a PowerPoint file", "save it as PDF"),
    ):
        if has(stream):
            raise UnreadableFile(f"{name}: is {what} and no text document; {advice}", code="unsupported")
    # Where the directory begins ([MS-CFB] 2.2): sector size as a power of two, number of the sector.
    power, sector = int.from_bytes(data[30:32], "little"), int.from_bytes(data[48:52], "little")
    if (sector + 1) << min(power, 16) >= len(data):
        raise UnreadableFile(f"{name}: the file is damaged or cut short; fetch it again", code="damaged")
    raise UnreadableFile(f"{name}: is an old Office file and no Word document; save it as .docx", code="unsupported")


def wide_encoding(data: bytes) -> str | None:
    """UTF-16 without a byte order mark, told by what it reads as: Chinese characters, punctuation and line ends.

    Zero bytes alone do not tell its byte order: 一 is U+4E00.
    """
    head = data[: HEAD & ~1]
    if b"\x00" not in head or len(data) % 2 or head[:2] in UTF_16_MARKS:
        return None
    for name in ("utf-16-le", "utf-16-be"):
        text = head.decode(name, "replace")
        if len(WIDE_TEXT.findall(text)) * 20 >= len(text) * 19:
            return name
    return None


def _head_to_text(data: bytes) -> str:
    head = data[:HEAD]
    if head[:2] in UTF_16_MARKS:
        return head[2:].decode(UTF_16_MARKS[head[:2]], "replace")
    if head.count(0) * 4 > len(head):
        return head.decode("utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be", "replace")
    # Tags are ASCII in every other encoding of web pages; latin-1 takes all bytes.
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def _is_binary(data: bytes, head: str) -> bool:
    """NUL bytes or control characters in such number as no text has, in any encoding."""
    if not data:
        return False
    sample = head if data[:2] in UTF_16_MARKS or data[:HEAD].count(0) * 4 > len(data[:HEAD]) else None
    if sample is not None:
        odd = sum(unicodedata.category(c) in ("Cc", "Cn", "Co", "Cs") and c not in "\t\n\r\f\v" for c in sample)
        return odd * 20 > len(sample)
    odd = sum((byte < 32 and byte not in (9, 10, 11, 12, 13)) or byte == 127 for byte in data[:HEAD])
    return odd * 50 > len(data[:HEAD])
