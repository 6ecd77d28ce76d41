"""Recording money that came in."""

import datetime
from dataclasses import dataclass

from django.db import transaction as db_transaction
from django.utils import timezone
from djmoney.money import Money

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_key
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import as_text, require_places
from clients.models import Activity
from clients.models.activity import actor_name
from credits.models import CreditGrant
from credits.services.grant import add_credit
from invoices.models import Invoice
from transactions.models import PaymentMethod, Transaction


@dataclass(frozen=True)
class Recorded:
    """The payment, what of it became credit, and whether it had been recorded before."""

    transaction: Transaction
    overpaid: Money
    repeated: bool


@db_transaction.atomic
def record_payment(
    *,
    invoice: Invoice,
    amount: Money,
    payment_method: PaymentMethod,
    by: Actor,
    on: datetime.date | None = None,
    reference: str = "",
    fees: Money | None = None,
    description: str = "",
    idempotency_key: str | None = None,
) -> Recorded:
    """Record a payment of one unpaid invoice. What is more than due becomes paid credit of the client.

    The same reference (per payment method) or idempotency key with the same figures counts once and returns what was
    recorded first.
    """
    fees = fees or Money(0, amount.currency)
    _check_figures(invoice, amount, fees)
    on = on or timezone.localdate()
    reference = reference.strip()
    client, invoice = Invoice.objects.lock_with_client(invoice)
    for key in (idempotency_key, reference and f"{payment_method.pk} {reference}"):
        if key:
            lock_key(f"payment {key}")
    if idempotency_key and (first := Transaction.objects.filter(idempotency_key=idempotency_key, part=1).first()):
        same_words = (first.payment_method_id, first.reference, first.date) == (payment_method.pk, reference, on)
        return _repeat(first, invoice, amount, fees, same=same_words)
    if reference and (first := payment_method.transactions.filter(reference=reference, part=1).first()):
        return _repeat(first, invoice, amount, fees, same=True)
    if invoice.status != Invoice.Status.UNPAID:
        raise BusinessError(
            f"{invoice.label} is {invoice.get_status_display()}; a payment of {as_text(amount)} was not recorded.",
            field="invoices",
        )
    settling = min(amount, invoice.due)
    shared = {
        "client": client,
        "client_number": client.number,
        "client_name": client.name,
        "date": on,
        "payment_method": payment_method,
        "reference": reference,
        "created_by": by,
        "created_by_name": actor_name(by),
        "idempotency_key": idempotency_key or None,
    }
    payment = Transaction.objects.create(
        **shared,
        invoice=invoice,
        invoice_label=invoice.label,
        description=description or f"Payment of {invoice.label}",
        currency=invoice.currency,
        amount_in=settling,
        fees=fees,
    )
    overpaid = amount - settling
    if overpaid.amount > 0:
        rest = Transaction.objects.create(
            **shared,
            part=2,
            part_of=payment,
            description=f"Overpayment of {invoice.label}",
            currency=invoice.currency,
            amount_in=overpaid,
        )
        add_credit(
            client=client,
            amount=overpaid,
            description=f"Overpayment of {invoice.label}",
            by=by,
            kind=CreditGrant.Kind.OVERPAYMENT,
            category=CreditGrant.Category.PAID,
            transaction=rest,
        )
    Activity.objects.record(
        by=by,
        client=client,
        verb="payment.recorded",
        summary=f"Payment of {as_text(amount)} recorded for {invoice.label}"
        + (f"; {as_text(overpaid)} more than was due became credit" if overpaid.amount else ""),
        data={"transaction": payment.pk, "invoice": invoice.pk, "amount": amount.amount, "currency": invoice.currency},
    )
    return Recorded(payment, overpaid, repeated=False)


def _check_figures(invoice: Invoice, amount: Money, fees: Money) -> None:
    require_places(amount)
    require_places(fees, "fees")
    if amount.amount <= 0:
        raise BusinessError(f"A payment must be above zero; {as_text(amount)} was given.", field="amount")
    for money, what in ((amount, "a payment"), (fees, "a payment with fees")):
        if money.currency.code != invoice.currency:
            raise BusinessError(
                f"{invoice.label} is in {invoice.currency}; {what} in {money.currency.code} cannot settle it.",
                field="invoices",
            )
    if fees.amount < 0 or fees > amount:
        raise BusinessError(f"Fees of {as_text(fees)} do not fit a payment of {as_text(amount)}.", field="fees")


def _repeat(first: Transaction, invoice: Invoice, amount: Money, fees: Money, *, same: bool) -> Recorded:
    """Answer with what was recorded first, or refuse where the figures are others."""
    rest = Transaction.objects.filter(
        payment_method_id=first.payment_method_id,
        reference=first.reference,
        idempotency_key=first.idempotency_key,
        part=2,
    ).first()
    overpaid = rest.amount_in if rest else Money(0, first.currency)
    if not same or (first.invoice_id, first.amount_in + overpaid, first.fees) != (invoice.pk, amount, fees):
        raise BusinessError(
            f"{first.payment_method} already has a payment “{first}” of {as_text(first.amount_in + overpaid)} for "
            f"{first.invoice_label or 'no invoice'}. Nothing was recorded.",
            field="reference",
        )
    return Recorded(first, overpaid, repeated=True)
