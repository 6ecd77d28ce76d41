"""What has happened since a merge to the rows that it moved, where that makes giving them back wrong."""

import json
from dataclasses import dataclass

from django.db import connection

from clients.models import ClientMerge

# How many of one sort are named; more say nothing more.
_NAMED = 3


def _moved(kind: str) -> str:
    return f"(SELECT unnest(row_ids) FROM clients_mergedrows WHERE merge_id = %(merge_id)s AND kind = '{kind}')"


@dataclass(frozen=True)
class _Change:
    """One sort of change: a query of the figures that its sentence names."""

    words: str
    sql: str


# What a contact says, to see whether it still does. Roles came later: without one it is what older merges noted.
CONTACT_MARK = """
    md5(concat_ws(chr(31), first_name, last_name, email, phone, nullif(array_to_string(roles, ','), '')))
"""

_LABEL = "CASE WHEN invoice.number IS NULL THEN 'a draft' ELSE invoice.label END"

_CHANGES = (
    _Change(
        "{0} of credit “{1}”, which the merge moved, has been used for {2} of client {kept} since.",
        f"""
        SELECT money_text(-min(entry.amount), entry.currency), grant_.description, {_LABEL}
        FROM credits_creditentry entry JOIN credits_creditgrant grant_ ON grant_.id = entry.grant_id
        JOIN invoices_invoice invoice ON invoice.id = entry.invoice_id
        WHERE entry.client_id = %(kept_id)s AND entry.grant_id IN {_moved("credit_grants")}
          AND entry.invoice_id NOT IN {_moved("invoices")}
        GROUP BY entry.currency, grant_.id, invoice.id ORDER BY invoice.id, grant_.id
        """,
    ),
    _Change(
        "{0} of client {kept}’s credit “{1}” has been used for {2}, which the merge moved, since.",
        f"""
        SELECT money_text(-min(entry.amount), entry.currency), grant_.description, {_LABEL}
        FROM credits_creditentry entry JOIN credits_creditgrant grant_ ON grant_.id = entry.grant_id
        JOIN invoices_invoice invoice ON invoice.id = entry.invoice_id
        WHERE entry.client_id = %(kept_id)s AND entry.grant_id NOT IN {_moved("credit_grants")}
          AND entry.invoice_id IN {_moved("invoices")}
        GROUP BY entry.currency, grant_.id, invoice.id ORDER BY invoice.id, grant_.id
        """,
    ),
    _Change(
        "{0} of credit “{1}”, which the merge moved, has been taken since, from what both had together.",
        f"""
        SELECT money_text(-sum(entry.amount), entry.currency), grant_.description
        FROM credits_creditentry entry JOIN credits_creditgrant grant_ ON grant_.id = entry.grant_id
        WHERE entry.client_id = %(kept_id)s AND entry.kind IN ('remove', 'adjust', 'transfer') AND entry.amount < 0
          AND entry.grant_id IN {_moved("credit_grants")} AND entry.id NOT IN {_moved("credit_entries")}
        GROUP BY entry.currency, grant_.id ORDER BY grant_.id
        """,
    ),
    _Change(
        "A payment or refund of {0} for {1}, which the merge moved, was recorded since under the number of client "
        "{kept}.",
        f"""
        SELECT money_text(greatest(paid.amount_in, paid.amount_out), paid.currency),
               coalesce(invoice.label, 'a transaction')
        FROM transactions_transaction paid LEFT JOIN invoices_invoice invoice ON invoice.id = paid.invoice_id
        WHERE paid.client_id = %(kept_id)s AND paid.id NOT IN {_moved("transactions")}
          AND (paid.invoice_id IN {_moved("invoices")} OR paid.refund_of_id IN {_moved("transactions")})
        ORDER BY paid.id
        """,
    ),
    _Change(
        "The transaction of {0} on {1}, which the merge moved, settles {2} of client {kept} now.",
        f"""
        SELECT money_text(greatest(paid.amount_in, paid.amount_out), paid.currency),
               to_char(paid.date, 'FMDD Mon YYYY'), {_LABEL}
        FROM transactions_transaction paid JOIN invoices_invoice invoice ON invoice.id = paid.invoice_id
        WHERE paid.client_id = %(kept_id)s AND paid.id IN {_moved("transactions")}
          AND paid.invoice_id NOT IN {_moved("invoices")}
        ORDER BY paid.id
        """,
    ),
    _Change(
        "{0} been deleted since.",
        f"""
        SELECT CASE count(*) WHEN 1 THEN 'A transaction that the merge moved has'
                             ELSE count(*) || ' transactions that the merge moved have' END
        FROM {_moved("transactions")} moved (id)
        WHERE NOT EXISTS (SELECT FROM transactions_transaction paid WHERE paid.id = moved.id) HAVING count(*) > 0
        """,
    ),
    _Change(
        "A transaction that the merge moved has become {0} of credit (“{1}”) of client {kept} since.",
        f"""
        SELECT money_text(grant_.amount, grant_.currency), grant_.description
        FROM credits_creditgrant grant_
        WHERE grant_.client_id = %(kept_id)s AND grant_.transaction_id IN {_moved("transactions")}
          AND grant_.id NOT IN {_moved("credit_grants")}
        ORDER BY grant_.id
        """,
    ),
    _Change(
        "“{0}”, which the merge moved, has been billed on {1} of client {kept} since.",
        f"""
        SELECT item.description, {_LABEL}
        FROM invoices_invoiceline line JOIN invoices_billableitem item ON item.id = line.billable_item_id
        JOIN invoices_invoice invoice ON invoice.id = line.invoice_id
        WHERE line.client_id = %(kept_id)s AND item.id IN {_moved("billable_items")}
          AND invoice.id NOT IN {_moved("invoices")}
        ORDER BY line.id
        """,
    ),
    _Change(
        "“{0}” of client {kept} has been billed on {1}, which the merge moved, since.",
        f"""
        SELECT item.description, {_LABEL}
        FROM invoices_invoiceline line JOIN invoices_billableitem item ON item.id = line.billable_item_id
        JOIN invoices_invoice invoice ON invoice.id = line.invoice_id
        WHERE line.client_id = %(kept_id)s AND item.id NOT IN {_moved("billable_items")}
          AND invoice.id IN {_moved("invoices")}
        ORDER BY line.id
        """,
    ),
    _Change(
        "The contact {0}, which the merge moved, has been edited since.",
        f"""
        SELECT contact.email FROM jsonb_each_text(%(marks)s::jsonb) mark
        JOIN clients_contact contact ON contact.id = mark.key::bigint
        WHERE contact.client_id = %(kept_id)s AND mark.value <> {CONTACT_MARK}
        ORDER BY contact.id
        """,
    ),
    _Change(
        "{0} been removed since.",
        """
        SELECT CASE count(*) WHEN 1 THEN 'A contact that the merge moved has'
                             ELSE count(*) || ' contacts that the merge moved have' END
        FROM jsonb_object_keys(%(marks)s::jsonb) mark
        WHERE NOT EXISTS (SELECT FROM clients_contact contact WHERE contact.id = mark::bigint) HAVING count(*) > 0
        """,
    ),
    _Change(
        "Client {kept} has got the contact {0} again since, which gave way in the merge.",
        """
        SELECT contact.email FROM jsonb_to_recordset(%(contacts)s::jsonb) AS gone (client_id bigint, email text)
        JOIN clients_contact contact ON contact.client_id = gone.client_id AND upper(contact.email) = upper(gone.email)
        WHERE gone.client_id = %(kept_id)s AND contact.id NOT IN (
            SELECT unnest(row_ids) FROM clients_mergedrows WHERE merge_id = %(merge_id)s AND kind = 'contacts')
        ORDER BY contact.id
        """,
    ),
    _Change(
        "The note that the merge wrote (“{0}”) has been edited since.",
        """
        SELECT left(note.text, 60) FROM clients_clientnote note
        WHERE note.id = %(note_id)s AND note.client_id = %(kept_id)s AND note.text <> %(note_text)s
        """,
    ),
)


def changed_since(merge: ClientMerge) -> list[str]:
    """Why the merge cannot be undone, a sentence each; empty where nothing stands in the way."""
    note = merge.journal.get("note") or {"id": None, "text": ""}
    parameters = {
        "merge_id": merge.pk,
        "kept_id": merge.kept_id,
        "marks": json.dumps(merge.journal.get("contact_marks", {})),
        "contacts": json.dumps(merge.journal.get("contacts", [])),
        "note_id": note["id"],
        "note_text": note["text"],
    }
    sentences = []
    with connection.cursor() as cursor:
        for change in _CHANGES:
            cursor.execute(f"{change.sql} LIMIT {_NAMED}", parameters)
            sentences += [change.words.format(*row, kept=merge.kept.number) for row in cursor.fetchall()]
    return sentences


def later_merge(merge: ClientMerge) -> ClientMerge | None:
    """A merge into the same client that came after this one and stands."""
    later = ClientMerge.objects.filter(kept_id=merge.kept_id, undone_at=None, pk__gt=merge.pk)
    return later.order_by("-pk").first()
