"""The figures on Home: bounded work however much there is."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from djmoney.money import Money

from clients.models import Activity
from credits.models import CreditAccount
from credits.selectors.lists import expiring
from invoices.models import Invoice, InvoiceRun


@dataclass(frozen=True)
class Outstanding:
    """Unpaid invoices in one currency, and how much of that is overdue."""

    count: int
    due: Money
    overdue_count: int
    overdue: Money


def outstanding(on: datetime.date) -> list[Outstanding]:
    """Unpaid and overdue per currency."""
    late = Q(due_on__lt=on)
    rows = (
        Invoice.objects.filter(status=Invoice.Status.UNPAID)
        .values("currency")
        .annotate(
            count=Count("pk"),
            open_due=Sum("balance_due"),
            overdue_count=Count("pk", filter=late),
            overdue=Sum("balance_due", filter=late, default=Decimal(0)),
        )
        .order_by("currency")
    )
    return [
        Outstanding(
            row["count"],
            Money(row["open_due"], row["currency"]),
            row["overdue_count"],
            Money(row["overdue"], row["currency"]),
        )
        for row in rows
    ]


def credit_held() -> list[tuple[int, Money]]:
    """How many clients hold credit, and how much, per currency."""
    rows = (
        CreditAccount.objects.filter(balance__gt=0)
        .values("currency")
        .annotate(count=Count("pk"), held=Sum("balance"))
        .order_by("currency")
    )
    return [(row["count"], Money(row["held"], row["currency"])) for row in rows]


def credit_expiring(on: datetime.date) -> list[tuple[int, Money]]:
    """How many clients lose credit within 30 days if they do not use it, and how much, per currency."""
    rows = (
        expiring(on)
        .order_by()
        .values("currency")
        .annotate(count=Count("client", distinct=True), left=Sum("remaining"))
        .order_by("currency")
    )
    return [(row["count"], Money(row["left"], row["currency"])) for row in rows]


def latest_run() -> InvoiceRun | None:
    """The run that was started last, dry runs left out."""
    return InvoiceRun.objects.filter(dry_run=False).order_by("-id").first()


def recent_activity(count: int = 15) -> QuerySet[Activity]:
    """What happened last, with the clients concerned."""
    return Activity.objects.select_related("client").order_by("-id")[:count]
