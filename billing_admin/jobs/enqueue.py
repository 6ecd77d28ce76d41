"""Asking for work: a job that is there exactly when the transaction that asked for it is committed."""

import datetime
import json
from typing import Any

from django.db import connection
from django.db import transaction as db_transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_key
from billing_admin.models import Job

from .status import in_queue

# So long the pages can show what came of a job.
KEPT = datetime.timedelta(days=30)

INTERRUPTED = "It was interrupted: its workers ended without a word. Nothing was changed; ask for it again."


def defer(name: str, *, lock: str, **arguments: Any) -> None:
    """Put a job into the queue, as part of the current transaction. Those of one `lock` are never done at once."""
    app.configure_task(name, allow_unknown=False, lock=lock).defer(**arguments)


def withdraw(name: str, **arguments: Any) -> None:
    """Take out of the queue what nobody has taken up of these jobs: those deferred with these arguments."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE status = 'todo' AND task_name = %s AND args @> %s::jsonb",
            [name, json.dumps(arguments)],
        )


def forget_old(kind: str) -> None:
    """Remove the jobs of this kind that ended a month ago."""
    Job.objects.filter(kind=kind, finished_at__lt=timezone.now() - KEPT).delete()


@db_transaction.atomic
def ask(*, kind: str, subject: object = "", by: Actor, **arguments: Any) -> Job:
    """Ask for a job, or get the one that was asked for already and is not finished: a second click makes no second.

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
