"""Giving back what was paid of the part of an invoice that a credit note takes back."""

import datetime
from typing import TYPE_CHECKING

from django.db import models
from djmoney.money import Money

from billing_admin.money.amounts import as_text
from billing_admin.refusals import Refused
from credits.services.releasing import release_credit
from invoices.models import Invoice

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class GiveBack(models.TextChoices):
    """What is given back first where both credit and payments settled the invoice."""

    CREDIT_FIRST = "credit_first", "Applied credit first, then payments"
    PAYMENTS_FIRST = "payments_first", "Payments first, then applied credit"


class RefundFirst(Refused):
    """Payments must be refunded before this much of the invoice is credited."""


def give_back(
    *,
    invoice: Invoice,
    amount: Money,
    by: "User | None",
    order: GiveBack = GiveBack.CREDIT_FIRST,
    on: datetime.date | None = None,
) -> tuple[Money, Money]:
    """Give back `amount` of what settled the invoice; returns what was released and what was refunded.

    Expects the client's row to be locked, in a transaction that is already open.

    Raises RefundFirst, and what `release_credit` raises.
    """
    released, refunded = shares(invoice, amount, order)
    if refunded.amount:
        refund_payments(invoice=invoice, amount=refunded, by=by, on=on)
    if released.amount:
        release_credit(invoice=invoice, amount=released, by=by, on=on)
    return released, refunded


def shares(invoice: Invoice, amount: Money, order: GiveBack) -> tuple[Money, Money]:
    """How much of `amount` is released from applied credit, and how much is refunded from payments."""
    if order == GiveBack.CREDIT_FIRST:
        released = min(invoice.credit_applied, amount)
        return released, amount - released
    refunded = min(invoice.amount_paid, amount)
    return amount - refunded, refunded


def refund_payments(*, invoice: Invoice, amount: Money, by: "User | None", on: datetime.date | None) -> None:
    """Refund `amount` of the invoice's payments.

    Payments are refunded on their own transactions so far, before the credit note; then the invoice is unpaid to that
    amount and the credit note takes it off what is due.

    Raises RefundFirst.
    """
    raise RefundFirst(
        f"{as_text(amount)} of what is credited was paid on {invoice.label}. Refund that much of its payments first, "
        "to the payment method or to credit; then issue the credit note."
    )
