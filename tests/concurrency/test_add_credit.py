"""One form posted several times at once."""

from functools import partial

import pytest

from billing_admin.money.amounts import money_text
from credits.models import CreditGrant
from credits.services.grant import add_credit
from invoices.models import Invoice
from invoices.services.issue import NewLine, bill_client
from tests.concurrency.racing import kinds, race, send_form
from tests.factories import make_client, make_invoice, usd
from tests.invariants import assert_invariants
from tests.unchanged import reused

GRANTS = ["INSERT INTO credits_creditgrant"]


def post_one_form(*amounts: str) -> list:
    acme = make_client()
    make_invoice(acme, usd(1))  # so that the account's opening is no part of the race
    add = partial(send_form, add_credit, client=acme, description="Downtime", by=None)
    add_credit(client=acme, amount=usd(1), description="Welcome", by=None)
    return race(*(partial(add, amount=usd(amount)) for amount in amounts), meet_before=GRANTS)


def test_one_form_posted_ten_times_gives_one_grant_and_shows_it_ten_times():
    outcomes = post_one_form(*["25.00"] * 10)
    grant = CreditGrant.objects.get(description="Downtime")
    assert kinds(outcomes) == {"done": 10}
    assert sorted(outcomes, key=str) == [(grant, False)] + [(grant, True)] * 9
    assert (grant.account.balance, grant.remaining) == (usd(26), usd(25))
    assert_invariants()


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_nine_of_ten_posts_crash():
    outcomes = post_one_form(*["25.00"] * 10)
    assert kinds(outcomes) == {"done": 1, "form_key_once": 9}
    assert_invariants()


def test_one_form_with_two_amounts_gives_the_first_alone():
    outcomes = post_one_form("25.00", "52.00")
    grant = CreditGrant.objects.get(description="Downtime")
    (refusal,) = (outcome for outcome in outcomes if isinstance(outcome, Exception))
    assert kinds(outcomes) == {"done": 1, "KeyReused": 1}
    assert str(refusal) == reused(f"Credit of {money_text(grant.amount)} added to {grant.client.name}")
    assert grant.account.balance == usd(1) + grant.amount
    assert_invariants()


def post_one_form_for_two_clients() -> list:
    owners = [make_client(), make_client("Globex")]
    add = partial(send_form, add_credit, amount=usd(25), description="Downtime", by=None)
    return race(*(partial(add, client=owner) for owner in owners), meet_before=GRANTS)


def test_one_form_for_two_clients_gives_one_of_them_credit():
    outcomes = post_one_form_for_two_clients()
    assert kinds(outcomes) == {"done": 1, "KeyReused": 1}
    assert CreditGrant.objects.get().amount == usd(25)
    assert_invariants()


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_on_the_key_the_second_client_crashes():
    assert kinds(post_one_form_for_two_clients()) == {"done": 1, "form_key_once": 1}
    assert_invariants()


def bill_by_one_form() -> list:
    acme = make_client()
    return race(
        *[partial(send_form, bill_client, client=acme, lines=[NewLine("Hosting", usd(10))], by=None)] * 10,
        meet_before=["INSERT INTO invoices_invoice "],
    )


def test_one_invoice_form_posted_ten_times_makes_one_invoice():
    outcomes = bill_by_one_form()
    assert kinds(outcomes) == {"done": 10}
    assert sorted(outcomes, key=str) == [(Invoice.objects.get(), False)] + [(Invoice.objects.get(), True)] * 9
    assert_invariants()


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_nine_of_ten_invoice_posts_crash():
    assert kinds(bill_by_one_form()) == {"done": 1, "form_key_once": 9}
    assert_invariants()
