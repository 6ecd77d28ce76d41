"""What a client holds, and held."""

import datetime
from collections.abc import Iterable
from decimal import Decimal

from django.db import connection
from django.db.models import Sum
from djmoney.money import Money

from billing_admin.db.days import end_of
from clients.models import Client
from credits.models import CreditAccount, CreditEntry, CreditGrant


def balances_of(client: Client) -> list[Money]:
    """The client's credit balance per currency: the default currency first, even at zero, then others with credit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT currency, balance FROM credits_creditaccount WHERE client_id = %s ORDER BY currency", [client.pk]
        )
        return _default_first(client, {code: Money(balance, code) for code, balance in cursor.fetchall()})


def balances_on(client: Client, day: datetime.date) -> list[Money]:
    """The same at the end of a day, by the ledger."""
    rows = (
        CreditEntry.objects.filter(client=client, at__lt=end_of(day))
        .values("currency")
        .annotate(balance=Sum("amount"))
        .order_by("currency")
    )
    return _default_first(client, {row["currency"]: Money(row["balance"], row["currency"]) for row in rows})


def held_in_all() -> list[tuple[str, Decimal]]:
    """What all clients hold, per currency; it reads every account with credit."""
    accounts = CreditAccount.objects.filter(is_open=True)
    return list(accounts.values_list("currency").annotate(held=Sum("balance")).order_by("currency"))


def _default_first(client: Client, held: dict[str, Money]) -> list[Money]:
    default = held.pop(client.currency, Money(0, client.currency))
    return [default, *(balance for balance in held.values() if balance.amount)]


def available_to(client: Client, currency: str, on: datetime.date) -> Money:
    """What the client can spend in one currency that day: the balance without what has expired and is not booked."""
    held = CreditGrant.objects.filter(client=client, currency=currency).spendable(on)
    return Money(held.aggregate(available=Sum("remaining", default=Decimal(0)))["available"], currency)


def available_balances(client: Client, balances: Iterable[Money], on: datetime.date) -> list[Money]:
    """What the client can spend that day of each of these balances; those of which that is nothing are left out."""
    available = [available_to(client, balance.currency.code, on) for balance in balances if balance.amount]
    return [money for money in available if money.amount]


# What an account held is what it holds less what came after: little, on the pages that are looked at most.
_HELD_AFTER = """
    SELECT id, currency, balance - coalesce(
        (SELECT sum(amount) FROM credits_creditentry WHERE account_id = account.id AND id > %s), 0
    )
    FROM credits_creditaccount account WHERE client_id = %s
"""


def balances_after(entries: Iterable[CreditEntry]) -> dict[int, Money]:
    """Entry id → the balance of its account just after it, for a page of one client's entries in either order."""
    rows = sorted(entries, key=lambda entry: entry.pk, reverse=True)
    if not rows:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_HELD_AFTER, [rows[0].pk, rows[0].client_id])
        after = {pk: Money(balance, currency) for pk, currency, balance in cursor.fetchall()}
    balances = {}
    for entry in rows:
        balances[entry.pk] = after[entry.account_id]
        after[entry.account_id] -= entry.amount
    return balances
