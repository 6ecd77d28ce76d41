"""Credit applied to many invoices at once."""

import datetime
from typing import Any

from django.db import connection

from billing_admin.actor import Actor
from clients.models.activity import actor_name
from credits.models.grant import DRAW_DOWN_SQL

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
    *, invoice_ids: list[int], system_use: str, on: datetime.date, at: datetime.datetime, by: Actor
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
