"""Giving a client credit by hand."""

import datetime
from typing import Any

import pytest
from django.utils import timezone
from djmoney.money import Money

from clients.models import Activity, FormKey, KeyReused
from credits.models import CreditAccount, CreditEntry, CreditGrant
from credits.services.grant import add_credit
from tests.factories import give_credit, make_client, make_invoice, make_staff, usd
from tests.invariants import assert_invariants
from tests.unchanged import nothing_changes, refused, reused

pytestmark = pytest.mark.django_db


def test_credit_is_a_grant_an_entry_a_balance_and_an_activity():
    acme, ann = make_client(), make_staff(username="ann")
    grant = add_credit(client=acme, amount=usd("25.00"), description="Downtime in May", by=ann)
    assert (grant.amount, grant.remaining, grant.description) == (usd(25), usd(25), "Downtime in May")
    assert (grant.kind, grant.category, grant.priority, grant.expires_on) == ("credit", "promotional", 50, None)
    assert (grant.listed, grant.created_by, grant.created_by_name) == (True, ann, "ann")
    entry = CreditEntry.objects.get()
    assert (entry.grant, entry.kind, entry.amount, entry.invoice) == (grant, "grant", usd(25), None)
    assert (entry.client, entry.actor, entry.actor_name) == (acme, ann, "ann")
    assert CreditAccount.objects.get(client=acme).balance == usd(25)
    activity = Activity.objects.latest("id")
    assert (activity.client, activity.actor, activity.verb) == (acme, ann, "credit.added")
    assert activity.words == "Credit of 25.00 USD added: Downtime in May"
    assert activity.data == {"grant": grant.pk, "amount": "25.00", "currency": "USD"}
    assert_invariants()


def test_two_credits_add_up_and_stay_apart():
    acme = make_client()
    first, second = give_credit(acme, usd("10.10")), give_credit(acme, usd("0.90"))
    assert CreditAccount.objects.get().balance == usd(11)
    assert (first.remaining, second.remaining) == (usd("10.10"), usd("0.90"))
    assert_invariants()


def test_each_currency_has_an_account_of_its_own():
    acme = make_client()
    for money in (usd(10), Money(700, "JPY"), Money("1.234", "KWD"), usd(5)):
        give_credit(acme, money)
    balances = {account.currency: account.balance for account in CreditAccount.objects.filter(client=acme)}
    assert balances == {"USD": usd(15), "JPY": Money(700, "JPY"), "KWD": Money("1.234", "KWD")}
    assert_invariants()


def test_category_priority_and_expiry_are_kept():
    today = timezone.localdate()
    grant = give_credit(make_client(), usd(10), category=CreditGrant.Category.PAID, priority=1, expires_on=today)
    assert (grant.category, grant.priority, grant.expires_on) == ("paid", 1, today)
    assert_invariants()


def test_credit_that_has_expired_already_is_refused():
    acme = make_client()
    give_credit(acme, usd(10))
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    words = f"{yesterday:%-d %b %Y}"
    with refused(f"This credit would have expired on {words} already. Give a later date.", "expires_on"):
        give_credit(acme, usd(5), expires_on=yesterday)
    assert_invariants()


def test_a_description_that_would_have_to_be_cut_is_refused():
    acme = make_client()
    with refused("The description has 501 characters; 500 are kept at most.", "description"):
        give_credit(acme, usd(5), "x" * 501)
    assert give_credit(acme, usd(5), "x" * 500).description == "x" * 500
    assert_invariants()


# ── One form, posted again ──


def test_the_same_form_again_shows_the_grant_that_it_gave_first():
    acme = make_client()
    figures: dict[str, Any] = {
        "client": acme, "amount": usd(25), "description": "Downtime", "by": None, "key": FormKey(key="form-1"),
        "category": CreditGrant.Category.PAID, "priority": 3, "expires_on": datetime.date(2099, 1, 1),
    }  # fmt: skip
    first, key = add_credit(**figures), FormKey(key="form-1")
    with nothing_changes():
        again = add_credit(**{**figures, "key": key})
    assert (again, key.repeated, figures["key"].repeated) == (first, True, False)
    assert CreditAccount.objects.get().balance == usd(25)
    assert_invariants()


def test_the_same_form_again_shows_its_grant_also_when_spent():
    acme = make_client()
    give_credit(acme, usd(25), key=FormKey(key="form-1"))
    make_invoice(acme, usd(20))
    with nothing_changes():
        again = give_credit(acme, usd(25), key=FormKey(key="form-1"))
    assert (CreditGrant.objects.get(), again.remaining) == (again, usd(5))
    assert_invariants()


@pytest.mark.parametrize(
    "other",
    [
        {"amount": usd("25.01")},
        {"amount": Money(25, "EUR")},
        {"description": "Something else"},
        {"category": CreditGrant.Category.PAID},
        {"priority": 51},
        {"expires_on": datetime.date(2099, 1, 1)},
    ],
    ids=lambda other: next(iter(other)),
)
def test_the_same_form_with_other_figures_is_refused(other):
    acme = make_client("Acme Ltd")
    figures: dict[str, Any] = {
        "client": acme,
        "amount": usd(25),
        "description": "Downtime",
        "by": None,
        "key": FormKey(key="form-1"),
    }
    add_credit(**figures)
    figures |= other
    with refused(reused("Credit of 25.00 USD added to Acme Ltd")):
        add_credit(**figures)
    assert_invariants()


def test_one_form_gives_credit_to_one_client():
    acme, globex = make_client(), make_client("Globex")
    give_credit(acme, usd(25), key=FormKey(key="form-1"))
    with nothing_changes(), pytest.raises(KeyReused):
        give_credit(globex, usd(25), key=FormKey(key="form-1"))
    assert_invariants()


@pytest.mark.parametrize("key", [None, FormKey()])
def test_without_a_key_the_same_figures_give_credit_again(key):
    acme = make_client()
    for _ in range(2):
        give_credit(acme, usd(25), key=key)
    assert CreditAccount.objects.get().balance == usd(50)
    assert_invariants()
