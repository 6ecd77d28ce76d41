"""How a job stands: waiting for a queue worker, at work, or gone. A job is named by its lock in the queue."""

import datetime
from collections.abc import Iterable

from django.db import connection
from django.utils import timezone

from billing_admin.db.locks import DEAD_AFTER, JOBS, held_keys_sql

# So long a job may wait before the page says why.
SECONDS_OF_PATIENCE = 3

NO_WORKER = (
    "This waits, because nothing is there that does what is asked for on pages. Whoever looks after the server has to "
    "start it."
)
BUSY = "Waiting for its turn: other work is done at this moment, and this comes next."
SOON = "Waiting for its turn."
TAKEN_OVER = "It was interrupted and is taken up again."


def in_queue(locks: Iterable[str]) -> set[str]:
    """Which of these jobs a queue worker does at this moment, or will do."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lock FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND lock = ANY(%s)", [list(locks)]
        )
        return {lock for (lock,) in cursor.fetchall()}


def at_work(locks: Iterable[str]) -> set[str]:
    """Which of these jobs a queue worker that lives does at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lock FROM procrastinate_jobs WHERE status = 'doing' AND lock = ANY(%s)"
            f" AND id IN ({held_keys_sql()})",
            [list(locks), JOBS],
        )
        return {lock for (lock,) in cursor.fetchall()}


def why_it_waits(asked_at: datetime.datetime, *, begun: bool) -> str:
    """Why no queue worker does a job yet, or does it any more where it was `begun`, in a sentence."""
    if timezone.now() < asked_at + datetime.timedelta(seconds=SECONDS_OF_PATIENCE):
        return SOON
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_workers"
            " WHERE last_heartbeat > clock_timestamp() - make_interval(secs => %s))",
            [DEAD_AFTER],
        )
        if not cursor.fetchone()[0]:
            return NO_WORKER
    return TAKEN_OVER if begun else BUSY
