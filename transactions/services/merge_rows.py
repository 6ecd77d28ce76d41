"""Letting transactions outlive their client.

Called by the deletion of clients alone, with the clients locked and the triggers told
(`billing_admin.db.triggers.maintenance`). A transaction keeps the label, number and name, that it was booked with.
"""

from collections.abc import Iterable

from django.db import connection

# What the product itself writes names a document and nobody; anything else was typed, or came with the money, and may
# say who paid.
_ORPHAN = r"""
    UPDATE transactions_transaction
    SET client_id = NULL, invoice_id = NULL,
        description = CASE
            WHEN description ~ '^(Payment|Overpayment|Refund) of [[:upper:]]+-[0-9]{6,}$' THEN description ELSE '' END
    WHERE client_id = ANY(%s)
"""


def orphan_transactions(*, client_ids: Iterable[int]) -> None:
    """Leave the transactions standing on their own: amounts, day, method, reference and label stay.

    A description that somebody typed goes, because it may say what the deletion is meant to remove.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ORPHAN, [list(client_ids)])
