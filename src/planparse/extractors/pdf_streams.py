"""What the streams of a PDF unpack to, before a library unpacks them: some thousandfold, and every path becomes an object."""

import re
import zlib

from planparse.extractors.limits import DEFAULT_LIMITS, Limits, over

TIGHTEST = 1032
"""Flate packs no tighter than so many to 1."""
STEP = 8192
STREAM = re.compile(rb"stream\r?\n")
ABOUT = 2000


def check_streams(data: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> None:
    """Raises UnreadableFile (`too-large`) for a PDF with a packed stream that is larger inside than `pdf_stream_bytes`.

    Pictures are left out: their readers know how large they are. So are streams of encrypted files, which unpack to nothing.
    """
    most = limits.pdf_stream_bytes
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
        if end - begin < most // TIGHTEST or b"/Fl" not in head or b"/Image" in head:
            continue
        if _unpacks_to_more(memoryview(data)[begin:end], most):
            raise over(
                name, limits, "pdf_stream_bytes", "a page or font of it unpacks to more than {limit}; print it anew, in parts"
            )


def _unpacks_to_more(packed: memoryview, most: int) -> bool:
    """Whether a Flate stream holds more than `most` bytes; read only as far as the rest could still bring it there."""
    reader = zlib.decompressobj()
    size, at = 0, 0
    while size + TIGHTEST * (len(packed) - at) > most and at < len(packed):
        try:
            size += len(reader.decompress(packed[at : at + STEP], most + 1 - size))
            while reader.unconsumed_tail and size <= most:
                size += len(reader.decompress(reader.unconsumed_tail, most + 1 - size))
        except zlib.error:
            return False
        if size > most:
            return True
        at += STEP
    return False
