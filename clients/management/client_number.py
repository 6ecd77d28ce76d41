"""How commands name a client."""

from django.core.management.base import CommandError

from clients.models import Client, ClientDeletion


def client_numbered(number: int) -> Client:
    """The client of that number, for what cannot simply be taken back: a former number is refused with the present one.

    Raises CommandError in words where there is none as well.
    """
    client = Client.objects.numbered(number).first()
    if client is None:
        gone = number < 2**63 and ClientDeletion.objects.filter(number=number).exists()
        raise CommandError(f"Client {number} was deleted." if gone else f"There is no client {number}.")
    if client.number != number:
        raise CommandError(
            f"Client {number} was merged into client {client.number}; nothing was changed. Name {client.number} if "
            f"that one is meant with all that it has now, or undo the merge first with undo_merge {number}."
        )
    return client
