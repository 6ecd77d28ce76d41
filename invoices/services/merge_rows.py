"""Moving invoices and what is billed from one client to another, and removing them with their client.

Called by the merge and the deletion of clients alone, with both clients locked and the triggers told
(`billing_admin.db.triggers.maintenance`). Issued invoices keep the name that they bear.
"""

from collections.abc import Iterable

from django.db import connection
from django.db.models import Model

from clients.models import ClientDeletion, ClientMerge, MergedRows
from invoices.models import BillableItem, CreditNote, CreditNoteLine, Invoice, InvoiceLine, InvoiceRunError

# In the order in which they move: the credit ledger asks that its entries' invoices are there already.
_MOVED: tuple[tuple[str, type[Model]], ...] = (
    ("invoices", Invoice),
    ("invoice_lines", InvoiceLine),
    ("credit_notes", CreditNote),
    ("credit_note_lines", CreditNoteLine),
    ("billable_items", BillableItem),
    ("run_errors", InvoiceRunError),
)


def move_invoices(*, merge: ClientMerge, from_id: int, to_id: int) -> None:
    """Move invoices, credit notes, their lines, billable items and run errors, one statement each; note which."""
    for kind, model in _MOVED:
        MergedRows.objects.note(
            merge=merge,
            kind=kind,
            update=f"UPDATE {model._meta.db_table} SET client_id = %(to_id)s WHERE client_id = %(from_id)s",
            from_id=from_id,
            to_id=to_id,
        )


_MOVED_INVOICES = "SELECT unnest(row_ids) FROM clients_mergedrows WHERE merge_id = %(merge_id)s AND kind = 'invoices'"

# Lines of a draft that was edited since, and credit notes issued since, are new rows: they go where their invoice goes.
_WITH_THEIR_INVOICE: dict[type[Model], str] = {
    InvoiceLine: f"""
        UPDATE invoices_invoiceline SET client_id = %(to_id)s
        WHERE client_id = %(from_id)s AND invoice_id IN ({_MOVED_INVOICES})
    """,
    CreditNote: f"""
        UPDATE invoices_creditnote SET client_id = %(to_id)s
        WHERE client_id = %(from_id)s AND invoice_id IN ({_MOVED_INVOICES})
    """,
    CreditNoteLine: f"""
        UPDATE invoices_creditnoteline line SET client_id = %(to_id)s
        FROM invoices_creditnote note
        WHERE note.id = line.credit_note_id AND line.client_id = %(from_id)s AND note.invoice_id IN ({_MOVED_INVOICES})
    """,
}


def restore_invoices(*, merge: ClientMerge, from_id: int, to_id: int) -> None:
    """Give back what the merge moved, as it is now."""
    parameters = {"merge_id": merge.pk, "from_id": from_id, "to_id": to_id}
    with connection.cursor() as cursor:
        for kind, model in _MOVED:
            if model in _WITH_THEIR_INVOICE:
                cursor.execute(_WITH_THEIR_INVOICE[model], parameters)
            else:
                cursor.execute(MergedRows.restore_sql(model._meta.db_table), {**parameters, "kind": kind})


_KEEP_NUMBERS = """
    INSERT INTO invoices_deletednumbers (deletion_id, document, prefix, ranges)
    SELECT %(deletion_id)s, document, prefix,
           (SELECT array_agg(part) FROM unnest(range_agg(int8range(number, number, '[]'))) part)
    FROM (
        SELECT 'invoice' AS document, number_prefix AS prefix, number FROM invoices_invoice
        WHERE client_id = ANY(%(client_ids)s) AND number IS NOT NULL
        UNION ALL
        SELECT 'credit_note', number_prefix, number FROM invoices_creditnote WHERE client_id = ANY(%(client_ids)s)
    ) numbered
    GROUP BY document, prefix
"""


def delete_invoices(*, client_ids: Iterable[int], deletion: ClientDeletion) -> None:
    """Remove invoices, credit notes, lines, billable items and run errors of these clients, one statement each.

    The deletion keeps which numbers went.
    """
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_NUMBERS, {"deletion_id": deletion.pk, "client_ids": list(client_ids)})
        for model in (CreditNoteLine, CreditNote, InvoiceLine, Invoice, BillableItem, InvoiceRunError):
            cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE client_id = ANY(%s)", [list(client_ids)])
