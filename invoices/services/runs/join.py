"""More run workers: each is a job that a queue worker takes up, on whatever machine it runs.

Join jobs have slots of their own in every queue worker (`billing_admin/jobs/worker.py`), so that they keep no page
waiting. The process that began the run does not wait for them to come, only for those that came to end.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress

from django.db import DatabaseError
from django.db.models import F

from billing_admin.jobs.enqueue import defer, withdraw
from billing_admin.jobs.worker import ending
from invoices.models import InvoiceRun
from invoices.run_locks import alone_on_run, joined_to_run, run_is_led

from .run_worker import RunWorker

# What the job is called in the queue.
JOIN_RUN = "invoices.join_run"


@contextmanager
def joined_by(count: int, *, run_id: int, chunk_size: int) -> Iterator[None]:
    """Ask for `count` more run workers; those that have not come when the block ends are not wanted any more."""
    for place in range(count):
        defer(JOIN_RUN, lock=f"run {run_id} joined {place}", run_id=run_id, chunk_size=chunk_size)
    try:
        yield
    finally:
        if count:
            with suppress(DatabaseError):  # one that is taken up all the same finds the run ended
                withdraw(JOIN_RUN, run_id=run_id)


@contextmanager
def joined_have_ended(count: int, *, run_id: int) -> Iterator[None]:
    """Wait for those that came to end; until the block ends nobody joins."""
    with alone_on_run(run_id) if count else nullcontext():
        yield


def join_run(*, run_id: int, chunk_size: int) -> None:
    """Work on a run that another process has begun and will end, until it ends or this process is told to."""

    def stopped() -> bool:
        return ending.is_set() or not run_is_led(run_id)

    with joined_to_run(run_id) as free:
        at_work = InvoiceRun.objects.filter(pk=run_id, state=InvoiceRun.State.RUNNING, cancel_asked=False)
        if free and run_is_led(run_id) and at_work.update(worker_count=F("worker_count") + 1):
            run = InvoiceRun.objects.select_related("started_by").get(pk=run_id)
            RunWorker(run, by=run.started_by, chunk_size=chunk_size, stopped=stopped).work()
