"""One form posted several times at once."""

from functools import partial

import pytest

from credits.models import CreditGrant
from credits.services.grant import add_credit
from invoices.models import Invoice
from tests.concurrency.racing import kinds, race
from tests.factories import make_client, make_invoice, usd
from tests.invariants import assert_invariants

GRANTS = ["INSERT INTO credits_creditgrant"]


def post_one_form(*amounts: str) -> list:
    acme = make_client()
    make_invoice(acme, usd(1))  # so that the account's opening is no part of the race
    add = partial(add_credit, client=acme, description="Downtime", by=None, idempotency_key="form-1")
    add_credit(client=acme, amount=usd(1), description="Welcome", by=None)
    return race(*(partial(add, amount=usd(amount)) for amount in amounts), meet_before=GRANTS)


def test_one_form_posted_ten_times_gives_one_grant_and_shows_it_ten_times():
    outcomes = post_one_form(*["25.00"] * 10)
    grant = CreditGrant.objects.get(idempotency_key="form-1")
    assert kinds(outcomes) == {"done": 10}
    assert {outcome.grant for outcome in outcomes} == {grant}
    assert sorted(outcome.repeated for outcome in outcomes) == [False] + [True] * 9
    assert (grant.account.balance, grant.remaining) == (usd(26), usd(25))
    assert_invariants()


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_nine_of_ten_posts_crash():
    outcomes = post_one_form(*["25.00"] * 10)
    assert kinds(outcomes) == {"done": 1, "credit_grant_idempotency_key_once": 9}
    assert_invariants()


def test_one_form_posted_with_two_amounts_gives_the_first_and_refuses_the_other():
    outcomes = post_one_form("25.00", "52.00")
    grant = CreditGrant.objects.get(idempotency_key="form-1")
    (refusal,) = (outcome for outcome in outcomes if isinstance(outcome, Exception))
    asked = {usd(25): "25.00", usd(52): "52.00"}
    first = asked.pop(grant.amount)
    (other,) = asked.values()
    assert kinds(outcomes) == {"done": 1, "KeyUsedForOtherFigures": 1}
    assert str(refusal) == (
        f"This form has already added {first} USD (“Downtime”). Nothing more was added; "
        f"open Manage Credits again to add {other} USD."
    )
    assert grant.account.balance == usd(1) + grant.amount
    assert_invariants()


def post_one_form_for_two_clients() -> list:
    owners = [make_client(), make_client("Globex")]
    add = partial(add_credit, amount=usd(25), description="Downtime", by=None, idempotency_key="form-1")
    return race(*(partial(add, client=owner) for owner in owners), meet_before=GRANTS)


def test_one_form_posted_for_two_clients_gives_one_of_them_credit_and_refuses_the_other():
    outcomes = post_one_form_for_two_clients()
    assert kinds(outcomes) == {"done": 1, "KeyUsedForOtherFigures": 1}
    assert CreditGrant.objects.get().amount == usd(25)
    assert_invariants()


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_on_the_key_the_second_client_crashes():
    assert kinds(post_one_form_for_two_clients()) == {"done": 1, "credit_grant_idempotency_key_once": 1}
    assert_invariants()


def bill_by_one_form() -> list:
    acme = make_client()
    return race(
        *[partial(make_invoice, acme, usd(10), idempotency_key="form-2")] * 10,
        meet_before=["INSERT INTO invoices_invoice "],
    )


def test_one_invoice_form_posted_ten_times_makes_one_invoice():
    outcomes = bill_by_one_form()
    assert kinds(outcomes) == {"done": 10}
    assert {outcome.pk for outcome in outcomes} == {Invoice.objects.get().pk}
    assert_invariants()


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_nine_of_ten_invoice_posts_crash():
    assert kinds(bill_by_one_form()) == {"done": 1, "invoice_idempotency_key_once": 9}
    assert_invariants()
