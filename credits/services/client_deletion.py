"""What a client's deletion does with credit beyond removing the client's own rows.

Called by the deletion of clients alone, with the clients locked and inside `billing_admin.db.triggers.maintenance`.
"""

from collections.abc import Iterable

from django.db import connection

from clients.models import Activity
from credits.models import CreditEntry

# The other side of transfers with these clients. A transfer has the batch of its entries.
_OTHER_SIDE = """
    SELECT other.id, other.client_id, other.grant_id, other.batch, other.amount, other.description
    FROM credits_creditentry other
    WHERE other.client_id <> ALL(%(ids)s) AND other.batch IN (
        SELECT batch FROM credits_creditentry WHERE client_id = ANY(%(ids)s) AND kind = 'transfer')
"""
_EMPTY_TRANSFER_NOTES = (
    f"""
    UPDATE credits_creditgrant grant_ SET description = other.description
    FROM ({_OTHER_SIDE}) other WHERE grant_.id = other.grant_id AND other.amount > 0
    """,
    f"UPDATE credits_creditentry entry SET note = '' FROM ({_OTHER_SIDE}) other WHERE entry.id = other.id",
)
# Also what edits of the credit that came over said of its description.
_OF_TRANSFERS = f"""
    note <> '' AND id IN (
        SELECT activity.id FROM clients_activity activity JOIN ({_OTHER_SIDE}) other USING (client_id)
        WHERE activity.verb = 'credit.transferred' AND activity.data ->> 'batch' = other.batch::text
           OR activity.verb = 'credit.edited' AND other.amount > 0
              AND (activity.data ->> 'grant')::bigint = other.grant_id)
"""


def others_in_transfers(client_id: int) -> list[int]:
    """The clients who transferred credit to this one, or got some from it."""
    batches = CreditEntry.objects.filter(client=client_id, kind=CreditEntry.Kind.TRANSFER).values("batch")
    others = CreditEntry.objects.filter(batch__in=batches).exclude(client=client_id)
    return list(others.order_by("client").values_list("client_id", flat=True).distinct())


def forget_transfer_reasons(*, client_ids: Iterable[int]) -> list[str]:
    """Remove what was typed into transfers with these clients from the other side, which must be locked too.

    Returns the digests of the activities among it: see `Activity.objects.empty`.
    """
    of_these = {"ids": list(client_ids)}
    emptied = Activity.objects.empty(_OF_TRANSFERS, of_these)
    with connection.cursor() as cursor:
        for sql in _EMPTY_TRANSFER_NOTES:
            cursor.execute(sql, of_these)
    return emptied


def forget_staged_credit(*, numbers: Iterable[int]) -> None:
    """Remove rows for these clients from files of credit that are looked at and not booked yet."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM credits_creditbatchrow WHERE client_number = ANY(%s)", [list(numbers)])
