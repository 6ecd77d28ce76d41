"""Chargebacks: a payment is undone with everything that it did."""

import datetime

import pytest
from django.utils import timezone
from djmoney.money import Money

from clients.models import Activity, FormKey
from clients.selectors.statement import statement
from credits.models import CreditAccount, CreditGrant
from credits.services.release import release_credit
from credits.services.take_back import reverse_grant
from invoices.models import Invoice
from tests.factories import make_client, make_invoice, make_payment_method, make_staff, usd
from tests.invariants import assert_invariants
from tests.unchanged import nothing_changes, refused, reused
from transactions.models import Transaction
from transactions.services.receive import receive_payment
from transactions.services.refund import refund_payment
from transactions.services.reverse import reverse_payment

pytestmark = pytest.mark.django_db

DAY = datetime.date(2030, 5, 17)


def paid(amount="100", of=None, **details):
    acme = of or make_client("Acme Ltd")
    details.setdefault("payment_method", make_payment_method())
    return receive_payment(invoices=[make_invoice(acme, usd(100))], amount=usd(amount), by=None, **details).transaction


def balance():
    return CreditAccount.objects.get().balance


def test_the_invoice_is_unpaid_again_and_the_fee_is_on_the_reversal():
    ann = make_staff(username="ann")
    payment = paid(reference="ch_1", fees=usd(3))
    done = reverse_payment(payment=payment, by=ann, on=DAY, fee=usd(15), reference="dp_1")
    (row,) = done.transactions
    assert (row.kind, row.amount_out, row.fees, row.refund_of) == ("reversal", usd(100), usd(15), payment)
    assert (row.date, row.reference, row.description) == (DAY, "dp_1", "Reversal of INV-000001")
    assert (done.amount, done.credit_taken_back) == (usd(100), usd(0))
    invoice = Invoice.objects.get()
    assert (invoice.status, invoice.due, invoice.paid_at) == ("unpaid", usd(100), None)
    activity = Activity.objects.latest("id")
    assert (activity.actor, activity.verb) == (ann, "payment.reversed")
    assert activity.summary == "Payment reversed: 100.00 USD went out again, fee 15.00 USD; unpaid again: INV-000001"
    assert activity.note == "Payment “ch_1”"
    assert_invariants()


def test_each_part_names_its_own_invoice_also_on_the_statement():
    acme = make_client("Acme Ltd")
    invoices = [make_invoice(acme, usd(60)), make_invoice(acme, usd(40))]
    method = make_payment_method()
    payment = receive_payment(
        invoices=invoices, amount=usd(110), payment_method=method, reference="ch_1", by=None
    ).transaction
    done = reverse_payment(payment=payment, by=None)
    assert [row.description for row in done.transactions] == [
        "Reversal of INV-000001", "Reversal of INV-000002", "Reversal of Payment “ch_1”",
    ]  # fmt: skip
    (account,) = statement(acme, payment.date, timezone.localdate())
    said = [(line.what, line.described) for line in account.owed if line.kind == "reversal_of"]
    # Not by what was written down: what was booked before this was mended names the first invoice.
    assert said == [("Reversal of INV-000001", ""), ("Reversal of INV-000002", "")]


@pytest.mark.parametrize("part", [1, 2])
def test_an_overpayment_is_undone_as_a_whole_and_its_credit_taken_back(part):
    paid("120", reference="ch_1")
    done = reverse_payment(payment=Transaction.objects.get(part=part), by=None)
    assert (done.amount, done.credit_taken_back) == (usd(120), usd(20))
    assert [row.amount_out for row in done.transactions] == [usd(100), usd(20)]
    assert [row.refund_of.part for row in done.transactions] == [1, 2]
    assert (balance(), Invoice.objects.get().due) == (usd(0), usd(100))
    assert Activity.objects.latest("id").summary == (
        "Payment reversed: 120.00 USD went out again; unpaid again: INV-000001; 20.00 USD of credit taken back"
    )
    assert_invariants()


def test_credit_that_was_used_keeps_it_from_being_reversed():
    acme = make_client()
    payment = paid("120", of=acme)
    second = make_invoice(acme, usd(12))
    with refused(
        "12.00 USD of the 20.00 USD of credit that this payment gave (“Overpayment of INV-000001”) has been used; "
        "8.00 USD is unspent. Use Take Credit Off on what it paid first; nothing was reversed.",
    ):
        reverse_payment(payment=payment, by=None)
    release_credit(invoice=second, by=None)
    reverse_payment(payment=payment, by=None)
    assert (balance(), {invoice.status for invoice in Invoice.objects.all()}) == (usd(0), {"unpaid"})
    assert_invariants()


def test_a_top_up_that_was_paid_then_failed_then_was_voided_leaves_nothing():
    payment = paid("150")
    grant = CreditGrant.objects.get()
    reverse_payment(payment=payment, by=None)
    with refused("Nothing is left of the 50.00 USD “Overpayment of INV-000001”."):
        reverse_grant(grant=grant, by=None)
    assert balance() == usd(0)
    assert_invariants()


def test_a_top_up_that_was_voided_first_and_failed_then_leaves_nothing():
    payment = paid("150")
    reverse_grant(grant=CreditGrant.objects.get(), by=None)
    done = reverse_payment(payment=payment, by=None)
    assert (done.amount, done.credit_taken_back, balance()) == (usd(150), usd(0), usd(0))
    assert_invariants()


def test_what_was_refunded_before_does_not_go_out_twice():
    payment = paid()
    refund_payment(payment=payment, amount=usd(30), to="method", by=None)
    refund_payment(payment=payment, amount=usd(20), to="credit", by=None)
    done = reverse_payment(payment=payment, by=None)
    assert (done.amount, done.credit_taken_back, balance()) == (usd(70), usd(20), usd(0))
    assert Invoice.objects.get().due == usd(100)
    assert_invariants()


def test_a_second_time_there_is_nothing_to_reverse():
    payment = paid(reference="ch_1")
    reverse_payment(payment=payment, by=None)
    text = "All of Payment “ch_1”, 100.00 USD, was given back already; nothing was reversed."
    with refused(text):
        reverse_payment(payment=payment, by=None)


def test_a_reversal_is_not_reversed():
    payment = paid(reference="ch_1")
    (reversal,) = reverse_payment(payment=payment, by=None, reference="dp_1").transactions
    with refused("Reversal “dp_1” brought no money in; there is nothing to reverse."):
        reverse_payment(payment=reversal, by=None)


def test_the_same_form_twice_reverses_once():
    payment = paid("120")
    first = reverse_payment(payment=payment, by=None, key=FormKey(key="form-1"))
    with nothing_changes():
        again = reverse_payment(payment=payment, by=None, key=FormKey(key="form-1"))
    assert (again.transactions, again.amount) == (first.transactions, usd(120))
    other = paid(of=payment.client)
    with refused(reused(f"{payment.label} of 120.00 USD reversed")):
        reverse_payment(payment=other, by=None, key=FormKey(key="form-1"))


@pytest.mark.parametrize(("fee", "said"), [(Money(5, "EUR"), "5.00 EUR"), (usd(-5), "−5.00 USD")])
def test_a_fee_that_cannot_be_is_refused(fee, said):
    payment = paid()
    with refused(f"{said} cannot be the fee for reversing a payment in USD.", "fee"):
        reverse_payment(payment=payment, by=None, fee=fee)
