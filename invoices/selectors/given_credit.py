"""The credit that an invoice gave: what was paid beyond it."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from djmoney.money import Money

from credits.models import CreditGrant
from invoices.models import Invoice
from transactions.models import Transaction


@dataclass(frozen=True)
class GivenCredit:
    """How much credit came of payments of an invoice, and how much of that is spent."""

    given: Money
    spent: Money


def credit_given_by(invoice: Invoice) -> GivenCredit:
    """What the overpayments of this invoice gave, and what of it is not there any more."""
    grants = list(CreditGrant.objects.filter(transaction__in=_parts_beyond(invoice)))
    nothing = Money(0, invoice.currency)
    given = sum((grant.amount for grant in grants), nothing)
    return GivenCredit(given, given - sum((grant.remaining for grant in grants), nothing))


def _parts_beyond(invoice: Invoice) -> QuerySet[Transaction]:
    """The parts of its payments that were more than was due: they belong to no invoice, but to the same payment."""
    same = Q(description=f"Overpayment of {invoice.label}")
    for payment in Transaction.objects.filter(invoice=invoice, amount_in__gt=0):
        if payment.reference:
            same |= Q(payment_method=payment.payment_method_id, reference=payment.reference)
        if payment.idempotency_key:
            same |= Q(idempotency_key=payment.idempotency_key)
    return Transaction.objects.filter(same, client=invoice.client_id, invoice=None, currency=invoice.currency)
