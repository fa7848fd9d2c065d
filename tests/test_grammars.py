"""Every grammar rule by its own examples, in super-linear time never, and the strictness of the loader."""

import re
import time
from pathlib import Path

import pytest

from planparse.errors import BadGrammar
from planparse.extractors import read
from planparse.facts.agency_names import read_name
from planparse.grammar import CompiledRule, find_grammars, load_grammar
from planparse.grammar.match import REMEMBERED
from tests.plans import SAMPLES

GRAMMAR = load_grammar()
RULES = [rule for rules in GRAMMAR.files.values() for rule in rules]
SEEDS = [
    "一、",
    "（一）",
    "1.",
    "专栏1 ",
    "第三章 ",
    "（牵头部门：",
    "附件：",
    "《",
    "到2025年，",
    "——",
    "责任单位：",
    "20",
    "、市民政局",
    " ",
    "a",
]
BODY = ["完善", "一", "1", "（", "）", "、", "，", "市财政局、", "……", "  ", "《", "》", "2025年", "%"]


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_rule_takes_its_examples(rule: CompiledRule) -> None:
    failures = [f for f in GRAMMAR.test() if f.startswith(f"{rule.name}:")]
    assert failures == []


def seconds(rule: CompiledRule, text: str) -> float:
    best = 9.0
    for _ in range(3):
        began = time.process_time()
        if rule.rule.where == "whole":
            rule.take(text)
        else:
            for _ in rule.pattern.finditer(text):
                pass
        best = min(best, time.process_time() - began)
    return best


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_rule_takes_linear_time(rule: CompiledRule) -> None:
    """A near miss eight times as long takes at most about eight times as long."""
    for seed in SEEDS:
        for body in BODY:
            short, long = seed + body * (400 // len(body)) + "\x00", seed + body * (3200 // len(body)) + "\x00"
            slow = seconds(rule, long)
            if slow > 0.02:
                assert slow < 24 * max(seconds(rule, short), 0.0005), f"{rule.name} on {seed}{body}…: {slow:.3f} s"


def test_no_rule_is_left_out_of_the_order() -> None:
    files = {p.stem for p in find_grammars().glob("*.yaml")} - {"plan", "_terms"}
    assert files == set(GRAMMAR.files)


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


RULE = """
name: {name}
about: A test.
rules:
  - id: mine
    gives: heading
    pattern: '{pattern}'
    examples: [{{text: 甲一、标题, {field}: 标题}}]
    rejects: [标题]
"""


def test_a_users_file_lies_over_ours(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "mine", "headings", RULE.format(name="headings", pattern="甲(?P<number>一)、(?P<title>.*)", field="title")
    )
    grammar = load_grammar(folder)
    assert grammar.rules("headings")[0].name == "headings.mine"
    assert grammar.digest != GRAMMAR.digest
    assert [m.rule for m in grammar.candidates("headings", "第一章 总则")] == ["headings.chapter"]
    assert grammar.test() == []


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("headings", "name: headings\nabout: x\nrulez: []\n", "rulez"),
        ("headings", "name: other\nabout: x\n", "must be the file's own"),
        ("headings", "name: headings\nname: headings\nabout: x\n", "stands twice"),
        ("headings", "name: [headings\n", "is not YAML"),
        ("headings", RULE.format(name="headings", pattern="${nothing}(?P<title>.*)", field="title"), "is no term"),
        ("headings", RULE.format(name="headings", pattern="$" + "{Mis-spelt}(?P<title>.*)", field="title"), "misspelt"),
        ("headings", RULE.format(name="headings", pattern=r"\L<nothing>(?P<title>.*)", field="title"), "no vocabulary"),
        ("headings", RULE.format(name="headings", pattern="((?P<title>.*)", field="title"), "does not compile"),
        ("headings", RULE.format(name="headings", pattern="(?P<title>.*)", field="titel"), "which the rule does not give"),
        ("plan", "about: x\norder: [nothing]\n", "there is no nothing.yaml"),
    ],
)
def test_a_bad_file_is_one_sentence(tmp_path: Path, name: str, text: str, says: str) -> None:
    folder = write(tmp_path / "bad", name, text)
    with pytest.raises(BadGrammar, match=says) as caught:
        load_grammar(folder)
    assert str(folder) in str(caught.value)


def test_not_utf8_and_missing_folders(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes("name: 标题".encode("gb18030"))
    with pytest.raises(BadGrammar, match="not UTF-8"):
        load_grammar(tmp_path)
    with pytest.raises(BadGrammar, match="no such folder"):
        load_grammar(tmp_path / "nothing")
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadGrammar, match="no grammar file"):
        load_grammar(tmp_path / "empty")


def test_a_failing_example_is_told(tmp_path: Path) -> None:
    folder = write(tmp_path / "mine", "headings", RULE.format(name="headings", pattern="乙(?P<title>.*)", field="title"))
    failures = load_grammar(folder).test()
    assert failures == ["headings.mine: does not take its example '甲一、标题'"]


WORDS = """
name: agencies
about: Bodies of a district.
vocabularies:
  agency_government:
    算力统筹办公室: [算力办]
    财政局: [财税服务局]
    体育局: [教体局]
    数据服务局: [数据局]
    信访局: {only: [接访局]}
"""


def test_words_of_a_user_are_added_to_ours(tmp_path: Path) -> None:
    grammar = load_grammar(write(tmp_path / "mine", "agencies", WORDS))
    ours, mine = GRAMMAR.entries("agency_government"), grammar.entries("agency_government")

    def meant(name: str) -> str | None:
        return read_name(name, grammar).canonical

    assert meant("市算力办") == "算力统筹办公室"
    assert mine["财政局"] == (*ours["财政局"], "财税服务局")
    assert meant("市财政局") == meant("市财税服务局") == "财政局"
    # A word that ours has elsewhere goes where the user's file says, a name of ours with all its forms.
    assert (meant("市教体局"), meant("市教育局")) == ("体育局", "教育局")
    assert "教体局" in ours["教育局"]
    assert "教体局" not in mine["教育局"]
    assert "数据局" not in mine
    assert meant("市数据局") == meant("市政务服务和数据局") == "数据服务局"
    # `only` takes the place of what stood there.
    assert mine["信访局"] == ("接访局",)
    assert meant("市信访办") is None
    assert {
        k: v for k, v in mine.items() if k not in {"财政局", "体育局", "教育局", "信访局", "数据服务局", "算力统筹办公室"}
    } == {k: v for k, v in ours.items() if k not in {"财政局", "体育局", "教育局", "信访局", "数据局"}}


def test_two_folders_add_one_after_the_other(tmp_path: Path) -> None:
    first = write(tmp_path / "first", "agencies", WORDS)
    second = write(
        tmp_path / "second",
        "agencies",
        "name: agencies\nabout: x\nvocabularies:\n  agency_government:\n    财政局: [财税所]\n    信访局: [信访办]\n",
    )
    made = load_grammar(first, second).entries("agency_government")
    assert made["财政局"][-2:] == ("财税服务局", "财税所")
    assert made["信访局"] == ("接访局", "信访办")


@pytest.mark.parametrize("entry", ["财税局", "{only: 财税局}", "{add: [财税局]}", "[1]"])
def test_an_entry_is_a_list_or_only_a_list(tmp_path: Path, entry: str) -> None:
    folder = write(
        tmp_path / "bad", "agencies", f"name: agencies\nabout: x\nvocabularies:\n  agency_government:\n    财政局: {entry}\n"
    )
    with pytest.raises(BadGrammar, match=r"agencies\.yaml: vocabularies\.agency_government\.财政局"):
        load_grammar(folder)


def texts_to_try() -> list[str]:
    """The examples of all rules, the paragraphs of all samples, and the clauses in them."""
    found = {example.text for rule in RULES for example in rule.rule.examples}
    for sample in sorted(SAMPLES.glob("*/*.docx")):
        for paragraph in read(sample, grammar=GRAMMAR).text.split("\n"):
            found |= {paragraph, *re.split("[，。；：、（）\t]", paragraph)}
    return sorted(found)


HINTED = [rule for rule in RULES if rule.clue or rule.first_characters]


def test_what_spares_a_rule_a_text_never_costs_it_one() -> None:
    """Whatever a pattern takes has the rule's `clue`, one of its `needs`, and begins as `opens` says."""
    texts = texts_to_try()
    assert len(texts) > 3000
    assert len(HINTED) > 100
    lost = [
        (rule.name, text)
        for rule in HINTED
        for text in texts
        if not would_be_asked(rule, text)
        and (rule.pattern.fullmatch if rule.rule.where == "whole" else rule.pattern.search)(text) is not None
    ]
    assert lost == []


def would_be_asked(rule: CompiledRule, text: str) -> bool:
    first = text[:1] if rule.rule.where == "whole" else text
    return not (rule.first_characters and rule.first_characters.isdisjoint(first)) and not (rule.clue and not rule.clue(text))


def test_answers_are_remembered_and_not_too_many() -> None:
    grammar = load_grammar()
    asked = [grammar.match("headings", f"第{n}章 总则{n}") for n in range(2 * REMEMBERED)]
    assert len(grammar._answers) <= REMEMBERED
    for n in (0, REMEMBERED, 2 * REMEMBERED - 1):
        again, before = grammar.match("headings", f"第{n}章 总则{n}"), asked[n]
        assert (again and (again.rule, dict(again.fields))) == (before and (before.rule, dict(before.fields)))
    assert grammar.match("headings", "第一章 总则") is grammar.match("headings", "第一章 总则")
    assert grammar.match("boxes", "第一章 总则") is None
    assert grammar.match("headings", "第一章 " + "总则" * 99) is not grammar.match("headings", "第一章 " + "总则" * 99)
