"""The review page in a real browser: click-through both ways, filters, keys, find, corrections, attacks, speed."""

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from planparse import load_grammar, parse
from planparse.corrections import apply_corrections, read_corrections
from planparse.models import Plan
from planparse.output.review import plan_to_page
from planparse.output.review.index import entries_to_page, plan_to_entry
from planparse.output.review.pictures import pdf_to_pictures
from planparse.pipeline import document_to_plan
from tests.plans import SAMPLES, lines_to_document
from tests.test_review import hostile

CHROMIUM = Path("/usr/bin/chromium")
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not there: no browser to look through")
PAINTED = 1.0
JUMPED = 0.1
"""Seconds until the first paint, by the clock, and for a jump, of the main thread's work."""
QUIET = ("request data:", "request blob:", "console Rendering was performed in a subtree hidden by content-visibility")
"""What is no harm: what the page holds itself, and Chromium's hint that the test measured what is out of view."""
FIRST_PAINT = "() => performance.getEntriesByType('paint').find((e) => e.name === 'first-contentful-paint')?.startTime"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as runner:
        opened = runner.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield opened
        opened.close()


class Watched:
    """A page with everything that it must not do: requests, dialogs, errors, words on the console."""

    def __init__(self, browser: Any, path: Path, **options: Any) -> None:
        self.wrong: list[str] = []
        self.page = browser.new_page(**{"viewport": {"width": 1300, "height": 850}, **options})
        self.page.on("dialog", lambda d: (self.wrong.append(f"dialog {d.message}"), d.dismiss()))
        self.page.on("console", lambda m: self.wrong.append(f"console {m.text}"))
        self.page.on("pageerror", lambda e: self.wrong.append(f"error {e}"))
        self.page.on("request", lambda r: self.wrong.append(f"request {r.url}") if r.url != path.as_uri() else None)
        self.page.goto(path.as_uri())

    def __enter__(self) -> Any:
        return self.page

    def __exit__(self, *_: object) -> None:
        self.page.close()
        asked = [w for w in self.wrong if not w.startswith(QUIET)]
        assert asked == []


def written(folder: Path, plan: Plan, **options: Any) -> Path:
    path = folder / "plan.review.html"
    path.write_text(plan_to_page(plan, **options), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def yunxi(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Path]:
    plan = parse(SAMPLES / "yunxi" / "yunxi.docx")
    return plan, written(tmp_path_factory.mktemp("pages"), plan, language="en", name="yunxi")


def in_view(page: Any, selector: str) -> bool:
    seen: bool = page.evaluate(
        """(s) => { const one = document.querySelector(s), box = one && one.getBoundingClientRect();
        return Boolean(box) && box.height > 0 && box.top >= 0 && box.bottom <= innerHeight; }""",
        selector,
    )
    return seen


def test_a_click_on_either_side_goes_to_the_other(browser: Any, yunxi: tuple[Plan, Path]) -> None:
    plan, path = yunxi
    with Watched(browser, path) as page:
        page.locator("#facts tr[data-k=commitments]").last.click()
        assert plan.commitments[-1].text in "".join(page.locator("#source .sel").all_text_contents())
        assert in_view(page, "#source .sel")
        page.locator("#source .k-indicators").nth(8).click()
        chosen = page.locator("#facts tr.sel")
        assert chosen.count() == 1
        assert chosen.get_attribute("data-k") == "indicators"
        assert in_view(page, "#facts tr.sel")
        page.locator("#source p.h1 .k-sections").last.click()
        assert page.locator("#outline").is_visible()
        assert page.locator("#outline .sel").text_content().startswith(plan.body[-2].heading[:3])
        page.locator("#outline .go").first.click()
        assert in_view(page, "#source .sel")
        page.locator("#tabs [data-tab=doubts]").click()
        page.locator(".doubt").first.click()
        assert page.locator("#source .sel").first.evaluate("one => one.classList.contains('k-diagnostics')")
        page.locator("#source .k-diagnostics").first.click()
        assert page.locator(".panel.open .sel").count() == 1


def test_one_place_with_several_facts_goes_through_them(browser: Any, yunxi: tuple[Plan, Path]) -> None:
    with Watched(browser, yunxi[1]) as page:
        mark = page.locator("#source [data-m*=' ']").first
        numbers = mark.get_attribute("data-m").split()
        seen = []
        for _ in numbers:
            mark.click()
            seen.append(page.locator(".panel.open .sel").get_attribute("data-i"))
        assert sorted(seen) == sorted(numbers)


def test_keys_filters_and_find(browser: Any, yunxi: tuple[Plan, Path]) -> None:
    with Watched(browser, yunxi[1]) as page:
        page.keyboard.press("j")
        page.keyboard.press("j")
        rows = page.locator("#facts tr[data-i]")
        assert rows.nth(1).get_attribute("class") == "sel"
        page.keyboard.press("k")
        assert rows.nth(0).get_attribute("class") == "sel"
        page.keyboard.press("t")
        assert page.locator("#outline").is_visible()
        page.keyboard.press("t")
        page.locator("#filters [data-kind=indicators]").click()
        assert not page.locator("section.k-indicators").is_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        assert page.locator("#facts tr.sel").get_attribute("data-k") == "tasks"
        page.locator("#filters [data-severity=none]").click()
        assert {r.get_attribute("data-v") for r in rows.all() if r.is_visible()} <= {"error", "warning", "info"}
        page.keyboard.press("/")
        page.keyboard.type("无障碍")
        page.wait_for_selector("#found:has-text('1 of')")
        first = page.locator("#found").text_content()
        page.keyboard.press("Enter")
        assert page.locator("#found").text_content() == first.replace("1", "2", 1)
        page.keyboard.press("Shift+Enter")
        assert page.locator("#found").text_content() == first
        page.fill("#find", "没有这句话")
        page.wait_for_selector("#found:has-text('nothing found')")


def test_corrections_typed_saved_opened_and_applied(browser: Any, yunxi: tuple[Plan, Path], tmp_path: Path) -> None:
    plan, path = yunxi
    saved = tmp_path / "yunxi.corrections.json"
    with Watched(browser, path) as page:
        row = page.locator("#facts tr[data-k=indicators]").nth(1)
        row.locator(".edit").click()
        page.get_by_label("Nature", exact=False).first.select_option("binding")
        page.locator(".fields label", has_text="unit").locator("input").first.fill("人次")
        assert page.locator(".fields legend").all_text_contents() == ["2020年", "2025年"]
        page.locator(".fields label[title='2025年 · value'] input").fill("1900.5")
        more = page.locator(".fields details")
        assert not more.locator("label[title='Definition'], label[title='definition']").first.is_visible()
        more.locator("summary").click()
        more.locator("label[title='Definition'], label[title='definition']").first.locator("input").fill("常住人口")
        page.locator(".keep").click()
        tag = page.locator("#facts tr[data-k=tasks]").nth(1)
        tag.locator(".edit").click()
        page.locator(".fields label", has_text="participating").locator("input").fill("市财政局")
        page.keyboard.press("Enter")
        page.locator("#tabs [data-tab=corrections]").click()
        assert page.locator("#changes li").count() == 5
        with page.expect_download() as caught:
            page.locator("#save").click()
        assert caught.value.suggested_filename == "yunxi.corrections.json"
        caught.value.save_as(saved)
        for _ in range(5):
            page.locator("#changes li button").first.click()
        assert page.locator("#changes li").count() == 0
        page.set_input_files("#open", str(saved))
        page.wait_for_selector("#changes li")
        assert page.locator("#changes li").count() == 5
        other = tmp_path / "other.corrections.json"
        other.write_text(json.dumps({"sha256": "0" * 64, "changes": []}), encoding="utf-8")
        page.set_input_files("#open", str(other))
        page.wait_for_selector("#changes .wrong")
        page.reload()
        assert page.locator("#changes li").count() == 5
        page.evaluate("localStorage.clear()")
    corrections = read_corrections(saved)
    assert corrections.sha256 == plan.source.sha256
    made = apply_corrections(plan, corrections)
    assert made.diagnostics == plan.diagnostics
    row = made.indicators[1]
    target = row.values[1].quantities[0]
    assert (row.nature, row.unit, str(target.value), row.flags) == ("binding", "人次", "1900.5", ["corrected"])
    assert row.definition == "常住人口"
    assert [a.name for a in made.tasks[1].participating] == ["市财政局"]


def test_a_plan_full_of_attacks_does_nothing(browser: Any, tmp_path: Path) -> None:
    plan = hostile()
    with Watched(browser, written(tmp_path, plan, language="zh", name="x", pictures=["javascript:alert(4)"])) as page:
        for tab in ("outline", "facts", "doubts", "corrections", "file"):
            page.locator(f"#tabs [data-tab={tab}]").click()
        page.locator("#tabs [data-tab=facts]").click()
        for key in "jjjjkket":
            page.keyboard.press(key)
        page.locator("#source .m").first.click()
        page.locator("[data-page]").first.click()
        page.wait_for_timeout(200)
        assert page.evaluate("document.querySelectorAll('#source script, #side script, img[onerror], svg').length") == 0
    index = tmp_path / "index.html"
    index.write_text(entries_to_page([plan_to_entry(plan, "x.review.html")]), encoding="utf-8")
    with Watched(browser, index) as page:
        page.fill("#find", "<script>")
        page.wait_for_selector("#hits li")


def test_a_script_that_got_in_all_the_same_does_not_run(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    text = plan_to_page(parse(SAMPLES / "yunxi" / "yunxi.txt")).replace("</h1>", '</h1><script>document.title="ran"</script>')
    path.write_text(text.replace("</header>", '<img src="data:," onerror="document.title=1"></header>'), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    assert page.title().startswith("云溪市")
    page.close()


def test_the_index_finds_words_in_all_plans(browser: Any, tmp_path: Path) -> None:
    plans = {name: parse(SAMPLES / name / f"{name}.txt") for name in ("yunxi", "jichuan")}
    for name, plan in plans.items():
        (tmp_path / f"{name}.review.html").write_text(plan_to_page(plan, language="zh"), encoding="utf-8")
    index = tmp_path / "index.html"
    index.write_text(entries_to_page([plan_to_entry(p, f"{n}.review.html") for n, p in plans.items()]), encoding="utf-8")
    page = browser.new_page()
    page.goto(index.as_uri())
    page.keyboard.press("/")
    page.keyboard.type("无障碍")
    page.wait_for_selector("#hits li")
    assert page.locator("tr[data-plan]:visible").count() == 1
    assert page.locator("#found").text_content().endswith("places; plans: 1")
    more = page.locator("#hits button")
    before = page.locator("#hits .place").count()
    more.click()
    assert page.locator("#hits .place").count() > before == 3
    page.keyboard.press("Escape")
    page.locator("[data-sort='4']").click()
    counts = [int(c or 0) for c in page.locator("tr[data-plan] td:nth-child(5)").all_text_contents()]
    assert counts == sorted(counts, reverse=True)
    page.fill("#find", "无障碍")
    page.wait_for_selector("#hits li")
    page.locator("#hits .place").first.click()
    page.wait_for_selector("#source .sel, #source [class~=sel]")
    assert "无障碍" in page.locator("#source .sel").first.text_content()
    page.close()


def test_pictures_come_when_they_are_asked_for(browser: Any, tmp_path: Path) -> None:
    path = SAMPLES / "yunxi" / "yunxi.pdf"
    plan = parse(path)
    pictures = pdf_to_pictures(path, sha256=plan.source.sha256)
    with Watched(browser, written(tmp_path, plan, pictures=pictures)) as page:
        assert page.locator("#source img").count() == 0
        page.locator("[data-page='1']").click()
        page.evaluate("document.querySelector('#source img').decode()")
        assert page.evaluate("document.querySelector('#source img').naturalWidth") > 900
        page.keyboard.press("p")
        page.locator("#source img").nth(1).wait_for()
        page.keyboard.press("p")
        assert page.locator("#source img").count() == 0


def test_on_a_phone_one_side_at_a_time(browser: Any, yunxi: tuple[Plan, Path]) -> None:
    with Watched(browser, yunxi[1], viewport={"width": 390, "height": 800}) as page:
        assert not page.locator("#source").is_visible()
        page.locator("#facts tr[data-k=commitments]").first.click(position={"x": 20, "y": 12})
        assert page.locator("#source").is_visible()
        assert in_view(page, "#source .sel")
        page.locator("#source .k-commitments").first.click()
        assert page.locator("#facts").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        # A row is a card: what it is about has the width for itself, and each value its column's name.
        card, main = (page.locator(f"#facts tr[data-k=indicators]{s}").first.bounding_box() for s in ("", " td.main"))
        assert main["width"] > 0.85 * card["width"]
        before = "getComputedStyle(document.querySelector('#facts tr[data-k=indicators] td[data-h=unit]'), '::before').content"
        assert "unit" in page.evaluate(before)


def test_a_kind_is_jumped_to_and_looked_at_alone(browser: Any, yunxi: tuple[Plan, Path]) -> None:
    with Watched(browser, yunxi[1]) as page:
        page.locator(".jump [data-jump=commitments]").click()
        assert in_view(page, "section.facts.k-commitments h2")
        page.locator("#filters [data-kind=tasks]").click(modifiers=["Shift"])
        assert page.locator("section.facts:visible").count() == 1
        assert page.locator("section.facts.k-tasks").is_visible()
        page.locator("#filters [data-kind=tasks]").click(modifiers=["Shift"])
        assert page.locator("section.facts:visible").count() == page.locator("section.facts").count()


def test_dark_light_and_print(browser: Any, yunxi: tuple[Plan, Path]) -> None:
    paper = "getComputedStyle(document.querySelector('article')).backgroundColor"
    with Watched(browser, yunxi[1], color_scheme="light") as page:
        light = page.evaluate(paper)
        page.emulate_media(color_scheme="dark")
        assert page.evaluate(paper) != light
        page.emulate_media(media="print", color_scheme="light")
        assert not page.locator("#filters").is_visible()
        assert page.locator("#outline").is_visible()
        assert page.locator("#facts").is_visible()
        printed = pdf_words(page.pdf(format="A4"))
        plan = yunxi[0]
        for said in (plan.text, *(c.text for c in plan.commitments), *(i.name for i in plan.indicators)):
            assert squeezed(said)[-30:] in printed
        assert printed.count(squeezed(plan.commitments[-1].text)) >= 2
        # Nothing is cut off at the right: no table is wider than the paper.
        page.set_viewport_size({"width": 680, "height": 900})
        wide = "[...document.querySelectorAll('.wide, .grid')].filter((one) => one.scrollWidth > one.clientWidth + 1).length"
        assert page.evaluate(wide) == 0


def pdf_words(data: bytes) -> str:
    """The words of a PDF, squeezed."""
    with pypdfium2.PdfDocument(data) as pdf:
        text = "".join(page.get_textpage().get_text_range() for page in pdf)
    return squeezed(text)


def squeezed(text: str) -> str:
    """Words without blanks, and without the radicals that fonts put for characters."""
    return unicodedata.normalize("NFKC", "".join(text.split()))


def busy(processor: Any) -> float:
    """Seconds that the page's main thread has worked: unlike the clock's, they are the same on a machine that is shared."""
    metrics = processor.send("Performance.getMetrics")["metrics"]
    return float(next(m["value"] for m in metrics if m["name"] == "TaskDuration"))


def test_a_plan_of_100_000_characters_is_quick(browser: Any, tmp_path: Path) -> None:
    said = ["云溪市“十四五”水网建设规划"]
    for number in range(60):
        said.append(f"第{'一二三四五六七八九十'[number % 10] if number < 10 else number + 1}章　水网建设方向")
        for part in range(12):
            said.append(
                f"到2025年，新建水厂{number + part + 3}座，改造老旧管网{part * 7 + 11}公里，供水能力达到{number + 90}万吨，"
                + "统筹城乡供水布局，完善骨干工程与调度体系，健全运行维护机制，提升应急保障水平，" * 2
                + "依据《云溪市供水管理办法》推进。（牵头部门：市水务局；参与部门：市财政局、市发改委、市住建局）"
            )
    plan = document_to_plan(lines_to_document(*said), load_grammar())
    assert len(plan.text) > 100_000
    assert len(plan.commitments) + len(plan.responsibilities) > 1000
    with Watched(browser, written(tmp_path, plan, language="zh")) as page:
        page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))")
        painted = page.evaluate(FIRST_PAINT) / 1000
        processor = page.context.new_cdp_session(page)
        processor.send("Performance.enable", {"timeDomain": "threadTicks"})
        begun = busy(processor)
        page.evaluate(
            """async () => {
              const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
              for (const side of ['#facts tr[data-i]', '#source .m']) {
                const all = [...document.querySelectorAll(side)];
                for (let n = 0; n < 20; n++) { all[(n * 997) % all.length].click(); await frame(); }
              } }"""
        )
        jumped = (busy(processor) - begun) / 40
        print(f"first paint {painted:.2f} s, a jump {jumped * 1000:.0f} ms of the processor")
        assert painted < PAINTED
        assert jumped < JUMPED
        assert in_view(page, "#side .panel.open .sel")
        page.locator("#facts tr[data-i]").last.click()
        assert in_view(page, "#source .sel")
