"""The figures on a client's Summary."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, Count, DecimalField, F, QuerySet, Sum, Value, When
from djmoney.money import Money

from clients.models import Activity, Client, CreditUse
from credits.models import CreditGrant, CreditSettings
from invoices.models import Invoice
from transactions.models import Transaction

# How far ahead the Summary looks for credit that expires.
SOON = datetime.timedelta(days=30)


@dataclass(frozen=True)
class StatusFigure:
    """How many invoices of one status in one currency, and what they come to (what is due, where they are unpaid)."""

    status: str
    count: int
    value: Money


@dataclass(frozen=True)
class Income:
    """Money in less money out, the fees of that, and what is left."""

    gross: Money
    fees: Money

    @property
    def net(self) -> Money:
        """What is left after fees."""
        return self.gross - self.fees


@dataclass(frozen=True)
class CreditOutlook:
    """Which rule decides about the next invoice, where it comes from, and what it would take in each currency."""

    use: CreditUse
    level: str
    available: list[Money]
    expiring: list[CreditGrant]


_ORDER = ("paid", "unpaid", "overdue", "draft", "cancelled", "refunded")


def invoice_figures(client: Client, on: datetime.date) -> list[StatusFigure]:
    """Counts and values per status and currency; Overdue is split off Unpaid."""
    status = Case(When(status="unpaid", due_on__lt=on, then=Value("overdue")), default=F("status"))
    value = Case(When(status="unpaid", then=F("balance_due")), default=F("total"), output_field=DecimalField())
    rows = (
        Invoice.objects.filter(client=client)
        .values("currency", shown=status)
        .annotate(count=Count("pk"), value=Sum(value, default=Decimal(0)))
        .order_by("currency")
    )
    figures = [StatusFigure(row["shown"], row["count"], Money(row["value"], row["currency"])) for row in rows]
    return sorted(figures, key=lambda figure: (_ORDER.index(figure.status), figure.value.currency.code))


def income(client: Client) -> list[Income]:
    """Gross income and fees per currency, from the client's transactions."""
    rows = (
        Transaction.objects.filter(client=client)
        .values("currency")
        .annotate(gross=Sum(F("amount_in") - F("amount_out"), default=Decimal(0)), paid_fees=Sum("fees"))
        .order_by("currency")
    )
    return [Income(Money(row["gross"], row["currency"]), Money(row["paid_fees"], row["currency"])) for row in rows]


def credit_outlook(client: Client, on: datetime.date) -> CreditOutlook:
    """What would happen to the client's next invoice."""
    system = CreditSettings.objects.current().credit_use
    use, level = (client.credit_use, "client") if client.credit_use else (system, "system")
    spendable = CreditGrant.objects.filter(client=client).spendable(on)
    sums = spendable.values("currency").annotate(available=Sum("remaining")).order_by("currency")
    expiring = spendable.filter(expires_on__lte=on + SOON).order_by("expires_on", "id")
    return CreditOutlook(
        CreditUse(use),
        level,
        [Money(row["available"], row["currency"]) for row in sums],
        list(expiring[:5]),
    )


def recent_activity(client: Client, count: int = 10) -> QuerySet[Activity]:
    """What happened last."""
    return Activity.objects.filter(client=client).order_by("-id")[:count]


def activity_of(client: Client) -> QuerySet[Activity]:
    """Everything that happened, for the Activity tab."""
    return Activity.objects.filter(client=client)


def duplicates_of(email: str) -> Iterator[Client]:
    """Clients that already have this e-mail address."""
    yield from Client.objects.filter(email__iexact=email).exclude(email="").order_by("number")[:5]
