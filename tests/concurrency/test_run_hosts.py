"""Invoice runs by several processes at once, some of them killed with SIGKILL; no queue worker is there."""

import signal
import threading
import time

import pytest

from billing_admin.jobs.enqueue import enqueue_job
from billing_admin.jobs.stalled import requeue_stalled
from clients.models import Client
from credits.tasks import CHECK_LEDGER
from invoices.models import Invoice, InvoiceRun
from invoices.run_locks import alone_on_run, joined_to_run, present_on_run, runs_worked_on
from invoices.services.runs.generate import NothingDue, close_interrupted_runs, generate_invoices
from invoices.services.runs.join import JOIN_RUN, join_run
from tests.concurrency.due import (
    TODAY,
    assert_each_period_once,
    bill,
    last_two_clients,
    locked_by_staff,
    make_clients,
    make_due,
    nobody_claims,
    process,
    wait_for_run,
)
from tests.factories import make_item, usd
from tests.invariants import assert_invariants
from tests.jobs import do_jobs, ended, jobs_in_queue, queue_worker
from tests.waiting import LIMIT, wait_for


def test_a_run_goes_on_without_workers_that_do_not_come():
    make_due(6)
    asked: list[tuple[str, str]] = []
    run = bill(workers=3, chunk_size=2, meanwhile=lambda: asked.extend(jobs_in_queue()))
    assert asked == [(JOIN_RUN, "todo")] * 2
    assert jobs_in_queue() == []
    assert (run.state, run.worker_count) == ("finished", 1)
    assert_each_period_once(6)


def test_who_comes_when_the_run_has_ended_ends_at_once():
    make_due(2)
    run = bill()
    make_item(Client.objects.first(), usd("10.00"), due=TODAY)
    join_run(run_id=run.pk, chunk_size=1)
    InvoiceRun.objects.filter(pk=run.pk).update(state="running")
    join_run(run_id=run.pk, chunk_size=1)  # nobody leads it
    with present_on_run(run.pk), alone_on_run(run.pk):
        join_run(run_id=run.pk, chunk_size=1)  # it is being ended
    assert Invoice.objects.count() == 2
    with present_on_run(run.pk):
        join_run(run_id=run.pk, chunk_size=1)
    assert (Invoice.objects.count(), InvoiceRun.objects.get().worker_count) == (3, 2)


def test_three_hosts_at_once_bill_each_period_once():
    """Each with a pool of its own, as on three machines."""
    make_due(40)
    with nobody_claims():
        hosts = [process("--chunk-size", 3) for _ in range(3)]
        wait_for(lambda: InvoiceRun.objects.filter(state="running").count() == 3)
    assert [host.wait(LIMIT) for host in hosts] == [0, 0, 0]
    assert_each_period_once(40)
    assert set(InvoiceRun.objects.values_list("state", flat=True)) == {"finished"}


@pytest.mark.slow
def test_two_hosts_one_of_them_killed_and_the_run_started_again():
    make_due(60)
    other = process("--chunk-size", 1)

    def kill_the_other() -> None:
        with locked_by_staff(last_two_clients()):
            wait_for(lambda: InvoiceRun.objects.filter(invoice_count__gte=5).exists())
            other.kill()
            assert other.wait(LIMIT) == -signal.SIGKILL

    with nobody_claims():
        wait_for_run(state="running")
    bill(chunk_size=1, meanwhile=kill_the_other)
    assert sorted(InvoiceRun.objects.values_list("state", flat=True)) == ["finished", "running"]
    with pytest.raises(NothingDue):
        bill()
    assert sorted(InvoiceRun.objects.values_list("state", flat=True)) == ["finished", "interrupted"]
    assert_each_period_once(60)


@pytest.mark.slow
def test_workers_killed_among_several_cost_nothing():
    def kill() -> None:
        wait_for_run(worker_count=3, clients_done__gte=10)
        killed.kill()
        killed.wait(LIMIT)

    make_due(60)
    with queue_worker() as killed:
        run = bill(workers=3, chunk_size=1, meanwhile=kill)
    assert (run.state, run.clients_done) == ("finished", 60)
    assert_each_period_once(60)
    assert jobs_in_queue() == [(JOIN_RUN, "doing")] * 2
    requeue_stalled(requeue_stalled(set()))
    assert do_jobs() == 2  # they find the run ended
    assert_each_period_once(60)


@pytest.mark.slow
def test_a_worker_fills_many_slots_and_leaves_a_run_when_told_to_end():
    def end_it() -> None:
        with nobody_claims():
            wait_for_run(worker_count=8)
            assert ended(enqueue_job(kind=CHECK_LEDGER, by=None)).state == "done"
            told.terminate()
        told.wait(LIMIT)
        left.append(InvoiceRun.objects.get())

    make_due(120)
    left: list[InvoiceRun] = []
    with queue_worker(jobs=7) as told:
        run = bill(workers=8, chunk_size=1, meanwhile=end_it)
    assert left[0].clients_done < 120
    assert (run.state, run.clients_done) == ("finished", 120)
    assert_each_period_once(120)


def test_a_run_counts_as_worked_on_while_a_process_of_it_lives():
    run = InvoiceRun.objects.create(as_of=TODAY, started_by_name="System")
    assert runs_worked_on([run.pk]) == set()
    for at_work in (present_on_run, joined_to_run, alone_on_run):
        with at_work(run.pk):
            assert runs_worked_on([run.pk, run.pk + 1]) == {run.pk}
            assert close_interrupted_runs() == []
    assert runs_worked_on([run.pk]) == set()
    assert [closed.pk for closed in close_interrupted_runs()] == [run.pk]


def test_who_is_locked_by_staff_is_waited_for_and_billed_last():
    """The others are billed meanwhile: nobody waits for the one."""
    make_due(3)
    first = Client.objects.order_by("pk")[0].pk
    locked, others_billed = threading.Event(), threading.Event()

    def staff() -> None:
        with locked_by_staff([first]):
            locked.set()
            others_billed.wait(LIMIT)
            time.sleep(0.5)

    at_it = threading.Thread(target=staff)
    at_it.start()
    locked.wait(LIMIT)
    order = []

    def progress(clients: int, due: int) -> None:
        order.append(sorted(Invoice.objects.values_list("client", flat=True)))
        others_billed.set()

    generate_invoices(as_of=TODAY, by=None, chunk_size=2, progress=progress)
    at_it.join()
    assert [first in billed for billed in order] == [False, True]
    assert_each_period_once(3)


def test_a_run_for_one_client_asks_for_no_more_workers():
    make_due(4)
    wanted = Client.objects.order_by("pk")[2]
    asked: list[tuple[str, str]] = []
    run = generate_invoices(
        as_of=TODAY, by=None, client=wanted, workers=3, progress=lambda clients, due: asked.extend(jobs_in_queue())
    )
    assert [invoice.client for invoice in Invoice.objects.all()] == [wanted]
    assert (run.worker_count, asked) == (1, [])


@pytest.mark.long
def test_eight_workers_number_without_a_gap():
    make_clients(1000, due=TODAY)
    with queue_worker(jobs=7):
        run = bill(workers=8, chunk_size=5, meanwhile=lambda: wait_for_run(worker_count=8))
    assert (run.state, run.worker_count) == ("finished", 8)
    assert sorted(Invoice.objects.values_list("number", flat=True)) == list(range(1, 1001))
    assert_invariants()
