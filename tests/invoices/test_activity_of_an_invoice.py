"""What was done about an invoice, on its page: alone and together with others."""

import pytest
from django.urls import reverse

from billing_admin.staff.groups import BILLING
from tests.factories import make_client, make_invoice, make_payment_method, make_staff, usd
from tests.pages import get_page
from transactions.services.attach import attach_money
from transactions.services.receive import receive_payment
from transactions.services.reverse import reverse_payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def billing(client):
    """A browser in which somebody of Billing is signed in."""
    client.force_login(make_staff(BILLING, username="robin"))
    return client


def url_of(invoice):
    return reverse("invoices:detail", args=[invoice.pk])


def test_what_was_done_about_it_stands_below_with_who_did_it(billing):
    acme = make_client()
    other = make_invoice(acme, usd(5))
    invoice = make_invoice(acme, usd(20))
    receive_payment(
        invoices=[invoice], amount=usd(20), payment_method=make_payment_method(), by=make_staff(username="kim")
    )
    rows = get_page(billing, url_of(invoice)).texts("#activity li")
    assert rows[0].startswith("Payment of 20.00 USD recorded for INV-000002 kim · ")
    assert len(rows) == 3
    assert not any(other.label in row for row in rows)


def test_what_was_done_about_several_invoices_stands_below_each(billing):
    acme = make_client()
    invoices = [make_invoice(acme, usd(10)), make_invoice(acme, usd(20))]
    apart = make_invoice(acme, usd(5))
    payment = receive_payment(
        client=acme, amount=usd(30), payment_method=make_payment_method(), by=None, invoices=invoices, reference="ch_1"
    ).transaction
    reverse_payment(payment=payment, by=None)
    for invoice in invoices:
        rows = get_page(billing, url_of(invoice)).texts("#activity li")
        assert [row.partition(" System")[0] for row in rows[:2]] == [
            "Payment reversed: 30.00 USD went out again; unpaid again: INV-000001, INV-000002: Payment “ch_1”",
            "Payment of 30.00 USD recorded: 10.00 USD for INV-000001, 20.00 USD for INV-000002",
        ]
    assert len(get_page(billing, url_of(apart)).texts("#activity li")) == 2
    assert acme.activities.filter(verb="payment.reversed").count() == 1


def test_money_that_was_attached_to_several_invoices_stands_below_each(billing):
    acme = make_client()
    invoices = [make_invoice(acme, usd(10)), make_invoice(acme, usd(20))]
    money = receive_payment(
        client=None, amount=usd(30), payment_method=make_payment_method(), by=None, reference="T1"
    ).transaction
    attach_money(transaction=money, client=acme, by=None, invoices=invoices)
    for invoice in invoices:
        assert (
            get_page(billing, url_of(invoice))
            .texts("#activity li")[0]
            .startswith("30.00 USD attached: 10.00 USD for INV-000001, 20.00 USD for INV-000002: Payment “T1”")
        )
