"""What is done each day: named tasks, one after the other, in the process of `manage.py daily`, each kept as a Job."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.db.locks import Replaced, hold_key, is_locked, require_held_locks
from billing_admin.errors import BusinessError
from billing_admin.models import Job

from .enqueue import forget_old
from .tasks import Outcome, end

# The key that the process holds that is at the daily tasks; and what the kinds of their jobs begin with.
DAILY = "manage.py daily"
PREFIX = "daily."
# What pages call them.
LABELS = {
    "back_up": "Back up the database",
    "expire_credit": "Book expired credit",
    "generate_invoices": "Bill what is due",
    "close_periods": "Sum up the ledger",
    "check_ledger": "Check the ledger",
    "sum_months": "Add up the pictures",
    "forget_sign_ins": "Forget old sign-ins",
    "announce_expiring": "Tell of credit about to expire",
    "send_reminders": "Send reminders",
    "forget_mail": "Empty the mailbox of old mail",
    "sign_off_activity": "Sign off the activity",
}


@dataclass(frozen=True)
class DailyTask:
    """What became of a daily task when it was last done. A process that was killed could not write that down."""

    name: str
    state: str
    job: Job

    @property
    def label(self) -> str:
        """What it is called on a page."""
        return LABELS.get(self.name, self.name.replace("_", " ").capitalize())


@contextmanager
def daily_lock() -> Iterator[None]:
    """Hold the lock of the daily tasks until the block ends or the process does: nobody else begins them meanwhile.

    Raises BusinessError where another process is at them.
    """
    with hold_key(DAILY) as free:
        if not free:
            raise BusinessError("The daily tasks are at work in another process; nothing was done.")
        yield


def run_daily_task(name: str, act: Callable[[], Outcome], *, by: Actor) -> Outcome:
    """Do one task and keep how it went as a Job. One that raises has failed; the caller goes on with the next.

    Raises Replaced.
    """
    job = _begin(PREFIX + name, by)
    try:
        outcome = act()
    except Replaced:
        raise
    except Exception as error:
        if not connection.is_usable():
            raise
        words = str(error) if isinstance(error, BusinessError) else f"{type(error).__name__}: {error}"
        outcome = Outcome(words, Job.Level.DANGER)
    with db_transaction.atomic():
        end(job.pk, Job.State.DONE if outcome.level == Job.Level.GOOD else Job.State.FAILED, outcome)
        require_held_locks()
    return outcome


def last_daily_tasks() -> list[DailyTask]:
    """What `manage.py daily` did last, in the order in which it did it."""
    latest = Job.objects.filter(kind__startswith=PREFIX).order_by("kind", "-pk").distinct("kind")
    jobs = list(latest)
    killed = any(job.is_unfinished for job in jobs) and not is_locked(DAILY)
    if killed:
        jobs = list(latest.all())  # what ended before the lock was found free is no longer unfinished
    return [
        DailyTask(job.kind.removeprefix(PREFIX), "interrupted" if killed and job.is_unfinished else job.state, job)
        for job in sorted(jobs, key=lambda job: job.pk)
    ]


@db_transaction.atomic
def _begin(kind: str, by: Actor) -> Job:
    forget_old(kind)
    killed = Outcome("It was interrupted before it ended.", Job.Level.DANGER)
    for left in Job.objects.filter(kind=kind, state__in=Job.UNFINISHED):  # nobody is at it: that is this process
        end(left.pk, Job.State.FAILED, killed)
    return Job.objects.create(kind=kind, state=Job.State.RUNNING, asked_by=by, started_at=timezone.now())
