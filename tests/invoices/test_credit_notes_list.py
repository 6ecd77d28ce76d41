"""The list of all credit notes."""

import datetime

import pytest

from billing_admin.staff.groups import VIEWER
from invoices.services.credit_notes import CreditLine, issue_credit_note
from tests.factories import make_client, make_invoice, make_staff, usd
from tests.pages import get_page, queries_of

pytestmark = pytest.mark.django_db

LIST = "/invoices/credit-notes/"


@pytest.fixture
def viewer(client):
    """A browser in which a Viewer is signed in."""
    client.force_login(make_staff(VIEWER))
    return client


def credit(owner, amount, reason="Downtime", **details):
    invoice = make_invoice(owner, usd(100))
    line = CreditLine(invoice.lines.get().pk, gross=usd(amount))
    return issue_credit_note(invoice=invoice, reason=reason, by=None, lines=[line], **details).note


def shown(browser, query=""):
    return [row.texts("td")[1] for row in get_page(browser, LIST + query).all("tbody tr")]


def test_each_row_says_whose_it_is_why_and_how_much(viewer):
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    first = credit(acme, 6, on=datetime.date(2030, 5, 17))
    second = credit(globex, "1.50", "Wrong domain")
    page = get_page(viewer, LIST)
    rows = [row.texts("td")[1:] for row in page.all("tbody tr")]
    assert [row[0] for row in rows] == [second.label, first.label]
    assert rows[1] == [first.label, "Acme Ltd", "17 May 2030", "INV-000001", "Downtime", "6.00 USD"]
    assert page.links()[first.label] == f"/invoices/credit-notes/{first.pk}/"
    assert page.links()["INV-000001"] == f"/invoices/{first.invoice_id}/"
    assert page.links()["Acme Ltd"] == f"/clients/{acme.number}/"


def test_it_is_searched_by_both_numbers_and_by_client(viewer):
    acme, globex = make_client("Acme Ltd"), make_client("Globex")
    make_invoice(acme, usd(1))
    first, second = credit(acme, 6), credit(globex, 7)  # for INV-000002 and INV-000003
    assert shown(viewer, f"?q={first.label}") == [first.label]
    assert shown(viewer, "?q=2") == [second.label, first.label]  # the second's number, the first's invoice
    assert shown(viewer, "?q=inv-000003") == [second.label]
    assert shown(viewer, "?q=globex") == [second.label]
    assert shown(viewer, f"?q=%23{acme.number}") == [first.label]
    page = get_page(viewer, LIST + "?q=nobody")
    assert page.one(".empty p").text == "No credit note matches these filters."


def test_days_narrow_it_down(viewer):
    acme = make_client()
    notes = [credit(acme, 1, on=datetime.date(2030, 5, day)) for day in (16, 17, 18)]
    assert shown(viewer, "?from=2030-05-17&to=2030-05-17") == [notes[1].label]
    assert shown(viewer, "?from=2030-05-17") == [notes[2].label, notes[1].label]


def test_without_any_it_says_where_they_come_from(viewer):
    page = get_page(viewer, LIST)
    assert page.one(".empty p").text == "No credit notes yet. One is issued from the invoice that it corrects."
    assert page.links()["Go to Invoices"] == "/invoices/"


def test_the_list_of_invoices_leads_to_it(viewer):
    assert get_page(viewer, "/invoices/").links()["Credit Notes"] == LIST


def test_pages_of_fifty_cost_the_same_queries_as_one_row(viewer):
    acme = make_client()
    credit(acme, 1)
    few = queries_of(viewer, LIST)
    for _ in range(50):
        credit(acme, 1)
    assert queries_of(viewer, LIST) == few
    page = get_page(viewer, LIST)
    assert len(page.all("tbody tr")) == 50
    assert shown(viewer, page.one(".pager a[rel=next]")["href"].removeprefix(LIST)) == ["CN-000001"]
