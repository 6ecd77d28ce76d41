"""The invoice run: bill everything that is due, a chunk of clients at a time.

Each chunk is one database transaction of a fixed number of set-based statements (`chunk.py`), claimed by one of the run
workers (`run_worker.py`). A run of the command whose process was killed is closed as interrupted when the next run
begins; one that was asked for on its page is still in the queue then, and is gone on with (`start.do_run`).
"""

import contextlib
import datetime
from collections.abc import Callable
from decimal import Decimal

from django.db import DatabaseError, connection
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.db.locks import Replaced, replaced_text, require_held_locks, still_holds_locks, was_stopped_for
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import totals_text
from billing_admin.text import pluralize
from clients.models import Activity, Client
from clients.models.activity import actor_name
from invoices.models import InvoiceRun, RunLimits
from invoices.run_locks import present_on_run, runs_worked_on
from invoices.selectors.runs import is_interrupted

from .join import joined_by, joined_have_ended
from .run_worker import RunWorker, due_clients, reason_of

CHUNK_SIZE = 2_000

_COUNT_HELD_BACK = """
    SELECT count(*)
    FROM invoices_billableitem item JOIN clients_client client ON client.id = item.client_id
    WHERE item.next_due_on <= %(as_of)s AND (item.ends_on IS NULL OR item.next_due_on <= item.ends_on)
      AND (item.paused OR client.status <> 'active')
"""

# A run without limits: what staff want billed although it exceeds them.
NO_LIMITS = RunLimits(largest_totals={}, most_lines=None, oldest_days=None)


class NothingDue(BusinessError):
    """There is nothing to bill by that day, so no run was made."""


class RunNotWaiting(BusinessError):
    """The run that was to be taken up runs already, or has ended."""


def clients_due(as_of: datetime.date, client: Client | None = None) -> int:
    """How many clients have something to bill by that day."""
    return due_clients(as_of, client).count()


def items_held_back(as_of: datetime.date) -> int:
    """How many items would be due by that day but are paused, or belong to a client that is not active."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_HELD_BACK, {"as_of": as_of})
        return int(cursor.fetchone()[0])


def generate_invoices(
    *,
    as_of: datetime.date,
    by: Actor,
    chunk_size: int = CHUNK_SIZE,
    workers: int = 1,
    client: Client | None = None,
    limits: RunLimits | None = None,
    progress: Callable[[int, int], None] = lambda clients, due: None,
) -> InvoiceRun:
    """Bill every billable item that is due by `as_of`: one invoice per client and currency, issued on that day.

    This process is the first run worker; `workers` - 1 queue workers are asked to join, and it goes on without those
    that do not come. None is asked where `client`, which bills only that one, or `limits` are given. A run elsewhere
    against the same database does no harm. A client whose invoice would exceed the `limits` (those set, unless given)
    is parked: kept as an error of the run and not billed. `progress` is told how many clients were done since it was
    told last, and how many are due. Returns the finished run with its counts, totals per currency and errors. A run
    that finds nothing leaves no trace.

    Raises NothingDue.
    """
    close_interrupted_runs()
    if not due_clients(as_of, client).exists():
        raise NothingDue(_why_nothing(as_of, client))
    run = InvoiceRun.objects.create(
        as_of=as_of, state=InvoiceRun.State.WAITING, started_by=by, started_by_name=actor_name(by)
    )
    return take_up_run(
        run, by=by, chunk_size=chunk_size, workers=workers, client=client, limits=limits, progress=progress
    )


def take_up_run(
    run: InvoiceRun,
    *,
    by: Actor,
    chunk_size: int = CHUNK_SIZE,
    workers: int = 1,
    client: Client | None = None,
    limits: RunLimits | None = None,
    progress: Callable[[int, int], None] = lambda clients, due: None,
) -> InvoiceRun:
    """Do a run that waits. Returns it when it has ended.

    Raises RunNotWaiting, and Replaced where this process was stopped so long that others have gone on with it.
    """
    if client is not None or limits is not None:
        workers = 1  # who joins bills everybody, within the limits that are set
    with present_on_run(run.pk):
        run = _begin(run, client=client)
        others = workers - 1
        worker = RunWorker(run, by=by, chunk_size=chunk_size, client=client, limits=limits, progress=progress)
        try:
            with joined_by(others, run_id=run.pk, chunk_size=chunk_size):
                worker.work()
            with joined_have_ended(others, run_id=run.pk):
                if others:
                    worker.work()  # where one was killed, what it had claimed is free again
                run.refresh_from_db()
                state = InvoiceRun.State.CANCELLED if run.cancel_asked else InvoiceRun.State.FINISHED
                return end_own_run(run, state, by=by)
        except BaseException as error:
            stopped = isinstance(error, KeyboardInterrupt)
            if was_stopped_for():
                raise Replaced(replaced_text()) from error
            with contextlib.suppress(DatabaseError):  # where the database is gone, that is what the caller gets to know
                if others:
                    InvoiceRun.objects.filter(pk=run.pk).update(cancel_asked=True)  # those that joined end too
                with joined_have_ended(others, run_id=run.pk):
                    if stopped:
                        end_own_run(run, InvoiceRun.State.CANCELLED, by=by)
                    elif still_holds_locks():
                        end_own_run(run, InvoiceRun.State.FAILED, by=by, failure=reason_of(error))
            raise


def close_interrupted_runs() -> list[InvoiceRun]:
    """Close the runs that nobody works on any more although they have not ended: their processes were killed."""
    unfinished = list(InvoiceRun.objects.filter(state__in=InvoiceRun.UNFINISHED).order_by("pk"))
    present = runs_worked_on(run.pk for run in unfinished)
    return [
        end_run(run, InvoiceRun.State.INTERRUPTED, by=None, at=run.worked_at or run.started_at)
        for run in unfinished
        if is_interrupted(run, present)
    ]


@db_transaction.atomic
def end_run(
    run: InvoiceRun,
    state: InvoiceRun.State,
    *,
    by: Actor,
    at: datetime.datetime | None = None,
    failure: str = "",
) -> InvoiceRun:
    """Write down how a run ended, now or at a moment that has passed; where it failed, why."""
    run = InvoiceRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    if not run.is_unfinished and state == InvoiceRun.State.INTERRUPTED:
        return run
    run.state = state
    run.finished_at = at or timezone.now()
    run.failure = failure
    run.save(update_fields=["state", "finished_at", "failure"])
    if run.dry_run:
        return run
    totals = totals_text((currency, Decimal(part["total"])) for currency, part in run.totals.items())
    Activity.objects.record(
        by=by,
        client=None,
        verb="invoices.generated",
        summary=f"Invoice run as of {run.as_of:%-d %b %Y} {state.label.lower()}: "
        f"{pluralize(run.invoice_count, 'invoice')}, {totals}",
        data={"run": run.pk},
    )
    return run


@db_transaction.atomic
def end_own_run(run: InvoiceRun, state: InvoiceRun.State, *, by: Actor, failure: str = "") -> InvoiceRun:
    """Write down how the run of this process ended, unless another has taken it over."""
    ended = end_run(run, state, by=by, failure=failure)
    require_held_locks()
    return ended


@db_transaction.atomic
def _begin(run: InvoiceRun, *, client: Client | None) -> InvoiceRun:
    run = InvoiceRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    if run.state != InvoiceRun.State.WAITING:
        raise RunNotWaiting(f"Run {run.pk} does not wait; it is {run.get_state_display().lower()}. Nothing was done.")
    run.state = InvoiceRun.State.RUNNING
    if run.worked_at is None:  # else it goes on where a killed worker left it
        run.started_at = timezone.now()  # what it waited for its process is none of its time
    run.worker_count = 1  # each that joins counts itself
    run.clients_due = run.clients_done + clients_due(run.as_of, client)
    run.save(update_fields=["state", "started_at", "worker_count", "clients_due"])
    return run


def _why_nothing(as_of: datetime.date, client: Client | None) -> str:
    if client is not None:
        return f"Nothing of client {client.number} is due by {as_of:%-d %b %Y}; no invoice was made."
    held_back = items_held_back(as_of)
    why = (
        f" {pluralize(held_back, 'item')} would be due, but {'is' if held_back == 1 else 'are'} paused or belong"
        f"{'s' if held_back == 1 else ''} to a client that is not active."
    )
    return f"Nothing is due by {as_of:%-d %b %Y}; no invoice was made.{why if held_back else ''}"
