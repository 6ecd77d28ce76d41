"""What a merge’s undo and a client’s deletion do with invoices beyond moving and removing rows."""

from collections.abc import Iterable

from django.db import connection

from clients.models import ClientDeletion

_MOVED_INVOICES = "SELECT unnest(row_ids) FROM clients_mergedrows WHERE merge_id = %(merge_id)s AND kind = 'invoices'"

_WITH_THEIR_INVOICES = (
    f"""
    UPDATE invoices_invoiceline SET client_id = %(to_id)s
    WHERE client_id = %(from_id)s AND invoice_id IN ({_MOVED_INVOICES})
    """,
    f"""
    UPDATE invoices_creditnoteline line SET client_id = %(to_id)s
    FROM invoices_creditnote note
    WHERE note.id = line.credit_note_id AND line.client_id = %(from_id)s AND note.invoice_id IN ({_MOVED_INVOICES})
    """,
    f"""
    UPDATE invoices_creditnote SET client_id = %(to_id)s
    WHERE client_id = %(from_id)s AND invoice_id IN ({_MOVED_INVOICES})
    """,
)


def restore_with_their_invoices(*, merge_id: int, from_id: int, to_id: int) -> None:
    """Give back all lines and credit notes of the invoices that the merge moved.

    Lines of a draft that was edited since, and credit notes issued since, are new rows: they go where their invoice
    goes. Called by the undo of a merge alone, with the clients locked and the triggers told.
    """
    with connection.cursor() as cursor:
        for sql in _WITH_THEIR_INVOICES:
            cursor.execute(sql, {"merge_id": merge_id, "from_id": from_id, "to_id": to_id})


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


def keep_numbers(*, client_ids: Iterable[int], deletion: ClientDeletion) -> None:
    """Keep which numbers of invoices and credit notes go with these clients; to be called before they go."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_NUMBERS, {"deletion_id": deletion.pk, "client_ids": list(client_ids)})
