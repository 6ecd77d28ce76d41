"""Deleting accounts that were closed long ago and have nothing open: a retention period kept by a command."""

import datetime
from typing import TYPE_CHECKING

from django.db import transaction as db_transaction

from clients.models import Client, ClientDeletion
from clients.selectors.idle import idle_clients

from .deleting import delete_client, lock_with_others

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@db_transaction.atomic
def delete_if_idle(*, client: Client, since: datetime.date, by: "User | None") -> ClientDeletion | None:
    """Delete the client unless something has happened to it: looked at again under its lock. None where it stays.

    Raises ClientGone.
    """
    client = lock_with_others(client)
    if not idle_clients(since).filter(pk=client.pk).exists():
        return None
    return delete_client(client=client, by=by)
