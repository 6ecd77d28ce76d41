"""Deleting a transaction booked by mistake, where nothing depends on it."""

import datetime

import pytest

from clients.models import Activity
from tests.factories import make_client, make_invoice, make_payment_method, make_staff, usd
from tests.invariants import assert_invariants
from tests.unchanged import refused
from transactions.models import Transaction
from transactions.services.delete import delete_transaction
from transactions.services.receive import receive_payment
from transactions.services.refund import refund_payment

pytestmark = pytest.mark.django_db


def unattached():
    return receive_payment(
        client=None,
        amount=usd(40),
        payment_method=make_payment_method("Bank"),
        by=None,
        reference="T1",
        on=datetime.date(2026, 5, 17),
    ).transaction


def test_unattached_money_is_deleted_and_stays_in_the_activity():
    ann = make_staff(username="ann")
    delete_transaction(transaction=unattached(), by=ann)
    assert not Transaction.objects.exists()
    activity = Activity.objects.latest("id")
    assert (activity.actor, activity.verb, activity.data["amount_in"]) == (ann, "transaction.deleted", "40.000")
    assert activity.summary == "Payment “T1” of 40.00 USD, 17 May 2026, Bank deleted"
    assert_invariants()


def test_what_paid_an_invoice_is_not_deleted():
    payment = receive_payment(
        invoices=[make_invoice(make_client(), usd(30))],
        amount=usd(40),
        payment_method=make_payment_method(),
        by=None,
        reference="T1",
    ).transaction
    with refused(
        "Payment “T1” cannot be deleted: 30.00 USD of it paid INV-000001; it is one of several parts of a payment. "
        "Reverse or refund it instead.",
    ):
        delete_transaction(transaction=payment, by=None)
    with refused(
        "Payment “T1” cannot be deleted: 10.00 USD of it became credit; it is one of several parts of a payment. "
        "Reverse or refund it instead.",
    ):
        delete_transaction(transaction=Transaction.objects.get(part=2), by=None)


def test_neither_a_refund_nor_what_was_refunded_is_deleted():
    money = unattached()
    refund = refund_payment(payment=money, amount=usd(15), to="method", by=None, reference="R1")
    with refused(
        "Payment “T1” cannot be deleted: 15.00 USD of it was given back. Reverse or refund it instead.",
    ):
        delete_transaction(transaction=money, by=None)
    with refused(
        "Refund “R1” cannot be deleted: it gives back what came in on another transaction. "
        "Reverse or refund it instead.",
    ):
        delete_transaction(transaction=refund, by=None)


def test_the_second_time_there_is_nothing_to_delete():
    money = unattached()
    delete_transaction(transaction=money, by=None)
    with refused("This transaction was deleted meanwhile; nothing was done."):
        delete_transaction(transaction=money, by=None)
