"""Chinese and Arabic numerals to numbers: 三 → 3, 二十一 → 21, ⑫ → 12, 1.2亿 → 120000000. Pure functions, no grammar.

Digits follow the everyday forms (〇/零, 两), the financial ones (壹贰叁…) and full-width Arabic (GB/T 15835-2011).
"""

import unicodedata
from decimal import Decimal, InvalidOperation

DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {
    "零": 0, "○": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
ROMAN = {word: n for n, word in enumerate(("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"), 1)}
SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}


def to_int(text: str) -> int | None:
    """The integer that a number word means, or None where it is no number.

    >>> to_int("二十一"), to_int("⑫"), to_int("３"), to_int("二〇三五"), to_int("（4）"), to_int("㈢"), to_int("⒉"), to_int("Ⅳ")
    (21, 12, 3, 2035, 4, 3, 2, 4)
    """
    if len(text) == 1 and text in DIGITS:
        return DIGITS[text]
    if text.isascii() and text.isdigit() and len(text) <= 40:
        return int(text)
    word = unicodedata.normalize("NFKC", text.replace("　", "")).strip().strip("()")
    if len(text) == 1:
        word = word.rstrip(".")
    if any(c in DIGITS for c in word):
        # 二O一二: the letter for the numeral.
        word = word.replace("O", "〇").replace("o", "〇")
    if not word or len(word) > 40:
        return None
    if word in ROMAN:
        return ROMAN[word]
    if word.isdecimal():
        return int(word)
    if all(c in DIGITS for c in word):
        return DIGITS[word] if len(word) == 1 else int("".join(str(DIGITS[c]) for c in word))
    total = section = digit = 0
    seen_digit = False
    for char in word:
        if char in DIGITS:
            digit, seen_digit = DIGITS[char], True
        elif char in UNITS:
            section += (digit if seen_digit else 1) * UNITS[char]
            digit, seen_digit = 0, False
        elif char in MYRIADS:
            total = (total + section + digit) * MYRIADS[char] if char in "亿億" else total + (section + digit) * MYRIADS[char]
            section = digit = 0
            seen_digit = False
        else:
            return None
    return total + section + digit


def to_decimal(text: str) -> Decimal | None:
    """The exact number that a printed figure means, with thousands separators and 十/百/千/万/亿 behind it.

    >>> to_decimal("1.2亿"), to_decimal("3,500"), to_decimal("１２．５"), to_decimal("十五万")
    (Decimal('120000000'), Decimal('3500'), Decimal('12.5'), Decimal('150000'))
    """
    if text.isascii() and text.isdigit() and len(text) < 16:
        return Decimal(text)
    word = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "").replace("_", "")
    scale = 1
    while len(word) > 1 and word[-1] in SCALES and (word[0].isdecimal() or word[0] in "+-."):
        scale *= SCALES[word[-1]]
        word = word[:-1]
    try:
        value = Decimal(word)
    except InvalidOperation:
        whole = to_int(word)
        return None if whole is None else Decimal(whole)
    if not value.is_finite():
        return None
    value *= scale
    return value.quantize(Decimal(1)) if value == value.to_integral_value() and value < 10**25 else value.normalize()


def to_chinese(value: int) -> str:
    """The everyday Chinese numeral of 1..999.

    >>> to_chinese(3), to_chinese(12), to_chinese(20), to_chinese(105)
    ('三', '十二', '二十', '一百零五')
    """
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    words = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        words += ("" if tens == 1 and not hundreds else digits[tens]) + "十"
    elif hundreds and ones:
        words += "零"
    return words + (digits[ones] if ones or not words else "")
