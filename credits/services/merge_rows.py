"""Moving credit from one client to another in a merge, and back.

Called by the merge and its undo alone, with the clients locked and inside `billing_admin.db.triggers.maintenance`.
Accounts are matched by currency: several currencies stay several balances.
Entries are re-pointed last; the ledger's own trigger then moves the balances, so that no sum is computed here.
"""

from typing import Any

from django.db import connection

from clients.models import ClientMerge, MergedRows

_OPEN_MISSING = """
    INSERT INTO credits_creditaccount (client_id, currency, balance)
    SELECT %(to_id)s, currency, 0 FROM credits_creditaccount WHERE client_id = %(from_id)s
    ON CONFLICT (client_id, currency) DO NOTHING RETURNING id
"""
_PAIRS = """
    SELECT from_.id AS from_id, to_.id AS to_id, from_.currency
    FROM credits_creditaccount from_ JOIN credits_creditaccount to_ USING (currency)
    WHERE from_.client_id = %(from_id)s AND to_.client_id = %(to_id)s
"""
_REPOINT = f"""
    UPDATE {{table}} moving SET client_id = %(to_id)s, account_id = pair.to_id
    FROM ({_PAIRS}) pair WHERE moving.account_id = pair.from_id AND moving.client_id = %(from_id)s
"""


def move_credit(*, merge: ClientMerge, from_id: int, to_id: int) -> list[dict[str, Any]]:
    """Move grants and entries onto the accounts of the same currencies; the emptied accounts go.

    Returns the accounts that were folded into each other, for the merge's journal. The invoices have moved before.
    """
    parameters = {"from_id": from_id, "to_id": to_id}
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_MISSING, parameters)
        opened = {account_id for (account_id,) in cursor.fetchall()}
        cursor.execute(f"{_PAIRS} ORDER BY currency", parameters)
        accounts = [
            {"from": from_account, "to": to_account, "currency": currency, "opened": to_account in opened}
            for from_account, to_account, currency in cursor.fetchall()
        ]
        for kind, table in (("credit_grants", "credits_creditgrant"), ("credit_entries", "credits_creditentry")):
            MergedRows.objects.note(
                merge=merge, kind=kind, update=_REPOINT.format(table=table), returning="moving.id", **parameters
            )
        cursor.execute("DELETE FROM credits_creditaccount WHERE client_id = %(from_id)s", parameters)
    return accounts


_REOPEN = """
    INSERT INTO credits_creditaccount (id, client_id, currency, balance)
    SELECT account, %(to_id)s, currency, 0 FROM unnest(%(accounts)s::bigint[], %(currencies)s::text[])
        AS reopened (account, currency)
"""
_GIVE_BACK_GRANTS = f"""
    UPDATE credits_creditgrant moving SET client_id = %(to_id)s, account_id = pair.to_id
    FROM ({_PAIRS}) pair
    WHERE moving.account_id = pair.from_id AND moving.id IN (
        SELECT unnest(row_ids) FROM clients_mergedrows WHERE merge_id = %(merge_id)s AND kind = 'credit_grants')
"""
# With a grant goes everything that was booked on it since, its expiry for one.
_GIVE_BACK_ENTRIES = f"""
    UPDATE credits_creditentry moving SET client_id = %(to_id)s, account_id = pair.to_id
    FROM ({_PAIRS}) pair, credits_creditgrant grant_
    WHERE moving.account_id = pair.from_id AND grant_.id = moving.grant_id AND grant_.account_id = pair.to_id
"""
_CLOSE_OPENED = """
    DELETE FROM credits_creditaccount account
    WHERE id = ANY(%(opened)s) AND NOT EXISTS (SELECT FROM credits_creditgrant WHERE account_id = account.id)
"""


def restore_credit(*, merge: ClientMerge, from_id: int, to_id: int) -> None:
    """Give back the grants that the merge moved, with all their entries, onto the accounts that they came from."""
    accounts = merge.journal["accounts"]
    parameters: dict[str, Any] = {
        "merge_id": merge.pk,
        "from_id": from_id,
        "to_id": to_id,
        "accounts": [account["from"] for account in accounts],
        "currencies": [account["currency"] for account in accounts],
        "opened": [account["to"] for account in accounts if account["opened"]],
    }
    with connection.cursor() as cursor:
        for sql in (_REOPEN, _GIVE_BACK_GRANTS, _GIVE_BACK_ENTRIES, _CLOSE_OPENED):
            cursor.execute(sql, parameters)
