"""Moving transactions from one client to another, and letting them outlive their client.

Called by the merge and the deletion of clients alone, with the clients locked and the triggers told
(`billing_admin.db.triggers.maintenance`). A transaction keeps the label, number and name, that it was booked with.
"""

from collections.abc import Iterable

from django.db import connection

from clients.models import ClientMerge, MergedRows


def move_transactions(*, merge: ClientMerge, from_id: int, to_id: int) -> None:
    """Move all transactions in one statement and note in the merge which."""
    MergedRows.objects.note(
        merge=merge,
        kind="transactions",
        update="UPDATE transactions_transaction SET client_id = %(to_id)s WHERE client_id = %(from_id)s",
        from_id=from_id,
        to_id=to_id,
    )


def restore_transactions(*, merge: ClientMerge, from_id: int, to_id: int) -> None:
    """Give back the transactions that the merge moved."""
    with connection.cursor() as cursor:
        cursor.execute(
            MergedRows.restore_sql("transactions_transaction"),
            {"merge_id": merge.pk, "kind": "transactions", "from_id": from_id, "to_id": to_id},
        )


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


def delete_transactions(*, client_ids: Iterable[int]) -> None:
    """Remove the transactions too, where staff asked for that apart."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM transactions_transaction WHERE client_id = ANY(%s)", [list(client_ids)])
