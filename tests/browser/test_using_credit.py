"""Credit used and moved by keyboard: apply with live figures, take off, remove, transfer, reverse, bulk."""

import pytest
from playwright.sync_api import expect

from clients.models import CreditUse
from credits.models import CreditGrant
from credits.selectors.balances import balances_of
from tests.factories import give_credit, make_client, make_invoice, usd
from tests.invariants import assert_invariants
from tests.jobs import queue_worker

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("signed_in")]


@pytest.fixture
def acme(transactional_db):
    """Acme has 12.00 of credit and owes 20.00."""
    acme = make_client("Acme Ltd", credit_use=CreditUse.NEVER)
    give_credit(acme, usd(12), "Downtime")
    make_invoice(acme, usd(20))
    return acme


def test_credit_is_applied_with_live_figures_and_taken_off_again(visit, acme):
    page = visit(f"/invoices/{acme.invoices.get().pk}/")
    page.get_by_role("link", name="Apply Credit").click()
    popup = page.get_by_role("dialog")
    expect(popup.get_by_label("Amount (USD)")).to_have_value("12.00")
    popup.get_by_label("Amount (USD)").fill("5")
    expect(popup.locator("#after")).to_have_text("After that 15.00 USD is due and 7.00 USD of credit is available.")
    popup.get_by_label("Amount (USD)").fill("50")
    expect(popup.locator("#after")).to_have_text("At most 12.00 USD; 50.00 USD was typed.")
    popup.get_by_label("Amount (USD)").fill("5")
    page.keyboard.press("Enter")
    expect(popup).to_be_hidden()
    expect(page.locator("[data-figure=head-due]")).to_have_text("15.00 USD")

    page.get_by_role("link", name="Take Credit Off").click()
    expect(popup.get_by_label("Amount (USD)")).to_have_value("5.00")
    page.keyboard.press("Enter")
    expect(page.locator("[data-figure=head-due]")).to_have_text("20.00 USD")
    assert balances_of(acme) == [usd(12)]
    assert_invariants()


def test_credit_is_transferred_by_keyboard_from_manage_credits(visit, acme):
    globex = make_client("Globex Inc")
    page = visit(f"/clients/{acme.number}/")
    page.locator("#quick-links").get_by_role("link", name="Manage Credits").click()
    popup = page.get_by_role("dialog")
    popup.get_by_role("link", name="Transfer Credit").focus()
    page.keyboard.press("Enter")
    expect(popup.get_by_label("To client")).to_be_focused()
    page.keyboard.type("globex")
    popup.get_by_label("Amount").fill("4")
    page.keyboard.press("Enter")
    expect(popup.get_by_text("Choose the client that gets the credit.").first).to_be_visible()
    popup.get_by_label("Globex Inc").check()
    popup.get_by_label("Amount").press("Enter")
    expect(popup).to_be_hidden()
    expect(page.locator("#balances dd")).to_have_text("8.00 USD")
    assert balances_of(globex) == [usd(4)]
    assert_invariants()


def test_a_credit_is_opened_from_the_list_and_taken_back(visit, acme):
    page = visit(f"/clients/{acme.number}/credits/")
    page.get_by_role("link", name="Downtime").click()
    popup = page.get_by_role("dialog")
    expect(popup.get_by_role("heading", name="Credit of 12.00 USD – Acme Ltd")).to_be_visible()
    popup.get_by_role("link", name="Reverse", exact=True).click()
    expect(popup.get_by_label("Reason")).to_be_focused()
    page.keyboard.type("Wrong client")
    page.keyboard.press("Enter")
    expect(popup).to_be_hidden()
    expect(page.locator("#balances dd")).to_have_text("0.00 USD")
    assert CreditGrant.objects.get().remaining == usd(0)
    assert_invariants()


def test_a_file_gives_credit_after_a_look_at_its_rows(visit, acme, tmp_path):
    file = tmp_path / "downtime.csv"
    file.write_text(
        f"Client ID,Amount,Currency,Description\n{acme.number},5,USD,Outage of 3 May\n999999999,5,USD,Nobody\n"
    )
    page = visit("/credits/batches/upload/")
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("There is no client 999999999.")).to_be_visible()
    page.get_by_label("Leave out the bad row").check()
    with queue_worker():
        page.get_by_role("button", name="Add 5.00 USD of credit").click()
        expect(page.get_by_text("1 credit of 5.00 USD added from downtime.csv.")).to_be_visible()
        page.get_by_role("link", name="Take back").click()
        popup = page.get_by_role("dialog")
        popup.get_by_role("button", name="Take Back").click()
        expect(page.get_by_text("5.00 USD of 1 credit taken back.")).to_be_visible()
    assert balances_of(acme) == [usd(12)]
    assert_invariants()
