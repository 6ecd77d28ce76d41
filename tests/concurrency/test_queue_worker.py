"""What pages ask for, done by one real queue worker."""

import datetime
from uuid import UUID

import pytest
from django.db import transaction as db_transaction

from billing_admin.jobs.enqueue import enqueue_job
from billing_admin.models import Job
from clients.models import Activity
from credits.models import CreditBatch, CreditGrant, LedgerCheck
from credits.tasks import BOOK_BATCH, CHECK_LEDGER, REVERSE_BATCH
from invoices.models import Invoice, InvoiceRun
from invoices.services.runs.start import start_run
from tests.concurrency.due import TODAY, assert_each_period_once, make_due
from tests.factories import make_staff
from tests.invariants import assert_invariants
from tests.jobs import credit_preview, ended, jobs_in_queue
from tests.waiting import wait_for

pytestmark = pytest.mark.usefixtures("shared_worker")


def test_a_run_asked_for_on_the_page_is_done_by_a_worker():
    make_due(5)
    anna = make_staff(username="anna")
    run = start_run(as_of=TODAY, dry_run=False, today=TODAY, by=anna)
    assert run.state == "waiting"
    wait_for(lambda: InvoiceRun.objects.get().state == "finished")
    assert_each_period_once(5)
    assert set(Invoice.objects.values_list("created_by", flat=True)) == {anna.pk}
    told = Activity.objects.filter(data__run=run.pk, client=None).order_by("pk")
    assert list(told.values_list("summary", "actor")) == [
        ("Invoice run as of 31 Mar 2026 started", anna.pk),
        ("Invoice run as of 31 Mar 2026 finished: 5 invoices, 150.00 USD", anna.pk),
    ]
    wait_for(lambda: jobs_in_queue() == [])


def test_a_dry_run_asked_for_on_the_page_writes_only_its_figures():
    make_due(3)
    start_run(as_of=TODAY, dry_run=True, today=TODAY, by=None)
    wait_for(lambda: InvoiceRun.objects.get().state == "finished")
    run = InvoiceRun.objects.get()
    assert run.totals == {"USD": {"invoices": 3, "total": "90.00", "credit_applied": "0", "paid": 0}}
    assert (run.clients_done, Invoice.objects.count()) == (3, 0)


def test_a_batch_is_booked_and_taken_back_each_once():
    robin, batch = make_staff(username="robin"), credit_preview(5, 7)
    told = []
    for kind in (BOOK_BATCH, BOOK_BATCH, REVERSE_BATCH, REVERSE_BATCH):
        job = ended(enqueue_job(kind=kind, subject=batch.pk, by=robin))
        told.append((job.state, job.level, job.outcome))
    assert told == [
        ("done", "good", "2 credits of 12.00 USD added from downtime.csv."),
        ("done", "attention", "2 credits of 12.00 USD were booked before; nothing more was booked."),
        ("done", "good", "12.00 USD of 2 credits taken back."),
        (
            "refused",
            "attention",
            "Nothing is left of the 2 credits from downtime.csv; nothing was taken back.",
        ),
    ]
    assert (CreditGrant.objects.count(), CreditBatch.objects.get().created_by) == (2, robin)
    assert_invariants()


def test_a_worker_takes_up_a_check_within_a_second():
    job = ended(enqueue_job(kind=CHECK_LEDGER, by=None))
    assert job.state == "done"
    assert job.started_at - job.asked_at < datetime.timedelta(seconds=2)
    assert LedgerCheck.objects.count() == 1


def test_one_that_breaks_says_so_and_is_not_done_again():
    job = ended(enqueue_job(kind=BOOK_BATCH, subject=UUID(int=0), by=make_staff(), no_such_argument=1))
    assert (job.state, job.level) == ("failed", "danger")
    assert job.outcome.startswith("It ended by an error, and nothing was changed. TypeError: ")
    wait_for(lambda: jobs_in_queue() == [(BOOK_BATCH, "failed")])


def test_what_is_rolled_back_was_never_asked_for():
    make_due(1)
    with db_transaction.atomic():
        start_run(as_of=TODAY, dry_run=False, today=TODAY, by=None)
        enqueue_job(kind=CHECK_LEDGER, by=None)
        assert len(jobs_in_queue()) == 2
        db_transaction.set_rollback(True)
    assert jobs_in_queue() == []
    assert (Job.objects.count(), InvoiceRun.objects.count(), LedgerCheck.objects.count()) == (0, 0, 0)
