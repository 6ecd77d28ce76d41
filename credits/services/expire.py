"""Booking the expiry of credit, so that a balance or the liability on any past date is a sum of entries."""

import datetime
from collections.abc import Callable
from decimal import Decimal

from django.db import connection
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.actor import Actor
from clients.models import Client
from clients.models.activity import actor_name

from . import ledger

CHUNK_SIZE = 5_000

_CLIENTS_WITH_EXPIRED = """
    SELECT DISTINCT client_id FROM credits_creditgrant
    WHERE is_open AND expires_on < %(as_of)s AND client_id > %(after)s ORDER BY client_id LIMIT %(limit)s
"""

_RECORD_EXPIRY = """
    INSERT INTO clients_activity (client_id, actor_id, actor_name, verb, summary, data, at)
    SELECT client_id, %(actor_id)s, %(actor_name)s, 'credit.expired',
           'Credit of ' || money_text(-sum(amount), currency) || ' expired',
           jsonb_build_object('amount', (-sum(amount))::text, 'currency', currency), %(at)s
    FROM credits_creditentry WHERE id = ANY(%(entry_ids)s) GROUP BY client_id, currency
"""


def expire_credit(
    *,
    as_of: datetime.date,
    by: Actor,
    chunk_size: int = CHUNK_SIZE,
    progress: Callable[[int], None] = lambda clients: None,
) -> dict[str, Decimal]:
    """Book what expired before `as_of` and was not used; return how much that was per currency.

    The day of expiry itself still counts as valid. Set-based, a chunk of clients a transaction; again,
    it books nothing.
    """
    expired: dict[str, Decimal] = {}
    after = 0
    while client_ids := _clients_with_expired(as_of, after, chunk_size):
        for currency, amount in _expire(client_ids, as_of, by).items():
            expired[currency] = expired.get(currency, Decimal(0)) + amount
        after = client_ids[-1]
        progress(len(client_ids))
    return expired


def _clients_with_expired(as_of: datetime.date, after: int, limit: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_CLIENTS_WITH_EXPIRED, {"as_of": as_of, "after": after, "limit": limit})
        return [client_id for (client_id,) in cursor.fetchall()]


@db_transaction.atomic
def _expire(client_ids: list[int], as_of: datetime.date, by: Actor) -> dict[str, Decimal]:
    Client.objects.lock_ids(client_ids)
    now = timezone.now()
    booked = ledger.book_expiries(client_ids=client_ids, as_of=as_of, at=now, by=by)
    with connection.cursor() as cursor:
        cursor.execute(
            _RECORD_EXPIRY,
            {
                "entry_ids": [entry_id for entry_id, _, _ in booked],
                "actor_id": by.pk if by else None,
                "actor_name": actor_name(by),
                "at": now,
            },
        )
    totals: dict[str, Decimal] = {}
    for _, currency, amount in booked:
        totals[currency] = totals.get(currency, Decimal(0)) - amount
    return totals
