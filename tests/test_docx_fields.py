"""Fields that show what no w:t holds: 带圈字符, 拼音指南, fractions, symbols."""

import pytest

from planparse.extractors.docx_fields import Shown, code_to_words
from tests.test_docx import discarded, read


def shown_by(*code: str) -> str:
    pieces = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in code)
    return f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{pieces}<w:r><w:fldChar w:fldCharType="end"/></w:r>'


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (r" eq \o\ac(○,11)", "⑪"),
        (r"EQ \o\ac(○,一)", "㊀"),
        (r"EQ \o\ac(○,特)", "特"),
        (r"EQ \o\ac(□,3)", "3"),
        (r"eq \f(1,3)", "1/3"),
        (r"eq \r(3,x)", "√x"),
        (r"eq \b(\f(a\,b,2))", "(a,b/2)"),
        (r"eq \a(甲,乙)", "甲 乙"),
        (r"eq \x\to(总)", "总"),
        ("SYMBOL 183 \\f Symbol", "•"),
        ('symbol 0xFC \\f "Wingdings" \\s 10', "✓"),
        ("SYMBOL x", ""),
        ("SYMBOL 999999", ""),
        ('XE "湿地"', ""),
        ("TOC \\o", ""),
        ("", ""),
        ("EQ " + r"\o(" * 60 + "x", ""),
        (r"EQ \o(甲", "甲"),
        ("EQ " + "(" * 500, "(" * 500),
    ],
)
def test_what_codes_show(code: str, text: str) -> None:
    assert code_to_words(code).text == text


def test_a_reading_over_words() -> None:
    code = r'EQ \* jc2 \* "Font:宋体" \* hps10 \o\ad(\s\up 9(shidi),湿地)'
    assert code_to_words(code) == Shown("湿地", "shidi")


def test_a_circled_number_opens_its_paragraph() -> None:
    document = read("<w:p>" + shown_by(r" eq \o\ac(○,", "1", ")") + "<w:r><w:t>保护湿地</w:t></w:r></w:p>")
    assert document.text == "①保护湿地"
    assert document.generated == {"①": 1}


def test_words_under_a_reading_stay_and_the_reading_is_put_aside() -> None:
    document = read("<w:p>" + shown_by(r"EQ \o\ad(\s\up 9(shidi),湿地)") + "<w:r><w:t>保护</w:t></w:r></w:p>")
    assert document.text == "湿地保护"
    assert discarded(document) == [("ruby", "shidi")]


def test_a_stored_result_is_shown_and_not_the_code() -> None:
    result = '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>②</w:t></w:r>'
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>eq \\o\\ac(○,1)</w:instrText></w:r>'
    body = f'<w:p>{begin}{result}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    assert read(body).text == "②"
