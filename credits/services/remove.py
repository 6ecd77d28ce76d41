"""Taking credit away: an amount, from whichever grants would be used first."""

import datetime

from django.db import transaction as db_transaction
from django.utils import timezone
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError, require_length
from billing_admin.money.amounts import money_text, require_places
from clients.models import Activity, Client, FormKey
from credits.models import CreditEntry, CreditGrant

from . import ledger


@db_transaction.atomic
def remove_credit(
    *,
    client: Client,
    amount: Money,
    description: str,
    by: Actor,
    on: datetime.date | None = None,
    key: FormKey | None = None,
) -> Money:
    """Take away credit in draw-down order; refused beyond what is available. Returns the balance left."""
    require_places(amount)
    require_length(description, "description")
    if amount.amount <= 0:
        raise BusinessError(f"Give an amount above zero; {money_text(amount)} was to be removed.", field="amount")
    if not description.strip():
        raise BusinessError(f"Say why {money_text(amount)} is removed; nothing was removed.", field="description")
    client = Client.objects.lock_one(client.pk)
    form = FormKey.objects.begin(
        key, "credit.remove", CreditEntry, client=client, by=by, amount=amount, description=description, on=on
    )
    account = ledger.account_of(client, amount.currency.code)
    if form.repeated:
        return account.balance
    spendable = CreditGrant.objects.filter(account=account).spendable(on or timezone.localdate()).in_draw_down_order()
    entries = ledger.book(
        kind=CreditEntry.Kind.REMOVE,
        movements=ledger.draw_down(spendable, amount),
        note=description,
        by=by,
    )
    Activity.objects.record(
        by=by,
        client=client,
        verb="credit.removed",
        summary=f"Credit of {money_text(amount)} removed",
        note=description,
        data={"amount": amount.amount, "currency": amount.currency.code},
    )
    form.finish(f"Credit of {money_text(amount)} removed from {client.name}", *entries)
    account.refresh_from_db()
    return account.balance
