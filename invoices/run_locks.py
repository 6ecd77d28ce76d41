"""Who is still working on a run, or will: a sign that goes with the process, and the job that waits in the queue.

Each process that works on a run holds an advisory lock, shared among them, as long as it lives
(`billing_admin/db/locks.py`).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from billing_admin.db.locks import RUNS, held_keys, lock_beside
from billing_admin.jobs.status import in_queue


@contextmanager
def present_on_run(run_id: int) -> Iterator[None]:
    """Count as one who works on this run, until the block ends or the process does."""
    with lock_beside("pg_advisory_xact_lock_shared(%s, %s)", RUNS, run_id):
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
    return held_keys(RUNS) & set(run_ids)
