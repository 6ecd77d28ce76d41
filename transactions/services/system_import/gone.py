"""Numbers for clients who are gone in another system: their money is kept as that of a deleted client."""

from typing import Any

from django.db.backends.utils import CursorWrapper

# Further behind than this, the sequence is set: nobody draws so many numbers in that moment.
_FAR = 10_000
_FREE = " AND ".join(
    f"NOT EXISTS (SELECT FROM {table} taken WHERE taken.{column} = told.number)"
    for table, column in (
        ("clients_client", "number"),
        ("clients_clientnumberalias", "number"),
        ("clients_clientdeletion", "number"),
        ("transactions_transaction", "client_number"),
    )
)

# The id there where it is a number that is free, else a new one. A reference of the kind `gone` keeps it.
_NUMBER = f"""
    INSERT INTO clients_externalreference (client_id, source, kind, external_id, part, row_id, system_import_id)
    SELECT NULL, %(source)s, 'gone', told.id, 0,
           CASE WHEN told.number IS NOT NULL AND {_FREE} THEN told.number ELSE next_client_number() END, %(run)s
    FROM (SELECT id, CASE WHEN id ~ '^[1-9][0-9]{{0,9}}$' THEN id::bigint END AS number
          FROM (SELECT DISTINCT client_source_id AS id FROM money_row
                WHERE outcome = '' AND client_id IS NULL AND client_source_id <> '') gone) told
    WHERE NOT EXISTS (SELECT FROM clients_externalreference known
                      WHERE known.source = %(source)s AND known.kind = 'gone' AND known.part = 0
                        AND known.external_id = told.id COLLATE "default")
    ORDER BY told.id
    RETURNING row_id
"""


def number_the_gone(cursor: CursorWrapper, parameters: dict[str, Any]) -> None:
    """Give each client that is gone there a number, which is and will be nobody else's here."""
    cursor.execute(_NUMBER, parameters)
    highest = max((number for (number,) in cursor.fetchall()), default=0)
    cursor.execute("SELECT last_value - (NOT is_called)::integer FROM client_number_seq")
    ((last,),) = cursor.fetchall()
    if highest - last > _FAR:
        cursor.execute("SELECT setval('client_number_seq', %s)", [highest])
    elif highest > last:
        cursor.execute("SELECT count(nextval('client_number_seq')) FROM generate_series(1, %s)", [highest - last])
