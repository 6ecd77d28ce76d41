"""What came to be billed again and again, and is no longer in its system: nobody would bill it there."""

from typing import Any

from django.db import connection

from billing_admin.db.triggers import maintenance
from billing_admin.models import SystemImport
from billing_admin.text import pluralize
from clients.models import Client

# Of these, so many are named.
_NAMED = 20

_GONE = """
    FROM invoices_billableitem item
    JOIN clients_externalreference reference
      ON reference.kind = 'item' AND reference.source = %(source)s AND reference.row_id = item.id
    WHERE item.waits_for_switch AND item.version = 0 AND NOT EXISTS (
        SELECT FROM billing_admin_stageditem staged
        WHERE staged.of_id = %(run)s AND staged.source_id = reference.external_id COLLATE "C")
"""
_CLIENTS = f"SELECT DISTINCT item.client_id {_GONE}"
_STAY_PAUSED = f"""
    UPDATE invoices_billableitem own SET waits_for_switch = false
    FROM (SELECT item.id, reference.external_id {_GONE}) gone
    WHERE own.id = gone.id AND own.client_id = ANY(%(clients)s) RETURNING gone.external_id
"""


def keep_paused_what_is_gone(run: SystemImport) -> list[str]:
    """Have what is no longer there stay paused when staff switch over, and say so. After all items have come."""
    parameters: dict[str, Any] = {"run": run.pk, "source": run.source}
    with connection.cursor() as cursor:
        cursor.execute(_CLIENTS, parameters)
        clients = Client.objects.lock_ids(pk for (pk,) in cursor.fetchall())
        if not clients:
            return []
        with maintenance("import"):
            cursor.execute(_STAY_PAUSED, parameters | {"clients": clients})
            gone = sorted(id_ for (id_,) in cursor.fetchall())
    if not gone:
        return []
    named = ", ".join(gone[:_NAMED]) + (" …" if len(gone) > _NAMED else "")
    are, stay = ("is", "It stays") if len(gone) == 1 else ("are", "They stay")
    items = pluralize(len(gone), "item")
    return [(f"{items} that came before {are} no longer there: {named}. {stay} paused, also when staff switch over.")]
