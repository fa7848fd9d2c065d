"""Units: what kind of thing they count, and how one is said in another (万吨 → 吨, 公顷 → 亩)."""

import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

SCALES = {"万亿": 10**12, "百亿": 10**10, "十亿": 10**9, "亿": 10**8, "千万": 10**7, "百万": 10**6, "十万": 10**5,
          "万": 10**4, "千": 1000, "百": 100}  # fmt: skip
# Symbol → (kind, symbol of the kind, how many of it). Metric law; 1 亩 = 1/15 公顷 (JJF 1001, 国务院 1990).
SYMBOLS: dict[str, tuple[str, str, Decimal]] = {
    "%": ("ratio", "%", Decimal(1)), "‰": ("ratio", "%", Decimal("0.1")), "个百分点": ("ratio", "%", Decimal(1)),
    "百分点": ("ratio", "%", Decimal(1)),
    "元": ("money", "元", Decimal(1)), "美元": ("money", "美元", Decimal(1)), "人民币": ("money", "元", Decimal(1)),
    "吨": ("mass", "千克", Decimal(1000)), "千克": ("mass", "千克", Decimal(1)), "公斤": ("mass", "千克", Decimal(1)),
    "克": ("mass", "千克", Decimal("0.001")), "斤": ("mass", "千克", Decimal("0.5")), "t": ("mass", "千克", Decimal(1000)),
    "吨标准煤": ("energy", "吨标准煤", Decimal(1)), "吨标煤": ("energy", "吨标准煤", Decimal(1)),
    "公里": ("length", "米", Decimal(1000)), "千米": ("length", "米", Decimal(1000)), "米": ("length", "米", Decimal(1)),
    "km": ("length", "米", Decimal(1000)), "m": ("length", "米", Decimal(1)),
    "平方米": ("area", "平方米", Decimal(1)), "m2": ("area", "平方米", Decimal(1)), "亩": ("area", "平方米", Decimal(10000) / 15),
    "公顷": ("area", "平方米", Decimal(10000)), "平方公里": ("area", "平方米", Decimal(10**6)),
    "平方千米": ("area", "平方米", Decimal(10**6)), "km2": ("area", "平方米", Decimal(10**6)),
    "立方米": ("volume", "立方米", Decimal(1)), "m3": ("volume", "立方米", Decimal(1)),
    "千瓦": ("power", "千瓦", Decimal(1)), "兆瓦": ("power", "千瓦", Decimal(1000)), "kw": ("power", "千瓦", Decimal(1)),
    "mw": ("power", "千瓦", Decimal(1000)), "千瓦时": ("energy", "千瓦时", Decimal(1)), "度": ("energy", "千瓦时", Decimal(1)),
    "分钟": ("time", "分钟", Decimal(1)), "小时": ("time", "分钟", Decimal(60)), "年": ("years", "年", Decimal(1)),
    "岁": ("years", "年", Decimal(1)), "天": ("days", "天", Decimal(1)), "日": ("days", "天", Decimal(1)),
    "人": ("count", "人", Decimal(1)), "名": ("count", "人", Decimal(1)), "位": ("count", "人", Decimal(1)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnitMeaning:
    """`kind` of thing (ratio, money, mass, count …), the `symbol` that conversions meet in, `factor` of it in one unit."""

    kind: str
    symbol: str
    factor: Decimal


@lru_cache(maxsize=4096)
def unit_to_meaning(unit: str) -> UnitMeaning:
    """What a printed unit means; units that no table knows are kinds of count, or of a rate where a stroke stands in them.

    >>> unit_to_meaning("亿元").factor, unit_to_meaning("万平方米").kind, unit_to_meaning("所").kind
    (Decimal('100000000'), 'area', 'count')
    """
    word = "".join(unicodedata.normalize("NFKC", unit).split()).lower()
    if word in SYMBOLS:
        return UnitMeaning(*SYMBOLS[word])
    for scale, times in SCALES.items():
        rest = word[len(scale) :]
        if word.startswith(scale) and rest:
            kind, symbol, factor = SYMBOLS.get(rest, _unknown(rest))
            return UnitMeaning(kind, symbol, factor * times)
    return UnitMeaning(*_unknown(word))


def _unknown(word: str) -> tuple[str, str, Decimal]:
    rate = "/" in word and word not in ("人/次", "人次/年")
    return (f"rate:{word}" if rate else "count", word, Decimal(1))


def conversion_factor(unit: str | None, other: str | None) -> Decimal | None:
    """What a figure in `unit` is multiplied with to stand in `other`; None where they do not meet.

    >>> conversion_factor("万吨", "吨"), conversion_factor("公顷", "亩"), conversion_factor("户", "人")
    (Decimal('10000'), Decimal('15'), None)
    """
    if unit is None or other is None:
        return None
    here, there = unit_to_meaning(unit), unit_to_meaning(other)
    if here.symbol != there.symbol:
        return None
    factor = here.factor / there.factor
    rounded = factor.quantize(Decimal("1e-12")).normalize()
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded
