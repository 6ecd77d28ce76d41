"""Notes about a client."""

from django.db.models import FETCH_RAISE, QuerySet

from clients.models import Client, ClientNote


def notes_of(client: Client) -> QuerySet[ClientNote]:
    """What staff noted about the client."""
    return ClientNote.objects.filter(client=client).fetch_mode(FETCH_RAISE)


def latest_notes(client: Client) -> QuerySet[ClientNote]:
    """The latest first, without those that stand on top of every page anyway."""
    return notes_of(client).filter(pinned=False).order_by("-pk")


def pinned_notes(client: Client) -> QuerySet[ClientNote]:
    """What stands on top of each of the client's pages, the latest first."""
    return notes_of(client).filter(pinned=True).order_by("-pk")
