"""Bringing invoices of one batch of clients, with their lines: in a fixed number of statements whatever its size."""

import datetime

from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from billing_admin.models import SystemImport

from .standing import DIGEST, LINE_SUMS_OF_BATCH, LINES_OF_BATCH, STANDING_OF_BATCH, parameters

_IMPORTING = """
    CREATE TEMP TABLE importing_invoice (
        source_id varchar(200) COLLATE "C" PRIMARY KEY, invoice_id bigint, client_id bigint, currency varchar(3),
        origin varchar(7), label text
    ) ON COMMIT DROP
"""

# Drafts are not in it: nothing is booked for one.
_HERE_ALREADY = """
    INSERT INTO importing_invoice
    SELECT reference.external_id, invoice.id, invoice.client_id, invoice.currency, invoice.origin, invoice.label
    FROM clients_externalreference reference JOIN invoices_invoice invoice ON invoice.id = reference.row_id
    WHERE reference.client_id IN (SELECT client_id FROM importing_client) AND reference.source = %(source)s
      AND reference.kind = 'invoice' AND reference.part = 0 AND invoice.status <> 'draft'
"""

_NEW = f"""
    CREATE TEMP TABLE importing_new ON COMMIT DROP AS
    WITH {STANDING_OF_BATCH}
    SELECT standing.*, nextval('invoices_invoice_id_seq') AS invoice_id, batch.client_id,
           round(gross, places) AS total_here, round(all_tax, places) AS tax_here,
           CASE becomes WHEN 'unpaid' THEN 'open' WHEN 'draft' THEN '' ELSE 'history' END AS origin,
           coalesce(standing.due_on, issued) AS due
    FROM standing JOIN importing_client batch ON batch.source_id = standing.client_source_id
    WHERE standing.outcome = '' AND NOT EXISTS (
        SELECT FROM clients_externalreference WHERE source = %(source)s AND kind = 'invoice' AND part = 0
           AND external_id = standing.source_id COLLATE "default")
    ORDER BY standing.issued, standing.id
"""

_INVOICES = """
    INSERT INTO invoices_invoice (
        id, client_id, number_prefix, label, origin, status, issued_on, due_on, paid_at, cancelled_at, bill_to_name,
        bill_to_address, bill_to_email, bill_to_tax_id, bill_to_person, bill_to_line_1, bill_to_line_2,
        bill_to_postcode, bill_to_city, bill_to_region, bill_to_country, bill_to_registration, bill_to_e_scheme,
        bill_to_e_address, buyer_reference, language, e_invoice, currency, subtotal, tax, total, credit_applied,
        amount_paid, amount_credited, amount_written_off, credit_use, notes, po_number, version, created_at
    )
    SELECT new.invoice_id, new.client_id, '', CASE becomes WHEN 'draft' THEN 'Draft' ELSE printed END, origin, becomes,
           CASE becomes WHEN 'draft' THEN NULL ELSE issued END, CASE becomes WHEN 'draft' THEN new.due_on ELSE due END,
           CASE becomes WHEN 'paid' THEN
               coalesce(new.paid_at, (issued + time '12:00') AT TIME ZONE %(zone)s) END,
           CASE becomes WHEN 'cancelled' THEN new.cancelled_at END,
           client.name, '', client.email, client.tax_id,
           CASE WHEN client.company_name <> '' THEN trim(client.first_name || ' ' || client.last_name) ELSE '' END,
           client.address_1, client.address_2, client.postcode, client.city, client.region, client.country,
           client.registration, client.electronic_scheme, client.electronic_address, client.buyer_reference,
           client.language, client.e_invoice, code, total_here - tax_here, tax_here, total_here, 0,
           CASE becomes WHEN 'paid' THEN total_here ELSE 0 END, 0, 0, '', new.notes, '', 0,
           coalesce(new.created_at, %(at)s)
    FROM importing_new new JOIN clients_client client ON client.id = new.client_id
    WHERE becomes <> 'draft'
    ORDER BY new.invoice_id
"""
_DRAFTS = """
    INSERT INTO invoices_invoice (
        id, client_id, number_prefix, label, origin, status, due_on, bill_to_name, bill_to_address, bill_to_email,
        bill_to_tax_id, currency, subtotal, tax, total, credit_applied, amount_paid, amount_credited,
        amount_written_off, credit_use, notes, po_number, version, created_at
    )
    SELECT invoice_id, client_id, '', 'Draft', '', 'draft', due_on, '', '', '', '', code, total_here - tax_here,
           tax_here, total_here, 0, 0, 0, 0, '', notes, '', 0, coalesce(created_at, %(at)s)
    FROM importing_new WHERE becomes = 'draft' ORDER BY invoice_id
"""
_FIGURES = """
    INSERT INTO invoices_importedinvoice (
        invoice_id, client_id, currency, status, subtotal, tax, tax2, tax_rate, tax2_rate, credit, total, paid
    )
    SELECT invoice_id, client_id, code, status, subtotal, tax, tax2, tax_rate, tax2_rate, credit, total, paid
    FROM importing_new WHERE origin <> '' ORDER BY invoice_id
"""
_LINES_THERE = """
    INSERT INTO invoices_importedline (invoice_id, client_id, currency, position, description, amount, taxed)
    SELECT invoice_id, client_id, code,
           row_number() OVER (PARTITION BY invoice_id ORDER BY line.position, line.id),
           line.description, line.amount, line.taxed
    FROM importing_new JOIN billing_admin_stagedline line
      ON line.of_id = %(run)s AND line.invoice_source_id = importing_new.source_id
    WHERE origin = 'history' ORDER BY invoice_id
"""
_OWN_LINES = f"""
    WITH {LINES_OF_BATCH}
    INSERT INTO invoices_invoiceline (
        invoice_id, client_id, position, description, quantity, unit, currency, unit_price, tax_rate, tax_category,
        tax_reason, tax_included, amount, tax, po_number
    )
    SELECT invoice_id, client_id, row_number() OVER (PARTITION BY invoice_id ORDER BY own_lines.place),
           own_lines.description, 1, 'C62', code, price, rate, CASE WHEN rate > 0 THEN 'S' ELSE '' END, '',
           own_lines.is_included, net, own_lines.tax, ''
    FROM own_lines JOIN importing_new USING (id) ORDER BY invoice_id
"""
_REFERENCES = f"""
    WITH standing AS (SELECT * FROM importing_new), {LINE_SUMS_OF_BATCH}
    INSERT INTO clients_externalreference (
        client_id, source, kind, external_id, part, row_id, digest, system_import_id
    )
    SELECT client_id, %(source)s, 'invoice', source_id, 0, invoice_id, {DIGEST}, %(run)s
    FROM standing LEFT JOIN line_sums ON line_sums.invoice_source_id = standing.source_id ORDER BY invoice_id
"""
_HOLDS = """
    INSERT INTO invoices_reminderhold (
        client_id, invoice_id, currency, kind, said_on, note, created_by_name, created_at, lifted_by_name
    )
    SELECT client_id, invoice_id, code, 'imported', %(day)s, '', %(actor)s, %(at)s, ''
    FROM importing_new WHERE origin = 'open' ORDER BY invoice_id
"""
_BROUGHT = """
    INSERT INTO importing_invoice
    SELECT source_id, invoice_id, client_id, code, origin, printed FROM importing_new WHERE becomes <> 'draft'
"""


def bring_invoices(cursor: CursorWrapper, run: SystemImport, at: datetime.datetime) -> None:
    """Bring what comes of the clients in `importing_client`, and say in `importing_invoice` which is which.

    An open invoice comes with nothing settled: its money and credit follow in the same transaction, and settle it by
    their triggers. The caller has opened `maintenance("import")` and locked the clients.
    """
    values = parameters(run) | {"at": at, "day": timezone.localdate(at), "actor": run.actor_name}
    cursor.execute(_IMPORTING)
    cursor.execute(_HERE_ALREADY, values)
    cursor.execute(_NEW, values)
    cursor.execute("ANALYZE importing_new")
    for statement in (
        _INVOICES, _DRAFTS, _FIGURES, _LINES_THERE, _OWN_LINES, _REFERENCES, _HOLDS, _BROUGHT,
    ):  # fmt: skip
        cursor.execute(statement, values)
    cursor.execute("DROP TABLE importing_new")
