"""Printed names of regions and their GB/T 2260 codes."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

import planparse
from planparse.models import FrontMatter, Period
from planparse.structure.regions import code_to_level, find_region, front_with_region

TABLE = Path(planparse.__file__).parent / "data" / "gbt2260.tsv"


@pytest.mark.parametrize(
    ("name", "full", "code", "level"),
    [
        ("江苏省", "江苏省", "320000", "province"),
        ("内蒙古自治区", "内蒙古自治区", "150000", "province"),
        ("重庆市", "重庆市", "500000", "province"),
        ("香港特别行政区", "香港特别行政区", "810000", "province"),
        ("深圳市", "广东省深圳市", "440300", "city"),
        ("凉山彝族自治州", "四川省凉山彝族自治州", "513400", "city"),
        ("凉山州", "四川省凉山彝族自治州", "513400", "city"),
        ("四川省凉山州西昌市", "四川省凉山彝族自治州西昌市", "513401", "county"),
        ("黔东南州", "贵州省黔东南苗族侗族自治州", "522600", "city"),
        ("海西州", "青海省海西蒙古族藏族自治州", "632800", "city"),
        ("锡林郭勒盟", "内蒙古自治区锡林郭勒盟", "152500", "city"),
        ("鄂温克族自治旗", "内蒙古自治区呼伦贝尔市鄂温克族自治旗", "150724", "county"),
        ("南京市鼓楼区", "江苏省南京市鼓楼区", "320106", "county"),
        ("江苏省 南京市 鼓楼区", "江苏省南京市鼓楼区", "320106", "county"),
        ("江苏南京鼓楼区", "江苏省南京市鼓楼区", "320106", "county"),
        ("北京市朝阳区", "北京市朝阳区", "110105", "county"),
        ("仙桃市", "湖北省仙桃市", "429004", "county"),
        ("临清市", "山东省聊城市临清市", "371581", "county"),
    ],
)
def test_found(name: str, full: str, code: str, level: str) -> None:
    found = find_region(name)
    assert found is not None
    assert (found.name, found.code, found.level) == (full, code, level)


@pytest.mark.parametrize(
    "name",
    [
        "鼓楼区",
        "朝阳区",
        "云溪市",
        "青岚县",
        "云溪市鼓楼区",
        "南京市朝阳区",
        "苏州",
        "云岭州",
        "粤港澳大湾区",
        "松陵省",
        "苏州工业园区",
        "南京市鼓楼区江东街道",
        "",
        "市",
        "区" * 60,
        "320106",
    ],
)
def test_not_certain_gives_none(name: str) -> None:
    assert find_region(name) is None


def test_codes_of_their_year() -> None:
    assert find_region("姜堰市").code == "321284"  # type: ignore[union-attr]
    assert find_region("南通市崇川区", year=2012).code == "320602"  # type: ignore[union-attr]
    assert find_region("南通市崇川区", year=2022).code == "320613"  # type: ignore[union-attr]
    assert find_region("巢湖市", year=2008).level == "city"  # type: ignore[union-attr]
    assert find_region("巢湖市", year=2022).level == "county"  # type: ignore[union-attr]
    assert find_region("同心县", year=1900).code == "640324"  # type: ignore[union-attr]


def test_larger_region_in_the_context_settles_it() -> None:
    assert find_region("鼓楼区", context="《南京市养老服务规划》").code == "320106"  # type: ignore[union-attr]
    assert find_region("鼓楼区", context="江苏省") is None
    assert find_region("鼓楼区", context="云溪市") is None


def test_front_matter() -> None:
    front = front_with_region(FrontMatter(region="临清市", signed_on="2022-06-08"))
    assert (front.region_code, front.level) == ("371581", "county")
    front = front_with_region(
        FrontMatter(region="鼓楼区", level="county", period=Period(start=2021, end=2025), basis=["南京市规划"])
    )
    assert front.region_code == "320106"
    for region in (None, "云溪市"):
        assert front_with_region(FrontMatter(region=region)).region_code is None


def test_table_is_whole() -> None:
    rows = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()]
    assert all(len(row) in (3, 4) and len(row[0]) == 6 and row[0].isdecimal() for row in rows)
    assert rows == sorted(rows, key=lambda r: (r[0], r[1], int(r[2])))
    now = {row[0]: row[1] for row in rows if len(row) == 3}
    assert sum(code.endswith("0000") for code in now) == 34
    assert len(now) > 3100
    assert {code_to_level(code) for code in now} == {"province", "city", "county"}
    for code in now:
        assert f"{code[:2]}0000" in now


def test_first_look_up_is_quick_and_lazy() -> None:
    program = (
        "import time, planparse.structure.regions as r\n"
        "assert r._table.cache_info().currsize == 0\n"
        "t = time.perf_counter(); r.find_region('同心县'); print(time.perf_counter() - t)"
    )
    best = min(
        float(subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout)
        for _ in range(3)
    )
    assert best < 0.02
    start = time.perf_counter()
    for _ in range(50):
        find_region("新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县")
    assert time.perf_counter() - start < 1
