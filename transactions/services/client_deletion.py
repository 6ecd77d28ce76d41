"""Letting transactions outlive their client.

Called by the deletion of clients alone, with the clients locked and inside `billing_admin.db.triggers.maintenance`. A
transaction keeps the label, number and name, that it was booked with.
"""

from collections.abc import Iterable

from django.db import connection

_ORPHAN = """
    UPDATE transactions_transaction
    SET client_id = NULL, invoice_id = NULL, note = '', payer_name = '', payer_account = '', payer_reference = ''
    WHERE client_id = ANY(%s)
"""


def orphan_transactions(*, client_ids: Iterable[int]) -> None:
    """Leave the transactions standing on their own: amounts, day, method, reference, label and our words stay.

    The notes and what files said of the payer are emptied, because they may say what the deletion is meant to remove.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ORPHAN, [list(client_ids)])
