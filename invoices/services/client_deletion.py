"""What a client's deletion does with invoices beyond taking its own: it keeps the numbers, and frees others' fees."""

from collections.abc import Iterable

from django.db import connection

from clients.models import ClientDeletion

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
# Billed to a client before the undo of a merge gave the invoice that was reminded of back to another.
_FORGET_FEES = """
    DELETE FROM invoices_reminderfee WHERE item_id IN (
        SELECT id FROM invoices_billableitem WHERE client_id = ANY(%(client_ids)s))
"""


def keep_numbers(*, client_ids: Iterable[int], deletion: ClientDeletion) -> None:
    """Keep which numbers of invoices and credit notes go with these clients; to be called before they go."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_NUMBERS, {"deletion_id": deletion.pk, "client_ids": list(client_ids)})


def forget_fees_billed_to(*, client_ids: Iterable[int]) -> None:
    """Let no reminder of another's invoice name an item of these clients as its fee: the items are about to go."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_FEES, {"client_ids": list(client_ids)})
