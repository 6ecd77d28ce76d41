"""What one run worker does: claim a chunk of clients, bill it, count it, until nothing is due any more.

Run workers, of one run or of several, on one machine or on many, do not wait for each other: each claims clients that
nobody else has locked (`FOR NO KEY UPDATE SKIP LOCKED`, in the project's lock order). Clients that were locked, by a
run worker or by staff, are waited for in a second pass, so that none that is due is left out when the run ends.

A chunk that fails is done again in halves, down to single clients; the one that cannot be billed is parked with its
reason and left alone for the rest of the run.
"""

import datetime
import traceback
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path

import psycopg
from django.db import connection
from django.db import transaction as db_transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.db.locks import Replaced, require_held_locks
from billing_admin.db.statistics import renew_statistics
from billing_admin.errors import BusinessError
from clients.models import Client
from clients.models.client_queryset import ClientQuerySet
from invoices.models import BillableItem, Invoice, InvoiceRun, InvoiceRunError, RunLimits
from invoices.run_locks import bill_for_run

from .chunk import Billed, bill_chunk


def due_clients(as_of: datetime.date, client: Client | None = None, *, after: int = 0) -> ClientQuerySet:
    """The clients that have something to bill by that day, of those after an id; only this one where it is named."""
    due = BillableItem.objects.due_by(as_of).filter(
        client=OuterRef("pk"),
        # The condition on the clients below, once more: PostgreSQL does not infer it for the items, and would read all
        # of those that come before.
        client__gt=after,
    )
    clients = Client.objects.filter(Exists(due), status=Client.Status.ACTIVE, pk__gt=after)
    return clients if client is None else clients.filter(pk=client.pk)


class RunWorker:
    """One process that bills for a run. `progress`: see generate_invoices."""

    def __init__(
        self,
        run: InvoiceRun,
        *,
        by: Actor,
        chunk_size: int,
        client: Client | None = None,
        limits: RunLimits | None = None,
        progress: Callable[[int, int], None] = lambda clients, due: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self.run = run
        self.by = by
        self.chunk_size = chunk_size
        self.client = client
        self.limits = limits or RunLimits.objects.current()
        self.progress = progress
        self.stopped = stopped
        self.clients_reported = run.clients_done
        self.vanished = 0  # clients that were merged or deleted while this worker waited for their lock

    def work(self) -> None:
        """Bill until nothing is due, or until the run is to be cancelled after the chunk at hand.

        Clients are gone through in the order of their ids: first those that nobody has locked, then the rest, with
        waiting. A client that vanished meanwhile may have been merged, and its items belong now to another that this
        pass has gone by already: then there is one more pass.
        """
        self._work_through(waits=False)
        vanished = -1
        while vanished != self.vanished:
            vanished = self.vanished
            self._work_through(waits=True)

    def _work_through(self, *, waits: bool) -> None:
        after = 0
        while not self._is_to_end():
            claimed = self._bill_next(after, waits=waits)
            if not claimed:
                break
            if not after:
                renew_statistics(Invoice, if_fewer_than=self.chunk_size)
            after = claimed[-1]
            if news := self.run.clients_done - self.clients_reported:
                self.clients_reported = self.run.clients_done
                self.progress(news, self.run.clients_due)

    def _is_to_end(self) -> bool:
        return self.stopped() or InvoiceRun.objects.filter(pk=self.run.pk, cancel_asked=True).exists()

    def _bill_next(self, after: int, *, waits: bool) -> list[int]:
        """Claim the next chunk after this id and bill it, in one transaction. Returns the ids of its clients."""
        claimed: list[int] = []
        try:
            with db_transaction.atomic():
                claimed = self._claim(after, waits=waits)
                if claimed:
                    self._bill(claimed, ahead=True)
        except Replaced:
            raise
        except Exception:
            if not claimed or not connection.is_usable():
                raise
            self._bill_again(claimed)
        return claimed

    def _claim(self, after: int, *, waits: bool) -> list[int]:
        parked = InvoiceRunError.objects.filter(run=self.run, client=OuterRef("pk"), client__gt=after)
        due = due_clients(self.run.as_of, self.client, after=after).filter(~Exists(parked))
        if not waits:
            return due.lock_free_ids(self.chunk_size)
        wanted = list(due.order_by("pk").values_list("pk", flat=True)[: self.chunk_size])
        locked = Client.objects.lock_ids(wanted)
        self.vanished += len(wanted) - len(locked)
        return locked

    def _bill_again(self, client_ids: list[int]) -> None:
        """Bill a chunk that failed with its numbers taken in turn, and in halves where it fails again.

        So the clients that cannot be billed are found, and the others are billed. A run that is to end stops halving.
        """
        try:
            with db_transaction.atomic():
                self._bill(Client.objects.lock_ids(client_ids), ahead=False)
        except Replaced:
            raise
        except Exception as error:
            if not connection.is_usable():
                raise
            if len(client_ids) == 1:
                self._park_alone(client_ids[0], reason_of(error))
                return
            middle = len(client_ids) // 2
            for half in (client_ids[:middle], client_ids[middle:]):
                if not self._is_to_end():  # thousands that fail take minutes
                    self._bill_again(half)

    def _bill(self, client_ids: list[int], *, ahead: bool) -> None:
        bill_for_run(self.run.pk)
        outcome = bill_chunk(run=self.run, client_ids=client_ids, by=self.by, limits=self.limits, ahead=ahead)
        self._count(outcome.clients, outcome.billed, parked=self._park(outcome.parked))

    @db_transaction.atomic
    def _park_alone(self, client_id: int, reason: str) -> None:
        if Client.objects.lock_ids([client_id]):
            self._count(0, [], parked=self._park({client_id: reason}))

    def _park(self, reasons: dict[int, str]) -> int:
        """Write down why clients were not billed; once a run, also where two workers came across them.

        The clients are locked, so that no other run worker is at them. Returns how many had not been parked before.
        """
        if not reasons:
            return 0
        parked = InvoiceRunError.objects.filter(run=self.run, client__in=reasons).values_list("client_id", flat=True)
        new = reasons.keys() - set(parked)
        InvoiceRunError.objects.bulk_create(
            InvoiceRunError(run=self.run, client_id=client_id, reason=reasons[client_id]) for client_id in sorted(new)
        )
        return len(new)

    def _count(self, clients: int, billed: Iterable[Billed], *, parked: int) -> None:
        """Add a chunk to the run's figures, last in its transaction: all run workers lock this row.

        Raises Replaced.
        """
        run = InvoiceRun.objects.select_for_update(no_key=True).get(pk=self.run.pk)
        add_up(run, billed)
        run.clients_done += clients + parked
        run.failed_count += parked
        run.worked_at = timezone.now()
        run.save(update_fields=["invoice_count", "paid_count", "totals", "clients_done", "failed_count", "worked_at"])
        require_held_locks()
        self.run = run


def add_up(run: InvoiceRun, billed: Iterable[Billed]) -> None:
    """Add figures to those of the run, per currency; amounts stand as text, so that JSON keeps every cent."""
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


def reason_of(error: BaseException) -> str:
    """Why a client could not be billed, or a run failed, for staff; for a bug also where in the code."""
    if isinstance(error, BusinessError):
        return str(error)
    if isinstance(error.__cause__, psycopg.Error) and error.__cause__.diag.message_primary:
        diagnosis = error.__cause__.diag
        parts = [part.rstrip(".") for part in (diagnosis.message_primary, diagnosis.message_detail) if part]
        return f"The database refused it: {'. '.join(parts)}."
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(place.filename).name}, line {place.lineno})"
