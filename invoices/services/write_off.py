"""Writing off what will not be paid of an invoice, and taking that back. Nothing is deleted or shown as paid."""

from django.db import transaction as db_transaction
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError, require_length
from billing_admin.money.amounts import money_text, require_places
from clients.models import Activity, FormKey, Limit, LimitKind
from clients.models.activity import actor_name
from invoices.models import Invoice, WriteOff
from transactions.services.write_offs import TakenBack, take_back_write_off

from .reminders.fees import withdraw_fees


def why_not_written_off(invoice: Invoice) -> str:
    """Why nothing of this invoice can be written off, in words for staff; empty where something can."""
    if invoice.status == Invoice.Status.UNPAID:
        return ""
    if invoice.status == Invoice.Status.DRAFT:
        return "This is a draft: nothing is due of it yet."
    return f"{invoice.label} is {invoice.get_status_display()}: nothing is due that could be written off."


def why_not_reversed(invoice: Invoice) -> str:
    """Why no write-off of this invoice can be taken back; empty where one can."""
    if not invoice.amount_written_off.amount:
        return f"Nothing is written off of {invoice.label}."
    if invoice.status not in (Invoice.Status.UNPAID, Invoice.Status.WRITTEN_OFF):
        return f"{invoice.label} is {invoice.get_status_display()}: what was written off of it stays so."
    return ""


@db_transaction.atomic
def write_off_invoice(
    *, invoice: Invoice, by: Actor, reason: str, amount: Money | None = None, key: FormKey | None = None
) -> WriteOff:
    """Write off `amount` of what is due on an invoice, or all of it. Where nothing is due then, it is Written off.

    A payment that comes later takes back as much of it as it pays. Of an invoice that nothing is due on then, the fees
    of its reminders are withdrawn, unless they are billed already.
    """
    reason = _checked(reason, amount, invoice)
    client, invoice = Invoice.objects.lock_with_client(invoice)
    form = FormKey.objects.begin(
        key, "invoice.write_off", WriteOff, client=client, by=by, invoice=invoice, reason=reason, amount=amount
    )
    if form.repeated:
        return form.outcome(WriteOff)[0]
    if why_not := why_not_written_off(invoice):
        raise BusinessError(why_not)
    wanted = invoice.due if amount is None else amount
    if wanted > invoice.due:
        raise BusinessError(
            f"Only {money_text(invoice.due)} is due on {invoice.label}; {money_text(wanted)} was to be written off.",
            field="amount",
        )
    Limit.objects.require(LimitKind.WRITTEN_OFF, client.pk, wanted, by)
    row = WriteOff.objects.create(
        client_id=invoice.client_id,
        invoice=invoice,
        currency=invoice.currency,
        amount=wanted,
        description="Written off",
        note=reason,
        created_by=by,
        created_by_name=actor_name(by),
    )
    said = f"{money_text(wanted)} of {invoice.label} written off"
    Activity.objects.record(
        by=by,
        client=client,
        verb="invoice.written_off",
        summary=said,
        note=reason,
        data={"invoice": invoice.pk, "write_off": row.pk, "amount": wanted.amount, "currency": invoice.currency},
    )
    if wanted == invoice.due:
        withdraw_fees(invoice=invoice, client=client, why=f"{invoice.label} was written off", by=by)
    form.finish(said, row)
    return row


@db_transaction.atomic
def reverse_write_off(
    *, invoice: Invoice, by: Actor, reason: str, amount: Money | None = None, key: FormKey | None = None
) -> list[WriteOff]:
    """Take back `amount` of what was written off of an invoice, or all of it; it is due again. Returns the new rows."""
    reason = _checked(reason, amount, invoice)
    client, invoice = Invoice.objects.lock_with_client(invoice)
    form = FormKey.objects.begin(
        key, "invoice.reverse_write_off", WriteOff, client=client, by=by, invoice=invoice, reason=reason, amount=amount
    )
    if form.repeated:
        return form.outcome(WriteOff)
    if why_not := why_not_reversed(invoice):
        raise BusinessError(why_not)
    wanted = invoice.amount_written_off if amount is None else amount
    if wanted > invoice.amount_written_off:
        raise BusinessError(
            f"{money_text(invoice.amount_written_off)} is written off of {invoice.label}; {money_text(wanted)} was to "
            "be taken back.",
            field="amount",
        )
    taken_back = TakenBack(invoice.label, wanted, invoice.amount_written_off)
    rows = take_back_write_off(invoice=invoice, amount=wanted, by=by, note=reason)
    said = f"{taken_back.words} of {invoice.label} reversed".removeprefix("the ")
    said = f"{said[0].upper()}{said[1:]}"
    Activity.objects.record(
        by=by,
        client=client,
        verb="invoice.write_off_reversed",
        summary=said,
        note=reason,
        data={"invoice": invoice.pk, "amount": wanted.amount, "currency": invoice.currency},
    )
    form.finish(said, *rows)
    return rows


def _checked(reason: str, amount: Money | None, invoice: Invoice) -> str:
    reason = reason.strip()
    require_length(reason, "reason")
    if not reason:
        raise BusinessError("Say why; it is kept with the figures.", field="reason")
    if amount is None:
        return reason
    require_places(amount)
    if amount.currency.code != invoice.currency:
        raise BusinessError(
            f"{invoice.label} is in {invoice.currency}; {money_text(amount)} does not fit it.", field="amount"
        )
    if amount.amount <= 0:
        raise BusinessError(f"Give an amount above zero; {money_text(amount)} was given.", field="amount")
    return reason
