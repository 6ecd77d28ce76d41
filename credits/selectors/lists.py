"""Lists of grants and entries, of one client and of all."""

import datetime
from decimal import Decimal

from django.db.models import FETCH_RAISE, F, QuerySet

from billing_admin.db.over_rows import over_rows
from clients.models import Client
from credits.models import CreditEntry, CreditGrant

# How far ahead one looks for credit that expires.
SOON = datetime.timedelta(days=30)


def credits_list(client: Client, *, adjustments: bool = False) -> QuerySet[CreditGrant]:
    """What the client was given, newest first by id; with `adjustments`, also what is not on the Credits List."""
    grants = CreditGrant.objects.filter(client=client).fetch_mode(FETCH_RAISE).order_by("-id")
    return grants if adjustments else grants.filter(listed=True)


def ledger(client: Client) -> QuerySet[CreditEntry]:
    """Every entry of the client's accounts with its grant and invoice."""
    return CreditEntry.objects.filter(client=client).select_related("grant", "invoice").order_by("-id")


def history_of(grant: CreditGrant) -> tuple[list[CreditEntry], set[int]]:
    """What a grant gave and what became of it, in order, and the ids of the entries that were reversed."""
    entries = list(CreditEntry.objects.filter(grant=grant).select_related("invoice", "grant").order_by("id"))
    return entries, {entry.reverses_id for entry in entries if entry.reverses_id}


# What the ledger of all clients shows of an entry, and of what it belongs to.
_SHOWN = ("kind", "currency", "amount", "description", "note", "actor_name", "at", "grant", "invoice")
_SHOWN_BESIDE = {
    "client_number": F("client__number"), "client_name": F("client__name"), "category": F("grant__category"),
    "invoice_label": F("invoice__label"),
}  # fmt: skip


def with_what_it_belongs_to(entries: QuerySet[CreditEntry]) -> QuerySet[CreditEntry]:
    """The entries; of each one's client, grant and invoice only what the ledger shows, without rows of them."""
    return entries.only(*_SHOWN).annotate(**_SHOWN_BESIDE)


def totals_of(entries: QuerySet[CreditEntry]) -> dict[str, Decimal]:
    """The sum of entries per currency."""
    columns = entries.values_list("currency", "amount")
    return dict(over_rows(columns, "currency, sum(amount)", "GROUP BY currency ORDER BY currency"))


def expiring(on: datetime.date, within: datetime.timedelta = SOON, *, currency: str = "") -> QuerySet[CreditGrant]:
    """What clients still have of credit whose last day is near, with the clients."""
    grants = CreditGrant.objects.filter(is_open=True, expires_on__gte=on, expires_on__lte=on + within)
    if currency:
        grants = grants.filter(currency=currency)
    return grants.select_related("client").fetch_mode(FETCH_RAISE)
