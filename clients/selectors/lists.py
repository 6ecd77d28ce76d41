"""The Clients List."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from djmoney.money import Money

from clients.models import Client, ClientGroup


def groups() -> QuerySet[ClientGroup]:
    """The groups there are, by name."""
    return ClientGroup.objects.order_by("name")


_CREDIT = """
    SELECT client_id, balance, currency FROM credits_creditaccount WHERE client_id = ANY(%s) AND balance > 0
    ORDER BY currency
"""
# Client by client: from one sorted list of what all of them owe, a few with thousands would take thrice as long.
_UNPAID = """
    SELECT client.id, due, currency
    FROM unnest(%s::bigint[]) client (id) CROSS JOIN LATERAL (
        SELECT currency, sum(balance_due) AS due FROM invoices_invoice
        WHERE client_id = client.id AND status = 'unpaid' GROUP BY currency
    ) owed
    ORDER BY currency
"""


# What few enough clients are sorted by: the larger one where there are several currencies, which are never added up.
BY_CREDIT = RawSQL(
    "coalesce((SELECT max(balance) FROM credits_creditaccount WHERE client_id = clients_client.id), 0)", []
)
BY_UNPAID = RawSQL(
    "coalesce((SELECT max(due) FROM (SELECT sum(balance_due) AS due FROM invoices_invoice"
    " WHERE client_id = clients_client.id AND status = 'unpaid' GROUP BY currency) owed), 0)",
    [],
)


def credit_of(clients: Iterable[Client]) -> dict[int, list[Money]]:
    """Client id → credit per currency, without zeros."""
    return _sums_of(clients, _CREDIT)


def unpaid_of(clients: Iterable[Client]) -> dict[int, list[Money]]:
    """Client id → what is due on unpaid invoices, per currency."""
    return _sums_of(clients, _UNPAID)


def _sums_of(clients: Iterable[Client], sql: str) -> dict[int, list[Money]]:
    sums: dict[int, list[Money]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(sql, [[client.pk for client in clients]])
        for client_id, amount, currency in cursor.fetchall():
            sums[client_id].append(Money(amount, currency))
    return sums
