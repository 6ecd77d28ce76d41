"""Who is working on a run, or will: signs that go with the process, and the job that waits in the queue.

The process that began a run and will end it, and each that joined it, hold an advisory lock as long as they live and
give a sign of it (`billing_admin/db/locks.py`).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection

from billing_admin.db.locks import BILLING, RUN_HELPERS, RUNS, held_keys, hold_lock
from billing_admin.jobs.status import in_queue


@contextmanager
def present_on_run(run_id: int) -> Iterator[None]:
    """Count as the one that does this run, until the block ends or the process does."""
    with hold_lock("pg_advisory_xact_lock_shared(%s, %s)", RUNS, run_id):
        yield


@contextmanager
def joined_to_run(run_id: int) -> Iterator[bool]:
    """Count as one that joined this run. False: it is being ended, and nobody joins any more."""
    with hold_lock("pg_try_advisory_xact_lock_shared(%s, %s)", RUN_HELPERS, run_id) as held:
        yield bool(held.answer)


@contextmanager
def alone_on_run(run_id: int) -> Iterator[None]:
    """Wait until those that joined this run have ended, and let nobody join until the block ends."""
    with hold_lock("pg_advisory_xact_lock(%s, %s)", RUN_HELPERS, run_id):
        yield


def bill_for_run(run_id: int) -> None:
    """Let the current transaction be known as one that bills clients for this run."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [BILLING, run_id])


def run_queue_lock(run_id: int) -> str:
    """The queue's lock of the job that does a run: procrastinate never does two jobs with the same lock at once."""
    return f"run {run_id}"


def runs_worked_on(run_ids: Iterable[int]) -> set[int]:
    """Which of these runs somebody works on at this moment, or will: a job in the queue is not lost."""
    wanted = set(run_ids)
    if not wanted:
        return set()
    queued = in_queue(run_queue_lock(run_id) for run_id in wanted)
    return runs_with_a_worker(wanted) | {run_id for run_id in wanted if run_queue_lock(run_id) in queued}


def runs_with_a_worker(run_ids: Iterable[int]) -> set[int]:
    """Which of these runs a process works on at this moment."""
    return (held_keys(RUNS) | held_keys(RUN_HELPERS)) & set(run_ids)


def run_is_led(run_id: int) -> bool:
    """Whether the process that began this run, or took it up, lives."""
    return run_id in held_keys(RUNS)
