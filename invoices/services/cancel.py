"""Cancelling an issued invoice that nobody has paid."""

import datetime
from dataclasses import dataclass

from django.db import transaction as db_transaction
from django.utils import timezone
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError, require_length
from billing_admin.money.amounts import money_text
from clients.models import Activity, Limit, LimitKind
from credits.services.release import release_credit
from invoices.models import Invoice
from invoices.selectors.given_credit import credit_given_by

from .reminders.fees import withdraw_fees


@dataclass(frozen=True)
class Cancelled:
    """The invoice as it is now, the credit that went back to the grants that it came from, and what became of fees."""

    invoice: Invoice
    released: Money
    fees: list[str]


def why_not_cancelled(invoice: Invoice, *, was_paid: bool = True) -> str:
    """Why this invoice cannot be cancelled as it stands, in words for staff; empty where it can.

    One that nothing `was_paid` on, ever, gave no credit: that is not looked for.
    """
    label = invoice.label
    if invoice.origin == Invoice.Origin.HISTORY:
        return invoice.why_it_stays("nothing was done")
    if invoice.status == Invoice.Status.CANCELLED:
        day = f" on {timezone.localdate(invoice.cancelled_at):%-d %b %Y}" if invoice.cancelled_at else ""
        return f"{label} was cancelled{day}; nothing was done."
    if invoice.status == Invoice.Status.DRAFT:
        return "This is a draft: it has no number yet. Use Delete Draft instead."
    if invoice.amount_paid.amount:
        return (
            f"Payments of {money_text(invoice.amount_paid)} are recorded on {label}. Use Refund on each of them "
            "first, to the payment method or to credit; or use Credit Note."
        )
    if invoice.amount_written_off.amount:
        return f"{money_text(invoice.amount_written_off)} of {label} is written off. Use Reverse Write-Off first."
    if invoice.amount_credited.amount:
        return (
            f"Credit notes have taken back {money_text(invoice.amount_credited)} of {label}. Use Credit Note for the "
            "rest instead."
        )
    given = credit_given_by(invoice) if was_paid else None
    if given and given.spent.amount:
        return (
            f"What was paid beyond {label} gave {money_text(given.given)} of credit, of which "
            f"{money_text(given.spent)} is spent. Use Take Credit Off on the invoices that it pays first."
        )
    # One that credit alone has paid, or of which nothing was ever due, is settled as any other paid one.
    if invoice.status != Invoice.Status.UNPAID:
        return (
            f"{label} is {invoice.get_status_display()}; only an unpaid invoice is cancelled. Use Credit Note, or "
            "first take off what paid it with Take Credit Off and Refund."
        )
    return ""


@db_transaction.atomic
def cancel_invoice(*, invoice: Invoice, by: Actor, reason: str = "", on: datetime.date | None = None) -> Cancelled:
    """Cancel an unpaid invoice. The credit applied to it goes back to the grants that it came from.

    The number stays taken and the periods of its billable items stay billed: a run does not bill them again; a
    duplicate does. `on` is the day that decides whether a grant has expired meanwhile. As what is written off it is
    never paid: its total has the limits of write-offs.
    """
    require_length(reason, "reason")
    client, invoice = Invoice.objects.lock_with_client(invoice)
    if why_not := why_not_cancelled(invoice):
        raise BusinessError(why_not)
    Limit.objects.require(LimitKind.WRITTEN_OFF, client.pk, invoice.total, by, right="invoices.cancel_invoice")
    released = invoice.credit_applied
    if released.amount:
        release_credit(invoice=invoice, by=by, on=on)
    invoice.refresh_from_db()
    invoice.status = Invoice.Status.CANCELLED
    invoice.cancelled_at = timezone.now()
    invoice.save(update_fields=["status", "cancelled_at"])
    summary = f"{invoice.label} of {money_text(invoice.total)} cancelled"
    if released.amount:
        summary += f"; credit of {money_text(released)} released"
    Activity.objects.record(
        by=by,
        client=client,
        verb="invoice.cancelled",
        summary=summary,
        note=reason,
        data={"invoice": invoice.pk, "released": released.amount, "currency": invoice.currency},
    )
    fees = withdraw_fees(invoice=invoice, client=client, why=f"{invoice.label} was cancelled", by=by)
    return Cancelled(invoice, released, fees)
