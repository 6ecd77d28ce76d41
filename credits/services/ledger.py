"""The one writer of the ledger. Every function here expects the client's row to be locked by the caller."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from djmoney.money import Money

from billing_admin.money.amounts import as_text, require_places
from billing_admin.refusals import Refused
from clients.models import Client
from clients.models.activity import actor_name
from credits.models import CreditAccount, CreditEntry, CreditGrant
from credits.models.grant import DRAW_DOWN_SQL
from invoices.models import Invoice

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class NotEnoughCredit(Refused):
    """More was asked for than is available."""

    def __init__(self, available: Money, asked: Money) -> None:
        super().__init__(f"Only {as_text(available)} of credit is available; {as_text(asked)} was asked for.")


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
    description: str,
    by: "User | None",
    invoice: Invoice | None = None,
    reverses: CreditEntry | None = None,
    batch: UUID | None = None,
) -> list[CreditEntry]:
    """Write entries; the database moves remaining, balance and the invoice's credit along with them.

    `batch` ties together entries of one action; `reverses` names the one entry that these take back.
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
    description: str,
    by: "User | None",
    entry_kind: CreditEntry.Kind = CreditEntry.Kind.GRANT,
    batch: UUID | None = None,
    **details: Any,
) -> CreditGrant:
    """Open a grant and book what it gives. `details` are further fields of CreditGrant.

    Raises AmountRefused where the balance would have more digits than a column holds.
    """
    require_places(account.balance + amount)
    given = CreditGrant.objects.create(
        account=account,
        client_id=account.client_id,
        amount=amount,
        kind=kind,
        category=category,
        description=description,
        created_by=by,
        created_by_name=actor_name(by),
        **details,
    )
    book(kind=entry_kind, movements=[Movement(given, amount)], description=description, by=by, batch=batch)
    given.refresh_from_db(fields=["remaining", "currency"])
    return given


def draw_down(grants: Iterable[CreditGrant], amount: Money) -> list[Movement]:
    """Spread `amount` over `grants`, taken in the order they come, as negative movements.

    Raises NotEnoughCredit.
    """
    movements, left, available = [], amount, Money(0, amount.currency)
    for open_grant in grants:
        available += open_grant.remaining
        part = min(left, open_grant.remaining)
        if part.amount > 0:
            movements.append(Movement(open_grant, -part))
            left -= part
    if left.amount > 0:
        raise NotEnoughCredit(available, amount)
    return movements


# For each invoice of the round: which rule decides, what the account's spendable grants hold, and each grant's share,
# by running sums in draw-down order. An account pays at most one invoice a round, so the sums are of its grants alone.
_APPLY_ROUND = f"""
    WITH candidate AS (
        SELECT invoice.id, invoice.client_id, invoice.currency, invoice.credit_use, invoice.status,
               invoice.balance_due AS due,
               row_number() OVER (PARTITION BY invoice.client_id, invoice.currency ORDER BY invoice.id) AS round
        FROM invoices_invoice invoice WHERE invoice.id = ANY(%(invoice_ids)s)
    ), wanting AS (
        SELECT candidate.id AS invoice_id, candidate.client_id, candidate.currency, candidate.due,
               account.id AS account_id,
               coalesce(nullif(candidate.credit_use, ''), nullif(client.credit_use, ''), %(system_use)s) AS credit_use
        FROM candidate
        JOIN clients_client client ON client.id = candidate.client_id
        JOIN credits_creditaccount account
          ON account.client_id = candidate.client_id AND account.currency = candidate.currency
        WHERE candidate.round = %(round)s AND candidate.status = 'unpaid' AND account.balance > 0
    ), spendable AS (
        SELECT wanting.*, grant_.id AS grant_id, grant_.remaining,
               sum(grant_.remaining) OVER (PARTITION BY wanting.account_id) AS available,
               sum(grant_.remaining) OVER (
                   PARTITION BY wanting.account_id ORDER BY {DRAW_DOWN_SQL} ROWS UNBOUNDED PRECEDING
               ) - grant_.remaining AS earlier
        FROM wanting JOIN credits_creditgrant grant_ ON grant_.account_id = wanting.account_id
        WHERE grant_.remaining > 0 AND (grant_.expires_on IS NULL OR grant_.expires_on >= %(on)s)
    )
    INSERT INTO credits_creditentry
        (grant_id, account_id, client_id, kind, currency, amount, invoice_id, description, actor_id, actor_name, at)
    SELECT grant_id, account_id, client_id, 'apply', currency, -least(remaining, due - earlier), invoice_id,
           'Applied automatically', %(actor_id)s, %(actor_name)s, %(at)s
    FROM spendable
    WHERE earlier < due AND (credit_use = 'always' OR (credit_use = 'whole' AND available >= due))
    ORDER BY client_id, invoice_id, earlier
    RETURNING id
"""

_ROUNDS = """
    SELECT coalesce(max(invoices), 0) FROM (
        SELECT count(*) AS invoices FROM invoices_invoice WHERE id = ANY(%(invoice_ids)s) GROUP BY client_id, currency
    ) accounts
"""


def book_applications(
    *, invoice_ids: list[int], system_use: str, on: datetime.date, at: datetime.datetime, by: "User | None"
) -> list[int]:
    """Apply credit to many invoices at once and return the new entries' ids. A fixed number of statements a round.

    A client with several invoices in one currency pays the oldest first, a round each, because "only if it covers the
    whole invoice" depends on what the one before left.
    """
    parameters: dict[str, Any] = {
        "invoice_ids": invoice_ids,
        "system_use": system_use,
        "on": on,
        "at": at,
        "actor_id": by.pk if by else None,
        "actor_name": actor_name(by),
    }
    entry_ids: list[int] = []
    with connection.cursor() as cursor:
        cursor.execute(_ROUNDS, parameters)
        (rounds,) = cursor.fetchone()
        for number in range(1, rounds + 1):
            cursor.execute(_APPLY_ROUND, parameters | {"round": number})
            entry_ids += [entry_id for (entry_id,) in cursor.fetchall()]
    return entry_ids


def zero(currency: str) -> Money:
    """No money, in that currency."""
    return Money(Decimal(0), currency)


def expire_at_once(movements: Iterable[Movement], *, on: datetime.date, by: "User | None") -> list[CreditEntry]:
    """Expire again what just went back to grants that have expired by `on`, so that it can never be used."""
    expired = [
        Movement(movement.grant, -movement.amount)
        for movement in movements
        if movement.grant.expires_on is not None and movement.grant.expires_on < on
    ]
    return book(kind=CreditEntry.Kind.EXPIRE, movements=expired, description="Expired before it came back", by=by)


_BOOK_EXPIRIES = """
    INSERT INTO credits_creditentry
        (grant_id, account_id, client_id, kind, currency, amount, description, actor_id, actor_name, at)
    SELECT id, account_id, client_id, 'expire', currency, -remaining,
           'Expired on ' || to_char(expires_on, 'FMDD Mon YYYY'), %(actor_id)s, %(actor_name)s, %(at)s
    FROM credits_creditgrant
    WHERE client_id = ANY(%(client_ids)s) AND remaining > 0 AND expires_on < %(as_of)s
    ORDER BY client_id, id
    RETURNING id, currency, amount
"""


def book_expiries(
    *, client_ids: list[int], as_of: datetime.date, at: datetime.datetime, by: "User | None"
) -> list[tuple[int, str, Decimal]]:
    """Expire what these clients' expired grants have left, in one statement; returns (entry id, currency, amount)."""
    parameters: dict[str, Any] = {
        "client_ids": client_ids,
        "as_of": as_of,
        "at": at,
        "actor_id": by.pk if by else None,
        "actor_name": actor_name(by),
    }
    with connection.cursor() as cursor:
        cursor.execute(_BOOK_EXPIRIES, parameters)
        return cursor.fetchall()
