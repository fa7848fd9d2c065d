"""Bytes → text: which encoding a file is in, by what its bytes allow and not by what it says of itself alone."""

import codecs

import regex

# Web pages and editors in China say gb2312 and write GB18030, its superset (WHATWG Encoding maps gb2312 to gbk likewise).
CHINESE = {"gb2312", "gbk", "gb18030", "hz", "cp936"}
# These take any byte: what they declare proves nothing, so that they come last. (Servers declare them by default.)
ANYTHING_GOES = {"iso8859-1", "cp1252", "ascii", "latin_1"}
NOT_TEXT = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf_7", "undefined", "mbcs", "oem", "hz"}
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# A few Chinese characters in GBK can pass for UTF-8 (联通); so many cannot.
ENOUGH_BYTES = 60
# A file that was cut or patched has a handful of broken bytes; a file in another encoding breaks at every other one.
DAMAGED_SHARE = 0.005
REPLACEMENT = "\ufffd"
HIGH_BYTE = regex.compile(rb"[\x80-\xff]")
CHARSET = regex.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,400}?\b(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", regex.I
)


def declared_charset(data: bytes) -> str | None:
    """The encoding that a web page's first 4,096 bytes name (`<meta charset=…>`, `<?xml encoding=…?>`), if any."""
    found = CHARSET.search(data[:4096])
    return found.group(1).decode("ascii") if found else None


def decode(data: bytes, *, declared: str | None = None) -> tuple[str, str]:
    """The text of `data` and the name of its encoding; never raises.

    1. Tried in order: the byte order mark, UTF-16 without one, `declared`, strict UTF-8, strict GB18030, the same two
       with some broken bytes (these become U+FFFD), charset-normalizer's guess, UTF-8 with what breaks as U+FFFD.
    2. A declared gb2312 or gbk means GB18030. Where UTF-8 fits a long text it wins over a declared other encoding, and a
       declared Latin-1, which fits everything, counts for nothing.
    3. The text has no byte order mark.

    >>> decode("规划".encode("gb18030"), declared="gb2312")
    ('规划', 'gb18030')
    """
    for mark, name in BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, errors="replace"), name
    wide = _wide_encoding(data)
    if wide:
        return data.decode(wide, errors="replace"), wide
    high = len(HIGH_BYTE.findall(data))
    said = _usable_name(declared)
    names = [said, "utf-8", "gb18030"] if high < ENOUGH_BYTES else ["utf-8", said, "gb18030"]
    tried = [name for name in dict.fromkeys(names) if name]
    for name in tried:
        text = _strictly(data, name)
        # A text with one broken byte may pass for GB18030 as a whole, so it is asked first whether it is nearly UTF-8.
        if text is None and name == "utf-8":
            text = _nearly(data, name, allowed=int(DAMAGED_SHARE * high))
        if text is not None:
            return text, name
    for name in tried:
        text = _nearly(data, name, allowed=max(1, int(DAMAGED_SHARE * high)))
        if text is not None:
            return text, name
    return _best_guess(data)


def _usable_name(declared: str | None) -> str | None:
    """Python's name of a declared encoding that can tell something; None for unknown names and for those that cannot."""
    try:
        codec = codecs.lookup((declared or "").strip().strip("\"'"))
    except (LookupError, ValueError, UnicodeError):
        return None
    name = codec.name
    if name in CHINESE:
        return "gb18030"
    if name in ANYTHING_GOES or name.replace("-", "_") in NOT_TEXT or not getattr(codec, "_is_text_encoding", True):
        return None
    # What says UTF-16 in ASCII letters is not UTF-16.
    return None if name.startswith(("utf-16", "utf-32", "utf-7")) else name.replace("utf-8-sig", "utf-8")


def _strictly(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return None


def _nearly(data: bytes, name: str, *, allowed: int) -> str | None:
    text = data.decode(name, errors="replace")
    return text if text.count(REPLACEMENT) <= allowed else None


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 without a byte order mark: the line feeds, blanks and digits show as zero bytes on one side only."""
    head = data[:8192]
    if len(head) < 8 or (len(head) % 2 and len(data) < 8192) or 0 not in head:
        return None
    low, high = head[0::2].count(0), head[1::2].count(0)
    name = "utf-16-le" if high > low else "utf-16-be"
    return name if min(low, high) * 20 <= max(low, high) and _strictly(data, name) is not None else None


def _best_guess(data: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None:
        return data.decode("utf-8", errors="replace"), "utf-8"
    return str(best), best.encoding
