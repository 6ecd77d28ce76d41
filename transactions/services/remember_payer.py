"""Keeping in mind whose money it was, for the next payment of the same payer."""

from django.db import connection
from django.utils import timezone

from billing_admin.actor import Actor
from clients.models import Client
from clients.models.activity import actor_name
from transactions.models import Transaction
from transactions.selectors.payers import fold_account

# The account before the name for everybody, so that two who attach at once wait for each other and no more.
_REMEMBER = """
    INSERT INTO transactions_rememberedpayer
        (client_id, kind, value, remembered_by_id, remembered_by_name, remembered_at)
    SELECT %(client)s, kind, value, %(by)s, %(by_name)s, %(now)s
    FROM (VALUES ('account', %(account)s), ('name', name_words(%(name)s))) payer (kind, value)
    WHERE value <> '' ORDER BY kind
    ON CONFLICT (kind, value) DO UPDATE SET
        client_id = excluded.client_id, remembered_by_id = excluded.remembered_by_id,
        remembered_by_name = excluded.remembered_by_name, remembered_at = excluded.remembered_at
"""


def remember_payer(*, row: Transaction, client: Client, by: Actor) -> None:
    """Remember the payer's account and name of a payment that staff attach; the client is locked.

    What was chosen for them before is replaced.
    """
    if not row.payer_name and not row.payer_account:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _REMEMBER,
            {
                "client": client.pk,
                "account": fold_account(row.payer_account),
                "name": row.payer_name,
                "by": by.pk if by else None,
                "by_name": actor_name(by),
                "now": timezone.now(),
            },
        )
