"""What is left of payments: what was not given back yet, and what of the credit that they gave is unspent."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.utils import timezone
from djmoney.money import Money

from billing_admin.money.amounts import money_text
from credits.models import CreditEntry, CreditGrant
from transactions.models import Transaction

# Credit that left the grant for something: an invoice, or another client. What was removed or expired was not spent.
_SPENDING = (CreditEntry.Kind.APPLY, CreditEntry.Kind.RELEASE, CreditEntry.Kind.TRANSFER)


@dataclass(frozen=True)
class Given:
    """A grant that a payment gave, and how much of it was used."""

    grant: CreditGrant
    spent: Money
    transfers: list[CreditEntry] = field(default_factory=list)

    @property
    def transfers_said(self) -> str:
        """“30.00 USD was transferred to client 1003 on 5 Nov 2026”, each of them; "" where none was."""
        return "; ".join(
            f"{money_text(-entry.amount)} was {entry.description[:1].lower()}{entry.description[1:]} "
            f"on {timezone.localtime(entry.at):%-d %b %Y}"
            for entry in self.transfers
        )


@dataclass(frozen=True)
class Remaining:
    """One row of money in: what was given back of it, and the credit that it gave."""

    row: Transaction
    given_back: Money
    grants: list[Given] = field(default_factory=list)

    @property
    def left(self) -> Money:
        """What came in less what was given back."""
        return self.row.amount_in - self.given_back

    @property
    def unspent(self) -> Money:
        """What is left of the credit that it gave."""
        return sum((given.grant.remaining for given in self.grants), Money(0, self.row.currency))

    @property
    def spent(self) -> Money:
        """What was used of that credit."""
        return sum((given.spent for given in self.grants), Money(0, self.row.currency))

    @property
    def only_transferred(self) -> bool:
        """Whether nothing of that credit pays an invoice: all that was used went to other clients."""
        return self.spent == sum(
            (-entry.amount for given in self.grants for entry in given.transfers), Money(0, self.row.currency)
        )

    @property
    def refundable(self) -> Money:
        """What can be given back now: of credit only what is unspent."""
        return min(self.left, self.unspent) if self.grants else self.left


def remaining_of(rows: Sequence[Transaction]) -> list[Remaining]:
    """What is left of each row; three queries."""
    back = dict(
        Transaction.objects.filter(refund_of__in=rows)
        .values_list("refund_of_id")
        .annotate(amount=Sum("amount_out", default=Decimal(0)))
    )
    grants: dict[int | None, list[Given]] = defaultdict(list)
    spending = Q(entries__kind__in=_SPENDING) & (~Q(entries__kind="transfer") | Q(entries__amount__lt=0))
    found: Any = (
        CreditGrant.objects.filter(transaction__in=rows)
        .annotate(moved=Sum("entries__amount", filter=spending, default=Decimal(0)))
        .order_by("pk")
    )
    transfers: dict[int, list[CreditEntry]] = defaultdict(list)
    left = CreditEntry.objects.filter(grant__transaction__in=rows, kind=CreditEntry.Kind.TRANSFER, amount__lt=0)
    for entry in left.order_by("pk"):
        transfers[entry.grant_id].append(entry)
    for grant in found:
        spent = Money(-grant.moved, grant.currency)
        grants[grant.transaction_id].append(Given(grant, spent, transfers[grant.pk]))
    return [Remaining(row, Money(back.get(row.pk, Decimal(0)), row.currency), grants[row.pk]) for row in rows]


def first_part(row: Transaction) -> Transaction:
    """The row that all parts of the payment name."""
    return row if row.part_of_id is None else Transaction.objects.get(pk=row.part_of_id)


def parts_of(first: Transaction) -> list[Transaction]:
    """All rows of money in of one payment, the first one first."""
    rows = Transaction.objects.filter(Q(pk=first.pk) | Q(part_of=first.pk), amount_in__gt=0)
    return list(rows.order_by("pk"))
