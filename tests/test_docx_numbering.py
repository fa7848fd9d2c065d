"""Word's automatic numbers: every format, and how lists count."""

import pytest
from lxml import etree

from planparse.extractors.docx_numbering import Label, Numbering, format_number
from planparse.extractors.docx_package import W
from planparse.extractors.docx_styles import ParagraphLook, Styles
from planparse.extractors.docx_symbols import bullet, symbol


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("decimal", {1: "1", 120: "120"}),
        ("decimalZero", {3: "03", 12: "12", 100: "100"}),
        ("decimalFullWidth", {12: "１２"}),
        ("decimalFullWidth2", {12: "１２"}),
        ("decimalHalfWidth", {12: "12"}),
        ("decimalEnclosedCircle", {1: "①", 20: "⑳", 21: "21", 0: "0"}),
        ("decimalEnclosedCircleChinese", {10: "⑩", 12: "⑫"}),
        ("decimalEnclosedFullstop", {1: "⒈", 20: "⒛"}),
        ("decimalEnclosedParen", {1: "⑴", 20: "⒇"}),
        ("numberInDash", {3: "- 3 -"}),
        ("upperRoman", {4: "IV", 1999: "MCMXCIX", 0: "0"}),
        ("lowerRoman", {9: "ix"}),
        ("upperLetter", {1: "A", 26: "Z", 27: "AA", 0: "0"}),
        ("lowerLetter", {2: "b", 28: "bb"}),
        ("ordinal", {1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 21: "21st"}),
        ("chineseCounting", {1: "一", 10: "十", 15: "十五", 20: "二十", 99: "九十九", 101: "一○一"}),
        (
            "chineseCountingThousand",
            {10: "十", 19: "十九", 100: "一百", 105: "一百零五", 110: "一百一十", 1010: "一千零一十", 10001: "一万零一"},
        ),
        ("chineseCountingThousand", {2000: "二千", 20050: "二万零五十", 100000: "十万", 0: "〇", -1: "-1"}),
        ("chineseLegalSimplified", {3: "叁", 10: "壹拾", 21: "贰拾壹", 305: "叁佰零伍"}),
        ("ideographLegalTraditional", {3: "參", 12: "壹拾貳"}),
        ("ideographDigital", {10: "一〇", 25: "二五"}),
        ("taiwaneseDigital", {10: "一○"}),
        ("japaneseDigitalTenThousand", {12: "一二"}),
        ("taiwaneseCounting", {12: "十二", 100: "一○○"}),
        ("taiwaneseCountingThousand", {12: "十二", 10000: "一萬"}),
        ("japaneseCounting", {11: "十一", 21: "二十一", 100: "百", 101: "百一"}),
        ("ideographTraditional", {1: "甲", 10: "癸", 11: "11"}),
        ("ideographZodiac", {1: "子", 12: "亥", 13: "13"}),
        ("ideographZodiacTraditional", {1: "甲子", 60: "癸亥", 61: "61"}),
        ("ideographEnclosedCircle", {1: "㊀", 10: "㊉", 11: "11"}),
        ("none", {5: ""}),
        ("hebrew1", {5: "5"}),
    ],
)
def test_number_formats(kind: str, expected: dict[int, str]) -> None:
    assert {number: format_number(number, kind) for number in expected} == expected


def numbering(xml: str, styles: str = "") -> Numbering:
    space = f'xmlns:w="{W[1:-1]}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    sheet = etree.fromstring(f"<w:styles {space}>{styles}</w:styles>")
    return Numbering(etree.fromstring(f"<w:numbering {space}>{xml}</w:numbering>"), Styles(sheet))


def level(at: int, text: str, kind: str = "decimal", more: str = "", start: int = 1) -> str:
    return f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/>{more}</w:lvl>'


def abstract(identifier: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{identifier}">{"".join(levels)}</w:abstractNum>'


def num(identifier: int, of: int, more: str = "") -> str:
    return f'<w:num w:numId="{identifier}"><w:abstractNumId w:val="{of}"/>{more}</w:num>'


def restart(at: int, start: int) -> str:
    return f'<w:lvlOverride w:ilvl="{at}"><w:startOverride w:val="{start}"/></w:lvlOverride>'


def labels(lists: Numbering, *places: tuple[str, int]) -> list[str | None]:
    out: list[str | None] = []
    for list_id, at in places:
        place = lists.place(ParagraphLook(list_id=list_id, list_level=at), own_level=True)
        label = lists.label(*place) if place else None
        out.append(label.text if label else None)
    return out


THREE = abstract(1, level(0, "第%1章", "chineseCounting"), level(1, "%1.%2"), level(2, "（%3）", "chineseCountingThousand"))


def test_levels_start_again_under_a_higher_one() -> None:
    lists = numbering(THREE + num(1, 1))
    places = [("1", 0), ("1", 1), ("1", 1), ("1", 2), ("1", 2), ("1", 0), ("1", 1), ("1", 2)]
    assert labels(lists, *places) == ["第一章", "一.1", "一.2", "（一）", "（二）", "第二章", "二.1", "（一）"]


def test_a_level_that_was_not_reached_shows_its_start() -> None:
    lists = numbering(abstract(1, level(0, "%1", start=3), level(1, "%1.%2")) + num(1, 1))
    assert labels(lists, ("1", 1), ("1", 1), ("1", 0)) == ["3.1", "3.2", "3"]


def test_legal_levels_count_in_decimals() -> None:
    lists = numbering(abstract(1, level(0, "第%1章", "chineseCounting"), level(1, "%1.%2", more="<w:isLgl/>")) + num(1, 1))
    assert labels(lists, ("1", 0), ("1", 1)) == ["第一章", "1.1"]


def test_restart_never_and_restart_after_a_level() -> None:
    lists = numbering(abstract(1, level(0, "%1"), level(1, "%2", more='<w:lvlRestart w:val="0"/>')) + num(1, 1))
    assert labels(lists, ("1", 0), ("1", 1), ("1", 0), ("1", 1)) == ["1", "1", "2", "2"]
    lists = numbering(abstract(1, level(0, "%1"), level(1, "%2"), level(2, "%3", more='<w:lvlRestart w:val="1"/>')) + num(1, 1))
    places = [("1", 0), ("1", 1), ("1", 2), ("1", 1), ("1", 2), ("1", 0), ("1", 2)]
    assert labels(lists, *places) == ["1", "1", "1", "2", "2", "2", "1"]


def test_lists_of_one_definition_go_on_unless_one_starts_anew() -> None:
    lists = numbering(abstract(1, level(0, "%1.")) + num(1, 1) + num(2, 1) + num(3, 1, restart(0, 5)))
    places = [("1", 0), ("2", 0), ("3", 0), ("3", 0), ("1", 0)]
    assert labels(lists, *places) == ["1.", "2.", "5.", "6.", "7."]


def test_an_override_may_bring_its_own_level() -> None:
    own = f'<w:lvlOverride w:ilvl="0">{level(0, "%1、", "chineseCounting", start=4)}</w:lvlOverride>'
    assert labels(numbering(abstract(1, level(0, "%1.")) + num(1, 1, own)), ("1", 0)) == ["四、"]


def test_lists_linked_through_a_numbering_style() -> None:
    styles = '<w:style w:type="numbering" w:styleId="Plan"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    linked = '<w:abstractNum w:abstractNumId="2"><w:numStyleLink w:val="Plan"/></w:abstractNum>'
    ring = '<w:abstractNum w:abstractNumId="3"><w:numStyleLink w:val="None"/></w:abstractNum>'
    lists = numbering(abstract(1, level(0, "%1、")) + linked + ring + num(1, 1) + num(2, 2) + num(3, 3), styles)
    assert labels(lists, ("2", 0), ("3", 0)) == ["1、", None]


def test_the_level_is_the_one_that_names_the_style() -> None:
    lists = numbering(abstract(1, level(0, "%1、"), level(1, "（%2）", more='<w:pStyle w:val="H2"/>')) + num(1, 1))
    look = ParagraphLook(list_id="1", list_level=0, list_style="H2")
    by_style = lists.place(look, own_level=False)
    by_paragraph = lists.place(look, own_level=True)
    assert by_style is not None
    assert by_style[1] == 1
    assert by_paragraph is not None
    assert by_paragraph[1] == 0


def test_out_of_lists() -> None:
    lists = numbering(abstract(1, level(0, "%1.")) + num(1, 1) + num(5, 9) + '<w:num w:numId="6"/>')
    assert labels(lists, ("0", 0), ("5", 0), ("6", 0), ("7", 0), ("1", 8)) == [None] * 5
    assert lists.label("7", 0, None) is None  # type: ignore[arg-type]
    assert Numbering(None, Styles(None)).place(ParagraphLook(list_id="1"), own_level=True) is None


@pytest.mark.parametrize(
    ("text", "suffix", "gap"),
    [
        ("%1、", "", ""),
        ("（%1）", "space", ""),
        ("%1.", "tab", ""),
        ("%1.", "space", " "),
        ("%1.%2", "", " "),
        ("第%1章", "tab", " "),
        ("第%1章", "nothing", ""),
    ],
)
def test_the_blank_behind_a_number(text: str, suffix: str, gap: str) -> None:
    more = f'<w:suff w:val="{suffix}"/>' if suffix else ""
    lists = numbering(abstract(1, level(0, text, more=more)) + num(1, 1))
    place = lists.place(ParagraphLook(list_id="1"), own_level=True)
    assert place is not None
    label = lists.label(*place)
    assert label is not None
    assert label.gap == gap


def test_custom_and_odd_level_texts() -> None:
    custom = (
        '<w:lvl w:ilvl="0"><w:start/><mc:AlternateContent><mc:Choice Requires="w14"><w:numFmt w:val="custom" '
        'w:format="001, 002, 003"/></mc:Choice><mc:Fallback><w:numFmt w:val="decimal"/></mc:Fallback>'
        '</mc:AlternateContent><w:lvlText w:val="%1"/></w:lvl>'
    )
    odd = level(1, "100%") + level(2, "%0x") + level(3, "") + '<w:lvl><w:lvlText w:val="?"/></w:lvl>'
    no_start = '<w:lvl w:ilvl="4"><w:lvlText w:val="%5"/></w:lvl>'
    lists = numbering(abstract(1, custom, odd, no_start) + num(1, 1))
    places = [("1", 0), ("1", 1), ("1", 2), ("1", 3), ("1", 4)]
    assert labels(lists, *places) == ["001", "100%", "%0x", None, "0"]


def test_bullets() -> None:
    def bulleted(text: str, font: str, more: str = "") -> Label | None:
        fonts = f'<w:rPr><w:rFonts w:ascii="{font}"/></w:rPr>{more}'
        lists = numbering(abstract(1, level(0, text, "bullet", fonts)) + num(1, 1))
        place = lists.place(ParagraphLook(list_id="1"), own_level=True)
        assert place is not None
        return lists.label(*place)

    assert bulleted("\uf06c", "Wingdings") == Label("●", "", True)
    assert bulleted("l", "Wingdings") == Label("●", "", True)
    assert bulleted("\uf0b7", "Symbol") == Label("•", "", True)
    assert bulleted("——", "仿宋") == Label("——", "", True)
    assert bulleted("\ue123", "Odd") == Label("•", "", True)
    assert bulleted("", "Symbol") is None
    assert bulleted("", "Symbol", '<w:lvlPicBulletId w:val="0"/>') == Label("•", "", True)
    assert bullet("\uf0ef", "Wingdings") == "•"


def test_symbols() -> None:
    assert [symbol(c, f) for c, f in [(0xF0FE, "Wingdings"), (0xF06D, "Symbol"), (0xF041, "Arial"), (0, None)]] == [
        "☑", "μ", "A", "",
    ]  # fmt: skip
    assert symbol(0xF0EF, "Wingdings") == "\uf0ef"
