"""Remembering that two clients are two."""

from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError
from clients.models import Activity, Client, NotADuplicate
from clients.models.activity import actor_name
from clients.models.client_queryset import ClientGone


@db_transaction.atomic
def dismiss_duplicate(*, one: Client, other: Client, by: Actor) -> NotADuplicate:
    """Remember that these are two clients; they are not suggested as duplicates again."""
    if one.pk == other.pk:
        raise BusinessError(f"Client {one.number} is one client.")
    locked = Client.objects.lock([one.pk, other.pk])
    if len(locked) < 2:
        raise ClientGone
    first, second = locked
    if NotADuplicate.objects.filter(first=first, second=second).exists():
        raise BusinessError(f"That {first.number} and {second.number} are two is known already; nothing was changed.")
    decision = NotADuplicate.objects.create(first=first, second=second, decided_by=by, decided_by_name=actor_name(by))
    for client, neighbour in ((first, second), (second, first)):
        Activity.objects.record(
            by=by,
            client=client,
            verb="client.told_apart",
            summary=f"Found to be no duplicate of client {neighbour.number}",
        )
    return decision
