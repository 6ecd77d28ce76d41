"""make data"""

import pytest
from django.utils import timezone

from clients.models import Client
from credits.models import CreditAccount, CreditEntry, CreditGrant
from credits.services.check import check_ledger
from invoices.models import BillableItem, Invoice, InvoiceRun, NumberSeries
from invoices.services.runs.generate import generate_invoices
from tests.benchmarks.synthetic import past
from tests.benchmarks.synthetic.command import Command
from tests.benchmarks.synthetic.database import make_data
from tests.commands import Ran, run_command
from tests.factories import make_client
from tests.invariants import assert_invariants
from tests.unchanged import nothing_changes
from transactions.models import Transaction

pytestmark = pytest.mark.django_db


def test_it_makes_clients_with_items_and_credit_that_a_run_bills():
    assert run_command(Command(), "--clients", "200", "--no-past").printed[-1] == (
        "200 clients made, with an item each that is due today."
    )
    assert not Invoice.objects.exists()
    assert (Client.objects.count(), BillableItem.objects.count()) == (200, 200)
    assert Client.objects.values("currency").distinct().count() == 3
    assert CreditAccount.objects.count() == 60
    assert CreditGrant.objects.count() > 60
    assert_invariants()
    run = generate_invoices(as_of=timezone.localdate(), by=None)
    assert run.invoice_count > 190
    assert run.errors.count() == 0
    assert_invariants()


def test_it_makes_a_past_of_invoices_and_payments_that_is_in_order(monkeypatch):
    monkeypatch.setattr(past, "SLICE", 500)  # several slices
    said = run_command(Command(), "--clients", "300").printed[-1]
    invoices = Invoice.objects.count()
    assert said == f"300 clients made, with an item each that is due today and {invoices:,} invoices of the past."
    # Three clients with 600 each, the others with about three and a half.
    whale = Client.objects.order_by("pk").first()
    assert Invoice.objects.filter(client=whale).count() == 600
    assert 2_700 < invoices < 3_000
    assert set(Invoice.objects.values_list("status", flat=True)) >= {"paid", "unpaid", "cancelled", "refunded"}
    assert Invoice.objects.filter(due_on__lt=timezone.localdate(), status="unpaid").exists()
    assert set(Transaction.objects.values_list("kind", flat=True)) == {"payment", "refund"}
    assert Transaction.objects.filter(client_number=None).exists()
    assert Transaction.objects.filter(fees__gt=0).exists()
    assert CreditEntry.objects.filter(kind="apply").exists()
    assert_invariants()
    assert check_ledger().finding_count == 0
    # Numbers without a gap and in the order of days, and the next one follows on them.
    numbered = list(Invoice.objects.exclude(number=None).order_by("number").values_list("number", "issued_on"))
    assert [number for number, _ in numbered] == list(range(1, len(numbered) + 1))
    assert [day for _, day in numbered] == sorted(day for _, day in numbered)
    assert NumberSeries.objects.get(document="invoice").next_number == len(numbered) + 1
    assert [run.state for run in InvoiceRun.objects.all()] == ["finished"] * 6
    assert sum(run.invoice_count for run in InvoiceRun.objects.all()) == len(numbered)
    run = generate_invoices(as_of=timezone.localdate(), by=None)
    assert Invoice.objects.count() == invoices + run.invoice_count > invoices
    assert_invariants()


def test_heavy_clients_owe_for_all_or_pay_half_with_credit(monkeypatch):
    monkeypatch.setattr(past, "OWING", (30, 20))
    monkeypatch.setattr(past, "SPENDING", (40,))
    make_data(clients=20, due=timezone.localdate(), past=True, heavy=True)
    ids = list(Client.objects.order_by("pk").values_list("pk", flat=True)[3:6])
    counts = [Invoice.objects.filter(client=pk).count() for pk in ids]
    assert counts == [30, 20, 40]
    assert set(Invoice.objects.filter(client__in=ids[:2]).values_list("status", flat=True)) <= {"unpaid", "draft"}
    assert Invoice.objects.filter(client=ids[2], credit_applied__gt=0).count() > 10
    assert_invariants()


def test_a_database_with_clients_is_left_alone_unless_it_is_meant():
    make_client()
    with nothing_changes():
        assert run_command(Command(), "--clients", "5") == Ran(
            [],
            [],
            (
                "This database has clients already, and synthetic ones could not be told from them. Nothing was made. "
                "If that is meant, add FORCE=1."
            ),
            1,
        )
        assert run_command(Command(), "--clients", "0").error == "CLIENTS is a number from 1 to 10,000,000; 0 is not."
    assert run_command(Command(), "--clients", "5", "--force").exit_code == 0
    assert Client.objects.count() == 6
