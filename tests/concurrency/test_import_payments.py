"""The same file of payments imported by several at once."""

from functools import partial

from invoices.models import Invoice
from tests.concurrency.racing import kinds, race
from tests.factories import make_client, make_invoice, usd
from tests.invariants import assert_invariants
from transactions.models import Transaction
from transactions.services.importing.book import import_payments
from transactions.services.importing.read import OWN_FORMAT

FILE = b"""Date,Amount,Currency,Method,Invoice,Name
2026-03-01,100.00,USD,Card,INV-000001,
2026-03-01,40.00,USD,Card,INV-000002,
2026-03-01,7.00,USD,Card,,Nobody
"""


def test_one_file_imported_by_five_at_once_is_booked_once():
    for amount in (100, 40):
        make_invoice(make_client(), usd(amount))
    book = partial(import_payments, name="bank.csv", content=FILE, mapping=OWN_FORMAT, by=None)
    outcomes = race(*[book] * 5, meet_before=["INSERT INTO transactions_transaction", "WITH offered"])
    assert kinds(outcomes) == {"done": 5}
    assert sorted((run.imported, run.already_there) for run in outcomes) == [(0, 3)] * 4 + [(3, 0)]
    assert Transaction.objects.count() == 3
    assert set(Invoice.objects.values_list("status", flat=True)) == {"paid"}
    assert_invariants()
