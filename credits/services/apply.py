"""Using credit: automatically on invoices just generated, and by hand on one."""

import datetime

from django.db import transaction as db_transaction
from django.utils import timezone
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import amount_text, money_text, require_places, totals_text
from clients.models import Activity, Client, FormKey
from credits.models import CreditAccount, CreditEntry, CreditGrant
from invoices.models import Invoice

from . import ledger


def apply_credit_automatically(*, invoice_ids: list[int], on: datetime.date, by: Actor) -> int:
    """Apply credit to issued invoices as the rule of each says; return how many ledger entries that took.

    The rule is the invoice's, else the client's, else the system's. Set-based: a chunk of thousands costs the same few
    statements as one invoice. Expects the clients' rows to be locked, in a transaction that is already open.
    """
    return ledger.book_applications(invoice_ids=invoice_ids, on=on, at=timezone.now(), by=by)


def apply_credit_to_plan(*, plan: str, prefix: str, first: int, on: datetime.date, by: Actor) -> None:
    """The same for invoices that are written next, as `invoices_planned` says it. One statement."""
    ledger.book_planned_applications(plan=plan, prefix=prefix, first=first, on=on, at=timezone.now(), by=by)


@db_transaction.atomic
def apply_credit(
    *,
    invoice: Invoice,
    by: Actor,
    amount: Money | None = None,
    on: datetime.date | None = None,
    key: FormKey | None = None,
) -> Money:
    """Apply credit to one unpaid invoice by hand: `amount`, or what there is and fits. Returns what was applied."""
    if amount is not None:
        require_places(amount)
        if amount.currency.code != invoice.currency:
            raise BusinessError(
                f"{invoice.label} is in {invoice.currency}; credit in {amount.currency.code} cannot settle it.",
                field="amount",
            )
    client, invoice = Invoice.objects.lock_with_client(invoice)
    form = FormKey.objects.begin(
        key, "credit.apply", CreditEntry, client=client, by=by, invoice=invoice, amount=amount, on=on
    )
    if form.repeated:
        return -ledger.total(form.outcome(CreditEntry), invoice.currency)
    if invoice.status != Invoice.Status.UNPAID:
        raise BusinessError(
            f"{invoice.label} is {invoice.get_status_display()}; credit applies only to unpaid invoices."
        )
    spendable = list(
        CreditGrant.objects.filter(account__client=client, currency=invoice.currency)
        .spendable(on or timezone.localdate())
        .in_draw_down_order()
    )
    available = sum((held.remaining for held in spendable), ledger.zero(invoice.currency))
    if not available.amount and amount is None:
        raise BusinessError(_no_credit(client, invoice))
    wanted = min(available, invoice.due) if amount is None else amount
    if wanted.amount <= 0:
        raise BusinessError(f"Give an amount above zero; {money_text(wanted)} was asked for.", field="amount")
    if wanted > invoice.due:
        raise BusinessError(
            f"Only {money_text(invoice.due)} is due on {invoice.label}; {money_text(wanted)} was asked for.",
            field="amount",
        )
    entries = ledger.book(
        kind=CreditEntry.Kind.APPLY,
        movements=ledger.draw_down(spendable, wanted),
        description="Applied by hand",
        by=by,
        invoice=invoice,
    )
    Activity.objects.record(
        by=by,
        client=client,
        verb="credit.applied",
        summary=f"Credit of {money_text(wanted)} applied to {invoice.label}",
        data={"invoice": invoice.pk, "amount": wanted.amount, "currency": invoice.currency},
    )
    form.finish(f"Credit of {money_text(wanted)} applied to {invoice.label}", *entries)
    return wanted


def _no_credit(client: Client, invoice: Invoice) -> str:
    accounts = CreditAccount.objects.filter(client=client, balance__gt=0)
    held = {account.currency: account.balance.amount for account in accounts}
    why = f"No {invoice.currency} credit is available for {invoice.label}."
    if expired := held.pop(invoice.currency, None):
        why += f" The {amount_text(expired, invoice.currency)} {invoice.currency} that the client holds has expired."
    if held:
        why += f" The client holds {totals_text(held)}, which pays only invoices in that currency."
    return why
