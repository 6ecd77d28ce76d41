"""Every page and popup in both themes: axe finds nothing that keeps somebody out."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.axe import assert_nothing_found
from tests.browser.every_page import PAGES
from tests.factories import make_client

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("signed_in")]


@pytest.mark.slow
def test_the_pages_keep_nobody_out(visit, acme):
    """Every other page in the light theme and the rest in the dark one; test_all_pages.py has all of both."""
    for number, address in enumerate(PAGES.values()):
        assert_nothing_found(visit(address(acme)), ("light", "dark")[number % 2])


def test_the_sign_in_page_keeps_nobody_out(visit, context):
    context.clear_cookies(name="sessionid")
    page = visit("/")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".field-error").first).to_be_visible()
    assert_nothing_found(page)


def test_the_popup_keeps_nobody_out_in_any_state(visit, acme):
    page = visit(reverse("clients:summary", args=[acme.number]))
    page.locator("#quick-links").get_by_role("link", name="Manage Credits").click()
    popup = page.get_by_role("dialog")
    expect(popup.get_by_label("Amount")).to_be_focused()
    popup.locator("summary").click()
    assert_nothing_found(page)

    popup.get_by_label("Amount").fill("1,5")
    popup.get_by_role("button", name="Save Changes").click()
    expect(popup.get_by_role("alert")).to_be_focused()
    assert_nothing_found(page)

    page.keyboard.press("Escape")
    expect(page.get_by_role("alertdialog")).to_be_visible()
    assert_nothing_found(page)

    page.keyboard.press("Escape")
    popup.get_by_label("Amount").fill("1.50")
    popup.get_by_label("Description").fill("Downtime")
    popup.get_by_role("button", name="Save Changes").click()
    expect(page.locator(".toast")).to_be_visible()
    expect(page.locator(".figure-changed")).to_have_count(0)
    assert_nothing_found(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_chosen_from_keeps_nobody_out(visit, acme, theme):
    page = visit("/clients/")
    page.keyboard.press("/")
    page.keyboard.type("acme")
    expect(page.locator("[data-choices-for=acme] [role=option]").first).to_be_visible()
    assert_nothing_found(page, theme)

    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog").get_by_role("heading")).to_be_focused()
    assert_nothing_found(page, theme)

    visit("/transactions/add/")
    page.locator("main").get_by_role("combobox", name="Client").fill("acme")
    expect(page.locator("[data-choices-for=acme] [role=option]").first).to_be_visible()
    assert_nothing_found(page, theme)
    page.locator("main").get_by_label("Amount").fill("5")
    page.keyboard.press("Control+Enter")
    expect(page.locator("fieldset.offered")).to_be_visible()
    assert_nothing_found(page, theme)


def test_a_client_without_anything_keeps_nobody_out(visit, transactional_db):
    empty = make_client("مؤسسة الاختبار للتجارة والخدمات")
    for name in ("summary", "credits list", "invoices of a client", "manage credits"):
        assert_nothing_found(visit(PAGES[name](empty)))
