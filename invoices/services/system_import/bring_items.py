"""Bringing what is billed again and again: paused, until staff switch over."""

import datetime

from django.db.backends.utils import CursorWrapper

from billing_admin.models import SystemImport

from .standing_items import ITEMS_OF_BATCH, item_parameters

_NEW = f"""
    CREATE TEMP TABLE importing_item ON COMMIT DROP AS
    WITH {ITEMS_OF_BATCH}
    SELECT standing.*, batch.client_id,
           reference.id AS reference_id, coalesce(reference.row_id, nextval('invoices_billableitem_id_seq')) AS item_id
    FROM standing JOIN importing_client batch ON batch.source_id = standing.client_source_id
    LEFT JOIN clients_externalreference reference
      ON reference.source = %(source)s AND reference.kind = 'item' AND reference.part = 0
     AND reference.external_id = standing.source_id COLLATE "default"
    WHERE standing.outcome IN ('', 'changed') AND (reference.id IS NULL OR reference.row_id IS NOT NULL)
    ORDER BY standing.id
"""
_ITEMS = """
    INSERT INTO invoices_billableitem (
        id, client_id, description, quantity, unit, currency, unit_price, tax_rate, cycle, starts_on, ends_on,
        periods_billed, next_due_on, paused, waits_for_switch, created_at, version
    )
    SELECT item_id, client_id, description, quantity, 'C62', code, amount, CASE WHEN taxed THEN NULL ELSE 0 END,
           cycle_here, starts, ends, billed_before, next_due_on, true, word <> 'suspended', %(at)s, 0
    FROM importing_item WHERE reference_id IS NULL AND outcome = '' ORDER BY item_id
"""
# Those that came before: what still waits for the switch follows, and what is not billed there any more waits no more.
_FOLLOW = """
    UPDATE invoices_billableitem own
    SET description = new.description, quantity = new.quantity, unit_price = amount, cycle = cycle_here,
        starts_on = starts, ends_on = ends, periods_billed = billed_before, next_due_on = new.next_due_on,
        tax_rate = CASE WHEN taxed THEN NULL ELSE 0 END, waits_for_switch = word <> 'suspended'
    FROM importing_item new
    WHERE own.id = new.item_id AND new.reference_id IS NOT NULL AND new.outcome = '' AND own.waits_for_switch
      AND own.version = 0
"""
_STAY_PAUSED = """
    UPDATE invoices_billableitem own SET waits_for_switch = false
    FROM importing_item new
    WHERE own.id = new.item_id AND new.reference_id IS NOT NULL AND new.outcome = 'changed' AND own.waits_for_switch
      AND own.version = 0
"""
_REFERENCES = """
    INSERT INTO clients_externalreference (
        client_id, source, kind, external_id, part, row_id, digest, system_import_id
    )
    SELECT client_id, %(source)s, 'item', source_id, 0, item_id, terms, %(run)s
    FROM importing_item WHERE reference_id IS NULL AND outcome = '' ORDER BY item_id
"""
_SAME_AGAIN = """
    UPDATE clients_externalreference reference SET digest = new.terms
    FROM importing_item new
    WHERE reference.id = new.reference_id AND new.outcome = '' AND reference.digest IS DISTINCT FROM new.terms
"""


def bring_items(cursor: CursorWrapper, run: SystemImport, at: datetime.datetime) -> None:
    """Bring what comes of the clients in `importing_client`. Nothing of it is billed before staff switch over.

    The caller has opened `maintenance("import")` and locked the clients.
    """
    values = item_parameters(run) | {"at": at}
    for statement in (_NEW, _ITEMS, _FOLLOW, _STAY_PAUSED, _REFERENCES, _SAME_AGAIN):
        cursor.execute(statement, values)
    cursor.execute("DROP TABLE importing_item")
