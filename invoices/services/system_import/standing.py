"""How each staged invoice stands: what it comes to, what it is here, and the lines of ours that it would have."""

import json
from typing import Any

from django.utils import timezone

from billing_admin.importing.questions import LEAVE_OUT
from billing_admin.models import SystemImport

from .questions import JOIN, NEGATIVE_LINES, NOTHING_DUE, WAIT, statuses


def parameters(run: SystemImport) -> dict[str, Any]:
    """What the statements of this package take."""
    currencies = dict(run.facts.get("currencies", {}))
    for key, answer in run.answers.items():
        if key.startswith("currency:"):
            currencies[key.removeprefix("currency:")] = answer
    negative = run.answers.get(NEGATIVE_LINES)
    return {
        "run": run.pk,
        "source": run.source,
        "currencies": json.dumps(currencies),
        "statuses": json.dumps(statuses(run)),
        "negative": negative,
        "join": negative == JOIN,
        "nothing_due": run.answers.get(NOTHING_DUE, WAIT),
        "debts_left_out": run.answers.get("negative balance", LEAVE_OUT) == LEAVE_OUT,
        "zone": timezone.get_current_timezone_name(),
        "today": timezone.localdate(),
    }


# The clients of all that is staged, and those of one batch: (source_id, code, outcome, currency there, balance there).
EVERY_CLIENT = """
    SELECT client.source_id, client.outcome, client.currency, client.balance,
           coalesce(here.currency, %(currencies)s::jsonb ->> client.currency) AS code
    FROM billing_admin_stagedclient client
    LEFT JOIN clients_externalreference reference
      ON reference.source = %(source)s AND reference.kind = 'client' AND reference.part = 0
     AND reference.external_id = client.source_id COLLATE "default"
    LEFT JOIN clients_client here ON here.id = reference.client_id
    WHERE client.of_id = %(run)s
"""
OF_THE_BATCH = """
    SELECT batch.source_id, '' AS outcome, staged.currency, staged.balance, batch.currency AS code
    FROM importing_client batch
    LEFT JOIN billing_admin_stagedclient staged ON staged.of_id = %(run)s AND staged.source_id = batch.source_id
"""

_TO_COME = """open.status_here <> 'unpaid' OR NOT EXISTS (
                   SELECT FROM clients_externalreference came WHERE came.source = %(source)s AND came.kind = '{}'
                   AND came.external_id = row.source_id COLLATE "default")"""
_COMING = {"money_comes": _TO_COME.format("money"), "credit_comes": _TO_COME.format("credit")}

# `gross` is the total with what credit paid of it. Money and credit count as they will be booked: of the same client,
# in its currency, and not where an earlier import brought them without their invoice.
_STANDING = """
    owner AS MATERIALIZED ({clients}),
    staged AS MATERIALIZED (
        SELECT invoice.*, owner.code, minor_units(owner.code) AS places, owner.currency AS owner_currency,
               owner.balance AS owner_balance, owner.source_id IS NOT NULL AS has_owner, owner.outcome AS owner_outcome,
               %(statuses)s::jsonb ->> lower(btrim(invoice.status)) AS status_here,
               invoice.tax + invoice.tax2 AS all_tax,
               invoice.total + CASE WHEN invoice.is_gross THEN 0 ELSE invoice.credit END AS gross,
               coalesce(nullif(btrim(invoice.label), ''), invoice.source_id) AS printed,
               coalesce(invoice.issued_on, invoice.due_on, (invoice.created_at AT TIME ZONE %(zone)s)::date,
                        (invoice.paid_at AT TIME ZONE %(zone)s)::date, '1970-01-01') AS issued
        FROM billing_admin_stagedinvoice invoice
        {join} owner ON owner.source_id = invoice.client_source_id
        WHERE invoice.of_id = %(run)s
    ),
    money AS (
        SELECT open.id, sum(row.amount_in - row.amount_out) AS paid,
               coalesce(sum(row.amount_in - row.amount_out) FILTER (WHERE {money_comes}), 0) AS to_come,
               max(greatest(min_scale(row.amount_in), min_scale(row.amount_out))) AS scale
        FROM staged open JOIN billing_admin_stagedmoney row
          ON row.of_id = %(run)s AND row.invoice_source_id = open.source_id
         AND row.client_source_id = open.client_source_id AND row.currency IN ('', '0', open.owner_currency)
        WHERE open.status_here IN ('unpaid', 'draft', 'paid') GROUP BY open.id
    ),
    credit AS (
        SELECT open.id, -sum(row.amount) AS applied,
               coalesce(-sum(row.amount) FILTER (WHERE {credit_comes}), 0) AS to_come,
               max(min_scale(row.amount)) AS scale
        FROM staged open JOIN billing_admin_stagedcredit row
          ON row.of_id = %(run)s AND row.invoice_source_id = open.source_id
         AND row.client_source_id = open.client_source_id
        WHERE open.status_here IN ('unpaid', 'draft', 'paid') GROUP BY open.id
    ),
    standing AS MATERIALIZED (
        SELECT staged.*, coalesce(money.paid, 0) AS paid_rows, coalesce(credit.applied, 0) AS credit_rows,
               coalesce(money.to_come, 0) AS paid_to_come, coalesce(credit.to_come, 0) AS credit_to_come,
               greatest(money.scale, credit.scale, min_scale(subtotal), min_scale(tax), min_scale(tax2),
                        min_scale(gross), min_scale(staged.credit), min_scale(staged.paid)) AS scale,
               coalesce(money.paid, 0) + coalesce(credit.applied, 0) >= gross AS is_settled,
               CASE WHEN status_here = 'unpaid' AND %(nothing_due)s = 'paid' AND staged.paid + staged.credit >= gross
                    THEN 'paid' ELSE status_here END AS becomes
        FROM staged LEFT JOIN money USING (id) LEFT JOIN credit USING (id)
    )"""

# A line below zero goes into the one before, where that was decided. The tax of an invoice is that of its rates: of the
# first, of both, of the second on the first, or what it comes to in percent; what rounding leaves goes to the largest
# line. Where the lines come to subtotal and tax together, their prices include it.
_LINES = """
    lines_there AS (
        SELECT standing.id, line.position, line.id AS line_id, line.description, line.amount, line.taxed,
               standing.places, sum((line.amount >= 0 OR NOT %(join)s)::int)
                   OVER (PARTITION BY standing.id ORDER BY line.position, line.id) AS place
        FROM standing JOIN billing_admin_stagedline line
          ON line.of_id = %(run)s AND line.invoice_source_id = standing.source_id
        WHERE standing.becomes IN ('unpaid', 'draft')
    ),
    put_together AS (
        SELECT id, place, sum(amount) AS amount, bool_or(taxed) AS taxed, bool_or(taxed) = bool_and(taxed) AS is_even,
               bool_or(amount < 0) AS was_negative, max(min_scale(amount)) AS scale,
               string_agg(description || CASE WHEN amount < 0 THEN ' (−' || round(-amount, places) || ')' ELSE '' END,
                          E'\\n' ORDER BY position, line_id) AS description
        FROM lines_there GROUP BY id, place
    ),
    summed AS (
        SELECT id, sum(amount) AS lines, coalesce(sum(amount) FILTER (WHERE taxed), 0) AS base,
               greatest(count(*) FILTER (WHERE taxed), 1) AS taxed_lines
        FROM put_together GROUP BY id
    ),
    rated AS (
        SELECT standing.id, standing.places, all_tax, summed.lines, base, included.yes AS is_included, fitting.rate
        FROM standing JOIN summed USING (id)
        CROSS JOIN LATERAL (SELECT all_tax > 0 AND lines <> subtotal AND lines = subtotal + all_tax AS yes) included
        LEFT JOIN LATERAL (
            SELECT rate FROM (VALUES
                (1, tax_rate), (2, tax_rate + tax2_rate), (3, tax_rate + tax2_rate + tax_rate * tax2_rate / 100),
                (4, all_tax * 100 / nullif(base - CASE WHEN included.yes THEN all_tax ELSE 0 END, 0)), (5, 0)
            ) said (place, exact) CROSS JOIN LATERAL (SELECT round(exact, 3) AS rate) rounded
            WHERE CASE WHEN all_tax = 0 THEN rate = 0
                  ELSE rate > 0 AND rate <= 100
                   AND abs(base * rate / (100 + CASE WHEN included.yes THEN rate ELSE 0 END) - all_tax)
                       <= taxed_lines * power(10::numeric, -standing.places) END
            ORDER BY said.place LIMIT 1
        ) fitting ON true
    ),
    taxed_lines AS (
        SELECT put_together.*, rated.is_included AND taxed AS is_included, all_tax, rated.places,
               CASE WHEN taxed THEN rated.rate ELSE 0 END AS rate, rated.rate IS NOT NULL AS has_rate,
               CASE WHEN taxed THEN round(amount * rated.rate / (100 + CASE WHEN rated.is_included THEN rated.rate
                    ELSE 0 END), rated.places) ELSE 0 END AS own_tax,
               row_number() OVER (PARTITION BY id ORDER BY taxed DESC, amount DESC, place) AS by_size
        FROM put_together JOIN rated USING (id)
    ),
    own_lines AS (
        SELECT id, place, description, rate, is_included, is_even, has_rate, was_negative, scale, amount AS price,
               amount - CASE WHEN is_included THEN full_tax ELSE 0 END AS net, full_tax AS tax
        FROM (SELECT *, own_tax + CASE WHEN by_size = 1
                     THEN all_tax - sum(own_tax) OVER (PARTITION BY id) ELSE 0 END AS full_tax
              FROM taxed_lines) full_taxed
    )"""

# What a later import is told by that an invoice is the same. What is paid of it and its status move with money and
# credit, so they are not in it.
DIGEST = """hash_record_extended(ROW(standing.printed, standing.issued_on, standing.due_on, standing.subtotal,
    standing.tax, standing.tax2, standing.tax_rate, standing.tax2_rate, standing.gross), 0)
    # coalesce(line_sums.digest, 0)"""
_LINE_SUMS = """
    line_sums AS MATERIALIZED (
        SELECT line.invoice_source_id, sum(line.amount) AS lines_sum,
               bit_xor(hash_record_extended(ROW(line.position, line.description, line.amount, line.taxed), 0)) AS digest
        FROM billing_admin_stagedline line
        WHERE line.of_id = %(run)s {only} GROUP BY line.invoice_source_id
    )"""


def standing_of_all() -> str:
    """CTEs `standing`, a row for each staged invoice, and `own_lines`, those of ours for what is open or a draft."""
    return f"{_STANDING.format(clients=EVERY_CLIENT, join='LEFT JOIN', **_COMING)},{_LINES}"


STANDING_OF_BATCH = _STANDING.format(clients=OF_THE_BATCH, join="JOIN", **_COMING)
LINES_OF_BATCH = f"standing AS (SELECT * FROM importing_new),{_LINES}"
LINE_SUMS_OF_ALL = _LINE_SUMS.format(only="")
LINE_SUMS_OF_BATCH = _LINE_SUMS.format(only="AND line.invoice_source_id IN (SELECT source_id FROM importing_new)")
