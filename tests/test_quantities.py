"""Printed figures and what they mean: cells, running text, and what is no figure."""

import time
from decimal import Decimal

import pytest

from planparse.facts.quantities import (
    cell_figures,
    figure_to_quantity,
    find_quantities,
    is_unit,
    parse_quantities,
    unit_to_base,
)
from planparse.grammar import Grammar, load_grammar
from planparse.models import Span

BASE = 10**8


@pytest.fixture(scope="module")
def grammar() -> Grammar:
    return load_grammar()


def span(start: int, end: int) -> Span:
    return Span(start=start, end=end)


# (cell as printed, unit of the row, what each figure means: comparator, value, upper, unit)
CELLS = [
    ("95", "%", [("=", "95", None, "%")]),
    ("100%", None, [("=", "100", None, "%")]),
    ("100％", "%", [("=", "100", None, "%")]),
    ("100﹪", None, [("=", "100", None, "%")]),
    ("１００", "人", [("=", "100", None, "人")]),
    ("９５．５％", None, [("=", "95.5", None, "%")]),
    ("3,500", "户", [("=", "3500", None, "户")]),
    ("12,345,678", None, [("=", "12345678", None, None)]),
    ("1，200", "人", [("=", "1200", None, "人")]),
    ("0.85", None, [("=", "0.85", None, None)]),
    ("2025", "人", [("=", "2025", None, "人")]),
    ("750人", "人", [("=", "750", None, "人")]),
    ("750 人", None, [("=", "750", None, "人")]),
    ("＞92％", None, [(">", "92", None, "%")]),
    (">96", "%", [(">", "96", None, "%")]),
    ("> 4500", "万亿元", [(">", "4500", None, "万亿元")]),
    ("﹥30", None, [(">", "30", None, None)]),
    ("≥70%", None, [(">=", "70", None, "%")]),
    ("≧70%", None, [(">=", "70", None, "%")]),
    (">=70", "%", [(">=", "70", None, "%")]),
    ("＞＝70", "%", [(">=", "70", None, "%")]),
    ("每年≥70%", "%", [(">=", "70", None, "%")]),
    ("<5.0", "%", [("<", "5.0", None, "%")]),
    ("＜5", "%", [("<", "5", None, "%")]),
    ("≤3", "‰", [("<=", "3", None, "‰")]),
    ("<=3", None, [("<=", "3", None, None)]),
    ("≈8", None, [("~", "8", None, None)]),
    ("约120", "亿元", [("~", "120", None, "亿元")]),
    ("5 左右", "%", [("~", "5", None, "%")]),
    ("力争达到5%左右", "%", [("~", "5", None, "%")]),
    ("70以上", "%", [(">=", "70", None, "%")]),
    ("70%以上", None, [(">=", "70", None, "%")]),
    ("80及以上", "%", [(">=", "80", None, "%")]),
    ("不低于95%", None, [(">=", "95", None, "%")]),
    ("不低于 95 %", None, [(">=", "95", None, "%")]),
    ("不少于20", "场", [(">=", "20", None, "场")]),
    ("不低于90%以上", None, [(">=", "90", None, "%")]),
    ("至少3", "个", [(">=", "3", None, "个")]),
    ("超过1000", "亿元", [(">", "1000", None, "亿元")]),
    ("高于30", None, [(">", "30", None, None)]),
    ("突破500亿元", None, [(">", "50000000000", None, "元")]),
    ("3以内", "%", [("<=", "3", None, "%")]),
    ("控制在3%以内", None, [("<=", "3", None, "%")]),
    ("控制在5.5%左右", None, [("~", "5.5", None, "%")]),
    ("不超过28", "微克/立方米", [("<=", "28", None, "微克/立方米")]),
    ("不高于6", "%", [("<=", "6", None, "%")]),
    ("低于0.5", None, [("<", "0.5", None, None)]),
    ("10以下", None, [("<=", "10", None, None)]),
    ("降到1.5以下", "‰", [("<=", "1.5", None, "‰")]),
    ("60—65", "%", [("range", "60", "65", "%")]),
    ("60-65%", None, [("range", "60", "65", "%")]),
    ("60%—65%", None, [("range", "60", "65", "%")]),
    ("60%～65%", None, [("range", "60", "65", "%")]),
    ("5~8", "个", [("range", "5", "8", "个")]),
    ("5至8家", None, [("range", "5", "8", "家")]),
    ("3到5", None, [("range", "3", "5", None)]),
    ("［25—27］", "万套（间）", [("range", "25", "27", "万套（间）")]),
    ("5—8万人", None, [("range", "50000", "80000", "人")]),
    ("1.5万—2万户", None, [("range", "15000", "20000", "户")]),
    ("〔18〕", "%", [("=", "18", None, "%")]),
    ("[1.2]", "%", [("=", "1.2", None, "%")]),
    ("【30】", "人", [("=", "30", None, "人")]),
    ("（50）", None, [("=", "50", None, None)]),
    ("100（50）", None, [("=", "100", None, None), ("=", "50", None, None)]),
    ("38.5〔6〕", "%", [("=", "38.5", None, "%"), ("=", "6", None, "%")]),
    ("城区≥85%，镇村≥80%", None, [(">=", "85", None, "%"), (">=", "80", None, "%")]),
    ("由5家增至8家", None, [("=", "5", None, "家"), ("=", "8", None, "家")]),
    ("-8%", None, [("=", "-8", None, "%")]),
    ("－10%", None, [("=", "-10", None, "%")]),
    ("−2.5", "%", [("=", "-2.5", None, "%")]),
    ("-2.7个百分点", "%", [("=", "-2.7", None, "个百分点")]),
    ("下降18%", None, [("=", "18", None, "%")]),
    ("下降 18", "%", [("=", "18", None, "%")]),
    ("新增120", "个", [("=", "120", None, "个")]),
    ("累计1500户", None, [("=", "1500", None, "户")]),
    ("提高 1 个百分点以上", "%", [(">=", "1", None, "个百分点")]),
    ("年均增长6.5%", None, [("=", "6.5", None, "%")]),
    ("力争80", "%", [("=", "80", None, "%")]),
    ("达到75", None, [("=", "75", None, None)]),
    ("1.2亿", "元", [("=", "120000000", None, "元")]),
    ("1.2亿元", None, [("=", "120000000", None, "元")]),
    ("12 万亿", "元", [("=", "12000000000000", None, "元")]),
    ("300万元", None, [("=", "3000000", None, "元")]),
    ("３００万元", None, [("=", "3000000", None, "元")]),
    ("175万", "万人", [("=", "1750000", None, "人")]),
    ("175万", "人", [("=", "1750000", None, "人")]),
    ("5万千瓦", None, [("=", "50000", None, "千瓦")]),
    ("5千瓦", None, [("=", "5", None, "千瓦")]),
    ("3千克", None, [("=", "3", None, "千克")]),
    ("2百亿元", None, [("=", "20000000000", None, "元")]),
    ("25万元/人", None, [("=", "250000", None, "元/人")]),
    ("0.3吨标准煤/万元", None, [("=", "0.3", None, "吨标准煤/万元")]),
    ("100公里/小时", None, [("=", "100", None, "公里/小时")]),
    ("28微克/立方米", None, [("=", "28", None, "微克/立方米")]),
    ("<0.006", "人/亿元", [("<", "0.006", None, "人/亿元")]),
    ("5项（次）", None, [("=", "5", None, "项（次）")]),
    ("3万套（间）", None, [("=", "30000", None, "套（间）")]),
    ("10EFLOPS", None, [("=", "10", None, "EFLOPS")]),
    ("10 EFLOPS以上", None, [(">=", "10", None, "EFLOPS")]),
    ("200MW", None, [("=", "200", None, "MW")]),
    ("1000Mbps", None, [("=", "1000", None, "Mbps")]),
    ("1.5t", None, [("=", "1.5", None, "t")]),
    ("100余家", None, [("~", "100", None, "家")]),
    ("30多个", None, [("~", "30", None, "个")]),
    ("3成", None, [("=", "30", None, "%")]),
    ("2倍", None, [("=", "2", None, "倍")]),
    ("1/3以上", None, [(">=", "0.333333", None, None)]),
    ("三分之二", None, [("=", "0.666667", None, None)]),
    ("四分之三以上", None, [(">=", "0.75", None, None)]),
    ("百分之九十五", None, [("=", "95", None, "%")]),
    ("百分之九十五点五以上", None, [(">=", "95.5", None, "%")]),
    ("百分之百", None, [("=", "100", None, "%")]),
    ("一家", None, [("=", "1", None, "家")]),
    ("两个以上", None, [(">=", "2", None, "个")]),
    ("十二所", None, [("=", "12", None, "所")]),
    ("半数以上", None, [(">=", "50", None, "%")]),
    ("一半", None, [("=", "50", None, "%")]),
    ("翻一番", None, [("=", "2", None, "倍")]),
    ("翻两番", None, [("=", "4", None, "倍")]),
    ("翻番", None, [("=", "2", None, "倍")]),
    ("2025 年底前达到 90％", None, [("=", "90", None, "%")]),
    ("到2024年6月30日建成3个", None, [("=", "3", None, "个")]),
    ("20.5①", "万吨", [("=", "20.5", None, "万吨")]),
    ("100%（国家标准）", "%", [("=", "100", None, "%")]),
    ("每千人4.5个", None, [("=", "4.5", None, "个")]),
    ("15.0", None, [("=", "15.0", None, None)]),
    ("76.7\u2028（2019年）", "%", [("=", "76.7", None, "%")]),
    ("9" * 50, "%", [("text", None, None, None)]),
    ("与经济增长同步", "%", [("text", None, None, None)]),
    ("与 GDP增长同步", "%", [("text", None, None, None)]),
    ("应托尽托", None, [("text", None, None, None)]),
    ("完成省下达任务", None, [("text", None, None, None)]),
    ("持续提升", "%", [("text", None, None, None)]),
    ("高于全省平均水平", "%", [("text", None, None, None)]),
    ("稳中有升", None, [("text", None, None, None)]),
    ("尚未公布", None, [("text", None, None, None)]),
    ("全覆盖", None, [("text", None, None, None)]),
    ("2025年建成", None, [("text", None, None, None)]),
    ("3A级以上", None, [("text", None, None, None)]),
    ("Ⅲ类", None, [("text", None, None, None)]),
    ("1:18", None, [("text", None, None, None)]),
    ("1：1.2", None, [("text", None, None, None)]),
    ("2021—2025年", None, [("text", None, None, None)]),
    ("—", "%", []),
    ("——", None, []),
    ("－", None, []),
    ("-", None, []),
    ("/", None, []),
    ("／", None, []),
    ("--", None, []),
    ("", None, []),
    (" \u3000", "%", []),
    ("无", None, []),
]


@pytest.mark.parametrize(("raw", "unit", "want"), CELLS, ids=[f"{i}-{c[0]}" for i, c in enumerate(CELLS)])
def test_cell(raw: str, unit: str | None, want: list[tuple[str, str | None, str | None, str | None]], grammar: Grammar) -> None:
    got = parse_quantities(raw, start=7, span_at=span, unit=unit, grammar=grammar)
    decimals = [(c, None if v is None else Decimal(v), None if u is None else Decimal(u), n) for c, v, u, n in want]
    assert [(q.comparator, q.value, q.upper, q.unit) for q in got] == decimals
    for quantity in got:
        assert quantity.span is not None
        assert raw[quantity.span.start - 7 : quantity.span.end - 7] == quantity.raw
        assert quantity.raw == quantity.raw.strip()


# (running text, what each figure in it means: comparator, value, upper, unit)
RUNNING = [
    ("每年开展培训不少于2场次。", [(">=", "2", None, "场次")]),
    ("至少打造1个示范基地，培训30人", [(">=", "1", None, "个"), ("=", "30", None, "人")]),
    ("每个街道至少有1个服务站和1支志愿者队伍", [(">=", "1", None, "个"), (">=", "1", None, "支")]),
    ("覆盖率、适配率均达100%", [("=", "100", None, "%")]),
    ("到2025年，入学率保持98%", [("=", "98", None, "%")]),
    ("到 2030 年，建成12个", [("=", "12", None, "个")]),
    ("按普通标准的 8 倍以上拨付", [(">=", "8", None, "倍")]),
    ("人数超过1500名的社区配备2名以上专员", [(">", "1500", None, "名"), (">=", "2", None, "名")]),
    ("建立一家区级机构", [("=", "1", None, "家")]),
    ("平均每站服务 20-30 名老人", [("range", "20", "30", "名")]),
    ("给予半价以上优惠", [(">=", "50", None, "%")]),
    ("占比15%以上（含15%）", [(">=", "15", None, "%")]),
    ("实行15年免费教育", [("=", "15", None, "年")]),
    ("用3—5年时间", [("range", "3", "5", "年")]),
    ("至少有一人就业", [(">=", "1", None, "人")]),
    ("至少掌握一门技术", [(">=", "1", None, "门")]),
    ("每年至少召开一次会议", [(">=", "1", None, "次")]),
    ("投资300亿元，浓度28微克/立方米", [("=", "30000000000", None, "元"), ("=", "28", None, "微克/立方米")]),
    ("2021—2025年新增60—65万人", [("range", "600000", "650000", "人")]),
    ("PM2.5达标，5G基站120个", [("=", "120", None, "个")]),
    ("失业率控制在4以内", [("<=", "4", None, None)]),
    ("占1/3以上", [(">=", "0.333333", None, None)]),
    ("最多安排3次，合计不超过10次", [("<=", "3", None, "次"), ("<=", "10", None, "次")]),
    ("一人一案、一户一策", []),
    ("第一次会议，一是建设，统一一个口径", []),
    ("同一个平台、“两个机制”", []),
    ("2025年6月30日前完成", []),
    ("云政发〔2022〕2号", []),
    ("师生比1：18，时间8:30", []),
    ("共12", []),
    ("COVID-19，A4纸", []),
    ("一次性补贴，二次污染", []),
    ("实施三年行动计划", []),
    ("没有数字的一句话", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "want"), RUNNING, ids=[f"{i}-{r[0][:12]}" for i, r in enumerate(RUNNING)])
def test_running_text(text: str, want: list[tuple[str, str, str | None, str | None]], grammar: Grammar) -> None:
    got = list(find_quantities(text, 0, len(text), grammar))
    decimals = [(c, Decimal(v), None if u is None else Decimal(u), n) for c, v, u, n in want]
    assert [(f.comparator, f.value, f.upper, f.unit) for f in got] == decimals
    for figure in got:
        assert 0 <= figure.start <= figure.number_start < figure.end <= len(text)


def test_offsets_are_those_of_the_whole_text(grammar: Grammar) -> None:
    text = "前文3个。不少于5家。后文7人"
    (figure,) = find_quantities(text, 5, 11, grammar)
    assert text[figure.start : figure.end] == "不少于5家"
    assert text[figure.number_start] == "5"
    quantity = figure_to_quantity(figure, text, span_at=span)
    assert (quantity.raw, quantity.span) == ("不少于5家", span(5, 10))


def test_a_bound_of_another_clause_does_not_count(grammar: Grammar) -> None:
    text = "至少建成一批项目，培训30人"
    assert [f.comparator for f in find_quantities(text, 0, len(text), grammar)] == ["="]


@pytest.mark.parametrize(
    ("unit", "value", "base_unit"),
    [
        ("人/百亿元", 10**10, "元"),
        ("人/亿元", BASE, "元"),
        ("微克/立方米", 1, "立方米"),
        ("立方米每秒", 1, "秒"),
        ("吨标准煤／万元", 10**4, "元"),
        ("件/每万人", 10**4, "人"),
        ("/10万", 10**5, None),
        ("例/10万", 10**5, None),
        ("人/10万人", 10**5, "人"),
        ("人/万车", 10**4, "车"),
    ],
)
def test_base_of_a_rate(unit: str, value: int, base_unit: str | None) -> None:
    base = unit_to_base(unit)
    assert base is not None
    assert (base.value, base.unit) == (Decimal(value), base_unit)


@pytest.mark.parametrize("unit", ["人", "人/次", None, "", "a/b/c", "人/"])
def test_no_base(unit: str | None) -> None:
    assert unit_to_base(unit) is None


@pytest.mark.parametrize("unit", ["%", "％", "‰", "万人", "人次", "万人次", "项（次）", "台（套）", "万套（间）", "亿立方米",
                                  "微克/立方米", "人/百亿元", "吨标准煤/万元", "个百分点", "岁", "年", "万平方米", "EFLOPS",
                                  "元/人", " % "])  # fmt: skip
def test_units(unit: str, grammar: Grammar) -> None:
    assert is_unit(unit, grammar)


@pytest.mark.parametrize("words", ["一、二类", "上半年", "人均", "含港澳台", "GDP", "", "2020年", "覆盖率"])
def test_no_units(words: str, grammar: Grammar) -> None:
    assert not is_unit(words, grammar)


def test_printed_unit_keeps_its_scale(grammar: Grammar) -> None:
    (figure,) = cell_figures("175万人", grammar)
    assert (figure.printed_unit, figure.unit, figure.scaled, figure.words) == ("万人", "人", True, False)


def test_value_exact(grammar: Grammar) -> None:
    (quantity,) = parse_quantities("0.1万亿元", start=0, span_at=span, grammar=grammar)
    assert quantity.value == Decimal(10**11)
    assert str(quantity.value) == "100000000000"


@pytest.mark.parametrize(
    "piece", ["1", "一", "1,", "1,111", "不低于", "1—", "个", "1.", "5万", "　", "%", "一个", "〔", "-", "至少1个"]
)
def test_time_is_linear(piece: str, grammar: Grammar) -> None:
    text = piece * (20000 // len(piece))
    began = time.process_time()
    sum(1 for _ in find_quantities(text, 0, len(text), grammar))
    cell_figures(text[:4000], grammar)
    assert time.process_time() - began < 8
