"""Lists of transactions, everybody's and one client's."""

from dataclasses import dataclass
from decimal import Decimal

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Q, QuerySet
from djmoney.money import Money

from billing_admin.db.pagination import SUMMED_UP_TO
from clients.models import Client
from transactions.models import PaymentMethod, Transaction

# The newest transactions, in which the currencies in use are looked for.
CURRENCIES_AMONG = 2_000


# `rows` is SQL of the columns currency, kind, amount_in, fees and amount_out.
SUMS_SQL = """
    SELECT currency, coalesce(sum(amount_in) FILTER (WHERE kind <> 'moved'), 0), sum(fees),
           coalesce(sum(amount_out) FILTER (WHERE kind <> 'moved'), 0), count(*)
    FROM ({rows}) listed (currency, kind, amount_in, fees, amount_out) GROUP BY currency ORDER BY currency
"""


@dataclass(frozen=True)
class CurrencySum:
    """What the listed transactions of one currency come to. What only moved inside the house is neither in nor out."""

    money_in: Money
    fees: Money
    money_out: Money

    @classmethod
    def of(cls, currency: str, money_in: Decimal, fees: Decimal, money_out: Decimal, _count: int) -> "CurrencySum":
        """A row of SUMS_SQL."""
        return cls(Money(money_in, currency), Money(fees, currency), Money(money_out, currency))

    @property
    def net(self) -> Money:
        """What is left after fees and what went out."""
        return self.money_in - self.fees - self.money_out


def sums(transactions: QuerySet[Transaction]) -> list[CurrencySum]:
    """Totals per currency of a list that is not empty; nothing where there are too many."""
    columns = ("currency", "kind", "amount_in", "fees", "amount_out")
    listed, parameters = transactions.values_list(*columns)[: SUMMED_UP_TO + 1].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(SUMS_SQL.format(rows=listed), parameters)
        rows: list[tuple[str, Decimal, Decimal, Decimal, int]] = cursor.fetchall()
    if sum(row[4] for row in rows) > SUMMED_UP_TO:
        return []
    return [CurrencySum.of(*row) for row in rows]


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


def transactions_matching(search: str, *, everybody: bool) -> Q:
    """By the beginning of a reference, or what a client is searched by; a number is also that of a deleted client.

    A reference wins over a client's number or name: this is for the list of transactions.

    Raises SearchTooBroad.
    """
    by_reference = Q(reference__istartswith=search) & ~Q(reference="")
    if not everybody or Transaction.objects.filter(by_reference).exists():
        return by_reference
    number = search.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) < 19:
        # Ids, not a subquery: only then does an index serve both sides of the OR.
        numbered = list(Client.objects.numbered(int(number)).values_list("pk", flat=True))
        return Q(client_id__in=numbered) | Q(client_number=int(number))
    return Q(client__in=Client.objects.ids_matching(search))
