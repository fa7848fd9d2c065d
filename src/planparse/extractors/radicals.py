"""Code points that no author typed: Kangxi radicals and the like, which a PDF's fonts leave behind, put right one for one.

Kangxi radicals (U+2F00 to U+2FD5) and CJK compatibility ideographs (U+F900 to U+FAFF) have a compatibility mapping in
the Unicode Character Database; CJK radicals supplement (U+2E80 to U+2EFF) mostly has none, so the forms that stand for
a whole character are listed here (Unicode chart 2E80, EquivalentUnifiedIdeograph.txt).
"""

import unicodedata
from types import MappingProxyType

import regex

SUPPLEMENT = (
    "⺀冫⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇几⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑尣⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫"
    "⺥爫⺦丬⺧牛⺨犭⺩王⺪疋⺫目⺬示⺭礻⺮竹⺯糹⺰纟⺱罓⺲罒⺳罓⺴罓⺵网⺶羊⺷羊⺸羊⺹耂⺺肀⺻聿⺼肉⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车"
    "⻌辶⻍辶⻎辶⻏阝⻐钅⻑長⻒镸⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻟飠⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)


def _table() -> dict[int, str]:
    table = {ord(SUPPLEMENT[i]): SUPPLEMENT[i + 1] for i in range(0, len(SUPPLEMENT), 2)}
    for point in (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20)):
        plain = unicodedata.normalize("NFKC", chr(point))
        if len(plain) == 1 and plain != chr(point):
            table[point] = plain
    return table


REPAIRABLE = regex.compile("[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")
REPAIRS = MappingProxyType(_table())


def repair(text: str) -> tuple[str, int]:
    """The text with such code points put right, and how many there were; as long as before.

    >>> repair("⼀⻓⽂")
    ('一长文', 3)
    """
    if not REPAIRABLE.search(text):
        return text, 0
    fixed = text.translate(REPAIRS)
    return fixed, sum(a != b for a, b in zip(text, fixed, strict=True))
