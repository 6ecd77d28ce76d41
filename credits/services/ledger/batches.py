"""Credit given, and taken back, for many clients at once."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from billing_admin.actor import Actor
from clients.models.activity import actor_name


def amounts_of(totals: Mapping[str, str]) -> dict[str, Decimal]:
    """Sums per currency as JSON keeps them, as numbers."""
    return {currency: Decimal(amount) for currency, amount in totals.items()}


_OPEN_ACCOUNTS = """
    INSERT INTO credits_creditaccount (client_id, currency, balance)
    SELECT DISTINCT client_key, currency, 0 FROM credits_creditbatchrow
    WHERE batch_id = %(batch)s AND outcome = 'good' AND line BETWEEN %(first)s AND %(last)s
    ORDER BY client_key, currency
    ON CONFLICT (client_id, currency) DO NOTHING
"""
_GIVE_ROWS = """
    WITH given AS (
        INSERT INTO credits_creditgrant
            (account_id, client_id, kind, category, description, currency, amount, remaining, priority, expires_on,
             listed, file_key, created_by_id, created_by_name, created_at)
        SELECT account.id, row.client_key, 'credit', row.category, row.description, row.currency, row.amount, 0,
               row.priority, row.expires_on, true, row.file_key, %(actor_id)s, %(actor_name)s, %(at)s
        FROM credits_creditbatchrow row
        JOIN credits_creditaccount account ON account.client_id = row.client_key AND account.currency = row.currency
        WHERE row.batch_id = %(batch)s AND row.outcome = 'good' AND row.line BETWEEN %(first)s AND %(last)s
        ORDER BY row.line
        RETURNING id, account_id, client_id, currency, amount, description
    ), noted AS (
        INSERT INTO clients_activity (client_id, actor_id, actor_name, verb, summary, note, data, at)
        SELECT client_id, %(actor_id)s, %(actor_name)s, 'credit.added',
               'Credit of ' || money_text(amount, currency) || ' added', description,
               jsonb_build_object('grant', id, 'amount', amount::text, 'currency', currency, 'batch', %(batch)s::text),
               %(at)s
        FROM given ORDER BY id
    )
    INSERT INTO credits_creditentry
        (grant_id, account_id, client_id, kind, currency, amount, batch, description, note, actor_id, actor_name, at)
    SELECT id, account_id, client_id, 'grant', currency, amount, %(batch)s, '', description, %(actor_id)s,
           %(actor_name)s, %(at)s
    FROM given ORDER BY id
"""


def book_batch_rows(*, batch: UUID, first_line: int, last_line: int, at: datetime.datetime, by: Actor) -> int:
    """Give the credit of the good rows of a batch between two lines; returns how many grants that made."""
    parameters: dict[str, Any] = {
        "batch": batch,
        "first": first_line,
        "last": last_line,
        "at": at,
        "actor_id": by.pk if by else None,
        "actor_name": actor_name(by),
    }
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_ACCOUNTS, parameters)
        cursor.execute(_GIVE_ROWS, parameters)
        return cursor.rowcount


# A grant that is taken back whole names the entry that gave it: that entry can then not be reversed a second time.
_TAKE_BATCH_BACK = """
    WITH back AS (
        INSERT INTO credits_creditentry
            (grant_id, account_id, client_id, kind, currency, amount, reverses_id, batch, description, note,
             actor_id, actor_name, at)
        SELECT grant_.id, grant_.account_id, grant_.client_id, 'reverse', grant_.currency, -grant_.remaining,
               CASE WHEN grant_.remaining = grant_.amount THEN entry.id END, %(batch)s, %(description)s, %(note)s,
               %(actor_id)s, %(actor_name)s, %(at)s
        FROM credits_creditentry entry
        JOIN credits_creditgrant grant_ ON grant_.id = entry.grant_id
        WHERE entry.batch = %(batch)s AND entry.kind = 'grant' AND grant_.remaining > 0
        ORDER BY grant_.client_id, grant_.id
        RETURNING id, grant_id, client_id, currency, amount
    ), noted AS (
        INSERT INTO clients_activity (client_id, actor_id, actor_name, verb, summary, note, data, at)
        SELECT client_id, %(actor_id)s, %(actor_name)s, 'credit.reversed',
               concat_ws(': ', 'Credit of ' || money_text(-amount, currency) || ' taken back',
                         nullif(%(description)s, '')), %(note)s,
               jsonb_build_object('grant', grant_id, 'amount', (-amount)::text, 'currency', currency,
                                  'batch', %(batch)s::text),
               %(at)s
        FROM back ORDER BY id
    )
    SELECT currency, -sum(amount), count(*) FROM back GROUP BY currency ORDER BY currency
"""


def book_batch_reversal(
    *, batch: UUID, description: str, note: str, at: datetime.datetime, by: Actor
) -> list[tuple[str, Decimal, int]]:
    """Take back what is left of a batch's grants, in one statement; returns (currency, amount, grants)."""
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE_BATCH_BACK,
            {
                "batch": batch,
                "description": description,
                "note": note,
                "at": at,
                "actor_id": by.pk if by else None,
                "actor_name": actor_name(by),
            },
        )
        return cursor.fetchall()


_TAKE_RESTS_BACK = """
    INSERT INTO credits_creditentry
        (grant_id, account_id, client_id, kind, currency, amount, reverses_id, description, actor_id, actor_name, at)
    SELECT id, account_id, client_id, 'reverse', currency, -remaining,
           CASE WHEN remaining = amount THEN (SELECT min(id) FROM credits_creditentry WHERE grant_id = grant_.id) END,
           %(description)s, %(actor_id)s, %(actor_name)s, %(at)s
    FROM credits_creditgrant grant_ WHERE id = ANY(%(grant_ids)s) AND remaining > 0 ORDER BY id
"""


def book_rests_back(*, grant_ids: list[int], description: str, at: datetime.datetime, by: Actor) -> None:
    """Take back what is left of these grants, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE_RESTS_BACK,
            {
                "grant_ids": grant_ids,
                "description": description,
                "at": at,
                "actor_id": by.pk if by else None,
                "actor_name": actor_name(by),
            },
        )
