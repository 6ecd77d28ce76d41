"""Taking back part of one grant, because the money that it came from left the house again."""

from django.db import transaction as db_transaction
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text, require_places
from clients.models import Activity, Client
from credits.models import CreditEntry, CreditGrant

from . import ledger


@db_transaction.atomic
def take_back(*, grant: CreditGrant, amount: Money, by: Actor, reason: str) -> None:
    """Take back an amount of one grant, from what is unspent of it."""
    require_places(amount)
    client = Client.objects.lock_one(grant.client_id)
    grant = CreditGrant.objects.get(pk=grant.pk)
    if not 0 < amount.amount <= grant.remaining.amount:
        raise BusinessError(
            f"Of the {money_text(grant.amount)} “{grant.description}”, {money_text(grant.remaining)} is unspent; "
            f"{money_text(amount)} cannot be taken back.",
            field="amount",
        )
    ledger.book(
        kind=CreditEntry.Kind.REVERSE,
        movements=[ledger.Movement(grant, -amount)],
        description=reason,
        by=by,
        reverses=grant.entries.order_by("pk").first() if amount == grant.amount else None,
    )
    Activity.objects.record(
        by=by,
        client=client,
        verb="credit.taken_back",
        summary=f"Credit of {money_text(amount)} taken back: {reason}",
        data={"grant": grant.pk, "amount": amount.amount, "currency": grant.currency},
    )
