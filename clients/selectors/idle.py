"""Closed accounts that nothing has happened to for long."""

import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from clients.models import Activity, Client
from credits.models import CreditAccount
from invoices.models import Invoice
from transactions.models import Transaction


def months_ago(months: int, today: datetime.date) -> datetime.date:
    """The same day so many months before, or the last of that month."""
    index = today.year * 12 + today.month - 1 - months
    first = datetime.date(index // 12, index % 12 + 1, 1)
    last = (first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
    return min(first + datetime.timedelta(days=today.day - 1), last)


def idle_clients(since: datetime.date) -> QuerySet[Client]:
    """Closed clients without credit, unpaid invoices or drafts, and with no activity or transaction since that day."""
    start = timezone.make_aware(datetime.datetime.combine(since, datetime.time.min))
    mine = {"client": OuterRef("pk")}
    open_invoices = Invoice.objects.filter(**mine, status__in=[Invoice.Status.UNPAID, Invoice.Status.DRAFT])
    return Client.objects.filter(
        ~Exists(CreditAccount.objects.filter(**mine).exclude(balance=0)),
        ~Exists(open_invoices),
        ~Exists(Activity.objects.filter(**mine, at__gte=start)),
        ~Exists(Transaction.objects.filter(**mine, date__gte=since)),
        status=Client.Status.CLOSED,
        updated_at__lt=start,
    ).order_by("number")
