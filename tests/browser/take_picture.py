"""Take the README's picture: a client's Summary with Manage Credits open, from a running `make demo`.

.venv/bin/python -m tests.browser.take_picture [ADDRESS]
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser import chromium

PICTURE = Path(__file__).resolve().parent.parent.parent / "docs" / "summary.png"


def main() -> None:
    address = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    path = chromium.find()
    if path is None:
        sys.exit(chromium.MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme="light")
        page.goto(f"{address}/sign-in/?next=/clients/1001/")
        page.get_by_label("User name or e-mail").fill("demo")
        page.get_by_label("Password").fill("credit where due")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Manage Credits").first.click()
        page.get_by_label("Amount").fill("25.00")
        page.get_by_label("Description").fill("Downtime on 19 November")
        page.screenshot(path=PICTURE)
        browser.close()
    print(f"Saved {PICTURE}")


if __name__ == "__main__":
    main()
