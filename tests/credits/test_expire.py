"""Booking what has expired."""

import datetime
from decimal import Decimal

import pytest
from django.core.management import call_command

from credits.models import CreditAccount, CreditEntry
from credits.services.expire import expire_credit
from tests.factories import give_credit, make_client, make_invoice, usd
from tests.invariants import assert_invariants

pytestmark = pytest.mark.django_db

LAST_DAY = datetime.date(2099, 1, 1)
DAY_AFTER = datetime.date(2099, 1, 2)


def test_what_is_left_of_expired_grants_is_booked_once():
    acme = make_client()
    give_credit(acme, usd(30), expires_on=LAST_DAY)
    give_credit(acme, usd(5))
    make_invoice(acme, usd(10))
    assert expire_credit(as_of=DAY_AFTER, by=None) == {"USD": Decimal(20)}
    assert expire_credit(as_of=DAY_AFTER, by=None) == {}
    assert CreditAccount.objects.get(client=acme).balance == usd(5)
    entry = CreditEntry.objects.get(kind="expire")
    assert (entry.amount, entry.description) == (usd(-20), "Expired on 1 Jan 2099")
    assert acme.activities.filter(verb="credit.expired", summary="Credit of 20.00 USD expired").count() == 1
    assert_invariants()


def test_the_last_day_still_counts():
    give_credit(make_client(), usd(30), expires_on=LAST_DAY)
    assert expire_credit(as_of=LAST_DAY, by=None) == {}


def test_chunks_of_one_client_book_the_same():
    for _ in range(3):
        give_credit(make_client(), usd(2), expires_on=LAST_DAY)
    assert expire_credit(as_of=DAY_AFTER, by=None, chunk_size=1) == {"USD": Decimal(6)}
    assert_invariants()


def test_the_command_says_that_nothing_has_expired(capsys):
    call_command("expire_credit")
    assert "nothing was changed" in capsys.readouterr().out
