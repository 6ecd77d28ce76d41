"""What documents look like with the company as it is being typed: an invoice that nobody gets, drawn as a picture."""

import datetime
from dataclasses import replace
from decimal import Decimal

from djmoney.money import Money

from billing_admin.documents import Sheet
from clients.models import Client
from invoices.models import Invoice, InvoiceLine, SellerVersion

from .paper import paper_of
from .snapshot import snapshot_of_planned
from .taken_over import CompanyThatDay

_NUMBER = "INV-000123"
_DUE_IN = datetime.timedelta(days=14)
_LINES = (("Hosting", 3, 20), ("Domain", 1, 15))
_RATE = 20


def preview_of(company: SellerVersion, on: datetime.date, logo: bytes | None) -> Sheet:
    """An invoice of that day, in the company's own language and currency."""
    currency = company.accounting_currency
    lines = [_line(*said, position, currency) for position, said in enumerate(_LINES, 1)]
    subtotal, tax = (sum((getattr(line, name) for line in lines), Money(0, currency)) for name in ("amount", "tax"))
    buyer = Client(address_1="1 High Street", city="London", country="GB")
    buyer.name = "Acme Ltd"  # which the database makes
    invoice = Invoice(
        client=buyer, currency=currency, due_on=on + _DUE_IN, subtotal=subtotal, tax=tax, total=subtotal + tax
    )
    snapshot = snapshot_of_planned(invoice, lines, on, CompanyThatDay(company, {}))
    seller = {**snapshot["seller"], "id": 0, "name": company.legal_name or "…"}
    return replace(paper_of({**snapshot, "number": _NUMBER, "seller": seller}, logo), picture=True)


def _line(name: str, quantity: int, price: int, position: int, currency: str) -> InvoiceLine:
    amount = Decimal(quantity * price)
    return InvoiceLine(
        position=position, description=name, quantity=Decimal(quantity), currency=currency,
        unit_price=Money(price, currency), tax_rate=Decimal(_RATE), tax_category="S", amount=Money(amount, currency),
        tax=Money(amount * _RATE / 100, currency),
    )  # fmt: skip
