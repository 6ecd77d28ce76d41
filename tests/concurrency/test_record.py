"""One payment reported several times at once, and several payments of one invoice."""

from functools import partial

import pytest

from clients.models import CreditUse
from credits.models import CreditAccount
from invoices.models import Invoice
from tests.concurrency.racing import kinds, race
from tests.factories import make_client, make_invoice, make_payment_method, usd
from tests.invariants import assert_invariants
from transactions.models import Transaction
from transactions.services.receive import receive_payment

PAYMENTS = ["INSERT INTO transactions_transaction"]


def call_back_ten_times() -> list:
    """A gateway reports one payment of 130 for an invoice of 100 ten times at once."""
    invoice, card = make_invoice(make_client(), usd(100)), make_payment_method()
    pay = partial(receive_payment, invoices=[invoice], amount=usd(130), payment_method=card, by=None, reference="ch_1")
    return race(*[pay] * 10, meet_before=PAYMENTS)


def test_a_callback_that_arrives_ten_times_counts_once():
    outcomes = call_back_ten_times()
    assert kinds(outcomes) == {"done": 10}
    assert {outcome.transaction for outcome in outcomes} == {Transaction.objects.get(part=1)}
    assert [outcome.credited for outcome in outcomes] == [usd(30)] * 10
    assert sorted(outcome.repeated for outcome in outcomes) == [False] + [True] * 9
    assert Transaction.objects.count() == 2
    assert (Invoice.objects.get().amount_paid, CreditAccount.objects.get().balance) == (usd(100), usd(30))
    assert_invariants()


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_nine_of_ten_callbacks_crash():
    assert kinds(call_back_ten_times()) == {"done": 1, "payment_reference_once_per_method": 9}
    assert_invariants()


def use_one_reference_for_two_invoices() -> list:
    """Two clients' payments come in under one reference at once."""
    invoices, card = [make_invoice(make_client(), usd(100)) for _ in range(2)], make_payment_method("Stripe")
    pay = partial(receive_payment, amount=usd(100), payment_method=card, by=None, reference="ch_1")
    return race(*(partial(pay, invoices=[invoice]) for invoice in invoices), meet_before=PAYMENTS)


def test_one_reference_pays_one_of_two_invoices_and_the_other_is_refused():
    outcomes = use_one_reference_for_two_invoices()
    label = Transaction.objects.get().invoice_label
    said = f"Stripe already has a payment “ch_1” of 100.00 USD for {label}. Nothing was recorded."
    assert kinds(outcomes) == {"done": 1, said: 1}
    assert_invariants()


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_references_lock_the_second_crashes():
    assert kinds(use_one_reference_for_two_invoices()) == {"done": 1, "payment_reference_once_per_method": 1}
    assert_invariants()


def pay_twice_more_than_half() -> list:
    """Two payments of 60 for an invoice of 100: each alone leaves something due."""
    invoice, card = make_invoice(make_client(), usd(100)), make_payment_method()
    pay = partial(receive_payment, invoices=[invoice], amount=usd(60), payment_method=card, by=None)
    return race(partial(pay, reference="ch_1"), partial(pay, reference="ch_2"), meet_before=PAYMENTS)


def test_what_two_payments_at_once_bring_too_much_becomes_credit():
    outcomes = pay_twice_more_than_half()
    assert sorted(outcome.credited.amount for outcome in outcomes) == [0, 20]
    assert Invoice.objects.get().amount_paid == usd(100)
    assert CreditAccount.objects.get().balance == usd(20)
    assert_invariants()


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_the_second_payment_crashes():
    assert kinds(pay_twice_more_than_half()) == {"done": 1, "invoice_paid_exactly_when_nothing_due": 1}
    assert_invariants()


@pytest.mark.usefixtures("without_locks", "without_constraints")
def test_control_without_lock_and_constraints_more_than_the_total_is_paid():
    assert kinds(pay_twice_more_than_half()) == {"done": 2}
    assert Invoice.objects.get().due == usd(-20)


def test_ten_full_payments_at_once_pay_once():
    invoice, card = make_invoice(make_client(credit_use=CreditUse.NEVER), usd(100)), make_payment_method()
    pay = partial(receive_payment, invoices=[invoice], amount=usd(100), payment_method=card, by=None)
    outcomes = race(*(partial(pay, reference=f"ch_{number}") for number in range(10)), meet_before=PAYMENTS)
    assert kinds(outcomes) == {"done": 1, "INV-000001 is Paid; a payment of 100.00 USD was not recorded.": 9}
    assert Transaction.objects.count() == 1
    assert_invariants()
