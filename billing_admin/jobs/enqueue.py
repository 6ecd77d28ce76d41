"""Asking for work: it is in the queue exactly when the transaction that asked for it is committed.

A service names the task and does not import it: `tasks.py` of an app, which a queue worker loads, stands above.
"""

import datetime
import json
from typing import Any

from django.db import connection
from django.db import transaction as db_transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_key
from billing_admin.db.source import source_here
from billing_admin.models import Job

from .status import in_queue

# So long the pages can show what came of a job.
KEPT = datetime.timedelta(days=30)

INTERRUPTED = "It was interrupted. Nothing was changed; ask for it again."


def defer(name: str, *, lock: str, **arguments: Any) -> None:
    """Have a queue worker do a task once this transaction is committed; tasks of one `lock` are never done at once.

    From where it was asked for stands in the source of what the task does.
    """
    if source := source_here():
        arguments["source"] = source
    app.configure_task(name, allow_unknown=False, lock=lock).defer(**arguments)


def withdraw(name: str, **arguments: Any) -> None:
    """Take out of the queue what was deferred under this name with these arguments and nobody has taken up yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE status = 'todo' AND task_name = %s AND args @> %s::jsonb",
            [name, json.dumps(arguments)],
        )


def forget_old(kind: str) -> None:
    """Remove the jobs of this kind that ended a month ago."""
    Job.objects.filter(kind=kind, finished_at__lt=timezone.now() - KEPT).delete()


@db_transaction.atomic
def enqueue_job(*, kind: str, subject: object = "", by: Actor, **arguments: Any) -> Job:
    """Put a job into the queue; where an equal one is unfinished, return that: a second click adds none.

    Jobs of this kind that ended a month ago go.
    """
    lock_key(f"job {kind} {subject}")
    there = Job.objects.filter(kind=kind, subject=str(subject), state__in=Job.UNFINISHED).first()
    if there is not None:
        if in_queue([there.lock]):
            return there
        there.state, there.level, there.outcome = Job.State.FAILED, Job.Level.DANGER, INTERRUPTED
        there.finished_at = timezone.now()
        there.save(update_fields=["state", "level", "outcome", "finished_at"])
    forget_old(kind)
    job = Job.objects.create(kind=kind, subject=str(subject), arguments=arguments, asked_by=by)
    defer(kind, lock=job.lock, job_id=job.pk)
    return job
