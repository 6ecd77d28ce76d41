"""Runs asked for on the Runs page: a queue worker does them, never the process that answers the page."""

import datetime
from contextlib import suppress

from django.db import DatabaseError
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_key, require_held_locks, still_holds_locks
from billing_admin.errors import BusinessError
from billing_admin.jobs.enqueue import defer
from clients.models import Activity, Client, FormKey
from clients.models.activity import actor_name
from invoices.models import InvoiceRun, InvoiceRunError
from invoices.run_locks import present_on_run, run_is_led, run_queue_lock

from .chunk import Billed
from .generate import (
    NO_LIMITS,
    NothingDue,
    RunNotWaiting,
    clients_due,
    close_interrupted_runs,
    end_own_run,
    generate_invoices,
    take_up_run,
)
from .preview import preview_run
from .run_worker import add_up, reason_of

# Later dates are taken for slips of the finger: every invoice would be issued on that day.
FURTHEST = datetime.timedelta(days=366)
# What the job is called in the queue.
DO_RUN = "invoices.run"


def start_run(
    *, as_of: datetime.date, dry_run: bool, today: datetime.date, by: Actor, key: FormKey | None = None
) -> InvoiceRun:
    """Ask for a run, which a queue worker then does. Returns the run, which waits for it.

    Raises BusinessError where the day is too far ahead, a run is at work or nothing is due.
    """
    if as_of > today + FURTHEST:
        raise BusinessError(
            f"{as_of:%-d %b %Y} is more than a year ahead, and all invoices would be issued on that day. If that is "
            "meant, have it done on the server (generate_invoices --force).",
            field="as_of",
        )
    close_interrupted_runs()
    with db_transaction.atomic():
        lock_key("starting an invoice run")
        form = FormKey.objects.begin(key, "invoices.run", InvoiceRun, client=None, by=by, as_of=as_of, dry_run=dry_run)
        if form.repeated:
            return form.outcome(InvoiceRun)[0]
        if there := InvoiceRun.objects.filter(state__in=InvoiceRun.UNFINISHED).order_by("pk").first():
            raise BusinessError(f"The run as of {there.as_of:%-d %b %Y} is at work; wait for it or cancel it.")
        if not (due := clients_due(as_of)):
            raise NothingDue(f"Nothing is due by {as_of:%-d %b %Y}; no run was started.")
        run = InvoiceRun.objects.create(
            as_of=as_of,
            state=InvoiceRun.State.WAITING,
            dry_run=dry_run,
            clients_due=due,
            started_by=by,
            started_by_name=actor_name(by),
        )
        if not dry_run:
            Activity.objects.record(
                by=by,
                client=None,
                verb="run.started",
                summary=f"Invoice run as of {as_of:%-d %b %Y} started",
                data={"run": run.pk},
            )
        defer(DO_RUN, lock=run_queue_lock(run.pk), run_id=run.pk)
        form.finish(f"{'Dry run' if dry_run else 'Invoice run'} as of {as_of:%-d %b %Y} started", run)
    return run


def do_run(*, run_id: int) -> None:
    """Do a run that was asked for: what a queue worker does. One that has ended already is left as it is.

    One whose worker was killed is gone on with: what that one billed is complete and counted. One that has not begun is
    cancelled where whoever asked for it was deactivated meanwhile.
    """
    run = InvoiceRun.objects.select_related("started_by").get(pk=run_id)
    if run.state == InvoiceRun.State.WAITING and run.started_by is not None and not run.started_by.is_active:
        with suppress(BusinessError):  # somebody else has cancelled it
            cancel_run(run=run, by=None)
        return
    if run.state == InvoiceRun.State.RUNNING and not run_is_led(run.pk):
        _let_wait_again(run)
    try:
        if run.dry_run:
            take_up_dry_run(run)
        else:
            take_up_run(run, by=run.started_by)
    except RunNotWaiting:
        return


@db_transaction.atomic
def cancel_run(*, run: InvoiceRun, by: Actor) -> InvoiceRun:
    """Let a run end after the chunks at hand; at once where none has begun. What it has billed stays.

    Raises BusinessError where it has ended, or is being cancelled.
    """
    run = InvoiceRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    if not run.is_unfinished or run.cancel_asked:
        said = "is being cancelled already" if run.cancel_asked and run.is_unfinished else "has ended already"
        raise BusinessError(f"The run as of {run.as_of:%-d %b %Y} {said}; nothing was done.")
    run.cancel_asked = True
    if waits := run.state == InvoiceRun.State.WAITING:
        run.state = InvoiceRun.State.CANCELLED
        run.finished_at = timezone.now()
    run.save(update_fields=["cancel_asked", "state", "finished_at"])
    Activity.objects.record(
        by=by,
        client=None,
        verb="run.cancelled",
        summary=f"Invoice run as of {run.as_of:%-d %b %Y} "
        + ("cancelled before it began" if waits else "is to end after the clients at hand"),
        data={"run": run.pk},
    )
    return run


def bill_client_again(*, error: InvoiceRunError, beyond_limits: bool, by: Actor) -> InvoiceRun:
    """Bill just the client that a run could not bill, as of that run's day; over the limits where that is meant.

    Returns the new run: with an error of its own where the client could not be billed again.
    """
    client = Client.objects.get(pk=error.client_id)
    return generate_invoices(as_of=error.run.as_of, by=by, client=client, limits=NO_LIMITS if beyond_limits else None)


def take_up_dry_run(run: InvoiceRun) -> InvoiceRun:
    """Do a dry run that waits: add up what would be billed, a chunk at a time, unless it is cancelled.

    Raises RunNotWaiting.
    """
    with present_on_run(run.pk):
        _set_running(run)
        try:
            preview = preview_run(as_of=run.as_of, progress=lambda clients, chunk: _count(run, clients, chunk))
        except BaseException as error:
            with suppress(DatabaseError):  # where the database is gone, that is what the caller gets to know
                if still_holds_locks():
                    end_own_run(run, InvoiceRun.State.FAILED, by=run.started_by, failure=reason_of(error))
            raise
        with db_transaction.atomic():
            run = InvoiceRun.objects.select_for_update(no_key=True).get(pk=run.pk)
            run.beyond_limits = preview.beyond
            run.save(update_fields=["beyond_limits"])
            return end_own_run(
                run, InvoiceRun.State.CANCELLED if run.cancel_asked else InvoiceRun.State.FINISHED, by=run.started_by
            )


def _let_wait_again(run: InvoiceRun) -> None:
    """Let a run that lost its worker be taken up. A dry run begins anew: what it had added up is not on record."""
    if run.dry_run:
        run.clients_done = run.invoice_count = run.paid_count = 0
        run.totals = {}
    run.state = InvoiceRun.State.WAITING
    run.save(update_fields=["state", "clients_done", "invoice_count", "paid_count", "totals"])


def _set_running(run: InvoiceRun) -> None:
    waiting = InvoiceRun.objects.filter(pk=run.pk, state=InvoiceRun.State.WAITING)
    if not waiting.update(state=InvoiceRun.State.RUNNING, started_at=timezone.now()):
        raise RunNotWaiting(f"Run {run.pk} does not wait any more. Nothing was done.")


@db_transaction.atomic
def _count(run: InvoiceRun, clients: int, chunk: list[Billed]) -> bool:
    """Add a chunk to the run's figures; whether to go on."""
    current = InvoiceRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    add_up(current, chunk)
    current.clients_done += clients
    current.save(update_fields=["invoice_count", "paid_count", "totals", "clients_done"])
    require_held_locks()
    return not current.cancel_asked
