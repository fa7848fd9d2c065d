"""An .ofd as a package of parts (GB/T 33190-2016, 7): opened within limits, its XML found by place and read by local name.

Producers write other namespaces than the standard's, prefixes that they never declare, GBK under a UTF-8 heading and
names in another case than the archive has; all of that is read.
"""

from collections.abc import Iterator
from posixpath import dirname, join, normpath

import regex
from lxml import etree

from planparse.errors import UnreadableFile
from planparse.extractors.docx_package import archive_to_members, bytes_to_tree, member_to_bytes
from planparse.extractors.encoding import declared_charset, decode
from planparse.extractors.limits import DEFAULT_LIMITS, Limits

# GM/T 0099-2020 keeps the keys of an encrypted package in parts of these names.
KEYS = regex.compile(r"(?:.*/)?(?:encryptions?\.xml|decryptseed\.dat)")
DECLARATION = regex.compile(r"\s*+<\?xml[^>]*+>")
PREFIX = regex.compile(r"(</?)[\w.-]*+:(?=\w)")
NAMESPACE = regex.compile(r"""\sxmlns(?::[\w.-]*+)?\s*+=\s*+(?:"[^"]*+"|'[^']*+')""")
ATTRIBUTE_PREFIX = regex.compile(r"(\s)[\w.-]++:(?=[\w.-]++\s*+=)")


class OfdPackage:
    """The parts of an OFD file, by their names in lower case; `root` is its OFD.xml.

    Raises UnreadableFile (`encrypted`, `damaged`, `too-large`, `not-a-document`), here and in `tree`.
    """

    def __init__(self, data: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> None:
        self.name, self.limits = name, limits
        self._archive, self._members = archive_to_members(data, name, limits)
        self._trees: dict[str, etree._Element] = {}
        entries = sorted((part for part in self._members if f"/{part}".endswith("/ofd.xml")), key=lambda p: (p.count("/"), p))
        if not entries:
            raise UnreadableFile(f"{name}: is a zip file but no OFD document", code="not-a-document")
        self._top = dirname(entries[0])
        self.root = entries[0]

    def find(self, of: str, location: str) -> str | None:
        """The part that `location`, written in the part `of`, means: relative to it, else to the package; None if absent."""
        path = location.strip().replace("\\", "/").lower()
        if not path:
            return None
        tried = [path] if path.startswith("/") else [join(dirname(of), path), path]
        found = (normpath(join(self._top, place.lstrip("/")) if place == path else place) for place in tried)
        return next((part for part in found if part in self._members), None)

    def tree(self, of: str, location: str) -> "etree._Element":
        """The root of the part that `location` means, parsed once; raises UnreadableFile where there is no such part."""
        part = self.find(of, location)
        if part is None:
            raise self._unreadable(
                f"{self.name}: its part {location.strip()[:80] or 'Document.xml'} is missing; get the file again"
            )
        return self.parsed(part)

    def parsed(self, part: str) -> "etree._Element":
        """The root of the part by its name in the package."""
        if part not in self._trees:
            self._trees[part] = self._parse(part)
        return self._trees[part]

    def raw(self, part: str) -> bytes:
        """The bytes of the part by its name in the package. Raises UnreadableFile (`damaged`)."""
        return member_to_bytes(self._archive, self._members[part], self.name)

    def _unreadable(self, message: str) -> UnreadableFile:
        if any(KEYS.fullmatch(part) for part in self._members):
            return UnreadableFile(f"{self.name}: is encrypted; save a copy without encryption", code="encrypted")
        return UnreadableFile(message)

    def _parse(self, part: str) -> "etree._Element":
        try:
            data = member_to_bytes(self._archive, self._members[part], self.name)
            try:
                return bytes_to_tree(data, self.name, part, self.limits)
            except UnreadableFile as error:
                if error.code != "damaged":
                    raise
                return bytes_to_tree(_mended(data), self.name, part, self.limits)
        except UnreadableFile as error:
            if error.code != "damaged":
                raise
            raise self._unreadable(str(error)) from None


def _mended(data: bytes) -> bytes:
    """The part in UTF-8 without namespaces and prefixes, which some producers get wrong."""
    text, _ = decode(data, declared=declared_charset(data))
    return NAMESPACE.sub("", ATTRIBUTE_PREFIX.sub(r"\1", PREFIX.sub(r"\1", DECLARATION.sub("", text, 1)))).encode()


def local(element: "etree._Element") -> str:
    """An element's name without namespace and prefix."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def inside(element: "etree._Element | None", *names: str) -> "Iterator[etree._Element]":
    """The elements of these local names anywhere in `element`, in order."""
    if element is not None:
        yield from (e for e in element.iter() if local(e) in names)


def said(element: "etree._Element", name: str) -> str:
    """An attribute's words ("" where it is not given), its name written with a capital or without."""
    value = element.get(name)
    return (element.get(name[0].lower() + name[1:], "") if value is None else value).strip()


def numbers(words: str) -> list[float]:
    """The numbers in an attribute (ST_Array); what is none is left out."""
    found: list[float] = []
    for word in words.split():
        try:
            value = float(word)
        except ValueError:
            continue
        if abs(value) < 1e9:  # drops nan and infinities, too
            found.append(value)
    return found
