"""A later import of the same system: what is the same is there, what was changed is listed, what is new comes."""

import pytest

from billing_admin.models import StagedInvoice
from invoices.models import Invoice
from tests.factories import make_client, make_payment_method, usd
from tests.invariants import assert_invariants
from tests.staged import make_import
from transactions.services.receive import receive_payment

from .rows import again, bring, stage_client, stage_invoice, stage_money

pytestmark = pytest.mark.django_db


def second(first, then, *, money="", lines=(("10.00", False),), now=None):
    """What is said at the second import of an invoice that was `first`, and is `then` there now."""
    run, client = make_import(), make_client()
    stage_client(run)
    stage_invoice(run, 41, **first)
    bring(run, client)
    later = again(run)
    stage_client(later)
    staged = stage_invoice(later, 41, *lines, **first | then)
    stage_invoice(later, 42, status="Paid")
    if money:
        stage_money(later, 1, 41, money)
    if now:
        now(Invoice.objects.get())
    brought = bring(later, client)
    assert sorted(brought) == ["41", "42"]
    assert Invoice.objects.count() == 2
    staged.refresh_from_db()
    assert_invariants()
    return staged.outcome, staged.why


@pytest.mark.parametrize(
    ("first", "then"), [({"status": "Paid"}, {}), ({}, {}), ({"status": "Unpaid"}, {"status": "Collections"})]
)
def test_the_same_is_there_and_new_ones_come(first, then):
    assert second(first, then) == ("there", "")


def test_an_open_one_that_was_paid_there_is_settled_by_its_money():
    assert second({}, {"status": "Paid", "paid": "10.00"}, money="10.00") == ("there", "")


def test_an_open_one_that_was_paid_there_by_no_money_is_listed():
    assert second({}, {"status": "Paid"}) == ("changed", "It is Paid there now, and unpaid here.")


def test_one_that_was_paid_at_both_is_there():
    def pay(invoice):
        receive_payment(invoices=[invoice], amount=usd(10), payment_method=make_payment_method(), by=None)

    assert second({}, {"status": "Paid"}, now=pay) == ("there", "")


@pytest.mark.parametrize(
    ("first", "then", "lines", "why"),
    [
        ({"status": "Paid"}, {"status": "Refunded"}, (("10.00", False),), "It is Refunded there now, and paid here."),
        ({}, {"status": "Cancelled"}, (("10.00", False),), "It is Cancelled there now, and unpaid here."),
        ({}, {}, (("12.00", False),), "Its total was 10.00 USD there, and is 12.00 USD now."),
        ({}, {}, (("4.00", False), ("6.00", False)), "Its lines, its figures, its number or its dates are others"),
        ({"status": "Paid"}, {"label": "X"}, (("10.00", False),), "Its lines, its figures, its number or its dates"),
    ],
)
def test_what_was_changed_there_is_listed_and_stays_here(first, then, lines, why):
    outcome, said = second(first, then, lines=lines)
    assert (outcome, said[: len(why)]) == ("changed", why)
    assert Invoice.objects.order_by("pk").first().total == usd(10)


def test_what_is_staged_anew_is_judged_anew():
    run = make_import()
    client = stage_client(run)
    staged = stage_invoice(run, 41)
    for outcome, expected in (("waits", "left out"), ("", "")):
        client.outcome = outcome
        client.save()
        bring(run, make_client())
        assert StagedInvoice.objects.get(pk=staged.pk).outcome == expected
