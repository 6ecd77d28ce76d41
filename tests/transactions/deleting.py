"""For deleting transactions: money of a client, what a look tells, and that the books agree afterwards."""

import datetime

from credits.services.check import check_ledger
from tests.factories import make_invoice, make_payment_method, usd
from tests.invariants import assert_invariants
from transactions.selectors.deletion import transactions_deletion
from transactions.services.delete import delete_transactions
from transactions.services.receive import receive_payment
from transactions.services.refund import refund_payment
from transactions.services.reverse import reverse_payment

DAY = datetime.date(2026, 5, 17)


def pay(client, amount, *invoices, reference="T1", **details):
    return receive_payment(
        client=client, invoices=invoices, amount=amount, payment_method=make_payment_method("Bank" + reference),
        by=None, reference=reference, on=DAY, **details,
    ).transaction  # fmt: skip


def unattached():
    return pay(None, usd(40))


def delete(client, *rows, **more):
    deleted = delete_transactions(client=client, chosen=[row.pk for row in rows], by=None, **more)
    assert_invariants()
    assert check_ledger().finding_count == 0
    return deleted


def look(client, *rows):
    return transactions_deletion(client, [row.pk for row in rows])


def as_now(invoice):
    invoice.refresh_from_db()
    return invoice.status, invoice.amount_paid, invoice.due


def everything_about_one_payment(acme):
    """120 for an invoice of 100: two parts; 30 to the method, 20 to credit; the rest reversed: seven rows more."""
    invoice = make_invoice(acme, usd(100), due_on=DAY)
    first = pay(acme, usd(120), invoice, fees=usd("0.60"))
    refund_payment(payment=first, amount=usd(30), to="method", by=None, reference="R1")
    refund_payment(payment=first, amount=usd(20), to="credit", by=None)
    reverse_payment(payment=first, by=None, fee=usd(5))
    return invoice
