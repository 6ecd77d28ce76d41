"""The search in the header: a client, an invoice, a credit note, from any page."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from billing_admin.staff.groups import VIEWER
from invoices.models import Invoice
from invoices.models.number_series import Document
from invoices.services.credit_notes import issue_credit_note
from invoices.services.numbering import set_prefix
from tests.factories import make_client, make_invoice, make_staff, usd
from tests.pages import fill, get_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(client):
    """A browser in which somebody who may look is signed in."""
    client.force_login(make_staff(VIEWER))
    return client


def led_to(browser, typed: str) -> str:
    return fill(browser, get_page(browser, "/"), ".bar > .bar-search", {"q": typed}).headers["Location"]


@pytest.fixture
def invoice() -> Invoice:
    make_client("Filler Ltd", number=1)
    return make_invoice(make_client("Acme Ltd", number=77), usd(5))


@pytest.mark.parametrize("typed", ["INV-000001", "inv 1", "inv1", "000001", " INV-000001 "])
def test_an_invoice_is_found_by_its_number(viewer, invoice, typed):
    assert led_to(viewer, typed) == reverse("invoices:detail", args=[invoice.pk])


def test_a_credit_note_is_found_by_its_number(viewer, invoice):
    note = issue_credit_note(invoice=invoice, reason="Downtime", by=None).note
    assert led_to(viewer, note.label) == reverse("invoices:credit_note", args=[note.pk])


def test_a_plain_number_is_a_clients_before_an_invoices(viewer, invoice):
    assert led_to(viewer, "1") == "/clients/?q=1"
    assert led_to(viewer, "#1") == "/clients/?q=%231"
    other = make_invoice(invoice.client, usd(6))
    assert other.number == 2
    assert led_to(viewer, "2") == reverse("invoices:detail", args=[other.pk])


def test_several_invoices_of_a_number_are_listed(viewer, invoice):
    set_prefix(document=Document.INVOICE, prefix="RE-", by=None)
    assert make_invoice(invoice.client, usd(7)).label == "RE-000001"
    assert led_to(viewer, "000001") == "/invoices/?q=000001"


@pytest.mark.parametrize("typed", ["acme", "", "nobody & nothing", "9" * 200, "\0", "INV-000009", "²"])
def test_all_else_is_looked_for_among_clients(viewer, invoice, typed):
    answer = viewer.get("/search/", {"q": typed}, follow=True)
    assert answer.redirect_chain[0][0].startswith("/clients/?q=")
    assert answer.status_code == 200


def test_without_the_right_to_see_invoices_clients_are_looked_for(client, invoice):
    staff = make_staff()
    staff.groups.clear()
    staff.user_permissions.add(Permission.objects.get(codename="view_client"))
    client.force_login(staff)
    assert led_to(client, "INV-000001") == "/clients/?q=INV-000001"


@pytest.mark.parametrize("url", ["/clients/?q=acme", "/invoices/?q=acme", "/transactions/?q=acme"])
def test_what_a_list_is_searched_for_stands_in_its_own_field_alone(viewer, invoice, url):
    page = get_page(viewer, url)
    assert page.one("main input[name=q]")["value"] == "acme"
    assert [field.attributes.get("value", "") for field in page.all(".bar-search input")] == ["", ""]
