"""Every page at both widths in both themes: axe finds nothing, nothing goes beyond its edge, and a picture to look at.

`make screenshots` runs it; the pictures are in .data/screenshots.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.axe import assert_nothing_found
from tests.browser.every_page import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("signed_in")]

PICTURES = Path(__file__).resolve().parent.parent.parent / ".data" / "screenshots"
BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDTHS = (1280, 390)
SOME = ("home", "clients", "summary", "unpaid invoice", "create invoice", "transactions", "manage credits")


def look_at(page: Page, name: str, width: int) -> None:
    """In both themes, with a picture of each."""
    assert page.evaluate(BEYOND) <= 0, f"{name} is wider than {width} pixels"
    for theme in ("light", "dark"):
        assert_nothing_found(page, theme)
        page.screenshot(path=PICTURES / f"{re.sub('[^a-z]+', '-', name)}-{width}-{theme}.png", full_page=True)


@pytest.mark.long
@pytest.mark.parametrize("width", WIDTHS)
def test_all_pages_are_as_wide_as_the_window_and_keep_nobody_out(visit, acme, width, subtests: Any) -> None:
    for name, address in PAGES.items():
        with subtests.test(name):
            page = visit(address(acme))
            page.set_viewport_size({"width": width, "height": 900})
            look_at(page, name, width)


def test_some_pages_are_no_wider_than_a_phone(visit, acme) -> None:
    for name in SOME:
        page = visit(PAGES[name](acme))
        page.set_viewport_size({"width": 390, "height": 900})
        assert page.evaluate(BEYOND) <= 0, name
