"""Credit from giving it to the invoices that it pays, in Chromium: the story of tests/examples, with the popup."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from clients.models import Client
from credits.selectors.balances import balances_of
from tests.examples import cdnow
from tests.factories import usd
from tests.invariants import assert_invariants

pytestmark = pytest.mark.browser


def sign_in(page: Page) -> None:
    page.get_by_label("User name or e-mail").fill("maria")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in", exact=True).click()


def find_client(page: Page, email: str) -> None:
    """By the search box of the menu bar to the client's Summary."""
    page.keyboard.press("/")
    page.keyboard.type(email)
    page.keyboard.press("Enter")
    expect(page.locator("#information")).to_contain_text(email)


def add_credit(page: Page, amount: str, description: str) -> Locator:
    """By Quick Links to the popup, and save; the popup stays."""
    page.locator("#quick-links").get_by_role("link", name="Manage Credits").click()
    popup = page.get_by_role("dialog")
    expect(popup.get_by_label("Amount")).to_be_focused()
    popup.get_by_label("Amount").fill(amount)
    popup.get_by_label("Description").fill(description)
    popup.get_by_role("button", name="Save Changes").click()
    expect(popup.locator("#credits-list tbody tr")).to_contain_text([description])
    return popup


def newest_invoice(page: Page) -> Locator:
    """By the Invoices tab to the newest one; its large figures."""
    page.get_by_role("navigation", name="Client").get_by_role("link", name="Invoices").click()
    page.locator("tbody .row-link").first.click()
    return page.locator("#invoice .balance")


def test_credit_is_given_in_the_popup_and_pays_the_next_invoices(visit, maria, tmp_path):
    cdnow.import_first_purchases(tmp_path)
    cdnow.run_invoices("1998-07-01")
    page = visit("/clients/")
    sign_in(page)
    expect(page.get_by_role("heading", name="Clients")).to_be_visible()

    # Client 1: the popup shows the new entry and balance, and so does the page behind it.
    find_client(page, "customer0001@example.com")
    popup = add_credit(page, "25", "Damaged in the post")
    expect(popup.locator("#credits-list tbody .num")).to_have_text(["25.00 USD", "25.00"])
    expect(popup.locator(".balance dd")).to_have_text("25.00 USD")
    expect(page.locator("#balances dd")).to_have_text("25.00 USD")
    expect(page.locator("#balances dd")).to_have_class(re.compile("figure-changed"))
    expect(page.locator("[data-figure=credit-USD]")).to_have_text("25.00 USD")
    expect(page.locator("#recent li").first).to_contain_text("Credit of 25.00 USD added: Damaged in the post")
    expect(page.locator(".toast-good")).to_have_text("Credit of 25.00 USD added to Customer 0001.")
    expect(popup.get_by_label("Amount")).to_be_focused()
    expect(popup.get_by_label("Amount")).to_have_value("")
    popup.get_by_role("link", name="Close").click()
    expect(popup).to_be_hidden()
    expect(page.locator("#balances dd")).to_have_text("25.00 USD")

    # Client 2: a credit that covers all of the next invoice.
    find_client(page, "customer0002@example.com")
    add_credit(page, "50.00", "Voucher")
    expect(page.locator("#balances dd")).to_have_text("50.00 USD")

    cdnow.import_later_purchases(tmp_path)
    cdnow.run_invoices("1998-08-01")

    # The second one is paid, and its page says by what.
    page.reload()
    expect(page.locator("#balances dd")).to_have_text("10.00 USD")
    figures = newest_invoice(page)
    expect(figures.locator("dd")).to_have_text(["40.00 USD", "40.00 USD", "0.00 USD", "0.00 USD"])
    expect(page.locator(".page-facts .badge")).to_have_text("Paid")
    expect(page.locator("#settlement tbody tr")).to_contain_text(["Voucher"])

    # The first one's due fell by exactly the credit.
    find_client(page, "customer0001@example.com")
    figures = newest_invoice(page)
    expect(figures.locator("dt")).to_have_text(["Total", "Credit applied", "Paid", "Due"])
    expect(figures.locator("dd")).to_have_text(["60.00 USD", "25.00 USD", "0.00 USD", "35.00 USD"])
    expect(page.locator("#settlement tbody tr")).to_contain_text(["Damaged in the post"])
    assert [balances_of(Client.objects.get(number=number)) for number in (1, 2)] == [[usd(0)], [usd(10)]]
    assert_invariants()
