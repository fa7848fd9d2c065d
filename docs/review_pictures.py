"""Makes docs/review-light.png and docs/review-dark.png, the README's pictures of the review page, with Chromium."""

import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from planparse import parse
from planparse.output.review import plan_to_page

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = "/usr/bin/chromium"
SIZE = {"width": 1320, "height": 800}
SHOWN = {
    "light": "#facts tr[data-k=indicators]:nth-child(4)",
    "dark": "#facts tr[data-k=responsibilities]:nth-child(2)",
}
"""Colour scheme → the fact that is clicked."""


def main() -> None:
    """Write both pictures."""
    plan = parse(ROOT / "samples" / "jichuan" / "jichuan.docx")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as runner:
        page_file = Path(folder) / "jichuan.review.html"
        page_file.write_text(plan_to_page(plan, language="zh", name="jichuan"), encoding="utf-8")
        browser = runner.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for scheme, fact in SHOWN.items():
            page = browser.new_page(viewport=SIZE, color_scheme=scheme)  # type: ignore[arg-type]
            page.goto(page_file.as_uri())
            page.locator(fact).click()
            page.mouse.move(0, 0)
            page.wait_for_timeout(300)
            place = ROOT / "docs" / f"review-{scheme}.png"
            with Image.open(BytesIO(page.screenshot())) as picture:
                picture.convert("RGB").save(place, optimize=True)
            sys.stderr.write(f"{place} {place.stat().st_size} bytes\n")
        browser.close()


if __name__ == "__main__":
    main()
