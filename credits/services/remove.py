"""Taking credit away again: an amount, a grant's unspent rest, or a whole grant that nobody has used."""

import datetime

from django.db import transaction as db_transaction
from django.utils import timezone
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError, require_length
from billing_admin.money.amounts import money_text, require_places
from billing_admin.text import with_note
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


@db_transaction.atomic
def take_back_rest(*, grant: CreditGrant, by: Actor, reason: str = "") -> Money:
    """Take back what a grant has left. Returns what that was."""
    Client.objects.lock_one(grant.client_id)
    grant = CreditGrant.objects.select_related("client").get(pk=grant.pk)
    rest = grant.remaining
    if rest.amount == 0:
        raise BusinessError(f"Nothing is left of the {money_text(grant.amount)} “{grant.description}”.")
    _book_back(grant, rest, "Rest of “{}” taken back", reason, by, "credit.rest_taken_back")
    return rest


@db_transaction.atomic
def reverse_grant(*, grant: CreditGrant, by: Actor, reason: str = "") -> Money:
    """Undo a grant that nobody has used. Returns what it had given."""
    Client.objects.lock_one(grant.client_id)
    grant = CreditGrant.objects.select_related("client").get(pk=grant.pk)
    spent = grant.amount - grant.remaining
    if grant.remaining.amount == 0:
        raise BusinessError(f"Nothing is left of the {money_text(grant.amount)} “{grant.description}”.")
    if spent.amount:
        raise BusinessError(
            f"{money_text(spent)} of the {money_text(grant.amount)} “{grant.description}” has been used. "
            f"Only the rest, {money_text(grant.remaining)}, can be taken back."
        )
    _book_back(grant, grant.amount, "“{}” reversed", reason, by, "credit.reversed")
    return grant.amount


def _book_back(grant: CreditGrant, amount: Money, words: str, reason: str, by: Actor, verb: str) -> None:
    """Take `amount` back, for the reason typed; where there is none, `words` say of which credit it was.

    What was typed into a transfer is not repeated: it goes with the first of the two clients that is deleted.
    """
    given = grant.entries.earliest("pk")
    whole = amount == grant.amount
    name = given.description if grant.kind == CreditGrant.Kind.TRANSFER else grant.description
    description = "" if reason else words.format(name)
    ledger.book(
        kind=CreditEntry.Kind.REVERSE,
        movements=[ledger.Movement(grant, -amount)],
        description=description,
        note=reason,
        by=by,
        reverses=given if whole else None,
    )
    Activity.objects.record(
        by=by,
        client=grant.client,
        verb=verb,
        summary=with_note(f"Credit of {money_text(amount)} taken back", description),
        note=reason,
        data={"grant": grant.pk, "amount": amount.amount, "currency": grant.currency},
    )
