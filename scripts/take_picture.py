"""Take the README's picture: a client's Summary with Manage Credits open, from a running `make demo`.

.venv/bin/python scripts/take_picture.py [ADDRESS]
"""

import sys
from pathlib import Path
from shutil import which

from playwright.sync_api import sync_playwright

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "summary.png"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def main() -> None:
    address = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    chromium = which("chromium") or which("chromium-browser") or which("google-chrome")
    if chromium is None:
        sys.exit("There is no Chromium on this machine; install one to take the picture.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme="light")
        page.goto(f"{address}/sign-in/?next=/clients/1001/")
        page.get_by_label("Username").fill("demo")
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
