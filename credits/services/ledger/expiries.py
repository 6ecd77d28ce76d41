"""The expiry of many grants at once."""

import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from billing_admin.actor import Actor
from clients.models.activity import actor_name

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
    *, client_ids: list[int], as_of: datetime.date, at: datetime.datetime, by: Actor
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
