"""The Credits List and the ledger of one client."""

from django.db.models import FETCH_RAISE, QuerySet

from clients.models import Client
from credits.models import CreditEntry, CreditGrant


def credits_list(client: Client, *, adjustments: bool = False) -> QuerySet[CreditGrant]:
    """What the client was given, newest first by id; with `adjustments`, also what is not on the Credits List."""
    grants = CreditGrant.objects.filter(client=client).fetch_mode(FETCH_RAISE).order_by("-id")
    return grants if adjustments else grants.filter(listed=True)


def ledger(client: Client) -> QuerySet[CreditEntry]:
    """Every entry of the client's accounts with its grant and invoice."""
    return CreditEntry.objects.filter(client=client).select_related("grant", "invoice").order_by("-id")
