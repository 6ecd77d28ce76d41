"""Who is still working on a run, or will: a sign that goes with the process, and the job that waits in the queue.

Each process that works on a run holds an advisory lock, shared among them, as long as it lives
(`billing_admin/presence.py`).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection

from billing_admin.presence import lock_beside
from billing_admin.queue.standing import in_queue

# The first half of the advisory lock's key: runs of invoices. The second is the run's id.
_RUNS = 710_401


@contextmanager
def present_on_run(run_id: int) -> Iterator[None]:
    """Count as one who works on this run, until the block ends or the process does."""
    with lock_beside("pg_advisory_xact_lock_shared(%s, %s)", _RUNS, run_id):
        yield


def job_of_run(run_id: int) -> str:
    """What the job that does a run is known by in the queue."""
    return f"run {run_id}"


def runs_worked_on(run_ids: Iterable[int]) -> set[int]:
    """Which of these runs somebody works on at this moment, or will: a job in the queue is not lost."""
    wanted = set(run_ids)
    if not wanted:
        return set()
    queued = in_queue(job_of_run(run_id) for run_id in wanted)
    return runs_with_a_worker(wanted) | {run_id for run_id in wanted if job_of_run(run_id) in queued}


def runs_with_a_worker(run_ids: Iterable[int]) -> set[int]:
    """Which of these runs a process works on at this moment."""
    wanted = list(run_ids)
    if not wanted:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT objid::bigint FROM pg_locks
            WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid = %s AND objid = ANY(%s::oid[])
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """,
            [_RUNS, wanted],
        )
        return {run_id for (run_id,) in cursor.fetchall()}
