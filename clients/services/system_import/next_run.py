"""Side by side: what would be billed here on a day, and what the other system would, client by client."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db import transaction as db_transaction

from billing_admin.importing.whmcs.reader import WhmcsReader
from billing_admin.models import StagedItem

_MAKE = """
    CREATE TEMP TABLE next_item (LIKE billing_admin_stageditem INCLUDING DEFAULTS) ON COMMIT DROP;
    ALTER TABLE next_item ALTER COLUMN id DROP NOT NULL
"""
# The next period of each item, once, on both sides: what is due there by its next day, and here by ours. An item that
# neither came nor is billed any more there is left out; one that waits for the switch counts as billed here.
_COMPARE = """
    WITH there AS (
        SELECT item.source_id, item.client_source_id, item.description, item.quantity * item.amount AS amount,
               item.next_due_on
        FROM next_item item LEFT JOIN clients_externalreference came
          ON came.source = %(source)s AND came.kind = 'item' AND came.external_id = item.source_id COLLATE "default"
        WHERE item.next_due_on <= %(as_of)s AND item.amount > 0
          AND (item.status = 'Active' OR (item.status = 'Suspended' AND came.id IS NOT NULL))
          AND (came.id IS NOT NULL OR item.cycle NOT IN ('One Time', 'Free Account'))
    ), here AS (
        SELECT reference.external_id COLLATE "C" AS source_id, item.client_id, item.currency, item.description,
               item.quantity * item.unit_price AS amount, item.next_due_on
        FROM clients_externalreference reference
        JOIN invoices_billableitem item ON item.id = reference.row_id
        JOIN clients_client client ON client.id = item.client_id AND client.status = 'active'
        WHERE reference.source = %(source)s AND reference.kind = 'item' AND item.next_due_on <= %(as_of)s
          AND (item.ends_on IS NULL OR item.next_due_on <= item.ends_on) AND (NOT item.paused OR item.waits_for_switch)
    )
    SELECT client.number, coalesce(there.client_source_id, ''), source_id, coalesce(here.currency, client.currency, ''),
           coalesce(here.description, there.description), there.amount, here.amount,
           there.next_due_on, here.next_due_on, coalesce(client.status, '')
    FROM there FULL JOIN here USING (source_id)
    LEFT JOIN clients_externalreference owner
      ON owner.source = %(source)s AND owner.kind = 'client' AND owner.part = 0
     AND owner.external_id = there.client_source_id COLLATE "default"
    LEFT JOIN clients_client client ON client.id = coalesce(here.client_id, owner.client_id)
    ORDER BY client.number NULLS LAST, source_id
"""


@dataclass(frozen=True)
class NextItem:
    """One item that is due on either side; without an amount it is not due there, or here."""

    client: int | None
    client_there: str
    id_there: str
    currency: str
    description: str
    there: Decimal | None
    here: Decimal | None
    due_there: datetime.date | None
    due_here: datetime.date | None
    client_status: str

    @property
    def is_same(self) -> bool:
        """Whether both bill it, and the same."""
        return self.there == self.here


def compare_next_run(*, source: str, reader: WhmcsReader, as_of: datetime.date, today: datetime.date) -> list[NextItem]:
    """All items of this system that are due by that day, there or here; net amounts, a period each. Writes nothing."""
    with db_transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_MAKE)
        for table in reader.tables:
            if table.model is StagedItem:
                columns = ", ".join(f'"{name}"' for name in table.columns)
                with cursor.copy(f"COPY next_item ({columns}) FROM STDIN") as copy:
                    for line in table.lines(reader.source, 0, today):
                        copy.write(line)
        cursor.execute("ANALYZE next_item")
        cursor.execute(_COMPARE, {"source": source, "as_of": as_of})
        return [NextItem(*row) for row in cursor.fetchall()]


def by_client(items: Iterable[NextItem]) -> dict[tuple[int | None, str, str], list[NextItem]]:
    """(client here, client there where there is none here, currency) → the items."""
    found: dict[tuple[int | None, str, str], list[NextItem]] = {}
    for item in items:
        key = (item.client, "" if item.client else item.client_there, item.currency)
        found.setdefault(key, []).append(item)
    return found
