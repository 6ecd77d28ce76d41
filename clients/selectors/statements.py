"""Who gets a statement of account."""

import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from clients.models import Client, ClientGroup
from invoices.models import Invoice


def with_owing(clients: "QuerySet[Client]") -> "QuerySet[Any]":
    """The clients, each with whether it `owes` anything now."""
    unpaid = Invoice.objects.filter(client=OuterRef("pk"), status=Invoice.Status.UNPAID, balance_due__gt=0)
    return clients.annotate(owes=Exists(unpaid))


def why_no_period(first: datetime.date, last: datetime.date) -> str:
    """Why there is no statement of this period; nothing where there is."""
    if first > last:
        return f"The period ends on {last:%-d %b %Y}, before it begins."
    if last > timezone.localdate():
        return f"The period ends on {last:%-d %b %Y}, which is still to come."
    return ""


def clients_for_statements(*, group: ClientGroup | None, only_owing: bool) -> "QuerySet[Any]":
    """Those who are not closed, of a group or all, in the order of their ids."""
    found = with_owing(Client.objects.exclude(status=Client.Status.CLOSED)).order_by("pk")
    if group is not None:
        found = found.filter(group=group)
    return found.filter(owes=True) if only_owing else found


def last_month(today: datetime.date | None = None) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of the month before."""
    last = (today or timezone.localdate()).replace(day=1) - datetime.timedelta(days=1)
    return last.replace(day=1), last
