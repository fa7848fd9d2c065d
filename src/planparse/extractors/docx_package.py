"""A .docx as a package of parts: opened within limits, its XML parsed without DTDs, entities or network (ECMA-376-2)."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from posixpath import dirname, join, normpath

from lxml import etree

from planparse.errors import UnreadableFile
from planparse.extractors.limits import DEFAULT_LIMITS, Limits, over

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
V = "{urn:schemas-microsoft-com:vml}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DGM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"

RATIO_FROM = 2**20
# libxml2 reads no deeper unless it is told to read whatever comes.
USUAL_DEPTH = 256

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
# ISO/IEC 29500 strict has its own namespaces; what differs for a reader of text is the names alone.
STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": W[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": R[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/math": M[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/drawingml/main": A[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/drawingml/chart": C[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": b"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    b"http://purl.oclc.org/ooxml/drawingml/diagram": DGM[1:-1].encode(),
}
STORIES = re.compile(r"(header|footer|footnotes|endnotes|comments)\d*\.xml")


class Package:
    """The parts of a .docx, .docm or .dotx, by their names in lower case.

    Guarantees: no part is inflated past the size that the package declares for it, and all together stay under
    `limits`. Raises UnreadableFile (`encrypted`, `damaged`, `too-large`, `not-a-document`).
    """

    def __init__(self, data: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> None:
        self.name, self.limits = name, limits
        self._archive, self._members = archive_to_members(data, name, limits)
        self._trees: dict[str, etree._Element | None] = {}
        self.main = next(iter(self.related("", "officeDocument")), "word/document.xml")
        if self.main not in self._members:
            raise UnreadableFile(f"{name}: is a zip file but no Word document", code="not-a-document")

    def tree(self, part: str) -> "etree._Element | None":
        """The root of a part's XML, parsed once; None where the package has no such part."""
        if part not in self._trees:
            self._trees[part] = self._parse(part) if part in self._members else None
        return self._trees[part]

    def raw(self, part: str) -> bytes:
        """A part's bytes. Raises UnreadableFile (`damaged`) where there is no such part or it is damaged."""
        if part not in self._members:
            raise UnreadableFile(f"{self.name}: has no part {part}; get the file again")
        return member_to_bytes(self._archive, self._members[part], self.name)

    def tolerant(self, part: str | None) -> "etree._Element | None":
        """The same for a part that the text can be read without: None where it is damaged, too."""
        try:
            return None if part is None else self.tree(part)
        except UnreadableFile as error:
            if error.code != "damaged":
                raise
            return None

    def aside(self, kind: str, *, of: str | None = None) -> "etree._Element | None":
        """The root of a part beside the main one that only says how text looks (styles, numbering, settings)."""
        return self.tolerant(next(iter(self.related(self.main if of is None else of, kind)), None))

    def stories(self) -> Iterator[tuple[str, str]]:
        """(kind, part) of every header, footer, footnotes, endnotes and comments part beside the main one."""
        folder = dirname(self.main)
        found: dict[str, str] = {}
        for kind in ("header", "footer", "footnotes", "endnotes", "comments"):
            found |= dict.fromkeys(self.related(self.main, kind), kind)
        for part in sorted(self._members):
            # A part that no relationship names still holds words of the file.
            named = STORIES.fullmatch(part[len(folder) + 1 :]) if part.startswith(f"{folder}/") else None
            if named:
                found.setdefault(part, named.group(1))
        yield from ((kind, part) for part, kind in found.items() if part in self._members)

    def related(self, part: str, kind: str) -> list[str]:
        """The parts that `part` ("" for the package) names in relationships whose type ends in `/kind`."""
        return [target for of, _, target in self._relationships(part) if of == kind]

    def target(self, part: str, identifier: str) -> str | None:
        """The part that a relationship id of `part` means."""
        return next((target for _, rid, target in self._relationships(part) if rid == identifier), None)

    def _relationships(self, part: str) -> list[tuple[str, str, str]]:
        folder, _, file = part.rpartition("/")
        root = self.tolerant(join(folder, "_rels", f"{file}.rels"))
        return [
            (r.get("Type", "").rpartition("/")[2], r.get("Id", ""), _resolved(folder, r.get("Target", "")))
            for r in (() if root is None else root.iter(RELATIONSHIP))
            if r.get("TargetMode") != "External"
        ]

    def _parse(self, part: str) -> "etree._Element":
        data = member_to_bytes(self._archive, self._members[part], self.name)
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            data = re.sub(r"^\s*<\?xml[^>]*\?>", "", data.decode("utf-16", "replace")).encode()
        if b"purl.oclc.org/ooxml" in data:
            for strict, transitional in STRICT.items():
                data = data.replace(strict, transitional)
        return bytes_to_tree(data, self.name, part, self.limits)


def member_to_bytes(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    """A member's bytes, no more of them than the archive declares. Raises UnreadableFile (`damaged`)."""
    try:
        with archive.open(info) as stream:
            return stream.read(info.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        raise UnreadableFile(f"{name}: its part {info.filename} is damaged; get the file again") from None


def bytes_to_tree(data: bytes, name: str, part: str, limits: Limits) -> "etree._Element":
    """The root of a part's XML, without DTD, entities, comments or network. Raises UnreadableFile.

    A tree takes some ten times the memory of its text, so a part over `xml_bytes` is refused.
    """
    if len(data) > limits.xml_bytes:
        raise over(name, limits, "xml_bytes", f"its part {part} unpacks to more than {{limit}}; split the file")
    refused = UnreadableFile(f"{name}: its part {part} declares a DTD, which no such document has", code="unsupported")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise refused
    # Parsers keep state between runs, so each part has its own.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=limits.xml_depth > USUAL_DEPTH, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    deep = over(name, limits, "xml_depth", f"its part {part} is nested deeper than {{limit}} levels; save it anew")
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if "depth" in str(error).lower() or "too long" in str(error).lower():
            raise deep from None
        raise UnreadableFile(f"{name}: its part {part} is not whole XML; get the file again") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise refused
    if limits.xml_depth != USUAL_DEPTH and depth_of(root) > limits.xml_depth:
        raise deep
    return root


def depth_of(root: "etree._Element") -> int:
    """The levels of elements in a tree, its root among them."""
    deepest = depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _resolved(folder: str, target: str) -> str:
    path = target.replace("\\", "/").lower()
    return normpath(path.lstrip("/") if path.startswith("/") else join(folder, path))


def archive_to_members(data: bytes, name: str, limits: Limits) -> tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]:
    """A package's zip archive and its members by their names in lower case, within the limits.

    Raises UnreadableFile (`encrypted`, `damaged`, `too-large`, `not-a-document`).
    """
    if data.startswith(OLE):
        if ENCRYPTED_STREAM in data:
            raise UnreadableFile(f"{name}: is protected by a password; save a copy without one", code="encrypted")
        raise UnreadableFile(f"{name}: is an older Office file and no .docx", code="not-a-document")
    if not data.startswith(b"PK"):
        raise UnreadableFile(f"{name}: is no Word document (not a zip file)", code="not-a-document")
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
        raise UnreadableFile(f"{name}: is cut short or damaged; get the file again") from None
    if any(info.flag_bits & 1 for info in infos):
        raise UnreadableFile(f"{name}: is protected by a password; save a copy without one", code="encrypted")
    if len(infos) > limits.zip_parts:
        raise over(name, limits, "zip_parts", f"holds {len(infos):,} parts, more than {{limit}}; save it anew")
    if sum(info.file_size for info in infos) > limits.zip_bytes:
        raise over(name, limits, "zip_bytes", "unpacks to more than {limit}; save it anew without pictures")
    for info in infos:
        if info.file_size > RATIO_FROM and info.file_size > limits.zip_ratio * max(1, info.compress_size):
            raise over(name, limits, "zip_ratio", f"its part {info.filename} is packed more than {{limit}}-fold; save it anew")
    return archive, {normpath(info.filename.replace("\\", "/").lower().lstrip("/")): info for info in infos}
