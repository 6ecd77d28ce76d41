"""Two invoice runs at once, over the same items."""

import datetime
import threading
import time
from functools import partial

import pytest
from django.db import connection
from django.db import transaction as db_transaction

from clients.models import Client
from clients.services.merge.merge_clients import merge_clients
from invoices.models import BillableItem, Invoice, InvoiceLine, InvoiceRun, InvoiceRunError
from invoices.services.runs.generate import generate_invoices
from invoices.services.runs.run_worker import RunWorker
from tests.concurrency.racing import LIMIT, kinds, race
from tests.factories import give_credit, make_client, make_invoice, make_item, usd
from tests.invariants import assert_invariants

TODAY = datetime.date(2030, 3, 31)


def run_twice_at_once(clients: int, chunk_size: int) -> list:
    """Each client has a monthly item with three periods due, a one-off item, and credit for part of them."""
    for number in range(clients):
        owner = make_client(f"Client {number}")
        make_item(owner, usd("10.00"), due=datetime.date(2030, 1, 31), cycle=BillableItem.Cycle.MONTHLY)
        make_item(owner, usd("5.00"), due=TODAY)
        give_credit(owner, usd("12.00"))
    run = partial(generate_invoices, as_of=TODAY, by=None, chunk_size=chunk_size)
    return race(run, run, meet_before=["SELECT pg_advisory_xact_lock_shared"])


@pytest.mark.parametrize("chunk_size", [1, 3, 100])
def test_two_runs_at_once_bill_each_period_once(chunk_size):
    runs = run_twice_at_once(8, chunk_size)
    assert [run.state for run in runs] == [InvoiceRun.State.FINISHED] * 2
    assert sum(run.invoice_count for run in runs) == 8
    assert [invoice.due for invoice in Invoice.objects.all()] == [usd(23)] * 8
    assert InvoiceLine.objects.count() == 8 * 4
    assert set(BillableItem.objects.values_list("cycle", "periods_billed", "next_due_on")) == {
        ("monthly", 3, datetime.date(2030, 4, 30)),
        ("once", 1, None),
    }
    assert list(InvoiceRunError.objects.all()) == []
    assert_invariants()


@pytest.fixture
def failed_chunks(monkeypatch):
    """The chunks that a worker had to bill a second time."""
    again = RunWorker._bill_again
    failed = []

    def bill_again(worker, client_ids):
        failed.append(client_ids)
        again(worker, client_ids)

    monkeypatch.setattr(RunWorker, "_bill_again", bill_again)
    return failed


def test_no_chunk_of_two_runs_at_once_is_billed_in_vain(failed_chunks):
    run_twice_at_once(1, 1)
    assert failed_chunks == []


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_both_bill_the_client_and_one_is_refused(failed_chunks):
    """The constraint refuses it; at the second try it finds nothing due, so that nothing is lost or doubled."""
    runs = run_twice_at_once(1, 1)
    assert sorted(run.invoice_count for run in runs) == [0, 1]
    assert len(failed_chunks) == 1
    assert list(InvoiceRunError.objects.all()) == []
    assert_invariants()


def test_a_run_and_staff_bill_one_client_at_once():
    """The run takes the clients' locks and then the numbers, as issuing by hand does: no deadlock."""
    owners = [make_client(f"Client {number}") for number in range(4)]
    for owner in owners:
        make_item(owner, usd("10.00"), due=TODAY)
    outcomes = race(
        partial(generate_invoices, as_of=TODAY, by=None),
        *(partial(make_invoice, owner, usd(7)) for owner in reversed(owners)),
    )
    assert kinds(outcomes) == {"done": 5}
    assert sorted(Invoice.objects.values_list("number", flat=True)) == list(range(1, 9))
    assert_invariants()


def test_who_is_merged_while_the_run_waits_is_billed_with_the_other():
    """Initech is passed when nothing of it is due yet; Umbrella comes after the one that is gone."""
    initech, acme, umbrella = make_client("Initech"), make_client(), make_client("Umbrella")
    for owner in (acme, umbrella):
        make_item(owner, usd("10.00"), due=TODAY)
    merged = threading.Event()

    def merge() -> None:
        with db_transaction.atomic():
            Client.objects.lock([initech.pk, acme.pk, umbrella.pk])
            merge_clients(kept=initech, discarded=acme, by=None)
            merged.set()
            with connection.cursor() as cursor:
                for _ in range(LIMIT * 100):
                    cursor.execute("SELECT FROM pg_locks WHERE NOT granted")
                    if cursor.rowcount:
                        break
                    time.sleep(0.01)

    def run() -> InvoiceRun:
        assert merged.wait(LIMIT)
        return generate_invoices(as_of=TODAY, by=None, chunk_size=1)

    _, done = race(merge, run)
    assert (done.state, done.invoice_count, done.clients_done) == ("finished", 2, 2)
    assert set(Invoice.objects.values_list("client", flat=True)) == {initech.pk, umbrella.pk}
    assert_invariants()
