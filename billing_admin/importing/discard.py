"""Forgetting what was staged: with the receipt, when it is discarded, or after seven days."""

import datetime

from django.db import connection
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.csv_files.imports import Progress
from billing_admin.errors import BusinessError
from billing_admin.models import STAGED, SystemImport

KEPT = datetime.timedelta(days=7)
_AT_ONCE = 50_000

_DELETE = "DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE of_id = %s LIMIT %s)"


def discard_staged(run: SystemImport, progress: Progress = lambda doing, done, total: None) -> None:
    """Delete the staged rows of an import, some at a time."""
    gone = 0
    for model in reversed(STAGED):
        with connection.cursor() as cursor:
            while True:
                cursor.execute(_DELETE.format(table=model._meta.db_table), [run.pk, _AT_ONCE])
                if not cursor.rowcount:
                    break
                gone += cursor.rowcount
                progress("Forgetting what was read", gone, 0)


def discard(run: SystemImport) -> None:
    """Forget an import of which nothing was booked.

    Raises BusinessError where something was.
    """
    with db_transaction.atomic():
        run = SystemImport.objects.select_for_update(no_key=True).get(pk=run.pk)
        if run.state not in (SystemImport.State.READING, SystemImport.State.READ):
            raise BusinessError(
                f"{run} is {run.get_state_display().lower()} and cannot be discarded. Nothing was done."
            )
        run.state, run.finished_at, run.preview = SystemImport.State.DISCARDED, timezone.now(), {}
        run.save(update_fields=["state", "finished_at", "preview"])
    discard_staged(run)


def forget_old() -> int:
    """Discard what was read more than seven days ago and never booked; returns how many imports.

    Whoever was killed at the end left rows of an import that had ended: they go too.
    """
    for run in SystemImport.objects.filter(state__in=[SystemImport.State.DONE, SystemImport.State.DISCARDED]):
        discard_staged(run)
    old = SystemImport.objects.filter(
        state__in=[SystemImport.State.READING, SystemImport.State.READ], created_at__lt=timezone.now() - KEPT
    )
    for run in old:
        discard(run)
    return len(old)
