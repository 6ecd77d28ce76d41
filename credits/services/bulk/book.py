"""Booking a previewed file of credit: all of its good rows, in one transaction."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db import transaction as db_transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Max, Min
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.csv_files.imports import Progress
from billing_admin.db.locks import lock_key
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import totals_text
from billing_admin.text import pluralize
from clients.models import Activity, Client
from clients.models.activity import actor_name
from credits.models import CreditBatch, CreditBatchRow
from credits.services import ledger
from credits.services.limits import require_bulk_within_limit

from .judge import find_clients, judge_rows, refuse_paid_rows

CHUNK = 5_000

_TOTALS = """
    SELECT currency, sum(amount)::text, count(*) FROM credits_creditbatchrow
    WHERE batch_id = %s AND outcome = 'good' GROUP BY currency ORDER BY currency
"""
_UNLOCKED = """
    SELECT EXISTS (
        SELECT FROM credits_creditbatchrow row WHERE batch_id = %s AND outcome = 'good'
          AND NOT EXISTS (SELECT FROM unnest(%s::bigint[]) AS locked (id) WHERE locked.id = row.client_key))
"""


@dataclass(frozen=True)
class Booked:
    """The batch, and whether this very request had already booked it."""

    batch: CreditBatch
    repeated: bool


def earlier_booking_of(batch: CreditBatch) -> CreditBatch | None:
    """The batch that the very same file made before, if one did."""
    same = CreditBatch.objects.filter(digest=batch.digest, booked_at__isnull=False).exclude(pk=batch.pk)
    return same.order_by("-booked_at").first()


@db_transaction.atomic
def book_credit_batch(
    *,
    batch_id: UUID,
    by: Actor,
    skip_bad: bool = False,
    again: bool = False,
    above_limit: str = "",
    progress: Progress = lambda doing, done, total: None,
) -> Booked:
    """Give the credit of every good row of a preview: all of them or none, in a few statements a chunk.

    `skip_bad` leaves bad rows out, `again` lets a file through that was booked before,
    `above_limit` is what `rows_above_limit` said when staff agreed to it. Rows are looked at once more
    with their clients locked; where less would be booked than staff saw, nothing is.
    """
    lock_key(f"credit batch {batch_id}")
    batch = CreditBatch.objects.filter(pk=batch_id).first()
    if batch is None:
        raise BusinessError("This preview is no longer kept; nothing was booked. Upload the file again.")
    if batch.booked_at:
        return Booked(batch, repeated=True)
    lock_key(f"credit file {batch.digest}")
    seen = _bad_count(batch)
    locked = _lock_clients(batch)
    judge_rows(batch)
    _refuse_unlocked(batch, locked)
    _refuse(batch, seen=seen, skip_bad=skip_bad, again=again)
    refuse_paid_rows(batch, by)
    require_bulk_within_limit(batch, by=by, agreed=above_limit)
    with connection.cursor() as cursor:
        _book(cursor, batch, by, progress)
    batch.rows.all().delete()
    Activity.objects.record(
        by=by,
        client=None,
        verb="credit_batch.booked",
        summary=f"{pluralize(batch.grant_count, 'credit')} of {_in_words(batch)} added from a file",
        note=batch.file_name,
        data={"batch": str(batch.pk), "rows": batch.row_count, "grants": batch.grant_count},
    )
    return Booked(batch, repeated=False)


def _in_words(batch: CreditBatch) -> str:
    return totals_text(ledger.amounts_of(batch.totals))


def _lock_clients(batch: CreditBatch) -> list[int]:
    """Lock whom the numbers of the good rows lead to now: clients may have been merged since the preview."""
    find_clients(batch)
    good = batch.rows.filter(outcome=CreditBatchRow.Outcome.GOOD)
    return Client.objects.lock_ids(good.values_list("client_key", flat=True))


def _refuse_unlocked(batch: CreditBatch, locked: list[int]) -> None:
    """Nobody is given credit whose row is not locked: a client that was waited for may have been merged away."""
    with connection.cursor() as cursor:
        cursor.execute(_UNLOCKED, [batch.pk, locked])
        (unlocked,) = cursor.fetchone()
    if unlocked:
        raise BusinessError(
            f"Clients of {batch.file_name} were merged while it was being booked. Nothing was booked; "
            "look at the rows again."
        )


def _bad_count(batch: CreditBatch) -> int:
    return batch.rows.filter(outcome=CreditBatchRow.Outcome.BAD).count()


def _refuse(batch: CreditBatch, *, seen: int, skip_bad: bool, again: bool) -> None:
    bad = _bad_count(batch)
    if bad > seen:
        raise BusinessError(
            f"{pluralize(bad - seen, 'row')} of {batch.file_name} went bad since you looked at it. Nothing was booked; "
            "look at the rows again."
        )
    if bad and not skip_bad:
        are = "is" if bad == 1 else "are"
        raise BusinessError(f"{bad:,} of {pluralize(batch.row_count, 'row')} {are} bad. Nothing was booked.")
    if not batch.rows.filter(outcome=CreditBatchRow.Outcome.GOOD).exists():
        there = batch.rows.filter(outcome=CreditBatchRow.Outcome.THERE).count()
        have = "has" if there == 1 else "have"
        why = f"{pluralize(there, 'row')} {have} given credit before" if there else "no row is good"
        raise BusinessError(f"Nothing of {batch.file_name} is left to book: {why}.")
    if not again and (first := earlier_booking_of(batch)) and first.booked_at:
        day = timezone.localtime(first.booked_at)
        raise BusinessError(
            f"This very file was booked on {day:%-d %b %Y} by {first.created_by_name}, as “{first.file_name}”. "
            "Nothing was booked. To give its credit a second time, tick that on the page, or add --again."
        )


def _book(cursor: CursorWrapper, batch: CreditBatch, by: Actor, progress: Progress) -> None:
    cursor.execute(_TOTALS, [batch.pk])
    totals = cursor.fetchall()
    batch.totals = {currency: amount for currency, amount, _ in totals}
    count = sum(rows for _, _, rows in totals)
    span = batch.rows.aggregate(first=Min("line"), last=Max("line"))
    now = timezone.now()
    for start in range(span["first"], span["last"] + 1, CHUNK):
        batch.grant_count += ledger.book_batch_rows(
            batch=batch.pk, first_line=start, last_line=start + CHUNK - 1, at=now, by=by
        )
        progress("Booking credit", batch.grant_count, count)
    batch.booked_at = now
    batch.created_by, batch.created_by_name = by, actor_name(by)
    batch.save()
