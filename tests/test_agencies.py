"""Printed lists of bodies → agencies: lost separators, broken lines, levels, kinds; single names stand in agency_names.txt."""

import re

import pytest

from planparse.facts.agencies import AgencyList, split_agencies, squeeze_name
from planparse.facts.agency_cuts import Names, word_to_tokens_cut
from planparse.facts.agency_names import lexicon_of, read_name, without_bracket
from planparse.grammar import load_grammar
from planparse.models import Span

GRAMMAR = load_grammar()


def split(text: str, **options: object) -> AgencyList:
    found = split_agencies(text, 100, lambda a, b: Span(start=a, end=b), GRAMMAR, **options)  # type: ignore[arg-type]
    last = 0
    for agency in found.agencies:
        cut = text[agency.span.start - 100 : agency.span.end - 100]
        assert re.sub(r"\s", "", cut) == re.sub(r"\s", "", agency.name)
        assert agency.span.start >= last
        last = agency.span.end
    return found


# printed list | the names | open-ended | separators lost
LISTS = [
    ("区财政局、区民政局", "区财政局 区民政局", False, 0),
    ("区财政局 区残联", "区财政局 区残联", False, 0),
    ("区财政局，区残联；区民政局", "区财政局 区残联 区民政局", False, 0),
    ("区财政局\n区残联", "区财政局 区残联", False, 0),
    ("区财政局/区残联", "区财政局 区残联", False, 0),
    ("区财政局区民政局", "区财政局 区民政局", False, 1),
    ("区财政局区民政局区总工会区残联", "区财政局 区民政局 区总工会 区残联", False, 1),
    ("区水务局、区审计局区统计局 ", "区水务局 区审计局 区统计局", False, 1),
    ("团市委市妇联", "团市委 市妇联", False, 1),
    ("市总工会市民政局", "市总工会 市民政局", False, 1),
    ("市委市政府", "市委 市政府", False, 1),
    ("市市场监管局市商务局", "市市场监管局 市商务局", False, 1),
    ("财政部民政部", "财政部 民政部", False, 1),
    ("云溪市财政局云溪市民政局", "云溪市财政局 云溪市民政局", False, 1),
    ("市法院市检察院市公安局", "市法院 市检察院 市公安局", False, 1),
    ("市政府办公室（市大数据局）市残联", "市政府办公室（市大数据局） 市残联", False, 1),
    ("区甲乙局区丙丁中心", "区甲乙局 区丙丁中心", False, 1),
    ("区民政局区丙丁中心", "区民政局 区丙丁中心", False, 1),
    ("市农业农村局市场服务中心", "市农业农村局市场服务中心", False, 0),
    ("市市场监管局市场监督稽查支队", "市市场监管局市场监督稽查支队", False, 0),
    ("区人社局\u2028区医保局", "区人社局 区医保局", False, 0),
    ("区乡村\u2028振兴局", "区乡村振兴局", False, 0),
    ("区乡\u2028村振\u2028兴局", "区乡村振兴局", False, 0),
    ("市人力资源和\u2028社会保障局\u2028市残联", "市人力资源和社会保障局 市残联", False, 0),
    ("市教育\u2028体育局", "市教育体育局", False, 0),
    ("市委\u2028宣传部", "市委宣传部", False, 0),
    ("市 残 联", "市残联", False, 0),
    ("资产集团 文旅集团", "资产集团 文旅集团", False, 0),
    ("数智集团\u2028数创集团", "数智集团 数创集团", False, 0),
    ("区财政局区民\u2028政局", "区财政局 区民政局", False, 1),
    ("市政府办公室\u2028（市大数据局）", "市政府办公室（市大数据局）", False, 0),
    ("市委组织部（人才办、老干部局）、市残联", "市委组织部（人才办、老干部局） 市残联", False, 0),
    ("市“扫黄打非”办公室、市残联", "市“扫黄打非”办公室 市残联", False, 0),
    ("市残联（市残工委办公室、市残联", "市残联（市残工委办公室 市残联", False, 0),
    ("市住房和城乡建设局", "市住房和城乡建设局", False, 0),
    ("市住房和城乡建设局和市残联", "市住房和城乡建设局 市残联", False, 0),
    ("市残联会同市民政局", "市残联 市民政局", False, 0),
    ("市残联及各镇街", "市残联 各镇街", False, 0),
    ("市残联以及市自然资源和规划局", "市残联 市自然资源和规划局", False, 0),
    ("市甲乙和丙丁局", "市甲乙和丙丁局", False, 0),
    ("市民政局和市拥军优抚服务中心", "市民政局 市拥军优抚服务中心", False, 0),
    ("市残联等", "市残联", True, 0),
    ("市残联、市民政局等单位", "市残联 市民政局", True, 0),
    ("市残联、市民政局等部门和各区", "市残联 市民政局 各区", True, 0),
    ("市残联等6个相关部门和单位", "市残联", True, 0),
    ("市残联、等", "市残联", True, 0),
    ("市中等职业教育中心", "市中等职业教育中心", False, 0),
    ("1.市残联 2.市民政局", "市残联 市民政局", False, 0),
    ("市直有关部门、单位", "市直有关部门", False, 0),
    ("各省、自治区、直辖市人民政府，国务院有关部门", "各省、自治区、直辖市人民政府 国务院有关部门", False, 0),
    ("市水务局、各县、区政府", "市水务局 各县、区政府", False, 0),
    ("市水务局及地方各级党委、政府", "市水务局 地方各级党委、政府", False, 0),
    ("发展改革、财政部门", "发展改革 财政部门", False, 0),
    ("", "", False, 0),
    ("、、；", "", False, 0),
    ("和", "和", False, 0),
    ("（）", "", False, 0),
]


@pytest.mark.parametrize(("text", "names", "open_ended", "lost"), LISTS, ids=[row[0] or "empty" for row in LISTS])
def test_a_list_is_split(text: str, names: str, open_ended: bool, lost: int) -> None:
    found = split(text)
    assert [a.name for a in found.agencies] == names.split()
    assert found.open_ended is open_ended
    assert len(found.separator_lost) == lost


@pytest.mark.parametrize(
    ("name", "level", "region", "want"),
    [
        ("市民政局", None, None, "city"),
        ("市民政局", "county", None, "county"),
        ("市民政局", "province", None, "province"),
        ("云溪市民政局", "county", "松陵省云溪市", "county"),
        ("白鹭市民政局", "county", "松陵省云溪市", "city"),
        ("白鹭市民政局", "county", None, None),
        ("白鹭市民政局", "province", None, "city"),
        ("上海市民政局", None, None, "province"),
        ("区民政局", "county", None, "county"),
        ("发展改革委", "county", None, None),
        ("发展改革委", "national", None, "national"),
    ],
)
def test_the_plan_s_own_region_tells_the_level(name: str, level: str | None, region: str | None, want: str | None) -> None:
    assert split(name, region_level=level, region=region).agencies[0].level == want


@pytest.mark.parametrize(
    ("name", "level", "kind"),
    [
        ("栖霞湾区政府", "city", "lower_government"),
        ("栖霞湾区政府", "county", "government"),
        ("云溪市政府", "province", "lower_government"),
        ("市政府", "city", "government"),
        ("县政府", None, "government"),
    ],
)
def test_a_government_under_the_plan_s_own_is_a_lower_one(name: str, level: str | None, kind: str) -> None:
    assert split(name, region_level=level).agencies[0].kind == kind


def test_role_and_unknown() -> None:
    found = split("市残联、栖霞湾医疗发展中心、各区", role="责任单位")
    assert {a.role for a in found.agencies} == {"责任单位"}
    assert [a.name for a in found.unknown] == ["栖霞湾医疗发展中心"]
    assert found.plausible
    assert not split("加快推进").plausible
    assert not AgencyList().plausible


def test_brackets_that_do_not_pair_are_no_name() -> None:
    assert without_bracket("市残联）") is None
    assert without_bracket("市残联（办公室") is None
    assert without_bracket("市残联（办公室）") == "市残联"
    assert without_bracket("（办公室）") == "（办公室）"
    assert read_name("市残联）", GRAMMAR).doubt == 3


def test_names_keep_blanks_between_latin_words_only() -> None:
    assert squeeze_name(" 栖霞 湾\u2028ABC Lab 中心") == "栖霞湾ABC Lab中心"


def test_the_tokenizer_is_our_own_and_the_lexicon_is_made_once() -> None:
    assert lexicon_of(GRAMMAR) is lexicon_of(GRAMMAR)
    assert word_to_tokens_cut("区甲乙局区丙丁局", 0, Names(GRAMMAR, None, None)) == [(0, 4), (4, 8)]
    assert word_to_tokens_cut("甲乙", 0, Names(GRAMMAR, None, None)) is None


@pytest.mark.parametrize(
    "text", ["市" * 3000, "区民政局" * 300, "（" * 500, "和" * 1000, "市残联 " * 400, "等" * 800, "）（" * 300]
)
def test_odd_and_long_texts_are_read_without_fuss(text: str) -> None:
    split(text)


def test_no_form_stands_under_two_names_of_one_vocabulary() -> None:
    for name, entries in GRAMMAR.vocabularies.items():
        if name.startswith("agency_"):
            forms = [form for canonical, others in entries.items() for form in (canonical, *others)]
            assert sorted({f for f in forms if forms.count(f) > 1}) == [], name
