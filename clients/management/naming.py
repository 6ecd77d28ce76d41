"""How commands name a client."""

from django.core.management.base import CommandError

from clients.models import Client, ClientDeletion


def client_numbered(number: int) -> Client:
    """The client of that number, also of one that was merged away; refused in words where there is none."""
    client = Client.objects.numbered(number).first()
    if client is None:
        gone = number < 2**63 and ClientDeletion.objects.filter(number=number).exists()
        raise CommandError(f"Client {number} was deleted." if gone else f"There is no client {number}.")
    return client
