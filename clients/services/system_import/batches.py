"""One transaction of an import: some clients with all that is theirs, or some money of nobody, whole or not at all."""

import datetime
from collections.abc import Callable

from django.db import DatabaseError, connection
from django.db import transaction as db_transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Exists, OuterRef, QuerySet

from billing_admin.db.locks import require_held_locks
from billing_admin.db.triggers import maintenance
from billing_admin.errors import first_line
from billing_admin.models import StagedClient, StagedMoney, SystemImport
from billing_admin.models.staged import Outcome
from credits.services.system_import import bring_credit
from invoices.services.system_import import bring_invoices, bring_items
from transactions.services.system_import import bring_money, bring_money_of_nobody

from .clients import bring_clients
from .people import bring_people

REFUSED = "The database refused it: "
# Classes of SQLSTATE: data, constraints, what is larger than an index takes, and exceptions of triggers.
_REFUSALS = ("22", "23", "54", "P0")


def bring_next_clients(run: SystemImport, at: datetime.datetime, at_once: int) -> int:
    """Bring the next clients, or mark why they cannot be; returns how many were looked at.

    Where the database refuses something of one of them, the others come all the same: each is tried alone.
    """
    waiting = StagedClient.objects.filter(of=run, is_done=False).order_by("pk").values_list("pk", flat=True)
    ids = list(waiting[:at_once])
    if not ids:
        return 0
    for pk, why in _refused_of(ids, lambda some: _bring_clients(run, some, at)):
        StagedClient.objects.filter(pk=pk).update(outcome=Outcome.WAITS, why=why, is_done=True)
    return len(ids)


def _refused_of(ids: list[int], bring: Callable[[list[int]], None]) -> list[tuple[int, str]]:
    """Bring these together, or each alone where the database refuses something of them; gives those, and why."""
    try:
        bring(ids)
    except DatabaseError as error:
        if not _is_refusal(error):
            raise
    else:
        return []
    refused = []
    for pk in ids:
        try:
            bring([pk])
        except DatabaseError as error:
            if not _is_refusal(error):
                raise
            refused.append((pk, f"{REFUSED}{first_line(error)}."))
    return refused


def _is_refusal(error: DatabaseError) -> bool:
    """Whether it is about what was written: it would be the same when it is done again."""
    return (getattr(error.__cause__, "sqlstate", None) or "")[:2] in _REFUSALS


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
    """Bring the next of these and mark them, so that none comes twice, or why they cannot be; returns how many."""
    ids = list(money_of_nobody(run).values_list("pk", flat=True)[:at_once])
    for pk, why in _refused_of(ids, lambda some: _bring_money(run, some, at)) if ids else ():
        StagedMoney.objects.filter(pk=pk).update(outcome=Outcome.WAITS, why=why)
    return len(ids)


@db_transaction.atomic
def _bring_money(run: SystemImport, ids: list[int], at: datetime.datetime) -> None:
    with maintenance("import"), connection.cursor() as cursor:
        bring_money_of_nobody(cursor, run, ids[0], ids[-1], at)
        _prove(cursor)
    StagedMoney.objects.filter(pk__in=ids).update(outcome=Outcome.THERE)
    require_held_locks()


def _prove(cursor: CursorWrapper) -> None:
    """Look at all that is looked at when a transaction ends, while it is known that an import wrote it."""
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    cursor.execute("DROP TABLE IF EXISTS importing_client, importing_invoice")
