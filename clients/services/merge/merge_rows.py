"""Moving what a client itself has (contacts, notes, activity, former numbers, merges) to another, and removing it.

Called by the merge, its undo and the deletion alone, with the clients locked.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import connection

from clients.models import Client, ClientMerge, Contact, MergedRows, NotADuplicate

# Kind, table, and the column that names the client.
_MOVED = (
    ("contacts", "clients_contact", "client_id"),
    ("notes", "clients_clientnote", "client_id"),
    ("activity", "clients_activity", "client_id"),
    ("former_numbers", "clients_clientnumberalias", "client_id"),
    ("merges", "clients_clientmerge", "kept_id"),
)

_MARKS = """
    SELECT contact.id::text, md5(concat_ws(chr(31), first_name, last_name, email, phone))
    FROM clients_contact contact JOIN (
        SELECT unnest(row_ids) AS id FROM clients_mergedrows WHERE merge_id = %s AND kind = 'contacts'
    ) moved USING (id)
"""


def move_own_rows(*, merge: ClientMerge, from_id: int, to_id: int, losing: Iterable[Contact]) -> dict[str, Any]:
    """Move everything, leaving out the contacts that lose a clash of e-mail addresses; returns what undo needs to know.

    What was decided about the discarded client as a duplicate of others says nothing of the kept one; it goes.
    """
    losers = list(losing)
    Contact.objects.filter(pk__in=[contact.pk for contact in losers])._raw_delete("default")
    undecided = list(NotADuplicate.objects.filter(first_id=from_id) | NotADuplicate.objects.filter(second_id=from_id))
    NotADuplicate.objects.filter(pk__in=[row.pk for row in undecided])._raw_delete("default")
    for kind, table, column in _MOVED:
        MergedRows.objects.note(
            merge=merge,
            kind=kind,
            update=f"UPDATE {table} SET {column} = %(to_id)s WHERE {column} = %(from_id)s",
            from_id=from_id,
            to_id=to_id,
        )
    with connection.cursor() as cursor:
        cursor.execute(_MARKS, [merge.pk])
        marks = dict(cursor.fetchall())
    return {
        "contact_marks": marks,
        "contacts": [_row(contact) for contact in losers],
        "not_duplicates": [_row(row) for row in undecided],
    }


def restore_own_rows(*, merge: ClientMerge, from_id: int, to_id: int) -> None:
    """Give back what moved, and put back what gave way."""
    with connection.cursor() as cursor:
        for kind, table, column in _MOVED:
            cursor.execute(
                MergedRows.restore_sql(table, column),
                {"merge_id": merge.pk, "kind": kind, "from_id": from_id, "to_id": to_id},
            )
    Contact.objects.bulk_create(Contact(**row) for row in merge.journal["contacts"])
    NotADuplicate.objects.bulk_create(
        NotADuplicate(**{**row, "decided_at": datetime.datetime.fromisoformat(row["decided_at"])})
        for row in _with_both(merge.journal["not_duplicates"], to_id)
    )


def delete_own_rows(*, client_ids: Iterable[int]) -> None:
    """Remove everything that a client itself has, its merges with their journals among it; one statement each."""
    ids = [list(client_ids)]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM clients_mergedrows WHERE merge_id IN (
                SELECT id FROM clients_clientmerge WHERE kept_id = ANY(%s))
            """,
            ids,
        )
        cursor.execute("DELETE FROM clients_notaduplicate WHERE first_id = ANY(%s) OR second_id = ANY(%s)", ids * 2)
        for _, table, column in _MOVED:
            cursor.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s)", ids)


def _row(row: Contact | NotADuplicate) -> dict[str, Any]:
    """The columns of a row, to make the same one again."""
    values = {field.attname: field.value_from_object(row) for field in row._meta.concrete_fields}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}


def _with_both(rows: list[dict[str, Any]], restored_id: int) -> list[dict[str, Any]]:
    """The decisions whose other client is still there."""
    others = {row["first_id"] if row["second_id"] == restored_id else row["second_id"] for row in rows}
    there = set(Client.objects.filter(pk__in=others).values_list("pk", flat=True))
    return [row for row in rows if {row["first_id"], row["second_id"]} - {restored_id} <= there]
