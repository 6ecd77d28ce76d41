"""The first transactions that somebody may mean who is still typing: few, by one statement each."""

import datetime
import re

from django.db.models import QuerySet, Value
from django.utils import timezone
from djmoney.money import Money

from billing_admin.db.functions import SearchFold
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import parse_amount, smallest_unit
from clients.models import ClientDeletion
from transactions.models import Transaction
from transactions.models.transaction import KEPT, MOVED_AMOUNT

# How far back an amount is looked for.
AMOUNT_WITHIN = datetime.timedelta(days=2 * 365)
# So many rows of deleted clients are read for the few names that they bear.
_ROWS_READ = 200

_MONEY = re.compile(
    r"(?:(?P<before>[A-Za-z]{3})\s*)?(?P<amount>[-−]?\d[\d.,]*)(?:\s*(?P<after>[A-Za-z]{3}))?", re.ASCII
)
_SHOWN = ("currency", "amount_in", "fees", "amount_out", "date", "reference", "client_name", "client_number")


def money_typed(text: str) -> Money | None:
    """The amount with its currency that somebody typed, `12.50 USD` or `usd 12.50`; None where it is none."""
    match = _MONEY.fullmatch(text.strip())
    currency = (match["before"] or match["after"] or "").upper() if match else ""
    if match is None or not currency or (match["before"] and match["after"]):
        return None
    try:
        return Money(parse_amount(match["amount"], currency, minimum=smallest_unit(currency)), currency)
    except BusinessError:
        return None


def transactions_found(text: str, most: int) -> list[Transaction]:
    """Those of exactly this amount within two years, the latest first; else by the beginning of their reference."""
    rows = Transaction.objects.only(*_SHOWN)
    if money := money_typed(text):
        since = timezone.localdate() - AMOUNT_WITHIN
        found: QuerySet[Transaction] = rows.alias(moved=MOVED_AMOUNT).filter(
            currency=money.currency.code, moved=money.amount, date__gte=since
        )
        return list(found.order_by("-date")[:most])
    return list(rows.filter(reference__istartswith=text).exclude(reference="")[:most])


def deleted_clients_found(text: str, most: int) -> list[tuple[int, str]]:
    """Number and name of deleted clients whose transactions bear a name with all the words, or this number."""
    words = text.split()
    number = text.removeprefix("#")
    rows = Transaction.objects.filter(KEPT)
    if number.isascii() and number.isdigit():
        # By the deletion: of a client that is there an index would lead to each of its transactions.
        if len(number) > 18 or not ClientDeletion.objects.filter(number=int(number)).exists():
            return []
        rows = rows.filter(client_number=int(number))
    elif all(len(word) < 3 for word in words):  # no index finds them
        return []
    else:
        rows = rows.alias(name=SearchFold("client_name"))
        for word in words:
            rows = rows.filter(name__contains=SearchFold(Value(word)))
    pairs = rows.values_list("client_number", "client_name")[:_ROWS_READ]
    return [(number, name) for number, name in dict.fromkeys(pairs) if number is not None][:most]
