"""Tables that stand as HTML in Markdown and text."""

from pathlib import Path

import pytest

from planparse import parse
from tests.test_text import balanced, document, reasons, rows

TABLE = (
    '<html><body><table><tr><td rowspan="2">指标</td><td colspan=2>目标值</td><td rowspan="2">属性</td></tr>\n'
    "<tr><td>2020年</td><td>2025年</td></tr>\n"
    "<tr><td>湿地面积（公顷）</td><td>&lt;300</td><td>420<br>以上</td><td>约束性</td></tr>\n"
    '<tr><td><p class="a>b">保护率（%）</p></td><td>51</td><td>60</td><td>预期性</td></tr></table></body></html>\n'
)


@pytest.mark.parametrize("form", ["markdown", "text"])
def test_rows_and_spans(form: str) -> None:
    made = balanced_but_made(document(f"## 二、目标\n\n{TABLE}\n\n## 三、任务\n", form))
    assert rows(made) == [
        [("指标", 0, 1), ("目标值", 1, 2), ("属性", 3, 1)],
        [("2020年", 1, 1), ("2025年", 2, 1)],
        [("湿地面积（公顷）", 0, 1), ("<300", 1, 1), ("420\u2028以上", 2, 1), ("约束性", 3, 1)],
        [("保护率（%）", 0, 1), ("51", 1, 1), ("60", 2, 1), ("预期性", 3, 1)],
    ]
    assert made.generated == {"<": 1}
    assert {reason for _, reason, _ in reasons(made)} == {"markup"}


def balanced_but_made(made):
    """Nothing is lost; what entities stand for is counted as made."""
    from planparse.document import count_characters

    have = count_characters(made.text + "".join(d.text for d in made.discarded))
    assert have == made.source_count + made.generated
    return made


def test_the_facts_of_such_a_table(tmp_path: Path) -> None:
    path = tmp_path / "plan.md"
    path.write_text(
        f"# 云溪市湿地保护规划\n\n## 一、目标\n\n专栏1 主要指标\n\n{TABLE}\n\n## 二、任务\n\n保护湿地。\n", encoding="utf-8"
    )
    plan = parse(path)
    assert [(i.name, i.unit, len(i.values)) for i in plan.indicators] == [("湿地面积", "公顷", 2), ("保护率", "%", 2)]
    assert plan.coverage.lost == 0
    assert plan.text[plan.indicators[0].span.start :].startswith("湿地面积")


def test_words_round_and_in_a_frame() -> None:
    made = balanced_but_made(
        document(
            "<table><caption>专栏2 重点工程</caption><tr><td>1.保护工程。建设湿地。<br>2.利用工程。建设公园。</td></tr></table>",
            "markdown",
        )
    )
    assert made.text == "专栏2 重点工程\n1.保护工程。建设湿地。\n2.利用工程。建设公园。"


def test_a_table_in_a_cell_is_its_words() -> None:
    inner = "<table><tr><td>甲</td><td>乙</td></tr></table>"
    made = balanced_but_made(document(f"<table><tr><td>外</td><td>{inner}</td></tr></table>", "markdown"))
    assert all(word in made.text for word in "外甲乙")


@pytest.mark.parametrize("text", ["<table>没有结束\n一、总体要求\n", "表<table 的写法\n", "<table></table>\n一、总体要求\n"])
def test_what_is_no_table(text: str) -> None:
    assert balanced(document(text, "markdown")).grids == ()
