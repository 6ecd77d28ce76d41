"""Merging and deleting by keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from clients.models import Client, ClientDeletion, ClientMerge, Contact
from credits.selectors.balances import balances_of
from tests.clients.holders import make_holder
from tests.factories import give_credit, make_client, make_invoice, usd
from tests.invariants import assert_invariants

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("signed_in")]


@pytest.fixture
def acme(transactional_db):
    return make_client("Acme Ltd", email="billing@acme.example", phone="111")


@pytest.fixture
def globex(acme):
    globex = make_client("Globex Inc", email="billing@globex.example", phone="222")
    give_credit(globex, usd(20))
    return globex


def open_popup(page: Page, name: str):
    link = page.locator(".quick-links").get_by_role("link", name=name, exact=True)
    link.focus()
    page.keyboard.press("Enter")
    return page.get_by_role("dialog")


def tab_to(page: Page, locator, limit: int = 40) -> None:
    """Press Tab until it is there, as somebody without a mouse does."""
    for _ in range(limit):
        if locator.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{locator} is not reached by keyboard")


def test_two_clients_are_merged_and_the_merge_is_undone_by_keyboard_alone(visit, acme, globex):
    give_credit(acme, usd(30))
    Contact.objects.create(client=acme, first_name="Ann", email="ann@example.com")
    Contact.objects.create(client=globex, first_name="Anna", email="ann@example.com")
    page = visit(f"/clients/{acme.number}/")
    popup = open_popup(page, "Merge Client Accounts")
    expect(popup.get_by_label("The other client")).to_be_focused()
    page.keyboard.type("globex")
    expect(popup.get_by_role("option")).to_have_text([re.compile("Globex Inc")])
    page.keyboard.press("Enter")
    expect(popup.get_by_label("The other client")).to_have_value(f"Globex Inc – No. {globex.number}")
    page.keyboard.press("Enter")
    phone = popup.locator("input[name=phone]")
    expect(phone.first).to_be_checked()
    tab_to(page, phone.first)
    page.keyboard.press("ArrowRight")
    expect(phone.last).to_be_checked()
    expect(popup.locator("#totals tbody tr").first).to_contain_text("50.00 USD")
    expect(popup.locator("#clashes")).to_contain_text("Anna")
    merge_button = popup.get_by_role("button", name=f"Merge {globex.number} into {acme.number}")
    tab_to(page, merge_button)
    page.keyboard.press("Enter")
    expect(page.locator("#proof tbody tr").first).to_have_text(
        re.compile(r"Credit balance\s*30\.00\s*20\.00\s*50\.00 USD\s*50\.00 USD")
    )
    expect(page.locator(".toast-good")).to_contain_text(f"Client {globex.number} merged into client {acme.number}")
    acme.refresh_from_db()
    assert (acme.phone, balances_of(acme), acme.notes.count()) == ("222", [usd(50)], 1)
    assert_invariants()

    page.goto(page.url.replace(page.url.split("/clients/")[1], f"{globex.number}/"))
    expect(page.get_by_role("heading", name="Acme Ltd")).to_be_visible()  # the discarded number leads here
    merges = page.locator("#merges").get_by_role("link", name=f"Client {globex.number}")
    merges.focus()
    page.keyboard.press("Enter")
    undo = page.get_by_role("dialog").get_by_role("button", name="Undo this merge")
    expect(undo).to_be_visible()
    tab_to(page, undo)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Globex Inc")).to_be_visible()
    expect(page.locator("#balances dd")).to_have_text("20.00 USD")
    assert ClientMerge.objects.get().undone_by_name == "maria"
    assert_invariants()


def test_the_other_one_is_kept_when_the_direction_is_turned_by_keyboard(visit, acme, globex):
    page = visit(f"/clients/{acme.number}/merge/?other={globex.number}")  # the same as a page
    turn = page.get_by_role("link", name=f"Merge to client {globex.number}")
    tab_to(page, turn, limit=60)
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name=f"Merge {acme.number} into {globex.number}")
    expect(button).to_be_visible()
    tab_to(page, button, limit=60)
    page.keyboard.press("Enter")
    expect(page.locator("#proof")).to_be_visible()
    assert list(Client.objects.all()) == [globex]


def test_a_client_is_deleted_by_keyboard_alone(visit, transactional_db):
    acme = make_holder("Acme Ltd")
    page = visit(f"/clients/{acme.number}/")
    popup = open_popup(page, "Delete Client")
    expect(popup.get_by_role("heading", name="Delete Acme Ltd?")).to_be_visible()
    expect(popup.get_by_text("There is no way back.")).to_be_focused()  # what goes is read before anything is typed
    remove = popup.get_by_role("button", name="Remove the credit")
    tab_to(page, remove)
    page.keyboard.press("Enter")
    expect(page.locator("#balances dd").first).to_have_text("0.00 USD")
    expect(popup.locator("#warnings")).not_to_contain_text("credit")
    number = popup.get_by_label(f"Type {acme.number} to delete this client")
    tab_to(page, number)
    delete = popup.get_by_role("button", name="Delete Client")
    page.keyboard.type("0")
    expect(delete).to_be_disabled()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+A")
    page.keyboard.type(str(acme.number))
    expect(delete).to_be_enabled()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Clients", exact=True)).to_be_visible()
    expect(page.locator(".toast-good")).to_have_text(
        f"Client {acme.number} deleted; 3 transactions kept under its number and name."
    )
    assert ClientDeletion.objects.filter(number=acme.number).exists()


def test_escape_asks_before_a_typed_number_is_thrown_away(visit, acme):
    page = visit(f"/clients/{acme.number}/")
    popup = open_popup(page, "Delete Client")
    number = popup.get_by_label(f"Type {acme.number} to delete this client")
    tab_to(page, number)
    page.keyboard.type(str(acme.number))
    page.keyboard.press("Escape")
    expect(page.get_by_role("alertdialog")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(popup).to_be_hidden()
    assert Client.objects.filter(pk=acme.pk).exists()


def test_the_unpaid_invoices_are_reached_from_the_popup(visit, acme):
    make_invoice(acme, usd(10))
    page = visit(f"/clients/{acme.number}/")
    popup = open_popup(page, "Delete Client")
    link = popup.get_by_role("link", name="Look at the unpaid invoices")
    tab_to(page, link)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/clients/{acme.number}/invoices/\?status=unpaid"))


def test_the_export_is_downloaded(visit, acme):
    page = visit(f"/clients/{acme.number}/")
    with page.expect_download() as download:
        page.locator("#actions").get_by_role("button", name="Export").press("Enter")
    assert download.value.suggested_filename == f"client-{acme.number}.zip"
    expect(page.locator("#actions").get_by_role("button", name="Export")).to_be_enabled()


def test_the_number_to_type_is_seen_without_scrolling(visit, acme):
    page = visit(f"/clients/{acme.number}/")
    page.set_viewport_size({"width": 1280, "height": 800})
    number = open_popup(page, "Delete Client").get_by_label(f"Type {acme.number} to delete this client")
    expect(number).to_be_in_viewport(ratio=1)
