"""`manage.py load_demo`: every screen has something to show, and the books are in order."""

import pytest

from clients.models import Client, ClientMerge
from credits.models import CreditBatch, CreditEntry, LedgerCheck
from invoices.models import CreditNote, Invoice
from tests.commands import run_command
from tests.invariants import assert_invariants
from transactions.models import Transaction

pytestmark = pytest.mark.django_db


def test_it_has_some_of_everything():
    run_command("load_demo", "--clients", 6)
    assert set(Invoice.objects.values_list("status", flat=True)) >= {"draft", "unpaid", "paid", "cancelled"}
    assert set(Transaction.objects.values_list("kind", flat=True)) == set(Transaction.Kind.values)
    assert set(CreditEntry.objects.values_list("kind", flat=True)) >= {
        "grant", "apply", "adjust", "transfer",
    }  # fmt: skip
    assert Transaction.objects.filter(client=None).count() == 1
    assert (CreditNote.objects.count(), ClientMerge.objects.count(), CreditBatch.objects.count()) == (3, 1, 1)
    assert Client.objects.get(number=1001).notes.count() == 1
    assert LedgerCheck.objects.get().finding_count == 0
    assert_invariants()


@pytest.mark.long
def test_one_client_is_enough():
    run_command("load_demo", "--clients", 1)
    assert ClientMerge.objects.count() == 1
    assert_invariants()
