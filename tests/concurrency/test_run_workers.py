"""Invoice runs that queue workers join."""

from decimal import Decimal

import pytest

from billing_admin.jobs.enqueue import enqueue_job
from clients.models import Client
from credits.tasks import CHECK_LEDGER
from invoices.models import BillableItem, Invoice, InvoiceRun, InvoiceRunError
from invoices.run_locks import present_on_run, runs_with_a_worker, runs_worked_on
from invoices.services.runs.join import JOIN_RUN, joined_by
from tests.concurrency.due import (
    TODAY,
    assert_each_period_once,
    bill,
    last_two_clients,
    locked_by_staff,
    make_due,
    nobody_claims,
    process,
    wait_for_run,
)
from tests.factories import make_item, usd
from tests.invariants import assert_invariants
from tests.jobs import ended, jobs_in_queue
from tests.waiting import LIMIT, wait_for

pytestmark = pytest.mark.usefixtures("shared_worker")


def test_three_workers_share_a_run():
    """The two that joined bill while the first does something else."""
    make_due(30)
    run = bill(workers=3, chunk_size=2, meanwhile=lambda: wait_for_run(worker_count=3, clients_done__gte=10))
    assert (run.state, run.worker_count, run.clients_due, run.clients_done) == ("finished", 3, 30, 30)
    assert run.totals == {"USD": {"invoices": 30, "total": "900.000", "credit_applied": "360.000", "paid": 0}}
    assert_each_period_once(30)
    wait_for(lambda: jobs_in_queue() == [])


def test_what_pages_ask_for_is_done_while_all_that_can_join_have():
    run = InvoiceRun.objects.create(as_of=TODAY, state="waiting", started_by_name="System")
    with nobody_claims(), present_on_run(run.pk), joined_by(4, run_id=run.pk, chunk_size=1):
        InvoiceRun.objects.filter(pk=run.pk).update(state="running")
        wait_for_run(worker_count=3)
        assert ended(enqueue_job(kind=CHECK_LEDGER, by=None)).state == "done"
        states = sorted(state for task, state in jobs_in_queue() if task == JOIN_RUN)
        assert states == ["doing", "doing", "todo", "todo"]
    wait_for_run(state="interrupted")


def test_those_that_joined_have_ended_when_a_stopped_run_is_summed_up():
    def stop() -> None:
        wait_for_run(worker_count=3, clients_done__gte=4)
        raise KeyboardInterrupt

    make_due(60)
    with pytest.raises(KeyboardInterrupt):
        bill(workers=3, chunk_size=1, meanwhile=stop)
    run = InvoiceRun.objects.get()
    assert runs_with_a_worker([run.pk]) == set()
    assert (run.state, run.invoice_count) == ("cancelled", Invoice.objects.count())
    assert_invariants()


@pytest.mark.slow
def test_workers_end_with_the_process_that_began_the_run():
    make_due(30)
    with locked_by_staff(last_two_clients()):
        host = process("--chunk-size", 1, "--workers", 2)
        wait_for_run(worker_count=2, clients_done__gte=10)
        host.kill()
        host.wait(LIMIT)
    wait_for_run(state="interrupted")  # a worker closes it
    run = InvoiceRun.objects.get()
    assert (runs_worked_on([run.pk]), run.finished_at) == (set(), run.worked_at)
    assert bill().state == "finished"
    assert_each_period_once(30)


@pytest.mark.slow
@pytest.mark.parametrize("clients", [60, pytest.param(1000, marks=pytest.mark.long)])
def test_one_poisoned_client_among_several_workers_is_listed_once(clients):
    """And taken once mended."""
    make_due(clients)
    poisoned = Client.objects.order_by("pk")[clients // 2]
    bad = make_item(poisoned, usd("999999999999999.99"), due=TODAY, quantity=Decimal(1000))
    run = bill(workers=3, chunk_size=4, meanwhile=lambda: wait_for_run(worker_count=3))
    assert (run.state, run.invoice_count) == ("finished", clients - 1)
    assert sorted(Invoice.objects.values_list("number", flat=True)) == list(range(1, clients))
    assert [error.client for error in InvoiceRunError.objects.all()] == [poisoned]
    assert_invariants()
    BillableItem.objects.filter(pk=bad.pk).update(quantity=1, unit_price=usd("5.00"))
    bill()
    assert Invoice.objects.get(client=poisoned).total == usd("35.00")
    assert_invariants()
