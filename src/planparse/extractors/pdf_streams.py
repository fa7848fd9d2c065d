"""What the streams of a PDF unpack to, before a library unpacks them: some thousandfold, and every path becomes an object."""

import re
import zlib

from planparse.errors import UnreadableFile

MAX_UNPACKED = 32 * 2**20
"""Bytes of one stream that is no picture; drawings in plans have some MB. pdfium needs about 30 times as much memory."""
TIGHTEST = 1032
"""Flate packs no tighter than so many to 1."""
LEAST = MAX_UNPACKED // TIGHTEST
STEP = 8192
STREAM = re.compile(rb"stream\r?\n")
ABOUT = 2000


def check_streams(data: bytes, name: str) -> None:
    """Raises UnreadableFile (`too-large`) for a PDF with a packed stream that is suspiciously large inside.

    Pictures are left out: their readers know how large they are. So are streams of encrypted files, which unpack to nothing.
    """
    at = 0
    while found := STREAM.search(data, at):
        begin = found.end()
        at = begin
        if data[found.start() - 3 : found.start()] == b"end":
            continue
        end = data.find(b"endstream", begin)
        end = len(data) if end < 0 else end
        at = end
        head = data[max(0, found.start() - ABOUT) : found.start()].rpartition(b" obj")[2]
        if end - begin < LEAST or b"/Fl" not in head or b"/Image" in head:
            continue
        if _unpacks_to_much(memoryview(data)[begin:end]):
            raise UnreadableFile(
                f"{name}: a page or font of it unpacks to more than {MAX_UNPACKED >> 20} MB; print it anew, in parts",
                code="too-large",
            )


def _unpacks_to_much(packed: memoryview) -> bool:
    """Whether a Flate stream holds more than MAX_UNPACKED; read only as far as the rest could still bring it there."""
    reader = zlib.decompressobj()
    size, at = 0, 0
    while size + TIGHTEST * (len(packed) - at) > MAX_UNPACKED and at < len(packed):
        try:
            size += len(reader.decompress(packed[at : at + STEP], MAX_UNPACKED + 1 - size))
            while reader.unconsumed_tail and size <= MAX_UNPACKED:
                size += len(reader.decompress(reader.unconsumed_tail, MAX_UNPACKED + 1 - size))
        except zlib.error:
            return False
        if size > MAX_UNPACKED:
            return True
        at += STEP
    return False
