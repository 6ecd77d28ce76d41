"""Real queue workers: what a page asked for is done once, also where a worker is killed or none is there."""

import datetime
import signal

import pytest
from django.db import connection
from django.utils import timezone

from billing_admin.db.locks import JOBS, hold_lock
from billing_admin.jobs.enqueue import enqueue_job
from billing_admin.jobs.pages import shown_job
from billing_admin.jobs.stalled import requeue_stalled
from billing_admin.models import Job
from clients.models import Client
from credits.tasks import BOOK_BATCH, CHECK_LEDGER
from invoices.models import Invoice, InvoiceRun
from invoices.run_locks import runs_with_a_worker
from invoices.selectors.runs import shown_runs
from invoices.services.runs.generate import close_interrupted_runs
from invoices.services.runs.start import cancel_run, do_run, start_run
from tests.concurrency.due import TODAY, assert_each_period_once, make_due
from tests.concurrency.racing import race
from tests.jobs import credit_preview, ended, jobs_in_queue, queue_worker
from tests.waiting import wait_for


def test_asked_for_at_the_same_moment_there_is_one_job():
    batch = credit_preview(5)
    jobs = race(*[lambda: enqueue_job(kind=BOOK_BATCH, subject=batch.pk, by=None)] * 4)
    assert {job.pk for job in jobs} == {Job.objects.get().pk}
    assert jobs_in_queue() == [(BOOK_BATCH, "todo")]


@pytest.mark.slow
def test_a_run_whose_worker_is_killed_is_gone_on_with_by_another():
    """It is killed when it has billed four and waits for the fifth, which staff have locked."""
    make_due(5)
    locked = Client.objects.order_by("pk")[2]
    with queue_worker() as first, hold_lock("id FROM clients_client WHERE id = %s FOR UPDATE", locked.pk):
        run = start_run(as_of=TODAY, dry_run=False, today=TODAY, by=None)
        wait_for(lambda: Invoice.objects.count() == 4)
        first.send_signal(signal.SIGKILL)
        first.wait()
        wait_for(lambda: runs_with_a_worker([run.pk]) == set())
    (left,) = shown_runs(InvoiceRun.objects.all())
    assert (left.state, left.goes_on, left.run.state) == ("waiting", True, "running")
    assert close_interrupted_runs() == []
    with queue_worker():
        wait_for(lambda: InvoiceRun.objects.get(pk=run.pk).state == "finished")
    run.refresh_from_db()
    assert (run.clients_due, run.clients_done) == (5, 5)
    assert_each_period_once(5)


def test_a_run_goes_on_where_a_killed_worker_left_it():
    make_due(3)
    run = start_run(as_of=TODAY, dry_run=False, today=TODAY, by=None)
    InvoiceRun.objects.filter(pk=run.pk).update(
        state="running", clients_done=7, worked_at=run.started_at, invoice_count=7
    )
    do_run(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.clients_due, run.clients_done, run.invoice_count) == ("finished", 10, 10, 3)
    do_run(run_id=run.pk)
    assert Invoice.objects.count() == 3


def test_a_dry_run_that_lost_its_worker_begins_anew():
    make_due(3)
    run = start_run(as_of=TODAY, dry_run=True, today=TODAY, by=None)
    InvoiceRun.objects.filter(pk=run.pk).update(state="running", clients_done=2, totals={"USD": {"invoices": 2}})
    do_run(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.clients_done, run.totals["USD"]["invoices"]) == ("finished", 3, 3)


def test_a_run_that_was_cancelled_before_it_began_bills_nothing():
    make_due(1)
    run = start_run(as_of=TODAY, dry_run=False, today=TODAY, by=None)
    assert cancel_run(run=run, by=None).state == "cancelled"
    do_run(run_id=run.pk)
    assert Invoice.objects.count() == 0


def hold(job: Job) -> int:
    """Let a worker that is not there have taken the job; returns its number in the queue."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE lock = %s RETURNING id", [job.lock])
        return int(cursor.fetchone()[0])


def test_a_job_without_its_worker_is_given_back_and_at_last_given_up():
    job = enqueue_job(kind=CHECK_LEDGER, by=None)
    number = hold(job)
    with hold_lock("pg_advisory_xact_lock(%s, %s)", JOBS, number):
        assert requeue_stalled(set()) == set()
    for _ in range(2):
        seen = requeue_stalled(set())
        assert jobs_in_queue() == [(CHECK_LEDGER, "doing")]
        assert requeue_stalled(seen) == set()
        assert jobs_in_queue() == [(CHECK_LEDGER, "todo")]
        assert shown_job(job).goes_on
        hold(job)
    requeue_stalled(requeue_stalled(set()))
    assert jobs_in_queue() == [(CHECK_LEDGER, "failed")]
    told = shown_job(job)
    assert (told.goes_on, told.words) == (
        False,
        "It was interrupted. Nothing was changed; ask for it again.",
    )
    again = enqueue_job(kind=CHECK_LEDGER, by=None)
    assert again.pk != job.pk
    job.refresh_from_db()
    assert job.state == "failed"


@pytest.mark.slow
def test_a_worker_outlives_the_loss_of_its_connections():
    with queue_worker() as process:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        job = ended(enqueue_job(kind=CHECK_LEDGER, by=None))
        assert (job.state, process.poll()) == ("done", None)


def test_what_ended_a_month_ago_goes_when_something_is_asked_for():
    ends = [timezone.now() - datetime.timedelta(days=days) for days in (31, 29)]
    for end in ends:
        Job.objects.create(kind=CHECK_LEDGER, state="done", finished_at=end)
    asked = enqueue_job(kind=CHECK_LEDGER, by=None)
    assert list(Job.objects.order_by("pk").values_list("finished_at", flat=True)) == [ends[1], None]
    assert asked.is_unfinished
