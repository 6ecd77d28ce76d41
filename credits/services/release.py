"""Taking credit off an invoice: it goes back to the grants that it came from."""

import datetime

from django.db import transaction as db_transaction
from django.db.models import Sum
from django.utils import timezone
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text, require_places
from clients.models import Activity, FormKey
from credits.models import CreditEntry, CreditGrant
from invoices.models import Invoice

from . import ledger


@db_transaction.atomic
def release_credit(
    *,
    invoice: Invoice,
    by: Actor,
    amount: Money | None = None,
    on: datetime.date | None = None,
    key: FormKey | None = None,
) -> Money:
    """Take credit off an issued invoice, `amount` or all of it, last used first. Returns what was released.

    A grant that has expired meanwhile gets its part back and expires it in the same moment; both entries are visible.
    """
    client, invoice = Invoice.objects.lock_with_client(invoice)
    form = FormKey.objects.begin(
        key, "credit.release", CreditEntry, client=client, by=by, invoice=invoice, amount=amount, on=on
    )
    if form.repeated:
        return ledger.total(form.outcome(CreditEntry), invoice.currency)
    if invoice.credit_applied.amount == 0:
        raise BusinessError(f"No credit is applied to {invoice.label}; nothing was released.")
    wanted = invoice.credit_applied if amount is None else amount
    require_places(wanted)
    if wanted.currency.code != invoice.currency:
        raise BusinessError(
            f"{invoice.label} is in {invoice.currency}; no credit in {wanted.currency.code} is applied to it.",
            field="amount",
        )
    if wanted.amount <= 0 or wanted > invoice.credit_applied:
        raise BusinessError(
            f"{money_text(invoice.credit_applied)} of credit is applied to {invoice.label}; {money_text(wanted)} "
            "cannot be released.",
            field="amount",
        )
    movements = _back_to_grants(invoice, wanted)
    entries = ledger.book(
        kind=CreditEntry.Kind.RELEASE,
        movements=movements,
        description=f"Released from {invoice.label}",
        by=by,
        invoice=invoice,
    )
    ledger.expire_at_once(movements, on=on or timezone.localdate(), by=by)
    Activity.objects.record(
        by=by,
        client=client,
        verb="credit.released",
        summary=f"Credit of {money_text(wanted)} released from {invoice.label}",
        data={"invoice": invoice.pk, "amount": wanted.amount, "currency": invoice.currency},
    )
    form.finish(f"Credit of {money_text(wanted)} taken off {invoice.label}", *entries)
    return wanted


def _back_to_grants(invoice: Invoice, amount: Money) -> list[ledger.Movement]:
    """Spread `amount` over the grants that pay the invoice, the one used last first."""
    applied = (
        CreditGrant.objects.filter(entries__invoice=invoice)
        .annotate(applied=-Sum("entries__amount"))
        .filter(applied__gt=0)
    )
    last_used_first = reversed(list(applied.in_draw_down_order()))
    movements, left = [], amount
    for used in last_used_first:
        part = min(left, Money(used.applied, invoice.currency))
        if part.amount > 0:
            movements.append(ledger.Movement(used, part))
            left -= part
    return movements
