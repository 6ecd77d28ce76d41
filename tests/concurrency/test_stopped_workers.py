"""A worker that is stopped (SIGSTOP, Ctrl-Z, a paused machine) in the middle of a chunk, with clients' rows locked.

It holds nothing for long, others go on with what it was at, and when it wakes it ends in a sentence.
"""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from billing_admin.db.locks import DEAD_AFTER, hold_lock
from billing_admin.jobs.enqueue import enqueue_job
from clients.models import Client
from credits.models import CreditBatch, CreditGrant
from credits.tasks import BOOK_BATCH
from invoices.models import InvoiceRun, NumberSeries
from invoices.models.numbers_ahead import GATE
from invoices.run_locks import runs_worked_on
from invoices.services.runs.start import start_run
from tests.concurrency.due import TODAY, assert_each_period_once, bill, make_due, process, wait_for_run
from tests.concurrency.test_killed import assert_ledger_in_order
from tests.factories import make_staff
from tests.jobs import credit_preview, ended, queue_worker
from tests.pages import fill, get_page, parse, values_of
from tests.waiting import LIMIT, wait_for

pytestmark = pytest.mark.slow


@contextmanager
def nobody_numbers() -> Iterator[None]:
    """Who bills has locked its clients and waits for numbers until the block ends."""
    with hold_lock("pg_advisory_xact_lock(hashtext(%s), 0)", f"{GATE}{NumberSeries.INVOICE} INV-"):
        yield


def wait_until_held_up(count: int = 1) -> None:
    """Wait until so many transactions wait for a lock."""

    def held_up() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(  # in this database: tests of others go on beside it
                "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
                " WHERE NOT granted AND datname = current_database()"
            )
            return cursor.fetchone()[0] >= count

    wait_for(held_up)


def stop_in_a_chunk(stopped: "subprocess.Popen[bytes]") -> None:
    """Stop it for good when its clients are locked, just as it gets its numbers."""
    wait_until_held_up()
    stopped.send_signal(signal.SIGSTOP)


def what_it_says_when_it_wakes(stopped: "subprocess.Popen[bytes]") -> tuple[int, str]:
    """Wake it; how it ends, and the last line of what it says."""
    stopped.send_signal(signal.SIGCONT)
    _, said = stopped.communicate(timeout=LIMIT)
    assert "Traceback" not in said.decode()
    return stopped.returncode, said.decode().splitlines()[-1]


def test_a_run_whose_worker_is_stopped_passes_to_another():
    make_due(5)
    robin = make_staff(username="robin")
    with queue_worker(stderr=subprocess.PIPE) as stopped:
        with nobody_numbers():
            run = start_run(as_of=TODAY, dry_run=False, today=TODAY, by=robin)
            stop_in_a_chunk(stopped)
        stopped_at = time.monotonic()
        browser = Browser()
        browser.force_login(robin)
        acme = Client.objects.first()
        page = get_page(browser, reverse("credits:manage", args=[acme.number]))
        typed = {"amount": "5.00", "description": "Downtime on Tuesday"}
        for headers in ({}, {"HX-Request": "true", "HX-Target": "dialog-body"}):
            answer = fill(browser, page, "#add-credit", typed, headers=headers)
            assert answer.status_code == 409
            again = parse(answer).one("#add-credit")
            assert typed.items() <= values_of(again).items()
            assert (
                f"Client {acme.number} is being billed by run {run.pk}; nothing was done. Try again in a moment."
                in again.text
            )
        with queue_worker():
            wait_for(lambda: InvoiceRun.objects.get().state == "finished")
            assert time.monotonic() - stopped_at < DEAD_AFTER + 10
            assert fill(browser, page, "#add-credit", typed).status_code == 302
            code, said = what_it_says_when_it_wakes(stopped)
        assert (code, "was taken for dead" in said) == (1, True)
    assert CreditGrant.objects.filter(description="Downtime on Tuesday").count() == 1
    run = InvoiceRun.objects.get()
    assert (run.clients_done, run.invoice_count) == (5, 5)
    assert_each_period_once(5)
    assert_ledger_in_order()


def test_a_stopped_worker_among_several_holds_up_others_for_a_moment():
    def stop() -> None:
        with nobody_numbers():
            wait_for_run(worker_count=2)
            stop_in_a_chunk(stopped)

    make_due(30)
    with queue_worker(stderr=subprocess.PIPE) as stopped:
        begun = time.monotonic()
        run = bill(workers=2, chunk_size=4, meanwhile=stop)
        assert time.monotonic() - begun < DEAD_AFTER + 15
        assert (run.state, run.clients_done) == ("finished", 30)
        code, said = what_it_says_when_it_wakes(stopped)
    assert (code, "was taken for dead" in said) == (1, True)
    assert_each_period_once(30)
    assert_ledger_in_order()


def test_a_stopped_command_ends_in_a_sentence_and_its_run_is_closed():
    make_due(6)
    with queue_worker():
        with nobody_numbers():
            stopped = process("--chunk-size", 4, stderr=subprocess.PIPE)
            stop_in_a_chunk(stopped)
        wait_for(lambda: InvoiceRun.objects.get().state == "interrupted")
        code, said = what_it_says_when_it_wakes(stopped)
    assert code == 1
    assert said.startswith("CommandError: This process was stopped for ")
    assert said.endswith(
        " seconds and was taken for dead; it does not go on with what it was at. The invoices issued so far are "
        "complete and stay; run it again with the same --as-of to bill the rest."
    )
    assert runs_worked_on(InvoiceRun.objects.values_list("pk", flat=True)) == set()
    assert InvoiceRun.objects.get().state == "interrupted"
    bill()
    assert_each_period_once(6)


def test_a_job_whose_worker_is_stopped_passes_to_another_and_is_done_once():
    batch = credit_preview(5, 7)
    locked = Client.objects.order_by("pk")[0].pk
    with queue_worker(stderr=subprocess.PIPE) as stopped:
        with hold_lock("id FROM clients_client WHERE id = %s FOR UPDATE", locked):
            job = enqueue_job(kind=BOOK_BATCH, subject=batch.pk, by=make_staff())
            stop_in_a_chunk(stopped)
        with queue_worker():
            done = ended(job)
            code, said = what_it_says_when_it_wakes(stopped)
    assert (done.state, done.outcome) == ("done", "2 credits of 12.00 USD added from downtime.csv.")
    assert (code, "was taken for dead" in said) == (1, True)
    assert (CreditGrant.objects.count(), CreditBatch.objects.get().booked_at is not None) == (2, True)
    assert_ledger_in_order()


def test_a_worker_that_was_stopped_for_a_moment_goes_on():
    make_due(3)
    with queue_worker() as stopped:
        with nobody_numbers():
            start_run(as_of=TODAY, dry_run=False, today=TODAY, by=None)
            stop_in_a_chunk(stopped)
        time.sleep(2)
        stopped.send_signal(signal.SIGCONT)
        wait_for(lambda: InvoiceRun.objects.get().state == "finished")
        assert stopped.poll() is None
    assert_each_period_once(3)
