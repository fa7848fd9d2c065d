"""Pages of several columns: each is read to its end, titles and tables across them part the page; tables are no columns."""

from itertools import pairwise

import pytest

from planparse.grammar import Grammar, load_grammar
from tests.pdf_maker import Page
from tests.test_formats_pdf import opened
from tests.test_pdf import filler, new

SIZE = 10.5
STEP = 17.0


@pytest.fixture(scope="module")
def grammar() -> Grammar:
    return load_grammar()


def line(wide: int, seed: int) -> str:
    """A full line of running text with a comma in it."""
    return filler(wide - 4, seed) + "，" + filler(3, seed + 0x1000)


def prose(column: int, lines: int, *, wide: int, seed: int = 0) -> list[str]:
    """A column's lines; each fifth opens a paragraph, whose first character tells column and place."""
    return [
        ("　　" if k % 5 == 0 else "") + line(wide - 2 * (k % 5 == 0), 0x5000 + 0x700 * column + 0x40 * k + seed)
        for k in range(lines)
    ]


def laid(page: Page, columns: int, *, y: float = 760, lines: int = 20, seed: int = 0) -> list[str]:
    """Columns of prose on a page; gives what must be read: the columns one after the other."""
    wide = {2: 22, 3: 14, 4: 10}[columns]
    step = (595 - 2 * 50 + 14) / columns
    texts = [prose(c, lines, wide=wide, seed=seed) for c in range(columns)]
    for c, words in enumerate(texts):
        page.lines(*words, x=50 + step * c, y=y, step=STEP, size=SIZE)
    return [printed for words in texts for printed in words]


def flat(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("columns", [2, 3, 4])
def test_columns_are_read_one_after_the_other(columns: int, grammar: Grammar) -> None:
    (page,) = new()
    words = laid(page, columns, lines=30)
    document = opened(grammar, page)
    assert document.grids == ()
    assert flat(document.text) == flat("".join(words))
    assert len(document.lines) == 6 * columns


@pytest.mark.parametrize("columns", [3, 4])
def test_titles_across_part_the_page(columns: int, grammar: Grammar) -> None:
    (page,) = new()
    page.text(150, 800, "云溪市人民政府公报专号", size=22)
    upper = laid(page, columns, lines=15)
    page.text(90, 480, "云溪市湿地保护和修复三年行动计划", size=20)
    lower = laid(page, columns, y=440, lines=15, seed=0x20)
    text = opened(grammar, page).text
    assert flat(text) == flat("云溪市人民政府公报专号" + "".join(upper) + "云溪市湿地保护和修复三年行动计划" + "".join(lower))


def test_a_table_across_parts_the_page(grammar: Grammar) -> None:
    (page,) = new()
    upper = laid(page, 3, lines=15)
    xs, ys = [50.0, 150.0, 300.0, 420.0, 545.0], [495.0 - 22 * n for n in range(4)]
    page.raster(xs, ys)
    rows = (("序号", "指标名称", "2020年", "2025年"), ("1", "湿地面积", "300", "420"), ("2", "湿地保护率", "41", "55"))
    for row, y in zip(rows, ys, strict=False):
        for words, x in zip(row, xs, strict=False):
            page.text(x + 6, y - 15, words, size=SIZE)
    lower = laid(page, 3, y=400, lines=15, seed=0x20)
    document = opened(grammar, page)
    table = "".join("".join(row) for row in rows)
    assert flat(document.text) == flat("".join(upper) + table + "".join(lower))
    assert [cell.row for cell in document.grids[0].cells][-1] == 2


def test_a_table_in_one_column_stays_in_it(grammar: Grammar) -> None:
    (page,) = new()
    step = (595 - 100 + 14) / 3
    texts = [prose(c, 30, wide=14) for c in range(3)]
    for c, words in enumerate(texts):
        for k, printed in enumerate(words):
            if c == 1 and 10 <= k < 15:
                continue
            page.lines(printed, x=50 + step * c, y=760 - STEP * k, size=SIZE)
    xs, ys = [50 + step, 50 + step + 70, 50 + step + 150], [760 - STEP * 9 - 6, 760 - STEP * 12, 760 - STEP * 15 + 12]
    page.raster(xs, ys)
    for y, row in zip(ys, (("指标", "2025年"), ("湿地面积", "420公顷")), strict=False):
        for x, words in zip(xs, row, strict=False):
            page.text(x + 4, y - 18, words, size=SIZE)
    text = flat(opened(grammar, page).text)
    middle = "".join(texts[1][:10]) + "指标2025年湿地面积420公顷" + "".join(texts[1][15:])
    assert text == flat("".join(texts[0]) + middle + "".join(texts[2]))


def rows_on(page: Page, rows: list[tuple[str, ...]], xs: tuple[float, ...], *, pitch: float = 24) -> None:
    for n, row in enumerate(rows):
        for x, words in zip(xs, row, strict=True):
            page.text(x, 740 - pitch * n, words, size=SIZE)


def test_an_indicator_table_without_rules_is_no_text_in_columns(grammar: Grammar) -> None:
    (page,) = new()
    names = ["湿地面积达到的总规模", "湿地保护修复的公里数", "自然岸线保有率总水平", "森林覆盖率年均增长量"] * 4
    rows = [("指标名称及其计量单位", "二〇二〇年基期完成值", "二〇二五年末目标值")]
    rows += [(f"{name}{n}", f"{n}万{n}千公顷基本完成", f"{n + 1}万{n}千公顷全面完成") for n, name in enumerate(names)]
    rows_on(page, rows, (60, 230, 400))
    document = opened(grammar, page)
    at = [flat(document.text).index(row[0]) for row in rows]
    assert at == sorted(at)
    for row in rows:  # a row's words stand together
        assert flat(document.text).index(row[0]) < flat(document.text).index(row[1]) < flat(document.text).index(row[2])
        assert "".join(row) in flat(document.text)


def test_a_table_of_agencies_without_rules_is_no_text_in_columns(grammar: Grammar) -> None:
    (page,) = new()
    tasks = ["建设城市湿地公园一处", "修复退化湿地三百公顷", "开展湿地资源年度监测", "完善湿地保护管理制度"]
    lead = ["市林业和草原局、市财政局", "市水务局、市自然资源局", "市生态环境局、市统计局", "市司法局、市林业局"]
    others = ["各县（区）人民政府", "市农业农村局、市财政局", "市气象局、市大数据局", "市级各有关部门"]
    rows: list[tuple[str, ...]] = [("重点任务名称和内容", "牵头单位及责任单位", "配合单位及参与单位")]
    for n in range(12):
        rows.append((tasks[n % 4] + str(n), lead[n % 4], others[n % 4]))
        rows.append(("并组织开展相关工作", "" if n % 2 else "市发展和改革委员会", "" if n % 3 else "市工业和信息化局"))
    page_rows = [tuple(words or "" for words in row) for row in rows]
    for n, row in enumerate(page_rows):
        for x, words in zip((60, 230, 400), row, strict=True):
            if words:
                page.text(x, 780 - 26 * n + 6 * (n % 2 == 0), words, size=SIZE)
    text = flat(opened(grammar, page).text)
    places = [text.index(tasks[n % 4] + str(n)) for n in range(12)]
    assert places == sorted(places)
    for n, (here, following) in enumerate(pairwise([*places, len(text)])):  # who does it is told before the next task
        assert lead[n % 4] in text[here:following]
        assert others[n % 4] in text[here:following]


def test_a_page_number_between_columns_is_none_of_their_words(grammar: Grammar) -> None:
    pages = new(2)
    words = [laid(page, 3, lines=30, seed=n) for n, page in enumerate(pages)]
    for n, page in enumerate(pages):
        page.text(290, 40, str(n + 7), size=SIZE)
    document = opened(grammar, *pages)
    assert [d.reason for d in document.discarded] == ["page_number"] * 2
    assert flat(document.text) == flat("".join(words[0] + words[1]))


def test_a_paragraph_goes_on_in_the_next_column_and_page(grammar: Grammar) -> None:
    pages = new(2)
    step = (595 - 100 + 14) / 3
    for n, page in enumerate(pages):
        for c in range(3):
            first = "　　" if n == c == 0 else ""
            words = [first + line(14 - len(first), 0x5000 + 0x900 * (3 * n + c))]
            words += [line(14, 0x5000 + 0x900 * (3 * n + c) + 0x20 * k) for k in range(1, 30)]
            page.lines(*words, x=50 + step * c, y=760, step=STEP, size=SIZE)
    document = opened(grammar, *pages)
    assert len(document.lines) == 1
