"""Moving credit from one client to another."""

import datetime
from uuid import UUID, uuid4

from django.db import transaction as db_transaction
from django.utils import timezone
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError, require_length
from billing_admin.money.amounts import money_text, require_places
from clients.models import Activity, Client, FormKey, Limit, LimitKind
from clients.models.client_queryset import ClientGone
from credits.models import CreditEntry, CreditGrant

from . import ledger


@db_transaction.atomic
def transfer_credit(
    *,
    source: Client,
    target: Client,
    amount: Money,
    by: Actor,
    reason: str = "",
    category: CreditGrant.Category | None = None,
    on: datetime.date | None = None,
    key: FormKey | None = None,
) -> list[CreditEntry]:
    """Move credit in draw-down order, of one `category` or of any, as one linked movement; returns what left.

    Each part arrives as a grant with the category, expiry and priority that it left with. Either side names the other
    by number alone: when one is deleted, nothing personal of it stays with the other.
    """
    require_places(amount)
    require_length(reason, "reason", 400)
    if amount.amount <= 0:
        raise BusinessError(f"Give an amount above zero; {money_text(amount)} was to be transferred.", field="amount")
    if source.pk == target.pk:
        raise BusinessError(f"{source.name} cannot transfer credit to itself; choose another client.", field="to")
    locked = {client.pk: client for client in Client.objects.lock([source.pk, target.pk])}
    if len(locked) < 2:
        raise ClientGone
    source, target = locked[source.pk], locked[target.pk]
    form = FormKey.objects.begin(
        key, "credit.transfer", CreditEntry, client=source, by=by, target=target, amount=amount, reason=reason,
        category=category, on=on,
    )  # fmt: skip
    if form.repeated:
        return form.outcome(CreditEntry)
    batch = uuid4()
    held = CreditGrant.objects.filter(client=source, currency=amount.currency.code)
    held = held.spendable(on or timezone.localdate())
    if category is not None:
        held = held.filter(category=category)
    movements = ledger.draw_down(held.in_draw_down_order(), amount)
    Limit.objects.require(LimitKind.TRANSFERRED, source.pk, amount, by)
    entries = ledger.book(
        kind=CreditEntry.Kind.TRANSFER,
        movements=movements,
        description=f"Transferred to client {target.number}",
        note=reason,
        by=by,
        batch=batch,
    )
    account = ledger.account_of(target, amount.currency.code)
    for movement in movements:
        ledger.grant(
            account=account,
            amount=-movement.amount,
            kind=CreditGrant.Kind.TRANSFER,
            category=CreditGrant.Category(movement.grant.category),
            description=f"Transferred from client {source.number}",
            note=reason,
            by=by,
            entry_kind=CreditEntry.Kind.TRANSFER,
            batch=batch,
            priority=movement.grant.priority,
            expires_on=movement.grant.expires_on,
        )
    _record(source, target, amount, by, reason, batch)
    form.finish(f"Credit of {money_text(amount)} transferred to client {target.number}", *entries)
    return entries


def _record(source: Client, target: Client, amount: Money, by: Actor, reason: str, batch: UUID) -> None:
    for client, words in (
        (source, f"transferred to client {target.number}"),
        (target, f"received from client {source.number}"),
    ):
        Activity.objects.record(
            by=by,
            client=client,
            verb="credit.transferred",
            summary=f"Credit of {money_text(amount)} {words}",
            note=reason,
            data={"batch": str(batch), "amount": amount.amount, "currency": amount.currency.code},
        )
