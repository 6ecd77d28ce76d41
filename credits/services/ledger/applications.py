"""Credit applied to many invoices at once."""

import datetime
from typing import Any

from django.db import connection

from billing_admin.actor import Actor
from clients.models import CreditUse
from clients.models.activity import actor_name
from credits.models.grant import DRAW_DOWN_SQL

# What of each invoice there is to settle. An account pays at most one invoice a round, so that the running sums of
# `_APPLY` are of its grants alone.
_ISSUED = """
    SELECT * FROM (
        SELECT id, client_id, currency, credit_use, status, balance_due AS due,
               row_number() OVER (PARTITION BY client_id, currency ORDER BY id) AS round
        FROM invoices_invoice WHERE id = ANY(%(invoice_ids)s)
    ) numbered WHERE round = %(round)s AND status = 'unpaid'
"""
_PLANNED = "SELECT id, client_id, currency, '' AS credit_use, total AS due FROM {plan} WHERE total > 0"

# For each invoice: which rule decides, what the account's spendable grants hold, and each grant's share, by running
# sums in draw-down order.
_APPLY = f"""
    WITH wanting AS (
        SELECT candidate.id AS invoice_id, candidate.client_id, candidate.currency, candidate.due,
               account.id AS account_id,
               coalesce(
                   nullif(candidate.credit_use, ''), nullif(client.credit_use, ''),
                   (SELECT credit_use FROM credits_creditsettings), '{CreditUse.ALWAYS.value}'
               ) AS credit_use
        FROM ({{candidates}}) candidate
        JOIN clients_client client ON client.id = candidate.client_id
        JOIN credits_creditaccount account
          ON account.client_id = candidate.client_id AND account.currency = candidate.currency
        WHERE account.balance > 0
    ), spendable AS (
        SELECT wanting.*, grant_.id AS grant_id, grant_.remaining,
               sum(grant_.remaining) OVER (PARTITION BY wanting.account_id) AS available,
               sum(grant_.remaining) OVER (
                   PARTITION BY wanting.account_id ORDER BY {DRAW_DOWN_SQL} ROWS UNBOUNDED PRECEDING
               ) - grant_.remaining AS earlier
        FROM wanting JOIN credits_creditgrant grant_ ON grant_.account_id = wanting.account_id
        WHERE grant_.remaining > 0 AND (grant_.expires_on IS NULL OR grant_.expires_on >= %(on)s)
    ), booked AS (
        INSERT INTO credits_creditentry
            (grant_id, account_id, client_id, kind, currency, amount, invoice_id, description, actor_id, actor_name, at)
        SELECT grant_id, account_id, client_id, 'apply', currency, -least(remaining, due - earlier), invoice_id,
               'Applied automatically', %(actor_id)s, %(actor_name)s, %(at)s
        FROM spendable
        WHERE earlier < due AND (credit_use = 'always' OR (credit_use = 'whole' AND available >= due))
        ORDER BY client_id, invoice_id, earlier
        RETURNING client_id, currency, invoice_id, amount
    ), applied AS (
        SELECT invoice_id, client_id, currency, -sum(amount) AS amount FROM booked
        GROUP BY invoice_id, client_id, currency
    ), noted AS (
        INSERT INTO clients_activity (client_id, actor_id, actor_name, verb, summary, data, at)
        SELECT applied.client_id, %(actor_id)s, %(actor_name)s, 'credit.applied',
               'Credit of ' || money_text(applied.amount, applied.currency) || ' applied to ' || {{label}},
               jsonb_build_object(
                   'invoice', invoice.id, 'amount', applied.amount::text, 'currency', applied.currency
               ),
               %(at)s
        FROM applied JOIN {{invoices}} invoice ON invoice.id = applied.invoice_id
        ORDER BY invoice.id
    )
    {{result}}
"""
_APPLY_ROUND = _APPLY.format(
    candidates=_ISSUED, invoices="invoices_invoice", label="invoice.label", result="SELECT count(*) FROM booked"
)
_APPLY_TO_PLAN = _APPLY.format(
    candidates=_PLANNED,
    invoices="{plan}",
    label="document_label(%(prefix)s, %(first)s + place)",
    result="UPDATE {plan} plan SET credit = applied.amount FROM applied WHERE plan.id = applied.invoice_id",
)

_ROUNDS = """
    SELECT coalesce(max(invoices), 0) FROM (
        SELECT count(*) AS invoices FROM invoices_invoice WHERE id = ANY(%(invoice_ids)s) GROUP BY client_id, currency
    ) accounts
"""


def book_applications(*, invoice_ids: list[int], on: datetime.date, at: datetime.datetime, by: Actor) -> int:
    """Apply credit to many invoices at once, with their activity; returns how many entries that took.

    A fixed number of statements a round. A client with several invoices in one currency pays the oldest first, a round
    each, because "only if it covers the whole invoice" depends on what the one before left.
    """
    parameters = _parameters(on, at, by) | {"invoice_ids": invoice_ids}
    entries, rounds = 0, 1
    with connection.cursor() as cursor:
        if len(invoice_ids) > 1:
            cursor.execute(_ROUNDS, parameters)
            (rounds,) = cursor.fetchone()
        for number in range(1, rounds + 1):
            cursor.execute(_APPLY_ROUND, parameters | {"round": number})
            entries += cursor.fetchone()[0]
    return entries


def book_planned_applications(
    *, plan: str, prefix: str, first: int, on: datetime.date, at: datetime.datetime, by: Actor
) -> None:
    """Apply credit to invoices that are not written yet, and put into the plan what each gets. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_APPLY_TO_PLAN.format(plan=plan), _parameters(on, at, by) | {"prefix": prefix, "first": first})


def _parameters(on: datetime.date, at: datetime.datetime, by: Actor) -> dict[str, Any]:
    return {
        "on": on,
        "at": at,
        "actor_id": by.pk if by else None,
        "actor_name": actor_name(by),
    }
