"""What a client's deletion keeps of invoices and credit notes: which numbers they had."""

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


def keep_numbers(*, client_ids: Iterable[int], deletion: ClientDeletion) -> None:
    """Keep which numbers of invoices and credit notes go with these clients; to be called before they go."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_NUMBERS, {"deletion_id": deletion.pk, "client_ids": list(client_ids)})
