"""Giving credit."""

import datetime

from django.db import transaction as db_transaction
from django.utils import timezone
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError, require_length
from billing_admin.money.amounts import money_text, require_places
from clients.models import Activity, Client, FormKey, LimitKind, MailMessage
from credits.models import CreditGrant
from transactions.models import Transaction

from . import ledger
from .limits import require_right_to_paid, require_within_limit


@db_transaction.atomic
def add_credit(
    *,
    client: Client,
    amount: Money,
    description: str,
    by: Actor,
    category: CreditGrant.Category = CreditGrant.Category.PROMOTIONAL,
    kind: CreditGrant.Kind = CreditGrant.Kind.CREDIT,
    priority: int = CreditGrant.DEFAULT_PRIORITY,
    expires_on: datetime.date | None = None,
    transaction: Transaction | None = None,
    key: FormKey | None = None,
    typed: bool = True,
    agreed: Money | None = None,
    tell: bool = False,
) -> CreditGrant:
    """Give a client credit for one reason; it stands on the Credits List.

    `typed`: whether staff typed the `description`, or it came with the money; otherwise it is our words.
    `agreed`: the amount that staff said yes to although it is above the limit; money behind it has no limit.
    `tell`: the client is told by mail.
    """
    require_places(amount)
    require_length(description, "description")
    if not description.strip():
        raise BusinessError(
            f"Say what the credit of {money_text(amount)} is for; nothing was added.", field="description"
        )
    if not 0 <= priority <= 1000:
        raise BusinessError(f"A priority goes from 0 to 1000; {priority} was given.", field="priority")
    if amount.amount <= 0:
        raise BusinessError(f"Credit must be above zero; {money_text(amount)} was given.", field="amount")
    if expires_on is not None and expires_on < timezone.localdate():
        raise BusinessError(
            f"This credit would have expired on {expires_on:%-d %b %Y} already. Give a later date.", field="expires_on"
        )
    client = Client.objects.lock_one(client.pk)
    form = FormKey.objects.begin(
        key, "credit.add", CreditGrant, client=client, by=by, amount=amount, description=description, category=category,
        priority=priority, expires_on=expires_on,
    )  # fmt: skip
    if form.repeated:
        return form.outcome(CreditGrant)[0]
    if transaction is None:
        if category == CreditGrant.Category.PAID:
            require_right_to_paid(by)
        require_within_limit(LimitKind.GIVEN, client=client, amount=amount, by=by, agreed=agreed)
    given = ledger.grant(
        account=ledger.account_of(client, amount.currency.code),
        amount=amount,
        kind=kind,
        category=category,
        by=by,
        description="" if typed else description,
        note=description if typed else "",
        priority=priority,
        expires_on=expires_on,
        transaction=transaction,
    )
    Activity.objects.record(
        by=by,
        client=client,
        verb="credit.added",
        summary=f"Credit of {money_text(amount)} added" + ("" if typed else f": {description}"),
        note=description if typed else "",
        data={"grant": given.pk, "amount": amount.amount, "currency": amount.currency.code},
    )
    if tell:
        MailMessage.objects.queue("credit", [given.pk], by=by)
    form.finish(f"Credit of {money_text(amount)} added to {client.name}", given)
    return given
