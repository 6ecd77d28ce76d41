"""Taking back part of one grant, because the money behind it left again."""

import pytest

from clients.models import Activity
from credits.models import CreditAccount, CreditEntry
from credits.services.take_back import take_back
from tests.factories import give_credit, make_client, make_invoice, usd
from tests.invariants import assert_invariants
from tests.unchanged import refused

pytestmark = pytest.mark.django_db


def test_a_part_and_then_the_rest_of_one_grant_are_taken_back_and_no_other():
    acme = make_client()
    give_credit(acme, usd(50), "Older")
    grant = give_credit(acme, usd(20), "Deposit")
    take_back(grant=grant, amount=usd("12.50"), by=None, reason="Refund of ch_1")
    take_back(grant=grant, amount=usd("7.50"), by=None, reason="Refund of ch_1")
    grant.refresh_from_db()
    assert (grant.remaining, CreditAccount.objects.get().balance) == (usd(0), usd(50))
    assert list(CreditEntry.objects.filter(kind="reverse").values_list("reverses", flat=True)) == [None, None]
    assert Activity.objects.latest("id").summary == "Credit of 7.50 USD taken back: Refund of ch_1"
    assert_invariants()


def test_a_grant_that_is_taken_back_whole_is_reversed_by_name():
    grant = give_credit(make_client(), usd(20))
    take_back(grant=grant, amount=usd(20), by=None, reason="Payment reversed")
    assert CreditEntry.objects.get(kind="reverse").reverses == grant.entries.order_by("pk").first()
    assert_invariants()


@pytest.mark.parametrize("amount", ["8.01", "0", "-1"])
def test_only_what_is_unspent_is_taken_back(amount):
    acme = make_client()
    grant = give_credit(acme, usd(20), "Deposit")
    make_invoice(acme, usd(12))
    text = (
        f"Of the 20.00 USD “Deposit”, 8.00 USD is unspent; {usd(amount).amount:.2f} USD cannot be taken back."
    ).replace("-", "−")
    with refused(text, "amount"):
        take_back(grant=grant, amount=usd(amount), by=None, reason="Refund")
