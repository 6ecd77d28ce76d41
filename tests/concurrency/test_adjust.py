"""A balance set by hand while it moves."""

from functools import partial

import pytest
from djmoney.money import Money

from clients.models import Client
from credits.models import CreditAccount, CreditEntry
from credits.services.adjust import adjust_balance
from credits.services.grant import add_credit
from tests.concurrency.racing import kinds, race
from tests.factories import give_credit, make_client, usd
from tests.invariants import assert_invariants

ENTRIES = ["INSERT INTO credits_creditentry"]


def client_with_100() -> Client:
    acme = make_client()
    give_credit(acme, usd(100))
    return acme


def adjust_in_two_tabs() -> list:
    """Two tabs show 100. One sets the balance to 50, the other to 80."""
    adjust = partial(adjust_balance, client=client_with_100(), seen=usd(100), by=None)
    return race(partial(adjust, balance=usd(50)), partial(adjust, balance=usd(80)), meet_before=ENTRIES)


def test_of_two_adjustments_at_once_one_sets_the_balance():
    outcomes = adjust_in_two_tabs()
    (refusal,) = (outcome for outcome in outcomes if isinstance(outcome, Exception))
    balance = CreditAccount.objects.get().balance
    assert kinds(outcomes) == {"done": 1, "BalanceMoved": 1}
    assert balance == (usd(80) if outcomes[0] is refusal else usd(50))
    assert str(refusal) == (
        f"The balance has moved from 100.00 USD to {balance.amount:.2f} USD since this page was opened. "
        "Nothing was saved; look at the new figure and decide again."
    )
    assert_invariants()


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_two_adjustments_add_up_wrong():
    assert kinds(adjust_in_two_tabs()) == {"done": 2}
    assert CreditAccount.objects.get().balance == usd(30)


def adjust_while_credit_is_added() -> list:
    """Staff see 100 and set the balance to 50 while somebody adds 25."""
    acme = client_with_100()
    return race(
        partial(add_credit, client=acme, amount=usd(25), description="Downtime", by=None),
        partial(adjust_balance, client=acme, seen=usd(100), balance=usd(50), by=None),
        meet_before=ENTRIES,
        in_turn=True,
    )


def balance_left_by(adjustment: CreditEntry) -> Money:
    """The balance just after an entry, by the order of the ledger."""
    return sum((entry.amount for entry in CreditEntry.objects.filter(id__lte=adjustment.pk)), usd(0))


def test_an_adjustment_leaves_the_balance_that_staff_entered():
    added, adjusted = adjust_while_credit_is_added()
    assert added.amount == usd(25)
    if isinstance(adjusted, Exception):
        assert str(adjusted).startswith("The balance has moved from 100.00 USD to 125.00 USD since")
        assert CreditAccount.objects.get().balance == usd(125)
    else:
        assert balance_left_by(adjusted) == usd(50)
        assert CreditAccount.objects.get().balance == usd(75)
    assert_invariants()


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_an_adjustment_leaves_another():
    _, adjusted = adjust_while_credit_is_added()
    assert balance_left_by(adjusted) == usd(75)
