"""The invoice run: bill everything that is due, a chunk of clients at a time.

Each chunk is one database transaction of a fixed number of set-based statements (`chunk.py`). A chunk that fails is
done again in halves, down to single clients, so that one bad client costs only itself. Killing a run anywhere loses and
doubles nothing: what a chunk did is committed whole or not at all, and a due date moves on only together with the line
that bills it.
"""

import contextlib
import datetime
import traceback
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from django.db import DatabaseError, connection
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.counting import counted
from billing_admin.money.amounts import in_words
from billing_admin.refusals import Refused
from clients.models import Activity
from clients.models.activity import actor_name
from invoices.models import InvoiceRun, InvoiceRunError

from .chunk import Billed, bill_chunk

if TYPE_CHECKING:
    from django.contrib.auth.models import User

CHUNK_SIZE = 5_000

_DUE = """
    FROM invoices_billableitem item JOIN clients_client client ON client.id = item.client_id
    WHERE item.next_due_on <= %(as_of)s AND (item.ends_on IS NULL OR item.next_due_on <= item.ends_on)
"""
_DUE_CLIENTS = f"""
    SELECT DISTINCT item.client_id {_DUE}
      AND NOT item.paused AND client.status = 'active' AND item.client_id > %(after)s
    ORDER BY item.client_id LIMIT %(limit)s
"""
_COUNT_DUE_CLIENTS = f"SELECT count(DISTINCT item.client_id) {_DUE} AND NOT item.paused AND client.status = 'active'"
_COUNT_HELD_BACK = f"SELECT count(*) {_DUE} AND (item.paused OR client.status <> 'active')"


class NothingDue(Refused):
    """There is nothing to bill by that day, so no run was made."""


def clients_due(as_of: datetime.date) -> int:
    """How many clients have something to bill by that day."""
    return _count(_COUNT_DUE_CLIENTS, as_of)


def items_held_back(as_of: datetime.date) -> int:
    """How many items would be due by that day but are paused, or belong to a client that is not active."""
    return _count(_COUNT_HELD_BACK, as_of)


def generate_invoices(
    *,
    as_of: datetime.date,
    by: "User | None",
    chunk_size: int = CHUNK_SIZE,
    progress: Callable[[int], None] = lambda clients: None,
) -> InvoiceRun:
    """Bill every billable item that is due by `as_of`: one invoice per client and currency, issued on that day.

    `progress` is called with the number of clients done after each chunk. Returns the finished run with its counts,
    totals per currency and errors. A run that finds nothing leaves no trace.

    Raises NothingDue.
    """
    if not _due_clients(as_of, 0, 1):
        raise NothingDue(_why_nothing(as_of))
    run = InvoiceRun.objects.create(as_of=as_of, started_by=by, started_by_name=actor_name(by))
    after = 0
    try:
        while client_ids := _due_clients(as_of, after, chunk_size):
            _bill_or_halve(run, client_ids, by)
            after = client_ids[-1]
            progress(len(client_ids))
    except BaseException as error:
        stopped = isinstance(error, KeyboardInterrupt)
        with contextlib.suppress(DatabaseError):  # where the database is gone, that is what the caller gets to know
            _finish(run, InvoiceRun.State.CANCELLED if stopped else InvoiceRun.State.FAILED, by)
        raise
    return _finish(run, InvoiceRun.State.FINISHED, by)


def _count(query: str, as_of: datetime.date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, {"as_of": as_of})
        return int(cursor.fetchone()[0])


def _why_nothing(as_of: datetime.date) -> str:
    held_back = items_held_back(as_of)
    why = (
        f" {counted(held_back, 'item')} would be due, but {'is' if held_back == 1 else 'are'} paused or belong"
        f"{'s' if held_back == 1 else ''} to a client that is not active."
    )
    return f"Nothing is due by {as_of:%-d %b %Y}; no invoice was made.{why if held_back else ''}"


def _due_clients(as_of: datetime.date, after: int, limit: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_DUE_CLIENTS, {"as_of": as_of, "after": after, "limit": limit})
        return [client_id for (client_id,) in cursor.fetchall()]


def _bill_or_halve(run: InvoiceRun, client_ids: list[int], by: "User | None") -> None:
    """Bill these clients together; where that fails, in halves, until it is known who cannot be billed, and why."""
    try:
        _bill(run, client_ids, by)
    except Exception as error:
        if not connection.is_usable():
            raise
        run.refresh_from_db()  # what was undone is not counted
        if len(client_ids) == 1:
            InvoiceRunError.objects.create(run=run, client_id=client_ids[0], reason=_reason(error))
            return
        middle = len(client_ids) // 2
        _bill_or_halve(run, client_ids[:middle], by)
        _bill_or_halve(run, client_ids[middle:], by)


def _reason(error: Exception) -> str:
    """Why a client could not be billed, for staff; for a bug also where in the code."""
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error.__cause__, psycopg.Error) and error.__cause__.diag.message_primary:
        diagnosis = error.__cause__.diag
        parts = [part.rstrip(".") for part in (diagnosis.message_primary, diagnosis.message_detail) if part]
        return f"The database refused it: {'. '.join(parts)}."
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(place.filename).name}, line {place.lineno})"


@db_transaction.atomic
def _bill(run: InvoiceRun, client_ids: list[int], by: "User | None") -> None:
    billed = bill_chunk(run=run, client_ids=client_ids, by=by)
    _add_up(run, billed)
    run.save(update_fields=["invoice_count", "paid_count", "totals"])


def _add_up(run: InvoiceRun, billed: Iterable[Billed]) -> None:
    """Add a chunk to the run's figures, per currency; amounts stand as text, so that JSON keeps every cent."""
    totals = dict(run.totals)
    for part in billed:
        before = totals.get(part.currency, {"invoices": 0, "total": "0", "credit_applied": "0", "paid": 0})
        totals[part.currency] = {
            "invoices": before["invoices"] + part.invoices,
            "total": str(Decimal(before["total"]) + part.total),
            "credit_applied": str(Decimal(before["credit_applied"]) + part.credit_applied),
            "paid": before["paid"] + part.paid,
        }
    run.totals = totals
    run.invoice_count = sum(part["invoices"] for part in totals.values())
    run.paid_count = sum(part["paid"] for part in totals.values())


@db_transaction.atomic
def _finish(run: InvoiceRun, state: InvoiceRun.State, by: "User | None") -> InvoiceRun:
    run.refresh_from_db()
    run.state = state
    run.finished_at = timezone.now()
    run.save(update_fields=["state", "finished_at"])
    totals = in_words((currency, Decimal(part["total"])) for currency, part in run.totals.items())
    Activity.objects.record(
        by=by,
        client=None,
        verb="invoices.generated",
        summary=f"Invoice run as of {run.as_of:%-d %b %Y} {state.label.lower()}: "
        f"{counted(run.invoice_count, 'invoice')}, {totals}",
        data={"run": run.pk},
    )
    return run
