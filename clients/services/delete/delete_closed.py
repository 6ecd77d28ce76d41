"""Deleting accounts that were closed long ago and have nothing open: a retention period kept by a command."""

import datetime

from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from clients.models import Client, ClientDeletion
from clients.selectors.idle import idle_clients

from .delete_client import delete_locked, lock_for_deletion


@db_transaction.atomic
def delete_if_idle(*, client: Client, since: datetime.date, by: Actor) -> ClientDeletion | None:
    """Delete the client unless something has happened to it: looked at again under its lock. None where it stays.

    Raises ClientGone.
    """
    client, naming = lock_for_deletion(client)
    if not idle_clients(since).filter(pk=client.pk).exists():
        return None
    return delete_locked(client, naming, by=by)
