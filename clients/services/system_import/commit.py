"""Booking what was read, some hundred clients at a time: whoever is killed goes on where they were."""

import datetime

from django.contrib.auth.models import User
from django.db import connection
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.csv_files.imports import Progress
from billing_admin.db.locks import hold_key, require_held_locks
from billing_admin.db.triggers import maintenance
from billing_admin.errors import BusinessError
from billing_admin.importing.discard import discard_staged
from billing_admin.importing.staging import key_of
from billing_admin.models import StagedClient, StagedMoney, SystemImport
from billing_admin.models.staged import Outcome
from clients.models import Activity
from invoices.services.system_import import continue_numbers, keep_paused_what_is_gone

from .batches import REFUSED, bring_next_clients, bring_next_money, money_of_nobody
from .compare import compare
from .decisions import questions
from .preview import judge_all
from .receipt import receipt_of

CLIENTS_AT_ONCE = 300
MONEY_AT_ONCE = 2_000
_ANALYZED = ("clients_client", "clients_externalreference", "invoices_invoice", "transactions_transaction",
             "credits_creditgrant", "credits_creditaccount", "credits_creditentry")  # fmt: skip


def commit(
    run: SystemImport, *, by: User | None, progress: Progress, clients_at_once: int = CLIENTS_AT_ONCE
) -> SystemImport:
    """Book an import that was read, or go on with one that was interrupted; compare, and give the receipt.

    What nobody decided has its default answer from now on. Each batch is whole or not there.

    Raises BusinessError where there is nothing to book, or another process is at it.
    """
    with hold_key(key_of(run)) as is_mine:
        if not is_mine:
            raise BusinessError(f"{run} is being booked by another process at this moment; nothing was done.")
        progress("Looking at every row", 0, 0)
        run = _begin(run, by)
        at = run.committed_at
        assert at is not None
        _bring_all_clients(run, at, progress, clients_at_once)
        total, done = money_of_nobody(run).count(), 0
        while count := bring_next_money(run, at, MONEY_AT_ONCE):
            done += count
            progress("Booking money of nobody", done, total)
        return _end(run, by, progress)


@db_transaction.atomic
def _begin(run: SystemImport, by: Actor) -> SystemImport:
    run = SystemImport.objects.select_for_update(no_key=True).get(pk=run.pk)
    if run.state == SystemImport.State.COMMITTING:
        return run
    if run.state != SystemImport.State.READ:
        raise BusinessError(f"{run} is not waiting to be booked: {run.get_state_display().lower()}. Nothing was done.")
    run.answers = {question.key: question.answer(run) for question in questions(run)}
    judge_all(run)
    run.state, run.committed_at = SystemImport.State.COMMITTING, timezone.now()
    run.save(update_fields=["state", "committed_at", "answers", "preview"])
    Activity.objects.record(
        by=by, client=None, verb="system_import.begun", summary=f"Booking what was read of {run.source} begun",
        data={"import": run.pk},
    )  # fmt: skip
    return run


def _bring_all_clients(run: SystemImport, at: datetime.datetime, progress: Progress, at_once: int) -> None:
    to_do = StagedClient.objects.filter(of=run)
    total = to_do.count()
    done = to_do.filter(is_done=True).count()
    analyzed_at = max(done, at_once)
    while count := bring_next_clients(run, at, at_once):
        done += count
        progress("Booking clients", done, total)
        if done >= analyzed_at * 10:
            _analyze()  # plans made for empty tables would read all of them for each batch
            analyzed_at = done


def _end(run: SystemImport, by: Actor, progress: Progress) -> SystemImport:
    """Compare, write the receipt and forget what was staged."""
    progress("Comparing", 0, 0)
    with db_transaction.atomic():
        with maintenance("import"):
            notices = continue_numbers(run)
        run.comparison = compare(run)
        run.finished_at = timezone.now()
        notices += keep_paused_what_is_gone(run)
        run.receipt = receipt_of(run, [*notices, *_refused(run)])
        run.state, run.preview = SystemImport.State.DONE, {}
        run.save(update_fields=["comparison", "preview", "receipt", "state", "finished_at"])
        Activity.objects.record(
            by=by, client=None, verb="system_import.booked", summary=f"What was read of {run.source} booked",
            data={"import": run.pk},
        )  # fmt: skip
        require_held_locks()
    discard_staged(run, progress)
    return run


def _refused(run: SystemImport) -> list[str]:
    """The clients of whom the database refused something, and money of nobody, in a sentence each."""
    clients = StagedClient.objects.filter(of=run, is_done=True, why__startswith=REFUSED).order_by("pk")
    money = StagedMoney.objects.filter(of=run, outcome=Outcome.WAITS, why__startswith=REFUSED).order_by("pk")
    return [
        f"{what} {id_} there did not come. {why}"
        for what, rows in (("Client", clients), ("Money", money))
        for id_, why in rows.values_list("source_id", "why")
    ]


def _analyze() -> None:
    with connection.cursor() as cursor:
        for table in _ANALYZED:
            cursor.execute(f"ANALYZE {table}")
