"""At which rate an invoice in another currency states its tax in the company's own."""

import datetime
from decimal import Decimal

from django.db.models import QuerySet

from invoices.models import ExchangeRate, SellerVersion

MOST_DAYS = 31
"""An older rate counts no more; those that authorities publish once a month do."""


def rate_for(currency: str, on: datetime.date) -> Decimal | None:
    """One unit of `currency` in the company's own that day; None where nobody set it, or none is needed."""
    return rates_for(on).get(currency)


def rates_for(on: datetime.date) -> dict[str, Decimal]:
    """Currency → its rate that day, of each that has one."""
    company = SellerVersion.objects.current()
    if company is None:
        return {}
    since = on - datetime.timedelta(days=MOST_DAYS)
    rates = ExchangeRate.objects.filter(
        accounting_currency=company.accounting_currency, day__lte=on, day__gte=since
    ).order_by("currency", "-day")
    return dict(rates.distinct("currency").values_list("currency", "rate"))


def exchange_rates() -> QuerySet[ExchangeRate]:
    """Every rate that was set, the latest day first."""
    return ExchangeRate.objects.order_by("-day", "currency", "pk")
