"""What an invoice takes over of its client and of the company on the day it is issued (`chunk.py` does for a run)."""

import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from clients.models import Client
from invoices.models import SellerVersion
from invoices.selectors.exchange_rates import rates_for


class CompanyThatDay(NamedTuple):
    """The company as it is now, if it is filled in, and what other currencies are worth to it that day."""

    version: SellerVersion | None
    rates: dict[str, Decimal]


def company_on(on: datetime.date, currency: str | None = None) -> CompanyThatDay:
    """With its rates, unless the one `currency` that is needed is that of its books."""
    version = SellerVersion.objects.current()
    is_known = version is None or currency == version.accounting_currency
    return CompanyThatDay(version, {} if is_known else rates_for(on))


def taken_over(client: Client, currency: str, company: CompanyThatDay) -> dict[str, Any]:
    """Columns of `AsIssued`, by name; all but `buyer_reference`, which a draft says, and what was prepaid."""
    version = company.version
    return {
        "seller_id": version and version.pk,
        "bill_to_name": client.name,
        "bill_to_email": client.email,
        "bill_to_tax_id": client.tax_id,
        "bill_to_person": client.person if client.company_name else "",
        "bill_to_line_1": client.address_1,
        "bill_to_line_2": client.address_2,
        "bill_to_postcode": client.postcode,
        "bill_to_city": client.city,
        "bill_to_region": client.region,
        "bill_to_country": client.country,
        "bill_to_registration": client.registration,
        "bill_to_e_scheme": client.electronic_scheme,
        "bill_to_e_address": client.electronic_address,
        "language": client.language or (version.language if version else ""),
        "e_invoice": client.e_invoice,
        "accounting_rate": company.rates.get(currency),
    }
