"""What would become of everything that was read, before anything is booked."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.errors import BusinessError
from billing_admin.models import STAGED, Staged, SystemImport
from billing_admin.models.staged import Outcome
from clients.selectors.system_import import KINDS
from credits.services import system_import as credit
from invoices.services import system_import as invoices
from transactions.services import system_import as money

from . import judge_clients, units

# Of one reason, so many rows are named.
NAMED = 20

_COUNTS = """
    SELECT outcome, count(*), count(*) FILTER (WHERE changes <> '') FROM {table} WHERE of_id = %s GROUP BY outcome
"""
# What differs between the sentences of one reason are names in quotes and figures.
_REASON = "regexp_replace(why, '“[^”]*”|[-+]?[0-9][0-9.,:]*', '', 'g')"
_REASONS = f"""
    SELECT outcome, min(why), count(*), (array_agg(source_id ORDER BY id))[1:%s]
    FROM {{table}} WHERE of_id = %s AND outcome <> ''
    GROUP BY outcome, {_REASON} ORDER BY count(*) DESC, min(why)
"""
_ROWS = """
    SELECT id, source_id, client_source_id, outcome, why, changes FROM {table}
    WHERE of_id = %s AND id > %s AND {which} ORDER BY id LIMIT %s
"""


def judge_all(run: SystemImport) -> SystemImport:
    """Say of every staged row what becomes of it, by the answers that there are, and add it up in `run.preview`."""
    units.recount(run)
    judge_clients.judge(run)
    invoices.judge(run)
    money.judge(run)
    credit.judge(run)
    run.preview = {"at": timezone.now().isoformat(), "tables": _tables(run), "reasons": _reasons(run)}
    return run


@db_transaction.atomic
def preview(run: SystemImport) -> SystemImport:
    """The same for an import that waits for its decisions; books nothing.

    Raises BusinessError for one that does not wait.
    """
    run = SystemImport.objects.select_for_update(no_key=True).get(pk=run.pk)
    if run.state != SystemImport.State.READ:
        raise BusinessError(f"{run} is {run.get_state_display().lower()}: there is no preview of it any more.")
    judge_all(run)
    run.save(update_fields=["preview"])
    return run


def rows_of(
    run: SystemImport, model: type[Staged], *, outcome: str = "", changed: bool = False, like: str = "",
    after: int = 0, limit: int = 50,
) -> list[dict[str, Any]]:  # fmt: skip
    """Staged rows of one outcome, or those that were mended while they were read, in the order of reading.

    `like`: only those for the same reason as the row of this id there.
    """
    which = "changes <> ''" if changed else "outcome = %s"
    more: list[Any] = [] if changed else [outcome]
    if like:
        which += f" AND {_REASON} = (SELECT {_REASON} FROM {{table}} WHERE of_id = %s AND source_id = %s LIMIT 1)"
        which, more = which.format(table=model._meta.db_table), [*more, run.pk, like]
    sql = _ROWS.format(table=model._meta.db_table, which=which)
    with connection.cursor() as cursor:
        cursor.execute(sql, [run.pk, after, *more, limit])
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _tables(run: SystemImport) -> list[dict[str, Any]]:
    return [{"kind": model.kind, "name": KINDS[model.kind], **_counts(run, model)} for model in STAGED]


def _counts(run: SystemImport, model: type[Staged]) -> dict[str, Any]:
    outcomes = dict.fromkeys((outcome.value for outcome in Outcome), 0)
    mended = 0
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS.format(table=model._meta.db_table), [run.pk])
        for outcome, count, changed in cursor.fetchall():
            outcomes[outcome] += count
            mended += changed
    return {"read": sum(outcomes.values()), "outcomes": outcomes, "mended": mended}


def _reasons(run: SystemImport) -> list[dict[str, Any]]:
    return [{"kind": model.kind, **reason} for model in STAGED for reason in _reasons_of(run, model)]


def _reasons_of(run: SystemImport, model: type[Staged]) -> Iterator[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(_REASONS.format(table=model._meta.db_table), [NAMED, run.pk])
        for outcome, why, count, ids in cursor.fetchall():
            yield {"outcome": outcome, "why": why, "rows": count, "ids": ids}
