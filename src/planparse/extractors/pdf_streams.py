"""What the streams of a PDF unpack to, before a library unpacks them: some thousandfold, and every path becomes an object."""

import re
import zlib

from planparse.errors import UnreadableFile

MAX_UNPACKED = 32 * 2**20
"""Bytes of one stream that is no picture; drawings in plans have some MB. pdfium needs about 30 times as much memory."""
# Flate packs no tighter than 1032 to 1.
LEAST = MAX_UNPACKED // 1032
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
        try:
            unpacked = zlib.decompressobj().decompress(memoryview(data)[begin:end], MAX_UNPACKED + 1)
        except zlib.error:
            continue
        if len(unpacked) > MAX_UNPACKED:
            raise UnreadableFile(
                f"{name}: a page or font of it unpacks to more than {MAX_UNPACKED >> 20} MB; print it anew, in parts",
                code="too-large",
            )
