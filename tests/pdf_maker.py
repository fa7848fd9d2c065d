"""Tiny PDFs, written byte by byte: the text layer says exactly what a test needs."""

from collections.abc import Sequence

LEFT, RIGHT, TOP, STEP, SIZE = 80, 512, 740, 28, 16
FULL = (RIGHT - LEFT) // SIZE  # characters on a full line

FORM = "40 280 100 20 re S 140 280 60 20 re S"
"""Two cells in a form XObject (/X1 Do), drawn at half its size."""


SQUARE, BRACKET, NOTHING = "100 -40 800 840 re f", "650 -100 250 950 re f", ""
"""Glyphs of the drawn font: a block for any character, a high narrow one in the right half, and none."""


class Glyphs:
    """Codes for characters, given as they come; ASCII is half an em wide.

    `drawn` are the glyphs of a Type 3 font, whose ink has a place and a size: (drawing, what its map says).
    """

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}
        self.drawn: dict[tuple[str, str], int] = {}

    def hex(self, text: str) -> str:
        return "".join(f"{self.codes.setdefault(c, len(self.codes) + 1):04X}" for c in text)

    def to_unicode(self) -> bytes:
        pairs = "".join(f"<{n:04X}> <{c.encode('utf-16-be').hex()}>\n" for c, n in self.codes.items())
        return (
            "/CIDInit /ProcSet findresource begin begincmap /CMapName /X def /CMapType 2 def\n"
            "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
            f"{len(self.codes)} beginbfchar\n{pairs}endbfchar endcmap end"
        ).encode()

    def widths(self) -> str:
        return " ".join(f"{n} [{500 if c < chr(0x2000) else 1000}]" for c, n in self.codes.items())


class Page:
    """Words and rules of one page; points from the lower left corner, as PDF has them."""

    def __init__(self, glyphs: Glyphs) -> None:
        self.glyphs = glyphs
        self.parts: list[str] = []
        self.extra = ""

    def text(self, x: float, y: float, words: str, *, size: float = SIZE, font: str = "F1", turn: str = "1 0 0 1") -> "Page":
        self.parts.append(f"BT /{font} {size} Tf {turn} {x} {y} Tm <{self.glyphs.hex(words)}> Tj ET")
        return self

    def solid(
        self, x: float, y: float, words: str, *, size: float = SIZE, turn: str = "1 0 0 1", glyph: str = SQUARE
    ) -> "Page":
        """Words in the drawn font, a glyph of ink for each character."""
        drawn = self.glyphs.drawn
        codes = "".join(f"{drawn.setdefault((glyph, c), len(drawn) + 33):02X}" for c in words)
        self.parts.append(f"BT /F4 {size} Tf {turn} {x} {y} Tm <{codes}> Tj ET")
        return self

    def latin(self, x: float, y: float, words: str, *, turn: str = "1 0 0 1") -> "Page":
        """ASCII in Helvetica, whose glyphs pdfium has: only what has a height is text when it is turned."""
        self.parts.append(f"BT /F3 {SIZE} Tf {turn} {x} {y} Tm ({words}) Tj ET")
        return self

    def lines(self, *words: str, y: float = TOP, x: float = LEFT, step: float = STEP, size: float = SIZE) -> "Page":
        """Lines one under another; 　 at the head indents."""
        for i, line in enumerate(words):
            bare = line.lstrip("　")
            self.text(x + size * (len(line) - len(bare)), y - i * step, bare, size=size)
        return self

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> "Page":
        self.parts.append(f"{x0} {y0} m {x1} {y1} l S")
        return self

    def raster(self, xs: list[float], ys: list[float]) -> "Page":
        for x in xs:
            self.rule(x, ys[0], x, ys[-1])
        for y in ys:
            self.rule(xs[0], y, xs[-1], y)
        return self

    def draw(self, operators: str) -> "Page":
        self.parts.append(operators)
        return self


def make_pdf(
    *pages: Page, title: str | None = None, catalog: str = "", more: Sequence[str] = (), bound: str = "", drawn_too: str = ""
) -> bytes:
    """The pages (all with the same `Glyphs`) as a PDF file.

    `more` are objects from number 3 on, which the catalog (`catalog`), the pages' resources (`bound`) and their XObjects
    (`drawn_too`) may name.
    """
    glyphs = pages[0].glyphs
    bodies: list[bytes] = [f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(), b"", *(body.encode() for body in more)]

    def add(body: bytes) -> int:
        bodies.append(body)
        return len(bodies)

    def stream(data: bytes) -> bytes:
        return b"<< /Length %d >> stream\n%s\nendstream" % (len(data), data)

    unicode_map = add(stream(glyphs.to_unicode()))
    fonts = []
    for name in ("TestSong", "TestSong-Bold"):
        descriptor = add(
            f"<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 "
            "/Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>".encode()
        )
        child = add(
            f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /FontDescriptor {descriptor} 0 R /DW 1000 "
            f"/W [{glyphs.widths()}] /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>".encode()
        )
        fonts.append(
            add(
                f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H "
                f"/DescendantFonts [{child} 0 R] /ToUnicode {unicode_map} 0 R >>".encode()
            )
        )
    drawn = glyphs.drawn
    pairs = "".join(f"<{n:02X}> <{c.encode('utf-16-be').hex()}>\n" for (_, c), n in drawn.items())
    drawn_map = add(
        stream(
            "/CIDInit /ProcSet findresource begin begincmap /CMapName /Y def /CMapType 2 def\n1 begincodespacerange <00> <FF> "
            f"endcodespacerange\n{len(drawn)} beginbfchar\n{pairs}endbfchar endcmap end".encode()
        )
    )
    procs = {n: add(stream(f"1000 0 0 -200 1000 1000 d1 {glyph}".encode())) for (glyph, _), n in drawn.items()}
    named = " ".join(f"/g{n} {place} 0 R" for n, place in procs.items())
    order = " ".join(f"{n} /g{n}" for n in procs)
    solid = add(
        f"<< /Type /Font /Subtype /Type3 /FontBBox [0 -200 1000 1000] /FontMatrix [.001 0 0 .001 0 0] /CharProcs << {named} >> "
        f"/Encoding << /Type /Encoding /Differences [{order}] >> /FirstChar 33 /LastChar {32 + len(drawn)} "
        f"/Widths [{'1000 ' * len(drawn)}] /ToUnicode {drawn_map} 0 R /Resources << >> >>".encode()
    )
    plain = add(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    form = f"<< /Type /XObject /Subtype /Form /BBox [0 0 600 600] /Matrix [2 0 0 2 0 0] /Length {len(FORM)} >> stream"
    forms = add(f"{form}\n{FORM}\nendstream".encode())
    kids = []
    for page in pages:
        content = add(stream("\n".join(page.parts).encode()))
        kids.append(
            add(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {page.extra} /Contents {content} 0 R "
                f"/Resources << /Font << /F1 {fonts[0]} 0 R /F2 {fonts[1]} 0 R /F3 {plain} 0 R /F4 {solid} 0 R >> /XObject << /X1 {forms} 0 R {drawn_too} >> {bound} >> >>".encode()
            )
        )
    bodies[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{k} 0 R' for k in kids)}] >>".encode()
    info = add(f"<< /Title ({title}) >>".encode()) if title else None
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    extra = f"/Info {info} 0 R" if info else ""
    out += f"trailer << /Size {len(bodies) + 1} /Root 1 0 R {extra} >>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(out)


def filler(count: int, start: int = 0x5000) -> str:
    return "".join(chr(start + i) for i in range(count))


def new(count: int = 1) -> list[Page]:
    glyphs = Glyphs()
    return [Page(glyphs) for _ in range(count)]
