"""One invoice credited by ten at once."""

from functools import partial

import pytest

from credits.models import CreditAccount
from invoices.models import CreditNote, Invoice
from invoices.services.credit_notes import issue_credit_note
from tests.concurrency.racing import kinds, race
from tests.factories import give_credit, make_client, make_invoice, usd
from tests.invariants import assert_invariants


def ten_at_once() -> list:
    acme = make_client()
    give_credit(acme, usd(40))
    invoice = make_invoice(acme, usd(100))
    credit = partial(issue_credit_note, invoice=invoice, reason="Downtime", by=None)
    return race(*[credit] * 10, meet_before=["INSERT INTO credits_creditentry"])


def test_ten_at_once_credit_it_once():
    said = "Nothing is left to credit on INV-000001: its total is all taken back."
    assert kinds(ten_at_once()) == {"done": 1, said: 9}
    assert (CreditNote.objects.get().total, Invoice.objects.get().amount_credited) == (usd(100), usd(100))
    assert CreditAccount.objects.get().balance == usd(40)
    assert_invariants()


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_nine_of_ten_crash():
    assert kinds(ten_at_once()) == {"done": 1, "credit_grant_remaining": 9}
    assert_invariants()
