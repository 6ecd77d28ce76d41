"""Credit removed, reversed, released and expired by ten at once: each time it happens once."""

import datetime
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.db import transaction as db_transaction

from credits.models import CreditAccount, CreditEntry, CreditGrant
from credits.services.expire import expire_credit
from credits.services.release import release_credit
from credits.services.remove import remove_credit
from credits.services.take_back import reverse_grant, take_back_rest
from invoices.models import Invoice
from tests.concurrency.racing import kinds, race
from tests.factories import give_credit, make_client, make_invoice, usd
from tests.invariants import assert_invariants

LATER = datetime.date(2099, 6, 1)
ENTRIES = ["INSERT INTO credits_creditentry"]


def remove() -> Callable[[], Any]:
    acme = make_client()
    give_credit(acme, usd(100))
    return partial(remove_credit, client=acme, amount=usd(100), description="Given by mistake", by=None)


def reverse() -> Callable[[], Any]:
    return partial(reverse_grant, grant=give_credit(make_client(), usd(100)), by=None)


def take_back() -> Callable[[], Any]:
    return partial(take_back_rest, grant=give_credit(make_client(), usd(100)), by=None)


def expire() -> Callable[[], Any]:
    give_credit(make_client(), usd(100), expires_on=datetime.date(2099, 1, 1))
    return partial(expire_credit, as_of=LATER, by=None)


def release() -> Callable[[], Any]:
    acme = make_client()
    give_credit(acme, usd(100))
    return partial(release_credit, invoice=make_invoice(acme, usd(100)), by=None)


@pytest.mark.parametrize(
    ("prepare", "refusal"),
    [
        (remove, "Only 0.00 USD of credit is available; 100.00 USD was asked for."),
        (reverse, "Nothing is left of the 100.00 USD “Downtime”."),
        (take_back, "Nothing is left of the 100.00 USD “Downtime”."),
    ],
)
def test_ten_at_once_take_credit_away_once(prepare, refusal):
    outcomes = race(*[prepare()] * 10, meet_before=ENTRIES)
    assert kinds(outcomes) == {"done": 1, refusal: 9}
    assert CreditAccount.objects.get().balance == usd(0)
    assert CreditEntry.objects.count() == 2
    assert_invariants()


def test_ten_at_once_release_credit_once():
    outcomes = race(*[release()] * 10, meet_before=ENTRIES)
    assert kinds(outcomes) == {"done": 1, "No credit is applied to INV-000001; nothing was released.": 9}
    assert (Invoice.objects.get().due, CreditAccount.objects.get().balance) == (usd(100), usd(100))
    assert_invariants()


def test_ten_at_once_expire_credit_once():
    outcomes = race(*[expire()] * 10, meet_before=ENTRIES)
    assert sorted(map(str, outcomes)) == ["{'USD': Decimal('100.000')}"] + ["{}"] * 9
    assert CreditAccount.objects.get().balance == usd(0)
    assert_invariants()


@pytest.mark.usefixtures("without_locks")
@pytest.mark.parametrize("prepare", [remove, reverse, take_back, release])
def test_control_without_the_lock_nine_of_ten_crash(prepare):
    outcomes = race(*[prepare()] * 10, meet_before=ENTRIES)
    crashes = kinds(outcomes)
    assert crashes.pop("done") == 1
    assert set(crashes) <= {"credit_grant_remaining", "credit_entry_reversed_once"}
    assert crashes.total() == 9
    assert_invariants()


@db_transaction.atomic
def hold_the_grant_until_ten_wait_for_it() -> None:
    CreditGrant.objects.select_for_update().get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'held'")
        waiting = 0
        while waiting < 10:
            cursor.execute(
                """SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted
                   AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())"""
            )
            (waiting,) = cursor.fetchone()


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_nine_of_ten_expiries_crash():
    """Expiring looks and books in one statement. The ten are held up in the middle of it, when all have looked."""
    hold, book = hold_the_grant_until_ten_wait_for_it, expire()
    _, *outcomes = race(hold, *[book] * 10, meet_before=["SELECT 'held'", *ENTRIES])
    assert kinds(outcomes) == {"done": 1, "credit_grant_remaining": 9}
    assert_invariants()
