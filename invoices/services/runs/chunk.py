"""One chunk of an invoice run, in a fixed number of statements whatever its size."""

import datetime
import json
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from billing_admin.actor import Actor
from clients.models import MailMessage
from clients.models.activity import actor_name
from invoices.documents.taken_over import company_on
from invoices.models import Invoice, InvoiceRun, NumberSeries, RunLimits
from invoices.models.numbers_ahead import NumbersAhead, confirm
from invoices.services.issue import PAYMENT_TERM
from invoices.signals import invoices_generated, invoices_planned

from .due_lines import DUE_LINES_SQL, due_parameters
from .leave_out import leave_out


class Billed(NamedTuple):
    """What a chunk billed in one currency."""

    currency: str
    invoices: int
    total: Decimal
    credit_applied: Decimal
    paid: int


_DUE_LINES = f"CREATE TEMP TABLE due_line ON COMMIT DROP AS {DUE_LINES_SQL}"

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
_COUNT_DUE = "SELECT count(*), count(DISTINCT client_id) FROM due_invoice"

_INSERT_INVOICES = """
    WITH added AS (
        INSERT INTO invoices_invoice (
            id, client_id, number_prefix, number, label, status, issued_on, due_on, paid_at, seller_id, bill_to_name,
            bill_to_address, bill_to_email, bill_to_tax_id, bill_to_person, bill_to_line_1, bill_to_line_2,
            bill_to_postcode, bill_to_city, bill_to_region, bill_to_country, bill_to_registration, bill_to_e_scheme,
            bill_to_e_address, buyer_reference, language, e_invoice, accounting_rate, prepaid, currency, subtotal, tax,
            total, credit_applied, amount_paid, amount_credited, credit_use, notes, po_number, run_id, created_by_id,
            created_at
        )
        SELECT due.id, due.client_id, %(prefix)s, %(first_number)s + due.place,
               document_label(%(prefix)s, %(first_number)s + due.place),
               CASE WHEN due.total = due.credit THEN 'paid' ELSE 'unpaid' END, %(as_of)s, %(due_on)s,
               CASE WHEN due.total = due.credit THEN %(now)s END,
               %(seller_id)s, client.name, '', client.email, client.tax_id,
               CASE WHEN client.company_name <> '' THEN trim(client.first_name || ' ' || client.last_name) ELSE '' END,
               client.address_1, client.address_2, client.postcode, client.city, client.region, client.country,
               client.registration, client.electronic_scheme, client.electronic_address, client.buyer_reference,
               CASE client.language WHEN '' THEN %(seller_language)s ELSE client.language END, client.e_invoice,
               (%(rates)s::jsonb ->> due.currency)::numeric, due.credit,
               due.currency, due.subtotal, due.tax, due.total, due.credit, 0, 0, '', '',
               due.po_number,
               %(run_id)s, %(actor_id)s, %(now)s
        FROM due_invoice due JOIN clients_client client ON client.id = due.client_id
        ORDER BY due.id
        RETURNING id
    ) SELECT array_agg(id ORDER BY id) FROM added
"""

_INSERT_LINES = """
    INSERT INTO invoices_invoiceline (
        invoice_id, client_id, billable_item_id, period, period_end, position, description, quantity, unit, currency,
        unit_price, tax_rate, tax_category, tax_reason, tax_included, amount, tax, po_number
    )
    SELECT due_invoice.id, line.client_id, line.item_id, line.period, line.next_period - 1,
           row_number() OVER (PARTITION BY due_invoice.id ORDER BY line.period, line.item_id),
           line.description, line.quantity, line.unit, line.currency, line.unit_price, line.tax_rate,
           line.tax_category, line.tax_reason, line.tax_included, line.amount, line.tax,
           CASE due_invoice.po_number WHEN '' THEN line.po_number ELSE '' END
    FROM due_line line JOIN due_invoice USING (client_id, currency)
    ORDER BY due_invoice.id
"""

_ADVANCE_ITEMS = """
    UPDATE invoices_billableitem item
    SET periods_billed = billed.number,
        next_due_on = CASE WHEN item.ends_on IS NULL OR billed.next_period <= item.ends_on THEN billed.next_period END
    FROM (
        SELECT item_id, max(period_number) + 1 AS number, max(next_period) AS next_period
        FROM due_line GROUP BY item_id
    ) billed
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


def bill_chunk(*, run: InvoiceRun, client_ids: list[int], by: Actor, limits: RunLimits, ahead: bool) -> ChunkOutcome:
    """Bill what is due by the run's date for these clients, announce it, and return what became of it.

    Runs inside the caller's transaction, with the clients locked before anything of theirs is read, so that of two runs
    at once the second finds nothing due. The numbers are taken `ahead`: after those of the chunks that other run
    workers are at, without waiting for these; or in turn, and then nobody else numbers until the end of the
    transaction.

    Raises NumbersMoved, only where they are taken ahead: then the chunk is to be done again in turn.
    """
    now = timezone.now()
    company = company_on(run.as_of)
    parameters = due_parameters(run.as_of, limits) | {
        "client_ids": client_ids,
        "due_on": run.as_of + PAYMENT_TERM,
        "run_id": run.pk,
        "now": now,
        "actor_id": by.pk if by else None,
        "actor_name": actor_name(by),
        "seller_id": company.version and company.version.pk,
        "seller_language": company.version.language if company.version else "",
        "rates": json.dumps({currency: str(rate) for currency, rate in company.rates.items()}),
    }
    with connection.cursor() as cursor:
        cursor.execute(_DUE_LINES, parameters)
        cursor.execute(_DUE_INVOICES)
        parked = leave_out(cursor, parameters, limits, company)
        cursor.execute(_COUNT_DUE)
        invoices, clients = cursor.fetchone()
        if not invoices:
            cursor.execute("DROP TABLE due_line, due_invoice")
            return ChunkOutcome(0, [], parked)
        numbers = _take_numbers(invoices, run.as_of, ahead=ahead)
        parameters |= {
            "prefix": numbers.prefix,
            "first_number": numbers.first,
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
        MailMessage.objects.queue("invoice", invoice_ids, by=by)
        cursor.execute(_SUMMARY)
        billed = [Billed(*row) for row in cursor.fetchall()]
        cursor.execute("DROP TABLE due_line, due_invoice")
    if ahead:
        confirm(numbers)
    return ChunkOutcome(clients, billed, parked)


def _take_numbers(count: int, on: datetime.date, *, ahead: bool) -> NumbersAhead:
    if ahead:
        return NumberSeries.objects.take_ahead(NumberSeries.INVOICE, count, on)
    return NumbersAhead(NumberSeries.INVOICE, *NumberSeries.objects.take(NumberSeries.INVOICE, count, on), count)
