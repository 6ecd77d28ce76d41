"""A WHMCS, from its database to the switch: on the page, with the real server, reader and queue worker."""

import os

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.importing.conftest import made
from tests.jobs import environment, queue_worker
from tests.whmcs.conftest import server
from tests.whmcs.server import PASSWORD

__all__ = ["made", "server"]

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("signed_in"), pytest.mark.slow]


@pytest.fixture(autouse=True)
def on_the_test_database(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> None:
    """The process that reads works where the page does."""
    monkeypatch.setenv("DATABASE_URL", environment()["DATABASE_URL"])


def connect(page: Page, server, database: str, password: str = PASSWORD) -> None:
    for name, value in {
        "host": "127.0.0.1",
        "port": str(server.port),
        "database": database,
        "user": "importer",
    }.items():
        page.locator(f"#id_{name}").fill(value)
    page.locator("#id_password").fill(password)
    page.get_by_role("button", name="Read It").click()


SHOTS = os.environ.get("SHOTS")


def shot(page, name):
    if not SHOTS:
        return
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 860})
            page.screenshot(path=f"{SHOTS}/{name}_{width}_{scheme}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 860})
    page.emulate_media(color_scheme="light")


def test_a_whmcs_is_read_decided_about_booked_and_switched(visit, server, made):
    page = visit(reverse("system_imports"))
    shot(page, "01_empty")
    connect(page, server, made(clients=10, traps=1), "wrong")
    expect(page.locator("#reading")).to_contain_text("the user or the password is wrong")
    shot(page, "02_failed")
    page = visit(reverse("system_imports"))
    shot(page, "03_list")
    connect(page, server, made(clients=10, traps=1))
    expect(page.locator("#tables")).to_be_visible()
    shot(page, "04_preview")
    page.locator("#tables tbody tr", has_text="Invoices").first.get_by_role("link").nth(1).click()
    shot(page, "05_rows")
    page.go_back()
    page.get_by_role("button", name="Save and Look Again").click()
    expect(page.locator("#job")).to_be_visible()
    shot(page, "06_judging")
    with queue_worker():
        expect(page.locator("#toasts")).to_contain_text("goes by the decisions")
    page.get_by_role("link", name="Book Import").click()
    popup = page.get_by_role("dialog")
    shot(page, "07_book")
    popup.get_by_role("button", name="Book Import").click()
    expect(page.locator("#job")).to_be_visible()
    shot(page, "08_waits")
    with queue_worker():
        expect(page.locator("#toasts")).to_contain_text("is booked")
    shot(page, "09_done")
    page.get_by_role("link", name="Receipt").click()
    expect(page.get_by_role("heading", name="Receipt")).to_be_visible()
    shot(page, "10_receipt")
    if SHOTS:
        page.emulate_media(media="print")
        page.pdf(path=f"{SHOTS}/receipt.pdf")
        page.emulate_media(media="screen")
    page.go_back()
    page.get_by_role("link", name="Switch Over").click()
    popup = page.get_by_role("dialog")
    expect(popup).to_contain_text("Items in USD")
    shot(page, "11_switch")
    popup.get_by_role("button", name="Switch Over").click()
    expect(page.locator("#toasts")).to_contain_text("Switched over")
    shot(page, "12_switched")
