"""Moving the rows of one client to another and back, table by table as `client_data.CLIENT_TABLES` lists them.

Called by the merge and its undo alone, with the clients locked and inside `billing_admin.db.triggers.maintenance`.
Issued invoices and transactions keep the name that they bear.
"""

import datetime
from collections.abc import Container, Iterable
from typing import Any

from django.db import connection

from clients.models import Client, ClientMerge, Contact, MergedRows, NotADuplicate
from clients.selectors.client_data import CLIENT_TABLES
from clients.selectors.merge_undo import CONTACT_MARK
from credits.services.merge_rows import move_credit, restore_credit
from invoices.services.merge_rows import restore_with_their_invoices

_MARKS = f"""
    SELECT contact.id::text, {CONTACT_MARK}
    FROM clients_contact contact JOIN (
        SELECT unnest(row_ids) AS id FROM clients_mergedrows WHERE merge_id = %s AND kind = 'contacts'
    ) moved USING (id)
"""

# A document that was drawn since goes where what it documents goes.
_RESTORE_DOCUMENTS = """
    WITH moved AS (SELECT kind, unnest(row_ids) AS id FROM clients_mergedrows WHERE merge_id = %(merge_id)s)
    UPDATE clients_issueddocument document SET client_id = %(to_id)s
    WHERE client_id = %(from_id)s AND CASE document.kind
        WHEN 'invoice' THEN subject_id IN (SELECT id FROM moved WHERE kind = 'invoices')
        WHEN 'credit_note' THEN EXISTS (
            SELECT FROM invoices_creditnote note JOIN moved ON moved.kind = 'invoices' AND moved.id = note.invoice_id
            WHERE note.id = document.subject_id)
        ELSE subject_id IN (SELECT id FROM moved WHERE kind = 'credit_grants')
    END
"""

# So does mail about it, and what of it lies in the mailbox.
_RESTORE_MAIL = """
    WITH moved AS (SELECT kind, unnest(row_ids) AS id FROM clients_mergedrows WHERE merge_id = %(merge_id)s)
    UPDATE clients_mailmessage message SET client_id = %(to_id)s
    WHERE client_id = %(from_id)s AND CASE
        WHEN message.kind IN ('invoice', 'reminder') THEN subject_id IN (SELECT id FROM moved WHERE kind = 'invoices')
        WHEN message.kind = 'credit_note' THEN subject_id IN (SELECT id FROM moved WHERE kind = 'credit_notes')
            OR subject_id IN (SELECT note.id FROM invoices_creditnote note
                              JOIN moved ON moved.kind = 'invoices' AND moved.id = note.invoice_id)
        WHEN message.kind = 'payment' THEN subject_id IN (SELECT id FROM moved WHERE kind = 'transactions')
        WHEN message.kind IN ('credit', 'expiring')
            THEN subject_id IN (SELECT id FROM moved WHERE kind = 'credit_grants')
        ELSE false
    END
"""
_RESTORE_MAILBOX = """
    UPDATE clients_mailboxmail kept SET client_id = %(to_id)s
    FROM clients_mailmessage message
    WHERE message.id = kept.message_id AND kept.client_id = %(from_id)s AND message.client_id = %(to_id)s
"""
# And a request for approval that was made since about an invoice, a payment or an entry that goes.
_RESTORE_REQUESTS = """
    WITH moved AS (SELECT kind, unnest(row_ids) AS id FROM clients_mergedrows WHERE merge_id = %(merge_id)s)
    UPDATE clients_approvalrequest request SET client_id = %(to_id)s
    WHERE client_id = %(from_id)s AND EXISTS (
        SELECT FROM jsonb_each(payload) AS given (name, packed) JOIN moved
          ON moved.id = (packed #>> '{row,1}')::bigint AND moved.kind = CASE packed #>> '{row,0}'
             WHEN 'invoices.invoice' THEN 'invoices' WHEN 'transactions.transaction' THEN 'transactions'
             WHEN 'credits.creditentry' THEN 'credit_entries' END)
"""
# What was sent since the merge was written to the kept client, whose name and address are not the other's to keep.
_FORGET_OTHERS_WORDS = """
    UPDATE clients_mailmessage SET subject = '', body = '', address = CASE
        WHEN upper(address) IN (SELECT upper(email) FROM clients_client WHERE id = %(to_id)s
                                UNION SELECT upper(email) FROM clients_contact WHERE client_id = %(to_id)s)
        THEN address ELSE '' END
    WHERE client_id = %(to_id)s AND claimed_at >= (SELECT merged_at FROM clients_clientmerge WHERE id = %(merge_id)s)
"""


def move_rows(
    *, merge: ClientMerge, from_id: int, to_id: int, kinds: Container[str], losing: Iterable[Contact]
) -> dict[str, Any]:
    """Move everything, leaving out the contacts that lose a clash of e-mail addresses; returns what undo needs to know.

    `kinds` are those of which the discarded client has rows; nobody adds any while it is locked for removal. One
    statement a table, which also notes in the merge which rows it moved. What was decided about the discarded
    client as a duplicate of others says nothing of the kept one; it goes.
    """
    losers = list(losing)
    if losers:
        Contact.objects.filter(pk__in=[contact.pk for contact in losers])._raw_delete("default")
    undecided: list[NotADuplicate] = []
    if "not_duplicates" in kinds:
        of_it = NotADuplicate.objects.filter(first_id=from_id) | NotADuplicate.objects.filter(second_id=from_id)
        undecided = list(of_it)
        of_it._raw_delete("default")
    for table in CLIENT_TABLES:
        if table.moves_plainly and table.name in kinds:
            (column,) = table.columns
            MergedRows.objects.note(
                merge=merge,
                kind=table.name,
                update=f"UPDATE {table.db_table} SET {column} = %(to_id)s WHERE {column} = %(from_id)s",
                from_id=from_id,
                to_id=to_id,
            )
    accounts = []
    if "credit_accounts" in kinds:
        accounts = move_credit(merge=merge, from_id=from_id, to_id=to_id)  # after the invoices that it pays
    marks = {}
    if "contacts" in kinds:
        with connection.cursor() as cursor:
            cursor.execute(_MARKS, [merge.pk])
            marks = dict(cursor.fetchall())
    return {
        "accounts": accounts,
        "contact_marks": marks,
        "contacts": [_row(contact) for contact in losers],
        "not_duplicates": [_row(row) for row in undecided],
    }


def restore_rows(*, merge: ClientMerge, from_id: int, to_id: int) -> None:
    """Give back what moved, as it is now, and put back what gave way."""
    parameters = {"merge_id": merge.pk, "from_id": from_id, "to_id": to_id}
    restore_with_their_invoices(**parameters)
    with connection.cursor() as cursor:
        for sql in (_RESTORE_DOCUMENTS, _RESTORE_MAIL, _RESTORE_MAILBOX, _RESTORE_REQUESTS):
            cursor.execute(sql, parameters)
        for table in CLIENT_TABLES:
            if table.moves_plainly:
                (column,) = table.columns
                cursor.execute(MergedRows.restore_sql(table.db_table, column), {**parameters, "kind": table.name})
    restore_credit(merge=merge, from_id=from_id, to_id=to_id)
    Contact.objects.bulk_create(Contact(**row) for row in merge.journal["contacts"])
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_OTHERS_WORDS, parameters)
    NotADuplicate.objects.bulk_create(
        NotADuplicate(**{**row, "decided_at": datetime.datetime.fromisoformat(row["decided_at"])})
        for row in _with_both(merge.journal["not_duplicates"], to_id)
    )


def _row(row: Contact | NotADuplicate) -> dict[str, Any]:
    """The columns of a row, to make the same one again."""
    values = {field.attname: field.value_from_object(row) for field in row._meta.concrete_fields}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}


def _with_both(rows: list[dict[str, Any]], restored_id: int) -> list[dict[str, Any]]:
    """The decisions whose other client is still there."""
    others = {row["first_id"] if row["second_id"] == restored_id else row["second_id"] for row in rows}
    there = set(Client.objects.filter(pk__in=others).values_list("pk", flat=True))
    return [row for row in rows if {row["first_id"], row["second_id"]} - {restored_id} <= there]
