"""Giving credit."""

import datetime
from dataclasses import dataclass

from django.db import transaction as db_transaction
from django.utils import timezone
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_key
from billing_admin.errors import BusinessError, require_length
from billing_admin.money.amounts import as_text, require_places
from clients.models import Activity, Client
from credits.models import CreditGrant
from transactions.models import Transaction

from . import ledger


@dataclass(frozen=True)
class Given:
    """The grant, and whether this very request had already given it (a double click, a retry, the back button)."""

    grant: CreditGrant
    repeated: bool


class KeyUsedForOtherFigures(BusinessError):
    """The idempotency key belongs to a grant with other figures."""


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
    idempotency_key: str | None = None,
) -> Given:
    """Give a client credit for one reason; it stands on the Credits List.

    The same `idempotency_key` with the same figures gives nothing more and returns the grant that it gave first.
    """
    require_places(amount)
    require_length(description, "description")
    if not description.strip():
        raise BusinessError(f"Say what the credit of {as_text(amount)} is for; nothing was added.", field="description")
    if not 0 <= priority <= 1000:
        raise BusinessError(f"A priority goes from 0 to 1000; {priority} was given.", field="priority")
    if amount.amount <= 0:
        raise BusinessError(f"Credit must be above zero; {as_text(amount)} was given.", field="amount")
    if expires_on is not None and expires_on < timezone.localdate():
        raise BusinessError(
            f"This credit would have expired on {expires_on:%-d %b %Y} already. Give a later date.", field="expires_on"
        )
    client = Client.objects.lock_one(client.pk)
    if idempotency_key:
        lock_key(f"credit {idempotency_key}")
    if idempotency_key and (first := CreditGrant.objects.filter(idempotency_key=idempotency_key).first()):
        asked = (client.pk, amount, description, category, priority, expires_on)
        if asked != (
            first.client_id, first.amount, first.description, first.category, first.priority, first.expires_on
        ):  # fmt: skip
            raise KeyUsedForOtherFigures(
                f"This form has already added {as_text(first.amount)} (“{first.description}”). Nothing more was added; "
                f"open Manage Credits again to add {as_text(amount)}."
            )
        return Given(first, repeated=True)
    given = ledger.grant(
        account=ledger.account_of(client, amount.currency.code),
        amount=amount,
        kind=kind,
        category=category,
        description=description,
        by=by,
        priority=priority,
        expires_on=expires_on,
        transaction=transaction,
        idempotency_key=idempotency_key or None,
    )
    Activity.objects.record(
        by=by,
        client=client,
        verb="credit.added",
        summary=f"Credit of {as_text(amount)} added: {description}",
        data={"grant": given.pk, "amount": amount.amount, "currency": amount.currency.code},
    )
    return Given(given, repeated=False)
