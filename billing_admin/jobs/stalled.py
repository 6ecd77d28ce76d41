"""Jobs whose queue worker was killed: procrastinate leaves them at “doing” for good, so the others requeue them.

So it is with other work whose process was killed: the apps say what is to be tidied up.
"""

from collections.abc import Callable

from django.db import connection
from django.db import transaction as db_transaction

from billing_admin.db.locks import JOBS, held_keys_sql, lock_key

from .tasks import MOST_ATTEMPTS

_STALLED = f"SELECT id, attempts FROM procrastinate_jobs WHERE status = 'doing' AND id NOT IN ({held_keys_sql()})"

_tidied_up: list[Callable[[], object]] = []


def tidied_up[Act: Callable[[], object]](act: Act) -> Act:
    """Register what each worker of the queue does every other moment besides its jobs."""
    _tidied_up.append(act)
    return act


def tidy_up() -> None:
    """Do all that is registered."""
    for act in _tidied_up:
        act()


@db_transaction.atomic
def requeue_stalled(seen: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Put jobs at “doing” that no process does back into the queue; `seen` is what the last call returned.

    Only those found by two calls in a row: a queue worker holds a job for a moment before it takes its lock, and after
    it has let it go. A job that has lost its worker too often is given up. Returns what was found, for the next call.
    """
    lock_key("giving back stalled jobs")
    with connection.cursor() as cursor:
        cursor.execute(_STALLED, [JOBS])
        found = set(cursor.fetchall())
        for job_id, attempts in found & seen:
            if attempts + 1 < MOST_ATTEMPTS:
                cursor.execute("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [job_id])
            else:
                cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [job_id])
    return found - seen
