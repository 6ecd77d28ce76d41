"""A past for synthetic clients: invoices with their lines, payments, used credit and activity, in the order of time.

Everything is planned first in one temporary table and then written slice by slice, so that ids, numbers and days run in
step as they do in a business. Each slice is a transaction of a fixed number of statements, and the triggers keep the
sums: an invoice comes into being Unpaid, and its payment makes it Paid.
"""

import datetime
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db import transaction as db_transaction

from invoices.models import InvoiceRun, NumberSeries
from invoices.services.issue import PAYMENT_TERM
from tests.benchmarks.synthetic.credit import book_credit
from transactions.models import PaymentMethod

SLICE = 50_000

# The first clients of all have so many invoices, or twice as many as there are clients.
WHALES = 3
OF_A_WHALE = 2_000

# Where heavy ones are wanted they come next: two that have paid nothing, and one with half of its invoices paid with
# credit in part, so that it has more than 100,000 rows.
OWING = (20_000, 20_000)
SPENDING = (40_000,)

METHODS = ("Card", "Bank transfer", "PayPal", "Cheque")

# Each client is billed every fourth month, one to seven times; the first ones, as `counts` says, many times a day.
_PLAN = """
    CREATE TEMP TABLE past AS
    SELECT row_number() OVER (ORDER BY issued_on, client_id, k) AS position, client_id, currency, tax_rate, issued_on,
           mod(abs(hashint8(client_id * 8191 + k)::bigint), 1000) AS draw
    FROM (
        SELECT client.id AS client_id, client.currency, client.created_at, k,
               CASE WHEN client.currency = 'EUR' AND NOT client.tax_exempt THEN 19 ELSE 0 END AS tax_rate,
               %(until)s::date - coalesce(1 + k * 730 / many,
                                          30 * (client.id %% 4 + 4 * k) + 1 + (client.id * 13 + k) %% 30)::integer
                   AS issued_on
        FROM clients_client client
        LEFT JOIN unnest(%(counts)s::bigint[]) WITH ORDINALITY large (many, place)
          ON client.id = %(low)s + place - 1
        CROSS JOIN LATERAL generate_series(0, coalesce(many - 1, client.id / 4 %% 7)) k
        WHERE client.id BETWEEN %(low)s AND %(high)s
    ) planned
    WHERE issued_on >= created_at::date
"""

# What becomes of each: the draw decides, and whether it is recent.
_INVOICES = """
    CREATE TEMP TABLE past_invoice AS
    SELECT nextval(pg_get_serial_sequence('invoices_invoice', 'id')) AS id, past.*,
           minor_units(currency) AS places,
           CASE WHEN draw < 5 AND issued_on > %(until)s::date - 40 THEN 'draft'
                WHEN client_id = ANY (%(owing)s::bigint[]) THEN 'unpaid'
                WHEN client_id = ANY (%(spending)s::bigint[]) AND draw %% 2 = 0 THEN 'with credit'
                WHEN draw < 20 THEN 'cancelled'
                WHEN draw < 30 THEN 'refunded'
                WHEN draw < 40 THEN 'in part'
                WHEN draw < 65 OR (draw < 600 AND issued_on > %(until)s::date - 14) THEN 'unpaid'
                WHEN draw < 120 THEN 'with credit'
                ELSE 'paid' END AS fate
    FROM (SELECT * FROM past WHERE position BETWEEN %(first)s AND %(last)s ORDER BY position) past
"""
_LINES = """
    CREATE TEMP TABLE past_line AS
    SELECT invoice_id, client_id, n AS position, currency, quantity, unit_price, tax_rate, amount,
           round(amount * tax_rate / 100, places) AS tax,
           ('{Hosting,Virtual server,Mail,Domain,Support,Backup,Licence}'::text[])[1 + (client_id + n) %% 7]
               AS description
    FROM (
        SELECT id AS invoice_id, client_id, n, currency, tax_rate, places, 1 + draw %% 3 AS quantity, unit_price,
               round((1 + draw %% 3) * unit_price, places) AS amount
        FROM past_invoice
        CROSS JOIN LATERAL generate_series(1, CASE WHEN draw %% 4 = 0 THEN 2 ELSE 1 END) n
        CROSS JOIN LATERAL (
            SELECT CASE WHEN currency = 'JPY' THEN 500 + client_id %% 9000 ELSE 4.99 + (client_id + n) %% 90 END
                       AS unit_price
        ) price
    ) priced
"""
_TOTALS = """
    CREATE TEMP TABLE past_total AS
    SELECT invoice.*, subtotal, tax, subtotal + tax AS total,
           CASE WHEN fate = 'with credit' THEN round((subtotal + tax) / 4, places) ELSE 0 END AS credit,
           CASE WHEN fate <> 'draft'
                THEN %(first_number)s - 1 + count(*) FILTER (WHERE fate <> 'draft') OVER (ORDER BY invoice.position) END
               AS number
    FROM past_invoice invoice
    JOIN (SELECT invoice_id, sum(amount) AS subtotal, sum(tax) AS tax FROM past_line GROUP BY invoice_id) lines
      ON lines.invoice_id = invoice.id
"""
_INSERT_INVOICES = """
    INSERT INTO invoices_invoice (
        id, client_id, number_prefix, number, status, issued_on, due_on, cancelled_at, bill_to_name, bill_to_address,
        bill_to_email, bill_to_tax_id, currency, subtotal, tax, total, credit_applied, amount_paid, amount_credited,
        credit_use, notes, run_id, created_at
    )
    SELECT past.id, past.client_id, CASE WHEN number_ IS NULL THEN '' ELSE %(prefix)s END, number_,
           CASE WHEN fate IN ('draft', 'cancelled', 'refunded') THEN fate ELSE 'unpaid' END,
           CASE WHEN fate <> 'draft' THEN issued_on END, CASE WHEN fate <> 'draft' THEN issued_on + %(term)s END,
           CASE WHEN fate = 'cancelled' THEN issued_on + interval '34 hours' END,
           client.name,
           concat_ws(E'\\n', client.address_1, client.postcode || ' ' || client.city, client.country), client.email,
           '', past.currency, subtotal, tax, total, 0, 0, 0, '', '', %(run_id)s, issued_on + interval '2 hours'
    FROM (SELECT *, number AS number_ FROM past_total) past JOIN clients_client client ON client.id = past.client_id
    ORDER BY past.id
"""
_INSERT_LINES = """
    INSERT INTO invoices_invoiceline (invoice_id, client_id, position, description, quantity, currency, unit_price,
        tax_rate, tax_included, amount, tax)
    SELECT invoice_id, client_id, position, description, quantity, currency, unit_price, tax_rate, false, amount, tax
    FROM past_line ORDER BY invoice_id, position
"""
_CREDIT = """
    CREATE TEMP TABLE past_credit AS
    SELECT client_id, currency, credit AS amount,
           CASE WHEN position % 3 = 0 THEN 'paid' ELSE 'promotional' END AS category, 'Goodwill' AS description,
           NULL::date AS expires_on, issued_on + interval '2 hours' AS at, id AS invoice_id
    FROM past_total WHERE credit > 0
"""
_PAYMENTS = """
    CREATE TEMP TABLE past_payment AS
    SELECT nextval(pg_get_serial_sequence('transactions_transaction', 'id')) AS payment_id, past.*,
           least(issued_on + draw::integer %% 20, %(until)s::date) AS date,
           CASE WHEN fate = 'in part' THEN round(total / 2, places) ELSE total - credit END AS amount,
           (%(methods)s::bigint[])[
               CASE WHEN draw = 999 THEN 4 WHEN draw >= 900 THEN 3 WHEN draw >= 600 THEN 2 ELSE 1 END] AS method_id
    FROM past_total past WHERE fate IN ('paid', 'with credit', 'in part', 'refunded') ORDER BY id
"""
# Of 2,000 payments there is one that nobody knows whose it is.
_INSERT_PAYMENTS = """
    INSERT INTO transactions_transaction (id, client_id, client_number, client_name, invoice_id, invoice_label, kind,
        date, payment_method_id, reference, part, description, currency, amount_in, fees, amount_out, refund_of_id,
        created_by_name, created_at)
    SELECT payment_id, client.id, client.number, invoice.bill_to_name, invoice.id, invoice.label, 'payment', date,
           method_id, 'pay_' || left(md5(invoice.id::text), 16), 1, 'Payment of ' || invoice.label,
           past.currency, amount,
           CASE WHEN method_id = (%(methods)s::bigint[])[1] THEN round(amount * 0.029, places) ELSE 0 END, 0, NULL,
           'System', date + interval '14 hours'
    FROM past_payment past JOIN invoices_invoice invoice ON invoice.id = past.id
    JOIN clients_client client ON client.id = past.client_id
    UNION ALL
    SELECT nextval(pg_get_serial_sequence('transactions_transaction', 'id')), client.id, client.number,
           invoice.bill_to_name, invoice.id, invoice.label, 'refund', date, method_id, '', 1,
           'Refund of ' || invoice.label, past.currency, 0, 0, amount, payment_id, 'System', date + interval '15 hours'
    FROM past_payment past JOIN invoices_invoice invoice ON invoice.id = past.id
    JOIN clients_client client ON client.id = past.client_id WHERE fate = 'refunded'
    UNION ALL
    SELECT nextval(pg_get_serial_sequence('transactions_transaction', 'id')), NULL, NULL, '', NULL, '', 'payment', date,
           (%(methods)s::bigint[])[2], 'TRF ' || payment_id, 1, 'Unknown payer', currency, amount, 0, 0, NULL, 'System',
           date + interval '16 hours'
    FROM past_payment WHERE position %% 2000 = 1
    ORDER BY 1
"""
_RECORD = """
    INSERT INTO clients_activity (client_id, actor_name, verb, summary, data, at)
    SELECT invoice.client_id, 'System', 'invoice.issued',
           invoice.label || ' of ' || money_text(invoice.total, invoice.currency) || ' issued by an invoice run',
           jsonb_build_object('invoice', invoice.id, 'run', invoice.run_id), invoice.created_at
    FROM past_total past JOIN invoices_invoice invoice ON invoice.id = past.id WHERE fate <> 'draft'
    UNION ALL
    SELECT past.client_id, 'System', 'payment.recorded',
           'Payment of ' || money_text(past.amount, past.currency) || ' recorded for ' || invoice.label,
           jsonb_build_object('transaction', past.payment_id, 'invoice', past.id, 'amount', past.amount::text,
                              'currency', past.currency), past.date + interval '14 hours'
    FROM past_payment past JOIN invoices_invoice invoice ON invoice.id = past.id
    ORDER BY 6
"""
_FIGURES = """
    SELECT invoice.currency, count(*), sum(invoice.total), sum(invoice.credit_applied),
           count(*) FILTER (WHERE invoice.credit_applied = invoice.total)
    FROM past_total past JOIN invoices_invoice invoice ON invoice.id = past.id WHERE fate <> 'draft'
    GROUP BY invoice.currency ORDER BY invoice.currency
"""
_TEMPORARY = ("past_invoice", "past_line", "past_total", "past_credit", "past_payment")


def make_past(
    *, low: int, high: int, until: datetime.date, heavy: bool, progress: Callable[[str, int, int], None]
) -> None:
    """Bill the clients with these ids for the time before a day, and have most of them pay."""
    methods = [PaymentMethod.objects.get_or_create(name=name)[0].pk for name in METHODS]
    counts = [min(OF_A_WHALE, 2 * (high - low + 1))] * WHALES
    owing, spending = heavy_clients(low) if heavy else ([], [])
    if heavy:
        counts += [*OWING, *SPENDING]
    with connection.cursor() as cursor:
        cursor.execute(_PLAN, {"low": low, "high": high, "until": until, "counts": counts})
        cursor.execute("CREATE UNIQUE INDEX ON past (position)")
        cursor.execute("ANALYZE past")
        cursor.execute("SELECT count(*) FROM past")
        (planned,) = cursor.fetchone()
    for first in range(1, planned + 1, SLICE):
        last = min(first + SLICE - 1, planned)
        who = {"owing": owing, "spending": spending}
        _make_slice({"first": first, "last": last, "until": until, "methods": methods, **who})
        progress("Making their past", last, planned)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE past")


def heavy_clients(low: int) -> tuple[list[int], list[int]]:
    """The ids of those that owe for all, and of those with the most rows, where the first client has the id `low`."""
    first = low + WHALES
    return list(range(first, first + len(OWING))), list(range(first + len(OWING), first + len(OWING) + len(SPENDING)))


@db_transaction.atomic
def _make_slice(parameters: dict[str, Any]) -> None:
    """Some invoices that follow on one another, by a run of their own, with all that became of them."""
    with connection.cursor() as cursor:
        cursor.execute(_INVOICES, parameters)
        cursor.execute(_LINES, parameters)
        cursor.execute("ANALYZE past_invoice, past_line")
        cursor.execute("SELECT count(*) FILTER (WHERE fate <> 'draft'), max(issued_on) FROM past_invoice")
        numbered, day = cursor.fetchone()
        prefix, first_number = NumberSeries.objects.take(NumberSeries.INVOICE, numbered, day)
        run = _run_of(day)
        parameters |= {"prefix": prefix, "first_number": first_number, "run_id": run.pk, "term": PAYMENT_TERM.days}
        cursor.execute(_TOTALS, parameters)
        cursor.execute("ANALYZE past_total")
        cursor.execute(_INSERT_INVOICES, parameters)
        cursor.execute(_INSERT_LINES)
        cursor.execute(_CREDIT)
        book_credit("past_credit")
        cursor.execute(_PAYMENTS, parameters)
        cursor.execute("ANALYZE past_payment")
        cursor.execute(_INSERT_PAYMENTS, parameters)
        cursor.execute(_RECORD)
        cursor.execute(_FIGURES)
        _sum_up(run, cursor.fetchall())
        cursor.execute(f"DROP TABLE {', '.join(_TEMPORARY)}")


def _run_of(day: datetime.date) -> InvoiceRun:
    begun = datetime.datetime.combine(day, datetime.time(2), datetime.UTC)
    return InvoiceRun.objects.create(
        as_of=day,
        state=InvoiceRun.State.FINISHED,
        started_by_name="System",
        started_at=begun,
        worked_at=begun,
        finished_at=begun + datetime.timedelta(seconds=9),
    )


def _sum_up(run: InvoiceRun, figures: list[tuple[Any, ...]]) -> None:
    run.totals = {
        currency: {"invoices": count, "total": str(total), "credit_applied": str(applied), "paid": paid}
        for currency, count, total, applied, paid in figures
    }
    run.invoice_count = sum(count for _, count, *_ in figures)
    run.paid_count = sum(paid for *_, paid in figures)
    run.clients_due = run.clients_done = run.invoice_count
    run.save()
