"""Payers as files name them, and what waits that names a client."""

import re
from collections.abc import Sequence

from django.db import connection

from billing_admin.text import Names
from clients.models import Client
from transactions.models import RememberedPayer, Transaction
from transactions.models.transaction import SAID

# What stands between the parts of the note of a row that was booked unattached.
BETWEEN_PARTS = " · "

_LIKELY = f"""
    SELECT id, note, payer_name, payer_account, payer_reference FROM transactions_transaction
    WHERE client_number IS NULL AND ({SAID} ILIKE ANY(%(likely)s) OR payer_account = ANY(%(accounts)s))
    ORDER BY date, id
"""


def fold_account(account: str) -> str:
    """An account as it is compared: without spaces, in capitals."""
    return re.sub(r"[\s.-]", "", account).upper()


def waiting_naming(client: Client, names: Sequence[Sequence[str]]) -> list[int]:
    """The ids of unattached payments that name a client, by date: `names` are the lists of words that its names have.

    A name of one word counts where it is all that stands in a part, as a payer's name does; a longer one anywhere, and
    an account that paid for the client, or that staff attached to it, by itself.
    """
    accounts = {
        *Transaction.objects.filter(client=client).exclude(payer_account="").values_list("payer_account", flat=True),
        *RememberedPayer.objects.filter(client=client, kind="account").values_list("value", flat=True),
    }
    whole = {_words(" ".join(name)) for name in names} - {frozenset()}
    longer = Names([name for name in names if len(name) > 1 or "@" in name[0] or " " in name[0]])
    with connection.cursor() as cursor:
        cursor.execute(_LIKELY, {"likely": Names(names).likely, "accounts": sorted(accounts)})
        rows: list[tuple[int, str, str, str, str]] = cursor.fetchall()
    return [
        pk
        for pk, note, name, account, reference in rows
        if account in accounts
        or any(_words(part) in whole for part in (name, *note.split(BETWEEN_PARTS)))
        or longer.in_text("\n".join((note, name, account, reference)))
    ]


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))
