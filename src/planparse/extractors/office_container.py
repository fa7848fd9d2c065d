"""OLE compound files ([MS-CFB]): which streams one has, and their bytes; what a .doc says of itself ([MS-DOC] 2.5.1)."""

import struct
from collections import Counter
from dataclasses import dataclass

from planparse.errors import UnreadableFile

HEADER = 512
LAST = 0xFFFFFFFA  # MAXREGSECT: free, end-of-chain and table sectors are above
ENTRY = 128
MINI = 64
WORD_97 = 0xA5EC
ENCRYPTED_FLAG, TABLE_1_FLAG = 0x0100, 0x0200
HAN = (0x3400, 0x9FFF)
FIELD, SEPARATOR, FIELD_END = "\x13", "\x14", "\x15"


@dataclass(frozen=True, slots=True)
class Entry:
    """A stream in the directory: its first sector and its length in bytes."""

    start: int
    size: int


class Container:
    """The streams of a compound file by name (the first of a name counts).

    Raises UnreadableFile (`damaged`) where the file is cut short or its tables lead out of it.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self._data, self._name = data, name
        if len(data) < HEADER:
            raise self._damaged()
        self._sector = 1 << min(16, struct.unpack_from("<H", data, 30)[0])
        tables, directory, self._cutoff, mini, _, more, _ = struct.unpack_from("<II4x5I", data, 44)
        self._fat = self._read_fat(tables, more)
        self.entries: dict[str, Entry] = {}
        listing = self._chain(directory)
        root = Entry(LAST, 0)
        for at in range(0, len(listing) - ENTRY + 1, ENTRY):
            length, kind = struct.unpack_from("<HB", listing, at + 64)
            start, size = struct.unpack_from("<IQ", listing, at + 116)
            if kind == 5:
                root = Entry(start, size & 0xFFFFFFFF)
            elif kind == 2:
                title = listing[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
                self.entries.setdefault(title, Entry(start, size & 0xFFFFFFFF))
        self._root, self._mini = root, mini

    def stream(self, name: str) -> bytes:
        """The whole stream; b"" where there is none of this name."""
        entry = self.entries.get(name)
        if entry is None or not entry.size:
            return b""
        if entry.size >= self._cutoff:
            return self._chain(entry.start, entry.size)
        table = self._chain(self._mini)
        pool = self._chain(self._root.start, self._root.size)
        following = struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])
        pieces = [pool[s * MINI : (s + 1) * MINI] for s in self._sectors(entry.start, following)]
        return self._whole(b"".join(pieces), entry.size)

    def _read_fat(self, tables: int, more: int) -> tuple[int, ...]:
        places = list(struct.unpack_from("<109I", self._data, 76))
        seen: set[int] = set()
        while more < LAST and more not in seen:
            seen.add(more)
            block = struct.unpack(f"<{self._sector // 4}I", self._bytes_of(more))
            places += block[:-1]
            more = block[-1]
        parts = [self._bytes_of(place) for place in places[:tables] if place < LAST]
        joined = b"".join(parts)
        return struct.unpack(f"<{len(joined) // 4}I", joined)

    def _chain(self, start: int, size: int | None = None) -> bytes:
        return self._whole(b"".join(map(self._bytes_of, self._sectors(start, self._fat))), size)

    def _sectors(self, start: int, following: tuple[int, ...]) -> list[int]:
        found: list[int] = []
        while start < LAST:
            if start >= len(following) or len(found) > len(following):
                raise self._damaged()
            found.append(start)
            start = following[start]
        return found

    def _bytes_of(self, sector: int) -> bytes:
        at = (sector + 1) * self._sector
        found = self._data[at : at + self._sector]
        if not found:
            raise self._damaged()
        # The last sector of a file may be short.
        return found.ljust(self._sector, b"\0")

    def _whole(self, found: bytes, size: int | None) -> bytes:
        if size is None:
            return found
        if len(found) < size:
            raise self._damaged()
        return found[:size]

    def _damaged(self) -> UnreadableFile:
        return UnreadableFile(f"{self._name}: is cut short or damaged; get the file again")


def is_encrypted(document: bytes) -> bool:
    """Whether the WordDocument stream says that its words are encrypted or obfuscated (FibBase.fEncrypted)."""
    return len(document) > 12 and bool(struct.unpack_from("<H", document, 10)[0] & ENCRYPTED_FLAG)


def count_han(container: Container) -> Counter[str]:
    """The Chinese characters of body, notes and text boxes, read plainly from the piece table ([MS-DOC] 2.4.1).

    Field codes are left out. Counts nothing in files of Word 6 and 95, and where the table makes no sense.
    """
    document = container.stream("WordDocument")
    try:
        identifier, _, _, _, _, flags = struct.unpack_from("<6H", document)
        if identifier != WORD_97:
            return Counter()
        words = struct.unpack_from("<H", document, 32)[0]
        longs = 34 + 2 * words
        body, notes, heads, macros, remarks, ends, boxes = struct.unpack_from("<7I", document, longs + 2 + 12)
        pairs = longs + 2 + 4 * struct.unpack_from("<H", document, longs)[0] + 2
        place, length = struct.unpack_from("<II", document, pairs + 8 * 33)  # fcClx, lcbClx
        table = container.stream("1Table" if flags & TABLE_1_FLAG else "0Table")
        text = _pieces_to_text(table[place : place + length], document)
    except (struct.error, IndexError):
        return Counter()
    after = body + notes + heads + macros + remarks
    kept = (text[: body + notes], text[after : after + ends + boxes])
    found: Counter[str] = Counter()
    for part in kept:
        found.update(_without_codes(part))
    return Counter({char: n for char, n in found.items() if HAN[0] <= ord(char) <= HAN[1]})


def _pieces_to_text(clx: bytes, document: bytes) -> str:
    at = 0
    while clx[at] == 1:  # Prc
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    (size,) = struct.unpack_from("<I", clx, at + 1)
    count = (size - 4) // 12
    places = struct.unpack_from(f"<{count + 1}I", clx, at + 5)
    parts: list[str] = []
    for i in range(count):
        (place,) = struct.unpack_from("<I", clx, at + 5 + 4 * (count + 1) + 8 * i + 2)
        length = places[i + 1] - places[i]
        if place & 0x40000000:
            start = (place & 0x3FFFFFFF) // 2
            parts.append(document[start : start + length].decode("cp1252", "replace"))
        else:
            # One unit a character, as the positions count them.
            units = document[place : place + 2 * length]
            parts.append("".join(map(chr, struct.unpack(f"<{len(units) // 2}H", units[: len(units) // 2 * 2]))))
    return "".join(parts)


def _without_codes(text: str) -> str:
    """Without what stands between the beginning of a field and its separator."""
    if FIELD not in text:
        return text
    kept: list[str] = []
    codes: list[bool] = []
    for char in text:
        if char == FIELD:
            codes.append(True)
        elif char == SEPARATOR and codes:
            codes[-1] = False
        elif char == FIELD_END and codes:
            codes.pop()
        elif not any(codes):
            kept.append(char)
    return "".join(kept)
