"""The Credit Balance field on the Profile: the balance set by hand."""

import datetime

import pytest
from djmoney.money import Money

from clients.models import Activity, CreditUse
from credits.models import CreditAccount, CreditEntry, CreditGrant
from credits.services.adjust import BalanceMoved, adjust_balance
from tests.factories import give_credit, make_client, make_invoice, make_staff, usd
from tests.invariants import assert_invariants
from tests.unchanged import refused

pytestmark = pytest.mark.django_db


def test_upwards_the_difference_is_a_grant_that_is_not_on_the_credits_list():
    acme, ann = make_client(), make_staff(username="ann")
    give_credit(acme, usd(10))
    entry = adjust_balance(client=acme, seen=usd(10), balance=usd("17.50"), by=ann)
    grant = entry.grant
    assert (grant.kind, grant.category, grant.listed) == ("adjustment", "promotional", False)
    assert (grant.amount, grant.remaining) == (usd("7.50"), usd("7.50"))
    assert (entry.kind, entry.amount, entry.words) == (
        "adjust",
        usd("7.50"),
        "Balance set from 10.00 USD to 17.50 USD",
    )
    assert (entry.actor, entry.actor_name) == (ann, "ann")
    assert CreditAccount.objects.get().balance == usd("17.50")
    assert list(CreditGrant.objects.filter(listed=True).values_list("description", flat=True)) == ["Downtime"]
    assert_invariants()


def test_downwards_the_difference_is_taken_in_draw_down_order():
    acme = make_client()
    later = give_credit(acme, usd(10), "later")
    first = give_credit(acme, usd(10), "first", expires_on=datetime.date(2099, 1, 1))
    last = adjust_balance(client=acme, seen=usd(20), balance=usd(4), by=None)
    taken = [(entry.grant, entry.amount) for entry in CreditEntry.objects.filter(kind="adjust").order_by("id")]
    assert taken == [(first, usd(-10)), (later, usd(-6))]
    assert last.grant == later
    assert CreditAccount.objects.get().balance == usd(4)
    assert_invariants()


def test_the_balance_can_be_set_to_nothing():
    acme = make_client()
    give_credit(acme, usd("0.01"))
    adjust_balance(client=acme, seen=usd("0.01"), balance=usd(0), by=None)
    assert CreditAccount.objects.get().balance == usd(0)
    assert_invariants()


def test_the_first_credit_in_a_currency_can_be_a_balance_set_by_hand():
    acme = make_client()
    adjust_balance(client=acme, seen=Money(0, "JPY"), balance=Money(500, "JPY"), by=None)
    assert CreditAccount.objects.get(client=acme).balance == Money(500, "JPY")
    assert_invariants()


def test_it_stands_in_the_activity_with_both_balances_and_the_reason():
    acme, ann = make_client(), make_staff(username="ann")
    give_credit(acme, usd(1234))
    adjust_balance(client=acme, seen=usd(1234), balance=usd(0), by=ann, reason="Typed twice")
    activity = Activity.objects.latest("id")
    assert (activity.client, activity.actor, activity.verb) == (acme, ann, "credit.balance_adjusted")
    assert activity.words == "Credit balance set from 1,234.00 USD to 0.00 USD: Typed twice"
    assert activity.data == {"from": "1234.000", "to": "0", "currency": "USD"}
    assert CreditEntry.objects.get(kind="adjust").words == "Typed twice"
    assert_invariants()


def test_a_balance_that_has_moved_is_not_set_and_the_new_figure_is_told():
    acme = make_client(credit_use=CreditUse.ALWAYS)
    give_credit(acme, usd(100))
    make_invoice(acme, usd("30.25"))
    refusal = (
        "The balance has moved from 100.00 USD to 69.75 USD since this page was opened. "
        "Nothing was saved; look at the new figure and decide again."
    )
    with refused(refusal):
        adjust_balance(client=acme, seen=usd(100), balance=usd(50), by=None)
    assert_invariants()


def test_the_refusal_carries_the_balance_for_the_form():
    acme = make_client()
    give_credit(acme, usd(5))
    with pytest.raises(BalanceMoved) as caught:
        adjust_balance(client=acme, seen=usd(4), balance=usd(9), by=None)
    assert caught.value.current == usd(5)


def test_it_is_the_balance_that_counts_not_how_it_came_about():
    """Credit was given and spent since the page was opened; the balance is what staff saw."""
    acme = make_client()
    give_credit(acme, usd(50))
    give_credit(acme, usd(20))
    make_invoice(acme, usd(20))
    adjust_balance(client=acme, seen=usd(50), balance=usd(40), by=None)
    assert CreditAccount.objects.get().balance == usd(40)
    assert_invariants()


def test_a_balance_seen_in_another_currency_is_not_that_balance():
    acme = make_client()
    give_credit(acme, usd(10))
    with pytest.raises(BalanceMoved):
        adjust_balance(client=acme, seen=Money(10, "EUR"), balance=usd(5), by=None)
    assert CreditAccount.objects.get().balance == usd(10)
    assert_invariants()


def test_the_same_balance_again_is_refused_and_says_so():
    acme = make_client()
    give_credit(acme, usd(10))
    with refused("The balance already is 10.00 USD; nothing was changed."):
        adjust_balance(client=acme, seen=usd(10), balance=usd(10), by=None)
    assert_invariants()


def test_nothing_set_to_nothing_opens_no_account():
    acme = make_client()
    with refused("The balance already is 0.00 USD; nothing was changed."):
        adjust_balance(client=acme, seen=usd(0), balance=usd(0), by=None)
    assert not CreditAccount.objects.exists()


def test_one_currency_is_set_and_the_others_stay():
    acme = make_client()
    give_credit(acme, usd(10))
    give_credit(acme, Money(500, "JPY"))
    adjust_balance(client=acme, seen=usd(10), balance=usd(3), by=None)
    balances = {account.currency: account.balance for account in CreditAccount.objects.all()}
    assert balances == {"USD": usd(3), "JPY": Money(500, "JPY")}
    assert_invariants()
