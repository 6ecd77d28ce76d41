"""The printed invoice and credit note, on a phone and on paper; and typing into the list of countries."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from clients.models import Client
from invoices.services.credit_notes import issue_credit_note
from tests.factories import make_client, make_invoice, usd

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("signed_in")]


@pytest.fixture
def documents(transactional_db) -> list[str]:
    """The addresses of an invoice with large figures and of its credit note."""
    invoice = make_invoice(make_client("Acme Ltd"), usd("1234567890.12"), usd("9.00"), tax_rate="20")
    note = issue_credit_note(invoice=invoice, reason="Downtime", by=None).note
    return [
        reverse("invoices:print", args=[invoice.pk]),
        reverse("invoices:print_credit_note", args=[note.pk]),
    ]


def test_a_document_is_no_wider_than_a_phone(visit, documents):
    for address in documents:
        page = visit(address)
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert (
            page.evaluate(
                "Math.max(...[...document.querySelectorAll('td, dd')].map(e => e.scrollWidth - e.clientWidth))"
            )
            <= 0
        )


def test_the_button_prints_and_is_not_printed(visit, documents):
    for address in documents:
        page = visit(address)
        page.evaluate("window.print = () => { document.title = 'printed' }")
        page.get_by_role("button", name="Print").click()
        expect(page).to_have_title("printed")
        page.emulate_media(media="print")
        expect(page.get_by_role("button", name="Print")).to_be_hidden()
        page.emulate_media(media="screen")


def test_without_a_script_there_is_no_button_to_print(browser, context, live_server, documents):
    bare = browser.new_context(java_script_enabled=False)
    bare.add_cookies(context.cookies())
    page = bare.new_page()
    page.goto(f"{live_server.url}{documents[0]}")
    expect(page.get_by_role("link", name="Back to the invoice")).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    bare.close()


def test_a_country_that_is_typed_is_stored(visit, transactional_db):
    acme = make_client("Acme Ltd", country="AU")
    page = visit(reverse("clients:profile", args=[acme.number]))
    page.get_by_label("Country").fill("Austria")
    page.get_by_role("button", name="Save Changes").click()
    expect(page.get_by_label("Country")).to_have_value("Austria (AT)")
    assert Client.objects.get(pk=acme.pk).country == "AT"
