"""Lists of invoices."""

import datetime
import re

from django.db.models import Q, QuerySet

from clients.models import Client
from invoices.models import Invoice

# What the list can be narrowed down to; Overdue is computed.
STATUSES = ("unpaid", "overdue", "paid", "draft", "cancelled", "refunded")


def invoices_list(
    *, on: datetime.date, search: str = "", status: str = "", client: Client | None = None
) -> QuerySet[Invoice]:
    """Invoices with their clients that match all of the filters.

    `search` is an invoice number, with or without prefix and zeros, or what a client is searched by.
    """
    invoices = Invoice.objects.select_related("client")
    if client is not None:
        invoices = invoices.filter(client=client)
    if status == "overdue":
        invoices = invoices.overdue(on)
    elif status:
        invoices = invoices.filter(status=status)
    if search:
        invoices = invoices.filter(_matching(search))
    return invoices


def _matching(search: str) -> Q:
    """An invoice number wins over a client's number: this is the list of invoices."""
    if match := re.fullmatch(r"([^\d\s]\S*?)?0*([1-9]\d{0,17})", search.strip(), re.ASCII):
        prefix, number = match[1] or "", int(match[2])
        return Q(number=number, number_prefix__iexact=prefix) if prefix else Q(number=number)
    return Q(client__in=Client.objects.matching(search))
