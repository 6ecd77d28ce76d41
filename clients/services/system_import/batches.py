"""One transaction of an import: some clients with all that is theirs, or some money of nobody, whole or not at all."""

import datetime

from django.db import DataError, IntegrityError, connection
from django.db import transaction as db_transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Exists, OuterRef, QuerySet

from billing_admin.db.locks import require_held_locks
from billing_admin.db.triggers import maintenance
from billing_admin.models import StagedClient, StagedMoney, SystemImport
from billing_admin.models.staged import Outcome
from credits.services.system_import import bring_credit
from invoices.services.system_import import bring_invoices, bring_items
from transactions.services.system_import import bring_money, bring_money_of_nobody

from .clients import bring_clients
from .people import bring_people

REFUSED = "The database refused it: "


def bring_next_clients(run: SystemImport, at: datetime.datetime, at_once: int) -> int:
    """Bring the next clients, or mark why they cannot be; returns how many were looked at.

    Where the database refuses something of one of them, the others come all the same: each is tried alone.
    """
    waiting = StagedClient.objects.filter(of=run, is_done=False).order_by("pk").values_list("pk", flat=True)
    ids = list(waiting[:at_once])
    if not ids:
        return 0
    try:
        _bring_clients(run, ids, at)
    except (IntegrityError, DataError):
        for pk in ids:
            try:
                _bring_clients(run, [pk], at)
            except (IntegrityError, DataError) as error:
                why = f"{REFUSED}{_first_line(error)}."
                StagedClient.objects.filter(pk=pk).update(outcome=Outcome.WAITS, why=why, is_done=True)
    return len(ids)


@db_transaction.atomic
def _bring_clients(run: SystemImport, ids: list[int], at: datetime.datetime) -> None:
    with maintenance("import"), connection.cursor() as cursor:
        bring_clients(cursor, run, (ids[0], ids[-1]), at)
        bring_people(cursor, run, at)
        bring_invoices(cursor, run, at)
        bring_money(cursor, run, at)
        bring_credit(cursor, run, at)
        bring_items(cursor, run, at)
        _prove(cursor)
    StagedClient.objects.filter(pk__in=ids).update(is_done=True)
    require_held_locks()


def money_of_nobody(run: SystemImport) -> QuerySet[StagedMoney]:
    """The rows that come and whose client is gone there, or is left out, or that name none."""
    there = StagedClient.objects.filter(of=run, source_id=OuterRef("client_source_id")).exclude(
        outcome=Outcome.LEFT_OUT
    )
    return StagedMoney.objects.filter(~Exists(there), of=run, outcome="").order_by("pk")


def bring_next_money(run: SystemImport, at: datetime.datetime, at_once: int) -> int:
    """Bring the next of these and mark them, so that none comes twice; returns how many."""
    ids = list(money_of_nobody(run).values_list("pk", flat=True)[:at_once])
    if ids:
        with db_transaction.atomic(), maintenance("import"), connection.cursor() as cursor:
            bring_money_of_nobody(cursor, run, ids[0], ids[-1], at)
            _prove(cursor)
            StagedMoney.objects.filter(pk__in=ids).update(outcome=Outcome.THERE)
            require_held_locks()
    return len(ids)


def _prove(cursor: CursorWrapper) -> None:
    """Look at all that is looked at when a transaction ends, while it is known that an import wrote it."""
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    cursor.execute("DROP TABLE IF EXISTS importing_client, importing_invoice")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
