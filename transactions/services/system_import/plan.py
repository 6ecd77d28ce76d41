"""Temporary tables of what an import makes of money: each row with its figures, and what it gives back."""

import datetime
import json
from typing import Any

from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from billing_admin.importing.currencies import currency_codes
from billing_admin.importing.questions import LEAVE_OUT
from billing_admin.models import SystemImport

from .questions import OF_NOBODY, methods_of

# Each row with its figures: `came`, `went` and `fee` are never below zero; `fee_back` is a fee below zero, which is
# money that came. Of a row that came before, the figures are what it differs by from what its transactions come to.
_ROWS = """
    CREATE TEMP TABLE money_row ON COMMIT DROP AS
    SELECT *, CASE WHEN is_there THEN 'there'
                   WHEN was_deleted OR is_deleted THEN 'left out'
                   WHEN currency IS NULL THEN
                       CASE WHEN currency_id = ANY(%(left_out_currencies)s) THEN 'left out' ELSE 'asks' END
                   WHEN came + went + fee + fee_back = 0 THEN
                       CASE WHEN part IS NULL THEN 'left out' ELSE 'there' END
                   WHEN client_outcome IN ('asks', 'waits') THEN client_outcome
                   WHEN client_source_id = '' AND %(of_nobody)s <> 'bring' THEN
                       CASE %(of_nobody)s WHEN '' THEN 'asks' ELSE 'left out' END
                   WHEN NOT is_decided THEN 'asks'
                   ELSE '' END AS outcome
    FROM (
        SELECT *, greatest(amount_in, 0) + greatest(-amount_out, 0) AS came,
               greatest(amount_out, 0) + greatest(-amount_in, 0) AS went,
               greatest(fees, 0) AS fee, greatest(-fees, 0) AS fee_back,
               CASE WHEN part IS NOT NULL THEN %(today)s ELSE told_day END AS day
        FROM (
            SELECT rounded.*, before.is_whole IS FALSE AS was_deleted,
                   (in_, fees_, out_) IS DISTINCT FROM (told_in, told_fees, told_out) AS has_decimals,
                   CASE WHEN part IS NULL THEN in_
                        ELSE greatest(in_, 0) + greatest(-out_, 0) + greatest(-fees_, 0) - before.amount_in
                        END AS amount_in,
                   CASE WHEN part IS NULL THEN out_
                        ELSE greatest(out_, 0) + greatest(-in_, 0) - before.amount_out END AS amount_out,
                   CASE WHEN part IS NULL THEN fees_ ELSE greatest(fees_, 0) - before.fees END AS fees
            FROM ({figured}) rounded
            LEFT JOIN LATERAL (
                SELECT coalesce(sum(booked.amount_in), 0) AS amount_in, coalesce(sum(booked.fees), 0) AS fees,
                       coalesce(sum(booked.amount_out), 0) AS amount_out, bool_and(booked.id IS NOT NULL) AS is_whole
                FROM clients_externalreference reference
                LEFT JOIN transactions_transaction booked ON booked.id = reference.row_id
                WHERE reference.source = %(source)s AND reference.kind = 'money'
                  AND reference.external_id = rounded.source_id COLLATE "default"
            ) before ON rounded.part IS NOT NULL AND NOT rounded.is_there
        ) differing
    ) signed
"""
_FIGURED = """
    SELECT staged.id, staged.source_id, staged.client_source_id, staged.invoice_source_id, staged.refund_of,
           staged.gateway, staged.description, staged.reference, staged.client_name, staged.at,
           staged.amount_in AS told_in, staged.amount_out AS told_out, staged.fees AS told_fees,
           coded.code AS currency, coded.currency_id, coded.is_guessed, client.outcome AS client_outcome,
           %(codes)s::jsonb ->> client.currency AS client_currency,
           round(staged.amount_in, minor_units(coded.code)) AS in_,
           round(staged.fees, minor_units(coded.code)) AS fees_,
           round(staged.amount_out, minor_units(coded.code)) AS out_,
           who.client_id, who.number, who.name, who.is_deleted, method.name AS method, method.is_decided,
           known.part, digested.digest, known.part IS NOT NULL AND known.digest = digested.digest AS is_there,
           coalesce(
               (staged.at AT TIME ZONE %(zone)s)::date,
               (SELECT coalesce((invoice.paid_at AT TIME ZONE %(zone)s)::date, invoice.issued_on)
                FROM billing_admin_stagedinvoice invoice
                WHERE invoice.of_id = %(run)s AND invoice.source_id = staged.invoice_source_id),
               client.created_on, %(read_on)s) AS told_day
    FROM ({rows}) who
    JOIN billing_admin_stagedmoney staged ON staged.id = who.id
    LEFT JOIN billing_admin_stagedclient client
      ON client.of_id = staged.of_id AND client.source_id = staged.client_source_id
    CROSS JOIN LATERAL (
        SELECT coalesce(%(codes)s::jsonb ->> named.currency_id, named.ours)::varchar(3) AS code, named.*
        FROM (SELECT CASE WHEN staged.currency NOT IN ('', '0') THEN staged.currency
                          WHEN client.id IS NOT NULL THEN client.currency
                          WHEN who.currency IS NULL THEN %(default_currency)s ELSE '' END AS currency_id,
                     CASE WHEN staged.currency IN ('', '0') THEN who.currency END AS ours,
                     staged.currency IN ('', '0') AND client.id IS NULL AND who.currency IS NULL AS is_guessed) named
    ) coded
    CROSS JOIN LATERAL (
        SELECT hashtextextended(concat_ws('|', trim_scale(staged.amount_in), trim_scale(staged.fees),
                                          trim_scale(staged.amount_out)), 0) AS digest
    ) digested
    JOIN unnest(%(gateways)s::text[], %(methods)s::text[], %(decided)s::boolean[])
        method (gateway, name, is_decided) ON method.gateway = staged.gateway
    LEFT JOIN LATERAL (
        SELECT part, digest FROM clients_externalreference
        WHERE source = %(source)s AND kind = 'money' AND external_id = staged.source_id COLLATE "default"
        ORDER BY part DESC LIMIT 1
    ) known ON true
"""

# What is given back of which row: of the same client and currency, and no more than came in.
REFUNDS = """
    CREATE TEMP TABLE money_refund ON COMMIT DROP AS
    SELECT id, target_row, target_id FROM (
        SELECT row.id, target.id AS target_row, booked.id AS target_id,
               sum(row.went) OVER (PARTITION BY row.refund_of ORDER BY row.id)
                   <= coalesce(booked.left_of_it, target.came) AS fits
        FROM money_row row
        LEFT JOIN money_row target
          ON target.source_id = row.refund_of AND target.id <> row.id AND target.outcome = '' AND target.part IS NULL
         AND target.came > 0 AND target.client_source_id = row.client_source_id AND target.currency = row.currency
        LEFT JOIN LATERAL (
            SELECT money.id, money.amount_in - coalesce((SELECT sum(amount_out) FROM transactions_transaction
                                                         WHERE refund_of_id = money.id), 0) AS left_of_it
            FROM clients_externalreference reference JOIN transactions_transaction money ON money.id = reference.row_id
            WHERE reference.source = %(source)s AND reference.kind = 'money'
              AND reference.external_id = row.refund_of COLLATE "default" AND money.amount_in > 0
              AND money.currency = row.currency AND money.client_id IS NOT DISTINCT FROM row.client_id
              AND (money.client_id IS NOT NULL OR money.client_number IS NOT NULL)
            ORDER BY reference.part LIMIT 1
        ) booked ON target.id IS NULL
        WHERE row.refund_of <> '' AND row.went > 0 AND row.part IS NULL AND row.outcome = ''
          AND coalesce(target.id, booked.id) IS NOT NULL
    ) given_back WHERE fits
"""

# Whom a client that is not brought is here, by an earlier import; or that it was deleted here.
_HERE = """
    SELECT client.id, client.number, client.name, client.currency, reference.client_id IS NULL AS is_deleted
    FROM clients_externalreference reference LEFT JOIN clients_client client ON client.id = reference.client_id
    WHERE reference.source = %(source)s AND reference.kind = 'client' AND reference.part = 0
      AND reference.external_id = row.client_source_id COLLATE "default"
"""
_NOT_BROUGHT = """NOT EXISTS (SELECT FROM billing_admin_stagedclient brought WHERE brought.of_id = %(run)s
    AND brought.source_id = row.client_source_id AND brought.outcome IN ('', 'there', 'changed'))"""
_OF_STAGED = f"""
    SELECT row.id, here.id AS client_id, here.number, here.name::text, here.currency,
           coalesce(here.is_deleted, false) AS is_deleted
    FROM billing_admin_stagedmoney row LEFT JOIN LATERAL ({_HERE}) here ON true
    WHERE row.of_id = %(run)s
"""


def _rows(rows: str) -> str:
    return _ROWS.replace("{figured}", _FIGURED.replace("{rows}", rows))


ROWS_STAGED = _rows(_OF_STAGED)
ROWS_OF_NOBODY = _rows(f"{_OF_STAGED} AND row.id BETWEEN %(first)s AND %(last)s AND {_NOT_BROUGHT}")
ROWS_OF_CLIENTS = _rows("""
    SELECT row.id, client.client_id, client.number, client.name, client.currency, false AS is_deleted
    FROM importing_client client
    JOIN billing_admin_stagedmoney row ON row.of_id = %(run)s AND row.client_source_id = client.source_id
""")


def parameters_of(run: SystemImport, at: datetime.datetime) -> dict[str, Any]:
    """What the statements about an import's money are told."""
    methods = methods_of(run)
    return {
        "run": run.pk,
        "source": run.source,
        "codes": json.dumps(currency_codes(run)),
        "default_currency": str(run.facts.get("default_currency", "")),
        "left_out_currencies": [
            key.removeprefix("currency:") for key, answer in run.answers.items()
            if key.startswith("currency:") and answer == LEAVE_OUT
        ],
        "gateways": list(methods),
        "methods": [name for name, *_ in methods.values()],
        "decided": [is_decided for _, is_decided, _ in methods.values()],
        "offered": [is_offered for *_, is_offered in methods.values()],
        "of_nobody": str(run.answers.get(OF_NOBODY, "")),
        "today": timezone.localdate(at),
        "read_on": timezone.localdate(run.read_at or run.created_at),
        "zone": timezone.get_default_timezone_name(),
        "at": at,
        "actor": run.actor_name,
        "said": f"Imported from {run.source}"[:500],
    }  # fmt: skip


def make_plan(cursor: CursorWrapper, rows: str, parameters: dict[str, Any]) -> None:
    """Make the temporary tables anew."""
    drop_plan(cursor)
    cursor.execute(rows, parameters)
    cursor.execute("CREATE INDEX ON money_row (source_id)")
    cursor.execute("CREATE INDEX ON money_row (id)")
    cursor.execute("ANALYZE money_row")
    cursor.execute(REFUNDS, parameters)
    cursor.execute("CREATE INDEX ON money_refund (id)")
    cursor.execute("ANALYZE money_refund")


def drop_plan(cursor: CursorWrapper) -> None:
    """Drop them."""
    cursor.execute("DROP TABLE IF EXISTS money_row, money_refund, money_transaction")
