"""Which tax rate a client is charged, and why."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from clients.models import Client
from invoices.models import TaxRate


@dataclass(frozen=True)
class UsualTax:
    """The rate in percent and where it comes from, in words; of a rate of 0 the category and the reason for it."""

    rate: Decimal
    why: str
    category: str = ""
    reason: str = ""

    @property
    def plain(self) -> str:
        """The rate as it is typed: `8.25`, `20`, `0`."""
        return plain_rate(self.rate)


def plain_rate(rate: Decimal) -> str:
    """A rate without the zeros of its column."""
    return f"{rate.normalize():f}"


def tax_of(client: Client) -> UsualTax:
    """What a line of this client is taxed at where it names no rate: exempt, else the client's, else the country's."""
    if client.tax_exempt:
        return UsualTax(Decimal(0), "this client is tax exempt", client.exemption, client.exemption_reason)
    if client.tax_rate is not None:
        return UsualTax(client.tax_rate, "set for this client")
    rates = TaxRate.objects.filter(country__in={client.country, ""}).order_by("-country")
    for rate in rates:
        where = f"the rate of {rate.country}" if rate.country else "the rate of every other country"
        return UsualTax(rate.rate, f"{rate.name}, {where}", rate.category, rate.reason)
    return UsualTax(Decimal(0), "no rate is set for this client’s country")


def tax_rates() -> QuerySet[TaxRate]:
    """Every rate, that of all other countries first."""
    return TaxRate.objects.order_by("country")
