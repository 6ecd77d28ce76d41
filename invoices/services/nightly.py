"""What is done each night: one at a time, and written down when it last ran and what came of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import connection
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.db.locks import lock_beside
from billing_admin.errors import BusinessError
from invoices.models import NightlyTask
from invoices.selectors.runs import NIGHT


class NightAtWork(BusinessError):
    """Another process is at the nightly tasks."""


class Outcome(NamedTuple):
    """What came of a task, in words, and whether it is as it should be."""

    good: bool
    words: str


@contextmanager
def the_night() -> Iterator[None]:
    """Let nobody else begin the nightly tasks until the block ends, or the process does.

    Raises NightAtWork.
    """
    with lock_beside(f"pg_try_advisory_xact_lock(hashtextextended('{NIGHT}', 0))") as free:
        if not free:
            raise NightAtWork("The nightly tasks are at work in another process; nothing was done.")
        yield


def do_nightly(name: str, act: Callable[[], Outcome]) -> Outcome:
    """Do one task and write down how it went. One that raises has failed; the next is done all the same."""
    NightlyTask.objects.update_or_create(
        name=name,
        defaults={"state": NightlyTask.State.RUNNING, "started_at": timezone.now(), "finished_at": None, "outcome": ""},
    )
    try:
        outcome = act()
    except Exception as error:
        if not connection.is_usable():
            raise
        outcome = Outcome(False, str(error) if isinstance(error, BusinessError) else f"{type(error).__name__}: {error}")
    _write_down(name, outcome)
    return outcome


@db_transaction.atomic
def _write_down(name: str, outcome: Outcome) -> None:
    NightlyTask.objects.filter(name=name).update(
        state=NightlyTask.State.DONE if outcome.good else NightlyTask.State.FAILED,
        finished_at=timezone.now(),
        outcome=outcome.words,
    )
