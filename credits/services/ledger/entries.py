"""Single entries and grants."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

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


def account_of(client: Client, currency: str) -> CreditAccount:
    """The client's account in that currency, opened when there is none yet."""
    account, _ = CreditAccount.objects.get_or_create(client=client, currency=currency)
    return account


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
    given = CreditGrant.objects.create(
        account=account,
        client_id=account.client_id,
        amount=amount,
        kind=kind,
        category=category,
        description=note or description,
        created_by=by,
        created_by_name=actor_name(by),
        **details,
    )
    book(kind=entry_kind, movements=[Movement(given, amount)], description=description, note=note, by=by, batch=batch)
    given.refresh_from_db(fields=["remaining", "currency"])
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
