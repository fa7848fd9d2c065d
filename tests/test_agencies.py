"""Printed lists of bodies → agencies: names, canonical names, kinds, levels, lost separators, broken lines."""

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


# printed name | canonical | kind | level
NAMES = """
市发展改革委 | 发展和改革委员会 | government | city
市发改委 | 发展和改革委员会 | government | city
县发展和改革局 | 发展和改革委员会 | government | county
省发展和改革委员会 | 发展和改革委员会 | government | province
国家发展改革委 | 国家发展和改革委员会 | government | national
国家发展和改革委员会 | 国家发展和改革委员会 | government | national
区卫健局 | 卫生健康委员会 | government | county
市卫生健康委 | 卫生健康委员会 | government | city
省卫生健康委员会 | 卫生健康委员会 | government | province
市人社局 | 人力资源和社会保障局 | government | city
省人力资源和社会保障厅 | 人力资源和社会保障局 | government | province
市人力资源社会保障局 | 人力资源和社会保障局 | government | city
人力资源社会保障部 | 人力资源和社会保障部 | government | national
市残联 | 残疾人联合会 | association | city
中国残联 | 中国残疾人联合会 | association | national
县残疾人联合会 | 残疾人联合会 | association | county
团市委 | 共青团 | association | city
团区委 | 共青团 | association | county
团省委 | 共青团 | association | province
共青团云溪市委 | 共青团 | association | city
共青团中央 | 共青团中央 | association | national
市妇联 | 妇女联合会 | association | city
全国妇联 | 中华全国妇女联合会 | association | national
市总工会 | 总工会 | association | city
区科协 | 科学技术协会 | association | county
市工商联 | 工商业联合会 | association | city
市红十字会 | 红十字会 | association | city
市关工委 | 关心下一代工作委员会 | association | city
市委 | 党委 | party | city
中共青岚县委 | 党委 | party | county
自治区党委 | 党委 | party | province
市委组织部 | 组织部 | party | city
县委宣传部 | 宣传部 | party | county
中央宣传部 | 中央宣传部 | party | national
市委编办 | 机构编制委员会办公室 | party | city
市委网信办 | 网络安全和信息化委员会办公室 | party | city
中央网信办 | 中央网络安全和信息化委员会办公室 | party | national
区委统战部 | 统战部 | party | county
市委政法委 | 政法委员会 | party | city
市委办公室 | 党委办公室 | party | city
区委办 | 党委办公室 | party | county
市文明办 | 精神文明建设指导委员会办公室 | party | city
市委金融办 | 金融委员会办公室 | party | city
县纪委监委 | 纪律检查委员会监察委员会 | party | county
市民族宗教局 | 民族宗教事务局 | party | city
市政府 | 人民政府 | government | city
县人民政府 | 人民政府 | government | county
青岚镇人民政府 | 人民政府 | lower_government | township
浦溪新区政府 | 人民政府 | lower_government | county
市政府办公室 | 政府办公室 | government | city
市人民政府办公厅 | 政府办公室 | government | city
县府办 | 政府办公室 | government | county
市政府办公室（市大数据局） | 政府办公室 | government | city
市政府残工委 | 残疾人工作委员会 | government | city
国务院残工委 | 国务院残疾人工作委员会 | government | national
市财政局 | 财政局 | government | city
松陵省财政厅 | 财政局 | government | province
财政部 | 财政部 | government | national
市教育局 | 教育局 | government | city
市教育体育局 | 教育局 | government | city
市教委 | 教育局 | government | city
市科技局 | 科学技术局 | government | city
区科学技术和工业信息化局 | 科学技术局 | government | county
市工信局 | 工业和信息化局 | government | city
市经济信息化委 | 工业和信息化局 | government | city
区公安分局 | 公安局 | government | county
市公安局 | 公安局 | government | city
区交管局 | 公安局交通警察支队 | government | county
市民政局 | 民政局 | government | city
县司法局 | 司法局 | government | county
市自然资源和规划局 | 自然资源和规划局 | government | city
市规划和自然资源局 | 自然资源和规划局 | government | city
市生态环境局青岚分局 | 生态环境局 | government |
市住房城乡建设局 | 住房和城乡建设局 | government | city
市住房和城乡建设管理委 | 住房和城乡建设局 | government | city
县住建局 | 住房和城乡建设局 | government | county
市交通运输局 | 交通运输局 | government | city
市交通委 | 交通运输局 | government | city
区水务局 | 水利局 | government | county
省农业农村厅 | 农业农村局 | government | province
县农牧局 | 农业农村局 | government | county
市乡村振兴局 | 乡村振兴局 | government | city
市林业和草原局 | 林业和草原局 | government | city
市商务局 | 商务局 | government | city
区文广旅体局 | 文化和旅游局 | government | county
市文体广旅局 | 文化和旅游局 | government | city
省文化和旅游厅 | 文化和旅游局 | government | province
市退役军人事务局 | 退役军人事务局 | government | city
市应急局 | 应急管理局 | government | city
市消防救援支队 | 消防救援机构 | government | city
县消防救援大队 | 消防救援机构 | government | county
市审计局 | 审计局 | government | city
市市场监管局 | 市场监督管理局 | government | city
区市场监督局 | 市场监督管理局 | government | county
市市场监督管理局 | 市场监督管理局 | government | city
市统计局 | 统计局 | government | city
区医保局 | 医疗保障局 | government | county
国家医保局 | 国家医疗保障局 | government | national
市体育局 | 体育局 | government | city
市信访局 | 信访局 | government | city
市国资委 | 国有资产监督管理委员会 | government | city
市城管局 | 城市管理局 | government | city
市数据局 | 数据局 | government | city
区政数局 | 数据局 | government | county
市大数据局 | 数据局 | government | city
市政务服务局 | 行政审批服务局 | government | city
市行政审批局 | 行政审批服务局 | government | city
市融媒体中心 | 融媒体中心 | government | city
市税务局 | 税务局 | government | city
国家税务总局云溪市税务局 | 税务局 | government |
国家税务总局 | 国家税务总局 | government | national
国家统计局云溪调查队 | 调查队 | government |
中国人民银行青岚市支行 | 人民银行 | government |
中国人民银行 | 中国人民银行 | government | national
云溪市银保监分局青岚办事处 | 金融监管局 | government |
国家金融监督管理总局云溪监管分局 | 金融监管局 | government |
云溪海关 | 海关 | government |
市气象局 | 气象局 | government | city
市邮政管理局 | 邮政管理局 | government | city
市法院 | 人民法院 | government | city
云溪市中级人民法院 | 人民法院 | government | city
县检察院 | 人民检察院 | government | county
县人武部 | 人民武装部 | government | county
最高人民法院 | 最高人民法院 | government | national
市供销社 | 供销合作社联合社 | government | city
国网云溪市供电公司 | 供电公司 | enterprise |
市供电公司 | 供电公司 | enterprise | city
中国移动云溪分公司 | 通信运营企业 | enterprise |
市城投集团 | 城市建设投资集团 | enterprise | city
栖霞湾数智集团 | | enterprise |
市属国有企业 | | enterprise |
高新区管委会 | 高新技术产业开发区 | park |
市经开区管委会 | 经济技术开发区 | park | city
栖霞湾临空经济区管委会 | 临空经济区 | park |
栖霞湾生物岛管委会 | | park |
市养老服务协会 | | association | city
中国康复医学会 | | association |
栖霞湾医疗发展中心 | | government |
三江口区域合作办公室 | | government |
云溪市养老服务指导中心 | | government | city
市委青年工作部 | | party | city
各区 | | lower_government |
各区镇 | | lower_government |
各县（市、区）人民政府 | | lower_government |
各镇人民政府（街道办事处） | | lower_government |
各乡镇（街道） | | lower_government |
青岚镇 | | lower_government | township
市政府有关部门 | | group |
各有关部门 | | group |
市相关行业主管部门 | | group |
各成员单位 | | group |
市直各有关单位 | | group |
教育部门 | 教育局 | government |
加快推进 | | |
"""
ROWS = [tuple(cell.strip() or None for cell in line.split("|")) for line in NAMES.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=[str(row[0]) for row in ROWS])
def test_a_name_is_one_agency_with_its_canonical_name_kind_and_level(row: tuple[str, ...]) -> None:
    name, canonical, kind, level = row
    found = split(name).agencies
    assert [(a.name, a.canonical, a.kind, a.level) for a in found] == [(name, canonical, kind, level)]


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
