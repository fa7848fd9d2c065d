"""Layers of a PDF that its default configuration switches off: no viewer shows them, so they are no text of the plan."""

import re
import time
import zlib
from pathlib import Path

import pytest

from planparse.document import Document, Origin
from planparse.extractors import pdf_layers
from planparse.extractors.pdf import read_pdf
from planparse.extractors.pdf_layers import Placed, hidden_characters, is_shown, names_layers, open_layers
from planparse.grammar import load_grammar
from planparse.pipeline import document_to_plan
from tests.pdf_maker import Glyphs, Page, make_pdf
from tests.plans import SAMPLES

GRAMMAR = load_grammar()
GROUPS = ["<< /Type /OCG /Name (zh) >>", "<< /Type /OCG /Name (en) >>"]  # objects 3 and 4
ALL = "/OCGs [3 0 R 4 0 R]"


def read(data: bytes) -> Document:
    document = read_pdf(data, Origin("plan.pdf", "pdf", "0" * 64, len(data), "pdf"), grammar=GRAMMAR)
    assert document_to_plan(document, GRAMMAR).coverage.lost == 0
    return document


def hidden(document: Document) -> list[str]:
    return [piece.text for piece in document.discarded if piece.reason == "hidden"]


def layered(default: str, *, more: list[str] | None = None, bound: str = "/A 3 0 R /B 4 0 R") -> Document:
    """Three lines: the second in layer 3 (/A), the third in layer 4 (/B)."""
    page = Page(Glyphs())
    page.text(80, 740, "一、总体要求")
    page.draw("/OC /A BDC").text(80, 700, "草案内部讨论稿").draw("EMC")
    page.draw("/Span << /Lang (zh) >> BDC /OC /B BDC").text(80, 660, "保护湿地。").draw("EMC EMC").text(80, 620, "二、主要任务")
    catalog = f"/OCProperties << {ALL} /D << {default} >> >>"
    return read(make_pdf(page, catalog=catalog, more=[*GROUPS, *(more or [])], bound=f"/Properties << {bound} >>"))


@pytest.mark.parametrize(
    ("default", "unseen"),
    [
        ("", []),
        ("/ON [3 0 R 4 0 R]", []),
        ("/OFF [3 0 R]", ["草案内部讨论稿"]),
        ("/OFF [4 0 R]", ["保护湿地。"]),
        ("/OFF [3 0 R 4 0 R]", ["草案内部讨论稿保护湿地。"]),
        ("/BaseState /OFF", ["草案内部讨论稿保护湿地。"]),
        ("/BaseState /OFF /ON [4 0 R]", ["草案内部讨论稿"]),
        ("/BaseState /Unchanged /OFF [9 0 R]", []),
    ],
)
def test_what_the_default_configuration_switches_off_is_hidden(default: str, unseen: list[str]) -> None:
    document = layered(default)
    assert hidden(document) == unseen
    whole = ["一、总体要求", "草案内部讨论稿", "保护湿地。", "二、主要任务"]
    assert "".join(document.text.split()) == "".join(words for words in whole if words not in "".join(unseen))


@pytest.mark.parametrize(
    ("member", "unseen"),
    [
        ("/OCGs 3 0 R", True),
        ("/OCGs [3 0 R 4 0 R]", False),
        ("/OCGs [3 0 R 4 0 R] /P /AllOn", True),
        ("/OCGs [3 0 R 4 0 R] /P /AnyOff", False),
        ("/OCGs [4 0 R] /P /AllOff", True),
        ("/OCGs [] /P /AllOn", False),
        ("/VE [/And 4 0 R [/Not 3 0 R]]", False),
        ("/VE [/Not [/Or 3 0 R 4 0 R]]", True),
    ],
)
def test_membership_of_several_layers(member: str, unseen: bool) -> None:
    document = layered("/OFF [3 0 R]", more=[f"<< /Type /OCMD {member} >>"], bound="/A 4 0 R /B 5 0 R")
    assert hidden(document) == (["保护湿地。"] if unseen else [])


def test_what_is_off_on_the_screen_by_its_own_usage() -> None:
    page = Page(Glyphs())
    page.text(80, 740, "一、总体要求").draw("/OC /A BDC").text(80, 700, "仅供打印").draw("EMC")
    groups = ["<< /Type /OCG /Name (p) /Usage << /View << /ViewState /OFF >> /Print << /PrintState /ON >> >> >>", GROUPS[1]]
    for event, unseen in (("View", ["仅供打印"]), ("Print", [])):
        catalog = f"/OCProperties << {ALL} /D << /AS [<< /Event /{event} /OCGs [3 0 R] /Category [/View] >>] >> >>"
        data = make_pdf(page, catalog=catalog, more=groups, bound="/Properties << /A 3 0 R >>")
        assert hidden(read(data)) == unseen


def test_a_form_of_a_layer() -> None:
    glyphs = Glyphs()
    page = Page(glyphs)
    inner = Page(glyphs).text(80, 700, "英文版另发").parts[0]
    page.text(80, 740, "一、总体要求").draw("/Form Do").text(80, 660, "保护湿地。")
    form = f"<< /Type /XObject /Subtype /Form /BBox [0 0 600 900] /OC 3 0 R /Length {len(inner)} >> stream\n{inner}\nendstream"
    catalog = f"/OCProperties << {ALL} /D << /OFF [3 0 R] >> >>"
    document = read(make_pdf(page, catalog=catalog, more=[*GROUPS, form], drawn_too="/Form 5 0 R"))
    assert hidden(document) == ["英文版另发"]
    assert "英文版另发" not in document.text


def test_two_languages_in_one_place() -> None:
    page = Page(Glyphs())
    page.draw("/OC /A BDC").text(80, 740, "一、总体要求").draw("EMC /OC /B BDC").text(80, 740, "1. General aims").draw("EMC")
    for off, shown in (("4", "一、总体要求"), ("3", "1. General aims")):
        catalog = f"/OCProperties << {ALL} /D << /OFF [{off} 0 R] >> >>"
        document = read(make_pdf(page, catalog=catalog, more=GROUPS, bound="/Properties << /A 3 0 R /B 4 0 R >>"))
        assert document.text == shown


def test_rotated_and_scaled_pages() -> None:
    page = Page(Glyphs())
    page.extra = "/Rotate 90"
    page.text(80, 740, "一、总体要求").draw("/OC /A BDC q .5 0 0 .5 40 10 cm").text(80, 700, "草案讨论").draw("Q EMC")
    catalog = f"/OCProperties << {ALL} /D << /OFF [3 0 R] >> >>"
    document = read(make_pdf(page, catalog=catalog, more=GROUPS, bound="/Properties << /A 3 0 R >>"))
    assert (hidden(document), document.text) == (["草案讨论"], "一、总体要求")


def test_unbalanced_marks_and_loops_end() -> None:
    page = Page(Glyphs())
    page.draw("EMC EMC /OC /Gone BDC /OC BMC /OC /A BDC /Form Do").text(80, 700, "草案讨论").draw("EMC EMC EMC EMC")
    page.text(80, 660, "保护湿地。")
    again = "/Form Do"
    form = (
        f"<< /Type /XObject /Subtype /Form /BBox [0 0 600 900] /Resources << /XObject << /Form 5 0 R >> >> /Length {len(again)} >> "
        f"stream\n{again}\nendstream"
    )
    catalog = f"/OCProperties << {ALL} /D << /OFF [3 0 R] >> >>"
    document = read(
        make_pdf(page, catalog=catalog, more=[*GROUPS, form], bound="/Properties << /A 3 0 R >>", drawn_too="/Form 5 0 R")
    )
    assert (hidden(document), document.text) == (["草案讨论"], "保护湿地。")


def test_forms_that_draw_each_other_without_end_cost_little() -> None:
    page = Page(Glyphs())
    page.text(80, 740, "一、总体要求").draw("/OC /A BDC /Form Do EMC")
    again = "/Form Do " * 9
    form = (
        f"<< /Type /XObject /Subtype /Form /BBox [0 0 600 900] /Resources << /XObject << /Form 5 0 R >> >> /Length {len(again)} >> "
        f"stream\n{again}\nendstream"
    )
    catalog = f"/OCProperties << {ALL} /D << /OFF [3 0 R] >> >>"
    data = make_pdf(page, catalog=catalog, more=[*GROUPS, form], bound="/Properties << /A 3 0 R >>", drawn_too="/Form 5 0 R")
    # pdfium itself runs out of memory on such a page, and `ingest` ends it; the second reading gives up in time.
    began = time.monotonic()
    layers = open_layers(data, None)
    assert layers is not None
    assert layers.places(1) == []
    assert time.monotonic() - began < 10


def test_files_without_layers_are_not_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    data = (SAMPLES / "yunxi" / "yunxi.pdf").read_bytes()
    assert not names_layers(data)
    monkeypatch.setattr(pdf_layers, "BytesIO", None)  # what the second reading would need
    assert read(data).text


def test_a_catalog_in_an_object_stream() -> None:
    packed = zlib.compress(b"1 0 << /Type /Catalog /OCProperties 3 0 R >>")
    head = b"9 0 obj << /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >> stream\n"
    assert names_layers(head + packed + b"\nendstream")
    assert not names_layers(head + zlib.compress(b"1 0 << /Type /Catalog >>") + b"\nendstream")
    assert not names_layers(head + b"\xff\xff")
    assert names_layers(head + b"\xff\xff\nendstream trailer << /Encrypt 3 0 R >>")


def test_characters_of_both_kinds_in_one_place() -> None:
    off, shown = Placed(10, 10, True), Placed(10.2, 10, False)
    assert hidden_characters([off], [(10, 10), (90, 10)]) == {0}
    assert hidden_characters([off, shown], [(10, 10), (10, 10)]) == {0}
    assert hidden_characters([shown, off], [(10, 10), (10, 10)]) == {1}
    assert hidden_characters([shown, off], [(10, 10)]) == frozenset()
    assert not is_shown("AllOn", [True, False])
    assert is_shown("Nothing", [True, False])


def test_damaged_layers_hide_nothing(tmp_path: Path) -> None:
    page = Page(Glyphs())
    page.text(80, 740, "一、总体要求").draw("/OC /A BDC").text(80, 700, "保护湿地。").draw("EMC")
    for catalog in (
        "/OCProperties 99 0 R",
        "/OCProperties [1]",
        "/OCProperties << /OCGs 3 0 R /D [] >>",
        "/OCProperties << /D << /OFF 7 >> >>",
    ):
        document = read(make_pdf(page, catalog=catalog, more=GROUPS, bound="/Properties << /A 3 0 R >>"))
        assert re.sub(r"\s", "", document.text) == "一、总体要求保护湿地。"
