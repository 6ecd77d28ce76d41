"""One invoice cancelled by ten at once, and while it is paid."""

from functools import partial

import pytest
from django.utils import timezone

from credits.models import CreditAccount, CreditEntry
from invoices.models import Invoice
from invoices.services.cancel import cancel_invoice
from tests.concurrency.racing import kinds, race
from tests.factories import give_credit, make_client, make_invoice, make_payment_method, usd
from tests.invariants import assert_invariants
from transactions.services.receive import receive_payment

ENTRIES = ["INSERT INTO credits_creditentry"]


def invoice_with_credit() -> Invoice:
    acme = make_client()
    give_credit(acme, usd(40))
    return make_invoice(acme, usd(100))


def test_ten_at_once_cancel_once_and_release_once():
    invoice = invoice_with_credit()
    outcomes = race(*[partial(cancel_invoice, invoice=invoice, by=None)] * 10, meet_before=ENTRIES)
    said = f"INV-000001 was cancelled on {timezone.localdate():%-d %b %Y}; nothing was done."
    assert kinds(outcomes) == {"done": 1, said: 9}
    assert CreditAccount.objects.get().balance == usd(40)
    assert CreditEntry.objects.count() == 3
    assert_invariants()


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_nine_of_ten_crash():
    invoice = invoice_with_credit()
    outcomes = race(*[partial(cancel_invoice, invoice=invoice, by=None)] * 10, meet_before=ENTRIES)
    assert kinds(outcomes) == {"done": 1, "credit_grant_remaining": 9}
    assert_invariants()


@pytest.mark.parametrize("first", ["cancel", "pay"])
def test_cancelling_and_paying_at_once_one_of_them_wins_whole(first):
    invoice, card = invoice_with_credit(), make_payment_method()
    actions = {
        "cancel": partial(cancel_invoice, invoice=invoice, by=None),
        "pay": partial(receive_payment, invoices=[invoice], amount=usd(60), payment_method=card, by=None),
    }
    order = [first, *(actions.keys() - {first})]
    outcomes = dict(zip(order, race(*(actions[name] for name in order)), strict=True))
    invoice.refresh_from_db()
    if invoice.status == Invoice.Status.CANCELLED:
        assert kinds([outcomes["cancel"]]) == {"done": 1}
        assert kinds([outcomes["pay"]]) == {"INV-000001 is Cancelled; a payment of 60.00 USD was not recorded.": 1}
    else:
        assert invoice.status == Invoice.Status.PAID
        assert kinds([outcomes["pay"]]) == {"done": 1}
        assert str(outcomes["cancel"]).startswith(
            "Payments of 60.00 USD are recorded on INV-000001. Use Refund on each of them first,"
        )
    assert_invariants()
