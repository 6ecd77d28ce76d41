"""One payment refunded or reversed by ten at once: it is given back once."""

from functools import partial

import pytest

from clients.models import CreditUse
from credits.models import CreditAccount, CreditGrant
from invoices.models import Invoice
from tests.concurrency.racing import kinds, race, send_form
from tests.factories import make_client, make_invoice, make_payment_method, usd
from tests.invariants import assert_invariants
from transactions.models import Transaction
from transactions.services.attach import attach_money
from transactions.services.receive import receive_payment
from transactions.services.refund import refund_payment
from transactions.services.reverse import reverse_payment

BOOKINGS = ["INSERT INTO transactions_transaction"]
NOTHING_LEFT = (
    "100.00 USD came in, 100.00 USD was given back before: 0.00 USD can be refunded, 100.00 USD was asked for."
)
GIVEN_BACK = "Of the 100.00 USD that came in, 100.00 USD was given back; money is attached only as it came in."


def paid(amount):
    acme = make_client(credit_use=CreditUse.NEVER)
    return receive_payment(
        invoices=[make_invoice(acme, usd(100))], amount=amount, payment_method=make_payment_method(), by=None
    ).transaction


def refund_ten_times(to: str) -> list:
    """One payment of 100 is given back whole by ten at once."""
    payment = paid(usd(100))
    return race(*[partial(refund_payment, payment=payment, amount=usd(100), to=to, by=None)] * 10, meet_before=BOOKINGS)


def reverse_ten_times() -> list:
    """A payment of 120 for an invoice of 100 bounces, and is reversed by ten at once."""
    return race(*[partial(reverse_payment, payment=paid(usd(120)), by=None)] * 10, meet_before=BOOKINGS)


def test_ten_refunds_to_credit_at_once_credit_once():
    assert kinds(refund_ten_times("credit")) == {"done": 1, NOTHING_LEFT: 9}
    assert (CreditAccount.objects.get().balance, CreditGrant.objects.count()) == (usd(100), 1)
    assert Invoice.objects.get().due == usd(100)
    assert_invariants()


def test_ten_refunds_to_the_method_at_once_pay_out_once():
    assert kinds(refund_ten_times("method")) == {"done": 1, NOTHING_LEFT: 9}
    assert Transaction.objects.filter(amount_out__gt=0).count() == 1
    assert_invariants()


def test_ten_refunds_of_money_that_nobody_owns_pay_out_once():
    card = make_payment_method()
    money = receive_payment(client=None, amount=usd(100), payment_method=card, by=None).transaction
    refund = partial(refund_payment, payment=money, amount=usd(100), to="method", by=None)
    assert kinds(race(*[refund] * 10, meet_before=BOOKINGS)) == {"done": 1, NOTHING_LEFT: 9}
    assert Transaction.objects.filter(amount_out__gt=0).count() == 1
    assert_invariants()


def test_unattached_money_is_either_attached_or_sent_back():
    card, acme = make_payment_method(), make_client()
    money = receive_payment(client=None, amount=usd(100), payment_method=card, by=None).transaction
    outcomes = race(
        partial(attach_money, transaction=money, client=acme, by=None),
        *[partial(refund_payment, payment=money, amount=usd(100), to="method", by=None)] * 3,
        meet_before=["SELECT transactions_transaction"],
    )
    assert kinds(outcomes).total() == 4
    given_back = Transaction.objects.filter(refund_of=money).count()
    held = sum(account.balance.amount for account in CreditAccount.objects.all())
    assert given_back == 1
    assert held == 0
    assert set(kinds(outcomes)) <= {"done", GIVEN_BACK, NOTHING_LEFT}
    assert_invariants()


@pytest.mark.parametrize("_time", range(5))
def test_attaching_twice_and_refunding_at_once_end_without_a_deadlock(_time):
    card, acme = make_payment_method(), make_client()
    money = receive_payment(client=None, amount=usd(100), payment_method=card, by=None).transaction
    attach = partial(attach_money, transaction=money, client=acme, by=None)
    refund = partial(refund_payment, payment=money, amount=usd(100), to="method", by=None)
    outcomes = kinds(race(attach, attach, refund, meet_before=["SELECT transactions_transaction"]))
    whose = f"Transaction {money.pk} of 100.00 USD belongs to client {acme.number}, {acme.name}, already"
    assert set(outcomes) <= {"done", f"{whose}; nothing was changed.", GIVEN_BACK}
    assert Transaction.objects.filter(refund_of=money).count() == 1
    assert_invariants()


def refund_by_one_form() -> list:
    refund = partial(send_form, refund_payment, payment=paid(usd(100)), amount=usd(10), to="credit", by=None)
    return race(*[refund] * 10, meet_before=BOOKINGS)


def test_one_form_sent_ten_times_at_once_refunds_once():
    outcomes = refund_by_one_form()
    out = Transaction.objects.get(amount_out__gt=0)
    assert sorted(outcomes, key=str) == [(out, False)] + [(out, True)] * 9
    assert CreditAccount.objects.get().balance == usd(10)
    assert_invariants()


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_the_form_crashes_nine_times():
    crashes = kinds(refund_by_one_form())
    assert (crashes.pop("done"), crashes.total()) == (1, 9)


def test_ten_reversals_at_once_reverse_once():
    outcomes = kinds(reverse_ten_times())
    payment = Transaction.objects.earliest("pk")
    assert outcomes == {
        "done": 1,
        f"All of Transaction {payment.pk}, 100.00 USD, was given back already; nothing was reversed.": 9,
    }
    assert (CreditAccount.objects.get().balance, Invoice.objects.get().due) == (usd(0), usd(100))
    assert_invariants()


@pytest.mark.usefixtures("without_locks")
@pytest.mark.parametrize("give_back", [partial(refund_ten_times, "credit"), reverse_ten_times])
def test_control_without_the_lock_nine_of_ten_crash(give_back):
    """They crash at the constraint; who inserts when another has committed already, at the trigger."""
    crashes = kinds(give_back())
    assert crashes.pop("done") == 1
    assert crashes.total() == 9
    assert {crash.partition(".")[0] for crash in crashes} <= {
        "invoice_settled_within_total",
        "No more is given back of a payment than came in",
    }
    assert_invariants()


@pytest.mark.usefixtures("without_locks", "without_constraints")
def test_control_without_lock_the_refund_is_credited_again():
    done = kinds(refund_ten_times("credit"))["done"]  # ten, but for who inserts when another has committed already
    assert done > 1
    assert CreditAccount.objects.get().balance == usd(100 * done)
