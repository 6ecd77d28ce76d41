"""The credit that an invoice gave: what was paid beyond it."""

from dataclasses import dataclass

from django.db.models import QuerySet
from djmoney.money import Money

from credits.models import CreditGrant
from invoices.models import Invoice
from transactions.models import Transaction
from transactions.selectors.remaining import remaining_of


@dataclass(frozen=True)
class GivenCredit:
    """How much credit came of payments of an invoice, how much of that was used, and how much is there still."""

    given: Money
    spent: Money
    left: Money


def credit_given_by(invoice: Invoice) -> GivenCredit:
    """What the overpayments of this invoice gave.

    What was reversed, refunded, removed or has expired is gone, but nobody used it.
    """
    rows = remaining_of(list(_parts_beyond(invoice)))
    nothing = Money(0, invoice.currency)
    return GivenCredit(
        given=sum((each.grant.amount for row in rows for each in row.grants), nothing),
        spent=sum((row.spent for row in rows), nothing),
        left=sum((row.unspent for row in rows), nothing),
    )


def _parts_beyond(invoice: Invoice) -> QuerySet[Transaction]:
    """The parts of its payments that were more than was due: they belong to no invoice, but to the same payment."""
    paid = Transaction.objects.filter(invoice=invoice, amount_in__gt=0)
    first = {payment.part_of_id or payment.pk for payment in paid}
    return Transaction.objects.filter(
        part_of__in=first, client=invoice.client_id, invoice=None, credit_grants__kind=CreditGrant.Kind.OVERPAYMENT
    )
