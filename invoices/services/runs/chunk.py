"""One chunk of an invoice run, in a fixed number of statements whatever its size."""

import datetime
import json
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.countries import names as country_names
from billing_admin.money.amounts import amount_text
from billing_admin.text import pluralize
from clients.models.activity import actor_name
from invoices.models import Invoice, InvoiceRun, NumberSeries, RunLimits, TaxSettings
from invoices.models.numbers_ahead import NumbersAhead, confirm
from invoices.services.issue import PAYMENT_TERM
from invoices.signals import invoices_generated, invoices_planned


class Billed(NamedTuple):
    """What a chunk billed in one currency."""

    currency: str
    invoices: int
    total: Decimal
    credit_applied: Decimal
    paid: int


# The fewest days between two due dates of a cycle, which bounds how many periods can be due; `due_date` has the dates.
_FEWEST_DAYS = {
    "once": 1,
    "weekly": 7,
    "monthly": 28,
    "quarterly": 89,
    "half_yearly": 181,
    "yearly": 365,
    "two_yearly": 730,
    "three_yearly": 1095,
}
_CYCLE_ROWS = ", ".join(f"('{cycle}', {days})" for cycle, days in _FEWEST_DAYS.items())

# Every period of every item that is due. Period n is counted from starts_on, so that month ends come out right.
DUE_LINES_SQL = f"""
    SELECT item.id AS item_id, item.client_id, item.currency, item.description, item.quantity, item.unit_price,
           rate.tax_rate, price.tax_included, due.number AS period_number, due.period,
           coalesce(nullif(item.po_number, ''), client.po_number) AS po_number,
           CASE WHEN price.tax_included THEN rounded.amount - taxed.tax ELSE rounded.amount END AS amount, taxed.tax
    FROM invoices_billableitem item
    JOIN clients_client client ON client.id = item.client_id
    JOIN (VALUES {_CYCLE_ROWS}) AS cycle (code, fewest_days) ON cycle.code = item.cycle
    LEFT JOIN invoices_taxrate home ON home.country = client.country
    LEFT JOIN invoices_taxrate elsewhere ON elsewhere.country = ''
    CROSS JOIN LATERAL (
        SELECT CASE WHEN client.tax_exempt THEN 0
                    ELSE coalesce(item.tax_rate, client.tax_rate, home.rate, elsewhere.rate, 0) END AS tax_rate
    ) rate
    CROSS JOIN LATERAL (SELECT coalesce(item.tax_included, %(prices_include_tax)s) AS tax_included) price
    CROSS JOIN LATERAL (
        SELECT round(item.quantity * item.unit_price, minor_units(item.currency)) AS amount
    ) rounded
    CROSS JOIN LATERAL ( -- thirty places: the quotient must not be rounded before it is rounded
        SELECT CASE WHEN rate.tax_rate = 0 THEN 0 ELSE round(
            (rounded.amount * rate.tax_rate)::numeric(60, 30)
                / (100 + CASE WHEN price.tax_included THEN rate.tax_rate ELSE 0 END),
            minor_units(item.currency)
        ) END AS tax
    ) taxed
    CROSS JOIN LATERAL (
        SELECT number, due_date(item.starts_on, item.cycle, number) AS period
        FROM generate_series(
            item.periods_billed,
            CASE WHEN item.cycle = 'once' THEN 0
                 ELSE item.periods_billed + (%(as_of)s - item.next_due_on) / cycle.fewest_days END
        ) number
    ) due
    WHERE item.client_id = ANY(%(client_ids)s) AND item.next_due_on <= %(as_of)s AND NOT item.paused
      AND due.period <= %(as_of)s AND (item.ends_on IS NULL OR due.period <= item.ends_on)
      AND client.status = 'active'
"""

_DUE_LINES = f"CREATE TEMP TABLE due_line ON COMMIT DROP AS {DUE_LINES_SQL}"

# What no invoice of a run exceeds; a limit that is not set refuses nothing.
BEYOND_SQL = """
    (total > (%(largest_totals)s::jsonb ->> currency)::numeric OR lines > %(most_lines)s::integer
     OR oldest < %(as_of)s::date - %(oldest_days)s::integer)
"""
# In the order of the clients, as their numbers are. Where purchase orders differ, each line has its own instead.
_DUE_INVOICES = """
    CREATE TEMP TABLE due_invoice ON COMMIT DROP AS
    SELECT nextval('invoices_invoice_id_seq') AS id, totals.*, subtotal + tax AS total, 0::numeric AS credit
    FROM (
        SELECT client_id, currency, sum(amount) AS subtotal, sum(tax) AS tax, count(*) AS lines, min(period) AS oldest,
               row_number() OVER (ORDER BY client_id, currency) - 1 AS place,
           CASE WHEN min(po_number) = max(po_number) THEN min(po_number) ELSE '' END AS po_number
        FROM due_line GROUP BY client_id, currency ORDER BY client_id, currency
    ) totals
"""
_BEYOND = f"""
    SELECT client_id, currency, total, lines, oldest FROM due_invoice WHERE {BEYOND_SQL} ORDER BY client_id, currency
"""
_PARK = """
    DELETE FROM due_line WHERE client_id = ANY(%(parked)s);
    DELETE FROM due_invoice WHERE client_id = ANY(%(parked)s);
    UPDATE due_invoice SET place = moved.place
    FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM due_invoice) moved
    WHERE moved.id = due_invoice.id
"""
_COUNT_DUE = "SELECT count(*), count(DISTINCT client_id) FROM due_invoice"

_INSERT_INVOICES = """
    WITH added AS (
        INSERT INTO invoices_invoice (
            id, client_id, number_prefix, number, status, issued_on, due_on, paid_at, bill_to_name, bill_to_address,
            bill_to_email, bill_to_tax_id, currency, subtotal, tax, total, credit_applied, amount_paid, amount_credited,
            credit_use, notes, po_number, run_id, created_by_id, created_at
        )
        SELECT due.id, due.client_id, %(prefix)s, %(first_number)s + due.place,
               CASE WHEN due.total = due.credit THEN 'paid' ELSE 'unpaid' END, %(as_of)s, %(due_on)s,
               CASE WHEN due.total = due.credit THEN %(now)s END,
               client.name,
               concat_ws(E'\\n',
                   CASE WHEN client.company_name <> ''
                        THEN nullif(trim(client.first_name || ' ' || client.last_name), '') END,
                   nullif(client.address_1, ''), nullif(client.address_2, ''),
                   nullif(trim(client.postcode || ' ' || client.city), ''), nullif(client.region, ''),
                   coalesce(%(countries)s::jsonb ->> client.country, nullif(client.country, ''))),
               client.email, client.tax_id, due.currency, due.subtotal, due.tax, due.total, due.credit, 0, 0, '', '',
               due.po_number,
               %(run_id)s, %(actor_id)s, %(now)s
        FROM due_invoice due JOIN clients_client client ON client.id = due.client_id
        ORDER BY due.id
        RETURNING id
    ) SELECT array_agg(id ORDER BY id) FROM added
"""

_INSERT_LINES = """
    INSERT INTO invoices_invoiceline (
        invoice_id, client_id, billable_item_id, period, position, description, quantity, currency, unit_price,
        tax_rate, tax_included, amount, tax, po_number
    )
    SELECT due_invoice.id, line.client_id, line.item_id, line.period,
           row_number() OVER (PARTITION BY due_invoice.id ORDER BY line.period, line.item_id),
           line.description, line.quantity, line.currency, line.unit_price, line.tax_rate,
           line.tax_included, line.amount, line.tax,
           CASE due_invoice.po_number WHEN '' THEN line.po_number ELSE '' END
    FROM due_line line JOIN due_invoice USING (client_id, currency)
    ORDER BY due_invoice.id
"""

_ADVANCE_ITEMS = """
    UPDATE invoices_billableitem item
    SET periods_billed = billed.number,
        next_due_on = CASE WHEN item.cycle <> 'once' AND (
            item.ends_on IS NULL OR due_date(item.starts_on, item.cycle, billed.number) <= item.ends_on
        ) THEN due_date(item.starts_on, item.cycle, billed.number) END
    FROM (SELECT item_id, max(period_number) + 1 AS number FROM due_line GROUP BY item_id) billed
    WHERE item.id = billed.item_id
"""

_RECORD_INVOICES = """
    INSERT INTO clients_activity (client_id, actor_id, actor_name, verb, summary, data, at)
    SELECT client_id, %(actor_id)s, %(actor_name)s, 'invoice.issued',
           document_label(%(prefix)s, %(first_number)s + place) || ' of ' || money_text(total, currency)
               || ' issued by an invoice run',
           jsonb_build_object('invoice', id, 'run', %(run_id)s::bigint), %(now)s
    FROM due_invoice ORDER BY id
"""

_SUMMARY = """
    SELECT currency, count(*), sum(total), sum(credit_applied), count(*) FILTER (WHERE status = 'paid')
    FROM invoices_invoice WHERE id IN (SELECT id FROM due_invoice) GROUP BY currency ORDER BY currency
"""


class ChunkOutcome(NamedTuple):
    """What became of a chunk: how many clients got an invoice, the figures, and who was parked for which reason."""

    clients: int
    billed: list[Billed]
    parked: dict[int, str]


def due_parameters(as_of: datetime.date, limits: RunLimits) -> dict[str, Any]:
    """The parameters of DUE_LINES_SQL and BEYOND_SQL, all but `client_ids`."""
    return {
        "as_of": as_of,
        "prices_include_tax": TaxSettings.objects.current().prices_include_tax,
        "largest_totals": json.dumps(limits.largest_totals),
        "most_lines": limits.most_lines,
        "oldest_days": limits.oldest_days,
    }


def bill_chunk(*, run: InvoiceRun, client_ids: list[int], by: Actor, limits: RunLimits, ahead: bool) -> ChunkOutcome:
    """Bill what is due by the run's date for these clients, announce it, and return what became of it.

    Runs inside the caller's transaction, with the clients locked before anything of theirs is read, so that of two runs
    at once the second finds nothing due. The numbers are taken `ahead`: after those of the chunks that other run
    workers are at, without waiting for these; or in turn, and then nobody else numbers until the end of the
    transaction.

    Raises NumbersMoved, only where they are taken ahead: then the chunk is to be done again in turn.
    """
    now = timezone.now()
    parameters = due_parameters(run.as_of, limits) | {
        "client_ids": client_ids,
        "due_on": run.as_of + PAYMENT_TERM,
        "run_id": run.pk,
        "now": now,
        "actor_id": by.pk if by else None,
        "actor_name": actor_name(by),
    }
    with connection.cursor() as cursor:
        cursor.execute(_DUE_LINES, parameters)
        cursor.execute(_DUE_INVOICES)
        parked = _leave_out(cursor, parameters, limits)
        cursor.execute(_COUNT_DUE)
        invoices, clients = cursor.fetchone()
        if not invoices:
            cursor.execute("DROP TABLE due_line, due_invoice")
            return ChunkOutcome(0, [], parked)
        numbers = _take_numbers(invoices, run.as_of, ahead=ahead)
        parameters |= {
            "prefix": numbers.prefix,
            "first_number": numbers.first,
            "countries": json.dumps(country_names()),
        }
        cursor.execute(_RECORD_INVOICES, parameters)
        answers = invoices_planned.send(
            sender=Invoice, plan="due_invoice", prefix=numbers.prefix, first=numbers.first, on=run.as_of, by=by
        )
        cursor.execute(_INSERT_INVOICES, parameters)
        (invoice_ids,) = cursor.fetchone()
        cursor.execute(_INSERT_LINES)
        cursor.execute(_ADVANCE_ITEMS)
        planned = any(answer for _, answer in answers)
        invoices_generated.send(sender=Invoice, invoice_ids=invoice_ids, on=run.as_of, by=by, planned=planned)
        cursor.execute(_SUMMARY)
        billed = [Billed(*row) for row in cursor.fetchall()]
        cursor.execute("DROP TABLE due_line, due_invoice")
    if ahead:
        confirm(numbers)
    return ChunkOutcome(clients, billed, parked)


def _leave_out(cursor: CursorWrapper, parameters: dict[str, Any], limits: RunLimits) -> dict[int, str]:
    """Take clients out of the chunk whose invoice would exceed a limit. Returns why, for each."""
    cursor.execute(_BEYOND, parameters)
    parked: dict[int, str] = {}
    for client_id, *figures in cursor.fetchall():
        parked.setdefault(client_id, _why_beyond(limits, parameters["as_of"], *figures))
    if parked:
        cursor.execute(_PARK, {"parked": list(parked)})
    return parked


def _why_beyond(
    limits: RunLimits, as_of: datetime.date, currency: str, total: Decimal, lines: int, oldest: datetime.date
) -> str:
    """Which limit an invoice would exceed, with the figures."""
    largest = limits.largest_total(currency)
    if largest is not None and total > largest:
        return (
            f"The invoice would be {amount_text(total, currency)} {currency}; the limit is "
            f"{amount_text(largest, currency)} {currency}."
        )
    if limits.most_lines is not None and lines > limits.most_lines:
        return f"The invoice would have {pluralize(lines, 'line')}; the limit is {limits.most_lines:,}."
    return (
        f"The invoice would bill {oldest:%-d %b %Y}, {pluralize((as_of - oldest).days, 'day')} before the run’s date; "
        f"the limit is {pluralize(limits.oldest_days or 0, 'day')}."
    )


def _take_numbers(count: int, on: datetime.date, *, ahead: bool) -> NumbersAhead:
    if ahead:
        return NumberSeries.objects.take_ahead(NumberSeries.INVOICE, count, on)
    return NumbersAhead(NumberSeries.INVOICE, *NumberSeries.objects.take(NumberSeries.INVOICE, count, on), count)
