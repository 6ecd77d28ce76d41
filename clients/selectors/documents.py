"""Files that staff keep with a client."""

from django.db.models import FETCH_RAISE, QuerySet

from clients.models import Client, ClientDocument


def documents_of(client: Client) -> QuerySet[ClientDocument]:
    """The client's files, without what is in them."""
    return ClientDocument.objects.filter(client=client).defer("content").fetch_mode(FETCH_RAISE)
