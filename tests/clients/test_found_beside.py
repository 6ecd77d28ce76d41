"""What clients have is found by their contacts and notes only by those who may see these."""

import datetime

import pytest

from clients.services.contacts import add_contact
from clients.services.notes import add_note
from invoices.services.credit_notes import issue_credit_note
from tests.factories import make_client, make_invoice, make_item, make_payment_method, person_with, usd
from tests.pages import get_page
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

LISTS = {
    "/invoices/": "view_invoice", "/invoices/credit-notes/": "view_invoice", "/billable-items/": "view_invoice",
    "/transactions/": "view_transaction",
}  # fmt: skip


@pytest.mark.parametrize("url", LISTS)
@pytest.mark.parametrize("sought", ["gundula", "zoe@acme.example", "acme"])
def test_contacts_and_notes_find_what_a_client_has_for_who_may_see_them(client, url, sought):
    acme = make_client("Acme Ltd")
    add_note(client=acme, text="Ask Gundula", by=None)
    add_contact(client=acme, by=None, first_name="Zoë", email="zoe@acme.example")
    receive_payment(client=acme, amount=usd(5), payment_method=make_payment_method(), by=None)
    issue_credit_note(invoice=make_invoice(acme, usd(5)), reason="Downtime", by=None)
    make_item(acme, usd(5), due=datetime.date(2026, 1, 1))
    client.force_login(person_with(LISTS[url], "view_client"))
    assert get_page(client, url, data={"q": sought}).all("tbody tr")
    client.force_login(person_with(LISTS[url]))
    assert bool(get_page(client, url, data={"q": sought}).all("tbody tr")) == (sought == "acme")
