"""Giving back what was paid of the part of an invoice that a credit note takes back."""

import datetime

from django.db import models
from djmoney.money import Money

from billing_admin.actor import Actor
from credits.services.release import release_credit
from invoices.models import Invoice
from transactions.models import Transaction
from transactions.selectors.remaining import remaining_of
from transactions.services.refund import refund_payment


class RefundOrder(models.TextChoices):
    """What is given back first where both credit and payments settled the invoice."""

    CREDIT_FIRST = "credit_first", "Applied credit first, then payments"
    PAYMENTS_FIRST = "payments_first", "Payments first, then applied credit"


class RefundTo(models.TextChoices):
    """Where payments go back to."""

    METHOD = "method", "To the payment method"
    CREDIT = "credit", "To the client’s credit"


def give_back_settlement(
    *,
    invoice: Invoice,
    amount: Money,
    by: Actor,
    order: RefundOrder = RefundOrder.CREDIT_FIRST,
    refund_to: RefundTo = RefundTo.METHOD,
    on: datetime.date | None = None,
) -> tuple[Money, Money]:
    """Give back `amount` of the credit and payments on an invoice; returns what was released and what was refunded.

    Expects the client's row to be locked, in a transaction that is already open.
    """
    released, refunded = settlement_shares(invoice, amount, order)
    if refunded.amount:
        _refund(invoice, refunded, refund_to, by, on)
    if released.amount:
        release_credit(invoice=invoice, amount=released, by=by, on=on)
    return released, refunded


def settlement_shares(invoice: Invoice, amount: Money, order: RefundOrder) -> tuple[Money, Money]:
    """How much of `amount` goes back from applied credit, and how much from payments, in this order."""
    if order == RefundOrder.CREDIT_FIRST:
        released = min(invoice.credit_applied, amount)
        return released, amount - released
    refunded = min(invoice.amount_paid, amount)
    return amount - refunded, refunded


def _refund(invoice: Invoice, amount: Money, to: RefundTo, by: Actor, on: datetime.date | None) -> None:
    """Give back `amount` of the invoice's payments, the last one first."""
    payments = list(Transaction.objects.filter(invoice=invoice, amount_in__gt=0).order_by("-pk"))
    left = amount
    for remaining in remaining_of(payments):
        part = min(left, remaining.refundable)
        if part.amount > 0:
            refund_payment(
                payment=remaining.row, amount=part, to="credit" if to == RefundTo.CREDIT else "method", by=by, on=on
            )
            left -= part
