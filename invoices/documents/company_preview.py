"""What documents look like with the company as it is being typed: an invoice that nobody gets, drawn as a picture."""

import datetime
from decimal import Decimal

from billing_admin.documents import Sheet, amount_in, country_in, day_in, language_for, money_in, percent_in, words
from invoices.models import SellerVersion

_DUE_IN = datetime.timedelta(days=14)
_LINES = (("Hosting", Decimal(3), Decimal("20.00")), ("Domain", Decimal(1), Decimal("12.50")))
_RATE = Decimal(20)


def preview_of(company: SellerVersion, on: datetime.date, logo: bytes | None) -> Sheet:
    """An invoice of that day, in the company's own language and currency."""
    language, currency = language_for(company.language), company.accounting_currency
    said = words(language)
    amounts = [quantity * price for _, quantity, price in _LINES]
    subtotal = sum(amounts, Decimal(0))
    tax = subtotal * _RATE / 100
    due = money_in(subtotal + tax, currency, language)
    account = company.bank_account(currency)
    data = {
        "title": said["invoice"],
        "heading": f"{said['invoice']} INV-000123",
        "lang": language,
        "region": company.country or "GB",
        "paper": company.paper,
        "accent": company.accent,
        "date": [on.year, on.month, on.day],
        "seller": {
            "name": company.legal_name or "…",
            "address": "\n".join([*company.street_lines, country_in(company.country, language)]),
            "footer": company.footer,
        },
        "buyer": {"name": "Acme Ltd", "address": "1 High Street\nLondon"},
        "facts": [
            [said["issued_on"], day_in(on, language)],
            [said["due_on"], day_in(on + _DUE_IN, language)],
            *([said[name], value] for name in ("vat_id", "tax_number") if (value := getattr(company, name))),
        ],
        "highlight": said["due_by"].format(amount=due, day=day_in(on + _DUE_IN, language)),
        "columns": [said[name] for name in ("description", "quantity", "price", "tax", "amount")],
        "lines": [
            {
                "text": text, "more": "", "quantity": f"{quantity}", "price": amount_in(price, currency, language),
                "tax": percent_in(_RATE, language), "amount": amount_in(quantity * price, currency, language),
            }
            for text, quantity, price in _LINES
        ],
        "totals": [
            {"label": said["subtotal"], "amount": money_in(subtotal, currency, language), "weight": "regular"},
            {"label": said["tax"], "amount": money_in(tax, currency, language), "weight": "regular"},
            {"label": said["to_pay"], "amount": due, "weight": "bold"},
        ],
        "payment": [
            [said[label], value]
            for label, value in (
                ("account_holder", account.name), ("iban", account.iban), ("account", account.account),
                ("bic", account.bic),
            )
            if value
        ] if account else [],
        "notes": [terms] if (terms := company.terms_in(language)) else [],
    }  # fmt: skip
    return Sheet("invoice.typ", data, on, logo=logo, picture=True)
