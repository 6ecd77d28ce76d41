"""The company that the demo's invoices are from, its exchange rates, and clients who ask something of them."""

import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User

from clients.models import Client
from clients.services.profile import edit_client
from invoices.services.company import save_company
from invoices.services.exchange_rates import set_rate

# What one unit is worth in euros; each month a little else.
_RATES = {"USD": "0.9214", "GBP": "1.1687", "JPY": "0.00618", "KWD": "2.9931"}

_NAME = "Nordlicht Hosting GmbH"
_LOGO = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40" width="120" height="40">
<path d="M4 34 20 6l16 28H26l-6-11-6 11z" fill="#1f4e79"/>
<path d="M44 34V6h8l14 17V6h8v28h-8L52 17v17z" fill="#1f4e79"/>
<circle cx="96" cy="20" r="14" fill="none" stroke="#1f4e79" stroke-width="7"/></svg>"""

# By country: what the companies there, from the first on, have on their Profiles, so that a machine can read their
# invoices. The very first is shown to everybody and is as plain as most are.
_BUYERS: dict[str, tuple[dict[str, Any], ...]] = {
    "DE": (
        {
            "tax_id": "DE811907980", "postcode": "10117", "city": "Berlin", "address_1": "Friedrichstraße 95",
            "language": "de", "electronic_scheme": "0204", "electronic_address": "991-11110-88",
            "buyer_reference": "991-11110-88", "e_invoice": "xrechnung",
        },
        {
            "tax_id": "DE143454214", "postcode": "20095", "city": "Hamburg", "address_1": "Mönckebergstraße 7",
            "language": "de", "electronic_scheme": "9930", "electronic_address": "DE143454214",
            "buyer_reference": "KST-4711", "e_invoice": "peppol",
        },
    ),
    "FR": (
        {
            "tax_id": "FR83404833048", "postcode": "75001", "city": "Paris", "address_1": "12 rue de Rivoli",
            "language": "fr", "registration": "404833048", "electronic_scheme": "9957",
            "electronic_address": "FR83404833048", "e_invoice": "factur_x", "tax_exempt": True, "exemption": "AE",
        },
        {
            "tax_id": "FR40303265045", "postcode": "69002", "city": "Lyon", "address_1": "5 place Bellecour",
            "language": "fr", "tax_exempt": True, "exemption": "E",
            "exemption_reason": "Article 151 of Directive 2006/112/EC: supplied to an international body",
        },
    ),
    "GB": (
        {
            "tax_id": "GB980780684", "electronic_scheme": "9932", "electronic_address": "GB980780684",
            "tax_exempt": True, "exemption": "O",
            "exemption_reason": "Services supplied outside the European Union",
        },
    ),
    "US": ({}, {"language": "es"}),
}  # fmt: skip


def set_up(*, by: User) -> None:
    """Fill in the company, before its first invoice, and what these clients want of theirs."""
    save_company(
        by=by, logo=_LOGO, legal_name=_NAME, address_1="Torstraße 140", postcode="10119",
        city="Berlin", country="DE", vat_id="DE136695976", registration="HRB 86891", accounting_currency="EUR",
        contact_name="Mareike Vogt", contact_phone="+49 30 5557 0142", contact_email="billing@nordlicht.example",
        electronic_scheme="9930", electronic_address="DE136695976", language="en",
        bank_accounts=[
            {"currency": "EUR", "iban": "DE02120300000000202051", "bic": "BYLADEM1001", "name": _NAME},
            {"currency": "GBP", "iban": "GB33BUKB20201555555555", "name": _NAME},
            {"currency": "USD", "account": "021000021 / 8290 4471", "name": _NAME},
        ],
        footer="Managing directors: Mareike Vogt, Tarek Aydin. Amtsgericht Charlottenburg, HRB 86891.",
        terms_en="Payable within 14 days without deduction.", terms_de="Zahlbar innerhalb von 14 Tagen ohne Abzug.",
        terms_fr="Payable sous 14 jours sans escompte.", terms_es="Pago en un plazo de 14 días sin descuento.",
    )  # fmt: skip
    for country, profiles in _BUYERS.items():
        companies = Client.objects.filter(country=country, status="active").exclude(company_name="").order_by("pk")
        for client, profile in zip(companies[: len(profiles)], profiles, strict=False):
            if profile:
                edit_client(client=client, by=by, **profile)


def set_rates(*, day: datetime.date, by: User) -> None:
    """The rates of a month."""
    drift = 1 + Decimal(day.month - 6) / 400
    for currency, rate in _RATES.items():
        set_rate(currency=currency, day=day, rate=round(Decimal(rate) * drift, 6), by=by)
