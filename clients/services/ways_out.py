"""What stands in the way of a deletion, settled in one go."""

from typing import TYPE_CHECKING

from django.db import transaction as db_transaction
from djmoney.money import Money

from billing_admin.refusals import Refused
from clients.models import Client
from credits.models import CreditAccount
from credits.services.adjusting import adjust_balance

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class NoCreditLeft(Refused):
    """There is no credit to remove."""


@db_transaction.atomic
def remove_all_credit(*, client: Client, by: "User | None") -> list[Money]:
    """Set every balance to zero, before the client is deleted; returns what each was.

    Each is on the ledger and in the activity, so that a report of that day says where the credit went.

    Raises NoCreditLeft, ClientGone.
    """
    client = Client.objects.lock_one(client.pk)
    held = [
        account.balance for account in CreditAccount.objects.filter(client=client, balance__gt=0).order_by("currency")
    ]
    if not held:
        raise NoCreditLeft(f"Client {client.number} has no credit left; nothing was removed.")
    for balance in held:
        nothing = Money(0, balance.currency)
        adjust_balance(
            client=client, seen=balance, balance=nothing, by=by, reason="Removed before the client is deleted"
        )
    return held
