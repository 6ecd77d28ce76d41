"""The day from which Billing Admin bills and reminds, and the other system no longer does."""

import datetime

from django.contrib.auth.models import User
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.csv_files.imports import Progress
from billing_admin.errors import BusinessError
from billing_admin.models import SystemImport
from clients.models import Activity
from invoices.services.system_import.switch import Switch, preview_switch, switch_items_and_reminders


def preview_switch_over(*, source: str, day: datetime.date) -> Switch:
    """What switching over would do on that day. Writes nothing.

    Raises BusinessError where nothing of this system was booked.
    """
    if not SystemImport.objects.filter(source=source, state=SystemImport.State.DONE).exists():
        raise BusinessError(f"Nothing of {source} was booked here yet.")
    return preview_switch(source=source, day=day)


def switch_over(
    *, source: str, day: datetime.date, by: User | None, progress: Progress = lambda doing, done, total: None
) -> Switch:
    """Bill and remind here what came from this system, from that day on.

    Raises BusinessError where nothing of it waits, or an import of it is still being booked.
    """
    if SystemImport.objects.filter(source=source, state=SystemImport.State.COMMITTING).exists():
        raise BusinessError(f"{source} is still being booked; switch over when that has ended. Nothing was done.")
    switch = preview_switch_over(source=source, day=day)
    if switch.is_empty:
        raise BusinessError(f"Nothing of {source} waits for the switch; nothing was done.")
    switch_items_and_reminders(source=source, day=day, by=by, progress=progress)
    with db_transaction.atomic():
        SystemImport.objects.filter(source=source, state=SystemImport.State.DONE).update(switched_at=timezone.now())
        Activity.objects.record(
            by=by, client=None, verb="system_import.switched", summary=f"Switched over from {source}: {switch.words}",
            data={"source": source, "day": day.isoformat()},
        )  # fmt: skip
    return switch
