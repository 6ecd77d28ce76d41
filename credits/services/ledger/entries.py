"""Single entries and grants."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text, require_places
from clients.models import Client
from clients.models.activity import actor_name
from credits.models import CreditAccount, CreditEntry, CreditGrant
from invoices.models import Invoice


@dataclass(frozen=True)
class Movement:
    """What one ledger entry does to one grant: positive fills it, negative draws on it."""

    grant: CreditGrant
    amount: Money


_ACCOUNT = "SELECT * FROM credits_creditaccount WHERE client_id = %s AND currency = %s"
_OPEN_ACCOUNT = """
    INSERT INTO credits_creditaccount (client_id, currency, balance) VALUES (%s, %s, 0)
    ON CONFLICT (client_id, currency) DO NOTHING RETURNING *
"""


def account_of(client: Client, currency: str) -> CreditAccount:
    """The client's account in that currency, opened when there is none yet."""
    names = [client.pk, currency]
    for sql in (_ACCOUNT, _OPEN_ACCOUNT):
        for account in CreditAccount.objects.raw(sql, names):
            return account
    raise AssertionError("The client's row is not locked.")


def book(
    *,
    kind: CreditEntry.Kind,
    movements: Iterable[Movement],
    by: Actor,
    description: str = "",
    note: str = "",
    invoice: Invoice | None = None,
    reverses: CreditEntry | None = None,
    batch: UUID | None = None,
) -> list[CreditEntry]:
    """Write entries; the database moves remaining, balance and the invoice's credit along with them.

    `description` is what we say, `note` what somebody typed. `batch` ties together entries of one action; `reverses`
    names the one entry that these take back.
    """
    entries = []
    for movement in movements:
        require_places(movement.amount)
        entries.append(
            CreditEntry(
                grant=movement.grant,
                account_id=movement.grant.account_id,
                client_id=movement.grant.client_id,
                kind=kind,
                amount=movement.amount,
                invoice=invoice,
                reverses=reverses,
                batch=batch,
                description=description[:500],
                note=note,
                actor=by,
                actor_name=actor_name(by),
            )
        )
    return CreditEntry.objects.bulk_create(entries)


# A grant, of which its entry gives what is in it.
_OF_GRANT = (
    "account_id", "client_id", "currency", "kind", "category", "description", "priority", "expires_on", "listed",
    "transaction_id", "created_by_id", "created_by_name", "created_at",
)  # fmt: skip
_GIVE = """
    WITH given AS (
        INSERT INTO credits_creditgrant
            (account_id, client_id, kind, category, description, currency, amount, remaining, priority, expires_on,
             listed, transaction_id, created_by_id, created_by_name, created_at)
        VALUES (%(account_id)s, %(client_id)s, %(kind)s, %(category)s, %(description)s, %(currency)s, %(amount)s, 0,
                %(priority)s, %(expires_on)s, %(listed)s, %(transaction_id)s, %(created_by_id)s, %(created_by_name)s,
                %(created_at)s)
        RETURNING *
    ), booked AS (
        INSERT INTO credits_creditentry
            (grant_id, account_id, client_id, kind, currency, amount, batch, description, note, actor_id, actor_name,
             at)
        SELECT id, account_id, client_id, %(entry_kind)s, currency, amount, %(batch)s::uuid, %(said)s, %(note)s,
               created_by_id, created_by_name, created_at
        FROM given
    )
    SELECT id FROM given
"""


def grant(
    *,
    account: CreditAccount,
    amount: Money,
    kind: CreditGrant.Kind,
    category: CreditGrant.Category,
    by: Actor,
    description: str = "",
    note: str = "",
    entry_kind: CreditEntry.Kind = CreditEntry.Kind.GRANT,
    batch: UUID | None = None,
    **details: Any,
) -> CreditGrant:
    """Open a grant and book what it gives. `details` are further fields of CreditGrant.

    The grant says what somebody typed, `note`; where nothing was typed, our words, `description`.
    """
    require_places(account.balance + amount)
    given = CreditGrant(
        account=account,
        client_id=account.client_id,
        amount=amount,
        remaining=amount,  # once the entry is booked
        kind=kind,
        category=category,
        description=note or description,
        created_by=by,
        created_by_name=actor_name(by),
        **details,
    )
    of_grant = {name: getattr(given, name) for name in _OF_GRANT}
    of_entry = {"entry_kind": entry_kind, "batch": batch, "said": description[:500], "note": note}
    with connection.cursor() as cursor:
        cursor.execute(_GIVE, {**of_grant, **of_entry, "amount": amount.amount})
        (given.pk,) = cursor.fetchone()
    given._state.adding = False
    return given


def draw_down(grants: Iterable[CreditGrant], amount: Money) -> list[Movement]:
    """Spread `amount` over `grants`, taken in the order they come, as negative movements."""
    movements, left, available = [], amount, Money(0, amount.currency)
    for open_grant in grants:
        available += open_grant.remaining
        part = min(left, open_grant.remaining)
        if part.amount > 0:
            movements.append(Movement(open_grant, -part))
            left -= part
    if left.amount > 0:
        raise BusinessError(
            f"Only {money_text(available)} of credit is available; {money_text(amount)} was asked for.", field="amount"
        )
    return movements


def total(entries: Iterable[CreditEntry], currency: str) -> Money:
    """What these entries come to."""
    return sum((entry.amount for entry in entries), zero(currency))


def zero(currency: str) -> Money:
    """No money, in that currency."""
    return Money(Decimal(0), currency)


def expire_at_once(movements: Iterable[Movement], *, on: datetime.date, by: Actor) -> list[CreditEntry]:
    """Expire again what just went back to grants that have expired by `on`, so that it can never be used."""
    expired = [
        Movement(movement.grant, -movement.amount)
        for movement in movements
        if movement.grant.expires_on is not None and movement.grant.expires_on < on
    ]
    return book(kind=CreditEntry.Kind.EXPIRE, movements=expired, description="Expired before it came back", by=by)
