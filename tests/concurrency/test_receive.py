"""One receipt reported ten times at once, and unattached money attached by ten at once."""

from functools import partial

import pytest

from clients.models import CreditUse
from credits.models import CreditAccount
from invoices.models import Invoice
from tests.concurrency.racing import kinds, race
from tests.factories import make_client, make_invoice, make_payment_method, usd
from tests.invariants import assert_invariants
from transactions.models import Transaction
from transactions.services.attach import attach_money
from transactions.services.receive import receive_payment

BOOKINGS = ["INSERT INTO transactions_transaction"]


def report_ten_times() -> list:
    acme = make_client(credit_use=CreditUse.NEVER)
    invoices = [make_invoice(acme, usd(30)), make_invoice(acme, usd(50))]
    receive = partial(
        receive_payment,
        client=acme,
        amount=usd(100),
        invoices=invoices,
        payment_method=make_payment_method(),
        by=None,
        reference="ch_1",
    )
    return race(*[receive] * 10, meet_before=BOOKINGS)


def test_a_receipt_reported_ten_times_counts_once():
    outcomes = report_ten_times()
    assert kinds(outcomes) == {"done": 10}
    assert sorted(outcome.repeated for outcome in outcomes) == [False] + [True] * 9
    assert (Transaction.objects.count(), CreditAccount.objects.get().balance) == (3, usd(20))
    assert_invariants()


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_nine_of_ten_crash():
    assert kinds(report_ten_times()) == {"done": 1, "payment_reference_once_per_method": 9}
    assert_invariants()


def test_unattached_money_finds_one_of_ten_clients():
    money = receive_payment(client=None, amount=usd(40), payment_method=make_payment_method(), by=None).transaction
    clients = [make_client(f"Client {number}") for number in range(10)]
    outcomes = race(
        *(partial(attach_money, transaction=money, client=client, by=None) for client in clients),
        meet_before=["INSERT INTO credits_creditgrant", "UPDATE transactions_transaction"],
    )
    owner = Transaction.objects.get().client
    whose = f"Transaction {money.pk} of 40.00 USD belongs to client {owner.number}, {owner.name}, already"
    assert kinds(outcomes) == {"done": 1, f"{whose}; nothing was changed.": 9}
    assert owner in clients
    assert sum(account.balance.amount for account in CreditAccount.objects.all()) == 40
    assert not Invoice.objects.exists()
    assert_invariants()
