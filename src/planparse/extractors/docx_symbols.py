"""Characters of Word's symbol fonts (Wingdings, Symbol) as the Unicode characters that a reader sees."""

# Code points as in the fonts' own tables; only those that office documents use. Word stores them at U+F000 + code.
_WINGDINGS = {
    0x28: "☎", 0x2A: "✉", 0x34: "⌛", 0x36: "⌛", 0x46: "☞", 0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "❑",
    0x72: "❒", 0x73: "⬧", 0x74: "⧫", 0x75: "◆", 0x76: "❖", 0x77: "⬥", 0x9E: "·", 0x9F: "•", 0xA1: "○", 0xA4: "◉", 0xA7: "▪",
    0xA8: "□", 0xAB: "★", 0xB2: "✧", 0xD8: "➢", 0xDC: "➲", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xF0: "⇨",
    0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
} | {0x80 + n: c for n, c in enumerate("⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿")}  # fmt: skip
_WINGDINGS_2 = {
    0x50: "✓",
    0x4F: "✗",
    0x51: "☒",
    0x52: "☑",
    0x53: "☒",
    0x54: "☒",
    0x2A: "☐",
    0xA3: "□",
    0x98: "●",
    0x97: "●",
} | {0x69 + n: c for n, c in enumerate("⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿")}
_SYMBOL = {
    0x2D: "−", 0xA2: "′", 0xA3: "≤", 0xA4: "⁄", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°",
    0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB5: "∝", 0xB6: "∂", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈",
    0xBC: "…", 0xC5: "⊕", 0xC7: "∩", 0xC8: "∪", 0xCE: "∈", 0xD0: "∠", 0xD1: "∇", 0xD5: "∏", 0xD6: "√", 0xD7: "⋅", 0xDE: "⇒",
    0xDB: "⇔", 0xE5: "∑", 0xF2: "∫",
} | dict(zip(b"ABGDEZHQIKLMNXOPRSTUFCYWabgdezhqiklmnxoprstufcywVJj",
             "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρστυφχψωςϑϕ"))  # fmt: skip
_FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "symbol": _SYMBOL, "wingdings 3": {0x7D: "▶", 0x75: "▸"}}


def symbol(code: int, font: str | None) -> str:
    """The character at `code` of a font; a code that the font's table lacks stays the code point that it is.

    >>> symbol(0xF0B7, "Symbol"), symbol(0xF081, "Wingdings"), symbol(0x2022, None)
    ('•', '①', '•')
    """
    table = _FONTS.get((font or "").lower())
    small = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    if table is not None and small in table:
        return table[small]
    if table is None and small != code and small >= 0x20:
        return chr(small)
    return chr(code) if 0x20 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else ""


def bullet(text: str, font: str | None) -> str:
    """A list's bullet as a reader sees it: symbol fonts mapped, an unknown private glyph is "•"."""
    shown = "".join(symbol(ord(c), font) if "\ue000" <= c <= "\uf8ff" or _is_letter_of(c, font) else c for c in text)
    return "".join("•" if "\ue000" <= c <= "\uf8ff" else c for c in shown)


def _is_letter_of(char: str, font: str | None) -> bool:
    """Whether a plain letter stands for a glyph: Wingdings' l is a dot."""
    return (font or "").lower() in _FONTS and ord(char) < 0x100
