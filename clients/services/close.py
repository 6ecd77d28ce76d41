"""Closing an account, which keeps everything and stops the billing, and opening it again."""

from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError, require_length
from clients.models import Activity, Client


@db_transaction.atomic
def close_client(*, client: Client, by: Actor, reason: str = "") -> Client:
    """Close the account: invoice runs bill it no more, and everything stays."""
    require_length(reason, "reason")
    client = Client.objects.lock_one(client.pk)
    if client.status == Client.Status.CLOSED:
        raise BusinessError(f"Client {client.number} is Closed already; nothing was changed.")
    return _set(client, Client.Status.CLOSED, "client.closed", "Account closed", by, note=reason)


@db_transaction.atomic
def reopen_client(*, client: Client, by: Actor) -> Client:
    """Open a closed account again: invoice runs bill what is due, also what fell due meanwhile."""
    client = Client.objects.lock_one(client.pk)
    if client.status != Client.Status.CLOSED:
        raise BusinessError(
            f"Client {client.number} is {client.get_status_display()}, not Closed; nothing was changed."
        )
    return _set(client, Client.Status.ACTIVE, "client.reopened", "Account opened again", by)


def _set(client: Client, status: Client.Status, verb: str, summary: str, by: Actor, note: str = "") -> Client:
    client.require_country()
    before, client.status = client.status, status
    client.save(update_fields=["status", "updated_at"])
    Activity.objects.record(
        by=by, client=client, verb=verb, summary=summary, note=note, data={"status": [before, status]}
    )
    return client
