"""Booking what was read, some hundred clients at a time: whoever is killed goes on where they were."""

import datetime

from django.contrib.auth.models import User
from django.db import connection
from django.db import transaction as db_transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Exists, OuterRef
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.csv_files.imports import Progress
from billing_admin.db.locks import hold_key, require_held_locks
from billing_admin.db.triggers import maintenance
from billing_admin.errors import BusinessError
from billing_admin.importing.discard import discard_staged
from billing_admin.importing.staging import key_of
from billing_admin.models import StagedClient, StagedMoney, SystemImport
from clients.models import Activity
from credits.services.system_import import bring_credit
from invoices.services.system_import import bring_invoices, bring_items, continue_numbers
from transactions.services.system_import import bring_money, bring_money_of_nobody

from .clients import bring_clients
from .compare import compare
from .people import bring_people
from .preview import judge_all
from .receipt import receipt_of

CLIENTS_AT_ONCE = 300
MONEY_AT_ONCE = 2_000
_ANALYZED = ("clients_client", "clients_externalreference", "invoices_invoice", "transactions_transaction",
             "credits_creditgrant", "credits_creditaccount")  # fmt: skip


def commit(run: SystemImport, *, by: User | None, progress: Progress) -> SystemImport:
    """Book an import that was read, or go on with one that was interrupted; compare, and give the receipt.

    Each batch is whole or not there. Raises BusinessError where there is nothing to book, or another process is at it.
    """
    with hold_key(key_of(run)) as is_mine:
        if not is_mine:
            raise BusinessError(f"{run} is being booked by another process at this moment; nothing was done.")
        run = _begin(run, by)
        at = run.committed_at
        assert at is not None
        _bring_clients(run, at, progress)
        _bring_money_of_nobody(run, at, progress)
        return _end(run, by, progress)


@db_transaction.atomic
def _begin(run: SystemImport, by: Actor) -> SystemImport:
    run = SystemImport.objects.select_for_update(no_key=True).get(pk=run.pk)
    if run.state == SystemImport.State.COMMITTING:
        return run
    if run.state != SystemImport.State.READ:
        raise BusinessError(f"{run} is not waiting to be booked: {run.get_state_display().lower()}. Nothing was done.")
    judge_all(run)
    run.state, run.committed_at = SystemImport.State.COMMITTING, timezone.now()
    run.save(update_fields=["state", "committed_at", "preview"])
    Activity.objects.record(
        by=by, client=None, verb="system_import.begun", summary=f"Booking what was read of {run.source} begun",
        data={"import": run.pk},
    )  # fmt: skip
    return run


def _bring_clients(run: SystemImport, at: datetime.datetime, progress: Progress) -> None:
    to_do = StagedClient.objects.filter(of=run)
    total = to_do.count()
    done = to_do.filter(is_done=True).count()
    analyzed_at = max(done, CLIENTS_AT_ONCE)
    while count := _bring_batch(run, at):
        done += count
        progress("Booking clients", done, total)
        if done >= analyzed_at * 10:
            _analyze()  # plans made for empty tables would read all of them for each batch
            analyzed_at = done


@db_transaction.atomic
def _bring_batch(run: SystemImport, at: datetime.datetime) -> int:
    """Bring the next clients with all that is theirs; returns how many were looked at."""
    ids = list(
        StagedClient.objects.filter(of=run, is_done=False).order_by("pk").values_list("pk", flat=True)[:CLIENTS_AT_ONCE]
    )
    if not ids:
        return 0
    span = (ids[0], ids[-1])
    with maintenance("import"), connection.cursor() as cursor:
        bring_clients(cursor, run, span, at)
        bring_people(cursor, run, at)
        bring_invoices(cursor, run, at)
        bring_money(cursor, run, at)
        bring_credit(cursor, run, at)
        bring_items(cursor, run, at)
        _prove_batch(cursor)
    StagedClient.objects.filter(pk__in=ids).update(is_done=True)
    require_held_locks()
    return len(ids)


def _prove_batch(cursor: CursorWrapper) -> None:
    """Look at all that is looked at when a transaction ends, while it is known that an import wrote it."""
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    cursor.execute("DROP TABLE IF EXISTS importing_client, importing_invoice")


def _bring_money_of_nobody(run: SystemImport, at: datetime.datetime, progress: Progress) -> None:
    """Bring the money whose client is gone there, or that names none: its rows are marked, so that none comes twice."""
    there = StagedClient.objects.filter(of=run, source_id=OuterRef("client_source_id"))
    of_nobody = StagedMoney.objects.filter(~Exists(there), of=run, outcome="")
    total, done = of_nobody.count(), 0
    while ids := list(of_nobody.order_by("pk").values_list("pk", flat=True)[:MONEY_AT_ONCE]):
        with db_transaction.atomic(), maintenance("import"), connection.cursor() as cursor:
            bring_money_of_nobody(cursor, run, ids[0], ids[-1], at)
            _prove_batch(cursor)
            StagedMoney.objects.filter(pk__in=ids).update(outcome="there")
            require_held_locks()
        done += len(ids)
        progress("Booking money of nobody", done, total)


def _end(run: SystemImport, by: Actor, progress: Progress) -> SystemImport:
    """Compare, write the receipt and forget what was staged."""
    progress("Comparing", 0, 0)
    with db_transaction.atomic():
        with maintenance("import"):
            notices = continue_numbers(run)
        run.comparison = compare(run)
        run.finished_at = timezone.now()
        run.receipt = receipt_of(run, notices)
        run.state, run.preview = SystemImport.State.DONE, {}  # it has words that were typed
        run.save(update_fields=["comparison", "receipt", "state", "finished_at", "preview"])
        Activity.objects.record(
            by=by, client=None, verb="system_import.booked", summary=f"What was read of {run.source} booked",
            data={"import": run.pk},
        )  # fmt: skip
        require_held_locks()
    discard_staged(run, progress)
    return run


def _analyze() -> None:
    with connection.cursor() as cursor:
        for table in _ANALYZED:
            cursor.execute(f"ANALYZE {table}")
