"""The figures on Home: bounded work however much there is."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from djmoney.money import Money

from billing_admin.keyset import SUMMED_UP_TO
from clients.models import Activity
from credits.models import CreditAccount, CreditGrant
from credits.selectors.lists import expiring
from invoices.models import Invoice, InvoiceRun


@dataclass(frozen=True)
class Outstanding:
    """Unpaid invoices in one currency, and how much of that is overdue."""

    count: int
    due: Money
    overdue_count: int
    overdue: Money


def outstanding(on: datetime.date) -> list[Outstanding] | None:
    """Unpaid and overdue per currency; None where they are too many to add up."""
    late = Q(due_on__lt=on)
    unpaid = Invoice.objects.filter(status=Invoice.Status.UNPAID)
    rows = (
        Invoice.objects.filter(pk__in=unpaid.order_by("due_on").values("pk")[: SUMMED_UP_TO + 1])
        .values("currency")
        .annotate(
            count=Count("pk"),
            open_due=Sum("balance_due"),
            overdue_count=Count("pk", filter=late),
            overdue=Sum("balance_due", filter=late, default=Decimal(0)),
        )
        .order_by("currency")
    )
    if sum(row["count"] for row in rows) > SUMMED_UP_TO:
        return None
    return [
        Outstanding(
            row["count"],
            Money(row["open_due"], row["currency"]),
            row["overdue_count"],
            Money(row["overdue"], row["currency"]),
        )
        for row in rows
    ]


def credit_held() -> list[tuple[int, Money]] | None:
    """How many clients hold credit, and how much, per currency; None where they are too many to add up."""
    some = CreditAccount.objects.filter(is_open=True).order_by("currency").values("pk")[: SUMMED_UP_TO + 1]
    rows = (
        CreditAccount.objects.filter(pk__in=some)
        .values("currency")
        .annotate(count=Count("pk"), held=Sum("balance"))
        .order_by("currency")
    )
    if sum(row["count"] for row in rows) > SUMMED_UP_TO:
        return None
    return [(row["count"], Money(row["held"], row["currency"])) for row in rows]


def credit_expiring(on: datetime.date) -> list[tuple[int, Money]]:
    """How many clients lose credit within 30 days if they do not use it, and how much, per currency.

    Nothing where they are too many to add up.
    """
    rows = (
        CreditGrant.objects.filter(pk__in=expiring(on).order_by("expires_on").values("pk")[: SUMMED_UP_TO + 1])
        .values("currency")
        .annotate(count=Count("client", distinct=True), left=Sum("remaining"), number_of=Count("pk"))
        .order_by("currency")
    )
    if sum(row["number_of"] for row in rows) > SUMMED_UP_TO:
        return []
    return [(row["count"], Money(row["left"], row["currency"])) for row in rows]


def latest_run() -> InvoiceRun | None:
    """The run that was started last, dry runs left out."""
    return InvoiceRun.objects.filter(dry_run=False).order_by("-id").first()


def recent_activity(count: int = 15) -> QuerySet[Activity]:
    """What happened last, with the clients concerned."""
    return Activity.objects.select_related("client").order_by("-id")[:count]
