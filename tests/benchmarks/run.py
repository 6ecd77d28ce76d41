"""The invoice run with its credit, against the bare SQL that writes the same rows, chunk by chunk."""

import datetime
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from django.db import connection
from django.db import transaction as db_transaction
from django.db.models import Count, Max, Min
from django.utils import timezone

from invoices.models import Invoice, InvoiceRun
from invoices.services.runs.generate import CHUNK_SIZE, generate_invoices
from tests.benchmarks.measuring import Measured, empty_database, execute, memory, seconds, stage
from tests.benchmarks.synthetic.database import make_data
from tests.jobs import queue_worker

# What a run leaves behind: entries (their trigger moves accounts and grants) with their activity, invoices as they end,
# lines, activity, and items moved on. One line an invoice, one invoice a client, and no rule to look up.
_FLOOR = (
    "SELECT id FROM clients_client WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE",
    """
    CREATE TEMP TABLE due ON COMMIT DROP AS
    SELECT nextval('invoices_invoice_id_seq') AS id, item.id AS item_id, item.client_id,
           item.currency, item.description, item.quantity, item.unit_price, item.next_due_on AS period,
           round(item.quantity * item.unit_price, minor_units(item.currency)) AS amount,
           row_number() OVER (ORDER BY item.client_id) AS position, 0::numeric AS credit
    FROM invoices_billableitem item JOIN clients_client client ON client.id = item.client_id
    WHERE item.client_id = ANY(%(ids)s) AND item.next_due_on <= %(as_of)s AND NOT item.paused
      AND client.status = 'active'
    """,
    """
    INSERT INTO invoices_numberseries AS series (document, prefix, next_number)
    SELECT 'invoice', 'INV-', 1 + count(*) FROM due
    ON CONFLICT (document, prefix) DO UPDATE SET next_number = series.next_number + excluded.next_number - 1
    """,
    """
    WITH spendable AS (
        SELECT due.id AS invoice_id, due.client_id, due.currency, due.amount, grant_.id AS grant_id,
               grant_.account_id, grant_.remaining,
               sum(grant_.remaining) OVER (PARTITION BY due.id ORDER BY grant_.id) - grant_.remaining AS earlier
        FROM due JOIN credits_creditaccount account
          ON account.client_id = due.client_id AND account.currency = due.currency
        JOIN credits_creditgrant grant_ ON grant_.account_id = account.id WHERE grant_.remaining > 0
    ), booked AS (
        INSERT INTO credits_creditentry (grant_id, account_id, client_id, kind, currency, amount, invoice_id,
            description, actor_name, at)
        SELECT grant_id, account_id, client_id, 'apply', currency, -least(remaining, amount - earlier), invoice_id,
               'Applied', 'System', now()
        FROM spendable WHERE earlier < amount ORDER BY client_id, invoice_id
        RETURNING client_id, invoice_id, amount
    ), applied AS (
        SELECT client_id, invoice_id, -sum(amount) AS amount FROM booked GROUP BY client_id, invoice_id
    ), noted AS (
        INSERT INTO clients_activity (client_id, actor_name, verb, summary, data, at)
        SELECT client_id, 'System', 'credit.applied', 'Credit of ' || amount || ' applied',
               jsonb_build_object('invoice', invoice_id), now()
        FROM applied
    )
    UPDATE due SET credit = applied.amount FROM applied WHERE due.id = applied.invoice_id
    """,
    """
    INSERT INTO invoices_invoice (id, client_id, number_prefix, number, label, status, issued_on, due_on, paid_at,
        bill_to_name, bill_to_address, bill_to_email, bill_to_tax_id, bill_to_line_1, bill_to_postcode, bill_to_city,
        bill_to_country, prepaid, currency, subtotal, tax, total, credit_applied, amount_paid, amount_credited,
        credit_use, notes, run_id, created_at)
    SELECT due.id, client_id, 'INV-', next_number - position, document_label('INV-', next_number - position),
           CASE WHEN credit = amount THEN 'paid' ELSE 'unpaid' END, %(as_of)s, %(as_of)s,
           CASE WHEN credit = amount THEN now() END, coalesce(nullif(client.company_name, ''), client.last_name),
           '', client.email, '', client.address_1, client.postcode, client.city, client.country, credit,
           due.currency, amount, 0, amount, credit, 0, 0, '', '', %(run_id)s, now()
    FROM due JOIN clients_client client ON client.id = due.client_id
    CROSS JOIN (SELECT next_number FROM invoices_numberseries WHERE prefix = 'INV-') series ORDER BY due.id
    """,
    """
    INSERT INTO invoices_invoiceline (invoice_id, client_id, billable_item_id, period, position, description, quantity,
        unit, currency, unit_price, tax_rate, tax_included, amount, tax)
    SELECT id, client_id, item_id, period, 1, description, quantity, 'C62', currency, unit_price, 0, false, amount, 0
    FROM due ORDER BY id
    """,
    """
    UPDATE invoices_billableitem item
    SET periods_billed = item.periods_billed + 1,
        next_due_on = due_date(item.starts_on, item.cycle, item.periods_billed + 1)
    FROM due WHERE item.id = due.item_id
    """,
    """
    INSERT INTO clients_activity (client_id, actor_name, verb, summary, data, at)
    SELECT client_id, 'System', 'invoice.issued', 'Invoice of ' || amount || ' issued by an invoice run',
           jsonb_build_object('invoice', id), now() FROM due ORDER BY id
    """,
)


def run(count: int) -> list[Measured]:
    """Bill `count` clients by the product, by two workers of it, and by SQL; each in a database of its own."""
    today = timezone.localdate()
    what = "INSERT … SELECT of the same rows, in the same chunks"
    alone = _measured(count, today, "The run", lambda: _run(today, workers=1))
    needed = memory()
    together = _measured(count, today, "The run, two workers", lambda: _run(today, workers=2), beside=queue_worker)
    numbers = Invoice.objects.aggregate(lowest=Min("number"), highest=Max("number"), count=Count("number"))
    assert numbers["lowest"] == 1
    assert numbers["highest"] == numbers["count"]
    floor = _measured(count, today, "The same rows by plain SQL", lambda: _bare(today))
    each = alone / InvoiceRun.objects.get().invoice_count * 1e6
    print(f"{each:.0f} µs an invoice; the process that did the run never had more than {needed:.0f} MB.")
    return [
        Measured("invoice run", count, alone, floor, what),
        Measured("invoice run, 2 workers", count, together, floor, f"{what}, by one"),
        Measured("2 workers against 1", count, together, alone, "the run by one worker"),
    ]


def _measured(
    count: int,
    today: datetime.date,
    what: str,
    act: Callable[[], None],
    beside: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> float:
    empty_database()
    with stage(f"Making {count:,} clients"):
        make_data(clients=count, due=today)
        execute("VACUUM ANALYZE")
        execute("CHECKPOINT")
    with beside(), stage(what):
        return seconds(act)


def _run(today: datetime.date, *, workers: int) -> None:
    done = generate_invoices(as_of=today, by=None, workers=workers)
    assert (done.state, done.worker_count) == (InvoiceRun.State.FINISHED, workers)


def _bare(today: datetime.date) -> None:
    made = InvoiceRun.objects.create(as_of=today, started_by_name="System")
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT client_id FROM invoices_billableitem WHERE next_due_on <= %s AND NOT paused"
                " AND client_id > %s ORDER BY client_id LIMIT %s",
                [today, after, CHUNK_SIZE],
            )
            ids = [client_id for (client_id,) in cursor.fetchall()]
        if not ids:
            break
        after = ids[-1]
        with db_transaction.atomic():
            for statement in _FLOOR:
                execute(statement, {"ids": ids, "as_of": today, "run_id": made.pk})
    made.invoice_count = Invoice.objects.count()
    made.save()
