"""The invoice run: bill everything that is due, a chunk of clients at a time.

Each chunk is one database transaction of a fixed number of set-based statements (`chunk.py`). A chunk that fails is
redone client by client, so that one bad client costs only itself. Killing a run anywhere loses and doubles nothing: what
a chunk did is committed whole or not at all, and a due date moves on only together with the line that bills it.
"""

import datetime
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import DatabaseError, connection
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.money.amounts import in_words
from clients.models import Activity
from clients.models.activity import actor_name
from invoices.models import InvoiceRun, InvoiceRunError

from .chunk import Billed, bill_chunk

if TYPE_CHECKING:
    from django.contrib.auth.models import User

CHUNK_SIZE = 5_000

_DUE_CLIENTS = """
    SELECT DISTINCT item.client_id
    FROM invoices_billableitem item JOIN clients_client client ON client.id = item.client_id
    WHERE item.next_due_on <= %(as_of)s AND NOT item.paused AND client.status = 'active' AND item.client_id > %(after)s
    ORDER BY item.client_id LIMIT %(limit)s
"""

_COUNT_DUE_CLIENTS = """
    SELECT count(DISTINCT item.client_id)
    FROM invoices_billableitem item JOIN clients_client client ON client.id = item.client_id
    WHERE item.next_due_on <= %(as_of)s AND NOT item.paused AND client.status = 'active'
"""


def clients_due(as_of: datetime.date) -> int:
    """How many clients have something to bill by that day."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_DUE_CLIENTS, {"as_of": as_of})
        return int(cursor.fetchone()[0])


def generate_invoices(
    *,
    as_of: datetime.date,
    by: "User | None",
    chunk_size: int = CHUNK_SIZE,
    progress: Callable[[int], None] = lambda clients: None,
) -> InvoiceRun:
    """Bill every billable item that is due by `as_of`: one invoice per client and currency, issued on that day.

    `progress` is called with the number of clients done after each chunk. Returns the finished run with its counts,
    totals per currency and errors.
    """
    run = InvoiceRun.objects.create(as_of=as_of, started_by=by, started_by_name=actor_name(by))
    after = 0
    try:
        while client_ids := _due_clients(as_of, after, chunk_size):
            _bill_chunk_or_each_client(run, client_ids, by)
            after = client_ids[-1]
            progress(len(client_ids))
    except BaseException:
        _finish(run, InvoiceRun.State.FAILED, by)
        raise
    return _finish(run, InvoiceRun.State.FINISHED, by)


def _due_clients(as_of: datetime.date, after: int, limit: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_DUE_CLIENTS, {"as_of": as_of, "after": after, "limit": limit})
        return [client_id for (client_id,) in cursor.fetchall()]


def _bill_chunk_or_each_client(run: InvoiceRun, client_ids: list[int], by: "User | None") -> None:
    try:
        _bill(run, client_ids, by)
    except DatabaseError as error:
        if len(client_ids) == 1:
            InvoiceRunError.objects.create(run=run, client_id=client_ids[0], reason=str(error).strip())
            return
        for client_id in client_ids:
            _bill_chunk_or_each_client(run, [client_id], by)


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
        summary=f"Invoice run as of {run.as_of} {state.label.lower()}: {run.invoice_count} invoices, {totals}",
        data={"run": run.pk},
    )
    return run
