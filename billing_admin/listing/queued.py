"""Acting on rows that are too many for a request: a queue worker does, some at a time, each time in a transaction.

What was looked at is kept with the job, and what became of it: ids and reasons, no names. Killed anywhere, it goes on
with the rows that it has not acted on. Each time the rights of who asked are looked at again. A reason may name a
client: each time waits for deletions of clients, and they empty it.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction as db_transaction
from django.db.models import Func, IntegerField, Q, Sum

from billing_admin.csv_files.imports import Progress
from billing_admin.db.locks import lock_typed_words, require_held_locks
from billing_admin.errors import BusinessError
from billing_admin.jobs.enqueue import enqueue_job
from billing_admin.jobs.tasks import Outcome
from billing_admin.listing.acting import ROWS_ACTIONS, Preview, RowsAction, act, url_of
from billing_admin.models import ActedRows, Job
from billing_admin.text import pluralize

ACT_ON_ROWS = "lists.act"
ROWS_AT_A_TIME = 50


@dataclass(frozen=True)
class Asked:
    """What somebody asks for: an action on rows of a client or of anybody, by what was `typed` and `seen` of them."""

    action: RowsAction[Any]
    client: int | None
    typed: dict[str, Any]
    seen: str
    by: User

    @property
    def arguments(self) -> dict[str, Any]:
        """What the job keeps of it. A reason stands where the deletion of whoever it names finds it."""
        kept = {name: value for name, value in self.typed.items() if name != "reason"}
        reason = {"reason": self.typed["reason"]} if "reason" in self.typed else {}
        return {"action": self.action.name, "client": self.client, "typed": kept, **reason}

    @property
    def subject(self) -> str:
        """The same for the same, however often it is asked for."""
        return hashlib.sha256(json.dumps([self.by.pk, self.arguments, self.seen]).encode()).hexdigest()

    @property
    def job(self) -> Job | None:
        """The job that is at it already: a form that is sent twice finds rows that are no longer what it showed."""
        return Job.objects.filter(kind=ACT_ON_ROWS, subject=self.subject, state__in=Job.UNFINISHED).first()


@db_transaction.atomic
def enqueue_rows(asked: Asked, found: Preview[Any]) -> Job:
    """Have a queue worker do it to the rows that were looked at; a second click asks for it once."""
    lock_typed_words()
    job = enqueue_job(kind=ACT_ON_ROWS, subject=asked.subject, by=asked.by, **asked.arguments)
    if not job.acted_rows.exists():
        ActedRows.objects.bulk_create(
            ActedRows(job=job, row_ids=[pk for pk, _ in some], marks=[mark for _, mark in some])
            for some in batched(found.marks.items(), ROWS_AT_A_TIME)
        )
    return job


def action_of(job: Job) -> RowsAction[Any]:
    """What the job does.

    Raises BusinessError where who asked for it may not do that (any more).
    """
    asked = job.arguments
    reason = {"reason": asked["reason"]} if "reason" in asked else {}
    action = ROWS_ACTIONS[asked["action"]][0](asked["client"], **asked["typed"], **reason)
    if job.asked_by is None or not job.asked_by.has_perms(action.permissions):
        raise BusinessError(f"Who asked for this may not do it any more: {action.label}.")
    return action


def act_on_all(job: Job, progress: Progress) -> Outcome:
    """Act on all rows of the job that it has not acted on yet, and say what came of all."""
    while _act_on_some(job.pk):
        so_far = standing(job)
        progress(action_of(job).label, so_far.done + so_far.left_out, so_far.total)
    ended = standing(job)
    return Outcome(f"{ended.words(action_of(job))}.", Job.Level.ATTENTION if ended.left_out else Job.Level.GOOD)


@db_transaction.atomic
def _act_on_some(job_pk: int) -> bool:
    """Act on the next rows; whether there were any. Under the lock of the job, so that no other worker takes them."""
    lock_typed_words()
    job = Job.objects.select_for_update(of=("self",), no_key=True).select_related("asked_by").get(pk=job_pk)
    some = job.acted_rows.filter(is_done=False).order_by("pk").first()
    if some is None:
        return False
    reasons, _ = act(action_of(job), dict(zip(some.row_ids, some.marks, strict=True)), by=job.asked_by)
    some.is_done, some.left_out = True, list(reasons)
    some.reasons = "\n".join(" ".join(reason.split()) for reason in reasons.values())
    some.save(update_fields=["is_done", "left_out", "reasons"])
    require_held_locks()
    return True


@dataclass(frozen=True)
class Standing:
    """How far a job is: rows that it was done to, that were left out, and all."""

    done: int
    left_out: int
    total: int

    def words(self, action: RowsAction[Any]) -> str:
        """`49,700 drafts issued, 300 left out`."""
        done = f"{pluralize(self.done, action.noun, action.nouns)} {action.done}"
        return f"{done}, {self.left_out:,} left out" if self.left_out else done


def standing(job: Job) -> Standing:
    """How far the job is, by what it has written down."""
    size, left_out = _size_of("row_ids"), _size_of("left_out")
    found = job.acted_rows.aggregate(
        total=Sum(size), left_out=Sum(left_out), acted=Sum(size, filter=Q(is_done=True), default=0)
    )
    left = found["left_out"] or 0
    return Standing(found["acted"] - left, left, found["total"] or 0)


def _size_of(column: str) -> Func:
    return Func(column, function="cardinality", output_field=IntegerField())


@dataclass(frozen=True)
class RowResult:
    """What became of a row: `why` it was left out; not `is_done` where the job did not come to it (yet).

    `url` leads to where it is done to this row alone.
    """

    pk: int
    name: str
    is_done: bool
    why: str
    url: str = ""

    @property
    def words(self) -> str:
        """In a word or two."""
        return "Left out" if self.why else "Done" if self.is_done else "Not done"


def results(job: Job, *, left_out_only: bool = False) -> Iterator[RowResult]:
    """What became of each row, with what it is called now."""
    action = action_of(job)
    parts = job.acted_rows.order_by("pk")
    for some in (parts.exclude(left_out=[]) if left_out_only else parts).iterator(20):
        why = dict(zip(some.left_out, some.reasons.split("\n"), strict=True)) if some.left_out else {}
        ids = some.left_out if left_out_only else some.row_ids
        called = {row.pk: action.called(row) for row in action.rows(ids)}
        for pk in ids:
            name = called.get(pk, f"{action.noun[:1].upper()}{action.noun[1:]} {pk}, deleted")
            yield RowResult(pk, name, some.is_done, why.get(pk, ""), url_of(action, pk) if pk in called else "")
