"""Giving back what came in: to the payment method, or as credit."""

import datetime
from typing import Any, Literal

from django.db import transaction as db_transaction
from django.utils import timezone
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text, require_places
from clients.models import Activity, Client, FormKey, Limit, LimitKind
from credits.models import CreditGrant
from credits.services.grant import add_credit
from credits.services.take_back import take_back
from invoices.models import Invoice
from transactions.models import Transaction
from transactions.selectors.remaining import Remaining, remaining_of

from .booking import check_texts, label_like, lock_owner, lock_reference, refuse_taken_reference, signed


@db_transaction.atomic
def refund_payment(
    *,
    payment: Transaction,
    amount: Money,
    to: Literal["method", "credit"],
    by: Actor,
    on: datetime.date | None = None,
    reference: str = "",
    description: str = "",
    key: FormKey | None = None,
    close_invoice: bool = False,
) -> Transaction:
    """Give back `amount` of one payment, never more than came in less what was given back before.

    The invoice that it paid is owed again, unless `close_invoice` marks it Refunded: that needs all that was paid to
    be given back, and no credit on it. Of a payment that became credit only what is unspent is given back, and that
    credit is taken back. To `credit`, the money moves off the invoice and becomes paid credit; it does not leave the
    house. Returns the row of money out.
    """
    reference = reference.strip()
    require_places(amount)
    check_texts(reference=reference, description=description)
    client, payment = lock_owner(payment)
    form = FormKey.objects.begin(
        key, "payment.refund", Transaction, client=client, by=by, payment=payment, amount=amount, to=to, on=on,
        reference=reference, description=description, close_invoice=close_invoice,
    )  # fmt: skip
    if form.repeated:
        return form.outcome(Transaction)[0]
    (remaining,) = remaining_of([payment])
    _check(remaining, amount, to, client)
    Limit.objects.require(LimitKind.REFUNDED, payment.client_id, amount, by)
    lock_reference(payment.payment_method_id, reference)
    refuse_taken_reference(payment.payment_method, reference)
    what = payment.invoice_label or payment.reference or f"transaction {payment.pk}"
    booked = {
        **label_like(payment),
        **signed(by),
        "date": on or timezone.localdate(),
        "payment_method_id": payment.payment_method_id,
        "reference": reference,
        "currency": payment.currency,
    }
    out = Transaction.objects.create(
        **booked,
        kind=Transaction.Kind.REFUND if to == "method" else Transaction.Kind.MOVED,
        invoice_id=payment.invoice_id,
        invoice_label=payment.invoice_label,
        refund_of=payment,
        description=f"Refund of {what}" if to == "method" else f"{what} refunded to credit",
        note=description,
        amount_out=amount,
    )
    if to == "credit":
        assert client is not None  # checked above
        booked |= {"description": f"Refund of {what}", "note": description}
        _give_credit(client, payment, amount, by, booked)
    taken = _take_back_credit(remaining, amount, f"Refund of {what}", by)
    if close_invoice:
        _mark_refunded(payment)
    where = "credit" if to == "credit" else payment.payment_method
    said, done = (f"{money_text(amount)} of {money} refunded to {where}" for money in (payment.label, "a payment"))
    Activity.objects.record(
        by=by,
        client=client,
        verb="payment.refunded",
        # The reference was typed, or is the other bank's: it goes with the client.
        summary=done + (f"; {payment.invoice_label} marked Refunded" if close_invoice else ""),
        note=payment.label,
        data={
            "transaction": out.pk,
            "payment": payment.pk,
            "invoice": payment.invoice_id,
            "amount": amount.amount,
            "currency": payment.currency,
            "to": to,
            "credit_taken_back": taken.amount,
        },
    )
    form.finish(said, out)
    return out


def _check(remaining: Remaining, amount: Money, to: str, client: Client | None) -> None:
    payment = remaining.row
    if payment.amount_in.amount == 0:
        raise BusinessError(f"{payment.label} brought no money in; there is nothing to refund.")
    if amount.currency.code != payment.currency:
        raise BusinessError(
            f"{payment.label} is in {payment.currency}; {money_text(amount)} cannot be given back of it."
        )
    if amount.amount <= 0:
        raise BusinessError(f"A refund must be above zero; {money_text(amount)} was given.", field="amount")
    if amount > remaining.left:
        back = f", {money_text(remaining.given_back)} was given back before" if remaining.given_back.amount else ""
        raise BusinessError(
            f"{money_text(payment.amount_in)} came in{back}: {money_text(remaining.left)} can be refunded, "
            f"{money_text(amount)} was asked for.",
            field="amount",
        )
    if to == "credit" and client is None:
        who = "is not attached to a client" if payment.is_unattached else "belongs to a client that was deleted"
        raise BusinessError(f"{payment.label} {who}: nobody can be given credit for it.", field="to")
    if not remaining.grants:
        return
    if to == "credit":
        raise BusinessError(
            f"{payment.label} is credit of the client already; {money_text(remaining.unspent)} of it is unspent.",
            field="to",
        )
    if amount > remaining.unspent:
        raise BusinessError(
            f"This payment became credit, of which {money_text(remaining.unspent)} is unspent: no more can be "
            f"refunded, {money_text(amount)} was asked for.",
            field="amount",
        )


def _give_credit(client: Client, payment: Transaction, amount: Money, by: Actor, booked: dict[str, Any]) -> None:
    """The money comes in on a row of its own, which is the source of the credit."""
    moved = Transaction.objects.create(
        **booked,
        kind=Transaction.Kind.MOVED,
        part=2,
        part_of_id=payment.part_of_id or payment.pk,
        amount_in=amount,
    )
    add_credit(
        client=client,
        amount=amount,
        description=moved.words,
        typed=bool(moved.note),
        by=by,
        kind=CreditGrant.Kind.REFUND,
        category=CreditGrant.Category.PAID,
        transaction=moved,
    )


def _take_back_credit(remaining: Remaining, amount: Money, reason: str, by: Actor) -> Money:
    """Take `amount` out of the credit that the payment gave; zero where it gave none."""
    taken = Money(0, remaining.row.currency)
    for given in remaining.grants:
        part = min(amount - taken, given.grant.remaining)
        if part.amount > 0:
            take_back(grant=given.grant, amount=part, by=by, reason=reason)
            taken += part
    return taken


def _mark_refunded(payment: Transaction) -> None:
    """All that was paid is given back and nobody owes it again."""
    invoice = Invoice.objects.filter(pk=payment.invoice_id).first() if payment.invoice_id else None
    if invoice is None:
        raise BusinessError(f"{payment.label} settles no invoice that could be marked Refunded.", field="close_invoice")
    if invoice.amount_paid.amount or invoice.credit_applied.amount:
        raise BusinessError(
            f"{invoice.label} cannot be marked Refunded: {money_text(invoice.amount_paid)} of payments and "
            f"{money_text(invoice.credit_applied)} of credit would still settle it. Nothing was refunded.",
            field="close_invoice",
        )
    if invoice.status != Invoice.Status.UNPAID:
        raise BusinessError(
            f"{invoice.label} is {invoice.get_status_display()}; it cannot be marked Refunded. Nothing was refunded.",
            field="close_invoice",
        )
    Invoice.objects.filter(pk=invoice.pk).update(status=Invoice.Status.REFUNDED)
