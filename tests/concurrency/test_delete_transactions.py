"""Transactions deleted by several at once, and while the money is used: once, and never half."""

from functools import partial

import pytest

from clients.models import Activity, CreditUse
from credits.models import CreditAccount, CreditGrant
from credits.services.apply import apply_credit
from invoices.models import Invoice
from tests.concurrency.racing import kinds, race
from tests.factories import make_client, make_invoice, make_payment_method, usd
from tests.invariants import assert_invariants
from transactions.models import Transaction
from transactions.services.attach import attach_money
from transactions.services.delete import delete_transactions
from transactions.services.receive import receive_payment
from transactions.services.refund import refund_payment

GONE = "What was chosen is gone already, or remains of a client that was deleted; nothing was deleted."
LOOKING = ["SELECT clients_client", "WITH RECURSIVE above"]


def paid(amount=120):
    """A payment of 120 for an invoice of 100, and a second invoice that nothing has paid."""
    acme = make_client(credit_use=CreditUse.NEVER)
    invoice, other = make_invoice(acme, usd(100)), make_invoice(acme, usd(50))
    payment = receive_payment(
        invoices=[invoice], amount=usd(amount), payment_method=make_payment_method(), by=None
    ).transaction
    return acme, payment, other


def delete_ten_times():
    acme, payment, _ = paid()
    delete = partial(delete_transactions, client=acme, chosen=[payment.pk], by=None)
    return race(*[delete] * 10, meet_before=["WITH RECURSIVE above"])


def test_ten_deletions_at_once_delete_once():
    assert kinds(delete_ten_times()) == {"done": 1, GONE: 9}
    assert (Transaction.objects.count(), CreditAccount.objects.get().balance) == (0, usd(0))
    assert Activity.objects.filter(verb="transactions.deleted").count() == 1
    assert_invariants()


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_the_credit_is_taken_twice():
    """It crashes at the constraint that keeps what is left of the credit from falling below zero."""
    outcomes = kinds(delete_ten_times())
    assert outcomes.pop("done") == 1
    assert set(outcomes) - {GONE}


@pytest.mark.parametrize("_time", range(3))
def test_a_payment_is_deleted_or_its_credit_is_used(_time):
    acme, payment, other = paid()
    outcomes = race(
        partial(delete_transactions, client=acme, chosen=[payment.pk], by=None),
        partial(apply_credit, invoice=other, by=None),
        meet_before=LOOKING,
    )
    assert kinds(outcomes)["done"] == 1
    used = Invoice.objects.get(pk=other.pk).credit_applied
    grant = CreditGrant.objects.get()
    assert (used, grant.remaining, grant.transaction_id is None) in [(usd(20), usd(0), False), (usd(0), usd(0), True)]
    assert_invariants()


@pytest.mark.parametrize("_time", range(3))
def test_a_payment_is_deleted_whole_while_it_is_refunded(_time):
    acme, payment, _ = paid()
    outcomes = race(
        partial(delete_transactions, client=acme, chosen=[payment.pk], by=None),
        partial(refund_payment, payment=payment, amount=usd(10), to="method", by=None),
        meet_before=LOOKING,
    )
    assert not isinstance(outcomes[0], Exception)
    assert not Transaction.objects.exists()
    assert_invariants()


@pytest.mark.parametrize("_time", range(3))
def test_unattached_money_is_deleted_attached_or_refunded(_time):
    acme = make_client(credit_use=CreditUse.NEVER)
    money = receive_payment(client=None, amount=usd(100), payment_method=make_payment_method(), by=None).transaction
    outcomes = race(
        partial(delete_transactions, client=None, chosen=[money.pk], by=None),
        partial(attach_money, transaction=money, client=acme, by=None),
        partial(refund_payment, payment=money, amount=usd(10), to="method", by=None),
        meet_before=["WITH RECURSIVE above", "SELECT transactions_transaction"],
    )
    deleted = not isinstance(outcomes[0], Exception)
    assert Transaction.objects.exists() != deleted
    assert_invariants()
