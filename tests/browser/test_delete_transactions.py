"""Transactions ticked and deleted by keyboard alone."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_merge_and_delete_popups import tab_to
from tests.factories import make_client, make_payment_method, usd
from tests.invariants import assert_invariants
from transactions.models import Transaction
from transactions.services.receive import receive_payment

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("signed_in")]


def test_ticked_rows_and_then_all_are_deleted_by_keyboard_alone(visit, transactional_db):
    acme, card = make_client("Acme Ltd"), make_payment_method()
    for number in range(52):
        receive_payment(client=acme, amount=usd(1), payment_method=card, by=None, reference=f"T{number}")
    page = visit(f"/clients/{acme.number}/transactions/")
    rows = page.locator("tbody [name=row]")
    all_of_page, every = page.locator("[data-tick-all]"), page.locator("[data-tick-every]")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(rows.nth(0)).to_be_checked()
    rows.nth(2).focus()
    page.keyboard.press("Space")
    assert all_of_page.evaluate("box => box.indeterminate")
    button = page.locator("#choice").get_by_role("button", name="Delete Transactions")
    button.focus()
    page.keyboard.press("Enter")
    popup = page.get_by_role("dialog")
    expect(popup.locator("#effects li").first).to_have_text("2 payments: 2.00 USD in.")
    page.keyboard.press("Escape")
    expect(popup).to_be_hidden()
    expect(button).to_be_focused()

    page.keyboard.press("Enter")
    tab_to(page, popup.get_by_label(f"Type {acme.number} to delete these transactions"))
    page.keyboard.type(str(acme.number))
    page.keyboard.press("Enter")
    expect(page.locator(".toast-good")).to_contain_text("2 payments deleted: 2.00 USD in.")
    assert Transaction.objects.count() == 50

    receive_payment(client=acme, amount=usd(1), payment_method=card, by=None)
    page.reload()
    every.focus()
    page.keyboard.press("Space")
    expect(page.locator("tbody [name=row]:checked")).to_have_count(50)
    rows.nth(0).focus()
    page.keyboard.press("Space")
    expect(every).not_to_be_checked()  # no longer every one
    expect(all_of_page).not_to_be_checked()
    every.focus()
    page.keyboard.press("Space")
    button.focus()
    page.keyboard.press("Enter")
    expect(popup.locator("#effects li").first).to_have_text("51 payments: 51.00 USD in.")
    tab_to(page, popup.get_by_label(f"Type {acme.number} to delete these transactions"))
    page.keyboard.type(str(acme.number))
    page.keyboard.press("Enter")
    expect(page.get_by_text("No money has come in yet.")).to_be_visible()
    assert not Transaction.objects.exists()
    assert_invariants()
