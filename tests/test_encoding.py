"""Which encoding bytes are in: marks, declarations that lie, damage, and bytes that are no text."""

import pytest

from planparse.extractors.encoding import declared_charset, decode

TEXT = "云溪市数字经济发展规划（2026—2030年）\n一、总体要求\n到2030年，全市规模以上企业上云比例达到85%以上。\n"


@pytest.mark.parametrize("name", ["utf-8", "gb18030", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", [TEXT, TEXT * 200], ids=["short", "long"])
def test_every_usual_encoding_is_found_without_a_declaration(name, text):
    assert decode(text.encode(name))[0] == text


def test_gb2312_declared_means_gb18030():
    text = TEXT + "㐂𠮷镕"
    assert decode(text.encode("gb18030"), declared="gb2312") == (text, "gb18030")
    assert decode(text.encode("gb18030"), declared='"GBK"') == (text, "gb18030")


def test_gb18030_may_have_its_own_byte_order_mark():
    assert decode(b"\x84\x31\x95\x33" + TEXT.encode("gb18030")) == (TEXT, "gb18030")


@pytest.mark.parametrize(
    "declared", ["gb2312", "big5", "iso-8859-1", "windows-1252", "utf-16", "no-such", "hex", "utf-7", "", None]
)
def test_long_utf8_wins_over_what_is_declared(declared):
    assert decode(TEXT.encode(), declared=declared) == (TEXT, "utf-8")


@pytest.mark.parametrize("declared", ["utf-8", "latin-1", "idna", None])
def test_gb18030_wins_over_a_false_declaration(declared):
    assert decode(TEXT.encode("gb18030"), declared=declared) == (TEXT, "gb18030")


def test_a_word_that_could_be_both_is_what_it_is_declared():
    assert decode("联通".encode("gbk"), declared="gb2312")[0] == "联通"
    assert decode("联通".encode(), declared="utf-8")[0] == "联通"


def test_declared_big5_is_believed_where_utf8_does_not_fit():
    text = "雲溪市數位經濟發展計畫"
    assert decode(text.encode("big5"), declared="big5") == (text, "big5")
    assert decode((text * 9).encode("big5"), declared="big5") == (text * 9, "big5")


def test_broken_bytes_do_not_spoil_the_rest():
    data = bytearray((TEXT * 40).encode())
    data[31] = 0xFF
    text, name = decode(bytes(data[:-2]))
    assert name == "utf-8"
    assert text.count("\ufffd") <= 4
    assert text.count("云溪市") == 40


def test_damaged_gb18030_is_still_gb18030():
    data = (TEXT * 40).encode("gb18030") + b"\xff\xff"
    text, name = decode(data, declared="gb2312")
    assert name == "gb18030"
    assert text.count("云溪市") == 40


@pytest.mark.parametrize("data", [b"", b"plain", b"\x00", bytes(range(256)), b"\xff" * 300, b"\x80\x81" * 3, b"a\x00" * 3])
def test_anything_gives_a_text(data):
    text, name = decode(data, declared="utf-8")
    assert isinstance(text, str)
    assert name


def test_other_languages_are_guessed():
    text = "Пятилетний план развития города. " * 30
    assert decode(text.encode("cp1251"), declared="windows-1251") == (text, "cp1251")
    assert len(decode(text.encode("cp1251"))[0]) > 100


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b'<html><head><meta charset="GBK">', "GBK"),
        (b"<meta http-equiv=Content-Type content='text/html; charset=gb2312'>", "gb2312"),
        (b'<?xml version="1.0" encoding="utf-8"?><html>', "utf-8"),
        (b"<p>charset=gbk</p>", None),
    ],
)
def test_declared_charset(data, name):
    assert declared_charset(data) == name
