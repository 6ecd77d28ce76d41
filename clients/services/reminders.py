"""Pausing the reminders of a client, and letting them go out again."""

import datetime

from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError
from billing_admin.seen import Seen, changes_to_store
from clients.models import Activity, Client


def pause_fields(client: Client) -> dict[str, object]:
    """Until which day reminders are paused, as it is stored."""
    return {"until": client.reminders_paused_until}


@db_transaction.atomic
def pause_reminders(*, client: Client, until: datetime.date | None, by: Actor, seen: Seen | None = None) -> Client:
    """Send this client no reminder up to the end of that day; without one, reminders go out again.

    Raises BusinessError, ChangedMeanwhile among them.
    """
    if until and until < timezone.localdate():
        raise BusinessError(f"{until:%-d %b %Y} is past; give the last day without reminders.", field="until")
    client = Client.objects.lock_one(client.pk)
    before = pause_fields(client)
    if not changes_to_store(stored=before, typed={"until": until}, seen=seen):
        said = f"paused until {until:%-d %b %Y}" if until else "not paused"
        raise BusinessError(f"Reminders are {said} already; nothing was changed.", field="until")
    client.reminders_paused_until = until
    client.save(update_fields=["reminders_paused_until", "updated_at"])
    Activity.objects.record(
        by=by,
        client=client,
        verb="client.reminders_paused" if until else "client.reminders_resumed",
        summary=f"Reminders paused until {until:%-d %b %Y}" if until else "Reminders go out again",
        data={"before": before["until"], "after": until},
    )
    return client
