"""The Clients List."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q, QuerySet, Sum
from djmoney.money import Money

from clients.models import Client, ClientGroup
from credits.models import CreditAccount
from invoices.models import Invoice


def groups() -> QuerySet[ClientGroup]:
    """The groups there are, by name."""
    return ClientGroup.objects.order_by("name")


def credit_of(clients: Iterable[Client]) -> dict[int, list[Money]]:
    """Client id → credit per currency, without zeros."""
    held: dict[int, list[Money]] = defaultdict(list)
    accounts = CreditAccount.objects.filter(client__in=[client.pk for client in clients], balance__gt=0).order_by(
        "currency"
    )
    for client_id, balance, currency in accounts.values_list("client_id", "balance", "currency"):
        held[client_id].append(Money(balance, currency))
    return held


def unpaid_of(clients: Iterable[Client]) -> dict[int, list[Money]]:
    """Client id → what is due on unpaid invoices, per currency."""
    due: dict[int, list[Money]] = defaultdict(list)
    # The status only chooses among the clients' invoices: as a condition, every unpaid invoice there is may be read.
    unpaid = Q(status=Invoice.Status.UNPAID)
    rows = (
        Invoice.objects.filter(client__in=[client.pk for client in clients])
        .values("client_id", "currency")
        .annotate(open_due=Sum("balance_due", filter=unpaid))
        .filter(open_due__gt=0)
        .order_by("client_id", "currency")
        .values_list("client_id", "open_due", "currency")
    )
    for client_id, open_due, currency in rows:
        due[client_id].append(Money(open_due, currency))
    return due
