"""Booking the money of another system."""

import datetime
from typing import Any

from django.db.backends.utils import CursorWrapper

from billing_admin.models import SystemImport
from clients.models import Activity, Client

from .gone import number_the_gone
from .plan import ROWS_OF_CLIENTS, ROWS_OF_NOBODY, drop_plan, make_plan, parameters_of

_ADD_METHODS = """
    INSERT INTO transactions_paymentmethod (name, active)
    SELECT DISTINCT ON (upper(name)) name, offered
    FROM unnest(%(gateways)s::text[], %(methods)s::text[], %(offered)s::boolean[]) wanted (gateway, name, offered)
    WHERE gateway IN (SELECT gateway FROM money_row WHERE outcome = '')
      AND upper(name) NOT IN (SELECT upper(name) FROM transactions_paymentmethod)
    ORDER BY upper(name), offered DESC, name
    ON CONFLICT DO NOTHING
    RETURNING id, name
"""

# One row becomes up to three: what came, what went, and a fee that was given back. Ids are given here, so that a refund
# can name what it gives back, and a reference the row that it became.
_TRANSACTIONS = """
    CREATE TEMP TABLE money_transaction ON COMMIT DROP AS
    SELECT nextval(pg_get_serial_sequence('transactions_transaction', 'id')) AS id, sides.*
    FROM (
        SELECT row.id AS row_id, method.id AS method_id, left(row.reference, 200) AS reference, side.*,
               row_number() OVER (PARTITION BY row.id ORDER BY side.nth) + coalesce(row.part, -1) AS reference_part,
               CASE WHEN row.reference = '' THEN 1 ELSE
                   row_number() OVER (PARTITION BY method.id, left(row.reference, 200) ORDER BY row.id, side.nth)
                   + coalesce((
                       SELECT max(part) FROM transactions_transaction booked
                       WHERE booked.payment_method_id = method.id AND booked.reference = left(row.reference, 200)
                         AND booked.reference <> ''), 0) END AS part
        FROM money_row row
        JOIN transactions_paymentmethod method ON upper(method.name) = upper(row.method)
        CROSS JOIN LATERAL (VALUES
            (1, row.came, CASE WHEN row.came > 0 THEN row.fee ELSE 0 END, 0),
            (2, 0, CASE WHEN row.came > 0 THEN 0 ELSE row.fee END, row.went),
            (3, row.fee_back, 0, 0)
        ) side (nth, amount_in, fees, amount_out)
        WHERE row.outcome = '' AND side.amount_in + side.fees + side.amount_out > 0
        ORDER BY row.id, side.nth
    ) sides
"""

# An open invoice takes its money where all of it fits what is owed; one of history takes any.
_BOOK = """
    WITH tied AS (
        SELECT money.id, ours.id AS invoice_id, ours.label, ours.origin, ours.balance_due, ours.amount_paid,
               sum(money.amount_in - money.amount_out) OVER (PARTITION BY ours.id) AS moved
        FROM money_transaction money
        JOIN money_row row ON row.id = money.row_id
        JOIN importing_invoice named ON named.source_id = row.invoice_source_id
        JOIN invoices_invoice ours
          ON ours.id = named.invoice_id AND ours.client_id = row.client_id AND ours.currency = row.currency
        WHERE money.nth < 3 AND (ours.origin = 'history' OR ours.origin = 'open' AND ours.status IN ('unpaid', 'paid'))
    ), settling AS (
        SELECT * FROM tied WHERE origin = 'history' OR moved <= balance_due AND amount_paid + moved >= 0
    ), booked AS (
        INSERT INTO transactions_transaction
            (id, client_id, client_number, client_name, invoice_id, invoice_label, kind, date, payment_method_id,
             reference, part, description, note, currency, amount_in, fees, amount_out, refund_of_id, created_by_name,
             created_at)
        SELECT money.id, row.client_id, coalesce(row.number, gone.row_id),
               left(coalesce(row.name, CASE WHEN gone.row_id IS NULL THEN '' ELSE coalesce(
                   nullif(row.client_name, ''), 'Client ' || row.client_source_id || ' of ' || %(source)s) END), 300),
               settling.invoice_id,
               coalesce(left(settling.label, 40), CASE WHEN row.client_id IS NULL THEN left(coalesce(
                   nullif(theirs.label, ''), row.invoice_source_id), 40) END, ''),
               CASE WHEN target.id IS NULL THEN 'payment' ELSE 'refund' END, row.day, money.method_id,
               money.reference, money.part, %(said)s,
               concat_ws(E'\\n',
                   CASE WHEN row.part IS NOT NULL THEN
                       'Correction of row ' || row.source_id || ', which was changed there.' END,
                   nullif(btrim(row.description), ''),
                   CASE WHEN length(row.reference) > 200 THEN 'Reference: ' || row.reference END,
                   CASE WHEN row.has_decimals OR row.in_ < 0 OR row.out_ < 0 OR row.fees_ < 0 THEN concat(
                       'The exact amounts there: in ', trim_scale(row.told_in), ', fees ', trim_scale(row.told_fees),
                       ', out ', trim_scale(row.told_out), '.') END,
                   CASE WHEN length(settling.label) > 40 THEN 'For invoice ' || settling.label END,
                   CASE WHEN money.nth = 3 THEN 'A fee that was given back.' END,
                   CASE WHEN row.at IS NULL THEN 'It has no date there.' END,
                   CASE WHEN row.is_guessed THEN 'It names no currency there.' END,
                   CASE WHEN money.nth = 2 AND row.refund_of <> '' AND row.part IS NULL AND target.id IS NULL
                        THEN 'It gives back money of row ' || row.refund_of || ' there.' END,
                   CASE WHEN row.invoice_source_id <> '' AND money.nth < 3 AND settling.id IS NULL THEN
                       'For invoice ' || coalesce(nullif(theirs.label, ''), row.invoice_source_id) || ' there.' END,
                   CASE WHEN gone.row_id::text <> row.client_source_id COLLATE "default"
                        THEN 'Of client ' || row.client_source_id || ' there.' END,
                   CASE WHEN gone.row_id IS NOT NULL AND length(row.client_name) > 300 THEN row.client_name END),
               row.currency, money.amount_in, money.fees, money.amount_out, target.id, %(actor)s, %(at)s
        FROM money_transaction money
        JOIN money_row row ON row.id = money.row_id
        LEFT JOIN settling ON settling.id = money.id
        LEFT JOIN billing_admin_stagedinvoice theirs
          ON theirs.of_id = %(run)s AND theirs.source_id = row.invoice_source_id
        LEFT JOIN money_refund refund ON refund.id = row.id AND money.nth = 2
        LEFT JOIN money_transaction whole ON whole.row_id = refund.target_row AND whole.nth = 1
        CROSS JOIN LATERAL (SELECT coalesce(refund.target_id, whole.id) AS id) target
        LEFT JOIN clients_externalreference gone
          ON gone.source = %(source)s AND gone.kind = 'gone' AND gone.part = 0 AND row.client_id IS NULL
         AND gone.external_id = row.client_source_id COLLATE "default"
        ORDER BY money.id
    )
    INSERT INTO clients_externalreference
        (client_id, source, kind, external_id, part, row_id, digest, system_import_id)
    SELECT row.client_id, %(source)s, 'money', row.source_id, money.reference_part, money.id, row.digest, %(run)s
    FROM money_transaction money JOIN money_row row ON row.id = money.row_id
    ORDER BY money.id
"""


def bring_money(cursor: CursorWrapper, run: SystemImport, at: datetime.datetime) -> None:
    """Book the money of the clients in `importing_client`, tied to invoices in `importing_invoice`.

    The caller has locked the clients and is within `maintenance("import")`. What came before comes no more.
    """
    parameters = parameters_of(run, at)
    make_plan(cursor, ROWS_OF_CLIENTS, parameters)
    _book(cursor, parameters)


def bring_money_of_nobody(
    cursor: CursorWrapper, run: SystemImport, first: int, last: int, at: datetime.datetime
) -> None:
    """Book the rows of these staged ids that name no client, or one that is gone there or does not come.

    It is kept as that of a client who was deleted, under a number that is nobody's here; where the client is here by an
    earlier import, it is theirs.
    """
    parameters = parameters_of(run, at) | {"first": first, "last": last}
    make_plan(cursor, ROWS_OF_NOBODY, parameters)
    cursor.execute("SELECT DISTINCT client_id FROM money_row WHERE client_id IS NOT NULL AND outcome = ''")
    Client.objects.lock_ids(client_id for (client_id,) in cursor.fetchall())
    number_the_gone(cursor, parameters)
    cursor.execute(
        'CREATE TEMP TABLE IF NOT EXISTS importing_invoice (source_id varchar(200) COLLATE "C" PRIMARY KEY, '
        "invoice_id bigint, client_id bigint, currency varchar(3), origin varchar(7), label text) ON COMMIT DROP"
    )
    _book(cursor, parameters)


def _book(cursor: CursorWrapper, parameters: dict[str, Any]) -> None:
    cursor.execute(_ADD_METHODS, parameters)
    for method, name in cursor.fetchall():
        Activity.objects.record(
            by=None, client=None, verb="payment_method.added", summary=f"Payment method {name} added",
            note=parameters["actor"], data={"payment_method": method},
        )  # fmt: skip
    cursor.execute(_TRANSACTIONS, parameters)
    cursor.execute("ANALYZE money_transaction")
    cursor.execute(_BOOK, parameters)
    drop_plan(cursor)
