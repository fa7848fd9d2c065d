"""What a plan prints → what a page shows: nothing in it is ever markup, script or control."""

import json
from collections.abc import Mapping
from html import escape

CONTROLS: Mapping[int, int | str] = {
    **{c: 0x2400 + c for c in range(0x20) if c not in (0x09, 0x0A)},
    0x7F: 0x2421,
    **dict.fromkeys(range(0x80, 0xA0), "\ufffd"),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), ""),
    0xFFFE: "\ufffd",
    0xFFFF: "\ufffd",
}
"""Control characters are shown as their pictures; what turns the direction of writing is left out."""


def shown(text: object) -> str:
    """Words as HTML: escaped, also for attributes in double quotes; a line break in a cell is <br>."""
    return escape(str(text).translate(CONTROLS)).replace("\u2028", "<br>")


def attribute(text: object) -> str:
    """Words for an attribute in double quotes."""
    return escape(str(text).translate(CONTROLS).replace("\u2028", " "))


def data(value: object, name: str) -> str:
    """A JSON block; `<`, `>` and `&` are written as escapes, so that no word in it can end the block.

    Lone surrogates stay escapes of JSON; everything else is written as it is.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=False)
    text = text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    text = "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" or c in "\u2028\u2029" else c for c in text)
    return f'<script type="application/json" id="{name}">{text}</script>'
