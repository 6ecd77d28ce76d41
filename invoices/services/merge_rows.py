"""What the undo of a merge does with invoices beyond moving rows back."""

from django.db import connection

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
    f"""
    UPDATE invoices_writeoff SET client_id = %(to_id)s
    WHERE client_id = %(from_id)s AND invoice_id IN ({_MOVED_INVOICES})
    """,
    f"""
    UPDATE invoices_reminderhold SET client_id = %(to_id)s
    WHERE client_id = %(from_id)s AND invoice_id IN ({_MOVED_INVOICES})
    """,
    f"""
    UPDATE invoices_billableitem item SET client_id = %(to_id)s
    FROM invoices_reminderfee fee
    WHERE fee.item_id = item.id AND item.client_id = %(from_id)s AND fee.invoice_id IN ({_MOVED_INVOICES})
      AND NOT EXISTS (SELECT FROM invoices_invoiceline line WHERE line.billable_item_id = item.id)
    """,
    f"""
    UPDATE invoices_reminderfee SET client_id = %(to_id)s
    WHERE client_id = %(from_id)s AND invoice_id IN ({_MOVED_INVOICES})
    """,
)


def restore_with_their_invoices(*, merge_id: int, from_id: int, to_id: int) -> None:
    """Give back all lines, credit notes, write-offs, marks and reminder fees of the invoices that the merge moved.

    Lines of a draft that was edited since, credit notes issued and write-offs made since, are new rows: they go where
    their invoice goes; so does the fee of a reminder sent since, unless the kept client was billed it. Called by the
    undo of a merge alone, with the clients locked and inside `maintenance`.
    """
    with connection.cursor() as cursor:
        for sql in _WITH_THEIR_INVOICES:
            cursor.execute(sql, {"merge_id": merge_id, "from_id": from_id, "to_id": to_id})
