"""How a queue worker does a job: alone, once, and with what came of it written down in the same transaction."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from typing import Any, NamedTuple

from django.db import InterfaceError, OperationalError
from django.db import transaction as db_transaction
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from billing_admin.csv_files.imports import Progress
from billing_admin.db.limits import set_in_transactions
from billing_admin.db.locks import JOBS, Replaced, hold_lock, replaced_text, require_held_locks, second_connection
from billing_admin.db.source import Source, acting_from
from billing_admin.errors import BusinessError
from billing_admin.models import Job
from billing_admin.rights import names

from .processes import end_as_replaced

# Every queue worker has slots for each queue: what pages ask for never waits for jobs that only help with work which
# goes on without them too (joining an invoice run), nor for mail, which may wait long for a server.
PAGES, SHARED, MAIL = QUEUES = ("default", "shared", "mail")

# How often a job is begun that lost its worker or its database on the way; then it is told as interrupted.
MOST_ATTEMPTS = 3
SECONDS_BETWEEN_NEWS = 0.5

DEACTIVATED = "Who asked for it was deactivated meanwhile; nothing was done."


class Outcome(NamedTuple):
    """What came of a job, in a sentence for staff, and how it is to be taken.

    `refused` is for a refusal that changed something all the same; a BusinessError changes nothing.
    """

    words: str
    level: Job.Level = Job.Level.GOOD
    refused: bool = False


class AtWorkElsewhere(Exception):
    """Another queue worker is still at this very job."""


_AGAIN = RetryStrategy(
    max_attempts=MOST_ATTEMPTS, wait=2, retry_exceptions=(OperationalError, InterfaceError, AtWorkElsewhere)
)


def queue_task(name: str, *, queue: str = PAGES) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register what a queue worker does for jobs that are deferred under this name; it gets the arguments given there.

    An advisory lock is held meanwhile. It goes with the process, so that others see that the process was killed or
    stopped. One that wakes to find the lock gone ends, and with it the other jobs that it was at.
    """

    def register(act: Callable[..., None]) -> Callable[..., None]:
        def run(context: JobContext, /, source: Source | None = None, **arguments: Any) -> None:
            number = context.job.id or 0
            here: Source = {**(source or {}), "job": arguments.get("job_id", number), "kind": name}
            with (
                acting_from(here),
                set_in_transactions(),
                hold_lock("pg_try_advisory_xact_lock(%s, %s)", JOBS, number) as held,
            ):
                if not held.answer:
                    raise AtWorkElsewhere
                try:
                    act(**arguments)
                except Exception as error:
                    if held.was_stopped_for or isinstance(error, Replaced):
                        end_as_replaced(replaced_text())
                    raise

        app.task(name=name, queue=queue, pass_context=True, retry=_AGAIN)(run)
        return act

    return register


def job_handler(
    kind: str, *, in_parts: bool = False, right: str = ""
) -> Callable[[Callable[[Job, Progress], Outcome]], Callable[[Job, Progress], Outcome]]:
    """Register what a queue worker does for Job rows of this kind.

    In one transaction; or `in_parts`, each of which is committed alone: done again, it goes on with what is left.
    `right`: whoever asked must still be at work here and have it when the job is begun, which may be long after.
    """

    def register(act: Callable[[Job, Progress], Outcome]) -> Callable[[Job, Progress], Outcome]:
        @queue_task(kind)
        def run(job_id: int) -> None:
            _do(job_id, act, in_parts, right)

        return act

    return register


def _do(job_id: int, act: Callable[[Job, Progress], Outcome], in_parts: bool, right: str) -> None:
    """Do a job unless it is done: what it changes and what it tells are committed together, if not in parts."""
    job = Job.objects.select_related("asked_by").filter(pk=job_id).first()
    if job is None or not job.is_unfinished:
        return
    Job.objects.filter(pk=job_id).update(state=Job.State.RUNNING, started_at=timezone.now())
    try:
        if job.asked_by is not None and not job.asked_by.is_active:
            raise BusinessError(DEACTIVATED)
        if right:
            _require_right(job, right)
        with _telling(job_id) as progress, nullcontext() if in_parts else db_transaction.atomic():
            outcome = act(job, progress)
            end(job_id, Job.State.REFUSED if outcome.refused else Job.State.DONE, outcome)
            require_held_locks()
    except Replaced:
        raise
    except BusinessError as error:
        end(job_id, Job.State.REFUSED, Outcome(str(error), Job.Level.ATTENTION))
    except (OperationalError, InterfaceError):
        raise  # the database went away: it is done again
    except Exception as error:
        changed = "the rest was not done" if in_parts else "nothing was changed"
        words = f"It ended by an error, and {changed}. {type(error).__name__}: {error}"
        end(job_id, Job.State.FAILED, Outcome(words, Job.Level.DANGER))
        raise


def _require_right(job: Job, right: str) -> None:
    """Refuse a job whose asker is gone, or may no longer do it."""
    person = job.asked_by
    if person is None:
        raise BusinessError("Whoever asked for this is no longer there. Nothing was done.")
    if not person.has_perm(right):
        raise BusinessError(
            f"{person.get_full_name() or person.get_username()}, who asked for this, no longer has the right "
            f"“{names()[right]}”. Nothing was done."
        )


def end(job_id: int, state: Job.State, outcome: Outcome) -> None:
    """Write down how a job ended."""
    Job.objects.filter(pk=job_id).update(
        state=state, outcome=outcome.words, level=outcome.level, finished_at=timezone.now()
    )


@contextmanager
def _telling(job_id: int) -> Iterator[Progress]:
    """Lets a job tell how far it is while its own transaction is open: over a second connection."""
    with ExitStack() as stack:
        told_at = time.monotonic()
        own = None

        def tell(doing: str, done: int, total: int) -> None:
            nonlocal told_at, own
            if time.monotonic() < told_at + SECONDS_BETWEEN_NEWS:
                return
            own = own or stack.enter_context(second_connection())
            with own.cursor() as cursor:
                cursor.execute(
                    "UPDATE billing_admin_job SET doing = %s, done = %s, total = %s WHERE id = %s",
                    [doing[:100], done, total, job_id],
                )
            told_at = time.monotonic()

        yield tell
