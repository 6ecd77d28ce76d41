"""Lists of transactions, everybody's and one client's."""

import re
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Q, QuerySet, Value
from djmoney.money import Money

from billing_admin.db.functions import SearchFold
from billing_admin.db.over_rows import currencies_of, every_currency
from clients.models import Client
from clients.models.client_queryset import MOST_FOUND, SearchTooBroad
from transactions.models import PaymentMethod, Transaction
from transactions.models.transaction import KEPT, NAMED, TELLING, WORDS

from .invoice_numbers import invoices_numbered

# The newest transactions, in which the currencies in use are looked for.
CURRENCIES_AMONG = 2_000
# So many rows of deleted clients at most are looked at for the names that they bear.
ROWS_LOOKED_AT = 20_000


# `rows` is SQL of the columns currency, kind, amount_in, fees and amount_out.
SUMS_SQL = """
    SELECT currency, coalesce(sum(amount_in) FILTER (WHERE kind <> 'moved'), 0), sum(fees),
           coalesce(sum(amount_out) FILTER (WHERE kind <> 'moved'), 0)
    FROM ({rows}) listed (currency, kind, amount_in, fees, amount_out) GROUP BY currency ORDER BY currency
"""


@dataclass(frozen=True)
class CurrencySum:
    """What the listed transactions of one currency come to. What only moved inside the house is neither in nor out."""

    money_in: Money
    fees: Money
    money_out: Money

    @classmethod
    def of(cls, currency: str, money_in: Decimal, fees: Decimal, money_out: Decimal) -> "CurrencySum":
        """A row of SUMS_SQL."""
        return cls(Money(money_in, currency), Money(fees, currency), Money(money_out, currency))

    @property
    def net(self) -> Money:
        """What is left after fees and what went out."""
        return self.money_in - self.fees - self.money_out


def sums(transactions: QuerySet[Transaction]) -> list[CurrencySum]:
    """Totals per currency of a list that is not empty."""
    columns = ("currency", "kind", "amount_in", "fees", "amount_out")
    listed, parameters = transactions.values_list(*columns).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(SUMS_SQL.format(rows=listed), parameters)
        return [CurrencySum.of(*row) for row in cursor.fetchall()]


def currencies_in_use(client: Client | None = None) -> list[str]:
    """The currencies of transactions, for a filter; of one client's those of its newest."""
    if client is None:
        return every_currency(Transaction)
    return currencies_of(Transaction.objects.filter(client=client).order_by("-date", "-id"), CURRENCIES_AMONG)


def payment_methods() -> QuerySet[PaymentMethod]:
    """All methods, by name: old transactions were paid by some that are switched off."""
    return PaymentMethod.objects.order_by("name", "pk")


def transactions_matching(search: str, *, everybody: bool, beside: bool) -> Q:
    """By the beginning of a reference, an invoice's number, what a client is searched by, or a payer's name.

    A client that was deleted is found by its number and by the name that its transactions bear. A reference wins over a
    client's number or name: this is for the list of transactions.

    Raises SearchTooBroad.
    """
    found = Q(reference__istartswith=search) & ~Q(reference="")
    has_reference = everybody and Transaction.objects.filter(found).exists()
    by_invoice = _of_invoice(search)
    if not everybody or has_reference:
        return found | by_invoice
    number = search.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) < 19:
        # Ids, not a subquery: only then does an index serve both sides of the OR.
        numbered = list(Client.objects.numbered(int(number)).values_list("pk", flat=True))
        return Q(client_id__in=numbered) | Q(client_number=int(number)) | by_invoice
    by_client = Q(client__in=Client.objects.ids_matching(search, beside=beside)) | Q(
        client_number__in=_deleted_matching(search)
    )
    return by_client | by_invoice | _of_payer(search)


def _of_payer(search: str) -> Q:
    """What a file says that somebody paid with all these words in the name; so many at most."""
    words = search.split()
    if all(len(word) < 3 for word in words):  # no index finds them
        return Q()
    rows = Transaction.objects.filter(NAMED).alias(payer=SearchFold("payer_name"))
    for word in words:
        rows = rows.filter(payer__contains=SearchFold(Value(word)))
    # Ids, not a subquery: only then does an index serve each side of the OR.
    return Q(pk__in=list(rows.values_list("pk", flat=True)[:MOST_FOUND]))


def _of_invoice(search: str) -> Q:
    """What settles the invoice of this number, did so before it went with its client, or names it."""
    if search.startswith("#"):
        return Q()
    invoices = invoices_numbered(search)
    labels = {invoice.label for invoice in invoices}
    if number := re.fullmatch(r"\S*[^\W\d]\S*\d", search):  # as it was written, where it is gone
        labels.add(number[0].upper())
    if not labels:
        return Q()
    said, exactly = Q(), Q()
    for label in labels:
        said |= Q(said__contains=label.upper())
        exactly |= Q(said__regex=rf"{re.escape(label.upper())}(?![0-9])")
    naming = Transaction.objects.filter(TELLING).alias(said=WORDS).filter(said, exactly)
    return (
        Q(invoice__in=[invoice.pk for invoice in invoices])
        | KEPT & Q(invoice_label__in=labels)
        | Q(pk__in=list(naming.values_list("pk", flat=True)[:MOST_FOUND]))
    )


def _deleted_matching(search: str) -> set[int]:
    """The numbers of deleted clients whose transactions bear a name with all the words.

    Raises SearchTooBroad.
    """
    words = search.split()
    if all(len(word) < 3 for word in words):  # no index finds them
        return set()
    rows = Transaction.objects.filter(KEPT).alias(name=SearchFold("client_name"))
    for word in words:
        rows = rows.filter(name__contains=SearchFold(Value(word)))
    numbers = list(rows.values_list("client_number", flat=True)[: ROWS_LOOKED_AT + 1])
    if len(numbers) > ROWS_LOOKED_AT:
        raise SearchTooBroad(search)
    return {number for number in numbers if number is not None}
