"""Lists of transactions, everybody's and one client's."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from djmoney.money import Money

from billing_admin.db.pagination import SUMMED_UP_TO
from clients.models import Client
from transactions.models import PaymentMethod, Transaction

# What the list can be narrowed down to by a click.
SHOWN = ("in", "out", "unattached")

# The newest transactions, in which the currencies in use are looked for.
CURRENCIES_AMONG = 2_000


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed down to; what is empty narrows nothing."""

    search: str = ""
    show: str = ""
    method: int | None = None
    currency: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None
    client: Client | None = None

    @property
    def any(self) -> bool:
        """Whether anything but the client narrows the list down."""
        return bool(self.search or self.show or self.method or self.currency or self.since or self.until)


@dataclass(frozen=True)
class CurrencySum:
    """What the listed transactions of one currency come to. What only moved inside the house is neither in nor out."""

    money_in: Money
    fees: Money
    money_out: Money

    @property
    def net(self) -> Money:
        """What is left after fees and what went out."""
        return self.money_in - self.fees - self.money_out


def transactions_list(filters: Filters) -> QuerySet[Transaction]:
    """Transactions with their methods that match all of the filters.

    `search` is the beginning of a reference, or what a client is searched by; a number is also the one of a client that
    was deleted.

    Raises SearchTooBroad.
    """
    found = Transaction.objects.select_related("payment_method")
    if filters.client is not None:
        found = found.filter(client=filters.client)
    if filters.show == "in":
        found = found.filter(amount_in__gt=0).exclude(kind=Transaction.Kind.MOVED)
    elif filters.show == "out":
        found = found.filter(amount_out__gt=0).exclude(kind=Transaction.Kind.MOVED)
    elif filters.show == "unattached":
        found = found.filter(client_number=None)
    if filters.method:
        found = found.filter(payment_method_id=filters.method)
    if filters.currency:
        found = found.filter(currency=filters.currency)
    if filters.since:
        found = found.filter(date__gte=filters.since)
    if filters.until:
        found = found.filter(date__lte=filters.until)
    if filters.search:
        found = found.filter(_matching(filters.search, everybody=filters.client is None))
    return found


def sums(transactions: QuerySet[Transaction]) -> list[CurrencySum]:
    """Totals per currency of what is listed; nothing where there are too many."""
    columns = ("currency", "kind", "amount_in", "fees", "amount_out")
    try:
        listed, parameters = transactions.values_list(*columns)[: SUMMED_UP_TO + 1].query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT currency, coalesce(sum(amount_in) FILTER (WHERE kind <> 'moved'), 0), sum(fees),
                   coalesce(sum(amount_out) FILTER (WHERE kind <> 'moved'), 0), count(*)
            FROM ({listed}) listed (currency, kind, amount_in, fees, amount_out) GROUP BY currency ORDER BY currency
            """,
            parameters,
        )
        rows: list[tuple[str, Decimal, Decimal, Decimal, int]] = cursor.fetchall()
    if sum(row[4] for row in rows) > SUMMED_UP_TO:
        return []
    return [
        CurrencySum(Money(money_in, code), Money(fees, code), Money(money_out, code))
        for code, money_in, fees, money_out, _ in rows
    ]


def currencies_in_use(client: Client | None = None) -> list[str]:
    """The currencies of the newest transactions, for a filter: finding every one would read the whole table."""
    transactions = Transaction.objects.all() if client is None else Transaction.objects.filter(client=client)
    found = transactions.order_by("-date", "-id")[:CURRENCIES_AMONG].aggregate(
        codes=ArrayAgg("currency", distinct=True)
    )
    return sorted(found["codes"] or [])


def payment_methods() -> QuerySet[PaymentMethod]:
    """All methods, by name: old transactions were paid by some that are switched off."""
    return PaymentMethod.objects.order_by("name", "pk")


def _matching(search: str, *, everybody: bool) -> Q:
    """A reference wins over a client's number or name: this is the list of transactions."""
    by_reference = Q(reference__istartswith=search) & ~Q(reference="")
    if not everybody or Transaction.objects.filter(by_reference).exists():
        return by_reference
    number = search.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) < 19:
        # Ids, not a subquery: only then does an index serve both sides of the OR.
        numbered = list(Client.objects.numbered(int(number)).values_list("pk", flat=True))
        return Q(client_id__in=numbered) | Q(client_number=int(number))
    return Q(client__in=Client.objects.ids_matching(search))
