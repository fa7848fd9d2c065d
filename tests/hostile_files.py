"""Files that no honest office makes, and broken ones: each made small, whatever it unpacks to."""

import base64
import hashlib
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO

from tests import test_docx
from tests.pdf_maker import make_pdf, new
from tests.plans import SAMPLES
from tests.test_docx import SPACES, p
from tests.test_ofd import make_ofd, text

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
IDENTITY = b"0123456789abcdef"
SAID = "为做好云溪市湿地保护工作，制定本规划。"


TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def package(body: str, parts: dict[str, str] | None = None, more: dict[str, str | bytes] | None = None) -> bytes:
    """A .docx that is told by its content."""
    return test_docx.package(body, parts, {"[Content_Types].xml": TYPES, **(more or {})})


def sample(suffix: str, name: str = "shilan") -> bytes:
    """One of the project's own samples."""
    return (SAMPLES / name / f"{name}.{suffix}").read_bytes()


# --- zip ------------------------------------------------------------------------------------------------------------


def zip_of_many_members() -> bytes:
    return package(p(SAID), more={f"word/media/{n}.xml": "" for n in range(10_001)})


def zip_packed_tightly() -> bytes:
    return package(p(SAID) + "<w:p/>" * 4_000_000)


def zip_that_declares_gigabytes() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(package(p(SAID)))) as old, zipfile.ZipFile(out, "w") as made:
        for info in old.infolist():
            made.writestr(info.filename, old.read(info))
        for number in range(4):
            made.writestr(f"word/media/{number}.bin", b"\0" * 2**20)
        for info in made.infolist()[-4:]:
            info.file_size = 200 * 2**20
            info.compress_size = 2 * 2**20
    return out.getvalue()


def zip_of_a_large_part() -> bytes:
    """Packed no tighter than text is, but more than any document holds."""
    noise = hashlib.shake_256(b"x").hexdigest(30_000)
    return package("".join(p(noise[n % 50_000 : n % 50_000 + 4_000]) for n in range(0, 18_000 * 37, 37)))


def docx_in_a_docx() -> bytes:
    data = package(p(SAID))
    for _ in range(50):
        data = package(p(SAID), more={"word/embeddings/inner.docx": data})
    return data


# --- XML ------------------------------------------------------------------------------------------------------------

ENTITIES = '<!DOCTYPE x [<!ENTITY a0 "甲">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)) + "]>"


def docx_with_entities() -> bytes:
    body = f"{ENTITIES}<w:document {SPACES}><w:body>{p('&a11;')}</w:body></w:document>"
    return package("", more={"word/document.xml": body})


def docx_with_an_outer_entity() -> bytes:
    outer = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    return package("", more={"word/document.xml": f"{outer}<w:document {SPACES}><w:body>{p('&a;')}</w:body></w:document>"})


def docx_nested(count: int = 100_000) -> bytes:
    return package("<w:sdt><w:sdtContent>" * count + p(SAID) + "</w:sdtContent></w:sdt>" * count)


def docx_nested_tables(count: int = 80) -> bytes:
    return package("<w:tbl><w:tr><w:tc>" * count + p(SAID) + "</w:tc></w:tr></w:tbl>" * count)


def docx_of_wide_cells() -> bytes:
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="999999"/></w:tcPr>' + p("甲") + "</w:tc>"
    return package("<w:tbl>" + f"<w:tr>{cell * 200}</w:tr>" * 200 + "</w:tbl>")


def docx_of_styles_in_a_circle() -> bytes:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="s{n}"><w:basedOn w:val="s{(n + 1) % 500}"/></w:style>' for n in range(500)
    )
    return package(p(SAID, '<w:pStyle w:val="s0"/>'), parts={"styles": styles})


def ofd_with_entities() -> bytes:
    return make_ofd(text(20, 40, SAID), more={"OFD.xml": f"{ENTITIES}<ofd:OFD xmlns:ofd='x'>&a11;</ofd:OFD>"})


def ofd_nested(count: int = 100_000) -> bytes:
    return make_ofd("<ofd:PageBlock>" * count + text(20, 40, SAID) + "</ofd:PageBlock>" * count)


def html_nested(count: int = 200_000) -> bytes:
    return f"<html><body>{'<div>' * count}<p>{SAID}</p></body></html>".encode()


def html_with_entities() -> bytes:
    return f"{ENTITIES}<html><body><p>&a11;{SAID}</p></body></html>".encode()


def html_of_tables(count: int = 3_000) -> bytes:
    return f"<html><body>{'<table><tr><td>' * count}{SAID}</body></html>".encode()


def html_of_spans() -> bytes:
    cell = '<td rowspan="65534" colspan="1000">甲</td>'
    return f"<html><body><p>{SAID}</p><table>{'<tr>' + cell * 50 + '</tr>'}{'<tr><td>乙</td></tr>' * 2000}</table></body></html>".encode()


def rtf_nested(count: int = 100_000) -> bytes:
    return b"{\\rtf1 " + b"{" * count + b"x" + b"}" * count + b"}"


# --- pictures -------------------------------------------------------------------------------------------------------


def png(width: int, height: int) -> bytes:
    """A white picture, a bit a pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    row = b"\0" + b"\xff" * ((width + 7) // 8)
    rows = b"".join([packer.compress(row * 100) for _ in range(height // 100)] + [packer.flush()])
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def docx_with_a_gigapixel() -> bytes:
    return package(p(SAID), more={"word/media/image1.png": png(40_000, 40_000)})


def html_with_a_gigapixel() -> bytes:
    address = base64.b64encode(png(40_000, 40_000)).decode()
    return f'<html><body><p>{SAID}</p><img src="data:image/png;base64,{address}"></body></html>'.encode()


def pdf_of_objects(*bodies: bytes) -> bytes:
    """A PDF of these objects, the first of them the catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1) + b"".join(b"%010d 00000 n \n" % at for at in places)
    return bytes(out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(bodies) + 1, start))


def stream(data: bytes, words: bytes = b"") -> bytes:
    return b"<< /Length %d %s >> stream\n%s\nendstream" % (len(data), words, data)


def pdf_of_a_gigapixel(side: int = 40_000, box: bytes = b"0 0 595 842") -> bytes:
    packer = zlib.compressobj(9)
    row = b"\xff" * (side // 8)
    data = b"".join([packer.compress(row * 100) for _ in range(side // 100)] + [packer.flush()])
    about = (
        b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /FlateDecode"
    )
    return pdf_of_objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>" % box,
        stream(b"500 0 0 700 40 40 cm /I Do"),
        stream(data, about % (side, side)),
    )


def pdf_of_a_vast_page() -> bytes:
    return pdf_of_a_gigapixel(800, b"0 0 14400000 14400000")


# --- PDF ------------------------------------------------------------------------------------------------------------


def pdf_of_pages(count: int) -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    kids = b" ".join(b"%d 0 R" % n for n in range(3, 3 + count))
    return pdf_of_objects(
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, kids), *[page] * count
    )


def pdf_that_says_it_has_pages() -> bytes:
    return pdf_of_objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 4000 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    )


def pdf_whose_pages_go_round() -> bytes:
    return pdf_of_objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 3 /Kids [3 0 R 2 0 R] >>",
        b"<< /Type /Pages /Parent 2 0 R /Count 3 /Kids [2 0 R 3 0 R] >>",
    )


def pdf_of_deep_pages(depth: int = 20_000) -> bytes:
    inner = [b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % (n + 3) for n in range(depth)]
    page = b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] >>" % (depth + 1)
    return pdf_of_objects(b"<< /Type /Catalog /Pages 2 0 R >>", *inner, page)


def pdf_with_content(content: bytes, words: bytes = b"") -> bytes:
    return pdf_of_objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F 5 0 R >> /XObject << /X 6 0 R >> >> >>",
        stream(content, words),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        stream(b"/X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /XObject << /X 6 0 R >> >>"),
    )


def pdf_whose_content_unpacks_to_much() -> bytes:
    packed = zlib.compress(b"0 0 m 9 9 l S " * 5_000_000, 9)
    return pdf_with_content(packed, b"/Filter /FlateDecode")


def pdf_whose_filters_are_piled_up() -> bytes:
    data = b"BT /F 12 Tf 80 700 Td (Plan) Tj ET" + b" " * 3_000_000
    for _ in range(20):
        data = zlib.compress(data, 9)
    return pdf_with_content(data, b"/Filter [" + b"/FlateDecode " * 20 + b"]")


def pdf_of_a_form_in_itself() -> bytes:
    return pdf_with_content(b"/X Do BT /F 12 Tf 80 700 Td (Plan of Yunxi) Tj ET")


def pdf_of_much_text() -> bytes:
    return pdf_with_content(b"BT /F 1 Tf 10 700 Td " + b"(%s) Tj 0 -1 Td " % (b"plan " * 60) * 1_500 + b"ET")


def pdf_of_states() -> bytes:
    return pdf_with_content(b"q " * 1_000_000 + b"BT /F 12 Tf 80 700 Td (Plan of Yunxi) Tj ET")


def _rc4(key: bytes, data: bytes) -> bytes:
    box, j = list(range(256)), 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


def encrypt_pdf(data: bytes, *, user: bytes = b"", owner: bytes = b"owner") -> bytes:
    """What `pdf_maker` makes, under a password (ISO 32000-1, 7.6.3: RC4, 40 bits): streams keep their length."""
    own = _rc4(hashlib.md5((owner + PAD)[:32]).digest()[:5], (user + PAD)[:32])
    key = hashlib.md5((user + PAD)[:32] + own + struct.pack("<i", -4) + IDENTITY).digest()[:5]
    out, at = b"", 0
    while (start := data.find(b"stream\n", at)) >= 0:
        number = int(data[: data.rfind(b" 0 obj", 0, start)].rpartition(b"\n")[2])
        begin, end = start + 7, data.find(b"\nendstream", start)
        own_key = hashlib.md5(key + struct.pack("<I", number)[:3] + b"\0\0").digest()[:10]
        out += data[at:begin] + _rc4(own_key, data[begin:end]) + b"\nendstream"
        at = end + 10
    said = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (own.hex().encode(), _rc4(key, PAD).hex().encode())
    identity = IDENTITY.hex().encode()
    return (out + data[at:]).replace(b"trailer << ", b"trailer << /Encrypt %s /ID [<%s> <%s>] " % (said, identity, identity))


def plain_pdf() -> bytes:
    page = new()[0]
    page.lines("云溪市湿地保护规划", "一、总体要求", "　　按照统筹兼顾的要求保护湿地。")
    return make_pdf(page)


def pdf_without_unicode_map() -> bytes:
    """Glyph codes of a font that says nothing of the characters they stand for."""
    data = plain_pdf()
    at = data.index(b"/ToUnicode")
    return data[:at] + b"/TzUnicode" + data[at + 10 :]


# --- text -----------------------------------------------------------------------------------------------------------


def text_of_one_line() -> bytes:
    return (SAID * 30_000).encode()


def text_of_many_lines() -> bytes:
    return "\n".join(f"第{n}条　{SAID}" for n in range(8_000)).encode()


def text_of_numbers() -> bytes:
    return ("（一）" * 200_000).encode()


def text_of_brackets() -> bytes:
    return ("（《〔【“" * 120_000).encode()


def text_of_tabs() -> bytes:
    return ("甲" + "\t" * 200 + "\n").encode() * 3_000


def text_of_headings() -> bytes:
    return "\n".join(["一、总体要求", "二、主要任务", "（一）建设湿地"] * 2_500).encode()


def text_of_digits() -> bytes:
    return ("到2025年达到" + "9" * 800_000).encode()


def text_of_marks() -> bytes:
    return ("甲" + "\u0301" * 800_000).encode()


def markdown_of_quotes() -> bytes:
    return (">" * 200_000 + "甲\n" + "|" * 200_000 + "\n" + "#" * 200_000).encode()


def text_too_large() -> bytes:
    return (SAID + "\n").encode() * 1_200_000


HOSTILE: Mapping[str, Callable[[], bytes]] = {
    "members.docx": zip_of_many_members,
    "tight.docx": zip_packed_tightly,
    "gigabytes.docx": zip_that_declares_gigabytes,
    "large.docx": zip_of_a_large_part,
    "matryoshka.docx": docx_in_a_docx,
    "entities.docx": docx_with_entities,
    "outer-entity.docx": docx_with_an_outer_entity,
    "nested.docx": docx_nested,
    "nested-tables.docx": docx_nested_tables,
    "wide.docx": docx_of_wide_cells,
    "circle.docx": docx_of_styles_in_a_circle,
    "gigapixel.docx": docx_with_a_gigapixel,
    "entities.ofd": ofd_with_entities,
    "nested.ofd": ofd_nested,
    "nested.html": html_nested,
    "entities.html": html_with_entities,
    "tables.html": html_of_tables,
    "spans.html": html_of_spans,
    "gigapixel.html": html_with_a_gigapixel,
    "gigapixel.pdf": pdf_of_a_gigapixel,
    "vast.pdf": pdf_of_a_vast_page,
    "pages-5001.pdf": lambda: pdf_of_pages(5_001),
    "pages-5000.pdf": lambda: pdf_of_pages(5_000),
    "says-pages.pdf": pdf_that_says_it_has_pages,
    "round.pdf": pdf_whose_pages_go_round,
    "deep.pdf": pdf_of_deep_pages,
    "unpacks.pdf": pdf_whose_content_unpacks_to_much,
    "filters.pdf": pdf_whose_filters_are_piled_up,
    "form.pdf": pdf_of_a_form_in_itself,
    "much.pdf": pdf_of_much_text,
    "states.pdf": pdf_of_states,
    "no-map.pdf": pdf_without_unicode_map,
    "line.txt": text_of_one_line,
    "lines.txt": text_of_many_lines,
    "numbers.txt": text_of_numbers,
    "brackets.txt": text_of_brackets,
    "tabs.txt": text_of_tabs,
    "headings.txt": text_of_headings,
    "digits.txt": text_of_digits,
    "marks.txt": text_of_marks,
    "quotes.md": markdown_of_quotes,
    "large.txt": text_too_large,
}
"""Every one is read, or refused with one sentence and a code; none takes long or much memory."""
