"""Keys for what stands on the page."""

import re

import pytest
from playwright.sync_api import expect

from invoices.models import Invoice
from invoices.services.issue import NewLine, draft_invoice
from tests.factories import make_client, make_invoice, usd

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("signed_in")]


@pytest.fixture
def acme(transactional_db):
    return make_client("Acme Ltd", number=77)


def press(page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


@pytest.mark.parametrize(
    ("keys", "address"),
    [("gh", "/"), ("gc", "/clients/"), ("gi", "/invoices/"), ("gt", "/transactions/"), ("gs", "/settings/")],
)
def test_two_keys_go_to_a_page(visit, acme, keys, address):
    page = visit("/reports/")
    press(page, *keys)
    page.wait_for_url(f"**{address}")


def test_keys_of_a_client_and_of_an_invoice(visit, acme):
    page = visit("/clients/77/activity/")
    press(page, "c")
    expect(page.get_by_role("dialog").get_by_label("Amount")).to_be_focused()
    press(page, "i", "p")  # typed into the field
    expect(page.get_by_role("dialog").get_by_label("Amount")).to_have_value("ip")
    press(page, "Escape")
    page.get_by_role("button", name="Discard it").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    press(page, "p")
    expect(page.get_by_role("heading", name="Add Transaction – Acme Ltd")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_label("Amount")).to_be_focused()
    press(page, "Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    press(page, "i")
    page.wait_for_url("**/clients/77/invoices/create/")
    invoice = make_invoice(acme, usd(20))
    visit(f"/invoices/{invoice.pk}/")
    press(page, "p")
    expect(page.get_by_role("heading", name=f"Record Payment – {invoice.label}")).to_be_visible()


def test_rows_of_a_list_are_walked_ticked_and_opened(visit, acme):
    invoices = [make_invoice(acme, usd(amount)) for amount in (1, 2, 3)]
    page = visit("/clients/77/invoices/")
    press(page, "j", "j", "k", "j")
    expect(page.locator(":focus")).to_have_text(invoices[1].label)
    press(page, "Enter")
    page.wait_for_url(f"**/invoices/{invoices[1].pk}/")


def test_question_mark_shows_what_is_on_this_page(visit, acme):
    page = visit("/reports/")
    press(page, "?")
    popup = page.get_by_role("dialog")
    expect(popup.locator("dd", has_text="Clients")).to_be_visible()
    expect(popup.locator("dd", has_text="Add credit")).to_have_count(0)
    expect(popup.locator("dd", has_text="Tick the row")).to_be_hidden()
    press(page, "Escape")
    expect(popup).to_be_hidden()
    visit("/clients/77/")
    press(page, "?")
    expect(popup.locator("dd", has_text="Add credit")).to_be_visible()
    popup.locator(".form-actions").get_by_role("button", name="Close").click()
    expect(popup).to_be_hidden()


def test_keys_are_switched_off_and_stay_off(visit, acme):
    page = visit("/reports/")
    page.locator(".bar-person > summary").click()
    page.get_by_role("button", name="Keys off").click()
    page.reload()
    press(page, "g", "c", "?", "/")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page).to_have_url(re.compile("/reports/$"))
    press(page, "Control+k")
    expect(page.get_by_role("combobox", name="Search")).to_be_focused()
    page.locator(".bar-person > summary").click()
    page.get_by_role("button", name="Keys on").click()
    page.locator("h1").click()
    press(page, "g", "c")
    page.wait_for_url("**/clients/")


def test_an_invoice_is_typed_with_enter_and_issued_with_control_enter(visit, acme):
    page = visit("/clients/77/invoices/create/")
    expect(page.locator("#id_line-0-description")).to_be_focused()
    for number, (description, price) in enumerate([("Hosting", "10"), ("Domain", "5"), ("Support", "7")]):
        expect(page.locator(f"#id_line-{number}-description")).to_be_focused()
        page.keyboard.type(description)
        press(page, "Enter", "Enter")
        page.keyboard.type(price)
        press(page, "Enter", "Enter")
    expect(page.locator("#id_line-3-description")).to_be_focused()  # a line was added
    page.keyboard.type("Setup")
    press(page, "Enter", "Enter")
    page.keyboard.type("1")
    press(page, "Control+Enter")
    page.wait_for_url("**/issue/")
    draft = Invoice.objects.get()
    assert (draft.status, draft.total) == ("draft", usd(23))
    press(page, "Control+Enter")
    page.wait_for_url(f"**/invoices/{draft.pk}/")
    assert Invoice.objects.get().status == "unpaid"


def test_a_draft_is_saved_and_issued_with_control_enter(visit, acme):
    draft = draft_invoice(client=acme, lines=[NewLine("Hosting", usd(5))], by=None)
    page = visit(f"/invoices/{draft.pk}/edit/")
    page.get_by_label("Unit price").first.fill("6")
    press(page, "Control+Enter")
    page.wait_for_url("**/issue/")
    assert Invoice.objects.get().total == usd(6)


def test_focus_is_kept_where_a_popup_changed_the_page_below(visit, acme):
    invoice = make_invoice(acme, usd(20))
    page = visit(f"/invoices/{invoice.pk}/")
    page.get_by_role("link", name="Record Payment").click()
    expect(page.get_by_role("dialog").get_by_label("Amount")).to_be_focused()
    press(page, "Control+Enter")
    expect(page.locator("#invoice .badge").first).to_have_text("Paid")
    expect(page.locator("main")).to_be_focused()  # the button is gone with what it was for


def test_after_saving_the_way_out_of_a_popup_is_called_close(visit, acme):
    page = visit("/clients/77/")
    press(page, "c")
    popup = page.get_by_role("dialog")
    expect(popup.locator(".form-actions a")).to_have_text("Cancel")
    page.keyboard.type("5")
    popup.get_by_label("Description").fill("Downtime")
    press(page, "Enter")
    expect(popup.locator(".form-actions a")).to_have_text("Close")
    expect(popup.get_by_label("Amount")).to_be_focused()
    popup.get_by_label("Description").fill("Again")
    popup.get_by_label("Amount").fill("x")
    press(page, "Enter")
    expect(popup.get_by_label("Amount")).to_have_attribute("aria-invalid", "true")
    expect(popup.get_by_label("Amount")).to_be_focused()
