"""What one client was billed, paid and held in credit, month by month."""

import datetime
from decimal import Decimal
from itertools import accumulate

from billing_admin.db.days import end_of, ends_shown, months_shown
from billing_admin.db.over_rows import over_rows
from clients.models import Client
from credits.models import CreditEntry
from invoices.models import Invoice
from transactions.models import Transaction

type Months = dict[tuple[str, datetime.date], Decimal]
"""Currency and first day of a month → what it comes to."""


def invoiced(client: Client, today: datetime.date) -> Months:
    """The totals of what was issued, less its credit notes."""
    issued = Invoice.objects.filter(client=client, issued_on__gte=months_shown(today)[0])
    issued = issued.exclude(status__in=(Invoice.Status.DRAFT, Invoice.Status.CANCELLED))
    rows = issued.values_list("currency", "issued_on", "total", "amount_credited")
    month = "date_trunc('month', issued_on)::date"
    return {
        row[:2]: row[2] for row in over_rows(rows, f"currency, {month}, sum(total - amount_credited)", "GROUP BY 1, 2")
    }


def paid(client: Client, today: datetime.date) -> Months:
    """Money in less refunds and reversals; what only moved in the house is neither."""
    money = Transaction.objects.filter(client=client, date__gte=months_shown(today)[0])
    rows = money.exclude(kind=Transaction.Kind.MOVED).values_list("currency", "date", "amount_in", "amount_out")
    month = "date_trunc('month', date)::date"
    return {
        row[:2]: row[2] for row in over_rows(rows, f"currency, {month}, sum(amount_in - amount_out)", "GROUP BY 1, 2")
    }


def held(client: Client, today: datetime.date) -> dict[str, list[Decimal]]:
    """The balance of each account at the ends of the months, and today."""
    days = ends_shown(today)
    entries = CreditEntry.objects.filter(client=client, at__lt=end_of(today))
    found: dict[str, list[Decimal]] = {}
    for currency, span, amount in over_rows(
        entries.values_list("currency", "at", "amount"),
        "currency, width_bucket(at, %s::timestamptz[]), sum(amount)",
        "GROUP BY 1, 2",
        [[end_of(day) for day in days]],
    ):
        found.setdefault(currency, [Decimal(0)] * len(days))[span] = amount
    return {currency: list(accumulate(spans)) for currency, spans in found.items()}
