"""Cancel this invoice? says what is released before it is."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from billing_admin.staff.groups import BILLING, VIEWER
from credits.models import CreditGrant
from invoices.models import Invoice
from invoices.services.cancel import cancel_invoice
from invoices.services.runs.generate import generate_invoices
from tests.factories import give_credit, make_client, make_invoice, make_item, make_payment_method, make_staff, usd
from tests.invariants import assert_invariants
from tests.pages import fill, get_page, parse
from tests.unchanged import nothing_changes
from transactions.services.receive import receive_payment

pytestmark = pytest.mark.django_db

DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}


@pytest.fixture
def billing(client):
    """A browser in which somebody of Billing is signed in."""
    client.force_login(make_staff(BILLING))
    return client


def popup(invoice):
    return reverse("invoices:cancel", args=[invoice.pk])


def page_of(invoice):
    return reverse("invoices:detail", args=[invoice.pk])


def test_it_says_which_grants_get_how_much_back(billing):
    acme = make_client("Acme Ltd")
    give_credit(acme, usd(20), "Downtime in May")
    give_credit(acme, usd(30), "Goodwill", expires_on=datetime.date(2099, 1, 1))
    page = get_page(billing, popup(make_invoice(acme, usd(100))))
    assert page.one("h1").text == "Cancel this invoice?"
    assert page.texts(".prose p")[:2] == [
        (
            "INV-000001 of 100.00 USD to Acme Ltd will not be due any more. Its number stays taken, and it stays "
            "cancelled."
        ),
        "Credit of 50.00 USD goes back to where it came from:",
    ]
    assert page.texts(".prose li") == [
        "30.00 USD to Goodwill, which expires 1 Jan 2099",
        "20.00 USD to Downtime in May",
    ]
    assert [button.text for button in page.all(".form-actions button, .form-actions a")] == [
        "Keep It",
        "Cancel Invoice",
    ]


def test_it_says_that_nothing_is_released_and_periods_are_not_billed_again(billing):
    acme = make_client("Acme Ltd")
    make_item(acme, usd(10), due=datetime.date(2026, 1, 1), cycle="monthly")
    generate_invoices(as_of=datetime.date(2026, 2, 15), by=None)
    page = get_page(billing, popup(Invoice.objects.get()))
    assert page.texts(".prose p")[1:3] == [
        "No credit is applied to it, so none is released.",
        (
            "The 2 periods of billable items that it billed are not billed again by an invoice run. Duplicate the "
            "invoice to bill them again."
        ),
    ]


def test_credit_that_has_expired_meanwhile_is_said_to_expire_again(billing):
    acme = make_client()
    give_credit(acme, usd(20), "Goodwill", expires_on=timezone.localdate())
    invoice = make_invoice(acme, usd(100))
    CreditGrant.objects.update(expires_on=datetime.date(2026, 1, 2))
    assert get_page(billing, popup(invoice)).texts(".prose li") == [
        "20.00 USD to Goodwill, which expired 2 Jan 2026: it expires again at once"
    ]


@pytest.mark.parametrize("headers", [{}, DIALOG])
def test_cancelling_says_what_was_released_and_shows_the_invoice(billing, headers):
    acme = make_client("Acme Ltd")
    give_credit(acme, usd(20))
    invoice = make_invoice(acme, usd(100))
    page = get_page(billing, popup(invoice))
    answer = fill(billing, page, f'form[action="{popup(invoice)}"]', {"reason": "Twice"}, headers=headers)
    assert answer.headers.get("HX-Redirect", answer.headers.get("Location")) == page_of(invoice)
    shown = get_page(billing, page_of(invoice))
    assert shown.one("#toasts p").text == (
        "INV-000001 of 100.00 USD cancelled. Credit of 20.00 USD went back to where it came from."
    )
    assert shown.one(".page-facts .badge").text == "Cancelled"
    assert "Cancel Invoice" not in shown.links()
    assert_invariants()


def test_where_it_cannot_be_cancelled_it_says_why_and_offers_nothing(billing):
    invoice = make_invoice(make_client(), usd(100))
    receive_payment(invoices=[invoice], amount=usd(40), payment_method=make_payment_method(), by=None)
    page = get_page(billing, popup(invoice))
    assert page.one(".alert").text.startswith("Payments of 40.00 USD are recorded on INV-000001.")
    assert page.all("form[method=post] button[type=submit]") == page.all(".bar button[type=submit]")
    with nothing_changes():
        answer = billing.post(popup(invoice), {"reason": ""})
    assert answer.status_code == 422
    assert parse(answer).one("[data-error-summary]").text.startswith("Payments of 40.00 USD are recorded")


def test_a_second_time_says_that_it_was_done_already(billing):
    invoice = make_invoice(make_client(), usd(100))
    page = get_page(billing, popup(invoice))
    cancel_invoice(invoice=invoice, by=None)
    with nothing_changes():
        answer = fill(billing, page, f'form[action="{popup(invoice)}"]')
    assert answer.status_code == 422
    assert "was cancelled on" in parse(answer).one("[data-error-summary]").text


def test_the_button_is_there_for_unpaid_ones_and_those_who_may(billing):
    invoice = make_invoice(make_client(), usd(100))
    assert get_page(billing, page_of(invoice)).links()["Cancel Invoice"] == popup(invoice)
    billing.force_login(make_staff(VIEWER))
    assert "Cancel Invoice" not in get_page(billing, page_of(invoice)).links()
    get_page(billing, popup(invoice), status=403)
    with nothing_changes():
        assert billing.post(popup(invoice)).status_code == 403


def test_an_unknown_invoice_is_not_found(billing):
    get_page(billing, reverse("invoices:cancel", args=[999999]), status=404)
