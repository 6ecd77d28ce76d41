"""Many payments at once."""

import datetime
from decimal import Decimal

import pytest
from djmoney.money import Money

from clients.models import Activity
from credits.models import CreditAccount
from invoices.models import Invoice
from tests.factories import make_client, make_invoice, make_payment_method, usd
from tests.invariants import assert_invariants
from transactions.models import Transaction
from transactions.services.record_many import Payment, record_payments

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 1)


def test_plain_payments_are_recorded_with_their_activity():
    method = make_payment_method()
    invoices = [make_invoice(make_client(), usd(10)) for _ in range(5)]
    payments = [
        Payment(invoice.pk, usd(10), method, TODAY, reference=f"ch_{invoice.pk}", fees=Decimal("0.30"))
        for invoice in invoices
    ]
    recorded = record_payments(payments=payments, by=None)
    assert (recorded.count, recorded.refused) == (5, [])
    assert set(Invoice.objects.values_list("status", flat=True)) == {"paid"}
    assert Activity.objects.filter(verb="payment.recorded").count() == 5
    assert Transaction.objects.first().fees == Money("0.30", "USD")
    assert_invariants()


def test_the_number_of_statements_does_not_grow_with_plain_payments(django_assert_num_queries):
    method = make_payment_method()
    payments = [Payment(make_invoice(make_client(), usd(10)).pk, usd(10), method, TODAY) for _ in range(20)]
    with django_assert_num_queries(4):  # savepoint, lock, record, release
        record_payments(payments=payments, by=None)
    assert_invariants()


def test_an_overpayment_becomes_credit_and_a_second_is_refused():
    method = make_payment_method()
    acme, globex = make_client(), make_client("Globex")
    over, twice = make_invoice(acme, usd(10)), make_invoice(globex, usd(10))
    recorded = record_payments(
        payments=[
            Payment(over.pk, usd(12), method, TODAY, reference="a"),
            Payment(twice.pk, usd(10), method, TODAY, reference="b"),
            Payment(twice.pk, usd(10), method, TODAY, reference="c"),
        ],
        by=None,
    )
    assert recorded.count == 2
    assert [reason for _, reason in recorded.refused] == [
        f"{twice.label} is Paid; a payment of 10.00 USD was not recorded."
    ]
    assert CreditAccount.objects.get(client=acme).balance == usd(2)
    assert_invariants()


def test_the_same_lot_again_records_nothing_more():
    method = make_payment_method()
    payments = [
        Payment(make_invoice(make_client(), usd(10)).pk, usd(10), method, TODAY, reference=f"r{number}")
        for number in range(3)
    ]
    record_payments(payments=payments, by=None)
    record_payments(payments=payments, by=None)
    assert Transaction.objects.count() == 3
    assert_invariants()


def test_a_payment_in_another_currency_is_refused():
    invoice = make_invoice(make_client(), usd(10))
    recorded = record_payments(payments=[Payment(invoice.pk, Money(10, "EUR"), make_payment_method(), TODAY)], by=None)
    assert [reason for _, reason in recorded.refused] == [
        f"{invoice.label} is in USD; a payment in EUR cannot settle it."
    ]
    assert_invariants()
