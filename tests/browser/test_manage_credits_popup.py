"""The Manage Credits popup by keyboard, by a hasty hand, and where the form is refused."""

import re

import pytest
from playwright.sync_api import Page, expect

from credits.models import CreditGrant
from tests.factories import give_credit, make_client, usd
from tests.invariants import assert_invariants

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("signed_in")]


@pytest.fixture
def acme(transactional_db):
    return make_client("Acme Ltd")


def open_popup(page: Page):
    """By keyboard, from the link in Quick Links."""
    link = page.locator("#quick-links").get_by_role("link", name="Manage Credits")
    link.focus()
    page.keyboard.press("Enter")
    popup = page.get_by_role("dialog")
    expect(popup.get_by_label("Amount")).to_be_focused()
    return link, popup


def test_credit_is_added_by_keyboard_alone(visit, acme):
    page = visit(f"/clients/{acme.number}/")
    link, popup = open_popup(page)
    page.keyboard.type("12.50")
    page.keyboard.press("Tab")
    expect(popup.get_by_label("Currency")).to_be_focused()
    page.keyboard.type("EUR")
    page.keyboard.press("Tab")
    page.keyboard.type("Downtime")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # opens what is tucked away
    page.keyboard.press("Tab")
    expect(popup.get_by_label("Category")).to_be_focused()
    page.keyboard.type("Paid")
    popup.get_by_label("Description").focus()
    page.keyboard.press("Enter")
    expect(popup.locator("#credits-list tbody td.num").first).to_have_text("12.50 EUR")
    expect(popup.get_by_label("Amount")).to_be_focused()
    page.keyboard.press("Escape")
    expect(popup).to_be_hidden()
    expect(link).to_be_focused()
    expect(page.locator("#balances dd")).to_have_text(["0.00 USD", "12.50 EUR"])
    grant = CreditGrant.objects.get()
    assert (grant.currency, grant.description, grant.category) == ("EUR", "Downtime", "paid")
    assert_invariants()


def test_focus_stays_inside_while_the_popup_is_open(visit, acme):
    page = visit(f"/clients/{acme.number}/")
    open_popup(page)
    for _ in range(30):
        page.keyboard.press("Tab")
        outside = page.evaluate(
            "document.activeElement !== document.body && !document.activeElement.closest('#dialog')"
        )
        assert not outside


def test_escape_closes_at_once_where_nothing_was_typed(visit, acme):
    page = visit(f"/clients/{acme.number}/")
    link, popup = open_popup(page)
    page.keyboard.press("Escape")
    expect(popup).to_be_hidden()
    expect(link).to_be_focused()


def test_escape_keeps_what_was_typed_until_it_is_discarded(visit, acme):
    page = visit(f"/clients/{acme.number}/")
    link, popup = open_popup(page)
    page.keyboard.type("25")
    page.keyboard.press("Escape")
    warning = page.get_by_role("alertdialog")
    expect(warning).to_contain_text("What you typed here has not been saved.")
    expect(warning.get_by_role("button", name="Keep editing")).to_be_focused()
    page.keyboard.press("Escape")
    expect(warning).to_be_hidden()
    expect(popup.get_by_label("Amount")).to_have_value("25")
    expect(popup.get_by_label("Amount")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Tab")
    expect(warning.get_by_role("button", name="Discard it")).to_be_focused()
    page.keyboard.press("Enter")
    expect(popup).to_be_hidden()
    expect(link).to_be_focused()
    assert CreditGrant.objects.count() == 0


def test_a_double_click_adds_once(visit, acme):
    page = visit(f"/clients/{acme.number}/")
    _, popup = open_popup(page)
    popup.get_by_label("Amount").fill("25")
    popup.get_by_label("Description").fill("Downtime")
    popup.get_by_role("button", name="Save Changes").dblclick()
    expect(page.locator("#balances dd")).to_have_text("25.00 USD")
    expect(popup.locator("#credits-list tbody tr")).to_have_count(1)
    assert CreditGrant.objects.count() == 1


def test_a_refused_form_keeps_what_was_typed_and_leads_to_the_fault(visit, acme):
    page = visit(f"/clients/{acme.number}/")
    _, popup = open_popup(page)
    popup.get_by_label("Amount").fill("1,5")
    popup.get_by_label("Description").fill("Downtime")
    popup.get_by_role("button", name="Save Changes").click()
    expect(popup.locator("#id_amount_error")).to_contain_text("“1,5” is not an amount: is 15.00 or 1.50 meant?")
    expect(popup.get_by_label("Amount")).to_be_focused()
    expect(popup.get_by_label("Description")).to_have_value("Downtime")
    expect(page.locator(".toast")).to_have_count(0)
    expect(page.locator("#balances dd")).to_have_text("0.00 USD")
    page.keyboard.press("Escape")
    expect(page.get_by_role("alertdialog")).to_be_visible()  # it is typed still, and not saved
    page.keyboard.press("Escape")
    popup.get_by_label("Amount").fill("1.50")
    popup.get_by_role("button", name="Save Changes").click()
    expect(page.locator("#balances dd")).to_have_text("1.50 USD")


def test_a_fault_in_what_is_tucked_away_is_in_sight(visit, acme):
    page = visit(f"/clients/{acme.number}/")
    _, popup = open_popup(page)
    popup.get_by_label("Amount").fill("5")
    popup.get_by_label("Description").fill("Downtime")
    popup.locator("summary").click()
    popup.get_by_label("Expires on").fill("2020-01-01")
    popup.get_by_role("button", name="Save Changes").click()
    expect(popup.get_by_text("This credit would have expired on 1 Jan 2020 already.")).to_be_visible()
    expect(popup.get_by_label("Expires on")).to_be_focused()


def test_the_credits_tab_shows_what_was_added_over_it(visit, acme):
    give_credit(acme, usd(5), "Goodwill")
    page = visit(f"/clients/{acme.number}/credits/")
    page.get_by_role("link", name="Manage Credits").click()
    popup = page.get_by_role("dialog")
    popup.get_by_label("Amount").fill("25")
    popup.get_by_label("Description").fill("Downtime")
    popup.get_by_role("button", name="Save Changes").click()
    expect(page.locator("#credits tbody td.fill a")).to_have_text(["Downtime", "Goodwill"])
    expect(page.locator("#balances dd")).to_have_text("30.00 USD")
    popup.get_by_role("link", name="Close").click()
    expect(page.get_by_role("link", name="Manage Credits")).to_be_focused()


def test_the_new_grant_and_the_balance_are_marked_for_a_moment(visit, acme):
    give_credit(acme, usd(5), "Goodwill")
    page = visit(f"/clients/{acme.number}/")
    _, popup = open_popup(page)
    popup.get_by_label("Amount").fill("25")
    popup.get_by_label("Description").fill("Downtime")
    popup.get_by_role("button", name="Save Changes").click()
    expect(popup.locator("#credits-list .figure-changed")).to_have_text(["25.00 USD"])
    expect(popup.locator(".balance dd")).to_have_class(re.compile("figure-changed"))
    expect(page.locator(".figure-changed")).to_have_count(0)
